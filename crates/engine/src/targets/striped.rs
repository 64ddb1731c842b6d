//! `striped <legs> <chunk> [<device> <start>]...`: chunks of sectors, dealt to the legs in turn.
//!
//! ```text
//! target    0    1    2 | 3    4    5 | 6 ...    chunks; a row is one chunk of every leg
//! leg 0     0           | 1           | 2        the leg's own chunks
//! leg 1          0      |      1      |
//! leg 2               0 |           1 |
//! ```
//!
//! Reads and writes are cut at chunks, so each has one leg. A flush goes to all legs. A discard or write of
//! zeroes goes to all legs as well, to each for the part of the range that lies on it, which on a leg is one
//! piece. Neither the chunk nor the number of legs need be a power of two.
//!
//! # Source
//!
//! The kernel's `Documentation/admin-guide/device-mapper/striped.rst` and `drivers/md/dm-stripe.c`, 6.12.

use std::fmt::{self, Write as _};
use std::sync::atomic::{AtomicU32, Ordering};

use dm_core::errno::Errno;
use dm_core::units::{Bytes, Sectors};

use super::args;
use crate::io::request::{Kind, Now};
use crate::limits::Limits;
use crate::target::{
    Build, BuildError, Features, Knobs, Leg, Map, Opener, Parallel, Shape, StatusKind, Target,
    TargetType,
};

/// The row of `striped`.
pub(super) static TYPE: TargetType = TargetType {
    name: "striped",
    version: [1, 6, 0],
    parallel: Parallel::ManyQueues,
    features: Features::empty(),
    examples: &[
        "2 16 /dev/ram0 0 /dev/ram1 0",
        "1 128 /dev/ram0 8",
        "4 1 /dev/ram0 0 /dev/ram1 8 1:2 16 1:3 24",
        "2 8 /dev/ram0 0 /dev/ram0 2048",
    ],
    build,
};

/// A leg raises an event for each of its failures before this one.
///
/// # Source
///
/// `DM_IO_ERROR_THRESHOLD` in the kernel's `drivers/md/dm-stripe.c`.
const ERRORS_WITHOUT_EVENT: u32 = 15;

#[derive(Debug)]
struct Striped {
    legs: Vec<Leg>,
    /// In sectors; at least 1.
    chunk: u64,
    /// How often a request to each leg's device failed.
    errors: Vec<AtomicU32>,
}

fn build(build: &mut Build<'_>) -> Result<Box<dyn Target>, BuildError> {
    let [count, chunk, legs @ ..] = build.words else {
        return Err(BuildError::new("Not enough arguments"));
    };
    let count = positive(count).ok_or(BuildError::new("Invalid stripe count"))?;
    let chunk = positive(chunk).ok_or(BuildError::new("Invalid chunk_size"))?;
    if !build.len.get().is_multiple_of(count) {
        return Err(BuildError::new("Target length not divisible by number of stripes"));
    }
    let leg_len = build.len.get() / count;
    if !leg_len.is_multiple_of(chunk) {
        return Err(BuildError::new("Target length not divisible by chunk size"));
    }
    // Before anything is set aside for `count` legs: it may be as large as 32 bits allow.
    if usize::try_from(count).ok().and_then(|count| count.checked_mul(2)) != Some(legs.len()) {
        return Err(BuildError::new("Not enough destinations specified"));
    }
    let legs = open_legs(legs, Sectors::new(leg_len), build.opener)
        .map_err(|errno| BuildError::with("Couldn't parse stripe destination", errno))?;
    let errors = legs.iter().map(|_| AtomicU32::new(0)).collect();
    Ok(Box::new(Striped { legs, chunk, errors }))
}

fn positive(word: &[u8]) -> Option<u64> {
    args::strict_u32(word).filter(|&n| n > 0).map(u64::from)
}

fn open_legs(words: &[Vec<u8>], len: Sectors, opener: &mut dyn Opener) -> Result<Vec<Leg>, Errno> {
    let mut legs = Vec::with_capacity(words.len() / 2);
    for pair in words.chunks_exact(2) {
        let [device, start] = pair else { return Err(Errno::EINVAL) };
        let start = args::sector(start).ok_or(Errno::EINVAL)?;
        legs.push(args::open_leg(opener, device, start, len)?);
    }
    Ok(legs)
}

impl Striped {
    fn count(&self) -> u64 {
        self.legs.len() as u64
    }

    /// Which leg has sector `at` of the target, and where, counted from the leg's start.
    fn locate(&self, at: u64) -> (u64, u64) {
        let (chunk, inside) = (at / self.chunk, at % self.chunk);
        (chunk % self.count(), chunk / self.count() * self.chunk + inside)
    }

    /// How much of leg `leg` lies before sector `at` of the target. `at` itself may be the target's end.
    fn before(&self, at: u64, leg: u64) -> u64 {
        let (here, sector) = self.locate(at);
        let row = sector / self.chunk * self.chunk;
        match here.cmp(&leg) {
            std::cmp::Ordering::Less => row,
            std::cmp::Ordering::Equal => sector,
            std::cmp::Ordering::Greater => row + self.chunk,
        }
    }

    /// Leg `number`, from `sector` of it on.
    fn to(&self, number: u64, sector: u64, len: Sectors) -> Map {
        let leg =
            usize::try_from(number).ok().and_then(|number| Some((number, self.legs.get(number)?)));
        let Some((number, leg)) = leg else { return Map::Fail(Errno::EIO) };
        let sector = leg.start.saturating_add(Sectors::new(sector));
        Map::To { leg: number, sector, len }
    }
}

impl Target for Striped {
    fn knobs(&self) -> Knobs {
        let copies = u32::try_from(self.legs.len()).unwrap_or(u32::MAX);
        Knobs {
            split_at: Some(Sectors::new(self.chunk)),
            flushes: copies,
            discards: copies,
            write_zeroes: copies,
            ..Knobs::default()
        }
    }

    fn hints(&self, limits: &mut Limits) {
        limits.chunk = Sectors::new(self.chunk);
        let row = limits.chunk.checked_mul(self.count()).and_then(Sectors::to_bytes);
        // The kernel has 32 bits for either, and sets both or none.
        if let (Some(chunk), Some(row)) = (limits.chunk.to_bytes(), row)
            && row <= Bytes::new(u32::MAX.into())
        {
            limits.io_min = chunk;
            limits.io_opt = row;
        }
    }

    fn map(&self, shape: &Shape, _now: Now) -> Map {
        let copy = u64::from(shape.copy);
        match shape.kind {
            Kind::Read | Kind::Write => {
                let (leg, sector) = self.locate(shape.at.get());
                self.to(leg, sector, shape.len)
            }
            Kind::Flush => self.to(copy, 0, Sectors::ZERO),
            Kind::Discard | Kind::WriteZeroes => {
                let end = shape.at.saturating_add(shape.len);
                let (start, end) =
                    (self.before(shape.at.get(), copy), self.before(end.get(), copy));
                if start < end {
                    self.to(copy, start, Sectors::new(end - start))
                } else {
                    Map::Zero
                }
            }
        }
    }

    fn status(&self, kind: StatusKind, out: &mut String) -> fmt::Result {
        write!(out, "{}", self.legs.len())?;
        match kind {
            StatusKind::Info => {
                self.legs.iter().try_for_each(|leg| write!(out, " {}", leg.name))?;
                out.push_str(" 1 ");
                let mark = |errors: &AtomicU32| {
                    if errors.load(Ordering::Relaxed) == 0 { 'A' } else { 'D' }
                };
                out.extend(self.errors.iter().map(mark));
                Ok(())
            }
            StatusKind::Table => {
                write!(out, " {}", self.chunk)?;
                self.legs.iter().try_for_each(|leg| write!(out, " {} {}", leg.name, leg.start))
            }
        }
    }

    fn legs(&self) -> &[Leg] {
        &self.legs
    }

    /// Every leg on the device counts the failure: it is the device that is suspect.
    fn failed(&self, leg: usize, _kind: Kind, errno: Errno) -> bool {
        let Some(failed) = self.legs.get(leg).filter(|_| errno != Errno::EOPNOTSUPP) else {
            return false;
        };
        let mut event = false;
        for (leg, errors) in self.legs.iter().zip(&self.errors) {
            if leg.name == failed.name {
                let before = errors.fetch_add(1, Ordering::Relaxed);
                event |= before.saturating_add(1) < ERRORS_WITHOUT_EVENT;
            }
        }
        event
    }
}
