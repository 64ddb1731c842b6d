//! The region table: which path each region is on, in as few bits as the paths need, for any number of queues.
//!
//! ```text
//! slot     63 ...                                0
//!          [ 0 | region n+2 | region n+1 | region n ]    64 / bits regions to a slot; what is left over is 0
//! ```
//!
//! One writes at a time; whoever reads meanwhile gets a region's old path or its new one.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use dm_core::errno::Errno;

/// The largest table: 8 MiB, for 64 million regions on two paths.
const SLOTS_MAX: u64 = 1 << 20;

/// A path for every region.
#[derive(Debug)]
pub(super) struct Regions {
    slots: Vec<AtomicU64>,
    count: u64,
    paths: u32,
    /// How many of a slot one region takes.
    bits: u32,
}

impl Regions {
    /// A table for `count` regions, dealt to `paths` paths in turn; none where it would be too large.
    pub(super) fn new(count: u64, paths: u32) -> Option<Self> {
        let bits = paths.next_power_of_two().trailing_zeros().max(1);
        let mut regions = Self { slots: Vec::new(), count, paths, bits };
        let slots = count.div_ceil(regions.per_slot());
        if slots > SLOTS_MAX {
            return None;
        }
        regions.slots = (0..slots).map(|slot| AtomicU64::new(regions.dealt(slot))).collect();
        Some(regions)
    }

    /// How many regions there are.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// How many paths there are.
    pub(super) fn paths(&self) -> u32 {
        self.paths
    }

    fn per_slot(&self) -> u64 {
        u64::from(u64::BITS / self.bits)
    }

    fn mask(&self) -> u64 {
        (1 << self.bits) - 1
    }

    /// Where region `region` is: its slot, and how far up in it. None for a region that is not there.
    fn place(&self, region: u64) -> Option<(&AtomicU64, u64)> {
        let slot = usize::try_from(region / self.per_slot()).ok()?;
        Some((self.slots.get(slot)?, region % self.per_slot() * u64::from(self.bits)))
    }

    /// Which path region `region` is on.
    pub(super) fn get(&self, region: u64) -> u32 {
        let Some((slot, up)) = self.place(region) else { return 0 };
        let path = slot.load(Ordering::Relaxed) >> up & self.mask();
        u32::try_from(path).unwrap_or_default()
    }

    /// Puts region `region` on path `path`. One at a time.
    pub(super) fn set(&self, region: u64, path: u32) {
        let Some((slot, up)) = self.place(region) else { return };
        let others = slot.load(Ordering::Relaxed) & !(self.mask() << up);
        slot.store(others | u64::from(path) << up, Ordering::Relaxed);
    }

    /// The regions of slot `slot`.
    fn regions_of(&self, slot: u64) -> impl Iterator<Item = u64> {
        let first = slot.saturating_mul(self.per_slot());
        first..first.saturating_add(self.per_slot()).min(self.count)
    }

    /// Slot `slot` as it is at first.
    fn dealt(&self, slot: u64) -> u64 {
        let paths = u64::from(self.paths);
        let first = slot.saturating_mul(self.per_slot()) % paths;
        let dealt =
            self.regions_of(slot).enumerate().fold((0, first, 0), |(value, path, up), _| {
                (value | path << up, (path + 1) % paths, up + self.bits)
            });
        dealt.0
    }

    /// Whether `value` can be slot `slot`: paths that there are, nothing above them.
    fn can_be(&self, slot: u64, value: u64) -> bool {
        let left = self.regions_of(slot).try_fold(value, |value, _| {
            (value & self.mask() < self.paths.into())
                .then(|| value.checked_shr(self.bits).unwrap_or(0))
        });
        left == Some(0)
    }

    /// `<paths> <regions> <slots>...`, where `-<n>` is `n` slots as they are at first, `<hex>` one slot of that
    /// value, and `<hex>*<n>` is `n` of them.
    pub(super) fn to_text(&self) -> String {
        let slots = (0_u64..).zip(&self.slots);
        let mut slots = slots.map(|(slot, value)| (slot, value.load(Ordering::Relaxed))).peekable();
        let mut text = format!("{} {}", self.paths, self.count);
        while let Some((slot, value)) = slots.next() {
            let is_dealt = value == self.dealt(slot);
            let same = |next: &(u64, u64)| {
                if is_dealt { next.1 == self.dealt(next.0) } else { next.1 == value }
            };
            let mut count = 1_u64;
            while slots.next_if(same).is_some() {
                count += 1;
            }
            // A `String` takes whatever is written.
            let _ = match (is_dealt, count) {
                (true, _) => write!(text, " -{count}"),
                (false, 1) => write!(text, " {value:x}"),
                (false, _) => write!(text, " {value:x}*{count}"),
            };
        }
        text
    }

    /// Takes the table that [`Self::to_text`] has written.
    ///
    /// # Errors
    ///
    /// `EINVAL` for text that it has not written of a table for as many regions and paths; nothing is changed
    /// then.
    pub(super) fn recall(&self, text: &str) -> Result<(), Errno> {
        let values = self.parse(text).ok_or(Errno::EINVAL)?;
        for (slot, value) in self.slots.iter().zip(values) {
            slot.store(value, Ordering::Relaxed);
        }
        Ok(())
    }

    fn parse(&self, text: &str) -> Option<Vec<u64>> {
        let mut words = text.split(' ');
        let is_ours =
            words.next()?.parse() == Ok(self.paths) && words.next()?.parse() == Ok(self.count);
        let mut values = Vec::with_capacity(if is_ours { self.slots.len() } else { return None });
        for word in words {
            let (value, count) = if let Some(count) = word.strip_prefix('-') {
                (None, count.parse().ok()?)
            } else {
                let (value, count) = word.split_once('*').unwrap_or((word, "1"));
                (Some(u64::from_str_radix(value, 16).ok()?), count.parse().ok()?)
            };
            let room = self.slots.len() - values.len();
            if !(1..=room).contains(&count) {
                return None;
            }
            for _ in 0..count {
                let slot = u64::try_from(values.len()).ok()?;
                let value = value.unwrap_or_else(|| self.dealt(slot));
                values.push(Some(value).filter(|&value| self.can_be(slot, value))?);
            }
        }
        (values.len() == self.slots.len()).then_some(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn paths(regions: &Regions) -> Vec<u32> {
        (0..regions.count()).map(|region| regions.get(region)).collect()
    }

    #[test]
    fn regions_are_dealt_in_turn() {
        for count in [1, 2, 21, 22, 64, 65, 200] {
            for number in [1, 2, 3, 4, 5, 7, 16, 17, 262_141] {
                let regions = Regions::new(count, number).unwrap();
                let dealt: Vec<_> =
                    (0..count).map(|n| u32::try_from(n).unwrap() % number).collect();
                assert_eq!(paths(&regions), dealt, "{count} on {number}");
                assert_eq!(regions.to_text().split(' ').count(), 3);
            }
        }
    }

    #[test]
    fn a_million_regions_take_their_bits_and_no_more() {
        assert_eq!(Regions::new(1 << 20, 2).unwrap().slots.len(), 1 << 14);
        assert_eq!(Regions::new(1 << 20, 16).unwrap().slots.len(), 1 << 16);
        assert_eq!(Regions::new(1 << 26, 2).unwrap().slots.len(), 1 << 20);
        assert!(Regions::new((1 << 26) + 1, 2).is_none());
        assert!(Regions::new((1 << 54) - 1, 1).is_none());
    }

    #[test]
    fn a_table_in_runs_is_a_short_text() {
        let regions = Regions::new(1 << 20, 3).unwrap();
        (1000..900_000).for_each(|region| regions.set(region, 2));
        assert_eq!(
            regions.to_text(),
            "3 1048576 -31 aaaaaaaaaaaa2492 aaaaaaaaaaaaaaaa*28093 -4643"
        );
    }

    #[test]
    fn what_was_not_written_is_not_read() {
        let regions = Regions::new(70, 3).unwrap();
        let before = regions.to_text();
        assert_eq!(before, "3 70 -3");
        for bad in [
            "",
            "3",
            "3 70",
            "3 70 -2",
            "3 70 -4",
            "3 70 -0 -3",
            "3 70 -3 ",
            "3 71 -3",
            "2 70 -3",
            "3 70 3 -2",
            "3 70 x -2",
            "3 70 0*2 ",
            "3 70 0*3 0",
            "3 70 -18446744073709551615",
            "3 70 -2 1000",
            "3 70 10000000000000000 -2",
            "3 70 0*0 -3",
        ] {
            assert_eq!(regions.recall(bad), Err(Errno::EINVAL), "{bad}");
            assert_eq!(regions.to_text(), before);
        }
        assert_eq!(regions.recall("3 70 0*2 -1"), Ok(()));
        assert_eq!(regions.to_text(), "3 70 0*2 -1");
    }

    proptest! {
        #[test]
        fn a_table_is_remembered(
            number in 1_u32..20, count in 1_u64..300, changes in prop::collection::vec((any::<u64>(), any::<u32>()), 0..20)
        ) {
            let regions = Regions::new(count, number).unwrap();
            let mut model = paths(&regions);
            for (region, path) in changes {
                let (region, path) = (region % count, path % number);
                regions.set(region, path);
                model[usize::try_from(region).unwrap()] = path;
            }
            prop_assert_eq!(&paths(&regions), &model);
            let again = Regions::new(count, number).unwrap();
            again.recall(&regions.to_text()).unwrap();
            prop_assert_eq!(&paths(&again), &model);
            prop_assert_eq!(again.to_text(), regions.to_text());
        }
    }
}
