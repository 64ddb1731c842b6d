//! `via`: VIA's software RAID, of the VT8237 and its like.
//!
//! 51 bytes at the start of the sector N-1 of a disk of N. Numbers are little-endian.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0x00 | 2 | 0xaa55 |
//! | 0x02 | 1 | version; 0 and 1 are known |
//! | 0x03 | 2 | bits: 0 bootable, 1 enhanced, 2 in an array, 3-6 type, 7-9 number of the array, 10-14 place, 15 broken |
//! | 0x05 | 1 | bits: 0-2 how many disks, 3 broken, which is of no effect, 4-7 stride: 8 sectors times 2 to the power of it |
//! | 0x06 | 4 + 4 | capacity of the array |
//! | 0x0e | 4 | checksum of this disk's serial number |
//! | 0x12 | 8 × 4 | those of the array's disks |
//! | 0x32 | 1 | checksum: the sum of all bytes before it |
//!
//! The types are 0 RAID 0, 1 RAID 1, 8 span, 9 a mirror of two RAID 0. The place is an index in bits 0-2, and, of type
//! 9, the half in bit 3; of a mirror it is 0 the source, 1 a spare, 2 the mirror in bits 0-1. The set's name is the sum
//! of the byte at 5 and the eight checksums of serial numbers.
//!
//! # Differences
//!
//! - A mirror's spare is a spare of its set. The original takes it for a third leg of two, and has the mirror
//!   synchronised.
//! - A mirror of two RAID 0 whose count is that of its serial numbers counts the disks of both halves. The original
//!   expects that many in each, and maps zeros.
//! - Two members of a mirror that both say they are its source stay in the order in which they are found.
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
use crate::raid::letters::in_letters;
use crate::raid::member::{self, Area, Found, Member, Record, Superset};
use crate::raid::message::Level;
use crate::raid::native::Native;
use crate::raid::sighting::{Checksum, Damage, Fate, Mismatch};
use crate::raid::{Checking, FormatType};
use crate::why::Why;

/// The row of `via`.
pub(super) static TYPE: FormatType = FormatType {
    name: "via",
    description: "VIA Software RAID",
    levels: "S,0,1,10",
    checking: Checking::USUAL,
    read,
    newest: None,
    native,
    dump: member::dump_first,
    erase: member::erase_all,
};

/// How long the structure is.
const LEN: usize = 0x33;

const SIGNATURE: u16 = 0xaa55;

/// The newest version that is known.
const VERSION: u8 = 1;

/// Where the checksum lies, which is also how far it goes.
const CHECKSUM: usize = 0x32;

/// Where the checksums of the disks' serial numbers lie.
const SERIALS: [usize; 8] = [0x12, 0x16, 0x1a, 0x1e, 0x22, 0x26, 0x2a, 0x2e];

/// The numbers that a type has on the disk.
const RAID0: u16 = 0;
const RAID1: u16 = 1;
const SPAN: u16 = 8;
const RAID01: u16 = 9;

/// The places of a mirror's members: bits 0-1.
const MIRROR_PLACE: u16 = 3;
const SOURCE: u16 = 0;
const SPARE: u16 = 1;

/// The word at 3, taken apart.
#[derive(Clone, Copy)]
struct Word(u16);

impl Word {
    fn of(fields: &Fields<'_, LE>) -> Self {
        Self(fields.u16(0x03))
    }

    fn in_array(self) -> bool {
        self.0 & 4 != 0
    }

    fn raid_type(self) -> u16 {
        self.0 >> 3 & 0xf
    }

    fn array_index(self) -> u16 {
        self.0 >> 7 & 7
    }

    fn place(self) -> u16 {
        self.0 >> 10 & 0x1f
    }

    fn index(self) -> u16 {
        self.place() & 7
    }

    fn half(self) -> u16 {
        self.place() >> 3 & 1
    }

    fn is_broken(self) -> bool {
        self.0 & 0x8000 != 0
    }
}

fn read(probe: &mut Probe<'_>) -> Option<Found> {
    let sector = probe.before_end(1)?;
    let bytes = probe.read(sector, LEN)?;
    let at = sector.to_bytes()?;
    let fields = Fields::<LE>::new(&bytes);
    if fields.u16(0) != SIGNATURE {
        return None;
    }
    let (found, wanted) = (fields.u8(CHECKSUM).into(), checksum(&bytes).into());
    if found != wanted {
        let (field, why) = ("checksum", Why::Is { found, wanted });
        let fate = Fate::Damaged(Damage { field, at: at.saturating_add(Bytes::new(0x32)), why });
        let wrong = Checksum::Wrong(Mismatch { found, wanted });
        probe.saw(String::from("array"), at, wrong, None, fate);
        probe.error_on(&[b"invalid checksum on "]);
        return None;
    }
    let version = fields.u8(0x02);
    if version > VERSION {
        let text = format!("via: version {version}; format handler specified for version 0+1 only");
        probe.say(Level::Info, &[text.as_bytes()]);
    }
    probe.saw(String::from("array"), at, Checksum::Right, None, Fate::Used);
    let record = record(&fields, sector);
    let members = [member(&fields, &record)].into();
    let areas = [Area { at, bytes }].into();
    Some(Found { format: &TYPE, record, members, areas, guard: None })
}

/// The checksum that these bytes should have.
fn checksum(bytes: &[u8]) -> u8 {
    bytes.iter().take(CHECKSUM).copied().fold(0, u8::wrapping_add)
}

/// All before the sector of the metadata is data.
fn record(fields: &Fields<'_, LE>, len: Sectors) -> Record {
    let word = Word::of(fields);
    let kind = match word.raid_type() {
        RAID0 | RAID01 => Kind::Raid0,
        RAID1 => Kind::Raid1,
        SPAN => Kind::Linear,
        _ => Kind::Unknown,
    };
    let status = match (word.is_broken(), word.in_array()) {
        (true, _) => Status::Broken,
        (false, true) => Status::Ok,
        (false, false) => Status::Unknown,
    };
    let mut name = set_name(fields);
    if word.raid_type() == RAID01 {
        name.extend(format!("-{}", word.half()).into_bytes());
    }
    Record { name, kind, status, start: Sectors::ZERO, len }
}

/// `via_`, and the sum of what all members have in common.
fn set_name(fields: &Fields<'_, LE>) -> Vec<u8> {
    let serials = SERIALS.map(|at| fields.u32(at));
    let sum = serials.into_iter().fold(fields.u8(0x05).into(), u32::wrapping_add);
    let mut name = format!("via_{sum}").into_bytes();
    in_letters(&mut name);
    name
}

fn member(fields: &Fields<'_, LE>, record: &Record) -> Member {
    let word = Word::of(fields);
    let raid_type = word.raid_type();
    let (kind, order) = match (raid_type, word.place() & MIRROR_PLACE) {
        (RAID1, SOURCE) => (Kind::Raid1, 0),
        (RAID1, SPARE) => (Kind::Spare, 1),
        (RAID1, _) => (Kind::Raid1, 1),
        _ => (record.kind, word.index()),
    };
    let stride = stride(fields);
    let superset = (raid_type == RAID01).then(|| Superset {
        name: set_name(fields),
        kind: Kind::Raid1,
        stride,
        order: word.half().into(),
    });
    let refused = (record.kind == Kind::Unknown)
        .then(|| format!("via: RAID type {raid_type} not supported").into_bytes());
    Member {
        kind,
        stride,
        order: order.into(),
        wanted: wanted(fields),
        when_complete: Some(Status::Ok),
        superset,
        refused,
        ..Member::of(record)
    }
}

fn stride(fields: &Fields<'_, LE>) -> Sectors {
    Sectors::new(8 << u32::from(fields.u8(0x05) >> 4))
}

/// How many members the disk's set has: of a mirror of two RAID 0, that is one half.
fn wanted(fields: &Fields<'_, LE>) -> u64 {
    let count = u64::from(fields.u8(0x05) & 7);
    match Word::of(fields).raid_type() {
        RAID1 => 2,
        // Both halves have the same name, which is made of these: the serial numbers are those of both.
        RAID01 if matches!(count, 4 | 6) && count == disks(fields) => count / 2,
        _ => count,
    }
}

/// How many disks of the array are known by their serial numbers.
fn disks(fields: &Fields<'_, LE>) -> u64 {
    let known = SERIALS.into_iter().filter(|at| fields.u32(*at) != 0);
    u64::try_from(known.count()).unwrap_or(u64::MAX)
}

fn native(found: &Found, out: &mut Native) {
    let Some(area) = found.areas.first() else { return };
    let fields = Fields::<LE>::new(&area.bytes);
    let word = Word::of(&fields);
    out.field(0x00, "signature", format_args!("{:#x}", fields.u16(0x00)));
    out.field(0x02, "version_number", fields.u8(0x02));
    for (name, value) in [
        ("bootable", word.0 & 1),
        ("enable_enhanced", word.0 >> 1 & 1),
        ("in_disk_array", u16::from(word.in_array())),
        ("raid_type", word.raid_type()),
        ("array_index", word.array_index()),
        ("raid_type_info", word.place()),
        ("raid_type_info(INDEX)", word.index()),
        ("raid_type_info(MIRROR)", word.half()),
        ("raid_type_info(DIRTY)", word.place() >> 4 & 1),
        ("tolerance", u16::from(word.is_broken())),
    ] {
        out.field(0x03, &format!("array.disk.{name}"), value);
    }
    out.field(0x05, "array.disk_array_ex", format_args!("{:#x}", fields.u8(0x05)));
    out.field(0x06, "array.capacity_low", fields.u32(0x06));
    out.field(0x0a, "array.capacity_high", fields.u32(0x0a));
    out.field(0x0e, "array.serial_checksum", fields.u32(0x0e));
    for (nth, at) in SERIALS.into_iter().enumerate() {
        out.field(at, &format!("serial_checksum[{nth}]"), fields.u32(at));
    }
    out.field(0x32, "checksum", fields.u8(CHECKSUM));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The disk 0 of a RAID 0 of two.
    const STRIPE: [u8; LEN] = [
        0x55, 0xaa, 0x01, 0x04, 0x00, 0x32, 0, 0, 0, 0, 0, 0, 0, 0, 0x34, 0x12, 0, 0, 0x34, 0x12,
        0, 0, 0x78, 0x56, 0, 0, 0xbc, 0x9a, 0, 0, 0xf0, 0xde, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0xb4,
    ];

    fn with(changes: &[(usize, u8)]) -> [u8; LEN] {
        let mut bytes = STRIPE;
        for (at, byte) in changes {
            bytes[*at] = *byte;
        }
        bytes
    }

    fn member_of(bytes: &[u8]) -> Member {
        let fields = Fields::new(bytes);
        member(&fields, &record(&fields, Sectors::new(65535)))
    }

    #[test]
    fn the_bytes_are_added_up() {
        assert_eq!(checksum(&STRIPE), 0xb4);
        assert_eq!(checksum(&with(&[(2, 2)])), 0xb5);
    }

    #[test]
    fn a_name_is_the_sum_of_the_serial_numbers() {
        assert_eq!(set_name(&Fields::new(&STRIPE)), b"via_bcdfda");
    }

    #[test]
    fn a_stripe_is_decoded() {
        let member = member_of(&STRIPE);
        assert_eq!((member.kind, member.order, member.wanted), (Kind::Raid0, 0, 2));
        assert_eq!((member.stride, member.len), (Sectors::new(64), Sectors::new(65535)));
    }

    #[test]
    fn a_spare_is_no_leg() {
        // Type 1, place 1.
        let member = member_of(&with(&[(3, 0x0c), (4, 0x04)]));
        assert_eq!((member.kind, member.wanted), (Kind::Spare, 2));
    }

    #[test]
    fn four_disks_are_two_in_each_half() {
        // Type 9, place 9: disk 1 of half 1.
        for count in [0x32, 0x34] {
            let member = member_of(&with(&[(3, 0x4c), (4, 0x24), (5, count)]));
            assert_eq!((member.order, member.wanted), (1, 2));
            assert_eq!(member.superset.unwrap().order, 1);
        }
    }
}
