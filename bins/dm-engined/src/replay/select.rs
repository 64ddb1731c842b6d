//! Which entries: from a mark to a mark, and no more than so many.

use dm_core::log_writes::{Entry, EntryFlags, Logged, Reader};
use dm_sys::block::BlockFile;

use super::Source;
use crate::Failure;
use crate::options::ReplayLog;

/// Which entries are wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Selection<'a> {
    /// The first is the one behind this mark.
    start: Option<&'a str>,
    /// The last is this mark.
    end: Option<&'a str>,
    /// How many at the most.
    limit: u64,
}

/// The entries that are wanted, in their order; ends after the first error.
pub(super) struct Entries<'a> {
    log: &'a Source<'a>,
    reader: Reader<'a, BlockFile>,
    /// The mark that is still to come.
    end: Option<&'a str>,
    left: u64,
    is_over: bool,
}

impl<'a> Selection<'a> {
    pub(super) fn of(options: &'a ReplayLog) -> Self {
        Self {
            start: options.start_mark.as_deref(),
            end: options.end_mark.as_deref(),
            limit: options.limit.unwrap_or(u64::MAX),
        }
    }

    /// The entries, from the first that is wanted.
    ///
    /// # Errors
    ///
    /// [`Failure`] when the log cannot be read, or the mark before the first is not there.
    pub(super) fn entries<'b>(&self, log: &'b Source<'b>) -> Result<Entries<'b>, Failure>
    where
        'a: 'b,
    {
        let mut reader = log.reader()?;
        if let Some(start) = self.start {
            loop {
                let Some(read) = reader.next() else { return Err(no_mark(log, start)) };
                if is_mark(&read.map_err(|error| log.of(error))?.entry, start) {
                    break;
                }
            }
        }
        Ok(Entries { log, reader, end: self.end, left: self.limit, is_over: false })
    }
}

impl Iterator for Entries<'_> {
    type Item = Result<Logged, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over || self.left == 0 {
            return None;
        }
        self.left -= 1;
        match (self.reader.next(), self.end) {
            (Some(Ok(logged)), end) => {
                self.is_over = end.is_some_and(|end| is_mark(&logged.entry, end));
                Some(Ok(logged))
            }
            (Some(Err(error)), _) => {
                self.is_over = true;
                Some(Err(self.log.of(error)))
            }
            (None, Some(end)) => {
                self.is_over = true;
                Some(Err(no_mark(self.log, end)))
            }
            (None, None) => None,
        }
    }
}

fn is_mark(entry: &Entry, text: &str) -> bool {
    entry.flags.contains(EntryFlags::MARK) && entry.text == text.as_bytes()
}

fn no_mark(log: &Source<'_>, text: &str) -> Failure {
    let entries = log.reader().map_or(0, |reader| reader.head().entries);
    let path = log.path.display();
    Failure::new(format!("{path}: no mark {text:?} where it is looked for, in {entries} entries"))
}
