//! Queue limits: what requests a device takes, and how a table's follow from its legs'.
//!
//! Each target starts from [`Limits::stacking`]; the limits of its legs are stacked onto that, then come
//! its own hints, then its areas are checked; the results are stacked onto each other. What every target
//! must agree to (discards, writes of zeroes) is cleared unless all do.
//!
//! Left out of the kernel's set is what no front end can show: segments, integrity, zones and the
//! alignment of a leg that does not begin on one of its disk's physical blocks.
//!
//! # Source
//!
//! `dm_calculate_queue_limits` in the kernel's `drivers/md/dm-table.c` and `blk_stack_limits` in its
//! `block/blk-settings.c`, 6.12.

use dm_core::errno::Errno;
use dm_core::units::{Bytes, Sectors};

use crate::build::Placed;
use crate::target::{Features, Leg};

/// What requests a device takes. The default is a plain device's: blocks of 512 bytes, no discards, no
/// writes of zeroes, nothing lost before a flush.
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
    /// A request across a multiple of this is better cut there; zero when there is none.
    pub chunk: Sectors,
    /// The longest discard; zero when discards are not taken.
    pub max_discard: Sectors,
    /// The unit of a discard; zero when discards are not taken.
    pub discard_granularity: Bytes,
    /// The longest write of zeroes; zero when it is not taken.
    pub max_write_zeroes: Sectors,
    /// Whether a write may be lost before a flush.
    pub write_cache: bool,
}

/// The smallest block there is.
const SECTOR: Bytes = Bytes::new(512);

/// How far a block device is read ahead at the least.
///
/// # Source
///
/// `VM_READAHEAD_PAGES` in the kernel's `include/linux/pagemap.h`: 128 KiB.
const READ_AHEAD: Sectors = Sectors::new(256);

impl Limits {
    /// How far a device with these limits is read ahead unless somebody sets it.
    ///
    /// # Source
    ///
    /// `blk_apply_bdi_limits` in the kernel's `block/blk-settings.c`: twice the preferred request.
    pub fn read_ahead(&self) -> Sectors {
        let twice = Bytes::new(self.io_opt.get().saturating_mul(2)).whole_sectors();
        twice.max(READ_AHEAD)
    }

    /// The length of a range operation that knows no limit.
    ///
    /// # Source
    ///
    /// The kernel's limits are 32 bits wide; `blk_set_stacking_limits` sets `UINT_MAX`.
    pub const UNLIMITED: Sectors = Sectors::new(0xffff_ffff);

    /// What stacking begins with: every limit as wide as it can be, except that the longest discard is not
    /// known yet.
    pub fn stacking() -> Self {
        Self { max_write_zeroes: Self::UNLIMITED, ..Self::default() }
    }

    /// Narrows these limits to what `bottom` can do as well.
    pub fn stack(&mut self, bottom: &Self) {
        self.logical_block = self.logical_block.max(bottom.logical_block);
        self.physical_block = self.physical_block.max(bottom.physical_block);
        self.io_min = self.io_min.max(bottom.io_min);
        self.io_opt = Bytes::new(lcm_not_zero(self.io_opt.get(), bottom.io_opt.get()));
        self.chunk = Sectors::new(gcd(self.chunk.get(), bottom.chunk.get()));
        if !bottom.discard_granularity.is_zero() {
            self.max_discard = min_not_zero(self.max_discard, bottom.max_discard);
            self.discard_granularity = self.discard_granularity.max(bottom.discard_granularity);
        }
        self.max_write_zeroes = self.max_write_zeroes.min(bottom.max_write_zeroes);
        self.write_cache |= bottom.write_cache;
        self.drop_misaligned();
    }

    /// Gives up what is not a whole number of what it stands on.
    fn drop_misaligned(&mut self) {
        if !self.physical_block.is_multiple_of(self.logical_block) {
            self.physical_block = self.logical_block;
        }
        if !self.io_min.is_multiple_of(self.physical_block) {
            self.io_min = self.physical_block;
        }
        if !self.io_opt.is_multiple_of(self.physical_block) {
            self.io_opt = Bytes::ZERO;
        }
        if !self.chunk.to_bytes().is_some_and(|chunk| chunk.is_multiple_of(self.physical_block)) {
            self.chunk = Sectors::ZERO;
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            logical_block: SECTOR,
            physical_block: SECTOR,
            io_min: SECTOR,
            io_opt: Bytes::ZERO,
            chunk: Sectors::ZERO,
            max_discard: Sectors::ZERO,
            discard_granularity: Bytes::ZERO,
            max_write_zeroes: Sectors::ZERO,
            write_cache: false,
        }
    }
}

/// The limits of a table, with its areas checked against the legs as they are now.
///
/// # Errors
///
/// `EINVAL` when an area leaves its device or does not begin and end on its logical blocks, or when a
/// boundary between targets, or the table's end, lies within a block that the target after it cannot part.
pub fn of_table(placed: &[Placed]) -> Result<Limits, Errno> {
    let mut table = Limits::stacking();
    let mut pieces = Vec::with_capacity(placed.len());
    for part in placed {
        let limits = of_target(part)?;
        pieces.push((part.len, limits.logical_block));
        table.stack(&limits);
    }
    if !boundaries_line_up(&pieces, table.logical_block) {
        return Err(Errno::EINVAL);
    }
    clear_unsupported(&mut table, placed);
    Ok(table)
}

/// The limits of a table that uses no device just now, and takes the place of one with the limits `before`:
/// those, but for what the new targets do not support.
pub fn kept(before: Limits, placed: &[Placed]) -> Limits {
    let mut limits = before;
    clear_unsupported(&mut limits, placed);
    limits
}

/// The limits of one target: its legs', then its own hints.
fn of_target(part: &Placed) -> Result<Limits, Errno> {
    let mut limits = Limits::stacking();
    let legs = part.target.legs();
    for leg in legs {
        limits.stack(&leg.device.limits());
    }
    part.target.hints(&mut limits);
    let fits = |leg: &Leg| area_fits(leg.start, leg.len, leg.device.size(), limits.logical_block);
    if legs.iter().all(fits) { Ok(limits) } else { Err(Errno::EINVAL) }
}

/// Whether the area lies on a device of `size`, and on whole logical blocks. A device without a size passes:
/// it may get one later.
///
/// # Source
///
/// `device_area_is_invalid` in the kernel's `drivers/md/dm-table.c`.
fn area_fits(start: Sectors, len: Sectors, size: Sectors, logical_block: Bytes) -> bool {
    let whole = |sectors: Sectors| {
        sectors.to_bytes().is_some_and(|bytes| bytes.is_multiple_of(logical_block))
    };
    let within = start < size && start.checked_add(len).is_some_and(|end| end <= size);
    size.is_zero() || (within && whole(start) && whole(len))
}

/// Whether a request of whole blocks of the table's size falls into whole blocks of every target that it
/// is cut for. `pieces` are the targets' lengths and logical blocks.
///
/// # Source
///
/// `validate_hardware_logical_block_alignment` in the kernel's `drivers/md/dm-table.c`.
fn boundaries_line_up(pieces: &[(Sectors, Bytes)], logical_block: Bytes) -> bool {
    let block = logical_block.whole_sectors().get().max(1);
    // Where the next target begins within a block of the table, and what it must take of that block.
    let mut inside = 0;
    let mut rest = 0;
    for &(len, own_block) in pieces {
        let own = own_block.whole_sectors().get().max(1);
        if rest < len.get() && rest % own != 0 {
            return false;
        }
        inside = (inside + len.get() % block) % block;
        rest = if inside == 0 { 0 } else { block - inside };
    }
    rest == 0
}

/// Takes back what not every target supports.
///
/// # Source
///
/// `dm_table_supports_discards` and `dm_table_supports_write_zeroes` in the kernel's `drivers/md/dm-table.c`;
/// `blk_validate_limits` in its `block/blk-settings.c`.
fn clear_unsupported(table: &mut Limits, placed: &[Placed]) {
    let every_leg = |part: &Placed, can: fn(&Limits) -> bool| {
        let legs = part.target.legs();
        !part.kind.features.contains(Features::DEVICELESS)
            && legs.iter().all(|leg| can(&leg.device.limits()))
    };
    let discards = placed.iter().all(|part| {
        let knobs = part.target.knobs();
        knobs.discards > 0
            && (knobs.discards_itself || every_leg(part, |limits| !limits.max_discard.is_zero()))
    });
    if discards && !table.max_discard.is_zero() {
        table.discard_granularity = table.discard_granularity.max(table.physical_block);
    } else {
        table.max_discard = Sectors::ZERO;
        table.discard_granularity = Bytes::ZERO;
    }
    let zeroes = placed.iter().all(|part| {
        part.target.knobs().write_zeroes > 0
            && every_leg(part, |limits| !limits.max_write_zeroes.is_zero())
    });
    if !zeroes {
        table.max_write_zeroes = Sectors::ZERO;
    }
}

fn min_not_zero(a: Sectors, b: Sectors) -> Sectors {
    if a.is_zero() || b.is_zero() { a.max(b) } else { a.min(b) }
}

/// The greatest common divisor; the other one when one is zero.
fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The least common multiple; the other one when one is zero. A multiple that 32 bits do not hold is no
/// preference at all: the kernel's field is that wide.
fn lcm_not_zero(a: u64, b: u64) -> u64 {
    if a == 0 || b == 0 {
        return a.max(b);
    }
    let lcm = (a / gcd(a, b)).checked_mul(b);
    lcm.filter(|&lcm| u32::try_from(lcm).is_ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests;
