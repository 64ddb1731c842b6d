//! What the payloads' codecs share: text that ends in NUL, padding, and cautious conversions.

use alloc::vec::Vec;

/// The bytes before the first NUL, or all.
pub(super) fn until_nul(bytes: &[u8]) -> &[u8] {
    bytes.split(|&byte| byte == 0).next().unwrap_or_default()
}

/// The bytes before the first NUL, if there is one.
pub(super) fn text(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.iter().position(|&byte| byte == 0)?;
    bytes.get(..end)
}

/// Fills `field` with `text` and NULs; the last byte is always NUL.
pub(super) fn set_text(field: &mut [u8], text: &[u8]) {
    field.fill(0);
    let room = field.len().saturating_sub(1);
    for (to, from) in field.iter_mut().zip(text).take(room) {
        *to = *from;
    }
}

/// Appends zeros up to a multiple of eight.
pub(super) fn pad8(out: &mut Vec<u8>) {
    out.resize(out.len().next_multiple_of(8), 0);
}

/// Writes `value` over the four bytes at `at`.
pub(super) fn patch_u32(out: &mut [u8], at: usize, value: u32) {
    if let Some(field) = out.get_mut(at..at.saturating_add(4)) {
        field.copy_from_slice(&value.to_ne_bytes());
    }
}

/// The four bytes at `at`.
pub(super) fn get_u32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_ne_bytes)
}

/// The eight bytes at `at`.
pub(super) fn get_u64(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at.checked_add(8)?)?.try_into().ok().map(u64::from_ne_bytes)
}

/// A length as the packet has it; lengths are bounded by [`super::PACKET_MAX`] long before 2^32.
pub(super) fn to_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// A length from the packet.
pub(super) fn to_usize(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}
