//! A predecessor's last requests: a daemon that is killed may leave some with the kernel, whose writes would
//! come after its successor's.
//!
//! A file in the state folder is locked for as long as any of a daemon's rings is there: each ring holds the
//! file open, and the kernel gives up a killed process's rings only when all that is in them is done.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg};
use tracing::{info, warn};

use crate::Failure;

/// The file's name in the state folder.
const FILE: &str = "io.lock";

/// How long a predecessor's requests may take: longer than a disk takes to give up.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// How often to say that they are waited for.
const SAY_EVERY: Duration = Duration::from_secs(5);

/// How long to wait between two looks, at most.
const PAUSE_MAX: Duration = Duration::from_millis(20);

/// The lock, which no other daemon has.
#[derive(Debug)]
pub(crate) struct Guard(Flock<File>);

impl Guard {
    /// Waits until no earlier daemon has a request with the kernel, `limit` at most.
    ///
    /// # Errors
    ///
    /// That some are still there then; that the file cannot be made or locked.
    pub(crate) fn wait(state: &Path, limit: Duration) -> Result<Self, Failure> {
        let path = state.join(FILE);
        let fail = |error: &io::Error| Failure::new(format!("{}: {error}", path.display()));
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false).mode(0o600);
        let mut file = options.open(&path).map_err(|error| fail(&error))?;
        let (start, mut said) = (Instant::now(), Duration::ZERO);
        let mut pause = Duration::from_millis(1);
        loop {
            match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
                Ok(lock) => {
                    if !said.is_zero() {
                        info!("an earlier daemon's requests are done");
                    }
                    return Ok(Self(lock));
                }
                Err((again, Errno::EWOULDBLOCK)) => file = again,
                Err((_, errno)) => return Err(fail(&errno.into())),
            }
            let waited = start.elapsed();
            if waited >= limit {
                let seconds = limit.as_secs();
                let text = format!("requests of an earlier daemon are not done after {seconds} s");
                return Err(Failure::new(format!("{}: {text}", path.display())));
            }
            if waited >= said + SAY_EVERY {
                said = waited;
                warn!(seconds = waited.as_secs(), "requests of an earlier daemon are under way");
            }
            thread::sleep(pause);
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }

    /// The file, for whoever is to keep it locked: it is unlocked when the last has closed it.
    ///
    /// # Errors
    ///
    /// What `dup(2)` says.
    pub(crate) fn file(&self) -> io::Result<OwnedFd> {
        self.0.as_fd().try_clone_to_owned()
    }
}

/// Removes the file: there are no devices any more.
pub(crate) fn forget(state: &Path) {
    // Where it stays, the next daemon uses it again.
    let _ = fs::remove_file(state.join(FILE));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_predecessors_file_is_waited_for() {
        let state = tempfile::tempdir().unwrap();
        let first = Guard::wait(state.path(), LIMIT).unwrap();
        let (held, short) = (first.file().unwrap(), Duration::from_millis(50));
        let error = Guard::wait(state.path(), short).unwrap_err().to_string();
        assert!(error.contains("io.lock: requests of an earlier daemon"), "{error}");
        // A process that is killed unlocks nothing; its rings close the file when they are done.
        std::mem::forget(first.0);
        assert!(Guard::wait(state.path(), short).is_err());
        thread::scope(|scope| {
            scope.spawn(|| {
                thread::sleep(Duration::from_millis(100));
                // The copy shares the lock.
                let file = File::from(held);
                drop(Flock::lock(file, FlockArg::LockExclusiveNonblock).map_err(|(_, e)| e));
            });
            Guard::wait(state.path(), LIMIT).unwrap();
        });
        forget(state.path());
        assert_eq!(fs::read_dir(state.path()).unwrap().count(), 0);
    }
}
