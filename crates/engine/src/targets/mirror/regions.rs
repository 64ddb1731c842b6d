//! The regions in which the legs may differ.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use dm_core::errno::Errno;

/// How many runs there may be. Where there would be more, every region counts as one of them: a write then has
/// fewer legs to go to than it could have, never more than it may.
const RUNS_MAX: usize = 1024;

/// A set of regions.
#[derive(Debug)]
pub(super) struct Regions {
    /// How many regions there are at all.
    total: u64,
    /// Runs of regions in the set, none next to another: the first, and the last.
    runs: BTreeMap<u64, u64>,
}

impl Regions {
    /// None of `total`.
    pub(super) fn none(total: u64) -> Self {
        Self { total, runs: BTreeMap::new() }
    }

    /// All of `total`, which is not zero.
    pub(super) fn all(total: u64) -> Self {
        Self { total, runs: BTreeMap::from([(0, total.saturating_sub(1))]) }
    }

    /// How many regions there are at all.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// How many are in the set.
    pub(super) fn count(&self) -> u64 {
        self.runs.iter().map(|(first, last)| last - first + 1).sum()
    }

    /// Whether `region` is in it.
    pub(super) fn has(&self, region: u64) -> bool {
        self.runs.range(..=region).next_back().is_some_and(|(_, &last)| region <= last)
    }

    /// Adds a region; whether it was not there.
    pub(super) fn insert(&mut self, region: u64) -> bool {
        if self.has(region) {
            return false;
        }
        let (mut first, mut last) = (region, region);
        if let Some(before) = region.checked_sub(1)
            && let Some((&start, &end)) = self.runs.range(..=before).next_back()
            && end == before
        {
            first = start;
        }
        if let Some(after) = region.checked_add(1)
            && let Some(end) = self.runs.remove(&after)
        {
            last = end;
        }
        self.runs.insert(first, last);
        if self.runs.len() > RUNS_MAX {
            *self = Self::all(self.total);
        }
        true
    }

    /// A word for each run, with a blank before each.
    pub(super) fn to_text(&self) -> String {
        self.runs.iter().fold(String::new(), |mut text, (first, last)| {
            // A `String` takes whatever is written.
            let _ = if first == last {
                write!(text, " {first}")
            } else {
                write!(text, " {first}-{last}")
            };
            text
        })
    }

    /// The set of `total` regions that [`Self::to_text`] has written as `words`.
    ///
    /// # Errors
    ///
    /// `EINVAL` for words that it has not written.
    pub(super) fn from_words<'a>(
        total: u64,
        words: impl Iterator<Item = &'a str>,
    ) -> Result<Self, Errno> {
        let mut runs = BTreeMap::new();
        let mut free = 0;
        for word in words {
            let (first, last) = word.split_once('-').unwrap_or((word, word));
            let first = number(first).filter(|&first| first >= free).ok_or(Errno::EINVAL)?;
            let last = number(last).filter(|&last| (first..total).contains(&last));
            let last = last.ok_or(Errno::EINVAL)?;
            runs.insert(first, last);
            free = last.saturating_add(2);
        }
        if runs.len() > RUNS_MAX {
            return Err(Errno::EINVAL);
        }
        Ok(Self { total, runs })
    }
}

fn number(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn of(text: &str) -> Result<Regions, Errno> {
        Regions::from_words(10, text.split_whitespace())
    }

    proptest! {
        #[test]
        fn it_is_a_set(inserted in proptest::collection::vec(0_u64..40, 0..40)) {
            let (mut regions, mut model) = (Regions::none(40), BTreeSet::new());
            for region in inserted {
                prop_assert_eq!(regions.insert(region), model.insert(region));
                prop_assert_eq!(regions.count(), model.len() as u64);
            }
            prop_assert!((0..40).all(|region| regions.has(region) == model.contains(&region)));
            let text = regions.to_text();
            let again = Regions::from_words(40, text.split_whitespace()).unwrap();
            prop_assert_eq!(again.runs, regions.runs);
        }
    }

    #[test]
    fn regions_in_a_row_are_one_word() {
        let mut regions = Regions::none(10);
        for region in [3, 5, 9, 4, 0] {
            regions.insert(region);
        }
        assert_eq!(regions.to_text(), " 0 3-5 9");
        assert_eq!(Regions::all(10).to_text(), " 0-9");
    }

    #[test]
    fn what_was_not_written_is_not_read() {
        assert!(of("0 3-5 9").is_ok() && of("").is_ok());
        for bad in ["10", "0-10", "x", "-1", "1-", "5-3", "3 3", "3 4", "4 2", "+1"] {
            assert_eq!(of(bad).map(|_| ()), Err(Errno::EINVAL), "{bad}");
        }
    }

    #[test]
    fn more_runs_than_are_kept_are_all_regions() {
        let mut regions = Regions::none(1 << 20);
        for run in 0..1024 {
            regions.insert(run * 2);
        }
        assert_eq!(regions.count(), 1024);
        regions.insert(2048);
        assert_eq!((regions.count(), regions.to_text().as_str()), (1 << 20, " 0-1048575"));
    }
}
