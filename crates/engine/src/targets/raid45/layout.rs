//! Where things are: which member has a row's parity, and which its data.
//!
//! A row is one chunk of every member, at the same place of each. Of `n` members, one has the row's parity and
//! `n - 1` its data, which the target's chunks follow one by one. With four members, rows downwards, `P` parity:
//!
//! ```text
//!        raid5_la       raid5_ra       raid5_ls       raid5_rs       raid4
//! row 0  0  1  2  P     P  0  1  2     0  1  2  P     P  0  1  2     0  1  2  P
//!     1  3  4  P  5     3  P  4  5     4  5  P  3     5  P  3  4     3  4  5  P
//!     2  6  P  7  8     6  7  P  8     8  P  6  7     7  8  P  6     6  7  8  P
//!     3  P  9 10 11     9 10 11  P     P  9 10 11     9 10 11  P     9 10 11  P
//! ```
//!
//! # Source
//!
//! `raid5_compute_sector` in the kernel's `drivers/md/raid5.c`, 6.12; what its `raid` target writes is in
//! `tests/targets/raid45.rs`. That target has the layouts of `raid5` by the same names, but its `raid4` has the
//! parity on the first member, and its `raid5_n` is what is `raid4` here.

use std::ops::Range;

use dm_core::units::Sectors;

/// How parity and data are dealt to the members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Parity is on this member alone.
    Fixed(usize),
    /// Parity goes from the last member to the first; data fills the others from the first on.
    LeftAsymmetric,
    /// Parity goes from the first member to the last; data fills the others from the first on.
    RightAsymmetric,
    /// Parity goes from the last member to the first; data begins behind it, and goes round.
    LeftSymmetric,
    /// Parity goes from the first member to the last; data begins behind it, and goes round.
    RightSymmetric,
}

/// A set's form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Geometry {
    pub(super) layout: Layout,
    /// How many members there are: at least 3.
    pub(super) members: usize,
    /// A chunk's length: a power of two.
    pub(super) chunk: Sectors,
}

/// A part of one chunk of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Which row it is of.
    pub(super) row: u64,
    /// Which of the row's chunks of data.
    pub(super) index: usize,
    /// Where it begins in the chunk.
    pub(super) inside: Sectors,
    pub(super) len: Sectors,
}

/// A part of a row: the same sectors of some of its chunks of data, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Band {
    pub(super) row: u64,
    /// Which chunks.
    pub(super) chunks: Range<usize>,
    /// Which sectors of each.
    pub(super) inside: Range<Sectors>,
}

impl Geometry {
    /// How many chunks of data a row has.
    pub(super) fn data(&self) -> usize {
        self.members.saturating_sub(1)
    }

    /// A row's length on the target.
    pub(super) fn row_len(&self) -> Sectors {
        Sectors::new(self.chunk.get().saturating_mul(self.data() as u64))
    }

    /// Which member has the parity of `row`.
    pub(super) fn parity(&self, row: u64) -> usize {
        let turn = usize::try_from(row % self.members as u64).unwrap_or(0);
        match self.layout {
            Layout::Fixed(member) => member,
            Layout::LeftAsymmetric | Layout::LeftSymmetric => self.data().saturating_sub(turn),
            Layout::RightAsymmetric | Layout::RightSymmetric => turn,
        }
    }

    /// Which member has chunk `index` of the data of `row`.
    pub(super) fn member(&self, row: u64, index: usize) -> usize {
        let parity = self.parity(row);
        match self.layout {
            Layout::Fixed(_) | Layout::LeftAsymmetric | Layout::RightAsymmetric => {
                index + usize::from(index >= parity)
            }
            Layout::LeftSymmetric | Layout::RightSymmetric => (parity + 1 + index) % self.members,
        }
    }

    /// Where a sector of a row's chunks is on their members.
    pub(super) fn on_member(&self, row: u64, inside: Sectors) -> Sectors {
        Sectors::new(row.saturating_mul(self.chunk.get())).saturating_add(inside)
    }

    /// The part of `[at, at + len)` that lies in the chunk of `at`.
    pub(super) fn first_piece(&self, at: Sectors, len: Sectors) -> Piece {
        let (row, in_row) = (at.get() / self.row_len().get(), at.get() % self.row_len().get());
        let (index, inside) = (in_row / self.chunk.get(), in_row % self.chunk.get());
        Piece {
            row,
            index: usize::try_from(index).unwrap_or(0),
            inside: Sectors::new(inside),
            len: len.min(self.chunk.saturating_sub(Sectors::new(inside))),
        }
    }

    /// The bands of `[at, at + len)`, which is within a row: each sector of it is in one of them.
    pub(super) fn bands(&self, at: Sectors, len: Sectors) -> Vec<Band> {
        let first = self.first_piece(at, len);
        let last = at.saturating_add(len).saturating_sub(Sectors::new(1));
        let last = self.first_piece(last, Sectors::new(1));
        let (start, end) = (first.inside, last.inside.saturating_add(Sectors::new(1)));
        if first.index == last.index {
            return vec![self.band(&first, first.index..first.index + 1, start..end)];
        }
        let cuts = [Sectors::ZERO, start.min(end), start.max(end), self.chunk];
        let mut bands = Vec::with_capacity(3);
        for (from, to) in cuts.into_iter().zip(cuts.into_iter().skip(1)) {
            let chunks =
                first.index + usize::from(from < start)..last.index + usize::from(to <= end);
            if from < to && !chunks.is_empty() {
                bands.push(self.band(&first, chunks, from..to));
            }
        }
        bands
    }

    fn band(&self, first: &Piece, chunks: Range<usize>, inside: Range<Sectors>) -> Band {
        debug_assert!(chunks.end <= self.data());
        Band { row: first.row, chunks, inside }
    }
}

impl Band {
    /// How long it is in each chunk.
    pub(super) fn len(&self) -> Sectors {
        self.inside.end.saturating_sub(self.inside.start)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const fn geometry(layout: Layout, members: usize, chunk: u64) -> Geometry {
        Geometry { layout, members, chunk: Sectors::new(chunk) }
    }

    /// The first four rows of four members, as in the drawing.
    fn drawn(layout: Layout) -> Vec<String> {
        let geometry = geometry(layout, 4, 8);
        let rows = (0..4).map(|row| {
            let mut cells = vec![String::new(); 4];
            cells[geometry.parity(row)] = "P".to_owned();
            for index in 0..3 {
                cells[geometry.member(row, index)] = (row * 3 + index as u64).to_string();
            }
            cells.join(" ")
        });
        rows.collect()
    }

    #[test]
    fn layouts_are_as_drawn() {
        assert_eq!(drawn(Layout::LeftAsymmetric), ["0 1 2 P", "3 4 P 5", "6 P 7 8", "P 9 10 11"]);
        assert_eq!(drawn(Layout::RightAsymmetric), ["P 0 1 2", "3 P 4 5", "6 7 P 8", "9 10 11 P"]);
        assert_eq!(drawn(Layout::LeftSymmetric), ["0 1 2 P", "4 5 P 3", "8 P 6 7", "P 9 10 11"]);
        assert_eq!(drawn(Layout::RightSymmetric), ["P 0 1 2", "5 P 3 4", "7 8 P 6", "9 10 11 P"]);
        assert_eq!(drawn(Layout::Fixed(3)), ["0 1 2 P", "3 4 5 P", "6 7 8 P", "9 10 11 P"]);
        assert_eq!(drawn(Layout::Fixed(0))[..2], ["P 0 1 2", "P 3 4 5"]);
        assert_eq!(drawn(Layout::Fixed(1))[..2], ["0 P 1 2", "3 P 4 5"]);
    }

    /// How often each sector of the target is in one of the bands.
    fn counted(bands: Vec<Band>, geometry: &Geometry) -> BTreeMap<u64, u32> {
        let mut counted = BTreeMap::new();
        for Band { row, chunks, inside } in bands {
            let sectors = |chunk: usize| {
                let start = row * geometry.row_len().get() + chunk as u64 * geometry.chunk.get();
                start + inside.start.get()..start + inside.end.get()
            };
            chunks.flat_map(sectors).for_each(|at| *counted.entry(at).or_default() += 1);
        }
        counted
    }

    #[test]
    fn the_bands_of_a_range_are_the_range() {
        let geometry = geometry(Layout::LeftSymmetric, 5, 8);
        let row = geometry.row_len().get();
        for start in row..row + row {
            for end in start + 1..=row + row {
                let bands = geometry.bands(Sectors::new(start), Sectors::new(end - start));
                assert!(bands.len() <= 3);
                let counted = counted(bands, &geometry);
                assert!(counted.keys().copied().eq(start..end), "{start}..{end}");
                assert!(counted.values().all(|&times| times == 1), "{start}..{end}");
            }
        }
    }

    #[test]
    fn a_whole_row_is_one_band() {
        let geometry = geometry(Layout::RightAsymmetric, 3, 16);
        let band = Band { row: 2, chunks: 0..2, inside: Sectors::ZERO..Sectors::new(16) };
        assert_eq!(geometry.bands(Sectors::new(64), Sectors::new(32)), [band]);
    }
}
