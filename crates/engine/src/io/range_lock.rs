//! Ranges of sectors that work holds against other work: the stripes of a RAID set, the regions of a mirror.
//!
//! Whoever asks for a range waits for those that asked before, whether they hold theirs or wait, and are in its
//! way: that overlap it, unless both would share. So nobody is overtaken for ever. Whoever needs two ranges at a
//! time asks for one that has both in it, for two that wait for each other would never end.

use std::fmt;
use std::future::poll_fn;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use dm_core::units::Sectors;

/// What else may be done to a range while it is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// What shares it.
    Shared,
    /// Nothing.
    Exclusive,
}

/// The ranges that are held or waited for. Its lock is held for moments, and nothing is called with it.
#[derive(Default)]
pub struct RangeLock {
    entries: Mutex<Entries>,
}

#[derive(Default)]
struct Entries {
    /// In the order of their arrival.
    queue: Vec<Entry>,
    next: u64,
}

struct Entry {
    id: u64,
    range: Range<Sectors>,
    hold: Hold,
    stand: Stand,
}

enum Stand {
    Holds,
    Waits(Option<Waker>),
}

/// A range that is held; dropped, it is so no more.
#[derive(Debug)]
pub struct Held<'a> {
    lock: &'a RangeLock,
    id: u64,
}

impl RangeLock {
    /// One of which nothing is held.
    pub fn new() -> Self {
        Self::default()
    }

    /// Waits for `range`, and holds it. Whoever drops this before its end waits no more.
    pub async fn hold(&self, range: Range<Sectors>, hold: Hold) -> Held<'_> {
        let mine = Held { lock: self, id: self.lock().enter(range, hold) };
        poll_fn(|context| self.lock().poll(mine.id, context)).await;
        mine
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for RangeLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RangeLock")
            .field("entries", &self.lock().queue.len())
            .finish_non_exhaustive()
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        let woken = self.lock.lock().leave(self.id);
        woken.into_iter().for_each(Waker::wake);
    }
}

impl Entries {
    fn enter(&mut self, range: Range<Sectors>, hold: Hold) -> u64 {
        let id = self.next;
        self.next += 1;
        let is_blocked = self.is_blocked(self.queue.len(), &range, hold);
        let stand = if is_blocked { Stand::Waits(None) } else { Stand::Holds };
        self.queue.push(Entry { id, range, hold, stand });
        id
    }

    fn poll(&mut self, id: u64, context: &Context<'_>) -> Poll<()> {
        match self.queue.iter_mut().find(|entry| entry.id == id).map(|entry| &mut entry.stand) {
            Some(Stand::Waits(waker)) => {
                *waker = Some(context.waker().clone());
                Poll::Pending
            }
            Some(Stand::Holds) | None => Poll::Ready(()),
        }
    }

    /// Takes an entry out; who can go on now.
    fn leave(&mut self, id: u64) -> Vec<Waker> {
        let Some(place) = self.queue.iter().position(|entry| entry.id == id) else {
            return Vec::new();
        };
        let left = self.queue.remove(place);
        let mut woken = Vec::new();
        for later in place..self.queue.len() {
            let Some(entry) = self.queue.get(later) else { break };
            let waited =
                matches!(entry.stand, Stand::Waits(_)) && overlap(&entry.range, &left.range);
            if !waited || self.is_blocked(later, &entry.range, entry.hold) {
                continue;
            }
            if let Some(entry) = self.queue.get_mut(later)
                && let Stand::Waits(waker) = std::mem::replace(&mut entry.stand, Stand::Holds)
            {
                woken.extend(waker);
            }
        }
        woken
    }

    /// Whether one of the first `before` entries is in the way.
    fn is_blocked(&self, before: usize, range: &Range<Sectors>, hold: Hold) -> bool {
        let shares = |entry: &Entry| hold == Hold::Shared && entry.hold == Hold::Shared;
        let mut earlier = self.queue.iter().take(before);
        earlier.any(|entry| overlap(&entry.range, range) && !shares(entry))
    }
}

fn overlap(a: &Range<Sectors>, b: &Range<Sectors>) -> bool {
    a.start < b.end && b.start < a.end
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;

    use super::*;

    /// Somebody who asks for a range.
    type Asking<'a> = Pin<Box<dyn Future<Output = Held<'a>> + 'a>>;

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn ask(lock: &RangeLock, range: Range<u64>, hold: Hold) -> Asking<'_> {
        Box::pin(lock.hold(Sectors::new(range.start)..Sectors::new(range.end), hold))
    }

    /// What it holds, if it need not wait.
    fn poll<'a>(asking: &mut Asking<'a>) -> Option<Held<'a>> {
        match asking.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(held) => Some(held),
            Poll::Pending => None,
        }
    }

    fn now(lock: &RangeLock, range: Range<u64>, hold: Hold) -> Option<Held<'_>> {
        poll(&mut ask(lock, range, hold))
    }

    use Hold::{Exclusive, Shared};

    #[test]
    fn ranges_side_by_side_are_held_at_a_time() {
        let lock = RangeLock::new();
        let _first = now(&lock, 0..8, Exclusive).unwrap();
        let _second = now(&lock, 8..16, Exclusive).unwrap();
        assert!(now(&lock, 7..9, Exclusive).is_none());
        assert!(now(&lock, 16..24, Exclusive).is_some());
    }

    #[test]
    fn those_who_share_do_not_wait_for_each_other() {
        let lock = RangeLock::new();
        let first = now(&lock, 0..8, Shared).unwrap();
        let second = now(&lock, 4..12, Shared).unwrap();
        let mut alone = ask(&lock, 6..7, Exclusive);
        assert!(poll(&mut alone).is_none());
        drop(first);
        assert!(poll(&mut alone).is_none());
        drop(second);
        assert!(poll(&mut alone).is_some());
    }

    #[test]
    fn nobody_is_overtaken_by_who_is_in_the_way() {
        let lock = RangeLock::new();
        let first = now(&lock, 0..8, Shared).unwrap();
        let mut alone = ask(&lock, 0..8, Exclusive);
        assert!(poll(&mut alone).is_none());
        let mut late = ask(&lock, 4..12, Shared);
        assert!(poll(&mut late).is_none());
        drop(first);
        let alone = poll(&mut alone).unwrap();
        assert!(poll(&mut late).is_none());
        drop(alone);
        assert!(poll(&mut late).is_some());
    }

    #[test]
    fn whoever_can_go_on_is_woken_once() {
        let lock = RangeLock::new();
        let (count, first) = (Arc::new(Count::default()), now(&lock, 0..8, Exclusive).unwrap());
        let waker = Waker::from(Arc::clone(&count));
        let mut waiting = [ask(&lock, 0..2, Exclusive), ask(&lock, 6..9, Exclusive)];
        for asking in &mut waiting {
            assert!(asking.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        }
        drop(first);
        assert_eq!(count.0.load(Ordering::Relaxed), 2);
        assert!(waiting.iter_mut().all(|asking| poll(asking).is_some()));
        assert_eq!(count.0.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn whoever_gives_up_is_in_nobodys_way() {
        let lock = RangeLock::new();
        let first = now(&lock, 0..8, Shared).unwrap();
        let mut given_up = ask(&lock, 0..8, Exclusive);
        let mut late = ask(&lock, 0..8, Shared);
        assert!(poll(&mut given_up).is_none() && poll(&mut late).is_none());
        drop(given_up);
        let late = poll(&mut late).unwrap();
        drop((first, late));
        assert!(lock.lock().queue.is_empty());
    }
}
