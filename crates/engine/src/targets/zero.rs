//! `zero`: reads give zeros; writes and discards are done at once and leave no trace.
//!
//! It has no device, so a flush passes it by.
//!
//! # Source
//!
//! The kernel's `Documentation/admin-guide/device-mapper/zero.rst` and `drivers/md/dm-zero.c`, 6.12.

use std::fmt;

use dm_core::errno::Errno;
use dm_core::units::Bytes;

use crate::io::request::{IoFlags, Kind, Now};
use crate::limits::Limits;
use crate::target::{
    Build, BuildError, Features, Knobs, Leg, Map, Parallel, Shape, StatusKind, Target, TargetType,
};

/// The row of `zero`.
pub(super) static TYPE: TargetType = TargetType {
    name: "zero",
    version: [1, 2, 0],
    parallel: Parallel::ManyQueues,
    features: Features::DEVICELESS,
    examples: &[""],
    build,
};

#[derive(Debug)]
struct Zero;

fn build(build: &mut Build<'_>) -> Result<Box<dyn Target>, BuildError> {
    if build.words.is_empty() {
        Ok(Box::new(Zero))
    } else {
        Err(BuildError::new("No arguments required"))
    }
}

impl Target for Zero {
    fn knobs(&self) -> Knobs {
        Knobs { discards: 1, discards_itself: true, ..Knobs::default() }
    }

    fn hints(&self, limits: &mut Limits) {
        limits.max_discard = Limits::UNLIMITED;
        limits.discard_granularity = Bytes::new(512);
    }

    fn map(&self, shape: &Shape, _now: Now) -> Map {
        match shape.kind {
            // Zeros read ahead would only fill the cache.
            Kind::Read if shape.flags.contains(IoFlags::READAHEAD) => Map::Fail(Errno::EIO),
            Kind::Read | Kind::Write | Kind::Discard => Map::Zero,
            Kind::Flush | Kind::WriteZeroes => Map::Fail(Errno::EIO),
        }
    }

    fn status(&self, _kind: StatusKind, _out: &mut String) -> fmt::Result {
        Ok(())
    }

    fn legs(&self) -> &[Leg] {
        &[]
    }
}
