//! The form that libdevmapper gives names and uuids: bytes outside a whitelist become `\xNN`.
//!
//! | mode | to the kernel | from the kernel |
//! |---|---|---|
//! | `none` | as is | as is |
//! | `auto` | encoded, unless it is already | decoded; refused when it should have been encoded |
//! | `hex` | every byte outside the whitelist is encoded, `\` too | decoded likewise |
//!
//! # Source
//!
//! `mangle_string`, `unmangle_string` and `check_multiple_mangled_string_allowed` in lvm2's
//! `libdm/libdm-common.c`; `DM_STRING_MANGLING_*` in `libdm/libdevmapper.h`.

use alloc::vec::Vec;

/// How names are encoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mangling {
    /// Names are bytes, as they are.
    None,
    /// What is encoded already stays so.
    #[default]
    Auto,
    /// Always encode.
    Hex,
}

/// Why a string cannot be encoded or decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MangleError {
    /// It holds the encoding of an encoding.
    #[error("seems to be mangled more than once")]
    Twice,
    /// Encoded and raw bytes stand side by side.
    #[error("contains mixed mangled and unmangled characters or it's already mangled improperly")]
    Mixed,
    /// It came from the kernel with bytes that should have been encoded.
    #[error("should be mangled but it contains blacklisted characters")]
    Blacklisted,
}

/// The encoding of a backslash that begins an encoding.
const TWICE: &[u8] = br"\x5cx";

impl Mangling {
    /// The mode that `word` names, in any case.
    pub fn from_word(word: &[u8]) -> Option<Self> {
        [(&b"none"[..], Self::None), (b"auto", Self::Auto), (b"hex", Self::Hex)]
            .into_iter()
            .find(|(name, _)| word.eq_ignore_ascii_case(name))
            .map(|(_, mode)| mode)
    }

    /// What the kernel is given for `text`.
    ///
    /// # Errors
    ///
    /// [`MangleError::Twice`] and [`MangleError::Mixed`], in `auto` mode only.
    pub fn mangle(self, text: &[u8]) -> Result<Vec<u8>, MangleError> {
        match self {
            Self::None => Ok(text.to_vec()),
            Self::Hex => Ok(encode(text)),
            Self::Auto => mangle_auto(text),
        }
    }

    /// What the user is shown for the kernel's `text`.
    ///
    /// # Errors
    ///
    /// [`MangleError::Twice`] in `auto` mode, [`MangleError::Blacklisted`] in `auto` and `hex` mode.
    pub fn unmangle(self, text: &[u8]) -> Result<Vec<u8>, MangleError> {
        if self == Self::None {
            return Ok(text.to_vec());
        }
        if self == Self::Auto && is_mangled_twice(text) {
            return Err(MangleError::Twice);
        }
        if text.iter().any(|&byte| !is_plain(byte) && byte != b'\\') {
            return Err(MangleError::Blacklisted);
        }
        Ok(decode(text))
    }
}

/// Whether `text` holds the encoding of an encoding.
pub fn is_mangled_twice(text: &[u8]) -> bool {
    text.windows(TWICE.len()).any(|window| window == TWICE)
}

/// Every byte outside the whitelist as `\xNN`.
pub fn encode(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &byte in text {
        push_encoded(&mut out, byte);
    }
    out
}

/// Every `\xNN` as its byte; anything else as it is.
pub fn decode(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        let (byte, after) = match rest {
            [b'\\', b'x', high, low, after @ ..] => match (hex_value(*high), hex_value(*low)) {
                (Some(high), Some(low)) => (high << 4 | low, after),
                _ => (*first, tail),
            },
            _ => (*first, tail),
        };
        out.push(byte);
        rest = after;
    }
    out
}

fn mangle_auto(text: &[u8]) -> Result<Vec<u8>, MangleError> {
    if is_mangled_twice(text) {
        return Err(MangleError::Twice);
    }
    let mut out = Vec::with_capacity(text.len());
    let (mut encoded, mut raw) = (false, false);
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        rest = tail;
        if is_plain(*first) {
            out.push(*first);
        } else if let ([b'x', high, low, after @ ..], b'\\') = (tail, *first) {
            encoded = true;
            out.extend([b'\\', b'x', *high, *low]);
            rest = after;
        } else if let ([b'x', ..], b'\\') = (tail, *first) {
            return Err(MangleError::Mixed);
        } else {
            raw = true;
            push_encoded(&mut out, *first);
        }
        if encoded && raw {
            return Err(MangleError::Mixed);
        }
    }
    Ok(out)
}

fn push_encoded(out: &mut Vec<u8>, byte: u8) {
    if is_plain(byte) {
        out.push(byte);
    } else {
        out.extend([b'\\', b'x', hex_digit(byte >> 4), hex_digit(byte & 0xf)]);
    }
}

fn hex_digit(value: u8) -> u8 {
    let digit = char::from_digit(u32::from(value), 16).unwrap_or('0');
    u8::try_from(digit).unwrap_or(b'0')
}

fn hex_value(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// Whether a byte is in the whitelist.
///
/// # Source
///
/// `_is_whitelisted_char` in lvm2's `libdm/libdm-common.c`; the same set as udev's.
pub const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'#' | b'+' | b'-' | b'.' | b':' | b'=' | b'@' | b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auto_encodes_what_is_raw_and_keeps_what_is_encoded() {
        assert_eq!(Mangling::Auto.mangle(b"a b"), Ok(br"a\x20b".to_vec()));
        assert_eq!(Mangling::Auto.mangle(br"a\x20b"), Ok(br"a\x20b".to_vec()));
    }

    #[test]
    fn auto_refuses_a_mixture() {
        for bad in [&br"a b\x20c"[..], br"a\x20b c", br"a\x", br"a\x2"] {
            assert_eq!(Mangling::Auto.mangle(bad), Err(MangleError::Mixed), "{bad:?}");
        }
    }

    #[test]
    fn auto_refuses_an_encoded_encoding() {
        assert_eq!(Mangling::Auto.mangle(br"a\x5cx20"), Err(MangleError::Twice));
        assert_eq!(Mangling::Auto.unmangle(br"a\x5cx20"), Err(MangleError::Twice));
    }

    #[test]
    fn hex_encodes_the_backslash_too() {
        assert_eq!(Mangling::Hex.mangle(br"h\x20i"), Ok(br"h\x5cx20i".to_vec()));
        assert_eq!(Mangling::Hex.unmangle(br"h\x5cx20i"), Ok(br"h\x20i".to_vec()));
    }

    #[test]
    fn a_raw_name_from_the_kernel_is_refused_but_in_mode_none() {
        assert_eq!(Mangling::Auto.unmangle(b"n o"), Err(MangleError::Blacklisted));
        assert_eq!(Mangling::Hex.unmangle(b"n o"), Err(MangleError::Blacklisted));
        assert_eq!(Mangling::None.unmangle(b"n o"), Ok(b"n o".to_vec()));
    }

    #[test]
    fn every_byte_survives_encoding_and_decoding() {
        let all: Vec<u8> = (1..=255).collect();
        assert_eq!(decode(&encode(&all)), all);
    }
}
