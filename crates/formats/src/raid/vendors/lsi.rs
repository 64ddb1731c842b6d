//! `lsi`: LSI Logic's RAID in software.
//!
//! 512 bytes, the sector N-1 of a disk of N. Numbers are little-endian. There is no checksum.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0x00 | 6 | `$XIDE$` |
//! | 0x07 | 1 | number that rises with every write |
//! | 0x10 | 1 | type: 1 RAID 0, 2 RAID 1, 3 RAID 10 |
//! | 0x12 | 2 | stride in sectors |
//! | 0x20 | 4 × 16 | slots, one a disk |
//! | 0x1f0 | 1, 1 | number of this disk, and of its set |
//! | 0x1f2 | 4 | number of the array |
//!
//! A slot:
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0x0 | 1 | bits: 0-3 the disk's place in a stripe, 4-7 which stripe, of a RAID 10 |
//! | 0x2 | 2, 2 | magic of the disk |
//! | 0x6 | 1, 1 | number of the disk, and of its set |
//! | 0x8 | 1 | whether it is offline |
//!
//! A disk's slot is twice the number of its set, and the number of the disk. The set's name is the number of the array
//! and that of the set.
//!
//! # Differences
//!
//! - Half a RAID 10 has two disks. The original expects four of each half, and maps zeros.
//! - A RAID 0 has as many disks as there are slots of its set, two at least. The original expects two, and drops a set
//!   of more.
//! - A disk whose slot would lie past those that fit before 0x1f0 is in no set. The original looks for it in whatever
//!   memory is there.
//! - `-n` ends the magic where the field does, shows where the slots' nibbles lie on the disk, and leaves out the
//!   addresses in memory that the original has as `unknown1`.
//!
//! Kept as it is: a disk that is offline takes its set with it. One that failed, and comes back, is a member: that the byte
//! at 0x07 tells the newest metadata is what the original calls it by; FreeBSD's ata(4) has flags there.
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
use crate::raid::native::Native;
use crate::raid::sighting::{Checksum, Damage, Fate};
use crate::raid::{Checking, FormatType};
use crate::why::Why;

/// The row of `lsi`.
pub(super) static TYPE: FormatType = FormatType {
    name: "lsi",
    description: "LSI Logic MegaRAID",
    levels: "0,1,10",
    checking: Checking::USUAL,
    read,
    newest: None,
    native,
    dump: member::dump_first,
    erase: member::erase_all,
};

const MAGIC: &[u8] = b"$XIDE$";

/// Where the slots that are known begin.
const SLOTS: [usize; 4] = [0x20, 0x30, 0x40, 0x50];

/// How many slots fit before the number of the disk, at [`DISK_NUMBER`].
const SLOTS_MAX: u16 = 29;

const DISK_NUMBER: usize = 0x1f0;
const SET_NUMBER: usize = 0x1f1;

/// The numbers that a type has on the disk.
const RAID0: u8 = 1;
const RAID1: u8 = 2;
const RAID10: u8 = 3;

/// A disk's entry in the table.
#[derive(Debug)]
struct Slot<'a> {
    number: u16,
    fields: Fields<'a, LE>,
}

impl<'a> Slot<'a> {
    /// The slot of the disk that the metadata lie on; none where there is no room for it.
    fn of(fields: &Fields<'a, LE>) -> Option<Self> {
        let number = slot_number(fields);
        let at = usize::from(number).checked_mul(0x10)?.checked_add(0x20)?;
        (number < SLOTS_MAX).then(|| Self { number, fields: fields.from(at) })
    }

    /// The disk's place in a stripe.
    fn stripe(&self) -> u8 {
        self.fields.u8(0) & 0xf
    }

    /// Which stripe.
    fn mirror(&self) -> u8 {
        self.fields.u8(0) >> 4
    }

    fn is_offline(&self) -> bool {
        self.fields.u8(8) != 0
    }
}

/// Which slot is the disk's.
fn slot_number(fields: &Fields<'_, LE>) -> u16 {
    let (set, disk) = (u16::from(fields.u8(SET_NUMBER)), u16::from(fields.u8(DISK_NUMBER)));
    set.saturating_mul(2).saturating_add(disk)
}

fn read(probe: &mut Probe<'_>) -> Option<Found> {
    let sector = probe.before_end(1)?;
    let bytes = probe.read(sector, 512)?;
    let at = sector.to_bytes()?;
    let fields = Fields::<LE>::new(&bytes);
    if !bytes.starts_with(MAGIC) {
        return None;
    }
    let slot = Slot::of(&fields);
    let record = record(&fields, slot.as_ref(), sector);
    let fate = if slot.is_some() {
        Fate::Used
    } else {
        let (found, high) = (slot_number(&fields).into(), u64::from(SLOTS_MAX).saturating_sub(1));
        let at = at.saturating_add(Bytes::new(0x1f0));
        let why = Why::Outside { found, low: 0, high };
        Fate::Damaged(Damage { field: "disk_number", at, why })
    };
    let generation = fields.u8(0x07).into();
    probe.saw(String::from("array"), at, Checksum::None, Some(generation), fate);
    let members = slot.map(|slot| member(&fields, &slot, &record)).into_iter().collect();
    let areas = [Area { at, bytes }].into();
    Some(Found { format: &TYPE, record, members, areas, guard: None })
}

/// All before the sector of the metadata is data.
fn record(fields: &Fields<'_, LE>, slot: Option<&Slot<'_>>, len: Sectors) -> Record {
    let kind = match fields.u8(0x10) {
        RAID0 | RAID10 => Kind::Raid0,
        RAID1 => Kind::Raid1,
        _ => Kind::Unknown,
    };
    let mut name = set_name(fields);
    if fields.u8(0x10) == RAID10 {
        name.extend(format!("-{}", slot.map_or(0, Slot::mirror)).into_bytes());
    }
    Record { name, kind, status: Status::Ok, start: Sectors::ZERO, len }
}

/// `lsi_`, and the numbers of the array and of the set.
fn set_name(fields: &Fields<'_, LE>) -> Vec<u8> {
    let mut name = format!("lsi_{}{}", fields.u32(0x1f2), fields.u8(SET_NUMBER)).into_bytes();
    in_letters(&mut name);
    name
}

fn member(fields: &Fields<'_, LE>, slot: &Slot<'_>, record: &Record) -> Member {
    let stride = Sectors::new(fields.u16(0x12).into());
    let is_ten = fields.u8(0x10) == RAID10;
    let superset = is_ten.then(|| Superset {
        name: set_name(fields),
        kind: Kind::Raid1,
        stride,
        order: slot.mirror().into(),
    });
    let refused = if slot.is_offline() {
        Some(Vec::new())
    } else {
        // quirk: the original's own number for what is unknown, not the disk's.
        (record.kind == Kind::Unknown).then(|| b"lsi: RAID type 1 not supported".to_vec())
    };
    Member {
        stride,
        order: if is_ten { slot.stripe().into() } else { slot.number.into() },
        wanted: wanted(fields),
        superset,
        refused,
        ..Member::of(record)
    }
}

/// How many disks the disk's set has: of a RAID 10, that is one half.
fn wanted(fields: &Fields<'_, LE>) -> u64 {
    let own = fields.u8(SET_NUMBER);
    let is_own = |at: &usize| {
        let slot = fields.from(*at);
        slot.u8(7) == own && slot.array::<16>(0) != [0; 16]
    };
    match fields.u8(0x10) {
        RAID0 => u64::try_from(SLOTS.iter().copied().filter(is_own).count()).unwrap_or(0).max(2),
        _ => 2,
    }
}

fn native(found: &Found, out: &mut Native) {
    let Some(area) = found.areas.first() else { return };
    let fields = Fields::<LE>::new(&area.bytes);
    out.bytes(b"0x000 magic_name: $XIDE$\n");
    let both = |value: u32| format!("{value}, {value:#x}");
    out.field(0x06, "dummy", both(fields.u8(0x06).into()));
    out.field(0x07, "seqno", fields.u8(0x07));
    out.field(0x08, "dummy2", both(fields.u32(0x08)));
    out.field(0x0c, "dummy3", both(fields.u32(0x0c)));
    out.field(0x10, "type", fields.u8(0x10));
    out.field(0x11, "dummy4", both(fields.u8(0x11).into()));
    out.field(0x12, "stride", fields.u16(0x12));
    for (number, at) in (0..).zip(SLOTS) {
        native_slot(&Slot { number, fields: fields.from(at) }, at, out);
    }
    out.field(DISK_NUMBER, "disk_number", fields.u8(DISK_NUMBER));
    out.field(SET_NUMBER, "set_number", fields.u8(SET_NUMBER));
    out.field(0x1f2, "set_id", fields.u32(0x1f2));
}

/// What is shown of the slot that begins at byte `start`.
fn native_slot(slot: &Slot<'_>, start: usize, out: &mut Native) {
    let mut field = |at: usize, name: &str, value: String| {
        let name = format!("disks[{}].{name}", slot.number);
        out.field(start.saturating_add(at), &name, value);
    };
    let fields = &slot.fields;
    let magic = |at: usize| {
        let [low, high] = fields.array(at);
        format!("{:#x}, {low:x}, {high:x}", fields.u16(at))
    };
    field(0, "raid10_stripe", format!("{}", slot.stripe()));
    field(0, "raid10_mirror", format!("{}", slot.mirror()));
    field(1, "unknown", format!("{0}, {0:#x}", fields.u8(1)));
    field(2, "magic_0", magic(2));
    field(4, "magic_1", magic(4));
    field(6, "disk_number", format!("{}", fields.u8(6)));
    field(7, "set_number", format!("{}", fields.u8(7)));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk's metadata; the slots are of so many disks in set 0, or two in set 0 and two in set 1.
    fn sector(raid_type: u8, disk: u8, set: u8, slots: [(u8, u8); 4]) -> [u8; 512] {
        let mut bytes = [0; 512];
        bytes[..6].copy_from_slice(MAGIC);
        bytes[0x10] = raid_type;
        bytes[0x12] = 128;
        for (at, (place, set)) in SLOTS.into_iter().zip(slots) {
            bytes[at] = place;
            bytes[at + 2] = 0x11;
            bytes[at + 7] = set;
        }
        bytes[DISK_NUMBER] = disk;
        bytes[SET_NUMBER] = set;
        bytes[0x1f2..0x1f6].copy_from_slice(&0x1234_5678_u32.to_le_bytes());
        bytes
    }

    const TWO_SETS: [(u8, u8); 4] = [(0x00, 0), (0x01, 0), (0x10, 1), (0x11, 1)];

    fn member_of(bytes: &[u8]) -> (Record, Option<Member>) {
        let fields = Fields::new(bytes);
        let slot = Slot::of(&fields);
        let record = record(&fields, slot.as_ref(), Sectors::new(65535));
        let member = slot.map(|slot| member(&fields, &slot, &record));
        (record, member)
    }

    #[test]
    fn a_name_is_two_numbers_in_letters() {
        assert_eq!(member_of(&sector(RAID0, 0, 0, TWO_SETS)).0.name, b"lsi_dafebjijga");
        assert_eq!(member_of(&sector(RAID10, 3, 0, TWO_SETS)).0.name, b"lsi_dafebjijga-1");
    }

    #[test]
    fn a_stripe_has_the_disks_of_its_slots() {
        let of_four = [(0, 0), (0, 0), (0, 0), (0, 0)];
        assert_eq!(member_of(&sector(RAID0, 0, 0, TWO_SETS)).1.unwrap().wanted, 2);
        assert_eq!(member_of(&sector(RAID0, 0, 0, of_four)).1.unwrap().wanted, 4);
        assert_eq!(member_of(&sector(RAID0, 0, 2, TWO_SETS)).1.unwrap().wanted, 2);
    }

    #[test]
    fn half_a_ten_has_two_disks() {
        let member = member_of(&sector(RAID10, 3, 0, TWO_SETS)).1.unwrap();
        assert_eq!((member.order, member.wanted), (1, 2));
        assert_eq!(member.superset.unwrap().order, 1);
    }

    #[test]
    fn a_slot_lies_in_the_sector_or_is_none() {
        assert!(member_of(&sector(RAID0, 28, 0, TWO_SETS)).1.is_some());
        assert!(member_of(&sector(RAID0, 29, 0, TWO_SETS)).1.is_none());
        assert!(member_of(&sector(RAID10, 255, 255, TWO_SETS)).1.is_none());
    }

    #[test]
    fn what_is_offline_is_refused_without_a_word() {
        let mut bytes = sector(RAID1, 1, 0, TWO_SETS);
        bytes[0x38] = 1;
        assert_eq!(member_of(&bytes).1.unwrap().refused, Some(Vec::new()));
    }
}
