//! Members become sets: what `-s` lists, before it is checked.

use alloc::vec::Vec;

use super::{RaidSet, SetMember};
use crate::raid::kind::{Kind, Status};
use crate::raid::member::{Family, Found, Listed, Member};
use crate::raid::message::{Level, Log};
use crate::raid::{FormatType, Joining};

/// What was found on a disk.
#[derive(Clone, Copy, Debug)]
pub struct OnDisk<'a> {
    /// Which disk, in whatever order the caller has them.
    pub disk: usize,
    /// Its path.
    pub path: &'a [u8],
    /// What is there.
    pub found: &'a Found,
}

/// The sets that `all` make, in the order of listings, and what the original says of it.
///
/// What is found first decides where members disagree. A member that cannot be taken into its set takes what there is
/// of the set with it, as in the original.
pub fn group<'a>(all: impl IntoIterator<Item = OnDisk<'a>>, log: &mut Log) -> Vec<RaidSet> {
    let mut sets = Vec::new();
    for on_disk in all {
        let path = on_disk.path;
        for member in &on_disk.found.members {
            if add(&mut sets, &on_disk, member, log) == Added::Not {
                let name = &on_disk.found.record.name;
                // quirk: of a spare, the original does not say it.
                if on_disk.found.record.kind != Kind::Spare {
                    log.error(&[b"adding ", path, b" to RAID set \"", name, b"\""]);
                }
                if remove(&mut sets, name) {
                    log.error(&[b"removing RAID set \"", name, b"\""]);
                }
                break;
            }
            if member.group.is_none() {
                let name = &member.set;
                log.say(Level::Notice, &[b"added ", path, b" to RAID set \"", name, b"\""]);
            }
        }
    }
    sets
}

/// Why a set is not activated that would be another if its disks were found in another order.
const DISAGREE: &str = "its members disagree on its level or stride";

const TWINS: &str = "its members disagree on their places";

/// Whether a member was taken into its set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Added {
    Is,
    Not,
}

fn add(sets: &mut Vec<RaidSet>, on_disk: &OnDisk<'_>, member: &Member, log: &mut Log) -> Added {
    let OnDisk { disk, path, found } = *on_disk;
    let format = found.format;
    if let Some(text) = &member.refused {
        if !text.is_empty() {
            log.error(&[text]);
        }
        return Added::Not;
    }
    let mut new = None;
    let set = match way_to(sets, &member.set).and_then(|way| at(sets, &way)) {
        Some(set) => set,
        None => new.insert(empty(format, member, found.guard)),
    };
    if join(set, format, member, path, log) == Added::Not {
        return Added::Not;
    }
    // Whichever of its disks is found first.
    set.guard = set.guard.or(found.guard);
    let is_twin = |other: &SetMember| !other.is_spare() && other.member.order == member.order;
    if set.kind != Kind::Raid1 && member.kind != Kind::Spare && set.members.iter().any(is_twin) {
        set.guard = set.guard.or((set.kind != Kind::Group).then_some(TWINS));
    }
    let added = SetMember { disk, path: path.to_vec(), member: member.clone() };
    let goes_after = |other: &SetMember| other.member.order > member.order;
    let place_of = set.members.iter().position(goes_after).unwrap_or(set.members.len());
    set.members.insert(place_of, added);
    if let Some(set) = new {
        place(sets, set, format, member);
    }
    Added::Is
}

fn empty(format: &'static FormatType, member: &Member, guard: Option<&'static str>) -> RaidSet {
    RaidSet {
        name: member.set.clone(),
        format,
        kind: member.kind,
        stride: member.stride,
        status: Status::Setup,
        members: Vec::new(),
        subsets: Vec::new(),
        subsets_wanted: None,
        order: member.superset.as_ref().map_or(0, |superset| superset.order),
        guard,
    }
}

/// Whether `member` may be of the set, and what the set learns of it.
fn join(
    set: &mut RaidSet,
    format: &FormatType,
    member: &Member,
    path: &[u8],
    log: &mut Log,
) -> Added {
    let prefix = format.name.as_bytes();
    let is_other = set.kind != member.kind || set.stride != member.stride;
    if is_other && !set.members.is_empty() && member.kind != Kind::Spare && set.kind != Kind::Group
    {
        set.guard = set.guard.or(Some(DISAGREE));
    }
    match format.checking.joining {
        Joining::Overrides => {
            set.kind = member.kind;
            set.stride = member.stride;
            return Added::Is;
        }
        Joining::Yields => return Added::Is,
        Joining::Agrees => {}
    }
    if set.kind == Kind::Spare {
        set.kind = member.kind;
    }
    if set.kind != member.kind && member.kind != Kind::Spare {
        let name = &set.name;
        log.error(&[prefix, b": RAID type mismatch in \"", name, b"\" on  ", path]);
    }
    if set.stride.is_zero() {
        set.stride = member.stride;
    } else if set.stride != member.stride {
        log.error(&[prefix, b": stride inconsistency detected on \"", path, b"\""]);
        return Added::Not;
    }
    let first = set.members.first().and_then(|first| first.member.family);
    if let (Some(first), Some(Family { value, mismatch })) = (first, member.family)
        && first.value != value
    {
        log.error(&[prefix, b": ", mismatch.as_bytes(), b" on ", path]);
        return Added::Not;
    }
    Added::Is
}

/// Which of the sets, then which of its subsets, and so on.
fn way_to(sets: &[RaidSet], name: &[u8]) -> Option<Vec<usize>> {
    sets.iter().enumerate().find_map(|(nth, set)| {
        if set.name == name {
            return Some(Vec::from([nth]));
        }
        let mut way = Vec::from([nth]);
        way.extend(way_to(&set.subsets, name)?);
        Some(way)
    })
}

fn at<'s>(sets: &'s mut [RaidSet], way: &[usize]) -> Option<&'s mut RaidSet> {
    let (first, rest) = way.split_first()?;
    let set = sets.get_mut(*first)?;
    if rest.is_empty() { Some(set) } else { at(&mut set.subsets, rest) }
}

/// Lists a new set where it belongs.
fn place(sets: &mut Vec<RaidSet>, set: RaidSet, format: &'static FormatType, member: &Member) {
    let mut set = set;
    let mut listed = member.listed;
    if let Some(superset) = &member.superset {
        if let Some(way) = way_to(sets, &superset.name)
            && let Some(above) = at(sets, &way)
        {
            insert_by_order(&mut above.subsets, set);
            return;
        }
        let guard = set.guard;
        let (kind, stride, name) = (superset.kind, superset.stride, superset.name.clone());
        let (subsets, subsets_wanted) = (Vec::from([set]), member.subsets_wanted);
        let (status, members, order) = (Status::Setup, Vec::new(), 0);
        set = RaidSet {
            name,
            format,
            kind,
            stride,
            status,
            members,
            subsets,
            subsets_wanted,
            order,
            guard,
        };
        listed = Listed::ByName;
    }
    if let Some(group) = &member.group
        && let Some(above) = sets.iter_mut().find(|set| set.name == *group)
    {
        // Its disk that was found first may be a spare.
        above.kind = Kind::Group;
        insert_by_name(&mut above.subsets, set);
        return;
    }
    match listed {
        Listed::Last => sets.push(set),
        Listed::ByName => insert_by_name(sets, set),
    }
}

fn insert_by_order(sets: &mut Vec<RaidSet>, set: RaidSet) {
    let at = sets.iter().position(|other| other.order > set.order).unwrap_or(sets.len());
    sets.insert(at, set);
}

fn insert_by_name(sets: &mut Vec<RaidSet>, set: RaidSet) {
    let at = sets.iter().position(|other| other.name > set.name).unwrap_or(sets.len());
    sets.insert(at, set);
}

/// Removes the set of this name, at whatever level.
fn remove(sets: &mut Vec<RaidSet>, name: &[u8]) -> bool {
    if let Some(at) = sets.iter().position(|set| set.name == name) {
        sets.remove(at);
        return true;
    }
    sets.iter_mut().any(|set| remove(&mut set.subsets, name))
}
