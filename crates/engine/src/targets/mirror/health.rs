//! What went wrong with which leg, and so which legs a request goes to.
//!
//! One rule keeps a read from being stale: a leg that never failed a write or flush has every write that was
//! answered. For a write goes to every such leg at least, and one that fails it is such a leg no more before the
//! write is answered. Reads go to such legs only.

use std::fmt::Write as _;

use dm_core::errno::Errno;

use super::regions::Regions;

bitflags::bitflags! {
    /// In what ways a leg has failed.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub(super) struct Faults: u8 {
        const READ = 1;
        /// A write or a flush: the leg may lack what others have.
        const WRITE = 2;
    }
}

impl Faults {
    /// The letter of the status.
    ///
    /// # Source
    ///
    /// `device_status_char` in the kernel's `drivers/md/dm-raid1.c`. Its other letters are of what ours does not
    /// do: `F` of flushes that a log asks for, `S` of resynchronisation.
    pub(super) fn mark(self) -> char {
        if self.contains(Self::WRITE) {
            'D'
        } else if self.contains(Self::READ) {
            'R'
        } else {
            'A'
        }
    }

    fn word(self) -> &'static str {
        match (self.contains(Self::READ), self.contains(Self::WRITE)) {
            (false, false) => "-",
            (true, false) => "R",
            (false, true) => "D",
            (true, true) => "RD",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::empty(), Self::READ, Self::WRITE, Self::all()]
            .into_iter()
            .find(|faults| faults.word() == word)
    }
}

/// Some of the legs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct LegSet(u16);

impl LegSet {
    /// The first `count` legs; no mirror has more than nine.
    pub(super) fn first(count: usize) -> Self {
        (0..count).collect()
    }

    pub(super) fn insert(&mut self, leg: usize) {
        self.0 |= 1 << leg;
    }

    pub(super) fn has(self, leg: usize) -> bool {
        self.0 & (1 << leg) != 0
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl FromIterator<usize> for LegSet {
    fn from_iter<T: IntoIterator<Item = usize>>(legs: T) -> Self {
        legs.into_iter().fold(Self::default(), |mut set, leg| {
            set.insert(leg);
            set
        })
    }
}

/// See the module's page.
#[derive(Debug)]
pub(super) struct Health {
    legs: Vec<Faults>,
    /// Where reads go first.
    default: usize,
    /// The legs never were made alike: only the default one is read.
    is_unsynced: bool,
    /// Regions in which some leg may lack something.
    regions: Regions,
    /// Whether anything failed that is not saved.
    is_news: bool,
}

impl Health {
    /// Of `count` legs that are alike in all of `regions`.
    pub(super) fn in_sync(count: usize, regions: u64) -> Self {
        Self {
            legs: vec![Faults::empty(); count],
            default: 0,
            is_unsynced: false,
            regions: Regions::none(regions),
            is_news: false,
        }
    }

    /// Of `count` legs that were never made alike.
    pub(super) fn unsynced(count: usize, regions: u64) -> Self {
        Self { is_unsynced: true, regions: Regions::all(regions), ..Self::in_sync(count, regions) }
    }

    /// The next leg to read, after those that were tried: from the default one down and around; one that failed
    /// reads only when no other is left.
    ///
    /// # Source
    ///
    /// `choose_mirror` in the kernel's `drivers/md/dm-raid1.c`.
    pub(super) fn to_read(&self, tried: LegSet) -> Option<usize> {
        if self.is_unsynced {
            return Some(self.default).filter(|&leg| !tried.has(leg));
        }
        let order = || (0..=self.default).rev().chain((self.default + 1..self.legs.len()).rev());
        let is_free =
            |leg: &usize, faults| self.legs.get(*leg) == Some(&faults) && !tried.has(*leg);
        let unharmed = order().find(|leg| is_free(leg, Faults::empty()));
        unharmed.or_else(|| order().find(|leg| is_free(leg, Faults::READ)))
    }

    /// The legs that have everything.
    pub(super) fn complete(&self) -> LegSet {
        self.legs_that(|faults| !faults.contains(Faults::WRITE))
    }

    /// The legs that may lack something.
    pub(super) fn incomplete(&self) -> LegSet {
        self.legs_that(|faults| faults.contains(Faults::WRITE))
    }

    fn legs_that(&self, fit: impl Fn(Faults) -> bool) -> LegSet {
        let legs = self.legs.iter().enumerate();
        legs.filter(|(_, faults)| fit(**faults)).map(|(leg, _)| leg).collect()
    }

    /// Whether a leg has failed in any way.
    pub(super) fn has_failed(&self) -> bool {
        self.legs.iter().any(|faults| !faults.is_empty())
    }

    /// Whether the legs may differ in `region`.
    pub(super) fn is_out_of_sync(&self, region: u64) -> bool {
        self.regions.has(region)
    }

    /// Leg `leg` has failed; whether it never did so before.
    pub(super) fn fail(&mut self, leg: usize, how: Faults) -> bool {
        let Some(faults) = self.legs.get_mut(leg).filter(|faults| !faults.contains(how)) else {
            return false;
        };
        *faults |= how;
        self.is_news = true;
        true
    }

    /// Reads go to the first leg that never failed, if there is one, and `leg` is where they went first.
    ///
    /// # Source
    ///
    /// `fail_mirror` in the kernel's `drivers/md/dm-raid1.c`. There the default leg stays once regions are out of
    /// sync, for only that one gets their writes; here every complete leg does.
    pub(super) fn avoid(&mut self, leg: usize) {
        if self.default == leg
            && !self.is_unsynced
            && let Some(next) = self.legs.iter().position(Faults::is_empty)
        {
            self.default = next;
        }
    }

    /// Some leg may lack what was written to `region`.
    pub(super) fn lose_sync(&mut self, region: u64) {
        self.is_news |= self.regions.insert(region);
    }

    /// How many regions are alike on all legs, of how many.
    pub(super) fn sync_count(&self) -> (u64, u64) {
        let total = self.regions.total();
        (total.saturating_sub(self.regions.count()), total)
    }

    /// The letters of the status, in the order of the legs.
    pub(super) fn marks(&self) -> impl Iterator<Item = char> {
        self.legs.iter().map(|faults| faults.mark())
    }

    /// Whether there is more to remember than what is saved.
    pub(super) fn is_news(&self) -> bool {
        self.is_news
    }

    /// What [`Self::tell`] has written is saved; what was learnt since is not.
    pub(super) fn saved(&mut self, text: &str) {
        self.is_news &= self.tell().as_deref() != Some(text);
    }

    /// `<default> <faults>... [<region>[-<last>]]...`; none while nothing has failed.
    pub(super) fn tell(&self) -> Option<String> {
        if !self.has_failed() {
            return None;
        }
        let mut text = self.default.to_string();
        for faults in &self.legs {
            // A `String` takes whatever is written.
            let _ = write!(text, " {}", faults.word());
        }
        if !self.is_unsynced {
            text.push_str(&self.regions.to_text());
        }
        Some(text)
    }

    /// Becomes what [`Self::tell`] has written.
    ///
    /// # Errors
    ///
    /// `EINVAL` for text that it has not written; nothing is changed then.
    pub(super) fn recall(&mut self, text: &str) -> Result<(), Errno> {
        let mut words = text.split(' ');
        let default = words.next().and_then(|word| word.parse().ok());
        let default = default.filter(|&leg: &usize| leg < self.legs.len()).ok_or(Errno::EINVAL)?;
        let faults = words.by_ref().take(self.legs.len()).map(Faults::from_word);
        let legs = faults.collect::<Option<Vec<_>>>().ok_or(Errno::EINVAL)?;
        if legs.len() != self.legs.len() {
            return Err(Errno::EINVAL);
        }
        let regions = Regions::from_words(self.regions.total(), words)?;
        if !self.is_unsynced {
            self.regions = regions;
        }
        (self.default, self.legs) = (default, legs);
        Ok(())
    }
}

/// The legs that do not have everything, by a text that [`Health::tell`] has written.
pub(super) fn incomplete_in(text: &str) -> LegSet {
    let legs = text.split(' ').skip(1).map_while(Faults::from_word).enumerate();
    legs.filter(|(_, faults)| faults.contains(Faults::WRITE)).map(|(leg, _)| leg).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(health: &Health) -> Vec<usize> {
        let mut tried = LegSet::default();
        std::iter::from_fn(|| {
            let leg = health.to_read(tried)?;
            tried.insert(leg);
            Some(leg)
        })
        .collect()
    }

    #[test]
    fn reads_go_from_the_default_leg_down_and_around() {
        let mut health = Health::in_sync(4, 8);
        assert_eq!(order(&health), [0, 3, 2, 1]);
        assert!(health.fail(0, Faults::READ));
        assert!(!health.fail(0, Faults::READ));
        health.avoid(0);
        assert_eq!(order(&health), [1, 3, 2, 0]);
        health.fail(1, Faults::WRITE);
        health.avoid(1);
        assert_eq!(order(&health), [2, 3, 0]);
        assert_eq!(health.marks().collect::<String>(), "RDAA");
    }

    #[test]
    fn only_the_default_of_unsynced_legs_is_read() {
        let mut health = Health::unsynced(3, 8);
        assert_eq!((order(&health), health.sync_count()), (vec![0], (0, 8)));
        health.fail(0, Faults::READ);
        health.avoid(0);
        assert_eq!(order(&health), [0]);
    }

    #[test]
    fn what_it_tells_makes_it_again() {
        let mut health = Health::in_sync(3, 8);
        assert_eq!(health.tell(), None);
        health.fail(2, Faults::WRITE);
        health.fail(2, Faults::READ);
        health.lose_sync(5);
        health.lose_sync(6);
        assert!(health.is_news());
        let text = health.tell().unwrap();
        assert_eq!(text, "0 - - RD 5-6");
        health.lose_sync(7);
        health.saved(&text);
        assert!(health.is_news(), "more than that");
        let text = health.tell().unwrap();
        assert_eq!(text, "0 - - RD 5-7");
        health.saved(&text);
        assert!(!health.is_news());
        assert_eq!(incomplete_in(&text), [2].into_iter().collect());
        let mut again = Health::in_sync(3, 8);
        again.recall(&text).unwrap();
        assert_eq!(again.tell(), Some(text));
        assert_eq!(again.sync_count(), (5, 8));
    }

    #[test]
    fn what_it_did_not_tell_is_not_recalled() {
        let mut health = Health::in_sync(2, 8);
        for bad in ["", "0", "0 -", "2 - -", "x - -", "0 - X", "0 - - 8", "0 - - x", "0 - - -"] {
            assert_eq!(health.recall(bad), Err(Errno::EINVAL), "{bad}");
        }
        assert_eq!(health.tell(), None);
    }
}
