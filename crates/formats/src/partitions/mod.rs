//! Partition tables: every kind that kpartx knows, in the order in which it tries them.
//!
//! [`read`] looks for each kind on a [`Disk`] and takes the first that has a slot. A kind is one file here and
//! one row of [`TABLES`]. A reader only ever looks at places of the whole disk: a label within a partition is found
//! by reading that partition.
//!
//! No table may cost more than [`READS_MAX`] reads and [`BYTES_MAX`] bytes, keep more than 128 blocks of the disk,
//! or have more than [`SLOTS_MAX`] slots.
//!
//! # Source
//!
//! What each table holds: its own file. What is made of it: kpartx of multipath-tools 0.14.3 and 0.9.4, by running
//! it. Where a reader differs from it on purpose, its file says so; in all of them, a disk that is too small for
//! a label is silent, where the original prints `read error, sector 1` and the like.

use alloc::vec::Vec;

use dm_core::units::Sectors;

mod contain;
mod damage;
mod disk;
mod extent;
mod message;
mod probe;
mod slice;
mod tables;
mod vtoc;

pub use damage::{Damage, Part, Why};
pub use disk::{BYTES_MAX, Cost, Disk, LogicalBlock, READS_MAX, Trouble};
pub use message::Message;
pub use probe::Probe;
pub use slice::{Guid, Id, Slice};
pub use tables::{Dasd, DasdInfo, DasdSite, Geometry, TABLES, block_size};

/// The most slots a table has, and the largest number of a slice.
pub const SLOTS_MAX: u16 = 256;

/// A kind of partition table.
#[derive(Clone, Copy, Debug)]
pub struct TableType {
    /// What `-t` calls it.
    pub name: &'static str,
    /// Whether its slices may lie within each other.
    pub nested: Nested,
    /// Looks for it.
    pub read: fn(&mut Probe<'_, '_>) -> Answer,
}

/// Whether slices of a table may lie within each other, as where one slot stands for the whole disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nested {
    /// They may; only one that lies partly in another is wrong.
    May,
    /// Each sector belongs to one.
    Never,
}

/// What a reader found.
#[derive(Clone, Debug)]
pub enum Answer {
    /// No table of its kind, or none that is sound.
    Absent,
    /// A sound table that has no slots at all.
    Empty,
    /// A table with slots.
    Slots {
        /// What the disk is called.
        id: Option<Id>,
        /// The slots that are in use, by rising number.
        slices: Vec<Slice>,
    },
}

/// How to read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// Only the kind of this name; a name that none has finds nothing. kpartx's `-t`.
    pub only: Option<&'a str>,
    /// Whether a GPT needs its protective MBR. kpartx's `-g` is [`Pmbr::Ignored`].
    pub pmbr: Pmbr,
    /// What the system says of a disk that may be a DASD.
    pub dasd: Dasd,
}

/// Whether a GPT needs its protective MBR.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pmbr {
    /// Without it there is no GPT.
    #[default]
    Needed,
    /// The headers alone do.
    Ignored,
}

/// A table that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its type's name.
    pub kind: &'static str,
    /// What the disk is called: its GUID, its signature, its volume's name.
    pub id: Option<Id>,
    /// Its slots, by rising number.
    pub slices: Vec<Slice>,
}

/// All that reading gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The table, if there is one.
    pub table: Option<Table>,
    /// The first kind of which there is a sound table without any slot. The original does not tell this from no
    /// table.
    pub empty: Option<&'static str>,
    /// What the original prints, in its order.
    pub messages: Vec<Message>,
    /// What is wrong with the table, or with what looks like one.
    pub damage: Vec<Damage>,
}

/// Reads the partition table of `disk`.
pub fn read(disk: &mut Disk<'_>, options: &Options<'_>) -> Outcome {
    let mut outcome = Outcome::default();
    for row in TABLES.iter().filter(|row| options.only.is_none_or(|only| only == row.name)) {
        disk.begin();
        let Outcome { messages, damage, .. } = &mut outcome;
        let answer = (row.read)(&mut Probe { disk, options, table: row.name, messages, damage });
        match answer {
            Answer::Absent => {}
            Answer::Empty => outcome.empty = outcome.empty.or(Some(row.name)),
            Answer::Slots { id, slices } => {
                extent::check(row, disk.sectors(), &slices, &mut outcome.damage);
                outcome.table = Some(Table { kind: row.name, id, slices });
                break;
            }
        }
    }
    outcome
}

/// The number of the slot after `taken` others; none where the table is full.
fn next_number(taken: usize) -> Option<u16> {
    u16::try_from(taken.saturating_add(1)).ok().filter(|number| *number <= SLOTS_MAX)
}

/// The product of two counts of 32 bits, which always fits.
fn product(one: u32, two: u32) -> u64 {
    u64::from(one).saturating_mul(two.into())
}

/// Sectors of a count of blocks that have `per` sectors each; the largest number where it does not fit.
fn in_sectors(blocks: u64, per: Sectors) -> u64 {
    blocks.saturating_mul(per.get())
}

#[cfg(test)]
mod tests;
