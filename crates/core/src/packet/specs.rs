//! `struct dm_target_spec`: a table on its way in, and a table's state on its way out.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0 | 8 | `sector_start` |
//! | 8 | 8 | `length` |
//! | 16 | 4 | `status`: 0 |
//! | 20 | 4 | `next` |
//! | 24 | 16 | `target_type`, ends in NUL |
//! | 40 | .. | arguments or state, ends in NUL, then zeros up to a multiple of 8 |
//!
//! **`next` differs by direction**: going in it counts from this spec, coming out from the first spec.
//!
//! # Source
//!
//! `populate_table`, `next_target` and `retrieve_status` in the kernel's `drivers/md/dm-ioctl.c`, 6.12.

use alloc::vec::Vec;

use super::wire;
use crate::errno::Errno;
use crate::name::TargetName;
use crate::table::{Line, Table};
use crate::units::Sectors;

/// The size of a spec without its text.
const SPEC_SIZE: usize = 40;
/// Where a spec's `next` is.
const NEXT_AT: usize = 20;
/// Where a spec's `target_type` is, and how long.
const TYPE_AT: usize = 24;

/// The most lines a table may have.
///
/// # Source
///
/// `DM_MAX_TARGETS` in the kernel's `drivers/md/dm-core.h`.
pub const TARGETS_MAX: u32 = 1_048_576;

/// The payload of a load: `table`, its arguments verbatim.
pub fn encode_load(table: &[Line]) -> Vec<u8> {
    let mut out = Vec::new();
    for line in table {
        let at = out.len();
        push_spec(&mut out, line, &line.args);
        wire::pad8(&mut out);
        let next = wire::to_u32(out.len().saturating_sub(at));
        wire::patch_u32(&mut out, at.saturating_add(NEXT_AT), next);
    }
    out
}

/// The table in the payload of a load of `count` lines.
///
/// # Errors
///
/// `EINVAL` for no lines, for specs that overlap, are not aligned, or leave the payload, and for text
/// without a NUL; `EOVERFLOW` for more than [`TARGETS_MAX`] lines.
pub fn decode_load(payload: &[u8], count: u32) -> Result<Table, Errno> {
    if count == 0 {
        return Err(Errno::EINVAL);
    }
    if count > TARGETS_MAX {
        return Err(Errno::EOVERFLOW);
    }
    let mut table = Table::new();
    let mut rest = payload;
    for index in 0..count {
        let (line, used) = decode_spec(rest).ok_or(Errno::EINVAL)?;
        let next = wire::to_usize(wire::get_u32(rest, NEXT_AT).ok_or(Errno::EINVAL)?);
        table.push(line);
        if index.saturating_add(1) < count {
            let sound = next >= used && next.is_multiple_of(8);
            rest = sound.then(|| rest.get(next..)).flatten().ok_or(Errno::EINVAL)?;
        }
    }
    Ok(table)
}

/// The payload of a status reply: for each line of `table`, its text in place of its arguments.
pub fn encode_status(table: &[Line]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut previous: Option<usize> = None;
    for line in table {
        wire::pad8(&mut out);
        let at = out.len();
        if let Some(previous) = previous {
            wire::patch_u32(&mut out, previous.saturating_add(NEXT_AT), wire::to_u32(at));
        }
        push_spec(&mut out, line, &line.args);
        previous = Some(at);
    }
    if let Some(previous) = previous {
        let end = wire::to_u32(out.len().next_multiple_of(8));
        wire::patch_u32(&mut out, previous.saturating_add(NEXT_AT), end);
    }
    out
}

/// The lines of a status reply with `count` targets; each line's `args` is its text.
///
/// # Errors
///
/// `EINVAL` for a reply that is not well formed.
pub fn decode_status(payload: &[u8], count: u32) -> Result<Table, Errno> {
    let mut table = Table::new();
    let mut at = 0;
    for _ in 0..count {
        let spec = payload.get(at..).ok_or(Errno::EINVAL)?;
        let (line, _) = decode_spec(spec).ok_or(Errno::EINVAL)?;
        let next = wire::to_usize(wire::get_u32(spec, NEXT_AT).ok_or(Errno::EINVAL)?);
        table.push(line);
        if next <= at && wire::to_usize(count) > table.len() {
            return Err(Errno::EINVAL);
        }
        at = next;
    }
    Ok(table)
}

fn push_spec(out: &mut Vec<u8>, line: &Line, text: &[u8]) {
    out.extend(line.start.get().to_ne_bytes());
    out.extend(line.len.get().to_ne_bytes());
    out.extend([0; 8]);
    let mut name = [0; 16];
    wire::set_text(&mut name, line.target.as_bytes());
    out.extend(name);
    out.extend_from_slice(text);
    out.push(0);
}

/// A line, and how many bytes its spec and text take.
fn decode_spec(bytes: &[u8]) -> Option<(Line, usize)> {
    let start = wire::get_u64(bytes, 0)?;
    let len = wire::get_u64(bytes, 8)?;
    let name = bytes.get(TYPE_AT..SPEC_SIZE)?;
    let target = TargetName::new(wire::until_nul(name.split_last()?.1)).ok()?;
    let args = wire::text(bytes.get(SPEC_SIZE..)?)?;
    let used = args.len().checked_add(SPEC_SIZE)?.checked_add(1)?;
    let line =
        Line { start: Sectors::new(start), len: Sectors::new(len), target, args: args.to_vec() };
    Some((line, used))
}
