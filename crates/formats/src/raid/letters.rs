//! Letters for digits: the name of a set must not end in one where the number of a partition is to follow.

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
}
