//! Disk statistics of a mapped device.

use std::sync::atomic::{AtomicU64, Ordering};

use dm_core::units::Sectors;

use crate::io::request::{Kind, Now};

/// What was done of one kind of request.
///
/// # Source
///
/// The kernel's `Documentation/admin-guide/iostats.rst`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KindCounts {
    /// Requests that ended, whether they worked or not.
    pub ios: u64,
    /// The sectors that they were about.
    pub sectors: Sectors,
    /// How long all of them took, one after another.
    pub time: Now,
}

/// A moment's statistics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Reads.
    pub read: KindCounts,
    /// Writes, and writes of zeroes.
    pub write: KindCounts,
    /// Discards.
    pub discard: KindCounts,
    /// Flushes that came alone.
    pub flush: KindCounts,
    /// Requests under way; those that are held while the device is suspended do not count.
    pub in_flight: u64,
}

/// What is counted while requests run.
#[derive(Debug, Default)]
pub(super) struct Counters {
    kinds: [Counter; 4],
    in_flight: AtomicU64,
}

#[derive(Debug, Default)]
struct Counter {
    ios: AtomicU64,
    sectors: AtomicU64,
    nanos: AtomicU64,
}

/// A request that is being counted; it counts as ended when this is dropped.
pub(super) struct Counted<'a> {
    counters: &'a Counters,
    kind: Kind,
    sectors: Sectors,
    begun: Now,
    ended: Now,
}

impl Counters {
    /// Counts a request that begins.
    pub(super) fn begin(&self, kind: Kind, sectors: Sectors, now: Now) -> Counted<'_> {
        self.begun();
        Counted { counters: self, kind, sectors, begun: now, ended: now }
    }

    /// A request begins, which [`Self::ended`] is told of.
    pub(super) fn begun(&self) {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
    }

    /// A request that took `time` ends.
    pub(super) fn ended(&self, kind: Kind, sectors: Sectors, time: Now) {
        let [read, write, discard, flush] = &self.kinds;
        let counter = match kind {
            Kind::Read => read,
            Kind::Write | Kind::WriteZeroes => write,
            Kind::Discard => discard,
            Kind::Flush => flush,
        };
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        counter.ios.fetch_add(1, Ordering::Relaxed);
        counter.sectors.fetch_add(sectors.get(), Ordering::Relaxed);
        counter.nanos.fetch_add(nanos, Ordering::Relaxed);
        self.in_flight.fetch_sub(1, Ordering::Relaxed);
    }

    pub(super) fn read(&self) -> Counts {
        let [read, write, discard, flush] = &self.kinds;
        Counts {
            read: read.read(),
            write: write.read(),
            discard: discard.read(),
            flush: flush.read(),
            in_flight: self.in_flight.load(Ordering::Relaxed),
        }
    }
}

impl Counter {
    fn read(&self) -> KindCounts {
        KindCounts {
            ios: self.ios.load(Ordering::Relaxed),
            sectors: Sectors::new(self.sectors.load(Ordering::Relaxed)),
            time: Now::from_nanos(self.nanos.load(Ordering::Relaxed)),
        }
    }
}

impl Counted<'_> {
    /// Says when the request ended.
    pub(super) fn end(mut self, now: Now) {
        self.ended = now;
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.counters.ended(self.kind, self.sectors, self.ended.saturating_sub(self.begun));
    }
}
