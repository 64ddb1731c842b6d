//! What is to be done beside commands: calls for it, and the work of targets that may bring it about.
//!
//! Nobody looks at an engine that is left alone. Whoever looks after it is called when requests or commands have
//! left something to do, once until that is done; while something goes on that calls nobody, it is to be looked
//! after now and then.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use crate::target::{Job, Runner};

/// Calls whoever looks after the engine. It must not block.
pub type UpkeepHook = Box<dyn Fn() + Send + Sync>;

/// Whether there is something to do.
#[derive(Default)]
pub(crate) struct Upkeep {
    is_called_for: AtomicBool,
    hook: OnceLock<UpkeepHook>,
    /// Work of targets under way, or still to begin.
    jobs: AtomicUsize,
}

impl fmt::Debug for Upkeep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upkeep")
            .field("is_called_for", &self.is_called_for)
            .field("jobs", &self.jobs)
            .finish_non_exhaustive()
    }
}

impl Upkeep {
    /// Has `hook` called from now on; only the first is.
    pub(super) fn on_call(&self, hook: UpkeepHook) {
        // A second one has nobody to call.
        let _ = self.hook.set(hook);
    }

    /// There is something to do.
    pub(crate) fn call(&self) {
        if !self.is_called_for.swap(true, Ordering::AcqRel)
            && let Some(hook) = self.hook.get()
        {
            hook();
        }
    }

    /// It is about to be done: what comes up from now on calls again.
    pub(super) fn begin(&self) {
        self.is_called_for.store(false, Ordering::Release);
    }

    /// Whether a target works: what it learns meanwhile calls nobody.
    pub(super) fn has_jobs(&self) -> bool {
        self.jobs.load(Ordering::Acquire) > 0
    }
}

/// Runs the jobs of targets, and has the engine looked after when they are done.
#[derive(Debug)]
pub(super) struct Counting {
    pub(super) inner: Arc<dyn Runner>,
    pub(super) upkeep: Arc<Upkeep>,
}

impl Runner for Counting {
    fn spawn(&self, job: Job) {
        let counted = Counted::new(&self.upkeep);
        self.inner.spawn(Box::new(move |cx| {
            let work = job(cx);
            Box::pin(async move {
                work.await;
                drop(counted);
            })
        }));
    }
}

/// A job that counts; dropped when it is done, or when there is nobody to do it.
struct Counted(Arc<Upkeep>);

impl Counted {
    fn new(upkeep: &Arc<Upkeep>) -> Self {
        upkeep.jobs.fetch_add(1, Ordering::AcqRel);
        upkeep.call();
        Self(Arc::clone(upkeep))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.jobs.fetch_sub(1, Ordering::AcqRel);
        self.0.call();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Drops every job.
    #[derive(Debug)]
    struct Nobody;

    impl Runner for Nobody {
        fn spawn(&self, job: Job) {
            drop(job);
        }
    }

    fn counted() -> (Arc<Upkeep>, Arc<AtomicUsize>) {
        let (upkeep, calls) = (Arc::new(Upkeep::default()), Arc::new(AtomicUsize::new(0)));
        let count = Arc::clone(&calls);
        upkeep.on_call(Box::new(move || {
            count.fetch_add(1, Ordering::Relaxed);
        }));
        (upkeep, calls)
    }

    #[test]
    fn it_calls_once_until_the_work_begins() {
        let (upkeep, calls) = counted();
        upkeep.call();
        upkeep.call();
        assert_eq!(calls.load(Ordering::Relaxed), 1);
        upkeep.begin();
        upkeep.call();
        assert_eq!(calls.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn a_job_that_nobody_does_is_over() {
        let (upkeep, calls) = counted();
        let runner = Counting { inner: Arc::new(Nobody), upkeep: Arc::clone(&upkeep) };
        runner.spawn(Box::new(|_| Box::pin(async {})));
        assert!(!upkeep.has_jobs());
        assert_eq!(calls.load(Ordering::Relaxed), 1);
    }
}
