//! Letters for digits: the name of a set must not end in one where the number of a partition is to follow.

use alloc::format;
use alloc::vec::Vec;

/// Writes `a` to `j` for the digits `0` to `9`; all else stays.
///
/// # Source
///
/// dmraid 1.0.0.rc16, by running it: the set of magic 1431655765 is `bedbgffhgf`.
pub(super) fn in_letters(name: &mut [u8]) {
    for byte in name.iter_mut().filter(|byte| byte.is_ascii_digit()) {
        *byte = byte.saturating_sub(b'0').saturating_add(b'a');
    }
}

/// The same, but for the last `keep` bytes: the number of a subset.
pub(super) fn in_letters_before(name: &mut [u8], keep: usize) {
    let end = name.len().saturating_sub(keep);
    in_letters(name.get_mut(..end).unwrap_or_default());
}

/// The name of a set that has a number: `PREFIX` and the number in letters. A subset's has `-` and its own number after
/// that, of which all but the last two characters are letters too.
///
/// # Source
///
/// dmraid 1.0.0.rc16-12, by running it: subset 123 of the hpt37x set 4660 is `hpt37x_egga-b23`.
pub(super) fn numbered(prefix: &str, number: u32, subset: Option<u32>) -> Vec<u8> {
    let mut digits = match subset {
        Some(subset) => format!("{number}-{subset}"),
        None => format!("{number}"),
    }
    .into_bytes();
    in_letters_before(&mut digits, if subset.is_some() { 2 } else { 0 });
    [prefix.as_bytes(), &digits].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(name: &str, keep: usize) -> alloc::string::String {
        let mut name = alloc::string::String::from(name).into_bytes();
        in_letters_before(&mut name, keep);
        alloc::string::String::from_utf8(name).unwrap()
    }

    #[test]
    fn digits_become_letters() {
        assert_eq!(letters("1431655765", 0), "bedbgffhgf");
        assert_eq!(letters("3.b-", 0), "d.b-");
    }

    #[test]
    fn what_is_kept_is_kept() {
        assert_eq!(letters("12-3", 2), "bc-3");
        assert_eq!(letters("1", 2), "1");
    }

    #[test]
    fn a_numbered_set_has_its_number_in_letters_and_that_of_its_subset_at_the_end() {
        assert_eq!(numbered("hpt37x_", 0x1234, None), b"hpt37x_egga");
        assert_eq!(numbered("hpt37x_", 0x1234, Some(1)), b"hpt37x_egga-1");
        assert_eq!(numbered("hpt37x_", 0x1234, Some(123)), b"hpt37x_egga-b23");
    }
}
