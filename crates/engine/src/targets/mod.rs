//! The target types, one file each, to be read beside the kernel's `dm-<name>.c`.
//!
//! A file has the grammar of the target's arguments, its row (`TYPE`, with examples), `build` with the
//! kernel's checks in the kernel's order and words, and the target's `impl Target`. `linear.rs` is the one to
//! read first. A row in [`TARGETS`] is all that a new one needs: `tests/conformance.rs` takes it from there.
//! What a target does to data is shown in `tests/targets/`, over disks in memory.

mod args;
mod delay;
mod dust;
mod error;
mod flakey;
mod linear;
mod log_writes;
mod mirror;
mod raid45;
mod snapshot;
mod striped;
mod switch;
mod unsaved;
mod unstriped;
mod zero;

use crate::target::TargetType;

/// Every target type, in the order in which `dmsetup targets` lists them: the kernel has the most recently
/// registered first, and modules register after what is built into its core.
///
/// # Source
///
/// `_inits` in the kernel's `drivers/md/dm.c`, 6.12: `error`, then `linear`, then `striped`.
pub static TARGETS: &[&TargetType] = &[
    &raid45::TYPE,
    &log_writes::TYPE,
    &snapshot::TYPE,
    &mirror::TYPE,
    &flakey::TYPE,
    &delay::TYPE,
    &switch::TYPE,
    &unstriped::TYPE,
    &dust::TYPE,
    &zero::TYPE,
    &striped::TYPE,
    &linear::TYPE,
    &error::TYPE,
];

/// The target type of that name, letter by letter.
pub fn find(name: &[u8]) -> Option<&'static TargetType> {
    TARGETS.iter().copied().find(|kind| kind.name.as_bytes() == name)
}
