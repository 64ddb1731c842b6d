//! Numbers from a seed.

use std::ops::RangeInclusive;

/// A row of numbers that a seed begins; the same seed, the same row.
///
/// # Source
///
/// Steele, Lea, Flood: Fast splittable pseudorandom number generators (`SplitMix64`).
#[derive(Clone, Debug)]
pub struct Random(u64);

impl Random {
    /// The row of this seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number of this range.
    pub fn of(&mut self, range: RangeInclusive<u64>) -> u64 {
        let width = (range.end() - range.start()).wrapping_add(1);
        range.start() + if width == 0 { self.number() } else { self.number() % width }
    }

    /// A number of this range, of 32 bits.
    pub fn u32(&mut self, range: RangeInclusive<u32>) -> u32 {
        let number = self.of((*range.start()).into()..=(*range.end()).into());
        u32::try_from(number).unwrap_or(*range.end())
    }

    /// A byte of this range.
    pub fn u8(&mut self, range: RangeInclusive<u8>) -> u8 {
        let number = self.of((*range.start()).into()..=(*range.end()).into());
        u8::try_from(number).unwrap_or(*range.end())
    }

    /// Whether something that happens once in `n` times does.
    pub fn once_in(&mut self, n: u64) -> bool {
        self.of(1..=n) == 1
    }

    /// One of them.
    ///
    /// # Panics
    ///
    /// When there are none.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        let nth = self.number() % u64::try_from(from.len()).unwrap_or(1);
        from[usize::try_from(nth).unwrap_or(0)]
    }
}
