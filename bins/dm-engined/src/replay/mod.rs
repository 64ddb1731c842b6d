//! `dm-engined replay-log`: what a log-writes target has logged, listed, or done once more to another disk.
//!
//! ```text
//! log ──Reader──► select: from mark to mark ──► list
//!                                          └──► replica ──► check: a command after entries of a kind
//! ```
//!
//! All that is to be replayed is read and held to the size of the replica before a byte of it is written. Then
//! entry after entry is written; a check's command finds all entries up to one on the replica, and nobody else
//! who has it open.

mod check;
mod list;
mod replica;
mod select;

use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use dm_core::log_writes::{Block, LogError, Logged, Reader};
use dm_sys::block::{BlockFile, Open};
use serde::Serialize;

use self::check::Checks;
use self::replica::Replica;
use self::select::Selection;
use crate::Failure;
use crate::options::ReplayLog;

/// What was done.
#[derive(Debug, Default, Serialize)]
struct Summary {
    schema: u32,
    dry_run: bool,
    entries: u64,
    written_bytes: u64,
    discarded_bytes: u64,
    checks: u64,
}

/// An open log.
#[derive(Debug)]
struct Source<'a> {
    path: &'a Path,
    file: BlockFile,
}

/// Lists or replays a log.
///
/// # Errors
///
/// [`Failure`] when the log or the replica cannot be opened, read or written, when an entry is damaged or does
/// not fit on the replica, when a mark is not there, or when a check fails. It names the entry.
pub fn run(options: &ReplayLog) -> Result<ExitCode, Failure> {
    let path = options.log.as_path();
    let file = BlockFile::open(path, Open::default()).map_err(|error| of_file(path, &error))?;
    let log = Source { path, file };
    let selection = Selection::of(options);
    match &options.target {
        None => list::print(&log, &selection, options.json)?,
        Some(target) => {
            let summary = replay(&log, &selection, target, options)?;
            print(&shown(&summary, target, options.json)?)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn replay(
    log: &Source<'_>,
    selection: &Selection<'_>,
    target: &Path,
    options: &ReplayLog,
) -> Result<Summary, Failure> {
    let block = log.reader()?.head().block;
    let mut replica = Replica::open(target, options)?;
    if replica.is(&log.file) {
        return Err(Failure::new(format!("{}: is the log itself", target.display())));
    }
    let mut summary = Summary { schema: 1, dry_run: options.dry_run, ..Summary::default() };
    for logged in selection.entries(log)? {
        let logged = logged?;
        replica.check_fits(&logged, block).map_err(|why| log.of_entry(&logged, &why))?;
        summary.count(&logged, block);
    }
    if options.dry_run {
        return Ok(summary);
    }
    let checks = Checks::of(options);
    for logged in selection.entries(log)? {
        let logged = logged?;
        let of_entry = |why: String| log.of_entry(&logged, &why);
        replica.apply(&logged, block, &log.file).map_err(of_entry)?;
        if checks.is_due(&logged) {
            replica.close()?;
            checks.run(&logged, target).map_err(of_entry)?;
            summary.checks += 1;
        }
    }
    replica.close()?;
    Ok(summary)
}

impl Source<'_> {
    fn reader(&self) -> Result<Reader<'_, BlockFile>, Failure> {
        Reader::open(&self.file).map_err(|error| self.of(error))
    }

    /// Why the log cannot be read on.
    fn of(&self, error: LogError) -> Failure {
        let text = Failure::of(&error);
        Failure::new(format!("{}: {text}", self.path.display()))
    }

    /// Why it cannot be gone on from an entry.
    fn of_entry(&self, logged: &Logged, why: &str) -> Failure {
        let Logged { number, at, .. } = logged;
        let path = self.path.display();
        Failure::new(format!("{path}: entry {number}, at byte {at} of the log: {why}"))
    }
}

impl Summary {
    fn count(&mut self, logged: &Logged, block: Block) {
        self.entries += 1;
        let len = logged.entry.range(block).map_or(0, |(_, len)| len.get());
        if logged.data_len.is_zero() {
            self.discarded_bytes = self.discarded_bytes.saturating_add(len);
        } else {
            self.written_bytes = self.written_bytes.saturating_add(len);
        }
    }
}

fn shown(summary: &Summary, target: &Path, json: bool) -> Result<String, Failure> {
    if json {
        return serde_json::to_string(summary).map_err(|error| Failure::of(&error));
    }
    let Summary { dry_run, entries, written_bytes, discarded_bytes, checks, .. } = summary;
    let would = if *dry_run { "would be " } else { "" };
    let checked = if *checks > 0 { format!(", {checks} checks passed") } else { String::new() };
    Ok(format!(
        "{entries} entries {would}replayed onto {}: {written_bytes} bytes written, \
         {discarded_bytes} discarded{checked}",
        target.display()
    ))
}

fn of_file(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("{}: {error}", path.display()))
}

fn print(text: &str) -> Result<(), Failure> {
    writeln!(io::stdout(), "{text}").map_err(|error| Failure::of(&error))
}

#[cfg(test)]
mod tests;
