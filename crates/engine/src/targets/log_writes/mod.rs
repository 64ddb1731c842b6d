//! `log-writes <device> <log device>`: a device as it is, and a log of every write to it, from which the device
//! can be made again as it was at any moment at which it lost its power.
//!
//! Words beyond the second are not looked at. Reads pass. Writes and discards pass, and are logged when they
//! are durable: those that were completed before a flush was sent are logged, in the order of their completion,
//! when the flush is completed, then the flush; a write with FUA when it is completed. The message
//! `mark <text>` puts a text there. A request that fails is logged as any other: nobody knows what of it is on
//! the device. When the log is full or cannot be written to, logging ends and requests go on. When the target
//! ends, what was not flushed is logged, and the mark `dm-log-writes-end`.
//!
//! | file | what |
//! |---|---|
//! | `order` | which write waits for which flush; what has its place on the log |
//! | `log` | the log on its device |
//! | `writer` | who writes, and who waits for it |
//!
//! The log's form is in [`dm_core::log_writes`]; `dm-engined replay-log` reads it.
//!
//! Where ours differs from the kernel's:
//!
//! - The log is begun when the table becomes live, not with its first mark; a table that never was live writes
//!   nothing.
//! - What nobody flushes is flushed when 64 MiB of it wait, and is logged then: the kernel keeps all of it in
//!   memory.
//! - After the process was killed, the next one goes on where the log ends, with the mark `dm-engined-back`.
//!   All that was durable is before it; what was completed and not flushed may be on the device and is not on
//!   the log.
//!
//! # Source
//!
//! The kernel's `Documentation/admin-guide/device-mapper/log-writes.rst` and `drivers/md/dm-log-writes.c`, 6.12.

mod log;
mod order;
mod writer;

use std::fmt::{self, Write as _};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use dm_core::errno::Errno;
use dm_core::log_writes::{Block, END_MARK, Entry, EntryFlags};
use dm_core::units::{Bytes, Sectors};

use self::log::Log;
use self::order::{Item, Order, Place};
use self::writer::Writer;
use super::args;
use crate::io::request::{Cx, Done, Io, IoFlags, IoFuture, Kind, Now, Op};
use crate::limits::Limits;
use crate::target::{
    Build, BuildError, Features, Knobs, Leg, Map, Parallel, Runner, Shape, StatusKind, Target,
    TargetType,
};

/// The row of `log-writes`.
pub(super) static TYPE: TargetType = TargetType {
    name: "log-writes",
    version: [1, 1, 0],
    parallel: Parallel::OneQueue,
    features: Features::empty(),
    examples: &["/dev/ram0 /dev/ram1", "1:2 1:3", "/dev/ram0 /dev/ram0"],
    build,
};

/// How much data may wait for a flush.
const UNFLUSHED_MOST: Bytes = Bytes::new(64 << 20);

/// How long the log's end is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// The longest discard of a device that knows none.
///
/// # Source
///
/// `log_writes_io_hints` in the kernel's `drivers/md/dm-log-writes.c`: `UINT_MAX >> SECTOR_SHIFT`.
const DISCARD_MOST: Sectors = Sectors::new(0x007f_ffff);

#[derive(Debug)]
struct LogWrites {
    /// The device that is logged, in the form that [`Target::legs`] wants.
    legs: [Leg; 1],
    /// The log device's word in the table.
    log_name: String,
    /// Where the target begins: the device has the mapped device's sectors, not the target's.
    start: Sectors,
    writer: Arc<Writer>,
    runner: Option<Arc<dyn Runner>>,
}

fn build(build: &mut Build<'_>) -> Result<Box<dyn Target>, BuildError> {
    let [device, log, ..] = build.words else {
        return Err(BuildError::new("Invalid argument count"));
    };
    let leg = args::open_leg(build.opener, device, Sectors::ZERO, build.len)
        .map_err(|errno| BuildError::with("Device lookup failed", errno))?;
    let log = args::open_leg(build.opener, log, Sectors::ZERO, Sectors::ZERO)
        .map_err(|errno| BuildError::with("Log device lookup failed", errno))?;
    let block = Block::new(leg.device.limits().logical_block)
        .ok_or(BuildError::new("Device lookup failed"))?;
    let blocks = block.count(leg.device.size());
    let writer = Writer::new(Log { device: log.device, block, blocks });
    if build.opener.is_back() {
        writer.order(|order| order.go_on_from(Place { entries: 0, next: block.sectors() }));
    }
    Ok(Box::new(LogWrites {
        legs: [leg],
        log_name: log.name,
        start: build.start,
        writer: Arc::new(writer),
        runner: build.opener.runner(),
    }))
}

impl LogWrites {
    /// What is logged of a request; none when nothing is.
    fn item(&self, io: &Io) -> Option<Item> {
        let block = self.writer.block();
        let mut flags = EntryFlags::empty();
        flags.set(EntryFlags::FUA, io.flags.contains(IoFlags::FUA));
        flags.set(EntryFlags::METADATA, io.flags.contains(IoFlags::META));
        let data = match &io.op {
            Op::Read(_) | Op::WriteZeroes(_) => return None,
            Op::Write(data) => Some(data.clone()),
            Op::Flush => {
                flags |= EntryFlags::FLUSH;
                None
            }
            Op::Discard(_) => {
                flags |= EntryFlags::DISCARD;
                None
            }
        };
        let start = block.count(self.start.saturating_add(io.sector));
        let (start, len) =
            if data.is_none() && io.is_empty() { (0, 0) } else { (start, block.count(io.len())) };
        let entry = Entry { start, len, flags, text: Vec::new() };
        self.writer.order(|order| order.logs()).then_some(Item { entry, data })
    }

    /// Serves a request, and logs it.
    async fn serve(&self, io: Io, cx: &dyn Cx) -> Done {
        let Some(item) = self.item(&io) else { return self.pass(io, cx).await };
        if io.op.kind() == Kind::Flush {
            return self.flush(io, item, cx).await;
        }
        let done = self.pass(io, cx).await;
        if item.entry.flags.contains(EntryFlags::FUA) {
            self.log([item], cx).await;
        } else {
            let waiting = self.writer.order(|order| order.completed(item));
            if waiting >= UNFLUSHED_MOST {
                self.flush_for_room(cx).await;
            }
        }
        done
    }

    async fn flush(&self, io: Io, item: Item, cx: &dyn Cx) -> Done {
        let taken = self.writer.order(Order::take_unflushed);
        let done = self.pass(io, cx).await;
        self.log(taken.into_iter().chain([item]), cx).await;
        done
    }

    /// Has the device flush, so that what waits can be logged: there is too much of it.
    async fn flush_for_room(&self, cx: &dyn Cx) {
        let taken = self.writer.order(Order::take_unflushed);
        let [leg] = &self.legs;
        let flush = Io { sector: Sectors::ZERO, op: Op::Flush, flags: IoFlags::empty() };
        // As for a flush that somebody else sends, whatever becomes of it.
        let _ = leg.device.submit(flush, cx).await;
        self.log(taken, cx).await;
    }

    /// Queues what is durable, and waits until it is on the log.
    async fn log(&self, items: impl IntoIterator<Item = Item>, cx: &dyn Cx) {
        let count = self.queue(items);
        self.writer.settle(count, cx).await;
    }

    fn queue(&self, items: impl IntoIterator<Item = Item>) -> u64 {
        self.writer.order(|order| {
            order.queue(items);
            order.queued()
        })
    }

    fn queue_mark(&self, text: &[u8]) -> u64 {
        let entry = Entry::mark(text, self.writer.block());
        self.queue([Item { entry, data: None }])
    }

    /// Sends a request to the device.
    async fn pass(&self, io: Io, cx: &dyn Cx) -> Done {
        let [leg] = &self.legs;
        let kind = io.op.kind();
        if kind == Kind::Flush {
            return leg.device.submit(Io { sector: Sectors::ZERO, ..io }, cx).await;
        }
        let sector = self.start.saturating_add(io.sector);
        if sector.checked_add(io.len()).is_none_or(|end| end > leg.device.size()) {
            return io.done(Err(Errno::EIO));
        }
        if kind == Kind::Discard && leg.device.limits().max_discard.is_zero() {
            return io.done(Ok(()));
        }
        leg.device.submit(Io { sector, ..io }, cx).await
    }

    /// Has somebody write the first `count` entries that were queued; with none, begin the log. Answers with
    /// what ends when that is done, or when nobody does it.
    fn have_written(&self, count: u64) -> mpsc::Receiver<()> {
        let (done, wait) = mpsc::channel();
        if let Some(runner) = &self.runner {
            let writer = Arc::clone(&self.writer);
            runner.spawn(Box::new(move |cx| {
                Box::pin(async move {
                    writer.settle(count, cx).await;
                    drop(done);
                })
            }));
        }
        wait
    }
}

impl Target for LogWrites {
    fn knobs(&self) -> Knobs {
        Knobs { flushes: 1, discards: 1, discards_itself: true, ..Knobs::default() }
    }

    fn map(&self, shape: &Shape, _now: Now) -> Map {
        if shape.kind == Kind::Read && self.start.is_zero() {
            Map::To { leg: 0, sector: shape.at, len: shape.len }
        } else {
            Map::Run
        }
    }

    fn run<'a>(&'a self, io: Io, cx: &'a dyn Cx) -> IoFuture<'a> {
        Box::pin(self.serve(io, cx))
    }

    fn status(&self, kind: StatusKind, out: &mut String) -> fmt::Result {
        let [leg] = &self.legs;
        match kind {
            StatusKind::Info => {
                let (laid, logs) = self.writer.order(|order| (order.laid(), order.logs()));
                write!(out, "{} {}", laid.entries, laid.next.saturating_sub(Sectors::new(1)))?;
                if logs { Ok(()) } else { out.write_str(" logging_disabled") }
            }
            StatusKind::Table => write!(out, "{} {}", leg.name, self.log_name),
        }
    }

    fn message(&self, words: &[&[u8]]) -> Result<Option<String>, Errno> {
        match words {
            [mark, text] if mark.eq_ignore_ascii_case(b"mark") => {
                let count = self.queue_mark(text);
                self.have_written(count);
                Ok(None)
            }
            _ => Err(Errno::EINVAL),
        }
    }

    /// How far the log goes, at the least: the number of entries, and the sector behind the last.
    fn memory(&self) -> Option<String> {
        let Place { entries, next } = self.writer.order(|order| order.written());
        Some(format!("{entries} {next}"))
    }

    fn recall(&self, memory: &str) -> Result<(), Errno> {
        let place = memory.split_once(' ').and_then(|(entries, next)| {
            Some(Place { entries: entries.parse().ok()?, next: Sectors::new(next.parse().ok()?) })
        });
        let block = self.writer.block().sectors();
        let place = place.filter(|place| !place.next.is_zero() && place.next.is_multiple_of(block));
        let place = place.ok_or(Errno::EINVAL)?;
        self.writer.order(|order| {
            if order.is_back() {
                order.go_on_from(place);
            }
        });
        Ok(())
    }

    fn resumed(&self) {
        // A read-only table has nothing to log, and leaves the log as it is.
        if !self.writer.is_read_only() {
            self.have_written(0);
        }
    }

    fn end(&self) {
        let unflushed = self.writer.order(Order::take_unflushed);
        self.queue(unflushed);
        let count = self.queue_mark(END_MARK);
        let ended = self.have_written(count);
        if ended.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
            tracing::warn!(device = self.log_name, "the end of a log is not written yet");
        }
    }

    fn legs(&self) -> &[Leg] {
        &self.legs
    }

    fn hints(&self, limits: &mut Limits) {
        let [leg] = &self.legs;
        let device = leg.device.limits();
        if device.max_discard.is_zero() {
            limits.discard_granularity = self.writer.block().bytes();
            limits.max_discard = DISCARD_MOST;
        }
        limits.logical_block = device.logical_block;
        limits.physical_block = device.physical_block;
        limits.io_min = device.physical_block;
        // Flushes are to be seen, whether the device needs them or not.
        limits.write_cache = true;
    }
}
