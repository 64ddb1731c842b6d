//! How device-mapper splits a line's arguments, or a message, into words.

use alloc::vec::Vec;

/// The words of `text`: white space parts them, and `\x` stands for `x`, whatever `x` is.
///
/// There are no quotes and no comments. A backslash that ends the text stands for itself.
///
/// # Source
///
/// `dm_split_args` in the kernel's `drivers/md/dm-table.c`.
///
/// ```
/// let words = dm_core::words::split(br" 7:0  a\ b ");
/// assert_eq!(words, [b"7:0".to_vec(), b"a b".to_vec()]);
/// ```
pub fn split(text: &[u8]) -> Vec<Vec<u8>> {
    let mut words = Vec::new();
    let mut word: Option<Vec<u8>> = None;
    let mut bytes = text.iter();
    while let Some(&byte) = bytes.next() {
        if is_space(byte) {
            words.extend(word.take());
            continue;
        }
        let quoted = if byte == b'\\' { bytes.next().copied() } else { None };
        word.get_or_insert_default().push(quoted.unwrap_or(byte));
    }
    words.extend(word);
    words
}

/// Doubles every backslash, so that [`split`] gives the text back as it was.
///
/// # Source
///
/// `_add_target` in lvm2's `libdm/ioctl/libdm-iface.c` does so to every target's arguments.
pub fn double_backslashes(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &byte in text {
        out.push(byte);
        if byte == b'\\' {
            out.push(byte);
        }
    }
    out
}

/// `text` as one word: [`split`] gives it back whole.
pub fn one_word(text: &[u8]) -> Vec<u8> {
    let mut word = Vec::with_capacity(text.len());
    for &byte in text {
        if byte == b'\\' || is_space(byte) {
            word.push(b'\\');
        }
        word.push(byte);
    }
    word
}

/// White space as the C library's and the kernel's `isspace` have it in the C locale.
pub const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn white_space_of_any_length_parts_words() {
        assert_eq!(split(b"\t a  b\n"), vec![b"a".to_vec(), b"b".to_vec()]);
        assert_eq!(split(b" \t"), Vec::<Vec<u8>>::new());
    }

    #[test]
    fn a_backslash_makes_the_next_byte_literal() {
        assert_eq!(split(br"a\\b\ c"), vec![br"a\b c".to_vec()]);
        assert_eq!(split(br"a\"), vec![br"a\".to_vec()]);
    }

    #[test]
    fn doubled_backslashes_split_to_what_was_there() {
        assert_eq!(split(&double_backslashes(br"a\x20b")), vec![br"a\x20b".to_vec()]);
    }
}
