//! Writes that overlap, in their order.
//!
//! A file takes bytes, a device whole blocks: a write that begins or ends inside a block reads that block,
//! changes it and writes it back. Between the two nothing else may write the block, or its bytes are lost.
//! Writes of whole blocks do not wait for one another, as on any disk.
//!
//! Nobody sleeps here: what has to wait is kept as a closure, and started by the write that it waited for.

use std::collections::VecDeque;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Whether a write keeps others of its range out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hold {
    /// Whole blocks: only an exclusive write of the same range matters.
    Shared,
    /// Parts of blocks.
    Exclusive,
}

/// The writes on one device that have begun, and those that wait for them, in the order of their arrival.
#[derive(Default)]
pub(super) struct Overlap {
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    queue: VecDeque<Entry>,
    next: u64,
    waiting: usize,
}

struct Entry {
    id: u64,
    range: Range<u64>,
    hold: Hold,
    /// What to start when nothing before it is in its way; `None` once it has been.
    start: Option<Start>,
}

type Start = Box<dyn FnOnce(Held) + Send>;

/// A range that is being written; dropped when it has been.
pub(super) struct Held {
    of: Arc<Overlap>,
    id: u64,
}

impl Overlap {
    /// Has `start` called as soon as no earlier write is in the way: now, on this thread, as a rule.
    pub(super) fn enter(
        self: &Arc<Self>,
        range: Range<u64>,
        hold: Hold,
        start: impl FnOnce(Held) + Send + 'static,
    ) {
        let mut entries = self.lock();
        let id = entries.next;
        entries.next += 1;
        if entries.is_blocked(entries.queue.len(), &range, hold) {
            entries.waiting += 1;
            entries.queue.push_back(Entry { id, range, hold, start: Some(Box::new(start)) });
            return;
        }
        entries.queue.push_back(Entry { id, range, hold, start: None });
        drop(entries);
        start(Held { of: Arc::clone(self), id });
    }

    /// Begins a write of whole blocks, unless an earlier one is in its way.
    pub(super) fn try_enter(self: &Arc<Self>, range: Range<u64>) -> Option<Held> {
        let mut entries = self.lock();
        if entries.is_blocked(entries.queue.len(), &range, Hold::Shared) {
            return None;
        }
        let id = entries.next;
        entries.next += 1;
        entries.queue.push_back(Entry { id, range, hold: Hold::Shared, start: None });
        Some(Held { of: Arc::clone(self), id })
    }

    fn leave(self: &Arc<Self>, id: u64) {
        for (id, start) in self.lock().remove(id) {
            start(Held { of: Arc::clone(self), id });
        }
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entries {
    /// Whether one of the first `before` entries keeps this range out.
    fn is_blocked(&self, before: usize, range: &Range<u64>, hold: Hold) -> bool {
        self.queue.iter().take(before).any(|entry| {
            let meets = entry.range.start < range.end && range.start < entry.range.end;
            meets && (hold == Hold::Exclusive || entry.hold == Hold::Exclusive)
        })
    }

    /// Takes an entry out; what need not wait any more is answered.
    fn remove(&mut self, id: u64) -> Vec<(u64, Start)> {
        self.queue.retain(|entry| entry.id != id);
        if self.waiting == 0 {
            return Vec::new();
        }
        let mut ready = Vec::new();
        for index in 0..self.queue.len() {
            let entry = &self.queue[index];
            if entry.start.is_some() && !self.is_blocked(index, &entry.range, entry.hold) {
                let entry = &mut self.queue[index];
                ready.extend(entry.start.take().map(|start| (entry.id, start)));
            }
        }
        self.waiting -= ready.len();
        ready
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.of.leave(self.id);
    }
}

impl fmt::Debug for Overlap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self.lock();
        f.debug_struct("Overlap")
            .field("entries", &entries.queue.len())
            .field("waiting", &entries.waiting)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    /// Enters ranges by name and tells which have begun.
    struct Stage {
        overlap: Arc<Overlap>,
        begun: mpsc::Receiver<(&'static str, Held)>,
        tell: mpsc::Sender<(&'static str, Held)>,
        held: Vec<(&'static str, Held)>,
    }

    impl Stage {
        fn new() -> Self {
            let (tell, begun) = mpsc::channel();
            Self { overlap: Arc::default(), begun, tell, held: Vec::new() }
        }

        fn enter(&self, name: &'static str, range: Range<u64>, hold: Hold) {
            let tell = self.tell.clone();
            self.overlap.enter(range, hold, move |held| tell.send((name, held)).unwrap());
        }

        fn begun(&mut self) -> Vec<&'static str> {
            let new: Vec<_> = self.begun.try_iter().collect();
            let names = new.iter().map(|(name, _)| *name).collect();
            self.held.extend(new);
            names
        }

        fn end(&mut self, name: &str) {
            self.held.retain(|(held, _)| *held != name);
        }
    }

    #[test]
    fn whole_blocks_do_not_wait_for_one_another() {
        let mut stage = Stage::new();
        stage.enter("a", 0..4096, Hold::Shared);
        stage.enter("b", 0..8192, Hold::Shared);
        assert_eq!(stage.begun(), ["a", "b"]);
    }

    #[test]
    fn parts_of_a_block_wait_for_what_came_before() {
        let mut stage = Stage::new();
        stage.enter("whole", 0..4096, Hold::Shared);
        stage.enter("part", 0..512, Hold::Exclusive);
        stage.enter("elsewhere", 4096..4608, Hold::Exclusive);
        assert_eq!(stage.begun(), ["whole", "elsewhere"]);
        stage.end("whole");
        assert_eq!(stage.begun(), ["part"]);
    }

    #[test]
    fn nobody_overtakes_one_who_waits() {
        let mut stage = Stage::new();
        stage.enter("a", 0..512, Hold::Shared);
        stage.enter("b", 0..512, Hold::Exclusive);
        stage.enter("c", 0..512, Hold::Shared);
        stage.enter("d", 0..512, Hold::Shared);
        assert_eq!(stage.begun(), ["a"]);
        stage.end("a");
        assert_eq!(stage.begun(), ["b"]);
        stage.end("b");
        assert_eq!(stage.begun(), ["c", "d"]);
    }

    #[test]
    fn who_does_not_wait_gets_in_only_past_nobody() {
        let mut stage = Stage::new();
        stage.enter("part", 0..512, Hold::Exclusive);
        assert_eq!(stage.begun(), ["part"]);
        assert!(stage.overlap.try_enter(0..4096).is_none());
        let whole = stage.overlap.try_enter(4096..8192).unwrap();
        stage.enter("inside", 5000..5512, Hold::Exclusive);
        assert!(stage.begun().is_empty());
        drop(whole);
        assert_eq!(stage.begun(), ["inside"]);
    }

    #[test]
    fn nothing_is_left_when_all_have_ended() {
        let mut stage = Stage::new();
        for _ in 0..3 {
            stage.enter("x", 0..512, Hold::Exclusive);
        }
        for _ in 0..3 {
            assert_eq!(stage.begun(), ["x"]);
            stage.end("x");
        }
        let entries = stage.overlap.lock();
        assert_eq!((entries.queue.len(), entries.waiting), (0, 0));
    }
}
