//! Medians, and how far apart values lie.
use std::fmt;

/// Values of the same thing, in the order in which they were measured.
#[derive(Debug, Clone, Default)]
pub(super) struct Series(Vec<f64>);

impl Series {
    /// Adds a value.
    pub(super) fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    /// The middle value, or the mean of the two in the middle; 0 of none.
    pub(super) fn median(&self) -> f64 {
        self.part(0.5)
    }

    /// The value that `part` of the others are not above, between two values in proportion; 0 of none.
    pub(super) fn part(&self, part: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
        #[expect(clippy::cast_precision_loss, reason = "far fewer values than 2^52")]
        let at = last as f64 * part.clamp(0.0, 1.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and the last index"
        )]
        let below = at.floor() as usize;
        let above = (below + 1).min(last);
        sorted[below] + (sorted[above] - sorted[below]) * at.fract()
    }

    /// Each value times `factor`.
    pub(super) fn times(&self, factor: f64) -> Self {
        self.0.iter().map(|value| value * factor).collect()
    }

    /// The greatest value; 0 of none.
    pub(super) fn max(&self) -> f64 {
        self.part(1.0)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// What each value is to the one of `other` that was measured beside it.
    pub(super) fn over(&self, other: &Self) -> Ratio {
        Ratio(self.divided_by(other))
    }

    /// The quotients of the values that were measured side by side.
    pub(super) fn divided_by(&self, other: &Self) -> Self {
        let pairs = self.0.iter().zip(&other.0).filter(|(_, theirs)| **theirs > 0.0);
        pairs.map(|(ours, theirs)| ours / theirs).collect()
    }
}

impl FromIterator<f64> for Series {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

/// The ratios of the rounds: printed as the median, and the quartiles behind it.
#[derive(Debug, Clone)]
pub(super) struct Ratio(Series);

impl Ratio {
    /// The middle ratio.
    pub(super) fn median(&self) -> f64 {
        self.0.median()
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.len() == 0 {
            return f.write_str("-");
        }
        let (low, high) = (self.0.part(0.25), self.0.part(0.75));
        write!(f, "{:.2} ({low:.2} to {high:.2})", self.median())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(values: &[f64]) -> Series {
        values.iter().copied().collect()
    }

    #[test]
    fn the_median_is_the_middle_of_the_sorted_values() {
        let is = |values: &[f64], median: f64| {
            assert!((series(values).median() - median).abs() < 1e-9, "{values:?}");
        };
        is(&[3.0, 1.0, 2.0], 2.0);
        is(&[4.0, 1.0, 2.0, 3.0], 2.5);
        is(&[7.0], 7.0);
        is(&[], 0.0);
    }

    #[test]
    fn a_round_is_compared_within_itself() {
        let (ours, theirs) = (series(&[10.0, 100.0, 1000.0]), series(&[20.0, 200.0, 1000.0]));
        assert_eq!(ours.over(&theirs).to_string(), "0.50 (0.50 to 0.75)");
        assert_eq!(ours.over(&Series::default()).to_string(), "-");
    }
}
