//! A set, or a spare, is made.

use alloc::format;
use alloc::vec::Vec;

use dm_core::units::Sectors;

use super::draft::{Draft, MEMBER, SPARE, put, set_maps};
use super::mpb::{MAP, Mpb, PLACES};
use super::sets::{RAID0, RAID1, RAID5};
use super::{TYPE, mpb};
use crate::raid::manage::{self, Answer, Candidate, Created, NewSet, Plan, SPARE_LEVEL, no};

/// What is kept free at the end of a disk, and what its size is rounded down by, in sectors.
const RESERVED: u64 = 4777;

/// The smallest size that can be asked for, in sectors.
const SIZE_MIN: u64 = 204_800;

/// What a disk has beyond its stripes, and what lies between two volumes, in sectors.
const MAP_EXTRA: u64 = 264;
const GAP: u64 = 4096;

/// The most volumes of a family, and the most members that are not initialised one after the other.
const VOLUMES_MAX: usize = 2;
const MEMBERS_AT_ONCE: usize = 4;

/// Read and write coalescing, which a new volume has.
const VOLUME_STATUS: u8 = 0xc;

/// What of a level can be had.
struct Level {
    /// In digits, the outermost first, and as the original shows it.
    digits: &'static [u8],
    shown: &'static str,
    /// On the disk.
    number: u8,
    /// The least and the most members, how many copies there are, and how many members' worth of parity.
    members: (usize, usize),
    copies: u8,
    parity: u64,
    /// Strides in sectors, and the one that counts where none is asked for.
    strides: &'static [u16],
    stride: u16,
    /// Whether the original shows the stride.
    is_stride_shown: bool,
}

static LEVELS: [Level; 4] = [
    Level {
        digits: b"0",
        shown: "RAID0",
        number: RAID0,
        members: (2, 6),
        copies: 1,
        parity: 0,
        strides: &[8, 16, 32, 64, 128, 256],
        stride: 256,
        is_stride_shown: true,
    },
    Level {
        digits: b"1",
        shown: "RAID1",
        number: RAID1,
        members: (2, 2),
        copies: 2,
        parity: 0,
        strides: &[128],
        stride: 128,
        is_stride_shown: false,
    },
    Level {
        digits: b"01",
        shown: "RAID01 (isw RAID10)",
        number: RAID1,
        members: (4, 4),
        copies: 2,
        parity: 0,
        strides: &[8, 16, 32, 64, 128, 256],
        stride: 128,
        is_stride_shown: false,
    },
    Level {
        digits: b"5",
        shown: "RAID5",
        number: RAID5,
        members: (3, 6),
        copies: 1,
        parity: 1,
        strides: &[32, 64, 128, 256],
        stride: 128,
        is_stride_shown: true,
    },
];

/// Makes a set on disks of no family, or a second volume on all disks of a family.
pub(super) fn create(disks: &[Candidate<'_>], new: &NewSet<'_>) -> Answer<Created> {
    if new.level == SPARE_LEVEL {
        return create_spare(disks, new);
    }
    let Some(level) = LEVELS.iter().find(|level| level.digits == new.level) else {
        return Err(no(&[b"isw: unsupported raid level"]));
    };
    if families(disks).any(|(_, mpb)| mpb.volumes().any(|volume| volume.name() == new.name)) {
        let (before, after) = (b"isw: the name ", b" is already in use, please try another name");
        return Err(no(&[before, new.name, after]));
    }
    check_count(new.members.len(), level.members)?;
    let members: Vec<&Candidate<'_>> =
        new.members.iter().filter_map(|nth| disks.get(*nth)).collect();
    let existing = existing(disks, new.members)?;
    let room = room(level, &members, existing.as_ref());
    let size = size(new.size, &room, existing.is_some())?;
    let stride = stride(level, new.stride);
    let volume = volume(level, new, (size, stride), room.start)?;
    let mut draft = existing.as_ref().map_or_else(|| Draft::with(&members, MEMBER), Draft::of)?;
    draft.volumes.push(volume);
    draft.set_version(version(level, members.len(), &draft));
    if existing.is_some() {
        draft.next_generation();
    } else {
        draft.name_family(new.now);
    }
    let plan = write(&draft, disks, new.members.iter().copied())?;
    let shown = level.is_stride_shown.then_some(Sectors::new(stride.into()));
    Ok(Created { level: level.shown, size: Sectors::new(size), stride: shown, plan })
}

fn create_spare(disks: &[Candidate<'_>], new: &NewSet<'_>) -> Answer<Created> {
    check_count(new.members.len(), (1, 1))?;
    let disk = new.members.first().copied().unwrap_or(usize::MAX);
    let plan = spare(disks, disk, new.now)?;
    let size = disks.get(disk).map_or(Sectors::ZERO, |disk| disk.len);
    Ok(Created { level: manage::SPARE, size, stride: None, plan })
}

/// Makes a spare of a disk that has no part in anything.
pub(super) fn spare(disks: &[Candidate<'_>], disk: usize, now: u32) -> Answer<Plan> {
    let Some(candidate) = disks.get(disk) else {
        return Err(no(&[b"no hard drives specified"]));
    };
    if parsed(candidate).is_some() {
        return Err(no(&[b"isw: SPARE disk must use all space on the disk"]));
    }
    let mut draft = Draft::with(&[candidate], SPARE)?;
    draft.set_version(*b"1.0.00");
    draft.name_family(now);
    write(&draft, disks, [disk])
}

/// What writes the same to all these disks.
pub(super) fn write(
    draft: &Draft,
    disks: &[Candidate<'_>],
    to: impl IntoIterator<Item = usize>,
) -> Answer<Plan> {
    let patches = |nth: usize| {
        let disk = disks.get(nth)?;
        let old = parsed(disk).and_then(|_| disk.found?.areas.first());
        Some((nth, draft.patches(disk, old)?))
    };
    let plan: Option<Plan> = to.into_iter().map(patches).collect();
    plan.ok_or_else(|| no(&[b"isw: a disk is too small"]))
}

/// The MPB on a disk.
pub(super) fn parsed(disk: &Candidate<'_>) -> Option<Mpb> {
    let found = disk.found.filter(|found| found.format.name == TYPE.name)?;
    Some(Mpb::parse(mpb::from_disk(&found.areas.first()?.bytes)))
}

/// All MPBs, and on which disk they are.
pub(super) fn families<'a>(disks: &'a [Candidate<'a>]) -> impl Iterator<Item = (usize, Mpb)> + 'a {
    disks.iter().enumerate().filter_map(|(nth, disk)| Some((nth, parsed(disk)?)))
}

fn check_count(count: usize, (least, most): (usize, usize)) -> Answer<()> {
    let (bound, words) = if count < least {
        (least, "less than")
    } else if count > most {
        (most, "more than")
    } else {
        return Ok(());
    };
    let text = format!("isw: the RAID set cannot have {words} {bound} hard drives");
    Err(no(&[text.as_bytes()]))
}

/// The family that all these disks are, and nothing else is.
fn existing(disks: &[Candidate<'_>], members: &[usize]) -> Answer<Option<Mpb>> {
    let found: Vec<Mpb> = members.iter().filter_map(|nth| parsed(disks.get(*nth)?)).collect();
    let newest = found.iter().max_by_key(|mpb| mpb.fields().u32(mpb::at::GENERATION));
    let Some(newest) = newest else { return Ok(None) };
    let family = |mpb: &Mpb| mpb.fields().u32(mpb::at::FAMILY);
    let is_all = found.len() == members.len()
        && newest.disks().count() == members.len()
        && newest.volumes().next().is_some()
        && found.iter().all(|mpb| family(mpb) == family(newest));
    if !is_all {
        return Err(no(&[b"isw: second volume must use all drives on the existing array"]));
    }
    if newest.volumes().count() >= VOLUMES_MAX {
        return Err(no(&[b"isw: only two volumes allowed per array"]));
    }
    if newest.volumes().any(|volume| usize::from(volume.map().members()) != members.len()) {
        return Err(no(&[b"isw: mismatch in the number of drives found"]));
    }
    Ok(Some(newest.clone()))
}

/// What there is room for: where on each disk, and how much of it all.
struct Room {
    start: u64,
    max: u64,
}

/// A second volume goes behind the first, or before it where that does not begin at 0.
fn room(level: &Level, members: &[&Candidate<'_>], existing: Option<&Mpb>) -> Room {
    let disk = members.iter().map(|member| member.len.get()).min().unwrap_or(0);
    let first = existing.and_then(|mpb| mpb.volumes().next());
    let first = first.map(|first| {
        let map = first.map();
        (map.start().get(), map.blocks_per_member().get())
    });
    let (start, each) = match first {
        None => (0, disk.saturating_sub(RESERVED).saturating_sub(RESERVED)),
        Some((0, len)) => {
            let taken = len.saturating_add(RESERVED).saturating_add(RESERVED);
            (len.saturating_add(GAP), disk.saturating_sub(taken))
        }
        Some((start, _)) => (0, start.saturating_sub(GAP.saturating_add(MAP_EXTRA))),
    };
    Room { start, max: each.saturating_mul(data_members(level, members.len())) }
}

/// How many members' worth of data there are.
fn data_members(level: &Level, members: usize) -> u64 {
    let members = u64::try_from(members).unwrap_or(0);
    members.saturating_sub(level.parity).checked_div(level.copies.into()).unwrap_or(0)
}

/// How large the volume is to be. A second one has all there is.
fn size(asked: Option<Sectors>, room: &Room, is_second: bool) -> Answer<u64> {
    if is_second && room.max < SIZE_MIN || room.max == 0 {
        return Err(no(&[
            b"isw: either not enough disk space or the requested volume size is too small",
        ]));
    }
    let asked = asked.filter(|size| !size.is_zero() && !is_second);
    let size = asked.map_or(room.max, |size| size.get().max(SIZE_MIN));
    if size > room.max {
        let gigabytes = room.max.checked_shr(21).unwrap_or(0);
        let text = format!("isw: the size exceeds the max {gigabytes}G ({} blocks)", room.max);
        return Err(no(&[text.as_bytes()]));
    }
    Ok(size)
}

/// The smallest that is not less than what is asked for, or the largest.
fn stride(level: &Level, asked: Option<Sectors>) -> u16 {
    let Some(asked) = asked.filter(|asked| !asked.is_zero()) else { return level.stride };
    let enough = level.strides.iter().find(|stride| u64::from(**stride) >= asked.get());
    enough.or(level.strides.last()).copied().unwrap_or(level.stride)
}

fn volume(
    level: &Level,
    new: &NewSet<'_>,
    (size, stride): (u64, u16),
    start: u64,
) -> Answer<Vec<u8>> {
    let count = new.members.len();
    let data = u64::try_from(count).unwrap_or(0).saturating_sub(level.parity).max(1);
    let chunks = size.checked_div(stride.into()).unwrap_or(0);
    let stripes = chunks.div_ceil(data);
    let per_disk = stripes.saturating_mul(stride.into()).saturating_mul(level.copies.into());
    let number = |n: u64| u32::try_from(n).map_err(|_| no(&[b"isw: a disk is too large"]));
    let mut map = alloc::vec![0; PLACES];
    put(&mut map, 0x00, &number(start)?.to_le_bytes());
    put(&mut map, 0x04, &number(per_disk.saturating_add(MAP_EXTRA))?.to_le_bytes());
    put(&mut map, 0x08, &number(stripes)?.to_le_bytes());
    put(&mut map, 0x0c, &stride.to_le_bytes());
    let members = u8::try_from(count).unwrap_or(u8::MAX);
    put(&mut map, 0x0e, &[0, level.number, members, level.copies, 255, 1]);
    for place in 0..u32::from(members) {
        map.extend_from_slice(&place.to_le_bytes());
    }
    let mut volume = alloc::vec![0; MAP];
    put(&mut volume, 0, new.name);
    put(&mut volume, 0x10, &size.to_le_bytes());
    put(&mut volume, 0x18, &[VOLUME_STATUS]);
    if level.number == RAID5 && count > MEMBERS_AT_ONCE {
        let mut second = map.clone();
        put(&mut second, 0x0e, &[1]);
        set_maps(&mut volume, [1, 0], &[&map, &second]);
    } else {
        set_maps(&mut volume, [0, 0], &[&map]);
    }
    Ok(volume)
}

/// The least version that has all that; not less than it was.
fn version(level: &Level, members: usize, draft: &Draft) -> [u8; 6] {
    let least = match (members, draft.volumes.len()) {
        (5.., _) => b"1.2.04",
        _ if level.number == RAID5 => b"1.2.02",
        (3.., _) => b"1.2.01",
        (_, 2..) => b"1.2.00",
        _ if level.number == RAID1 => b"1.1.00",
        _ => b"1.0.00",
    };
    (*least).max(draft.version())
}
