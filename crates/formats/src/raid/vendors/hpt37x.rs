//! `hpt37x`: `HighPoint HPT37x`.
//!
//! One sector, the tenth of the disk. Numbers are little-endian; there is no checksum.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0x20 | 4 | magic: 0x5a7816f0, or 0x5a7816fd on a disk that is out of use |
//! | 0x24 | 4 | number of the set; 0 on a spare |
//! | 0x28 | 4 | number of the set of sets; 0 where there is none |
//! | 0x2c | 4 | number of the subset |
//! | 0x30 | 1 | members |
//! | 0x31 | 1 | stride, as a power of two in sectors |
//! | 0x32 | 1 | type: 0 RAID 0, 1 RAID 1, 2 half of a mirror of stripes, 3 span, 6 single disk, 7 part of a stripe of mirrors |
//! | 0x33 | 1 | number of the disk, below 8 |
//! | 0x34 | 4 | sectors of the array |
//! | 0x38 | 4, 4 | disk mode, boot mode |
//! | 0x40 | 1, 1 | boot disk, boot protection |
//! | 0x42 | 1, 1 | entries of the error log, and where it goes on |
//! | 0x44 | 32 × 12 | error log: time, reason, disk, status, sectors, sector |
//!
//! Data begin at sector 0 of the first disk and at sector 10 of the others. That a disk is out of use is of no effect in
//! a complete mirror.
//!
//! # Differences
//!
//! - A disk with less than 10 sectors of data before the offset has none. In the original it has 2^64 less a few.
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
use crate::raid::member::{self, Area, Family, Found, Member, Record, Superset};
use crate::raid::native::Native;
use crate::raid::stride;
use crate::raid::{Checking, FormatType};

/// The row of `hpt37x`.
pub(super) static TYPE: FormatType = FormatType {
    name: "hpt37x",
    description: "Highpoint HPT37X",
    levels: "S,0,1,10,01",
    checking: Checking::USUAL,
    read,
    newest: None,
    native,
    dump: member::dump_first,
    erase: member::erase_all,
};

/// Where the metadata lie.
const AT: Sectors = Sectors::new(9);

const MAGIC: u32 = 0x5a78_16f0;

/// Where data begin on all disks but the first.
const DATA: Sectors = Sectors::new(10);

/// The numbers that a type has on the disk.
const RAID0: u8 = 0;
const RAID1: u8 = 1;
const HALF_RAID0: u8 = 2;
const SPAN: u8 = 3;
const SINGLE: u8 = 6;
const HALF_RAID1: u8 = 7;

/// The error log: where it lies, how many entries it has, and how long one is.
const LOG: usize = 0x44;
const LOG_ENTRIES: usize = 32;
const LOG_ENTRY: usize = 12;

fn read(probe: &mut Probe<'_>) -> Option<Found> {
    let bytes = probe.read(AT, 512)?;
    let at = AT.to_bytes()?;
    let fields = Fields::<LE>::new(&bytes);
    if ![MAGIC, MAGIC_BAD].contains(&fields.u32(0x20)) {
        return None;
    }
    let record = record(probe, &fields);
    let members = member(&fields, &record).into_iter().collect();
    let areas = Vec::from([Area { at, bytes }]);
    let found = Found { format: &TYPE, record, members, areas, guard: None };
    highpoint::checked(probe, found, 0x33)
}

fn record(probe: &Probe<'_>, fields: &Fields<'_, LE>) -> Record {
    let kind = match (fields.u32(0x24), fields.u8(0x32)) {
        (0, _) => Kind::Spare,
        (_, SPAN | SINGLE) => Kind::Linear,
        (_, RAID0 | HALF_RAID0) => Kind::Raid0,
        (_, RAID1 | HALF_RAID1) => Kind::Raid1,
        _ => Kind::Unknown,
    };
    let array = u64::from(fields.u32(0x34));
    let whole = match kind {
        Kind::Raid0 => array.checked_div(fields.u8(0x30).into()).unwrap_or(array),
        Kind::Raid1 => array,
        _ => probe.sectors().get(),
    };
    let start = if fields.u8(0x33) == 0 { Sectors::ZERO } else { DATA };
    let status = if fields.u32(0x20) == MAGIC { Status::Ok } else { Status::Broken };
    let name = match kind {
        Kind::Spare => b"hpt37x_SPARE".to_vec(),
        _ => numbered("hpt37x_", number(fields), subset(fields)),
    };
    Record { name, kind, status, start, len: Sectors::new(whole).saturating_sub(start) }
}

/// The number that names the set, or the set of sets.
fn number(fields: &Fields<'_, LE>) -> u32 {
    match fields.u32(0x28) {
        0 => fields.u32(0x24),
        above => above,
    }
}

/// The number of the set in a set of sets.
fn subset(fields: &Fields<'_, LE>) -> Option<u32> {
    [HALF_RAID0, HALF_RAID1].contains(&fields.u8(0x32)).then(|| fields.u32(0x2c))
}

/// The disk's part in its set; none for a spare.
fn member(fields: &Fields<'_, LE>, record: &Record) -> Option<Member> {
    let stride = stride::of_shift(fields.u8(0x31));
    let kind_above = match record.kind {
        Kind::Spare => return None,
        Kind::Raid0 => Kind::Raid1,
        _ => Kind::Raid0,
    };
    let superset = subset(fields).map(|order| Superset {
        name: numbered("hpt37x_", number(fields), None),
        kind: kind_above,
        stride,
        order: order.into(),
    });
    let family = match superset {
        Some(_) => Family { value: fields.u32(0x28).into(), mismatch: "magic_1 mismatch" },
        None => Family { value: fields.u32(0x24).into(), mismatch: "magic_0 mismatch" },
    };
    let refused = (record.kind == Kind::Unknown)
        .then(|| format!("hpt37x: RAID type {} not supported", fields.u8(0x32)).into_bytes());
    Some(Member {
        stride,
        order: fields.u8(0x33).into(),
        wanted: fields.u8(0x30).into(),
        when_complete: (record.kind == Kind::Raid1).then_some(Status::Ok),
        superset,
        family: Some(family),
        refused,
        ..Member::of(record)
    })
}

fn native(found: &Found, out: &mut Native) {
    let Some(area) = found.areas.first() else { return };
    let fields = Fields::<LE>::new(&area.bytes);
    out.field(0x20, "magic", format_args!("{:#x}", fields.u32(0x20)));
    out.field(0x24, "magic_0", format_args!("{:#x}", fields.u32(0x24)));
    out.field(0x28, "magic_1", format_args!("{:#x}", fields.u32(0x28)));
    out.field(0x2c, "order", fields.u32(0x2c));
    out.field(0x30, "raid_disks", fields.u8(0x30));
    out.field(0x31, "raid0_shift", fields.u8(0x31));
    out.field(0x32, "type", fields.u8(0x32));
    out.field(0x33, "disk_number", fields.u8(0x33));
    out.field(0x34, "total_secs", fields.u32(0x34));
    out.field(0x38, "disk_mode", format_args!("{:#x}", fields.u32(0x38)));
    out.field(0x3c, "boot_mode", format_args!("{:#x}", fields.u32(0x3c)));
    out.field(0x40, "boot_disk", fields.u8(0x40));
    out.field(0x41, "boot_protect", fields.u8(0x41));
    out.field(0x42, "error_log_entries", fields.u8(0x42));
    out.field(0x43, "error_log_index", fields.u8(0x43));
    if fields.u8(0x42) != 0 {
        out.bytes(b"error_log:\n");
    }
    // quirk: what there is of it is shown, however many entries there are said to be.
    native_log(&fields, out);
}

/// The entries of the error log, up to the first without a time.
fn native_log(fields: &Fields<'_, LE>, out: &mut Native) {
    for at in (LOG..).step_by(LOG_ENTRY).take(LOG_ENTRIES) {
        let entry = fields.from(at);
        if entry.u32(0) == 0 {
            return;
        }
        let place = |offset: usize| at.saturating_add(offset);
        out.field(place(0), "timestamp", entry.u32(0));
        out.field(place(4), "reason", entry.u8(4));
        out.field(place(5), "disk", entry.u8(5));
        out.field(place(6), "status", entry.u8(6));
        out.field(place(7), "sectors", entry.u8(7));
        out.field(place(8), "lba", entry.u32(8));
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use dm_testkit::raid::Image;
    use dm_testkit::raid::hpt37x::Hpt37x;

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
        let found = reading(&Hpt37x { number: 1, ..Hpt37x::default() }.disk()).found.unwrap();
        let record = &found.record;
        assert_eq!(record.name, b"hpt37x_egga");
        assert_eq!((record.kind, record.status), (Kind::Raid0, Status::Ok));
        assert_eq!((record.start.get(), record.len.get()), (10, 59_990));
        let [member] = found.members.as_slice() else { panic!("{found:?}") };
        assert_eq!((member.stride.get(), member.order, member.wanted), (128, 1, 2));
    }

    #[test]
    fn a_set_of_sets_is_a_mirror_of_stripes_or_a_stripe_of_mirrors() {
        for (kind, above) in [(2, Kind::Raid1), (7, Kind::Raid0)] {
            let disk = Hpt37x { kind, sets: (1, 0x777), order: 2, ..Hpt37x::default() }.disk();
            let found = reading(&disk).found.unwrap();
            let superset = found.members[0].superset.as_ref().unwrap();
            assert_eq!(found.record.name, b"hpt37x_bjbb-2");
            assert_eq!((&superset.name[..], superset.kind), (&b"hpt37x_bjbb"[..], above));
        }
    }

    #[test]
    fn absent_damaged_and_of_no_use_are_three_things() {
        assert!(reading(&Image::new("none", 65536)).sightings.is_empty());
        let ninth = reading(&Hpt37x { number: 8, ..Hpt37x::default() }.disk());
        assert_eq!(fates(&ninth), ["damaged: disk_number at byte 4659: is 8, should be 0 to 7"]);
        assert!(ninth.log.messages().iter().all(|message| message.level != raid::Level::Error));
        let empty = reading(&Hpt37x { number: 1, sectors: 15, ..Hpt37x::default() }.disk());
        assert_eq!(fates(&empty), ["passed over: it has no sectors for this disk"]);
        assert!(empty.found.is_none() && ninth.found.is_none());
    }
}
