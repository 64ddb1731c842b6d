//! A FUSE mount with a file for every mapped device.
//!
//! ```text
//! read(2), write(2), a loop device
//!        │ FUSE requests
//!   filesystem.rs   one folder of files
//!        │ bytes
//!   contents.rs     bytes over blocks, with overlap.rs
//!        │ Io
//!     Queues ──── MappedDevice
//! ```
//!
//! The threads that take requests from the kernel never wait for one: an answer is sent by the queue that
//! completes the request. What a suspended device holds back holds nobody else up.

mod contents;
mod files;
mod filesystem;
mod overlap;

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, Metadata};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use dm_core::errno::Errno;
use dm_core::units::Bytes;
use dm_sys::mounts;
use fuser::{Config, MountOption, Session, SessionUnmounter};

use crate::io::request::{Device as _, Done, Io};
use crate::limits::Limits;
use crate::mapped::MappedDevice;
use crate::ring::queue::Queues;
use contents::{Contents, Disk};
use files::{Access, Files, Remove};
use filesystem::Folder;

pub(super) use filesystem::MAX_WRITE;

/// How many threads take requests from the kernel. They only hand them on.
const THREADS: usize = 2;

/// How long a close may take to be told to us.
const CLOSE_GRACE: Duration = Duration::from_millis(200);

/// How long the threads may take to notice that the mount has gone.
const UNMOUNT_LIMIT: Duration = Duration::from_secs(2);

/// A mapped device behind the queues.
#[derive(Debug)]
struct Queued {
    queues: Arc<Queues>,
    device: Arc<MappedDevice>,
}

impl Disk for Queued {
    fn size(&self) -> u64 {
        self.device.size().to_bytes().map_or(0, Bytes::get)
    }

    fn limits(&self) -> Limits {
        self.device.limits()
    }

    fn submit(&self, io: Io, answer: Box<dyn FnOnce(Done) + Send>) {
        self.queues.submit(&self.device, io, answer);
    }
}

/// The mount.
#[derive(Debug)]
pub(super) struct Mount {
    path: PathBuf,
    files: Arc<Files>,
    queues: Arc<Queues>,
    session: Mutex<Option<Running>>,
}

#[derive(Debug)]
struct Running {
    unmounter: SessionUnmounter,
    thread: JoinHandle<()>,
}

/// Why there is no mount.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct MountError {
    what: String,
    #[source]
    error: io::Error,
}

impl Mount {
    /// Mounts at `path`, a folder that is made if it is missing, and goes with the mount.
    ///
    /// # Errors
    ///
    /// [`MountError`], which says what is missing.
    pub(super) fn new(path: &Path, queues: &Arc<Queues>) -> Result<Self, MountError> {
        let fail = |what: String| move |error| MountError { what, error };
        check_node()?;
        if mounts::is_dead(path) {
            mounts::detach(path).map_err(|errno| {
                let what = format!("{}: umount of a dead mount failed", path.display());
                MountError { what, error: io::Error::from_raw_os_error(errno.get()) }
            })?;
        }
        make_folder(path).map_err(fail(format!("{}: mkdir failed", path.display())))?;
        let found = fs::metadata(path).map_err(fail(format!("{}: stat failed", path.display())))?;
        let files = Arc::new(Files::new(access(&found)));
        let mut config = Config::default();
        config.mount_options = vec![MountOption::FSName("dmkit".into()), MountOption::NoAtime];
        config.n_threads = Some(THREADS);
        config.clone_fd = true;
        let session = Session::new(Folder(Arc::clone(&files)), path, &config).map_err(|error| {
            remove_folder(path);
            mount_error(path, error)
        })?;
        let session = run(session).map_err(fail("cannot start a thread".into()))?;
        let (path, queues) = (path.to_owned(), Arc::clone(queues));
        Ok(Self { path, files, queues, session: Mutex::new(Some(session)) })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Adds a file for `device`; a flush of it does nothing before [`Mount::attached`].
    ///
    /// # Errors
    ///
    /// `EEXIST` when there is one of that name.
    pub(super) fn add(&self, name: &OsStr, device: &Arc<MappedDevice>) -> Result<(), Errno> {
        let disk = Queued { queues: Arc::clone(&self.queues), device: Arc::clone(device) };
        self.files.add(name, Contents::new(Arc::new(disk))).map(drop)
    }

    /// The file is served as it is to stay: a flush of it is one from now on.
    pub(super) fn attached(&self, name: &OsStr) {
        if let Some((file, _)) = self.files.by_name(name) {
            file.set_attached();
        }
    }

    /// Gives a file another name.
    ///
    /// # Errors
    ///
    /// `ENOENT`, `EEXIST`.
    pub(super) fn rename(&self, from: &OsStr, to: &OsStr) -> Result<(), Errno> {
        self.files.rename(from, to)
    }

    /// Takes a file away that nobody has open.
    ///
    /// # Errors
    ///
    /// `EBUSY`, `ENOENT`.
    pub(super) fn remove(&self, name: &OsStr) -> Result<(), Errno> {
        self.handles(name);
        self.files.remove(name, Remove::Unused)
    }

    /// Takes a file away whose loop device has gone: the kernel closes it when it gets to it.
    pub(super) fn forget(&self, name: &OsStr) {
        // It can only be missing.
        let _ = self.files.remove(name, Remove::Always);
    }

    /// How many times a file is open.
    pub(super) fn handles(&self, name: &OsStr) -> u32 {
        if self.files.handles(name, Duration::ZERO) == 0 {
            return 0;
        }
        // What was closed before this is told to us before this is.
        let _ = fs::metadata(self.path.join(name));
        self.files.handles(name, CLOSE_GRACE)
    }

    /// Whether any file is open.
    pub(super) fn any_open(&self) -> bool {
        self.files.any_open()
    }

    /// Has the kernel ask for the file's size anew.
    pub(super) fn refresh(&self, name: &OsStr) -> io::Result<Metadata> {
        fs::metadata(self.path.join(name))
    }

    /// Unmounts, waits until the threads have ended, and removes the folder.
    ///
    /// # Errors
    ///
    /// What unmounting says. A mount that somebody stands in, or has a file of open, is only taken out of
    /// the folders; that is no error.
    pub(super) fn unmount(&self) -> io::Result<()> {
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(Running { mut unmounter, thread }) = session else { return Ok(()) };
        let result = unmounter.unmount().or_else(|_| self.detach());
        let deadline = Instant::now() + UNMOUNT_LIMIT;
        while result.is_ok() && !thread.is_finished() && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(1));
        }
        remove_folder(&self.path);
        result
    }
}

impl Mount {
    fn detach(&self) -> io::Result<()> {
        mounts::detach(&self.path).map_err(|errno| io::Error::from_raw_os_error(errno.get()))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        if let Err(error) = self.unmount() {
            tracing::warn!(%error, path = %self.path.display(), "not unmounted");
        }
    }
}

fn run(mut session: Session<Folder>) -> io::Result<Running> {
    let unmounter = session.unmount_callable();
    let thread = thread::Builder::new().name("fuse".into()).spawn(move || {
        if let Err(error) = session.run() {
            tracing::error!(%error, "FUSE ended");
        }
    })?;
    Ok(Running { unmounter, thread })
}

/// Files look like the folder they are in, and are their owner's alone.
fn access(folder: &Metadata) -> Access {
    Access { mode: 0o600, uid: folder.uid(), gid: folder.gid() }
}

fn make_folder(path: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

fn remove_folder(path: &Path) {
    if let Err(error) = fs::remove_dir(path) {
        tracing::warn!(%error, path = %path.display(), "folder not removed");
    }
}

/// The node must be there and open: what a mount says of it is less clear.
fn check_node() -> Result<(), MountError> {
    let opened = fs::OpenOptions::new().read(true).write(true).open("/dev/fuse");
    opened.map(drop).map_err(|error| {
        let what = match error.kind() {
            io::ErrorKind::NotFound => {
                "/dev/fuse is missing: the kernel's fuse module is not loaded"
            }
            io::ErrorKind::PermissionDenied => "/dev/fuse is not for this user",
            _ => "/dev/fuse cannot be opened",
        };
        MountError { what: what.into(), error }
    })
}

fn mount_error(path: &Path, error: io::Error) -> MountError {
    let what = if error.kind() == io::ErrorKind::NotFound {
        "fusermount3 is missing: mounting without root needs it (package fuse3)".into()
    } else {
        format!("{}: FUSE mount failed", path.display())
    };
    MountError { what, error }
}
