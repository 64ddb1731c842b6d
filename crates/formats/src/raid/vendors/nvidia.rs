//! `nvidia`: the RAID of NVIDIA's nForce chips.
//!
//! 120 bytes at the start of the sector N-2 of a disk of N. Numbers are little-endian.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0x00 | 8 | `NVIDIA`, and two that nobody looks at |
//! | 0x08 | 4 | size of all this, in words of 4 bytes: 30 |
//! | 0x0c | 4 | checksum: with it, the 30 words add up to 0 |
//! | 0x10 | 2 | version |
//! | 0x12 | 1 | number of the disk |
//! | 0x14 | 4, 4 | sectors of the array, bytes of a sector |
//! | 0x1c | 16, 4 | product, its revision: texts |
//! | 0x30 | 4 | flags of the disk |
//! | 0x34 | 4 | version of what follows |
//! | 0x38 | 4 × 4 | signature: the set's name |
//! | 0x48 | 1 | job: 0 none, 2 initialise, 3 rebuild, 4 upgrade, 5 synchronise |
//! | 0x49 | 1 | width: disks in a stripe, without those for parity or mirroring |
//! | 0x4a | 1 | disks of the array, spares among them |
//! | 0x4b | 1 | original width |
//! | 0x4c | 4 | level, see below |
//! | 0x50 | 4 | stride in sectors |
//! | 0x54 | 5 × 4 | the stride and the stripe in other units |
//! | 0x68 | 3 × 4 | job's mark, original level, original capacity |
//! | 0x74 | 4 | flags of the array: 1 boot, 2 error, 4 parity valid |
//!
//! The levels are 0x80 RAID 0, 0x81 RAID 1, 0x83 RAID 3, 0x95 RAID 5, 0xff JBOD and 0x8180, a mirror of two RAID 0.
//! A disk whose number is past the disks that its level needs is a spare.
//!
//! # Differences
//!
//! - Spares are not counted among the disks that a mirror, a RAID 5 or half of 0x8180 should have. In the original a
//!   set with a spare lacks a disk: the mirror is synchronised again, the RAID 5 dropped.
//! - `-n` ends the text at 0 where the field does.
//!
//! Kept as it is: RAID 3 is never listed as a set, for what it needs is not known well enough. A disk that failed, and comes
//! back, is a member: nothing in the metadata says which are the newest.
//!
//! # Source
//!
//! dmraid 1.0.0.rc16-12, by running it on made-up disks.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;

use byteorder::LE;
use dm_core::units::{Bytes, Sectors};

use crate::bytes::Fields;
use crate::raid::disk::Probe;
use crate::raid::kind::{Kind, Status};
use crate::raid::letters::in_letters;
use crate::raid::member::{self, Area, Found, Member, Record, Superset};
use crate::raid::native::{Native, until_nul};
use crate::raid::sighting::{Checksum, Damage, Fate, Mismatch};
use crate::raid::{Checking, FormatType};
use crate::why::Why;

/// The row of `nvidia`.
pub(super) static TYPE: FormatType = FormatType {
    name: "nvidia",
    description: "NVidia RAID",
    levels: "S,0,1,10,5",
    checking: Checking::USUAL,
    read,
    newest: None,
    native,
    dump: member::dump_first,
    erase: member::erase_all,
};

const VENDOR: &[u8] = b"NVIDIA";

/// How many words of 4 bytes the structure has, and how many bytes.
const WORDS: u32 = 30;
const LEN: usize = 120;

/// Where the checksum lies.
const CHECKSUM: usize = 0x0c;

/// The numbers that a level has on the disk.
const NONE: u32 = 0;
const RAID0: u32 = 0x80;
const RAID1: u32 = 0x81;
const RAID3: u32 = 0x83;
const RAID10: u32 = 0x8a;
const RAID5: u32 = 0x95;
const JBOD: u32 = 0xff;
const RAID0_MIRRORED: u32 = 0x8180;

/// The flag of an array with an error.
const ERROR: u32 = 2;

fn read(probe: &mut Probe<'_>) -> Option<Found> {
    let sector = probe.before_end(2)?;
    let bytes = probe.read(sector, LEN)?;
    let at = sector.to_bytes()?;
    let fields = Fields::<LE>::new(&bytes);
    if !bytes.starts_with(VENDOR) {
        return None;
    }
    if let Some((field, offset, mismatch)) = damage(&fields, &bytes) {
        let Mismatch { found, wanted } = mismatch;
        let at_field = at.saturating_add(Bytes::new(offset));
        let why = Why::Is { found, wanted };
        let fate = Fate::Damaged(Damage { field, at: at_field, why });
        let checksum = if field == "chksum" { Checksum::Wrong(mismatch) } else { Checksum::Right };
        probe.saw(String::from("array"), at, checksum, None, fate);
        probe.error_on(&[b"bad checksum on "]);
        return None;
    }
    probe.saw(String::from("array"), at, Checksum::Right, None, Fate::Used);
    let record = record(&fields, sector);
    let members = member(&fields, &record).into_iter().collect();
    let areas = [Area { at, bytes }].into();
    Some(Found { format: &TYPE, record, members, areas, guard: None })
}

/// The field that is wrong, where it lies, and how.
fn damage(fields: &Fields<'_, LE>, bytes: &[u8]) -> Option<(&'static str, u64, Mismatch)> {
    let (stored, wanted) = (fields.u32(CHECKSUM), checksum(bytes));
    let size = fields.u32(0x08);
    if stored != wanted {
        Some(("chksum", 0x0c, Mismatch { found: stored.into(), wanted: wanted.into() }))
    } else if size != WORDS {
        Some(("size", 0x08, Mismatch { found: size.into(), wanted: WORDS.into() }))
    } else {
        None
    }
}

/// The checksum that these bytes should have.
fn checksum(bytes: &[u8]) -> u32 {
    let words = bytes.chunks_exact(4).map(|word| Fields::<LE>::new(word).u32(0));
    let sum = words.fold(0, u32::wrapping_add);
    Fields::<LE>::new(bytes).u32(CHECKSUM).wrapping_sub(sum)
}

/// How many disks the level needs.
fn needed(fields: &Fields<'_, LE>) -> u8 {
    let width = fields.u8(0x49);
    match fields.u32(0x4c) {
        // quirk: it wraps, as in the original.
        RAID1 | RAID10 | RAID0_MIRRORED => width.wrapping_mul(2),
        RAID5 => width.wrapping_add(1),
        _ => width,
    }
}

/// All before the sector of the metadata is data.
fn record(fields: &Fields<'_, LE>, len: Sectors) -> Record {
    let (unit, total, needed) = (fields.u8(0x12), fields.u8(0x4a), needed(fields));
    let kind = match fields.u32(0x4c) {
        _ if total >= needed && unit >= needed => Kind::Spare,
        JBOD => Kind::Linear,
        RAID0 | RAID0_MIRRORED => Kind::Raid0,
        RAID1 => Kind::Raid1,
        RAID3 => Kind::Raid4,
        RAID5 => Kind::Raid5Ls,
        NONE => Kind::Spare,
        _ => Kind::Unknown,
    };
    let status = if fields.u32(0x74) & ERROR == 0 { Status::Ok } else { Status::Broken };
    let mut name = set_name(fields);
    if fields.u32(0x4c) == RAID0_MIRRORED {
        name.extend(format!("-{}", half(fields)).into_bytes());
    }
    Record { name, kind, status, start: Sectors::ZERO, len }
}

/// `nvidia_`, and the sum of the signature's words.
fn set_name(fields: &Fields<'_, LE>) -> Vec<u8> {
    let words = [0x38, 0x3c, 0x40, 0x44].map(|at| fields.u32(at));
    let sum = words.into_iter().fold(0, u32::wrapping_add);
    let mut name = format!("nvidia_{sum:08x}").into_bytes();
    in_letters(&mut name);
    name
}

/// Which of two RAID 0 the disk is of.
fn half(fields: &Fields<'_, LE>) -> u8 {
    u8::from(fields.u8(0x12) >= fields.u8(0x49))
}

/// The disk's part in its set; none where the level makes no sets.
fn member(fields: &Fields<'_, LE>, record: &Record) -> Option<Member> {
    let level = fields.u32(0x4c);
    let stride = Sectors::new(fields.u32(0x50).into());
    let mut member = Member {
        stride,
        order: fields.u8(0x12).into(),
        wanted: wanted(fields).into(),
        ..Member::of(record)
    };
    match level {
        RAID0 | RAID1 | RAID5 | JBOD => {}
        RAID0_MIRRORED => {
            let (name, order) = (set_name(fields), half(fields).into());
            member.superset = Some(Superset { name, kind: Kind::Raid1, stride, order });
        }
        _ if record.kind == Kind::Unknown => {
            let text = format!("nvidia: RAID type {level} not supported");
            member.refused = Some(text.into_bytes());
        }
        _ => return None,
    }
    Some(member)
}

/// How many disks the disk's set has, without spares: of a mirror of two RAID 0, that is one half.
fn wanted(fields: &Fields<'_, LE>) -> u8 {
    let total = fields.u8(0x4a);
    let without_spares = total.min(needed(fields));
    match fields.u32(0x4c) {
        RAID1 | RAID5 => without_spares,
        RAID0_MIRRORED => without_spares / 2,
        // A spare is of no use to it: what is too much is rather a member that is not understood.
        _ => total,
    }
}

/// The numbers of 4 bytes that follow the array's levels.
const LATER: [(usize, &str); 6] = [
    (0x50, "stripeBlockSize"),
    (0x54, "stripeBlockByteSize"),
    (0x58, "stripeBlockPower"),
    (0x5c, "stripeMask"),
    (0x60, "stripeSize"),
    (0x64, "stripeByteSize"),
];

fn native(found: &Found, out: &mut Native) {
    let Some(area) = found.areas.first() else { return };
    let bytes = &area.bytes;
    let fields = Fields::<LE>::new(bytes);
    let text = |from: usize, to: usize| bytes.get(from..to).unwrap_or_default();
    let vendor = until_nul(text(0x00, 0x08));
    let blanks = 8_usize.saturating_sub(vendor.len());
    out.bytes(&[b"0x000 ", &b" ".repeat(blanks)[..], vendor, b"\n"].concat());
    out.field(0x08, "size", fields.u32(0x08));
    out.field(0x0c, "chksum", fields.u32(CHECKSUM));
    out.field(0x10, "version", fields.u16(0x10));
    out.field(0x12, "unitNumber", fields.u8(0x12));
    out.field(0x13, "reserved", fields.u8(0x13));
    out.field(0x14, "capacity", fields.u32(0x14));
    out.field(0x18, "sectorSize", fields.u32(0x18));
    out.bytes(&[b"0x01c productID: ", until_nul(text(0x1c, 0x2c)), b"\n"].concat());
    let revision: Vec<u8> = text(0x2c, 0x30).iter().copied().filter(|byte| *byte != 0).collect();
    out.bytes(&[b"0x02c productRevision: ", &revision[..], b"\n"].concat());
    out.field(0x30, "unitFlags", fields.u32(0x30));
    out.field(0x34, "array->version", fields.u32(0x34));
    for (nth, at) in [0x38, 0x3c, 0x40, 0x44].into_iter().enumerate() {
        out.field(at, &format!("array->signature[{nth}]"), fields.u32(at));
    }
    out.field(0x48, "array->raidJobCode", fields.u8(0x48));
    out.field(0x49, "array->stripeWidth", fields.u8(0x49));
    out.field(0x4a, "array->totalVolumes", fields.u8(0x4a));
    out.field(0x4b, "array->originalWidth", fields.u8(0x4b));
    out.field(0x4c, "array->raidLevel", fields.u32(0x4c));
    for (at, name) in LATER {
        out.field(at, &format!("array->{name}"), fields.u32(at));
    }
    for (at, name) in [(0x68, "raidJobMark"), (0x6c, "originalLevel"), (0x70, "originalCapacity")] {
        writeln!(out, "{at:#05x} array->{name} {}", fields.u32(at)).ok();
    }
    writeln!(out, "0x074 array->flags {:#x}", fields.u32(0x74)).ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The disk 0 of a RAID 0 of two.
    fn stripe() -> [u8; LEN] {
        let mut bytes = [0; LEN];
        let mut put = |at: usize, part: &[u8]| bytes[at..at + part.len()].copy_from_slice(part);
        put(0x00, b"NVIDIA  \x1e\0\0\0\xaa\xe4\x69\x0e");
        put(0x10, &[0x64, 0, 0, 0, 0xc0, 0xd4, 1, 0, 0, 2, 0, 0]);
        put(0x1c, b"TESTDISK        1.0\0");
        put(0x34, &[0x44, 0, 0x64, 0]);
        put(0x38, b"\x11\x11\x11\x11\x22\x22\x22\x22\x33\x33\x33\x33\x44\x44\x44\x44");
        put(0x48, &[0, 2, 2, 2, 0x80, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 1, 0, 7, 0, 0, 0, 0x7f]);
        put(0x60, &[0, 1, 0, 0, 0, 0, 2, 0]);
        bytes
    }

    /// One of so many disks, of this level and width.
    fn unit(unit: u8, total: u8, level: u32, width: u8) -> (Record, Option<Member>) {
        let mut bytes = stripe();
        bytes[0x12] = unit;
        bytes[0x49] = width;
        bytes[0x4a] = total;
        bytes[0x4c..0x50].copy_from_slice(&level.to_le_bytes());
        let fields = Fields::new(&bytes);
        let record = record(&fields, Sectors::new(65534));
        let member = member(&fields, &record);
        (record, member)
    }

    #[test]
    fn the_words_add_up_to_nothing() {
        let bytes = stripe();
        assert_eq!(checksum(&bytes), 0x0e69_e4aa);
        assert_eq!(damage(&Fields::new(&bytes), &bytes), None);
    }

    #[test]
    fn a_wrong_size_is_damage_of_its_own() {
        let mut bytes = stripe();
        bytes[0x08] = 29;
        bytes[0x0c] = 0xab;
        let (field, at, _) = damage(&Fields::new(&bytes), &bytes).unwrap();
        assert_eq!((field, at), ("size", 8));
        bytes[0x0c] = 0xaa;
        let (field, at, _) = damage(&Fields::new(&bytes), &bytes).unwrap();
        assert_eq!((field, at), ("chksum", 12));
    }

    #[test]
    fn digits_of_a_name_become_letters() {
        assert_eq!(set_name(&Fields::new(&stripe())), b"nvidia_aaaaaaaa");
        let mut bytes = stripe();
        bytes[0x38..0x48].fill(0);
        bytes[0x38..0x3c].copy_from_slice(&0x0325_4801_u32.to_le_bytes());
        assert_eq!(set_name(&Fields::new(&bytes)), b"nvidia_adcfeiab");
    }

    #[test]
    fn spares_are_not_counted() {
        let (record, member) = unit(2, 3, RAID1, 1);
        assert_eq!((record.kind, member.unwrap().wanted), (Kind::Spare, 2));
        assert_eq!(unit(0, 4, RAID5, 2).1.unwrap().wanted, 3);
        assert_eq!(unit(0, 6, RAID0_MIRRORED, 2).1.unwrap().wanted, 2);
        assert_eq!(unit(0, 3, RAID0, 2).1.unwrap().wanted, 3);
    }

    #[test]
    fn what_makes_no_sets_is_still_shown() {
        assert_eq!(unit(0, 3, RAID3, 2).0.kind, Kind::Raid4);
        assert!(unit(0, 3, RAID3, 2).1.is_none());
        assert!(unit(0, 3, NONE, 2).1.is_none());
        assert!(unit(0, 4, RAID10, 2).1.unwrap().refused.is_some());
    }
}
