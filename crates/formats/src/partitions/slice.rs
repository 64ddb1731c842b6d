//! What a partition table is made of: slices, and what they are called.

use alloc::string::String;
use core::fmt;

use byteorder::{BE, LE};
use dm_core::units::{Bytes, Sectors};

use crate::bytes::Fields;

/// A slice of a disk: one slot of a partition table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// The partition's number, from 1. Whether a slot without a slice has one is the table's matter.
    pub number: u16,
    /// Where it begins on the disk, also for a contained one.
    pub start: Sectors,
    /// How long it is. A slot of no length makes the table one that has slots, may be a container, and is
    /// neither listed nor mapped.
    pub len: Sectors,
    /// The number of the slice that it is listed relative to.
    pub container: Option<u16>,
    /// Where its entry lies on the disk.
    pub at: Bytes,
    /// Its type, as the table has it.
    pub kind: Option<Id>,
    /// Its type in words, where they are known.
    pub kind_name: Option<&'static str>,
    /// What tells it from every other partition.
    pub unique: Option<Guid>,
    /// Its name: free text in most tables, the letter in a BSD label.
    pub label: Option<String>,
    /// The flags that the table gives it, as they are there.
    pub attributes: u64,
    /// Whether it is marked as the one to boot from.
    pub bootable: bool,
}

impl Slice {
    /// A slice of which nothing more is known.
    pub(super) fn new(number: u16, start: u64, len: u64, at: Bytes) -> Self {
        Self {
            number,
            start: Sectors::new(start),
            len: Sectors::new(len),
            container: None,
            at,
            kind: None,
            kind_name: None,
            unique: None,
            label: None,
            attributes: 0,
            bootable: false,
        }
    }

    /// Where it ends, unless that is past any number.
    pub fn end(&self) -> Option<Sectors> {
        self.start.checked_add(self.len)
    }
}

/// What a disk or a type is called by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Id {
    /// A number.
    Number(u32),
    /// A GUID.
    Guid(Guid),
    /// A text.
    Text(String),
}

impl fmt::Display for Id {
    /// A number in hexadecimal digits, without a prefix.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number:x}"),
            Self::Guid(guid) => guid.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// A GUID as GPT stores it: its first three groups little-endian.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guid([u8; 16]);

impl Guid {
    /// No GUID at all: the type of an entry that is not used.
    pub const NIL: Self = Self([0; 16]);

    /// The GUID of these bytes, in their order on disk.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bytes, in their order on disk.
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0
    }

    /// The GUID that is written in these groups, the last two as one.
    #[expect(clippy::many_single_char_names, reason = "sixteen bytes, in their order")]
    pub(super) const fn from_groups(one: u32, two: u16, three: u16, rest: u64) -> Self {
        let ([a, b, c, d], [e, f]) = (one.to_le_bytes(), two.to_le_bytes());
        let ([g, h], [i, j, k, l, m, n, o, p]) = (three.to_le_bytes(), rest.to_be_bytes());
        Self([a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p])
    }
}

impl fmt::Display for Guid {
    /// As `c12a7328-f81f-11d2-ba4b-00a0c93ec93b`, with capitals when asked for `{:#}`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (le, be) = (Fields::<LE>::new(&self.0), Fields::<BE>::new(&self.0));
        let (one, two, three) = (le.u32(0), le.u16(4), le.u16(6));
        let (four, five, rest) = (be.u16(8), be.u16(10), be.u32(12));
        if out.alternate() {
            write!(out, "{one:08X}-{two:04X}-{three:04X}-{four:04X}-{five:04X}{rest:08X}")
        } else {
            write!(out, "{one:08x}-{two:04x}-{three:04x}-{four:04x}-{five:04x}{rest:08x}")
        }
    }
}

impl fmt::Debug for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text of a field that is filled up with zeros or blanks; none where it is empty. What is no printable
/// ASCII becomes the replacement character.
pub(super) fn text(field: &[u8]) -> Option<String> {
    let text = field.split(|byte| *byte == 0).next().unwrap_or_default().trim_ascii();
    let letter = |byte: &u8| match *byte {
        byte @ b' '..=b'~' => char::from(byte),
        _ => char::REPLACEMENT_CHARACTER,
    };
    (!text.is_empty()).then(|| text.iter().map(letter).collect())
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    #[test]
    fn a_guid_prints_with_its_first_groups_turned_round() {
        let esp = Guid::from_groups(0xC12A_7328, 0xF81F, 0x11D2, 0xBA4B_00A0_C93E_C93B);
        assert_eq!(esp.to_bytes()[..4], [0x28, 0x73, 0x2A, 0xC1]);
        assert_eq!(format!("{esp}"), "c12a7328-f81f-11d2-ba4b-00a0c93ec93b");
        assert_eq!(format!("{esp:#}"), "C12A7328-F81F-11D2-BA4B-00A0C93EC93B");
    }

    #[test]
    fn a_text_ends_with_its_filling() {
        assert_eq!(text(b"Apple_HFS\0\0x").as_deref(), Some("Apple_HFS"));
        assert_eq!(text(b"root    ").as_deref(), Some("root"));
        assert_eq!(text(b"\0\0"), None);
        assert_eq!(text(b"a\xffb\nc").as_deref(), Some("a\u{fffd}b\u{fffd}c"));
    }
}
