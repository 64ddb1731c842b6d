//! The store on its cow: looked at, begun, read, written.
//!
//! The bytes are the kernel's. What ours does in another order, so that the store can be trusted whenever the
//! process or the machine ends:
//!
//! - The first area is zeroed before the header says that there is one.
//! - Entries are written a logical block at a time, each durable before the next: what is torn is never in the
//!   middle of the list. What a writer that did otherwise has left behind the list's end is zeroed before the list
//!   goes on, or it would come back as entries some day.
//!
//! # Source
//!
//! The kernel's `drivers/md/dm-snap-persistent.c`, 6.12.

use std::sync::Arc;

use dm_core::errno::Errno;
use dm_core::snapshot::{Chunk, Contents, Damage, ENTRY_LEN, Header, Walk};
use dm_core::units::Sectors;

use super::state::Batch;
use crate::io::request::{Buf, BufMut, Cx, Device, Io, IoFlags, Op};

/// How much is read, copied or zeroed at a time.
pub(super) const PIECE: Sectors = Sectors::new(256);

/// Why a store cannot be used.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// Its device says so.
    #[error("{0}")]
    Device(#[from] Errno),
    /// It is not as it should be.
    #[error("{0}")]
    Damage(#[from] Damage),
    /// Its chunks cannot be read from one of the devices.
    #[error("chunk_size, at byte 12, is {0} sectors, which are no whole blocks of the devices")]
    Blocks(Sectors),
    /// Another snapshot keeps its store there.
    #[error("another snapshot uses the cow")]
    Claimed,
    /// Its chunks are others than when the table was loaded.
    #[error("chunk_size, at byte 12, is {0} sectors now")]
    Changed(Sectors),
}

impl Trouble {
    /// What the command gets.
    ///
    /// # Source
    ///
    /// `read_header` and `persistent_read_metadata` in the kernel's `drivers/md/dm-snap-persistent.c`.
    pub(super) fn errno(self) -> Errno {
        match self {
            Self::Device(errno) => errno,
            Self::Damage(Damage::Magic(_)) => Errno::ENXIO,
            Self::Claimed => Errno::EBUSY,
            Self::Damage(_) | Self::Blocks(_) | Self::Changed(_) => Errno::EINVAL,
        }
    }
}

/// What a store was found to be, before its table is live.
#[derive(Debug)]
pub(super) enum Probed {
    /// New.
    New,
    /// Of these chunks, and not to be used any more.
    Invalid(Chunk),
    /// Of these chunks, with these contents.
    Valid(Chunk, Contents),
}

/// Whether what lies behind the list's end is zeroed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    Left,
    Zeroed,
}

/// See the module's page.
#[derive(Clone, Debug)]
pub(super) struct Store {
    pub(super) device: Arc<dyn Device>,
    pub(super) chunk: Chunk,
    /// Its size when the table was built.
    pub(super) size: Sectors,
    /// The origin's size.
    pub(super) origin: Sectors,
    /// The smallest chunk: a logical block of both devices.
    pub(super) blocks: Sectors,
}

impl Store {
    /// Looks at it; nothing is written.
    ///
    /// # Errors
    ///
    /// [`Trouble`] for a store that cannot be used.
    pub(super) async fn probe(mut self, cx: &dyn Cx) -> Result<Probed, Trouble> {
        let Some(header) = self.header(cx).await? else {
            // Its first area is there, or it cannot be begun.
            let fits = self.chunk.fits(1, self.size);
            return if fits { Ok(Probed::New) } else { Err(Trouble::Damage(Damage::Area(0))) };
        };
        self.chunk = header.chunk;
        if self.chunk.sectors() < self.blocks {
            return Err(Trouble::Blocks(self.chunk.sectors()));
        }
        if !header.is_valid {
            return Ok(Probed::Invalid(self.chunk));
        }
        Ok(Probed::Valid(self.chunk, self.walk(Rest::Left, cx).await?))
    }

    /// What the header says; none in a new store.
    pub(super) async fn header(&self, cx: &dyn Cx) -> Result<Option<Header>, Trouble> {
        let block = self.read(Sectors::ZERO, self.block(), cx).await?;
        Ok(Header::parse(&block)?)
    }

    /// Begins a new one.
    ///
    /// # Errors
    ///
    /// What the device says.
    pub(super) async fn begin(&self, cx: &dyn Cx) -> Result<(), Errno> {
        let len = self.chunk.sectors().saturating_add(self.chunk.sectors());
        self.zero(Sectors::ZERO, len, IoFlags::NOUNMAP, cx).await?;
        self.flush(cx).await?;
        self.write_header(true, cx).await
    }

    /// Says on the cow that the snapshot is not to be used any more.
    ///
    /// # Errors
    ///
    /// What the device says.
    pub(super) async fn invalidate(&self, cx: &dyn Cx) -> Result<(), Errno> {
        self.write_header(false, cx).await
    }

    /// Reads all entries. Answers with them, and with the block that the next one goes to.
    ///
    /// # Errors
    ///
    /// [`Trouble`] for a store that cannot be used.
    pub(super) async fn contents(&self, cx: &dyn Cx) -> Result<(Contents, Vec<u8>), Trouble> {
        let rest = if self.device.is_read_only() { Rest::Left } else { Rest::Zeroed };
        let contents = self.walk(rest, cx).await?;
        let entry = contents.index.saturating_mul(ENTRY_LEN as u64);
        let at = Sectors::new(entry / 512 / self.block().get() * self.block().get());
        let start = self.area(contents.area)?.saturating_add(at);
        let mut block = self.read(start, self.block(), cx).await?.to_vec();
        let used = entry.saturating_sub(at.get() * 512);
        let used = usize::try_from(used).unwrap_or(usize::MAX).min(block.len());
        if let Some(rest) = block.get_mut(used..) {
            rest.fill(0);
        }
        Ok((contents, block))
    }

    async fn walk(&self, rest: Rest, cx: &dyn Cx) -> Result<Contents, Trouble> {
        let mut walk = Walk::new(self.chunk, self.origin, self.size);
        while let Some((start, len)) = walk.wanted()? {
            let mut piece = self.read(start, len.min(PIECE), cx).await?;
            let used = walk.take(&piece)?.min(piece.len());
            let (_, behind) = piece.split_at_mut(used);
            if rest == Rest::Zeroed && behind.iter().any(|&byte| byte != 0) {
                behind.fill(0);
                self.write(start, piece.freeze(), IoFlags::FUA, cx).await?;
            }
        }
        Ok(walk.into_contents())
    }

    /// Writes a batch of entries, whose data is written: durable when this ends.
    ///
    /// # Errors
    ///
    /// What the device says.
    pub(super) async fn append(&self, batch: &Batch, cx: &dyn Cx) -> Result<(), Errno> {
        if batch.fills {
            let next = self.area(batch.area.saturating_add(1))?;
            self.zero(next, self.chunk.sectors(), IoFlags::NOUNMAP, cx).await?;
        }
        // The chunks' data, and the zeros, before the entries.
        self.flush(cx).await?;
        let at = self.area(batch.area)?.saturating_add(batch.at);
        self.write(at, batch.block.clone(), IoFlags::FUA, cx).await
    }

    /// Fills a range with zeros, by the device itself where it can.
    ///
    /// # Errors
    ///
    /// What the device says.
    pub(super) async fn zero(
        &self,
        at: Sectors,
        len: Sectors,
        flags: IoFlags,
        cx: &dyn Cx,
    ) -> Result<(), Errno> {
        if len <= self.device.limits().max_write_zeroes {
            let io = Io { sector: at, op: Op::WriteZeroes(len), flags };
            match self.device.submit(io, cx).await.result {
                Err(Errno::EOPNOTSUPP) => {}
                done => return done,
            }
        }
        let zeros = zeroed(len.min(PIECE)).freeze();
        let (mut at, end) = (at, at.saturating_add(len));
        while at < end {
            let piece = zeros.slice(0..bytes(end.saturating_sub(at)));
            let next = at.saturating_add(piece.sectors());
            self.write(at, piece, IoFlags::empty(), cx).await?;
            at = next;
        }
        Ok(())
    }

    /// Writes to the cow.
    ///
    /// # Errors
    ///
    /// What the device says.
    pub(super) async fn write(
        &self,
        sector: Sectors,
        data: Buf,
        flags: IoFlags,
        cx: &dyn Cx,
    ) -> Result<(), Errno> {
        self.device.submit(Io { sector, op: Op::Write(data), flags }, cx).await.result
    }

    async fn write_header(&self, is_valid: bool, cx: &dyn Cx) -> Result<(), Errno> {
        let header = Header { is_valid, chunk: self.chunk };
        let block = BufMut::copy_of(&header.to_block(bytes(self.block()))).freeze();
        self.write(Sectors::ZERO, block, IoFlags::FUA, cx).await
    }

    async fn read(&self, at: Sectors, len: Sectors, cx: &dyn Cx) -> Result<BufMut, Errno> {
        let io = Io { sector: at, op: Op::Read(zeroed(len)), flags: IoFlags::empty() };
        self.device.submit(io, cx).await.into_read()
    }

    async fn flush(&self, cx: &dyn Cx) -> Result<(), Errno> {
        let io = Io { sector: Sectors::ZERO, op: Op::Flush, flags: IoFlags::empty() };
        self.device.submit(io, cx).await.result
    }

    /// Where an area begins.
    fn area(&self, number: u64) -> Result<Sectors, Errno> {
        let start = self.chunk.area(number).and_then(|chunk| self.chunk.start(chunk));
        start.ok_or(Errno::ENOSPC)
    }

    /// A logical block of the cow: what is written as one.
    fn block(&self) -> Sectors {
        self.device.limits().logical_block.whole_sectors().max(Sectors::new(1))
    }
}

/// Memory for so many sectors.
pub(super) fn zeroed(len: Sectors) -> BufMut {
    BufMut::zeroed(bytes(len))
}

/// A length in memory; what no memory holds is cut.
pub(super) fn bytes(len: Sectors) -> usize {
    let bytes = len.to_bytes().map(|bytes| usize::try_from(bytes.get()));
    bytes.and_then(Result::ok).unwrap_or(usize::MAX)
}
