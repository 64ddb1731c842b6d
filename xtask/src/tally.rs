//! Counts of tests that passed, failed or were skipped.
use std::fmt;

/// How many tests ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// They held.
    pub passed: usize,
    /// They did not.
    pub failed: usize,
    /// They could not run here, and said so.
    pub skipped: usize,
}

impl Tally {
    /// One test that passed or failed.
    pub fn of(passed: bool) -> Self {
        Self { passed: usize::from(passed), failed: usize::from(!passed), skipped: 0 }
    }

    /// One test that was skipped.
    pub fn skip() -> Self {
        Self { skipped: 1, ..Self::default() }
    }

    /// Adds another's counts.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    /// What the lines of a test runner's output count: `cargo test`'s closing lines, our own closing lines,
    /// and tests that say `skipped: <why>` while they pass.
    pub fn of_output(output: &str) -> Self {
        let mut tally = Self::default();
        let mut said = 0;
        for line in output.lines() {
            if let Some(counts) = line.strip_prefix("test result: ") {
                let count = |word| number_before(counts, word);
                tally.passed += count(" passed");
                tally.failed += count(" failed");
                tally.skipped += count(" ignored");
            } else if is_closing_line(line) {
                tally.passed += number_before(line, " passed");
                tally.failed += number_before(line, " failed");
                tally.skipped += number_before(line, " skipped");
            } else if line.contains("skipped: ") && !line.contains("SKIP ") {
                said += 1;
            }
        }
        let said = said.min(tally.passed);
        tally.passed -= said;
        tally.skipped += said;
        tally
    }
}

fn is_closing_line(line: &str) -> bool {
    let mut words = line.split(' ');
    let mut pair = |word| {
        words.next().is_some_and(|n| n.parse::<usize>().is_ok()) && words.next() == Some(word)
    };
    pair("passed,") && pair("failed,") && pair("skipped")
}

fn number_before(text: &str, word: &str) -> usize {
    let Some((before, _)) = text.split_once(word) else { return 0 };
    before.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_added_up_and_spoken_skips_are_no_passes() {
        let output = "skipped: needs root\n\
                      test result: ok. 5 passed; 1 failed; 2 ignored; 0 measured\n\
                      10 passed, 0 failed, 3 skipped\n";
        assert_eq!(Tally::of_output(output), Tally { passed: 14, failed: 1, skipped: 6 });
    }

    #[test]
    fn other_lines_count_for_nothing() {
        assert_eq!(Tally::of_output("12 passed\nall 3 failed, 1 skipped"), Tally::default());
    }
}
