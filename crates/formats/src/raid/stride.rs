//! Strides that are written as a power of two.

use dm_core::units::Sectors;

/// `2^shift` sectors; none for 0.
///
/// # Source
///
/// dmraid 1.0.0.rc16-12 on x86-64, by running it: of a shift past 31 only the low five bits count.
pub(super) fn of_shift(shift: u8) -> Sectors {
    if shift == 0 { Sectors::ZERO } else { Sectors::new(1_u32.wrapping_shl(shift.into()).into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shift_is_a_power_of_two_or_none() {
        assert_eq!([0, 7, 31, 33].map(|shift| of_shift(shift).get()), [0, 128, 1 << 31, 2]);
    }
}
