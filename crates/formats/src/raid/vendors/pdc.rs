//! `pdc`: `Promise FastTrak`.
//!
//! Four sectors, of which up to three more follow, 14 sectors from one to the next, each for one more array on the same
//! disk. The first lie 63, 255, 256, 16, 399, 591, 675, 735, 911, 951, 974, 991 or 3087 sectors before the end, or in sector
//! 268435377: what is found first counts. Numbers are little-endian.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0x000 | 24 | `Promise Technology, Inc.` |
//! | 0x018 | 4 × 4, 2 | unknown, magic, unknown, magic, unknown |
//! | 0x200 | 4, 1 | flags, unknown |
//! | 0x205 | 1 | number of the disk |
//! | 0x206 | 1, 1 | channel, device |
//! | 0x208 | 4, 4 | magic; with the number after it, the disk's identity |
//! | 0x210 | 4 | where data begin; counts in all but the first |
//! | 0x214 | 2 × 4 | sectors of the disk; how far a rebuild is |
//! | 0x21c | 2 | generation, which rises with every write, and then begins anew |
//! | 0x21e | 1 | status, which nobody looks at |
//! | 0x21f | 1 | type: 0 RAID 0, 1 RAID 1, of more than three disks RAID 10, 2 RAID 10, 8 span |
//! | 0x220 | 1 | members, 1 to 7 |
//! | 0x221 | 1 | stride, as a power of two in sectors |
//! | 0x222 | 1, 1 | members of a stripe, number of the array |
//! | 0x224 | 4 | sectors of the array |
//! | 0x228 | 2, 1, 1 | cylinders, heads, sectors |
//! | 0x22c | 4, 4 | number of the set; with the one after it, the array's identity |
//! | 0x234 | 8 × 12 | members: flags, place, channel, device, identity of 8 bytes |
//! | 0x7fc | 4 | checksum: the sum of all 32-bit words before it; counts in the first only |
//!
//! The flags of a member: 1 valid, 2 online, 4 assigned, 8 spare, 0x20 rebuilt, 0x40 failed.
//!
//! # Differences
//!
//! - The newest metadata of an array say which disks are its members. To the original, a disk that failed and comes
//!   back with its old metadata is one.
//! - Metadata 3087 sectors before the end are found, as in later versions of the original; and those of disks past 2 TiB.
//! - A RAID 10 of one disk has no sectors. The original divides by zero.
//! - A span ends where the metadata begin, also in sector 268435377 and in further arrays. The original takes it to be as
//!   long as what comes after them in the one case, and as the disk in the other.
//! - `-n` shows the type of a RAID 10 and its checksum as they are on the disk. The original changes the one and then
//!   finds the other bad.
//! - `-D` writes each copy to a file of its own, with its offset, and `-E` erases all. The original joins what lies apart,
//!   and erases the first.
//!
//! # Source
//!
//! dmraid 1.0.0.rc16-12, by running it on made-up disks; for 3087, its git head, likewise. For generations, identities and
//! flags: FreeBSD 14, the constants of its graid(8) for Promise.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use byteorder::LE;
use dm_core::units::{Bytes, Sectors};

use crate::bytes::Fields;
use crate::raid::disk::Probe;
use crate::raid::kind::{Kind, Status};
use crate::raid::letters::numbered;
use crate::raid::member::{self, Area, Dump, Found, Member, Record, Superset};
use crate::raid::message::Level;
use crate::raid::native::Native;
use crate::raid::sighting::{Checksum, Damage, Fate, Mismatch};
use crate::raid::stride;
use crate::raid::{Checking, FormatType};
use crate::why::Why;

mod newest;

/// The row of `pdc`.
pub(super) static TYPE: FormatType = FormatType {
    name: "pdc",
    description: "Promise FastTrack",
    levels: "S,0,1,10",
    checking: Checking { passes: 2, ..Checking::USUAL },
    read,
    newest: Some(newest::newest),
    native,
    dump,
    erase: member::erase_all,
};

/// How far before the disk's end metadata may lie, in sectors.
const FROM_END: [u64; 13] = [63, 255, 256, 16, 399, 591, 675, 735, 911, 951, 974, 991, 3087];

/// Where they lie on a disk of which no more than 2^28 sectors were known.
const FROM_START: Sectors = Sectors::new(268_435_377);

const LEN: usize = 2048;
const SIGNATURE: &[u8] = b"Promise Technology, Inc.";

/// How many arrays a disk can have a part of, and how far from one's metadata to the next's.
const COPIES: u64 = 4;
const NEXT: u64 = 14;

/// What `-D` calls the files.
const SUFFIXES: [&str; 4] = ["", "_1", "_2", "_3"];

/// Where the checksum lies, which is also how far it goes.
const CHECKSUM: usize = 0x7fc;

/// The most members of a set.
const DISKS_MAX: u8 = 7;

/// The numbers that a type has on the disk.
const RAID0: u8 = 0;
const RAID1: u8 = 1;
const RAID10: u8 = 2;
const SPAN: u8 = 8;

/// The members of a RAID 1 that is really a RAID 10.
const RAID10_DISKS: u8 = 4;

/// The metadata of one array.
struct Copy {
    area: Area,
    /// Which of the disk's arrays, from 0.
    nth: u64,
    /// Where the disk's data end: where the first metadata lie.
    end: Sectors,
}

fn read(probe: &mut Probe<'_>) -> Option<Found> {
    let first = places(probe).into_iter().find_map(|at| Copy::read(probe, 0, at))?;
    let fate = first.fate(probe);
    let is_used = fate == Fate::Used;
    first.note(probe, fate);
    if !is_used {
        return None;
    }
    let record = first.record();
    let mut members = Vec::from([first.member(&record)]);
    let (end, mut areas) = (first.end, Vec::from([first.area]));
    for nth in 1..COPIES {
        let Some(further) = Copy::read(probe, nth, end) else { break };
        members.push(further.member_or_refused(probe));
        areas.push(further.area);
    }
    Some(Found { format: &TYPE, record, members, areas, guard: None })
}

/// Where the first metadata may lie, in the order in which they are looked for.
fn places(probe: &Probe<'_>) -> Vec<Sectors> {
    let from_end = FROM_END.iter().filter_map(|back| probe.before_end(*back));
    from_end.chain([FROM_START]).collect()
}

impl Copy {
    /// The metadata of the disk's array of this number, if there are any; the first lie at `first`.
    fn read(probe: &mut Probe<'_>, nth: u64, first: Sectors) -> Option<Self> {
        let sector = first.checked_add(Sectors::new(NEXT.checked_mul(nth)?))?;
        let bytes = probe.read(sector, LEN)?;
        let area = Area { at: sector.to_bytes()?, bytes };
        area.bytes.starts_with(SIGNATURE).then_some(Self { area, nth, end: first })
    }

    fn fields(&self) -> Fields<'_, LE> {
        Fields::new(&self.area.bytes)
    }

    /// What becomes of it where it is the first, which decides whether the disk is taken.
    fn fate(&self, probe: &mut Probe<'_>) -> Fate {
        if let Some((text, damage)) = self.wrong_count(probe) {
            probe.say(Level::Error, &[&text]);
            return Fate::Damaged(damage);
        }
        let Mismatch { found, wanted } = checksum(&self.area.bytes);
        let (text, fate): (&[u8], _) = if found != wanted {
            let why = Why::Is { found, wanted };
            (b"invalid checksum on ", Fate::Damaged(self.damage("checksum", 0x7fc, why)))
        } else if self.record().len.is_zero() {
            (b"zero sectors on ", Fate::Passed("it has no sectors for this disk"))
        } else {
            return Fate::Used;
        };
        probe.error_on(&[text]);
        probe.error_on(&[b"setting up RAID device "]);
        fate
    }

    /// The disk's part in a further array, or why there is none.
    fn member_or_refused(&self, probe: &mut Probe<'_>) -> Member {
        let record = self.record();
        let wrong = self.wrong_count(probe);
        let (fate, refused) = match wrong {
            Some((text, damage)) => (Fate::Damaged(damage), Some(text)),
            None if record.kind == Kind::Unknown => {
                let kind = self.fields().u8(0x21f);
                let why = Why::Outside { found: kind.into(), low: RAID0.into(), high: SPAN.into() };
                let text = format!("pdc: RAID type {kind} not supported").into_bytes();
                (Fate::Damaged(self.damage("raid.type", 0x21f, why)), Some(text))
            }
            None if record.len.is_zero() => {
                let text = [b"pdc: zero sectors on ", probe.disk().path].concat();
                (Fate::Passed("it has no sectors for this disk"), Some(text))
            }
            None => (Fate::Used, None),
        };
        self.note(probe, fate);
        Member { refused, ..self.member(&record) }
    }

    /// What the original says, and what is wrong, if the number of members is.
    fn wrong_count(&self, probe: &Probe<'_>) -> Option<(Vec<u8>, Damage)> {
        let fields = self.fields();
        let count = fields.u8(0x220);
        if (1..=DISKS_MAX).contains(&count) {
            return None;
        }
        let magics = [0x1c, 0x208, 0x24, 0x22c].map(|at| fields.u32(at));
        let [magic_0, raid_magic_0, magic_1, raid_magic_1] = magics;
        let rest = format!(
            ", magic_0: {magic_0:#x}/{raid_magic_0:#x}, magic_1: {magic_1:#x}/{raid_magic_1:#x}, \
             total_disks: {count}"
        );
        let text = [b"pdc: identifying ", probe.disk().path, rest.as_bytes()].concat();
        let why = Why::Outside { found: count.into(), low: 1, high: DISKS_MAX.into() };
        Some((text, self.damage("raid.total_disks", 0x220, why)))
    }

    fn damage(&self, field: &'static str, offset: u64, why: Why) -> Damage {
        Damage { field, at: self.area.at.saturating_add(Bytes::new(offset)), why }
    }

    fn note(&self, probe: &mut Probe<'_>, fate: Fate) {
        let mismatch = checksum(&self.area.bytes);
        let checksum = match self.nth {
            _ if mismatch.found == mismatch.wanted => Checksum::Right,
            0 => Checksum::Wrong(mismatch),
            _ => Checksum::Ignored(mismatch),
        };
        let what = match self.nth {
            0 => String::from("metadata"),
            nth => format!("metadata of array {}", nth.saturating_add(1)),
        };
        probe.saw(what, self.area.at, checksum, None, fate);
    }

    /// How many members a stripe of a RAID 10 has; none for other levels.
    fn half(&self) -> Option<u8> {
        let fields = self.fields();
        let disks = fields.u8(0x220);
        match fields.u8(0x21f) {
            RAID1 if disks >= RAID10_DISKS => disks.checked_div(2),
            RAID10 => disks.checked_div(2),
            _ => None,
        }
    }

    /// What the metadata say of the disk. The kind is that of its set, which in a RAID 10 is a stripe.
    fn record(&self) -> Record {
        let fields = self.fields();
        let start = if self.nth == 0 { 0 } else { fields.u32(0x210) };
        let start = Sectors::new(start.into());
        let array = u64::from(fields.u32(0x224));
        let share = |members: u8| Sectors::new(array.checked_div(members.into()).unwrap_or(0));
        let (kind, len) = match (self.half(), fields.u8(0x21f)) {
            (Some(half), _) => (Kind::Raid0, share(half)),
            (None, RAID0) => (Kind::Raid0, share(fields.u8(0x220))),
            (None, RAID1) => (Kind::Raid1, Sectors::new(array)),
            (None, SPAN) => (Kind::Linear, self.end.saturating_sub(start)),
            (None, _) => (Kind::Unknown, Sectors::ZERO),
        };
        let subset = self.half().map(|half| u32::from(fields.u8(0x205) >= half));
        let name = numbered("pdc_", fields.u32(0x22c), subset);
        Record { name, kind, status: Status::Ok, start, len }
    }

    fn member(&self, record: &Record) -> Member {
        let fields = self.fields();
        let stride = stride::of_shift(fields.u8(0x221));
        let superset = self.half().map(|half| Superset {
            name: numbered("pdc_", fields.u32(0x22c), None),
            kind: Kind::Raid1,
            stride,
            order: u64::from(fields.u8(0x205) >= half),
        });
        Member {
            stride,
            order: fields.u8(0x205).into(),
            wanted: self.half().unwrap_or(fields.u8(0x220)).into(),
            superset,
            ..Member::of(record)
        }
    }
}

/// The checksum that is there, and the one that these bytes should have.
fn checksum(bytes: &[u8]) -> Mismatch {
    let words = bytes.get(..CHECKSUM).unwrap_or_default().chunks_exact(4);
    let words = words.map(|word| Fields::<LE>::new(word).u32(0));
    let found = Fields::<LE>::new(bytes).u32(CHECKSUM).into();
    Mismatch { found, wanted: words.fold(0, u32::wrapping_add).into() }
}

fn dump(found: &Found) -> Vec<Dump> {
    let named = found.areas.iter().zip(SUFFIXES);
    named.map(|(area, suffix)| Dump { suffix, area: area.clone() }).collect()
}

fn native(found: &Found, out: &mut Native) {
    for (nth, area) in found.areas.iter().enumerate() {
        if nth > 0 {
            out.again();
        }
        native_copy(&area.bytes, out);
    }
}

/// How a number is shown.
#[derive(Clone, Copy)]
enum Shown {
    Hex,
    Decimal,
    Both,
}

/// Where a number is, how many bytes it has, its name, and how it is shown.
type Row = (usize, u8, &'static str, Shown);

static ROWS: &[Row] = &[
    (0x018, 4, "unknown_0", Shown::Both),
    (0x01c, 4, "magic_0", Shown::Hex),
    (0x020, 4, "unknown_1", Shown::Both),
    (0x024, 4, "magic_1", Shown::Hex),
    (0x028, 2, "unknown_2", Shown::Both),
    (0x200, 4, "raid.flags", Shown::Hex),
    (0x204, 1, "raid.unknown_0", Shown::Both),
    (0x205, 1, "raid.disk_number", Shown::Decimal),
    (0x206, 1, "raid.channel", Shown::Decimal),
    (0x207, 1, "raid.device", Shown::Decimal),
    (0x208, 4, "raid.magic_0", Shown::Hex),
    (0x20c, 4, "raid.unknown_1", Shown::Both),
    (0x210, 4, "raid.start", Shown::Both),
    (0x214, 4, "raid.disk_secs", Shown::Decimal),
    (0x218, 4, "raid.unknown_3", Shown::Both),
    (0x21c, 2, "raid.unknown_4", Shown::Both),
    (0x21e, 1, "raid.status", Shown::Hex),
    (0x21f, 1, "raid.type", Shown::Hex),
    (0x220, 1, "raid.total_disks", Shown::Decimal),
    (0x221, 1, "raid.raid0_shift", Shown::Decimal),
    (0x222, 1, "raid.raid0_disks", Shown::Decimal),
    (0x223, 1, "raid.array_number", Shown::Decimal),
    (0x224, 4, "raid.total_secs", Shown::Decimal),
    (0x228, 2, "raid.cylinders", Shown::Decimal),
    (0x22a, 1, "raid.heads", Shown::Decimal),
    (0x22b, 1, "raid.sectors", Shown::Decimal),
    (0x22c, 4, "raid.magic_1", Shown::Hex),
    (0x230, 4, "raid.unknown_5", Shown::Both),
];

/// The numbers of a member, from where it begins.
static MEMBER_ROWS: &[Row] = &[
    (0, 2, "unknown_0", Shown::Hex),
    (2, 1, "channel", Shown::Decimal),
    (3, 1, "device", Shown::Decimal),
    (4, 4, "magic_0", Shown::Hex),
    (8, 4, "disk_number", Shown::Decimal),
];

/// Where the members begin, how long one is, and for how many there is room.
const MEMBERS: usize = 0x234;
const MEMBER: usize = 12;
const MEMBERS_MAX: u8 = 8;

fn native_copy(bytes: &[u8], out: &mut Native) {
    let fields = Fields::<LE>::new(bytes);
    out.quoted(0, "promise_id", bytes.get(..SIGNATURE.len()).unwrap_or_default());
    for (at, width, name, shown) in ROWS {
        native_row(&fields, *at, (*width, name, *shown), out);
    }
    let members = (MEMBERS..).step_by(MEMBER).take(fields.u8(0x220).min(MEMBERS_MAX).into());
    for (nth, from) in members.enumerate() {
        for (offset, width, name, shown) in MEMBER_ROWS {
            let name = format!("raid.disk[{nth}].{name}");
            native_row(&fields, from.saturating_add(*offset), (*width, &name, *shown), out);
        }
    }
    let Mismatch { found, wanted } = checksum(bytes);
    let verdict = if found == wanted { "Ok" } else { "BAD" };
    out.field(CHECKSUM, "checksum", format_args!("{found:#x} {verdict}"));
}

fn native_row(
    fields: &Fields<'_, LE>,
    at: usize,
    (width, name, shown): (u8, &str, Shown),
    out: &mut Native,
) {
    let value = match width {
        1 => fields.u8(at).into(),
        2 => fields.u16(at).into(),
        _ => fields.u32(at),
    };
    match shown {
        Shown::Hex => out.field(at, name, format_args!("{value:#x}")),
        Shown::Decimal => out.field(at, name, value),
        Shown::Both => out.field(at, name, format_args!("{value:#x} {value}")),
    }
}

#[cfg(test)]
mod tests {
    use dm_testkit::raid::pdc::Pdc;
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
    fn the_checksum_is_the_sum_of_all_words_before_it() {
        let Mismatch { found, wanted } = checksum(&Pdc::default().bytes());
        assert_eq!((found, wanted), (0x5ef3_3499, 0x5ef3_3499));
    }

    #[test]
    fn a_disk_has_a_part_in_each_array() {
        let found = reading(disk("pdc-2-arrays")).found.unwrap();
        let parts = found
            .members
            .iter()
            .map(|member| (&member.set[..], member.kind, member.start.get(), member.len.get()));
        let stripe = (&b"pdc_eajg"[..], Kind::Raid0, 0, 30_000);
        let mirror = (&b"pdc_ibjc"[..], Kind::Raid1, 30_000, 20_000);
        assert_eq!(parts.collect::<Vec<_>>(), [stripe, mirror]);
        let dumps = dump(&found);
        assert_eq!(dumps.iter().map(|dump| dump.suffix).collect::<Vec<_>>(), ["", "_1"]);
        assert_eq!(dumps[1].area.at.get() - dumps[0].area.at.get(), 14 * 512);
    }

    #[test]
    fn a_mirror_of_four_is_two_stripes() {
        let disk = Pdc { kind: 1, disks: 4, number: 2, ..Pdc::default() }.disk();
        let found = reading(&disk).found.unwrap();
        let member = &found.members[0];
        assert_eq!((&member.set[..], member.kind), (&b"pdc_bbefdcegbc-1"[..], Kind::Raid0));
        assert_eq!((member.len.get(), member.wanted), (60_000, 2));
    }

    #[test]
    fn absent_damaged_and_of_no_use_are_three_things() {
        assert!(reading(&Image::new("none", 65536)).sightings.is_empty());
        let why = |name| fates(&reading(disk(name))).concat();
        assert_eq!(
            why("pdc-checksum"),
            "damaged: checksum at byte 33524220: is 0x5ef3349a, should be 0x5ef33499"
        );
        assert_eq!(
            why("pdc-8-disks"),
            "damaged: raid.total_disks at byte 33522720: is 8, should be 1 to 7"
        );
        assert_eq!(why("pdc-type-3"), "passed over: it has no sectors for this disk");
        assert_eq!(why("pdc-ten-of-1"), "passed over: it has no sectors for this disk");
    }

    #[test]
    fn the_checksum_of_a_further_array_does_not_count() {
        let reading = reading(disk("pdc-2-arrays-checksum"));
        let [first, second] = reading.sightings.as_slice() else { panic!("{reading:?}") };
        assert_eq!((first.checksum, &first.fate), (Checksum::Right, &Fate::Used));
        assert!(matches!(second.checksum, Checksum::Ignored(_)), "{second:?}");
        assert_eq!(second.fate, Fate::Used);
    }
}
