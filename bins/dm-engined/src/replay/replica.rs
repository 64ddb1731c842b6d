//! The disk that a log is replayed onto.

use std::io;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::Path;

use dm_core::errno::Errno;
use dm_core::log_writes::{Block, EntryFlags, Logged};
use dm_core::read_at::ReadAt as _;
use dm_core::units::Bytes;
use dm_sys::block::{Access, BlockFile, Claim, Open};

use super::of_file;
use crate::Failure;
use crate::options::{Discards, ReplayLog};

/// How much is copied at once.
const PIECE: usize = 1 << 20;

/// A disk, open for what is replayed, and closed in between.
#[derive(Debug)]
pub(super) struct Replica<'a> {
    path: &'a Path,
    how: Open,
    discards: Discards,
    file: Option<BlockFile>,
    size: Bytes,
}

impl<'a> Replica<'a> {
    /// Opens the disk; a block device must be nobody else's. For a dry run it is only looked at.
    ///
    /// # Errors
    ///
    /// [`Failure`] when it cannot be opened.
    pub(super) fn open(path: &'a Path, options: &ReplayLog) -> Result<Self, Failure> {
        let how = if options.dry_run {
            Open::default()
        } else {
            Open { access: Access::Write, claim: Claim::Exclusive, ..Open::default() }
        };
        let file = BlockFile::open(path, how).map_err(|error| of_file(path, &error))?;
        let size = file.size();
        Ok(Self { path, how, discards: options.discards, file: Some(file), size })
    }

    /// Whether it is the same disk as `other`.
    pub(super) fn is(&self, other: &BlockFile) -> bool {
        let id = |file: &BlockFile| {
            let meta = file.file().metadata().ok()?;
            let number = file.disk().dev.map(|_| meta.rdev());
            Some(number.map_or((Some((meta.dev(), meta.ino())), None), |rdev| (None, Some(rdev))))
        };
        self.file.as_ref().and_then(id) == id(other)
    }

    /// Whether the entry is about sectors that there are.
    ///
    /// # Errors
    ///
    /// Why not, for people.
    pub(super) fn check_fits(&self, logged: &Logged, block: Block) -> Result<(), String> {
        let end = logged.entry.range(block).and_then(|(start, len)| start.checked_add(len));
        match end {
            Some(end) if end <= self.size => Ok(()),
            _ => Err(format!(
                "block {} plus {} of {} bytes is past the end of {}, which has {} bytes",
                logged.entry.start,
                logged.entry.len,
                block.bytes(),
                self.path.display(),
                self.size
            )),
        }
    }

    /// Does what was logged.
    ///
    /// # Errors
    ///
    /// Why it cannot be done, for people.
    pub(super) fn apply(
        &mut self,
        logged: &Logged,
        block: Block,
        log: &BlockFile,
    ) -> Result<(), String> {
        self.check_fits(logged, block)?;
        let Some((start, len)) = logged.entry.range(block).filter(|(_, len)| !len.is_zero()) else {
            return Ok(());
        };
        let discards = self.discards;
        let file = self.opened()?;
        if logged.entry.flags.contains(EntryFlags::DISCARD) {
            discard(file, start, len, discards)
        } else {
            copy(file, start, log, logged)
        }
    }

    fn opened(&mut self) -> Result<&BlockFile, String> {
        let file = match self.file.take() {
            Some(file) => file,
            None => BlockFile::open(self.path, self.how)
                .map_err(|error| format!("{}: {error}", self.path.display()))?,
        };
        if file.size() != self.size {
            return Err(format!("{}: its size has changed", self.path.display()));
        }
        Ok(self.file.insert(file))
    }

    /// Makes what was written durable, and lets go of the disk until more is written.
    ///
    /// # Errors
    ///
    /// [`Failure`] when it cannot be made durable.
    pub(super) fn close(&mut self) -> Result<(), Failure> {
        let Some(file) = self.file.take() else { return Ok(()) };
        file.file().sync_data().map_err(|error| of_file(self.path, &error))
    }
}

/// Copies an entry's data to its place.
fn copy(file: &BlockFile, start: Bytes, log: &BlockFile, logged: &Logged) -> Result<(), String> {
    let mut done = 0;
    while done < logged.data_len.get() {
        let mut piece = vec![0; piece_of(logged.data_len.get() - done)];
        let at = Bytes::new(logged.data.get() + done);
        log.read_at(at, &mut piece).map_err(|error| Failure::of(&error).to_string())?;
        write(file, start.get() + done, &piece)?;
        done += piece.len() as u64;
    }
    Ok(())
}

fn discard(file: &BlockFile, start: Bytes, len: Bytes, how: Discards) -> Result<(), String> {
    let (first, count) = (start.whole_sectors(), len.whole_sectors());
    match how {
        Discards::Skip => Ok(()),
        Discards::Zero => zero(file, start, len),
        Discards::Discard if file.disk().dev.is_some() => of_device(file.discard(first, count)),
        // What a regular file does for a discard: a hole, which reads as zeros.
        Discards::Discard => punch(file, start, len),
    }
}

/// Zeros, by the device's own means where it has any.
fn zero(file: &BlockFile, start: Bytes, len: Bytes) -> Result<(), String> {
    let (first, count) = (start.whole_sectors(), len.whole_sectors());
    if file.disk().dev.is_some() {
        return of_device(file.zero_out(first, count));
    }
    if punch(file, start, len).is_ok() {
        return Ok(());
    }
    let mut done = 0;
    while done < len.get() {
        let piece = piece_of(len.get() - done);
        write(file, start.get() + done, &vec![0; piece])?;
        done += piece as u64;
    }
    Ok(())
}

fn punch(file: &BlockFile, start: Bytes, len: Bytes) -> Result<(), String> {
    use nix::fcntl::{FallocateFlags, fallocate};
    let how = FallocateFlags::FALLOC_FL_PUNCH_HOLE | FallocateFlags::FALLOC_FL_KEEP_SIZE;
    let number = |n: Bytes| i64::try_from(n.get()).map_err(|_| "beyond any file".to_owned());
    fallocate(file, how, number(start)?, number(len)?)
        .map_err(|errno| format!("cannot make a hole: {}", io::Error::from(errno)))
}

fn of_device(result: Result<(), Errno>) -> Result<(), String> {
    result.map_err(|errno| format!("cannot discard: {errno}"))
}

fn write(file: &BlockFile, at: u64, bytes: &[u8]) -> Result<(), String> {
    let path = file.path().display();
    file.file().write_all_at(bytes, at).map_err(|error| format!("{path}, at byte {at}: {error}"))
}

/// As much of what is left as is copied at once.
fn piece_of(left: u64) -> usize {
    usize::try_from(left).map_or(PIECE, |left| left.min(PIECE))
}
