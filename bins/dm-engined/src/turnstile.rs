//! Commands pass, or the daemon leaves: never both.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Counts the commands under way, and keeps new ones out while the daemon tries to leave.
#[derive(Debug, Default)]
pub struct Turnstile {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    inside: usize,
    shut: bool,
}

/// A command under way; dropped when it is done.
#[derive(Debug)]
pub struct Inside<'a>(&'a Turnstile);

/// Nobody is inside and nobody gets in until this is dropped.
#[derive(Debug)]
pub struct Shut<'a>(&'a Turnstile);

impl Turnstile {
    /// Lets a command pass; waits while it is shut.
    pub fn enter(&self) -> Inside<'_> {
        let mut state = self.lock();
        while state.shut {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.inside += 1;
        Inside(self)
    }

    /// Keeps commands out, and waits until those inside are done; `None`, and open again, when that takes
    /// longer than `limit`.
    pub fn shut(&self, limit: Duration) -> Option<Shut<'_>> {
        let deadline = Instant::now() + limit;
        let mut state = self.lock();
        state.shut = true;
        let shut = Shut(self);
        while state.inside > 0 {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                drop(state);
                return None;
            }
            let waited = self.changed.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        Some(shut)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        self.0.lock().inside -= 1;
        self.0.changed.notify_all();
    }
}

impl Drop for Shut<'_> {
    fn drop(&mut self) {
        self.0.lock().shut = false;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::thread;

    #[test]
    fn it_does_not_shut_on_a_command_and_opens_again() {
        let turnstile = Turnstile::default();
        let inside = turnstile.enter();
        assert!(turnstile.shut(Duration::from_millis(10)).is_none());
        drop(turnstile.enter());
        drop(inside);
        assert!(turnstile.shut(Duration::ZERO).is_some());
    }

    #[test]
    fn a_command_waits_until_it_is_open() {
        let turnstile = Turnstile::default();
        let shut = turnstile.shut(Duration::ZERO).unwrap();
        let (tell, told) = mpsc::channel();
        thread::scope(|scope| {
            scope.spawn(|| {
                let _inside = turnstile.enter();
                tell.send(()).unwrap();
            });
            assert!(told.recv_timeout(Duration::from_millis(20)).is_err());
            drop(shut);
            told.recv_timeout(Duration::from_secs(10)).unwrap();
        });
    }
}
