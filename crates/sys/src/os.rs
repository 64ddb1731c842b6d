//! The system's errors as [`Errno`].

use std::io;
use std::path::Path;
use std::time::Duration;

use dm_core::errno::Errno;
use nix::time::{ClockId, clock_gettime};
use nix::unistd::{AccessFlags, eaccess};

/// The errno behind an I/O error; `EIO` where the library made it up.
pub fn errno(error: &io::Error) -> Errno {
    Errno::new(error.raw_os_error().unwrap_or(libc::EIO))
}

/// The time since the machine started, not counting what it slept.
pub fn monotonic() -> Duration {
    // The clock is one that every Linux has.
    clock_gettime(ClockId::CLOCK_MONOTONIC).map_or(Duration::ZERO, Duration::from)
}

/// Whether files can be made in a folder.
///
/// # Errors
///
/// Why they cannot: `ENOTDIR` where it is none.
pub fn takes_files(folder: &Path) -> io::Result<()> {
    if !std::fs::metadata(folder)?.is_dir() {
        return Err(io_error(Errno::ENOTDIR));
    }
    eaccess(folder, AccessFlags::W_OK | AccessFlags::X_OK).map_err(io::Error::from)
}

/// The same errno, from the library that wraps the system calls.
pub(crate) fn from_nix(errno: nix::errno::Errno) -> Errno {
    Errno::new(errno as i32)
}

/// An I/O error of this errno.
pub(crate) fn io_error(errno: Errno) -> io::Error {
    io::Error::from_raw_os_error(errno.get())
}
