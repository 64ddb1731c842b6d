//! Work that one does at a time, for all who wait for it.

use std::future::poll_fn;
use std::sync::{Mutex, PoisonError};
use std::task::{Poll, Waker};

/// Something that several know, and that is changed a step at a time by whoever has the turn.
#[derive(Debug)]
pub struct Turns<S> {
    inner: Mutex<Inner<S>>,
}

#[derive(Debug)]
struct Inner<S> {
    state: S,
    /// Somebody has the turn.
    is_busy: bool,
    waiting: Vec<Waker>,
}

/// The right to do the work, until it is dropped.
#[derive(Debug)]
pub struct Turn<'a, S>(&'a Turns<S>);

impl<S> Turns<S> {
    /// Nobody has the turn.
    pub fn new(state: S) -> Self {
        Self { inner: Mutex::new(Inner { state, is_busy: false, waiting: Vec::new() }) }
    }

    fn with<T>(&self, look: impl FnOnce(&mut Inner<S>) -> T) -> T {
        look(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks at, or changes, what is known.
    pub fn state<T>(&self, look: impl FnOnce(&mut S) -> T) -> T {
        self.with(|inner| look(&mut inner.state))
    }

    /// The turn, once nobody else has it; none when there is nothing to wait for any more.
    pub async fn next(&self, is_met: impl Fn(&S) -> bool) -> Option<Turn<'_, S>> {
        poll_fn(|context| {
            self.with(|inner| {
                if is_met(&inner.state) {
                    return Poll::Ready(None);
                }
                if inner.is_busy {
                    inner.waiting.push(context.waker().clone());
                    return Poll::Pending;
                }
                inner.is_busy = true;
                Poll::Ready(Some(Turn(self)))
            })
        })
        .await
    }

    /// Waits until nobody has the turn.
    pub async fn idle(&self) {
        poll_fn(|context| {
            self.with(|inner| {
                if !inner.is_busy {
                    return Poll::Ready(());
                }
                inner.waiting.push(context.waker().clone());
                Poll::Pending
            })
        })
        .await;
    }
}

impl<S> Drop for Turn<'_, S> {
    fn drop(&mut self) {
        let waiting = self.0.with(|inner| {
            inner.is_busy = false;
            std::mem::take(&mut inner.waiting)
        });
        waiting.into_iter().for_each(Waker::wake);
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::Context;

    use super::*;

    #[test]
    fn one_has_the_turn_and_the_next_gets_it_or_needs_it_no_more() {
        let turns = Turns::new(0);
        let mut context = Context::from_waker(Waker::noop());
        let Poll::Ready(Some(turn)) = pin!(turns.next(|n| *n > 0)).poll(&mut context) else {
            panic!("nobody has it");
        };
        let mut later = pin!(turns.next(|n| *n > 1));
        let mut satisfied = pin!(turns.next(|n| *n > 0));
        let mut idle = pin!(turns.idle());
        assert!(later.as_mut().poll(&mut context).is_pending());
        assert!(satisfied.as_mut().poll(&mut context).is_pending());
        assert!(idle.as_mut().poll(&mut context).is_pending());
        turns.state(|n| *n = 1);
        drop(turn);
        assert!(idle.poll(&mut context).is_ready());
        assert!(matches!(satisfied.poll(&mut context), Poll::Ready(None)));
        assert!(matches!(later.poll(&mut context), Poll::Ready(Some(_))));
    }
}
