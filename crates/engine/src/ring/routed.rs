//! Requests of ports that have a route, the common case: each stays in one place from its beginning to its end,
//! and the places are used again, so that nothing is allocated or moved for one.

use std::fs::File;
use std::os::fd::AsRawFd as _;
use std::sync::Arc;

use io_uring::squeue::Entry;
use io_uring::types;

use crate::io::request::{Done, Io, Now};
use crate::mapped::route::{Again, Route};
use crate::ring::failures::Failures;
use crate::ring::operation::{self, Progress};
use crate::ring::port::PortToken;

/// Places for requests with a route.
#[derive(Default)]
pub(super) struct RoutedPool {
    places: Vec<Routed>,
    free: Vec<u32>,
}

/// A place; its request has a file only while it is for the ring.
#[derive(Default)]
pub(super) struct Routed {
    pub(super) to: PortToken,
    pub(super) route: Route,
    pub(super) io: Option<Io>,
    pub(super) file: Option<Arc<File>>,
    progress: Progress,
}

impl RoutedPool {
    /// A free place, and its number.
    pub(super) fn take(&mut self) -> (u32, &mut Routed) {
        let number = self.free.pop().unwrap_or_else(|| {
            self.places.push(Routed::default());
            u32::try_from(self.places.len() - 1).unwrap_or(u32::MAX)
        });
        (number, &mut self.places[number as usize])
    }

    /// A place that is taken.
    pub(super) fn get_mut(&mut self, number: u32) -> Option<&mut Routed> {
        self.places.get_mut(number as usize)
    }

    /// The place is free again: its request has ended, or has none.
    pub(super) fn free(&mut self, number: u32) {
        self.free.push(number);
    }

    /// How many places are taken.
    pub(super) fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }
}

impl Routed {
    /// The entry that asks for what is left of it. It points into this request (R1).
    pub(super) fn entry(&mut self) -> Option<Entry> {
        let fd = types::Fd(self.file.as_ref()?.as_raw_fd());
        Some(operation::transfer_entry(fd, self.io.as_mut()?, self.progress))
    }

    /// Begins to transfer on `file`.
    pub(super) fn begin(&mut self, file: Arc<File>, io: Io) {
        self.progress = Progress::default();
        self.file = Some(file);
        self.io = Some(io);
    }

    /// What a completion with `result` means: the answer, or none when there is more to do.
    pub(super) fn completed(
        &mut self,
        result: i32,
        now: Now,
        failures: &mut Failures,
    ) -> Option<Result<Done, Again>> {
        let result = self.progress.after(result, &self.io.as_ref()?.op)?;
        let (io, file) = (self.io.take()?, self.file.take()?);
        if let Err(errno) = result {
            failures.tell(&file, &io, errno, now);
        }
        // Before the devices are left: whoever waits for that finds it closed.
        drop(file);
        let done = io.done(result);
        Some(self.route.end(done, now))
    }
}
