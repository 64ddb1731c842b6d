//! `struct dm_target_versions`: the target types.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0 | 4 | `next`: from this entry to the next; 0 in the last |
//! | 4 | 12 | `version`: major, minor, patch |
//! | 16 | .. | `name`, ends in NUL, then zeros up to a multiple of 8 |
//!
//! # Source
//!
//! The kernel's `include/uapi/linux/dm-ioctl.h`; `list_version_get_info` in `drivers/md/dm-ioctl.c`.

use alloc::vec::Vec;

use super::wire;
use crate::errno::Errno;

/// A target type and its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeVersion {
    /// The word in a table.
    pub name: Vec<u8>,
    /// Major, minor, patch.
    pub version: [u32; 3],
}

/// The payload that lists `types`.
pub fn encode(types: &[TypeVersion]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut last = None;
    for entry in types {
        let at = out.len();
        if let Some(last) = last {
            wire::patch_u32(&mut out, last, wire::to_u32(at.saturating_sub(last)));
        }
        out.extend([0; 4]);
        for part in entry.version {
            out.extend(part.to_ne_bytes());
        }
        out.extend_from_slice(&entry.name);
        out.push(0);
        wire::pad8(&mut out);
        last = Some(at);
    }
    out
}

/// The target types that `payload` lists.
///
/// # Errors
///
/// `EINVAL` for a reply that is not well formed.
pub fn decode(payload: &[u8]) -> Result<Vec<TypeVersion>, Errno> {
    let mut types = Vec::new();
    let mut rest = payload;
    while !rest.is_empty() {
        let next = wire::get_u32(rest, 0).ok_or(Errno::EINVAL)?;
        types.push(decode_entry(rest).ok_or(Errno::EINVAL)?);
        if next == 0 {
            break;
        }
        rest = rest.get(wire::to_usize(next)..).ok_or(Errno::EINVAL)?;
    }
    Ok(types)
}

fn decode_entry(bytes: &[u8]) -> Option<TypeVersion> {
    let part = |at| wire::get_u32(bytes, at);
    let version = [part(4)?, part(8)?, part(12)?];
    Some(TypeVersion { name: wire::text(bytes.get(16..)?)?.to_vec(), version })
}
