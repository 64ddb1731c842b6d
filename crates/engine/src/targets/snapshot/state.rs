//! What a snapshot knows: whether it can be used, which chunks lie on the cow, which entries are still to be
//! written.

use std::collections::VecDeque;

use dm_core::snapshot::{Chunk, Contents, ENTRY_LEN, Entry, Runs};
use dm_core::units::{Bytes, Sectors};

use super::room::Room;
use crate::io::request::{Buf, BufMut};

/// How far it can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The store is not read yet.
    Unread,
    /// In all ways.
    Ready,
    /// The cow is full: it can be read.
    Full,
    /// In no way.
    Lost,
}

/// Where a chunk lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nobody knows yet.
    Unread,
    /// On the origin.
    Origin,
    /// On the cow, there.
    Cow(u64),
    /// Wherever: the request fails.
    Refused,
}

/// Whether a request changes what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Reads,
    Changes,
}

/// Entries that are written at a time: as many as one block of an area takes.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    /// The area that they go to.
    pub(super) area: u64,
    /// Where in it.
    pub(super) at: Sectors,
    /// The block as it will be.
    pub(super) block: Buf,
    /// How many there are.
    len: usize,
    /// They fill the area: the next one is to be zeroed first.
    pub(super) fills: bool,
}

/// See the module's page.
#[derive(Debug)]
pub(super) struct State {
    pub(super) stage: Stage,
    pub(super) room: Room,
    chunk: Chunk,
    exceptions: Runs,
    /// Entries whose data is on the cow.
    queue: VecDeque<Entry>,
    /// How many were ever queued.
    queued: u64,
    /// How many of them are on the cow.
    written: u64,
    /// Entries could not be written: none will be any more.
    is_broken: bool,
    /// The block of the area that the next entry goes to, as it is on the cow.
    block: Vec<u8>,
}

impl State {
    /// Of a store that is not read yet, on a device with blocks of `block`.
    pub(super) fn new(room: Room, chunk: Chunk, block: Bytes) -> Self {
        let len = usize::try_from(block.get()).unwrap_or(ENTRY_LEN).max(ENTRY_LEN);
        Self {
            stage: Stage::Unread,
            room,
            chunk,
            exceptions: Runs::new(),
            queue: VecDeque::new(),
            queued: 0,
            written: 0,
            is_broken: false,
            block: vec![0; len],
        }
    }

    /// The store is read, or begun. `block` is the one that the next entry goes to.
    pub(super) fn opened(&mut self, contents: Option<(Contents, Vec<u8>)>) {
        if let Some((contents, block)) = contents {
            self.room.go_on_from(&contents);
            self.exceptions = contents.exceptions;
            self.block = block;
        }
        self.stage = Stage::Ready;
    }

    /// Where the chunk lies that has `at` in it.
    pub(super) fn find(&self, at: Sectors, access: Access) -> Found {
        match (self.stage, access) {
            (Stage::Unread, _) => Found::Unread,
            (Stage::Lost, _) | (Stage::Full, Access::Changes) => Found::Refused,
            (Stage::Ready | Stage::Full, _) => {
                self.exceptions.get(self.chunk.at(at)).map_or(Found::Origin, Found::Cow)
            }
        }
    }

    /// The first chunk of the origin from `old` on that lies on the cow, and where.
    pub(super) fn next_exception(&self, old: u64) -> Option<(u64, u64)> {
        self.exceptions.next_from(old)
    }

    /// A chunk's data is on the cow. Answers with how many entries are to be written before that is known there.
    pub(super) fn queue(&mut self, entry: Entry) -> u64 {
        self.queue.push_back(entry);
        self.queued = self.queued.saturating_add(1);
        self.queued
    }

    /// A chunk's data is on the cow, and nobody writes that down.
    pub(super) fn keep(&mut self, entry: Entry) {
        self.exceptions.insert(entry.old, entry.new);
        self.room.enter(1);
    }

    /// Whether the first `count` entries that were queued are written, or never will be.
    pub(super) fn is_settled(&self, count: u64) -> bool {
        self.written >= count || self.is_broken || self.stage == Stage::Lost
    }

    /// Whether they are, and the snapshot can be used.
    pub(super) fn is_written(&self, count: u64) -> bool {
        self.written >= count && self.stage != Stage::Lost
    }

    /// No entry is written any more.
    pub(super) fn give_up(&mut self) {
        self.is_broken = true;
        self.queue.clear();
    }

    /// What is to be written next, if anything is.
    pub(super) fn batch(&self) -> Option<Batch> {
        let ((area, index), per_block) = (self.room.place(), self.per_block());
        let (number, inside) = (index.checked_div(per_block)?, index.checked_rem(per_block)?);
        let left = self.chunk.entries().saturating_sub(index).min(per_block.saturating_sub(inside));
        let len = self.queue.len().min(usize::try_from(left).ok()?);
        if len == 0 {
            return None;
        }
        let mut block = BufMut::copy_of(&self.block);
        let from = usize::try_from(inside).ok()?.checked_mul(ENTRY_LEN)?;
        let places = block.get_mut(from..)?.chunks_exact_mut(ENTRY_LEN);
        for (place, entry) in places.zip(self.queue.iter().take(len)) {
            place.copy_from_slice(&entry.to_bytes());
        }
        let at = block.sectors().checked_mul(number)?;
        let fills = index.saturating_add(len as u64) == self.chunk.entries();
        Some(Batch { area, at, block: block.freeze(), len, fills })
    }

    /// The batch is on the cow.
    pub(super) fn wrote(&mut self, batch: &Batch) {
        for entry in self.queue.drain(..batch.len.min(self.queue.len())) {
            self.exceptions.insert(entry.old, entry.new);
        }
        let count = batch.len as u64;
        self.written = self.written.saturating_add(count);
        self.room.enter(count);
        self.block.copy_from_slice(&batch.block);
        if self.room.place().1.is_multiple_of(self.per_block()) {
            self.block.fill(0);
        }
    }

    fn per_block(&self) -> u64 {
        (self.block.len() / ENTRY_LEN) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::super::args::Kind;
    use super::*;

    /// Chunks of two sectors: 64 entries an area, 32 a block.
    fn state() -> State {
        let chunk = Chunk::new(Sectors::new(2)).unwrap();
        let room = Room::new(Kind::Persistent, chunk, Sectors::new(1000));
        let mut state = State::new(room, chunk, Bytes::new(512));
        state.opened(None);
        state
    }

    /// Queues so many, whose data lies where it would.
    fn queue(state: &mut State, count: u64) {
        for _ in 0..count {
            let new = state.room.take().unwrap();
            state.queue(Entry { old: new + 100, new });
        }
    }

    #[test]
    fn a_batch_keeps_what_its_block_has() {
        let mut state = state();
        queue(&mut state, 1);
        state.wrote(&state.batch().unwrap());
        queue(&mut state, 2);
        let batch = state.batch().unwrap();
        assert_eq!((batch.area, batch.at, batch.len, batch.fills), (0, Sectors::ZERO, 2, false));
        let entries: Vec<_> = batch.block.chunks(ENTRY_LEN).map_while(Entry::parse).collect();
        assert_eq!(entries.iter().map(|entry| entry.new).collect::<Vec<_>>(), [2, 3, 4]);
        assert!(!state.is_written(3));
        state.wrote(&batch);
        assert!(state.is_written(3) && state.batch().is_none());
    }

    #[test]
    fn a_batch_ends_with_its_block_and_the_area() {
        let mut state = state();
        queue(&mut state, 70);
        let mut seen = Vec::new();
        while let Some(batch) = state.batch() {
            seen.push((batch.area, batch.at.get(), batch.len, batch.fills));
            state.wrote(&batch);
        }
        assert_eq!(seen, [(0, 0, 32, false), (0, 1, 32, true), (1, 0, 6, false)]);
        assert_eq!(state.room.place(), (1, 6));
    }

    #[test]
    fn an_exception_is_found_once_its_entry_is_written() {
        let mut state = state();
        queue(&mut state, 1);
        assert_eq!(state.find(Sectors::new(204), Access::Reads), Found::Origin);
        state.wrote(&state.batch().unwrap());
        assert_eq!(state.find(Sectors::new(205), Access::Reads), Found::Cow(2));
        state.stage = Stage::Full;
        assert_eq!(state.find(Sectors::new(205), Access::Reads), Found::Cow(2));
        assert_eq!(state.find(Sectors::new(205), Access::Changes), Found::Refused);
        state.stage = Stage::Lost;
        assert_eq!(state.find(Sectors::new(0), Access::Reads), Found::Refused);
    }

    #[test]
    fn who_waits_for_what_is_given_up_waits_no_more() {
        let mut state = state();
        queue(&mut state, 2);
        state.give_up();
        assert!(state.is_settled(2) && !state.is_written(2) && state.batch().is_none());
    }
}
