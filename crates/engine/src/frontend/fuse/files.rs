//! Which files a mount has, who has them open, and how they look.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use dm_core::errno::Errno;

use super::contents::Contents;

/// The folder's inode number.
pub(super) const ROOT: u64 = 1;

/// The first file's inode number. No number is used twice, so the kernel never takes a new file for an old.
const FIRST: u64 = 2;

/// A file: a mapped device's bytes.
#[derive(Debug)]
pub(super) struct File {
    pub(super) ino: u64,
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
#[derive(Debug)]
pub(super) struct Files {
    access: Access,
    since: SystemTime,
    table: Mutex<Table>,
    closed: Condvar,
}

#[derive(Debug)]
struct Table {
    entries: BTreeMap<u64, Entry>,
    next: u64,
}

#[derive(Debug)]
struct Entry {
    name: OsString,
    file: Arc<File>,
    access: Access,
    handles: u32,
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
    pub(super) fn new(access: Access) -> Self {
        let table = Table { entries: BTreeMap::new(), next: FIRST };
        Self { access, since: SystemTime::now(), table: Mutex::new(table), closed: Condvar::new() }
    }

    /// When the mount was made.
    pub(super) fn since(&self) -> SystemTime {
        self.since
    }

    /// Whose the folder is.
    pub(super) fn access(&self) -> Access {
        self.access
    }

    /// Adds a file, for a loop device to be attached to; `EEXIST` when there is one of that name.
    pub(super) fn add(&self, name: &OsStr, contents: Contents) -> Result<Arc<File>, Errno> {
        let mut table = self.lock();
        if table.named(name).is_some() {
            return Err(Errno::EEXIST);
        }
        let ino = table.next;
        table.next += 1;
        let file = Arc::new(File { ino, contents, attaching: AtomicBool::new(true) });
        let entry = Entry {
            name: name.to_owned(),
            file: Arc::clone(&file),
            access: self.access,
            handles: 0,
        };
        table.entries.insert(ino, entry);
        Ok(file)
    }

    /// Gives the file `from` another name; `ENOENT` without it, `EEXIST` when the name is taken.
    pub(super) fn rename(&self, from: &OsStr, to: &OsStr) -> Result<(), Errno> {
        let mut table = self.lock();
        if table.named(to).is_some() {
            return Err(Errno::EEXIST);
        }
        let ino = table.named(from).ok_or(Errno::ENOENT)?;
        if let Some(entry) = table.entries.get_mut(&ino) {
            to.clone_into(&mut entry.name);
        }
        Ok(())
    }

    /// Takes a file away; `ENOENT` without it, `EBUSY` while it is open.
    pub(super) fn remove(&self, name: &OsStr, how: Remove) -> Result<(), Errno> {
        let mut table = self.lock();
        let ino = table.named(name).ok_or(Errno::ENOENT)?;
        if how == Remove::Unused && table.handles(ino) > 0 {
            return Err(Errno::EBUSY);
        }
        table.entries.remove(&ino);
        Ok(())
    }

    /// How many times the file is open, asked until it is none or `grace` is over: a close is told to us a
    /// moment after the one who closed goes on.
    pub(super) fn handles(&self, name: &OsStr, grace: Duration) -> u32 {
        let deadline = Instant::now() + grace;
        let mut table = self.lock();
        loop {
            let handles = table.named(name).map_or(0, |ino| table.handles(ino));
            let left = deadline.saturating_duration_since(Instant::now());
            if handles == 0 || left.is_zero() {
                return handles;
            }
            table = self.closed.wait_timeout(table, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Whether any file is open.
    pub(super) fn any_open(&self) -> bool {
        self.lock().entries.values().any(|entry| entry.handles > 0)
    }

    /// The file of this name, and how it looks.
    pub(super) fn by_name(&self, name: &OsStr) -> Option<(Arc<File>, Access)> {
        let table = self.lock();
        let entry = table.entries.get(&table.named(name)?)?;
        Some((Arc::clone(&entry.file), entry.access))
    }

    /// The file of this number, and how it looks.
    pub(super) fn by_ino(&self, ino: u64) -> Option<(Arc<File>, Access)> {
        let table = self.lock();
        table.entries.get(&ino).map(|entry| (Arc::clone(&entry.file), entry.access))
    }

    /// Changes how a file looks.
    pub(super) fn set_access(&self, ino: u64, change: impl FnOnce(&mut Access)) {
        if let Some(entry) = self.lock().entries.get_mut(&ino) {
            change(&mut entry.access);
        }
    }

    /// One more has the file open; `false` when it has gone.
    pub(super) fn open(&self, ino: u64) -> bool {
        let mut table = self.lock();
        let entry = table.entries.get_mut(&ino);
        entry.map(|entry| entry.handles = entry.handles.saturating_add(1)).is_some()
    }

    /// One less has it open.
    pub(super) fn close(&self, ino: u64) {
        if let Some(entry) = self.lock().entries.get_mut(&ino) {
            entry.handles = entry.handles.saturating_sub(1);
        }
        self.closed.notify_all();
    }

    /// Names and numbers of the files from number `from` on.
    pub(super) fn list(&self, from: u64) -> Vec<(OsString, u64)> {
        let table = self.lock();
        let entries = table.entries.range(from..);
        entries.map(|(ino, entry)| (entry.name.clone(), *ino)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    fn named(&self, name: &OsStr) -> Option<u64> {
        self.entries.iter().find(|(_, entry)| entry.name == name).map(|(ino, _)| *ino)
    }

    fn handles(&self, ino: u64) -> u32 {
        self.entries.get(&ino).map_or(0, |entry| entry.handles)
    }
}
