//! `mac`: Apple's partition map.
//!
//! Numbers are big-endian. Sector 0 describes the disk:
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0 | 2 | magic, `ER` |
//! | 2 | 2 | size of the map's blocks in bytes, whatever the disk's own are |
//!
//! The map's entries lie in its blocks 1, 2, ...:
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0 | 2 | magic, `PM` |
//! | 4 | 4 | number of entries; that of the first counts |
//! | 8 | 4 | first block |
//! | 12 | 4 | number of blocks |
//! | 16 | 32 | name |
//! | 48 | 32 | type |
//! | 88 | 4 | status; bit 3 marks one to boot from |
//!
//! A slice's number is its entry's; the map itself and free space have entries too. The map ends at the first entry
//! without its magic, or at 256. Where an entry's sector cannot be read there is no map at all.
//!
//! # Differences
//!
//! - Blocks that are no whole number of sectors make a map that is not sound. The original lists their slices in
//!   sectors, at the wrong places, or takes the map for one of empty slots where they are smaller than a sector.
//! - The original cuts starts and lengths to 32 bits.
//!
//! # Source
//!
//! Inside Macintosh: Devices, chapter 3; kpartx 0.14.3 and 0.9.4 for the rest.

use alloc::vec::Vec;

use byteorder::BE;
use dm_core::units::{Bytes, Sectors};

use crate::bytes::Fields;
use crate::partitions::damage::{Part, Why};
use crate::partitions::probe::Probe;
use crate::partitions::slice::{Id, Slice, text};
use crate::partitions::{Answer, Nested, SLOTS_MAX, TableType};

pub(super) const TYPE: TableType = TableType { name: "mac", nested: Nested::Never, read };

const MAGIC: &[u8; 2] = b"ER";
const ENTRY_MAGIC: &[u8; 2] = b"PM";

/// The status bit of a partition to boot from.
const BOOT: u32 = 1 << 3;

fn read(probe: &mut Probe<'_, '_>) -> Answer {
    let Some(sector) = probe.label(0) else { return Answer::Absent };
    let label = Fields::<BE>::new(&sector);
    if label.array(0) != *MAGIC {
        return Answer::Absent;
    }
    let size = label.u16(2);
    let block = Bytes::new(size.into()).to_sectors().filter(|block| !block.is_zero());
    let Some(block) = block else {
        let why = Why::Outside { found: size.into(), low: 512, high: 65024 };
        probe.note(Part::Label, "block size", Bytes::new(2), why);
        return Answer::Absent;
    };
    let mut slices = Vec::new();
    let mut count = 1;
    while slices.len() < count
        && let Some(number) = crate::partitions::next_number(slices.len())
    {
        let n = crate::partitions::in_sectors(number.into(), block);
        let Some(sector) = probe.linked(n, Part::Slice(number)) else { return Answer::Absent };
        let entry = Fields::<BE>::new(&sector);
        let at = Sectors::new(n).to_bytes().unwrap_or(Bytes::new(u64::MAX));
        if entry.array(0) != *ENTRY_MAGIC {
            probe.note(Part::Slice(number), "signature", at, Why::Missing);
            break;
        }
        if number == 1 {
            count = usize::try_from(entry.u32(4)).unwrap_or(usize::MAX);
            if count == 0 {
                return Answer::Empty;
            }
        }
        slices.push(slice(&entry, number, at, block));
    }
    if count > usize::from(SLOTS_MAX) && slices.len() == usize::from(SLOTS_MAX) {
        let at = in_first_entry(block);
        probe.note(Part::Label, "number of entries", at, Why::TooMany);
    }
    if slices.is_empty() { Answer::Absent } else { Answer::Slots { id: None, slices } }
}

/// Where the number of entries is.
fn in_first_entry(block: Sectors) -> Bytes {
    block.to_bytes().unwrap_or(Bytes::ZERO).saturating_add(Bytes::new(4))
}

fn slice(entry: &Fields<'_, BE>, number: u16, at: Bytes, block: Sectors) -> Slice {
    let (name, kind): ([u8; 32], [u8; 32]) = (entry.array(16), entry.array(48));
    let status = entry.u32(88);
    let start = crate::partitions::in_sectors(entry.u32(8).into(), block);
    let len = crate::partitions::in_sectors(entry.u32(12).into(), block);
    Slice {
        kind: text(&kind).map(Id::Text),
        label: text(&name),
        attributes: status.into(),
        bootable: status & BOOT != 0,
        ..Slice::new(number, start, len, at)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use super::*;
    use crate::partitions::Message;
    use crate::partitions::tests::{damage, image, outcome, table};

    #[test]
    fn entries_count_in_blocks_of_the_map() {
        let slices = table("mac-2048").slices;
        let found = slices.iter().map(|slice| (slice.number, slice.start.get(), slice.len.get()));
        assert!(found.eq([(1, 4, 60), (2, 256, 4000), (3, 4400, 1600)]));
        assert_eq!(slices[1].at, Bytes::new(4096));
        assert_eq!(slices[1].label.as_deref(), Some("x"));
        assert_eq!(slices[1].kind, Some(Id::Text(String::from("Apple_HFS"))));
    }

    #[test]
    fn the_map_ends_where_an_entry_is_none() {
        assert_eq!(table("mac-1024cnt9").slices.len(), 2);
        assert_eq!(damage("mac-1024cnt9"), ["mac slice 3, signature at byte 3072: is not there"]);
    }

    #[test]
    fn an_entry_past_the_end_makes_the_map_none() {
        let outcome = outcome(&image("mac-cut"));
        assert_eq!(
            (outcome.table, outcome.messages),
            (None, Vec::from([Message::Read { block: 64 }]))
        );
    }

    #[test]
    fn a_block_that_is_no_number_of_sectors_is_refused() {
        assert_eq!(outcome(&image("mac-700")).table, None);
        let text = "mac label, block size at byte 2: is 700, should be 512 to 65024";
        assert_eq!(damage("mac-700"), [text]);
    }

    #[test]
    fn no_more_than_256_entries_count() {
        assert_eq!(table("mac-256parts").slices.len(), 256);
    }

    #[test]
    fn lengths_past_32_bits_are_what_they_say() {
        assert_eq!(table("mac-wrap").slices[0].start.get(), 0x2_0000_0000);
    }
}
