//! Ports: sources of requests that live on a queue's thread and use its ring.
//!
//! A port pushes entries of its own (ask for the next request, answer one), and hands requests to devices. A
//! request that goes to one place of one file is put on the ring at once; any other becomes a task. Either way
//! the port hears of its end as [`Port::answered`].

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use dm_core::errno::Errno;
use io_uring::squeue::Entry;

use crate::io::request::{Done, Io};
use crate::mapped::MappedDevice;
use crate::mapped::route::Again;
use crate::ring::cx::RingCx;
use crate::ring::inbox::{Inbox, Request};
use crate::ring::queue::Reply;
use crate::ring::slab::Slab;
use crate::ring::uring::Started;

/// A source of requests. All its calls come on its queue's thread, and none may block.
pub(crate) trait Port {
    /// It lives: it pushes its first entries.
    fn start(&mut self, queue: &mut PortCx<'_>);

    /// An entry that it pushed with `token` completed: a result, or an error number below zero.
    fn completed(&mut self, token: u32, result: i32, queue: &mut PortCx<'_>);

    /// The request that it submitted with `token` was answered.
    fn answered(&mut self, token: u32, done: Done, queue: &mut PortCx<'_>);

    /// Whether nothing of it is under way and it wants nothing more: then it is dropped.
    fn is_over(&self) -> bool;
}

/// Makes a port, on its queue's thread.
pub(crate) type MakePort = Box<dyn FnOnce() -> Box<dyn Port> + Send>;

/// What a queue lends a port during a call.
pub(crate) struct PortCx<'q> {
    ports: &'q Shared,
    number: u32,
}

/// What a queue's ports share.
pub(super) struct Shared {
    pub(super) cx: Rc<RingCx>,
    pub(super) inbox: Arc<Inbox>,
    /// The queue of devices whose requests share state; none where this is it.
    pub(super) first: Option<Arc<Inbox>>,
    /// Requests that need a task.
    pub(super) slow: RefCell<VecDeque<Request>>,
}

impl PortCx<'_> {
    /// Puts an entry of the port's own on the ring; [`Port::completed`] hears of its end.
    ///
    /// # Safety
    ///
    /// What the entry points to, and the file that it names, are the port's until then (R5).
    pub(super) unsafe fn push(&mut self, entry: Entry, token: u32) {
        self.ports.cx.push_entry(entry, PortToken { port: self.number, token });
    }

    /// Starts a request to `device`; [`Port::answered`] hears of its end, never before this returns.
    pub(crate) fn submit(&mut self, device: &Arc<MappedDevice>, io: Io, token: u32) {
        let to = PortToken { port: self.number, token };
        let io = match self.ports.cx.start_routed(device, io, to) {
            Ok(Started::Runs) => return,
            Ok(Started::Ended(Ok(done))) => return self.ports.cx.answer_port(to, done),
            Ok(Started::Ended(Err(Again { device, io }))) => {
                let reply = Reply::to_port(&self.ports.inbox, to);
                self.ports.slow.borrow_mut().push_back(Request { device, io, reply });
                return;
            }
            Err(io) => io,
        };
        let reply = Reply::to_port(&self.ports.inbox, to);
        let request = Request { device: Arc::clone(device), io, reply };
        match &self.ports.first {
            Some(first) if device.has_one_queue() => {
                if let Err(Request { io, reply, .. }) = first.request(request) {
                    reply.give(io.done(Err(Errno::EIO)));
                }
            }
            _ => self.ports.slow.borrow_mut().push_back(request),
        }
    }
}

/// Whom an answer is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PortToken {
    pub(super) port: u32,
    pub(super) token: u32,
}

/// A queue's ports.
pub(super) struct Ports {
    shared: Shared,
    ports: Slab<Box<dyn Port>>,
}

impl Ports {
    pub(super) fn new(shared: Shared) -> Self {
        Self { shared, ports: Slab::new() }
    }

    /// Takes a port in.
    pub(super) fn attach(&mut self, port: Box<dyn Port>) {
        let number = self.ports.insert(port);
        self.with(number, |port, queue| port.start(queue));
    }

    /// Tells a port of the end of its entry.
    pub(super) fn completed(&mut self, to: PortToken, result: i32) {
        self.with(to.port as usize, |port, queue| port.completed(to.token, result, queue));
    }

    /// Tells a port of a request's answer.
    pub(super) fn answered(&mut self, to: PortToken, done: Done) {
        self.with(to.port as usize, |port, queue| port.answered(to.token, done, queue));
    }

    /// The next request that needs a task.
    pub(super) fn next_slow(&self) -> Option<Request> {
        self.shared.slow.borrow_mut().pop_front()
    }

    fn with(&mut self, number: usize, tell: impl FnOnce(&mut dyn Port, &mut PortCx<'_>)) {
        let Some(port) = self.ports.get_mut(number) else { return };
        let as_u32 = u32::try_from(number).unwrap_or(u32::MAX);
        let mut queue = PortCx { ports: &self.shared, number: as_u32 };
        tell(&mut **port, &mut queue);
        if port.is_over() {
            drop(self.ports.remove(number));
        }
    }

    /// Gives up all ports. One with an entry under way is leaked (R5).
    pub(super) fn abandon(&mut self) {
        for number in self.ports.numbers().collect::<Vec<_>>() {
            std::mem::forget(self.ports.remove(number));
        }
    }
}

#[cfg(test)]
mod allocations;
#[cfg(test)]
mod tests;
