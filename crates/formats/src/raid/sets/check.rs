//! Sets are checked: are all members there, and what follows where they are not.

use alloc::format;
use alloc::vec::Vec;
use core::mem;

use super::{RaidSet, SetMember};
use crate::raid::Groups;
use crate::raid::kind::{Kind, Status};
use crate::raid::message::Log;

/// Gives every member and every set its status, and drops the sets of the highest level that are of no use, which are
/// returned; a mirror is kept.
pub fn check(sets: &mut Vec<RaidSet>, log: &mut Log) -> Vec<RaidSet> {
    sets.retain(|set| set.format.checking.groups == Groups::NotChecked || !set.is_empty_group());
    let mut dropped = Vec::new();
    for mut set in mem::take(sets) {
        for pass in 0..set.format.checking.passes {
            if pass == 0 || set.status != Status::Broken {
                check_set(&mut set, log);
            }
        }
        if is_kept(&set, log) { sets.push(set) } else { dropped.push(set) }
    }
    dropped
}

fn is_kept(set: &RaidSet, log: &mut Log) -> bool {
    match (set.status, set.kind) {
        (Status::Broken, Kind::Raid1) => {
            log.error(&[b"keeping degraded mirror set \"", &set.name, b"\""]);
            true
        }
        (Status::Broken, _) => {
            log.error(&[b"removing inconsistent RAID set \"", &set.name, b"\""]);
            false
        }
        _ => true,
    }
}

fn check_set(set: &mut RaidSet, log: &mut Log) {
    for subset in &mut set.subsets {
        check_set(subset, log);
    }
    if set.is_group() {
        if set.format.checking.groups == Groups::AsTheirSets {
            set.status = status(set);
        }
        return;
    }
    if set.members.is_empty() && set.subsets.is_empty() {
        // quirk: a set whose subsets were all removed is left as it was.
        return;
    }
    check_members(set, log);
    set.status = status(set);
}

fn check_members(set: &mut RaidSet, log: &mut Log) {
    let have = active(set);
    let have = u64::try_from(have).unwrap_or(u64::MAX);
    let (format, name, kind) = (set.format, &set.name, set.kind);
    for SetMember { path, member, .. } in &mut set.members {
        let wanted = member.wanted;
        if have == wanted {
            member.status = member.when_complete.unwrap_or(member.status);
            continue;
        }
        let words = [b": ", format.checking.wrong_count.as_bytes(), b" RAID set \""].concat();
        let counts = format!("\" [{have}/{wanted}] on ");
        log.error(&[format.name.as_bytes(), &words, name, counts.as_bytes(), path]);
        member.status = incomplete(kind, have, wanted, member.when_complete.is_some());
    }
}

/// How many members hold data, those of subsets too.
fn active(set: &RaidSet) -> usize {
    let below = set.subsets.iter().map(active);
    below.fold(set.active().count(), usize::saturating_add)
}

/// What becomes of a member whose set has `have` members and not `wanted`. `is_checked`: the format has more to say of
/// a member than its metadata do.
fn incomplete(kind: Kind, have: u64, wanted: u64, is_checked: bool) -> Status {
    let missing = wanted.saturating_sub(have);
    let is_enough = match kind {
        Kind::Linear | Kind::Raid0 | Kind::Spare => false,
        Kind::Raid1 => have >= 1,
        Kind::Raid4 | Kind::Raid5Ls | Kind::Raid5Rs | Kind::Raid5La | Kind::Raid5Ra => {
            missing == 0 || (missing == 1 && have > 1 && is_checked)
        }
        Kind::Raid6 => missing == 0 || (missing <= 2 && is_checked),
        Kind::Unknown | Kind::Group => return Status::Unknown,
    };
    if is_enough { Status::Inconsistent } else { Status::Broken }
}

/// What the set is, its members and subsets being what they are.
fn status(set: &RaidSet) -> Status {
    if let Some(status) = set.subsets_wanted.and_then(|wanted| stacked_status(set, wanted)) {
        return status;
    }
    let is_stacked = |subset: &RaidSet| {
        matches!((set.kind, subset.kind), (Kind::Raid0, Kind::Raid1) | (Kind::Raid1, Kind::Raid0))
    };
    let stacked = set.subsets.iter().filter(|subset| is_stacked(subset)).count();
    if stacked > 0 && set.subsets_wanted.is_none() {
        // quirk: how the subsets are does not count; `Layout` looks for itself.
        return match stacked {
            1 => Status::Broken,
            2 => Status::Ok,
            _ => set.status,
        };
    }
    let of_members = set.members.iter().map(|member| member.member.status);
    let of_subsets = set.subsets.iter().map(|subset| match subset.status {
        Status::Inconsistent => Status::Ok,
        other => other,
    });
    let all: Vec<Status> = of_members.chain(of_subsets).collect();
    let has = |status| all.contains(&status);
    if all.iter().all(|status| *status == Status::Ok) {
        Status::Ok
    } else if has(Status::Ok) || has(Status::Inconsistent) {
        Status::Inconsistent
    } else if has(Status::Nosync) {
        Status::Nosync
    } else {
        Status::Broken
    }
}

/// What a set of `wanted` sets is that lacks some of them; none where it has what it needs.
fn stacked_status(set: &RaidSet, wanted: u64) -> Option<Status> {
    let of_use = set.subsets.iter().filter(|subset| subset.status.is_of_use()).count();
    let of_use = u64::try_from(of_use).unwrap_or(u64::MAX);
    if of_use == wanted {
        None
    } else if set.kind == Kind::Raid1 && of_use > 0 {
        Some(Status::Inconsistent)
    } else {
        Some(Status::Broken)
    }
}
