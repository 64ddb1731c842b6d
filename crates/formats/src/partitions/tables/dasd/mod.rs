//! `dasd`: the labels of IBM's disks.
//!
//! The label is in the block that the driver names, 2 where there is no driver. Texts are EBCDIC, numbers are
//! big-endian. What `R` is: sectors in a track.
//!
//! | label | at | bytes | field |
//! |---|---|---|---|
//! | compatible layout | 0, 4 | 4, 4 | `VOL1`, twice |
//! | | 8 | 6 | the volume's name |
//! | | 15 | 2, 2, 1 | cylinder, head and block of the VTOC |
//! | Linux layout | 0 | 4 | `LNX1` |
//! | | 4 | 6 | the volume's name |
//! | | 79 | 1 | version; F2 has a size |
//! | | 80 | 8 | number of formatted blocks |
//! | CMS | 0 | 4 | `CMS1` |
//! | | 4 | 6 | the volume's name |
//! | | 12 | 4 | size of its blocks in bytes |
//! | | 28 | 4 | number of blocks |
//! | | 52 | 4 | where its reserved file begins, or 0 |
//!
//! In the compatible layout, the labels of data sets follow the VTOC's own first label, one in a block:
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0 | 44 | name |
//! | 44 | 1 | format: `1` and `8` are partitions, `4`, `5`, `7` and `9` are not, any other ends the list |
//! | 107 | 2, 2 | cylinder and head of the first track |
//! | 111 | 2, 2 | cylinder and head of the last track |
//!
//! A head's upper twelve bits are further bits of its cylinder. The other labels give one slice, from behind the label
//! or where CMS's reserved file begins, to the end. A DASD without a label gives the same.
//!
//! # Differences
//!
//! - The original reads numbers in its machine's order, and is right on s390 only.
//! - On disks that are not FBA it expects every label 4 bytes later, where only the compatible layout has its own.
//! - It does not end the list of data sets at the disk's end, nor at the last slot.
//! - It reads the label of a dm map from the disk below; this reader reads it from the map.
//!
//! # Source
//!
//! The kernel's `arch/s390/include/uapi/asm/vtoc.h` and `block/partitions/ibm.c`; kpartx 0.14.3 for the rest.

use alloc::string::String;
use alloc::vec::Vec;

use byteorder::BE;
use dm_core::units::{Bytes, Sectors};

use crate::bytes::Fields;
use crate::partitions::damage::{Part, Why};
use crate::partitions::disk::Trouble;
use crate::partitions::probe::Probe;
use crate::partitions::slice::{Id, Slice};
use crate::partitions::{Answer, Nested, TableType};

mod ebcdic;

pub(super) const TYPE: TableType = TableType { name: "dasd", nested: Nested::Never, read };

/// Heads of a disk that does not say how many it has.
const HEADS: u32 = 15;

/// The most cylinders of a disk that does not say how many it has.
const CYLINDERS_MAX: u64 = 0xFFFE;

/// The version of an `LNX1` label that has a size: the digit 2.
const LARGE_VOLUME: u8 = 0xF2;

/// What the system says of a disk that may be a DASD. The default is a disk of which nothing is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Dasd {
    /// Whether it is one.
    pub site: DasdSite,
    /// What the driver says; none where the ioctl `BIODASDINFO` fails.
    pub info: Option<DasdInfo>,
    /// What the ioctl `HDIO_GETGEO` says; none where it fails. A disk that makes up the geometry of a PC's disk
    /// leads the reader of the compatible layout astray.
    pub geometry: Option<Geometry>,
}

/// Whether a disk is a DASD.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DasdSite {
    /// If it has a label: any disk that is not a dm map.
    #[default]
    Labelled,
    /// Whether it has a label or not: major 94, or a dm map of which the first device below has that.
    Always,
    /// In no case: any other dm map.
    Never,
}

/// What the ioctl `BIODASDINFO` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DasdInfo {
    /// The block that has the label.
    pub label_block: u32,
    /// Whether it is formatted as FBA disks are.
    pub fba_layout: bool,
    /// The kind of disk: `ECKD`, `FBA `.
    pub kind: [u8; 4],
}

/// What the ioctl `HDIO_GETGEO` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// Cylinders.
    pub cylinders: u32,
    /// Heads.
    pub heads: u32,
    /// Blocks in a track.
    pub sectors: u32,
}

impl Geometry {
    /// That of an ECKD disk with `blocks` blocks of `size` bytes.
    fn of(blocks: u64, size: u32) -> Self {
        let in_track = in_track(size);
        let cylinder = crate::partitions::product(HEADS, in_track);
        let cylinders = blocks.checked_div(cylinder).unwrap_or(0).min(CYLINDERS_MAX);
        let cylinders = u32::try_from(cylinders).unwrap_or(u32::MAX);
        Self { cylinders, heads: HEADS, sectors: in_track }
    }

    /// The block at this cylinder and head, as their fields have them.
    fn block(self, cylinder: u16, head: u16) -> u64 {
        let cylinder = u64::from(cylinder) | (u64::from(head & 0xFFF0) << 12);
        let tracks = cylinder.saturating_mul(self.heads.into()).saturating_add((head & 15).into());
        tracks.saturating_mul(self.sectors.into())
    }

    fn blocks(self) -> u64 {
        crate::partitions::product(self.cylinders, self.heads).saturating_mul(self.sectors.into())
    }
}

/// How many blocks of `size` bytes a track of a 3390 has.
fn in_track(size: u32) -> u32 {
    let keyed = size.saturating_add(6);
    let data = keyed.div_ceil(232).saturating_add(1).saturating_mul(6).saturating_add(size);
    1729_u32.checked_div(data.div_ceil(34).saturating_add(19)).unwrap_or(0)
}

/// A disk, as far as the reader has come.
struct Volume {
    geometry: Geometry,
    label_block: u32,
    /// Where the label lies.
    at: Bytes,
    /// Whether it has tracks, that is, is no FBA disk.
    tracks: bool,
    /// How many blocks it has.
    blocks: u64,
    /// The sectors of a block.
    per: Sectors,
}

impl Volume {
    /// The only slice, from the block `start` on to the block `end`.
    fn rest(&self, start: u64, end: u64, per: Sectors) -> Option<Slice> {
        let len = end.checked_sub(start)?;
        Some(Slice::new(
            1,
            crate::partitions::in_sectors(start, per),
            crate::partitions::in_sectors(len, per),
            self.at,
        ))
    }

    fn behind_label(&self) -> u64 {
        u64::from(self.label_block).saturating_add(1)
    }
}

fn read(probe: &mut Probe<'_, '_>) -> Answer {
    let dasd = probe.options.dasd;
    let size = probe.disk.block_size();
    let Some(bytes) = u32::try_from(size.bytes().get()).ok().filter(|bytes| *bytes <= 4096) else {
        return Answer::Absent;
    };
    if dasd.site == DasdSite::Never {
        return Answer::Absent;
    }
    let info = dasd.info.unwrap_or(DasdInfo { label_block: 2, fba_layout: false, kind: *b"ECKD" });
    let blocks = probe.disk.blocks();
    let volume = Volume {
        geometry: dasd.geometry.unwrap_or_else(|| Geometry::of(blocks, bytes)),
        label_block: info.label_block,
        at: probe.disk.position(info.label_block.into()).unwrap_or(Bytes::ZERO),
        tracks: info.kind == *b"ECKD" && !info.fba_layout,
        blocks,
        per: size.sectors(),
    };
    let Some(label) = block(probe, info.label_block.into()) else { return Answer::Absent };
    let label = Fields::<BE>::new(&label);
    let (first, second) = (ebcdic::decode(&label.array(0)), ebcdic::decode(&label.array(4)));
    match (first, second) {
        ([b'V', b'O', b'L', b'1'], [b'V', b'O', b'L', b'1']) if volume.tracks => {
            compatible(probe, &volume, &label)
        }
        ([b'L', b'N', b'X', b'1'], _) => linux(probe, &volume, &label),
        ([b'C', b'M', b'S', b'1'], _) => cms(probe, &volume, &label),
        _ if dasd.site == DasdSite::Always => {
            one(None, volume.rest(volume.behind_label(), volume.blocks, volume.per))
        }
        _ => Answer::Absent,
    }
}

/// The first sector of a block; the original is silent where there is none.
fn block(probe: &mut Probe<'_, '_>, lba: u64) -> Option<[u8; 512]> {
    let at = probe.disk.position(lba).unwrap_or(Bytes::new(u64::MAX));
    match probe.disk.block(lba) {
        Ok(block) => block.first_chunk().copied(),
        Err(Trouble::Past | Trouble::Cut) => None,
        Err(trouble) => {
            probe.note(Part::Label, "block", at, Why::Unreadable(trouble));
            None
        }
    }
}

fn one(name: Option<String>, slice: Option<Slice>) -> Answer {
    let Some(slice) = slice else { return Answer::Absent };
    Answer::Slots { id: name.map(Id::Text), slices: Vec::from([slice]) }
}

/// `LNX1`: all that is formatted.
fn linux(probe: &mut Probe<'_, '_>, volume: &Volume, label: &Fields<'_, BE>) -> Answer {
    let formatted = match label.u8(79) {
        LARGE_VOLUME => label.u64(80),
        _ if volume.tracks => volume.geometry.blocks(),
        _ => volume.blocks,
    };
    let (start, end) = (volume.behind_label(), formatted.min(volume.blocks));
    let slice = volume.rest(start, end, volume.per);
    if slice.is_none() {
        let why = Why::Outside { found: formatted, low: start, high: volume.blocks };
        let at = volume.at.saturating_add(Bytes::new(80));
        probe.note(Part::Label, "formatted blocks", at, why);
    }
    one(ebcdic::name(&label.array::<6>(4)), slice)
}

/// `CMS1`: the reserved file, or everything.
fn cms(probe: &mut Probe<'_, '_>, volume: &Volume, label: &Fields<'_, BE>) -> Answer {
    let (size, blocks, offset) =
        (label.u32(12), u64::from(label.u32(28)), u64::from(label.u32(52)));
    let field = |offset| volume.at.saturating_add(Bytes::new(offset));
    let per = Bytes::new(size.into()).to_sectors().filter(|per| !per.is_zero() && size <= 4096);
    let Some(per) = per else {
        let why = Why::Outside { found: size.into(), low: 512, high: 4096 };
        probe.note(Part::Label, "block size", field(12), why);
        return Answer::Absent;
    };
    let slice = match offset {
        0 => volume.rest(volume.behind_label(), blocks, per),
        _ => blocks.checked_sub(1).and_then(|end| volume.rest(offset, end, per)),
    };
    if slice.is_none() {
        let why = Why::Outside { found: blocks, low: offset, high: u32::MAX.into() };
        probe.note(Part::Label, "number of blocks", field(28), why);
    }
    one(ebcdic::name(&label.array::<6>(4)), slice)
}

/// `VOL1`: the data sets.
fn compatible(probe: &mut Probe<'_, '_>, volume: &Volume, label: &Fields<'_, BE>) -> Answer {
    let vtoc = volume.geometry.block(label.u16(15), label.u16(17));
    let mut lba = vtoc.saturating_add(label.u8(19).into()).saturating_add(1);
    let mut slices = Vec::new();
    while let Some(found) = block(probe, lba) {
        let set = Fields::<BE>::new(&found);
        match ebcdic::decode(&set.array::<1>(44)) {
            [b'4' | b'5' | b'7' | b'9'] => {}
            [b'1' | b'8'] => {
                let at = probe.disk.position(lba).unwrap_or(Bytes::ZERO);
                let Some(number) = crate::partitions::next_number(slices.len()) else {
                    probe.note(Part::Label, "data sets", at, Why::TooMany);
                    break;
                };
                let (slice, backwards) = data_set(volume, &set, number, at);
                if backwards {
                    let at = at.saturating_add(Bytes::new(111));
                    probe.note(Part::Slice(number), "last track", at, Why::Backwards);
                }
                slices.push(slice);
            }
            _ => break,
        }
        lba = lba.saturating_add(1);
    }
    if slices.is_empty() {
        return Answer::Empty;
    }
    Answer::Slots { id: ebcdic::name(&label.array::<6>(8)).map(Id::Text), slices }
}

/// The slice of a data set, of no length where it ends before it begins; and whether it does.
fn data_set(volume: &Volume, set: &Fields<'_, BE>, number: u16, at: Bytes) -> (Slice, bool) {
    let first = volume.geometry.block(set.u16(107), set.u16(109));
    let last = volume.geometry.block(set.u16(111), set.u16(113));
    let end = last.saturating_add(volume.geometry.sectors.into());
    let len = end.saturating_sub(first);
    let slice = Slice {
        label: ebcdic::name(&set.array::<44>(0)),
        ..Slice::new(
            number,
            crate::partitions::in_sectors(first, volume.per),
            crate::partitions::in_sectors(len, volume.per),
            at,
        )
    };
    (slice, end < first)
}

#[cfg(test)]
mod tests;
