//! RAID sets: what members make together.
//!
//! ```text
//! RaidSets     in the order of listings
//!  └ RaidSet   members, or subsets, or, in a group, both: its disks, and the sets on them
//! ```

use alloc::vec::Vec;

use dm_core::units::Sectors;

use super::FormatType;
use super::kind::{Kind, Status};
use super::member::Member;

mod check;
mod group;
mod overrule;
#[cfg(test)]
pub(in crate::raid) mod together;

pub use check::check;
pub use group::{OnDisk, group};
pub use overrule::{Looked, by_newest};

/// A disk's part in a set.
#[derive(Clone, Debug)]
pub struct SetMember {
    /// Which disk, in whatever order the caller has them.
    pub disk: usize,
    /// Its path.
    pub path: Vec<u8>,
    /// What the metadata say of it, but for [`Member::status`], which [`check()`] sets.
    pub member: Member,
}

impl SetMember {
    /// Whether it waits for another to fail.
    pub fn is_spare(&self) -> bool {
        self.member.kind == Kind::Spare
    }
}

/// A RAID set.
#[derive(Clone, Debug)]
pub struct RaidSet {
    /// Its name, which is that of its mapped device.
    pub name: Vec<u8>,
    /// The format of its metadata.
    pub format: &'static FormatType,
    /// What it makes of its members, or its subsets.
    pub kind: Kind,
    /// Its chunk; zero where that makes no sense.
    pub stride: Sectors,
    /// How it is.
    pub status: Status,
    /// Its members, in their order; spares are among them.
    pub members: Vec<SetMember>,
    /// The sets under it, in their order.
    pub subsets: Vec<RaidSet>,
    /// How many of those there are when it is complete, where the metadata say so.
    pub subsets_wanted: Option<u64>,
    /// Its place among the subsets of its superset.
    pub order: u64,
    /// Why it may not be activated, where that is so.
    pub guard: Option<&'static str>,
}

impl RaidSet {
    /// The members that hold data.
    pub fn active(&self) -> impl Iterator<Item = &SetMember> {
        self.members.iter().filter(|member| !member.is_spare())
    }

    /// How many members it and the sets under it have; of a group, how many disks.
    pub fn devices(&self) -> usize {
        self.counted(|set| set.active().count())
    }

    /// Likewise the spares.
    pub fn spares(&self) -> usize {
        self.counted(|set| set.members.iter().filter(|member| member.is_spare()).count())
    }

    fn counted(&self, own: fn(&Self) -> usize) -> usize {
        let below: &[Self] = if self.is_group() { &[] } else { &self.subsets };
        below.iter().map(|set| set.counted(own)).fold(own(self), usize::saturating_add)
    }

    /// Whether it has a device of its own.
    pub fn is_group(&self) -> bool {
        self.kind == Kind::Group
    }

    /// Whether it is a group without a set.
    fn is_empty_group(&self) -> bool {
        self.is_group() && self.subsets.is_empty()
    }

    /// The word for its kind: a set of sets is named for the kinds of both.
    pub fn kind_name(&self) -> &'static str {
        match (self.is_group(), self.kind, self.subsets.first().map(|subset| subset.kind)) {
            (true, ..) | (_, _, None) => self.kind.name(),
            // What the original has no sets of has the plain name.
            (_, Kind::Linear, _) if self.subsets_wanted.is_some() => self.kind.name(),
            (_, Kind::Raid0, Some(Kind::Raid0)) if self.subsets_wanted.is_some() => "raid00",
            // quirk: to the original, what is linear or a stripe is RAID 3 where its name is a part of another.
            (_, Kind::Linear, _) => "raid30",
            (_, Kind::Raid0, Some(Kind::Linear | Kind::Raid0)) => "raid03",
            (_, Kind::Raid0, Some(Kind::Raid1)) => "raid01",
            (_, Kind::Raid0, Some(Kind::Raid4)) => "raid04",
            (_, Kind::Raid0, Some(_)) => "raid05",
            (..) => "raid10",
        }
    }

    /// Its size, as it is shown. What is mapped may be more: a mirror is mapped whole, not in whole chunks.
    pub fn size(&self) -> Sectors {
        let whole = |len: u64| match len.checked_rem(self.stride.get()) {
            Some(rest) => len.saturating_sub(rest),
            None => len,
        };
        let below: &[Self] = if self.is_group() { &[] } else { &self.subsets };
        let (active, of_members) = self.sizes_of_members();
        let parts = if below.is_empty() { active } else { below.len() };
        let of_subsets = below.iter().map(|subset| subset.size().get());
        let sizes = of_subsets.chain(of_members).map(whole);
        let total = match self.kind {
            Kind::Raid1 => sizes.min().unwrap_or(0),
            _ => sizes.fold(0, u64::saturating_add),
        };
        let part = u64::try_from(parts).ok().and_then(|parts| total.checked_div(parts));
        let parity = part.unwrap_or(0).saturating_mul(self.kind.parity());
        Sectors::new(total.saturating_sub(parity))
    }

    /// How many members count, and how much of each.
    fn sizes_of_members(&self) -> (usize, Vec<u64>) {
        let lens = || self.members.iter().map(|member| member.member.len.get());
        if self.kind == Kind::Spare {
            let sizes: Vec<u64> = lens().collect();
            return (sizes.len(), sizes);
        }
        let smallest = lens().min().unwrap_or(0);
        let sizes: Vec<u64> = self.active().map(|_| smallest).collect();
        (sizes.len(), sizes)
    }
}

/// The set of this name, at whatever level.
pub fn find<'s>(sets: &'s [RaidSet], name: &[u8]) -> Option<&'s RaidSet> {
    sets.iter().find_map(|set| if set.name == name { Some(set) } else { find(&set.subsets, name) })
}
