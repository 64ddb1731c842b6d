//! `bsd`: the disk label of the BSDs, on a whole disk.
//!
//! It lies at the beginning of sector 1, or at byte 64 of sector 0. Numbers are little-endian.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0 | 4 | magic, `0x82564557` |
//! | 138 | 2 | number of partitions, of which 16 count |
//! | 148 + 16 i | 4 | number of sectors |
//! | 152 + 16 i | 4 | first sector, from the disk's beginning |
//! | 160 + 16 i | 1 | type of its filesystem; 0 for one that is not used |
//!
//! Slots are numbered without gaps, so that the number says nothing of the letter; the letter is the slice's label.
//! Which slice contains which is the containment rule's matter. Neither the second magic nor the checksum is
//! looked at.
//!
//! # Source
//!
//! The BSDs' `sys/disklabel.h`; kpartx 0.14.3 and 0.9.4.

use alloc::string::String;
use alloc::vec::Vec;

use byteorder::LE;
use dm_core::units::Bytes;

use crate::bytes::Fields;
use crate::partitions::contain::contain;
use crate::partitions::probe::Probe;
use crate::partitions::slice::{Id, Slice, text};
use crate::partitions::{Answer, Nested, TableType};

pub(super) const TYPE: TableType = TableType { name: "bsd", nested: Nested::May, read };

const MAGIC: u32 = 0x8256_4557;

/// The letters of the partitions, as many as there can be.
const LETTERS: &str = "abcdefghijklmnop";

fn read(probe: &mut Probe<'_, '_>) -> Answer {
    let Some(one) = probe.label(1) else { return Answer::Absent };
    let found = Fields::<LE>::new(&one);
    if found.u32(0) == MAGIC {
        return answer(probe, &found, Bytes::new(512));
    }
    let Some(zero) = probe.label(0) else { return Answer::Absent };
    let found = Fields::<LE>::new(&zero).from(64);
    if found.u32(0) == MAGIC {
        return answer(probe, &found, Bytes::new(64));
    }
    Answer::Absent
}

fn answer(probe: &mut Probe<'_, '_>, label: &Fields<'_, LE>, at: Bytes) -> Answer {
    let mut slices = Vec::new();
    let count = usize::from(label.u16(138));
    for (offset, letter) in (148..).step_by(16).zip(LETTERS.chars()).take(count) {
        let entry = label.from(offset);
        let (kind, number) = (entry.u8(12), crate::partitions::next_number(slices.len()));
        let Some(number) = number.filter(|_| kind != 0) else { continue };
        let place = at.saturating_add(Bytes::new(u64::try_from(offset).unwrap_or(0)));
        slices.push(Slice {
            kind: Some(Id::Number(kind.into())),
            kind_name: kind_name(kind),
            label: Some(String::from(letter)),
            ..Slice::new(number, entry.u32(4).into(), entry.u32(0).into(), place)
        });
    }
    if slices.is_empty() {
        return Answer::Empty;
    }
    contain(probe, "bsd_disklabel", &mut slices);
    let name: [u8; 16] = label.array(24);
    Answer::Slots { id: text(&name).map(Id::Text), slices }
}

/// What filesystem the type `kind` stands for. The BSDs do not agree on those above 15.
fn kind_name(kind: u8) -> Option<&'static str> {
    Some(match kind {
        1 => "swap",
        2 => "Version 6",
        3 => "Version 7",
        4 => "System V",
        5 => "4.1BSD",
        6 => "Eighth Edition",
        7 => "4.2BSD FFS",
        8 => "MS-DOS",
        9 => "4.4BSD LFS",
        11 => "HPFS",
        12 => "ISO 9660",
        13 => "boot",
        14 => "vinum",
        15 => "RAID",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use dm_core::units::Sectors;

    use super::*;
    use crate::partitions::tests::{damage, table};

    #[test]
    fn slots_are_numbered_without_gaps_and_keep_their_letters() {
        let table = table("bsd-s1");
        let found = table.slices.iter().map(|slice| (slice.number, slice.label.as_deref()));
        let letters = [(1, Some("a")), (2, Some("b")), (3, Some("d")), (4, Some("e"))];
        assert!(found.eq(letters));
        assert_eq!(table.id, Some(Id::Text(String::from("disk"))));
        assert_eq!(table.slices[1].kind_name, Some("swap"));
        assert_eq!(table.slices[1].at, Bytes::new(512 + 148 + 16));
    }

    #[test]
    fn the_whole_disk_contains_the_others() {
        let containers: Vec<_> =
            table("bsd-s1").slices.iter().map(|slice| slice.container).collect();
        assert_eq!(containers, [Some(3), Some(3), None, Some(3)]);
    }

    #[test]
    fn a_slice_that_runs_into_another_keeps_its_slot_only() {
        let table = table("bsd-overlap");
        assert_eq!((table.slices[0].number, table.slices[0].len), (1, Sectors::ZERO));
        assert_eq!(damage("bsd-overlap"), ["bsd slice 1, slice at byte 660: overlaps slice 2"]);
    }

    #[test]
    fn a_slice_near_the_last_sector_of_32_bits_stays_where_it_is() {
        let table = table("bsd-wrap");
        assert_eq!(table.slices[4].container, None);
        assert_eq!(table.slices[4].end(), Some(Sectors::new(0x1_0000_0010)));
    }

    #[test]
    fn sixteen_partitions_count() {
        assert_eq!(table("bsd-np20").slices.len(), 16);
        assert_eq!(table("bsd-np65535").slices.len(), 4);
        assert_eq!(table("bsd-np2").slices.len(), 2);
    }
}
