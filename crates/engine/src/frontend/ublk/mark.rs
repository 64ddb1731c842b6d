//! The mark by which an engine knows its own devices: 64 bits that the driver keeps for whoever made a device.
//!
//! | bits | what |
//! |---|---|
//! | 48 to 63 | `dm`, for this engine |
//! | 28 to 47 | the mapped device's minor number |
//! | 0 to 27 | which engine: a hash of its state folder's path |

use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

/// `dm`.
const MAGIC: u64 = 0x646d;

/// How many bits a minor number has, and the hash.
const MINOR_BITS: u32 = 20;
const HASH_BITS: u32 = 28;

/// An engine's part of the mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark(u64);

impl Mark {
    /// The engine whose state lies at `state`.
    pub(super) fn new(state: &Path) -> Self {
        let hash = fnv(state.as_os_str().as_bytes()) & ((1 << HASH_BITS) - 1);
        Self(MAGIC << (MINOR_BITS + HASH_BITS) | hash)
    }

    /// The mark of its device with this minor number.
    pub(super) fn of(self, minor: u32) -> u64 {
        let minor = u64::from(minor) & ((1 << MINOR_BITS) - 1);
        self.0 | minor << HASH_BITS
    }

    /// Whether a device with this mark is the engine's.
    pub(super) fn is_on(self, mark: u64) -> bool {
        let minor = ((1 << MINOR_BITS) - 1) << HASH_BITS;
        mark & !minor == self.0
    }
}

/// The hash FNV-1a of 64 bits: the next daemon may be another build, and must find the same.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_of_one_engine_and_one_device() {
        let mark = Mark::new(Path::new("/run/dmkit/state"));
        assert!(mark.is_on(mark.of(0)) && mark.is_on(mark.of(0xf_ffff)));
        assert_ne!(mark.of(1), mark.of(2));
        assert!(!Mark::new(Path::new("/tmp/state")).is_on(mark.of(1)));
        assert!(!mark.is_on(0));
    }

    #[test]
    fn the_hash_is_the_published_one() {
        assert_eq!(fnv(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
