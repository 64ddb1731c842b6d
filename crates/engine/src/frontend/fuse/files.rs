//! Which files a mount has, who has them open, and how they look.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant, SystemTime};

use dm_core::errno::Errno;
use dm_sys::os;

use super::contents::Contents;
use super::kept::{Device, Kept};
use crate::mapped::MappedDevice;

/// The folder's node number.
pub(super) const ROOT: u64 = 1;

/// A file: a mapped device's bytes.
#[derive(Debug)]
pub(super) struct File {
    pub(super) node: u64,
    pub(super) device: Arc<MappedDevice>,
    pub(super) contents: Contents,
    /// A loop device is being put on the file. Older kernels flush the file then, when nothing can have
    /// been written yet: that flush must not wait for a device that may be suspended.
    attaching: AtomicBool,
}

/// Permissions and owner, which whoever may can change; nothing follows from them but how the file looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Access {
    pub(super) mode: u16,
    pub(super) uid: u32,
    pub(super) gid: u32,
}

/// The files of a mount.
///
/// Locks: `entries` may be taken while `kept` is held, never the other way round.
#[derive(Debug)]
pub(super) struct Files {
    access: Access,
    since: SystemTime,
    entries: RwLock<BTreeMap<u64, Entry>>,
    kept: Mutex<Kept>,
    closed: Condvar,
}

#[derive(Debug)]
struct Entry {
    name: OsString,
    file: Arc<File>,
    access: Access,
}

/// Whether a file goes although it is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Remove {
    /// Only when nobody has it open.
    Unused,
    /// At once.
    Always,
}

impl File {
    /// From now on a flush is one.
    pub(super) fn set_attached(&self) {
        self.attaching.store(false, Ordering::Release);
    }

    /// Whether a flush has nothing to do yet.
    pub(super) fn is_being_attached(&self) -> bool {
        self.attaching.load(Ordering::Acquire)
    }
}

impl Files {
    /// No files; those to come look like `access` says.
    pub(super) fn new(access: Access, kept: Kept) -> Self {
        Self {
            access,
            since: SystemTime::now(),
            entries: RwLock::default(),
            kept: Mutex::new(kept),
            closed: Condvar::new(),
        }
    }

    /// Since when they are served.
    pub(super) fn since(&self) -> SystemTime {
        self.since
    }

    /// Whose the folder is.
    pub(super) fn access(&self) -> Access {
        self.access
    }

    /// The mount is new: nobody has anything open.
    pub(super) fn reset(&self) -> Result<(), Errno> {
        self.kept().reset().map_err(|error| os::errno(&error))
    }

    /// Adds a file for a device, for a loop device to be attached to; `EEXIST` when there is one of that name.
    pub(super) fn add(
        &self,
        name: &OsStr,
        (minor, kind): (u32, Device),
        contents: Contents,
        device: &Arc<MappedDevice>,
    ) -> Result<Arc<File>, Errno> {
        let mut kept = self.kept();
        if self.named(name).is_some() {
            return Err(Errno::EEXIST);
        }
        let node = kept.node(minor, kind).map_err(|error| os::errno(&error))?;
        let (device, attaching) = (Arc::clone(device), AtomicBool::new(true));
        let file = Arc::new(File { node, device, contents, attaching });
        let entry = Entry { name: name.to_owned(), file: Arc::clone(&file), access: self.access };
        self.write(|entries| entries.insert(node, entry));
        Ok(file)
    }

    /// Gives the file `from` another name; `ENOENT` without it, `EEXIST` when the name is taken.
    pub(super) fn rename(&self, from: &OsStr, to: &OsStr) -> Result<(), Errno> {
        let _kept = self.kept();
        if self.named(to).is_some() {
            return Err(Errno::EEXIST);
        }
        let node = self.named(from).ok_or(Errno::ENOENT)?;
        self.change(node, |entry| to.clone_into(&mut entry.name));
        Ok(())
    }

    /// Takes a file away; `ENOENT` without it, `EBUSY` while it is open.
    pub(super) fn remove(&self, name: &OsStr, how: Remove) -> Result<(), Errno> {
        let kept = self.kept();
        let node = self.named(name).ok_or(Errno::ENOENT)?;
        if how == Remove::Unused && kept.count(node) > 0 {
            return Err(Errno::EBUSY);
        }
        self.write(|entries| entries.remove(&node));
        Ok(())
    }

    /// How many times the file is open, asked until it is none or `grace` is over: a close is told to us a
    /// moment after the one who closed goes on.
    pub(super) fn handles(&self, name: &OsStr, grace: Duration) -> u32 {
        let deadline = Instant::now() + grace;
        let mut kept = self.kept();
        loop {
            let handles = self.named(name).map_or(0, |node| kept.count(node));
            let left = deadline.saturating_duration_since(Instant::now());
            if handles == 0 || left.is_zero() {
                return handles;
            }
            kept = self.closed.wait_timeout(kept, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Whether any file is open.
    pub(super) fn any_open(&self) -> bool {
        let kept = self.kept();
        self.read(|entries| entries.keys().any(|&node| kept.count(node) > 0))
    }

    /// The file of this name.
    pub(super) fn by_name(&self, name: &OsStr) -> Option<Arc<File>> {
        self.named(name).and_then(|node| self.by_node(node))
    }

    /// The file of this number.
    pub(super) fn by_node(&self, node: u64) -> Option<Arc<File>> {
        self.read(|entries| entries.get(&node).map(|entry| Arc::clone(&entry.file)))
    }

    /// How the file of this number looks.
    pub(super) fn access_of(&self, node: u64) -> Option<Access> {
        self.read(|entries| entries.get(&node).map(|entry| entry.access))
    }

    /// Changes how a file looks.
    pub(super) fn set_access(&self, node: u64, change: impl FnOnce(&mut Access)) {
        self.change(node, |entry| change(&mut entry.access));
    }

    /// Somebody opens the file `node`, and will close it by this handle; `ESTALE` when it has gone.
    pub(super) fn open(&self, node: u64, handle: u64) -> Result<(), Errno> {
        let mut kept = self.kept();
        self.by_node(node).ok_or(Errno::ESTALE)?;
        kept.opened(handle, node).map_err(|error| os::errno(&error))
    }

    /// It was closed.
    pub(super) fn close(&self, handle: u64) {
        self.kept().closed(handle);
        self.closed.notify_all();
    }

    /// Names and numbers of the files from number `from` on.
    pub(super) fn list(&self, from: u64) -> Vec<(OsString, u64)> {
        self.read(|entries| {
            let entries = entries.range(from..);
            entries.map(|(node, entry)| (entry.name.clone(), *node)).collect()
        })
    }

    fn named(&self, name: &OsStr) -> Option<u64> {
        self.read(|entries| {
            entries.iter().find(|(_, entry)| entry.name == name).map(|(node, _)| *node)
        })
    }

    fn change(&self, node: u64, change: impl FnOnce(&mut Entry)) {
        self.write(|entries| entries.get_mut(&node).map(change));
    }

    fn read<T>(&self, with: impl FnOnce(&BTreeMap<u64, Entry>) -> T) -> T {
        with(&self.entries.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write<T>(&self, with: impl FnOnce(&mut BTreeMap<u64, Entry>) -> T) -> T {
        with(&mut self.entries.write().unwrap_or_else(PoisonError::into_inner))
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
