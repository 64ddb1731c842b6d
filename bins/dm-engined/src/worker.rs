//! The process that serves: from its predecessor's last request to the last device's end.
//!
//! It leaves when the daemon has had neither a device nor a connection for a while. Asked to end (`SIGTERM`,
//! `SIGINT`, `SIGHUP`), it leaves as soon as nobody has a device open: nodes and mount go, what is needed to
//! bring the devices back stays, and the next daemon does. Until then it serves, for a device in use cannot be
//! taken away. Asked to make way (`SIGUSR2`), it ends at once and takes nothing down: its successor, of a new
//! version perhaps, serves what it served.

use std::env;
use std::fs;
use std::mem;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use dm_core::errno::Errno;
use dm_engine::engine::host::HostDevices;
use dm_engine::engine::{Engine, EngineOptions};
use dm_engine::frontend::Frontend;
use dm_engine::frontend::file::FuseFiles;
use dm_engine::frontend::loops::FuseLoops;
use dm_engine::frontend::ublk::Ublk;
use dm_engine::ring::queue::Queues;
use dm_engine::state::StateFolder;
use dm_engine::target::Runner;
use dm_sys::daemon::Report;
use dm_sys::process;
use nix::sys::signal::{SigSet, Signal};
use tracing::{error, info, warn};

use crate::agenda::{Agenda, Ask};
use crate::connections::Connections;
use crate::guard::{self, Guard};
use crate::holdings::{Holdings, Role};
use crate::options::{FrontEnd, Serve};
use crate::places::{Paths, front_end};
use crate::serve::{Refusal, depend_on_no_disk, tell as report};
use crate::{Failure, canary, log, major};

/// How a worker ends that is to be followed by another: no code that a failure or a shell gives.
pub(crate) const AGAIN: u8 = 75;

/// The most queues: each is a thread, and most devices need one.
const QUEUES_MAX: usize = 4;

/// How often to look after things, at most: when there is something to do, or nobody would tell.
const TICK: Duration = Duration::from_millis(500);

/// How long commands under way may take to end before leaving is put off.
const LEAVE_LIMIT: Duration = Duration::from_secs(1);

/// How long commands under way may take to end before they are cut off for a successor.
const AGAIN_LIMIT: Duration = Duration::from_secs(5);

/// Serves until there is nothing left to serve, or a successor is to.
pub(crate) fn run(options: &Serve, paths: &Paths, holdings: Holdings) -> Result<ExitCode, Refusal> {
    let (tell, told) = channel();
    catch_signals(tell.clone());
    if options.handed.worker_of.is_some() {
        canary::keep();
    }
    let daemon = match Daemon::start(options, paths, &holdings) {
        Ok(daemon) => daemon,
        Err(refusal) => {
            if options.handed.worker_of.is_some() {
                // They are the supervisor's, who may try again.
                holdings.lock.leave();
            }
            return Err(refusal);
        }
    };
    daemon.engine.on_upkeep(Box::new(move || {
        // Nobody listens once this process is about to end.
        let _ = tell.send(Ask::Look);
    }));
    report(Report::Ready);
    match daemon.live(&told, &holdings, paths) {
        Ending::Left => {
            daemon.clean_up(paths, holdings);
            Ok(ExitCode::SUCCESS)
        }
        Ending::MakesWay => {
            // Nothing is taken down.
            mem::forget((daemon, holdings));
            Ok(ExitCode::from(AGAIN))
        }
    }
}

/// How a worker's life ended.
enum Ending {
    Left,
    MakesWay,
}

/// Has a thread wait for the signals that ask for something. No other thread gets them.
fn catch_signals(tell: Sender<Ask>) {
    let mut signals = SigSet::empty();
    for signal in [Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP, Signal::SIGUSR2] {
        signals.add(signal);
    }
    let wait = move || {
        while let Ok(signal) = signals.wait() {
            let ask = if signal == Signal::SIGUSR2 { Ask::MakeWay } else { Ask::End };
            info!(%signal, ?ask, "asked");
            if tell.send(ask).is_err() {
                return;
            }
        }
    };
    let blocked = signals.thread_block();
    if let Err(error) = thread::Builder::new().name("signals".into()).spawn(wait) {
        warn!(%error, ?blocked, "signals are not caught");
    }
}

/// A daemon that serves.
struct Daemon {
    options: Serve,
    engine: Arc<Engine>,
    frontend: Arc<dyn Frontend>,
    connections: Arc<Connections>,
    /// Held until the last request is done, whatever becomes of this process.
    _guard: Guard,
}

impl Daemon {
    fn start(options: &Serve, paths: &Paths, holdings: &Holdings) -> Result<Self, Refusal> {
        let to = if options.foreground { log::To::Stderr } else { log::To::File(&paths.log) };
        log::begin(to)?;
        if let Some(why) = &options.handed.after {
            warn!(why, "takes over");
        }
        env::set_current_dir("/")?;
        depend_on_no_disk();
        let folder = &paths.places.state;
        let state =
            StateFolder::open(folder).map_err(|errno| failed("state folder", folder, errno))?;
        let guard = Guard::wait(folder, guard::LIMIT)?;
        let queues = start_queues(&guard)?;
        let frontend = mount(options, paths, &queues, holdings)?;
        let started = Self::start_engine(paths, state, &frontend, &queues, holdings);
        let (engine, connections) = started.inspect_err(|_| {
            if let Err(error) = frontend.leave() {
                warn!(%error, "something is left behind");
            }
        })?;
        info!(socket = %paths.places.socket.display(), frontend = frontend.kind(), "serves");
        Ok(Self { options: options.clone(), engine, frontend, connections, _guard: guard })
    }

    /// Brings back the devices, and only then takes commands.
    fn start_engine(
        paths: &Paths,
        state: StateFolder,
        frontend: &Arc<dyn Frontend>,
        queues: &Arc<Queues>,
        holdings: &Holdings,
    ) -> Result<(Arc<Engine>, Arc<Connections>), Refusal> {
        let folder = &paths.places.state;
        let engine = Arc::new(Engine::new(EngineOptions {
            major: major::choose(folder),
            frontend: Arc::clone(frontend),
            opener: Box::new(HostDevices::default()),
            runner: Some(Arc::clone(queues) as Arc<dyn Runner>),
            state: Some(state),
        }));
        let back = engine.restore().map_err(|errno| failed("state not read", folder, errno))?;
        if back > 0 {
            info!(back, "devices are back");
        }
        let connections = Connections::new(Arc::clone(&engine), paths.places.uid);
        connections.listen(holdings.listener.try_clone()?)?;
        Ok((engine, connections))
    }

    /// Looks after things until it is time to go.
    fn live(&self, told: &Receiver<Ask>, holdings: &Holdings, paths: &Paths) -> Ending {
        let idle = self.options.idle();
        let mut agenda = Agenda::new(TICK.min(idle / 4).max(Duration::from_millis(10)));
        let (mut asked, mut idle_since, mut seen) = (false, Instant::now(), 0);
        loop {
            match agenda.wait(told) {
                Some(Ask::End) => asked = true,
                Some(Ask::MakeWay) if self.make_way(holdings, paths) => return Ending::MakesWay,
                Some(Ask::MakeWay | Ask::Look) | None => {}
            }
            self.engine.tick();
            let (in_use, now_seen) = (self.is_in_use(), self.connections.seen());
            if in_use || now_seen != seen {
                (idle_since, seen) = (Instant::now(), now_seen);
            }
            if (asked || idle_since.elapsed() >= idle) && self.leave(asked) {
                return Ending::Left;
            }
            agenda.looked(match in_use {
                _ if asked || self.engine.needs_watching() => Some(Duration::ZERO),
                true => None,
                false => Some(idle.saturating_sub(idle_since.elapsed())),
            });
        }
    }

    fn is_in_use(&self) -> bool {
        self.engine.device_count() > 0 || self.connections.open() > 0
    }

    /// Ends the commands under way, and says whether this process is to end for its successor. Where nobody
    /// looks after it, it becomes its successor itself; if it cannot, it serves on.
    fn make_way(&self, holdings: &Holdings, paths: &Paths) -> bool {
        let shut = self.connections.turnstile.shut(AGAIN_LIMIT);
        if shut.is_none() {
            warn!("commands that do not end are cut off");
        }
        self.engine.tick();
        info!("makes way");
        if self.is_supervised() {
            mem::forget(shut);
            return true;
        }
        let program = process::program();
        let command = program
            .and_then(|program| holdings.command(&program, &self.options, paths, Role::Successor));
        let error = match command {
            Ok(mut command) => command.exec(),
            Err(error) => error,
        };
        error!(%error, "no successor; serves on");
        false
    }

    fn is_supervised(&self) -> bool {
        let parent = nix::unistd::getppid().as_raw();
        self.options.handed.worker_of == Some(parent)
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
    fn clean_up(self, paths: &Paths, holdings: Holdings) {
        info!(devices = self.engine.device_count(), "leaves");
        let state = &paths.places.state;
        if self.engine.device_count() == 0 {
            major::forget(state);
            guard::forget(state);
            // It stays when something in it could not be understood.
            let _ = fs::remove_dir(state);
        }
        if !self.options.foreground {
            let _ = fs::remove_file(&paths.log);
        }
        drop(holdings);
        if paths.run_goes {
            // It stays when somebody else has put something there.
            let _ = fs::remove_dir(&paths.places.run);
        }
    }
}

fn failed(what: &str, path: &Path, errno: Errno) -> Refusal {
    Refusal::Failed(Failure::new(format!("{}: {what}: {errno}", path.display())))
}

fn start_queues(guard: &Guard) -> Result<Arc<Queues>, Refusal> {
    let count = thread::available_parallelism().map_or(1, usize::from).min(QUEUES_MAX);
    Queues::start(count, Some(guard.file()?))
        .map_err(|error| Refusal::Failed(Failure::new(format!("io_uring: {error}"))))
}

fn mount(
    options: &Serve,
    paths: &Paths,
    queues: &Arc<Queues>,
    holdings: &Holdings,
) -> Result<Arc<dyn Frontend>, Refusal> {
    let connection = || {
        let held =
            holdings.connection.as_ref().ok_or_else(|| Failure::new("no FUSE connection"))?;
        held.try_clone().map_err(Refusal::from)
    };
    match front_end(options, &paths.places) {
        FrontEnd::Ublk => {
            Ok(Arc::new(Ublk::open(&paths.places.state, &paths.places.mapper, queues)?))
        }
        FrontEnd::Fuse if paths.places.uid != 0 => Err(Refusal::Failed(Failure::new(
            "front end fuse needs root, for its loop devices; front end file does not",
        ))),
        FrontEnd::Fuse => {
            let (folder, nodes) = (&paths.mount, &paths.places.mapper);
            Ok(Arc::new(FuseLoops::mount(folder, nodes, queues, connection()?)?))
        }
        FrontEnd::File => Ok(Arc::new(FuseFiles::mount(&paths.mount, queues, connection()?)?)),
    }
}
