//! What reaches a queue from outside: requests, ports, answers, wakes, and the order to stop.
//!
//! A queue sleeps in the kernel; an event counter ends its sleep. Who puts something in counts it up only
//! when the queue sleeps, or is about to.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::FromRawFd as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::io::request::{Done, Io};
use crate::mapped::MappedDevice;
use crate::ring::port::{MakePort, PortToken};
use crate::ring::queue::Reply;
use crate::target::Job;

/// A request on its way to a queue.
pub(super) struct Request {
    pub(super) device: Arc<MappedDevice>,
    pub(super) io: Io,
    pub(super) reply: Reply,
}

/// What waits for a queue.
#[derive(Default)]
pub(super) struct Mail {
    /// Requests to begin.
    pub(super) requests: VecDeque<Request>,
    /// Work of targets to begin.
    pub(super) jobs: VecDeque<Job>,
    /// Ports to begin.
    pub(super) ports: VecDeque<MakePort>,
    /// Answers to requests of this queue's ports.
    pub(super) answers: VecDeque<(PortToken, Done)>,
    /// Tasks to go on with.
    pub(super) ready: VecDeque<usize>,
}

impl Mail {
    fn is_empty(&self) -> bool {
        self.requests.is_empty()
            && self.jobs.is_empty()
            && self.ports.is_empty()
            && self.answers.is_empty()
            && self.ready.is_empty()
    }
}

#[derive(Default)]
struct State {
    mail: Mail,
    /// No more is taken.
    stopped: bool,
    /// The bell is to be rung.
    asleep: bool,
}

/// A queue's door.
pub(super) struct Inbox {
    state: Mutex<State>,
    /// Something was put in, or the order to stop, since the queue last looked.
    is_news: AtomicBool,
    bell: Arc<File>,
}

impl Inbox {
    /// An empty one.
    ///
    /// # Errors
    ///
    /// What `eventfd(2)` says.
    pub(super) fn new() -> io::Result<Self> {
        let bell = Arc::new(event_counter()?);
        Ok(Self { state: Mutex::default(), is_news: AtomicBool::new(false), bell })
    }

    /// The event counter that ends the queue's sleep.
    pub(super) fn bell(&self) -> Arc<File> {
        Arc::clone(&self.bell)
    }

    /// Puts a request in; it comes back when the queue has stopped.
    pub(super) fn request(&self, request: Request) -> Result<(), Request> {
        let mut state = self.lock();
        if state.stopped {
            return Err(request);
        }
        state.mail.requests.push_back(request);
        self.ring_if_asleep(state);
        Ok(())
    }

    /// Puts work in; dropped when the queue has stopped.
    pub(super) fn job(&self, job: Job) {
        self.put(|mail| mail.jobs.push_back(job));
    }

    /// Puts a port in; dropped when the queue has stopped.
    pub(super) fn port(&self, port: MakePort) {
        self.put(|mail| mail.ports.push_back(port));
    }

    /// Answers a port's request.
    pub(super) fn answer(&self, to: PortToken, done: Done) {
        self.put(|mail| mail.answers.push_back((to, done)));
    }

    /// Says that a task can go on.
    pub(super) fn ready(&self, task: usize) {
        self.put(|mail| mail.ready.push_back(task));
    }

    fn put(&self, put: impl FnOnce(&mut Mail)) {
        let mut state = self.lock();
        if !state.stopped {
            put(&mut state.mail);
            self.ring_if_asleep(state);
        }
    }

    /// Takes nothing any more, and tells the queue.
    pub(super) fn stop(&self) {
        let mut state = self.lock();
        state.stopped = true;
        self.ring_if_asleep(state);
    }

    /// Takes all there is, into empty lists; false, and nothing taken, when the queue is to stop.
    pub(super) fn take(&self, mail: &mut Mail) -> bool {
        // Most turns of a busy queue find nothing here.
        if !self.is_news.load(Ordering::Acquire) {
            return true;
        }
        self.is_news.store(false, Ordering::Relaxed);
        let mut state = self.lock();
        if !state.stopped {
            std::mem::swap(&mut state.mail, mail);
        }
        !state.stopped
    }

    /// Takes the requests that a queue left behind.
    pub(super) fn leftovers(&self) -> VecDeque<Request> {
        std::mem::take(&mut self.lock().mail.requests)
    }

    /// Whether the queue may sleep: there is nothing for it, and from now on the bell is rung.
    pub(super) fn may_sleep(&self) -> bool {
        let mut state = self.lock();
        state.asleep = state.mail.is_empty() && !state.stopped;
        state.asleep
    }

    /// Says that the queue does not sleep: the bell need not be rung.
    pub(super) fn awake(&self) {
        self.lock().asleep = false;
    }

    fn ring_if_asleep(&self, mut state: MutexGuard<'_, State>) {
        self.is_news.store(true, Ordering::Release);
        let asleep = std::mem::take(&mut state.asleep);
        drop(state);
        if asleep {
            // It fails only when the counter is full, and then the queue has been told often enough.
            let _ = (&*self.bell).write(&1_u64.to_ne_bytes());
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn event_counter() -> io::Result<File> {
    // SAFETY: takes two numbers and answers with a descriptor or -1.
    let fd = unsafe { libc::eventfd(0, libc::EFD_CLOEXEC) };
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the descriptor is new and owned by nobody else (R4).
    Ok(unsafe { File::from_raw_fd(fd) })
}
