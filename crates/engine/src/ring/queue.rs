//! Queues: threads that carry requests, each with a ring and an executor of its own.
//!
//! A request stays on the queue that it came to, through every device of a stack. A device whose table
//! says that its requests share state, or that stands on such a device, has one queue: always the first,
//! so that whoever reaches the shared state reaches it from there.

use std::cell::RefCell;
use std::fmt;
use std::io;
use std::num::NonZeroUsize;
use std::os::fd::{AsFd, OwnedFd};
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use dm_core::errno::Errno;

use crate::io::request::{Device as _, Done, Io};
use crate::mapped::MappedDevice;
use crate::mapped::route::Again;
use crate::ring::cx::RingCx;
use crate::ring::discard::Discards;
use crate::ring::inbox::{Inbox, Mail, Request};
use crate::ring::port::{MakePort, PortToken, Ports, Shared};
use crate::ring::tasks::Tasks;
use crate::ring::uring::{Heard, Wait};
use crate::target::{Job, Runner};

/// Deep enough for a request to pass through a stack of some hundred devices.
const STACK_BYTES: usize = 8 << 20;

/// Who is to have a request's answer. It is answered in any case: dropped, it says `EIO`, without a buffer.
pub(super) struct Reply(Option<To>);

enum To {
    Whoever(Box<dyn FnOnce(Done) + Send>),
    Port(Arc<Inbox>, PortToken),
}

impl Reply {
    /// To a port of the queue with this inbox.
    pub(super) fn to_port(inbox: &Arc<Inbox>, port: PortToken) -> Self {
        Self(Some(To::Port(Arc::clone(inbox), port)))
    }

    pub(super) fn give(mut self, done: Done) {
        self.answer(done);
    }

    fn answer(&mut self, done: Done) {
        match self.0.take() {
            Some(To::Whoever(reply)) => reply(done),
            Some(To::Port(inbox, port)) => inbox.answer(port, done),
            None => {}
        }
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        self.answer(Done { result: Err(Errno::EIO), buf: None });
    }
}

/// Threads that carry requests to mapped devices.
pub struct Queues {
    inboxes: Vec<Arc<Inbox>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    next: AtomicUsize,
}

impl fmt::Debug for Queues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queues").field("count", &self.inboxes.len()).finish_non_exhaustive()
    }
}

impl Queues {
    /// Starts `count` of them; at least one. `guard` is a file that stays open, even when the process has been
    /// killed, until nothing of theirs is with the kernel any more: whoever waits for a lock on it knows that no
    /// write is under way.
    ///
    /// # Errors
    ///
    /// What stops a thread or its ring: `EPERM` or `ENOSYS` where `io_uring` is forbidden or missing. None
    /// is left running then.
    pub fn start(count: usize, guard: Option<OwnedFd>) -> io::Result<Arc<Self>> {
        let count = NonZeroUsize::new(count).map_or(1, NonZeroUsize::get);
        let discards = Arc::new(Discards::default());
        let mut queues = Self { inboxes: Vec::new(), threads: Mutex::default(), next: 0.into() };
        let guard = guard.map(Arc::new);
        let first = Arc::new(Inbox::new()?);
        for number in 0..count {
            let inbox = if number == 0 { Arc::clone(&first) } else { Arc::new(Inbox::new()?) };
            queues.inboxes.push(Arc::clone(&inbox));
            let (started, starts) = channel();
            let seat = Seat {
                first: (number != 0).then(|| Arc::clone(&first)),
                inbox,
                discards: Arc::clone(&discards),
                guard: guard.clone(),
            };
            let thread = thread::Builder::new()
                .name(format!("queue/{number}"))
                .stack_size(STACK_BYTES)
                .spawn(move || carry(&seat, &started))?;
            queues.lock_threads().push(thread);
            // Only a thread that died says nothing.
            starts.recv().unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::Other)))?;
        }
        Ok(Arc::new(queues))
    }

    /// Hands a request to a queue. `reply` is called once, on the queue's thread, and must not block; when
    /// the queues have stopped, it is called here, with `EIO`.
    pub fn submit(&self, device: &Arc<MappedDevice>, io: Io, reply: Box<dyn FnOnce(Done) + Send>) {
        let queue = if device.has_one_queue() {
            0
        } else {
            self.next.fetch_add(1, Ordering::Relaxed) % self.inboxes.len().max(1)
        };
        let reply = Reply(Some(To::Whoever(reply)));
        let request = Request { device: Arc::clone(device), io, reply };
        let refused = match self.inboxes.get(queue) {
            Some(inbox) => inbox.request(request),
            None => Err(request),
        };
        if let Err(Request { io, reply, .. }) = refused {
            reply.give(io.done(Err(Errno::EIO)));
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.inboxes.len()
    }

    /// Has a port live on queue `number`, counted from 0; one that does not exist gets none.
    pub(crate) fn attach(&self, number: usize, make: MakePort) {
        if let Some(inbox) = self.inboxes.get(number) {
            inbox.port(make);
        }
    }

    /// Ends the queues: requests that wait in a suspended device or a target get `EIO`; what is with the
    /// kernel is waited for.
    pub fn stop(&self) {
        for inbox in &self.inboxes {
            inbox.stop();
        }
        let threads = std::mem::take(&mut *self.lock_threads());
        for thread in threads {
            // A reply may hold the last handle: a queue cannot wait for itself.
            if thread.thread().id() != thread::current().id() {
                let _ = thread.join();
            }
        }
    }

    fn lock_threads(&self) -> std::sync::MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Runner for Queues {
    fn spawn(&self, job: Job) {
        if let Some(first) = self.inboxes.first() {
            first.job(job);
        }
    }
}

impl Drop for Queues {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What a queue's thread begins with.
struct Seat {
    inbox: Arc<Inbox>,
    /// The first queue's inbox, for the others.
    first: Option<Arc<Inbox>>,
    discards: Arc<Discards>,
    guard: Option<Arc<OwnedFd>>,
}

/// A queue's thread.
fn carry(seat: &Seat, started: &Sender<io::Result<()>>) {
    let guard = seat.guard.as_deref().map(AsFd::as_fd);
    let cx = match RingCx::new(seat.inbox.bell(), Arc::clone(&seat.discards), guard) {
        Ok(cx) => Rc::new(cx),
        Err(error) => {
            let _ = started.send(Err(error));
            return;
        }
    };
    let _ = started.send(Ok(()));
    let mut queue = Queue::new(seat, Rc::clone(&cx));
    if let Err(error) = queue.run() {
        tracing::error!(%error, "a queue's ring failed; its requests fail");
    }
    seat.inbox.stop();
    queue.tasks.clear();
    for Request { io, reply, .. } in seat.inbox.leftovers() {
        reply.give(io.done(Err(Errno::EIO)));
    }
    queue.ports.abandon();
    if let Err(error) = cx.drain() {
        tracing::error!(%error, "a queue's ring does not drain");
    }
}

/// A queue at work.
struct Queue {
    inbox: Arc<Inbox>,
    cx: Rc<RingCx>,
    tasks: Tasks,
    ports: Ports,
}

impl Queue {
    fn new(seat: &Seat, cx: Rc<RingCx>) -> Self {
        let inbox = Arc::clone(&seat.inbox);
        let shared = Shared {
            cx: Rc::clone(&cx),
            inbox: Arc::clone(&inbox),
            first: seat.first.clone(),
            slow: RefCell::default(),
        };
        Self { tasks: Tasks::new(Arc::clone(&inbox)), ports: Ports::new(shared), inbox, cx }
    }

    /// Runs until the queue is to stop.
    fn run(&mut self) -> io::Result<()> {
        let (mut mail, mut heard) = (Mail::default(), Heard::default());
        while self.inbox.take(&mut mail) {
            self.open(&mut mail);
            self.start_slow();
            // What the ports were told may have been answered at once.
            let is_idle = !self.cx.has_answers() && self.inbox.may_sleep();
            self.cx.turn(if is_idle { Wait::Yes } else { Wait::No }, &mut heard)?;
            if is_idle {
                self.inbox.awake();
            }
            self.tell(&mut heard);
            self.start_slow();
        }
        Ok(())
    }

    fn open(&mut self, mail: &mut Mail) {
        for make in mail.ports.drain(..) {
            self.ports.attach(make());
        }
        for (to, done) in mail.answers.drain(..) {
            self.ports.answered(to, done);
        }
        for task in mail.ready.drain(..) {
            self.tasks.run(task);
        }
        for request in mail.requests.drain(..) {
            self.tasks.start(serve(request, Rc::clone(&self.cx)));
        }
        for job in mail.jobs.drain(..) {
            let cx = Rc::clone(&self.cx);
            self.tasks.start(async move { job(&*cx).await });
        }
    }

    fn tell(&mut self, heard: &mut Heard) {
        for (to, result) in heard.completed.drain(..) {
            self.ports.completed(to, result);
        }
        for (to, Again { device, io }) in heard.again.drain(..) {
            let reply = Reply::to_port(&self.inbox, to);
            self.tasks.start(serve(Request { device, io, reply }, Rc::clone(&self.cx)));
        }
        // What was asked just now may have been answered at once: that need not wait for the next turn.
        self.cx.take_answers(&mut heard.answered);
        for (to, done) in heard.answered.drain(..) {
            self.ports.answered(to, done);
        }
        for waker in heard.woken.drain(..) {
            waker.wake();
        }
    }

    fn start_slow(&mut self) {
        while let Some(request) = self.ports.next_slow() {
            self.tasks.start(serve(request, Rc::clone(&self.cx)));
        }
    }
}

async fn serve(request: Request, cx: Rc<RingCx>) {
    let Request { device, io, reply } = request;
    let done = device.submit(io, &*cx).await;
    // Whoever hears the answer and removes the device is to find nothing of it here.
    drop(device);
    reply.give(done);
}

#[cfg(test)]
mod tests;
