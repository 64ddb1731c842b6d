//! What becomes of a request that passed the gate: its parts are mapped and sent, all at a time, and their
//! answers put together.

use std::collections::HashSet;
use std::future::poll_fn;
use std::sync::Arc;

use dm_core::errno::Errno;
use dm_core::units::Sectors;

use crate::build::{LiveTable, Placed};
use crate::io::request::{AGAIN, Buf, BufMut, Cx, Done, Io, IoFlags, IoFuture, Kind, Op};
use crate::mapped::counts::Counted;
use crate::mapped::cut::{self, Piece};
use crate::mapped::join::{all, join};
use crate::mapped::{MappedDevice, Told, gate};
use crate::target::{Map, Shape};

/// Serves a request to `device`, if need be once more.
pub(super) async fn serve(device: &MappedDevice, mut io: Io, cx: &dyn Cx) -> Done {
    let mut counted = None;
    loop {
        let again = io.share();
        let done = serve_once(device, io, &mut counted, cx).await;
        match again {
            Some(again) if done.result == Err(AGAIN) => io = again,
            _ => {
                if let Some(counted) = counted {
                    counted.end(cx.now());
                }
                return done;
            }
        }
    }
}

/// Serves a request to `device`; what counts it is put into `counted` when it is let in first.
async fn serve_once<'a>(
    device: &'a MappedDevice,
    mut io: Io,
    counted: &mut Option<Counted<'a>>,
    cx: &dyn Cx,
) -> Done {
    let pass = match device.gate.pass(io.flags).await {
        Ok(pass) => pass,
        Err(errno) => return io.done(Err(errno)),
    };
    let live: &gate::Live = &pass.live;
    if let Err(errno) = cut::check(live, &io) {
        return io.done(Err(errno));
    }
    let kind = io.op.kind();
    counted.get_or_insert_with(|| device.counters.begin(kind, io.len(), cx.now()));
    let table = Run { device, table: &live.table, cx };
    if kind == Kind::Flush || io.flags.contains(IoFlags::PREFLUSH) {
        io.flags.remove(IoFlags::PREFLUSH);
        match table.flush().await {
            Ok(()) if kind != Kind::Flush && !io.is_empty() => table.run(io).await,
            result => io.done(result),
        }
    } else {
        table.run(io).await
    }
}

/// A table at work on a request.
#[derive(Clone, Copy)]
struct Run<'a> {
    device: &'a MappedDevice,
    table: &'a LiveTable,
    cx: &'a dyn Cx,
}

impl<'a> Run<'a> {
    /// Serves a request within the table, which is no flush.
    async fn run(self, io: Io) -> Done {
        let kind = io.op.kind();
        let end = io.sector.saturating_add(io.len());
        let Some(first) = cut::first(self.table, kind, io.sector, end) else {
            return io.done(Err(Errno::EIO));
        };
        let Io { sector, op, flags } = io;
        match op {
            Op::Read(_) | Op::Write(_) if first.len == end.saturating_sub(sector) => {
                let shape = first.shape(kind, flags, 0);
                self.part(first.placed, shape, op).await
            }
            Op::Read(buf) => self.read(sector, buf, flags).await,
            Op::Write(buf) => self.write(sector, &buf, flags).await,
            Op::Discard(_) | Op::WriteZeroes(_) => {
                let result = self.range(kind, sector, end, flags).await;
                Done { result, buf: None }
            }
            Op::Flush => Done { result: Ok(()), buf: None },
        }
    }

    /// The pieces of `[sector, end)`, front to back.
    fn pieces(
        self,
        kind: Kind,
        mut sector: Sectors,
        end: Sectors,
    ) -> impl Iterator<Item = Piece<'a>> {
        std::iter::from_fn(move || {
            let piece = cut::first(self.table, kind, sector, end)?;
            sector = sector.saturating_add(piece.len);
            Some(piece)
        })
    }

    async fn read(self, sector: Sectors, buf: BufMut, flags: IoFlags) -> Done {
        let end = sector.saturating_add(buf.sectors());
        let mut rest = Some(buf);
        let parts = self.pieces(Kind::Read, sector, end).map_while(|piece| {
            let (head, tail) = rest.take()?.split_at(cut::bytes(piece.len));
            rest = Some(tail);
            Some(self.start(piece, Op::Read(head), flags, 0))
        });
        let (mut result, bufs) = all(parts).await;
        let buf = join(bufs.into_iter().chain([rest]));
        if buf.is_none() {
            result = result.and(Err(Errno::EIO));
        }
        Done { result, buf }
    }

    async fn write(self, sector: Sectors, buf: &Buf, flags: IoFlags) -> Done {
        let end = sector.saturating_add(buf.sectors());
        let mut done = 0;
        let parts = self.pieces(Kind::Write, sector, end).map(|piece| {
            let from = done;
            done += cut::bytes(piece.len);
            self.start(piece, Op::Write(buf.slice(from..done)), flags, 0)
        });
        Done { result: all(parts).await.0, buf: None }
    }

    /// A discard or write of zeroes: as many copies of each piece as its target asks for.
    async fn range(
        self,
        kind: Kind,
        sector: Sectors,
        end: Sectors,
        flags: IoFlags,
    ) -> Result<(), Errno> {
        let parts = self.pieces(kind, sector, end).flat_map(|piece| {
            let copies = cut::copies(piece.placed, kind);
            // A target that takes none still answers: one part, which fails.
            (0..copies.max(1)).map(move |copy| {
                if copies == 0 {
                    return Box::pin(std::future::ready(failed(Errno::EOPNOTSUPP))) as IoFuture<'_>;
                }
                let op = match kind {
                    Kind::Discard => Op::Discard(piece.len),
                    _ => Op::WriteZeroes(piece.len),
                };
                self.start(piece, op, flags, copy)
            })
        });
        all(parts).await.0
    }

    /// An empty flush to every target; one for each device that they stand on, for more would do no more.
    async fn flush(self) -> Result<(), Errno> {
        let mut flushed = HashSet::new();
        let now = self.cx.now();
        let copies = self.table.placed().iter().flat_map(|placed| {
            let piece = Piece { placed, at: Sectors::ZERO, len: Sectors::ZERO };
            let copies = cut::copies(placed, Kind::Flush);
            (0..copies).map(move |copy| (placed, piece.shape(Kind::Flush, IoFlags::empty(), copy)))
        });
        let parts = copies.filter_map(|(placed, shape)| {
            let map = placed.target.map(&shape, now);
            if let Map::To { leg, .. } = map
                && let Some(leg) = placed.target.legs().get(leg)
                && !flushed.insert(Arc::as_ptr(&leg.device).cast::<()>())
            {
                return None;
            }
            Some(Box::pin(self.mapped(placed, shape, Op::Flush, map)) as IoFuture<'_>)
        });
        all(parts).await.0
    }

    fn start(self, piece: Piece<'a>, op: Op, flags: IoFlags, copy: u32) -> IoFuture<'a> {
        let shape = piece.shape(op.kind(), flags, copy);
        Box::pin(self.part(piece.placed, shape, op))
    }

    /// Serves a part: within one target.
    async fn part(self, placed: &'a Placed, shape: Shape, op: Op) -> Done {
        let map = placed.target.map(&shape, self.cx.now());
        self.mapped(placed, shape, op, map).await
    }

    /// Sends a part where its target says.
    async fn mapped(self, placed: &'a Placed, shape: Shape, op: Op, map: Map) -> Done {
        let io = Io { sector: shape.at, op, flags: shape.flags };
        match map {
            Map::To { leg, sector, len } => self.to(placed, &shape, io, (leg, sector, len)).await,
            Map::Zero => zero(io),
            Map::Fail(errno) => io.done(Err(errno)),
            Map::Run => self.by_target(placed, io).await,
        }
    }

    /// Has a target serve a part itself, and tells of what it brings about as it happens, not when the part ends.
    async fn by_target(self, placed: &'a Placed, io: Io) -> Done {
        let (kind, want) = (io.op.kind(), io.len());
        let mut running = placed.target.run(io, self.cx);
        let done = poll_fn(|context| {
            let answer = running.as_mut().poll(context);
            if placed.target.take_event() {
                self.device.raise_event();
            }
            // It may be what the request waits for that this is saved.
            if placed.target.has_learnt() {
                self.device.tell(Told::Learnt);
            }
            answer
        });
        checked(done.await, kind, want)
    }

    /// Sends a part to a leg: `(leg, sector, len)` as `map` has them.
    async fn to(
        self,
        placed: &'a Placed,
        shape: &Shape,
        mut io: Io,
        (number, sector, len): (usize, Sectors, Sectors),
    ) -> Done {
        let leg = placed.target.legs().get(number);
        let Some(leg) = leg.filter(|leg| is_inside(leg, shape, sector, len)) else {
            tracing::error!(kind = placed.kind.name, ?shape, number, %sector, %len, "mapped outside its legs");
            return io.done(Err(Errno::EIO));
        };
        match &mut io.op {
            Op::Discard(range) | Op::WriteZeroes(range) if len.is_zero() => {
                *range = len;
                return io.done(Ok(()));
            }
            Op::Discard(range) | Op::WriteZeroes(range) => *range = len,
            Op::Read(_) | Op::Write(_) | Op::Flush => {}
        }
        io.sector = if shape.kind == Kind::Flush { Sectors::ZERO } else { sector };
        let done = checked(leg.device.submit(io, self.cx).await, shape.kind, len);
        match done {
            Done { result: Err(errno), buf } if !shape.flags.contains(IoFlags::READAHEAD) => {
                if placed.target.failed(number, shape.kind, errno) {
                    self.device.raise_event();
                }
                match buf {
                    Some(buf) if placed.target.retries(number) => {
                        let (sector, op, flags) = (shape.at, Op::Read(buf), shape.flags);
                        self.by_target(placed, Io { sector, op, flags }).await
                    }
                    buf => Done { result: Err(errno), buf },
                }
            }
            done => done,
        }
    }
}

/// Whether a target may send this part there: within what the leg is for, and all of it, but for the copies
/// of a range.
pub(super) fn is_inside(
    leg: &crate::target::Leg,
    shape: &Shape,
    sector: Sectors,
    len: Sectors,
) -> bool {
    let end = leg.start.saturating_add(leg.len);
    let within = sector >= leg.start && sector.checked_add(len).is_some_and(|to| to <= end);
    match shape.kind {
        Kind::Flush => true,
        Kind::Read | Kind::Write => within && len == shape.len,
        Kind::Discard | Kind::WriteZeroes => within && len <= shape.len,
    }
}

/// An answer as it must be: a read that worked has its buffer, of the length asked for.
fn checked(done: Done, kind: Kind, len: Sectors) -> Done {
    let whole = done.buf.as_ref().is_some_and(|buf| buf.sectors() == len);
    if kind == Kind::Read && done.result.is_ok() && !whole {
        return Done { result: Err(Errno::EIO), buf: done.buf };
    }
    done
}

/// The answer to a request that needs no device.
fn zero(mut io: Io) -> Done {
    if let Op::Read(buf) = &mut io.op {
        buf.fill(0);
    }
    io.done(Ok(()))
}

fn failed(errno: Errno) -> Done {
    Done { result: Err(errno), buf: None }
}
