//! Who writes the log: one at a time, whoever waits for it.
//!
//! A flush, or a write with FUA, is answered when its entry is on the log; with it go all that were queued
//! before it. So what somebody was told is durable is on the log, even if this process is killed right after.
//! A mark is written by work of its own, for a message cannot wait. Where the log cannot be written to,
//! logging ends and nobody waits any more.

use dm_core::errno::Errno;
use dm_core::log_writes::{Block, Entry};

use super::log::Log;
use super::order::{Item, Next, Order};
use crate::io::request::Cx;
use crate::io::turns::Turns;

/// The text of the mark that says: an earlier process was killed here, and what it had completed but not
/// flushed is on the device and not on the log.
const BACK_MARK: &[u8] = b"dm-engined-back";

/// The log, and what waits for it.
#[derive(Debug)]
pub(super) struct Writer {
    log: Log,
    turns: Turns<Order>,
}

impl Writer {
    pub(super) fn new(log: Log) -> Self {
        let turns = Turns::new(Order::new(log.block, log.device.size()));
        Self { log, turns }
    }

    /// The log's blocks.
    pub(super) fn block(&self) -> Block {
        self.log.block
    }

    /// Whether the log's device takes writes.
    pub(super) fn is_read_only(&self) -> bool {
        self.log.device.is_read_only()
    }

    /// Looks at, or changes, what waits.
    pub(super) fn order<T>(&self, look: impl FnOnce(&mut Order) -> T) -> T {
        self.turns.state(look)
    }

    /// Waits until the first `count` entries that were queued are on the log, and writes them if nobody does;
    /// with none, until the log is begun.
    pub(super) async fn settle(&self, count: u64, cx: &dyn Cx) {
        while let Some(_turn) = self.turns.next(|order| order.is_settled(count)).await {
            self.write(cx).await;
        }
    }

    async fn write(&self, cx: &dyn Cx) {
        let next = self.order(|order| order.next());
        if let Err(errno) = self.carry_out(&next, cx).await {
            let device = self.log.device.name();
            tracing::error!(%device, %errno, "the log cannot be written; logging ends");
            self.order(Order::give_up);
        }
    }

    async fn carry_out(&self, next: &Next, cx: &dyn Cx) -> Result<(), Errno> {
        let Self { log, .. } = self;
        match next {
            Next::Begin => {
                log.begin(cx).await?;
                self.order(Order::began);
            }
            Next::Find(place) => {
                let end = log.find_end(*place, cx).await?;
                let entry = Entry::mark(BACK_MARK, log.block);
                self.order(|order| order.found(end, Item { entry, data: None }));
            }
            Next::Write(batch) => {
                log.append(batch, cx).await?;
                self.order(|order| order.wrote(batch));
            }
            Next::Nothing => {}
        }
        Ok(())
    }
}
