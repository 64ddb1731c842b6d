//! Sizes and positions: [`Sectors`] and [`Bytes`], which never mix by accident.

use core::fmt;

/// A count of 512-byte sectors, whatever the device's logical block size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sectors(u64);

/// A count of bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes(u64);

/// Two to this power is a sector's size in bytes.
///
/// # Source
///
/// `SECTOR_SHIFT` in the kernel's `include/linux/blk_types.h`.
pub const SECTOR_SHIFT: u32 = 9;

macro_rules! count {
    ($unit:ident) => {
        impl $unit {
            /// None at all.
            pub const ZERO: Self = Self(0);

            /// A count of `n`.
            pub const fn new(n: u64) -> Self {
                Self(n)
            }

            /// The bare number.
            pub const fn get(self) -> u64 {
                self.0
            }

            /// Whether there are none.
            pub const fn is_zero(self) -> bool {
                self.0 == 0
            }

            /// The sum, unless it overflows.
            pub const fn checked_add(self, other: Self) -> Option<Self> {
                match self.0.checked_add(other.0) {
                    Some(n) => Some(Self(n)),
                    None => None,
                }
            }

            /// The difference, unless `other` is larger.
            pub const fn checked_sub(self, other: Self) -> Option<Self> {
                match self.0.checked_sub(other.0) {
                    Some(n) => Some(Self(n)),
                    None => None,
                }
            }

            /// The product, unless it overflows.
            pub const fn checked_mul(self, n: u64) -> Option<Self> {
                match self.0.checked_mul(n) {
                    Some(n) => Some(Self(n)),
                    None => None,
                }
            }

            /// The sum, or the largest count there is.
            #[must_use]
            pub const fn saturating_add(self, other: Self) -> Self {
                Self(self.0.saturating_add(other.0))
            }

            /// The difference, or none.
            #[must_use]
            pub const fn saturating_sub(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }

            /// Whether this is a whole number of `unit`s; never so for a unit of zero.
            pub const fn is_multiple_of(self, unit: Self) -> bool {
                matches!(self.0.checked_rem(unit.0), Some(0))
            }
        }

        impl fmt::Display for $unit {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    };
}

count!(Sectors);
count!(Bytes);

impl Sectors {
    /// The same length in bytes, unless that overflows.
    pub const fn to_bytes(self) -> Option<Bytes> {
        match self.0.checked_mul(1 << SECTOR_SHIFT) {
            Some(n) => Some(Bytes(n)),
            None => None,
        }
    }
}

impl Bytes {
    /// The same length in sectors, if it is a whole number of them.
    pub const fn to_sectors(self) -> Option<Sectors> {
        if self.0.trailing_zeros() >= SECTOR_SHIFT {
            Some(Sectors(self.0 >> SECTOR_SHIFT))
        } else {
            None
        }
    }

    /// The whole sectors in this length; a rest is dropped, as the kernel drops it from a file's size.
    pub const fn whole_sectors(self) -> Sectors {
        Sectors(self.0 >> SECTOR_SHIFT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sectors_become_bytes_and_come_back() {
        let bytes = Sectors::new(204_800).to_bytes().unwrap();
        assert_eq!(bytes, Bytes::new(104_857_600));
        assert_eq!(bytes.to_sectors(), Some(Sectors::new(204_800)));
    }

    #[test]
    fn a_length_that_overflows_bytes_is_refused() {
        assert_eq!(Sectors::new(1 << 55).to_bytes(), None);
    }

    #[test]
    fn a_rest_is_no_sector() {
        assert_eq!(Bytes::new(1023).to_sectors(), None);
        assert_eq!(Bytes::new(1023).whole_sectors(), Sectors::new(1));
    }

    #[test]
    fn nothing_is_a_multiple_of_zero() {
        assert!(!Sectors::new(8).is_multiple_of(Sectors::ZERO));
        assert!(Sectors::new(8).is_multiple_of(Sectors::new(4)));
    }
}
