//! What was found on one disk: the line that `-r` shows of it, and its parts in sets.

use alloc::vec::Vec;

use dm_core::units::{Bytes, Sectors};

use super::FormatType;
use super::kind::{Kind, Status};

/// Metadata of one format on one disk.
#[derive(Clone, Debug)]
pub struct Found {
    /// Whose they are.
    pub format: &'static FormatType,
    /// What `-r` shows.
    pub record: Record,
    /// The disk's parts in sets. None for a spare that belongs to no set.
    pub members: Vec<Member>,
    /// Where the metadata lie, and what is there: all that [`FormatType::native`] and the others need.
    pub areas: Vec<Area>,
    /// Why no set of these metadata may be activated, where that is so.
    pub guard: Option<&'static str>,
}

/// What `-r` shows of a disk: `DISK: FORMAT, "NAME", KIND, STATUS, LEN sectors, data@ START`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Of its set, or of the group of its sets.
    pub name: Vec<u8>,
    /// What it is a part of.
    pub kind: Kind,
    /// As the metadata say.
    pub status: Status,
    /// Where its data begin.
    pub start: Sectors,
    /// How much data it has.
    pub len: Sectors,
}

/// A part of a disk in a set.
///
/// A format fills this in from the metadata of one disk alone; how members become sets is the same for all
/// formats, and is in [`super::sets`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The name of its set.
    pub set: Vec<u8>,
    /// What its set is; [`Kind::Spare`] for a spare of the set, [`Kind::Group`] for the disk itself in a group.
    pub kind: Kind,
    /// As the metadata say.
    pub status: Status,
    /// Where its data begin on the disk.
    pub start: Sectors,
    /// How much data it has.
    pub len: Sectors,
    /// How much of it is a stripe; zero where that makes no sense.
    pub stride: Sectors,
    /// Members are in this order; those alike, as they were found.
    pub order: u64,
    /// How many members its set has when it is complete, without spares.
    pub wanted: u64,
    /// What becomes of its status when its set has that many. `None`: it stays.
    pub when_complete: Option<Status>,
    /// The set of sets that its set belongs to.
    pub superset: Option<Superset>,
    /// How many sets that has when it is complete, where the metadata say so.
    pub subsets_wanted: Option<u64>,
    /// The group that its set is listed in.
    pub group: Option<Vec<u8>>,
    /// Where its set is listed, if neither in a superset nor in a group.
    pub listed: Listed,
    /// How large its set is by the metadata, where the original takes all that the members have.
    pub volume_len: Option<Sectors>,
    /// What all members of its set have in common.
    pub family: Option<Family>,
    /// What is shown of it among the members of its set, where that is not the set's name and kind.
    pub shown: Option<(Vec<u8>, Kind)>,
    /// Why it is not taken into a set, where that is so: what the original says, which may be nothing.
    pub refused: Option<Vec<u8>>,
}

impl Member {
    /// A member of a set alone, as the disk's line shows it.
    pub fn of(record: &Record) -> Self {
        Self {
            set: record.name.clone(),
            kind: record.kind,
            status: record.status,
            start: record.start,
            len: record.len,
            stride: Sectors::ZERO,
            order: 0,
            wanted: 0,
            when_complete: None,
            superset: None,
            subsets_wanted: None,
            group: None,
            listed: Listed::Last,
            volume_len: None,
            family: None,
            shown: None,
            refused: None,
        }
    }
}

impl Member {
    /// Whether what is on it is elsewhere too, or can be made from what is elsewhere; so it is where there is nothing.
    pub(super) fn has_copies(&self) -> bool {
        let is_mirrored = |superset: &Superset| superset.kind == Kind::Raid1;
        let is_alone = matches!(self.kind, Kind::Linear | Kind::Raid0);
        !is_alone || self.superset.as_ref().is_some_and(is_mirrored)
    }
}

/// A set of sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Superset {
    /// Its name.
    pub name: Vec<u8>,
    /// What it makes of its subsets.
    pub kind: Kind,
    /// How much of a subset is a stripe.
    pub stride: Sectors,
    /// Its subsets are in this order; those alike, as they were found.
    pub order: u64,
}

/// Where a set is listed among those of the highest level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// After those that were found before it.
    Last,
    /// Before the first of a name that is greater.
    ByName,
}

/// A number that all members of a set must have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family {
    /// The number.
    pub value: u64,
    /// What the original says of one that has another, before ` on DISK`.
    pub mismatch: &'static str,
}

/// Bytes of a disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// Where they begin.
    pub at: Bytes,
    /// What is there.
    pub bytes: Vec<u8>,
}

/// Bytes to be written to a disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// Where.
    pub at: Bytes,
    /// What.
    pub bytes: Vec<u8>,
}

/// A file that `-D` writes: `DISK<suffix>.dat`, and `DISK<suffix>.offset` beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dump {
    /// Comes after the disk's name.
    pub suffix: &'static str,
    /// What was read, and where.
    pub area: Area,
}

/// The usual [`FormatType::dump`]: the first area.
pub(super) fn dump_first(found: &Found) -> Vec<Dump> {
    found.areas.iter().take(1).map(|area| Dump { suffix: "", area: area.clone() }).collect()
}

/// The usual [`FormatType::erase`]: zeros over all areas.
pub(super) fn erase_all(found: &Found) -> Vec<Patch> {
    let zeros = |area: &Area| Patch { at: area.at, bytes: alloc::vec![0; area.bytes.len()] };
    found.areas.iter().map(zeros).collect()
}
