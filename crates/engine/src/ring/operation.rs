//! An operation on its way through a ring: what it owns, the entry that asks the kernel for it, and what a
//! completion means for it.

use std::fs::File;
use std::os::fd::AsRawFd;
use std::sync::Arc;
use std::task::Waker;
use std::time::Duration;

use dm_core::errno::Errno;
use dm_core::units::Sectors;
use io_uring::squeue::{Entry, Flags};
use io_uring::{opcode, types};

use crate::io::request::{Done, Io, IoFlags, Now, Op};
use crate::ring::failures::Failures;
use crate::ring::memory::BufMut;

/// `BLOCK_URING_CMD_DISCARD`: `_IO(0x12, 0)`, with the start in `addr` and the length in the command.
///
/// # Source
///
/// `include/uapi/linux/blkdev.h`, from 6.12 on.
const BLOCK_URING_CMD_DISCARD: u32 = 0x1200;

/// The longest piece of a transfer that is asked for at once, in bytes: whole pages, and below what
/// `MAX_RW_COUNT` in the kernel's `include/linux/fs.h` allows.
const LONGEST_PIECE: u32 = 1 << 30;

/// How a discard is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DiscardBy {
    /// A hole in a file.
    Hole,
    /// A block device's own command.
    Command,
}

/// How far an operation on a file has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Progress {
    /// So many bytes of a transfer are done.
    done: usize,
    /// A worker thread of the kernel's is to carry it out, which may block where the queue's thread may not.
    punted: bool,
}

/// What is asked of the kernel, with all that the entry refers to.
#[derive(Debug)]
pub(super) enum Work {
    /// An operation on a file.
    File { file: Arc<File>, io: Io, discard: DiscardBy, progress: Progress },
    /// A wait.
    Sleep(Box<types::Timespec>),
    /// A read of an event counter.
    Event { file: Arc<File>, count: BufMut },
}

/// Who waits for an operation.
pub(super) enum Waiter {
    /// A future, once it has been polled.
    Future(Option<Waker>),
    /// Nobody any more.
    Gone,
}

/// An operation between its start and the taking of its result.
pub(super) enum Operation {
    /// Not yet on the ring, or on it.
    Running { work: Work, waiter: Waiter, pushed: bool },
    /// Its result, still to be taken.
    Finished(Outcome),
}

/// What came of an operation.
#[derive(Debug)]
pub(super) enum Outcome {
    /// A file operation's answer.
    Done(Done),
    /// A discard that the ring cannot carry: it comes back to be done otherwise.
    Refused(Io),
    /// Time is over.
    Over,
}

/// What a completion means.
#[derive(Debug)]
pub(super) enum Next {
    /// There is more to do: another entry.
    Again(Work),
    /// It is over.
    Over(Outcome),
}

impl Outcome {
    /// As an answer.
    pub(super) fn into_done(self) -> Done {
        match self {
            Self::Done(done) => done,
            Self::Refused(io) => io.done(Err(Errno::EOPNOTSUPP)),
            Self::Over => Done { result: Err(Errno::EIO), buf: None },
        }
    }
}

impl Work {
    /// An operation on `file`.
    ///
    /// # Errors
    ///
    /// `EINVAL`, and the operation comes back: its memory is not whole sectors, or the range is beyond what
    /// a file can have.
    pub(super) fn file(file: &Arc<File>, io: Io, discard: DiscardBy) -> Result<Self, (Io, Errno)> {
        if !can_be_asked(&io) {
            return Err((io, Errno::EINVAL));
        }
        Ok(Self::File { file: Arc::clone(file), io, discard, progress: Progress::default() })
    }

    /// A wait of `time`.
    pub(super) fn sleep(time: Duration) -> Self {
        Self::Sleep(Box::new(types::Timespec::from(time)))
    }

    /// Whether it is time alone that ends it.
    pub(super) fn is_sleep(&self) -> bool {
        matches!(self, Self::Sleep(_))
    }

    /// The entry that asks for what is left of it. It points into this operation (R1).
    pub(super) fn entry(&mut self) -> Entry {
        match self {
            Self::Sleep(time) => opcode::Timeout::new(&raw const **time).build(),
            Self::Event { file, count } => {
                let len = piece(count.len());
                opcode::Read::new(types::Fd(file.as_raw_fd()), count.pointer(), len)
                    .offset(u64::MAX)
                    .build()
            }
            Self::File { file, io, discard, progress } => {
                file_entry(types::Fd(file.as_raw_fd()), io, *discard, *progress)
            }
        }
    }

    /// What a completion with `result` means: a count, or an error number below zero.
    pub(super) fn completed(self, result: i32, now: Now, failures: &mut Failures) -> Next {
        let (file, io, discard, mut progress) = match self {
            Self::File { file, io, discard, progress } => (file, io, discard, progress),
            Self::Sleep(_) => return Next::Over(Outcome::Over),
            // The next event is to be heard as well.
            Self::Event { .. } => return Next::Again(self),
        };
        match progress.after(result, &io.op) {
            None => Next::Again(Self::File { file, io, discard, progress }),
            Some(Err(errno)) if is_refusal(&io, discard, errno) => Next::Over(Outcome::Refused(io)),
            Some(result) => {
                if let Err(errno) = result {
                    failures.tell(&file, &io, errno, now);
                }
                Next::Over(Outcome::Done(io.done(result)))
            }
        }
    }
}

impl Progress {
    /// What a completion with `result`, a count or an error number below zero, means for an operation that does
    /// `op`: what came of it, or none when there is more to do.
    pub(super) fn after(&mut self, result: i32, op: &Op) -> Option<Result<(), Errno>> {
        if result < 0 {
            return match Errno::new(result.saturating_neg()) {
                Errno::EINTR => None,
                Errno::EAGAIN if !self.punted => {
                    self.punted = true;
                    None
                }
                errno => Some(Err(errno)),
            };
        }
        let Some(whole) = transfer(op) else { return Some(Ok(())) };
        self.done = self.done.saturating_add(result.unsigned_abs() as usize);
        if self.done >= whole {
            Some(Ok(()))
        } else if result == 0 {
            // The file ends here, or takes no more: asking again would not end.
            Some(Err(Errno::EIO))
        } else {
            None
        }
    }
}

/// Whether an operation is of whole sectors, within what a file can have.
pub(super) fn can_be_asked(io: &Io) -> bool {
    let whole = match &io.op {
        Op::Read(buf) => is_whole(buf.len()),
        Op::Write(buf) => is_whole(buf.len()),
        Op::Flush | Op::Discard(_) | Op::WriteZeroes(_) => true,
    };
    let end = io.sector.checked_add(io.len()).and_then(Sectors::to_bytes);
    whole && end.is_some_and(|end| i64::try_from(end.get()).is_ok())
}

/// Whether the kernel, or this device, has no discard command for the ring: `EINVAL` for an unknown command,
/// `EOPNOTSUPP` where files of this kind take none at all. The ioctl gives the last word.
fn is_refusal(io: &Io, discard: DiscardBy, errno: Errno) -> bool {
    matches!(io.op, Op::Discard(_))
        && discard == DiscardBy::Command
        && matches!(errno, Errno::EINVAL | Errno::EOPNOTSUPP | Errno::ENOTTY)
}

/// How many bytes an operation moves; none for those that are all or nothing.
fn transfer(op: &Op) -> Option<usize> {
    match op {
        Op::Read(buf) => Some(buf.len()),
        Op::Write(buf) => Some(buf.len()),
        Op::Flush | Op::Discard(_) | Op::WriteZeroes(_) => None,
    }
}

fn is_whole(len: usize) -> bool {
    len != 0 && len.is_multiple_of(512)
}

/// A range that [`Work::file`] has checked, in bytes.
fn in_bytes(count: Sectors) -> u64 {
    count.get() << dm_core::units::SECTOR_SHIFT
}

/// How much of `rest` bytes is asked for at once.
fn piece(rest: usize) -> u32 {
    u32::try_from(rest).map_or(LONGEST_PIECE, |rest| rest.min(LONGEST_PIECE))
}

/// What asks for the rest of a read or a write.
pub(super) fn transfer_entry(fd: types::Fd, io: &mut Io, progress: Progress) -> Entry {
    file_entry(fd, io, DiscardBy::Hole, progress)
}

fn file_entry(fd: types::Fd, io: &mut Io, discard: DiscardBy, progress: Progress) -> Entry {
    let Progress { done, punted } = progress;
    let at = in_bytes(io.sector);
    let from = at + done as u64;
    let entry = match &mut io.op {
        Op::Read(buf) => {
            let len = piece(buf.len().saturating_sub(done));
            opcode::Read::new(fd, buf.pointer().wrapping_add(done), len).offset(from).build()
        }
        Op::Write(buf) => {
            let len = piece(buf.len().saturating_sub(done));
            let sync = if io.flags.contains(IoFlags::FUA) { libc::RWF_DSYNC } else { 0 };
            let entry = opcode::Write::new(fd, buf.pointer().wrapping_add(done), len);
            entry.offset(from).rw_flags(sync).build()
        }
        Op::Flush => opcode::Fsync::new(fd).flags(types::FsyncFlags::DATASYNC).build(),
        Op::Discard(len) if discard == DiscardBy::Command => {
            let mut command = [0; 16];
            command[..8].copy_from_slice(&in_bytes(*len).to_ne_bytes());
            let entry = opcode::UringCmd16::new(fd, BLOCK_URING_CMD_DISCARD);
            entry.cmd(command).addr(Some(at)).build()
        }
        Op::WriteZeroes(len) if io.flags.contains(IoFlags::NOUNMAP) => {
            allocate(fd, at, *len, libc::FALLOC_FL_ZERO_RANGE)
        }
        Op::Discard(len) | Op::WriteZeroes(len) => {
            allocate(fd, at, *len, libc::FALLOC_FL_PUNCH_HOLE)
        }
    };
    if punted { entry.flags(Flags::ASYNC) } else { entry }
}

fn allocate(fd: types::Fd, at: u64, len: Sectors, mode: i32) -> Entry {
    let mode = mode | libc::FALLOC_FL_KEEP_SIZE;
    opcode::Fallocate::new(fd, in_bytes(len)).offset(at).mode(mode).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(len: usize) -> Work {
        let file = Arc::new(File::open("/dev/null").unwrap());
        let io = Io {
            sector: Sectors::ZERO,
            op: Op::Read(BufMut::zeroed(len)),
            flags: IoFlags::empty(),
        };
        Work::file(&file, io, DiscardBy::Hole).unwrap()
    }

    fn completed(work: Work, result: i32) -> Next {
        work.completed(result, Now::ZERO, &mut Failures::default())
    }

    fn result(next: Next) -> Option<Result<(), Errno>> {
        match next {
            Next::Over(Outcome::Done(done)) => Some(done.result),
            _ => None,
        }
    }

    #[test]
    fn a_short_read_goes_on_where_it_stopped() {
        let Next::Again(rest) = completed(read(4096), 1024) else { panic!("went no further") };
        assert!(matches!(rest, Work::File { progress: Progress { done: 1024, .. }, .. }));
        assert_eq!(result(completed(rest, 3072)), Some(Ok(())));
    }

    #[test]
    fn a_read_of_nothing_is_an_error_and_never_asked_again() {
        assert_eq!(result(completed(read(512), 0)), Some(Err(Errno::EIO)));
        let Next::Again(rest) = completed(read(1024), 512) else { panic!("went no further") };
        assert_eq!(result(completed(rest, 0)), Some(Err(Errno::EIO)));
    }

    #[test]
    fn an_interrupted_read_is_asked_again_and_a_busy_one_once() {
        assert!(matches!(completed(read(512), -libc::EINTR), Next::Again(_)));
        let Next::Again(punted) = completed(read(512), -libc::EAGAIN) else { panic!("gave up") };
        assert_eq!(result(completed(punted, -libc::EAGAIN)), Some(Err(Errno::EAGAIN)));
    }

    #[test]
    fn an_error_gives_the_buffer_back() {
        let Next::Over(Outcome::Done(done)) = completed(read(512), -libc::EIO) else { panic!() };
        assert_eq!(done.buf.map(|buf| buf.len()), Some(512));
    }

    #[test]
    fn half_sectors_and_endless_positions_are_refused() {
        let file = Arc::new(File::open("/dev/null").unwrap());
        let io = |sector, op| Io { sector: Sectors::new(sector), op, flags: IoFlags::empty() };
        for bad in [
            io(0, Op::Read(BufMut::zeroed(511))),
            io(0, Op::Write(BufMut::zeroed(0).freeze())),
            io(u64::MAX, Op::Discard(Sectors::new(1))),
            io(1 << 54, Op::WriteZeroes(Sectors::new(1))),
        ] {
            assert_eq!(Work::file(&file, bad, DiscardBy::Hole).unwrap_err().1, Errno::EINVAL);
        }
    }
}
