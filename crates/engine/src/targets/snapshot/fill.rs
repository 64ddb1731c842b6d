//! A chunk's way from the origin to the cow, with what is written to it.

use dm_core::errno::Errno;
use dm_core::units::Sectors;

use super::store::{PIECE, Store, bytes, zeroed};
use crate::io::request::{Buf, BufMut, Cx, Device, Io, IoFlags, Op};

/// Who has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failed {
    /// The origin could not be read.
    Origin(Errno),
    /// The cow could not be written to.
    Cow(Errno),
}

/// What is written to a chunk.
#[derive(Debug)]
pub(super) struct Fill<'a> {
    pub(super) origin: &'a dyn Device,
    pub(super) store: &'a Store,
    /// Where it begins on the origin.
    pub(super) at: Sectors,
    pub(super) data: &'a Buf,
}

impl Fill<'_> {
    /// Makes chunk `new` of the cow what the origin has, with the data in its place. Only what the data does not
    /// cover is read. What of the chunk lies beyond the origin's end is left alone.
    ///
    /// # Errors
    ///
    /// [`Failed`]: nothing is on its way any more, and what the chunk has now is nobody's.
    pub(super) async fn run(&self, new: u64, cx: &dyn Cx) -> Result<(), Failed> {
        let chunk = self.store.chunk;
        let first = self.at.saturating_sub(chunk.inside(self.at));
        let last = first.saturating_add(chunk.sectors()).min(self.store.origin);
        let base = chunk.start(new).ok_or(Failed::Cow(Errno::EIO))?;
        let mut start = first;
        while start < last {
            let end = start.saturating_add(PIECE).min(last);
            let piece = self.piece(start, end, cx).await?;
            let to = base.saturating_add(start.saturating_sub(first));
            let done = self.store.write(to, piece, IoFlags::empty(), cx).await;
            done.map_err(Failed::Cow)?;
            start = end;
        }
        Ok(())
    }

    /// What lies in `[start, end)` from now on.
    async fn piece(&self, start: Sectors, end: Sectors, cx: &dyn Cx) -> Result<Buf, Failed> {
        let data_end = self.at.saturating_add(self.data.sectors());
        let (from, to) = (self.at.clamp(start, end), data_end.clamp(start, end));
        let in_data = |at: Sectors| bytes(at.saturating_sub(self.at));
        let data = self.data.slice(in_data(from)..in_data(to));
        if (from, to) == (start, end) {
            return Ok(data);
        }
        let mut piece = zeroed(end.saturating_sub(start));
        for (from, to) in [(start, from), (to, end)] {
            if from < to {
                let read = self.read(from, to, cx).await?;
                put(&mut piece, from.saturating_sub(start), &read);
            }
        }
        put(&mut piece, from.saturating_sub(start), &data);
        Ok(piece.freeze())
    }

    async fn read(&self, from: Sectors, to: Sectors, cx: &dyn Cx) -> Result<BufMut, Failed> {
        let op = Op::Read(zeroed(to.saturating_sub(from)));
        let io = Io { sector: from, op, flags: IoFlags::empty() };
        self.origin.submit(io, cx).await.into_read().map_err(Failed::Origin)
    }
}

/// Puts `data` into `piece`, `at` from its beginning.
fn put(piece: &mut [u8], at: Sectors, data: &[u8]) {
    let at = bytes(at);
    if let Some(place) = piece.get_mut(at..at.saturating_add(data.len())) {
        place.copy_from_slice(data);
    }
}
