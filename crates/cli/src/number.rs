//! Numbers as the C library reads them: the originals take `12x` for 12 and `x` for 0, and so do scripts.
//!
//! # Source
//!
//! `atoi(3)`, `strtoul(3)`, as glibc 2.36 does them on 64-bit Linux.

use dm_core::words::is_space;

/// A number read from the front of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scanned<'a> {
    /// Its digits' value, or the largest there is.
    pub magnitude: u64,
    /// Whether a minus sign stood before it.
    pub negative: bool,
    /// Whether it was too large.
    pub overflow: bool,
    /// What follows it.
    pub rest: &'a [u8],
}

/// The number at the front of `text`, after white space and a sign; `None` when there are no digits.
/// A `base` of 0 means 16 after `0x`, 8 after `0`, else 10.
pub fn scan(text: &[u8], base: u32) -> Option<Scanned<'_>> {
    let start = text.iter().position(|&byte| !is_space(byte))?;
    let (negative, digits) = match &text[start..] {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] | rest => (false, rest),
    };
    let (base, digits) = prefix(digits, base);
    let value = |byte: &u8| char::from(*byte).to_digit(base).map(u64::from);
    let end = digits.iter().position(|byte| value(byte).is_none()).unwrap_or(digits.len());
    if end == 0 {
        return None;
    }
    let magnitude = digits[..end].iter().try_fold(0_u64, |n, byte| {
        n.checked_mul(u64::from(base))?.checked_add(value(byte).unwrap_or(0))
    });
    let overflow = magnitude.is_none();
    let magnitude = magnitude.unwrap_or(u64::MAX);
    Some(Scanned { magnitude, negative, overflow, rest: &digits[end..] })
}

/// The base that `digits` begin with, and the digits after the mark of it.
fn prefix(digits: &[u8], base: u32) -> (u32, &[u8]) {
    match digits {
        [b'0', b'x' | b'X', rest @ ..]
            if matches!(base, 0 | 16) && rest.first().is_some_and(u8::is_ascii_hexdigit) =>
        {
            (16, rest)
        }
        [b'0', ..] if base == 0 => (8, digits),
        _ if base == 0 => (10, digits),
        _ => (base, digits),
    }
}

/// What `atoi` makes of `text`: 0 when it is no number.
pub fn atoi(text: &[u8]) -> i32 {
    let Some(number) = scan(text, 10) else { return 0 };
    let wide = match i64::try_from(number.magnitude) {
        Ok(n) if number.negative => -n,
        Ok(n) => n,
        Err(_) if number.negative => i64::MIN,
        Err(_) => i64::MAX,
    };
    #[expect(clippy::cast_possible_truncation, reason = "atoi is strtol cast to int")]
    let narrow = wide as i32;
    narrow
}

/// The 64-bit number that the whole of `text` is in `base`; a minus sign wraps, as in `strtoull`.
pub fn whole(text: &[u8], base: u32) -> Option<u64> {
    let number = scan(text, base).filter(|number| number.rest.is_empty() && !number.overflow)?;
    Some(if number.negative { number.magnitude.wrapping_neg() } else { number.magnitude })
}

/// The udev cookie that `text` is: not 0, at most 32 bits, in C's notation.
///
/// # Source
///
/// `_get_cookie_value` in lvm2's `libdm/dm-tools/dmsetup.c`.
pub fn cookie(text: &[u8]) -> Option<u32> {
    u32::try_from(whole(text, 0)?).ok().filter(|&cookie| cookie != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn atoi_takes_what_it_can_and_is_0_for_the_rest() {
        assert_eq!(atoi(b" 12x"), 12);
        assert_eq!(atoi(b"-7"), -7);
        assert_eq!(atoi(b"x"), 0);
        assert_eq!(atoi(b""), 0);
        assert_eq!(atoi(b"4294967297"), 1);
        assert_eq!(atoi(b"99999999999999999999"), -1);
    }

    #[test]
    fn a_cookie_is_a_whole_c_number() {
        assert_eq!(cookie(b"0x0D4D1234"), Some(0x0d4d_1234));
        assert_eq!(cookie(b"010"), Some(8));
        assert_eq!(cookie(b"223150081"), Some(0xd4d_0001));
        for bad in [&b""[..], b"0", b"0x", b"x", b"12 ", b"0x1ffffffff"] {
            assert_eq!(cookie(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn an_octal_mode_stops_at_the_first_other_digit() {
        assert_eq!(scan(b"0640", 8).unwrap().magnitude, 0o640);
        assert_eq!(whole(b"9", 8), None);
        assert_eq!(whole(b"64x", 8), None);
    }
}
