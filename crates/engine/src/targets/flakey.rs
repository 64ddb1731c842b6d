//! `flakey <device> <start> <up> <down> [<words> [<feature>]...]`: a device that works for `up` seconds, then
//! does not for `down` seconds, over and over.
//!
//! | feature | while down |
//! |---|---|
//! | none at all | as `error_reads error_writes` |
//! | `error_reads` | reads fail with `EIO` |
//! | `drop_writes` | writes, discards and flushes are answered, and are not done |
//! | `error_writes` | they fail with `EIO` |
//! | `corrupt_bio_byte <n> r <value> <flags>` | the nth byte of a read's data becomes `value` |
//! | `corrupt_bio_byte <n> w <value> <flags>` | that of a write's does, in a copy |
//! | `random_read_corrupt <chance>` | some byte of a read's data becomes some other, `chance` times in 10⁹ |
//! | `random_write_corrupt <chance>` | that of a write's does, in a copy |
//!
//! `<words>` counts the words of all features; [`args`] reads them. The interval is told by the whole seconds
//! since the table was built. While it is up, and for all that no feature touches, this is `linear`.
//!
//! # Source
//!
//! The kernel's `Documentation/admin-guide/device-mapper/dm-flakey.rst` and `drivers/md/dm-flakey.c`, 6.12;
//! its answers in `tests/transcripts/dmsetup/flakey*.txt` and `tests/scripts/flakey*.out`, Debian's 6.12.95.

mod args;
mod corruption;

use std::fmt::{self, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use dm_core::errno::Errno;
use dm_core::units::SECTOR_SHIFT;

use self::args::{Args, Features, Writes};
use crate::io::request::{BufMut, Cx, Io, IoFuture, Kind, Now, Op};
use crate::target::{
    Build, BuildError, Knobs, Leg, Map, Parallel, Shape, StatusKind, Target, TargetType,
};

/// The row of `flakey`.
pub(super) static TYPE: TargetType = TargetType {
    name: "flakey",
    version: [1, 5, 0],
    parallel: Parallel::ManyQueues,
    features: crate::target::Features::empty(),
    examples: &[
        "/dev/ram0 0 9 1",
        "/dev/ram1 3072 60 0 1 drop_writes",
        "1:0 8 4 2 2 error_reads error_writes",
        "/dev/ram0 0 5 5 5 corrupt_bio_byte 224 w 0 131072",
        "/dev/ram0 0 1 180 6 drop_writes corrupt_bio_byte 32 r 1 0",
        "1:2 0 1 1 4 random_read_corrupt 500000000 random_write_corrupt 1000000000",
    ],
    build,
};

#[derive(Debug)]
struct Flakey {
    leg: [Leg; 1],
    /// In seconds, as `down`; their sum is not zero and has 32 bits.
    up: u32,
    down: u32,
    features: Features,
    /// When the table was built: nanoseconds on the clock of [`Now`].
    since: AtomicU64,
}

fn build(build: &mut Build<'_>) -> Result<Box<dyn Target>, BuildError> {
    let Args { device, start, up, down, features } = args::parse(build.words)?;
    let since = u64::try_from(build.opener.now().as_nanos()).unwrap_or(u64::MAX);
    let leg = super::args::open_leg(build.opener, device, start, build.len)
        .map_err(|errno| BuildError::with("Device lookup failed", errno))?;
    Ok(Box::new(Flakey { leg: [leg], up, down, features, since: AtomicU64::new(since) }))
}

impl Flakey {
    fn is_down(&self, now: Now) -> bool {
        let since = Duration::from_nanos(self.since.load(Ordering::Relaxed));
        let elapsed = now.saturating_sub(since).as_secs();
        let interval = u64::from(self.up) + u64::from(self.down);
        elapsed.checked_rem(interval).is_some_and(|second| second >= u64::from(self.up))
    }

    /// What becomes of a request while it is down; `None` when nothing does.
    fn while_down(&self, shape: &Shape) -> Option<Map> {
        let changes = || {
            let bytes = shape.len.get() << SECTOR_SHIFT;
            self.features.may_change(shape.kind, shape.flags, bytes).then_some(Map::Run)
        };
        match (shape.kind, self.features.writes) {
            (Kind::Read, _) if self.features.error_reads => Some(Map::Fail(Errno::EIO)),
            (Kind::Read, _) | (Kind::Write, Writes::Done) => changes(),
            (_, Writes::Done) => None,
            (_, Writes::Dropped) => Some(Map::Zero),
            (_, Writes::Failed) => Some(Map::Fail(Errno::EIO)),
        }
    }
}

impl Target for Flakey {
    fn knobs(&self) -> Knobs {
        Knobs { flushes: 1, discards: 1, ..Knobs::default() }
    }

    fn map(&self, shape: &Shape, now: Now) -> Map {
        if self.is_down(now)
            && let Some(map) = self.while_down(shape)
        {
            return map;
        }
        let [leg] = &self.leg;
        Map::To { leg: 0, sector: leg.start.saturating_add(shape.at), len: shape.len }
    }

    /// Only what came while it was down, and may be changed, comes here; it is so even if it is up by now.
    fn run<'a>(&'a self, mut io: Io, cx: &'a dyn Cx) -> IoFuture<'a> {
        let [leg] = &self.leg;
        io.sector = leg.start.saturating_add(io.sector);
        let (kind, flags) = (io.op.kind(), io.flags);
        Box::pin(async move {
            if let Op::Write(data) = &io.op {
                let changes = self.features.changes(kind, flags, data.len(), cx);
                if !changes.is_empty() {
                    let mut copy = BufMut::copy_of(data);
                    changes.apply(&mut copy);
                    io.op = Op::Write(copy.freeze());
                }
            }
            let mut done = leg.device.submit(io, cx).await;
            if let (Ok(()), Some(data)) = (done.result, &mut done.buf) {
                self.features.changes(kind, flags, data.len(), cx).apply(data);
            }
            done
        })
    }

    fn status(&self, kind: StatusKind, out: &mut String) -> fmt::Result {
        let [leg] = &self.leg;
        match kind {
            StatusKind::Info => Ok(()),
            StatusKind::Table => {
                write!(out, "{} {} {} {} ", leg.name, leg.start, self.up, self.down)?;
                write!(out, "{}", self.features)
            }
        }
    }

    /// When the table was built, so that the intervals go on as they were.
    fn memory(&self) -> Option<String> {
        Some(self.since.load(Ordering::Relaxed).to_string())
    }

    fn recall(&self, memory: &str) -> Result<(), Errno> {
        let since = memory.parse().map_err(|_| Errno::EINVAL)?;
        self.since.store(since, Ordering::Relaxed);
        Ok(())
    }

    fn legs(&self) -> &[Leg] {
        &self.leg
    }
}
