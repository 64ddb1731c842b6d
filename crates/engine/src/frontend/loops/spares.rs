//! Loop devices that the next mapped devices will get, their queues set beforehand.
//!
//! To change a queue's longest request, the kernel stops the queue, which takes it some 16 ms whatever is under way:
//! more than all else of a device's creation. A thread does that to a few free devices ahead, to all of them at
//! a time. They stay free: whoever else takes one finds its longest request a little shorter. What nobody has
//! taken when the daemon leaves is as it was found.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use dm_core::devno::DevNo;
use dm_core::units::Bytes;
use dm_sys::loopdev::{self, LOOP_MAJOR};
use dm_sys::sysfs::{self, QueueSetting};

/// How many are kept.
const AHEAD: usize = 4;

/// A loop device that was free when it was taken, and is about to get a file.
#[derive(Debug)]
pub(super) struct Spare<'a> {
    pub(super) number: u32,
    spares: &'a Spares,
}

impl Drop for Spare<'_> {
    fn drop(&mut self) {
        self.spares.lock().taken.remove(&self.number);
    }
}

/// Those that there are, each with its longest request before it was ours.
#[derive(Debug, Default)]
struct State {
    ready: BTreeMap<u32, Bytes>,
    /// Free as yet, and no spares any more.
    taken: BTreeMap<u32, Bytes>,
    /// A thread makes more.
    is_working: bool,
    is_over: bool,
}

/// See the module's page.
pub(super) struct Spares {
    max_request_kib: u32,
    state: Mutex<State>,
    changed: Condvar,
}

impl fmt::Debug for Spares {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spares").field("state", &*self.lock()).finish_non_exhaustive()
    }
}

impl Spares {
    /// None yet; [`Self::prepare`] makes some.
    pub(super) fn new(max_request_kib: u32) -> Arc<Self> {
        Arc::new(Self { max_request_kib, state: Mutex::default(), changed: Condvar::new() })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes one; where none is ready, it waits for those that are being made.
    pub(super) fn take(&self) -> Option<Spare<'_>> {
        let state = self.lock();
        let waits = |state: &mut State| state.ready.is_empty() && state.is_working;
        let waited = self.changed.wait_while(state, waits);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner);
        while let Some((number, before)) = state.ready.pop_first() {
            if !loopdev::has_file(number) {
                state.taken.insert(number, before);
                return Some(Spare { number, spares: self });
            }
        }
        None
    }

    /// The longest request, before it was ours, of the loop device that a file was attached to: the one that was
    /// taken, or another, if somebody else was faster.
    pub(super) fn before(&self, number: u32) -> Option<Bytes> {
        let mut state = self.lock();
        let found = state.ready.remove(&number);
        found.or_else(|| state.taken.get(&number).copied())
    }

    /// Has a thread make more, if there are too few.
    pub(super) fn prepare(self: &Arc<Self>) {
        let mut state = self.lock();
        if state.is_working || state.is_over || state.ready.len() >= AHEAD {
            return;
        }
        let this = Arc::clone(self);
        let spawned = thread::Builder::new().name("spares".into()).spawn(move || this.work());
        state.is_working = spawned.is_ok();
    }

    fn work(&self) {
        loop {
            let made = self.make();
            let mut state = self.lock();
            let is_enough = made.is_empty() || state.is_over;
            state.ready.extend(made);
            state.is_working = !is_enough && state.ready.len() < AHEAD;
            let goes_on = state.is_working;
            drop(state);
            self.changed.notify_all();
            if !goes_on {
                return;
            }
        }
    }

    fn make(&self) -> Vec<(u32, Bytes)> {
        let state = self.lock();
        let count = AHEAD.saturating_sub(state.ready.len());
        let known: BTreeSet<u32> = state.ready.keys().chain(state.taken.keys()).copied().collect();
        drop(state);
        let free = loopdev::free(count, |number| known.contains(&number)).unwrap_or_default();
        thread::scope(|scope| {
            let threads = free.into_iter().map(|number| {
                let work = move || set(number, self.max_request_kib);
                (number, scope.spawn(work))
            });
            let threads: Vec<_> = threads.collect();
            let done = threads.into_iter().filter_map(|(number, thread)| {
                let before = thread.join().ok()??;
                Some((number, before))
            });
            done.collect()
        })
    }

    /// Makes no more, and leaves those that nobody has taken as they were found.
    pub(super) fn end(&self) {
        let mut state = self.lock();
        state.is_over = true;
        let waited = self.changed.wait_while(state, |state| state.is_working);
        let ready = std::mem::take(&mut waited.unwrap_or_else(PoisonError::into_inner).ready);
        thread::scope(|scope| {
            for (number, before) in ready {
                let kib = u32::try_from(before.get() / 1024).unwrap_or(0);
                scope.spawn(move || set(number, kib));
            }
        });
    }
}

/// Sets the longest request of a loop device that is still free; what it was, where that worked.
fn set(number: u32, kib: u32) -> Option<Bytes> {
    let dev = DevNo::new(LOOP_MAJOR, number);
    let before = sysfs::queue(dev)?.max_request;
    if loopdev::has_file(number) {
        return None;
    }
    sysfs::set_queue(dev, QueueSetting::MaxRequestKib(kib)).ok()?;
    Some(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_is_set_and_what_is_left_is_as_it_was() {
        // For root only.
        if loopdev::free(1, |_| false).is_err() {
            return;
        }
        let longest = |number| sysfs::queue(DevNo::new(LOOP_MAJOR, number)).map(|q| q.max_request);
        let spares = Spares::new(508);
        assert!(spares.take().is_none(), "nobody makes any");
        spares.prepare();
        let taken = spares.take().unwrap();
        assert_eq!(longest(taken.number), Some(Bytes::new(508 << 10)));
        let second = spares.take().unwrap();
        spares.prepare();
        spares.end();
        assert!(second.number != taken.number && spares.take().is_none());
        for spare in [taken, second] {
            let before = spares.before(spare.number).unwrap();
            let kib = u32::try_from(before.get() / 1024).unwrap();
            // Others may have taken it meanwhile.
            if set(spare.number, kib).is_some() {
                assert_eq!(longest(spare.number), Some(before));
            }
        }
        spares.prepare();
        assert!(spares.take().is_none(), "it is over");
    }
}
