//! Where the lines of a table end, as a tree: a request's line is found by looking at one place of memory a level.
//!
//! ```text
//! 25 ends                          the last end of each of 64 blocks below
//! 64 ends, 64 ends, ...            the same
//! 64 ends, 64 ends, ..., 32 ends   the lines', a hundred thousand of them
//! ```
//!
//! A block is eight lines of the cache, in one page or two. What is above the last level is some kilobytes even for
//! a hundred thousand lines, and stays in the cache; a search by halves would touch another page at every step
//! but the last few.

use dm_core::units::Sectors;

/// How many ends a block has.
const BLOCK: usize = 64;

/// The ends of lines that follow one another.
#[derive(Debug)]
pub(super) struct Ends {
    /// From the top down; the last has the lines'.
    levels: Vec<Vec<Sectors>>,
}

impl Ends {
    /// The tree over `ends`, which ascend.
    pub(super) fn new(ends: Vec<Sectors>) -> Self {
        let mut levels = vec![ends];
        while let Some(level) = levels.last().filter(|level| level.len() > BLOCK) {
            let above = level.chunks(BLOCK).filter_map(|block| block.last().copied()).collect();
            levels.push(above);
        }
        levels.reverse();
        Self { levels }
    }

    /// How many are at or before `sector`: the number of the line that has it; that of the lines beyond the last.
    pub(super) fn before(&self, sector: Sectors) -> usize {
        self.levels.iter().fold(0, |block, level| {
            let start = block.saturating_mul(BLOCK).min(level.len());
            let end = start.saturating_add(BLOCK).min(level.len());
            let ends = level.get(start..end).unwrap_or_default();
            start + ends.partition_point(|end| *end <= sector)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_line_has_any_sector() {
        assert_eq!(Ends::new(Vec::new()).before(Sectors::ZERO), 0);
    }

    proptest! {
        #[test]
        fn it_finds_what_a_search_in_order_finds(
            lens in prop::collection::vec(1_u64..50, 0..5000),
            places in prop::collection::vec(any::<prop::sample::Index>(), 50),
        ) {
            let ends: Vec<Sectors> = lens
                .iter()
                .scan(0, |end, len| {
                    *end += len;
                    Some(Sectors::new(*end))
                })
                .collect();
            let size = lens.iter().sum::<u64>();
            let tree = Ends::new(ends.clone());
            for place in places {
                let sector = Sectors::new(place.index(usize::try_from(size).unwrap() + 2) as u64);
                prop_assert_eq!(tree.before(sector), ends.iter().filter(|end| **end <= sector).count());
            }
            for at in ends.iter().flat_map(|end| [end.get() - 1, end.get()]) {
                let sector = Sectors::new(at);
                prop_assert_eq!(tree.before(sector), ends.partition_point(|end| *end <= sector));
            }
        }
    }
}
