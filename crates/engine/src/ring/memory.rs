//! Memory for transfers: aligned for direct I/O, unique while it is filled, shared while it is written out.
//!
//! A [`BufMut`] or [`Buf`] is a range of a block that all its ranges keep alive. A read's buffer can so be
//! cut among the parts of a request and put together again without a copy.

use std::alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error};
use std::fmt;
use std::io;
use std::ops::{Deref, DerefMut, Range};
use std::ptr::NonNull;
use std::slice;
use std::sync::Arc;

use dm_core::units::{SECTOR_SHIFT, Sectors};

/// Every block begins at a multiple of this, in bytes: a page, which is enough for direct I/O on any disk.
pub const ALIGNMENT: usize = 4096;

/// The largest page of any system that is no huge one, in bytes.
const LARGEST_PAGE: usize = 64 << 10;

/// `madvise(2)`: pages are given back, those locked in memory too.
///
/// # Source
///
/// `include/uapi/asm-generic/mman-common.h`, from 5.18 on.
const MADV_DONTNEED_LOCKED: libc::c_int = 24;

/// A huge page, in bytes.
pub const HUGE_PAGE: usize = 2 << 20;

/// A piece of memory of its own.
struct Block {
    start: NonNull<u8>,
    /// Whose the memory is.
    owner: Owner,
}

/// Whose a block's memory is; it goes with its owner.
enum Owner {
    /// The allocator's.
    Heap { _memory: Heap },
    /// A mapping of its own.
    Mapping { _memory: Mapping },
    /// Another block's, a range of which nobody else has.
    Part { of: Arc<Block> },
}

/// Memory of the allocator's.
struct Heap {
    start: NonNull<u8>,
    layout: Layout,
}

/// Memory that was asked of the system itself.
struct Mapping {
    start: NonNull<u8>,
    len: usize,
}

impl Mapping {
    /// `len` bytes of zeros, not zero, none of which takes a page before it is touched.
    fn new(len: usize) -> io::Result<Self> {
        let mapping = Self::map(len)?;
        // Otherwise the first byte touched may take two megabytes. Where it does, that is all.
        mapping.advise(0..len, libc::MADV_NOHUGEPAGE);
        Ok(mapping)
    }

    fn map(len: usize) -> io::Result<Self> {
        let (rights, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE);
        let flags = flags | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
        // SAFETY: asks for new memory, at no address in particular.
        let start = unsafe { libc::mmap(std::ptr::null_mut(), len, rights, flags, -1, 0) };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let start = NonNull::new(start.cast()).ok_or(io::ErrorKind::OutOfMemory)?;
        Ok(Self { start, len })
    }

    /// Says how a range of it is to be paged; a system that does not know of this goes on without.
    fn advise(&self, range: Range<usize>, how: libc::c_int) {
        let at = self.start.as_ptr().wrapping_add(range.start);
        // SAFETY: within the mapping; `how` changes what backs the range, not what is in it.
        let _ = unsafe { libc::madvise(at.cast(), range.len(), how) };
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: mapped with this length, and nothing refers to it any more (M1).
        unsafe { libc::munmap(self.start.as_ptr().cast(), self.len) };
    }
}

// SAFETY: a block is plain memory; who may touch which of its bytes is what M2 says of its ranges.
unsafe impl Send for Block {}
// SAFETY: as for `Send`; a shared block hands out nothing but a pointer.
unsafe impl Sync for Block {}

impl Block {
    /// At least `len` bytes of zeros.
    fn zeroed(len: usize) -> Arc<Self> {
        let size = len.max(1).next_multiple_of(ALIGNMENT);
        let layout = Layout::from_size_align(size, ALIGNMENT).unwrap_or_else(|_| too_long());
        // SAFETY: the size is not zero (M1).
        let start = unsafe { alloc_zeroed(layout) };
        let start = NonNull::new(start).unwrap_or_else(|| handle_alloc_error(layout));
        Arc::new(Self { start, owner: Owner::Heap { _memory: Heap { start, layout } } })
    }

    fn pointer(&self, at: usize) -> *mut u8 {
        self.start.as_ptr().wrapping_add(at)
    }

    fn is_mapped(&self) -> bool {
        match &self.owner {
            Owner::Heap { .. } => false,
            Owner::Mapping { .. } => true,
            Owner::Part { of } => of.is_mapped(),
        }
    }
}

/// A length that no address space holds fails as any allocation does that cannot be met.
fn too_long() -> ! {
    handle_alloc_error(Layout::new::<Block>())
}

impl Drop for Heap {
    fn drop(&mut self) {
        // SAFETY: allocated with this layout, and nothing refers to it any more (M1).
        unsafe { dealloc(self.start.as_ptr(), self.layout) }
    }
}

/// Memory that one owner fills.
pub struct BufMut {
    block: Arc<Block>,
    range: Range<usize>,
}

/// Memory that does not change, in as many hands as like.
#[derive(Clone)]
pub struct Buf {
    block: Arc<Block>,
    range: Range<usize>,
}

impl BufMut {
    /// `len` bytes of zeros, from an aligned address on.
    pub fn zeroed(len: usize) -> Self {
        Self { block: Block::zeroed(len), range: 0..len }
    }

    /// The same, large and mostly not needed: a page of it takes memory only once it is touched.
    ///
    /// # Errors
    ///
    /// What `mmap(2)` says.
    pub fn untouched(len: usize) -> io::Result<Self> {
        let memory = Mapping::new(len.max(1).next_multiple_of(ALIGNMENT))?;
        let (start, range) = (memory.start, 0..len);
        let block = Block { start, owner: Owner::Mapping { _memory: memory } };
        Ok(Self { block: Arc::new(block), range })
    }

    /// The same, to be touched in long runs: in huge pages, where the system has any to spare. The first byte
    /// touched of one takes it whole.
    ///
    /// # Errors
    ///
    /// What `mmap(2)` says.
    pub fn in_huge_pages(len: usize) -> io::Result<Self> {
        let whole = len.max(1).next_multiple_of(HUGE_PAGE);
        // The system need not begin a mapping at a huge page; what is too much is never touched.
        let memory = Mapping::map(whole.saturating_add(HUGE_PAGE))?;
        let skipped = memory.start.as_ptr().align_offset(HUGE_PAGE).min(HUGE_PAGE);
        memory.advise(skipped..skipped + whole, libc::MADV_HUGEPAGE);
        let block = Block { start: memory.start, owner: Owner::Mapping { _memory: memory } };
        Ok(Self { block: Arc::new(block), range: skipped..skipped + len })
    }

    /// A copy of `bytes`, at an aligned address.
    pub fn copy_of(bytes: &[u8]) -> Self {
        let mut buf = Self::zeroed(bytes.len());
        buf.copy_from_slice(bytes);
        buf
    }

    /// How many whole sectors it holds.
    pub fn sectors(&self) -> Sectors {
        whole_sectors(self.range.len())
    }

    /// Cuts it: its first `at` bytes, and the rest. All of it comes first when it has no more than `at`.
    pub fn split_at(self, at: usize) -> (Self, Self) {
        let middle = self.range.start + at.min(self.range.len());
        let tail = Self { block: Arc::clone(&self.block), range: middle..self.range.end };
        (Self { block: self.block, range: self.range.start..middle }, tail)
    }

    /// Puts together what [`BufMut::split_at`] cut.
    ///
    /// # Errors
    ///
    /// Both come back when `tail` is not what followed in the same memory.
    pub fn join(self, tail: Self) -> Result<Self, (Self, Self)> {
        if Arc::ptr_eq(&self.block, &tail.block) && self.range.end == tail.range.start {
            let range = self.range.start..tail.range.end;
            Ok(Self { block: self.block, range })
        } else {
            Err((self, tail))
        }
    }

    /// The same memory with a count of handles of its own: what is frozen of it can be [thawed](Buf::thaw)
    /// whoever has other ranges of the block that it came from.
    #[must_use]
    pub fn into_own_block(self) -> Self {
        let range = 0..self.range.len();
        let at = self.block.pointer(self.range.start);
        // A range's address is never null; were it, the memory stays where it is.
        let Some(start) = NonNull::new(at) else { return self };
        let block = Arc::new(Block { start, owner: Owner::Part { of: self.block } });
        Self { block, range }
    }

    /// Drops it for good. What is mapped of it takes no memory from now on, even while other ranges of the mapping
    /// are in use.
    pub fn give_back(mut self) {
        let (at, len) = (self.pointer(), self.range.len());
        let skipped = at.align_offset(LARGEST_PAGE).min(len);
        let whole = (len - skipped) / LARGEST_PAGE * LARGEST_PAGE;
        if self.block.is_mapped() && whole != 0 {
            let at = at.wrapping_add(skipped);
            // SAFETY: nobody has these pages but this range (M2), which goes; they are zeros again (M1).
            let _ = unsafe { libc::madvise(at.cast(), whole, MADV_DONTNEED_LOCKED) };
        }
    }

    /// Lets go of the right to change it.
    pub fn freeze(self) -> Buf {
        Buf { block: self.block, range: self.range }
    }

    /// Where its bytes are, for the kernel to fill.
    pub(super) fn pointer(&mut self) -> *mut u8 {
        self.block.pointer(self.range.start)
    }
}

impl Buf {
    /// How many whole sectors it holds.
    pub fn sectors(&self) -> Sectors {
        whole_sectors(self.range.len())
    }

    /// A part of it; what lies beyond its end is left out.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Self {
        let len = self.range.len();
        let end = range.end.min(len);
        let start = range.start.min(end);
        let range = self.range.start + start..self.range.start + end;
        Self { block: Arc::clone(&self.block), range }
    }

    /// Takes back the right to change it, which only the last handle on a block can have.
    ///
    /// # Errors
    ///
    /// It comes back while another handle on the same block is there.
    pub fn thaw(mut self) -> Result<BufMut, Self> {
        if Arc::get_mut(&mut self.block).is_some() {
            Ok(BufMut { block: self.block, range: self.range })
        } else {
            Err(self)
        }
    }

    /// Where its bytes are, for the kernel to read.
    pub(super) fn pointer(&self) -> *const u8 {
        self.block.pointer(self.range.start)
    }
}

fn whole_sectors(len: usize) -> Sectors {
    Sectors::new((len >> SECTOR_SHIFT) as u64)
}

impl Deref for BufMut {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: the range lies in the block, is initialised (M1), and has no other owner (M2).
        unsafe { slice::from_raw_parts(self.block.pointer(self.range.start), self.range.len()) }
    }
}

impl DerefMut for BufMut {
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: the range lies in the block, is initialised (M1), and has no other owner (M2).
        unsafe { slice::from_raw_parts_mut(self.block.pointer(self.range.start), self.range.len()) }
    }
}

impl Deref for Buf {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: the range lies in the block, is initialised (M1), and nobody may change it (M2).
        unsafe { slice::from_raw_parts(self.block.pointer(self.range.start), self.range.len()) }
    }
}

impl fmt::Debug for BufMut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BufMut({} bytes)", self.range.len())
    }
}

impl fmt::Debug for Buf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Buf({} bytes)", self.range.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_begins_at_a_page_and_is_zero() {
        for len in [0, 1, 512, 4096, 70_000] {
            let buf = BufMut::zeroed(len);
            assert_eq!(buf.as_ptr().align_offset(ALIGNMENT), 0, "{len}");
            assert_eq!(buf.len(), len);
            assert!(buf.iter().all(|&byte| byte == 0));
        }
        assert_eq!(BufMut::zeroed(1535).sectors(), Sectors::new(2));
    }

    #[test]
    fn memory_that_is_not_touched_yet_is_zero_and_its_own() {
        let buf = BufMut::untouched(1 << 30).unwrap();
        assert_eq!((buf.len(), buf.as_ptr().align_offset(ALIGNMENT)), (1 << 30, 0));
        let (mut head, tail) = buf.split_at(1 << 20);
        head.fill(9);
        assert_eq!((tail[0], tail[tail.len() - 1]), (0, 0));
        let tail = tail.into_own_block();
        drop(head);
        assert_eq!(tail[4096], 0);
    }

    #[test]
    fn huge_pages_begin_where_the_memory_does() {
        let mut buf = BufMut::in_huge_pages(HUGE_PAGE + 512).unwrap();
        assert_eq!((buf.len(), buf.as_ptr().align_offset(HUGE_PAGE)), (HUGE_PAGE + 512, 0));
        assert!(buf.iter().all(|&byte| byte == 0));
        buf.fill(1);
    }

    #[test]
    fn what_is_given_back_takes_no_memory_and_its_neighbours_stay() {
        let (mut head, tail) = BufMut::untouched(4 * LARGEST_PAGE).unwrap().split_at(LARGEST_PAGE);
        let (mut middle, mut tail) = tail.split_at(2 * LARGEST_PAGE);
        head.fill(1);
        middle.fill(2);
        tail.fill(3);
        middle.into_own_block().give_back();
        assert!(head.iter().all(|&byte| byte == 1) && tail.iter().all(|&byte| byte == 3));
        BufMut::zeroed(2 * LARGEST_PAGE).give_back();
    }

    #[test]
    fn what_is_cut_is_joined_again_without_moving() {
        let mut buf = BufMut::zeroed(1024);
        buf[511..513].copy_from_slice(&[1, 2]);
        let at = buf.as_ptr();
        let (mut head, mut tail) = buf.split_at(512);
        assert_eq!((head[511], tail[0]), (1, 2));
        head[0] = 3;
        tail[511] = 4;
        let buf = head.join(tail).unwrap();
        assert_eq!((buf.as_ptr(), buf.len(), buf[0], buf[1023]), (at, 1024, 3, 4));
    }

    #[test]
    fn only_the_last_handle_thaws() {
        let (head, tail) = BufMut::zeroed(8192).split_at(4096);
        let frozen = head.into_own_block().freeze();
        let part = frozen.slice(0..512);
        let frozen = frozen.thaw().unwrap_err();
        drop(part);
        let mut head = frozen.thaw().unwrap();
        head.fill(7);
        assert_eq!((head.len(), tail[0]), (4096, 0));
        assert!(tail.freeze().thaw().is_err(), "the part still holds its block");
        drop(head);
    }

    #[test]
    fn strangers_are_not_joined() {
        let (head, tail) = BufMut::zeroed(1024).split_at(512);
        let (tail, head) = tail.join(head).unwrap_err();
        let other = BufMut::zeroed(512);
        assert!(head.join(other).is_err());
        assert_eq!(tail.len(), 512);
    }

    #[test]
    fn a_cut_beyond_the_end_leaves_nothing_behind_it() {
        let (head, tail) = BufMut::zeroed(512).split_at(4096);
        assert_eq!((head.len(), tail.len()), (512, 0));
        assert_eq!(head.join(tail).unwrap().len(), 512);
    }

    #[test]
    fn a_slice_shares_and_stays_inside() {
        let buf = BufMut::copy_of(&[7; 1024]).freeze();
        let part = buf.slice(512..4096);
        drop(buf);
        assert_eq!(&*part, &[7; 512]);
        assert_eq!(part.slice(600..700).len(), 0);
        assert_eq!(part.sectors(), Sectors::new(1));
    }
}
