//! The newest MPB of a family says which disks are its members.
//!
//! A family is one as long as its original number is; the other number is a new one when its disks are others. So an MPB
//! is older than another of its original number if both have the same family number, or if it has the other's disk for a
//! member: two that have each other's disks replaced are families of their own.

use alloc::vec::Vec;

use super::mpb::{self, DiskEntry, Mpb, PLACE_DISK, PLACE_REBUILDS, Volume};
use super::read;
use super::rebuild::is_rebuilt;
use super::sets::{self, RAID0, family_name};
use crate::raid::kind::Kind;
use crate::raid::member::Record;
use crate::raid::newest::{Dated, Out, Overruled, Reason};

/// What mdadm puts behind the serial number of a disk that failed, of which the beginning goes if there is no room.
const FAILED_SUFFIX: &[u8] = b":0";

/// The MPB of a disk that is a part of volumes.
struct Own<'d> {
    nth: usize,
    disk: &'d Dated<'d>,
    serial: Vec<u8>,
    mpb: Mpb,
}

/// What the newest MPBs say of the disks with older ones. A spare that belongs to no family has no say, and nobody else
/// has one about it.
pub(super) fn newest(all: &[Dated<'_>]) -> Vec<Overruled> {
    let own = |(nth, disk)| Own::of(nth, disk);
    let all: Vec<Own<'_>> = all.iter().enumerate().filter_map(own).collect();
    all.iter().filter_map(|own| Some(own.as_by(own.newer(&all)?))).collect()
}

/// Whether the disk of this serial number, whose own MPB is `own`, is out by `newest`.
pub(super) fn is_out(own: &Mpb, serial: &[u8], newest: &Mpb) -> bool {
    is_older(own, newest) && original(own) == original(newest) && standing(newest, serial).is_err()
}

impl<'d> Own<'d> {
    fn of(nth: usize, disk: &'d Dated<'d>) -> Option<Self> {
        let mpb = Mpb::parse(mpb::from_disk(&disk.found.areas.first()?.bytes));
        mpb.volumes().next()?;
        Some(Self { nth, disk, serial: mpb::as_stored(disk.serial?), mpb })
    }

    /// The newest of those that are newer. Of several the one whose bytes are greater, in whatever order they are found.
    fn newer<'a>(&self, all: &'a [Own<'d>]) -> Option<&'a Own<'d>> {
        let is_newer = |other: &&Own<'_>| {
            let is_same = family(&self.mpb) == family(&other.mpb);
            is_older(&self.mpb, &other.mpb)
                && original(&self.mpb) == original(&other.mpb)
                && (is_same || self.mpb.disk_of(&other.serial).is_some_and(|it| it.is_usable()))
        };
        let age = |mpb: &Mpb| mpb.fields().u32(mpb::at::GENERATION);
        let order = |one: &&Own<'_>, other: &&Own<'_>| {
            let by_age = age(&one.mpb).cmp(&age(&other.mpb));
            by_age.then_with(|| one.mpb.bytes().cmp(other.mpb.bytes()))
        };
        all.iter().filter(is_newer).max_by(order)
    }

    /// What the disk is by the newest.
    fn as_by(&self, newest: &Own<'_>) -> Overruled {
        let nth = self.nth;
        match standing(&newest.mpb, &self.serial) {
            Err(reason) => {
                let out = Out { set: None, by: newest.nth, reason };
                Overruled { nth, members: Vec::new(), guard: None, out: Vec::from([out]) }
            }
            Ok(entry) => {
                let record = Record {
                    name: family_name(&newest.mpb.fields()),
                    kind: if entry.is_spare() { Kind::Spare } else { Kind::Group },
                    ..self.disk.found.record.clone()
                };
                let members = sets::members(&newest.mpb, &entry, &record, self.disk.path);
                // The end of a rebuild that has not come to all disks is noted by doing it again.
                let guard = read::guard(&newest.mpb).or(self.disk.found.guard);
                Overruled { nth, members, guard, out: Vec::new() }
            }
        }
    }
}

/// The entry of the disk of this serial number, or why the disk is no member.
fn standing<'m>(newest: &'m Mpb, serial: &[u8]) -> Result<DiskEntry<'m>, Reason> {
    let Some(entry) = newest.disk_of(serial) else {
        let is_it = |disk: DiskEntry<'_>| {
            let left = disk.serial().strip_suffix(FAILED_SUFFIX);
            left.is_some_and(|left| !left.is_empty() && serial.ends_with(left))
        };
        let is_known = newest.disks().any(is_it);
        return Err(if is_known { Reason::Failed } else { Reason::NotListed });
    };
    if !entry.is_usable() {
        return Err(Reason::Failed);
    }
    if newest.volumes().any(|volume| is_left_behind(&volume, entry.nth)) {
        return Err(Reason::NoData);
    }
    Ok(entry)
}

/// Whether the volume is to be rebuilt on the disk of this entry, and is not yet. Where it is, no set is activated.
fn is_left_behind(volume: &Volume<'_>, nth: usize) -> bool {
    let map = volume.map();
    let is_meant = |(_, place): (usize, u32)| {
        u32::try_from(nth) == Ok(place & PLACE_DISK) && place & PLACE_REBUILDS != 0
    };
    map.level() != RAID0 && !is_rebuilt(volume) && map.places().any(is_meant)
}

fn is_older(own: &Mpb, other: &Mpb) -> bool {
    let age = |mpb: &Mpb| mpb.fields().u32(mpb::at::GENERATION);
    age(own) < age(other)
}

fn family(mpb: &Mpb) -> u32 {
    mpb.fields().u32(mpb::at::FAMILY)
}

/// The number that a family had at first; where it is not noted, it is still the same.
fn original(mpb: &Mpb) -> u32 {
    match mpb.fields().u32(mpb::at::ORIG_FAMILY) {
        0 => family(mpb),
        number => number,
    }
}
