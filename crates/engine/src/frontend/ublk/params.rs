//! What a ublk device is started with, from the limits of a mapped device.
//!
//! A few limits are powers of two there: a preferred request that is none becomes the largest power of two that
//! divides it. A device without a preference gets its smallest request as one, for the driver knows no "none".
//!
//! # Source
//!
//! `ublk_validate_params` and `ublk_ctrl_start_dev` in the kernel's `drivers/block/ublk_drv.c`, 6.12.

use dm_core::errno::Errno;
use dm_core::units::{Bytes, SECTOR_SHIFT, Sectors};

use crate::limits::Limits;
use crate::ring::ublk::wire::{ATTR_FUA, ATTR_VOLATILE_CACHE, Parameters, kinds};

/// A sector, as a power of two.
const SECTOR: u8 = 9;

/// The largest logical block of the driver: a page.
const BLOCK_MAX: Bytes = Bytes::new(4096);

/// The parameters of a device of `size` with these limits, whose longest request has `max_request` bytes.
///
/// The read-only attribute is not among them: a device that was started with it never becomes writable.
///
/// # Errors
///
/// `EINVAL` for a logical block larger than a page.
pub(super) fn parameters(
    limits: &Limits,
    size: Sectors,
    max_request: u32,
) -> Result<Parameters, Errno> {
    if limits.logical_block > BLOCK_MAX {
        return Err(Errno::EINVAL);
    }
    let logical = shift(limits.logical_block).max(SECTOR);
    let physical = shift(limits.physical_block).max(logical);
    let io_min = shift(limits.io_min).max(physical);
    let io_opt = shift(limits.io_opt).max(io_min);
    let mut parameters = Parameters {
        len: Parameters::SET_LEN,
        types: kinds::BASIC,
        attrs: if limits.write_cache { ATTR_VOLATILE_CACHE | ATTR_FUA } else { 0 },
        logical_bs_shift: logical,
        physical_bs_shift: physical,
        io_opt_shift: io_opt,
        io_min_shift: io_min,
        max_sectors: max_request >> SECTOR_SHIFT,
        chunk_sectors: u32::try_from(limits.chunk.get()).unwrap_or(0),
        dev_sectors: size.get(),
        ..Parameters::default()
    };
    if !limits.max_discard.is_zero() || !limits.max_write_zeroes.is_zero() {
        let granularity = limits.discard_granularity.max(limits.physical_block);
        parameters.types |= kinds::DISCARD;
        parameters.discard_granularity = u32::try_from(granularity.get()).unwrap_or(1 << 31);
        parameters.max_discard_sectors = clamped(limits.max_discard);
        parameters.max_write_zeroes_sectors = clamped(limits.max_write_zeroes);
        parameters.max_discard_segments = 1;
    }
    Ok(parameters)
}

/// What a device that runs with `old` cannot be told of `new`, beside its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Drift {
    /// Some limit is another.
    pub(super) any: bool,
    /// Requests may come that are smaller than the new logical block.
    pub(super) too_small: bool,
    /// Writes may be lost before a flush, and none comes.
    pub(super) no_flush: bool,
}

/// Compares parameters.
pub(super) fn drift(old: &Parameters, new: &Parameters) -> Drift {
    let sized = Parameters { dev_sectors: new.dev_sectors, ..*old };
    let flushes = |parameters: &Parameters| parameters.attrs & ATTR_VOLATILE_CACHE != 0;
    Drift {
        any: settings(&sized) != settings(new),
        too_small: old.logical_bs_shift < new.logical_bs_shift,
        no_flush: !flushes(old) && flushes(new),
    }
}

/// The parameters without what only the kernel sets.
fn settings(parameters: &Parameters) -> Parameters {
    let types = parameters.types & (kinds::BASIC | kinds::DISCARD);
    Parameters {
        len: 0,
        types,
        char_major: 0,
        char_minor: 0,
        disk_major: 0,
        disk_minor: 0,
        rest: 0,
        ..*parameters
    }
}

/// The exponent of the largest power of two that divides it; 0 for nothing.
fn shift(bytes: Bytes) -> u8 {
    let zeros = if bytes.is_zero() { 0 } else { bytes.get().trailing_zeros() };
    u8::try_from(zeros.min(30)).unwrap_or(30)
}

fn clamped(len: Sectors) -> u32 {
    u32::try_from(len.get()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Sectors = Sectors::new(2048);

    fn of(limits: &Limits) -> Parameters {
        parameters(limits, SIZE, 512 << 10).unwrap()
    }

    #[test]
    fn a_plain_device_has_sectors_and_nothing_else() {
        let plain = of(&Limits::default());
        assert_eq!((plain.types, plain.attrs, plain.len), (1, 0, 60));
        let shifts = [plain.logical_bs_shift, plain.physical_bs_shift, plain.io_min_shift];
        assert_eq!((shifts, plain.io_opt_shift), ([9; 3], 9));
        assert_eq!((plain.max_sectors, plain.chunk_sectors, plain.dev_sectors), (1024, 0, 2048));
    }

    #[test]
    fn a_stripe_of_three_prefers_what_divides_it() {
        let chunk = Bytes::new(64 << 10);
        let limits = Limits {
            physical_block: Bytes::new(4096),
            io_min: chunk,
            io_opt: Bytes::new(192 << 10),
            chunk: Sectors::new(128),
            write_cache: true,
            ..Limits::default()
        };
        let striped = of(&limits);
        assert_eq!((striped.io_min_shift, striped.io_opt_shift), (16, 16));
        assert_eq!((striped.physical_bs_shift, striped.chunk_sectors), (12, 128));
        assert_eq!(striped.attrs, 4 | 8);
        let four = Limits { io_opt: Bytes::new(256 << 10), ..limits };
        assert_eq!(of(&four).io_opt_shift, 18);
    }

    #[test]
    fn writes_of_zeroes_alone_still_have_a_granularity() {
        let limits = Limits { max_write_zeroes: Limits::UNLIMITED, ..Limits::default() };
        let zeroes = of(&limits);
        assert_eq!((zeroes.types, zeroes.discard_granularity), (3, 512));
        assert_eq!((zeroes.max_discard_sectors, zeroes.max_discard_segments), (0, 1));
        assert_eq!(zeroes.max_write_zeroes_sectors, u32::MAX);
        let limits = Limits {
            max_discard: Sectors::new(1 << 40),
            discard_granularity: Bytes::new(4096),
            ..limits
        };
        let discards = of(&limits);
        assert_eq!((discards.max_discard_sectors, discards.discard_granularity), (u32::MAX, 4096));
    }

    #[test]
    fn a_block_larger_than_a_page_is_refused() {
        let limits = Limits { logical_block: Bytes::new(8192), ..Limits::default() };
        assert_eq!(parameters(&limits, SIZE, 4096).unwrap_err(), Errno::EINVAL);
    }

    #[test]
    fn the_size_and_what_the_kernel_sets_are_no_drift() {
        let old = of(&Limits::default());
        let kernels = Parameters { len: 80, types: 5, disk_major: 259, rest: 7, ..old };
        let new = Parameters { dev_sectors: 8, ..old };
        let none = Drift { any: false, too_small: false, no_flush: false };
        assert_eq!(drift(&kernels, &new), none);
        let block = Bytes::new(4096);
        let larger =
            of(&Limits { logical_block: block, physical_block: block, ..Limits::default() });
        assert_eq!(drift(&old, &larger), Drift { any: true, too_small: true, no_flush: false });
        let cached = of(&Limits { write_cache: true, ..Limits::default() });
        assert_eq!(drift(&old, &cached), Drift { any: true, too_small: false, no_flush: true });
        assert_eq!(drift(&cached, &old), Drift { any: true, too_small: false, no_flush: false });
    }
}
