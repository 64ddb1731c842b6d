//! A disk takes the place of a member that is lost.

use alloc::format;
use alloc::vec::Vec;

use byteorder::LE;
use dm_core::units::Sectors;

use super::create::{families, parsed, write};
use super::draft::{Draft, MEMBER, disk_entry, put, set_maps};
use super::mpb::{
    self, MAP, MIGR_STATE, MIGR_TYPE, Mpb, PLACE_DISK, PLACE_REBUILDS, PLACES, Volume, disk_status,
};
use super::newest::is_out;
use super::sets::{DEGRADED, RAID0, RAID5, REBUILDING, family_name, place_of};
use crate::bytes::Fields;
use crate::raid::manage::{Answer, Candidate, Part, Plan, Rebuilt, no};
use crate::raid::message::{Level, Message};

/// What a disk needs beyond the end of the last volume.
const RESERVED: u64 = 4777;

/// A family with a volume.
struct Family {
    /// The newest that its disks have, and which they are.
    mpb: Mpb,
    disks: Vec<usize>,
    /// Which volume.
    volume: usize,
    /// The disk of it that is filled, by its entry of the disk table, as any of the disks has it: what ends a rebuild may
    /// not have come to all of them.
    filling: Option<usize>,
}

/// Puts `with`, or a spare, in the place of the one member that is lost.
pub(super) fn rebuild(disks: &[Candidate<'_>], set: &[u8], with: Option<usize>) -> Answer<Rebuilt> {
    let family = family(disks, set)?;
    let volume = family.volume()?;
    if volume.map().level() == RAID0 {
        return Err(plain(&[b"Rebuild: raid0 cannot be rebuild\n"]));
    }
    let lost = match family.lost(disks, &volume)[..] {
        [lost] => lost,
        [] if let Some(entry) = family.filling => return family.resume(disks, &volume, entry),
        [] => {
            return Err(plain(&[
                b"Volume \"",
                set,
                b"\" is not in rebuild state (current: 4)\nRebuild: cannot rebuild from current state!\n",
            ]));
        }
        _ => return Err(no(&[b"isw: only one failed disk supported"])),
    };
    family.check_others(lost)?;
    let disk = family.choose(disks, set, with)?;
    let parts = family.parts(disks, lost)?;
    let mut draft = Draft::of(&family.mpb)?;
    take_place(&mut draft, lost, disks.get(disk))?;
    draft.next_generation();
    let all = family.disks.iter().copied().filter(|other| *other != disk).chain([disk]);
    let order = place_of(&volume.map(), lost, &family.mpb.fields()).unwrap_or(u64::MAX);
    Ok(Rebuilt { disk, order, plan: write(&draft, disks, all)?, parts })
}

/// Notes that the volume, and all others of its family, are what they should be.
pub(super) fn settle(disks: &[Candidate<'_>], set: &[u8]) -> Answer<Plan> {
    let family = family(disks, set)?;
    if family.filling.is_none() {
        return Ok(Plan::new());
    }
    let rebuilt: Vec<bool> = family.mpb.volumes().map(|volume| is_rebuilt(&volume)).collect();
    let mut draft = Draft::of(&family.mpb)?;
    let volumes = draft.volumes.iter_mut().zip(rebuilt);
    for (volume, _) in volumes.filter(|(_, is_rebuilt)| *is_rebuilt) {
        let mut map = first_map(volume);
        put(&mut map, 0x12, &[u8::MAX]);
        for_places(&mut map, |place| place & !PLACE_REBUILDS);
        set_maps(volume, [0, 0], &[&map]);
    }
    draft.next_generation();
    write(&draft, disks, family.disks.iter().copied())
}

/// Whether a disk of the family has a place and not its data.
pub(super) fn is_under_way(mpb: &Mpb) -> bool {
    let has = |(_, place): (usize, u32)| place & PLACE_REBUILDS != 0;
    mpb.volumes().any(|volume| is_rebuilt(&volume) && volume.map().places().any(has))
}

/// Whether the volume is being rebuilt.
pub(super) fn is_rebuilt(volume: &Volume<'_>) -> bool {
    let fields = volume.fields();
    fields.u8(MIGR_STATE) == 1 && fields.u8(MIGR_TYPE) == REBUILDING
}

fn family(disks: &[Candidate<'_>], set: &[u8]) -> Answer<Family> {
    let not_found = || plain(&[b"raid volume \"", set, b"\" not found\n"]);
    let named = |mpb: &Mpb| {
        let family = family_name(&mpb.fields());
        let name = set.strip_prefix(&family[..])?.strip_prefix(b"_")?;
        mpb.volumes().position(|volume| volume.name() == name)
    };
    let all: Vec<(usize, Mpb)> = families(disks).filter(|(_, mpb)| named(mpb).is_some()).collect();
    let newest = all.iter().max_by_key(|(_, mpb)| mpb.fields().u32(mpb::at::GENERATION));
    let mpb = newest.map(|(_, mpb)| mpb.clone()).ok_or_else(not_found)?;
    let volume = named(&mpb).ok_or_else(not_found)?;
    let filling = all.iter().find_map(|(_, mpb)| {
        let volume = mpb.volumes().nth(named(mpb)?).filter(is_rebuilt)?;
        let (place, map) = (usize::from(volume.map().failed()), volume.map());
        map.disks().nth(place).map(entry_of)
    });
    Ok(Family { mpb, disks: all.iter().map(|(nth, _)| *nth).collect(), volume, filling })
}

impl Family {
    fn volume(&self) -> Answer<Volume<'_>> {
        self.mpb.volumes().nth(self.volume).ok_or_else(|| no(&[b"isw: no such volume"]))
    }

    /// Which of the volume's disks are not there.
    fn lost(&self, disks: &[Candidate<'_>], volume: &Volume<'_>) -> Vec<usize> {
        let serials: Vec<Vec<u8>> = (self.disks.iter())
            .filter_map(|nth| Some(mpb::as_stored(disks.get(*nth)?.serial?)))
            .collect();
        let (map, fields) = (volume.map(), self.mpb.fields());
        let is_member = |nth| place_of(&map, nth, &fields).is_some();
        let members = self.mpb.disks().filter(|disk| !disk.is_spare() && is_member(disk.nth));
        let lost = members.filter(|disk| {
            !disk.is_usable() || !serials.iter().any(|serial| serial == disk.serial())
        });
        lost.map(|disk| disk.nth).collect()
    }

    /// What is to be done for a disk that has the place, and not the data.
    fn resume(
        &self,
        disks: &[Candidate<'_>],
        volume: &Volume<'_>,
        entry: usize,
    ) -> Answer<Rebuilt> {
        let disk = self.disk_at(disks, entry).ok_or_else(|| missing(volume, entry))?;
        let order = place_of(&volume.map(), entry, &self.mpb.fields()).unwrap_or(u64::MAX);
        Ok(Rebuilt { disk, order, plan: Plan::new(), parts: self.parts(disks, entry)? })
    }

    /// The disk that has this entry of the disk table.
    fn disk_at(&self, disks: &[Candidate<'_>], entry: usize) -> Option<usize> {
        let entry = self.mpb.disks().nth(entry)?;
        let is_it = |nth: &usize| {
            let serial = disks.get(*nth).and_then(|disk| disk.serial).map(mpb::as_stored);
            serial.is_some_and(|serial| serial == entry.serial())
        };
        self.disks.iter().copied().find(is_it)
    }

    /// What the disk of an entry has of all volumes.
    fn parts(&self, disks: &[Candidate<'_>], entry: usize) -> Answer<Vec<Part>> {
        let volumes = self.mpb.volumes().filter(|volume| volume.map().level() != RAID0);
        volumes.filter_map(|volume| self.part(disks, &volume, entry).transpose()).collect()
    }

    fn part(
        &self,
        disks: &[Candidate<'_>],
        volume: &Volume<'_>,
        entry: usize,
    ) -> Answer<Option<Part>> {
        let map = volume.map();
        let entries: Vec<usize> = map.disks().map(entry_of).collect();
        let Some(own) = entries.iter().position(|other| *other == entry) else { return Ok(None) };
        let others = entries.iter().enumerate().filter(|(place, _)| {
            // The two copies of a mirror, or of each mirror of a stripe, lie side by side.
            *place != own && (map.level() == RAID5 || *place == own ^ 1)
        });
        let from: Answer<Vec<usize>> = others
            .map(|(_, other)| self.disk_at(disks, *other).ok_or_else(|| missing(volume, *other)))
            .collect();
        let from = from?;
        if from.is_empty() {
            return Err(no(&[b"isw: no other member of ", volume.name(), b" has what it had"]));
        }
        Ok(Some(Part { from, start: map.start(), len: map.blocks_per_member() }))
    }

    /// Whether all that the lost disk has a part in can be rebuilt: a stripe would be taken for whole with an empty
    /// member.
    fn check_others(&self, lost: usize) -> Answer<()> {
        let is_stripe = |volume: &Volume<'_>| {
            let map = volume.map();
            map.level() == RAID0 && place_of(&map, lost, &self.mpb.fields()).is_some()
        };
        let Some(stripe) = self.mpb.volumes().find(is_stripe) else { return Ok(()) };
        let after = b" is lost with the disk, and is to be deleted first";
        Err(no(&[b"isw: raid0 volume ", stripe.name(), after]))
    }

    /// The disk that is to be a member.
    fn choose(&self, disks: &[Candidate<'_>], set: &[u8], with: Option<usize>) -> Answer<usize> {
        if let Some(nth) = with {
            let path = disks.get(nth).map_or(&b""[..], |disk| disk.path);
            let is_good = disks.get(nth).is_some_and(|disk| {
                let is_free = disk.found.is_none() || is_spare(disk) || self.has_put_out(disk);
                self.is_large_enough(disk) && is_free
            });
            let bad = || no(&[b"disk ", path, b" cannot be used to rebuilding"]);
            return if is_good { Ok(nth) } else { Err(bad()) };
        }
        let spare = disks.iter().position(|disk| is_spare(disk) && self.is_large_enough(disk));
        spare.ok_or_else(|| {
            plain(&[
                b"Rebuild: a hot-spare drive not found for a volume: \"",
                set,
                b"\". Need a drive to rebuild a volume.\n",
            ])
        })
    }

    /// Whether the disk was a member, and is none by the newest: it may come back, with new data.
    fn has_put_out(&self, disk: &Candidate<'_>) -> bool {
        let stored = disk.serial.map(mpb::as_stored);
        let own = parsed(disk);
        stored.zip(own).is_some_and(|(stored, own)| is_out(&own, &stored, &self.mpb))
    }

    fn is_large_enough(&self, disk: &Candidate<'_>) -> bool {
        let ends = self.mpb.volumes().map(|volume| {
            let map = volume.map();
            map.start().saturating_add(map.blocks_per_member())
        });
        let end = ends.max().unwrap_or(Sectors::ZERO);
        end.saturating_add(Sectors::new(RESERVED)) <= disk.len
    }
}

/// Whether the disk is a spare by its own entry.
fn is_spare(disk: &Candidate<'_>) -> bool {
    let Some(mpb) = parsed(disk) else { return false };
    let stored = disk.serial.map(mpb::as_stored);
    stored.and_then(|stored| mpb.disk_of(&stored)).is_some_and(|entry| entry.is_spare())
}

/// The disk gets the entry of the lost one, and all volumes are rebuilt there.
fn take_place(draft: &mut Draft, place: usize, disk: Option<&Candidate<'_>>) -> Answer<()> {
    let Some(disk) = disk else { return Err(no(&[b"no hard drives specified"])) };
    let entry = disk_entry(disk, MEMBER)?;
    let serial = entry.get(..16).unwrap_or_default().to_vec();
    let lost = draft.disks.get(place).cloned().unwrap_or_default();
    // A spare of the same family has an entry, where the lost disk stays known.
    let known = |other: &Vec<u8>| other.get(..16) == Some(&serial[..]);
    if let Some(own) = draft.disks.iter_mut().find(|other| known(other)) {
        let status = Fields::<LE>::new(&lost).u32(0x18) | disk_status::FAILED;
        *own = lost;
        put(own, 0x18, &status.to_le_bytes());
    }
    if let Some(at) = draft.disks.get_mut(place) {
        *at = entry;
    }
    let number = u32::try_from(place).unwrap_or(u32::MAX);
    for volume in &mut draft.volumes {
        let level = Fields::<LE>::new(volume).u8(MAP.saturating_add(0x0f));
        if level == RAID0 {
            continue;
        }
        let mut after = first_map(volume);
        put(&mut after, 0x0e, &[0]);
        let places = after.get(PLACES..).unwrap_or_default().chunks_exact(4);
        let has = |at: &[u8]| Fields::<LE>::new(at).u32(0) & PLACE_DISK == number;
        let failed = places.map(has).position(|has| has).map(u8::try_from);
        put(&mut after, 0x12, &[failed.and_then(Result::ok).unwrap_or(u8::MAX)]);
        for_places(&mut after, |place| {
            if place & PLACE_DISK == number { number | PLACE_REBUILDS } else { place }
        });
        let mut before = after.clone();
        put(&mut before, 0x0e, &[DEGRADED]);
        put(volume, 0x50, &[0; 8]);
        set_maps(volume, [1, REBUILDING], &[&after, &before]);
    }
    Ok(())
}

/// The entry of the disk table that has this number.
fn entry_of(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// A member that is needed is not there.
fn missing(volume: &Volume<'_>, entry: usize) -> Message {
    no(&[b"isw: disk ", format!("{entry}").as_bytes(), b" of ", volume.name(), b" is not there"])
}

/// The first map of a volume.
fn first_map(volume: &[u8]) -> Vec<u8> {
    let map = volume.get(MAP..).unwrap_or_default();
    let members = usize::from(Fields::<LE>::new(map).u8(0x10));
    let len = members.saturating_mul(4).saturating_add(PLACES);
    map.get(..len).unwrap_or(map).to_vec()
}

fn for_places(map: &mut [u8], change: impl Fn(u32) -> u32) {
    for place in map.get_mut(PLACES..).unwrap_or_default().chunks_exact_mut(4) {
        let changed = change(Fields::<LE>::new(place).u32(0));
        place.copy_from_slice(&changed.to_le_bytes());
    }
}

/// What the original says on standard output.
fn plain(pieces: &[&[u8]]) -> Message {
    Message { level: Level::Plain, text: pieces.concat() }
}
