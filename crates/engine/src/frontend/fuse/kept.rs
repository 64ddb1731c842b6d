//! What a mount must know after its server has died: the numbers of its files, and who has them open.
//!
//! The kernel names a file by its node number for as long as it knows it. A number has the device's minor in its
//! lower half, and how many devices have had that minor in its upper: two devices never share one, and a device
//! keeps its own. Who opens a file is told a handle, the number of the request to open it: a request that comes
//! again after its first answerer has died opens no second one.
//!
//! ```text
//! a file beside the mount, of records:   u64 handle   u64 node     an open file
//!                                        0            u64 node     the last node of this minor
//!                                        0            0            free
//! ```
//!
//! A record is written whole before the kernel is answered, or not at all. So after a kill every handle that the
//! kernel has is known. Only one whose opener was killed as well, before its request came again, stays without
//! anybody to close it: its device counts as open until the mount has gone.

use std::collections::BTreeMap;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::Path;

/// The bytes of a record.
const RECORD: usize = 16;

/// The first file's number, less its minor: 1 is the folder.
const FIRST: u64 = 2;

/// The bits of a node number that hold the minor.
const MINOR_BITS: u32 = 32;

/// Whether a device is one that the mount had before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::frontend) enum Device {
    /// It has just been made.
    New,
    /// An earlier process served it, perhaps here.
    Restored,
}

impl Device {
    /// One that an earlier process served, or has not.
    pub(in crate::frontend) fn known(was_served: bool) -> Self {
        if was_served { Self::Restored } else { Self::New }
    }
}

/// The records, in memory and on disk.
#[derive(Debug)]
pub(super) struct Kept {
    file: File,
    /// By handle: the node, and the record's place.
    handles: BTreeMap<u64, (u64, usize)>,
    /// By minor: the same.
    nodes: BTreeMap<u32, (u64, usize)>,
    free: Vec<usize>,
    places: usize,
}

impl Kept {
    /// Takes up what lies at `path`, made if it is missing.
    ///
    /// # Errors
    ///
    /// What opening and reading it says.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600);
        let mut file = options.open(path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let mut kept = Self {
            file,
            handles: BTreeMap::new(),
            nodes: BTreeMap::new(),
            free: Vec::new(),
            places: 0,
        };
        for record in bytes.chunks_exact(RECORD) {
            kept.take_up(word(record), word(&record[8..]));
        }
        Ok(kept)
    }

    fn take_up(&mut self, handle: u64, node: u64) {
        let place = self.places;
        self.places += 1;
        match (handle, minor_of(node)) {
            (0, Some(minor)) => drop(self.nodes.insert(minor, (node, place))),
            (_, Some(_)) => drop(self.handles.insert(handle, (node, place))),
            (_, None) => self.free.push(place),
        }
    }

    /// Whose the records are.
    ///
    /// # Errors
    ///
    /// What `fstat(2)` says.
    pub(super) fn owner(&self) -> io::Result<Metadata> {
        self.file.metadata()
    }

    /// Forgets everything: the mount is new.
    ///
    /// # Errors
    ///
    /// What the file says.
    pub(super) fn reset(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.handles.clear();
        self.nodes.clear();
        self.free.clear();
        self.places = 0;
        Ok(())
    }

    /// The node number of the device with this minor.
    ///
    /// # Errors
    ///
    /// What writing the record says.
    pub(super) fn node(&mut self, minor: u32, device: Device) -> io::Result<u64> {
        let lower = u64::from(minor).saturating_add(FIRST);
        let (node, place) = match self.nodes.get(&minor) {
            None => (lower, self.place()),
            Some(&(node, _)) if device == Device::Restored => return Ok(node),
            Some(&(node, place)) => (node.wrapping_add(1 << MINOR_BITS), place),
        };
        self.write(place, 0, node)?;
        self.nodes.insert(minor, (node, place));
        Ok(node)
    }

    /// Somebody opens `node`; once, however often it is said of one handle.
    ///
    /// # Errors
    ///
    /// What writing the record says.
    pub(super) fn opened(&mut self, handle: u64, node: u64) -> io::Result<()> {
        if self.handles.contains_key(&handle) {
            return Ok(());
        }
        let place = self.place();
        self.write(place, handle, node)?;
        self.handles.insert(handle, (node, place));
        Ok(())
    }

    /// It was closed.
    pub(super) fn closed(&mut self, handle: u64) {
        let Some((_, place)) = self.handles.remove(&handle) else { return };
        // Writing where something is written needs no room.
        if let Err(error) = self.write(place, 0, 0) {
            tracing::warn!(%error, "a closed file may be taken for open by the next process");
        }
        self.free.push(place);
    }

    /// How many times `node` is open.
    pub(super) fn count(&self, node: u64) -> u32 {
        let count = self.handles.values().filter(|(of, _)| *of == node).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    fn place(&mut self) -> usize {
        self.free.pop().unwrap_or_else(|| {
            self.places += 1;
            self.places - 1
        })
    }

    fn write(&self, place: usize, handle: u64, node: u64) -> io::Result<()> {
        let mut record = [0; RECORD];
        record[..8].copy_from_slice(&handle.to_ne_bytes());
        record[8..].copy_from_slice(&node.to_ne_bytes());
        self.file.write_all_at(&record, place.saturating_mul(RECORD) as u64)
    }
}

/// The minor of a node's device; none for what is no file's number.
fn minor_of(node: u64) -> Option<u32> {
    let lower = u32::try_from(node & u64::from(u32::MAX)).ok()?;
    lower.checked_sub(u32::try_from(FIRST).ok()?)
}

fn word(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or(0, |word| u64::from_ne_bytes(*word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(folder: &tempfile::TempDir) -> Kept {
        Kept::open(&folder.path().join("kept")).unwrap()
    }

    #[test]
    fn a_restored_device_keeps_its_number_and_a_new_one_never_gets_an_old() {
        let folder = tempfile::tempdir().unwrap();
        let first = kept(&folder).node(5, Device::New).unwrap();
        assert_eq!(kept(&folder).node(5, Device::Restored).unwrap(), first);
        let second = kept(&folder).node(5, Device::New).unwrap();
        assert_ne!(second, first);
        assert_eq!(kept(&folder).node(5, Device::Restored).unwrap(), second);
        assert_ne!(kept(&folder).node(6, Device::New).unwrap(), second);
    }

    #[test]
    fn a_handle_counts_once_and_until_it_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let mut before = kept(&folder);
        before.opened(100, 7).unwrap();
        before.opened(102, 7).unwrap();
        before.closed(102);
        before.opened(104, 8).unwrap();
        drop(before);
        let mut after = kept(&folder);
        after.opened(100, 7).unwrap();
        assert_eq!((after.count(7), after.count(8)), (1, 1));
        after.closed(100);
        after.closed(100);
        assert_eq!((kept(&folder).count(7), kept(&folder).count(8)), (0, 1));
    }

    #[test]
    fn a_place_is_used_again() {
        let folder = tempfile::tempdir().unwrap();
        let mut kept = kept(&folder);
        for handle in 1..100 {
            kept.opened(handle, 7).unwrap();
            kept.closed(handle);
        }
        assert_eq!(kept.file.metadata().unwrap().len(), 16);
    }

    #[test]
    fn a_new_mount_knows_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut before = kept(&folder);
        before.opened(100, 7).unwrap();
        before.reset().unwrap();
        assert_eq!((before.count(7), kept(&folder).count(7)), (0, 0));
    }

    #[test]
    fn what_is_no_record_is_left_aside() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("kept"), [1; 21]).unwrap();
        let mut kept = kept(&folder);
        let node = kept.node(0, Device::New).unwrap();
        assert_eq!((node, kept.count(node)), (2, 0));
    }
}
