//! The count of what happened to any device: whoever waits for an event waits for it to move.

use std::sync::{Condvar, Mutex, PoisonError};

use super::gate::PATIENCE;
use super::lock;

/// The count.
///
/// # Source
///
/// `dm_global_event_nr` in the kernel's `drivers/md/dm.c`.
#[derive(Debug, Default)]
pub(crate) struct News {
    count: Mutex<u64>,
    moved: Condvar,
}

impl News {
    /// How much happened so far.
    pub(crate) fn count(&self) -> u64 {
        *lock(&self.count)
    }

    /// Something happened.
    pub(crate) fn tell(&self) {
        let mut count = lock(&self.count);
        *count = count.wrapping_add(1);
        drop(count);
        self.moved.notify_all();
    }

    /// Waits a short while for more than `seen`.
    pub(crate) fn wait_past(&self, seen: u64) {
        let count = lock(&self.count);
        let waited = self.moved.wait_timeout_while(count, PATIENCE, |count| *count == seen);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }
}
