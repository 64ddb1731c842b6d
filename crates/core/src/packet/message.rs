//! Payloads that are text: a message to a target, a new name, a geometry.
//!
//! A message is `struct dm_target_msg`: 8 bytes of `sector`, then the text, which ends in NUL. A new name,
//! a uuid and a geometry are the text alone.
//!
//! # Source
//!
//! The kernel's `include/uapi/linux/dm-ioctl.h`; `target_message`, `dev_rename` and `dev_set_geometry` in
//! `drivers/md/dm-ioctl.c`.

use alloc::vec::Vec;

use super::wire;
use crate::errno::Errno;
use crate::units::Sectors;

/// The payload of a message to the target that serves `sector`.
pub fn encode(sector: Sectors, text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend(sector.get().to_ne_bytes());
    out.extend(encode_text(text));
    out
}

/// The sector and text of a message's payload.
///
/// # Errors
///
/// `EINVAL` when it is too short or its text has no NUL.
pub fn decode(payload: &[u8]) -> Result<(Sectors, &[u8]), Errno> {
    let sector = wire::get_u64(payload, 0).ok_or(Errno::EINVAL)?;
    let text = payload.get(8..).and_then(wire::text).ok_or(Errno::EINVAL)?;
    Ok((Sectors::new(sector), text))
}

/// The payload that is `text`: a new name or uuid, a geometry, a message's answer.
pub fn encode_text(text: &[u8]) -> Vec<u8> {
    let mut out = text.to_vec();
    out.push(0);
    out
}

/// The text that is the payload.
///
/// # Errors
///
/// `EINVAL` when it has no NUL.
pub fn decode_text(payload: &[u8]) -> Result<&[u8], Errno> {
    wire::text(payload).ok_or(Errno::EINVAL)
}
