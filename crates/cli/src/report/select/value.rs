//! The values that fields are held to.

/// A quote's beginning and end.
pub(super) type Quote = (u8, u8);

/// What ends a text without quotes, besides a blank.
const ENDS: [&[u8]; 5] = [b"&&", b",", b"||", b"#", b")"];

/// The text at the front of `rest`, whether it was in quotes, and what follows it; `None` without the quote's end.
pub(super) fn text<'t>(rest: &'t [u8], quotes: &[Quote]) -> Option<(&'t [u8], bool, &'t [u8])> {
    let quote = quotes.iter().find(|(begin, _)| rest.first() == Some(begin));
    if let Some((_, end)) = quote {
        let inside = &rest[1..];
        let end = inside.iter().position(|byte| byte == end)?;
        return Some((&inside[..end], true, &inside[end + 1..]));
    }
    let ends = |at: &usize| {
        let here = &rest[*at..];
        here[0] == b' ' || ENDS.iter().any(|end| here.starts_with(end))
    };
    let end = (0..rest.len()).find(ends).unwrap_or(rest.len());
    Some((&rest[..end], false, &rest[end..]))
}

/// Digits, with a point among them or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Amount<'t> {
    pub(super) digits: &'t [u8],
    pub(super) rest: &'t [u8],
}

/// The number at the front of `rest`.
pub(super) fn amount(rest: &[u8]) -> Option<Amount<'_>> {
    let mut point = false;
    let ends = |byte: &u8| match byte {
        b'.' => std::mem::replace(&mut point, true),
        byte => !byte.is_ascii_digit(),
    };
    let end = rest.iter().position(ends).unwrap_or(rest.len());
    let (digits, rest) = rest.split_at(end);
    (!digits.is_empty()).then_some(Amount { digits, rest })
}

/// The whole part of a number; `None` if it does not fit 64 bits.
pub(super) fn whole(digits: &[u8]) -> Option<u64> {
    let digits = digits.iter().take_while(|byte| byte.is_ascii_digit());
    digits
        .map(|byte| u64::from(byte - b'0'))
        .try_fold(0_u64, |number, digit| number.checked_mul(10)?.checked_add(digit))
}

/// The bytes in a unit.
///
/// # Source
///
/// `dm_units_to_factor` in lvm2's `libdm/libdm-string.c`.
pub(super) fn unit(letter: u8) -> Option<f64> {
    const POWERS: &[u8] = b"kmgtpe";
    let base = if letter.is_ascii_uppercase() { 1000.0 } else { 1024.0 };
    match letter {
        b'h' | b'H' | b'r' | b'R' | b'b' | b'B' => Some(1.0),
        b's' | b'S' => Some(512.0),
        _ => {
            let power = POWERS.iter().position(|unit| unit.eq_ignore_ascii_case(&letter))?;
            i32::try_from(power).ok().map(|power| f64::powi(base, power + 1))
        }
    }
}

/// A size in sectors; without a unit it is in MiB.
pub(super) fn sectors(digits: &[u8], unit: Option<f64>) -> f64 {
    const MIB: f64 = 1024.0 * 1024.0;
    const SECTOR: f64 = 512.0;
    // A lone point is 0, as for strtod.
    let number: f64 = str::from_utf8(digits).ok().and_then(|text| text.parse().ok()).unwrap_or(0.0);
    number * unit.unwrap_or(MIB) / SECTOR
}
