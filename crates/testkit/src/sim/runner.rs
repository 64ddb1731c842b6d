//! Work of targets, done at once.

use dm_engine::target::{Job, Runner};

use super::SimCx;

/// Runs every job to its end before it returns, on a clock of its own.
#[derive(Debug)]
pub struct SimRunner(SimCx);

impl SimRunner {
    /// With chance that is the same for the same `seed`.
    pub fn new(seed: u64) -> Self {
        Self(SimCx::new(seed))
    }
}

impl Runner for SimRunner {
    fn spawn(&self, job: Job) {
        self.0.block_on(job(&self.0));
    }
}
