//! What a disk of a family is a part of.

use alloc::format;
use alloc::vec::Vec;

use byteorder::LE;
use dm_core::units::Sectors;

use super::mpb::{self, DiskEntry, Map, Mpb, Volume};
use crate::bytes::Fields;
use crate::raid::kind::{Kind, Status};
use crate::raid::letters::in_letters;
use crate::raid::member::{Listed, Member, Record, Superset};

/// The numbers that a level has on the disk.
pub(super) const RAID0: u8 = 0;
pub(super) const RAID1: u8 = 1;
pub(super) const RAID10: u8 = 2;
pub(super) const RAID5: u8 = 5;
pub(super) const SPARE: u8 = 8;

/// A map that lacks members, and the greatest number that there is of a state.
pub(super) const DEGRADED: u8 = 2;
const STATE_MAX: u8 = 3;

/// What a volume does when its [`mpb::MIGR_TYPE`] is this.
pub(super) const REBUILDING: u8 = 1;

/// A disk's parts: in the group that its family is, and in the volumes of it.
pub(super) fn members(mpb: &Mpb, own: &DiskEntry<'_>, record: &Record, path: &[u8]) -> Vec<Member> {
    let order = u64::try_from(own.nth).unwrap_or(u64::MAX);
    let in_group = Member { order, listed: Listed::ByName, ..Member::of(record) };
    if mpb.volumes().next().is_none() {
        return if own.is_spare() {
            let set = [&record.name, &b"_"[..], path].concat();
            let group = Some(record.name.clone());
            Vec::from([in_group, Member { set, group, ..Member::of(record) }])
        } else {
            Vec::new()
        };
    }
    let mut all = Vec::from([in_group]);
    if !own.is_spare() {
        all.extend(mpb.volumes().filter_map(|volume| {
            let place = place_of(&volume.map(), own.nth, &mpb.fields())?;
            Some(member(&volume, place, record, path))
        }));
    }
    all
}

/// The name of a family's group.
pub(super) fn family_name(fields: &Fields<'_, LE>) -> Vec<u8> {
    let mut digits = format!("{}", fields.u32(mpb::at::FAMILY)).into_bytes();
    in_letters(&mut digits);
    [b"isw_", &digits[..]].concat()
}

/// At which of a volume's places the disk is, if at any. If they make no sense, the disk table's order is that of the
/// members, as always in the original.
pub(super) fn place_of(map: &Map<'_>, nth: usize, fields: &Fields<'_, LE>) -> Option<u64> {
    let disks = u32::from(fields.u8(mpb::at::NUM_DISKS));
    let places: Vec<u32> = map.disks().collect();
    let mut sorted = places.clone();
    sorted.sort_unstable();
    let makes_sense = sorted.iter().all(|place| *place < disks)
        && sorted.windows(2).all(|pair| pair.first() != pair.get(1))
        && !sorted.is_empty();
    let at = |nth| places.iter().position(|place| u32::try_from(nth) == Ok(*place));
    let at = if makes_sense { at(nth) } else { Some(nth) };
    at.and_then(|at| u64::try_from(at).ok())
}

/// The disk's part in a volume.
fn member(volume: &Volume<'_>, order: u64, record: &Record, path: &[u8]) -> Member {
    let map = volume.map();
    let whole = [&record.name, &b"_"[..], volume.name()].concat();
    let is_ten = map.level() == RAID10 || (map.level() == RAID1 && map.members() >= 4);
    let kind = match map.level() {
        RAID0 => Kind::Raid0,
        RAID1 | RAID10 => Kind::Raid1,
        RAID5 => Kind::Raid5La,
        SPARE => Kind::Spare,
        _ => Kind::Unknown,
    };
    let half = order.checked_div(2).unwrap_or(0);
    let set =
        if is_ten { [&whole[..], format!("-{half}").as_bytes()].concat() } else { whole.clone() };
    let superset = is_ten.then_some(Superset {
        name: whole,
        kind: Kind::Raid0,
        stride: map.stride(),
        order: half,
    });
    let status = status(volume);
    Member {
        set,
        kind,
        status,
        start: map.start(),
        len: map.blocks_per_member(),
        stride: map.stride(),
        order,
        wanted: wanted(&map, kind),
        when_complete: Some(status),
        superset,
        group: Some(record.name.clone()),
        volume_len: Some(volume.size()).filter(|len| *len > Sectors::ZERO),
        refused: refusal(volume, kind, path).or_else(|| (is_ten && half > 1).then(Vec::new)),
        ..Member::of(record)
    }
}

/// Its members' status, if there are as many as there should be.
fn status(volume: &Volume<'_>) -> Status {
    let fields = volume.fields();
    if fields.u8(mpb::MIGR_STATE) == 1 && fields.u8(mpb::MIGR_TYPE) == REBUILDING {
        Status::Nosync
    } else if volume.map().state() == DEGRADED {
        Status::Inconsistent
    } else {
        Status::Ok
    }
}

/// How many members the set should have: one of the mirrors, where it is a stripe of mirrors.
fn wanted(map: &Map<'_>, kind: Kind) -> u64 {
    let members = map.members();
    u64::from(match (kind, members) {
        (Kind::Spare, _) => 0,
        (Kind::Raid1, 4) => members.checked_div(map.domains()).unwrap_or(0),
        _ => members,
    })
}

/// What the original says of a volume that it does not take.
fn refusal(volume: &Volume<'_>, kind: Kind, path: &[u8]) -> Option<Vec<u8>> {
    let map = volume.map();
    if map.state() > STATE_MAX {
        let state = format!("isw: unsupported map state {:#x} on ", map.state());
        Some([state.as_bytes(), path, b" for ", volume.name()].concat())
    } else if kind == Kind::Unknown {
        Some(format!("isw: RAID type {} not supported", map.level()).into_bytes())
    } else if map.blocks_per_member().is_zero() {
        Some([b"isw: zero sectors on ", path].concat())
    } else {
        None
    }
}
