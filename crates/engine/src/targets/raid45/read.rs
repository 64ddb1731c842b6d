//! Reading: data from its member, or made of what the others have.
//!
//! A member that fails a read is not given up: it may have one bad sector among millions of good ones. What it
//! could not read is made of the others; only where they cannot do that either the read fails.

use dm_core::errno::Errno;
use dm_core::units::Sectors;

use super::layout::Piece;
use super::parity;
use super::set::{Set, Work, together};
use crate::io::range_lock::Hold;
use crate::io::request::{BufMut, Cx, Done, IoFlags, Op};
use crate::mapped::cut::bytes;
use crate::mapped::join::join;

impl Set {
    /// Reads what is within a row of the target.
    pub(super) async fn read(&self, at: Sectors, buf: BufMut, flags: IoFlags, cx: &dyn Cx) -> Done {
        let first = self.geometry.first_piece(at, buf.sectors());
        if first.len == buf.sectors() {
            // A read of one chunk comes here only when its member is bad, or has just failed it.
            return self.read_mended(first, buf, flags, cx).await;
        }
        let (mut at, mut rest) = (at, Some(buf));
        let mut parts: Vec<Work<'_, Done>> = Vec::with_capacity(self.geometry.data());
        while let Some(buf) = rest.take().filter(|buf| !buf.is_empty()) {
            let piece = self.geometry.first_piece(at, buf.sectors());
            let (head, tail) = buf.split_at(bytes(piece.len));
            parts.push(Box::pin(self.read_piece(piece, head, flags, cx)));
            at = at.saturating_add(piece.len);
            rest = Some(tail);
        }
        let (mut result, mut bufs) = (Ok(()), Vec::with_capacity(parts.len()));
        for done in together(parts).await {
            result = result.and(done.result);
            bufs.push(done.buf);
        }
        Done { result, buf: join(bufs.into_iter()) }
    }

    /// Reads a piece from its member; if that does not do, from the others.
    async fn read_piece(&self, piece: Piece, buf: BufMut, flags: IoFlags, cx: &dyn Cx) -> Done {
        let done = self.read_member(piece, buf, flags, cx).await;
        match done {
            Done { result: Err(errno), buf: Some(buf) } if !flags.contains(IoFlags::READAHEAD) => {
                let done = self.rebuild(piece, buf, cx).await;
                Done { result: done.result.map_err(|_| errno), ..done }
            }
            done => done,
        }
    }

    /// Reads a piece from the others; if that does not do, from its member.
    async fn read_mended(&self, piece: Piece, buf: BufMut, flags: IoFlags, cx: &dyn Cx) -> Done {
        match self.rebuild(piece, buf, cx).await {
            Done { result: Err(_), buf: Some(buf) } => {
                self.read_member(piece, buf, flags, cx).await
            }
            done => done,
        }
    }

    async fn read_member(&self, piece: Piece, buf: BufMut, flags: IoFlags, cx: &dyn Cx) -> Done {
        let member = self.geometry.member(piece.row, piece.index);
        if !self.health.is_good(member) {
            return Done { result: Err(Errno::EIO), buf: Some(buf) };
        }
        let at = self.geometry.on_member(piece.row, piece.inside);
        self.send(member, (at, Op::Read(buf)), flags, cx).await
    }

    /// Makes a piece of what the other members have there.
    async fn rebuild(&self, piece: Piece, buf: BufMut, cx: &dyn Cx) -> Done {
        let at = self.geometry.on_member(piece.row, piece.inside);
        // A write between the reads would leave of them a sum of old and new.
        let _held = self.rows.hold(at..at.saturating_add(piece.len), Hold::Shared).await;
        let member = self.geometry.member(piece.row, piece.index);
        if !self.is_made_up_for(member) {
            return Done { result: Err(Errno::EIO), buf: Some(buf) };
        }
        let others: Vec<usize> = (0..self.geometry.members).filter(|&n| n != member).collect();
        match self.read_all(&others, (at, piece.len), Some(buf), cx).await {
            Ok(bufs) => {
                let mut bufs = bufs.into_iter();
                let Some(mut sum) = bufs.next() else {
                    return Done { result: Err(Errno::EIO), buf: None };
                };
                bufs.for_each(|buf| parity::add(&mut sum, &buf));
                Done { result: Ok(()), buf: Some(sum) }
            }
            Err((errno, buf)) => Done { result: Err(errno), buf },
        }
    }
}
