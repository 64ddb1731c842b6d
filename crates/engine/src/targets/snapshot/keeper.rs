//! Who opens the store and writes its entries: one at a time, whoever waits for it.
//!
//! A write to a chunk that still lies on the origin is answered when the chunk's data and then its entry are
//! durable on the cow; with its entry go those that others have queued meanwhile. So whatever was answered is there
//! after a flush of the cow, even if this process is killed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use dm_core::errno::Errno;
use dm_core::snapshot::Entry;

use super::args::Kind;
use super::state::{Stage, State};
use super::store::{Store, Trouble};
use crate::io::claims::{Claim, Claims};
use crate::io::request::Cx;
use crate::io::turns::Turns;

/// The store, and what is known of it.
#[derive(Debug)]
pub(super) struct Keeper {
    pub(super) store: Store,
    kind: Kind,
    /// Who has the turn opens the store, or writes.
    turns: Turns<State>,
    has_event: AtomicBool,
    claims: Arc<Claims>,
    /// The cow, once the store is open.
    claim: Mutex<Option<Claim>>,
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

impl Keeper {
    pub(super) fn new(store: Store, kind: Kind, state: State, claims: Arc<Claims>) -> Self {
        let (turns, claim) = (Turns::new(state), Mutex::default());
        Self { store, kind, turns, has_event: AtomicBool::new(false), claims, claim }
    }

    /// Looks at, or changes, what is known.
    pub(super) fn state<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        self.turns.state(look)
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
        self.hold(None);
    }

    fn hold(&self, claim: Option<Claim>) {
        *self.claim.lock().unwrap_or_else(PoisonError::into_inner) = claim;
    }

    /// Waits until nobody opens the store or writes.
    pub(super) async fn idle(&self) {
        self.turns.idle().await;
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
        while let Some(_turn) = self.turns.next(|state| want.is_met(state)).await {
            self.work(cx).await;
        }
    }

    async fn work(&self, cx: &dyn Cx) {
        if self.state(|state| state.stage == Stage::Unread) {
            if let Err(why) = self.open_store(cx).await {
                let device = self.store.device.name();
                tracing::error!(%device, %why, "a snapshot cannot be opened");
                self.state(|state| state.stage = Stage::Lost);
            }
            return;
        }
        let Some(batch) = self.state(|state| state.batch()) else { return };
        match self.store.append(&batch, cx).await {
            Ok(()) => self.state(|state| state.wrote(&batch)),
            Err(errno) => {
                self.state(State::give_up);
                self.failed(errno, cx).await;
            }
        }
    }

    async fn open_store(&self, cx: &dyn Cx) -> Result<(), Trouble> {
        let Self { store, kind, .. } = self;
        if !store.device.is_read_only() {
            let claim = self.claims.take(&*store.device);
            self.hold(Some(claim.ok_or(Trouble::Claimed)?));
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
                self.state(|state| state.stage = Stage::Lost);
                return Ok(());
            }
            Some(_) => Some(store.contents(cx).await?),
        };
        self.state(|state| {
            if state.stage == Stage::Unread {
                state.opened(contents);
            }
        });
        Ok(())
    }
}
