//! A new member gets its data: what other members have at the same place, added without carry.

use std::slice;

use dm_cli::exit::Failure;
use dm_core::units::Bytes;
use dm_formats::raid::manage::{Part, Rebuilt};
use dm_formats::raid::{Level, Patch};

use super::super::carry_out::failed;
use crate::dispatch::Ctx;
use crate::host::Disk;
use crate::survey::Survey;

/// How much is read and written at once, in bytes. Each piece is on the disk before the next is read.
const PIECE: u64 = 4 << 20;

/// How often it is said how far it got.
const TOLD: u64 = 10;

/// Reads from the other members and writes to the new one.
///
/// # Errors
///
/// A disk fails, which is said.
pub(super) fn fill(
    ctx: &mut Ctx<'_, '_>,
    survey: &Survey,
    rebuilt: &Rebuilt,
) -> Result<(), Failure> {
    let Some(to) = survey.disks.get(rebuilt.disk) else { return Ok(()) };
    let all = rebuilt.parts.iter().fold(0, |all: u64, part| all.saturating_add(part.len.get()));
    let mut progress = Progress { all: all.saturating_mul(512), done: 0 };
    for part in &rebuilt.parts {
        fill_part(ctx, survey, part, to, &mut progress)?;
    }
    Ok(())
}

fn fill_part(
    ctx: &mut Ctx<'_, '_>,
    survey: &Survey,
    part: &Part,
    to: &Disk,
    progress: &mut Progress,
) -> Result<(), Failure> {
    let (start, len) = (part.start.to_bytes(), part.len.to_bytes());
    let (Some(start), Some(len)) = (start, len) else {
        return Err(failed(ctx, &[&to.path, b" is not that large"]));
    };
    let (mut at, mut left) = (start, len.get());
    let mut other = Vec::new();
    let mut patch = Patch { at, bytes: Vec::new() };
    while left > 0 {
        let piece = left.min(PIECE);
        let size = usize::try_from(piece).unwrap_or_default();
        patch.bytes.clear();
        patch.bytes.resize(size, 0);
        other.resize(size, 0);
        patch.at = at;
        for from in part.from.iter().filter_map(|nth| survey.disks.get(*nth)) {
            add(ctx, from, at, &mut patch.bytes, &mut other)?;
        }
        if let Err(why) = ctx.host.write(to, slice::from_ref(&patch)) {
            let why = format!(" at byte {at}: {why}");
            return Err(failed(ctx, &[b"writing ", &to.path, why.as_bytes()]));
        }
        left -= piece;
        at = at.saturating_add(Bytes::new(piece));
        progress.tell(ctx, to, piece);
    }
    Ok(())
}

/// Adds without carry what is at `at`.
fn add(
    ctx: &mut Ctx<'_, '_>,
    from: &Disk,
    at: Bytes,
    sum: &mut [u8],
    bytes: &mut [u8],
) -> Result<(), Failure> {
    if let Err(why) = from.source.read_at(at, bytes) {
        let why = format!(": {why}");
        return Err(failed(ctx, &[b"reading ", &from.path, why.as_bytes()]));
    }
    for (sum, byte) in sum.iter_mut().zip(&*bytes) {
        *sum ^= byte;
    }
    Ok(())
}

/// How far it got, in bytes.
struct Progress {
    all: u64,
    done: u64,
}

impl Progress {
    fn tell(&mut self, ctx: &mut Ctx<'_, '_>, to: &Disk, more: u64) {
        let told = self.tenths();
        self.done = self.done.saturating_add(more);
        let now = self.tenths();
        if now > told {
            let percent = format!(": {} % written", now * (100 / TOLD));
            ctx.voice.say(Level::Notice, &[&to.path, percent.as_bytes()]);
        }
    }

    fn tenths(&self) -> u64 {
        self.done.saturating_mul(TOLD).checked_div(self.all).unwrap_or(0)
    }
}
