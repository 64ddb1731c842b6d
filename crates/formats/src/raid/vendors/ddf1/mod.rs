//! `ddf1`: the Common RAID Disk Data Format of SNIA.
//!
//! ```text
//! anchor, sector N-1 (Adaptec: or N-257) of a disk of N
//!  ├─► primary header ──► adapter, physical drives, virtual drives, config records, disk data
//!  └─► secondary header ─► the same again
//! ```
//!
//! Numbers are in the byte order in which the anchor's mark is: big-endian in the standard, little-endian as Adaptec
//! writes it. The tables lie so many sectors after their header as it says. What is not used is all ones. Each
//! structure has its mark at byte 0, and at byte 4 the CRC-32 of all its sectors, with ones in its own place. No reader
//! but Linux minds a wrong one.
//!
//! | at | bytes | header: anchor, primary, secondary; mark 0xDE11DE11 |
//! |---|---|---|
//! | 0x08 | 24 | GUID |
//! | 0x20 | 8 | revision, text |
//! | 0x28 | 4, 4 | sequence number, moment |
//! | 0x60 | 8, 8 | sectors of the primary and of the secondary header |
//! | 0x70 | 1 | which header: 0 anchor, 1 primary, 2 secondary |
//! | 0x74 | 4, 8 | length and sector of the workspace |
//! | 0x80 | 2, 2, 2 | most physical drives, virtual drives, partitions |
//! | 0x86 | 2 | sectors of a config record |
//! | 0x88 | 2 | members a config record has room for; all ones: as there are physical drives |
//! | 0xc0 | 8 × (4, 4) | offset and sectors of: adapter, physical drives, virtual drives, config records, disk data, bad blocks, diagnosis, vendor |
//!
//! | at | bytes | adapter, mark 0xAD111111; disk data, mark 0x33333333 |
//! |---|---|---|
//! | 0x08 | 24 | GUID |
//! | 0x20 | 4 × 2 | adapter: PCI vendor, device, and those of the subsystem |
//! | 0x20 | 4 | disk data: what the other tables call this disk, its reference |
//!
//! | at | bytes | physical drives, mark 0x22222222; virtual drives, mark 0xDDDDDDDD |
//! |---|---|---|
//! | 0x08 | 2, 2 | entries in use, and all there is room for |
//! | 0x40 | n × 64 | entries, with a GUID first |
//! | +0x18 | 4, 2, 2 | physical: reference, type, bits of its state, see below |
//! | +0x20 | 8 | physical: sectors |
//! | +0x18 | 2, 4 | virtual: number; at 0x1c, type |
//! | +0x20 | 1, 1 | virtual: state, how far it is initialised |
//! | +0x30 | 16 | virtual: name |
//!
//! | at | bytes | config record of a virtual drive, mark 0xEEEEEEEE |
//! |---|---|---|
//! | 0x08 | 24 | GUID of the virtual drive; the last four bytes may be all ones |
//! | 0x20 | 4, 4 | moment, sequence number |
//! | 0x40 | 2 | members |
//! | 0x42 | 1 | the stride is two to the power of this sectors |
//! | 0x43 | 1, 1 | primary level; its qualifier: where the parity of RAID 5 lies |
//! | 0x45 | 1, 1, 1 | records that make the virtual drive; which this is; what they make: 0 stripe, 1 mirror, 2 one after the other, 3 spanned: a stripe as far as all of them reach, as Linux has its RAID 10 |
//! | 0x48 | 8, 8 | sectors of each member that are used; sectors of the virtual drive |
//! | 0x200 | m × 4 | references of the members |
//! | | m × 8 | where each begins |
//!
//! The bits of a drive's state: 1 online, 2 failed, 4 rebuilding, 8 in transition, 0x10 and 0x20 errors, 0x40 missing. The
//! sequence numbers rise with every write.
//!
//! A config record of a spare has the mark 0x55555555 and is of no effect.
//!
//! # Differences
//!
//! - A disk's part is in the set of the record that names it. The original mixes up the numbers of records where not
//!   all of them name the disk, and so puts disks into sets that they are no part of.
//! - RAID 5 of qualifier 0 is right asymmetric and of 1 right symmetric, as the standard has it. To the original they
//!   are right symmetric and unknown.
//! - Virtual drives of several records are sets of sets. To the original all members are of one set, whatever the
//!   records make together. What is not known to be read rightly is not activated: a stripe of other sets than
//!   mirrors, and a spanned virtual drive whose mirrors are not all of one size.
//! - RAID 4 of qualifier 1 has parity on its last disk, which is listed and mapped first. To the original, its first
//!   disk has it.
//! - A `/` of a name becomes `_`, for no device can have one. A name of nothing but blanks and one that two virtual
//!   drives share give way to the GUID. All other names are the original's.
//! - Checksums are of what is on the disk. The original takes those of big-endian structures after it has turned their
//!   numbers round, and finds all of them wrong.
//! - Where the primary header's tables are damaged, the secondary's are used.
//! - The disks of a container are in its group in whatever order they are found.
//! - The newest header of a container, by its sequence number, has the drives that count: a disk that they have as failed,
//!   missing, rebuilding or not online, or not at all, is no member. Of the records of a virtual drive the newest counts, on
//!   whichever disk it is. To the original, each disk's own count, also where they say themselves that it failed.
//! - As many sectors of the virtual drives are read as the header says they have; the original reads as many as the
//!   physical drives have.
//! - A disk that no virtual drive of its own has the GUID of is said to be so whenever it is read, not only when sets
//!   are made. A config record has no more members than it has room for.
//! - Of the config area no more than 4096 sectors are looked at.
//! - What points past the disk's end is not followed, in silence.
//! - `-n` shows where the structures lie, not where they are in memory, and the numbers of big-endian virtual drives.
//! - `-D` writes a file for each structure. The original writes all from the first to the disk's end, which may be
//!   all of the disk. `-E` clears all three headers. The original clears nothing.
//!
//! # Source
//!
//! dmraid 1.0.0.rc16-12, by running it on made-up disks; SNIA, Common RAID Disk Data Format Specification 1.2, for
//! qualifiers, secondary levels, states of drives and sequence numbers; mdadm 4.2, by running its `--examine` on made-up
//! disks, for Linux's checksums, and by having it make containers and fail their disks.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use crate::raid::disk::Probe;
use crate::raid::member::{Area, Dump, Found, Patch};
use crate::raid::message::Level;
use crate::raid::sighting::{Checksum, Fate, Mismatch};
use crate::raid::{Checking, FormatType, Groups, Joining};

mod container;
mod members;
mod native;
mod newest;
mod numbers;
mod tables;

use container::{CONFIG, Container, SPARE, STRUCTURES, Which};

/// The row of `ddf1`.
pub(super) static TYPE: FormatType = FormatType {
    name: "ddf1",
    description: "SNIA DDF1",
    levels: "0,1,4,5,linear",
    checking: Checking {
        joining: Joining::Overrides,
        groups: Groups::AsTheirSets,
        ..Checking::USUAL
    },
    read,
    newest: Some(newest::newest),
    native: native::native,
    dump,
    erase,
};

/// The group of all disks that have such metadata.
const GROUP: &[u8] = b".ddf1_disks";

/// What all other names begin with.
const PREFIX: &[u8] = b"ddf1_";

/// How far before the disk's end the anchor may lie.
const ANCHORS: [u64; 2] = [1, 257];

/// What `-D` calls the structures, in their order.
const SUFFIXES: [&str; 8] =
    ["_anchor", "_primary", "_secondary", "_adapter", "_disk", "_physical", "_virtual", "_config"];

/// Whose software wrote the metadata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Maker {
    /// Adaptec's, which has RAID 5 of one kind only.
    Adaptec,
    /// Any other's.
    Other,
}

impl Maker {
    /// Whose container it is whose anchor lies so many sectors before the disk's end.
    fn of(container: &Container<'_>, back: u64) -> Self {
        if container.is_adaptec() || back != 1 { Self::Adaptec } else { Self::Other }
    }
}

fn read(probe: &mut Probe<'_>) -> Option<Found> {
    let (back, areas) =
        ANCHORS.into_iter().find_map(|back| Some((back, tables::read(probe, back)?)))?;
    let container = Container::of(&areas)?;
    let maker = Maker::of(&container, back);
    if container.is_adaptec() {
        complain(probe, &container);
    }
    let record = members::record(&container);
    if record.is_none() {
        let path = probe.disk().path;
        let text = b"ddf1: Cannot find physical drive description on ";
        probe.say(Level::Error, &[text, path, b"!"]);
    }
    let record = record.filter(|record| {
        if record.len.is_zero() {
            probe.error_on(&[b"zero sectors on "]);
        }
        !record.len.is_zero()
    });
    saw(probe, &container, record.is_some());
    let Some(record) = record else {
        probe.error_on(&[b"setting up RAID device "]);
        return None;
    };
    let members = members::members(probe, &container, maker, &record);
    let guard = members::guard(members::parts(&container), maker);
    Some(Found { format: &TYPE, record, members, areas, guard })
}

/// Says which checksums are wrong, in the original's order.
fn complain(probe: &mut Probe<'_>, container: &Container<'_>) {
    let structures = [
        Which::Virtual,
        Which::Physical,
        Which::DiskData,
        Which::Adapter,
        Which::Secondary,
        Which::Primary,
    ];
    let structures = structures.map(|which| (which.name(), container.get(which)));
    let records = container.records().filter_map(|record| match record.u32(0) {
        CONFIG => Some(("VD CFG", record)),
        SPARE => Some(("Spare CFG", record)),
        _ => None,
    });
    for (what, structure) in structures.into_iter().chain(records) {
        let Checksum::Ignored(Mismatch { found, wanted }) = structure.checksum() else { continue };
        if !structure.bytes.is_empty() {
            // quirk: what is there is what the original expects.
            let text = format!("ddf1: {what} with CRC {wanted:X}, expected {found:X} on ");
            probe.say(Level::Plain, &[text.as_bytes(), probe.disk().path]);
        }
    }
}

/// Notes every structure for `--explain`.
fn saw(probe: &mut Probe<'_>, container: &Container<'_>, is_used: bool) {
    let fate = if is_used { Fate::Used } else { Fate::Passed("it has no sectors for this disk") };
    for (which, area) in STRUCTURES.into_iter().zip(container.areas) {
        if area.bytes.is_empty() || which == Which::Config {
            continue;
        }
        let numbers = container.get(which);
        let generation = matches!(which, Which::Anchor | Which::Primary | Which::Secondary)
            .then(|| numbers.u32(0x28).into());
        let is_copy = which == Which::Secondary && !container.get(Which::Primary).bytes.is_empty();
        let fate = if is_copy && is_used { Fate::Copy } else { fate.clone() };
        probe.saw(String::from(which.name()), area.at, numbers.checksum(), generation, fate);
    }
}

/// The structures that are there.
fn present(found: &Found) -> impl Iterator<Item = (Which, &Area)> {
    STRUCTURES.into_iter().zip(&found.areas).filter(|(_, area)| !area.bytes.is_empty())
}

fn dump(found: &Found) -> Vec<Dump> {
    let named = found.areas.iter().zip(SUFFIXES).filter(|(area, _)| !area.bytes.is_empty());
    named.map(|(area, suffix)| Dump { suffix, area: area.clone() }).collect()
}

/// The headers go; without them the tables are nothing.
fn erase(found: &Found) -> Vec<Patch> {
    let is_header = |which| matches!(which, Which::Anchor | Which::Primary | Which::Secondary);
    let headers = present(found).filter(|(which, _)| is_header(*which));
    let zeros = |area: &Area| Patch { at: area.at, bytes: alloc::vec![0; area.bytes.len()] };
    headers.map(|(_, area)| zeros(area)).collect()
}

#[cfg(test)]
mod tests;
