//! What a process that disks depend on asks of the kernel.

use dm_core::errno::Errno;

use crate::raw;

/// Keeps this process in memory: a page of it could lie on a disk that only it can serve.
///
/// # Errors
///
/// `EPERM` and `ENOMEM` without `CAP_IPC_LOCK`, where the user's limit is too small.
pub fn stay_in_memory() -> Result<(), Errno> {
    raw::lock_memory()
}

/// Tells the kernel that disks depend on this thread and on those it starts: memory for them is then found
/// without writing to a disk first.
///
/// # Errors
///
/// `EPERM` without `CAP_SYS_RESOURCE`, `EINVAL` before Linux 5.6.
pub fn set_io_flusher() -> Result<(), Errno> {
    raw::set_io_flusher()
}
