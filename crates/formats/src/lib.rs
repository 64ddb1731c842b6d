//! The on-disk metadata that the tools read: partition tables, and those of vendors' RAID.
//!
//! Nothing here opens, prints or asks the environment: a reader takes a [`dm_core::read_at::ReadAt`] and gives
//! typed values. Disks are hostile: every reader is bounded in what it reads, keeps and computes, whatever
//! lies there.
//!
//! | module | what |
//! |---|---|
//! | [`partitions`] | every partition table that kpartx knows, in its probing order |
//! | [`raid`] | every vendor's RAID metadata that dmraid knows, and the sets that they make |
#![no_std]
#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::as_conversions, clippy::arithmetic_side_effects)
)]

extern crate alloc;

mod bytes;
mod crc32;
pub mod partitions;
pub mod raid;
mod why;
