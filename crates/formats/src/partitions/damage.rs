//! What is wrong with a partition table: which part, which field, where, and how.

use core::fmt;

use dm_core::units::Bytes;

pub use crate::why::Why;

/// One thing that is wrong with a table.
///
/// [`fmt::Display`] names it on one line: `gpt primary, header checksum at byte 528: is 0x1, should be 0x2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The table, by its type's name.
    pub table: &'static str,
    /// Which part of it.
    pub part: Part,
    /// What is wrong there.
    pub field: &'static str,
    /// Where that lies on the disk.
    pub at: Bytes,
    /// What is the matter with it.
    pub why: Why,
}

/// A part of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The label itself, of which there is one.
    Label,
    /// The copy at the disk's beginning.
    Primary,
    /// The copy at the disk's end.
    Backup,
    /// What describes the slice of this number.
    Slice(u16),
    /// The chain of the extended partition of this number.
    Chain(u16),
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, part, field, at, why } = self;
        write!(f, "{table} {part}, {field} at byte {at}: {why}")
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Label => f.write_str("label"),
            Self::Primary => f.write_str("primary"),
            Self::Backup => f.write_str("backup"),
            Self::Slice(number) => write!(f, "slice {number}"),
            Self::Chain(number) => write!(f, "chain of slice {number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    #[test]
    fn a_line_names_the_table_the_part_the_field_and_the_place() {
        let damage = Damage {
            table: "gpt",
            part: Part::Backup,
            field: "header checksum",
            at: Bytes::new(16_776_720),
            why: Why::Is { found: 1, wanted: 255 },
        };
        let text = "gpt backup, header checksum at byte 16776720: is 0x1, should be 0xff";
        assert_eq!(format!("{damage}"), text);
    }
}
