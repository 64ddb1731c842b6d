//! The buffers of a queue's tags, each of the longest request's length.
//!
//! ```text
//! at first                 a part of one mapping in small pages: what is not touched takes no memory
//! from a long request on   a part of a huge page, for good
//! ```
//!
//! The kernel goes through a buffer's pages twice for each request, once for the driver's copy and once for the
//! disk's, and finds, holds and lets go of each: of a long request in small pages that is a quarter of all work
//! (`docs/performance.md`). But most tags never have a long request, and many devices are only looked at: a huge
//! page for each would be too much.

use std::io;

use crate::io::request::BufMut;
use crate::ring::memory::HUGE_PAGE;

/// What counts as a long request, in bytes.
const LONG: u32 = 128 << 10;

/// How many long requests of a queue leave it as it is: who only looks at a device, as udev does, has no more.
const LOOKS: u8 = 64;

/// See the module's page.
pub(super) struct Buffers {
    /// How long a buffer is.
    room: usize,
    /// How many of the looks are left.
    looks: u8,
    /// Which tags have had their second buffer.
    moved: Vec<bool>,
    /// What is left of the last huge page.
    rest: Option<BufMut>,
}

impl Buffers {
    /// For a queue with `depth` tags; its first buffers.
    ///
    /// # Errors
    ///
    /// What `mmap(2)` says.
    pub(super) fn new(depth: u16, room: usize) -> io::Result<(Self, Vec<BufMut>)> {
        let depth = usize::from(depth);
        let mut rest = BufMut::untouched(room.saturating_mul(depth))?;
        let mut first = Vec::with_capacity(depth);
        for _ in 0..depth {
            let (buffer, tail) = rest.split_at(room);
            first.push(buffer.into_own_block());
            rest = tail;
        }
        Ok((Self { room, looks: LOOKS, moved: vec![false; depth], rest: None }, first))
    }

    /// How long a buffer is.
    pub(super) fn room(&self) -> usize {
        self.room
    }

    /// The buffer for a tag to go on with that has a request of `len` bytes: `buffer`, unless another serves it
    /// better. There must be nothing in `buffer` that anybody still wants.
    pub(super) fn best(&mut self, tag: u16, buffer: BufMut, len: u32) -> BufMut {
        if len < LONG {
            return buffer;
        }
        if self.looks != 0 {
            self.looks -= 1;
            return buffer;
        }
        match self.moved.get_mut(usize::from(tag)) {
            Some(moved) if !*moved => *moved = true,
            _ => return buffer,
        }
        match self.part_of_huge() {
            Ok(better) => {
                buffer.give_back();
                better
            }
            Err(error) => {
                tracing::debug!(%error, tag, "no huge page");
                buffer
            }
        }
    }

    fn part_of_huge(&mut self) -> io::Result<BufMut> {
        let rest = match self.rest.take().filter(|rest| rest.len() >= self.room) {
            Some(rest) => rest,
            None => BufMut::in_huge_pages(self.room.next_multiple_of(HUGE_PAGE))?,
        };
        let (part, tail) = rest.split_at(self.room);
        self.rest = Some(tail);
        Ok(part.into_own_block())
    }
}

/// A buffer in the place of one that did not come back whole.
pub(super) fn another(room: usize) -> BufMut {
    BufMut::untouched(room).unwrap_or_else(|_| BufMut::zeroed(room))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: usize = 512 << 10;

    /// Those of a queue that is in use.
    fn in_use(depth: u16) -> (Buffers, Vec<BufMut>) {
        let (buffers, first) = Buffers::new(depth, ROOM).unwrap();
        (Buffers { looks: 0, ..buffers }, first)
    }

    #[test]
    fn a_device_that_is_only_looked_at_stays_in_small_pages() {
        let (mut buffers, mut first) = Buffers::new(1, ROOM).unwrap();
        let (mut buffer, at) = (first.remove(0), |buffer: &BufMut| buffer.as_ptr().addr());
        let before = at(&buffer);
        for _ in 0..LOOKS {
            buffer = buffers.best(0, buffer, LONG);
        }
        assert_eq!(at(&buffer), before);
        buffer = buffers.best(0, buffer, LONG);
        assert_ne!(at(&buffer), before);
    }

    #[test]
    fn the_first_buffers_lie_in_one_mapping_and_thaw_each_by_itself() {
        let (_, mut buffers) = Buffers::new(4, 8192).unwrap();
        let last = buffers.pop().unwrap();
        assert_eq!((last.len(), buffers.len()), (8192, 3));
        assert!(last.freeze().thaw().is_ok());
    }

    #[test]
    fn a_tag_moves_once_at_its_first_long_request() {
        let (mut buffers, mut first) = in_use(2);
        let (mut buffer, at) = (first.remove(0), first[0].as_ptr());
        buffer[0] = 1;
        let mut buffer = buffers.best(0, buffer, LONG - 512);
        assert_eq!(buffer[0], 1, "it is the same");
        buffer = buffers.best(0, buffer, LONG);
        assert_eq!((buffer[0], buffer.len()), (0, ROOM));
        buffer[0] = 2;
        buffer = buffers.best(0, buffer, LONG);
        assert_eq!(buffer[0], 2);
        assert!(buffer.freeze().thaw().is_ok());
        assert_eq!(first[0].as_ptr(), at, "the other tag has its own still");
    }

    #[test]
    fn four_tags_share_a_huge_page_and_a_fifth_gets_another() {
        let (mut buffers, first) = in_use(5);
        let moved: Vec<_> =
            (0..).zip(first).map(|(tag, buffer)| buffers.best(tag, buffer, LONG)).collect();
        let at = |number: usize| moved[number].as_ptr().addr();
        assert_eq!((at(0) % HUGE_PAGE, at(4) % HUGE_PAGE), (0, 0));
        assert_eq!([at(1), at(2), at(3)], [1, 2, 3].map(|n| at(0) + n * ROOM));
        assert_ne!(at(0), at(4));
    }
}
