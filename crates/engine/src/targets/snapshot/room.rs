//! Which chunks of the cow are free, and where in the metadata the next entry goes.

use dm_core::snapshot::{Chunk, Contents};
use dm_core::units::Sectors;

use super::args::Kind;

/// See the module's page.
#[derive(Debug)]
pub(super) struct Room {
    kind: Kind,
    chunk: Chunk,
    /// The cow's size.
    size: Sectors,
    /// The first chunk that was never taken.
    next: u64,
    /// Chunks that were taken and given back.
    spare: Vec<u64>,
    /// Taken, and without an entry yet.
    taken: u64,
    /// Where the next entry goes: an area that is on the cow, and which of its entries.
    area: u64,
    index: u64,
}

impl Room {
    /// Of a new store.
    pub(super) fn new(kind: Kind, chunk: Chunk, size: Sectors) -> Self {
        let next = if kind.is_persistent() { chunk.data_from(0) } else { 0 };
        Self { kind, chunk, size, next, spare: Vec::new(), taken: 0, area: 0, index: 0 }
    }

    /// Of a store with these contents.
    pub(super) fn go_on_from(&mut self, contents: &Contents) {
        (self.next, self.area, self.index) = (contents.next_free, contents.area, contents.index);
    }

    /// Takes a chunk for data; none when the cow is full.
    ///
    /// # Source
    ///
    /// `persistent_prepare_exception` in the kernel's `drivers/md/dm-snap-persistent.c`,
    /// `transient_prepare_exception` in `dm-snap-transient.c`.
    pub(super) fn take(&mut self) -> Option<u64> {
        if !self.has_entry() {
            return None;
        }
        let new = match self.spare.pop() {
            Some(spare) => spare,
            None if self.chunk.fits(self.next, self.size) => {
                let new = self.next;
                self.next = if self.kind.is_persistent() {
                    self.chunk.data_from(new.saturating_add(1))
                } else {
                    new.saturating_add(1)
                };
                new
            }
            None => return None,
        };
        self.taken = self.taken.saturating_add(1);
        Some(new)
    }

    /// Whether one more entry has its place: whoever fills an area has the next one on the cow. The kernel's loses
    /// the snapshot when it finds that it has not.
    fn has_entry(&self) -> bool {
        let entries = self.chunk.entries();
        let before = self.area.saturating_mul(entries).saturating_add(self.index);
        let with = before.saturating_add(self.taken).saturating_add(1);
        if !self.kind.is_persistent() || !with.is_multiple_of(entries) {
            return true;
        }
        let area = with.checked_div(entries).and_then(|number| self.chunk.area(number));
        area.is_some_and(|area| self.chunk.fits(area, self.size))
    }

    /// A chunk that was taken was not used, and nothing is on its way to it.
    pub(super) fn give_back(&mut self, new: u64) {
        self.taken = self.taken.saturating_sub(1);
        self.spare.push(new);
    }

    /// Chunks that were taken have their entries now.
    pub(super) fn enter(&mut self, count: u64) {
        self.taken = self.taken.saturating_sub(count);
        if self.kind.is_persistent() {
            self.index = self.index.saturating_add(count);
            if self.index >= self.chunk.entries() {
                (self.area, self.index) = (self.area.saturating_add(1), 0);
            }
        }
    }

    /// The area that the next entry goes to, and which of its entries that is.
    pub(super) fn place(&self) -> (u64, u64) {
        (self.area, self.index)
    }

    /// How much of the cow is taken, of how much, and how much of that by metadata.
    ///
    /// # Source
    ///
    /// `persistent_usage` in the kernel's `drivers/md/dm-snap-persistent.c`, `transient_usage` in
    /// `dm-snap-transient.c`.
    pub(super) fn usage(&self) -> [Sectors; 3] {
        let sectors = |chunks: u64| self.chunk.start(chunks).unwrap_or(self.size);
        let metadata = if self.kind.is_persistent() { self.area.saturating_add(2) } else { 0 };
        [sectors(self.next), self.size, sectors(metadata)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Chunks of one sector: 32 entries an area.
    fn room(kind: Kind, size: u64) -> Room {
        Room::new(kind, Chunk::new(Sectors::new(1)).unwrap(), Sectors::new(size))
    }

    fn usage(room: &Room) -> [u64; 3] {
        room.usage().map(Sectors::get)
    }

    #[test]
    fn a_new_store_has_taken_its_header_and_first_area() {
        let chunk = Chunk::new(Sectors::new(16)).unwrap();
        let room = Room::new(Kind::Persistent, chunk, Sectors::new(409_600));
        assert_eq!(usage(&room), [32, 409_600, 32]);
        let room = Room::new(Kind::Transient, chunk, Sectors::new(409_600));
        assert_eq!(usage(&room), [0, 409_600, 0]);
    }

    #[test]
    fn chunks_are_taken_around_the_areas() {
        let mut room = room(Kind::Persistent, 100);
        let taken: Vec<u64> = std::iter::from_fn(|| room.take()).collect();
        let want: Vec<u64> = (2..100).filter(|n| ![34, 67].contains(n)).take(95).collect();
        assert_eq!(taken, want, "the entry that fills the third area would need a fourth");
        room.enter(32);
        assert_eq!(room.place(), (1, 0));
        assert_eq!(usage(&room), [99, 100, 3]);
    }

    #[test]
    fn a_cow_that_ends_before_the_next_area_is_full_with_one_entry_left() {
        let mut room = room(Kind::Persistent, 34);
        assert_eq!(std::iter::from_fn(|| room.take()).count(), 31);
        let mut room = super::tests::room(Kind::Persistent, 35);
        assert_eq!(std::iter::from_fn(|| room.take()).count(), 32);
    }

    #[test]
    fn what_is_given_back_is_taken_again() {
        let mut room = room(Kind::Transient, 2);
        assert_eq!([room.take(), room.take(), room.take()], [Some(0), Some(1), None]);
        room.give_back(0);
        assert_eq!([room.take(), room.take()], [Some(0), None]);
    }
}
