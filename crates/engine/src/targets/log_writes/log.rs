//! The log on its device: begun, gone on with, written.
//!
//! The bytes are the kernel's. What ours adds is an order that makes them trustworthy whenever it ends:
//!
//! - A log is begun with a super block that counts nothing, so that nobody takes an older log's entries for
//!   its own.
//! - Behind the last entry lie zeros, and the first block of what is appended is written after all the rest
//!   of it. So whoever walks along the log finds whole entries, then its end, though the process that wrote
//!   it was killed: a torn entry is one that was never reached.
//! - The super block is written after a flush of the log's device, with FUA. So it never counts an entry that
//!   a power loss takes away.
//!
//! # Source
//!
//! `log_one_block` and `log_super` in the kernel's `drivers/md/dm-log-writes.c`, 6.12.

use std::sync::Arc;

use dm_core::errno::Errno;
use dm_core::log_writes::{Block, Entry, Super};
use dm_core::units::Sectors;

use super::order::{Batch, Place};
use crate::io::request::{Buf, BufMut, Cx, Device, Io, IoFlags, Op};

/// The device that the log is on.
#[derive(Debug)]
pub(super) struct Log {
    pub(super) device: Arc<dyn Device>,
    pub(super) block: Block,
    /// How many blocks the device has that is logged: no entry is about others.
    pub(super) blocks: u64,
}

impl Log {
    /// Begins an empty log.
    ///
    /// # Errors
    ///
    /// What the device says.
    pub(super) async fn begin(&self, cx: &dyn Cx) -> Result<(), Errno> {
        let mut bytes = self.head(0);
        // The place of the first entry.
        bytes.resize(bytes.len() * 2, 0);
        self.write(Sectors::ZERO, BufMut::copy_of(&bytes).freeze(), IoFlags::FUA, cx).await
    }

    /// Appends a batch.
    ///
    /// # Errors
    ///
    /// What the device says.
    pub(super) async fn append(&self, batch: &Batch, cx: &dyn Cx) -> Result<(), Errno> {
        if !batch.rest.is_empty() {
            let at = batch.at.saturating_add(self.block.sectors());
            self.write(at, batch.rest.clone(), IoFlags::empty(), cx).await?;
        }
        self.write(batch.at, batch.head.clone(), IoFlags::empty(), cx).await?;
        if batch.is_counted {
            self.flush(cx).await?;
            let head = BufMut::copy_of(&self.head(batch.end.entries)).freeze();
            self.write(Sectors::ZERO, head, IoFlags::FUA, cx).await?;
        }
        Ok(())
    }

    /// Walks from `place`, which an earlier process had reached, to the log's end.
    ///
    /// # Errors
    ///
    /// `EINVAL` when what the super block counts is not there; else what the device says.
    pub(super) async fn find_end(&self, mut place: Place, cx: &dyn Cx) -> Result<Place, Errno> {
        let head = self.read(Sectors::ZERO, cx).await?;
        let head = Super::parse(&head).ok().flatten().filter(|head| head.block == self.block);
        let counted = head.ok_or(Errno::EINVAL)?.entries;
        while place.next.saturating_add(self.block.sectors()) <= self.device.size() {
            let bytes = self.read(place.next, cx).await?;
            let Some(next) = self.after(place.next, &bytes) else { break };
            place = Place { entries: place.entries.saturating_add(1), next };
        }
        if place.entries < counted { Err(Errno::EINVAL) } else { Ok(place) }
    }

    /// Where the entry ends whose block lies at `at`; none for what the target has not written there.
    fn after(&self, at: Sectors, bytes: &[u8]) -> Option<Sectors> {
        let entry = Entry::parse(bytes).ok()?;
        let is_ours = entry.to_block(self.block) == bytes
            && entry.start.checked_add(entry.len).is_some_and(|end| end <= self.blocks);
        let end = at.checked_add(entry.on_log(self.block)?)?;
        (is_ours && end < self.device.size()).then_some(end)
    }

    fn head(&self, entries: u64) -> Vec<u8> {
        Super { entries, block: self.block }.to_block()
    }

    async fn read(&self, at: Sectors, cx: &dyn Cx) -> Result<BufMut, Errno> {
        let len = usize::try_from(self.block.bytes().get()).map_err(|_| Errno::EINVAL)?;
        let op = Op::Read(BufMut::zeroed(len));
        self.device.submit(Io { sector: at, op, flags: IoFlags::empty() }, cx).await.into_read()
    }

    async fn write(
        &self,
        sector: Sectors,
        bytes: Buf,
        flags: IoFlags,
        cx: &dyn Cx,
    ) -> Result<(), Errno> {
        self.device.submit(Io { sector, op: Op::Write(bytes), flags }, cx).await.result
    }

    async fn flush(&self, cx: &dyn Cx) -> Result<(), Errno> {
        let io = Io { sector: Sectors::ZERO, op: Op::Flush, flags: IoFlags::empty() };
        self.device.submit(io, cx).await.result
    }
}
