//! `unixware`: the divvy table of `UnixWare`, on a whole disk.
//!
//! It lies in sector 29. Numbers are little-endian.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 4 | 4 | magic, `0xCA5E600D` |
//! | 156 | 4 | magic, `0x600DDEEE` |
//! | 216 + 12 i | 2 | label of slice i, 0 to 15; 0 for one that is not used |
//! | 218 + 12 i | 2 | flags |
//! | 220 + 12 i | 4 | first sector, from the disk's beginning |
//! | 224 + 12 i | 4 | number of sectors |
//!
//! Slice 0 is the whole disk and left out. Slots are numbered without gaps.
//!
//! # Source
//!
//! The kernel's `block/partitions/msdos.c` (`struct unixware_disklabel`); kpartx 0.14.3 for the rest.

use alloc::vec::Vec;

use byteorder::LE;
use dm_core::units::Bytes;

use crate::bytes::Fields;
use crate::partitions::probe::Probe;
use crate::partitions::slice::{Id, Slice};
use crate::partitions::{Answer, Nested, TableType};

pub(super) const TYPE: TableType = TableType { name: "unixware", nested: Nested::May, read };

const MAGIC: u32 = 0xCA5E_600D;
const SECOND_MAGIC: u32 = 0x600D_DEEE;

/// The sector that has the label.
const LABEL: u64 = 29;

fn read(probe: &mut Probe<'_, '_>) -> Answer {
    let Some(sector) = probe.label(LABEL) else { return Answer::Absent };
    let label = Fields::<LE>::new(&sector);
    if label.u32(4) != MAGIC || label.u32(156) != SECOND_MAGIC {
        return Answer::Absent;
    }
    let mut slices = Vec::new();
    for (offset, at) in (216..).step_by(12).zip((29 * 512 + 216..).step_by(12)).take(16).skip(1) {
        let entry = label.from(offset);
        let kind = entry.u16(0);
        let Some(number) = crate::partitions::next_number(slices.len()).filter(|_| kind != 0)
        else {
            continue;
        };
        slices.push(Slice {
            kind: Some(Id::Number(kind.into())),
            kind_name: kind_name(kind),
            attributes: entry.u16(2).into(),
            ..Slice::new(number, entry.u32(4).into(), entry.u32(8).into(), Bytes::new(at))
        });
    }
    if slices.is_empty() { Answer::Empty } else { Answer::Slots { id: None, slices } }
}

/// What a slice with this label is for.
fn kind_name(kind: u16) -> Option<&'static str> {
    Some(match kind {
        1 => "boot",
        2 => "root",
        3 => "swap",
        4 => "user",
        5 => "whole disk",
        6 => "stand",
        7 => "alternate sectors",
        8 => "alternate tracks",
        9 => "home",
        10 => "dump",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::partitions::tests::{image, outcome, table};

    #[test]
    fn the_whole_disk_is_left_out() {
        let table = table("unixware");
        let found =
            table.slices.iter().map(|slice| (slice.number, slice.start.get(), slice.len.get()));
        assert!(found.eq([(1, 1000, 2000), (2, 4000, 3000), (3, 60, 50)]));
        assert_eq!(table.slices[0].kind_name, Some("root"));
        assert_eq!(table.slices[0].at, Bytes::new(29 * 512 + 216 + 12));
        assert_eq!(table.slices[2].attributes, 0x200);
    }

    #[test]
    fn both_magics_count() {
        assert_eq!(outcome(&image("unixware-no-second-magic")).table, None);
    }

    #[test]
    fn a_table_of_the_whole_disk_only_has_no_slots() {
        assert_eq!(outcome(&image("unixware-only-whole")).empty, Some("unixware"));
    }
}
