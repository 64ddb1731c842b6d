//! Queue limits: what requests a device takes, and how a table's follow from its legs'.

use dm_core::units::{Bytes, Sectors};

/// What requests a device takes.
///
/// # Source
///
/// `struct queue_limits` in the kernel's `include/linux/blkdev.h`, as far as the engine's front ends show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The smallest unit that can be addressed: a power of two of at least 512.
    pub logical_block: Bytes,
    /// The smallest unit that is written without reading first.
    pub physical_block: Bytes,
    /// The preferred smallest request.
    pub io_min: Bytes,
    /// The preferred request; zero when there is no preference.
    pub io_opt: Bytes,
    /// The longest discard; zero when discards are not taken.
    pub max_discard: Sectors,
    /// The unit of a discard.
    pub discard_granularity: Bytes,
    /// The longest write of zeroes; zero when it is not taken.
    pub max_write_zeroes: Sectors,
    /// Whether a write may be lost before a flush.
    pub write_cache: bool,
}
