//! `linear <device> <start>`: a range of one device, as it is.
//!
//! Sector `n` of the target is sector `start + n` of the device, whatever the request. Nothing can go wrong
//! that the device itself does not report.
//!
//! # Source
//!
//! The kernel's `Documentation/admin-guide/device-mapper/linear.rst` and `drivers/md/dm-linear.c`, 6.12.

use std::fmt::{self, Write as _};

use super::args;
use crate::io::request::Now;
use crate::target::{
    Build, BuildError, Features, Knobs, Leg, Map, Parallel, Shape, StatusKind, Target, TargetType,
};

/// The row of `linear`.
pub(super) static TYPE: TargetType = TargetType {
    name: "linear",
    version: [1, 4, 0],
    parallel: Parallel::ManyQueues,
    features: Features::empty(),
    examples: &["/dev/ram0 0", "/dev/ram1 3072", "1:0 8"],
    build,
};

/// The one leg, in the form that [`Target::legs`] wants.
#[derive(Debug)]
struct Linear([Leg; 1]);

fn build(build: &mut Build<'_>) -> Result<Box<dyn Target>, BuildError> {
    let [device, start] = build.words else {
        return Err(BuildError::new("Invalid argument count"));
    };
    let start = args::sector(start).ok_or(BuildError::new("Invalid device sector"))?;
    let leg = args::open_leg(build.opener, device, start, build.len)
        .map_err(|errno| BuildError::with("Device lookup failed", errno))?;
    Ok(Box::new(Linear([leg])))
}

impl Target for Linear {
    fn knobs(&self) -> Knobs {
        Knobs { flushes: 1, discards: 1, write_zeroes: 1, ..Knobs::default() }
    }

    fn map(&self, shape: &Shape, _now: Now) -> Map {
        let [leg] = &self.0;
        // A start near the end of the number range fails the area check before any request comes.
        Map::To { leg: 0, sector: leg.start.saturating_add(shape.at), len: shape.len }
    }

    fn status(&self, kind: StatusKind, out: &mut String) -> fmt::Result {
        let [leg] = &self.0;
        match kind {
            StatusKind::Info => Ok(()),
            StatusKind::Table => write!(out, "{} {}", leg.name, leg.start),
        }
    }

    fn legs(&self) -> &[Leg] {
        &self.0
    }
}
