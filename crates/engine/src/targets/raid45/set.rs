//! The members as one: what becomes of a read, a write, a flush.
//!
//! | file | what |
//! |---|---|
//! | `set` | requests to members, many at a time |
//! | `read` | data, from its member or from the others |
//! | `write` | data and parity |

use std::future::{Future, poll_fn, ready};
use std::pin::Pin;
use std::task::Poll;

use dm_core::errno::Errno;
use dm_core::units::Sectors;

use super::health::{Health, Lost};
use super::layout::Geometry;
use crate::io::range_lock::RangeLock;
use crate::io::request::{BufMut, Cx, Done, Io, IoFlags, IoFuture, Op};
use crate::target::Leg;

/// Work on one thread, its outcome on its way.
pub(super) type Work<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// See the module's page.
#[derive(Debug)]
pub(super) struct Set {
    pub(super) geometry: Geometry,
    /// The devices of the members that are there.
    pub(super) legs: Vec<Leg>,
    /// Which of them is each member's.
    pub(super) leg_of: Vec<Option<usize>>,
    pub(super) health: Health,
    /// Ranges of the members' sectors, from a member's start on: what is read there of one and of the others
    /// belongs together while it is held.
    pub(super) rows: RangeLock,
    /// Whether parity is known to be right.
    pub(super) is_in_sync: bool,
}

impl Set {
    /// Sends a request to a member; `at` counts from the member's start.
    pub(super) fn send<'a>(
        &'a self,
        member: usize,
        (at, op): (Sectors, Op),
        flags: IoFlags,
        cx: &'a dyn Cx,
    ) -> IoFuture<'a> {
        let leg = self.leg_of.get(member).copied().flatten();
        let Some(leg) = leg.and_then(|leg| self.legs.get(leg)) else {
            let io = Io { sector: at, op, flags };
            return Box::pin(ready(io.done(Err(Errno::EIO))));
        };
        let sector = if matches!(op, Op::Flush) { at } else { leg.start.saturating_add(at) };
        leg.device.submit(Io { sector, op, flags }, cx)
    }

    /// Reads the same sectors of several members, the first of them into `buf` where there is one; all or
    /// nothing, but the first's memory comes back in any case.
    pub(super) async fn read_all(
        &self,
        members: &[usize],
        (at, len): (Sectors, Sectors),
        mut buf: Option<BufMut>,
        cx: &dyn Cx,
    ) -> Result<Vec<BufMut>, (Errno, Option<BufMut>)> {
        let bytes = len.to_bytes().and_then(|len| usize::try_from(len.get()).ok());
        let Some(bytes) = bytes else { return Err((Errno::EIO, buf)) };
        let reads = members.iter().map(|&member| {
            let buf = buf.take().unwrap_or_else(|| BufMut::zeroed(bytes));
            self.send(member, (at, Op::Read(buf)), IoFlags::empty(), cx)
        });
        let answers = together(reads.collect()).await;
        let mut bufs = Vec::with_capacity(answers.len());
        let mut result = Ok(());
        for Done { result: read, buf } in answers {
            result = result.and(read);
            match buf {
                Some(buf) if buf.len() == bytes => bufs.push(buf),
                _ => result = Err(Errno::EIO),
            }
        }
        match result {
            Ok(()) => Ok(bufs),
            Err(errno) => Err((errno, (!bufs.is_empty()).then(|| bufs.swap_remove(0)))),
        }
    }

    /// Has every member that is of use put on stable storage what it was given. One that cannot may have lost
    /// some of it: it has failed as if a write had.
    pub(super) async fn flush(&self, cx: &dyn Cx) -> Result<(), Errno> {
        let good = (0..self.geometry.members).filter(|&member| self.health.is_good(member));
        let good: Vec<usize> = good.collect();
        let flush =
            |&member: &usize| self.send(member, (Sectors::ZERO, Op::Flush), IoFlags::empty(), cx);
        let answers = together(good.iter().map(flush).collect()).await;
        for (member, answer) in good.into_iter().zip(answers) {
            if let Err(errno) = answer.result {
                self.fail(member, errno);
            }
        }
        self.health.writes().await
    }

    /// A member has failed.
    pub(super) fn fail(&self, member: usize, errno: Errno) {
        tracing::error!(member, %errno, "a member of a RAID set failed; writes wait for allow_writes");
        self.health.fail(member);
    }

    /// Whether what `member` should have can be had from the others.
    pub(super) fn is_made_up_for(&self, member: usize) -> bool {
        let others_are_good = match self.health.lost() {
            Lost::Nothing => true,
            Lost::One(lost) => lost == member,
            Lost::More => false,
        };
        self.is_in_sync && others_are_good
    }
}

/// Does all of it at a time; the outcomes in their order.
pub(super) async fn together<T>(mut parts: Vec<Work<'_, T>>) -> Vec<T> {
    let mut outcomes: Vec<Option<T>> = parts.iter().map(|_| None).collect();
    poll_fn(|context| {
        for (part, outcome) in parts.iter_mut().zip(&mut outcomes) {
            if outcome.is_none()
                && let Poll::Ready(value) = part.as_mut().poll(context)
            {
                *outcome = Some(value);
            }
        }
        if outcomes.iter().all(Option::is_some) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    outcomes.into_iter().flatten().collect()
}
