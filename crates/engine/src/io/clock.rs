//! The clock of requests and targets.

use dm_sys::os;

use crate::io::request::Now;

/// The time since the machine started, not counting what it slept. A later process on the same machine sees
/// the same clock.
pub fn now() -> Now {
    os::monotonic()
}
