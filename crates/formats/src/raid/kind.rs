//! What a RAID set is, and how it is: the words that listings have for it.

use core::fmt;

/// What a set makes of its members.
///
/// [`fmt::Display`] is the original's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The metadata have a number for it that nothing is known of.
    Unknown,
    /// No device, but a list of the sets of which its disks have parts.
    Group,
    /// Waits for a member to fail.
    Spare,
    /// One member after the other.
    Linear,
    /// Chunks dealt to the members in turn.
    Raid0,
    /// The same on every member.
    Raid1,
    /// As RAID 0, and one member for parity.
    Raid4,
    /// Parity goes round, left symmetric.
    Raid5Ls,
    /// Parity goes round, right symmetric.
    Raid5Rs,
    /// Parity goes round, left asymmetric.
    Raid5La,
    /// Parity goes round, right asymmetric.
    Raid5Ra,
    /// Two members' worth of parity.
    Raid6,
}

impl Kind {
    /// The original's word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Group => "GROUP",
            Self::Spare => "spare",
            Self::Linear => "linear",
            Self::Raid0 => "stripe",
            Self::Raid1 => "mirror",
            Self::Raid4 => "raid4",
            Self::Raid5Ls => "raid5_ls",
            Self::Raid5Rs => "raid5_rs",
            Self::Raid5La => "raid5_la",
            Self::Raid5Ra => "raid5_ra",
            Self::Raid6 => "raid6",
        }
    }

    /// Its number, where it has one.
    pub const fn level(self) -> Option<u8> {
        match self {
            Self::Raid0 => Some(0),
            Self::Raid1 => Some(1),
            Self::Raid4 => Some(4),
            Self::Raid5Ls | Self::Raid5Rs | Self::Raid5La | Self::Raid5Ra => Some(5),
            Self::Raid6 => Some(6),
            Self::Unknown | Self::Group | Self::Spare | Self::Linear => None,
        }
    }

    /// How many members' worth of its size is parity.
    pub const fn parity(self) -> u64 {
        match self {
            Self::Raid4 | Self::Raid5Ls | Self::Raid5Rs | Self::Raid5La | Self::Raid5Ra => 1,
            Self::Raid6 => 2,
            _ => 0,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// How a member or a set is.
///
/// [`fmt::Display`] is the original's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// The metadata have a number for it that nothing is known of.
    Unknown,
    /// Of no use.
    Broken,
    /// Of use, but not all is there.
    Inconsistent,
    /// Its members may differ.
    Nosync,
    /// Healthy.
    Ok,
    /// Not looked at.
    Setup,
}

impl Status {
    /// The original's word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Broken => "broken",
            Self::Inconsistent => "inconsistent",
            Self::Nosync => "nosync",
            Self::Ok => "ok",
            Self::Setup => "setup",
        }
    }

    /// Whether a member like this has data that are worth something.
    pub const fn is_of_use(self) -> bool {
        matches!(self, Self::Ok | Self::Inconsistent | Self::Nosync)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
