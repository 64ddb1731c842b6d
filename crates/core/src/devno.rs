//! Device numbers, and the two ways in which the kernel packs them.

use core::fmt;
use core::str::FromStr;

/// A device number, `major:minor`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DevNo {
    /// Which driver.
    pub major: u32,
    /// Which of its devices.
    pub minor: u32,
}

/// The largest major number that a table may name.
///
/// # Source
///
/// `MINORBITS` is 20 in the kernel's `include/linux/kdev_t.h`: 12 bits are left for the major.
pub const MAJOR_MAX: u32 = 0xfff;

/// The largest minor number there is.
///
/// # Source
///
/// `MINORBITS` in the kernel's `include/linux/kdev_t.h`.
pub const MINOR_MAX: u32 = 0xf_ffff;

impl DevNo {
    /// The device `major:minor`.
    pub const fn new(major: u32, minor: u32) -> Self {
        Self { major, minor }
    }

    /// From the 64-bit form of `struct dm_ioctl`.
    ///
    /// # Source
    ///
    /// `huge_decode_dev` is `new_decode_dev` of the low 32 bits, in `include/linux/kdev_t.h`.
    pub const fn from_packed(dev: u64) -> Self {
        let low = [(dev & 0xff), ((dev >> 12) & 0xf_ff00)];
        let [a, b] = low;
        Self { major: low_u32((dev >> 8) & 0xfff), minor: low_u32(a | b) }
    }

    /// The 64-bit form of `struct dm_ioctl`.
    ///
    /// # Source
    ///
    /// `huge_encode_dev` in the kernel's `include/linux/kdev_t.h`.
    pub const fn to_packed(self) -> u64 {
        let (major, minor) = (widen(self.major), widen(self.minor));
        (minor & 0xff) | (major << 8) | ((minor & !0xff) << 12)
    }

    /// From the C library's `dev_t`, as `stat(2)` gives it.
    ///
    /// # Source
    ///
    /// `gnu_dev_major` and `gnu_dev_minor` in glibc's `bits/sysmacros.h`.
    pub const fn from_libc(dev: u64) -> Self {
        Self {
            major: low_u32(((dev >> 8) & 0xfff) | ((dev >> 32) & 0xffff_f000)),
            minor: low_u32((dev & 0xff) | ((dev >> 12) & 0xffff_ff00)),
        }
    }

    /// The C library's `dev_t`, for `mknod(2)`.
    pub const fn to_libc(self) -> u64 {
        let (major, minor) = (widen(self.major), widen(self.minor));
        (minor & 0xff) | ((major & 0xfff) << 8) | ((minor & !0xff) << 12) | ((major & !0xfff) << 32)
    }
}

#[expect(clippy::as_conversions, reason = "From is not const; widening loses nothing")]
const fn widen(n: u32) -> u64 {
    n as u64
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "every caller masks to 32 bits"
)]
const fn low_u32(n: u64) -> u32 {
    n as u32
}

impl fmt::Display for DevNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.major, self.minor)
    }
}

/// What is wrong with a device number in text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a device number of the form major:minor")]
pub struct DevNoError;

impl FromStr for DevNo {
    type Err = DevNoError;

    fn from_str(text: &str) -> Result<Self, DevNoError> {
        let (major, minor) = text.split_once(':').ok_or(DevNoError)?;
        let number = |digits: &str, max: u32| {
            let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            let n: u32 = plain.then(|| digits.parse().ok()).flatten().ok_or(DevNoError)?;
            if n <= max { Ok(n) } else { Err(DevNoError) }
        };
        Ok(Self::new(number(major, MAJOR_MAX)?, number(minor, MINOR_MAX)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString as _;

    #[test]
    fn a_number_packs_as_the_kernel_packs_it() {
        // huge_encode_dev(254:300): 300 is 0x12c.
        assert_eq!(DevNo::new(254, 300).to_packed(), 0x2c | (254 << 8) | (0x100 << 12));
        assert_eq!(DevNo::from_packed(0x0010_fe2c), DevNo::new(254, 300));
    }

    #[test]
    fn the_c_librarys_form_keeps_large_numbers() {
        let dev = DevNo::new(259, 0xf_ffff);
        assert_eq!(DevNo::from_libc(dev.to_libc()), dev);
    }

    #[test]
    fn text_is_two_plain_numbers() {
        assert_eq!("7:12".parse(), Ok(DevNo::new(7, 12)));
        assert_eq!(DevNo::new(7, 12).to_string(), "7:12");
        for bad in ["", "7", ":", "7:", ":1", "+7:1", "7:1 ", "7:1048576", "4096:0", "a:b"] {
            assert_eq!(bad.parse::<DevNo>(), Err(DevNoError), "{bad}");
        }
    }
}
