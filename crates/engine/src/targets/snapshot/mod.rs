//! `snapshot <origin> <cow> <P|PO|N> <chunk> [<features> <feature>...]`: a device as it is, with all that is
//! written to it on another.
//!
//! The device has the origin's sectors. What is written goes to the cow, a chunk at a time: the first write to a
//! chunk brings the rest of the chunk there too. Reads of a chunk that was never written to go to the origin, which
//! is opened for reading only. A flush goes to the cow. A chunk is a power of two of sectors.
//!
//! | word | exceptions, which say what chunk of the origin lies where on the cow, are kept |
//! |---|---|
//! | `P` | on the cow. When that is full, the snapshot is lost: everything fails, now and whenever it is made again |
//! | `PO` | on the cow. When that is full, it can still be read |
//! | `N` | in memory. When the cow is full, the snapshot is lost |
//!
//! | feature | what |
//! |---|---|
//! | `discard_zeroes_cow` | discards are taken: that of a whole chunk that lies on the cow zeroes it there |
//! | `discard_passdown_origin` | is let through, and does nothing: see below |
//!
//! A cow that begins with zeros is new, and is begun when the table becomes live. What was written to it by the
//! kernel is read here, and the other way round: its form is in [`dm_core::snapshot`], and it overrides the chunk of
//! the table.
//!
//! | file | what |
//! |---|---|
//! | `args`, `build` | the arguments; the target that they make |
//! | `serve` | what becomes of a request |
//! | `state` | which chunks lie on the cow, which entries are to be written |
//! | `room` | which chunks of the cow are free |
//! | `store` | the store on its cow |
//! | `keeper` | who writes the store, and who waits for it |
//! | `fill` | a chunk's way to the cow |
//!
//! Where ours differs from the kernel's:
//!
//! - The origin is never written to, so nothing is passed down to it, and nothing that somebody else writes to it is
//!   copied away first: there is no `snapshot-origin`.
//! - A sector of the origin that cannot be read fails the write that wants it, and no other: the kernel's loses the
//!   snapshot. A write that covers such a sector does not read it.
//! - What the kernel copies and then writes over is written once.
//! - A table that is loaded while another uses the cow reads the store when it becomes live, and a transient one
//!   begins anew then: the kernel's takes over what the other had.
//! - A cow is one live table's: another that wants it fails all requests.
//! - After this process was killed, a transient snapshot is lost: its exceptions are.
//! - The feature's discards have the length of a chunk in bytes, not in sectors.
//!
//! # Source
//!
//! The kernel's `Documentation/admin-guide/device-mapper/snapshot.rst`, `drivers/md/dm-snap.c`,
//! `dm-snap-persistent.c`, `dm-snap-transient.c` and `dm-exception-store.c`, 6.12.

mod args;
mod build;
mod fill;
mod keeper;
mod room;
mod serve;
mod state;
mod store;

use std::fmt::{self, Write as _};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use dm_core::errno::Errno;
use dm_core::snapshot::Chunk;
use dm_core::units::Sectors;

use self::args::Features as Asked;
use self::keeper::Keeper;
use self::state::{Access, Found, Stage};
use crate::io::range_lock::RangeLock;
use crate::io::request::{Cx, Device, Done, Io, IoFuture, Kind, Now};
use crate::limits::Limits;
use crate::target::{
    Features, Knobs, Leg, Map, Parallel, Runner, Shape, StatusKind, Target, TargetType,
};

/// The row of `snapshot`.
pub(super) static TYPE: TargetType = TargetType {
    name: "snapshot",
    version: [1, 16, 0],
    parallel: Parallel::ManyQueues,
    features: Features::empty(),
    examples: &[
        "/dev/ram0 /dev/ram1 P 8",
        "1:2 1:3 PO 16 1 discard_zeroes_cow",
        "/dev/ram0 /dev/ram1 N 64 2 discard_zeroes_cow discard_passdown_origin",
        "/dev/ram2 /dev/ram3 P 0",
    ],
    build: build::build,
};

/// Which of the legs.
const ORIGIN: usize = 0;
const COW: usize = 1;

/// How long a store is waited for when its table is loaded.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug)]
struct Snapshot {
    /// [`ORIGIN`] and [`COW`].
    legs: [Leg; 2],
    kind: args::Kind,
    chunk: Chunk,
    asked: Asked,
    /// Where the target begins: the origin has the mapped device's sectors, not the target's.
    start: Sectors,
    keeper: Arc<Keeper>,
    /// Chunks on their way to the cow, by the origin's sectors.
    copying: RangeLock,
    runner: Option<Arc<dyn Runner>>,
}

impl Snapshot {
    fn origin(&self) -> &dyn Device {
        let [origin, _] = &self.legs;
        &*origin.device
    }

    fn cow(&self) -> &dyn Device {
        let [_, cow] = &self.legs;
        &*cow.device
    }

    /// Where on the cow `at` lies, whose chunk is chunk `new` there.
    fn on_cow(&self, new: u64, at: Sectors) -> Option<Sectors> {
        self.chunk.start(new)?.checked_add(self.chunk.inside(at))
    }

    /// Sends a request to the cow, where chunk `new` is the one that it is about.
    async fn to_cow(&self, new: u64, io: Io, cx: &dyn Cx) -> Done {
        match self.on_cow(new, io.sector) {
            Some(sector) => self.cow().submit(Io { sector, ..io }, cx).await,
            None => io.done(Err(Errno::EIO)),
        }
    }

    fn show_info(&self, out: &mut String) -> fmt::Result {
        let (stage, usage) = self.keeper.state(|state| (state.stage, state.room.usage()));
        match stage {
            Stage::Lost => out.write_str("Invalid"),
            Stage::Full => out.write_str("Overflow"),
            Stage::Unread | Stage::Ready => {
                let [taken, size, metadata] = usage;
                write!(out, "{taken}/{size} {metadata}")
            }
        }
    }

    fn show_table(&self, out: &mut String) -> fmt::Result {
        let [origin, cow] = &self.legs;
        let (kind, chunk) = (self.kind.word(), self.chunk.sectors());
        write!(out, "{} {} {kind} {chunk}", origin.name, cow.name)?;
        let count = self.asked.words().count();
        if count > 0 {
            write!(out, " {count}")?;
        }
        self.asked.words().try_for_each(|word| write!(out, " {word}"))
    }

    fn takes_discards(&self) -> bool {
        self.asked.contains(Asked::ZEROES)
    }
}

impl Target for Snapshot {
    fn knobs(&self) -> Knobs {
        // Cut so that no request is about two chunks, wherever the target begins.
        let aligned = 1_u64.checked_shl(self.start.get().trailing_zeros()).unwrap_or(u64::MAX);
        Knobs {
            split_at: Some(self.chunk.sectors().min(Sectors::new(aligned))),
            flushes: 1,
            discards: u32::from(self.takes_discards()),
            discards_itself: self.takes_discards(),
            ..Knobs::default()
        }
    }

    fn map(&self, shape: &Shape, _now: Now) -> Map {
        let at = self.start.saturating_add(shape.at);
        let (access, leg, sector) = match shape.kind {
            Kind::Read => (Access::Reads, ORIGIN, at),
            Kind::Flush => (Access::Reads, COW, Sectors::ZERO),
            Kind::Write => (Access::Changes, ORIGIN, at),
            Kind::Discard | Kind::WriteZeroes => return Map::Run,
        };
        match (self.keeper.state(|state| state.find(at, access)), shape.kind) {
            (Found::Refused, _) => Map::Fail(Errno::EIO),
            (Found::Unread, _) | (Found::Origin, Kind::Write) => Map::Run,
            (Found::Cow(new), Kind::Read | Kind::Write) => match self.on_cow(new, at) {
                Some(sector) => Map::To { leg: COW, sector, len: shape.len },
                None => Map::Fail(Errno::EIO),
            },
            (Found::Cow(_) | Found::Origin, _) => Map::To { leg, sector, len: shape.len },
        }
    }

    fn run<'a>(&'a self, io: Io, cx: &'a dyn Cx) -> IoFuture<'a> {
        let sector = self.start.saturating_add(io.sector);
        Box::pin(self.serve(Io { sector, ..io }, cx))
    }

    fn status(&self, kind: StatusKind, out: &mut String) -> fmt::Result {
        match kind {
            StatusKind::Info => self.show_info(out),
            StatusKind::Table => self.show_table(out),
        }
    }

    fn resumed(&self) {
        let is_unread = self.keeper.state(|state| state.stage == Stage::Unread);
        if let Some(runner) = self.runner.as_ref().filter(|_| is_unread) {
            let keeper = Arc::clone(&self.keeper);
            runner.spawn(Box::new(move |cx| Box::pin(async move { keeper.open(cx).await })));
        }
    }

    /// Whoever uses the cow next must not find the store half open.
    fn end(&self) {
        self.keeper.state(|state| state.stage = Stage::Lost);
        let Some(runner) = &self.runner else { return self.keeper.let_go() };
        let (done, wait) = mpsc::channel::<()>();
        let keeper = Arc::clone(&self.keeper);
        runner.spawn(Box::new(move |_| {
            Box::pin(async move {
                keeper.idle().await;
                keeper.let_go();
                drop(done);
            })
        }));
        if wait.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
            tracing::warn!(
                device = self.cow().name(),
                "the store of a snapshot is still being opened"
            );
        }
    }

    fn take_event(&self) -> bool {
        self.keeper.take_event()
    }

    fn legs(&self) -> &[Leg] {
        &self.legs
    }

    /// # Source
    ///
    /// `snapshot_io_hints` in the kernel's `drivers/md/dm-snap.c`; there the granularity is in sectors by mistake.
    fn hints(&self, limits: &mut Limits) {
        if self.takes_discards()
            && let Some(granularity) = self.chunk.sectors().to_bytes()
        {
            limits.discard_granularity = granularity;
            limits.max_discard = self.chunk.sectors();
        }
    }
}
