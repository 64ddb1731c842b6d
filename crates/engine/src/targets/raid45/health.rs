//! Which members are of use, and whether writes are allowed.
//!
//! A member that a write failed on has old data from then on, and nothing may be read from it again: not in this
//! process, nor in one that comes after it. So writes are prohibited until two things have happened, in whatever
//! order: somebody has said `allow_writes`, having noted the failure in the set's own metadata; and what is in
//! [`Health::memory`] is saved. A write that finds them prohibited waits, and so does the answer to one during
//! which they became so.

use std::fmt::Write as _;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use dm_core::errno::Errno;

// The words of what is remembered.
const ALLOWED: &str = "allowed";
const PROHIBITED: &str = "prohibited";

/// See the module's page. Its lock is held for moments, and nothing is called with it.
#[derive(Debug)]
pub(super) struct Health {
    members: Vec<Member>,
    state: Mutex<State>,
    has_event: AtomicBool,
}

#[derive(Debug)]
struct Member {
    /// The table gives it no data to be read: it is missing, or is yet to be rebuilt.
    is_empty: bool,
    /// A write to it has failed. Changed with the state's lock held.
    has_failed: AtomicBool,
}

#[derive(Debug, Default)]
struct State {
    is_prohibited: bool,
    /// Requests are about to be held back by the device: nobody is to wait here.
    is_suspended: bool,
    /// There is something to remember that is not saved.
    has_learnt: bool,
    waiting: Vec<Waker>,
}

/// What a set has lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lost {
    /// Nothing.
    Nothing,
    /// One member, whose data the others make up for.
    One(usize),
    /// More than they can make up for.
    More,
}

impl Health {
    /// Of a set whose members are empty, or not, as `empty` says.
    pub(super) fn new(empty: impl IntoIterator<Item = bool>) -> Self {
        let member = |is_empty| Member { is_empty, has_failed: AtomicBool::new(false) };
        Self {
            members: empty.into_iter().map(member).collect(),
            state: Mutex::default(),
            has_event: AtomicBool::new(false),
        }
    }

    /// Whether what is read from the member is right.
    pub(super) fn is_good(&self, member: usize) -> bool {
        self.members.get(member).is_some_and(Member::is_good)
    }

    pub(super) fn lost(&self) -> Lost {
        let mut bad = self.members.iter().enumerate().filter(|(_, member)| !member.is_good());
        match (bad.next(), bad.next()) {
            (None, _) => Lost::Nothing,
            (Some((number, _)), None) => Lost::One(number),
            (Some(_), Some(_)) => Lost::More,
        }
    }

    /// A write to the member failed. To be called before anybody else gets at what was to be written.
    pub(super) fn fail(&self, member: usize) {
        let Some(failed) = self.members.get(member) else { return };
        let mut state = self.state();
        if failed.has_failed.swap(true, Ordering::AcqRel) {
            return;
        }
        state.is_prohibited = true;
        state.has_learnt = true;
        self.has_event.store(true, Ordering::Release);
        // Where too much is lost nobody waits.
        wake(state);
    }

    /// Whether there is an event that was not taken yet.
    pub(super) fn take_event(&self) -> bool {
        self.has_event.swap(false, Ordering::AcqRel)
    }

    /// Waits until writes are allowed.
    ///
    /// # Errors
    ///
    /// `EIO` when too much is lost, and when the device is suspended meanwhile.
    pub(super) async fn writes(&self) -> Result<(), Errno> {
        poll_fn(|context| self.poll_writes(context)).await
    }

    fn poll_writes(&self, context: &Context<'_>) -> Poll<Result<(), Errno>> {
        let mut state = self.state();
        if self.lost() == Lost::More {
            return Poll::Ready(Err(Errno::EIO));
        }
        if !state.is_prohibited && !state.has_learnt {
            return Poll::Ready(Ok(()));
        }
        if state.is_suspended {
            return Poll::Ready(Err(Errno::EIO));
        }
        if !state.waiting.iter().any(|waker| waker.will_wake(context.waker())) {
            state.waiting.push(context.waker().clone());
        }
        Poll::Pending
    }

    /// Allows writes.
    ///
    /// # Errors
    ///
    /// `EPERM` when they were not prohibited.
    pub(super) fn allow_writes(&self) -> Result<(), Errno> {
        let mut state = self.state();
        if !state.is_prohibited {
            return Err(Errno::EPERM);
        }
        state.is_prohibited = false;
        state.has_learnt = true;
        wake(state);
        Ok(())
    }

    /// Whether the device is about to hold requests back.
    pub(super) fn set_suspended(&self, is_suspended: bool) {
        let mut state = self.state();
        state.is_suspended = is_suspended;
        wake(state);
    }

    /// A letter for each member: `D` for one of no use, `A` for any other.
    pub(super) fn letters(&self) -> String {
        self.members.iter().map(|member| letter(!member.is_good())).collect()
    }

    /// `<letters> allowed|prohibited`, where `D` is a member that has failed.
    pub(super) fn memory(&self) -> String {
        self.tell(&self.state())
    }

    fn tell(&self, state: &State) -> String {
        let has_failed = |member: &Member| member.has_failed.load(Ordering::Acquire);
        let mut text: String = self.members.iter().map(|m| letter(has_failed(m))).collect();
        let word = if state.is_prohibited { PROHIBITED } else { ALLOWED };
        // Memory takes all.
        let _ = write!(text, " {word}");
        text
    }

    /// Whether there is something to remember that is not saved.
    pub(super) fn has_learnt(&self) -> bool {
        self.state().has_learnt
    }

    /// This memory is saved; what was learnt since it was told is not.
    pub(super) fn remembered(&self, memory: &str) {
        let mut state = self.state();
        if self.tell(&state) == memory {
            state.has_learnt = false;
            wake(state);
        }
    }

    /// Goes on from where a set with this memory ended.
    ///
    /// # Errors
    ///
    /// `EINVAL` for text that no such set has given.
    pub(super) fn recall(&self, memory: &str) -> Result<(), Errno> {
        let (letters, word) = memory.split_once(' ').ok_or(Errno::EINVAL)?;
        let failed: Vec<bool> = letters
            .chars()
            .map(|letter| match letter {
                'A' => Ok(false),
                'D' => Ok(true),
                _ => Err(Errno::EINVAL),
            })
            .collect::<Result<_, _>>()?;
        if failed.len() != self.members.len() || ![ALLOWED, PROHIBITED].contains(&word) {
            return Err(Errno::EINVAL);
        }
        let mut state = self.state();
        state.is_prohibited = word == PROHIBITED;
        for (member, failed) in self.members.iter().zip(failed) {
            member.has_failed.store(failed, Ordering::Release);
        }
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Member {
    fn is_good(&self) -> bool {
        !self.is_empty && !self.has_failed.load(Ordering::Acquire)
    }
}

fn letter(is_bad: bool) -> char {
    if is_bad { 'D' } else { 'A' }
}

/// Wakes all who wait, without the lock.
fn wake(mut state: MutexGuard<'_, State>) {
    let waiting = std::mem::take(&mut state.waiting);
    drop(state);
    waiting.into_iter().for_each(Waker::wake);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn poll(health: &Health) -> Poll<Result<(), Errno>> {
        health.poll_writes(&Context::from_waker(Waker::noop()))
    }

    #[test]
    fn writes_wait_until_a_failure_is_saved_and_they_are_allowed() {
        for save_first in [true, false] {
            let health = Health::new([false; 3]);
            assert_eq!(poll(&health), Poll::Ready(Ok(())));
            assert!(!health.has_learnt());
            health.fail(1);
            assert!(health.has_learnt() && health.take_event() && !health.take_event());
            assert_eq!(poll(&health), Poll::Pending);
            if save_first {
                assert_eq!(health.memory(), "ADA prohibited");
                health.remembered("ADA prohibited");
                assert_eq!(poll(&health), Poll::Pending);
            }
            assert_eq!(health.allow_writes(), Ok(()));
            assert_eq!(poll(&health), Poll::Pending, "a process killed now would forget");
            assert_eq!(health.memory(), "ADA allowed");
            assert_eq!(poll(&health), Poll::Pending);
            health.remembered("ADA allowed");
            assert_eq!(poll(&health), Poll::Ready(Ok(())));
            assert!(!health.has_learnt());
            assert_eq!(health.allow_writes(), Err(Errno::EPERM));
        }
    }

    #[test]
    fn what_is_learnt_after_it_was_told_is_not_saved_with_it() {
        let health = Health::new([false; 3]);
        health.fail(1);
        let told = health.memory();
        health.allow_writes().unwrap();
        // Told to somebody else, who has not saved it yet.
        health.memory();
        health.remembered(&told);
        assert!(health.has_learnt());
        assert_eq!(poll(&health), Poll::Pending);
    }

    #[test]
    fn nobody_waits_for_a_set_that_is_lost_or_suspended() {
        let health = Health::new([false, false, false]);
        health.fail(0);
        health.set_suspended(true);
        assert_eq!(poll(&health), Poll::Ready(Err(Errno::EIO)));
        health.set_suspended(false);
        assert_eq!(poll(&health), Poll::Pending);
        health.fail(2);
        assert_eq!(poll(&health), Poll::Ready(Err(Errno::EIO)));
        assert_eq!(health.lost(), Lost::More);
    }

    #[test]
    fn a_member_that_is_missing_is_nothing_to_remember() {
        let health = Health::new([false, true, false]);
        assert_eq!((health.lost(), health.letters().as_str()), (Lost::One(1), "ADA"));
        assert_eq!(health.memory(), "AAA allowed");
        assert_eq!(poll(&health), Poll::Ready(Ok(())));
    }

    #[test]
    fn what_no_set_gave_is_not_recalled() {
        let health = Health::new([false; 3]);
        for bad in
            ["", "AAA", "AA allowed", "AAAA allowed", "AxA allowed", "AAA maybe", "AAA allowed "]
        {
            assert_eq!(health.recall(bad), Err(Errno::EINVAL), "{bad}");
            assert_eq!(health.memory(), "AAA allowed");
        }
        health.recall("AAD prohibited").unwrap();
        assert_eq!((health.lost(), poll(&health)), (Lost::One(2), Poll::Pending));
        assert_eq!(health.memory(), "AAD prohibited");
        assert!(!health.has_learnt());
    }
}
