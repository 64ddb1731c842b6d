//! A ring and the operations on it.
//!
//! Every operation begins in the backlog, goes onto the ring when there is room, and is asked again until
//! it is done or failed. More operations than the ring has entries wait; none fails for want of room.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::mem::ManuallyDrop;
use std::os::fd::{AsRawFd as _, BorrowedFd};
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::time::Duration;

use dm_core::errno::Errno;
use io_uring::squeue::Entry;
use io_uring::{IoUring, Probe, opcode};

use crate::io::request::{Done, Io, Now};
use crate::io::{clock, file};
use crate::mapped::MappedDevice;
use crate::mapped::route::{Again, Asked};
use crate::ring::failures::Failures;
use crate::ring::memory::BufMut;
use crate::ring::operation::{self, Next, Operation, Outcome, Waiter, Work};
use crate::ring::port::PortToken;
use crate::ring::routed::{Routed, RoutedPool};
use crate::ring::slab::Slab;

/// How many entries are handed to the kernel at once.
const ENTRIES: u32 = 256;

/// How many operations are with the kernel at once.
const OPERATIONS: usize = 1024;

/// How many completions there is room for: those of all operations, and as many of the ports'; for more of
/// these the kernel finds room.
const COMPLETIONS: u32 = 4096;

/// What a cancellation's own completion carries; no operation has this number.
const CANCELLED: u64 = u64::MAX;

/// Marks what a port's entry carries: the port's number in the bits from 32 on, its token in those below.
const OF_PORT: u64 = 1 << 63;

/// Marks what the entry of a request with a route carries: its number.
const ROUTED: u64 = 1 << 62;

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
    /// The same.
    routed: ManuallyDrop<RoutedPool>,
    backlog: VecDeque<usize>,
    /// Requests with a route that wait for room.
    routed_waiting: VecDeque<u32>,
    /// Numbers of waits that nobody waits for: their timers are to be taken back.
    cancels: VecDeque<usize>,
    /// Ports' entries that wait for room.
    waiting: VecDeque<Entry>,
    /// Operations' entries pushed, those of requests with a route among them, whose completion has not been reaped.
    under_way: usize,
    /// Ports' entries of which the same is true.
    of_ports: usize,
    /// What each of a few completions said; empty between uses.
    reaped: Vec<(u64, i32)>,
    /// When completions were last reaped.
    now: Now,
    failures: Failures,
}

/// Who is to hear what.
#[derive(Default)]
pub(super) struct Heard {
    /// Futures that can go on.
    pub(super) woken: Vec<Waker>,
    /// Ports' entries that completed.
    pub(super) completed: Vec<(PortToken, i32)>,
    /// Ports' requests that were answered.
    pub(super) answered: Vec<(PortToken, Done)>,
    /// Ports' requests that go the long way, for the short one failed.
    pub(super) again: Vec<(PortToken, Again)>,
}

/// What became of a port's request.
pub(super) enum Started {
    /// It is on its way.
    Runs,
    /// It ended at once.
    Ended(Result<Done, Again>),
}

impl Ring {
    /// A ring with the best this kernel has to offer.
    ///
    /// # Errors
    ///
    /// What `io_uring_setup(2)` says: `EPERM` or `ENOSYS` where rings are forbidden; `Unsupported` where the
    /// kernel lacks an operation.
    ///
    /// `guard` is a file that stays open as long as any operation of this ring is with the kernel, even when
    /// the process has been killed.
    pub(super) fn new(guard: Option<BorrowedFd<'_>>) -> io::Result<Self> {
        let uring = set_up()?;
        if let Some(guard) = guard {
            uring.submitter().register_files(&[guard.as_raw_fd()])?;
        }
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
            routed: ManuallyDrop::default(),
            backlog: VecDeque::new(),
            routed_waiting: VecDeque::new(),
            cancels: VecDeque::new(),
            waiting: VecDeque::new(),
            under_way: 0,
            of_ports: 0,
            reaped: Vec::new(),
            now: clock::now(),
            failures: Failures::default(),
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

    /// Starts a request of a port's that has a route, which counts from when completions were last reaped.
    ///
    /// # Errors
    ///
    /// The request comes back where it has no route.
    pub(super) fn start_routed(
        &mut self,
        device: &Arc<MappedDevice>,
        mut io: Io,
        to: PortToken,
    ) -> Result<Started, Io> {
        let (number, routed) = self.routed.take();
        let Some(place) = routed.route.enter(device, Asked::of(&io), self.now) else {
            self.routed.free(number);
            return Err(io);
        };
        io.sector = place.sector;
        let copied = place.in_memory.then(|| file::copy(&place.file, &mut io)).flatten();
        let refused = (!operation::can_be_asked(&io)).then_some(Err(Errno::EINVAL));
        if let Some(result) = copied.or(refused) {
            drop(place);
            let ended = routed.route.end(io.done(result), clock::now());
            self.routed.free(number);
            return Ok(Started::Ended(ended));
        }
        routed.to = to;
        routed.begin(place.file, io);
        if !self.routed_waiting.is_empty() || !self.push_routed(number) {
            self.routed_waiting.push_back(number);
        }
        Ok(Started::Runs)
    }

    /// Puts a port's entry on the ring, as soon as there is room.
    pub(super) fn push_entry(&mut self, entry: Entry, to: PortToken) {
        let entry = entry.user_data(of_port(to));
        if !self.waiting.is_empty() || !self.push(&entry) {
            self.waiting.push_back(entry);
        }
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

    /// Hands over what waits in the backlog, and reaps completions; `heard` gets who is to be told what.
    ///
    /// # Errors
    ///
    /// What `io_uring_enter(2)` says, but for what passes.
    pub(super) fn turn(&mut self, wait: Wait, heard: &mut Heard) -> io::Result<()> {
        self.push_backlog();
        let ready = self.reap(heard);
        let queue = self.uring.submission();
        let quiet = queue.is_empty() && !queue.taskrun() && !queue.cq_overflow();
        drop(queue);
        // With nothing under way a wait would not end.
        let pending = self.under_way + self.of_ports;
        let least = usize::from(wait == Wait::Yes && ready == 0 && pending != 0);
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
        self.reap(heard);
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
        let mut heard = Heard::default();
        while self.operations.len() + self.routed.len() != 0 || self.under_way != 0 {
            self.turn(Wait::Yes, &mut heard)?;
        }
        Ok(())
    }

    fn push_backlog(&mut self) {
        while let Some(entry) = self.waiting.front().cloned() {
            if !self.push(&entry) {
                return;
            }
            self.waiting.pop_front();
        }
        while let Some(&number) = self.routed_waiting.front() {
            if !self.push_routed(number) {
                return;
            }
            self.routed_waiting.pop_front();
        }
        while self.under_way < OPERATIONS {
            let Some(&number) = self.cancels.front() else { break };
            let cancel = opcode::AsyncCancel::new(number as u64).build().user_data(CANCELLED);
            if !self.push(&cancel) {
                return;
            }
            self.cancels.pop_front();
        }
        while self.under_way < OPERATIONS {
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
        // SAFETY: what the entry points to is owned by an operation in the slab or a request in the pool until its
        // completion (R1), or by a port (R5).
        let pushed = unsafe { self.uring.submission().push(entry) }.is_ok();
        let count = if is_of_port(entry.get_user_data()) {
            &mut self.of_ports
        } else {
            &mut self.under_way
        };
        *count += usize::from(pushed);
        pushed
    }

    /// Puts the rest of a request with a route on the ring; false when there is no room.
    fn push_routed(&mut self, number: u32) -> bool {
        if self.under_way >= OPERATIONS {
            return false;
        }
        let entry = self.routed.get_mut(number).and_then(Routed::entry);
        entry.is_none_or(|entry| self.push(&entry.user_data(ROUTED | u64::from(number))))
    }

    fn set_pushed(&mut self, number: usize) {
        if let Some(Operation::Running { pushed, .. }) = self.operations.get_mut(number) {
            *pushed = true;
        }
    }

    /// Takes the completions that are there; answers how many there were.
    fn reap(&mut self, heard: &mut Heard) -> usize {
        let mut reaped = std::mem::take(&mut self.reaped);
        reaped.extend(self.uring.completion().map(|entry| (entry.user_data(), entry.result())));
        let count = reaped.len();
        if count != 0 {
            self.now = clock::now();
        }
        for (number, result) in reaped.drain(..) {
            if is_of_port(number) {
                self.of_ports = self.of_ports.saturating_sub(1);
                heard.completed.push((port_of(number), result));
                continue;
            }
            self.under_way = self.under_way.saturating_sub(1);
            if let Some(number) = routed_of(number) {
                self.routed_completed(number, result, heard);
            } else if number != CANCELLED {
                self.completed(usize::try_from(number).unwrap_or(usize::MAX), result, heard);
            }
        }
        self.reaped = reaped;
        count
    }

    fn routed_completed(&mut self, number: u32, result: i32, heard: &mut Heard) {
        let Some(routed) = self.routed.get_mut(number) else { return };
        let to = routed.to;
        match routed.completed(result, self.now, &mut self.failures) {
            None => return self.routed_waiting.push_back(number),
            Some(Ok(done)) => heard.answered.push((to, done)),
            Some(Err(again)) => heard.again.push((to, again)),
        }
        self.routed.free(number);
    }

    fn completed(&mut self, number: usize, result: i32, heard: &mut Heard) {
        // A cancellation that has not been handed over must not hit whoever gets this number next.
        self.cancels.retain(|&cancelled| cancelled != number);
        let Some(place) = self.operations.get_mut(number) else { return };
        let running = std::mem::replace(place, Operation::Finished(Outcome::Over));
        let Operation::Running { work, waiter, .. } = running else { return };
        if matches!(waiter, Waiter::Gone) {
            drop(self.operations.remove(number));
            return;
        }
        let outcome = match work.completed(result, self.now, &mut self.failures) {
            Next::Over(outcome) => outcome,
            Next::Again(work) => {
                *place = Operation::Running { work, waiter, pushed: false };
                self.backlog.push_back(number);
                return;
            }
        };
        match waiter {
            Waiter::Future(waker) => {
                *place = Operation::Finished(outcome);
                heard.woken.extend(waker);
            }
            Waiter::Gone => {}
        }
    }
}

fn of_port(to: PortToken) -> u64 {
    // A queue has far fewer ports than would fill the bits.
    OF_PORT | u64::from(to.port & 0x3fff_ffff) << 32 | u64::from(to.token)
}

/// The number of the request with a route whose entry carries this.
fn routed_of(data: u64) -> Option<u32> {
    let is_routed = data & (OF_PORT | ROUTED) == ROUTED;
    is_routed.then(|| u32::try_from(data & u64::from(u32::MAX)).unwrap_or_default())
}

fn is_of_port(data: u64) -> bool {
    data != CANCELLED && data & OF_PORT != 0
}

fn port_of(data: u64) -> PortToken {
    let low = |bits: u64| u32::try_from(bits & u64::from(u32::MAX)).unwrap_or_default();
    PortToken { port: low(data >> 32) & 0x3fff_ffff, token: low(data) }
}

impl Drop for Ring {
    fn drop(&mut self) {
        match self.drain() {
            Ok(()) => {
                // SAFETY: it is dropped here only, and nothing of it is under way (R3).
                unsafe { ManuallyDrop::drop(&mut self.operations) };
                // SAFETY: the same.
                unsafe { ManuallyDrop::drop(&mut self.routed) };
            }
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
