//! `jmicron`: the RAID of the `JMB36x` chips.
//!
//! 128 bytes at the start of the sector N-1 of a disk of N. Numbers are little-endian.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0x00 | 2 | `JM` |
//! | 0x02 | 1, 1 | minor and major version |
//! | 0x04 | 2 | checksum: with it, the 64 words of 2 bytes add up to 0 or 1 |
//! | 0x10 | 4 | identity of this disk: bits 0-3 the segment, the others the disk |
//! | 0x14 | 4 | where its data begin, in sectors |
//! | 0x18 | 4 | length of its data, in units of 65536 sectors |
//! | 0x1c | 2 | sectors to be added to that |
//! | 0x20 | 16 | name, text |
//! | 0x30 | 1 | mode: 0 RAID 0, 1 RAID 1, 2 a stripe of mirrors, 3 JBOD, 5 RAID 5 |
//! | 0x31 | 1 | stride: 2 sectors times 2 to the power of it |
//! | 0x32 | 2 | attribute; from bit 3 on, any bit says that the disk is broken |
//! | 0x38 | 2 × 4 | identities of spares |
//! | 0x40 | 8 × 4 | identities of members |
//!
//! The segment does not count when a disk is looked for among the members. A name that fills its field is without the
//! white space at its end, but for its first byte; a shorter one keeps it.
//!
//! # Differences
//!
//! - A name ends where its field does; the original goes on into the mode and the stride.
//! - A mirror of a stripe of mirrors has two members. The original expects all those of the array, and has every
//!   mirror synchronised again.
//! - The mirrors of such a stripe are in the order of their members. In the original the third goes before the second.
//!   A stripe of more than two may not be activated: nothing says whether one is missing.
//! - A disk that is not among the members, a spare too, is in no set. The original takes it for the first member.
//! - Entries after the last that is not 0 are no members. The original takes them for the place of disk 0.
//! - A stride beyond 32 bits is larger than any disk, so that no set has a size. The original loses its upper bits.
//!
//! Kept as it is: a disk that failed, and comes back, is a member. Nothing in the metadata says which are the newest.
//!
//! # Source
//!
//! dmraid 1.0.0.rc16-12, by running it on made-up disks.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use byteorder::LE;
use dm_core::units::{Bytes, Sectors};

use crate::bytes::Fields;
use crate::raid::disk::Probe;
use crate::raid::kind::{Kind, Status};
use crate::raid::member::{self, Area, Found, Member, Record, Superset};
use crate::raid::native::{Native, until_nul};
use crate::raid::sighting::{Checksum, Damage, Fate, Mismatch};
use crate::raid::{Checking, FormatType};
use crate::why::Why;

/// The row of `jmicron`.
pub(super) static TYPE: FormatType = FormatType {
    name: "jmicron",
    description: "JMicron ATARAID",
    levels: "S,0,1",
    checking: Checking::USUAL,
    read,
    newest: None,
    native,
    dump: member::dump_first,
    erase: member::erase_all,
};

const SIGNATURE: &[u8] = b"JM";

/// How long the structure is.
const LEN: usize = 0x80;

/// Where the checksum lies.
const CHECKSUM: usize = 0x04;

/// Where the identities of spares and members lie.
const SPARES: [usize; 2] = [0x38, 0x3c];
const MEMBERS: [usize; 8] = [0x40, 0x44, 0x48, 0x4c, 0x50, 0x54, 0x58, 0x5c];

/// What of an identity says which disk it is.
const DISK: u32 = 0xffff_fff0;

/// What of the attribute says that the disk is broken.
const BROKEN: u16 = 0xfff8;

/// A unit of the length, in sectors.
const RANGE: u32 = 0x1_0000;

/// The numbers that a mode has on the disk.
const RAID0: u8 = 0;
const RAID1: u8 = 1;
const RAID01: u8 = 2;
const JBOD: u8 = 3;

/// Why a stripe of more than two mirrors is left alone.
const GUARD: &str = "nothing says whether all mirrors of the stripe are there";

fn read(probe: &mut Probe<'_>) -> Option<Found> {
    let sector = probe.before_end(1)?;
    let bytes = probe.read(sector, LEN)?;
    let at = sector.to_bytes()?;
    let fields = Fields::<LE>::new(&bytes);
    if !bytes.starts_with(SIGNATURE) {
        return None;
    }
    let what = String::from("array");
    if let Some(mismatch) = mismatch(&bytes) {
        let Mismatch { found, wanted } = mismatch;
        let (field, why) = ("checksum", Why::Is { found, wanted });
        let fate = Fate::Damaged(Damage { field, at: at.saturating_add(Bytes::new(0x04)), why });
        probe.saw(what, at, Checksum::Wrong(mismatch), None, fate);
        return None;
    }
    let place = place(&fields);
    let record = record(&fields, &bytes, place);
    if record.len.is_zero() {
        let fate = Fate::Passed("it has no sectors for this disk");
        probe.saw(what, at, Checksum::Right, None, fate);
        probe.no_sectors();
        return None;
    }
    let is_member = place.is_some() || count(&fields) == 0;
    let fate =
        if is_member { Fate::Used } else { Fate::Passed("the disk is not among its members") };
    probe.saw(what, at, Checksum::Right, None, fate);
    let member = is_member.then(|| member(&fields, &bytes, place, &record));
    let guard = (fields.u8(0x30) == RAID01 && count(&fields) > 4).then_some(GUARD);
    let (members, areas) = (member.into_iter().collect(), [Area { at, bytes }].into());
    Some(Found { format: &TYPE, record, members, areas, guard })
}

/// What is wrong with the checksum.
fn mismatch(bytes: &[u8]) -> Option<Mismatch> {
    let words = bytes.chunks_exact(2).map(|word| Fields::<LE>::new(word).u16(0));
    let sum = words.fold(0, u16::wrapping_add);
    let found = Fields::<LE>::new(bytes).u16(CHECKSUM);
    let wanted = found.wrapping_sub(sum);
    (sum > 1).then(|| Mismatch { found: found.into(), wanted: wanted.into() })
}

/// How many members the array has.
fn count(fields: &Fields<'_, LE>) -> u8 {
    let used = (1_u8..=8).zip(MEMBERS).filter(|(_, at)| fields.u32(*at) != 0);
    used.map(|(count, _)| count).next_back().unwrap_or(0)
}

/// Which of the members the disk is, from 0: the last that is like it.
fn place(fields: &Fields<'_, LE>) -> Option<u8> {
    let own = fields.u32(0x10) & DISK;
    let members = (0..count(fields)).zip(MEMBERS);
    members.filter(|(_, at)| fields.u32(*at) & DISK == own).map(|(place, _)| place).next_back()
}

fn record(fields: &Fields<'_, LE>, bytes: &[u8], place: Option<u8>) -> Record {
    let kind = match fields.u8(0x30) {
        RAID0 => Kind::Raid0,
        RAID1 | RAID01 => Kind::Raid1,
        JBOD => Kind::Linear,
        _ => Kind::Unknown,
    };
    let status = if fields.u16(0x32) & BROKEN == 0 { Status::Ok } else { Status::Broken };
    let mut name = set_name(bytes);
    if fields.u8(0x30) == RAID01 {
        name.extend(format!("-{}", mirror(place)).into_bytes());
    }
    let ranges = fields.u32(0x18).wrapping_mul(RANGE);
    let len = Sectors::new(ranges.wrapping_add(fields.u16(0x1c).into()).into());
    Record { name, kind, status, start: Sectors::new(fields.u32(0x14).into()), len }
}

/// Which mirror of a stripe a member is of.
fn mirror(place: Option<u8>) -> u8 {
    place.unwrap_or(0) / 2
}

/// `jmicron_`, and the name.
fn set_name(bytes: &[u8]) -> Vec<u8> {
    [b"jmicron_", name(bytes)].concat()
}

fn name(bytes: &[u8]) -> &[u8] {
    let field = bytes.get(0x20..0x30).unwrap_or_default();
    let is_space = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0x0b;
    let last = field.iter().rposition(|byte| !is_space(byte)).unwrap_or(0);
    until_nul(field.get(..=last).unwrap_or_default())
}

fn member(fields: &Fields<'_, LE>, bytes: &[u8], place: Option<u8>, record: &Record) -> Member {
    let mode = fields.u8(0x30);
    let stride = Sectors::new(2_u64.checked_shl(fields.u8(0x31).min(62).into()).unwrap_or(0));
    let superset = (mode == RAID01).then(|| Superset {
        name: set_name(bytes),
        kind: Kind::Raid0,
        stride,
        order: mirror(place).into(),
    });
    let refused = (record.kind == Kind::Unknown)
        .then(|| format!("jmicron: RAID type {mode} not supported").into_bytes());
    Member {
        stride,
        order: place.unwrap_or(0).into(),
        wanted: if mode == RAID01 { 2 } else { count(fields).into() },
        superset,
        refused,
        ..Member::of(record)
    }
}

fn native(found: &Found, out: &mut Native) {
    let Some(area) = found.areas.first() else { return };
    let fields = Fields::<LE>::new(&area.bytes);
    out.bytes(b"0x000 signature: JM\n");
    out.field(0x02, "version", format_args!("{}{}", fields.u8(0x03), fields.u8(0x02)));
    out.field(0x04, "checksum", fields.u16(CHECKSUM));
    out.field(0x10, "identity", format_args!("{:#x}", fields.u32(0x10)));
    out.field(0x14, "base", fields.u32(0x14));
    out.field(0x18, "range", fields.u32(0x18));
    out.field(0x1c, "range2", fields.u16(0x1c));
    out.quoted(0x20, "name", name(&area.bytes));
    // quirk: the original's word for the mode.
    out.field(0x30, "name", fields.u8(0x30));
    out.field(0x31, "block", fields.u8(0x31));
    out.field(0x32, "attribute", fields.u16(0x32));
    for (nth, at) in SPARES.into_iter().enumerate() {
        out.field(at, &format!("spare[{nth}]"), format_args!("{:#x}", fields.u32(at)));
    }
    for (nth, at) in MEMBERS.into_iter().enumerate() {
        out.field(at, &format!("member[{nth}]"), format_args!("{:#x}", fields.u32(at)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The disk 0 of a RAID 0 of two.
    fn stripe() -> [u8; LEN] {
        let mut bytes = [0; LEN];
        let mut put = |at: usize, part: &[u8]| bytes[at..at + part.len()].copy_from_slice(part);
        put(0x00, b"JM\0\x01\x2e\xe3");
        put(0x10, &[0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x60, 0xea]);
        put(0x20, b"MYRAID");
        put(0x31, &[5]);
        put(0x40, &[0x10, 0, 0, 0, 0x20]);
        bytes
    }

    fn named(name: &[u8; 16]) -> Vec<u8> {
        let mut bytes = stripe();
        bytes[0x20..0x30].copy_from_slice(name);
        set_name(&bytes)
    }

    #[test]
    fn the_words_add_up_to_nothing_or_one() {
        let mut bytes = stripe();
        assert_eq!(mismatch(&bytes), None);
        bytes[0x04] = 0x2f;
        assert_eq!(mismatch(&bytes), None);
        bytes[0x04] = 0x30;
        assert_eq!(mismatch(&bytes), Some(Mismatch { found: 0xe330, wanted: 0xe32e }));
    }

    #[test]
    fn white_space_at_the_end_of_a_full_name_goes() {
        assert_eq!(named(b"MYRAID          "), b"jmicron_MYRAID");
        assert_eq!(named(b"MY RAID 1   \0\0\0\0"), b"jmicron_MY RAID 1   ");
        assert_eq!(named(b"                "), b"jmicron_ ");
        assert_eq!(named(b"ABCDEFGHIJ\t\n\x0b\x0c\r "), b"jmicron_ABCDEFGHIJ");
        assert_eq!(named(b"ABCDEFGHIJKLMNOP"), b"jmicron_ABCDEFGHIJKLMNOP");
    }

    #[test]
    fn a_place_is_that_of_the_last_member_alike() {
        let mut bytes = stripe();
        assert_eq!(place(&Fields::new(&bytes)), Some(0));
        bytes[0x48] = 0x1f;
        assert_eq!(place(&Fields::new(&bytes)), Some(2));
        bytes[0x10] = 0x30;
        assert_eq!(place(&Fields::new(&bytes)), None);
    }

    #[test]
    fn an_empty_entry_is_no_place() {
        let mut bytes = stripe();
        bytes[0x10] = 0x00;
        assert_eq!(place(&Fields::new(&bytes)), None);
        bytes[0x40] = 0x00;
        assert_eq!(place(&Fields::new(&bytes)), Some(0));
    }

    #[test]
    fn a_mirror_of_a_stripe_has_two_members() {
        let mut bytes = stripe();
        bytes[0x30] = RAID01;
        let fields = Fields::new(&bytes);
        let record = record(&fields, &bytes, Some(3));
        assert_eq!(record.name, b"jmicron_MYRAID-1");
        let member = member(&fields, &bytes, Some(3), &record);
        assert_eq!((member.wanted, member.stride), (2, Sectors::new(64)));
        assert_eq!(member.superset.unwrap().order, 1);
    }
}
