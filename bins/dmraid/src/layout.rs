//! A set's table: what is to be mapped, computed from what the set is. Pure.
//!
//! ```text
//! linear    START LEN linear DISK OFFSET                                     a line a member that has sectors
//! stripe    0 LEN striped N STRIDE DISK OFFSET ...
//! mirror    0 LEN mirror core 2 REGION nosync|sync N DISK OFFSET ... 1 handle_errors
//! raid4, 5  0 LEN raid45 core 2 REGION nosync|sync LEVEL 1 STRIDE N -1 DISK OFFSET ...        for raid4: LEVEL 0
//!           0 LEN raid LEVEL 4 STRIDE nosync|sync region_size REGION N - DISK ...       where there is no raid45
//! ```
//!
//! A set of sets has its subsets' devices in the place of disks. No line ever maps anything in the place of data that
//! is not there: the original maps `/dev/zero`.
//!
//! # Source
//!
//! dmraid 1.0.0.rc16-12, by running `dmraid -ay -t`; raid45: `dm-raid45` as shipped with openSUSE's kernels.

use std::fmt::Write as _;

use dm_core::name::TargetName;
use dm_core::table::{Line, Table};
use dm_core::units::Sectors;
use dm_formats::raid::sets::{RaidSet, SetMember};
use dm_formats::raid::{Kind, Status};

/// How tables are written.
#[derive(Clone, Copy, Debug)]
pub struct Manner<'a> {
    /// What a table calls a disk.
    pub disk: &'a dyn Words,
    /// Which target makes RAID 4 and 5.
    pub parity: Parity,
    /// Whether somebody is there to take the table; else it is as the original would have it.
    pub is_taken: bool,
    /// Whether what is not all there may be mapped where the original cannot.
    pub degraded: bool,
}

/// What tables call disks and mapped devices.
pub trait Words: std::fmt::Debug {
    /// A disk.
    fn disk(&self, nth: usize, path: &[u8]) -> Vec<u8>;
    /// The mapped device of a set.
    fn set(&self, name: &[u8]) -> Vec<u8>;
}

/// The target that makes RAID 4 and 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parity {
    /// `raid45`.
    Raid45,
    /// The kernel's own `raid`, without metadata of its own.
    Raid,
}

/// What is to be mapped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Devices of their own for members of which a part is used, where the target takes disks whole: which number
    /// each has, and its table.
    pub below: Vec<(u64, Table)>,
    /// The set's table.
    pub table: Table,
    /// Whether its members may differ: they are to be made alike again.
    pub resync: bool,
    /// What the original says of it, if anything.
    pub remark: Option<Vec<u8>>,
}

/// Why a set has no table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// What the original says, or what is said in its stead.
    pub text: Vec<u8>,
}

/// A disk, or a set's device, as part of a set.
struct Leg {
    word: Vec<u8>,
    start: Sectors,
    len: Sectors,
    /// Whether there are data on it.
    is_valid: bool,
    /// Which place it has among its like.
    place: u64,
}

/// The number of parts that an array is cut into where its regions are set, and the most sectors of one.
///
/// # Source
///
/// dmraid 1.0.0.rc16-12, by running it: 60001 sectors have regions of 64, 312500000 and more have 131072.
const REGIONS: u64 = 1024;
const REGION_MAX: u64 = 262_144;
const REGION_MIN: u64 = 128;

/// The table of a set; that of a set of sets stands on its subsets' devices.
///
/// # Errors
///
/// [`Refused`].
pub fn layout(set: &RaidSet, manner: &Manner<'_>) -> Result<Layout, Refused> {
    let legs = legs(set, manner);
    match set.kind {
        Kind::Linear => linear(set, &legs),
        Kind::Raid0 => striped(set, &legs),
        Kind::Raid1 => mirror(set, &legs, manner),
        Kind::Raid4 | Kind::Raid5Ls | Kind::Raid5Rs | Kind::Raid5La | Kind::Raid5Ra => {
            parity(set, &legs, manner)
        }
        Kind::Unknown => refuse(&[b"Undefined RAID type (null)[1] on ", &set.name]),
        Kind::Raid6 => refuse(&[b"Unsupported RAID type raid6[4096] on ", &set.name]),
        Kind::Spare => refuse(&[b"spare set \"", &set.name, b"\" cannot be activated"]),
        Kind::Group => refuse(&[b"group set \"", &set.name, b"\" cannot be activated"]),
    }
}

/// Why a set of the highest level, or of a group, is not activated; none where it is, and for a group that has no say
/// in that.
pub fn refusal(set: &RaidSet, manner: &Manner<'_>) -> Option<Vec<u8>> {
    if let Some(guard) = set.guard {
        return Some(guard.into());
    }
    if set.is_group() {
        return None;
    }
    // A subset without data is not waited for: what stands on it does without.
    let mut waited_for = set.subsets.iter().filter(|subset| subset.status.is_of_use());
    let below = waited_for.find_map(|subset| refusal(subset, manner));
    below.or_else(|| layout(set, manner).err().map(|refused| refused.text))
}

fn refuse<T>(pieces: &[&[u8]]) -> Result<T, Refused> {
    Err(Refused { text: pieces.concat() })
}

fn lacks<T>(set: &RaidSet) -> Result<T, Refused> {
    refuse(&[b"RAID set \"", &set.name, b"\" lacks members"])
}

fn has_none<T>(set: &RaidSet) -> Result<T, Refused> {
    refuse(&[b"RAID set \"", &set.name, b"\" has no sectors"])
}

fn legs(set: &RaidSet, manner: &Manner<'_>) -> Vec<Leg> {
    // One after the other, all of each is there; the size that is shown may be less. Sets of sets that the original
    // knows have it so all the same.
    let is_whole = set.kind == Kind::Linear && set.subsets_wanted.is_some();
    let of_subset = |(place, subset): (u64, &RaidSet)| Leg {
        word: manner.disk.set(&subset.name),
        start: Sectors::ZERO,
        len: if is_whole { mapped(subset, manner) } else { subset.size() },
        is_valid: has_data(subset),
        place,
    };
    let of_member = |SetMember { disk, path, member }: &SetMember| Leg {
        word: manner.disk.disk(*disk, path),
        start: member.start,
        len: member.len,
        is_valid: member.status.is_of_use(),
        place: member.order,
    };
    let subsets = (0..).zip(&set.subsets).map(of_subset);
    subsets.chain(set.active().map(of_member)).collect()
}

/// How large a subset's device is.
fn mapped(set: &RaidSet, manner: &Manner<'_>) -> Sectors {
    let lines = layout(set, manner).map(|layout| layout.table).unwrap_or_default();
    lines.iter().fold(Sectors::ZERO, |len, line| len.saturating_add(line.len))
}

/// Whether a subset's device has all its data. Whether its members are counted as healthy does not say so.
fn has_data(set: &RaidSet) -> bool {
    if !set.status.is_of_use() {
        return false;
    }
    let valid = set.active().filter(|member| member.member.status.is_of_use()).count();
    match set.kind {
        Kind::Raid1 => valid > 0,
        _ => valid > 0 && valid == set.active().count(),
    }
}

impl Layout {
    fn of(table: Table) -> Self {
        Self { below: Vec::new(), table, resync: false, remark: None }
    }
}

fn line(start: Sectors, len: Sectors, target: &str, args: Vec<u8>) -> Option<Line> {
    Some(Line { start, len, target: TargetName::new(target.as_bytes()).ok()?, args })
}

/// One line, from 0 on.
fn whole(set: &RaidSet, len: Sectors, target: &str, args: Vec<u8>) -> Result<Layout, Refused> {
    match line(Sectors::ZERO, len, target, args) {
        Some(line) if !len.is_zero() => Ok(Layout::of(vec![line])),
        _ => has_none(set),
    }
}

/// ` DISK OFFSET` of each.
fn pairs<'l>(legs: impl IntoIterator<Item = &'l Leg>) -> Vec<u8> {
    let mut text = Vec::new();
    for leg in legs {
        let start = format!(" {}", leg.start);
        text.extend([b" ", &leg.word[..], start.as_bytes()].concat());
    }
    text
}

fn linear(set: &RaidSet, legs: &[Leg]) -> Result<Layout, Refused> {
    if legs.is_empty() || !legs.iter().all(|leg| leg.is_valid) {
        return lacks(set);
    }
    let mut start = Sectors::ZERO;
    let mut table = Table::new();
    for leg in legs.iter().filter(|leg| !leg.len.is_zero()) {
        let offset = format!(" {}", leg.start);
        table.extend(line(start, leg.len, "linear", [&leg.word, offset.as_bytes()].concat()));
        start = start.saturating_add(leg.len);
    }
    if table.is_empty() {
        return has_none(set);
    }
    Ok(Layout::of(table))
}

/// The smallest leg, in whole chunks.
fn smallest(set: &RaidSet, legs: &[Leg]) -> Option<u64> {
    let smallest = legs.iter().map(|leg| leg.len.get()).min()?;
    let rest = smallest.checked_rem(set.stride.get())?;
    Some(smallest - rest)
}

fn striped(set: &RaidSet, legs: &[Leg]) -> Result<Layout, Refused> {
    if legs.is_empty() || !legs.iter().all(|leg| leg.is_valid) {
        return lacks(set);
    }
    let Some(smallest) = smallest(set, legs) else {
        return refuse(&[b"RAID set \"", &set.name, b"\" has a stride of 0"]);
    };
    let len = Sectors::new(smallest.saturating_mul(legs.len() as u64));
    if let [one] = legs {
        let offset = format!(" {}", one.start);
        return whole(set, len, "linear", [&one.word, offset.as_bytes()].concat());
    }
    let head = format!("{} {}", legs.len(), set.stride);
    whole(set, len, "striped", [head.as_bytes(), &pairs(legs)].concat())
}

fn mirror(set: &RaidSet, legs: &[Leg], manner: &Manner<'_>) -> Result<Layout, Refused> {
    let valid: Vec<&Leg> = legs.iter().filter(|leg| leg.is_valid).collect();
    let len = valid.iter().map(|leg| leg.len).min().unwrap_or(Sectors::ZERO);
    match valid.as_slice() {
        [] => lacks(set),
        [one] => {
            // The original has no table for what is left of a stacked mirror.
            if !set.subsets.is_empty() && !manner.degraded {
                return lacks(set);
            }
            let offset = format!(" {}", one.start);
            let one = whole(set, len, "linear", [&one.word, offset.as_bytes()].concat())?;
            let remark =
                [b"creating degraded mirror mapping for \"", &set.name[..], b"\""].concat();
            Ok(Layout { remark: Some(remark), ..one })
        }
        valid => {
            let (sync, resync) = sync(set);
            let region = region(len.get());
            let head = format!("core 2 {region} {sync} {}", valid.len());
            let args =
                [head.as_bytes(), &pairs(valid.iter().copied()), b" 1 handle_errors"].concat();
            Ok(Layout { resync, ..whole(set, len, "mirror", args)? })
        }
    }
}

/// The word for whether the legs are to be made alike, and whether they are.
fn sync(set: &RaidSet) -> (&'static str, bool) {
    match set.status {
        Status::Inconsistent | Status::Nosync => ("sync", true),
        _ => ("nosync", false),
    }
}

/// How large the regions are that are known to be alike or not, for so many sectors.
fn region(len: u64) -> u64 {
    let wanted = (len / REGIONS).min(REGION_MAX);
    let mut region = REGION_MIN;
    while region < wanted {
        region *= 2;
    }
    region / 2
}

/// The same for raid45, which takes no region that is smaller than what it makes alike at once, or than a chunk.
///
/// # Source
///
/// `dm-raid45` as shipped with openSUSE's kernels: 256 sectors, and its check of the chunk.
fn raid45_region(region: u64, stride: u64) -> u64 {
    region.max(256).max(stride.next_power_of_two())
}

fn parity(set: &RaidSet, legs: &[Leg], manner: &Manner<'_>) -> Result<Layout, Refused> {
    let Some(smallest) = smallest(set, legs) else { return lacks(set) };
    let wanted = set.active().map(|member| member.member.wanted).max().unwrap_or(0);
    let places = places(set, legs, wanted)?;
    let missing = places.iter().filter(|leg| leg.is_none()).count();
    if missing > 1 || set.status == Status::Broken || legs.is_empty() {
        return lacks(set);
    }
    if missing == 1 && !manner.degraded && set.format.checking.degraded_parity_is_refused {
        return lacks(set);
    }
    let count = places.len() as u64;
    let len = Sectors::new(smallest.saturating_mul(count.saturating_sub(1)));
    let region = match manner.parity {
        Parity::Raid45 => raid45_region(region(set.size().get() / count.max(1)), set.stride.get()),
        // The kernel takes no region that is smaller than a chunk: the original's tables for small sets are refused.
        Parity::Raid if manner.is_taken => {
            region(set.size().get() / count.max(1)).max(set.stride.get().next_power_of_two())
        }
        Parity::Raid => region(set.size().get() / count.max(1)),
    };
    // What is missing is not what differs.
    let (sync, resync) = if missing == 1 { ("nosync", false) } else { sync(set) };
    let (kind, stride) = (set.kind, set.stride);
    let mut parts = Parts { set, manner, below: Vec::new() };
    let args = match manner.parity {
        Parity::Raid45 => {
            // As the kernel's `raid` has it: RAID 4 with parity on the first member.
            let first = if kind == Kind::Raid4 { " 0" } else { "" };
            let head = format!("core 2 {region} {sync} {kind}{first} 1 {stride} {count} -1");
            [head.as_bytes(), &parts.raid45(&places, smallest)].concat()
        }
        Parity::Raid => {
            let head = format!("{kind} 4 {stride} {sync} region_size {region} {count}");
            [head.as_bytes(), &parts.raid(&places)].concat()
        }
    };
    let target = if manner.parity == Parity::Raid45 { "raid45" } else { "raid" };
    let below = parts.below;
    Ok(Layout { below, resync, ..whole(set, len, target, args)? })
}

/// The members in the words of a target that has parity, and the devices for parts of them.
struct Parts<'s> {
    set: &'s RaidSet,
    manner: &'s Manner<'s>,
    below: Vec<(u64, Table)>,
}

impl Parts<'_> {
    fn raid45(&mut self, places: &[Option<&Leg>], smallest: u64) -> Vec<u8> {
        let mut text = Vec::new();
        for (nth, leg) in (0..).zip(places) {
            match leg {
                // quirk: the target takes no member that begins further on than its part is long.
                Some(leg) if leg.start.get() > smallest => {
                    text.extend([b" ", &self.device(nth, leg)[..], b" 0"].concat());
                }
                Some(leg) => text.extend(pairs([*leg])),
                None => text.extend(b" - 0"),
            }
        }
        text
    }

    fn raid(&mut self, places: &[Option<&Leg>]) -> Vec<u8> {
        let mut text = Vec::new();
        for (nth, leg) in (0..).zip(places) {
            text.extend(b" - ");
            match leg {
                None => text.push(b'-'),
                Some(leg) if leg.start.is_zero() => text.extend(&leg.word),
                Some(leg) => text.extend(self.device(nth, leg)),
            }
        }
        text
    }

    /// A device for the part of a member.
    fn device(&mut self, nth: u64, leg: &Leg) -> Vec<u8> {
        let args = [&leg.word, format!(" {}", leg.start).as_bytes()].concat();
        let line = line(Sectors::ZERO, leg.len, "linear", args);
        self.below.push((nth, line.into_iter().collect()));
        self.manner.disk.set(&below_name(&self.set.name, nth))
    }
}

/// The name of the device for a part of a member.
pub fn below_name(set: &[u8], nth: u64) -> Vec<u8> {
    let mut end = String::new();
    // A string takes any text.
    write!(end, "_leg{nth}").ok();
    [set, end.as_bytes()].concat()
}

/// Which leg has which place; none where one is missing.
fn places<'l>(
    set: &RaidSet,
    legs: &'l [Leg],
    wanted: u64,
) -> Result<Vec<Option<&'l Leg>>, Refused> {
    let valid: Vec<&Leg> = legs.iter().filter(|leg| leg.is_valid).collect();
    if valid.len() as u64 >= wanted {
        return Ok(valid.into_iter().map(Some).collect());
    }
    let mut places: Vec<Option<&Leg>> = Vec::new();
    for place in 0..wanted.min(u64::from(u8::MAX)) {
        places.push(valid.iter().find(|leg| leg.place == place).copied());
    }
    // A member without a place of its own makes it a guess which one is missing.
    if places.iter().flatten().count() != valid.len() {
        return refuse(&[b"RAID set \"", &set.name, b"\": which member is missing cannot be told"]);
    }
    Ok(places)
}

#[cfg(test)]
mod tests;
