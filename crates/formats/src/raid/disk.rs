//! A disk as the readers of RAID metadata see it, and what they say of it.

use alloc::vec::Vec;
use alloc::{string::String, vec};

use dm_core::read_at::ReadAt;
use dm_core::units::{Bytes, Sectors};

use super::message::{Level, Log};
use super::sighting::{Checksum, Damage, Fate, Sighting};
use crate::why::{Trouble, Why};

/// The most bytes that one format may have read of a disk. All metadata that are known are smaller, but for a DDF
/// container of the standard's utmost limits, of whose config area only the beginning is read.
pub const BYTES_MAX: u64 = 4 << 20;

/// A disk, and how it is called.
#[derive(Clone, Copy)]
pub struct Disk<'a> {
    /// Its path, as messages have it.
    pub path: &'a [u8],
    /// Its serial number without white space, where it is known.
    pub serial: Option<&'a [u8]>,
    /// What can be read of it.
    pub source: &'a dyn ReadAt,
}

impl core::fmt::Debug for Disk<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Disk").field("sectors", &self.sectors()).finish_non_exhaustive()
    }
}

impl Disk<'_> {
    /// How many whole sectors it has.
    pub fn sectors(&self) -> Sectors {
        self.source.size().whole_sectors()
    }
}

/// One format's look at a disk.
#[derive(Debug)]
pub struct Probe<'a> {
    disk: &'a Disk<'a>,
    format: &'static str,
    log: &'a mut Log,
    sightings: &'a mut Vec<Sighting>,
    spent: u64,
}

impl<'a> Probe<'a> {
    pub(super) fn new(
        disk: &'a Disk<'a>,
        format: &'static str,
        log: &'a mut Log,
        sightings: &'a mut Vec<Sighting>,
    ) -> Self {
        Self { disk, format, log, sightings, spent: 0 }
    }

    /// The disk.
    pub(super) fn disk(&self) -> &'a Disk<'a> {
        self.disk
    }

    /// How many sectors the disk has: `N` in the formats' descriptions.
    pub(super) fn sectors(&self) -> Sectors {
        self.disk.sectors()
    }

    /// The sector that many before the disk's end; none where the disk is too small.
    pub(super) fn before_end(&self, sectors: u64) -> Option<Sectors> {
        self.sectors().checked_sub(Sectors::new(sectors))
    }

    /// So many bytes from sector `at` on; none where they do not lie on the disk, or cannot be read. The latter is
    /// said as the original says it, and seen by `--explain`.
    pub(super) fn read(&mut self, at: Sectors, len: usize) -> Option<Vec<u8>> {
        let at = at.to_bytes()?;
        let count = u64::try_from(len).ok()?;
        let end = at.checked_add(Bytes::new(count))?;
        if end > self.disk.source.size() {
            return None;
        }
        self.spent = self.spent.saturating_add(count);
        if self.spent > BYTES_MAX {
            self.unreadable(at, Trouble::Spent);
            return None;
        }
        let mut bytes = vec![0; len];
        match self.disk.source.read_at(at, &mut bytes).map_err(Trouble::from) {
            Ok(()) => Some(bytes),
            Err(trouble) => {
                if let Trouble::Device(errno) = trouble {
                    let (format, path) = (self.format.as_bytes(), self.disk.path);
                    let text = alloc::format!("{errno}");
                    self.log.error(&[format, b": reading ", path, b"[", text.as_bytes(), b"]"]);
                }
                self.unreadable(at, trouble);
                None
            }
        }
    }

    fn unreadable(&mut self, at: Bytes, trouble: Trouble) {
        let damage = Damage { field: "sector", at, why: Why::Unreadable(trouble) };
        self.saw(String::from("metadata"), at, Checksum::None, None, Fate::Damaged(damage));
    }

    /// Says what the pieces make together.
    pub(super) fn say(&mut self, level: Level, pieces: &[&[u8]]) {
        self.log.say(level, pieces);
    }

    /// Says at [`Level::Error`] what the pieces make together, after the format's name and before the disk's path:
    /// `FORMAT: ... DISK`.
    pub(super) fn error_on(&mut self, pieces: &[&[u8]]) {
        let text = pieces.concat();
        self.log.error(&[self.format.as_bytes(), b": ", &text, self.disk.path]);
    }

    /// Says that the metadata leave nothing of the disk for data.
    pub(super) fn no_sectors(&mut self) {
        self.error_on(&[b"zero sectors on "]);
        self.error_on(&[b"setting up RAID device "]);
    }

    /// Notes a structure for `--explain`. `generation` is the number that rises with every write of it.
    #[expect(clippy::too_many_arguments, reason = "the columns of a sighting")]
    pub(super) fn saw(
        &mut self,
        what: String,
        at: Bytes,
        checksum: Checksum,
        generation: Option<u64>,
        fate: Fate,
    ) {
        let format = self.format;
        self.sightings.push(Sighting { format, what, at, checksum, generation, fate });
    }
}
