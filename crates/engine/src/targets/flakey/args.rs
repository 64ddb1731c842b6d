//! The words of a table with `flakey`: read as the kernel reads them, mistake by mistake, and printed.

use std::fmt;
use std::ops::RangeInclusive;
use std::slice;

use dm_core::units::Sectors;

use crate::target::BuildError;
use crate::targets::args::{scanned_u32, sector};

/// A chance of 1.
///
/// # Source
///
/// `PROBABILITY_BASE` in the kernel's `drivers/md/dm-flakey.c`.
pub(super) const CERTAIN: u32 = 1_000_000_000;

/// How many words the features have at most.
const WORDS_MAX: u32 = 11;

/// A whole table line.
#[derive(Debug)]
pub(super) struct Args<'a> {
    pub(super) device: &'a [u8],
    pub(super) start: Sectors,
    /// In seconds.
    pub(super) up: u32,
    /// In seconds.
    pub(super) down: u32,
    pub(super) features: Features,
}

/// What is done to requests while it is down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Features {
    pub(super) error_reads: bool,
    pub(super) writes: Writes,
    pub(super) byte: Option<Byte>,
    /// How often in [`CERTAIN`] times a read's data is changed.
    pub(super) read_chance: u32,
    /// As for `read_chance`.
    pub(super) write_chance: u32,
}

/// What becomes of writes, whatever their data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Writes {
    #[default]
    Done,
    Dropped,
    Failed,
}

/// `corrupt_bio_byte`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Byte {
    /// Which one of a request, from 1.
    pub(super) number: u32,
    pub(super) direction: Direction,
    pub(super) value: u8,
    /// What the request's operation and flags must all have: see [`super::corruption::bits`].
    pub(super) flags: u32,
}

/// Whose data is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Read,
    Write,
}

/// Reads all words.
///
/// # Errors
///
/// The kernel's text for the first mistake that it finds.
pub(super) fn parse(words: &[Vec<u8>]) -> Result<Args<'_>, BuildError> {
    let [device, start, up, down, features @ ..] = words else {
        return Err(BuildError::new("Invalid argument count"));
    };
    let start = sector(start).ok_or(BuildError::new("Invalid device sector"))?;
    // quirk: the kernel has the same words for either interval.
    let seconds = |word| scanned_u32(word).ok_or(BuildError::new("Invalid up interval"));
    let (up, down) = (seconds(up)?, seconds(down)?);
    let interval = up.wrapping_add(down);
    if interval == 0 {
        return Err(BuildError::new("Total (up + down) interval is zero"));
    }
    if interval < up {
        return Err(BuildError::new("Interval overflow"));
    }
    Ok(Args { device, start, up, down, features: parse_features(features)? })
}

fn parse_features(words: &[Vec<u8>]) -> Result<Features, BuildError> {
    let mut features = Features::default();
    let mut words = Words::group(words)?;
    while words.left != 0 {
        let Some(name) = words.next() else {
            return Err(BuildError::new("Insufficient feature arguments"));
        };
        features.take(name, &mut words)?;
    }
    features.check()
}

impl Features {
    /// Takes one feature.
    fn take(&mut self, name: &[u8], words: &mut Words<'_>) -> Result<(), BuildError> {
        let is = |feature: &str| name.eq_ignore_ascii_case(feature.as_bytes());
        if is("error_reads") {
            if std::mem::replace(&mut self.error_reads, true) {
                return Err(BuildError::new("Feature error_reads duplicated"));
            }
        } else if is("drop_writes") {
            self.writes = match self.writes {
                Writes::Done => Writes::Dropped,
                Writes::Dropped => return Err(BuildError::new("Feature drop_writes duplicated")),
                Writes::Failed => return Err(BuildError::new(DROP_AND_ERROR)),
            };
        } else if is("error_writes") {
            self.writes = match self.writes {
                Writes::Done => Writes::Failed,
                Writes::Failed => return Err(BuildError::new("Feature error_writes duplicated")),
                Writes::Dropped => return Err(BuildError::new(ERROR_AND_DROP)),
            };
        } else if is("corrupt_bio_byte") {
            // A later one takes the place of an earlier.
            self.byte = Some(Byte::take(words)?);
        } else if is("random_read_corrupt") {
            self.read_chance = chance(words, "Feature random_read_corrupt requires a parameter")?;
        } else if is("random_write_corrupt") {
            self.write_chance = chance(words, "Feature random_write_corrupt requires a parameter")?;
        } else {
            return Err(BuildError::new("Unrecognised flakey feature requested"));
        }
        Ok(())
    }

    /// They go together; those that do nothing at all stand for errors of all requests.
    fn check(mut self) -> Result<Self, BuildError> {
        let byte_of_writes = self.byte.is_some_and(|byte| byte.direction == Direction::Write);
        match self.writes {
            Writes::Dropped if byte_of_writes => return Err(BuildError::new(DROP_AND_BYTE)),
            Writes::Failed if byte_of_writes => return Err(BuildError::new(ERROR_AND_BYTE)),
            _ => {}
        }
        if self == Self::default() {
            self.error_reads = true;
            self.writes = Writes::Failed;
        }
        Ok(self)
    }
}

const DROP_AND_ERROR: &str = "Feature drop_writes conflicts with feature error_writes";
const ERROR_AND_DROP: &str = "Feature error_writes conflicts with feature drop_writes";
const DROP_AND_BYTE: &str =
    "drop_writes is incompatible with corrupt_bio_byte with the WRITE flag set";
const ERROR_AND_BYTE: &str =
    "error_writes is incompatible with corrupt_bio_byte with the WRITE flag set";

impl Byte {
    fn take(words: &mut Words<'_>) -> Result<Self, BuildError> {
        if words.left == 0 {
            return Err(BuildError::new("Feature corrupt_bio_byte requires parameters"));
        }
        let number = words.number(1..=u32::MAX, "Invalid corrupt bio byte")?;
        // quirk: without this word the kernel reads at address 0.
        let direction = match words.next() {
            Some(word) if word.eq_ignore_ascii_case(b"w") => Direction::Write,
            Some(word) if word.eq_ignore_ascii_case(b"r") => Direction::Read,
            _ => return Err(BuildError::new("Invalid corrupt bio direction (r or w)")),
        };
        let value = words.number(0..=255, NO_VALUE)?;
        let value = u8::try_from(value).map_err(|_| BuildError::new(NO_VALUE))?;
        let flags = words.number(0..=u32::MAX, "Invalid corrupt bio flags mask")?;
        Ok(Self { number, direction, value, flags })
    }
}

const NO_VALUE: &str = "Invalid corrupt value to write into bio byte (0-255)";

fn chance(words: &mut Words<'_>, missing: &'static str) -> Result<u32, BuildError> {
    if words.left == 0 {
        return Err(BuildError::new(missing));
    }
    words.number(0..=CERTAIN, "Invalid random corrupt argument")
}

/// The words of all features.
struct Words<'a> {
    words: slice::Iter<'a, Vec<u8>>,
    /// How many there are still to be by the number that stands before them. A feature may take more words
    /// than that; then there are 2³² more to be, as in the kernel, and they run out.
    left: u32,
}

impl<'a> Words<'a> {
    /// The number of words, and at least as many words. No word at all is a number of 0.
    fn group(words: &'a [Vec<u8>]) -> Result<Self, BuildError> {
        let mut words = Words { words: words.iter(), left: 0 };
        if words.words.len() != 0 {
            const WRONG: &str = "Invalid number of feature args";
            let count = words.number(0..=WORDS_MAX, WRONG)?;
            if usize::try_from(count).is_ok_and(|count| count > words.words.len()) {
                return Err(BuildError::new(WRONG));
            }
            words.left = count;
        }
        Ok(words)
    }

    fn next(&mut self) -> Option<&'a [u8]> {
        self.left = self.left.wrapping_sub(1);
        self.words.next().map(Vec::as_slice)
    }

    fn number(
        &mut self,
        range: RangeInclusive<u32>,
        wrong: &'static str,
    ) -> Result<u32, BuildError> {
        let number = self.next().and_then(scanned_u32);
        number.filter(|number| range.contains(number)).ok_or(BuildError::new(wrong))
    }
}

impl fmt::Display for Features {
    /// As a table has them, with the number of their words first.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = u32::from(self.error_reads)
            + u32::from(self.writes != Writes::Done)
            + if self.byte.is_some() { 5 } else { 0 }
            + if self.read_chance > 0 { 2 } else { 0 }
            + if self.write_chance > 0 { 2 } else { 0 };
        write!(f, "{words}")?;
        if self.error_reads {
            f.write_str(" error_reads")?;
        }
        f.write_str(match self.writes {
            Writes::Done => "",
            Writes::Dropped => " drop_writes",
            Writes::Failed => " error_writes",
        })?;
        if let Some(Byte { number, direction, value, flags }) = self.byte {
            let direction = match direction {
                Direction::Read => 'r',
                Direction::Write => 'w',
            };
            write!(f, " corrupt_bio_byte {number} {direction} {value} {flags}")?;
        }
        if self.read_chance > 0 {
            write!(f, " random_read_corrupt {}", self.read_chance)?;
        }
        if self.write_chance > 0 {
            write!(f, " random_write_corrupt {}", self.write_chance)?;
        }
        Ok(())
    }
}
