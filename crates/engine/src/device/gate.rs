//! A lock whose waiters can be called off: the client that waits may go away.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use dm_core::errno::Errno;

use super::lock;

/// How often a waiter looks whether it is still wanted.
pub(crate) const PATIENCE: Duration = Duration::from_millis(50);

/// Lets one through at a time.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    taken: Mutex<bool>,
    freed: Condvar,
}

/// The right to be inside; dropped, it lets the next one in.
#[derive(Debug)]
pub(crate) struct Pass<'a>(&'a Gate);

impl Gate {
    /// Waits until nobody else is inside.
    ///
    /// # Errors
    ///
    /// `EINTR` when `interrupted` says so first.
    pub(crate) fn enter(&self, interrupted: &dyn Fn() -> bool) -> Result<Pass<'_>, Errno> {
        let mut taken = lock(&self.taken);
        while *taken {
            if interrupted() {
                return Err(Errno::EINTR);
            }
            let waited = self.freed.wait_timeout(taken, PATIENCE);
            taken = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        *taken = true;
        Ok(Pass(self))
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        *lock(&self.0.taken) = false;
        self.0.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn one_is_inside_at_a_time_and_a_waiter_can_be_called_off() {
        let gate = Gate::default();
        let pass = gate.enter(&|| false).unwrap();
        assert_eq!(gate.enter(&|| true).unwrap_err(), Errno::EINTR);
        drop(pass);
        let count = Mutex::new(0);
        let add = || {
            let _pass = gate.enter(&|| false).unwrap();
            let seen = *lock(&count);
            thread::yield_now();
            *lock(&count) = seen + 1;
        };
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..100).for_each(|_| add()));
            }
        });
        assert_eq!(*lock(&count), 400);
    }
}
