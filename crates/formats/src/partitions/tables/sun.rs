//! `sun`: the disk label of `SunOS` and Solaris on SPARC.
//!
//! It is sector 0. Numbers are big-endian.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0 | 128 | free text |
//! | 142 + 4 i | 2 | tag of slice i, 0 to 7; in a label with a VTOC |
//! | 144 + 4 i | 2 | flags |
//! | 188 | 4 | sanity of the VTOC, `0x600DDEEE` |
//! | 436 | 2 | tracks in a cylinder |
//! | 438 | 2 | sectors in a track |
//! | 444 + 8 i | 4 | first cylinder |
//! | 448 + 8 i | 4 | number of sectors |
//! | 508 | 2 | magic, `0xDABE` |
//! | 510 | 2 | checksum: all words of the sector together are 0 by exclusive or |
//!
//! Each slice has its slot, used or not. Which contains which is the containment rule's matter.
//!
//! # Differences
//!
//! The original cuts the first sector to 32 bits.
//!
//! # Source
//!
//! The kernel's `block/partitions/sun.c`; kpartx 0.14.3 and 0.9.4 for the rest.

use alloc::vec::Vec;

use byteorder::{BE, ByteOrder as _};
use dm_core::units::Bytes;

use crate::bytes::Fields;
use crate::partitions::contain::contain;
use crate::partitions::damage::{Part, Why};
use crate::partitions::message::Message;
use crate::partitions::probe::Probe;
use crate::partitions::slice::{Id, Slice, text};
use crate::partitions::{Answer, Nested, TableType, vtoc};

pub(super) const TYPE: TableType = TableType { name: "sun", nested: Nested::May, read };

const MAGIC: u16 = 0xDABE;
const VTOC_SANITY: u32 = 0x600D_DEEE;

fn read(probe: &mut Probe<'_, '_>) -> Answer {
    let Some(sector) = probe.label(0) else { return Answer::Absent };
    let label = Fields::<BE>::new(&sector);
    if label.u16(508) != MAGIC {
        return Answer::Absent;
    }
    let (words, _) = sector.as_chunks::<2>();
    let sum = words.iter().fold(0, |sum, word| sum ^ BE::read_u16(word));
    if sum != 0 {
        let found = label.u16(510);
        let why = Why::Is { found: found.into(), wanted: (found ^ sum).into() };
        probe.say(Message::SunChecksum);
        probe.note(Part::Label, "checksum", Bytes::new(510), why);
        return Answer::Absent;
    }
    let mut slices = slices(&label);
    contain(probe, "sun_disklabel", &mut slices);
    let name: [u8; 128] = label.array(0);
    Answer::Slots { id: text(&name).map(Id::Text), slices }
}

/// All eight.
fn slices(label: &Fields<'_, BE>) -> Vec<Slice> {
    let cylinder = crate::partitions::product(label.u16(436).into(), label.u16(438).into());
    let has_tags = label.u32(188) == VTOC_SANITY;
    let places = (444..).step_by(8).zip((444..).step_by(8)).zip((142..).step_by(4));
    let slice = |((offset, at), tag_at): ((usize, u64), usize), nth| {
        let entry = label.from(offset);
        let start = u64::from(entry.u32(0)).saturating_mul(cylinder);
        let slice = Slice::new(nth, start, entry.u32(4).into(), Bytes::new(at));
        if !has_tags {
            return slice;
        }
        let tag = label.u16(tag_at);
        Slice {
            kind: Some(Id::Number(tag.into())),
            kind_name: tag_name(tag),
            attributes: label.u16(tag_at.saturating_add(2)).into(),
            ..slice
        }
    };
    places.zip(1..=8).map(|(place, nth)| slice(place, nth)).collect()
}

/// What a slice with this tag is for: Solaris's tags, and those that Linux uses.
fn tag_name(tag: u16) -> Option<&'static str> {
    Some(match tag {
        0x82 => "Linux swap",
        0x83 => "Linux",
        0x8E => "Linux LVM",
        0xFD => "Linux RAID",
        _ => return vtoc::tag_name(tag),
    })
}

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use super::*;
    use crate::partitions::tests::{damage, image, outcome, table};

    #[test]
    fn cylinders_become_sectors() {
        let table = table("sun-hand");
        let slice = &table.slices[3];
        assert_eq!((slice.number, slice.start.get(), slice.len.get()), (4, 30 * 63 * 16, 1008));
        assert_eq!((slice.container, slice.at), (Some(3), Bytes::new(444 + 24)));
        assert_eq!(table.id, Some(Id::Text(String::from("testing"))));
    }

    #[test]
    fn tags_count_where_there_is_a_vtoc() {
        assert_eq!(table("sun-hand").slices[0].kind, None);
        let mut image = image("sun-hand");
        // The same bits once more in words that nothing is in: the checksum stays right.
        for at in [188, 300] {
            image.put(at, &0x600D_DEEE_u32.to_be_bytes());
        }
        for at in [142, 310] {
            image.put(at, &[0, 4]);
        }
        let table = outcome(&image).table.unwrap();
        assert_eq!(table.slices[0].kind_name, Some("usr"));
    }

    #[test]
    fn a_wrong_checksum_is_said() {
        let outcome = outcome(&image("sun-badsum"));
        assert_eq!((outcome.table, outcome.messages), (None, Vec::from([Message::SunChecksum])));
        let [damage] = &damage("sun-badsum")[..] else { panic!() };
        assert!(damage.starts_with("sun label, checksum at byte 510: is 0x"), "{damage}");
    }

    #[test]
    fn a_cylinder_past_32_bits_of_sectors_is_where_it_says() {
        assert_eq!(table("sun-wrap").slices[0].start.get(), 0x1000_0000 * 63 * 16);
    }
}
