//! `mirror core <args> <region> [sync|nosync] <legs> [<device> <start>]... [<features> <feature>...]`: the same
//! data on every leg.
//!
//! A read goes to one leg, and to another when that fails; a write, flush or discard to all, and it is answered
//! when all have answered. Writes that overlap go one after another, so that the legs do not come to differ. A
//! leg that failed a write is never read again.
//!
//! | feature | a write that failed on some leg, but not on all |
//! |---|---|
//! | none | is answered as one that worked |
//! | `handle_errors` | is held, and an event raised, until whoever looks after the device has suspended it: without flushing, the next table carries it out; otherwise it fails |
//! | `handle_errors`, `keep_log` | is answered as one that worked, and an event raised |
//!
//! | file | what |
//! |---|---|
//! | `args` | the arguments |
//! | `health` | what failed, and where requests go because of it |
//! | `regions` | where the legs may differ |
//! | `waits` | writes that wait for a suspend, or for what failed to be remembered |
//!
//! What a leg lacks outlives this process: a write that some leg lacks is answered as one that worked only when
//! that leg's failure is saved, so the next process does not read it there either.
//!
//! Where ours differs from the kernel's:
//!
//! - Nothing is ever copied from leg to leg. A mirror whose legs are not said to be alike (`nosync`) can only be
//!   read, from its first leg; one that has failed stays as it is until its table is loaded anew.
//! - Logs of the types `disk` and `userspace` cannot be made.
//! - When every leg has failed, reads go on from those that failed nothing but reads: somewhere else, they may
//!   well work. The kernel's fail all.
//! - Where the legs may differ, writes go to all legs that lack nothing, not to the default one alone.
//!
//! # Source
//!
//! The kernel's `drivers/md/dm-raid1.c`, `dm-region-hash.c` and `dm-log.c`, 6.12.

mod args;
mod health;
mod regions;
mod waits;

use std::fmt::{self, Write as _};
use std::future::poll_fn;
use std::task::Poll;

use dm_core::errno::Errno;
use dm_core::units::Sectors;

use self::args::{Args, CoreLog, OnError, Sync};
use self::health::{Faults, Health, LegSet};
use self::waits::Waits;
use crate::io::range_lock::{Hold, RangeLock};
use crate::io::request::{Cx, Done, Io, IoFlags, IoFuture, Kind, Now, Op};
use crate::mapped::Suspend;
use crate::target::{
    Build, BuildError, Features, Knobs, Leg, Map, Parallel, Shape, StatusKind, Target, TargetType,
};

/// The row of `mirror`.
pub(super) static TYPE: TargetType = TargetType {
    name: "mirror",
    version: [1, 14, 0],
    parallel: Parallel::ManyQueues,
    features: Features::empty(),
    examples: &[
        "core 2 64 nosync 2 /dev/ram0 0 /dev/ram1 0",
        "core 2 1024 nosync 3 /dev/ram0 8 1:1 16 1:2 3072 1 handle_errors",
        "core 2 2 nosync 2 1:0 0 1:1 0 2 handle_errors keep_log",
    ],
    build,
};

#[derive(Debug)]
struct Mirror {
    legs: Vec<Leg>,
    log: CoreLog,
    on_error: OnError,
    waits: Waits,
    /// Changes under way.
    changes: RangeLock,
}

fn build(build: &mut Build<'_>) -> Result<Box<dyn Target>, BuildError> {
    let Args { log, legs, on_error } = Args::read(build)?;
    let health = if log.sync == Sync::None {
        Health::in_sync(legs.len(), log.regions)
    } else {
        tracing::warn!("the legs of a mirror may differ: only the first is read");
        Health::unsynced(legs.len(), log.regions)
    };
    let waits = Waits::new(health, build.opener.remembers());
    Ok(Box::new(Mirror { legs, log, on_error, waits, changes: RangeLock::new() }))
}

/// How a change goes to the legs.
enum Way {
    /// To these.
    To(LegSet),
    /// Nowhere: some leg would lack it, and nobody has seen to that yet.
    Nowhere,
}

impl Mirror {
    fn region(&self, at: Sectors) -> u64 {
        at.get().checked_div(self.log.region.get()).unwrap_or_default()
    }

    /// Sends a request to a leg.
    fn send<'a>(&'a self, number: usize, io: Io, cx: &'a dyn Cx) -> IoFuture<'a> {
        let answer = |io: Io| Box::pin(std::future::ready(io.done(Err(Errno::EIO))));
        let Some(leg) = self.legs.get(number) else { return answer(io) };
        if io.op.kind() == Kind::Flush {
            return leg.device.submit(Io { sector: Sectors::ZERO, ..io }, cx);
        }
        let sector = leg.start.saturating_add(io.sector);
        if sector.checked_add(io.len()).is_none_or(|end| end > leg.device.size()) {
            return answer(io);
        }
        leg.device.submit(Io { sector, ..io }, cx)
    }

    /// Sends a change to `legs`, all at a time; those that failed.
    async fn send_all(&self, io: &Io, legs: LegSet, cx: &dyn Cx) -> LegSet {
        let numbers = (0..self.legs.len()).filter(|&leg| legs.has(leg));
        let mut under_way: Vec<_> =
            numbers.filter_map(|leg| Some((leg, self.send(leg, io.share()?, cx)))).collect();
        let mut failed = LegSet::default();
        poll_fn(|context| {
            under_way.retain_mut(|(leg, answer)| match answer.as_mut().poll(context) {
                Poll::Ready(done) => {
                    if let Err(errno) = done.result {
                        tracing::debug!(leg = self.name(*leg), %errno, "a leg fails a change");
                        failed.insert(*leg);
                    }
                    false
                }
                Poll::Pending => true,
            });
            if under_way.is_empty() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        failed
    }

    fn name(&self, leg: usize) -> &str {
        self.legs.get(leg).map_or("", |leg| &leg.name)
    }

    /// Notes that a leg has failed.
    fn fail(&self, leg: usize, how: Faults) {
        let is_told = self.on_error != OnError::Ignore;
        if self.waits.fail(leg, how, is_told) {
            tracing::warn!(leg = self.name(leg), ?how, "a leg of a mirror fails");
        }
    }

    async fn read(&self, mut io: Io, cx: &dyn Cx) -> Done {
        let (sector, flags) = (io.sector, io.flags);
        let mut tried = LegSet::default();
        loop {
            let leg = self.waits.health(|health| health.to_read(tried));
            let Some(leg) = leg else { return io.done(Err(Errno::EIO)) };
            let done = self.send(leg, io, cx).await;
            match done.result {
                Ok(()) | Err(Errno::EOPNOTSUPP) => return done,
                Err(_) if flags.contains(IoFlags::READAHEAD) => return done,
                Err(_) => {}
            }
            self.fail(leg, Faults::READ);
            tried.insert(leg);
            let Some(buf) = done.buf else { return done };
            io = Io { sector, op: Op::Read(buf), flags };
        }
    }

    /// How a write to `region`, or a flush, goes to the legs.
    ///
    /// # Source
    ///
    /// `do_writes` in the kernel's `drivers/md/dm-raid1.c`.
    fn way(&self, region: Option<u64>) -> Way {
        self.waits.health(|health| {
            if !region.is_some_and(|region| health.is_out_of_sync(region)) {
                return Way::To(LegSet::first(self.legs.len()));
            }
            match self.on_error {
                OnError::Hold if health.has_failed() => Way::Nowhere,
                _ => Way::To(health.complete()),
            }
        })
    }

    /// Serves a write or a flush.
    async fn change(&self, io: Io, cx: &dyn Cx) -> Result<(), Errno> {
        let region = (io.op.kind() == Kind::Write).then(|| self.region(io.sector));
        let end = io.sector.saturating_add(io.len());
        let turn = self.changes.hold(io.sector..end, Hold::Exclusive).await;
        let all = LegSet::first(self.legs.len());
        let missing = match self.way(region) {
            Way::Nowhere => all,
            Way::To(legs) => {
                let failed = self.send_all(&io, legs, cx).await;
                let missing = all.without(legs).with(failed);
                if missing.is_empty() {
                    return Ok(());
                }
                self.note(failed, region);
                missing
            }
        };
        // What is held is in nobody's way.
        drop(turn);
        self.settle(missing, cx).await
    }

    /// Legs have failed a write to `region`, or a flush.
    fn note(&self, failed: LegSet, region: Option<u64>) {
        if let Some(region) = region.filter(|_| !failed.is_empty()) {
            self.waits.health(|health| health.lose_sync(region));
        }
        (0..self.legs.len())
            .filter(|&leg| failed.has(leg))
            .for_each(|leg| self.fail(leg, Faults::WRITE));
    }

    /// The answer to a change that the legs `missing` lack.
    ///
    /// # Source
    ///
    /// `do_failures` in the kernel's `drivers/md/dm-raid1.c`.
    async fn settle(&self, missing: LegSet, cx: &dyn Cx) -> Result<(), Errno> {
        if self.waits.health(|health| health.complete()).is_empty() {
            return Err(Errno::EIO);
        }
        match self.on_error {
            OnError::Hold => Err(self.waits.suspended().await),
            OnError::Ignore | OnError::KeepLog => self.waits.remembered(missing, cx).await,
        }
    }

    /// A leg that cannot discard lacks nothing that anybody may read.
    ///
    /// # Source
    ///
    /// `write_callback` in the kernel's `drivers/md/dm-raid1.c`.
    async fn discard(&self, io: Io, cx: &dyn Cx) -> Result<(), Errno> {
        let end = io.sector.saturating_add(io.len());
        let _turn = self.changes.hold(io.sector..end, Hold::Exclusive).await;
        let failed = self.send_all(&io, LegSet::first(self.legs.len()), cx).await;
        if failed.is_empty() { Ok(()) } else { Err(Errno::EOPNOTSUPP) }
    }

    fn show_info(&self, out: &mut String) -> fmt::Result {
        write!(out, "{}", self.legs.len())?;
        self.legs.iter().try_for_each(|leg| write!(out, " {}", leg.name))?;
        self.waits.health(|health| {
            let (count, total) = health.sync_count();
            write!(out, " {count}/{total} 1 ")?;
            out.extend(health.marks());
            out.write_str(" 1 core")
        })
    }

    fn show_table(&self, out: &mut String) -> fmt::Result {
        let (count, sync) = match self.log.sync {
            Sync::Unsaid => (1, ""),
            Sync::Force => (2, "sync "),
            Sync::None => (2, "nosync "),
        };
        write!(out, "core {count} {} {sync}{}", self.log.region, self.legs.len())?;
        self.legs.iter().try_for_each(|leg| write!(out, " {} {}", leg.name, leg.start))?;
        out.write_str(match self.on_error {
            OnError::Ignore => "",
            OnError::Hold => " 1 handle_errors",
            OnError::KeepLog => " 2 handle_errors keep_log",
        })
    }
}

impl Target for Mirror {
    fn knobs(&self) -> Knobs {
        Knobs { split_at: Some(self.log.region), flushes: 1, discards: 1, ..Knobs::default() }
    }

    fn map(&self, _shape: &Shape, _now: Now) -> Map {
        Map::Run
    }

    fn run<'a>(&'a self, io: Io, cx: &'a dyn Cx) -> IoFuture<'a> {
        Box::pin(async move {
            let result = match io.op.kind() {
                Kind::Read => return self.read(io, cx).await,
                Kind::Write | Kind::Flush => self.change(io, cx).await,
                Kind::Discard => self.discard(io, cx).await,
                Kind::WriteZeroes => Err(Errno::EOPNOTSUPP),
            };
            Done { result, buf: None }
        })
    }

    fn status(&self, kind: StatusKind, out: &mut String) -> fmt::Result {
        match kind {
            StatusKind::Info => self.show_info(out),
            StatusKind::Table => self.show_table(out),
        }
    }

    fn memory(&self) -> Option<String> {
        self.waits.health(|health| health.tell())
    }

    fn has_learnt(&self) -> bool {
        self.waits.has_learnt()
    }

    fn remembered(&self, memory: &str) {
        self.waits.health(|health| health.saved(memory));
        self.waits.are_remembered(health::incomplete_in(memory));
    }

    fn recall(&self, memory: &str) -> Result<(), Errno> {
        self.waits.health(|health| health.recall(memory))?;
        self.waits.are_remembered(health::incomplete_in(memory));
        Ok(())
    }

    fn presuspend(&self, mode: Suspend) {
        self.waits.suspend(mode);
    }

    fn resumed(&self) {
        self.waits.resume();
    }

    fn take_event(&self) -> bool {
        self.waits.take_event()
    }

    fn legs(&self) -> &[Leg] {
        &self.legs
    }
}
