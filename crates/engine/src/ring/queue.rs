//! Queues: threads that carry requests, each with a ring and an executor of its own.
//!
//! A request stays on the queue that it came to, through every device of a stack. A device whose table
//! says that its requests share state, or that stands on such a device, has one queue: always the first,
//! so that whoever reaches the shared state reaches it from there.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::num::NonZeroUsize;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use dm_core::errno::Errno;

use crate::io::request::{Device as _, Done, Io};
use crate::mapped::MappedDevice;
use crate::ring::cx::RingCx;
use crate::ring::discard::Discards;
use crate::ring::inbox::{Inbox, Request};
use crate::ring::tasks::Tasks;
use crate::ring::uring::Wait;
use crate::target::{Job, Runner};

/// Deep enough for a request to pass through a stack of some hundred devices.
const STACK_BYTES: usize = 8 << 20;

/// Who is to have a request's answer. It is answered in any case: dropped, it says `EIO`, without a buffer.
pub(super) struct Reply(Option<Box<dyn FnOnce(Done) + Send>>);

impl Reply {
    fn give(mut self, done: Done) {
        if let Some(reply) = self.0.take() {
            reply(done);
        }
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        if let Some(reply) = self.0.take() {
            reply(Done { result: Err(Errno::EIO), buf: None });
        }
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
    /// Starts `count` of them; at least one.
    ///
    /// # Errors
    ///
    /// What stops a thread or its ring: `EPERM` or `ENOSYS` where `io_uring` is forbidden or missing. None
    /// is left running then.
    pub fn start(count: usize) -> io::Result<Arc<Self>> {
        let count = NonZeroUsize::new(count).map_or(1, NonZeroUsize::get);
        let discards = Arc::new(Discards::default());
        let mut queues = Self { inboxes: Vec::new(), threads: Mutex::default(), next: 0.into() };
        for number in 0..count {
            let inbox = Arc::new(Inbox::new()?);
            queues.inboxes.push(Arc::clone(&inbox));
            let (started, starts) = channel();
            let discards = Arc::clone(&discards);
            let thread = thread::Builder::new()
                .name(format!("queue/{number}"))
                .stack_size(STACK_BYTES)
                .spawn(move || carry(&inbox, discards, &started))?;
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
        let request = Request { device: Arc::clone(device), io, reply: Reply(Some(reply)) };
        let refused = match self.inboxes.get(queue) {
            Some(inbox) => inbox.request(request),
            None => Err(request),
        };
        if let Err(Request { io, reply, .. }) = refused {
            reply.give(io.done(Err(Errno::EIO)));
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

/// A queue's thread.
fn carry(inbox: &Arc<Inbox>, discards: Arc<Discards>, started: &Sender<io::Result<()>>) {
    let cx = match RingCx::new(inbox.bell(), discards) {
        Ok(cx) => Rc::new(cx),
        Err(error) => {
            let _ = started.send(Err(error));
            return;
        }
    };
    let _ = started.send(Ok(()));
    let mut tasks = Tasks::new(Arc::clone(inbox));
    if let Err(error) = run(inbox, &cx, &mut tasks) {
        tracing::error!(%error, "a queue's ring failed; its requests fail");
    }
    inbox.stop();
    tasks.clear();
    for Request { io, reply, .. } in inbox.leftovers() {
        reply.give(io.done(Err(Errno::EIO)));
    }
    if let Err(error) = cx.drain() {
        tracing::error!(%error, "a queue's ring does not drain");
    }
}

/// Runs until the queue is to stop.
fn run(inbox: &Arc<Inbox>, cx: &Rc<RingCx>, tasks: &mut Tasks) -> io::Result<()> {
    let (mut requests, mut ready, mut jobs) = (VecDeque::new(), VecDeque::new(), VecDeque::new());
    let mut woken = Vec::new();
    while inbox.take(&mut requests, &mut ready, &mut jobs) {
        for task in ready.drain(..) {
            tasks.run(task);
        }
        for request in requests.drain(..) {
            tasks.start(serve(request, Rc::clone(cx)));
        }
        for job in jobs.drain(..) {
            let cx = Rc::clone(cx);
            tasks.start(async move { job(&*cx).await });
        }
        let wait = if inbox.may_sleep() { Wait::Yes } else { Wait::No };
        cx.turn(wait, &mut woken)?;
        inbox.awake();
        for waker in woken.drain(..) {
            waker.wake();
        }
    }
    Ok(())
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
