//! An MPB that is to be written.

use alloc::vec::Vec;

use dm_core::units::{Bytes, Sectors};

use super::mpb::{self, DISK_LEN, MAP, MIGR_STATE, Mpb, at};
use crate::bytes::Fields;
use crate::raid::manage::{Answer, Candidate, no};
use crate::raid::member::{Area, Patch};

/// How far before a disk's end a new one begins, in sectors.
const ANCHOR: u64 = 2;

/// The status of a member, and of a spare: detected, configured, usable, and known to have good health.
pub(super) const MEMBER: u32 = 0x53a;
pub(super) const SPARE: u32 = 0x539;

/// The attribute that the checksum counts.
const CHECKSUM_VERIFY: u32 = 0x8000_0000;

/// Its pieces.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) head: Vec<u8>,
    pub(super) disks: Vec<Vec<u8>>,
    pub(super) volumes: Vec<Vec<u8>>,
}

impl Draft {
    /// A new one with these disks, without volumes.
    pub(super) fn with(disks: &[&Candidate<'_>], status: u32) -> Answer<Self> {
        let mut head = alloc::vec![0; at::DISKS];
        put(&mut head, 0, mpb::SIGNATURE);
        put(&mut head, at::ATTRIBUTES, &CHECKSUM_VERIFY.to_le_bytes());
        let disks: Answer<Vec<_>> = disks.iter().map(|disk| disk_entry(disk, status)).collect();
        Ok(Self { head, disks: disks?, volumes: Vec::new() })
    }

    /// One that is there.
    ///
    /// What lies behind the volumes would be lost, which may be the log of bad blocks.
    pub(super) fn of(mpb: &Mpb) -> Answer<Self> {
        if mpb.fields().u32(at::BBM_LOG_SIZE) != 0 {
            return Err(no(&[b"BBM entries detected!"]));
        }
        Ok(Self {
            head: mpb.bytes().get(..at::DISKS).unwrap_or_default().to_vec(),
            disks: mpb.disks().map(|disk| disk.bytes.to_vec()).collect(),
            volumes: mpb.volumes().map(|volume| volume.bytes.to_vec()).collect(),
        })
    }

    pub(super) fn version(&self) -> [u8; 6] {
        Fields::<byteorder::LE>::new(&self.head).array(at::VERSION)
    }

    pub(super) fn set_version(&mut self, version: [u8; 6]) {
        put(&mut self.head, at::VERSION, &version);
    }

    /// One more write of it.
    pub(super) fn next_generation(&mut self) {
        let generation = Fields::<byteorder::LE>::new(&self.head).u32(at::GENERATION);
        put(&mut self.head, at::GENERATION, &generation.wrapping_add(1).to_le_bytes());
    }

    /// Gives a new one its family number: what else it says, and the moment.
    pub(super) fn name_family(&mut self, now: u32) {
        let family = mpb::sum(&self.bytes()).wrapping_add(now).to_le_bytes();
        put(&mut self.head, at::FAMILY, &family);
        put(&mut self.head, at::ORIG_FAMILY, &family);
    }

    /// All its bytes, to the end of a sector.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let pieces = core::iter::once(&self.head).chain(&self.disks).chain(&self.volumes);
        let mut all = pieces.fold(Vec::new(), |mut all, piece| {
            all.extend_from_slice(piece);
            all
        });
        let count = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
        let size = u32::try_from(all.len()).unwrap_or(u32::MAX);
        put(&mut all, at::MPB_SIZE, &size.to_le_bytes());
        put(&mut all, at::NUM_DISKS, &[count(self.disks.len()), count(self.volumes.len())]);
        let sum = mpb::sum(&all);
        put(&mut all, at::CHECK_SUM, &sum.to_le_bytes());
        all.resize(all.len().next_multiple_of(512), 0);
        all
    }

    /// What writes it to a disk: in place of the one that is there, of which nothing stays.
    pub(super) fn patches(&self, disk: &Candidate<'_>, old: Option<&Area>) -> Option<Vec<Patch>> {
        let sectors = mpb::to_disk(&self.bytes());
        let len = Bytes::new(u64::try_from(sectors.len()).ok()?);
        let end = match old {
            Some(old) => end_of(old)?,
            None => disk.len.checked_sub(Sectors::new(ANCHOR.checked_sub(1)?))?.to_bytes()?,
        };
        let new = Patch { at: end.checked_sub(len)?, bytes: sectors };
        let freed = old.and_then(|old| {
            let len = usize::try_from(new.at.checked_sub(old.at)?.get()).ok()?;
            (len > 0).then(|| Patch { at: old.at, bytes: alloc::vec![0; len] })
        });
        // What is of no use any more goes when the new is there.
        Some([new].into_iter().chain(freed).collect())
    }
}

/// Where the area ends.
fn end_of(area: &Area) -> Option<Bytes> {
    area.at.checked_add(Bytes::new(u64::try_from(area.bytes.len()).ok()?))
}

/// An entry of the disk table.
pub(super) fn disk_entry(disk: &Candidate<'_>, status: u32) -> Answer<Vec<u8>> {
    let Some(serial) = disk.serial.map(mpb::as_stored).filter(|serial| !serial.is_empty()) else {
        return Err(no(&[b"isw: the serial number of ", disk.path, b" is not known"]));
    };
    let Ok(blocks) = u32::try_from(disk.len.get()) else {
        return Err(no(&[b"isw: ", disk.path, b" is too large"]));
    };
    let mut entry = alloc::vec![0; DISK_LEN];
    put(&mut entry, 0, &serial);
    put(&mut entry, 0x10, &blocks.to_le_bytes());
    put(&mut entry, 0x14, &disk.scsi.unwrap_or(u32::MAX).to_le_bytes());
    put(&mut entry, 0x18, &status.to_le_bytes());
    Ok(entry)
}

/// A volume that changes or not: its maps, one or two.
pub(super) fn set_maps(volume: &mut Vec<u8>, migration: [u8; 2], maps: &[&[u8]]) {
    put(volume, MIGR_STATE, &migration);
    volume.truncate(MAP);
    for map in maps {
        volume.extend_from_slice(map);
    }
}

/// Writes `new` at `at`, where there is room for it.
pub(super) fn put(bytes: &mut [u8], at: usize, new: &[u8]) {
    if let Some(to) = at.checked_add(new.len()).and_then(|end| bytes.get_mut(at..end)) {
        to.copy_from_slice(new);
    }
}
