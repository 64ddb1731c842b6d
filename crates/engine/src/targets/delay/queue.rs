//! Requests that wait for their time, in the order of their arrival.
//!
//! A request goes on when it is due and nobody who came before it is due and still here; whoever leaves wakes
//! the first who is due. So those who are due leave in the order in which they came, whichever queue's thread
//! they wait on, and one with a short delay overtakes one with a long. That is the order in which the kernel's
//! target looks through its list.

use std::collections::BTreeMap;
use std::fmt;
use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use crate::io::request::{Cx, Now};

/// Requests that share a delay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Read,
    Write,
    Flush,
}

impl Class {
    /// Its place among all classes.
    pub(super) fn index(self) -> usize {
        match self {
            Self::Read => 0,
            Self::Write => 1,
            Self::Flush => 2,
        }
    }
}

/// See the module's page.
#[derive(Default)]
pub(super) struct Queue(Mutex<State>);

#[derive(Default)]
struct State {
    /// Whoever comes is due at once.
    released: bool,
    /// The number of the next who comes.
    next: u64,
    waiting: BTreeMap<u64, Waiting>,
}

struct Waiting {
    class: Class,
    due: Now,
    waker: Option<Waker>,
}

impl State {
    /// The waker of the first who is due.
    fn first_due(&mut self, now: Now) -> Option<Waker> {
        self.waiting.values_mut().find(|waiting| waiting.due <= now)?.waker.take()
    }
}

impl Queue {
    /// Waits for `delay`, or until all are released, and then for its turn.
    pub(super) async fn wait<'a>(
        &'a self,
        class: Class,
        delay: Duration,
        cx: &'a dyn Cx,
    ) -> Turn<'a> {
        let (turn, delays) = self.enter(class, delay, cx);
        let mut sleep = delays.then(|| cx.sleep(delay));
        poll_fn(|context| {
            if sleep.as_mut().is_some_and(|sleep| sleep.as_mut().poll(context).is_ready()) {
                sleep = None;
                turn.is_due_now();
            }
            turn.poll(context)
        })
        .await;
        turn
    }

    /// Takes a place; whether there is a delay.
    fn enter<'a>(&'a self, class: Class, delay: Duration, cx: &'a dyn Cx) -> (Turn<'a>, bool) {
        let mut state = self.lock();
        let number = state.next;
        state.next = number.wrapping_add(1);
        let delays = !state.released;
        let due = if delays { cx.now().saturating_add(delay) } else { Now::ZERO };
        state.waiting.insert(number, Waiting { class, due, waker: None });
        (Turn { queue: self, number, cx }, delays)
    }

    /// Lets all go, and delays nobody until [`Self::delay_again`].
    pub(super) fn release(&self) {
        let first = {
            let mut state = self.lock();
            state.released = true;
            state.waiting.values_mut().for_each(|waiting| waiting.due = Now::ZERO);
            state.first_due(Now::ZERO)
        };
        first.into_iter().for_each(Waker::wake);
    }

    /// Delays whoever comes from now on.
    pub(super) fn delay_again(&self) {
        self.lock().released = false;
    }

    /// How many of each class wait.
    pub(super) fn counts(&self) -> [usize; 3] {
        let state = self.lock();
        [Class::Read, Class::Write, Class::Flush]
            .map(|class| state.waiting.values().filter(|waiting| waiting.class == class).count())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue").field("waiting", &self.counts()).finish_non_exhaustive()
    }
}

/// A place in the queue. Dropped, it is free, and the next one's turn comes.
pub(super) struct Turn<'a> {
    queue: &'a Queue,
    number: u64,
    cx: &'a dyn Cx,
}

impl Turn<'_> {
    /// Its time has come.
    fn is_due_now(&self) {
        if let Some(own) = self.queue.lock().waiting.get_mut(&self.number) {
            own.due = Now::ZERO;
        }
    }

    fn poll(&self, context: &Context<'_>) -> Poll<()> {
        let mut state = self.queue.lock();
        let now = self.cx.now();
        let mut due = state.waiting.range(..=self.number).filter(|(_, waiting)| waiting.due <= now);
        if due.next().is_some_and(|(number, _)| *number == self.number) {
            return Poll::Ready(());
        }
        if let Some(own) = state.waiting.get_mut(&self.number) {
            own.waker = Some(context.waker().clone());
        }
        Poll::Pending
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let next = {
            let mut state = self.queue.lock();
            state.waiting.remove(&self.number);
            // Asked with the lock held: no earlier than whoever found itself due and waits for this one.
            state.first_due(self.cx.now())
        };
        next.into_iter().for_each(Waker::wake);
    }
}
