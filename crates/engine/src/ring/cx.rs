//! What a queue lends its requests: time, chance, and its ring.

use std::cell::RefCell;
use std::fs::File;
use std::future::{Future, ready};
use std::hash::{BuildHasher as _, RandomState};
use std::io;
use std::os::fd::BorrowedFd;
use std::os::unix::fs::FileTypeExt as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use dm_core::errno::Errno;
use io_uring::squeue::Entry;

use crate::io::clock;
use crate::io::request::{Cx, Done, Io, IoFuture, Now, Op};
use crate::mapped::MappedDevice;
use crate::ring::FileIo;
use crate::ring::discard::Discards;
use crate::ring::operation::{DiscardBy, Outcome, Work};
use crate::ring::port::PortToken;
use crate::ring::uring::{Heard, Ring, Started, Wait};

/// A queue's [`Cx`]. Its ring is borrowed for moments, never across a poll or a wake.
pub(super) struct RingCx {
    ring: RefCell<Ring>,
    /// Answers to ports that need not wait for the ring.
    answers: RefCell<Vec<(PortToken, Done)>>,
    discards: Arc<Discards>,
    chance: RandomState,
    drawn: std::cell::Cell<u64>,
}

impl RingCx {
    /// For the calling thread, whose sleep `bell` ends.
    ///
    /// # Errors
    ///
    /// As for [`Ring::new`].
    pub(super) fn new(
        bell: Arc<File>,
        discards: Arc<Discards>,
        guard: Option<BorrowedFd<'_>>,
    ) -> io::Result<Self> {
        let mut ring = Ring::new(guard)?;
        ring.listen(bell);
        let chance = RandomState::new();
        let (ring, answers) = (RefCell::new(ring), RefCell::default());
        Ok(Self { ring, answers, discards, chance, drawn: 0.into() })
    }

    /// See [`Ring::turn`].
    pub(super) fn turn(&self, wait: Wait, heard: &mut Heard) -> io::Result<()> {
        let turned = self.ring.borrow_mut().turn(wait, heard);
        self.take_answers(&mut heard.answered);
        turned
    }

    /// Whether there is an answer that need not wait for the ring.
    pub(super) fn has_answers(&self) -> bool {
        !self.answers.borrow().is_empty()
    }

    /// Takes those answers.
    pub(super) fn take_answers(&self, to: &mut Vec<(PortToken, Done)>) {
        to.append(&mut self.answers.borrow_mut());
    }

    /// See [`Ring::start_routed`].
    pub(super) fn start_routed(
        &self,
        device: &Arc<MappedDevice>,
        io: Io,
        to: PortToken,
    ) -> Result<Started, Io> {
        self.ring.borrow_mut().start_routed(device, io, to)
    }

    /// Answers a port at the end of the next turn.
    pub(super) fn answer_port(&self, to: PortToken, done: Done) {
        self.answers.borrow_mut().push((to, done));
    }

    /// See [`Ring::push_entry`].
    pub(super) fn push_entry(&self, entry: Entry, to: PortToken) {
        self.ring.borrow_mut().push_entry(entry, to);
    }

    /// See [`Ring::drain`].
    pub(super) fn drain(&self) -> io::Result<()> {
        self.ring.borrow_mut().drain()
    }
}

impl Cx for RingCx {
    fn now(&self) -> Now {
        clock::now()
    }

    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + '_>> {
        let number = self.ring.borrow_mut().start(Work::sleep(time));
        let wait = OnRing { cx: self, number: Some(number) };
        Box::pin(async move {
            wait.await;
        })
    }

    /// A hash of a counter, under a key that the system made at random.
    fn random(&self) -> u64 {
        let drawn = self.drawn.get().wrapping_add(1);
        self.drawn.set(drawn);
        self.chance.hash_one(drawn)
    }

    fn file_io<'a>(&'a self, io: FileIo<'a>) -> IoFuture<'a> {
        let FileIo { file, io } = io;
        let by = match io.op {
            Op::Discard(_) if is_block_device(file) => DiscardBy::Command,
            _ => DiscardBy::Hole,
        };
        match Work::file(file, io, by) {
            Err((io, errno)) => Box::pin(ready(io.done(Err(errno)))),
            Ok(work) => {
                let number = self.ring.borrow_mut().start(work);
                let outcome = OnRing { cx: self, number: Some(number) };
                if by == DiscardBy::Command {
                    Box::pin(self.discard(file, outcome))
                } else {
                    Box::pin(Answered(outcome))
                }
            }
        }
    }
}

impl RingCx {
    /// A block device's discard: on the ring, or else beside it.
    async fn discard(&self, file: &Arc<File>, outcome: OnRing<'_>) -> Done {
        match outcome.await {
            Some(Outcome::Refused(io)) => {
                let result = self.discards.discard(file, io.sector, io.len()).await;
                io.done(result)
            }
            outcome => answer(outcome),
        }
    }
}

fn is_block_device(file: &File) -> bool {
    file.metadata().is_ok_and(|meta| meta.file_type().is_block_device())
}

fn answer(outcome: Option<Outcome>) -> Done {
    outcome.map_or(Done { result: Err(Errno::EIO), buf: None }, Outcome::into_done)
}

/// An operation on the ring. Dropped before its end, it leaves the operation to the ring.
struct OnRing<'a> {
    cx: &'a RingCx,
    number: Option<usize>,
}

impl Future for OnRing<'_> {
    type Output = Option<Outcome>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Outcome>> {
        let Some(number) = self.number else { return Poll::Ready(None) };
        let outcome = self.cx.ring.borrow_mut().take(number, context.waker());
        if outcome.is_ready() {
            self.number = None;
        }
        outcome
    }
}

impl Drop for OnRing<'_> {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            self.cx.ring.borrow_mut().abandon(number);
        }
    }
}

/// A file operation's answer.
struct Answered<'a>(OnRing<'a>);

impl Future for Answered<'_> {
    type Output = Done;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Done> {
        Pin::new(&mut self.0).poll(context).map(answer)
    }
}
