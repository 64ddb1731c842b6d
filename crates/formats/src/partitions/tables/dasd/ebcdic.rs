//! EBCDIC, as far as labels use it.

use alloc::string::String;

use crate::partitions::slice::text;

/// The ASCII of each byte; what labels do not have in them is a zero.
pub(super) fn decode<const N: usize>(bytes: &[u8; N]) -> [u8; N] {
    bytes.map(|byte| match byte {
        0x40 => b' ',
        0x4B => b'.',
        0x5B => b'$',
        0x60 => b'-',
        0x6D => b'_',
        0x7B => b'#',
        0x7C => b'@',
        0xF0..=0xF9 => byte.wrapping_sub(0xF0 - b'0'),
        0xC1..=0xC9 => byte.wrapping_sub(0xC1 - b'A'),
        0xD1..=0xD9 => byte.wrapping_sub(0xD1 - b'J'),
        0xE2..=0xE9 => byte.wrapping_sub(0xE2 - b'S'),
        0x81..=0x89 => byte.wrapping_sub(0x81 - b'a'),
        0x91..=0x99 => byte.wrapping_sub(0x91 - b'j'),
        0xA2..=0xA9 => byte.wrapping_sub(0xA2 - b's'),
        _ => 0,
    })
}

/// A name, without the blanks it is filled up with.
pub(super) fn name<const N: usize>(bytes: &[u8; N]) -> Option<String> {
    text(&decode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_digits_and_points_are_known() {
        assert_eq!(decode(&[0xE5, 0xD6, 0xD3, 0xF1]), *b"VOL1");
        assert_eq!(decode(&[0xD3, 0xD5, 0xE7, 0xF1]), *b"LNX1");
        assert_eq!(decode(&[0xC3, 0xD4, 0xE2, 0xF1]), *b"CMS1");
        assert_eq!(name(&[0xC1, 0x4B, 0xA9, 0x40, 0x40]).as_deref(), Some("A.z"));
    }
}
