//! Reading a store's entries, piece after piece, by whoever can read its cow.

use super::{Chunk, Damage, ENTRY_LEN, Entry, Runs};
use crate::units::{Bytes, Sectors};

/// What a store holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// Which of the origin's chunks lie where on the cow.
    pub exceptions: Runs,
    /// The area that the next entry goes to.
    pub area: u64,
    /// Which of that area's entries it will be.
    pub index: u64,
    /// The first chunk that was never used for data.
    pub next_free: u64,
}

/// Walks along the entries. It sets aside only what the entries that it was given take.
#[derive(Debug)]
pub struct Walk {
    chunk: Chunk,
    origin: Sectors,
    cow: Sectors,
    contents: Contents,
    /// Which chunks of the cow are taken, and by which of the origin's.
    taken: Runs,
    /// Where in its area the next piece begins.
    at: Sectors,
    /// The list has ended; what is left of the area is still looked at.
    has_ended: bool,
}

impl Walk {
    /// A walk along the store of these chunks, on a cow of size `cow`, over an origin of size `origin`.
    pub fn new(chunk: Chunk, origin: Sectors, cow: Sectors) -> Self {
        let contents =
            Contents { exceptions: Runs::new(), area: 0, index: 0, next_free: chunk.data_from(0) };
        Self {
            chunk,
            origin,
            cow,
            contents,
            taken: Runs::new(),
            at: Sectors::ZERO,
            has_ended: false,
        }
    }

    /// Where on the cow the next piece begins, and how long it may be; none when there is no more.
    ///
    /// # Errors
    ///
    /// [`Damage::Area`] when the list goes on beyond the cow's end.
    pub fn wanted(&self) -> Result<Option<(Sectors, Sectors)>, Damage> {
        if self.has_ended && self.at.is_zero() {
            return Ok(None);
        }
        let area = self.contents.area;
        let beyond = Damage::Area(area);
        let place = self.chunk.area(area).filter(|&place| self.chunk.fits(place, self.cow));
        let start = place.and_then(|place| self.chunk.start(place)).ok_or(beyond)?;
        Ok(Some((start.saturating_add(self.at), self.chunk.sectors().saturating_sub(self.at))))
    }

    /// Takes in the piece that [`Self::wanted`] asked for, or its first sectors. Answers with how many of its bytes
    /// belong to the list; the others should be zero.
    ///
    /// # Errors
    ///
    /// [`Damage`] for an entry that cannot be.
    pub fn take(&mut self, piece: &[u8]) -> Result<usize, Damage> {
        let mut used: usize = 0;
        if !self.has_ended {
            let start = self.wanted()?.map_or(Sectors::ZERO, |(start, _)| start);
            for bytes in piece.chunks_exact(ENTRY_LEN) {
                let Some(entry) = Entry::parse(bytes) else {
                    self.has_ended = true;
                    break;
                };
                self.enter(entry, position(start, used))?;
                used = used.saturating_add(ENTRY_LEN);
            }
        }
        let len =
            u64::try_from(piece.len()).map_or(Sectors::ZERO, |len| Bytes::new(len).whole_sectors());
        self.at = self.at.saturating_add(len);
        if self.at >= self.chunk.sectors() {
            self.at = Sectors::ZERO;
            if !self.has_ended {
                self.contents.area = self.contents.area.saturating_add(1);
                self.contents.index = 0;
            }
        }
        Ok(used)
    }

    /// What was found.
    pub fn into_contents(self) -> Contents {
        self.contents
    }

    fn enter(&mut self, entry: Entry, at: Bytes) -> Result<(), Damage> {
        let Entry { old, new } = entry;
        let bad_old = |why| Damage::Entry { field: "old_chunk", at, value: old, why };
        let new_at = at.saturating_add(Bytes::new(8));
        let bad_new = |why| Damage::Entry { field: "new_chunk", at: new_at, value: new, why };
        if self.chunk.start(old).is_none_or(|start| start >= self.origin) {
            return Err(bad_old("it lies beyond the end of the origin"));
        }
        if self.chunk.is_metadata(new) {
            return Err(bad_new("metadata lies there"));
        }
        if !self.chunk.fits(new, self.cow) {
            return Err(bad_new("it lies beyond the end of the cow"));
        }
        if !self.contents.exceptions.insert(old, new) {
            return Err(bad_old("an entry before has it too"));
        }
        if !self.taken.insert(new, old) {
            return Err(bad_new("an entry before has it too"));
        }
        let next = self.chunk.data_from(new.saturating_add(1));
        self.contents.next_free = self.contents.next_free.max(next);
        self.contents.index = self.contents.index.saturating_add(1);
        Ok(())
    }
}

fn position(start: Sectors, used: usize) -> Bytes {
    let start = start.to_bytes().unwrap_or(Bytes::new(u64::MAX));
    start.saturating_add(Bytes::new(u64::try_from(used).unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::{String, ToString as _};
    use alloc::vec;
    use alloc::vec::Vec;

    use super::*;

    /// Chunks of one sector: 32 entries an area; areas are chunks 1, 34, 67.
    fn cow(entries: &[(u64, u64)]) -> Vec<u8> {
        let mut cow = vec![0; 100 * 512];
        for (number, &(old, new)) in entries.iter().enumerate() {
            let at = (1 + number / 32 * 33) * 512 + number % 32 * ENTRY_LEN;
            cow[at..at + ENTRY_LEN].copy_from_slice(&Entry { old, new }.to_bytes());
        }
        cow
    }

    fn walk(cow: &[u8], chunk: u64) -> Result<Contents, String> {
        let chunk = Chunk::new(Sectors::new(chunk)).unwrap();
        let size = Bytes::new(u64::try_from(cow.len()).unwrap()).whole_sectors();
        let mut walk = Walk::new(chunk, Sectors::new(1000), size);
        while let Some((start, len)) = walk.wanted().map_err(|why| why.to_string())? {
            let [start, len] =
                [start, len.min(Sectors::new(2))].map(|n| usize::try_from(n.get() * 512).unwrap());
            walk.take(&cow[start..start + len]).map_err(|why| why.to_string())?;
        }
        Ok(walk.into_contents())
    }

    #[test]
    fn an_empty_store_has_its_first_data_at_chunk_two() {
        let contents = walk(&cow(&[]), 1).unwrap();
        assert!(contents.exceptions.is_empty());
        assert_eq!((contents.area, contents.index, contents.next_free), (0, 0, 2));
    }

    #[test]
    fn a_list_goes_on_in_the_next_area() {
        let entries: Vec<_> =
            (0..40).map(|n| (n * 2, if n < 32 { 2 + n } else { 3 + n })).collect();
        let contents = walk(&cow(&entries), 1).unwrap();
        assert_eq!(contents.exceptions.len(), 40);
        assert!(entries.iter().all(|&(old, new)| contents.exceptions.get(old) == Some(new)));
        assert_eq!((contents.area, contents.index, contents.next_free), (1, 8, 43));
        let contents = walk(&cow(&entries[..32]), 1).unwrap();
        assert_eq!(
            (contents.area, contents.index, contents.next_free),
            (1, 0, 35),
            "past the area"
        );
    }

    #[test]
    fn what_lies_behind_the_end_of_the_list_is_told_and_not_read() {
        let mut bytes = cow(&[(5, 2)]);
        bytes[512 + 48..512 + 64].fill(7);
        let mut walk =
            Walk::new(Chunk::new(Sectors::new(1)).unwrap(), Sectors::new(9), Sectors::new(100));
        assert_eq!(walk.take(&bytes[512..1024]), Ok(16));
        assert_eq!(walk.wanted(), Ok(None));
        assert_eq!(walk.into_contents().exceptions.len(), 1);
    }

    #[test]
    fn an_entry_that_cannot_be_says_where_and_why() {
        for (entries, why) in [
            (
                &[(1000, 2)][..],
                "old_chunk, at byte 512, is 1000: it lies beyond the end of the origin",
            ),
            (&[(5, 1)], "new_chunk, at byte 520, is 1: metadata lies there"),
            (&[(5, 2), (6, 34)], "new_chunk, at byte 536, is 34: metadata lies there"),
            (&[(5, 101)], "new_chunk, at byte 520, is 101: it lies beyond the end of the cow"),
            (
                &[(5, u64::MAX)],
                "new_chunk, at byte 520, is 18446744073709551615: it lies beyond the end of the cow",
            ),
            (&[(5, 2), (5, 3)], "old_chunk, at byte 528, is 5: an entry before has it too"),
            (&[(5, 2), (6, 2)], "new_chunk, at byte 536, is 2: an entry before has it too"),
        ] {
            assert_eq!(walk(&cow(entries), 1), Err(why.into()));
        }
    }

    #[test]
    fn a_list_without_an_end_ends_with_the_cow() {
        let entries: Vec<_> = (0..96).map(|n| (n, 2 + n + n / 32)).collect();
        let why = format!("metadata area {} lies beyond the end of the cow", 3);
        // Three areas, and not one chunk more.
        assert_eq!(walk(&cow(&entries), 1), Err(why));
        assert_eq!(
            walk(&[0; 512], 1),
            Err("metadata area 0 lies beyond the end of the cow".into())
        );
    }

    #[test]
    fn an_area_may_come_in_pieces() {
        // Chunks of eight sectors, given two at a time: 64 entries a piece.
        let mut bytes = vec![0; 1000 * 512];
        for n in 0..70_u8 {
            let at = 8 * 512 + usize::from(n) * ENTRY_LEN;
            let entry = Entry { old: n.into(), new: u64::from(n) + 2 };
            bytes[at..at + ENTRY_LEN].copy_from_slice(&entry.to_bytes());
        }
        let contents = walk(&bytes, 8).unwrap();
        assert_eq!((contents.area, contents.index, contents.next_free), (0, 70, 72));
    }
}
