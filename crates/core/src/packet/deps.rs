//! `struct dm_target_deps`: the devices under a table.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0 | 4 | `count` |
//! | 4 | 4 | padding |
//! | 8 | 8 each | `dev`, packed |
//!
//! # Source
//!
//! The kernel's `include/uapi/linux/dm-ioctl.h`; `retrieve_deps` in `drivers/md/dm-ioctl.c`.

use alloc::vec::Vec;

use super::wire;
use crate::devno::DevNo;
use crate::errno::Errno;

/// The payload that lists `deps`.
pub fn encode(deps: &[DevNo]) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend(wire::to_u32(deps.len()).to_ne_bytes());
    out.extend([0; 4]);
    for dev in deps {
        out.extend(dev.to_packed().to_ne_bytes());
    }
    out
}

/// The devices that `payload` lists; none when there is no payload, as for a device without a table.
///
/// # Errors
///
/// `EINVAL` for a count that the payload does not hold.
pub fn decode(payload: &[u8]) -> Result<Vec<DevNo>, Errno> {
    let Some(count) = wire::get_u32(payload, 0) else { return Ok(Vec::new()) };
    let mut devs = payload.get(8..).unwrap_or_default().chunks_exact(8);
    let mut found = Vec::new();
    for _ in 0..count {
        let dev = devs.next().and_then(|dev| wire::get_u64(dev, 0)).ok_or(Errno::EINVAL)?;
        found.push(DevNo::from_packed(dev));
    }
    Ok(found)
}
