//! What survives the daemon: a folder with one JSON file a device, `<minor>.json`.
//!
//! A file is replaced, never changed: `<minor>.next` is written whole and made durable, then takes the
//! file's name. Whenever the daemon dies, the folder holds the old state of a device or the new one. A change
//! is [staged](StateFolder::stage) before anything else is touched, so that a full disk is met while nothing
//! has happened yet; what is learnt later (where a device is served, its event number) fits into the room
//! that staging took.
//!
//! Names, uuids, target types and arguments are bytes, written as [`dm_core::mangle::encode`] writes them.

mod files;
mod record;

use std::fmt::Debug;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use dm_core::errno::Errno;
use tracing::warn;

pub use files::{Files, HostFiles};
pub use record::{Geometry, Marks, Record, RecordError, SavedLine, SavedTable};

/// Bytes of white space at the end of a staged file: room for what is learnt between staging and commit.
const ROOM: usize = 4096;

/// The folder.
#[derive(Debug)]
pub struct StateFolder {
    path: PathBuf,
    files: Box<dyn Files>,
}

impl StateFolder {
    /// The folder at `path`, made (for its owner alone) if it is not there.
    ///
    /// # Errors
    ///
    /// What the system says when it cannot be made or read.
    pub fn open(path: &Path) -> Result<Self, Errno> {
        Self::with_files(path, Box::new(HostFiles))
    }

    /// The folder at `path`, changed only through `files`.
    ///
    /// # Errors
    ///
    /// As [`StateFolder::open`].
    pub fn with_files(path: &Path, files: Box<dyn Files>) -> Result<Self, Errno> {
        files::make_folder(path).map_err(|error| errno(&error))?;
        Ok(Self { path: path.to_owned(), files })
    }

    /// Every device's record, by minor number. What an interrupted change left behind is dropped; a file
    /// that is damaged is set aside as `<name>.damaged`, one that cannot be read is left alone, and the log
    /// says so. Either costs its own device only.
    ///
    /// # Errors
    ///
    /// What the system says when the folder cannot be read.
    pub fn load(&self) -> Result<Vec<Record>, Errno> {
        let mut records = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(|error| errno(&error))? {
            let path = entry.map_err(|error| errno(&error))?.path();
            match path.extension().and_then(|extension| extension.to_str()) {
                Some("next") => self.drop_file(&path),
                Some("json") => records.extend(self.load_record(&path)),
                _ => {}
            }
        }
        records.sort_by_key(|record: &Record| record.minor);
        Ok(records)
    }

    fn load_record(&self, path: &Path) -> Option<Record> {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => {
                warn!(?path, %error, "a record that cannot be read");
                return None;
            }
        };
        match Record::from_json(&bytes) {
            Ok(record) if path == self.file(record.minor) => return Some(record),
            Ok(record) => warn!(?path, minor = record.minor, "a record under another's name"),
            Err(why) => warn!(?path, %why, "a damaged record"),
        }
        if let Err(error) = self.files.rename(path, &path.with_extension("json.damaged")) {
            warn!(?path, %error, "not set aside");
        }
        None
    }

    /// Begins to replace a device's record by `record`: its room on the disk is taken.
    ///
    /// # Errors
    ///
    /// What the system says, `ENOSPC` above all; the folder is as it was then.
    pub fn stage(&self, record: &Record) -> Result<Staged<'_>, Errno> {
        let mut bytes = record.to_json();
        bytes.resize(bytes.len().saturating_add(ROOM), b' ');
        let staged = Staged { folder: self, minor: record.minor, room: bytes.len(), done: false };
        self.files.write(&staged.path(), &bytes).map_err(|error| errno(&error))?;
        Ok(staged)
    }

    /// Replaces a device's record.
    ///
    /// # Errors
    ///
    /// As [`StateFolder::stage`] and [`Staged::commit`].
    pub fn save(&self, record: &Record) -> Result<(), Errno> {
        let path = self.path.join(format!("{}.event.next", record.minor));
        let written = self
            .files
            .write(&path, &record.to_json())
            .and_then(|()| self.files.rename(&path, &self.file(record.minor)));
        written.map_err(|error| {
            self.drop_file(&path);
            errno(&error)
        })
    }

    /// Forgets a device.
    ///
    /// # Errors
    ///
    /// What the system says; the device is still known then.
    pub fn erase(&self, minor: u32) -> Result<(), Errno> {
        match self.files.remove(&self.file(minor)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(errno(&error)),
            _ => Ok(()),
        }
    }

    fn file(&self, minor: u32) -> PathBuf {
        self.path.join(format!("{minor}.json"))
    }

    fn drop_file(&self, path: &Path) {
        if let Err(error) = self.files.remove(path)
            && error.kind() != io::ErrorKind::NotFound
        {
            warn!(?path, %error, "a leftover stays");
        }
    }
}

/// A record on its way into the folder; dropped, it leaves no trace.
#[derive(Debug)]
pub struct Staged<'a> {
    folder: &'a StateFolder,
    minor: u32,
    room: usize,
    done: bool,
}

impl Staged<'_> {
    /// Puts `record`, the staged one with what was learnt since, in the old one's place.
    ///
    /// # Errors
    ///
    /// What the system says; the old record stands then.
    pub fn commit(mut self, record: &Record) -> Result<(), Errno> {
        let mut bytes = record.to_json();
        bytes.resize(bytes.len().max(self.room), b' ');
        let path = self.path();
        let files = &self.folder.files;
        files
            .write(&path, &bytes)
            .and_then(|()| files.rename(&path, &self.folder.file(self.minor)))
            .map_err(|error| errno(&error))?;
        self.done = true;
        Ok(())
    }

    fn path(&self) -> PathBuf {
        self.folder.path.join(format!("{}.next", self.minor))
    }
}

impl Drop for Staged<'_> {
    fn drop(&mut self) {
        if !self.done {
            self.folder.drop_file(&self.path());
        }
    }
}

fn errno(error: &io::Error) -> Errno {
    error.raw_os_error().map_or(Errno::EIO, Errno::new)
}

#[cfg(test)]
mod tests;
