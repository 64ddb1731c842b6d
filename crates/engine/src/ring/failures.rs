//! What the log says of legs that fail: who reads a dying disk hears of it once a second, not for every sector.

use std::fs::{self, File};
use std::mem;
use std::os::fd::AsRawFd as _;
use std::time::Duration;

use dm_core::errno::Errno;

use crate::io::request::{Io, Now};

/// The least time between two lines.
const INTERVAL: Duration = Duration::from_secs(1);

/// What of a queue's failures has been said.
#[derive(Debug, Default)]
pub(super) struct Failures {
    /// When the next may be said.
    next: Now,
    /// How many there were since the last that was.
    untold: u64,
}

impl Failures {
    /// `io` failed on `file`.
    pub(super) fn tell(&mut self, file: &File, io: &Io, errno: Errno, now: Now) {
        self.untold = self.untold.saturating_add(1);
        if now < self.next {
            return;
        }
        self.next = now.saturating_add(INTERVAL);
        let failures = mem::take(&mut self.untold);
        let path = fs::read_link(format!("/proc/self/fd/{}", file.as_raw_fd())).unwrap_or_default();
        let (path, kind, sector) = (path.display(), io.op.kind(), io.sector.get());
        tracing::warn!(%path, ?kind, sector, %errno, failures, "a leg fails");
    }
}

#[cfg(test)]
mod tests {
    use dm_core::units::Sectors;

    use super::*;
    use crate::io::request::{IoFlags, Op};

    #[test]
    fn it_is_said_once_a_second() {
        let file = File::open("/dev/null").unwrap();
        let io = Io { sector: Sectors::ZERO, op: Op::Flush, flags: IoFlags::empty() };
        let mut failures = Failures::default();
        let untold = [5_000, 5_001, 5_999, 6_000].map(|ms| {
            failures.tell(&file, &io, Errno::EIO, Duration::from_millis(ms));
            failures.untold
        });
        assert_eq!(untold, [0, 1, 2, 0]);
    }
}
