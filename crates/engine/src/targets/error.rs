//! `error [<device> <start>]`: every request fails with `EIO`.
//!
//! Arguments are let through whatever they are and never shown; exactly two of them name a device, which is
//! opened for its limits alone. A flush passes the target by: a device with a few bad sectors can still be
//! flushed. It takes discards, so that they fail as everything does. As a wildcard it may take the place
//! of any target, which frees the devices under it.
//!
//! # Source
//!
//! `drivers/md/dm-target.c` of the kernel, 6.12.

use std::fmt;

use dm_core::errno::Errno;
use dm_core::units::Bytes;

use super::args;
use crate::io::request::Now;
use crate::limits::Limits;
use crate::target::{
    Build, BuildError, Features, Knobs, Leg, Map, Parallel, Shape, StatusKind, Target, TargetType,
};

/// The row of `error`.
pub(super) static TYPE: TargetType = TargetType {
    name: "error",
    version: [1, 7, 0],
    parallel: Parallel::ManyQueues,
    features: Features::WILDCARD,
    examples: &["", "/dev/ram0 0", "any other arguments"],
    build,
};

#[derive(Debug)]
struct Error {
    /// None, or the one whose limits it has.
    legs: Vec<Leg>,
}

fn build(build: &mut Build<'_>) -> Result<Box<dyn Target>, BuildError> {
    let legs = match build.words {
        [device, start] => {
            let start = args::sector(start).ok_or(BuildError::new("Invalid device sector"))?;
            let leg = args::open_leg(build.opener, device, start, build.len)
                .map_err(|errno| BuildError::with("Device lookup failed", errno))?;
            vec![leg]
        }
        _ => Vec::new(),
    };
    Ok(Box::new(Error { legs }))
}

impl Target for Error {
    fn knobs(&self) -> Knobs {
        Knobs { discards: 1, discards_itself: true, ..Knobs::default() }
    }

    fn hints(&self, limits: &mut Limits) {
        limits.max_discard = Limits::UNLIMITED;
        limits.discard_granularity = Bytes::new(512);
    }

    fn map(&self, _shape: &Shape, _now: Now) -> Map {
        Map::Fail(Errno::EIO)
    }

    fn status(&self, _kind: StatusKind, _out: &mut String) -> fmt::Result {
        Ok(())
    }

    fn legs(&self) -> &[Leg] {
        &self.legs
    }
}
