//! `solaris`: the volume table of contents of Solaris on x86.
//!
//! It lies in sector 1 of a whole disk. Numbers are little-endian.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 12 | 4 | sanity, `0x600DDEEE` |
//! | 16 | 4 | version, 1 |
//! | 20 | 8 | the volume's name |
//! | 72 + 12 i | 2 | tag of slice i, 0 to 7 |
//! | 74 + 12 i | 2 | flags |
//! | 76 + 12 i | 4 | first sector |
//! | 80 + 12 i | 4 | number of sectors; 0 for one that is not used |
//!
//! Slots are numbered without gaps.
//!
//! # Differences
//!
//! The original takes the fields for as wide as its machine's `long`. On 64-bit machines it finds no real label, and
//! only finds what no Solaris writes; this reader reads real ones, and no others.
//!
//! # Source
//!
//! The kernel's `block/partitions/msdos.c` (`struct solaris_x86_vtoc`); kpartx 0.14.3 for the rest.

use alloc::vec::Vec;

use byteorder::LE;
use dm_core::units::Bytes;

use crate::bytes::Fields;
use crate::partitions::damage::{Part, Why};
use crate::partitions::message::Message;
use crate::partitions::probe::Probe;
use crate::partitions::slice::{Id, Slice, text};
use crate::partitions::{Answer, Nested, TableType, vtoc};

pub(super) const TYPE: TableType = TableType { name: "solaris", nested: Nested::May, read };

const SANITY: u32 = 0x600D_DEEE;

/// Where the label lies.
const LABEL: Bytes = Bytes::new(512);

fn read(probe: &mut Probe<'_, '_>) -> Answer {
    let Some(sector) = probe.label(1) else { return Answer::Absent };
    let label = Fields::<LE>::new(&sector);
    if label.u32(12) != SANITY {
        return Answer::Absent;
    }
    let version = label.u32(16);
    if version != 1 {
        let why = Why::Is { found: version.into(), wanted: 1 };
        probe.say(Message::SolarisVersion(version));
        probe.note(Part::Label, "version", LABEL.saturating_add(Bytes::new(16)), why);
        return Answer::Absent;
    }
    let mut slices = Vec::new();
    for (offset, at) in (72..).step_by(12).zip((584..).step_by(12)).take(8) {
        let entry = label.from(offset);
        let (tag, start, len) = (entry.u16(0), entry.u32(4), entry.u32(8));
        let Some(number) = crate::partitions::next_number(slices.len()).filter(|_| len != 0) else {
            continue;
        };
        slices.push(Slice {
            kind: Some(Id::Number(tag.into())),
            kind_name: vtoc::tag_name(tag),
            attributes: entry.u16(2).into(),
            ..Slice::new(number, start.into(), len.into(), Bytes::new(at))
        });
    }
    if slices.is_empty() {
        return Answer::Empty;
    }
    let volume: [u8; 8] = label.array(20);
    Answer::Slots { id: text(&volume).map(Id::Text), slices }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use super::*;
    use crate::partitions::tests::{damage, image, outcome, table};

    #[test]
    fn a_real_label_is_read() {
        let table = table("solaris-real");
        let found =
            table.slices.iter().map(|slice| (slice.number, slice.start.get(), slice.len.get()));
        let slices = [(1, 2048, 4096), (2, 8192, 2048), (3, 0, 30000), (4, 12288, 1000)];
        assert!(found.eq(slices));
        assert_eq!(table.id, Some(Id::Text(String::from("solaris"))));
        assert_eq!(table.slices[3].kind_name, Some("usr"));
        assert_eq!(table.slices[3].at, Bytes::new(512 + 72 + 4 * 12));
    }

    #[test]
    fn a_version_that_is_not_known_is_said() {
        let outcome = outcome(&image("solaris-v2"));
        assert_eq!(
            (outcome.table, outcome.messages),
            (None, Vec::from([Message::SolarisVersion(2)]))
        );
        assert_eq!(
            damage("solaris-v2"),
            ["solaris label, version at byte 528: is 0x2, should be 0x1"]
        );
    }

    #[test]
    fn what_is_as_wide_as_a_long_is_none() {
        assert_eq!(outcome(&image("solaris-lp64")).table, None);
    }
}
