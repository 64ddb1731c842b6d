//! `ps3`: the disk of a `PlayStation` 3.
//!
//! The label takes sectors 0 to 2. Numbers are big-endian.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 16 | 8 | magic, `0x0FACE0FF` |
//! | 24 | 8 | magic, `0xDEADFACE` |
//! | 48 + 144 i | 8 | first sector of region i, 0 to 7 |
//! | 56 + 144 i | 8 | number of sectors |
//!
//! A region that begins at 0 or has no sectors is not used. Slots are numbered without gaps.
//!
//! # Source
//!
//! kpartx 0.14.3; the kernel's `drivers/ps3/ps3stor_lib.c` has the regions, which the hypervisor reads.

use alloc::vec::Vec;

use byteorder::BE;
use dm_core::units::Bytes;

use crate::bytes::Fields;
use crate::partitions::probe::Probe;
use crate::partitions::slice::Slice;
use crate::partitions::{Answer, Nested, TableType};

pub(super) const TYPE: TableType = TableType { name: "ps3", nested: Nested::Never, read };

const MAGIC: u64 = 0x0FAC_E0FF;
const SECOND_MAGIC: u64 = 0xDEAD_FACE;

fn read(probe: &mut Probe<'_, '_>) -> Answer {
    let Some(first) = probe.label(0) else { return Answer::Absent };
    let mut label = Vec::from(first);
    let fields = Fields::<BE>::new(&label);
    if fields.u64(16) != MAGIC || fields.u64(24) != SECOND_MAGIC {
        return Answer::Absent;
    }
    for n in [1, 2] {
        let Some(sector) = probe.label(n) else { return Answer::Absent };
        label.extend_from_slice(&sector);
    }
    let label = Fields::<BE>::new(&label);
    let mut slices = Vec::new();
    for (offset, at) in (48..).step_by(144).zip((48..).step_by(144)).take(8) {
        let (start, len) = (label.from(offset).u64(0), label.from(offset).u64(8));
        if let Some(number) =
            crate::partitions::next_number(slices.len()).filter(|_| start != 0 && len != 0)
        {
            slices.push(Slice::new(number, start, len, Bytes::new(at)));
        }
    }
    if slices.is_empty() { Answer::Empty } else { Answer::Slots { id: None, slices } }
}

#[cfg(test)]
mod tests {
    use crate::partitions::tests::{damage, image, outcome, table};

    #[test]
    fn regions_without_a_start_or_a_length_have_no_number() {
        let slices = table("ps3").slices;
        let found = slices.iter().map(|slice| (slice.number, slice.start.get(), slice.at.get()));
        assert!(found.eq([(1, 8, 48), (2, 4096, 480), (3, 0x1_0000_0000, 624)]));
    }

    #[test]
    fn a_label_that_is_cut_off_is_none() {
        assert_eq!(outcome(&image("ps3-cut")).table, None);
    }

    #[test]
    fn an_end_past_any_number_is_noted() {
        let [first, _] = &damage("ps3-all-ones")[..] else { panic!() };
        assert_eq!(first, "ps3 slice 1, end at byte 48: ends nowhere, the disk at 32768");
    }
}
