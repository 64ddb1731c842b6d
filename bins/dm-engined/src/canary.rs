//! How a supervisor hears at once that its worker is dying, and helps it to end.
//!
//! A process has died only when its last thread has, and a thread that waits for a file server cannot. A worker asks its
//! own mount at times: killed when such a question has been read and not answered, it would wait for its own answer for
//! ever, and whoever waits for its end with it.
//!
//! So a worker has a thread that does nothing, and has nothing but an end of the pipe on which the worker says that it
//! serves: when the process is killed, that thread ends whatever becomes of the others, and the supervisor hears it. Until
//! the worker serves, others have that end as well, and the supervisor looks now and then.

use std::fs;
use std::io;
use std::os::fd::AsRawFd as _;
use std::sync::mpsc::channel;
use std::thread;

use nix::sched::{CloneFlags, unshare};
use nix::sys::signal::Signal;
use tracing::warn;

/// Starts the thread. To be called before standard output is given up.
pub(crate) fn keep() {
    let (begun, begins) = channel();
    let sit = move || {
        let alone = unshare(CloneFlags::CLONE_FILES);
        let _ = begun.send(());
        match alone {
            Ok(()) => close_all_but_output(),
            Err(errno) => {
                warn!(%errno, "no files of its own: a death may be noticed late");
                return;
            }
        }
        loop {
            thread::park();
        }
    };
    match thread::Builder::new().name("canary".into()).spawn(sit) {
        // Only then its output is its own.
        Ok(_) => drop(begins.recv()),
        Err(error) => warn!(%error, "no canary: a death may be noticed late"),
    }
}

/// Leaves this thread with standard output, so that what the others close is closed.
fn close_all_but_output() {
    let output = io::stdout().as_raw_fd();
    let own: Vec<i32> = fs::read_dir("/proc/thread-self/fd")
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|fd| *fd != output)
        .collect();
    for fd in own {
        // The descriptor that listed them is closed by now.
        let _ = nix::unistd::close(fd);
    }
}

/// The threads of process `pid`, if it is dying and none of them will ever do anything again but end, which some cannot
/// yet.
///
/// # Source
///
/// `proc_pid_status(5)`: `State` and `SigPnd`. A process that is killed has `SIGKILL` pending in each of its threads.
pub(crate) fn stuck_threads(pid: u32) -> Option<Vec<u32>> {
    let entries = fs::read_dir(format!("/proc/{pid}/task")).ok()?.flatten();
    let tasks: Vec<(u32, Task)> = entries
        .filter_map(|entry| {
            let status = fs::read_to_string(entry.path().join("status")).ok()?;
            Some((entry.file_name().to_str()?.parse().ok()?, Task::of(&status)))
        })
        .collect();
    let any = |wanted| tasks.iter().any(|(_, task)| *task == wanted);
    let is_stuck = any(Task::Stuck) && !any(Task::Lives);
    is_stuck.then(|| tasks.into_iter().map(|(thread, _)| thread).collect())
}

/// What is to be expected of a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Task {
    Lives,
    /// It is killed, and waits for something that no signal ends.
    Stuck,
    Dead,
}

impl Task {
    /// By the text of its `status`.
    fn of(status: &str) -> Self {
        let field = |name: &str| {
            let mut values = status.lines().filter_map(|line| line.strip_prefix(name));
            values.next().unwrap_or_default().trim()
        };
        let pending = u64::from_str_radix(field("SigPnd:"), 16).unwrap_or(0);
        let is_killed = pending & (1 << (Signal::SIGKILL as i32 - 1)) != 0;
        match field("State:").chars().next() {
            Some('Z' | 'X') => Self::Dead,
            Some('D') if is_killed => Self::Stuck,
            _ => Self::Lives,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_is_stuck_when_it_is_killed_and_waits_all_the_same() {
        let task = |state: &str, pending: &str| {
            Task::of(&format!("Name:\tx\nState:\t{state}\nThreads:\t1\nSigPnd:\t{pending}\n"))
        };
        assert_eq!(task("D (disk sleep)", "0000000000000100"), Task::Stuck);
        assert_eq!(task("D (disk sleep)", "0000000000000000"), Task::Lives);
        assert_eq!(task("R (running)", "0000000000000100"), Task::Lives);
        assert_eq!(task("Z (zombie)", "0000000000000000"), Task::Dead);
        assert_eq!(stuck_threads(std::process::id()), None);
    }
}
