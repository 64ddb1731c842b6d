//! What reaches a queue from outside: requests, wakes, and the order to stop.
//!
//! A queue sleeps in the kernel; an event counter ends its sleep. Who puts something in counts it up only
//! when the queue sleeps, or is about to.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::FromRawFd as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::io::request::Io;
use crate::mapped::MappedDevice;
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
    /// Tasks to go on with.
    pub(super) ready: VecDeque<usize>,
    /// No more is taken.
    pub(super) stopped: bool,
    asleep: bool,
}

/// A queue's door.
pub(super) struct Inbox {
    mail: Mutex<Mail>,
    bell: Arc<File>,
}

impl Inbox {
    /// An empty one.
    ///
    /// # Errors
    ///
    /// What `eventfd(2)` says.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self { mail: Mutex::new(Mail::default()), bell: Arc::new(event_counter()?) })
    }

    /// The event counter that ends the queue's sleep.
    pub(super) fn bell(&self) -> Arc<File> {
        Arc::clone(&self.bell)
    }

    /// Puts a request in; it comes back when the queue has stopped.
    pub(super) fn request(&self, request: Request) -> Result<(), Request> {
        let mut mail = self.lock();
        if mail.stopped {
            return Err(request);
        }
        mail.requests.push_back(request);
        self.ring_if_asleep(mail);
        Ok(())
    }

    /// Puts work in; dropped when the queue has stopped.
    pub(super) fn job(&self, job: Job) {
        let mut mail = self.lock();
        if !mail.stopped {
            mail.jobs.push_back(job);
            self.ring_if_asleep(mail);
        }
    }

    /// Says that a task can go on.
    pub(super) fn ready(&self, task: usize) {
        let mut mail = self.lock();
        mail.ready.push_back(task);
        self.ring_if_asleep(mail);
    }

    /// Takes no more requests, and tells the queue.
    pub(super) fn stop(&self) {
        let mut mail = self.lock();
        mail.stopped = true;
        self.ring_if_asleep(mail);
    }

    /// Takes all there is, into empty lists; false, and nothing taken, when the queue is to stop.
    pub(super) fn take(
        &self,
        requests: &mut VecDeque<Request>,
        ready: &mut VecDeque<usize>,
        jobs: &mut VecDeque<Job>,
    ) -> bool {
        let mut mail = self.lock();
        if mail.stopped {
            return false;
        }
        std::mem::swap(&mut mail.requests, requests);
        std::mem::swap(&mut mail.ready, ready);
        std::mem::swap(&mut mail.jobs, jobs);
        true
    }

    /// Takes the requests that a queue left behind.
    pub(super) fn leftovers(&self) -> VecDeque<Request> {
        std::mem::take(&mut self.lock().requests)
    }

    /// Whether the queue may sleep: there is nothing for it, and from now on the bell is rung.
    pub(super) fn may_sleep(&self) -> bool {
        let mut mail = self.lock();
        mail.asleep = mail.requests.is_empty()
            && mail.ready.is_empty()
            && mail.jobs.is_empty()
            && !mail.stopped;
        mail.asleep
    }

    /// Says that the queue does not sleep: the bell need not be rung.
    pub(super) fn awake(&self) {
        self.lock().asleep = false;
    }

    fn ring_if_asleep(&self, mut mail: MutexGuard<'_, Mail>) {
        let asleep = std::mem::take(&mut mail.asleep);
        drop(mail);
        if asleep {
            // It fails only when the counter is full, and then the queue has been told often enough.
            let _ = (&*self.bell).write(&1_u64.to_ne_bytes());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Mail> {
        self.mail.lock().unwrap_or_else(PoisonError::into_inner)
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
