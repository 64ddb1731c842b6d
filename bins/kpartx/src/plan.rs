//! From slices and maps to steps. Nothing here asks anybody: the same input gives the same steps.
//!
//! A slot's map is the one that has its name, or else its uuid, which is then renamed. Slices of the disk come
//! first, then those that lie in others, each by rising number; then, to update, what is to go, by falling number.
//!
//! # Source
//!
//! kpartx 0.9.4 and 0.14.3, by running them. Three things are done otherwise: a slice in another is tried once and
//! its failure counts, where the original may try for ever and counts none; a map without uuid is taken over only
//! where it is one linear target on the disk; and what was half made by a kpartx that was killed is removed with
//! the rest.

use dm_core::name::NAME_MAX;
use dm_core::units::Sectors;
use dm_formats::partitions::{SLOTS_MAX, Slice};

use crate::maps::{Content, Map};
use crate::operand::{Leg, Whole, map_name};

/// What the steps hang on, besides slices and maps.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The disk.
    pub whole: &'a Whole,
    /// `-p`.
    pub delimiter: Option<&'a [u8]>,
    /// Whether maps are read-only.
    pub read_only: bool,
}

/// One thing to be done, or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A slice is mapped.
    Map(Mapping),
    /// A map is removed.
    Remove(Removal),
    /// Something is left as it is.
    Refuse {
        /// The map's name.
        name: Vec<u8>,
        /// Why.
        refusal: Refusal,
    },
    /// A slice lies in one that has no length; this is its number. The original says so, and goes on.
    NoContainer(u16),
}

/// A map that goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// Its name.
    pub name: Vec<u8>,
    /// Its uuid.
    pub uuid: Vec<u8>,
    /// What it is called before: it is renamed first.
    pub from: Option<Vec<u8>>,
    /// Why it goes.
    pub why: Why,
}

/// A slice and the map that it gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// The slice's number.
    pub number: u16,
    /// The map's name.
    pub name: Vec<u8>,
    /// Its uuid.
    pub uuid: Vec<u8>,
    /// Where it begins on the disk.
    pub start: Sectors,
    /// How long it is.
    pub len: Sectors,
    /// How it comes to be.
    pub how: How,
}

/// How a map comes to be as it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// It is made.
    Create,
    /// It gets a new table.
    Reload {
        /// What it is called before: it is renamed first.
        from: Option<Vec<u8>>,
    },
    /// It is so already.
    Keep,
}

/// Why a map goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// All go.
    Delete,
    /// Its slot is empty now.
    Stale,
}

/// Why something is left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The name is that of a map that no kpartx made.
    Foreign,
    /// The name is that of another disk's partition.
    OtherDisk,
    /// The same, where a stale map was to be removed.
    StaleForeign,
    /// The same.
    StaleOtherDisk,
    /// A name cannot be so long.
    TooLong,
    /// Somebody has it open; everything after it stays too.
    InUse,
    /// It lies on the disk, but is another kind of target.
    NotLinear,
    /// It lies on the disk, but no kpartx made it.
    NotPartition,
}

impl Refusal {
    /// Whether it makes the command fail.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Foreign | Self::OtherDisk | Self::TooLong | Self::InUse)
    }
}

/// The steps that map `slices`; with `update`, those too that remove what is left of other slots, which is all where
/// a table has no slices. What an update finds as it should be, it keeps.
pub fn add(slices: &[Slice], maps: &[Map], wanted: Wanted<'_>, update: bool) -> Vec<Step> {
    let mut planner = Planner { maps: maps.to_vec(), wanted, steps: Vec::new(), given: Vec::new() };
    let live = || slices.iter().filter(|slice| !slice.len.is_zero());
    live().filter(|slice| slice.container.is_none()).for_each(|slice| planner.map(slice, update));
    for slice in live() {
        let Some(container) = slice.container else { continue };
        let is_container = |other: &&Slice| other.number == container && !other.len.is_zero();
        if !slices.iter().any(|other| is_container(&other)) {
            planner.steps.push(Step::NoContainer(container));
        }
        planner.map(slice, update);
    }
    if update {
        for number in (1..=SLOTS_MAX).rev() {
            if !live().any(|slice| slice.number == number) {
                planner.clean(number);
            }
        }
    }
    planner.steps
}

/// The steps that remove the maps on the disk, in the order of `maps`. Without a parent, which is what `-f` means,
/// every map that is one linear target there goes.
pub fn delete(maps: &[Map], whole: &Whole) -> Vec<Step> {
    let mut steps = Vec::new();
    for map in maps.iter().filter(|map| whole.mapped != Some(map.dev)) {
        let refuse = |refusal| Step::Refuse { name: map.name.clone(), refusal };
        let ours = whole.parent.as_ref().is_some_and(|parent| map.is_part_of(parent));
        let step = match &map.content {
            Content::Nothing if ours => Step::Remove(asked(map)),
            Content::Linear { .. } if ours && map.is_linear_on(&whole.leg) => removal(map),
            // A file that was renamed is the same file.
            Content::Linear { .. } if ours && matches!(whole.leg, Leg::File(_)) => removal(map),
            Content::Linear { .. } if !map.is_linear_on(&whole.leg) => continue,
            Content::Linear { .. } if whole.parent.is_some() => refuse(Refusal::NotPartition),
            Content::Linear { .. } => removal(map),
            Content::Other(args) if args.iter().any(|word| whole.leg.is(word)) => {
                refuse(Refusal::NotLinear)
            }
            Content::Nothing | Content::Other(_) | Content::Several => continue,
        };
        let ends = matches!(step, Step::Refuse { refusal: Refusal::InUse, .. });
        steps.push(step);
        if ends {
            break;
        }
    }
    steps
}

fn removal(map: &Map) -> Step {
    if map.open {
        Step::Refuse { name: map.name.clone(), refusal: Refusal::InUse }
    } else {
        Step::Remove(asked(map))
    }
}

fn asked(map: &Map) -> Removal {
    let Map { name, uuid, .. } = map.clone();
    Removal { name, uuid, from: None, why: Why::Delete }
}

/// The steps so far, and the maps as they will be then.
struct Planner<'a> {
    maps: Vec<Map>,
    wanted: Wanted<'a>,
    steps: Vec<Step>,
    /// Names of maps that a slice has by now.
    given: Vec<Vec<u8>>,
}

/// The map that a slot has.
struct Found {
    index: usize,
    /// What it was called, if it had to be renamed.
    from: Option<Vec<u8>>,
}

impl Planner<'_> {
    fn parent(&self) -> &[u8] {
        self.wanted.whole.parent.as_deref().unwrap_or_default()
    }

    fn uuid(&self, number: u16) -> Vec<u8> {
        [format!("part{number}-").as_bytes(), self.parent()].concat()
    }

    fn name(&self, number: u16) -> Vec<u8> {
        map_name(&self.wanted.whole.base, self.wanted.delimiter, number)
    }

    /// The map of slot `number`, under its proper name from now on.
    fn find(&mut self, number: u16) -> Option<Found> {
        let name = self.name(number);
        if let Some(index) = self.maps.iter().position(|map| map.name == name) {
            return Some(Found { index, from: None });
        }
        let (uuid, leg) = (self.uuid(number), &self.wanted.whole.leg);
        let index = self.maps.iter().position(|map| {
            // quirk: a map may have a slice's name and the uuid of another slot, which the original then takes away.
            let is_free = !self.given.contains(&map.name);
            map.uuid == uuid
                && is_free
                && (map.is_linear_on(leg) || map.content == Content::Nothing)
        })?;
        let map = self.maps.get_mut(index)?;
        let from = Some(std::mem::replace(&mut map.name, name));
        Some(Found { index, from })
    }

    /// What keeps the map at `index` from being this disk's partition, if anything.
    fn stranger(&self, index: usize) -> Option<Refusal> {
        let map = self.maps.get(index)?;
        if map.uuid.is_empty() {
            return (!map.is_linear_on(&self.wanted.whole.leg)).then_some(Refusal::Foreign);
        }
        let dash = map.uuid.iter().position(|&byte| byte == b'-');
        match dash.filter(|_| map.uuid.starts_with(b"part")) {
            None => Some(Refusal::Foreign),
            Some(dash) if map.uuid.get(dash + 1..) == Some(self.parent()) => None,
            Some(_) => Some(Refusal::OtherDisk),
        }
    }

    fn refuse(&mut self, name: Vec<u8>, refusal: Refusal) {
        self.steps.push(Step::Refuse { name, refusal });
    }

    fn map(&mut self, slice: &Slice, update: bool) {
        let name = self.name(slice.number);
        if name.len() > NAME_MAX {
            return self.refuse(name, Refusal::TooLong);
        }
        let uuid = self.uuid(slice.number);
        let how = match self.find(slice.number) {
            None => How::Create,
            Some(Found { index, from }) => {
                if let Some(refusal) = self.stranger(index) {
                    return self.refuse(name, refusal);
                }
                let same = self.maps.get(index).is_some_and(|map| self.is_as_wanted(map, slice));
                if update && same && from.is_none() { How::Keep } else { How::Reload { from } }
            }
        };
        self.note(&name, &uuid, slice, &how);
        self.given.push(name.clone());
        let Slice { number, start, len, .. } = *slice;
        self.steps.push(Step::Map(Mapping { number, name, uuid, start, len, how }));
    }

    fn is_as_wanted(&self, map: &Map, slice: &Slice) -> bool {
        let same = |leg: &Vec<u8>, start: &Sectors, len: &Sectors| {
            self.wanted.whole.leg.is(leg) && *start == slice.start && *len == slice.len
        };
        let table =
            matches!(&map.content, Content::Linear { leg, start, len } if same(leg, start, len));
        table && map.settled && map.read_only == self.wanted.read_only
    }

    /// What is mapped once this slice is.
    fn note(&mut self, name: &[u8], uuid: &[u8], slice: &Slice, how: &How) {
        let leg = self.wanted.whole.leg.plain();
        let content = Content::Linear { leg, start: slice.start, len: slice.len };
        if *how == How::Create {
            let (name, uuid) = (name.to_vec(), uuid.to_vec());
            self.maps.push(Map { name, uuid, ..Map::default() });
        }
        if let Some(map) = self.maps.iter_mut().find(|map| map.name == name) {
            map.content = content;
            map.read_only = self.wanted.read_only;
            map.settled = true;
        }
    }

    /// What is left of an empty slot goes.
    fn clean(&mut self, number: u16) {
        let name = self.name(number);
        if name.len() > NAME_MAX {
            return;
        }
        // One may have its name, and another its uuid.
        while let Some(Found { index, from }) = self.find(number) {
            match self.stranger(index) {
                Some(Refusal::OtherDisk) => return self.refuse(name, Refusal::StaleOtherDisk),
                Some(_) => return self.refuse(name, Refusal::StaleForeign),
                None => {}
            }
            let Map { uuid, .. } = self.maps.remove(index);
            let removal = Removal { name: name.clone(), uuid, from, why: Why::Stale };
            self.steps.push(Step::Remove(removal));
        }
    }
}

#[cfg(test)]
mod tests;
