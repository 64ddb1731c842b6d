//! Exceptions as runs: chunks that follow one another on both sides are one.

use alloc::collections::BTreeMap;

/// A number for each of some numbers. What is written front to back takes a few runs, however much it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Runs {
    by_first: BTreeMap<u64, Run>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    to: u64,
    len: u64,
}

impl Run {
    /// What number `from` has in the run that begins at `first`.
    fn find(self, first: u64, from: u64) -> Option<u64> {
        let n = from.checked_sub(first).filter(|&n| n < self.len)?;
        self.to.checked_add(n)
    }

    /// Whether `from` and `to` come next in the run that begins at `first`.
    fn ends_before(self, first: u64, (from, to): (u64, u64)) -> bool {
        first.checked_add(self.len) == Some(from) && self.to.checked_add(self.len) == Some(to)
    }
}

impl Runs {
    /// None.
    pub fn new() -> Self {
        Self::default()
    }

    /// What `from` has.
    pub fn get(&self, from: u64) -> Option<u64> {
        let (&first, run) = self.by_first.range(..=from).next_back()?;
        run.find(first, from)
    }

    /// Gives `from` a number. False: it has one, and keeps it.
    pub fn insert(&mut self, from: u64, to: u64) -> bool {
        if let Some((&first, run)) = self.by_first.range_mut(..=from).next_back() {
            if run.find(first, from).is_some() {
                return false;
            }
            if run.ends_before(first, (from, to)) {
                run.len = run.len.saturating_add(1);
                return true;
            }
        }
        self.by_first.insert(from, Run { to, len: 1 });
        true
    }

    /// The first from `from` on that has a number, and that.
    pub fn next_from(&self, from: u64) -> Option<(u64, u64)> {
        if let Some(to) = self.get(from) {
            return Some((from, to));
        }
        self.by_first.range(from..).next().map(|(&first, run)| (first, run.to))
    }

    /// How many have one.
    pub fn len(&self) -> u64 {
        self.by_first.values().fold(0, |sum, run| sum.saturating_add(run.len))
    }

    /// Whether none has.
    pub fn is_empty(&self) -> bool {
        self.by_first.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_on_both_sides_is_one_run() {
        let mut runs = Runs::new();
        assert!((0..100).all(|n| runs.insert(10 + n, 2 + n)));
        assert_eq!((runs.by_first.len(), runs.len()), (1, 100));
        assert!(!runs.insert(50, 7));
        assert_eq!(
            (runs.get(9), runs.get(10), runs.get(109), runs.get(110)),
            (None, Some(2), Some(101), None)
        );
        assert!(runs.insert(110, 7));
        assert_eq!(runs.by_first.len(), 2);
    }

    #[test]
    fn the_largest_numbers_have_their_place() {
        let mut runs = Runs::new();
        assert!(runs.insert(u64::MAX, u64::MAX) && runs.insert(0, u64::MAX) && runs.insert(1, 0));
        assert_eq!(
            (runs.get(u64::MAX), runs.get(0), runs.get(1)),
            (Some(u64::MAX), Some(u64::MAX), Some(0))
        );
    }

    #[test]
    fn it_is_a_map() {
        // Numbers below 40 that follow each other as often as not.
        let mut number: u64 = 1;
        let mut next = || {
            number = number.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            (number >> 33) % 40
        };
        for _ in 0..200 {
            let (mut runs, mut map, mut pair) = (Runs::new(), BTreeMap::new(), (0, 0));
            for _ in 0..60 {
                pair = if next() < 20 { (pair.0 + 1, pair.1 + 1) } else { (next(), next()) };
                assert_eq!(runs.insert(pair.0, pair.1), !map.contains_key(&pair.0));
                map.entry(pair.0).or_insert(pair.1);
            }
            for at in 0..110 {
                let from_at = map.range(at..).next().map(|(&from, &to)| (from, to));
                assert_eq!((runs.get(at), runs.next_from(at)), (map.get(&at).copied(), from_at));
            }
            assert_eq!(runs.len(), u64::try_from(map.len()).unwrap());
        }
    }
}
