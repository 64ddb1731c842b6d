//! `sil`: Silicon Image Medley.
//!
//! Four copies of a sector, the areas 1 to 4, in the sectors N-1, N-513, N-1025 and N-1537 of a disk of N. Numbers are
//! little-endian.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0x2e | 8 | version, text |
//! | 0x36 | 32 | name of the disk |
//! | 0x60 | 4 | magic; the low 26 bits are 0x3000000 |
//! | 0x6c | 4 + 4 | sectors of the array |
//! | 0x78 | 4 | sectors of this disk; at most N |
//! | 0x104 | 2, 2 | product, vendor |
//! | 0x108 | 2, 2 | minor and major version; major 2 is known |
//! | 0x10c | 6 × 1 | second, minute, hour, day, month, year of creation: the set's name |
//! | 0x112 | 2 | stride in sectors |
//! | 0x116 | 1 | number of the disk, below 8 |
//! | 0x117 | 1 | type: 0 RAID 0, 1 RAID 1, 2 RAID 10, 3 spare, 16 RAID 5, 255 JBOD |
//! | 0x118 | 1, 1 | members of a striped set; number of the striped set |
//! | 0x11a | 1, 1 | members of a mirrored set; number of the mirrored set |
//! | 0x11c | 4 + 4 | how far a rebuild is |
//! | 0x124 | 4 | incarnation, which rises with every write |
//! | 0x128 | 1, 1 | states of the member and of the mirrored set |
//! | 0x12a | 3 × 1 | reported location, IDE channel, whether to rebuild |
//! | 0x12e | 16 | type, text |
//! | 0x13e | 2 | checksum: with it, the 16-bit words from 0 on add up to 0 |
//! | 0x1fe | 2 | another checksum, which nobody looks at |
//!
//! The first area that is sound counts. The states are of no effect: the original looks them up in a table that ends
//! before its first row.
//!
//! # Differences
//!
//! - The number of members of a JBOD and of a RAID 5 is that of its striped set. The original takes it to be 0, and
//!   so drops the one and has no table for the other.
//! - A spare leaves the set of its name alone, which in the original goes with it.
//! - What cannot be read of one area does not keep the others from being used.
//!
//! Kept as it is: a disk that failed, and comes back, is a member. The metadata tell the state of their own disk only, so no
//! newer ones say which other is out.
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
use crate::raid::letters::{in_letters, in_letters_before};
use crate::raid::member::{self, Area, Dump, Found, Listed, Member, Record, Superset};
use crate::raid::message::Level;
use crate::raid::native::Native;
use crate::raid::sighting::{Checksum, Damage, Fate, Mismatch};
use crate::raid::{Checking, FormatType};
use crate::why::Why;

/// The row of `sil`.
pub(super) static TYPE: FormatType = FormatType {
    name: "sil",
    description: "Silicon Image(tm) Medley(tm)",
    levels: "0,1,10",
    checking: Checking::USUAL,
    read,
    newest: None,
    native,
    dump,
    erase: member::erase_all,
};

/// How far before the disk's end the areas lie, in sectors.
const AREAS: [u64; 4] = [1, 513, 1025, 1537];

/// What `-D` calls the areas.
const SUFFIXES: [&str; 4] = ["_0", "_1", "_2", "_3"];

const MAGIC: u32 = 0x0300_0000;
const MAGIC_MASK: u32 = 0x03ff_ffff;

/// Where the checksum lies, which is also how far it goes.
const CHECKSUM: usize = 0x13e;

/// The numbers that a type has on the disk.
const RAID0: u8 = 0;
const RAID1: u8 = 1;
const RAID10: u8 = 2;
const SPARE: u8 = 3;
const RAID5: u8 = 16;
const JBOD: u8 = 255;

/// An area that is what it says.
struct Sound {
    /// Which of the four, from 0.
    nth: usize,
    area: Area,
}

fn read(probe: &mut Probe<'_>) -> Option<Found> {
    let areas: Vec<Sound> =
        (0..).zip(AREAS).filter_map(|(nth, back)| area(probe, nth, back)).collect();
    let first = areas.first()?;
    announce(probe, &areas);
    let fields = Fields::new(&first.area.bytes);
    let found = found(probe, &fields, &areas);
    for sound in &areas {
        let fate = if found.is_none() {
            Fate::Passed("it has no sectors for this disk")
        } else if sound.nth == first.nth {
            Fate::Used
        } else {
            Fate::Copy
        };
        let generation = Fields::<LE>::new(&sound.area.bytes).u32(0x124);
        let what = format!("area {}", sound.nth.saturating_add(1));
        probe.saw(what, sound.area.at, Checksum::Right, Some(generation.into()), fate);
    }
    found
}

/// The area of this number, if it is sound.
fn area(probe: &mut Probe<'_>, nth: usize, back: u64) -> Option<Sound> {
    let sector = probe.before_end(back)?;
    let bytes = probe.read(sector, 512)?;
    let at = sector.to_bytes()?;
    let fields = Fields::<LE>::new(&bytes);
    if fields.u32(0x60) & MAGIC_MASK != MAGIC || fields.u8(0x116) >= 8 {
        return None;
    }
    let number = nth.saturating_add(1);
    if fields.u16(0x10a) != 2 {
        let version = format!("major version {} in area {number} on ", fields.u16(0x10a));
        probe.say(Level::Warn, &[b"sil: unsupported ", version.as_bytes(), probe.disk().path]);
    }
    let (stored, wanted) = (fields.u16(CHECKSUM), checksum(&bytes));
    let len = Sectors::new(fields.u32(0x78).into());
    let (field, offset, why, checksum, text) = if stored != wanted {
        let (found, wanted) = (stored.into(), wanted.into());
        let wrong = Checksum::Wrong(Mismatch { found, wanted });
        let text = "invalid metadata checksum in area";
        ("checksum1", 0x13e, Why::Is { found, wanted }, wrong, text)
    } else if len > probe.sectors() {
        let why = Why::PastEnd { end: Some(len), disk: probe.sectors() };
        ("thisdisk_sectors", 0x78, why, Checksum::Right, "invalid disk size in metadata area")
    } else {
        return Some(Sound { nth, area: Area { at, bytes } });
    };
    let fate = Fate::Damaged(Damage { field, at: at.saturating_add(Bytes::new(offset)), why });
    let generation = Some(fields.u32(0x124).into());
    probe.saw(format!("area {number}"), at, checksum, generation, fate);
    probe.error_on(&[format!("{text} {number} on ").as_bytes()]);
    None
}

/// The checksum that these bytes should have.
fn checksum(bytes: &[u8]) -> u16 {
    let words = bytes.get(..CHECKSUM).unwrap_or_default().chunks_exact(2);
    let words = words.map(|word| Fields::<LE>::new(word).u16(0));
    words.fold(0, u16::wrapping_add).wrapping_neg()
}

/// Says which areas are sound.
fn announce(probe: &mut Probe<'_>, areas: &[Sound]) {
    let numbers: Vec<String> =
        areas.iter().map(|sound| format!("{}", sound.nth.saturating_add(1))).collect();
    let text = format!("sil: areas {}[4] are valid", numbers.join(","));
    probe.say(Level::Notice, &[text.as_bytes()]);
    if areas.len() < AREAS.len() {
        let verb = if areas.len() == 1 { "picking" } else { "electing" };
        let path = probe.disk().path;
        let count = format!("sil: only {}/4 metadata areas found on ", areas.len());
        let rest = format!(", {verb}...");
        probe.say(Level::Error, &[count.as_bytes(), path, rest.as_bytes()]);
    }
}

fn found(probe: &mut Probe<'_>, fields: &Fields<'_, LE>, areas: &[Sound]) -> Option<Found> {
    let kind = match fields.u8(0x117) {
        RAID0 | RAID10 => Kind::Raid0,
        RAID1 => Kind::Raid1,
        SPARE => Kind::Spare,
        RAID5 => Kind::Raid5Ls,
        JBOD => Kind::Linear,
        _ => Kind::Unknown,
    };
    let len = len(probe, fields);
    if len.is_zero() {
        probe.no_sectors();
        return None;
    }
    let name = name(fields);
    let record = Record { name, kind, status: Status::Ok, start: Sectors::ZERO, len };
    let members = member(fields, &record).into_iter().collect();
    let areas = areas.iter().map(|sound| sound.area.clone()).collect();
    Some(Found { format: &TYPE, record, members, areas, guard: None })
}

/// How much of the disk is data.
fn len(probe: &Probe<'_>, fields: &Fields<'_, LE>) -> Sectors {
    let (low, high) = (u64::from(fields.u32(0x6c)), u64::from(fields.u32(0x70)));
    let array = low | high.checked_shl(32).unwrap_or(0);
    let disk = probe.sectors().get();
    Sectors::new(match fields.u8(0x117) {
        RAID0 => {
            let members = fields.i8(0x118);
            let is_member = i16::from(fields.u8(0x116)) < i16::from(members);
            let members = u64::try_from(members).ok().filter(|_| is_member);
            members.and_then(|members| array.checked_div(members)).unwrap_or(0)
        }
        RAID1 | RAID10 => array,
        _ => disk.saturating_sub(1536).saturating_sub(if disk & 1 == 1 { 1 } else { 2 }),
    })
}

/// `sil_`, the moment of creation, and the number of the striped set of a RAID 10.
fn name(fields: &Fields<'_, LE>) -> Vec<u8> {
    let [year, month, day, hour] = [0x111, 0x110, 0x10f, 0x10e].map(|at| fields.u8(at));
    let [minute, second] = [0x10d, 0x10c].map(|at| fields.u8(at).checked_rem(60).unwrap_or(0));
    let moment = format!("{year:02}{month:02}{day:02}{hour:02}{minute:02}{second:02}");
    let mut name = format!("sil_{moment}").into_bytes();
    if fields.u8(0x117) == RAID10 {
        name.extend(format!("-{}", fields.u8(0x119)).into_bytes());
        in_letters_before(&mut name, 2);
    } else {
        in_letters(&mut name);
    }
    name
}

/// The disk's part in its set; none for a spare.
fn member(fields: &Fields<'_, LE>, record: &Record) -> Option<Member> {
    let wanted = match fields.u8(0x117) {
        SPARE => return None,
        RAID1 => fields.i8(0x11a),
        _ => fields.i8(0x118),
    };
    // quirk: a count below zero is one of 32 bits, which no set has.
    let wanted = u64::from(i32::from(wanted).cast_unsigned());
    let stride = Sectors::new(fields.u16(0x112).into());
    let superset = (fields.u8(0x117) == RAID10).then(|| Superset {
        name: record.name.split(|byte| *byte == b'-').next().unwrap_or_default().to_vec(),
        kind: Kind::Raid1,
        stride,
        order: u64::from(fields.u8(0x11b)),
    });
    let refused = (record.kind == Kind::Unknown)
        .then(|| format!("sil: RAID type {} not supported", fields.u8(0x117)).into_bytes());
    Some(Member {
        stride,
        order: fields.u8(0x116).into(),
        wanted,
        // A RAID 5 may lack one.
        when_complete: (record.kind == Kind::Raid5Ls).then_some(Status::Ok),
        superset,
        listed: Listed::Last,
        refused,
        ..Member::of(record)
    })
}

fn dump(found: &Found) -> Vec<Dump> {
    let named = found.areas.iter().zip(SUFFIXES);
    named.map(|(area, suffix)| Dump { suffix, area: area.clone() }).collect()
}

fn native(found: &Found, out: &mut Native) {
    let Some(area) = found.areas.first() else { return };
    let bytes = &area.bytes;
    let fields = Fields::<LE>::new(bytes);
    let text = |from: usize, len: usize| {
        let to = from.saturating_add(len);
        bytes.get(from..to).unwrap_or_default()
    };
    out.right(0x000, "unknown0", text(0x00, 46), 42);
    out.right(0x02e, "ascii_version", text(0x2e, 8), 8);
    out.right(0x036, "diskname", text(0x36, 32), 32);
    out.right(0x056, "unknown1", text(0x56, 10), 22);
    out.field(0x060, "magic", format_args!("{:#x}", fields.u32(0x60)));
    out.right(0x064, "unknown1a", text(0x64, 8), 8);
    out.field(0x06c, "array_sectors_low", fields.u32(0x6c));
    out.field(0x070, "array_sectors_high", fields.u32(0x70));
    out.right(0x074, "unknown2", text(0x74, 4), 4);
    out.field(0x078, "thisdisk_sectors", fields.u32(0x78));
    out.field(0x104, "product_id", fields.u16(0x104));
    out.field(0x106, "vendor_id", fields.u16(0x106));
    out.field(0x108, "minor_ver", fields.u16(0x108));
    out.field(0x10a, "major_ver", fields.u16(0x10a));
    for (at, name) in [(0x10c, "seconds"), (0x10d, "minutes")] {
        let byte = fields.u8(at);
        out.field(at, name, byte.checked_rem(60).unwrap_or(0));
        out.field(at, &format!("{name}(full)"), format_args!("{byte:#x}"));
    }
    out.field(0x10e, "hour", fields.u8(0x10e));
    out.field(0x10f, "day", fields.u8(0x10f));
    out.field(0x110, "month", fields.u8(0x110));
    out.field(0x111, "year", fields.u8(0x111));
    out.field(0x112, "raid0_stride", fields.u16(0x112));
    out.field(0x116, "disk_number", fields.u8(0x116));
    out.field(0x117, "type", fields.u8(0x117));
    out.field(0x118, "drives_per_striped_set", fields.i8(0x118));
    out.field(0x119, "striped_set_number", fields.i8(0x119));
    out.field(0x11a, "drives_per_mirrored_set", fields.i8(0x11a));
    out.field(0x11b, "mirrored_set_number", fields.i8(0x11b));
    out.field(0x11c, "rebuild_ptr_low", fields.u32(0x11c));
    out.field(0x120, "rebuild_ptr_high", fields.u32(0x120));
    out.field(0x124, "incarnation_no", fields.u32(0x124));
    out.field(0x128, "member_status", fields.u8(0x128));
    out.field(0x129, "mirrored_set_state", fields.u8(0x129));
    out.field(0x12a, "reported_device_location", fields.u8(0x12a));
    out.field(0x12b, "idechannel", fields.u8(0x12b));
    out.field(0x12c, "auto_rebuild", fields.u8(0x12c));
    out.quoted(0x12e, "text_type", text(0x12e, 16));
    out.field(0x13e, "checksum1", fields.u16(0x13e));
    out.field(0x1fe, "checksum2", fields.u16(0x1fe));
}
