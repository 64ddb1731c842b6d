//! The system's errors as [`Errno`], its clocks, and what may be done.

use std::io;
use std::path::Path;
use std::time::Duration;

use dm_core::errno::Errno;
use nix::time::{ClockId, clock_gettime};
use nix::unistd::{AccessFlags, eaccess};

use crate::raw;

/// The errno behind an I/O error; `EIO` where the library made it up.
pub fn errno(error: &io::Error) -> Errno {
    Errno::new(error.raw_os_error().unwrap_or(libc::EIO))
}

/// The time since the machine started, not counting what it slept.
pub fn monotonic() -> Duration {
    // The clock is one that every Linux has.
    clock_gettime(ClockId::CLOCK_MONOTONIC).map_or(Duration::ZERO, Duration::from)
}

/// A time, in seconds since 1970, as `ctime(3)` writes it, without its newline: `Thu Jan  1 00:00:00 1970`.
pub fn local_time(seconds: u64) -> String {
    const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let word = |words: &[&'static str], at: libc::c_int| {
        usize::try_from(at).ok().and_then(|at| words.get(at).copied()).unwrap_or("???")
    };
    let time = libc::time_t::try_from(seconds).ok().and_then(raw::local_time);
    time.map_or_else(String::new, |time| {
        format!(
            "{} {} {:>2} {:02}:{:02}:{:02} {}",
            word(&DAYS, time.tm_wday),
            word(&MONTHS, time.tm_mon),
            time.tm_mday,
            time.tm_hour,
            time.tm_min,
            time.tm_sec,
            1900 + i64::from(time.tm_year)
        )
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_as_wide_as_any_other() {
        // Whatever the zone, it is the first or the last day of a year.
        let time = local_time(0);
        assert!(time.starts_with("Thu Jan  1 ") || time.starts_with("Wed Dec 31 "), "{time}");
        assert_eq!(time.len(), "Thu Jan  1 00:00:00 1970".len());
        assert_eq!(local_time(u64::MAX), "");
    }
}
