//! `hpt45x`: `HighPoint HPT45x`.
//!
//! 48 bytes in sector N-11 of a disk of N. Numbers are little-endian; there is no checksum.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0x00 | 4 | magic: 0x5a7816f3, or 0x5a7816fd on a disk that is out of use |
//! | 0x04 | 4 | number of the set; 0 on a spare |
//! | 0x08 | 4 | number of the subset, which nobody looks at |
//! | 0x0c | 4 | sectors of the array |
//! | 0x10 | 1 | type: 4 span, 5 RAID 0, 6 RAID 1 |
//! | 0x11 | 1 | members |
//! | 0x12 | 1 | number of the disk, below 8 |
//! | 0x13 | 1 | stride, as a power of two in sectors |
//! | 0x14 | 3 × 4 | unknown |
//! | 0x20 | 1 | type of the set of sets; 6: it mirrors stripes |
//! | 0x21 | 1 | members of that |
//! | 0x22 | 1 | number of the subset in it |
//! | 0x23 | 1 | stride of it, as a power of two in sectors |
//! | 0x24 | 3 × 4 | unknown |
//!
//! # Differences
//!
//! - A mirror has no set above it. The original takes the members of one that say so to be a set each, which it then maps
//!   apart: what is written to one would not be on the other.
//!
//! Kept as it is: a disk that failed, and comes back, is a member. Nothing in the metadata says which are the newest.
//!
//! # Source
//!
//! dmraid 1.0.0.rc16-12, by running it on made-up disks.

use alloc::format;
use alloc::vec::Vec;

use byteorder::LE;
use dm_core::units::Sectors;

use super::highpoint::{self, MAGIC_BAD};
use crate::bytes::Fields;
use crate::raid::disk::Probe;
use crate::raid::kind::{Kind, Status};
use crate::raid::letters::numbered;
use crate::raid::member::{self, Area, Found, Member, Record, Superset};
use crate::raid::native::Native;
use crate::raid::stride;
use crate::raid::{Checking, FormatType};

/// The row of `hpt45x`.
pub(super) static TYPE: FormatType = FormatType {
    name: "hpt45x",
    description: "Highpoint HPT45X",
    levels: "S,0,1,10",
    checking: Checking::USUAL,
    read,
    newest: None,
    native,
    dump: member::dump_first,
    erase: member::erase_all,
};

/// How far before the disk's end the metadata lie, in sectors, and how long they are.
const FROM_END: u64 = 11;
const LEN: usize = 48;

const MAGIC: u32 = 0x5a78_16f3;

/// The numbers that a type has on the disk.
const SPAN: u8 = 4;
const RAID0: u8 = 5;
const RAID1: u8 = 6;

fn read(probe: &mut Probe<'_>) -> Option<Found> {
    let sector = probe.before_end(FROM_END)?;
    let bytes = probe.read(sector, LEN)?;
    let at = sector.to_bytes()?;
    let fields = Fields::<LE>::new(&bytes);
    if ![MAGIC, MAGIC_BAD].contains(&fields.u32(0)) {
        return None;
    }
    let record = record(sector, &fields);
    let members = member(&fields, &record).into_iter().collect();
    let areas = Vec::from([Area { at, bytes }]);
    let found = Found { format: &TYPE, record, members, areas, guard: None };
    highpoint::checked(probe, found, 0x12)
}

/// What the metadata in this sector say of their disk.
fn record(sector: Sectors, fields: &Fields<'_, LE>) -> Record {
    let kind = match (fields.u32(0x04), fields.u8(0x10)) {
        (0, _) => Kind::Spare,
        (_, SPAN) => Kind::Linear,
        (_, RAID0) => Kind::Raid0,
        (_, RAID1) => Kind::Raid1,
        _ => Kind::Unknown,
    };
    let array = u64::from(fields.u32(0x0c));
    let len = match kind {
        Kind::Raid0 => Sectors::new(array.checked_div(fields.u8(0x11).into()).unwrap_or(array)),
        Kind::Raid1 => Sectors::new(array),
        _ => sector,
    };
    let status = if fields.u32(0) == MAGIC { Status::Ok } else { Status::Broken };
    let name = match kind {
        Kind::Spare => b"hpt45x_SPARE".to_vec(),
        _ => numbered("hpt45x_", fields.u32(0x04), subset(fields).map(u32::from)),
    };
    Record { name, kind, status, start: Sectors::ZERO, len }
}

/// The number of the set in a set of sets. Only a stripe's set of sets is one.
fn subset(fields: &Fields<'_, LE>) -> Option<u8> {
    (fields.u8(0x10) != RAID1 && fields.u8(0x20) == RAID1).then(|| fields.u8(0x22))
}

/// The disk's part in its set; none for a spare.
fn member(fields: &Fields<'_, LE>, record: &Record) -> Option<Member> {
    if record.kind == Kind::Spare {
        return None;
    }
    let above = subset(fields).filter(|_| record.kind == Kind::Raid0);
    let superset = above.map(|order| Superset {
        name: numbered("hpt45x_", fields.u32(0x04), None),
        kind: Kind::Raid1,
        stride: stride::of_shift(fields.u8(0x23)),
        order: order.into(),
    });
    let refused = (record.kind == Kind::Unknown)
        .then(|| format!("hpt45x: RAID type {} not supported", fields.u8(0x10)).into_bytes());
    Some(Member {
        stride: stride::of_shift(fields.u8(0x13)),
        order: fields.u8(0x12).into(),
        wanted: fields.u8(0x11).into(),
        superset,
        refused,
        ..Member::of(record)
    })
}

fn native(found: &Found, out: &mut Native) {
    let Some(area) = found.areas.first() else { return };
    let fields = Fields::<LE>::new(&area.bytes);
    let mut hex =
        |at: usize, name: &str| out.field(at, name, format_args!("{:#x}", fields.u32(at)));
    hex(0x00, "magic");
    hex(0x04, "magic_0");
    hex(0x08, "magic_1");
    out.field(0x0c, "total_secs", fields.u32(0x0c));
    out.field(0x10, "type", fields.u8(0x10));
    out.field(0x11, "raid_disks", fields.u8(0x11));
    out.field(0x12, "disk_number", fields.u8(0x12));
    out.field(0x13, "raid0_shift", fields.u8(0x13));
    let mut hex =
        |at: usize, name: &str| out.field(at, name, format_args!("{:#x}", fields.u32(at)));
    hex(0x14, "dummy[0]");
    hex(0x18, "dummy[1]");
    hex(0x1c, "dummy[2]");
    out.field(0x20, "raid1_type", fields.u8(0x20));
    out.field(0x21, "raid1_raid_disks", fields.u8(0x21));
    out.field(0x22, "raid1_disk_number", fields.u8(0x22));
    out.field(0x23, "raid1_shift", fields.u8(0x23));
    let mut hex =
        |at: usize, name: &str| out.field(at, name, format_args!("{:#x}", fields.u32(at)));
    hex(0x24, "dummy1[0]");
    hex(0x28, "dummy1[1]");
    hex(0x2c, "dummy1[2]");
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use dm_testkit::raid::Image;
    use dm_testkit::raid::hpt45x::Hpt45x;

    use super::*;
    use crate::raid::{self, Disk, Reading};

    fn reading(image: &Image) -> Reading {
        raid::read(&Disk { path: b"/dev/sda", serial: None, source: image }, &[&TYPE])
    }

    fn fates(reading: &Reading) -> Vec<String> {
        reading.sightings.iter().map(|seen| format!("{}", seen.fate)).collect()
    }

    #[test]
    fn a_disk_is_what_its_fields_say() {
        let disk = Hpt45x { magic: MAGIC_BAD, number: 1, above: [6, 2, 1, 6], ..Hpt45x::default() };
        let found = reading(&disk.disk()).found.unwrap();
        let record = &found.record;
        assert_eq!(record.name, b"hpt45x_egga-1");
        assert_eq!((record.kind, record.status), (Kind::Raid0, Status::Broken));
        assert_eq!((record.start.get(), record.len.get()), (0, 60_000));
        let superset = found.members[0].superset.as_ref().unwrap();
        assert_eq!((&superset.name[..], superset.kind), (&b"hpt45x_egga"[..], Kind::Raid1));
        assert_eq!((superset.stride.get(), superset.order), (64, 1));
    }

    #[test]
    fn members_of_a_mirror_are_of_one_set_whatever_they_say_of_a_set_above() {
        let name = |number| {
            let above = [6, 2, number, 7];
            let disk = Hpt45x { kind: 6, number, above, ..Hpt45x::default() }.disk();
            reading(&disk).found.unwrap().record.name
        };
        assert_eq!(name(0), b"hpt45x_egga");
        assert_eq!(name(0), name(1));
    }

    #[test]
    fn absent_damaged_and_of_no_use_are_three_things() {
        assert!(reading(&Image::new("none", 65536)).sightings.is_empty());
        let ninth = reading(&Hpt45x { number: 8, ..Hpt45x::default() }.disk_of(100));
        assert_eq!(fates(&ninth), ["damaged: disk_number at byte 45586: is 8, should be 0 to 7"]);
        let empty = reading(&Hpt45x { sectors: 1, ..Hpt45x::default() }.disk());
        assert_eq!(fates(&empty), ["passed over: it has no sectors for this disk"]);
        assert!(empty.found.is_none() && ninth.found.is_none());
    }
}
