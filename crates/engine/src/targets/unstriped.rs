//! `unstriped <stripes> <chunk> <stripe> <device> <start>`: one stripe of a striped device, put together
//! again; for a RAID 0 in hardware of which one disk is wanted alone.
//!
//! ```text
//! device    0    1    2 | 3    4    5 | 6 ...    chunks from `start` on; a row is one chunk of every stripe
//! stripe 1       0      |      1      |          the target's chunks, when `stripe` is 1 of 3
//! ```
//!
//! Stripes count from 0. What is checked when the table becomes live is the target's length from `start` on,
//! as for `linear`; a request for a chunk beyond the device's end fails.
//!
//! A flush goes to the device. The kernel's target does not send it on, so that what was written may be lost
//! after a flush that was answered.
//!
//! # Source
//!
//! The kernel's `Documentation/admin-guide/device-mapper/unstriped.rst` and `drivers/md/dm-unstripe.c`, 6.12.

use std::fmt::{self, Write as _};

use dm_core::errno::Errno;
use dm_core::units::Sectors;

use super::args;
use crate::io::request::{Kind, Now};
use crate::limits::Limits;
use crate::target::{
    Build, BuildError, Features, Knobs, Leg, Map, Parallel, Shape, StatusKind, Target, TargetType,
};

/// The row of `unstriped`.
pub(super) static TYPE: TargetType = TargetType {
    name: "unstriped",
    version: [1, 1, 0],
    parallel: Parallel::ManyQueues,
    features: Features::empty(),
    examples: &[
        "2 16 0 /dev/ram0 0",
        "3 128 2 /dev/ram1 1024",
        "4 8 1 1:2 0",
        "1 1024 0 1:3 8",
        "1000 4 999 1:4 0",
    ],
    build,
};

#[derive(Debug)]
struct Unstriped {
    leg: [Leg; 1],
    /// How many there are.
    stripes: u32,
    /// In sectors; at least 1.
    chunk: u32,
    /// Which it is, from 0.
    stripe: u32,
}

fn build(build: &mut Build<'_>) -> Result<Box<dyn Target>, BuildError> {
    let [stripes, chunk, stripe, device, start] = build.words else {
        return Err(BuildError::new("Invalid number of arguments"));
    };
    let positive = |word: &[u8]| args::strict_u32(word).filter(|&n| n > 0);
    let stripes = positive(stripes).ok_or(BuildError::new("Invalid stripe count"))?;
    let chunk = positive(chunk).ok_or(BuildError::new("Invalid chunk_size"))?;
    let stripe = args::strict_u32(stripe).ok_or(BuildError::new("Invalid stripe number"))?;
    // quirk: the kernel takes `stripe == stripes`, and any stripe of one: other stripes' data, a row later.
    if stripe >= stripes {
        return Err(BuildError::new("Please provide stripe between [0, # of stripes]"));
    }
    // quirk: whatever is wrong with the device, the command gets `EINVAL`.
    let mut leg = args::open_leg(build.opener, device, Sectors::ZERO, build.len)
        .map_err(|_| BuildError::new("Couldn't get striped device"))?;
    leg.start = args::sector(start).ok_or(BuildError::new("Invalid striped device offset"))?;
    if !build.len.get().is_multiple_of(chunk.into()) {
        return Err(BuildError::new("Target length not divisible by chunk size"));
    }
    let mut unstriped = Unstriped { leg: [leg], stripes, chunk, stripe };
    let end = unstriped.locate(build.len.saturating_sub(Sectors::new(1)));
    unstriped.reach(end.saturating_add(Sectors::new(1)));
    Ok(Box::new(unstriped))
}

impl Unstriped {
    /// Where a sector of the target is, counted from the leg's start.
    fn locate(&self, at: Sectors) -> Sectors {
        let (at, chunk) = (at.get(), u64::from(self.chunk));
        let others = u64::from(self.stripes - 1).saturating_mul(chunk);
        let before = u64::from(self.stripe).saturating_mul(chunk);
        let rows = others.saturating_mul(at / chunk);
        Sectors::new(rows.saturating_add(before).saturating_add(at))
    }

    /// Makes the leg as long as what the target needs of it, up to the device's end.
    fn reach(&mut self, end: Sectors) {
        let [leg] = &mut self.leg;
        let there = leg.device.size().saturating_sub(leg.start);
        leg.len = leg.len.max(end.min(there));
    }
}

impl Target for Unstriped {
    fn knobs(&self) -> Knobs {
        let split_at = Some(Sectors::new(self.chunk.into()));
        Knobs { split_at, flushes: 1, ..Knobs::default() }
    }

    fn hints(&self, limits: &mut Limits) {
        limits.chunk = Sectors::new(self.chunk.into());
    }

    fn map(&self, shape: &Shape, _now: Now) -> Map {
        let [leg] = &self.leg;
        if shape.kind == Kind::Flush {
            return Map::To { leg: 0, sector: leg.start, len: Sectors::ZERO };
        }
        let at = self.locate(shape.at);
        if at.checked_add(shape.len).is_none_or(|end| end > leg.len) {
            return Map::Fail(Errno::EIO);
        }
        Map::To { leg: 0, sector: leg.start.saturating_add(at), len: shape.len }
    }

    fn status(&self, kind: StatusKind, out: &mut String) -> fmt::Result {
        let ([leg], Self { stripes, chunk, stripe, .. }) = (&self.leg, self);
        match kind {
            StatusKind::Info => Ok(()),
            StatusKind::Table => {
                write!(out, "{stripes} {chunk} {stripe} {} {}", leg.name, leg.start)
            }
        }
    }

    fn legs(&self) -> &[Leg] {
        &self.leg
    }
}
