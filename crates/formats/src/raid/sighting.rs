//! What looks like metadata on a disk, whether it was taken or not, and why: what `--explain` shows.

use alloc::string::String;
use core::fmt;

use dm_core::units::Bytes;

use crate::why::Why;

/// A structure that has the mark of a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// The format's name.
    pub format: &'static str,
    /// Which of its structures: `area 2`, `anchor`.
    pub what: String,
    /// Where it begins.
    pub at: Bytes,
    /// What its checksum says of it.
    pub checksum: Checksum,
    /// The number that rises whenever it is written, where it has one.
    pub generation: Option<u64>,
    /// What became of it.
    pub fate: Fate,
}

/// What a checksum says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checksum {
    /// There is none.
    None,
    /// It is right.
    Right,
    /// It is wrong, and that counts.
    Wrong(Mismatch),
    /// It is wrong, and the format's own software does not mind.
    Ignored(Mismatch),
}

/// A number that is not the one it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// What is there.
    pub found: u64,
    /// What should be.
    pub wanted: u64,
}

/// What became of a structure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// The disk's part in its set was read from it.
    Used,
    /// It is sound, and another like it was used.
    Copy,
    /// It is damaged.
    Damaged(Damage),
    /// It is sound, but says that the disk has no part in a set, or newer ones on another disk say so, or another format was
    /// found before it.
    Passed(&'static str),
}

/// What is wrong with a structure: which field, where, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The field, in the format's own words.
    pub field: &'static str,
    /// Where that lies on the disk.
    pub at: Bytes,
    /// What is the matter with it.
    pub why: Why,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}: {}", self.field, self.at, self.why)
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Right => f.write_str("right"),
            Self::Wrong(Mismatch { found, wanted }) => {
                write!(f, "is {found:#x}, should be {wanted:#x}")
            }
            Self::Ignored(Mismatch { found, wanted }) => {
                write!(f, "is {found:#x}, should be {wanted:#x} (ignored)")
            }
        }
    }
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Used => f.write_str("used"),
            Self::Copy => f.write_str("a sound copy"),
            Self::Damaged(damage) => write!(f, "damaged: {damage}"),
            Self::Passed(why) => write!(f, "passed over: {why}"),
        }
    }
}
