//! Locks on disks and files that others take too: `flock(2)`, kept until dropped.
//!
//! udev leaves a disk alone while somebody has such a lock on its node.
//!
//! # Source
//!
//! systemd's "Locking Block Device Access", <https://systemd.io/BLOCK_DEVICE_LOCKING>.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno as NixErrno;
use nix::fcntl::{Flock, FlockArg};

/// How long is waited between two attempts.
const PAUSE: Duration = Duration::from_millis(5);

/// A lock.
#[derive(Debug)]
pub struct Lock {
    _file: Flock<File>,
}

impl Lock {
    /// Takes the lock on what lies at `path`, a disk, a file or a folder, waiting at most `limit` for another to
    /// give it up.
    ///
    /// # Errors
    ///
    /// What opening it for reading says; `EAGAIN` when the other has it still.
    pub fn exclusive(path: &Path, limit: Duration) -> io::Result<Self> {
        let mut file = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(path)?;
        let deadline = Instant::now() + limit;
        loop {
            match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
                Ok(file) => return Ok(Self { _file: file }),
                Err((back, NixErrno::EWOULDBLOCK)) if Instant::now() < deadline => file = back,
                Err((_, errno)) => return Err(errno.into()),
            }
            thread::sleep(PAUSE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_has_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = Lock::exclusive(folder.path(), Duration::ZERO).unwrap();
        let second = Lock::exclusive(folder.path(), Duration::from_millis(20));
        assert_eq!(second.unwrap_err().kind(), io::ErrorKind::WouldBlock);
        drop(first);
        Lock::exclusive(folder.path(), Duration::ZERO).unwrap();
    }
}
