//! What becomes of a request that does not simply go to one of the legs.

use dm_core::errno::Errno;
use dm_core::snapshot::Entry;
use dm_core::units::Sectors;

use super::Snapshot;
use super::fill::{Failed, Fill};
use super::state::{Access, Found, Stage};
use crate::io::range_lock::Hold;
use crate::io::request::{Buf, Cx, Done, Io, IoFlags, Op};

impl Snapshot {
    /// Serves a request; `io.sector` counts on the origin.
    pub(super) async fn serve(&self, io: Io, cx: &dyn Cx) -> Done {
        self.keeper.open(cx).await;
        let Io { sector, op, flags } = io;
        let result = match op {
            Op::Read(_) => return self.read(Io { sector, op, flags }, cx).await,
            Op::Write(data) => self.write(sector, &data, flags, cx).await,
            Op::Discard(len) => self.discard(sector, len, cx).await,
            Op::Flush => self.flush(flags, cx).await,
            Op::WriteZeroes(_) => Err(Errno::EOPNOTSUPP),
        };
        Done { result, buf: None }
    }

    async fn flush(&self, flags: IoFlags, cx: &dyn Cx) -> Result<(), Errno> {
        if self.keeper.state(|state| state.stage == Stage::Lost) {
            return Err(Errno::EIO);
        }
        let io = Io { sector: Sectors::ZERO, op: Op::Flush, flags };
        self.cow().submit(io, cx).await.result
    }

    async fn read(&self, io: Io, cx: &dyn Cx) -> Done {
        match self.keeper.state(|state| state.find(io.sector, Access::Reads)) {
            Found::Cow(new) => self.to_cow(new, io, cx).await,
            Found::Origin => self.origin().submit(io, cx).await,
            Found::Refused | Found::Unread => io.done(Err(Errno::EIO)),
        }
    }

    /// # Source
    ///
    /// `snapshot_map` in the kernel's `drivers/md/dm-snap.c`.
    async fn write(
        &self,
        at: Sectors,
        data: &Buf,
        flags: IoFlags,
        cx: &dyn Cx,
    ) -> Result<(), Errno> {
        let first = at.saturating_sub(self.chunk.inside(at));
        let range = first..first.saturating_add(self.chunk.sectors());
        let turn = self.copying.hold(range, Hold::Exclusive).await;
        match self.keeper.state(|state| state.find(at, Access::Changes)) {
            Found::Cow(new) => {
                drop(turn);
                let io = Io { sector: at, op: Op::Write(data.clone()), flags };
                self.to_cow(new, io, cx).await.result
            }
            Found::Origin => self.bring(at, data, cx).await,
            Found::Refused | Found::Unread => Err(Errno::EIO),
        }
    }

    /// Brings a chunk to the cow, with what is written to it. The chunk is held.
    async fn bring(&self, at: Sectors, data: &Buf, cx: &dyn Cx) -> Result<(), Errno> {
        let keeper = &*self.keeper;
        let Some(new) = keeper.state(|state| state.room.take()) else {
            keeper.is_full(cx).await;
            return Err(Errno::EIO);
        };
        let fill = Fill { origin: self.origin(), store: &keeper.store, at, data };
        match fill.run(new, cx).await {
            Ok(()) => keeper.commit(Entry { old: self.chunk.at(at), new }, cx).await,
            Err(Failed::Origin(errno)) => {
                keeper.state(|state| state.room.give_back(new));
                Err(errno)
            }
            Err(Failed::Cow(errno)) => {
                keeper.failed(errno, cx).await;
                Err(Errno::EIO)
            }
        }
    }

    /// What lies on the origin stays as it is.
    async fn discard(&self, at: Sectors, len: Sectors, cx: &dyn Cx) -> Result<(), Errno> {
        let end = at.saturating_add(len);
        let mut at = at;
        while at < end {
            if self.keeper.state(|state| state.find(at, Access::Changes)) == Found::Refused {
                return Err(Errno::EIO);
            }
            let next = self.keeper.state(|state| state.next_exception(self.chunk.at(at)));
            let Some((old, new)) = next else { break };
            let start = self.chunk.start(old).ok_or(Errno::EIO)?;
            let next = start.saturating_add(self.chunk.sectors());
            let (from, to) = (start.max(at), next.min(end));
            if from < to {
                self.discard_on_cow(new, from, to.saturating_sub(from), cx).await?;
            }
            at = next;
        }
        Ok(())
    }

    async fn discard_on_cow(
        &self,
        new: u64,
        at: Sectors,
        len: Sectors,
        cx: &dyn Cx,
    ) -> Result<(), Errno> {
        if len == self.chunk.sectors() {
            let start = self.chunk.start(new).ok_or(Errno::EIO)?;
            return self.keeper.store.zero(start, len, IoFlags::empty(), cx).await;
        }
        if self.cow().limits().max_discard.is_zero() {
            return Ok(());
        }
        let io = Io { sector: at, op: Op::Discard(len), flags: IoFlags::empty() };
        self.to_cow(new, io, cx).await.result
    }
}
