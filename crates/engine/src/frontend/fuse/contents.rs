//! Bytes over blocks: what a file's readers and writers ask, as requests to a device.
//!
//! A device takes whole blocks. A read is widened to them and its answer cut; a write that is not made of
//! them reads the blocks at its edges first, as [`Overlap`] allows. Nobody waits here: every function
//! returns at once, and its answer goes to a closure, on the thread that completes the request.

use std::fmt::Debug;
use std::ops::Range;
use std::sync::Arc;

use dm_core::errno::Errno;
use dm_core::units::{Bytes, Sectors};

use super::overlap::{Held, Hold, Overlap};
use crate::io::request::{Buf, BufMut, Done, Io, IoFlags, Op};
use crate::limits::Limits;

/// What a file's bytes are on.
pub(super) trait Disk: Debug + Send + Sync {
    /// How many bytes there are: whole sectors.
    fn size(&self) -> u64;

    /// What requests it takes.
    fn limits(&self) -> Limits;

    /// Starts a request; `answer` is called when it is done, on any thread.
    fn submit(&self, io: Io, answer: Box<dyn FnOnce(Done) + Send>);
}

/// The bytes of a device.
#[derive(Clone, Debug)]
pub(super) struct Contents {
    disk: Arc<dyn Disk>,
    overlap: Arc<Overlap>,
}

impl Contents {
    /// The bytes of `disk`.
    pub(super) fn new(disk: Arc<dyn Disk>) -> Self {
        Self { disk, overlap: Arc::default() }
    }

    /// How many there are.
    pub(super) fn size(&self) -> u64 {
        self.disk.size()
    }

    /// What requests the device takes.
    pub(super) fn limits(&self) -> Limits {
        self.disk.limits()
    }

    /// Whether these bytes are whole blocks of the device: then a request is about nothing else.
    pub(super) fn is_whole(&self, at: u64, len: u64) -> bool {
        let block = self.block();
        let end = at.checked_add(len);
        let is_inside = end.is_some_and(|end| end <= self.size());
        len != 0 && is_inside && at.is_multiple_of(block) && len.is_multiple_of(block)
    }

    /// Begins a write of whole blocks that need not wait for another; it lasts until the answer is dropped.
    pub(super) fn begin_write(&self, at: u64, len: u64) -> Option<Held> {
        self.overlap.try_enter(at..at.saturating_add(len))
    }

    /// Reads up to `len` bytes from `at` on: fewer at the end, none behind it.
    pub(super) fn read(
        &self,
        at: u64,
        len: u64,
        answer: impl FnOnce(Result<&[u8], Errno>) + Send + 'static,
    ) {
        let wanted = at.min(self.size())..at.saturating_add(len).min(self.size());
        if wanted.is_empty() {
            return answer(Ok(&[]));
        }
        let whole = self.widen(&wanted);
        let part = within(&wanted, whole.start);
        self.submit(&whole, Op::Read(zeroed(&whole)), IoFlags::empty(), move |done| match done {
            Done { result: Ok(()), buf: Some(buf) } => {
                answer(buf.get(part).ok_or(Errno::EIO));
            }
            Done { result, .. } => answer(Err(result.err().unwrap_or(Errno::EIO))),
        });
    }

    /// Writes `data` from `at` on: all of it, or an error. What lies behind the end is `ENOSPC`, after what
    /// lies before it has been written, as a block device has it.
    pub(super) fn write(
        &self,
        at: u64,
        data: &[u8],
        flags: IoFlags,
        answer: impl FnOnce(Result<(), Errno>) + Send + 'static,
    ) {
        let end = at.saturating_add(data.len() as u64);
        let given = at..end.min(self.size());
        let verdict = if end > self.size() { Err(Errno::ENOSPC) } else { Ok(()) };
        if given.is_empty() {
            return answer(verdict);
        }
        let whole = self.widen(&given);
        let hold = if whole == given { Hold::Shared } else { Hold::Exclusive };
        let mut buf = zeroed(&whole);
        let place = within(&given, whole.start);
        let len = place.len();
        buf[place.clone()].copy_from_slice(&data[..len]);
        let patch = Patch {
            contents: self.clone(),
            edges: edges(&given, &whole, self.block()),
            whole: whole.clone(),
            given: place,
            buf,
            flags,
            answer: Box::new(move |result: Result<(), Errno>| answer(result.and(verdict))),
        };
        self.overlap.enter(whole, hold, move |held| patch.run(held));
    }

    /// Writes zeroes over `len` bytes from `at` on, as far as there are so many.
    pub(super) fn zero(
        &self,
        at: u64,
        len: u64,
        flags: IoFlags,
        answer: impl FnOnce(Result<(), Errno>) + Send + 'static,
    ) {
        let range = at.min(self.size())..at.saturating_add(len).min(self.size());
        let block = self.block();
        let first = range.start.next_multiple_of(block);
        let last = range.end - range.end % block;
        if first >= last {
            return self.write(range.start, &zeroed(&range), IoFlags::empty(), answer);
        }
        let (head, tail) = (range.start..first, last..range.end);
        let (this, then) = (self.clone(), self.clone());
        self.write(head.start, &zeroed(&head), IoFlags::empty(), move |result| match result {
            Err(errno) => answer(Err(errno)),
            Ok(()) => this.zero_blocks(first..last, flags, move |result| match result {
                Err(errno) => answer(Err(errno)),
                Ok(()) => then.write(tail.start, &zeroed(&tail), IoFlags::empty(), answer),
            }),
        });
    }

    fn zero_blocks(
        &self,
        range: Range<u64>,
        flags: IoFlags,
        answer: impl FnOnce(Result<(), Errno>) + Send + 'static,
    ) {
        let len = Bytes::new(range.end - range.start).whole_sectors();
        let this = self.clone();
        self.overlap.enter(range.clone(), Hold::Shared, move |held| {
            this.submit(&range, Op::WriteZeroes(len), flags, move |done| {
                drop(held);
                answer(done.result);
            });
        });
    }

    fn submit(
        &self,
        range: &Range<u64>,
        op: Op,
        flags: IoFlags,
        answer: impl FnOnce(Done) + Send + 'static,
    ) {
        let sector = Bytes::new(range.start).to_sectors();
        let io = Io { sector: sector.unwrap_or(Sectors::ZERO), op, flags };
        match sector {
            Some(_) => self.disk.submit(io, Box::new(answer)),
            None => answer(io.done(Err(Errno::EINVAL))),
        }
    }

    fn block(&self) -> u64 {
        self.disk.limits().logical_block.get().max(512)
    }

    /// The whole blocks that `range` touches.
    fn widen(&self, range: &Range<u64>) -> Range<u64> {
        let block = self.block();
        let end = range.end.checked_next_multiple_of(block).unwrap_or(u64::MAX);
        range.start - range.start % block..end.min(self.size())
    }
}

/// A write on its way, in memory of whole blocks.
struct Patch {
    contents: Contents,
    /// Where the memory lies on the device.
    whole: Range<u64>,
    buf: BufMut,
    /// The part of the memory that the writer gave; positions in the memory.
    given: Range<usize>,
    /// Blocks of which the writer gave only parts, still to be read; positions in the memory.
    edges: Vec<Range<usize>>,
    flags: IoFlags,
    answer: Box<dyn FnOnce(Result<(), Errno>) + Send>,
}

impl Patch {
    /// Reads an edge if there is one left, else writes.
    fn run(mut self, held: Held) {
        let Some(edge) = self.edges.pop() else { return self.write(held) };
        let start = self.whole.start + edge.start as u64;
        let range = start..start + edge.len() as u64;
        let contents = self.contents.clone();
        contents.submit(&range, Op::Read(zeroed(&range)), IoFlags::empty(), move |done| {
            match (done.result, done.buf) {
                (Ok(()), Some(old)) => {
                    self.keep(&edge, &old);
                    self.run(held);
                }
                (result, _) => self.end(held, result.and(Err(Errno::EIO))),
            }
        });
    }

    /// Takes from `old`, the content of `edge`, what the writer did not give.
    fn keep(&mut self, edge: &Range<usize>, old: &[u8]) {
        let before = edge.start..self.given.start.clamp(edge.start, edge.end);
        let after = self.given.end.clamp(edge.start, edge.end)..edge.end;
        for part in [before, after] {
            let from = part.start - edge.start..part.end - edge.start;
            self.buf[part].copy_from_slice(&old[from]);
        }
    }

    fn write(mut self, held: Held) {
        let buf: Buf = std::mem::replace(&mut self.buf, BufMut::zeroed(0)).freeze();
        let (contents, whole, flags) = (self.contents.clone(), self.whole.clone(), self.flags);
        contents.submit(&whole, Op::Write(buf), flags, move |done| self.end(held, done.result));
    }

    /// Lets the next one in before it answers: who has the answer may count on that.
    fn end(self, held: Held, result: Result<(), Errno>) {
        drop(held);
        (self.answer)(result);
    }
}

/// The blocks at the ends of `whole` of which `given` covers only parts; positions in the memory of `whole`.
fn edges(given: &Range<u64>, whole: &Range<u64>, block: u64) -> Vec<Range<usize>> {
    let head = whole.start..(whole.start + block).min(whole.end);
    let tail = (whole.end - 1) / block * block..whole.end;
    let mut edges = Vec::new();
    if given.start > whole.start {
        edges.push(head.clone());
    }
    if given.end < whole.end && (edges.is_empty() || head != tail) {
        edges.push(tail);
    }
    edges.iter().map(|edge| within(edge, whole.start)).collect()
}

/// `range` as positions in memory that begins at `start`; requests are bounded long before `usize` is.
fn within(range: &Range<u64>, start: u64) -> Range<usize> {
    let place = |at: u64| usize::try_from(at.saturating_sub(start)).unwrap_or(usize::MAX);
    place(range.start)..place(range.end)
}

fn zeroed(range: &Range<u64>) -> BufMut {
    BufMut::zeroed(within(range, range.start).end)
}

#[cfg(test)]
mod tests;
