//! Starting dm-engined on demand, and what it tells whoever started it.
//!
//! `dm-engined serve --frontend <word>` is run as nobody's child, in a session of its own, with `/` as its
//! folder. Its standard input and error are `/dev/null`; its standard output is a pipe on which it writes one
//! line, and which it then gives up ([`report`]):
//!
//! | line | means |
//! |---|---|
//! | `ready` | the socket takes connections |
//! | `running` | another daemon holds the lock, and serves, is about to, or is about to go |
//! | anything else | why it cannot serve; so does a pipe that closes without a word |
//!
//! Two tools that start at once both start a daemon; one gets the lock, and both tools connect to it.
//!
//! The lock belongs to an open file, not to a process: a process that is handed the descriptor has it as well,
//! and it is held for as long as either lives ([`Lock::inherit`]).

use std::env;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::mem;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno as NixErrno;
use nix::fcntl::{Flock, FlockArg};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::engine::Missing;
use crate::paths::{self, FolderError, Places};
use crate::raw;
use crate::socket::Socket;

/// The daemon's program.
pub const PROGRAM: &str = "dm-engined";

/// How long a daemon may take until it serves: it may have devices to bring back.
pub const START_DEADLINE: Duration = Duration::from_secs(60);

/// How long to wait for the one that holds the lock before trying again to start one: it may have been on its
/// way out.
const PATIENCE: Duration = Duration::from_millis(200);

/// The longest text that is taken from a daemon that cannot serve, in bytes.
const TEXT_MAX: u64 = 4096;

const READY: &str = "ready";
const RUNNING: &str = "running";

/// Why there is no daemon to talk to.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No front end can work here.
    #[error("no front end: {0}")]
    FrontEnd(Missing),
    /// The program is neither beside this one nor on `PATH`.
    #[error("{PROGRAM}: not found beside this program, nor on PATH")]
    Program,
    /// It could not be run.
    #[error("{}: run failed", path.display())]
    Run {
        /// The program.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: io::Error,
    },
    /// It ran, and told why it cannot serve.
    #[error("{PROGRAM}: {0}")]
    Told(String),
    /// It did not serve in time.
    #[error("{PROGRAM}: does not serve after {} s", START_DEADLINE.as_secs())]
    Deadline,
    /// Something is wrong with the socket.
    #[error("{}: connect failed", path.display())]
    Connect {
        /// The socket.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: io::Error,
    },
}

/// How long a daemon that takes a connection may be silent before it counts as hung.
const ANSWER_DEADLINE: Duration = Duration::from_secs(60);

/// Connects to the daemon and asks its version: one that is on its way out still takes connections.
///
/// # Errors
///
/// `NotFound`, `ConnectionRefused` or `ConnectionReset` when there is none; `WouldBlock` when it is silent;
/// else as [`Socket::connect`].
pub fn connect(path: &Path) -> io::Result<Socket> {
    let socket = Socket::connect(path)?;
    socket.greet(ANSWER_DEADLINE)?;
    Ok(socket)
}

/// Whether a failed connection only means that no daemon runs.
pub(crate) fn is_absent(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    matches!(error.kind(), Kind::NotFound | Kind::ConnectionRefused | Kind::ConnectionReset)
}

/// Starts the daemon with this front end and connects to it.
///
/// # Errors
///
/// [`StartError`].
pub fn start(places: &Places, front_end: &str) -> Result<Socket, StartError> {
    let program = find_program().ok_or(StartError::Program)?;
    start_program(&program, places, front_end)
}

/// The daemon's program: beside this one, or on `PATH`.
pub(crate) fn find_program() -> Option<PathBuf> {
    let beside = env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join(PROGRAM)));
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path).map(|folder| folder.join(PROGRAM)).collect::<Vec<_>>();
    beside.into_iter().chain(on_path).find(|program| is_executable(program))
}

fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// The same with a program of the caller's choice.
///
/// # Errors
///
/// [`StartError`].
pub fn start_program(
    program: &Path,
    places: &Places,
    front_end: &str,
) -> Result<Socket, StartError> {
    let deadline = Instant::now() + START_DEADLINE;
    loop {
        let mut pipe = spawn(program, places, front_end)?;
        match told(&mut pipe, deadline)? {
            Told::Ready => return connect_until(places, deadline)?.ok_or(StartError::Deadline),
            Told::Running => {
                let patience = deadline.min(Instant::now() + PATIENCE);
                if let Some(socket) = connect_until(places, patience)? {
                    return Ok(socket);
                }
            }
        }
        if Instant::now() >= deadline {
            return Err(StartError::Deadline);
        }
    }
}

/// Runs the daemon, and reaps the process that forked it.
fn spawn(program: &Path, places: &Places, front_end: &str) -> Result<ChildStdout, StartError> {
    let fail = |error| StartError::Run { path: program.to_owned(), error };
    let mut command = Command::new(program);
    command.args(["serve", "--frontend", front_end]).env("DMKIT_SOCKET", &places.socket);
    command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    raw::detach(&mut command);
    let mut child = command.spawn().map_err(fail)?;
    let pipe = child.stdout.take();
    child.wait().map_err(fail)?;
    pipe.ok_or_else(|| fail(io::ErrorKind::BrokenPipe.into()))
}

/// What a daemon said of itself.
enum Told {
    Ready,
    Running,
}

/// Reads the daemon's line.
fn told(pipe: &mut ChildStdout, deadline: Instant) -> Result<Told, StartError> {
    let mut text = Vec::new();
    while !text.contains(&b'\n') && wait_readable(pipe, deadline)? {
        let mut chunk = [0; 256];
        match pipe.read(&mut chunk) {
            Ok(0) => break,
            Ok(len) => text.extend_from_slice(chunk.get(..len).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(StartError::Told(error.to_string())),
        }
        if text.len() as u64 > TEXT_MAX {
            break;
        }
    }
    let text = String::from_utf8_lossy(&text);
    match text.trim_end() {
        READY => Ok(Told::Ready),
        RUNNING => Ok(Told::Running),
        "" => Err(StartError::Told("ended before it served".to_owned())),
        why => Err(StartError::Told(why.to_owned())),
    }
}

fn wait_readable(pipe: &ChildStdout, deadline: Instant) -> Result<bool, StartError> {
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let timeout = PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX);
        match poll(&mut [PollFd::new(pipe.as_fd(), PollFlags::POLLIN)], timeout) {
            Ok(0) => return Err(StartError::Deadline),
            Ok(_) => return Ok(true),
            Err(NixErrno::EINTR) => {}
            Err(errno) => return Err(StartError::Told(errno.desc().to_owned())),
        }
    }
}

/// Connects, as often as it takes until `deadline`; at least once.
fn connect_until(places: &Places, deadline: Instant) -> Result<Option<Socket>, StartError> {
    loop {
        match connect(&places.socket) {
            Ok(socket) => return Ok(Some(socket)),
            Err(error) if !is_absent(&error) => {
                return Err(StartError::Connect { path: places.socket.clone(), error });
            }
            Err(_) if Instant::now() >= deadline => return Ok(None),
            Err(_) => thread::sleep(Duration::from_millis(5)),
        }
    }
}

/// What a daemon tells whoever started it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report<'a> {
    /// The socket takes connections.
    Ready,
    /// Another daemon holds the lock.
    Running,
    /// Why it cannot serve, on one line.
    Failed(&'a str),
}

impl Report<'_> {
    /// The line that says it, with its end.
    pub fn line(&self) -> String {
        let text = match self {
            Self::Ready => READY,
            Self::Running => RUNNING,
            Self::Failed(text) => text,
        };
        format!("{text}\n")
    }
}

/// The daemon's line to whoever started it, on standard output, which then leads to `/dev/null`.
///
/// # Errors
///
/// What writing or opening says.
pub fn report(what: Report<'_>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    // Whoever started the daemon may have gone; that is no reason not to serve.
    drop(out.write_all(what.line().as_bytes()).and_then(|()| out.flush()));
    let null = OpenOptions::new().write(true).open("/dev/null")?;
    nix::unistd::dup2_stdout(null)?;
    Ok(())
}

/// Why a daemon cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// Another daemon holds the lock.
    #[error("another daemon serves this socket")]
    Running,
    /// The run folder cannot be trusted, or made.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The system refused.
    #[error("{}: {call} failed", path.display())]
    System {
        /// The lock or the socket.
        path: PathBuf,
        /// The call that failed.
        call: &'static str,
        /// What it said.
        #[source]
        error: io::Error,
    },
}

/// A daemon's right to serve: held from before the first device until after the last.
#[derive(Debug)]
pub struct Lock {
    file: Flock<File>,
    path: PathBuf,
    socket: PathBuf,
}

impl AsFd for Lock {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

impl Lock {
    /// Makes the run folder and takes the lock in it.
    ///
    /// # Errors
    ///
    /// [`ListenError::Running`] when another daemon has it; [`ListenError`].
    pub fn take(places: &Places) -> Result<Self, ListenError> {
        loop {
            paths::make_private(&places.run, places.uid)?;
            let fail =
                |call| move |error| ListenError::System { path: places.lock.clone(), call, error };
            let file = match open_lock(&places.lock) {
                // A predecessor has just taken its folder away.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                other => other.map_err(fail("open"))?,
            };
            let file = match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
                Ok(file) => file,
                Err((_, NixErrno::EWOULDBLOCK)) => return Err(ListenError::Running),
                Err((_, errno)) => return Err(fail("flock")(errno.into())),
            };
            // One that a predecessor has removed since keeps nobody out.
            if is_at(&file, &places.lock) {
                let (path, socket) = (places.lock.clone(), places.socket.clone());
                return Ok(Self { file, path, socket });
            }
        }
    }

    /// The lock that another process has taken, by its descriptor.
    ///
    /// # Errors
    ///
    /// [`ListenError::Running`] when `held` is not that descriptor, or the lock was lost;
    /// [`ListenError::System`].
    pub fn inherit(held: OwnedFd, places: &Places) -> Result<Self, ListenError> {
        let (path, socket) = (places.lock.clone(), places.socket.clone());
        let file = File::from(held);
        if !is_at(&file, &path) {
            return Err(ListenError::Running);
        }
        match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
            Ok(file) => Ok(Self { file, path, socket }),
            Err((_, NixErrno::EWOULDBLOCK)) => Err(ListenError::Running),
            Err((_, errno)) => {
                Err(ListenError::System { path, call: "flock", error: errno.into() })
            }
        }
    }

    /// Leaves the lock and its files to the other process that has it, or had it and took them away.
    pub fn leave(self) {
        // Unlocking would unlock it for both.
        mem::forget(self);
    }

    /// Listens on the socket, with mode 0600; what a daemon that died has left there is replaced.
    ///
    /// # Errors
    ///
    /// [`ListenError::System`].
    pub fn listen(&self) -> Result<UnixListener, ListenError> {
        let fail =
            |call| move |error| ListenError::System { path: self.socket.clone(), call, error };
        match fs::remove_file(&self.socket) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(fail("unlink")(error));
            }
            _ => {}
        }
        // Until the mode is set the folder's own, 0700, keeps others out.
        let listener = UnixListener::bind(&self.socket).map_err(fail("bind"))?;
        let private = fs::Permissions::from_mode(0o600);
        fs::set_permissions(&self.socket, private).map_err(fail("chmod"))?;
        Ok(listener)
    }
}

impl Drop for Lock {
    /// Takes the socket and the lock's file away while the lock is still held, so that no successor's is hit.
    fn drop(&mut self) {
        drop(fs::remove_file(&self.socket));
        drop(fs::remove_file(&self.path));
    }
}

fn open_lock(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).mode(0o600);
    options.custom_flags(libc::O_NOFOLLOW).open(path)
}

/// Whether `file` is what lies at `path`.
fn is_at(file: &File, path: &Path) -> bool {
    let identity = |meta: &fs::Metadata| (meta.dev(), meta.ino());
    let (held, there) = (file.metadata(), fs::symlink_metadata(path));
    held.is_ok_and(|held| there.is_ok_and(|there| identity(&held) == identity(&there)))
}
