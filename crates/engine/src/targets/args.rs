//! What most targets' arguments are made of: numbers, and a device with the sector where the leg begins.

use std::sync::Arc;

use dm_core::errno::Errno;
use dm_core::units::Sectors;
use dm_core::words::is_space;

use crate::io::request::Device;
use crate::target::{Leg, Opener};

/// A position or length: decimal digits and nothing after them; white space may stand before.
///
/// # Source
///
/// The targets' `sscanf(word, "%llu%c", ...) != 1`, with `simple_strntoull` of the kernel's `lib/vsprintf.c`.
pub(super) fn sector(word: &[u8]) -> Option<Sectors> {
    let blank = word.iter().take_while(|&&byte| is_space(byte)).count();
    // quirk: the kernel's scanner loses the bits above 64, and the table then shows what is left.
    digits(word.get(blank..)?, |n, digit| Some(n.wrapping_mul(10).wrapping_add(digit)))
        .map(Sectors::new)
}

/// A number of 32 bits: decimal digits and nothing after them; white space may stand before.
///
/// # Source
///
/// The targets' `sscanf(word, "%u%c", ...) != 1`, and `dm_read_arg` in the kernel's `drivers/md/dm-table.c`.
pub(super) fn scanned_u32(word: &[u8]) -> Option<u32> {
    // quirk: as for `sector`, the scanner loses the bits above 32.
    u32::try_from(sector(word)?.get() & u64::from(u32::MAX)).ok()
}

/// A number of 32 bits: decimal digits, with a plus sign before and a newline after them if need be.
///
/// # Source
///
/// `kstrtouint` in the kernel's `lib/kstrtox.c`.
pub(super) fn strict_u32(word: &[u8]) -> Option<u32> {
    strict(word)?.try_into().ok()
}

/// A position or length, in the form of [`strict_u32`].
///
/// # Source
///
/// `kstrtoull` in the kernel's `lib/kstrtox.c`.
pub(super) fn strict_sector(word: &[u8]) -> Option<Sectors> {
    strict(word).map(Sectors::new)
}

fn strict(word: &[u8]) -> Option<u64> {
    let word = word.strip_prefix(b"+").unwrap_or(word);
    let word = word.strip_suffix(b"\n").unwrap_or(word);
    digits(word, |n, digit| n.checked_mul(10)?.checked_add(digit))
}

/// Reads digits only, at least one; `push` appends one to a number, or gives up.
fn digits(word: &[u8], push: impl Fn(u64, u64) -> Option<u64>) -> Option<u64> {
    if word.is_empty() {
        return None;
    }
    word.iter().try_fold(0, |n, byte| {
        if byte.is_ascii_digit() { push(n, u64::from(byte - b'0')) } else { None }
    })
}

/// Opens the device that `word` names, for a leg of `len` sectors from `start` on.
///
/// # Errors
///
/// What the opener says.
pub(super) fn open_leg(
    opener: &mut dyn Opener,
    word: &[u8],
    start: Sectors,
    len: Sectors,
) -> Result<Leg, Errno> {
    let device = opener.open(word)?;
    Ok(leg(device, start, len))
}

/// As [`open_leg`], for one that is never written to.
pub(super) fn open_leg_to_read(
    opener: &mut dyn Opener,
    word: &[u8],
    start: Sectors,
    len: Sectors,
) -> Result<Leg, Errno> {
    let device = opener.open_to_read(word)?;
    Ok(leg(device, start, len))
}

fn leg(device: Arc<dyn Device>, start: Sectors, len: Sectors) -> Leg {
    let name = escape(&device.name());
    Leg { device, name, start, len }
}

/// A device's name as a word of a table: the path of a file may have white space or backslashes in it.
fn escape(name: &str) -> String {
    let mut word = String::with_capacity(name.len());
    for c in name.chars() {
        if c == '\\' || (c.is_ascii() && u8::try_from(c).is_ok_and(is_space)) {
            word.push('\\');
        }
        word.push(c);
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sector_is_digits_and_nothing_more() {
        assert_eq!(sector(b"0"), Some(Sectors::ZERO));
        assert_eq!(sector(b"204800"), Some(Sectors::new(204_800)));
        assert_eq!(sector(b" 8"), Some(Sectors::new(8)));
        for bad in [&b""[..], b" ", b"-1", b"+1", b"0x10", b"8x", b"8 ", b"\xb2"] {
            assert_eq!(sector(bad), None, "{}", bad.escape_ascii());
        }
    }

    #[test]
    fn a_sector_of_more_than_64_bits_loses_the_upper_ones() {
        assert_eq!(sector(b"18446744073709551624"), Some(Sectors::new(8)));
    }

    #[test]
    fn a_scanned_number_of_more_than_32_bits_loses_the_upper_ones() {
        assert_eq!(scanned_u32(b" 4294967295"), Some(u32::MAX));
        assert_eq!(scanned_u32(b"4294967297"), Some(1));
        for bad in [&b""[..], b"-1", b"+1", b"1x", b"1 "] {
            assert_eq!(scanned_u32(bad), None, "{}", bad.escape_ascii());
        }
    }

    #[test]
    fn a_strict_number_has_32_bits() {
        assert_eq!(strict_u32(b"4294967295"), Some(u32::MAX));
        assert_eq!(strict_u32(b"+2\n"), Some(2));
        for bad in [&b""[..], b"4294967296", b"-2", b" 2", b"2 ", b"++2", b"2\n\n", b"x"] {
            assert_eq!(strict_u32(bad), None, "{}", bad.escape_ascii());
        }
    }

    #[test]
    fn a_strict_sector_has_64_bits() {
        assert_eq!(strict_sector(b"+18446744073709551615"), Some(Sectors::new(u64::MAX)));
        assert_eq!(strict_sector(b"18446744073709551616"), None);
    }

    #[test]
    fn a_path_with_blanks_and_backslashes_is_one_word() {
        assert_eq!(escape("7:0"), "7:0");
        let path = "/tmp/a b\\c\td\u{e0}";
        let words = dm_core::words::split(escape(path).as_bytes());
        assert_eq!(words, [path.as_bytes()]);
    }
}
