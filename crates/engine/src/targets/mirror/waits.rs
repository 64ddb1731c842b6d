//! The mirror's state, and the writes that wait for it to change: those that are held until the device is
//! suspended, and those that are answered only when what failed is remembered.

use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use dm_core::errno::Errno;

use super::health::{Faults, Health, LegSet};
use crate::io::request::{AGAIN, Cx};
use crate::mapped::Suspend;

/// How long a write may wait to be answered because a leg's failure cannot be remembered.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(super) struct Waits {
    state: Mutex<State>,
    /// Whether somebody remembers what is learnt, and says so.
    remembers: bool,
    has_event: AtomicBool,
}

#[derive(Debug)]
struct State {
    health: Health,
    /// The legs that lack something, as far as it is remembered.
    remembered: LegSet,
    /// How the device is being suspended.
    suspended: Option<Suspend>,
    wakers: Vec<Waker>,
}

impl State {
    fn wait<T>(&mut self, context: &Context<'_>) -> Poll<T> {
        if !self.wakers.iter().any(|waker| waker.will_wake(context.waker())) {
            self.wakers.push(context.waker().clone());
        }
        Poll::Pending
    }
}

/// Wakes all who wait.
fn wake(mut state: MutexGuard<'_, State>) {
    let wakers = std::mem::take(&mut state.wakers);
    drop(state);
    wakers.into_iter().for_each(Waker::wake);
}

impl Waits {
    pub(super) fn new(health: Health, remembers: bool) -> Self {
        let (remembered, wakers) = (LegSet::default(), Vec::new());
        let state = State { health, remembered, suspended: None, wakers };
        Self { state: Mutex::new(state), remembers, has_event: AtomicBool::new(false) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at, or changes, what is known of the legs.
    pub(super) fn health<T>(&self, look: impl FnOnce(&mut Health) -> T) -> T {
        look(&mut self.state().health)
    }

    /// Notes that a leg has failed; whether it never did so before. If `is_told`, that is an event, and reads
    /// go elsewhere first.
    pub(super) fn fail(&self, leg: usize, how: Faults, is_told: bool) -> bool {
        let mut state = self.state();
        let is_new = state.health.fail(leg, how);
        if is_new && is_told {
            state.health.avoid(leg);
            self.has_event.store(true, Ordering::Release);
        }
        is_new
    }

    /// Whether there was an event since this was last asked.
    pub(super) fn take_event(&self) -> bool {
        self.has_event.load(Ordering::Acquire) && self.has_event.swap(false, Ordering::AcqRel)
    }

    /// Whether there is something to be remembered that is not.
    pub(super) fn has_learnt(&self) -> bool {
        let state = self.state();
        let is_waited_for = self.remembers && !state.wakers.is_empty();
        let incomplete = state.health.incomplete();
        state.health.is_news()
            || (is_waited_for && !incomplete.without(state.remembered).is_empty())
    }

    /// That these legs lack something is remembered.
    pub(super) fn are_remembered(&self, legs: LegSet) {
        let mut state = self.state();
        state.remembered = legs;
        wake(state);
    }

    /// Waits until it is remembered that the legs `missing` lack something.
    ///
    /// # Errors
    ///
    /// [`AGAIN`] when the device is suspended first: whoever suspends it may be who keeps it from being
    /// remembered. `EIO` when it takes too long.
    pub(super) async fn remembered(&self, missing: LegSet, cx: &dyn Cx) -> Result<(), Errno> {
        let is_done = |state: &State| missing.without(state.remembered).is_empty();
        if !self.remembers || is_done(&self.state()) {
            return Ok(());
        }
        let mut patience = cx.sleep(PATIENCE);
        poll_fn(|context| {
            let mut state = self.state();
            if is_done(&state) {
                return Poll::Ready(Ok(()));
            }
            if state.suspended.is_some() {
                return Poll::Ready(Err(AGAIN));
            }
            if patience.as_mut().poll(context).is_ready() {
                tracing::error!("what a mirror's legs lack cannot be remembered: a write fails");
                return Poll::Ready(Err(Errno::EIO));
            }
            state.wait(context)
        })
        .await
    }

    /// Waits until the device is suspended; what the write is answered then.
    ///
    /// # Source
    ///
    /// `hold_bio` in the kernel's `drivers/md/dm-raid1.c`.
    pub(super) async fn suspended(&self) -> Errno {
        poll_fn(|context| {
            let mut state = self.state();
            match state.suspended {
                Some(Suspend::Flush) => Poll::Ready(Errno::EIO),
                Some(Suspend::NoFlush) => Poll::Ready(AGAIN),
                None => state.wait(context),
            }
        })
        .await
    }

    /// Ends all waits, and those to come, until [`Self::resume`].
    pub(super) fn suspend(&self, mode: Suspend) {
        let mut state = self.state();
        state.suspended = Some(mode);
        wake(state);
    }

    /// Writes may wait again.
    pub(super) fn resume(&self) {
        self.state().suspended = None;
    }
}
