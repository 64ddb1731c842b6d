//! Which entries are on the log, and where: what was completed waits for a flush, what is durable gets its
//! place.
//!
//! ```text
//! write, discard ──completed──► unflushed ──a flush is sent──► taken ──it is completed──┐
//! write with FUA ──completed────────────────────────────────────────────────────────────┤
//! mark ─────────────────────────────────────────────────────────────────────────────────┤
//!                                                     log ◄──written── queue ◄──laid────┘
//! ```
//!
//! An entry is laid, in its order, when it is queued: what the status counts is that, as in the kernel, though
//! it is written a little later. One that leaves no room behind it is not laid, and no other after it.
//!
//! # Source
//!
//! `log_writes_map`, `normal_end_io` and `log_writes_kthread` in the kernel's `drivers/md/dm-log-writes.c`, 6.12.

use std::collections::VecDeque;

use dm_core::log_writes::{Block, Entry, EntryFlags};
use dm_core::units::{Bytes, Sectors};

use crate::io::request::{Buf, BufMut};

/// How much is written to the log at once, unless a single entry is longer.
const BATCH: Bytes = Bytes::new(1 << 20);

/// An entry with its data.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) entry: Entry,
    /// What was written; only a write has it.
    pub(super) data: Option<Buf>,
}

/// How far the log goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// How many entries there are.
    pub(super) entries: u64,
    /// Where the next one begins.
    pub(super) next: Sectors,
}

/// How the log stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// It is to be begun: what lies on its device is of no more use.
    New,
    /// It is to be gone on with: it goes at least as far as this.
    Back(Place),
    /// It is written to.
    Running,
}

/// What the log's writer does next.
#[derive(Debug)]
pub(super) enum Next {
    /// It begins the log.
    Begin,
    /// It looks for the end, which is not before this.
    Find(Place),
    /// It writes a batch.
    Write(Batch),
    /// Nothing is to be done.
    Nothing,
}

/// Entries that lie side by side on the log.
#[derive(Debug)]
pub(super) struct Batch {
    /// Where the first entry's block lies.
    pub(super) at: Sectors,
    /// That block. It is written last: whoever walks along the log comes to the others only through it.
    pub(super) head: Buf,
    /// What follows it, and a block of zeros, which nobody takes for an entry.
    pub(super) rest: Buf,
    /// The super block counts its entries.
    pub(super) is_counted: bool,
    /// How many entries it has.
    len: usize,
    /// How far the log goes after it.
    pub(super) end: Place,
}

/// What waits, and what has its place.
#[derive(Debug)]
pub(super) struct Order {
    block: Block,
    /// The log's size.
    size: Sectors,
    stage: Stage,
    /// It goes on. Once it does not, it never does.
    logs: bool,
    /// In the order of their completion.
    unflushed: Vec<Item>,
    /// The data of those.
    unflushed_data: Bytes,
    /// In the order in which they became durable; laid, unless the end is still looked for.
    queue: VecDeque<Item>,
    /// How far it goes with all that is laid.
    laid: Place,
    /// How far it goes.
    written: Place,
    /// How many entries were ever queued.
    queued: u64,
}

impl Order {
    /// A log of these blocks on a device of `size`.
    pub(super) fn new(block: Block, size: Sectors) -> Self {
        let place = Place { entries: 0, next: block.sectors() };
        Self {
            block,
            size,
            stage: Stage::New,
            logs: true,
            unflushed: Vec::new(),
            unflushed_data: Bytes::ZERO,
            queue: VecDeque::new(),
            laid: place,
            written: place,
            queued: 0,
        }
    }

    /// The log was begun in an earlier process, and went at least as far as `place`.
    pub(super) fn go_on_from(&mut self, place: Place) {
        (self.stage, self.laid, self.written) = (Stage::Back(place), place, place);
        // The mark that `found` puts before all others.
        self.queued = 1;
    }

    /// Whether its end is still to be found.
    pub(super) fn is_back(&self) -> bool {
        matches!(self.stage, Stage::Back(_))
    }

    /// Whether entries are taken.
    pub(super) fn logs(&self) -> bool {
        self.logs
    }

    /// How far it goes with all that has its place.
    pub(super) fn laid(&self) -> Place {
        self.laid
    }

    /// How far it goes.
    pub(super) fn written(&self) -> Place {
        self.written
    }

    /// How many entries were ever queued: when so many are settled, those that are queued now are.
    pub(super) fn queued(&self) -> u64 {
        self.queued
    }

    /// Whether the first `count` entries that were queued are written, or never will be.
    pub(super) fn is_settled(&self, count: u64) -> bool {
        let waiting = self.queue.len() as u64;
        let done = self.queued.saturating_sub(waiting) >= count;
        waiting == 0 && !self.logs || done && self.stage == Stage::Running
    }

    /// A write or discard was completed that is not durable yet. Answers with how much data waits so.
    pub(super) fn completed(&mut self, item: Item) -> Bytes {
        if self.logs {
            let len = item.data.as_ref().map_or(0, |data| data.len() as u64);
            self.unflushed_data = self.unflushed_data.saturating_add(Bytes::new(len));
            self.unflushed.push(item);
        }
        self.unflushed_data
    }

    /// A flush is about to be sent: what was completed by now becomes durable with it.
    pub(super) fn take_unflushed(&mut self) -> Vec<Item> {
        self.unflushed_data = Bytes::ZERO;
        std::mem::take(&mut self.unflushed)
    }

    /// These are durable now, in this order.
    pub(super) fn queue(&mut self, items: impl IntoIterator<Item = Item>) {
        for item in items {
            if self.logs {
                match self.stage {
                    Stage::Back(_) => self.append(item),
                    Stage::New | Stage::Running => self.lay(item),
                }
            }
        }
    }

    fn append(&mut self, item: Item) {
        self.queue.push_back(item);
        self.queued = self.queued.saturating_add(1);
    }

    fn lay(&mut self, item: Item) {
        let len = item.entry.on_log(self.block).unwrap_or(self.size);
        self.laid.next = self.laid.next.saturating_add(len);
        // The last sector is never used: the kernel leaves it free as well.
        if self.laid.next < self.size {
            self.laid.entries = self.laid.entries.saturating_add(1);
            self.append(item);
        } else {
            self.logs = false;
        }
    }

    /// What is to be done now.
    pub(super) fn next(&self) -> Next {
        if self.queue.is_empty() && !self.logs {
            return Next::Nothing;
        }
        match self.stage {
            Stage::New => Next::Begin,
            Stage::Back(place) => Next::Find(place),
            Stage::Running if self.queue.is_empty() => Next::Nothing,
            Stage::Running => Next::Write(self.batch()),
        }
    }

    fn batch(&self) -> Batch {
        let (mut bytes, mut end, mut len) = (Vec::new(), self.written, 0);
        let mut is_counted = false;
        for item in &self.queue {
            let size = item.entry.on_log(self.block).unwrap_or(Sectors::ZERO);
            let most = Sectors::to_bytes(size).unwrap_or(BATCH).get() + bytes.len() as u64;
            if is_counted || (len > 0 && most > BATCH.get()) {
                break;
            }
            bytes.extend(item.entry.to_block(self.block));
            bytes.extend_from_slice(item.data.as_deref().unwrap_or_default());
            end.entries = end.entries.saturating_add(1);
            end.next = end.next.saturating_add(size);
            is_counted = item.entry.flags.intersects(EntryFlags::FUA | EntryFlags::MARK);
            len += 1;
        }
        let block = usize::try_from(self.block.bytes().get()).unwrap_or(usize::MAX);
        if end.next.saturating_add(self.block.sectors()) <= self.size {
            bytes.resize(bytes.len().saturating_add(block), 0);
        }
        let (head, rest) = bytes.split_at(block.min(bytes.len()));
        let [head, rest] = [head, rest].map(|part| BufMut::copy_of(part).freeze());
        Batch { at: self.written.next, head, rest, is_counted, len, end }
    }

    /// The batch is on the log.
    pub(super) fn wrote(&mut self, batch: &Batch) {
        self.queue.drain(..batch.len.min(self.queue.len()));
        self.written = batch.end;
    }

    /// The log is begun.
    pub(super) fn began(&mut self) {
        self.stage = Stage::Running;
    }

    /// The log's end is found: `mark` stands there, and whatever waited follows.
    pub(super) fn found(&mut self, end: Place, mark: Item) {
        (self.stage, self.laid, self.written) = (Stage::Running, end, end);
        let waiting = std::mem::take(&mut self.queue);
        self.queued = 0;
        self.queue(std::iter::once(mark).chain(waiting));
    }

    /// The log cannot be written to: it ends here.
    pub(super) fn give_up(&mut self) {
        self.logs = false;
        self.queue.clear();
        self.unflushed.clear();
        self.unflushed_data = Bytes::ZERO;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block() -> Block {
        Block::new(Bytes::new(512)).unwrap()
    }

    fn item(start: u64, flags: EntryFlags) -> Item {
        let data = Some(BufMut::zeroed(512).freeze());
        Item { entry: Entry { start, len: 1, flags, text: Vec::new() }, data }
    }

    fn write(start: u64) -> Item {
        item(start, EntryFlags::empty())
    }

    fn flush() -> Item {
        let entry = Entry { start: 0, len: 0, flags: EntryFlags::FLUSH, text: Vec::new() };
        Item { entry, data: None }
    }

    fn queued(order: &Order) -> Vec<u64> {
        order.queue.iter().map(|item| item.entry.start).collect()
    }

    #[test]
    fn a_flush_moves_what_was_completed_before_it_was_sent() {
        let mut order = Order::new(block(), Sectors::new(100));
        // The session of the kernel's document: Wa Wb Wc Cc Ca FLUSH FUAd Cb CFLUSH CFUAd.
        order.completed(write(3));
        order.completed(write(1));
        let taken = order.take_unflushed();
        order.completed(write(2));
        order.queue(taken.into_iter().chain([flush()]));
        order.queue([item(4, EntryFlags::FUA)]);
        assert_eq!(queued(&order), [3, 1, 0, 4]);
        let taken = order.take_unflushed();
        order.queue(taken);
        assert_eq!(queued(&order), [3, 1, 0, 4, 2]);
    }

    #[test]
    fn an_entry_that_leaves_no_room_ends_the_log_but_what_is_before_it_is_written() {
        let mut order = Order::new(block(), Sectors::new(6));
        order.began();
        order.queue([write(1), write(2), flush()]);
        assert!(!order.logs());
        assert_eq!(order.laid(), Place { entries: 2, next: Sectors::new(6) });
        let mut order = Order::new(block(), Sectors::new(5));
        order.began();
        order.queue([write(1), write(2)]);
        assert_eq!(order.laid(), Place { entries: 1, next: Sectors::new(5) });
        assert!(!order.is_settled(1));
        let Next::Write(batch) = order.next() else { panic!("nothing to write") };
        order.wrote(&batch);
        assert!(order.is_settled(1) && order.is_settled(9));
        assert!(matches!(order.next(), Next::Nothing));
    }

    #[test]
    fn a_batch_ends_with_what_the_super_block_is_written_for() {
        let mut order = Order::new(block(), Sectors::new(100));
        assert!(matches!(order.next(), Next::Begin));
        order.began();
        order.queue([write(1), item(2, EntryFlags::FUA), write(3)]);
        let Next::Write(batch) = order.next() else { panic!("nothing to write") };
        assert_eq!((batch.len, batch.is_counted), (2, true));
        // The entries' blocks and data, and zeros.
        assert_eq!((batch.head.len(), batch.rest.len()), (512, 4 * 512));
        order.wrote(&batch);
        let Next::Write(batch) = order.next() else { panic!("nothing to write") };
        assert_eq!((batch.len, batch.is_counted, batch.at), (1, false, Sectors::new(5)));
    }

    #[test]
    fn zeros_are_left_out_where_they_would_not_fit() {
        let mut order = Order::new(Block::new(Bytes::new(4096)).unwrap(), Sectors::new(17));
        order.began();
        order.queue([flush()]);
        let Next::Write(batch) = order.next() else { panic!("nothing to write") };
        assert_eq!((batch.head.len(), batch.rest.len()), (4096, 0));
    }

    #[test]
    fn what_came_while_the_end_was_looked_for_follows_the_mark_there() {
        let mut order = Order::new(block(), Sectors::new(100));
        order.go_on_from(Place { entries: 2, next: Sectors::new(9) });
        order.queue([write(5), write(6)]);
        assert_eq!((order.queued(), order.is_settled(0)), (3, false));
        let end = Place { entries: 4, next: Sectors::new(20) };
        let mark = Item { entry: Entry::mark(b"back", block()), data: None };
        order.found(end, mark);
        assert_eq!(queued(&order), [0, 5, 6]);
        assert_eq!(order.laid(), Place { entries: 7, next: Sectors::new(25) });
        assert_eq!((order.written(), order.queued()), (end, 3));
    }

    #[test]
    fn a_log_that_is_given_up_holds_nothing_and_nobody() {
        let mut order = Order::new(block(), Sectors::new(100));
        order.completed(write(1));
        order.queue([write(2)]);
        order.give_up();
        assert!(order.is_settled(order.queued()) && order.take_unflushed().is_empty());
        assert_eq!(order.completed(write(3)), Bytes::ZERO);
        order.queue([write(4)]);
        assert!(order.queue.is_empty());
    }
}
