//! `dm-engined restart`: another process serves, of the version that is installed now.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use dm_sys::paths::Places;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::{Failure, status};

/// How long the next process may take to serve.
const LIMIT: Duration = Duration::from_secs(90);

/// How often to ask whether it does.
const PAUSE: Duration = Duration::from_millis(10);

/// Has the process that serves make way, and waits until the next one serves; exit code 1 when no daemon runs.
///
/// # Errors
///
/// [`Failure`] when it cannot be asked, or another does not serve in time.
pub fn run() -> Result<ExitCode, Failure> {
    let places = Places::here();
    let Some(before) = status::connect(&places)? else {
        let path = places.socket.display();
        writeln!(io::stdout(), "no daemon serves {path}").map_err(|error| Failure::of(&error))?;
        return Ok(ExitCode::FAILURE);
    };
    let pid = Pid::from_raw(status::pid(&status::ask(&before)?)?.cast_signed());
    kill(pid, Signal::SIGUSR2).map_err(|errno| Failure::new(format!("process {pid}: {errno}")))?;
    let deadline = Instant::now() + LIMIT;
    // Its number may stay, for a process can become its own successor: its connections do not.
    while status::ask(&before).is_ok() {
        if Instant::now() >= deadline {
            let seconds = LIMIT.as_secs();
            return Err(Failure::new(format!("process {pid} serves still after {seconds} s")));
        }
        thread::sleep(PAUSE);
    }
    match status::connect(&places)? {
        Some(_) => Ok(ExitCode::SUCCESS),
        None => Err(Failure::new("the daemon has ended; the next command starts it anew")),
    }
}
