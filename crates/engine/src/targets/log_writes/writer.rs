//! Who writes the log: one at a time, whoever waits for it.
//!
//! A flush, or a write with FUA, is answered when its entry is on the log; with it go all that were queued
//! before it. So what somebody was told is durable is on the log, even if this process is killed right after.
//! A mark is written by work of its own, for a message cannot wait. Where the log cannot be written to,
//! logging ends and nobody waits any more.

use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use dm_core::errno::Errno;
use dm_core::log_writes::{Block, Entry};

use super::log::Log;
use super::order::{Item, Next, Order};
use crate::io::request::Cx;

/// The text of the mark that says: an earlier process was killed here, and what it had completed but not
/// flushed is on the device and not on the log.
const BACK_MARK: &[u8] = b"dm-engined-back";

/// The log, and what waits for it.
#[derive(Debug)]
pub(super) struct Writer {
    log: Log,
    state: Mutex<State>,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) order: Order,
    /// Somebody writes.
    is_busy: bool,
    waiting: Vec<Waker>,
}

/// The right to write, until it is dropped.
struct Turn<'a>(&'a Writer);

impl Writer {
    pub(super) fn new(log: Log) -> Self {
        let order = Order::new(log.block, log.device.size());
        let state = State { order, is_busy: false, waiting: Vec::new() };
        Self { log, state: Mutex::new(state) }
    }

    /// The log's blocks.
    pub(super) fn block(&self) -> Block {
        self.log.block
    }

    /// Whether the log's device takes writes.
    pub(super) fn is_read_only(&self) -> bool {
        self.log.device.is_read_only()
    }

    /// What waits. Not to be kept across an `.await`.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the first `count` entries that were queued are on the log, and writes them if nobody does;
    /// with none, until the log is begun.
    pub(super) async fn settle(&self, count: u64, cx: &dyn Cx) {
        while let Some(turn) = self.turn(count).await {
            turn.write(cx).await;
        }
    }

    /// A turn to write, once nobody else does; none when there is nothing to wait for.
    async fn turn(&self, count: u64) -> Option<Turn<'_>> {
        poll_fn(|context| {
            let mut state = self.state();
            if state.order.is_settled(count) {
                return Poll::Ready(None);
            }
            if state.is_busy {
                state.waiting.push(context.waker().clone());
                return Poll::Pending;
            }
            state.is_busy = true;
            Poll::Ready(Some(Turn(self)))
        })
        .await
    }
}

impl Turn<'_> {
    async fn write(&self, cx: &dyn Cx) {
        let next = self.0.state().order.next();
        if let Err(errno) = self.carry_out(&next, cx).await {
            let device = self.0.log.device.name();
            tracing::error!(%device, %errno, "the log cannot be written; logging ends");
            self.0.state().order.give_up();
        }
    }

    async fn carry_out(&self, next: &Next, cx: &dyn Cx) -> Result<(), Errno> {
        let Writer { log, .. } = self.0;
        match next {
            Next::Begin => {
                log.begin(cx).await?;
                self.0.state().order.began();
            }
            Next::Find(place) => {
                let end = log.find_end(*place, cx).await?;
                let entry = Entry::mark(BACK_MARK, log.block);
                self.0.state().order.found(end, Item { entry, data: None });
            }
            Next::Write(batch) => {
                log.append(batch, cx).await?;
                self.0.state().order.wrote(batch);
            }
            Next::Nothing => {}
        }
        Ok(())
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.is_busy = false;
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        waiting.into_iter().for_each(Waker::wake);
    }
}
