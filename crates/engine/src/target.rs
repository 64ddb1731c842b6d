//! What a target is: a row that says how to build it, and a live thing that maps requests.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use dm_core::errno::Errno;
use dm_core::units::Sectors;

use crate::build::Mode;
use crate::io::claims::Claims;
use crate::io::clock;
use crate::io::request::{Cx, Device, Io, IoFlags, IoFuture, Kind, Now};
use crate::limits::Limits;
use crate::mapped::Suspend;

/// Whether requests to a target share state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parallel {
    /// Requests know nothing of each other: any queue may carry any of them.
    ManyQueues,
    /// Requests share state: one queue carries them all.
    OneQueue,
}

bitflags::bitflags! {
    /// What a target type may be combined with, and what it stands on.
    ///
    /// # Source
    ///
    /// `DM_TARGET_*` in the kernel's `include/linux/device-mapper.h`; for `DEVICELESS`, a type without
    /// `iterate_devices`.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct Features: u32 {
        /// It must be the only target of its table.
        const SINGLETON = 1;
        /// It is refused in a read-only table.
        const ALWAYS_WRITEABLE = 2;
        /// A device whose live table has it may be reloaded only with the same.
        const IMMUTABLE = 4;
        /// It may replace an immutable target.
        const WILDCARD = 8;
        /// It never has a device under it. A table of targets that could have devices, but have none just
        /// now, keeps the limits of the table before it; one with a deviceless target does not.
        const DEVICELESS = 16;
    }
}

/// A target type: a row of [`crate::targets::TARGETS`].
#[derive(Debug)]
pub struct TargetType {
    /// The word in the table.
    pub name: &'static str,
    /// As `dmsetup targets` prints it.
    pub version: [u32; 3],
    /// Whether requests share state.
    pub parallel: Parallel,
    /// What it may be combined with.
    pub features: Features,
    /// Argument lists that are right for a target of 1024 sectors, legs written `/dev/ram0` and so on, of
    /// at least 4096 sectors: seeds of the conformance tests, the fuzzer and the manual.
    pub examples: &'static [&'static str],
    /// Builds one.
    pub build: fn(&mut Build<'_>) -> Result<Box<dyn Target>, BuildError>,
}

/// Why a target cannot be built: the kernel's own words for the same mistake, and its error number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct BuildError {
    /// What the kernel logs.
    pub text: &'static str,
    /// What the command gets.
    pub errno: Errno,
}

impl BuildError {
    /// `text`, with `EINVAL`, as nearly all are.
    pub const fn new(text: &'static str) -> Self {
        Self { text, errno: Errno::EINVAL }
    }

    /// `text`, with another error number.
    pub const fn with(text: &'static str, errno: Errno) -> Self {
        Self { text, errno }
    }
}

/// Work of a target's own, beside any request.
pub type Job = Box<dyn for<'a> FnOnce(&'a dyn Cx) -> Pin<Box<dyn Future<Output = ()> + 'a>> + Send>;

/// Carries out work that no request brings: a message that writes, the last words of a log.
pub trait Runner: fmt::Debug + Send + Sync {
    /// Runs `job` on the queue of targets whose requests share state. Where that queue has ended the job is
    /// dropped. It may be run before this returns.
    fn spawn(&self, job: Job);
}

/// Lends a target what it is built from: the devices that a table names, the time, and somebody to work for it.
pub trait Opener {
    /// Opens the device that `word` names: `major:minor`, or a path. The same device opened twice for one
    /// table is one device.
    ///
    /// # Errors
    ///
    /// What the kernel gives for the same word: `ENOENT` for a path that is not there, `ENXIO` for a number
    /// that no device has, `EOVERFLOW` for one that none can have, `ENOTBLK`, `EBUSY`, `EINVAL` for the
    /// mapped device itself.
    fn open(&mut self, word: &[u8]) -> Result<Arc<dyn Device>, Errno>;

    /// Opens the device that `word` names for reading only, whatever the table's mode: a target that never writes
    /// to a leg needs no right to.
    ///
    /// # Errors
    ///
    /// As for [`Self::open`].
    fn open_to_read(&mut self, word: &[u8]) -> Result<Arc<dyn Device>, Errno> {
        self.open(word)
    }

    /// The moment at which the table is built.
    fn now(&self) -> Now {
        clock::now()
    }

    /// Who works for the target, if there is anybody.
    fn runner(&self) -> Option<Arc<dyn Runner>> {
        None
    }

    /// Where the table's targets claim devices that they must have to themselves.
    fn claims(&self) -> Arc<Claims> {
        Arc::default()
    }

    /// Whether the table was live in an earlier process, which ended without taking it down: what its targets
    /// wrote then still counts.
    fn is_back(&self) -> bool {
        false
    }

    /// Whether what targets learn is remembered, and they are told so: see [`Target::remembered`].
    fn remembers(&self) -> bool {
        false
    }
}

/// What a target is built from.
pub struct Build<'a> {
    /// Its first sector on the mapped device.
    pub start: Sectors,
    /// Its length.
    pub len: Sectors,
    /// Its arguments, split.
    pub words: &'a [Vec<u8>],
    /// Whether its table takes writes.
    pub mode: Mode,
    /// Opens its legs.
    pub opener: &'a mut dyn Opener,
}

impl fmt::Debug for Build<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Build")
            .field("start", &self.start)
            .field("len", &self.len)
            .field("words", &self.words)
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}

/// A device under a target, from a sector on.
#[derive(Clone, Debug)]
pub struct Leg {
    /// The device.
    pub device: Arc<dyn Device>,
    /// How a table or status names it: `major:minor`, or the path of a file that is no block device.
    pub name: String,
    /// Where the leg begins on it.
    pub start: Sectors,
    /// How much of it the target uses from there: what is checked against the device's size.
    pub len: Sectors,
}

/// A request as `map` sees it: within one target; a read or write also within one of its `split_at` units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// What it does.
    pub kind: Kind,
    /// Where it begins, counted from the target's start.
    pub at: Sectors,
    /// Its length; none for a flush.
    pub len: Sectors,
    /// How.
    pub flags: IoFlags,
    /// Which of a flush's or range operation's copies this is, from 0.
    pub copy: u32,
}

/// Where a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Map {
    /// To leg `leg`, at `sector` of its device.
    To {
        /// Which of [`Target::legs`].
        leg: usize,
        /// Where on its device: the leg's own start is already added.
        sector: Sectors,
        /// How long: the request's length, but for a range operation of several copies.
        len: Sectors,
    },
    /// Nowhere: it is done; a read's buffer is filled with zeros.
    Zero,
    /// Nowhere: it failed.
    Fail(Errno),
    /// To [`Target::run`].
    Run,
}

/// What the core does for a target, beyond calling it.
///
/// # Source
///
/// The fields of `struct dm_target` in the kernel's `include/linux/device-mapper.h`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Knobs {
    /// Reads and writes are cut at multiples of this, counted from the target's start.
    pub split_at: Option<Sectors>,
    /// How many copies of a flush it gets; with none, a flush passes it by.
    pub flushes: u32,
    /// How many copies of a discard it gets; with none, discards are not taken.
    pub discards: u32,
    /// How many copies of a write of zeroes it gets; with none, they are not taken.
    pub write_zeroes: u32,
    /// It takes discards even when its legs do not.
    pub discards_itself: bool,
}

/// What a status is to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusKind {
    /// The state: `dmsetup status`.
    Info,
    /// The arguments: `dmsetup table`.
    Table,
}

/// A live target.
pub trait Target: fmt::Debug + Send + Sync {
    /// What the core is to do for it. The same answer at every call.
    fn knobs(&self) -> Knobs;

    /// Where the request goes at `now`. Pure: no I/O, no waiting.
    fn map(&self, shape: &Shape, now: Now) -> Map;

    /// Serves a request that `map` answered with [`Map::Run`]; `io.sector` counts from the target's start. While
    /// the device is being suspended, it may answer [`AGAIN`](crate::io::request::AGAIN).
    fn run<'a>(&'a self, io: Io, cx: &'a dyn Cx) -> IoFuture<'a> {
        let _ = cx;
        Box::pin(std::future::ready(io.done(Err(Errno::EIO))))
    }

    /// What `dmsetup status` (Info) or `dmsetup table` (Table) prints after the target's name.
    ///
    /// # Errors
    ///
    /// Only when `out` fails.
    fn status(&self, kind: StatusKind, out: &mut String) -> fmt::Result;

    /// Takes a message; `Some` is text for whoever sent it.
    ///
    /// # Errors
    ///
    /// `EINVAL` for a message that the target does not know.
    fn message(&self, words: &[&[u8]]) -> Result<Option<String>, Errno> {
        let _ = words;
        Err(Errno::EINVAL)
    }

    /// What it needs beyond its arguments to go on as it is in another process: text without line ends. Asked
    /// for when the table is saved, and after a message that worked.
    fn memory(&self) -> Option<String> {
        None
    }

    /// Whether requests or messages have changed what [`Self::memory`] tells since it was last
    /// [saved](Self::remembered): that it was asked for is not enough, for it may not have been possible to save it.
    /// Asked for whenever [`Self::run`] pauses or ends, after a message, and now and then while the target has a
    /// [`Job`] under way, so that it is saved.
    fn has_learnt(&self) -> bool {
        false
    }

    /// This [memory](Self::memory) of it is saved: whatever becomes of this process, the next one has it. What was
    /// learnt since it was told is not.
    fn remembered(&self, memory: &str) {
        let _ = memory;
    }

    /// It takes the place of one that had this [memory](Self::memory) in an earlier process. Called before the
    /// first request.
    ///
    /// # Errors
    ///
    /// `EINVAL` for text that no such target has given; it is as newly built then.
    fn recall(&self, memory: &str) -> Result<(), Errno> {
        let _ = memory;
        Err(Errno::EINVAL)
    }

    /// New requests are held back: what the target itself delays goes at once, and it delays nothing until
    /// [`Self::resumed`].
    fn presuspend(&self, mode: Suspend) {
        let _ = mode;
    }

    /// The device runs: for the first time, after a suspend, or because a suspend was called off.
    fn resumed(&self) {}

    /// Its table was live and is so no more, and no request is under way. It may block, on a thread that is no
    /// queue's.
    fn end(&self) {}

    /// The devices under it.
    fn legs(&self) -> &[Leg];

    /// Changes `limits`, which are its legs' stacked, to what the target itself takes or prefers.
    fn hints(&self, limits: &mut Limits) {
        let _ = limits;
    }

    /// Learns that a request it sent to leg `leg` ended with `errno`; true raises an event. A failed
    /// read-ahead is nobody's fault and is not told.
    fn failed(&self, leg: usize, kind: Kind, errno: Errno) -> bool {
        let _ = (leg, kind, errno);
        false
    }

    /// Whether a request that it sent to leg `leg`, and that failed, may still work another way: it goes to
    /// [`Self::run`] then. Asked only of reads that are no read-ahead.
    fn retries(&self, leg: usize) -> bool {
        let _ = leg;
        false
    }

    /// Whether something happened since this was last asked that is an event. Asked whenever [`Self::run`]
    /// pauses or ends.
    fn take_event(&self) -> bool {
        false
    }
}
