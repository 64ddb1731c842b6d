//! Where things lie: the daemon's socket and folders, the nodes.
//!
//! | what | root | any other user | with `DMKIT_SOCKET` |
//! |---|---|---|---|
//! | run folder | `/run/dmkit` | `$XDG_RUNTIME_DIR/dmkit` | the socket's folder |
//! | socket | `engine.sock` in it | | as given |
//! | lock, saved state | `engine.lock`, `engine.state` in it | | named after the socket |
//! | node folder | `/dev/mapper` | `mapper` in the run folder | likewise |
//!
//! `DM_DEV_DIR` moves the node folder of anybody, as in the originals. Where `XDG_RUNTIME_DIR` is not set, what
//! systemd would have set it to is taken, and else a private folder in `/tmp`.

use std::env;
use std::ffi::OsString;
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

/// What of the environment decides where things lie and who answers.
#[derive(Clone, Debug, Default)]
pub struct Env {
    /// The effective user.
    pub uid: u32,
    /// `DMKIT_SOCKET`: the daemon's socket.
    pub socket: Option<OsString>,
    /// `DMKIT_ENGINE`: who is to answer.
    pub engine: Option<OsString>,
    /// `XDG_RUNTIME_DIR`: the user's own folder below `/run`.
    pub runtime_dir: Option<OsString>,
    /// `DM_DEV_DIR`: in place of `/dev`.
    pub dev_dir: Option<OsString>,
    /// `DM_DISABLE_UDEV` is set, be it to nothing.
    pub udev_disabled: bool,
}

impl Env {
    /// The environment of this process.
    pub fn read() -> Self {
        let var = |name| env::var_os(name).filter(|value| !value.is_empty());
        Self {
            uid: nix::unistd::geteuid().as_raw(),
            socket: var("DMKIT_SOCKET"),
            engine: var("DMKIT_ENGINE"),
            runtime_dir: var("XDG_RUNTIME_DIR"),
            dev_dir: var("DM_DEV_DIR"),
            udev_disabled: env::var_os("DM_DISABLE_UDEV").is_some(),
        }
    }

    /// Whether this is root.
    pub const fn is_root(&self) -> bool {
        self.uid == 0
    }
}

/// Where things lie for one user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// Whose they are.
    pub uid: u32,
    /// The device folder that the kernel's nodes are looked for in.
    pub dev: PathBuf,
    /// The daemon's socket.
    pub socket: PathBuf,
    /// The folder that the socket is in; mode 0700.
    pub run: PathBuf,
    /// What the daemon holds locked while it lives.
    pub lock: PathBuf,
    /// The folder of what the daemon needs to bring its devices back; mode 0700.
    pub state: PathBuf,
    /// The folder of the nodes.
    pub mapper: PathBuf,
}

impl Places {
    /// Where things lie in `env`.
    pub fn new(env: &Env) -> Self {
        // Absolute: the daemon that is handed it runs in another folder.
        let absolute = |path: &OsString| std::path::absolute(path).unwrap_or_else(|_| path.into());
        let socket = env.socket.as_ref().map(absolute);
        let run = match &socket {
            Some(socket) => folder_of(socket),
            None => run_folder(env),
        };
        let socket = socket.unwrap_or_else(|| run.join("engine.sock"));
        let dev = env.dev_dir.as_ref().map(PathBuf::from);
        let mapper = match &dev {
            Some(dev) => dev.join("mapper"),
            None if env.is_root() => PathBuf::from("/dev/mapper"),
            None => run.join("mapper"),
        };
        Self {
            uid: env.uid,
            dev: dev.unwrap_or_else(|| PathBuf::from("/dev")),
            lock: socket.with_extension("lock"),
            state: socket.with_extension("state"),
            socket,
            run,
            mapper,
        }
    }

    /// Where things lie for this process.
    pub fn here() -> Self {
        Self::new(&Env::read())
    }
}

/// The folder of `path`; the current one for a bare name.
fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn run_folder(env: &Env) -> PathBuf {
    if env.is_root() {
        return PathBuf::from("/run/dmkit");
    }
    if let Some(runtime) = &env.runtime_dir {
        return Path::new(runtime).join("dmkit");
    }
    let systemds = PathBuf::from(format!("/run/user/{}", env.uid));
    if fs::metadata(&systemds).is_ok_and(|meta| meta.uid() == env.uid) {
        return systemds.join("dmkit");
    }
    PathBuf::from(format!("/tmp/dmkit-{}", env.uid))
}

/// Why a folder cannot be trusted, or made.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It is something else, or a link to somewhere else.
    #[error("{}: not a folder", .0.display())]
    NotAFolder(PathBuf),
    /// Somebody else's.
    #[error("{}: belongs to user {owner}, not to user {uid}", path.display())]
    Owner {
        /// The folder.
        path: PathBuf,
        /// Whose it is.
        owner: u32,
        /// Whose it should be.
        uid: u32,
    },
    /// Others may enter it.
    #[error("{}: mode {mode:04o} lets others in, 0700 is needed", path.display())]
    Open {
        /// The folder.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The system refused.
    #[error("{}: {call} failed", path.display())]
    System {
        /// The folder.
        path: PathBuf,
        /// The call that failed.
        call: &'static str,
        /// What it said.
        #[source]
        error: io::Error,
    },
}

/// Makes `path` with mode 0700 if it is missing; its parents are made with mode 0755. One that is there must
/// be a folder of `uid`'s that nobody else may enter.
///
/// # Errors
///
/// [`FolderError`].
pub fn make_private(path: &Path, uid: u32) -> Result<(), FolderError> {
    let fail = |call| move |error| FolderError::System { path: path.to_owned(), call, error };
    if let Some(parent) = path.parent().filter(|parent| !parent.exists()) {
        let made = DirBuilder::new().mode(0o755).recursive(true).create(parent);
        made.map_err(fail("mkdir"))?;
    }
    match DirBuilder::new().mode(0o700).create(path) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(fail("mkdir")(error)),
    }
    let meta = fs::symlink_metadata(path).map_err(fail("stat"))?;
    let mode = meta.mode() & 0o7777;
    if !meta.is_dir() {
        Err(FolderError::NotAFolder(path.to_owned()))
    } else if meta.uid() != uid {
        Err(FolderError::Owner { path: path.to_owned(), owner: meta.uid(), uid })
    } else if mode & 0o077 != 0 {
        Err(FolderError::Open { path: path.to_owned(), mode })
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    fn user(uid: u32) -> Env {
        Env { uid, runtime_dir: Some("/run/user/7".into()), ..Env::default() }
    }

    #[test]
    fn root_has_the_systems_folders() {
        let places = Places::new(&user(0));
        assert_eq!(places.socket, Path::new("/run/dmkit/engine.sock"));
        assert_eq!(places.lock, Path::new("/run/dmkit/engine.lock"));
        assert_eq!(places.mapper, Path::new("/dev/mapper"));
    }

    #[test]
    fn a_user_has_folders_in_the_runtime_dir() {
        let places = Places::new(&user(7));
        assert_eq!(places.socket, Path::new("/run/user/7/dmkit/engine.sock"));
        assert_eq!(places.state, Path::new("/run/user/7/dmkit/engine.state"));
        assert_eq!(places.mapper, Path::new("/run/user/7/dmkit/mapper"));
    }

    #[test]
    fn a_user_without_a_runtime_dir_has_a_private_folder() {
        let places = Places::new(&Env { uid: 4_000_000_000, ..Env::default() });
        assert_eq!(places.run, Path::new("/tmp/dmkit-4000000000"));
    }

    #[test]
    fn the_sockets_folder_holds_the_rest() {
        let env = Env { socket: Some("/x/a.sock".into()), dev_dir: Some("/d".into()), ..user(7) };
        let places = Places::new(&env);
        assert_eq!(places.run, Path::new("/x"));
        assert_eq!(places.lock, Path::new("/x/a.lock"));
        assert_eq!(places.mapper, Path::new("/d/mapper"));
    }

    #[test]
    fn a_relative_socket_is_in_this_folder_for_the_daemon_too() {
        let places = Places::new(&Env { socket: Some("a.sock".into()), ..user(7) });
        assert_eq!(places.run, env::current_dir().unwrap());
        assert_eq!(places.socket, env::current_dir().unwrap().join("a.sock"));
    }

    #[test]
    fn a_missing_folder_is_made_private() {
        let top = tempfile::tempdir().unwrap();
        let path = top.path().join("a/b");
        make_private(&path, nix::unistd::geteuid().as_raw()).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_folder_that_others_may_enter_is_refused() {
        let top = tempfile::tempdir().unwrap();
        fs::set_permissions(top.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let error = make_private(top.path(), nix::unistd::geteuid().as_raw()).unwrap_err();
        assert!(matches!(error, FolderError::Open { mode: 0o755, .. }), "{error}");
    }

    #[test]
    fn a_link_and_somebody_elses_folder_are_refused() {
        let top = tempfile::tempdir().unwrap();
        let uid = nix::unistd::geteuid().as_raw();
        let link = top.path().join("link");
        symlink("/", &link).unwrap();
        assert!(matches!(make_private(&link, uid), Err(FolderError::NotAFolder(_))));
        assert!(matches!(make_private(top.path(), uid + 1), Err(FolderError::Owner { .. })));
    }
}
