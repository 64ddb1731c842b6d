//! `delay <device> <start> <ms> [<device> <start> <ms> [<device> <start> <ms>]]`: requests wait before they
//! go on.
//!
//! | words | reads | writes, discards | flushes |
//! |---|---|---|---|
//! | 3 | the first three | the first three | the first three |
//! | 6 | the first three | the second three | the second three |
//! | 9 | the first three | the second three | the third three |
//!
//! A class that waits 0 ms goes straight to its device. The others wait in [`queue`], where a suspend finds
//! them and lets them go.
//!
//! # Source
//!
//! The kernel's `Documentation/admin-guide/device-mapper/delay.rst` and `drivers/md/dm-delay.c`, 6.12.

mod queue;

use std::fmt::{self, Write as _};
use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

use dm_core::units::Sectors;

use self::queue::{Class, Queue};
use super::args;
use crate::io::request::{Cx, Io, IoFuture, Kind, Now};
use crate::mapped::Suspend;
use crate::target::{
    Build, BuildError, Features, Knobs, Leg, Map, Opener, Parallel, Shape, StatusKind, Target,
    TargetType,
};

/// The row of `delay`.
pub(super) static TYPE: TargetType = TargetType {
    name: "delay",
    version: [1, 4, 0],
    parallel: Parallel::ManyQueues,
    features: Features::empty(),
    examples: &[
        "/dev/ram0 0 0",
        "/dev/ram1 3072 500",
        "/dev/ram0 8 0 1:1 0 250",
        "1:0 0 10 1:1 8 20 1:2 16 4294967295",
    ],
    build,
};

/// How many words a class has.
const WORDS: usize = 3;

#[derive(Debug)]
struct Delay {
    /// Those of reads, writes and flushes; one that is not given is like the one before it.
    legs: [Leg; 3],
    /// As for `legs`, in milliseconds.
    delays: [u32; 3],
    /// How many classes the table gives.
    given: usize,
    queue: Queue,
}

fn build(build: &mut Build<'_>) -> Result<Box<dyn Target>, BuildError> {
    let (read, write, flush) = match build.words.chunks(WORDS).collect::<Vec<_>>()[..] {
        [all] => (all, all, all),
        [read, write] => (read, write, write),
        [read, write, flush] => (read, write, flush),
        _ => return Err(count()),
    };
    if flush.len() != WORDS || write.len() != WORDS {
        return Err(count());
    }
    let (read, read_delay) = class(read, build.len, build.opener)?;
    let (write, write_delay) = class(write, build.len, build.opener)?;
    let (flush, flush_delay) = class(flush, build.len, build.opener)?;
    Ok(Box::new(Delay {
        legs: [read, write, flush],
        delays: [read_delay, write_delay, flush_delay],
        given: build.words.len() / WORDS,
        queue: Queue::default(),
    }))
}

const fn count() -> BuildError {
    BuildError::new("Requires exactly 3, 6 or 9 arguments")
}

/// A class's leg, and its delay in milliseconds.
fn class(
    words: &[Vec<u8>],
    len: Sectors,
    opener: &mut dyn Opener,
) -> Result<(Leg, u32), BuildError> {
    let [device, start, delay] = words else { return Err(count()) };
    let start = args::sector(start).ok_or(BuildError::new("Invalid device sector"))?;
    let delay = args::scanned_u32(delay).ok_or(BuildError::new("Invalid delay"))?;
    let leg = args::open_leg(opener, device, start, len)
        .map_err(|errno| BuildError::with("Device lookup failed", errno))?;
    Ok((leg, delay))
}

impl Class {
    fn of(kind: Kind) -> Self {
        match kind {
            Kind::Read => Self::Read,
            Kind::Write | Kind::Discard | Kind::WriteZeroes => Self::Write,
            Kind::Flush => Self::Flush,
        }
    }
}

impl Delay {
    fn class(&self, class: Class) -> (&Leg, Duration) {
        let ([read, write, flush], [on_read, on_write, on_flush]) = (&self.legs, self.delays);
        let (leg, delay) = match class {
            Class::Read => (read, on_read),
            Class::Write => (write, on_write),
            Class::Flush => (flush, on_flush),
        };
        (leg, Duration::from_millis(delay.into()))
    }
}

impl Target for Delay {
    fn knobs(&self) -> Knobs {
        Knobs { flushes: 1, discards: 1, ..Knobs::default() }
    }

    fn map(&self, shape: &Shape, _now: Now) -> Map {
        let class = Class::of(shape.kind);
        let (leg, delay) = self.class(class);
        if !delay.is_zero() {
            return Map::Run;
        }
        Map::To { leg: class.index(), sector: leg.start.saturating_add(shape.at), len: shape.len }
    }

    fn run<'a>(&'a self, mut io: Io, cx: &'a dyn Cx) -> IoFuture<'a> {
        let class = Class::of(io.op.kind());
        let (leg, delay) = self.class(class);
        io.sector = match class {
            Class::Flush => Sectors::ZERO,
            Class::Read | Class::Write => leg.start.saturating_add(io.sector),
        };
        Box::pin(async move {
            let turn = self.queue.wait(class, delay, cx).await;
            let mut answer = leg.device.submit(io, cx);
            // The next one's turn comes once this one is on its way: its device gets them in order.
            let begun = poll_fn(|context| Poll::Ready(answer.as_mut().poll(context))).await;
            drop(turn);
            match begun {
                Poll::Ready(done) => done,
                Poll::Pending => answer.await,
            }
        })
    }

    fn status(&self, kind: StatusKind, out: &mut String) -> fmt::Result {
        match kind {
            StatusKind::Info => {
                let [reads, writes, flushes] = self.queue.counts();
                write!(out, "{reads} {writes} {flushes}")
            }
            StatusKind::Table => {
                let given = self.legs.iter().zip(self.delays).take(self.given);
                given.enumerate().try_for_each(|(number, (leg, delay))| {
                    let space = if number == 0 { "" } else { " " };
                    write!(out, "{space}{} {} {delay}", leg.name, leg.start)
                })
            }
        }
    }

    fn presuspend(&self, _mode: Suspend) {
        self.queue.release();
    }

    fn resumed(&self) {
        self.queue.delay_again();
    }

    fn legs(&self) -> &[Leg] {
        &self.legs
    }
}
