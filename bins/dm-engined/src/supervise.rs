//! The process that looks after the one that serves.
//!
//! It starts a worker, and another when that one dies: with the program that then lies where its own did. It
//! has one thread, keeps its memory, and touches no file while a worker is away, for the file could lie on a
//! device that waits for the worker.
//!
//! | the worker | what follows |
//! |---|---|
//! | ends well | this process ends |
//! | makes way for another version | the next, at once |
//! | is killed | the next, at once |
//! | is killed before it serves | the next, after a pause that grows; far too often at a stretch: the end |
//! | fails, or dies of a fault of its own | the next, after a pause that grows; too often at a stretch: the end |
//!
//! At that end the devices stay as they are, and the next command's daemon tries again.
//!
//! A worker that is killed while it asks its own mount could not end: see `canary`.

use std::io::{self, Read as _};
use std::mem;
use std::os::fd::{AsFd as _, BorrowedFd};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, ChildStdout, ExitCode, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use dm_engine::frontend::let_go;
use dm_sys::daemon::Report;
use dm_sys::{fuse, process};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, Signal, kill};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::unistd::Pid;

use crate::holdings::{Holdings, Role};
use crate::options::Serve;
use crate::places::Paths;
use crate::serve::{Refusal, depend_on_no_disk, tell};
use crate::worker::AGAIN;
use crate::{Failure, canary, log};

/// A worker that served for so long has not failed again: its next fault counts as the first.
const CALM: Duration = Duration::from_secs(10);

/// The pauses before the next worker, by how many faults there were at a stretch; after one more, the end.
const PAUSES: [Duration; 6] = [
    Duration::ZERO,
    Duration::from_millis(100),
    Duration::from_millis(200),
    Duration::from_millis(400),
    Duration::from_millis(800),
    Duration::from_millis(1600),
];

/// How many workers may be killed at a stretch before they serve. Whoever kills them is to blame, not what waits on the
/// mount: that waits for longer than for any other fault, some 45 s, but not for ever.
const KILLS_MAX: usize = 32;

/// How long a worker may take to die before it is helped, and between two times; in milliseconds.
const DYING: u8 = 100;

/// How long before everybody who waits on the mount gets an error instead: what a thread waits for may be that.
const DYING_LIMIT: Duration = Duration::from_secs(120);

/// After so many faults at a stretch, what waits on the mount may be to blame: it gets errors, and the next
/// worker another mount.
const MOUNT_FAULTS: usize = 4;

/// The longest text that is taken from a worker.
const TEXT_MAX: usize = 4096;

/// Serves, by its workers, until one ends well.
pub(crate) fn run(options: &Serve, paths: &Paths, holdings: Holdings) -> Result<ExitCode, Refusal> {
    // The name is for people: without it, this works as well.
    let _ = process::set_name(c"dm-engined-sup");
    std::env::set_current_dir("/")?;
    depend_on_no_disk();
    let signals = catch_signals()?;
    let supervisor = Supervisor { options: options.clone(), paths, holdings, signals };
    let (mut holdings, ended) = supervisor.watch();
    match ended {
        Ok(()) => {
            // The worker has taken the files away, and a successor may have them by now.
            holdings.lock.leave();
            Ok(ExitCode::SUCCESS)
        }
        Err(refusal) => {
            holdings.unmount(paths);
            drop(holdings);
            say(options, paths, &refusal);
            Err(refusal)
        }
    }
}

/// The last word, when nothing depends on this process any more.
fn say(options: &Serve, paths: &Paths, refusal: &Refusal) {
    let to = if options.foreground { log::To::Stderr } else { log::To::File(&paths.log) };
    if let (Ok(()), Refusal::Failed(failure)) = (log::begin(to), refusal) {
        tracing::error!(%failure, "gives up");
    }
}

/// Has the signals that matter read from a file.
fn catch_signals() -> nix::Result<SignalFd> {
    let mut signals = SigSet::empty();
    let wanted = [Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP, Signal::SIGUSR2];
    for signal in wanted.into_iter().chain([Signal::SIGCHLD]) {
        signals.add(signal);
    }
    signals.thread_block()?;
    SignalFd::with_flags(&signals, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK)
}

struct Supervisor<'a> {
    options: Serve,
    paths: &'a Paths,
    holdings: Holdings,
    signals: SignalFd,
}

/// A worker, and what is known of it.
struct Worker {
    child: Child,
    out: Option<ChildStdout>,
    said: Vec<u8>,
    ready_since: Option<Instant>,
    /// Since when it has given up its output, which it keeps for as long as it lives.
    dying_since: Option<Instant>,
}

/// What went wrong at a stretch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Faults {
    /// Workers that failed, or died of faults of their own.
    own: usize,
    /// Workers that were killed before they served.
    kills: usize,
}

/// How a worker ended.
#[derive(Debug)]
struct Death {
    status: ExitStatus,
    /// How long it had served, if it ever did.
    served: Option<Duration>,
    /// What it said instead.
    said: String,
}

/// What is to follow a death.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    End,
    Worker(Duration),
    GiveUp,
}

impl Supervisor<'_> {
    /// Starts workers until one ends well, or none can serve.
    fn watch(mut self) -> (Holdings, Result<(), Refusal>) {
        let (mut has_served, mut is_asked, mut faults) = (false, false, Faults::default());
        loop {
            if faults.own >= MOUNT_FAULTS {
                self.holdings.unmount(self.paths);
            }
            if let Err(error) = self.holdings.mount(&self.options, self.paths) {
                return (self.holdings, Err(error.into()));
            }
            let death = self
                .start()
                .and_then(|worker| self.look_after(worker, &mut has_served, &mut is_asked));
            let death = match death {
                Ok(death) => death,
                Err(error) => {
                    return (self.holdings, Err(failed(&format!("no worker: {error}"))));
                }
            };
            match death.next(&mut faults) {
                Next::End => return (self.holdings, Ok(())),
                // The first says why there can be no daemon.
                _ if !has_served && !death.said.is_empty() => {
                    return (self.holdings, Err(failed(&death.said)));
                }
                Next::GiveUp => return (self.holdings, Err(failed(&death.to_string()))),
                Next::Worker(pause) => {
                    if let Err(error) = self.pause(pause, &mut is_asked) {
                        return (self.holdings, Err(failed(&format!("no worker: {error}"))));
                    }
                    self.options.handed.after = Some(death.to_string());
                }
            }
        }
    }

    fn start(&self) -> io::Result<Worker> {
        let program = process::program()?;
        let mut command =
            self.holdings.command(&program, &self.options, self.paths, Role::Worker)?;
        if let Some(why) = &self.options.handed.after {
            command.args(["--after", why]);
        }
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let out = child.stdout.take();
        Ok(Worker { child, out, said: Vec::new(), ready_since: None, dying_since: None })
    }

    /// Hears what the worker says, and hands on what is asked of it, until it has ended.
    fn look_after(
        &self,
        mut worker: Worker,
        has_served: &mut bool,
        is_asked: &mut bool,
    ) -> io::Result<Death> {
        loop {
            let out = worker.out.as_ref().map(ChildStdout::as_fd);
            let timeout = worker.is_to_be_watched().then_some(DYING).into();
            let [signalled, spoken] = wait(&self.signals, out, timeout)?;
            if spoken && worker.hear() {
                tell(Report::Ready);
                *has_served = true;
                if *is_asked {
                    worker.send(Signal::SIGTERM);
                }
            }
            if !signalled {
                if worker.is_to_be_watched() && !spoken {
                    self.help_to_die(&mut worker);
                }
                continue;
            }
            for signal in self.pending() {
                *is_asked |= !matches!(signal, Signal::SIGCHLD | Signal::SIGUSR2);
                if signal != Signal::SIGCHLD && worker.ready_since.is_some() {
                    worker.send(signal);
                }
            }
            if let Some(status) = worker.child.try_wait()? {
                while worker.out.is_some() {
                    worker.hear();
                }
                return Ok(worker.death(status));
            }
        }
    }

    /// Lets go of threads of the worker that wait for its own answers.
    fn help_to_die(&self, worker: &mut Worker) {
        let Some(connection) = &self.holdings.connection else { return };
        let Some(threads) = canary::stuck_threads(worker.child.id()) else { return };
        let since = worker.dying_since.get_or_insert_with(Instant::now);
        let helped = let_go(connection, |thread| threads.contains(&thread));
        // Without that, the next worker could not serve the mount either.
        let cannot = helped.is_err_and(|error| error.kind() == io::ErrorKind::InvalidInput);
        if cannot || since.elapsed() >= DYING_LIMIT {
            let _ = fuse::abort(&self.paths.mount);
        }
    }

    /// Waits, and remembers who asks for the end meanwhile.
    fn pause(&self, pause: Duration, is_asked: &mut bool) -> io::Result<()> {
        let end = Instant::now() + pause;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            let timeout = PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX);
            wait(&self.signals, None, timeout)?;
            let mut asks = self.pending();
            *is_asked |= asks.any(|signal| !matches!(signal, Signal::SIGCHLD | Signal::SIGUSR2));
        }
    }

    /// The signals that have come.
    fn pending(&self) -> impl Iterator<Item = Signal> {
        std::iter::from_fn(|| self.signals.read_signal().ok().flatten()).filter_map(|info| {
            let number = i32::try_from(info.ssi_signo).ok()?;
            Signal::try_from(number).ok()
        })
    }
}

/// Waits for a signal, or for `out` to say something.
fn wait(
    signals: &SignalFd,
    out: Option<BorrowedFd<'_>>,
    timeout: PollTimeout,
) -> io::Result<[bool; 2]> {
    let mut fds = vec![PollFd::new(signals.as_fd(), PollFlags::POLLIN)];
    fds.extend(out.map(|out| PollFd::new(out, PollFlags::POLLIN)));
    match poll(&mut fds, timeout) {
        Ok(_) => {}
        Err(Errno::EINTR) => return Ok([false; 2]),
        Err(errno) => return Err(errno.into()),
    }
    let mut any = fds.iter().map(|fd| fd.any().unwrap_or(false));
    Ok([any.next().unwrap_or(false), any.next().unwrap_or(false)])
}

impl Worker {
    /// Reads what it says; whether that is that it serves, just now.
    fn hear(&mut self) -> bool {
        let has_spoken = self.ready_since.is_some();
        let Some(out) = &mut self.out else { return false };
        let mut chunk = [0; 256];
        let len = match out.read(&mut chunk) {
            Ok(len) => len,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return false,
            Err(_) => 0,
        };
        self.said.extend_from_slice(chunk.get(..len).unwrap_or_default());
        let is_ready = !has_spoken && self.said == Report::Ready.line().as_bytes();
        if len == 0 {
            self.dying_since = Some(Instant::now());
        }
        // One that serves keeps its end for as long as it lives.
        let has_ended = self.said.contains(&b'\n') && !is_ready;
        if len == 0 || has_ended || self.said.len() > TEXT_MAX {
            self.out = None;
        }
        if is_ready {
            self.said.clear();
            self.ready_since = Some(Instant::now());
        }
        is_ready
    }

    /// Whether it may have been killed and not be able to end, without anybody's being told.
    fn is_to_be_watched(&self) -> bool {
        self.ready_since.is_none() || self.dying_since.is_some()
    }

    fn send(&self, signal: Signal) {
        // It has not been waited for: the number is its own.
        let _ = kill(Pid::from_raw(self.child.id().cast_signed()), signal);
    }

    fn death(&mut self, status: ExitStatus) -> Death {
        let said = String::from_utf8_lossy(&mem::take(&mut self.said)).trim().to_owned();
        Death { status, served: self.ready_since.map(|since| since.elapsed()), said }
    }
}

impl Death {
    /// What follows; `faults` counts those at a stretch.
    fn next(&self, faults: &mut Faults) -> Next {
        if self.status.success() {
            return Next::End;
        }
        let makes_way = self.status.code() == Some(i32::from(AGAIN));
        let is_killed = self.status.signal() == Some(Signal::SIGKILL as i32);
        if self.served.is_some_and(|served| is_killed || makes_way || served >= CALM) {
            *faults = Faults::default();
        }
        if self.served.is_some() && (is_killed || makes_way) {
            return Next::Worker(Duration::ZERO);
        }
        let (count, most) = if is_killed {
            (&mut faults.kills, KILLS_MAX)
        } else {
            (&mut faults.own, PAUSES.len())
        };
        let pause = PAUSES.get(*count).or(PAUSES.last()).filter(|_| *count < most);
        *count += 1;
        pause.map_or(Next::GiveUp, |pause| Next::Worker(*pause))
    }
}

impl std::fmt::Display for Death {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let makes_way = self.status.code() == Some(i32::from(AGAIN));
        match (self.said.as_str(), self.status.signal()) {
            (said, _) if !said.is_empty() => f.write_str(said),
            (_, Some(signal)) => write!(f, "the worker died of signal {signal}"),
            _ if makes_way => f.write_str("the worker made way"),
            _ => write!(f, "the worker failed: {}", self.status),
        }
    }
}

fn failed(text: &str) -> Refusal {
    Refusal::Failed(Failure::new(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn death(wait_status: i32, served: Option<u64>) -> Death {
        let status = ExitStatus::from_raw(wait_status);
        Death { status, served: served.map(Duration::from_secs), said: String::new() }
    }

    #[test]
    fn a_worker_that_ends_well_is_the_last() {
        assert_eq!(death(0, Some(1)).next(&mut Faults::default()), Next::End);
    }

    #[test]
    fn one_that_is_killed_or_makes_way_is_followed_at_once_however_often() {
        let mut faults = Faults { own: 5, kills: 5 };
        for _ in 0..100 {
            for status in [9, i32::from(AGAIN) << 8] {
                assert_eq!(death(status, Some(0)).next(&mut faults), Next::Worker(Duration::ZERO));
            }
        }
        assert_eq!(faults, Faults::default());
    }

    #[test]
    fn faults_at_a_stretch_are_followed_ever_later_and_then_not() {
        let mut faults = Faults::default();
        for pause in PAUSES {
            assert_eq!(death(6, Some(1)).next(&mut faults), Next::Worker(pause));
        }
        assert_eq!(death(6, None).next(&mut faults), Next::GiveUp);
        assert_eq!(death(6, Some(10)).next(&mut faults), Next::Worker(PAUSES[0]));
    }

    #[test]
    fn who_is_killed_before_it_serves_has_no_fault_but_not_for_ever() {
        let mut faults = Faults::default();
        for pause in PAUSES {
            assert_eq!(death(9, None).next(&mut faults), Next::Worker(pause));
        }
        assert_eq!(faults.own, 0);
        for _ in PAUSES.len()..KILLS_MAX {
            assert_eq!(death(9, None).next(&mut faults), Next::Worker(PAUSES[5]));
        }
        assert_eq!(death(9, None).next(&mut faults), Next::GiveUp);
    }

    #[test]
    fn a_death_has_words() {
        let mut said = death(256, None);
        assert_eq!(said.to_string(), "the worker failed: exit status: 1");
        said.said = "io_uring: ENOSYS".to_owned();
        assert_eq!(said.to_string(), "io_uring: ENOSYS");
        assert_eq!(death(11, None).to_string(), "the worker died of signal 11");
        assert_eq!(death(i32::from(AGAIN) << 8, None).to_string(), "the worker made way");
    }
}
