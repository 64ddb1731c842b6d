//! `gpt`: GUID partition tables.
//!
//! Block 0 is a protective MBR: the bytes 55 AA at 510, and an entry of type EE. A header lies in block 1, its
//! backup in the last block. Numbers are little-endian, addresses count logical blocks.
//!
//! | at | bytes | field of the header |
//! |---|---|---|
//! | 0 | 8 | signature `EFI PART` |
//! | 12 | 4 | length of the header, 92 to a block |
//! | 16 | 4 | CRC-32 of so many bytes, with these four as zeros |
//! | 24 | 8 | the block it lies in |
//! | 32 | 8 | the block of the other copy |
//! | 40, 48 | 8, 8 | first and last usable block |
//! | 56 | 16 | the disk's GUID |
//! | 72 | 8 | the block where the entries begin |
//! | 80 | 4 | number of entries |
//! | 84 | 4 | size of an entry: 128 |
//! | 88 | 4 | CRC-32 of the entries |
//!
//! | at | bytes | field of an entry |
//! |---|---|---|
//! | 0 | 16 | type, zeros in one that is not used |
//! | 16 | 16 | the partition's own GUID |
//! | 32, 40 | 8, 8 | first and last block |
//! | 48 | 8 | attributes; bit 2 marks the one a legacy BIOS boots |
//! | 56 | 72 | name, UTF-16 |
//!
//! A slice's number is that of its entry, from 1. The primary copy is taken where it is sound, else the backup in the
//! last block. Extents are not checked: one that ends before it begins has a length that wraps, as the original
//! lists it.
//!
//! # Differences
//!
//! - A header's length must be 92 to a block. The original takes any: one of 0 with a checksum of 0 is sound to
//!   it, a large one makes it crash.
//! - At most 32768 entries are believed.
//!
//! # Source
//!
//! UEFI specification 2.10, section 5; kpartx 0.14.3 and 0.9.4 for what is made of damaged ones.

use alloc::string::String;
use alloc::vec::Vec;

use byteorder::LE;
use dm_core::read_at::ReadAt;
use dm_core::units::Bytes;

use self::header::{Broken, Copy, Header, Signed};
use crate::bytes::Fields;
use crate::partitions::damage::{Damage, Part, Why};
use crate::partitions::disk::{Disk, LogicalBlock};
use crate::partitions::message::Message;
use crate::partitions::probe::Probe;
use crate::partitions::slice::{Guid, Id, Slice};
use crate::partitions::{Answer, Nested, Pmbr, TableType};

mod header;
mod types;

pub(super) const TYPE: TableType = TableType { name: "gpt", nested: Nested::Never, read };

/// The attribute that marks the partition a legacy BIOS boots from.
const LEGACY_BOOT: u64 = 1 << 2;

/// The MBR type that protects a GPT.
const PROTECTIVE: u8 = 0xEE;

/// The logical block that the primary header of `source` was written for, if there is a sound one: an image of a
/// disk of 4096-byte blocks has it there.
pub fn block_size(source: &dyn ReadAt) -> Option<LogicalBlock> {
    LogicalBlock::ALL.into_iter().find(|block| {
        let mut disk = Disk::new(source, *block);
        disk.block(1).is_ok_and(header::is_primary)
    })
}

fn read(probe: &mut Probe<'_, '_>) -> Answer {
    let Some(last) = probe.disk.blocks().checked_sub(1).filter(|last| *last > 0) else {
        return Answer::Absent;
    };
    let primary = header::read(probe.disk, Part::Primary, 1);
    let backup = read_backup(probe.disk, primary.as_ref().ok(), last);
    let pmbr = has_pmbr(probe.disk);
    let found = [primary.as_ref().err(), backup.as_ref().err()];
    let broken = || found.iter().copied().flatten();
    let sound = broken().count() < found.len();
    if sound || pmbr || broken().any(|copy| copy.signed == Signed::Yes) {
        probe.damage.extend(broken().map(|copy| copy.damage));
    }
    if sound && !pmbr {
        probe.note(Part::Label, "protective MBR", Bytes::ZERO, Why::Missing);
        if probe.options.pmbr == Pmbr::Needed {
            probe.say(Message::PmbrRefused);
            return Answer::Absent;
        }
        probe.say(Message::PmbrForced);
    }
    match (primary, backup) {
        (Ok(primary), Ok(backup)) => {
            compare(probe, &primary, &backup, last);
            answer(probe, &primary)
        }
        (Ok(primary), Err(_)) => {
            probe.say(Message::GptBackupInvalid);
            answer(probe, &primary)
        }
        (Err(_), Ok(backup)) => {
            probe.say(Message::GptPrimaryInvalid);
            answer(probe, &backup)
        }
        (Err(_), Err(_)) => Answer::Absent,
    }
}

/// The backup: where the primary says it is, else in the last block.
fn read_backup(disk: &mut Disk<'_>, primary: Option<&Copy>, last: u64) -> Result<Copy, Broken> {
    let named = primary.map_or(last, |primary| primary.header.alternate);
    let found = header::read(disk, Part::Backup, named);
    if found.is_err() && named != last {
        return header::read(disk, Part::Backup, last);
    }
    found
}

/// Whether block 0 tells tools that know no GPT to keep off.
fn has_pmbr(disk: &mut Disk<'_>) -> bool {
    disk.block(0).is_ok_and(|block| {
        let fields = Fields::<LE>::new(block);
        let types = [450, 466, 482, 498].map(|at| fields.u8(at));
        fields.array(510) == [0x55, 0xAA] && types.contains(&PROTECTIVE)
    })
}

/// Says in what the copies differ.
fn compare(probe: &mut Probe<'_, '_>, primary: &Copy, backup: &Copy, last: u64) {
    let said = probe.messages.len();
    let (one, two) = (&primary.header, &backup.header);
    let first = |offset| (Part::Primary, primary.at.saturating_add(Bytes::new(offset)));
    let second = |offset| (Part::Backup, backup.at.saturating_add(Bytes::new(offset)));
    let mut block = |(part, at), field, message, found, wanted| {
        if found != wanted {
            probe.say(message);
            probe.note(part, field, at, Why::Is { found, wanted });
        }
    };
    let alternate = "alternate block";
    block(second(32), alternate, Message::GptPrimaryLba, two.alternate, one.lba);
    block(first(32), alternate, Message::GptAlternateLba, one.alternate, two.lba);
    for (same, message, field, offset) in fields(one, two) {
        if !same {
            let (part, at) = second(offset);
            probe.say(message);
            probe.note(part, field, at, Why::Differs);
        }
    }
    let mut block = |(part, at), field, message, found| {
        if found != last {
            probe.say(message);
            probe.note(part, field, at, Why::Is { found, wanted: last });
        }
    };
    block(first(32), alternate, Message::GptAlternateNotLast, one.alternate);
    block(second(24), "header's own block", Message::GptBackupNotLast, two.lba);
    if probe.messages.len() > said {
        probe.say(Message::GptUseParted);
    }
}

/// The fields that should be the same in both copies: whether they are, what to say if not, name and place.
fn fields(one: &Header, two: &Header) -> [(bool, Message, &'static str, u64); 6] {
    let first = (one.first_usable == two.first_usable, Message::GptFirstUsable);
    let last = (one.last_usable == two.last_usable, Message::GptLastUsable);
    let disk = (one.disk == two.disk, Message::GptDiskGuid);
    let (primary, backup) = (one.entries, two.entries);
    let entries = (primary == backup, Message::GptEntries { primary, backup });
    let (primary, backup) = (one.entry_size, two.entry_size);
    let size = (primary == backup, Message::GptEntrySize { primary, backup });
    let (primary, backup) = (one.entries_crc, two.entries_crc);
    let crc = (primary == backup, Message::GptEntriesCrc { primary, backup });
    [
        (first.0, first.1, "first usable block", 40),
        (last.0, last.1, "last usable block", 48),
        (disk.0, disk.1, "disk GUID", 56),
        (entries.0, entries.1, "number of entries", 80),
        (size.0, size.1, "entry size", 84),
        (crc.0, crc.1, "entries' checksum", 88),
    ]
}

/// The slices of the copy that was chosen.
fn answer(probe: &mut Probe<'_, '_>, copy: &Copy) -> Answer {
    let block = probe.disk.block_size();
    let entry_len = usize::try_from(header::ENTRY_LEN).unwrap_or(1);
    let (mut slices, mut damage) = (Vec::new(), Vec::new());
    for (nth, entry) in copy.entries.chunks_exact(entry_len).enumerate() {
        let Some(number) = crate::partitions::next_number(nth) else { break };
        let at = copy.entry_at(block, nth);
        if let Some((slice, backwards)) = slice(entry, number, at, block) {
            if backwards {
                let (part, why) = (Part::Slice(number), Why::Backwards);
                damage.push(Damage { table: TYPE.name, part, field: "extent", at, why });
            }
            slices.push(slice);
        }
    }
    probe.damage.extend(damage);
    if slices.is_empty() {
        return Answer::Empty;
    }
    Answer::Slots { id: Some(Id::Guid(copy.header.disk)), slices }
}

/// The slice of an entry that is used, and whether it ends before it begins.
fn slice(entry: &[u8], number: u16, at: Bytes, block: LogicalBlock) -> Option<(Slice, bool)> {
    let fields = Fields::<LE>::new(entry);
    let kind = Guid::from_bytes(fields.array(0));
    if kind == Guid::NIL {
        return None;
    }
    let (first, last, per) = (fields.u64(32), fields.u64(40), block.sectors().get());
    let len = last.wrapping_sub(first).wrapping_add(1).wrapping_mul(per);
    let attributes = fields.u64(48);
    let name: [u8; 72] = fields.array(56);
    let slice = Slice {
        kind: Some(Id::Guid(kind)),
        kind_name: types::name(kind),
        unique: Some(Guid::from_bytes(fields.array(16))),
        label: label(&name),
        attributes,
        bootable: attributes & LEGACY_BOOT != 0,
        ..Slice::new(number, first.wrapping_mul(per), len, at)
    };
    Some((slice, last < first))
}

fn label(name: &[u8; 72]) -> Option<String> {
    let (units, _) = name.as_chunks::<2>();
    let units = units.iter().map(|unit| u16::from_le_bytes(*unit)).take_while(|unit| *unit != 0);
    let label: String =
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    (!label.is_empty()).then_some(label)
}

#[cfg(test)]
mod tests;
