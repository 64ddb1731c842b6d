//! The parts of a request: cut at the lines of the table and at each target's `split_at`, counted from the
//! target's start.

use dm_core::errno::Errno;
use dm_core::units::{SECTOR_SHIFT, Sectors};

use crate::build::{LiveTable, Placed};
use crate::io::request::{Io, IoFlags, Kind, Op};
use crate::mapped::gate::Live;
use crate::target::Shape;

/// A range within one target, and within one of its units.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    pub(super) placed: &'a Placed,
    /// Where it begins, counted from the target's start.
    pub(super) at: Sectors,
    pub(super) len: Sectors,
}

/// Whether a device with `live` takes the request.
///
/// # Errors
///
/// See the table of [`crate::mapped`].
pub(super) fn check(live: &Live, io: &Io) -> Result<(), Errno> {
    let whole = match &io.op {
        Op::Read(buf) => buf.len().is_multiple_of(1 << SECTOR_SHIFT),
        Op::Write(buf) => buf.len().is_multiple_of(1 << SECTOR_SHIFT),
        Op::Flush | Op::Discard(_) | Op::WriteZeroes(_) => true,
    };
    let kind = io.op.kind();
    // A read-only table says so first.
    if !whole && (kind == Kind::Read || !live.table.is_read_only()) {
        return Err(Errno::EINVAL);
    }
    check_range(live, &Asked::of(io))
}

/// A request of whole sectors, without its memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    pub(crate) kind: Kind,
    pub(crate) sector: Sectors,
    pub(crate) len: Sectors,
    pub(crate) flags: IoFlags,
}

impl Default for Asked {
    /// Nothing: a read of no sectors.
    fn default() -> Self {
        let (sector, len) = (Sectors::ZERO, Sectors::ZERO);
        Self { kind: Kind::Read, sector, len, flags: IoFlags::empty() }
    }
}

impl Asked {
    /// What a request asks.
    pub(crate) fn of(io: &Io) -> Self {
        Self { kind: io.op.kind(), sector: io.sector, len: io.len(), flags: io.flags }
    }
}

/// As [`check`], for a request of whole sectors.
///
/// # Errors
///
/// The same.
pub(super) fn check_range(live: &Live, asked: &Asked) -> Result<(), Errno> {
    let Asked { kind, sector, len, flags } = *asked;
    if kind == Kind::Flush {
        return Ok(());
    }
    if kind != Kind::Read && live.table.is_read_only() {
        return Err(Errno::EPERM);
    }
    let only_flush = kind == Kind::Write && flags.contains(IoFlags::PREFLUSH);
    if len.is_zero() && !only_flush {
        return Err(Errno::EINVAL);
    }
    if sector.checked_add(len).is_none_or(|end| end > live.size) {
        return Err(Errno::EIO);
    }
    let block = live.limits.logical_block.whole_sectors();
    if !sector.is_multiple_of(block) || !len.is_multiple_of(block) {
        return Err(Errno::EINVAL);
    }
    let most = match kind {
        Kind::Discard => live.limits.max_discard,
        Kind::WriteZeroes => live.limits.max_write_zeroes,
        Kind::Read | Kind::Write | Kind::Flush => len,
    };
    if most.is_zero() && !len.is_zero() { Err(Errno::EOPNOTSUPP) } else { Ok(()) }
}

/// The piece of `[sector, end)` that comes first; none when there is none, or the table does not reach so
/// far. Discards and writes of zeroes are cut at lines alone.
pub(super) fn first(
    table: &LiveTable,
    kind: Kind,
    sector: Sectors,
    end: Sectors,
) -> Option<Piece<'_>> {
    let placed = table.find(sector).filter(|_| sector < end)?;
    piece_of(placed, kind, sector, end)
}

/// As [`first`], once `placed` is known to serve `sector`.
pub(super) fn piece_of(
    placed: &Placed,
    kind: Kind,
    sector: Sectors,
    end: Sectors,
) -> Option<Piece<'_>> {
    let at = sector.checked_sub(placed.start)?;
    let mut len = end.min(placed.end()).saturating_sub(sector);
    if matches!(kind, Kind::Read | Kind::Write)
        && let Some(unit) = placed.target.knobs().split_at
        && let Some(inside) = at.get().checked_rem(unit.get())
    {
        len = len.min(unit.saturating_sub(Sectors::new(inside)));
    }
    Some(Piece { placed, at, len })
}

/// How many copies of a request of `kind` the target gets.
pub(super) fn copies(placed: &Placed, kind: Kind) -> u32 {
    let knobs = placed.target.knobs();
    match kind {
        Kind::Read | Kind::Write => 1,
        Kind::Flush => knobs.flushes,
        Kind::Discard => knobs.discards,
        Kind::WriteZeroes => knobs.write_zeroes,
    }
}

impl Piece<'_> {
    /// The piece as `map` sees it.
    pub(super) fn shape(&self, kind: Kind, flags: IoFlags, copy: u32) -> Shape {
        Shape { kind, at: self.at, len: self.len, flags, copy }
    }
}

/// A length in bytes, of a piece that is no longer than a buffer.
pub(crate) fn bytes(len: Sectors) -> usize {
    usize::try_from(len.get() << SECTOR_SHIFT).unwrap_or(usize::MAX)
}
