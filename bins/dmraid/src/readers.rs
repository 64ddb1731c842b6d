//! All disks looked at, many at the same time: who reads waits for a disk, not for a processor.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The most disks that are looked at at the same time.
const READERS: usize = 16;

/// What `look` makes of each disk, in the disks' order. This thread is one of those that look: for a single disk no other
/// is started.
pub(crate) fn at_once<D: Sync, T: Send>(disks: &[D], look: impl Fn(&D) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let nth = next.fetch_add(1, Ordering::Relaxed)
            && let Some(disk) = disks.get(nth)
        {
            done.push((nth, look(disk)));
        }
        done
    };
    let mut all = thread::scope(|scope| {
        let others = 1..READERS.min(disks.len());
        // With fewer of them it takes longer, no more.
        let others = others.map_while(|_| thread::Builder::new().spawn_scoped(scope, work).ok());
        let others: Vec<_> = others.collect();
        let mut all = work();
        for other in others {
            // Who looks does not panic; a disk that is missing here would be one that has nothing.
            all.extend(other.join().unwrap_or_default());
        }
        all
    });
    all.sort_by_key(|(nth, _)| *nth);
    all.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::{Condvar, Mutex};
    use std::thread::{ThreadId, current};
    use std::time::Duration;

    use super::*;

    /// Far longer than starting threads takes.
    const PATIENCE: Duration = Duration::from_secs(20);

    #[test]
    fn a_single_disk_is_read_by_this_thread() {
        let by: Vec<ThreadId> = at_once(&[()], |()| current().id());
        assert_eq!(by, [current().id()]);
        assert_eq!(at_once(&[(); 0], |()| ()).len(), 0);
    }

    #[test]
    fn as_many_as_there_are_readers_are_under_way_together() {
        let (under_way, changed) = (Mutex::new(0), Condvar::new());
        let met = at_once(&[(); READERS], |()| {
            let mut count = under_way.lock().unwrap();
            *count += 1;
            changed.notify_all();
            let waited = changed.wait_timeout_while(count, PATIENCE, |count| *count < READERS);
            !waited.unwrap().1.timed_out()
        });
        assert_eq!(met, [true; READERS]);
    }

    #[test]
    fn more_disks_than_readers_keep_their_order_and_their_number_of_readers() {
        let disks: Vec<usize> = (0..READERS * 5).collect();
        let made = at_once(&disks, |disk| (*disk, current().id()));
        assert!(made.iter().map(|(disk, _)| *disk).eq(disks));
        let mut readers: Vec<String> = made.iter().map(|(_, by)| format!("{by:?}")).collect();
        readers.sort();
        readers.dedup();
        assert!(readers.len() <= READERS, "{readers:?}");
    }
}
