//! What is wrong with a field of metadata, and why bytes of a disk could not be had.

use core::fmt;

use dm_core::errno::Errno;
use dm_core::read_at::ReadError;
use dm_core::units::Sectors;

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// What marks the structure is not there.
    Missing,
    /// The block it lies in could not be had.
    Unreadable(Trouble),
    /// It has one value and should have another.
    Is {
        /// What is there.
        found: u64,
        /// What should be.
        wanted: u64,
    },
    /// It has a value that makes no sense.
    Outside {
        /// What is there.
        found: u64,
        /// The least that would do.
        low: u64,
        /// The most that would do.
        high: u64,
    },
    /// The copies differ in it.
    Differs,
    /// It ends before it begins.
    Backwards,
    /// It ends past the disk's end.
    PastEnd {
        /// Where it ends; none where no number can say it.
        end: Option<Sectors>,
        /// Where the disk does.
        disk: Sectors,
    },
    /// It shares sectors with the slice of this number.
    Overlaps(u16),
    /// The chain comes back to where it was.
    Circle,
    /// There is more of it than there can be.
    TooMany,
}

/// Why a block could not be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// It begins past the disk's end.
    #[error("past the end of the disk")]
    Past,
    /// The disk ends before it does.
    #[error("cut off by the end of the disk")]
    Cut,
    /// The disk refused to read it.
    #[error("cannot be read: {0}")]
    Device(Errno),
    /// The table has cost all that it may.
    #[error("not read: the table is too long")]
    Spent,
}

impl From<ReadError> for Trouble {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::PastEnd { .. } => Self::Cut,
            ReadError::Device { errno, .. } => Self::Device(errno),
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Missing => f.write_str("is not there"),
            Self::Unreadable(trouble) => trouble.fmt(f),
            Self::Is { found, wanted } => write!(f, "is {found:#x}, should be {wanted:#x}"),
            Self::Outside { found, low, high } => {
                write!(f, "is {found}, should be {low} to {high}")
            }
            Self::Differs => f.write_str("differs between the copies"),
            Self::Backwards => f.write_str("ends before it begins"),
            Self::PastEnd { end: Some(end), disk } => {
                write!(f, "ends at sector {end}, the disk at {disk}")
            }
            Self::PastEnd { end: None, disk } => write!(f, "ends nowhere, the disk at {disk}"),
            Self::Overlaps(other) => write!(f, "overlaps slice {other}"),
            Self::Circle => f.write_str("comes back to a link that was followed before"),
            Self::TooMany => f.write_str("goes on when there are no slots left"),
        }
    }
}
