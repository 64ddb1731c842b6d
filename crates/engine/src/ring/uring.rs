//! A ring and the operations on it.
//!
//! Every operation begins in the backlog, goes onto the ring when there is room, and is asked again until
//! it is done or failed. More operations than the ring has entries wait; none fails for want of room.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::time::Duration;

use io_uring::squeue::Entry;
use io_uring::{IoUring, Probe, opcode};

use crate::ring::memory::BufMut;
use crate::ring::operation::{Next, Operation, Outcome, Waiter, Work};
use crate::ring::slab::Slab;

/// How many entries are handed to the kernel at once.
const ENTRIES: u32 = 256;

/// How many operations are with the kernel at once: there is room for the completions of all of them.
const COMPLETIONS: u32 = 1024;

/// What a cancellation's own completion carries; no operation has this number.
const CANCELLED: u64 = u64::MAX;

/// How long to let the kernel recover when it says that it is short of memory or room.
const RECOVERY: Duration = Duration::from_millis(1);

/// Whether to wait for a completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// Take what is there.
    No,
    /// Sleep until there is one.
    Yes,
}

/// A ring, which belongs to the thread that made it.
pub(super) struct Ring {
    uring: IoUring,
    /// Not freed by itself: R3.
    operations: ManuallyDrop<Slab<Operation>>,
    backlog: VecDeque<usize>,
    /// Numbers of waits that nobody waits for: their timers are to be taken back.
    cancels: VecDeque<usize>,
    /// Entries pushed whose completion has not been reaped.
    under_way: usize,
    /// What each of a few completions said; empty between uses.
    reaped: Vec<(u64, i32)>,
}

impl Ring {
    /// A ring with the best this kernel has to offer.
    ///
    /// # Errors
    ///
    /// What `io_uring_setup(2)` says: `EPERM` or `ENOSYS` where rings are forbidden; `Unsupported` where the
    /// kernel lacks an operation.
    pub(super) fn new() -> io::Result<Self> {
        let uring = set_up()?;
        let mut probe = Probe::new();
        uring.submitter().register_probe(&mut probe)?;
        let needed = [
            opcode::Read::CODE,
            opcode::Write::CODE,
            opcode::Fsync::CODE,
            opcode::Fallocate::CODE,
            opcode::Timeout::CODE,
            opcode::AsyncCancel::CODE,
        ];
        if needed.iter().any(|&code| !probe.is_supported(code)) {
            return Err(io::Error::from(io::ErrorKind::Unsupported));
        }
        Ok(Self {
            uring,
            operations: ManuallyDrop::new(Slab::new()),
            backlog: VecDeque::new(),
            cancels: VecDeque::new(),
            under_way: 0,
            reaped: Vec::new(),
        })
    }

    /// Starts an operation; answers with its number, which is to be [taken](Self::take) or
    /// [abandoned](Self::abandon).
    pub(super) fn start(&mut self, work: Work) -> usize {
        let waiter = Waiter::Future(None);
        let number = self.operations.insert(Operation::Running { work, waiter, pushed: false });
        self.backlog.push_back(number);
        number
    }

    /// Ends the wait of [`Self::turn`] whenever `event`, an event counter, is counted up.
    pub(super) fn listen(&mut self, event: Arc<File>) {
        self.start(Work::Event { file: event, count: BufMut::zeroed(8) });
    }

    /// The operation's outcome, once; `waker` is told when there is one.
    pub(super) fn take(&mut self, number: usize, waker: &Waker) -> Poll<Option<Outcome>> {
        match self.operations.get_mut(number) {
            Some(Operation::Running { waiter, .. }) => {
                match waiter {
                    Waiter::Future(Some(old)) if old.will_wake(waker) => {}
                    _ => *waiter = Waiter::Future(Some(waker.clone())),
                }
                Poll::Pending
            }
            _ => Poll::Ready(match self.operations.remove(number) {
                Some(Operation::Finished(outcome)) => Some(outcome),
                _ => None,
            }),
        }
    }

    /// Says that nobody will take the operation's outcome. It goes on; what it owns is freed at its end.
    pub(super) fn abandon(&mut self, number: usize) {
        match self.operations.get_mut(number) {
            Some(Operation::Running { work, waiter, pushed }) => {
                *waiter = Waiter::Gone;
                if *pushed && work.is_sleep() {
                    self.cancels.push_back(number);
                }
            }
            _ => drop(self.operations.remove(number)),
        }
    }

    /// Hands over what waits in the backlog, and reaps completions; `woken` gets who is to be told.
    ///
    /// # Errors
    ///
    /// What `io_uring_enter(2)` says, but for what passes.
    pub(super) fn turn(&mut self, wait: Wait, woken: &mut Vec<Waker>) -> io::Result<()> {
        self.push_backlog();
        let ready = self.reap(woken);
        let queue = self.uring.submission();
        let quiet = queue.is_empty() && !queue.taskrun() && !queue.cq_overflow();
        drop(queue);
        // With nothing under way a wait would not end.
        let least = usize::from(wait == Wait::Yes && ready == 0 && self.under_way != 0);
        if least == 0 && quiet {
            return Ok(());
        }
        match self.uring.submit_and_wait(least) {
            Ok(_) => {}
            Err(error) => match error.raw_os_error() {
                Some(libc::EINTR) => {}
                Some(libc::EAGAIN | libc::EBUSY) => std::thread::sleep(RECOVERY),
                _ => return Err(error),
            },
        }
        self.reap(woken);
        Ok(())
    }

    /// Abandons all that is under way, and waits until nothing is.
    ///
    /// # Errors
    ///
    /// As for [`Self::turn`]; what is still under way then stays so.
    pub(super) fn drain(&mut self) -> io::Result<()> {
        for number in self.operations.numbers().collect::<Vec<_>>() {
            match self.operations.get_mut(number) {
                Some(Operation::Running { work, waiter, pushed }) => {
                    *waiter = Waiter::Gone;
                    if *pushed && !matches!(work, Work::File { .. }) {
                        self.cancels.push_back(number);
                    }
                }
                _ => drop(self.operations.remove(number)),
            }
        }
        let mut woken = Vec::new();
        while self.operations.len() != 0 || self.under_way != 0 {
            self.turn(Wait::Yes, &mut woken)?;
        }
        Ok(())
    }

    fn push_backlog(&mut self) {
        while self.under_way < COMPLETIONS as usize {
            let Some(&number) = self.cancels.front() else { break };
            let cancel = opcode::AsyncCancel::new(number as u64).build().user_data(CANCELLED);
            if !self.push(&cancel) {
                return;
            }
            self.cancels.pop_front();
        }
        while self.under_way < COMPLETIONS as usize {
            let Some(&number) = self.backlog.front() else { return };
            match self.operations.get_mut(number) {
                Some(Operation::Running { waiter: Waiter::Gone, .. }) => {
                    self.operations.remove(number);
                }
                Some(Operation::Running { work, .. }) => {
                    let entry = work.entry().user_data(number as u64);
                    if !self.push(&entry) {
                        return;
                    }
                    self.set_pushed(number);
                }
                _ => {}
            }
            self.backlog.pop_front();
        }
    }

    /// Puts an entry on the ring; false when there is no room.
    fn push(&mut self, entry: &Entry) -> bool {
        if self.uring.submission().is_full() && self.uring.submit().is_err() {
            return false;
        }
        // SAFETY: what the entry points to is owned by an operation in the slab until its completion (R1).
        let pushed = unsafe { self.uring.submission().push(entry) }.is_ok();
        self.under_way += usize::from(pushed);
        pushed
    }

    fn set_pushed(&mut self, number: usize) {
        if let Some(Operation::Running { pushed, .. }) = self.operations.get_mut(number) {
            *pushed = true;
        }
    }

    /// Takes the completions that are there; answers how many there were.
    fn reap(&mut self, woken: &mut Vec<Waker>) -> usize {
        let mut reaped = std::mem::take(&mut self.reaped);
        reaped.extend(self.uring.completion().map(|entry| (entry.user_data(), entry.result())));
        let count = reaped.len();
        self.under_way = self.under_way.saturating_sub(count);
        for (number, result) in reaped.drain(..) {
            if number != CANCELLED {
                self.completed(usize::try_from(number).unwrap_or(usize::MAX), result, woken);
            }
        }
        self.reaped = reaped;
        count
    }

    fn completed(&mut self, number: usize, result: i32, woken: &mut Vec<Waker>) {
        // A cancellation that has not been handed over must not hit whoever gets this number next.
        self.cancels.retain(|&cancelled| cancelled != number);
        let Some(place) = self.operations.get_mut(number) else { return };
        let running = std::mem::replace(place, Operation::Finished(Outcome::Over));
        let Operation::Running { work, waiter, .. } = running else { return };
        let Waiter::Future(waker) = waiter else {
            drop(self.operations.remove(number));
            return;
        };
        match work.completed(result) {
            Next::Again(work) => {
                let waiter = Waiter::Future(waker);
                *place = Operation::Running { work, waiter, pushed: false };
                self.backlog.push_back(number);
            }
            Next::Over(outcome) => {
                *place = Operation::Finished(outcome);
                woken.extend(waker);
            }
        }
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        match self.drain() {
            // SAFETY: it is dropped here only, and nothing of it is under way (R3).
            Ok(()) => unsafe { ManuallyDrop::drop(&mut self.operations) },
            Err(error) => tracing::error!(%error, "a ring does not drain; its memory is leaked"),
        }
    }
}

/// Only the queue's own thread submits, and it looks for completions when it is ready to (6.1 and later);
/// failing that, at least it is not interrupted for them (5.19); failing that, a plain ring.
fn set_up() -> io::Result<IoUring> {
    let deferred = IoUring::builder()
        .setup_cqsize(COMPLETIONS)
        .setup_single_issuer()
        .setup_defer_taskrun()
        .setup_taskrun_flag()
        .build(ENTRIES);
    let cooperative = || {
        let mut builder = IoUring::builder();
        builder.setup_cqsize(COMPLETIONS).setup_coop_taskrun().setup_taskrun_flag().build(ENTRIES)
    };
    let plain = || IoUring::builder().setup_cqsize(COMPLETIONS).build(ENTRIES);
    match deferred {
        Err(error) if error.raw_os_error() == Some(libc::EINVAL) => {
            cooperative().or_else(|_| plain())
        }
        made => made,
    }
}
