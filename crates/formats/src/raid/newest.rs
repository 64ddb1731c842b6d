//! Metadata that are older than others of the same family: what a format says of the disks that have them.
//!
//! A disk that dropped out of its set, and comes back, has the metadata of the day on which it left, and by those it is a
//! healthy member. The newest of its family decide: a disk that they call failed, or do not list, is none. Whoever was
//! only written to a moment later than the others, when the power went, is a member still.

use alloc::vec::Vec;

use dm_core::units::Sectors;

use super::member::{Found, Member};

/// Says of all disks with metadata of a format which of them the newest overrule, and how.
pub type Newest = fn(&[Dated<'_>]) -> Vec<Overruled>;

/// A disk with metadata of a format.
#[derive(Clone, Copy, Debug)]
pub struct Dated<'a> {
    /// Its path, as messages have it.
    pub path: &'a [u8],
    /// Its serial number without white space, where it is known.
    pub serial: Option<&'a [u8]>,
    /// How large it is.
    pub len: Sectors,
    /// What is there.
    pub found: &'a Found,
}

/// A disk as the newest metadata of its family have it, which are on another or say that this one failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overruled {
    /// Which of the disks that were given.
    pub nth: usize,
    /// The disk's parts in sets.
    pub members: Vec<Member>,
    /// Why no set with it may be activated, where that is so.
    pub guard: Option<&'static str>,
    /// What it is no part of any more.
    pub out: Vec<Out>,
}

/// A disk is out, of a set or of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Out {
    /// Of which set; none: of all.
    pub set: Option<Vec<u8>>,
    /// Which of the disks that were given has the metadata that say so.
    pub by: usize,
    /// What they say.
    pub reason: Reason,
}

/// What newer metadata say of a disk that is out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It failed, or is not usable for another reason.
    Failed,
    /// Nothing.
    NotListed,
    /// It is to get its data anew.
    NoData,
}

impl Out {
    /// Whether the disk is out of the set of this name because it failed.
    pub(super) fn has_failed(&self, set: &[u8]) -> bool {
        self.reason == Reason::Failed && self.set.as_deref().is_none_or(|out| out == set)
    }

    /// Those of a disk that is in no set any more: it is said once.
    pub(super) fn of_all(out: Vec<Self>) -> Vec<Self> {
        out.into_iter().take(1).map(|out| Self { set: None, ..out }).collect()
    }
}

impl Reason {
    /// After `the newest metadata, on DISK, `.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Failed => "call it failed",
            Self::NotListed => "do not list it",
            Self::NoData => "say that it lacks its data",
        }
    }

    /// What `--explain` says of its metadata.
    pub const fn fate(self) -> &'static str {
        match self {
            Self::Failed => "the newest metadata of its family call it failed",
            Self::NotListed => "the newest metadata of its family do not list it",
            Self::NoData => "the newest metadata of its family say that it lacks its data",
        }
    }
}
