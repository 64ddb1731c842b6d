//! A FUSE connection as a port: requests are read where their data is to be used, and answered from there.
//!
//! ```text
//! a slot's memory:   page                                       pages
//!                   │                 answer's header, 16 bytes│data to be read or written ...
//!                   │       request's header, 80 bytes         │
//! ```
//!
//! A write's data so begins at a page, and goes to the disk from where the kernel put it; a read's data comes
//! from the disk to where the kernel takes it. Nothing is copied here, and nothing allocated.
//!
//! A queue waits for the connection to become readable, and then reads: two entries, linked. The wait is
//! exclusive: a request wakes one queue. A read alone would do, for the ring waits by itself; but then every
//! queue that reads is woken for every request, and a read that has often been too late goes to a thread of the
//! kernel's.
//!
//! # Source
//!
//! The kernel's `fs/fuse/dev.c`, and `io_uring/poll.c`: `io_arm_poll_handler`, `APOLL_MAX_RETRY`.

use std::fs::File;
use std::mem;
use std::os::fd::AsRawFd as _;
use std::sync::Arc;
use std::time::Duration;

use dm_core::errno::Errno;
use dm_core::units::Sectors;
use io_uring::squeue::{Entry, Flags};
use io_uring::{opcode, types};

use crate::frontend::fuse::{MAX_WRITE, answer, wire};
use crate::io::request::{Buf, BufMut, Done, Io, IoFlags, Op};
use crate::mapped::MappedDevice;
use crate::ring::memory::ALIGNMENT;
use crate::ring::port::{Port, PortCx};

/// Where in its page a request begins.
const HEAD: usize = ALIGNMENT - wire::WRITE_HEADER;

/// Where in its page a read's answer begins.
const ANSWER: usize = ALIGNMENT - answer::HEADER;

/// The same as a length.
const HEADER_LEN: u32 = 16;

/// The data that a slot has room for, in bytes.
const ROOM: usize = MAX_WRITE as usize;

/// How many unused slots keep their memory.
const SPARE: usize = 16;

/// How many requests a queue waits for at once: what it waits for, no other queue gets.
const WAITS: usize = 1;

/// How long until a request that has to wait for others is looked at again.
const PATIENCE: Duration = Duration::from_millis(2);

/// Tokens that are no slot's.
const POLL: u32 = u32::MAX;
const TIMER: u32 = u32::MAX - 1;

/// Woken alone of all who wait: `EPOLLEXCLUSIVE`, from the kernel's `include/uapi/linux/eventpoll.h`.
const EXCLUSIVE: u32 = 1 << 28;

/// What requests mean.
pub(crate) trait Server: Send + Sync + 'static {
    /// What is kept until a request has been answered.
    type Ticket: Send;

    /// Says what is to become of a request: its first [`wire::WRITE_HEADER`] bytes, and what follows.
    fn serve(&self, head: &[u8], rest: &[u8]) -> Action<Self::Ticket>;
}

/// What is to become of a request.
pub(crate) enum Action<T> {
    /// Nothing more here: it has been answered, or somebody will.
    None,
    /// It is looked at again in a while.
    Later,
    /// It goes to a device, and what comes of it is the answer.
    Submit {
        /// Which.
        device: Arc<MappedDevice>,
        /// Where on it.
        sector: Sectors,
        /// What it is.
        what: What<T>,
    },
}

/// A request to a device.
pub(crate) enum What<T> {
    /// As many bytes are read.
    Read(u32),
    /// As many bytes, those of the request, are written.
    Write {
        /// How many.
        len: u32,
        /// How.
        flags: IoFlags,
        /// Dropped when that is over.
        held: T,
    },
    /// What was written is put on stable storage.
    Flush,
}

/// A queue's end of a connection.
pub(crate) struct Channel<S: Server> {
    file: Arc<File>,
    server: Arc<S>,
    slots: Vec<Slot<S::Ticket>>,
    free: Vec<u32>,
    /// Slots whose requests are looked at again when the timer ends.
    later: Vec<u32>,
    timer: Box<types::Timespec>,
    is_timed: bool,
    /// How many slots wait for a request.
    waits: usize,
    /// Entries on the ring, and requests with devices.
    under_way: usize,
    is_gone: bool,
}

struct Slot<T> {
    memory: Option<Memory>,
    unique: u64,
    phase: Phase<T>,
}

/// A slot's memory: both lie side by side, or there is no data.
struct Memory {
    page: BufMut,
    data: BufMut,
}

/// What a slot is at.
enum Phase<T> {
    Free,
    /// A request is read, as soon as there is one.
    Reading,
    /// It has a request of so many bytes, whose time is to come.
    Later(usize),
    /// A device reads into part of the slot's data; the rest stays.
    DeviceReads {
        page: BufMut,
        rest: BufMut,
        len: u32,
    },
    /// A device writes part of the slot's data.
    DeviceWrites {
        page: BufMut,
        data: Buf,
        len: u32,
        held: T,
    },
    /// A device flushes.
    DeviceFlushes,
    /// An answer of so many bytes is on its way, from this position on.
    Answering {
        at: usize,
        len: u32,
    },
}

impl Memory {
    fn new() -> Option<Self> {
        match BufMut::untouched(ALIGNMENT + ROOM) {
            Ok(mut all) => {
                // Every page must be there before the kernel puts a request into it: killed meanwhile, this
                // process finds no more pages, and the kernel fails the request (`fuse_dev_do_read`) instead of
                // keeping it for the next one.
                all.fill(0);
                let (page, data) = all.split_at(ALIGNMENT);
                Some(Self { page, data: data.into_own_block() })
            }
            Err(error) => {
                tracing::error!(%error, "no memory for requests");
                None
            }
        }
    }

    /// What is left when the data has gone elsewhere: enough for an answer.
    fn without_data(page: BufMut) -> Self {
        Self { page, data: BufMut::zeroed(0) }
    }
}

impl<S: Server> Channel<S> {
    /// A channel of the connection `file`, which must be open with `O_NONBLOCK`.
    pub(crate) fn new(file: Arc<File>, server: Arc<S>) -> Self {
        Self {
            file,
            server,
            slots: Vec::new(),
            free: Vec::new(),
            later: Vec::new(),
            timer: Box::new(types::Timespec::from(PATIENCE)),
            is_timed: false,
            waits: 0,
            under_way: 0,
            is_gone: false,
        }
    }

    fn fd(&self) -> types::Fd {
        types::Fd(self.file.as_raw_fd())
    }

    fn push(&mut self, entry: Entry, token: u32, queue: &mut PortCx<'_>) {
        self.under_way += 1;
        // SAFETY: the file, the timer and the slot that the entry points into are this port's, and the slot's
        // memory stays where it is and is not touched until the entry completes (R5): its phase says so.
        unsafe { queue.push(entry, token) };
    }

    /// A slot with memory; none when there is no memory.
    fn take_slot(&mut self) -> Option<u32> {
        let number = self.free.pop().or_else(|| {
            let number = u32::try_from(self.slots.len()).ok()?;
            self.slots.push(Slot { memory: None, unique: 0, phase: Phase::Free });
            Some(number)
        })?;
        let slot = self.slot(number)?;
        if slot.memory.as_ref().is_none_or(|memory| memory.data.len() != ROOM) {
            slot.memory = Memory::new();
        }
        if slot.memory.is_some() {
            return Some(number);
        }
        self.free.push(number);
        None
    }

    fn slot(&mut self, number: u32) -> Option<&mut Slot<S::Ticket>> {
        self.slots.get_mut(number as usize)
    }

    fn release(&mut self, number: u32) {
        let keeps = self.free.len() < SPARE;
        let Some(slot) = self.slot(number) else { return };
        slot.phase = Phase::Free;
        if !keeps {
            slot.memory = None;
        }
        self.free.push(number);
    }

    /// Reads the next request into a slot, when there is one. False when there is no memory for it.
    fn read(&mut self, queue: &mut PortCx<'_>) -> bool {
        let fd = self.fd();
        let Some(number) = self.take_slot() else { return false };
        let Some(slot) = self.slot(number) else { return false };
        let Some(memory) = &mut slot.memory else { return false };
        slot.phase = Phase::Reading;
        let at = memory.page.pointer().wrapping_add(HEAD);
        let len = u32::try_from(wire::WRITE_HEADER + ROOM).unwrap_or(u32::MAX);
        let read = opcode::Read::new(fd, at, len).offset(u64::MAX).build();
        let events = u32::from(libc::POLLIN.cast_unsigned()) | EXCLUSIVE;
        let poll = opcode::PollAdd::new(fd, events).build().flags(Flags::IO_LINK);
        self.push(poll, POLL, queue);
        self.push(read, number, queue);
        true
    }

    /// Sees to it that requests are read.
    fn read_on(&mut self, queue: &mut PortCx<'_>) {
        while !self.is_gone && self.waits < WAITS && self.read(queue) {
            self.waits += 1;
        }
        if self.waits == 0 && !self.is_gone {
            self.wait(queue);
        }
    }

    /// A read ended.
    fn has_read(&mut self, number: u32, result: i32, queue: &mut PortCx<'_>) {
        self.waits = self.waits.saturating_sub(1);
        if let Ok(len) = usize::try_from(result) {
            self.serve(number, len, queue);
        } else {
            self.release(number);
            self.is_gone |= is_end(result);
        }
        self.read_on(queue);
    }

    /// Has the server say what to do with a request.
    fn serve(&mut self, number: u32, len: usize, queue: &mut PortCx<'_>) {
        let server = Arc::clone(&self.server);
        let Some(slot) = self.slot(number) else { return };
        let Some(memory) = &slot.memory else { return };
        let head = &memory.page[HEAD..][..len.min(wire::WRITE_HEADER)];
        let rest = &memory.data[..len.saturating_sub(wire::WRITE_HEADER).min(ROOM)];
        slot.unique = wire::Header::decode(head, len).map_or(0, |header| header.unique);
        match server.serve(head, rest) {
            Action::None => self.release(number),
            Action::Later => {
                slot.phase = Phase::Later(len);
                self.later.push(number);
                self.wait(queue);
            }
            Action::Submit { device, sector, what } => {
                if let Some(io) = slot.begin(sector, what) {
                    self.under_way += 1;
                    queue.submit(&device, io, number);
                }
            }
        }
    }

    /// Begins to wait before what could not be done is tried again.
    fn wait(&mut self, queue: &mut PortCx<'_>) {
        if !mem::replace(&mut self.is_timed, true) {
            let entry = opcode::Timeout::new(&raw const *self.timer).build();
            self.push(entry, TIMER, queue);
        }
    }

    fn look_again(&mut self, queue: &mut PortCx<'_>) {
        self.is_timed = false;
        for number in mem::take(&mut self.later) {
            let is_gone = self.is_gone;
            match self.slot(number).map(|slot| &slot.phase) {
                Some(&Phase::Later(len)) if !is_gone => self.serve(number, len, queue),
                _ => self.release(number),
            }
        }
        self.read_on(queue);
    }

    /// Sends an answer that lies in a slot's memory.
    fn send(&mut self, number: u32, at: usize, len: u32, queue: &mut PortCx<'_>) {
        let fd = self.fd();
        let Some(slot) = self.slot(number) else { return };
        let Some(memory) = &mut slot.memory else { return };
        slot.phase = Phase::Answering { at, len };
        let from = memory.page.pointer().wrapping_add(at).cast_const();
        let entry = opcode::Write::new(fd, from, len).offset(u64::MAX).build();
        self.push(entry, number, queue);
    }
}

impl<T> Slot<T> {
    /// Hands the slot's memory to a request, as far as that needs it.
    fn begin(&mut self, sector: Sectors, what: What<T>) -> Option<Io> {
        let memory = self.memory.take()?;
        let (op, flags) = match what {
            What::Read(len) => {
                let (buf, rest) = memory.data.split_at(len as usize);
                self.phase = Phase::DeviceReads { page: memory.page, rest, len };
                (Op::Read(buf), IoFlags::empty())
            }
            What::Write { len, flags, held } => {
                let data = memory.data.freeze();
                let buf = data.slice(0..len as usize);
                self.phase = Phase::DeviceWrites { page: memory.page, data, len, held };
                (Op::Write(buf), flags)
            }
            What::Flush => {
                self.memory = Some(memory);
                self.phase = Phase::DeviceFlushes;
                (Op::Flush, IoFlags::empty())
            }
        };
        Some(Io { sector, op, flags })
    }

    /// Takes the slot's memory back; where its answer begins, and how long it is.
    fn end(&mut self, done: Done) -> Option<(usize, u32)> {
        let mut result = done.result;
        let (mut memory, len, is_read) = match mem::replace(&mut self.phase, Phase::Free) {
            Phase::DeviceReads { page, rest, len } => {
                let (memory, is_there) = put_back(page, rest, done.buf, len as usize);
                if !is_there {
                    result = result.and(Err(Errno::EIO));
                }
                (memory, len, true)
            }
            Phase::DeviceWrites { page, data, len, held } => {
                // Who is next in the range may begin before this is answered.
                drop(held);
                // Somebody may still have a handle on what was written.
                let memory = match data.thaw() {
                    Ok(data) => Memory { page, data },
                    Err(_) => Memory::without_data(page),
                };
                (memory, len, false)
            }
            _ => (self.memory.take()?, 0, false),
        };
        let answer = write_answer(&mut memory.page, self.unique, result.map(|()| (len, is_read)));
        self.memory = Some(memory);
        Some(answer)
    }
}

/// Writes an answer into its page, to a read of so many bytes or a request of any other kind that worked, or else
/// the error; where it begins, and how long it is.
fn write_answer(
    page: &mut BufMut,
    unique: u64,
    result: Result<(u32, bool), Errno>,
) -> (usize, u32) {
    if let Ok((len, true)) = result {
        page[ANSWER..].copy_from_slice(&answer::header(unique, Ok(len as usize)));
        return (ANSWER, len.saturating_add(HEADER_LEN));
    }
    let written = answer::written(result.map_or(0, |(len, _)| len));
    let content = if matches!(result, Ok((1.., _))) { &written[..] } else { &[] };
    let header = answer::header(unique, result.map(|_| content.len()));
    page[..answer::HEADER].copy_from_slice(&header);
    page[answer::HEADER..][..content.len()].copy_from_slice(content);
    (0, if content.is_empty() { HEADER_LEN } else { HEADER_LEN + 8 })
}

/// Puts a slot's memory together again after a read, and says whether what was read is in it. A device may have
/// answered with memory of its own.
fn put_back(page: BufMut, rest: BufMut, buf: Option<BufMut>, len: usize) -> (Memory, bool) {
    let other = match buf.map(|buf| buf.join(rest)) {
        Some(Ok(data)) => return (Memory { page, data }, true),
        Some(Err((other, _))) => other,
        None => return (Memory::without_data(page), false),
    };
    let Some(mut memory) = Memory::new() else { return (Memory::without_data(page), false) };
    match (memory.data.get_mut(..len), other.get(..len)) {
        (Some(to), Some(from)) => to.copy_from_slice(from),
        _ => return (memory, false),
    }
    (memory, true)
}

/// Whether nothing can be read any more.
fn is_end(result: i32) -> bool {
    let errno = result.saturating_neg();
    match errno {
        libc::EAGAIN | libc::EINTR | libc::ECANCELED | libc::ENOMEM | libc::ENOENT => false,
        libc::ENODEV | libc::ECONNABORTED => true,
        _ => {
            tracing::error!(errno, "a FUSE connection cannot be read");
            true
        }
    }
}

impl<S: Server> Port for Channel<S> {
    fn start(&mut self, queue: &mut PortCx<'_>) {
        self.read_on(queue);
    }

    fn completed(&mut self, token: u32, result: i32, queue: &mut PortCx<'_>) {
        self.under_way = self.under_way.saturating_sub(1);
        match token {
            // The read that is linked to it tells.
            POLL => {}
            TIMER => self.look_again(queue),
            number => match self.slot(number).map(|slot| &slot.phase) {
                Some(Phase::Reading) => self.has_read(number, result, queue),
                Some(&Phase::Answering { at, len }) if is_passing(result) => {
                    self.send(number, at, len, queue);
                }
                _ => self.release(number),
            },
        }
    }

    fn answered(&mut self, token: u32, done: Done, queue: &mut PortCx<'_>) {
        self.under_way = self.under_way.saturating_sub(1);
        match self.slot(token).and_then(|slot| slot.end(done)) {
            Some((at, len)) => self.send(token, at, len, queue),
            None => self.release(token),
        }
    }

    fn is_over(&self) -> bool {
        self.is_gone && self.under_way == 0
    }
}

/// Whether an answer could not be taken just now. A request that is not there any more is no such case: who
/// asked was killed.
fn is_passing(result: i32) -> bool {
    matches!(result.saturating_neg(), libc::EAGAIN | libc::EINTR | libc::ENOMEM)
}
