//! One queue of one ublk device: a port that fetches requests, hands them to a mapped device, and commits their
//! results.
//!
//! ```text
//! fetch ─► (driver) ─► request ─► MappedDevice ─► result ─► commit and fetch ─► (driver) ...   ─► gone
//! ```
//!
//! Every tag has a [buffer](super::buffers) of the longest request's length. The driver copies a write's data
//! into the one that it was given with the commit before, and a read's out of the one that it is given with the
//! read's own commit. While a tag is with the driver, its buffer is the driver's.
//!
//! # Source
//!
//! `Documentation/block/ublk.rst` and `drivers/block/ublk_drv.c` in the kernel, 6.12.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd as _;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use dm_core::errno::Errno;
use dm_core::units::{SECTOR_SHIFT, Sectors};
use io_uring::{opcode, types};
use zerocopy::IntoBytes as _;

use super::buffers::{Buffers, another};
use super::rights;
use super::wire::{self, IoCommand, IoDescriptor, io_flags, op};
use crate::io::request::{Buf, BufMut, Done, Io, IoFlags, Op};
use crate::mapped::MappedDevice;
use crate::ring::port::{Port, PortCx};
use crate::ring::queue::Queues;

/// The longest request, in bytes.
pub(crate) const MAX_REQUEST: u32 = 512 << 10;

/// How many requests of a queue are served at a time.
pub(crate) const DEPTH: u16 = 128;

/// What a device's queues share with whoever started them.
#[derive(Debug, Default)]
pub(crate) struct Serving {
    /// How many ports there are.
    ports: Mutex<usize>,
    fewer: Condvar,
    /// Every write is to be on stable storage before it is answered.
    all_durable: AtomicBool,
}

impl Serving {
    /// Has every write be on stable storage before it is answered, or no longer: for a table whose writes may
    /// be lost before a flush on a device that was started without flushes.
    pub(crate) fn set_all_durable(&self, yes: bool) {
        self.all_durable.store(yes, Ordering::Relaxed);
    }

    /// Waits until there is no port any more; false when there still is after `limit`.
    pub(crate) fn wait_over(&self, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        let mut ports = self.ports.lock().unwrap_or_else(PoisonError::into_inner);
        while *ports != 0 {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            let woken = self.fewer.wait_timeout(ports, left);
            ports = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    fn count(&self, change: impl FnOnce(usize) -> usize) {
        let mut ports = self.ports.lock().unwrap_or_else(PoisonError::into_inner);
        *ports = change(*ports);
        self.fewer.notify_all();
    }
}

/// A port's place among its device's.
struct Place(Arc<Serving>);

impl Place {
    fn take(serving: &Arc<Serving>) -> Self {
        serving.count(|ports| ports.saturating_add(1));
        Self(Arc::clone(serving))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.count(|ports| ports.saturating_sub(1));
    }
}

/// A device to be served.
pub(crate) struct Device<'a> {
    /// `/dev/ublkc<N>`, open.
    pub(crate) node: &'a Arc<File>,
    /// How many queues it has.
    pub(crate) queues: u16,
    /// How many tags a queue has.
    pub(crate) depth: u16,
    /// The longest request, in bytes.
    pub(crate) max_request: u32,
    /// What serves its requests.
    pub(crate) mapped: &'a Arc<MappedDevice>,
    /// What its queues share.
    pub(crate) serving: &'a Arc<Serving>,
}

impl Device<'_> {
    /// Has its queues served: queue `i` by thread `i`, and so on from the first thread again.
    ///
    /// # Errors
    ///
    /// What mapping the driver's descriptors, or memory for the requests, says; no queue is served then.
    pub(crate) fn attach(&self, queues: &Queues) -> io::Result<()> {
        let made: io::Result<Vec<_>> = (0..self.queues).map(|queue| self.parts(queue)).collect();
        for parts in made? {
            let number = usize::from(parts.queue) % queues.count().max(1);
            queues.attach(number, Box::new(move || Box::new(QueuePort::new(parts))));
        }
        Ok(())
    }

    fn parts(&self, queue: u16) -> io::Result<Parts> {
        Ok(Parts {
            place: Place::take(self.serving),
            node: Arc::clone(self.node),
            queue,
            descriptors: Descriptors::map(self.node, queue, self.depth)?,
            mapped: Arc::clone(self.mapped),
            buffers: Buffers::new(self.depth, self.max_request as usize)?,
        })
    }
}

/// What a port is made of, on its way to its thread.
struct Parts {
    node: Arc<File>,
    queue: u16,
    descriptors: Descriptors,
    mapped: Arc<MappedDevice>,
    buffers: (Buffers, Vec<BufMut>),
    /// Last: whoever waits for the port's end finds nothing of it left.
    place: Place,
}

/// A queue's descriptors: memory that the driver writes.
struct Descriptors {
    start: NonNull<IoDescriptor>,
    bytes: usize,
    count: u16,
}

// SAFETY: a mapping belongs to the process, and is only read.
unsafe impl Send for Descriptors {}

impl Descriptors {
    fn map(node: &File, queue: u16, depth: u16) -> io::Result<Self> {
        let bytes = usize::try_from(wire::descriptors_len(u64::from(depth))).unwrap_or(usize::MAX);
        let at = i64::try_from(wire::descriptors_at(queue)).unwrap_or(i64::MAX);
        let (fd, flags) = (node.as_raw_fd(), libc::MAP_SHARED | libc::MAP_POPULATE);
        // SAFETY: asks for a mapping at no address in particular, of a file that is open.
        let start =
            unsafe { libc::mmap(std::ptr::null_mut(), bytes, libc::PROT_READ, flags, fd, at) };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let start = NonNull::new(start.cast()).ok_or(io::ErrorKind::OutOfMemory)?;
        Ok(Self { start, bytes, count: depth })
    }

    /// What the request of a tag is, which is not with the driver.
    fn read(&self, tag: u16) -> Option<IoDescriptor> {
        if tag >= self.count {
            return None;
        }
        let at = self.start.as_ptr().wrapping_add(usize::from(tag));
        // SAFETY: within the mapping; the driver wrote it before it told of the request, and does not again
        // before the result is committed.
        Some(unsafe { at.read_volatile() })
    }
}

impl Drop for Descriptors {
    fn drop(&mut self) {
        // SAFETY: mapped with this length, and nobody refers to it any more.
        unsafe { libc::munmap(self.start.as_ptr().cast(), self.bytes) };
    }
}

/// Where a tag is, and its buffer.
enum Tag {
    /// With the driver, which may write to the buffer.
    Waits(BufMut),
    /// Its request is served: a read, which has so many bytes of the buffer.
    Reads(BufMut, u32),
    /// A write of so many bytes of the buffer.
    Writes(Buf, u32),
    /// Anything else.
    Works(BufMut),
    /// The driver has taken it back.
    Gone,
}

/// See the module's page.
struct QueuePort {
    node: Arc<File>,
    queue: u16,
    descriptors: Descriptors,
    mapped: Arc<MappedDevice>,
    tags: Vec<Tag>,
    buffers: Buffers,
    /// How many of the tags are not gone.
    left: usize,
    place: Place,
}

impl QueuePort {
    fn new(parts: Parts) -> Self {
        let Parts { node, queue, descriptors, mapped, buffers, place } = parts;
        let (buffers, first) = buffers;
        let left = first.len();
        let tags = first.into_iter().map(Tag::Waits).collect();
        Self { node, queue, descriptors, mapped, tags, buffers, left, place }
    }

    /// Gives a tag and its buffer to the driver.
    fn hand_over(&mut self, tag: u16, code: u32, result: i32, queue: &mut PortCx<'_>) {
        let Some(Tag::Waits(buffer)) = self.tags.get_mut(usize::from(tag)) else { return };
        let command = IoCommand { q_id: self.queue, tag, result, addr: buffer.pointer() as u64 };
        let mut area = [0; 16];
        area.copy_from_slice(command.as_bytes());
        let fd = types::Fd(self.node.as_raw_fd());
        let entry = opcode::UringCmd16::new(fd, code).cmd(area).build();
        // SAFETY: the file is the port's, and so is the buffer, which nobody touches while the tag waits (R5).
        unsafe { queue.push(entry, u32::from(tag)) };
    }

    /// Commits a result, and the tag waits for its next request.
    fn commit(&mut self, tag: u16, buffer: BufMut, result: i32, queue: &mut PortCx<'_>) {
        if let Some(place) = self.tags.get_mut(usize::from(tag)) {
            *place = Tag::Waits(buffer);
            self.hand_over(tag, wire::COMMIT_AND_FETCH, result, queue);
        }
    }

    /// Begins to serve the request that has come for a tag.
    fn begin(&mut self, tag: u16, queue: &mut PortCx<'_>) {
        let Some(place) = self.tags.get_mut(usize::from(tag)) else { return };
        let Some(descriptor) = self.descriptors.read(tag) else { return };
        let Tag::Waits(buffer) = std::mem::replace(place, Tag::Gone) else { return };
        let buffer = self.buffers.best(tag, buffer, read_len(&descriptor));
        let durable = self.place.0.all_durable.load(Ordering::Relaxed);
        match split(&descriptor, buffer, durable) {
            Ok((io, waits)) => {
                *place = waits;
                queue.submit(&self.mapped, io, u32::from(tag));
            }
            Err((buffer, errno)) => self.commit(tag, buffer, -errno.get(), queue),
        }
    }

    /// The driver has taken a tag back.
    fn retire(&mut self, tag: u16, result: i32) {
        let Some(place) = self.tags.get_mut(usize::from(tag)) else { return };
        if result != -libc::ENODEV {
            let errno = Errno::new(result.saturating_neg());
            tracing::error!(queue = self.queue, tag, %errno, "the ublk driver refuses a tag");
        }
        if !matches!(std::mem::replace(place, Tag::Gone), Tag::Gone) {
            self.left = self.left.saturating_sub(1);
        }
    }
}

/// The request that a descriptor tells of, and what the tag keeps meanwhile.
///
/// # Errors
///
/// The buffer comes back: `EIO` for a transfer of nothing, or of more than the buffer holds; `EOPNOTSUPP` for
/// an operation that was never offered.
fn split(
    descriptor: &IoDescriptor,
    buffer: BufMut,
    durable: bool,
) -> Result<(Io, Tag), (BufMut, Errno)> {
    let count = Sectors::new(u64::from(descriptor.nr_sectors));
    let mut flags = flags_of(descriptor.op_flags);
    let (op, tag) = match descriptor.op_flags & op::MASK {
        kind @ (op::READ | op::WRITE) => {
            let Some(len) = transfer(descriptor.nr_sectors, buffer.len()) else {
                return Err((buffer, Errno::EIO));
            };
            if kind == op::READ {
                let (head, rest) = buffer.split_at(len as usize);
                (Op::Read(head), Tag::Reads(rest, len))
            } else {
                flags.set(IoFlags::FUA, durable || flags.contains(IoFlags::FUA));
                let whole = buffer.freeze();
                (Op::Write(whole.slice(0..len as usize)), Tag::Writes(whole, len))
            }
        }
        op::FLUSH => (Op::Flush, Tag::Works(buffer)),
        op::DISCARD => (Op::Discard(count), Tag::Works(buffer)),
        // Where no flush ever comes, the zeroes are to come as writes.
        op::WRITE_ZEROES if !durable => (Op::WriteZeroes(count), Tag::Works(buffer)),
        _ => return Err((buffer, Errno::EOPNOTSUPP)),
    };
    Ok((Io { sector: Sectors::new(descriptor.start_sector), op, flags }, tag))
}

/// How many bytes a request reads. Only of a read does the driver take another buffer than it was given with the
/// commit before.
fn read_len(descriptor: &IoDescriptor) -> u32 {
    let reads = descriptor.op_flags & op::MASK == op::READ;
    if reads { descriptor.nr_sectors.saturating_mul(1 << SECTOR_SHIFT) } else { 0 }
}

/// How many bytes a transfer moves, if there are any and the buffer holds them. One of nothing would be answered
/// with a count of nothing, and then come again for ever.
fn transfer(sectors: u32, room: usize) -> Option<u32> {
    let len = sectors.checked_mul(1 << SECTOR_SHIFT)?;
    (len != 0 && len as usize <= room).then_some(len)
}

fn flags_of(word: u32) -> IoFlags {
    let mut flags = IoFlags::empty();
    flags.set(IoFlags::FUA, word & io_flags::FUA != 0);
    flags.set(IoFlags::META, word & io_flags::META != 0);
    flags.set(IoFlags::NOUNMAP, word & io_flags::NOUNMAP != 0);
    flags
}

/// What is committed for a request that moves `len` bytes.
fn result_of(result: Result<(), Errno>, len: u32) -> i32 {
    match result {
        Ok(()) => i32::try_from(len).unwrap_or(i32::MAX),
        // The block layer would ask again at once.
        Err(Errno::EAGAIN) => -Errno::EIO.get(),
        Err(errno) => -errno.get(),
    }
}

impl QueuePort {
    /// What is to be committed for a tag whose request was answered, and the tag's buffer.
    fn close(&mut self, tag: u16, done: Done) -> Option<(BufMut, i32)> {
        let place = self.tags.get_mut(usize::from(tag))?;
        let room = self.buffers.room();
        match std::mem::replace(place, Tag::Gone) {
            Tag::Reads(rest, len) => {
                let whole = done.buf.and_then(|head| head.join(rest).ok());
                let whole = whole.filter(|whole| whole.len() == room);
                let result = if whole.is_some() { done.result } else { Err(Errno::EIO) };
                Some((whole.unwrap_or_else(|| another(room)), result_of(result, len)))
            }
            Tag::Writes(whole, len) => {
                // Who still holds the data keeps it: the tag gets another buffer.
                let buffer = whole.thaw().unwrap_or_else(|_| another(room));
                let buffer = self.buffers.best(tag, buffer, len);
                Some((buffer, result_of(done.result, len)))
            }
            Tag::Works(buffer) => Some((buffer, result_of(done.result, 0))),
            other => {
                *place = other;
                None
            }
        }
    }
}

impl Port for QueuePort {
    fn start(&mut self, queue: &mut PortCx<'_>) {
        rights::give_up_admin();
        for tag in 0..self.descriptors.count {
            self.hand_over(tag, wire::FETCH, 0, queue);
        }
    }

    fn completed(&mut self, token: u32, result: i32, queue: &mut PortCx<'_>) {
        let Ok(tag) = u16::try_from(token) else { return };
        if result == wire::REQUEST { self.begin(tag, queue) } else { self.retire(tag, result) }
    }

    fn answered(&mut self, token: u32, done: Done, queue: &mut PortCx<'_>) {
        let Ok(tag) = u16::try_from(token) else { return };
        if let Some((buffer, result)) = self.close(tag, done) {
            self.commit(tag, buffer, result, queue);
        }
    }

    fn is_over(&self) -> bool {
        self.left == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn descriptor(op_flags: u32, nr_sectors: u32) -> IoDescriptor {
        IoDescriptor { op_flags, nr_sectors, start_sector: 7, addr: 0 }
    }

    fn buffer() -> BufMut {
        BufMut::zeroed(4096)
    }

    #[test]
    fn a_transfer_takes_the_front_of_the_buffer_and_the_tag_keeps_the_rest() {
        let (io, tag) = split(&descriptor(op::READ, 3), buffer(), false).ok().unwrap();
        let Op::Read(head) = io.op else { panic!("no read") };
        let Tag::Reads(rest, 1536) = tag else { panic!("not kept") };
        assert_eq!((head.len(), io.sector), (1536, Sectors::new(7)));
        assert_eq!(head.join(rest).unwrap().len(), 4096);
        let (io, tag) = split(&descriptor(op::WRITE, 8), buffer(), false).ok().unwrap();
        let Op::Write(data) = io.op else { panic!("no write") };
        let Tag::Writes(whole, 4096) = tag else { panic!("not kept") };
        let whole = whole.thaw().unwrap_err();
        assert_eq!(data.len(), 4096);
        drop(data);
        assert!(whole.thaw().is_ok());
    }

    #[test]
    fn nothing_and_too_much_are_errors() {
        for sectors in [0, 9, u32::MAX] {
            for kind in [op::READ, op::WRITE] {
                let refused = split(&descriptor(kind, sectors), buffer(), false);
                assert_eq!(refused.err().map(|(_, errno)| errno), Some(Errno::EIO), "{sectors}");
            }
        }
        let refused = split(&descriptor(13, 8), buffer(), false);
        assert_eq!(refused.err().map(|(_, errno)| errno), Some(Errno::EOPNOTSUPP));
    }

    #[test]
    fn flags_come_along_and_writes_are_durable_where_no_flush_comes() {
        let flags = |word, durable| {
            split(&descriptor(word, 8), buffer(), durable).ok().map(|(io, _)| io.flags)
        };
        assert_eq!(flags(op::WRITE | 1 << 13, false), Some(IoFlags::FUA));
        assert_eq!(flags(op::WRITE_ZEROES | 1 << 15, false), Some(IoFlags::NOUNMAP));
        assert_eq!(flags(op::WRITE | 1 << 11 | 1 << 8, true), Some(IoFlags::FUA | IoFlags::META));
        assert_eq!(flags(op::READ, true), Some(IoFlags::empty()));
        assert_eq!(flags(op::WRITE_ZEROES, true), None);
    }

    #[test]
    fn a_write_is_never_answered_with_nothing_done() {
        assert_eq!(result_of(Ok(()), 4096), 4096);
        assert_eq!(result_of(Err(Errno::ENOSPC), 4096), -28);
        assert_eq!(result_of(Err(Errno::EAGAIN), 4096), -5);
    }

    #[test]
    fn a_device_is_over_when_its_ports_are() {
        let serving = Arc::new(Serving::default());
        let place = Place::take(&serving);
        assert!(!serving.wait_over(Duration::ZERO));
        drop(place);
        assert!(serving.wait_over(Duration::ZERO));
    }
}
