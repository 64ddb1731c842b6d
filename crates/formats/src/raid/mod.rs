//! RAID metadata of the vendors' BIOSes, and the sets that disks make.
//!
//! ```text
//! a disk ─► read ─► Found: what -r shows, and the disk's Members of sets     one file a format, in vendors/
//!                     │
//! all disks ─────► sets::by_newest ─► the same, but of disks that are out    each format's own, where it has it
//!                     │
//!                  sets::group ─► RaidSets ─► sets::check                    the same for all formats
//! ```
//!
//! A format knows one disk: it decodes the disk's metadata and says, in the words of [`Member`], which set the disk
//! belongs to, where in it, and how many there should be. One whose metadata say of other disks how they are, and when
//! that was, says too which of all metadata are the newest. No format knows how sets are made. A new one is one file in
//! `vendors` and one row of [`FORMATS`].
//!
//! Disks are hostile: a format may have at most [`BYTES_MAX`] bytes read, and looks at no more than it has read.
//!
//! # Source
//!
//! Where metadata lie and what they mean: each format's own file. What is made of them: dmraid 1.0.0.rc16-12 of
//! Debian 12, by running it.

use alloc::vec::Vec;
use core::fmt;

use dm_core::units::Sectors;

mod disk;
mod kind;
mod letters;
pub mod manage;
mod member;
mod message;
mod native;
mod newest;
pub mod sets;
mod sighting;
mod stride;
mod vendors;

pub use disk::{BYTES_MAX, Disk, Probe};
pub use kind::{Kind, Status};
pub use member::{Area, Dump, Family, Found, Listed, Member, Patch, Record, Superset};
pub use message::{Level, Log, Message};
pub use native::Native;
pub use newest::{Dated, Newest, Out, Overruled, Reason};
pub use sighting::{Checksum, Damage, Fate, Mismatch, Sighting};
pub use vendors::FORMATS;

/// The smallest disk that is looked at.
///
/// # Source
///
/// dmraid 1.0.0.rc16-12, by running it: 8 sectors.
const SECTORS_MIN: u64 = 8;

/// A vendor's format: a row of [`FORMATS`].
pub struct FormatType {
    /// What `-f` calls it.
    pub name: &'static str,
    /// Whose it is, as `-l` says.
    pub description: &'static str,
    /// The levels it has, as `-l` says.
    pub levels: &'static str,
    /// How the sets of its members are checked.
    pub checking: Checking,
    /// Looks for it on a disk.
    pub read: fn(&mut Probe<'_>) -> Option<Found>,
    /// Which disks have metadata that newer ones overrule, where metadata say when they were written, and how other
    /// disks are.
    pub newest: Option<Newest>,
    /// What `-n` shows.
    pub native: fn(&Found, &mut Native),
    /// What `-D` writes to files.
    pub dump: fn(&Found) -> Vec<Dump>,
    /// What `-E` writes to the disk.
    pub erase: fn(&Found) -> Vec<Patch>,
}

impl fmt::Debug for FormatType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormatType").field("name", &self.name).finish_non_exhaustive()
    }
}

/// How sets of a format are made and checked, where formats differ in that.
#[derive(Clone, Copy, Debug)]
pub struct Checking {
    /// Whether a member's kind and stride must be the set's, or become the set's.
    pub joining: Joining,
    /// The words for a set that lacks members: `FORMAT: WORDS RAID set "SET" [1/2] on DISK`.
    pub wrong_count: &'static str,
    /// How often it is said.
    pub passes: u8,
    /// Whether the original has no table for a RAID 4 or 5 that lacks a member.
    pub degraded_parity_is_refused: bool,
    /// What is made of the status of a group.
    pub groups: Groups,
}

impl Checking {
    /// As nearly all formats are checked.
    pub const USUAL: Self = Self {
        joining: Joining::Agrees,
        wrong_count: "wrong # of devices in",
        passes: 1,
        degraded_parity_is_refused: true,
        groups: Groups::NotChecked,
    };
}

/// How a group is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Groups {
    /// It stays what it is at first.
    NotChecked,
    /// It is that of its disks and sets; without sets, there is no group.
    AsTheirSets,
}

/// What comes of a member whose kind or stride are not its set's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joining {
    /// It is complained of.
    Agrees,
    /// They become the set's.
    Overrides,
    /// Nothing: the set is what its first member says.
    Yields,
}

/// A disk as the metadata of another, or its own, name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its serial number, as far as it is stored: good for [`Disk::serial`].
    pub serial: Vec<u8>,
    /// How large it is.
    pub len: Sectors,
}

/// The disks that the metadata on `disk` name, in their order, if they are of a format that knows disks by their
/// serial numbers: `disk` is one of them.
///
/// An image has no serial number of its own. Whoever has the images of all of a family's disks gives each the number of
/// another entry whose length is right; where several fit, the metadata do not tell which is whose.
pub fn named_on(disk: &Disk<'_>) -> Vec<Named> {
    let (mut log, mut sightings) = (Log::default(), Vec::new());
    let looks = vendors::BY_SERIAL.iter().find_map(|(format, look)| {
        look(&mut Probe::new(disk, format.name, &mut log, &mut sightings))
    });
    looks.unwrap_or_default()
}

/// What reading a disk gave.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// What was found first; none where there is nothing, or nothing sound.
    pub found: Option<Found>,
    /// What other formats were found as well, in their order. They are not used.
    pub passed: Vec<Found>,
    /// What the original prints, in its order.
    pub log: Log,
    /// All that looks like metadata.
    pub sightings: Vec<Sighting>,
}

/// Looks for `formats` on `disk`, in their order: the first that is found counts.
pub fn read(disk: &Disk<'_>, formats: &[&'static FormatType]) -> Reading {
    let mut reading = Reading::default();
    if disk.sectors().get() < SECTORS_MIN {
        return reading;
    }
    for format in formats {
        let padded = alloc::format!("{:<7}", format.name);
        let Reading { log, sightings, found: kept, passed } = &mut reading;
        log.say(Level::Notice, &[disk.path, b": ", padded.as_bytes(), b" discovering"]);
        let found = (format.read)(&mut Probe::new(disk, format.name, log, sightings));
        let Some(found) = found else { continue };
        let name = format.name.as_bytes();
        log.say(Level::Notice, &[disk.path, b": ", name, b" metadata discovered"]);
        if let Some(kept) = kept {
            let kept = kept.format.name.as_bytes();
            let both: [&[u8]; 4] = [b": \"", name, b"\" and \"", kept];
            let using: [&[u8]; 3] = [b"\" formats discovered (using ", kept, b")!"];
            log.say(Level::Plain, &[disk.path, &both.concat(), &using.concat()]);
            pass_over(sightings, format.name);
            passed.push(found);
        } else {
            *kept = Some(found);
        }
    }
    reading
}

/// What was to be used is not: another format was found before it.
fn pass_over(sightings: &mut [Sighting], format: &str) {
    let used = sightings.iter_mut().filter(|seen| seen.format == format && seen.fate == Fate::Used);
    used.for_each(|seen| seen.fate = Fate::Passed("another format was found before it"));
}
