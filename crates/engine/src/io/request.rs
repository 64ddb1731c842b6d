//! A request, its answer, and [`Device`]: something with sectors.
//!
//! A request owns its memory until it is answered: a read takes a unique [`BufMut`] and gives it back, a
//! write takes a shared, unchanging [`Buf`], so a copy of the request costs a handle.

use std::fmt::Debug;
use std::fs::File;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::units::Sectors;

use crate::limits::Limits;
use crate::mapped::MappedDevice;
use crate::ring::FileIo;
pub use crate::ring::memory::{Buf, BufMut};

bitflags::bitflags! {
    /// What the system said of a request beyond its operation.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct IoFlags: u32 {
        /// On stable storage before it is answered.
        const FUA = 1;
        /// What was answered before is on stable storage before this begins.
        const PREFLUSH = 2;
        /// Read ahead of need: may fail at no cost.
        const READAHEAD = 4;
        /// Filesystem metadata.
        const META = 8;
        /// Write zeroes: keep the space allocated.
        const NOUNMAP = 16;
    }
}

/// What a request does. Lengths are whole sectors.
#[derive(Debug)]
pub enum Op {
    /// Fills the buffer.
    Read(BufMut),
    /// Writes the buffer.
    Write(Buf),
    /// Puts on stable storage every write answered before it.
    Flush,
    /// Says that a range's content is of no more use.
    Discard(Sectors),
    /// Fills a range with zeros.
    WriteZeroes(Sectors),
}

/// The operation of a request, without its memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// See [`Op::Read`].
    Read,
    /// See [`Op::Write`].
    Write,
    /// See [`Op::Flush`].
    Flush,
    /// See [`Op::Discard`].
    Discard,
    /// See [`Op::WriteZeroes`].
    WriteZeroes,
}

/// A request to a device.
#[derive(Debug)]
pub struct Io {
    /// Where it begins, on the device that it is submitted to.
    pub sector: Sectors,
    /// What it does.
    pub op: Op,
    /// How.
    pub flags: IoFlags,
}

impl Op {
    /// The operation alone.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Read(_) => Kind::Read,
            Self::Write(_) => Kind::Write,
            Self::Flush => Kind::Flush,
            Self::Discard(_) => Kind::Discard,
            Self::WriteZeroes(_) => Kind::WriteZeroes,
        }
    }
}

impl Io {
    /// How many sectors it is about; none for a flush.
    pub fn len(&self) -> Sectors {
        match &self.op {
            Op::Read(buf) => buf.sectors(),
            Op::Write(buf) => buf.sectors(),
            Op::Flush => Sectors::ZERO,
            Op::Discard(len) | Op::WriteZeroes(len) => *len,
        }
    }

    /// Whether it is about no sectors.
    pub fn is_empty(&self) -> bool {
        self.len().is_zero()
    }

    /// The same request once more, over the same memory; none for a read, whose memory is its own.
    pub fn share(&self) -> Option<Self> {
        let op = match &self.op {
            Op::Read(_) => return None,
            Op::Write(buf) => Op::Write(buf.clone()),
            Op::Flush => Op::Flush,
            Op::Discard(len) => Op::Discard(*len),
            Op::WriteZeroes(len) => Op::WriteZeroes(*len),
        };
        Some(Self { sector: self.sector, op, flags: self.flags })
    }

    /// Its answer, `result`, with a read's buffer.
    pub fn done(self, result: Result<(), Errno>) -> Done {
        let buf = match self.op {
            Op::Read(buf) => Some(buf),
            _ => None,
        };
        Done { result, buf }
    }
}

/// A request's answer.
#[derive(Debug)]
pub struct Done {
    /// Whether all of it was done. Nothing is half done.
    pub result: Result<(), Errno>,
    /// A read's buffer, whether it worked or not.
    pub buf: Option<BufMut>,
}

impl Done {
    /// What was read.
    ///
    /// # Errors
    ///
    /// What the device said; `EIO` for an answer without a buffer.
    pub fn into_read(self) -> Result<BufMut, Errno> {
        self.result?;
        self.buf.ok_or(Errno::EIO)
    }
}

/// What a target answers for a change that it has not carried out, or only in part, because its device is being
/// suspended: the device holds the request back, and carries it out from its beginning when it runs again, by
/// the table that it has then. Nobody above the device sees it. A read is never answered so.
pub const AGAIN: Errno = Errno::ERESTART;

/// An answer on its way.
pub type IoFuture<'a> = Pin<Box<dyn Future<Output = Done> + 'a>>;

/// Something with sectors: a file on the ring, a disk in a test, another mapped device.
pub trait Device: Debug + Send + Sync {
    /// How many there are.
    fn size(&self) -> Sectors;

    /// What requests it takes.
    fn limits(&self) -> Limits;

    /// Its number; for a file that is no block device, the number of the device that its filesystem is on.
    fn dev(&self) -> DevNo;

    /// What a table or status shows: the number, or the absolute path of a file that is no block device.
    fn name(&self) -> String {
        self.dev().to_string()
    }

    /// Whether writes are refused.
    fn is_read_only(&self) -> bool;

    /// The mapped device that this is, if it is one of the engine's.
    fn as_mapped(&self) -> Option<&MappedDevice> {
        None
    }

    /// The same with a share of it.
    fn into_mapped(self: Arc<Self>) -> Option<Arc<MappedDevice>> {
        None
    }

    /// The open file whose bytes are its sectors, one for one from the first on, if it is one that takes a
    /// request of this kind.
    fn file_for(&self, kind: Kind) -> Option<&Arc<File>> {
        let _ = kind;
        None
    }

    /// Whether that file's bytes are in memory: to copy them takes no longer than to ask for it.
    fn is_in_memory(&self) -> bool {
        false
    }

    /// Starts a request. A read's buffer comes back in [`Done`] whether it worked or not.
    fn submit<'a>(&'a self, io: Io, cx: &'a dyn Cx) -> IoFuture<'a>;
}

/// A moment: the time since the machine started, as [`crate::io::clock::now`] has it.
pub type Now = Duration;

/// What a queue lends its requests: the clock, chance and, in production, the ring.
pub trait Cx {
    /// The time.
    fn now(&self) -> Now;

    /// Comes back after `time`.
    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + '_>>;

    /// A number that nobody can foresee.
    fn random(&self) -> u64;

    /// Carries out an operation on an open file.
    fn file_io<'a>(&'a self, io: FileIo<'a>) -> IoFuture<'a>;
}
