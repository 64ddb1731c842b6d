//! A mapped device's data path: the one place that calls a target.
//!
//! ```text
//! request ─► gate ─► check ─► empty flush to all targets, if asked for ─► cut ─► map ─► leg, or target
//! answer  ◄─ gate ◄─ count ◄────────────── joined ◄────────────────────── checked ◄──────┘
//! ```
//!
//! | module | what |
//! |---|---|
//! | `gate` | who may pass: suspend, resume, and the table that a request sees |
//! | `cut` | the parts of a request |
//! | `serve` | what becomes of a part |
//! | `route` | the way of a request that goes to one place of one file, without a future |
//! | `join` | parts run at a time, and their answers put together |
//! | [`counts`] | disk statistics |
//!
//! What a request gets before any target sees it:
//!
//! | request | answer |
//! |---|---|
//! | to a device without live table, or one that is removed | `EIO` |
//! | read-ahead while suspended | `EIO` |
//! | a write of any kind in a read-only table | `EPERM`, as `write(2)` to a read-only block device has it |
//! | beyond the table's end, if only in part | `EIO` |
//! | of no sectors, of half sectors, not of whole logical blocks | `EINVAL` |
//! | discard or write of zeroes where the limits have none | `EOPNOTSUPP` |
//!
//! # Source
//!
//! `dm_submit_bio` and `dm_split_and_process_bio` in the kernel's `drivers/md/dm.c`, `submit_bio_noacct` and
//! `blk_alloc_discard_bio` in its `block/`, 6.12.

pub mod counts;
pub(crate) mod cut;
mod gate;
pub(crate) mod join;
pub(crate) mod route;
mod serve;

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::units::Sectors;

use crate::build::LiveTable;
use crate::io::request::{Cx, Device, Done, Io, IoFlags, IoFuture, Kind, Now};
use crate::limits::Limits;
use crate::mapped::counts::{Counters, Counts};
use crate::mapped::gate::Gate;
use crate::target::Target;

/// How a device is suspended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suspend {
    /// What is under way is finished first; a target that holds requests lets them go or fails them.
    Flush,
    /// What a target holds may stay held, for the next table.
    NoFlush,
}

/// What a device's requests have brought about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Its event number has gone up.
    Event,
    /// A target has learnt something: see [`Target::has_learnt`].
    Learnt,
}

/// Is told what a device's requests bring about, on the thread that serves them. It must not block.
pub type NewsHook = Box<dyn Fn(Told) + Send + Sync>;

/// A mapped device, as requests see it.
///
/// Locks: the gate's is held for moments, with none of the others, and never across an `.await`.
pub struct MappedDevice {
    dev: DevNo,
    gate: Gate,
    counters: Counters,
    events: AtomicU32,
    hook: OnceLock<NewsHook>,
}

impl fmt::Debug for MappedDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MappedDevice")
            .field("dev", &self.dev)
            .field("gate", &self.gate)
            .finish_non_exhaustive()
    }
}

impl MappedDevice {
    /// The device of that number: without a table, not suspended.
    pub fn new(dev: DevNo) -> Arc<Self> {
        Arc::new(Self {
            dev,
            gate: Gate::new(),
            counters: Counters::default(),
            events: AtomicU32::new(0),
            hook: OnceLock::new(),
        })
    }

    /// The live table.
    pub fn live(&self) -> Option<Arc<LiveTable>> {
        self.gate.live().map(|live| Arc::clone(&live.table))
    }

    /// Holds new requests, and waits until none is under way. A device that is suspended stays so.
    ///
    /// What targets delay goes at once. What they hold until somebody mends something ends with an error, or
    /// with [`Suspend::NoFlush`] is held by the device instead.
    ///
    /// # Errors
    ///
    /// `EINTR` when `interrupted` says so, which is asked at least every 50 ms; the device runs again then.
    pub fn suspend(&self, mode: Suspend, interrupted: &dyn Fn() -> bool) -> Result<(), Errno> {
        let was_open = self.gate.shut();
        let live = self.live();
        each_target(live.as_deref(), |target| target.presuspend(mode));
        self.gate.drain(interrupted).inspect_err(|_| {
            if was_open {
                self.resume();
            }
        })
    }

    /// Puts `table` in the live table's place, and answers with what was there. Only for a device that is
    /// suspended, or has no live table: otherwise requests under way go on with the old one.
    ///
    /// The table's limits are what [`LiveTable::checked_limits`] last found.
    pub fn swap(&self, table: Option<Arc<LiveTable>>) -> Option<Arc<LiveTable>> {
        self.gate.swap(table).map(|live| Arc::clone(&live.table))
    }

    /// Lets the requests that were held go on, in their order, and new ones pass.
    pub fn resume(&self) {
        each_target(self.live().as_deref(), |target| target.resumed());
        self.gate.open();
    }

    /// Whether requests are held.
    pub fn is_suspended(&self) -> bool {
        self.gate.is_shut()
    }

    /// Gives up the device: held and later requests get `EIO`. What is under way ends by itself, and
    /// [`Self::suspend`] waits for that.
    pub fn fail_all(&self) {
        self.gate.condemn();
        each_target(self.live().as_deref(), |target| target.presuspend(Suspend::Flush));
    }

    /// How many events there have been.
    pub fn event_nr(&self) -> u32 {
        self.events.load(Ordering::Acquire)
    }

    /// Counts an event, and tells whoever asked to be told.
    pub fn raise_event(&self) {
        self.events.fetch_add(1, Ordering::AcqRel);
        self.tell(Told::Event);
    }

    /// Has `hook` told from now on; only the first is.
    pub fn on_news(&self, hook: NewsHook) {
        // A second one has nothing to hear.
        let _ = self.hook.set(hook);
    }

    fn tell(&self, what: Told) {
        if let Some(hook) = self.hook.get() {
            hook(what);
        }
    }

    /// Its disk statistics.
    pub fn counts(&self) -> Counts {
        self.counters.read()
    }

    /// Sends a read or write of `len` sectors from `sector` on along its route to the file that would carry it
    /// out, and ends it there at once: all that the engine does for such a request, without its I/O. Whether
    /// there is a route. For measurements.
    pub fn try_route(
        self: &Arc<Self>,
        kind: Kind,
        (sector, len): (Sectors, Sectors),
        flags: IoFlags,
        now: Now,
    ) -> bool {
        let mut route = route::Route::default();
        let found = route.enter(self, route::Asked { kind, sector, len, flags }, now);
        found.is_some_and(|_file| route.end(Done { result: Ok(()), buf: None }, now).is_ok())
    }

    /// Whether its requests, or those of a mapped device under it, share state: one queue is to carry them
    /// all.
    pub fn has_one_queue(&self) -> bool {
        self.gate.live().is_some_and(|live| {
            live.one_queue
                || live.lower.iter().any(|lower| lower.as_mapped().is_some_and(Self::has_one_queue))
        })
    }
}

fn each_target(live: Option<&LiveTable>, tell: impl Fn(&dyn Target)) {
    for placed in live.map_or(&[][..], LiveTable::placed) {
        tell(&*placed.target);
    }
}

impl Device for MappedDevice {
    fn size(&self) -> Sectors {
        self.gate.live().map_or(Sectors::ZERO, |live| live.size)
    }

    fn limits(&self) -> Limits {
        self.gate.live().map(|live| live.limits.clone()).unwrap_or_default()
    }

    fn dev(&self) -> DevNo {
        self.dev
    }

    fn is_read_only(&self) -> bool {
        self.gate.live().is_some_and(|live| live.table.is_read_only())
    }

    fn as_mapped(&self) -> Option<&MappedDevice> {
        Some(self)
    }

    fn into_mapped(self: Arc<Self>) -> Option<Arc<MappedDevice>> {
        Some(self)
    }

    fn submit<'a>(&'a self, io: Io, cx: &'a dyn Cx) -> IoFuture<'a> {
        Box::pin(serve::serve(self, io, cx))
    }
}

#[cfg(test)]
mod tests;
