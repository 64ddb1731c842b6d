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
//! | `args` | the arguments |
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
mod fill;
mod keeper;
mod room;
mod state;
mod store;

use std::fmt::{self, Write as _};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use dm_core::errno::Errno;
use dm_core::snapshot::{Chunk, Entry};
use dm_core::units::Sectors;

use self::args::{Args, Features as Asked};
use self::fill::{Failed, Fill};
use self::keeper::Keeper;
use self::room::Room;
use self::state::{Access, Found, Stage, State};
use self::store::{Probed, Store, Trouble};
use crate::io::range_lock::{Hold, RangeLock};
use crate::io::request::{Buf, Cx, Device, Done, Io, IoFlags, IoFuture, Kind, Now, Op};
use crate::limits::Limits;
use crate::target::{
    Build, BuildError, Features, Knobs, Leg, Map, Parallel, Runner, Shape, StatusKind, Target,
    TargetType,
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
    build,
};

/// Which of the legs.
const ORIGIN: usize = 0;
const COW: usize = 1;

/// How long a store is waited for when its table is loaded.
const PATIENCE: Duration = Duration::from_secs(60);

/// The chunk of a new store, where the table leaves it open.
///
/// # Source
///
/// `DM_CHUNK_SIZE_DEFAULT_SECTORS` in the kernel's `drivers/md/dm-snap-persistent.c`.
const CHUNK_DEFAULT: Sectors = Sectors::new(32);

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

fn build(build: &mut Build<'_>) -> Result<Box<dyn Target>, BuildError> {
    let Args { origin, cow, kind, chunk, features } = Args::read(build)?;
    let blocks = args::blocks(&origin, &cow);
    let chunk = match chunk {
        Some(chunk) => chunk,
        None => {
            Chunk::new(CHUNK_DEFAULT.max(blocks)).ok_or(BuildError::new("Chunk size not set"))?
        }
    };
    let mut store = Store {
        device: Arc::clone(&cow.device),
        chunk,
        size: cow.len,
        origin: origin.device.size(),
        blocks,
    };
    let runner = build.opener.runner();
    let is_back = build.opener.is_back();
    // A table that comes back must not wait for devices that may never answer.
    let found = match &runner {
        Some(runner) if kind.is_persistent() && !is_back => probe(&store, &**runner)?,
        _ => Probed::New,
    };
    if let Probed::Invalid(chunk) | Probed::Valid(chunk, _) = &found {
        if *chunk != store.chunk {
            let (theirs, ours) = (chunk.sectors(), store.chunk.sectors());
            tracing::warn!(%theirs, %ours, "the chunk size of a snapshot's store overrides its table's");
        }
        store.chunk = *chunk;
    }
    let chunk = store.chunk;
    let mut room = Room::new(kind, chunk, store.size);
    if let Probed::Valid(_, contents) = &found {
        room.go_on_from(contents);
    }
    let mut state = State::new(room, chunk, cow.device.limits().logical_block);
    state.stage = match (&found, kind) {
        (Probed::Invalid(_), _) => Stage::Lost,
        (_, args::Kind::Transient) if is_back => Stage::Lost,
        _ => Stage::Unread,
    };
    Ok(Box::new(Snapshot {
        legs: [origin, cow],
        kind,
        chunk,
        asked: features,
        start: build.start,
        keeper: Arc::new(Keeper::new(store, kind, state, build.opener.claims())),
        copying: RangeLock::new(),
        runner,
    }))
}

/// Looks at a store, on the queue of `runner`.
fn probe(store: &Store, runner: &dyn Runner) -> Result<Probed, BuildError> {
    let (answer, answered) = mpsc::channel();
    let (store, device) = (store.clone(), store.device.name());
    runner.spawn(Box::new(move |cx| {
        Box::pin(async move {
            // Nobody may wait any more.
            let _ = answer.send(store.probe(cx).await);
        })
    }));
    let late = |_| Err(Trouble::Device(Errno::ETIMEDOUT));
    answered.recv_timeout(PATIENCE).unwrap_or_else(late).map_err(|why| {
        tracing::error!(device, %why, "the store of a snapshot cannot be used");
        BuildError::with("Failed to read snapshot metadata", why.errno())
    })
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

    /// Serves a request; `io.sector` counts on the origin.
    async fn serve(&self, io: Io, cx: &dyn Cx) -> Done {
        self.keeper.open(cx).await;
        let Io { sector, op, flags } = io;
        let result = match op {
            Op::Read(_) => return self.read(Io { sector, op, flags }, cx).await,
            Op::Write(data) => self.write(sector, &data, flags, cx).await,
            Op::Discard(len) => self.discard(sector, len, cx).await,
            Op::Flush => self.flush(flags, cx).await,
            Op::WriteZeroes(_) => Err(Errno::EOPNOTSUPP),
        };
        Done { result, buf: None }
    }

    async fn flush(&self, flags: IoFlags, cx: &dyn Cx) -> Result<(), Errno> {
        if self.keeper.state(|state| state.stage == Stage::Lost) {
            return Err(Errno::EIO);
        }
        let io = Io { sector: Sectors::ZERO, op: Op::Flush, flags };
        self.cow().submit(io, cx).await.result
    }

    async fn read(&self, io: Io, cx: &dyn Cx) -> Done {
        match self.keeper.state(|state| state.find(io.sector, Access::Reads)) {
            Found::Cow(new) => self.to_cow(new, io, cx).await,
            Found::Origin => self.origin().submit(io, cx).await,
            Found::Refused | Found::Unread => io.done(Err(Errno::EIO)),
        }
    }

    /// # Source
    ///
    /// `snapshot_map` in the kernel's `drivers/md/dm-snap.c`.
    async fn write(
        &self,
        at: Sectors,
        data: &Buf,
        flags: IoFlags,
        cx: &dyn Cx,
    ) -> Result<(), Errno> {
        let first = at.saturating_sub(self.chunk.inside(at));
        let range = first..first.saturating_add(self.chunk.sectors());
        let turn = self.copying.hold(range, Hold::Exclusive).await;
        match self.keeper.state(|state| state.find(at, Access::Changes)) {
            Found::Cow(new) => {
                drop(turn);
                let io = Io { sector: at, op: Op::Write(data.clone()), flags };
                self.to_cow(new, io, cx).await.result
            }
            Found::Origin => self.bring(at, data, cx).await,
            Found::Refused | Found::Unread => Err(Errno::EIO),
        }
    }

    /// Brings a chunk to the cow, with what is written to it. The chunk is held.
    async fn bring(&self, at: Sectors, data: &Buf, cx: &dyn Cx) -> Result<(), Errno> {
        let keeper = &*self.keeper;
        let Some(new) = keeper.state(|state| state.room.take()) else {
            keeper.is_full(cx).await;
            return Err(Errno::EIO);
        };
        let fill = Fill { origin: self.origin(), store: &keeper.store, at, data };
        match fill.run(new, cx).await {
            Ok(()) => keeper.commit(Entry { old: self.chunk.at(at), new }, cx).await,
            Err(Failed::Origin(errno)) => {
                keeper.state(|state| state.room.give_back(new));
                Err(errno)
            }
            Err(Failed::Cow(errno)) => {
                keeper.failed(errno, cx).await;
                Err(Errno::EIO)
            }
        }
    }

    /// What lies on the origin stays as it is.
    async fn discard(&self, at: Sectors, len: Sectors, cx: &dyn Cx) -> Result<(), Errno> {
        let end = at.saturating_add(len);
        let mut at = at;
        while at < end {
            if self.keeper.state(|state| state.find(at, Access::Changes)) == Found::Refused {
                return Err(Errno::EIO);
            }
            let next = self.keeper.state(|state| state.next_exception(self.chunk.at(at)));
            let Some((old, new)) = next else { break };
            let start = self.chunk.start(old).ok_or(Errno::EIO)?;
            let next = start.saturating_add(self.chunk.sectors());
            let (from, to) = (start.max(at), next.min(end));
            if from < to {
                self.discard_on_cow(new, from, to.saturating_sub(from), cx).await?;
            }
            at = next;
        }
        Ok(())
    }

    async fn discard_on_cow(
        &self,
        new: u64,
        at: Sectors,
        len: Sectors,
        cx: &dyn Cx,
    ) -> Result<(), Errno> {
        if len == self.chunk.sectors() {
            let start = self.chunk.start(new).ok_or(Errno::EIO)?;
            return self.keeper.store.zero(start, len, IoFlags::empty(), cx).await;
        }
        if self.cow().limits().max_discard.is_zero() {
            return Ok(());
        }
        let io = Io { sector: at, op: Op::Discard(len), flags: IoFlags::empty() };
        self.to_cow(new, io, cx).await.result
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
