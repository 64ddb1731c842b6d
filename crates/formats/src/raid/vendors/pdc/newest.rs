//! The newest metadata of an array say which disks are its members.

use alloc::vec::Vec;

use byteorder::LE;

use super::{DISKS_MAX, MEMBER, MEMBERS};
use crate::bytes::Fields;
use crate::raid::member::Member;
use crate::raid::newest::{Dated, Out, Overruled, Reason};

/// Flags of a member.
const ONLINE: u8 = 0x02;
const REBUILT: u8 = 0x20;
const FAILED: u8 = 0x40;

/// The metadata that a disk has of an array, and its part there.
struct Part<'d> {
    /// Which disk.
    nth: usize,
    bytes: &'d [u8],
    member: &'d Member,
}

/// What the newest metadata of their arrays say of the disks with older ones.
pub(super) fn newest(all: &[Dated<'_>]) -> Vec<Overruled> {
    let parts: Vec<Part<'_>> = all.iter().enumerate().flat_map(Part::all_of).collect();
    let overruled = |(nth, _)| {
        let (mut members, mut out) = (Vec::new(), Vec::new());
        for part in parts.iter().filter(|part| part.nth == nth) {
            match part.out(&parts) {
                Some(one) => out.push(one),
                None => members.push(part.member.clone()),
            }
        }
        if members.is_empty() {
            out = Out::of_all(out);
        }
        let is_changed = !out.is_empty();
        is_changed.then_some(Overruled { nth, members, guard: None, out })
    };
    all.iter().enumerate().filter_map(overruled).collect()
}

impl<'d> Part<'d> {
    fn all_of((nth, disk): (usize, &'d Dated<'d>)) -> impl Iterator<Item = Self> {
        let all = disk.found.areas.iter().zip(&disk.found.members);
        all.map(move |(area, member)| Self { nth, bytes: &area.bytes, member })
    }

    fn fields(&self) -> Fields<'d, LE> {
        Fields::new(self.bytes)
    }

    /// The array's identity.
    fn array(&self) -> u64 {
        self.fields().u64(0x22c)
    }

    /// How many writes newer the metadata are than these: past the highest generation comes 0.
    fn lead_over(&self, other: &Self) -> u16 {
        let lead = self.fields().u16(0x21c).wrapping_sub(other.fields().u16(0x21c));
        if lead.leading_zeros() == 0 { 0 } else { lead }
    }

    /// Why the disk is out of the array, if it is.
    fn out(&self, all: &[Self]) -> Option<Out> {
        let others = all.iter().filter(|other| other.array() == self.array());
        let newer = others.filter(|other| other.lead_over(self) > 0);
        // Of several the one whose bytes are greater, in whatever order they are found.
        let newest = newer.max_by_key(|other| (other.lead_over(self), other.bytes))?;
        let reason = newest.fault_of(self.fields().u64(0x208))?;
        Some(Out { set: Some(self.member.set.clone()), by: newest.nth, reason })
    }

    /// Why the disk of this identity is no member; none where it is sound.
    fn fault_of(&self, disk: u64) -> Option<Reason> {
        let fields = self.fields();
        let members = (MEMBERS..).step_by(MEMBER).map(|at| fields.from(at));
        let mut members = members.take(fields.u8(0x220).min(DISKS_MAX).into());
        let Some(member) = members.find(|member| member.u64(4) == disk) else {
            return Some(Reason::NotListed);
        };
        match member.u8(0) {
            flags if flags & FAILED != 0 => Some(Reason::Failed),
            flags if flags & REBUILT != 0 || flags & ONLINE == 0 => Some(Reason::NoData),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec::Vec;

    use dm_testkit::raid::named;

    use super::super::TYPE;
    use crate::raid::sets::RaidSet;
    use crate::raid::sets::together::Together;

    /// The sets of a case, with their disks' numbers, and what is said of disks that are passed over.
    fn sets_of(case: &str) -> (Vec<String>, Vec<String>) {
        let together = Together::of(["a", "b"].into_iter().zip(&named(case).unwrap().disks), &TYPE);
        let shown = |set: &RaidSet| {
            let members: Vec<usize> = set.members.iter().map(|member| member.disk).collect();
            alloc::format!("{} {members:?}", String::from_utf8_lossy(&set.name))
        };
        (together.sets.iter().map(shown).collect(), together.passed_over)
    }

    #[test]
    fn a_disk_that_the_newest_call_failed_is_no_member() {
        let words = "pdc: b is passed over: the newest metadata, on a, call it failed";
        let (sets, said) = sets_of("pdc-stale-mirror");
        assert_eq!((sets, said), (["pdc_bbefdcegbc [0]".into()].into(), [words.into()].into()));
        assert_eq!(sets_of("pdc-stale-mirror-first").0, ["pdc_bbefdcegbc [1]"]);
    }

    #[test]
    fn past_the_highest_generation_comes_0() {
        assert_eq!(sets_of("pdc-stale-wrapped").0, ["pdc_bbefdcegbc [0]"]);
    }

    #[test]
    fn a_disk_is_out_of_the_array_that_it_dropped_out_of() {
        let (sets, said) = sets_of("pdc-stale-of-2-arrays");
        assert_eq!(sets, ["pdc_eajg [0, 1]", "pdc_ibjc [0]"]);
        let words = "pdc: b is passed over for RAID set \"pdc_ibjc\": the newest metadata, on a, call it failed";
        assert_eq!(said, [words]);
    }

    #[test]
    fn a_disk_that_was_written_to_a_moment_later_is_a_member() {
        let (sets, said) = sets_of("pdc-older-healthy");
        assert_eq!(sets, ["pdc_bbefdcegbc [0, 1]"]);
        assert!(said.is_empty(), "{said:?}");
    }
}
