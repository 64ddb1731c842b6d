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
