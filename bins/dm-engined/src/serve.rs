//! A daemon's life: from the lock to the last device's end.
//!
//! It leaves when it has had neither a device nor a connection for a while. Asked to end (`SIGTERM`, `SIGINT`,
//! `SIGHUP`), it leaves as soon as nobody has a device open: nodes and mount go, what is needed to bring the
//! devices back stays, and the next daemon does. Until then it serves, for a device in use cannot be taken
//! away; a daemon that is killed leaves its devices dead until the next one comes.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use dm_core::errno::Errno;
use dm_engine::engine::host::HostDevices;
use dm_engine::engine::{Engine, EngineOptions};
use dm_engine::frontend::Frontend;
use dm_engine::frontend::file::FuseFiles;
use dm_engine::frontend::loops::FuseLoops;
use dm_engine::ring::queue::Queues;
use dm_engine::state::StateFolder;
use dm_engine::target::Runner;
use dm_sys::daemon::{self, ListenError, Lock, Report};
use dm_sys::paths::{Env, Places};
use dm_sys::process;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::{SigSet, Signal};
use nix::sys::stat::{Mode, umask};
use tracing::{info, warn};

use crate::connections::Connections;
use crate::options::{FrontEnd, Serve};
use crate::{Failure, log, major};

/// The most queues: each is a thread, and most devices need one.
const QUEUES_MAX: usize = 4;

/// How often to look whether there is anything to do, at most.
const TICK: Duration = Duration::from_millis(500);

/// How long commands under way may take to end before leaving is put off.
const LEAVE_LIMIT: Duration = Duration::from_secs(1);

/// Serves until there is nothing left to serve.
///
/// # Errors
///
/// [`Failure`], which was told to whoever started the daemon as well.
pub fn run(options: &Serve) -> Result<ExitCode, Failure> {
    settle(options);
    let signals = catch_signals();
    let result = Daemon::start(options);
    let daemon = match result {
        Ok(daemon) => daemon,
        Err(Refusal::Running(socket)) => {
            tell(Report::Running);
            return Err(Failure::new(format!("{}: a daemon is running already", socket.display())));
        }
        Err(Refusal::Failed(failure)) => {
            tell(Report::Failed(&failure.to_string()));
            return Err(failure);
        }
    };
    tell(Report::Ready);
    daemon.live(&signals);
    Ok(ExitCode::SUCCESS)
}

/// Gives up what was the caller's: its session, its folder, its open files.
fn settle(options: &Serve) {
    umask(Mode::from_bits_truncate(0o022));
    // Each device takes some; as many as this user may have.
    if let Ok((_, most)) = getrlimit(Resource::RLIMIT_NOFILE) {
        let _ = setrlimit(Resource::RLIMIT_NOFILE, most, most);
    }
    if options.foreground {
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

/// Tells whoever started the daemon; that they have gone is no reason to fail.
fn tell(what: Report<'_>) {
    if let Err(error) = daemon::report(what) {
        warn!(%error, "not reported");
    }
}

/// Has a thread wait for the signals that ask for the end. No other thread gets them.
fn catch_signals() -> Receiver<()> {
    let mut signals = SigSet::empty();
    for signal in [Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP] {
        signals.add(signal);
    }
    let (tell, told) = channel();
    let wait = move || {
        while let Ok(signal) = signals.wait() {
            info!(%signal, "asked to end");
            if tell.send(()).is_err() {
                return;
            }
        }
    };
    let blocked = signals.thread_block();
    if let Err(error) = thread::Builder::new().name("signals".into()).spawn(wait) {
        warn!(%error, ?blocked, "signals are not caught");
    }
    told
}

/// Why there is no daemon.
enum Refusal {
    Running(PathBuf),
    Failed(Failure),
}

impl<E: std::error::Error> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self::Failed(Failure::of(&error))
    }
}

/// Where this daemon has its things.
#[derive(Debug)]
struct Paths {
    places: Places,
    /// Whether the run folder is to go with the daemon.
    run_goes: bool,
    mount: PathBuf,
    log: PathBuf,
}

impl Paths {
    fn new(options: &Serve) -> io::Result<Self> {
        // The folder of nodes is the tools' affair: one daemon serves callers with any.
        let mut env = Env { dev_dir: None, ..Env::read() };
        if let Some(socket) = options.socket.clone().or(env.socket.map(PathBuf::from)) {
            env.socket = Some(std::path::absolute(socket)?.into());
        } else {
            env.socket = None;
        }
        let mut places = Places::new(&env);
        if let Some(state) = &options.state {
            places.state = std::path::absolute(state)?;
        }
        let mount = match front_end(options, &places) {
            FrontEnd::Fuse => places.socket.with_extension("fuse"),
            FrontEnd::File => places.run.join("mapper"),
        };
        let run_goes = env.socket.is_none() || !places.run.exists();
        Ok(Self { run_goes, mount, log: places.socket.with_extension("log"), places })
    }
}

/// The front end asked for, or the best that this user can have.
fn front_end(options: &Serve, places: &Places) -> FrontEnd {
    options.frontend.unwrap_or(if places.uid == 0 { FrontEnd::Fuse } else { FrontEnd::File })
}

/// A daemon that serves.
struct Daemon {
    paths: Paths,
    lock: Lock,
    idle: Duration,
    foreground: bool,
    engine: Arc<Engine>,
    frontend: Arc<dyn Frontend>,
    connections: Arc<Connections>,
}

impl Daemon {
    fn start(options: &Serve) -> Result<Self, Refusal> {
        let paths = Paths::new(options)?;
        let lock = Lock::take(&paths.places).map_err(|error| match error {
            ListenError::Running => Refusal::Running(paths.places.socket.clone()),
            error => error.into(),
        })?;
        let to = if options.foreground { log::To::Stderr } else { log::To::File(&paths.log) };
        log::begin(to)?;
        env::set_current_dir("/")?;
        depend_on_no_disk();
        let queues = start_queues()?;
        let frontend = mount(options, &paths, &queues)?;
        let started = Self::start_engine(&paths, &frontend, &queues, &lock);
        let (engine, connections) = started.inspect_err(|_| {
            if let Err(error) = frontend.leave() {
                warn!(%error, "something is left behind");
            }
        })?;
        info!(socket = %paths.places.socket.display(), frontend = frontend.kind(), "serves");
        let (idle, foreground) = (options.idle(), options.foreground);
        Ok(Self { paths, lock, idle, foreground, engine, frontend, connections })
    }

    /// Brings back the devices, and only then listens.
    fn start_engine(
        paths: &Paths,
        frontend: &Arc<dyn Frontend>,
        queues: &Arc<Queues>,
        lock: &Lock,
    ) -> Result<(Arc<Engine>, Arc<Connections>), Refusal> {
        let state = StateFolder::open(&paths.places.state)
            .map_err(|errno| failed("state folder", &paths.places.state, errno))?;
        let engine = Arc::new(Engine::new(EngineOptions {
            major: major::choose(&paths.places.state),
            frontend: Arc::clone(frontend),
            opener: Box::new(HostDevices::default()),
            runner: Some(Arc::clone(queues) as Arc<dyn Runner>),
            state: Some(state),
        }));
        let back = engine
            .restore()
            .map_err(|errno| failed("state not read", &paths.places.state, errno))?;
        if back > 0 {
            info!(back, "devices are back");
        }
        let connections = Connections::new(Arc::clone(&engine), paths.places.uid);
        connections.listen(lock.listen()?)?;
        Ok((engine, connections))
    }

    /// Looks after things until it is time to leave.
    fn live(self, signals: &Receiver<()>) {
        let tick = TICK.min(self.idle / 4).max(Duration::from_millis(10));
        let (mut asked, mut idle_since, mut seen) = (false, Instant::now(), 0);
        loop {
            match signals.recv_timeout(tick) {
                Ok(()) => asked = true,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => thread::sleep(tick),
            }
            self.engine.tick();
            let now_seen = self.connections.seen();
            if self.is_in_use() || now_seen != seen {
                (idle_since, seen) = (Instant::now(), now_seen);
            }
            if (asked || idle_since.elapsed() >= self.idle) && self.leave(asked) {
                self.clean_up();
                return;
            }
        }
    }

    fn is_in_use(&self) -> bool {
        self.engine.device_count() > 0 || self.connections.open() > 0
    }

    /// Gives up everything that stands in the system, if nothing speaks against it.
    fn leave(&self, asked: bool) -> bool {
        let Some(_shut) = self.connections.turnstile.shut(LEAVE_LIMIT) else { return false };
        if !asked && self.is_in_use() {
            return false;
        }
        match self.frontend.leave() {
            Ok(()) => {}
            Err(Errno::EBUSY) => return false,
            Err(error) => warn!(%error, "something is left behind"),
        }
        self.connections.close();
        true
    }

    /// Removes what is of no more use; without devices, that is everything.
    fn clean_up(self) {
        info!(devices = self.engine.device_count(), "leaves");
        let state = &self.paths.places.state;
        if self.engine.device_count() == 0 {
            major::forget(state);
            // It stays when something in it could not be understood.
            let _ = fs::remove_dir(state);
        }
        if !self.foreground {
            let _ = fs::remove_file(&self.paths.log);
        }
        drop(self.lock);
        if self.paths.run_goes {
            // It stays when somebody else has put something there.
            let _ = fs::remove_dir(&self.paths.places.run);
        }
    }
}

fn failed(what: &str, path: &Path, errno: Errno) -> Refusal {
    Refusal::Failed(Failure::new(format!("{}: {what}: {errno}", path.display())))
}

/// The kernel must not wait for our disks to find us memory. Users have no right to that, and need it less:
/// no filesystem of theirs is mounted by the kernel.
fn depend_on_no_disk() {
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

fn start_queues() -> Result<Arc<Queues>, Refusal> {
    let count = thread::available_parallelism().map_or(1, usize::from).min(QUEUES_MAX);
    Queues::start(count, None)
        .map_err(|error| Refusal::Failed(Failure::new(format!("io_uring: {error}"))))
}

fn mount(
    options: &Serve,
    paths: &Paths,
    queues: &Arc<Queues>,
) -> Result<Arc<dyn Frontend>, Refusal> {
    match front_end(options, &paths.places) {
        FrontEnd::Fuse if paths.places.uid != 0 => Err(Refusal::Failed(Failure::new(
            "front end fuse needs root, for its loop devices; front end file does not",
        ))),
        FrontEnd::Fuse => {
            Ok(Arc::new(FuseLoops::mount(&paths.mount, &paths.places.mapper, queues)?))
        }
        FrontEnd::File => Ok(Arc::new(FuseFiles::mount(&paths.mount, queues)?)),
    }
}
