//! Who opens the store and writes its entries: one at a time, whoever waits for it.
//!
//! A write to a chunk that still lies on the origin is answered when the chunk's data and then its entry are
//! durable on the cow; with its entry go those that others have queued meanwhile. So whatever was answered is there
//! after a flush of the cow, even if this process is killed.

use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use dm_core::errno::Errno;
use dm_core::snapshot::Entry;

use super::args::Kind;
use super::state::{Stage, State};
use super::store::{Store, Trouble};
use crate::io::claims::{Claim, Claims};
use crate::io::request::Cx;

/// The store, and what is known of it.
#[derive(Debug)]
pub(super) struct Keeper {
    pub(super) store: Store,
    kind: Kind,
    inner: Mutex<Inner>,
    has_event: AtomicBool,
    claims: Arc<Claims>,
}

#[derive(Debug)]
struct Inner {
    state: State,
    /// The cow, once the store is open.
    claim: Option<Claim>,
    /// Somebody opens the store, or writes.
    is_busy: bool,
    waiting: Vec<Waker>,
}

/// What somebody waits for.
#[derive(Clone, Copy, Debug)]
enum Want {
    /// That the store is open, or cannot be opened.
    Open,
    /// That so many entries are written, or never will be.
    Written(u64),
}

impl Want {
    fn is_met(self, state: &State) -> bool {
        match self {
            Self::Open => state.stage != Stage::Unread,
            Self::Written(count) => state.is_settled(count),
        }
    }
}

/// The right to write, until it is dropped.
struct Turn<'a>(&'a Keeper);

impl Keeper {
    pub(super) fn new(store: Store, kind: Kind, state: State, claims: Arc<Claims>) -> Self {
        let inner = Inner { state, claim: None, is_busy: false, waiting: Vec::new() };
        Self { store, kind, inner: Mutex::new(inner), has_event: AtomicBool::new(false), claims }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at, or changes, what is known.
    pub(super) fn state<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.lock().state)
    }

    /// Whether there was an event since this was last asked.
    pub(super) fn take_event(&self) -> bool {
        self.has_event.load(Ordering::Acquire) && self.has_event.swap(false, Ordering::AcqRel)
    }

    /// Waits until the store is open, and opens it if nobody does.
    pub(super) async fn open(&self, cx: &dyn Cx) {
        self.settle(Want::Open, cx).await;
    }

    /// Somebody else may have the cow.
    pub(super) fn let_go(&self) {
        let claim = self.lock().claim.take();
        drop(claim);
    }

    /// Waits until nobody opens the store or writes.
    pub(super) async fn idle(&self) {
        poll_fn(|context| {
            let mut inner = self.lock();
            if !inner.is_busy {
                return Poll::Ready(());
            }
            inner.waiting.push(context.waker().clone());
            Poll::Pending
        })
        .await;
    }

    /// A chunk's data is on the cow: its entry goes there too, and the exception counts.
    ///
    /// # Errors
    ///
    /// `EIO` when it cannot be written, or the snapshot is lost meanwhile.
    pub(super) async fn commit(&self, entry: Entry, cx: &dyn Cx) -> Result<(), Errno> {
        if !self.kind.is_persistent() {
            self.state(|state| state.keep(entry));
            return Ok(());
        }
        let count = self.state(|state| state.queue(entry));
        self.settle(Want::Written(count), cx).await;
        self.state(|state| state.is_written(count)).then_some(()).ok_or(Errno::EIO)
    }

    /// The cow has failed a write: there is no room on it, or it is not to be trusted any more.
    pub(super) async fn failed(&self, errno: Errno, cx: &dyn Cx) {
        let device = self.store.device.name();
        tracing::error!(%device, %errno, "the cow of a snapshot fails a write");
        if errno == Errno::ENOSPC {
            self.is_full(cx).await;
        } else {
            self.lose(cx).await;
        }
    }

    /// The cow is full.
    pub(super) async fn is_full(&self, cx: &dyn Cx) {
        if self.kind != Kind::Overflows {
            return self.lose(cx).await;
        }
        self.state(|state| {
            if state.stage == Stage::Ready {
                tracing::warn!(device = self.store.device.name(), "a snapshot is full");
                state.stage = Stage::Full;
            }
        });
    }

    /// The snapshot cannot be used any more, in this process or another.
    ///
    /// # Source
    ///
    /// `__invalidate_snapshot` in the kernel's `drivers/md/dm-snap.c`.
    async fn lose(&self, cx: &dyn Cx) {
        let before = self.state(|state| std::mem::replace(&mut state.stage, Stage::Lost));
        if before == Stage::Lost {
            return;
        }
        let device = self.store.device.name();
        tracing::error!(%device, "a snapshot is lost");
        self.has_event.store(true, Ordering::Release);
        if !self.kind.is_persistent() {
            return;
        }
        if let Err(errno) = self.store.invalidate(cx).await {
            tracing::error!(%device, %errno, "that a snapshot is lost cannot be written down");
        }
    }

    async fn settle(&self, want: Want, cx: &dyn Cx) {
        while let Some(turn) = self.turn(want).await {
            turn.work(cx).await;
        }
    }

    /// A turn to write, once nobody else does; none when there is nothing to wait for.
    async fn turn(&self, want: Want) -> Option<Turn<'_>> {
        poll_fn(|context| {
            let mut inner = self.lock();
            if want.is_met(&inner.state) {
                return Poll::Ready(None);
            }
            if inner.is_busy {
                inner.waiting.push(context.waker().clone());
                return Poll::Pending;
            }
            inner.is_busy = true;
            Poll::Ready(Some(Turn(self)))
        })
        .await
    }
}

impl Turn<'_> {
    async fn work(&self, cx: &dyn Cx) {
        let keeper = self.0;
        if keeper.state(|state| state.stage == Stage::Unread) {
            if let Err(why) = self.open(cx).await {
                let device = keeper.store.device.name();
                tracing::error!(%device, %why, "a snapshot cannot be opened");
                keeper.state(|state| state.stage = Stage::Lost);
            }
            return;
        }
        let Some(batch) = keeper.state(|state| state.batch()) else { return };
        match keeper.store.append(&batch, cx).await {
            Ok(()) => keeper.state(|state| state.wrote(&batch)),
            Err(errno) => {
                keeper.state(State::give_up);
                keeper.failed(errno, cx).await;
            }
        }
    }

    async fn open(&self, cx: &dyn Cx) -> Result<(), Trouble> {
        let keeper = self.0;
        let Keeper { store, kind, .. } = keeper;
        if !store.device.is_read_only() {
            let claim = keeper.claims.take(&*store.device);
            keeper.lock().claim = Some(claim.ok_or(Trouble::Claimed)?);
        }
        let header = if kind.is_persistent() { store.header(cx).await? } else { None };
        let contents = match header {
            None if !kind.is_persistent() => None,
            // A read-only table has nothing to write down, and leaves the cow as it is.
            None if store.device.is_read_only() => None,
            None => {
                store.begin(cx).await?;
                None
            }
            Some(header) if header.chunk != store.chunk => {
                return Err(Trouble::Changed(header.chunk.sectors()));
            }
            Some(header) if !header.is_valid => {
                keeper.state(|state| state.stage = Stage::Lost);
                return Ok(());
            }
            Some(_) => Some(store.contents(cx).await?),
        };
        keeper.state(|state| {
            if state.stage == Stage::Unread {
                state.opened(contents);
            }
        });
        Ok(())
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut inner = self.0.lock();
        inner.is_busy = false;
        let waiting = std::mem::take(&mut inner.waiting);
        drop(inner);
        waiting.into_iter().for_each(Waker::wake);
    }
}
