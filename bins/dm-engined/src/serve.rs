//! `dm-engined serve`: a daemon of two processes.
//!
//! ```text
//! the supervisor   has the lock, the socket and the FUSE connection, and does nothing with them
//!      │ starts, and starts again
//! the worker       serves
//! ```
//!
//! What the supervisor has outlives a worker that dies: its mount stands, and what is asked of its devices,
//! and of the socket, waits for the next one. Either goes on without the other; when both are killed, the next
//! command's daemon brings the devices back.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use dm_sys::daemon::{self, ListenError, Report};
use dm_sys::process;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::stat::{Mode, umask};
use tracing::warn;

use crate::Failure;
use crate::holdings::Holdings;
use crate::options::Serve;
use crate::places::Paths;
use crate::{supervise, worker};

/// Serves until there is nothing left to serve.
///
/// # Errors
///
/// [`Failure`], which was told to whoever started the daemon as well.
pub fn run(options: &Serve) -> Result<ExitCode, Failure> {
    settle(options);
    begin(options).map_err(|refusal| match refusal {
        Refusal::Running(socket) => {
            tell(Report::Running);
            Failure::new(format!("{}: a daemon is running already", socket.display()))
        }
        Refusal::Failed(failure) => {
            tell(Report::Failed(&failure.to_string()));
            failure
        }
    })
}

fn begin(options: &Serve) -> Result<ExitCode, Refusal> {
    let mut paths = Paths::new(options)?;
    let received = Holdings::receive(&options.handed, &paths).map_err(refuse(&paths))?;
    let mut holdings = match received {
        Some(holdings) => {
            paths.run_goes = options.handed.run_goes;
            holdings
        }
        None => Holdings::take(&paths).map_err(refuse(&paths))?,
    };
    if options.handed.worker_of.is_some() {
        worker::run(options, &paths, holdings)
    } else if options.no_supervisor {
        holdings.mount(options, &paths)?;
        worker::run(options, &paths, holdings)
    } else {
        supervise::run(options, &paths, holdings)
    }
}

/// Gives up what was the caller's: its session, its folder, its open files.
fn settle(options: &Serve) {
    umask(Mode::from_bits_truncate(0o022));
    // Each device takes some; as many as this user may have.
    if let Ok((_, most)) = getrlimit(Resource::RLIMIT_NOFILE) {
        let _ = setrlimit(Resource::RLIMIT_NOFILE, most, most);
    }
    // What another process of the daemon has handed over is settled.
    if options.foreground || options.handed.lock_fd.is_some() {
        return;
    }
    // One that leads its session already is its own master.
    let _ = nix::unistd::setsid();
    let own: Vec<i32> = fs::read_dir("/proc/self/fd")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|fd| *fd > 2)
        .collect();
    for fd in own {
        // The descriptor that listed them is closed by now.
        let _ = nix::unistd::close(fd);
    }
}

/// Tells whoever started this process; that they have gone is no reason to fail.
pub(crate) fn tell(what: Report<'_>) {
    if let Err(error) = daemon::report(what) {
        warn!(%error, "not reported");
    }
}

/// Why there is no daemon.
#[derive(Debug)]
pub(crate) enum Refusal {
    Running(PathBuf),
    Failed(Failure),
}

impl<E: std::error::Error> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Failed(Failure::of(&error))
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

fn refuse(paths: &Paths) -> impl Fn(ListenError) -> Refusal {
    move |error| match error {
        ListenError::Running => Refusal::Running(paths.places.socket.clone()),
        error => error.into(),
    }
}

/// The kernel must not wait for our disks to find us memory. Users have no right to that, and need it less:
/// no filesystem of theirs is mounted by the kernel.
pub(crate) fn depend_on_no_disk() {
    if !nix::unistd::geteuid().is_root() {
        return;
    }
    for (what, result) in
        [("memory", process::stay_in_memory()), ("flusher", process::set_io_flusher())]
    {
        if let Err(error) = result {
            warn!(what, %error, "not set: short memory may stall the devices");
        }
    }
}
