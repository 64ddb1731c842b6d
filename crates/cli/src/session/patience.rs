//! Waiting for devices that somebody has open for a moment: whoever looks at each block device that there is, as
//! `losetup -a`, `blkid` and udev's rules do.

use std::cell::Cell;
use std::thread;
use std::time::{Duration, Instant};

/// How long is waited in all. Who has a device open for longer is using it.
const LIMIT: Duration = Duration::from_secs(1);

/// How often is looked.
const PAUSE: Duration = Duration::from_millis(10);

/// How long a command may still wait. It begins to run out with the first wait.
#[derive(Debug, Default)]
pub struct Patience {
    end: Cell<Option<Instant>>,
}

impl Patience {
    /// Waits a little, and says that it did; at once no, when it has waited long enough.
    pub fn wait(&self) -> bool {
        let now = Instant::now();
        let end = self.end.get().unwrap_or(now + LIMIT);
        self.end.set(Some(end));
        if now >= end {
            return false;
        }
        thread::sleep(PAUSE);
        true
    }
}
