//! `asr`: `Adaptec HostRAID`.
//!
//! ```text
//! reserved block, sector N-1 of a disk of N ─► RAID table, mostly in sector N-17: a header, a line a disk or array
//! ```
//!
//! Numbers are big-endian. The reserved block:
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0x000 | 4 | 0x37fc4d1e |
//! | 0x012 | 1, 1 | flags, whether single disks are used |
//! | 0x016 | 2 | of the BIOS |
//! | 0x038 | 2, 2 | numbers of targets |
//! | 0x03f | 1 | version, 8 |
//! | 0x040 | 4 | magic of the disk, by which its line is found |
//! | 0x100 | 4 | `DPTM` |
//! | 0x104 | 4 | sector of the table |
//!
//! The table's header:
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0x00 | 4 | 0x900765c4 |
//! | 0x04 | 4 | version |
//! | 0x08 | 2, 2 | lines there may be, less than that are in use |
//! | 0x0c | 2 | bytes of a line, 64 |
//! | 0x0e | 2 | checksum: the sum of all bytes of the lines; counts nowhere, and means nothing from version 2 on |
//! | 0x18 | 4, 4 | flags, time |
//! | 0x20 | 4 × 1 | flags, dirt, priority, spare |
//! | 0x24 | 4 × 4 | magic of the spare, magic, times of the last verification and rebuild |
//!
//! A line:
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0x00 | 2, 2 | members, sequence |
//! | 0x04 | 4 | magic: of a disk's line, that of the disk |
//! | 0x08 | 1 | level: 0 disk, 1 array, 3 array of arrays |
//! | 0x09 | 1 | type: 0 RAID 0, 1 RAID 1, 0xfe spare |
//! | 0x0a | 1, 1, 1 | state, 3 for a disk that failed; flags; references |
//! | 0x0d | 3 × 1, 4 | host adapter, channel, unit, id: the order of members |
//! | 0x14 | 4 | offset, which nobody looks at |
//! | 0x18 | 4 | sectors |
//! | 0x1c | 2 | stride in sectors |
//! | 0x1e | 2, 4, 1, 1, 2, 4, 4 | of the BIOS, unit, and more |
//! | 0x30 | 16 | name; where it is empty, the first line's |
//!
//! An array's lines come after its own. The last line with the disk's magic is the disk's. The state of a disk is of no
//! further effect: the original looks it up in a table that ends before its first row.
//!
//! # Differences
//!
//! - A disk that the table does not have is passed over. The original crashes.
//! - A table of more lines than there is room for is damaged. The original writes past the end of its own.
//! - An array of arrays is what its line says. The original takes it to be a mirror, and so maps a stripe of mirrors
//!   as a mirror of mirrors.
//! - Arrays are in the order of their lines. In the original, the one that is found first comes first.
//! - A name of 16 bytes ends there.
//! - `-n` shows all numbers without a sign.
//! - `-D` and `-E` stay on the disk, and `-D` writes the reserved block to a file of its own where it does not follow the
//!   table.
//!
//! Kept as it is: a disk that failed, and comes back, is a member. Each line has a sequence number of its own, and it is not
//! known well enough which of two tables is the newer.
//!
//! # Source
//!
//! dmraid 1.0.0.rc16-12, by running it on made-up disks.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use byteorder::BE;
use dm_core::units::{Bytes, Sectors};

use self::table::{Line, Table};
use crate::bytes::Fields;
use crate::raid::disk::Probe;
use crate::raid::kind::{Kind, Status};
use crate::raid::member::{self, Area, Dump, Found, Listed, Member, Record, Superset};
use crate::raid::message::Level;
use crate::raid::sighting::{Checksum, Damage, Fate};
use crate::raid::{Checking, FormatType, Joining};
use crate::why::Why;

mod native;
mod table;

/// The row of `asr`.
pub(super) static TYPE: FormatType = FormatType {
    name: "asr",
    description: "Adaptec HostRAID ASR",
    levels: "0,1,10",
    checking: Checking { joining: Joining::Overrides, ..Checking::USUAL },
    read,
    newest: None,
    native: native::native,
    dump,
    erase: member::erase_all,
};

const MAGIC: u32 = 0x37fc_4d1e;
const MAGIC_2: u32 = 0x4450_544d;
const VERSION: u8 = 8;

/// The set that all spares are listed in.
const SPARES: &[u8] = b".asr_spares";

fn read(probe: &mut Probe<'_>) -> Option<Found> {
    let sector = probe.before_end(1)?;
    let block = Area { at: sector.to_bytes()?, bytes: probe.read(sector, 512)? };
    let fields = Fields::<BE>::new(&block.bytes);
    if fields.u32(0) != MAGIC {
        return None;
    }
    if let Err(damage) = check_block(probe, block.at, &fields) {
        note(probe, "reserved block", block.at, Fate::Damaged(damage));
        return None;
    }
    let Some(table) = table::read(probe, &block) else {
        note(probe, "reserved block", block.at, Fate::Passed("it has no sound table"));
        return None;
    };
    let (found, fate) = match found(probe, &fields, &table) {
        Ok((record, members)) => {
            let areas = Vec::from([block.clone(), table.area.clone()]);
            (Some(Found { format: &TYPE, record, members, areas, guard: None }), Fate::Used)
        }
        Err(why) => (None, Fate::Passed(why)),
    };
    note(probe, "reserved block", block.at, fate.clone());
    probe.saw(String::from("RAID table"), table.area.at, table.checksum(), None, fate);
    found
}

fn note(probe: &mut Probe<'_>, what: &str, at: Bytes, fate: Fate) {
    probe.saw(String::from(what), at, Checksum::None, None, fate);
}

/// Whether a reserved block is more than its first mark, and of the version that is known.
fn check_block(probe: &mut Probe<'_>, at: Bytes, fields: &Fields<'_, BE>) -> Result<(), Damage> {
    let wrong = |field, offset, found: u32, wanted: u32| {
        let why = Why::Is { found: found.into(), wanted: wanted.into() };
        Err(Damage { field, at: at.saturating_add(Bytes::new(offset)), why })
    };
    let (magic, version) = (fields.u32(0x100), fields.u8(0x3f));
    if magic != MAGIC_2 {
        return wrong("smagic", 0x100, magic, MAGIC_2);
    }
    if version != VERSION {
        let text = format!("asr: ASR v{version} detected, but we only support v8");
        probe.say(Level::Error, &[text.as_bytes()]);
        return wrong("resver", 0x3f, version.into(), VERSION.into());
    }
    let text = [b"asr: reading extended data on ", probe.disk().path];
    probe.say(Level::Notice, &text);
    Ok(())
}

/// What the table says of the disk, and its parts in sets; or why it says nothing.
fn found(
    probe: &mut Probe<'_>,
    block: &Fields<'_, BE>,
    table: &Table,
) -> Result<(Record, Vec<Member>), &'static str> {
    let magic = block.u32(0x40);
    let Some(line) = table.of_disk(magic) else {
        probe.error_on(&[b"Could not find device in config table on "]);
        return Err("its table does not have this disk");
    };
    if line.state() == table::FAILED {
        return Err("the disk failed");
    }
    let len = line.sectors();
    if len.is_zero() {
        probe.no_sectors();
        return Err("it has no sectors for this disk");
    }
    let name = [b"asr_", &line.name[..]].concat();
    let start = Sectors::ZERO;
    let record = Record { name, kind: line.kind(), status: Status::Ok, start, len };
    let member = member(probe, table, &line, &record);
    Ok((record, Vec::from([member])))
}

/// The disk's part in its set, by its line.
fn member(probe: &Probe<'_>, table: &Table, line: &Line<'_>, record: &Record) -> Member {
    let array = table.array_of(line.magic());
    let member = Member {
        kind: array.as_ref().map_or(Kind::Unknown, Line::kind),
        stride: line.stride(),
        order: line.place(),
        wanted: array.as_ref().map_or(0, Line::members),
        when_complete: Some(Status::Ok),
        listed: Listed::ByName,
        shown: Some((record.name.clone(), record.kind)),
        ..Member::of(record)
    };
    if record.kind == Kind::Spare {
        let (set, kind, stride) = (SPARES.to_vec(), Kind::Spare, Sectors::ZERO);
        return Member { set, kind, stride, ..member };
    }
    match (table.of_arrays(), array) {
        (None, _) if table.has_no_array() => {
            let text =
                format!("asr: Can't find a logical array config for disk {:x}", line.magic());
            Member { refused: Some(text.into_bytes()), ..member }
        }
        (None, _) => member,
        (Some(_), None) => {
            let text = b"asr: Failed to find RAID configuration line on ";
            Member { refused: Some([text, probe.disk().path].concat()), ..member }
        }
        (Some(above), Some(array)) => {
            let end = format!("_{:x}_donotuse", array.magic());
            let set = [b".asr_", &array.name[..], end.as_bytes()].concat();
            let (name, stride) = (record.name.clone(), line.stride());
            let order = table.place_of(&array);
            let superset = Some(Superset { name, kind: above.kind(), stride, order });
            Member { set, superset, ..member }
        }
    }
}

/// The table, and the reserved block, which mostly follows it.
fn dump(found: &Found) -> Vec<Dump> {
    let [block, table] = found.areas.as_slice() else { return Vec::new() };
    let len = u64::try_from(table.bytes.len()).unwrap_or(u64::MAX);
    if table.at.checked_add(Bytes::new(len)) == Some(block.at) {
        let bytes = [&table.bytes[..], &block.bytes].concat();
        return Vec::from([Dump { suffix: "", area: Area { at: table.at, bytes } }]);
    }
    let dump = |suffix, area: &Area| Dump { suffix, area: area.clone() };
    Vec::from([dump("", table), dump("_block", block)])
}

#[cfg(test)]
mod tests {
    use dm_testkit::raid::{Image, named};

    use super::*;
    use crate::raid::{self, Disk, Reading};

    fn reading(image: &Image) -> Reading {
        raid::read(&Disk { path: b"/dev/sda", serial: None, source: image }, &[&TYPE])
    }

    fn fates(reading: &Reading) -> Vec<String> {
        reading.sightings.iter().map(|seen| format!("{}", seen.fate)).collect()
    }

    fn disk(name: &str) -> &'static Image {
        &named(name).unwrap().disks[0].image
    }

    #[test]
    fn a_disk_is_what_its_line_says() {
        let reading = reading(disk("asr-mirror"));
        let found = reading.found.unwrap();
        let record = &found.record;
        assert_eq!((&record.name[..], record.kind), (&b"asr_ARRAY1"[..], Kind::Raid1));
        assert_eq!(record.len.get(), 30_000);
        let member = &found.members[0];
        assert_eq!((member.stride.get(), member.wanted), (128, 2));
        assert_eq!(Fields::<BE>::new(&found.areas[1].bytes).u16(0x0e), 0x09e2);
        assert_eq!(reading.sightings[1].checksum, Checksum::Right);
    }

    #[test]
    fn a_set_of_sets_is_what_its_line_says() {
        let above = |name| {
            let member = reading(disk(name)).found.unwrap().members[0].clone();
            (member.set, member.superset.unwrap().kind)
        };
        let set = b".asr_TEN_bbbb0001_donotuse".to_vec();
        assert_eq!(above("asr-mirrors-striped"), (set.clone(), Kind::Raid0));
        assert_eq!(above("asr-stripes-mirrored"), (set, Kind::Raid1));
    }

    #[test]
    fn a_name_ends_where_its_field_does() {
        let name = |of| reading(disk(of)).found.unwrap().record.name;
        assert_eq!(name("asr-name-16"), b"asr_ABCDEFGHIJKLMNOP");
        assert_eq!(name("asr-name-with-blanks"), b"asr_My Array");
    }

    #[test]
    fn absent_damaged_and_of_no_use_are_three_things() {
        assert!(reading(&Image::new("none", 65536)).sightings.is_empty());
        let why = |name| fates(&reading(disk(name))).join("; ");
        let block = "passed over: it has no sound table";
        assert_eq!(why("asr-version-7"), "damaged: resver at byte 33553983: is 0x7, should be 0x8");
        assert_eq!(
            why("asr-line-60"),
            format!("damaged: elmsize at byte 33545740: is 0x3c, should be 0x40; {block}")
        );
        assert_eq!(
            why("asr-128-lines"),
            format!("damaged: elmcnt at byte 512010: is 128, should be 1 to 127; {block}")
        );
        let unknown = "passed over: its table does not have this disk";
        assert_eq!(why("asr-disk-unknown"), format!("{unknown}; {unknown}"));
    }

    #[test]
    fn what_is_dumped_lies_where_it_is_said_to_lie() {
        let dumps = |name| dump(&reading(disk(name)).found.unwrap());
        let [both] = &dumps("asr-mirror")[..] else { panic!() };
        assert_eq!((both.area.at.get(), both.area.bytes.len()), (65519 * 512, 8704));
        let [table, block] = &dumps("asr-table-elsewhere")[..] else { panic!() };
        assert_eq!((table.area.at.get(), table.area.bytes.len()), (1000 * 512, 8192));
        assert_eq!((block.suffix, block.area.at.get()), ("_block", 65535 * 512));
    }
}
