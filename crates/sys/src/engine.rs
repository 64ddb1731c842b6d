//! Which device-mapper answers: the kernel's, or dm-engined.
//!
//! In this order: the engine behind `DMKIT_SOCKET` where that is set, the kernel where it answers, the engine.
//! A daemon that runs is used whatever its front end; one that is started gets the best there is here:
//!
//! | front end | needs |
//! |---|---|
//! | `ublk` | `/dev/ublk-control`; root, unless it is asked for |
//! | `fuse` | root, `/dev/fuse`, `/dev/loop-control` |
//! | `file` | `/dev/fuse` |

use std::fmt;
use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use dm_core::backend::Backend;
use dm_core::errno::Errno;
use dm_core::packet::{Cmd, Packet};

use crate::control::{Control, ControlError};
use crate::daemon::{self, StartError};
use crate::os;
use crate::paths::{Env, Places};
use crate::socket::Socket;

/// A device-mapper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The kernel's.
    Kernel,
    /// The engine, its devices served through ublk.
    Ublk,
    /// The engine, its devices served as files through FUSE with loop devices on them.
    Fuse,
    /// The engine, its devices served as files through FUSE.
    File,
}

impl Kind {
    /// Its word, in `DMKIT_ENGINE` and `--engine`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Kernel => "kernel",
            Self::Ublk => "ublk",
            Self::Fuse => "fuse",
            Self::File => "file",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Kind {
    type Err = ChooseError;

    fn from_str(word: &str) -> Result<Self, ChooseError> {
        let all = [Self::Kernel, Self::Ublk, Self::Fuse, Self::File];
        let found = all.into_iter().find(|kind| kind.word() == word);
        found.ok_or_else(|| ChooseError::Word(word.to_owned()))
    }
}

/// Why no device-mapper answers.
#[derive(Debug, thiserror::Error)]
pub enum ChooseError {
    /// There is no engine of this name.
    #[error("{0}: not an engine: kernel, ublk, fuse or file")]
    Word(String),
    /// The kernel was asked for, or may not be passed over, and does not answer.
    #[error("the kernel's device-mapper does not answer")]
    Kernel(#[source] ControlError),
    /// A front end was asked for that cannot work here.
    #[error("engine {kind}: {missing}")]
    Missing {
        /// Which.
        kind: Kind,
        /// What it needs.
        missing: Missing,
    },
    /// The daemon could not be reached or started.
    #[error("dm-engined does not answer")]
    Start {
        /// Why.
        #[source]
        error: StartError,
        /// Why the kernel does not answer either, where it was asked.
        kernel: Option<ControlError>,
    },
}

impl ChooseError {
    /// What the kernel said, where it was asked: the original's message hangs on it.
    pub fn kernel(&self) -> Option<&ControlError> {
        match self {
            Self::Kernel(error) => Some(error),
            Self::Start { kernel, .. } => kernel.as_ref(),
            Self::Word(_) | Self::Missing { .. } => None,
        }
    }
}

/// What a front end needs and does not have here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// Root's rights.
    #[error("needs root")]
    Root,
    /// A device node that opens.
    #[error("{}: open failed: {errno}", path.display())]
    Node {
        /// The node.
        path: PathBuf,
        /// What opening it said.
        errno: Errno,
    },
}

/// The device-mapper that answers.
#[derive(Debug)]
pub enum Answer {
    /// The kernel's.
    Kernel(Control),
    /// dm-engined.
    Engine(Socket),
}

impl Backend for Answer {
    fn exchange(&self, cmd: Cmd, packet: &mut Packet) -> Result<(), Errno> {
        match self {
            Self::Kernel(control) => control.exchange(cmd, packet),
            Self::Engine(socket) => socket.exchange(cmd, packet),
        }
    }
}

/// Finds who answers, starting the daemon if need be. `forced` is what `--engine` says; the environment's
/// `DMKIT_ENGINE` counts where it says nothing.
///
/// # Errors
///
/// [`ChooseError`].
pub fn choose(forced: Option<&str>) -> Result<Answer, ChooseError> {
    choose_in(&Env::read(), forced)
}

/// The same in a given environment.
///
/// # Errors
///
/// [`ChooseError`].
pub fn choose_in(env: &Env, forced: Option<&str>) -> Result<Answer, ChooseError> {
    let places = Places::new(env);
    match who(env, &places, forced)? {
        Who::Kernel(control) => Ok(Answer::Kernel(control)),
        Who::Engine(kind, kernel) => engine(env, &places, kind, kernel),
    }
}

/// The same for a command that only looks: where the engine is to answer and does not run, `None`, for it has
/// no devices. One that was killed has, and is started again.
///
/// # Errors
///
/// [`ChooseError`].
pub fn connect_if_running(forced: Option<&str>) -> Result<Option<Answer>, ChooseError> {
    connect_if_running_in(&Env::read(), forced)
}

/// The same in a given environment.
///
/// # Errors
///
/// [`ChooseError`].
pub fn connect_if_running_in(
    env: &Env,
    forced: Option<&str>,
) -> Result<Option<Answer>, ChooseError> {
    let places = Places::new(env);
    match who(env, &places, forced)? {
        Who::Kernel(control) => Ok(Some(Answer::Kernel(control))),
        Who::Engine(kind, kernel) => match daemon::connect(&places.socket) {
            Ok(socket) => Ok(Some(Answer::Engine(socket))),
            Err(error) if daemon::is_absent(&error) => {
                if remembers_devices(&places) {
                    return engine(env, &places, kind, kernel).map(Some);
                }
                // What could not be started is an error now, not only once something is to be made.
                front_end(env, kind).map(|_| None).map_err(|missing| refuse(kind, missing, kernel))
            }
            Err(error) => {
                let error = StartError::Connect { path: places.socket, error };
                Err(ChooseError::Start { error, kernel })
            }
        },
    }
}

/// Whether a daemon that was killed, or asked to end, has left devices, which the next one brings back: the
/// records that it needs for that are there.
fn remembers_devices(places: &Places) -> bool {
    let records = fs::read_dir(&places.state).into_iter().flatten().flatten();
    records.map(|record| record.path()).any(|path| path.extension().is_some_and(|e| e == "json"))
}

/// Who is to answer; for the engine, which front end was asked for, and what the kernel said if it was asked.
enum Who {
    Kernel(Control),
    Engine(Option<Kind>, Option<ControlError>),
}

fn who(env: &Env, places: &Places, forced: Option<&str>) -> Result<Who, ChooseError> {
    let from_env = env.engine.as_ref().map(|word| word.to_string_lossy().into_owned());
    let word = forced.map(str::to_owned).or(from_env);
    match word.map(|word| word.parse()).transpose()? {
        Some(Kind::Kernel) => {
            Control::open(&places.dev).map(Who::Kernel).map_err(ChooseError::Kernel)
        }
        Some(kind) => Ok(Who::Engine(Some(kind), None)),
        None if env.socket.is_some() => Ok(Who::Engine(None, None)),
        None => match Control::open(&places.dev) {
            Ok(control) => Ok(Who::Kernel(control)),
            Err(error) => Ok(Who::Engine(None, Some(error))),
        },
    }
}

/// Connects to the daemon, first of all; only one that does not run is cause to look what could be started.
fn engine(
    env: &Env,
    places: &Places,
    kind: Option<Kind>,
    kernel: Option<ControlError>,
) -> Result<Answer, ChooseError> {
    match daemon::connect(&places.socket) {
        Ok(socket) => return Ok(Answer::Engine(socket)),
        Err(error) if daemon::is_absent(&error) => {}
        Err(error) => {
            let error = StartError::Connect { path: places.socket.clone(), error };
            return Err(ChooseError::Start { error, kernel });
        }
    }
    let front_end = match front_end(env, kind) {
        Ok(front_end) => front_end,
        Err(missing) => return Err(refuse(kind, missing, kernel)),
    };
    match daemon::start(places, front_end.word()) {
        Ok(socket) => Ok(Answer::Engine(socket)),
        Err(error) => Err(ChooseError::Start { error, kernel }),
    }
}

fn refuse(kind: Option<Kind>, missing: Missing, kernel: Option<ControlError>) -> ChooseError {
    match kind {
        Some(kind) => ChooseError::Missing { kind, missing },
        None => ChooseError::Start { error: StartError::FrontEnd(missing), kernel },
    }
}

/// The front end to start: the one asked for if it can work, else the first that can.
fn front_end(env: &Env, kind: Option<Kind>) -> Result<Kind, Missing> {
    match kind {
        Some(kind) => needs(env, kind).map(|()| kind),
        None if env.is_root() && needs(env, Kind::Ublk).is_ok() => Ok(Kind::Ublk),
        None => needs(env, Kind::Fuse)
            .map(|()| Kind::Fuse)
            .or_else(|_| needs(env, Kind::File).map(|()| Kind::File)),
    }
}

/// Whether a front end has what it needs.
fn needs(env: &Env, kind: Kind) -> Result<(), Missing> {
    match kind {
        Kind::Kernel => Ok(()),
        // Who may open it may have devices: the driver decides which.
        Kind::Ublk => opens("/dev/ublk-control"),
        Kind::Fuse if !env.is_root() => Err(Missing::Root),
        Kind::Fuse => opens("/dev/fuse").and_then(|()| opens("/dev/loop-control")),
        Kind::File => opens("/dev/fuse"),
    }
}

fn opens(path: &str) -> Result<(), Missing> {
    let opened = OpenOptions::new().read(true).write(true).open(path);
    let missing =
        |error| Missing::Node { path: Path::new(path).to_owned(), errno: os::errno(&error) };
    opened.map(drop).map_err(missing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::socket;
    use std::os::unix::net::UnixListener;
    use std::thread;

    /// An environment whose socket is in a folder of its own, and whose `/dev` is another.
    fn private() -> (tempfile::TempDir, Env) {
        let top = tempfile::tempdir().unwrap();
        let env = Env {
            uid: nix::unistd::geteuid().as_raw(),
            socket: Some(top.path().join("engine.sock").into()),
            dev_dir: Some(top.path().join("dev").into()),
            ..Env::default()
        };
        (top, env)
    }

    /// Answers one connection for as long as it asks.
    fn serve(env: &Env) -> thread::JoinHandle<()> {
        let listener = UnixListener::bind(Places::new(env).socket).unwrap();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            while let Some((_, packet)) = socket::read_request(&mut stream).unwrap() {
                socket::write_reply(&mut stream, None, &packet).unwrap();
            }
        })
    }

    #[test]
    fn a_socket_in_the_environment_is_the_engine() {
        let (_top, env) = private();
        let daemon = serve(&env);
        let answer = choose_in(&env, None).unwrap();
        assert!(matches!(answer, Answer::Engine(_)));
        drop(answer);
        daemon.join().unwrap();
        // Not even the kernel's node was looked for.
        assert!(!Places::new(&env).dev.exists());
    }

    #[test]
    fn who_only_looks_starts_a_daemon_where_devices_are_remembered() {
        let (_top, env) = private();
        if daemon::find_program().is_some() {
            eprintln!("skipped: it would start");
            return;
        }
        let looks = || connect_if_running_in(&env, Some("file"));
        let started = |answer| matches!(answer, Err(ChooseError::Start { .. }));
        assert!(!started(looks()));
        fs::create_dir(Places::new(&env).state).unwrap();
        fs::write(Places::new(&env).state.join("major"), "254").unwrap();
        assert!(!started(looks()));
        fs::write(Places::new(&env).state.join("0.json"), "").unwrap();
        // Where no front end can work, that is said first.
        assert_eq!(started(looks()), needs(&env, Kind::File).is_ok());
    }

    #[test]
    fn the_kernel_can_be_forced_over_the_socket_by_option_and_environment() {
        let (_top, env) = private();
        let by_option = choose_in(&env, Some("kernel"));
        let by_env = choose_in(&Env { engine: Some("kernel".into()), ..env }, None);
        for answer in [by_option, by_env] {
            match answer {
                Ok(Answer::Kernel(_)) | Err(ChooseError::Kernel(_)) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn the_option_counts_before_the_environment() {
        let (_top, env) = private();
        let env = Env { engine: Some("nonsense".into()), ..env };
        let daemon = serve(&env);
        assert!(matches!(choose_in(&env, Some("file")), Ok(Answer::Engine(_))));
        daemon.join().unwrap();
    }

    #[test]
    fn an_unknown_engine_is_named() {
        let (_top, env) = private();
        let error = choose_in(&env, Some("nbd")).unwrap_err();
        assert_eq!(error.to_string(), "nbd: not an engine: kernel, ublk, fuse or file");
    }

    #[test]
    fn ublk_needs_its_control_node() {
        let (_top, env) = private();
        match (needs(&env, Kind::Ublk), OpenOptions::new().write(true).open("/dev/ublk-control")) {
            (Ok(()), Ok(_)) => {}
            (Err(Missing::Node { path, errno }), Err(error)) => {
                assert_eq!(path, Path::new("/dev/ublk-control"));
                assert_eq!(errno, os::errno(&error));
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn loop_devices_are_for_root() {
        let (_top, env) = private();
        let env = Env { uid: 7, ..env };
        assert_eq!(needs(&env, Kind::Fuse), Err(Missing::Root));
        let error = choose_in(&env, Some("fuse")).unwrap_err();
        assert_eq!(error.to_string(), "engine fuse: needs root");
    }
}
