//! A queue's executor: tasks that never leave their thread, and wakers that may.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Wake, Waker};

use crate::ring::inbox::Inbox;
use crate::ring::slab::Slab;

type Task = Pin<Box<dyn Future<Output = ()>>>;

/// The tasks of a queue.
pub(super) struct Tasks {
    inbox: Arc<Inbox>,
    running: Slab<Task>,
    /// One for each number, made once: a wake for a task that is gone costs its successor a look.
    wakers: Vec<(Arc<Wakeup>, Waker)>,
}

/// Tells the queue that a task can go on.
struct Wakeup {
    inbox: Arc<Inbox>,
    task: usize,
    /// It has been told since the task last ran.
    told: AtomicBool,
}

impl Wake for Wakeup {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.told.swap(true, Ordering::AcqRel) {
            self.inbox.ready(self.task);
        }
    }
}

impl Tasks {
    pub(super) fn new(inbox: Arc<Inbox>) -> Self {
        Self { inbox, running: Slab::new(), wakers: Vec::new() }
    }

    /// Takes a task in, and runs it as far as it goes.
    pub(super) fn start(&mut self, task: impl Future<Output = ()> + 'static) {
        let number = self.running.insert(Box::pin(task));
        while self.wakers.len() <= number {
            let wakeup = Arc::new(Wakeup {
                inbox: Arc::clone(&self.inbox),
                task: self.wakers.len(),
                told: AtomicBool::new(false),
            });
            self.wakers.push((Arc::clone(&wakeup), Waker::from(wakeup)));
        }
        self.run(number);
    }

    /// Runs a task as far as it goes, if it is there. A task that panics is dropped: the request fails, and
    /// the queue lives.
    pub(super) fn run(&mut self, number: usize) {
        let Some((wakeup, waker)) = self.wakers.get(number) else { return };
        wakeup.told.store(false, Ordering::Release);
        let Some(task) = self.running.get_mut(number) else { return };
        let mut context = Context::from_waker(waker);
        let step = catch_unwind(AssertUnwindSafe(|| task.as_mut().poll(&mut context)));
        if step.as_ref().is_ok_and(std::task::Poll::is_pending) {
            return;
        }
        if step.is_err() {
            tracing::error!("a request's task panicked; the request fails");
        }
        drop(self.running.remove(number));
    }

    /// Drops every task.
    pub(super) fn clear(&mut self) {
        for number in self.running.numbers().collect::<Vec<_>>() {
            drop(self.running.remove(number));
        }
    }
}
