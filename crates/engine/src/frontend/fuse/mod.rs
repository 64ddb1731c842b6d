//! A FUSE mount with a file for every mapped device.
//!
//! ```text
//! read(2), write(2), a loop device
//!        │ FUSE requests, wire.rs and answer.rs
//!   ring/fuse.rs    on every queue: reads and answers them; whole blocks go straight to the device
//!        │
//!   folder.rs       one folder of files
//!        │ bytes
//!   contents.rs     bytes over blocks, with overlap.rs
//!        │ Io
//!     Queues ──── MappedDevice
//! ```
//!
//! A queue never waits for a request: what a suspended device holds back holds nobody else up.
//!
//! A mount outlives its server when somebody else has its connection as well. The next server adopts it: what it
//! must know is in `kept.rs`, and the kernel sends again what the dead one has read and not answered.

pub(crate) mod answer;
mod connection;
mod contents;
mod files;
mod folder;
mod kept;
mod overlap;
pub mod wire;

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, Metadata};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use dm_core::errno::Errno;
use dm_core::units::Bytes;
use dm_sys::{fuse, mounts};

use crate::io::request::{Device as _, Done, Io};
use crate::limits::Limits;
use crate::mapped::MappedDevice;
use crate::ring::fuse::{Action, Channel, Server};
use crate::ring::queue::Queues;
use connection::Connection;
use contents::{Contents, Disk};
use files::{Access, Files, Remove};
use folder::Folder;
pub(super) use kept::Device;
use kept::Kept;

pub(crate) use folder::MAX_WRITE;

/// How long a close may take to be told to us.
const CLOSE_GRACE: Duration = Duration::from_millis(200);

/// How long the queues may take to notice that the mount has gone.
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

/// Why there is no mount.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct MountError {
    what: String,
    #[source]
    error: io::Error,
}

impl MountError {
    fn at(path: &Path, what: &str, error: io::Error) -> Self {
        Self { what: format!("{}: {what}", path.display()), error }
    }
}

/// Makes a mount at `path`, a folder that is made if it is missing, and answers with its connection: for a front
/// end to serve, and for whoever is to keep the mount when that dies. What a dead mount left there is taken away.
///
/// # Errors
///
/// [`MountError`], which says what is missing.
pub fn connect(path: &Path) -> Result<OwnedFd, MountError> {
    check_node()?;
    if mounts::is_dead(path) {
        mounts::detach(path).map_err(|errno| {
            let error = io::Error::from_raw_os_error(errno.get());
            MountError::at(path, "umount of a dead mount failed", error)
        })?;
    }
    make_folder(path).map_err(|error| MountError::at(path, "mkdir failed", error))?;
    fuse::mount(path).map_err(|error| {
        remove_folder(path);
        mount_error(path, error)
    })
}

/// Lets go of a server's own threads that wait for it to answer them, when it has died: an answer that is under way to
/// them will never come, and until they have one they cannot end. All other requests are left for the next server.
///
/// # Errors
///
/// `EINVAL` from kernels before 6.9, where only the connection's end lets go of anybody.
pub fn let_go(connection: &OwnedFd, is_dying: impl Fn(u32) -> bool) -> io::Result<()> {
    let connection = Connection::new(connection.try_clone()?);
    connection.resend()?;
    let mut request = vec![0; wire::WRITE_HEADER + MAX_WRITE as usize];
    loop {
        let len = match connection.read(&mut request) {
            Ok(len) => len,
            // None is left; or whoever asked has just gone, and asks no more.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) if is_passing(&error) => continue,
            Err(error) => return Err(error),
        };
        let head = request.get(..len).and_then(|bytes| wire::Header::decode(bytes, len).ok());
        if let Some(header) = head.filter(|head| head.is_answered() && is_dying(head.thread)) {
            connection.answer(header.unique, Err(Errno::EINTR));
        }
    }
}

/// Whether a read failed that may be tried again at once.
fn is_passing(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::EINTR | libc::ENOENT))
}

/// The mount.
#[derive(Debug)]
pub(super) struct Mount {
    path: PathBuf,
    kept: PathBuf,
    files: Arc<Files>,
    folder: Arc<Folder>,
    queues: Arc<Queues>,
    /// Says that all queues have left the connection; none once it is unmounted.
    left: Mutex<Option<Receiver<()>>>,
}

impl Mount {
    /// Serves the mount at `path`, made by [`connect`], whoever has served it before.
    ///
    /// # Errors
    ///
    /// [`MountError`]. A mount that had another server, on a kernel that cannot send requests again, is of no
    /// more use: it is taken away, and another can be made.
    pub(super) fn new(
        path: &Path,
        queues: &Arc<Queues>,
        connection: OwnedFd,
    ) -> Result<Self, MountError> {
        let fail = |what, error| MountError::at(path, what, error);
        let kept = beside(path);
        let records = Kept::open(&kept).map_err(|error| fail("no record of its files", error))?;
        let look = records.owner().map_err(|error| fail("no owner of its files", error))?;
        let connection = Arc::new(Connection::new(connection));
        let files = Arc::new(Files::new(access(&look), records));
        let folder = Arc::new(Folder::new(&files, &connection));
        begin(&connection, &folder).map_err(|error| {
            // Those who wait for an answer that nobody can give get an error.
            let _ = fuse::abort(path);
            fail("cannot be served any more", error)
        })?;
        let left = Mutex::new(Some(attach(queues, &connection, &folder)));
        let (path, queues) = (path.to_owned(), Arc::clone(queues));
        let mount = Self { path, kept, files, folder, queues, left };
        // It comes when the kernel has introduced itself.
        match fs::metadata(&mount.path) {
            Ok(_) => Ok(mount),
            Err(error) => Err(MountError::at(&mount.path, "does not answer", error)),
        }
    }

    /// Whether another process has served it before.
    pub(super) fn is_adopted(&self) -> bool {
        !self.folder.is_new()
    }

    /// All files of the process before have been added again: others do not exist.
    pub(super) fn set_complete(&self) {
        self.folder.set_complete();
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Adds a file for `device`; a flush of it does nothing before [`Mount::attached`].
    ///
    /// # Errors
    ///
    /// `EEXIST` when there is one of that name; `ENOSPC` and the like when it cannot be recorded.
    pub(super) fn add(
        &self,
        name: &OsStr,
        (minor, kind): (u32, Device),
        device: &Arc<MappedDevice>,
    ) -> Result<(), Errno> {
        let disk = Queued { queues: Arc::clone(&self.queues), device: Arc::clone(device) };
        let contents = Contents::new(Arc::new(disk));
        self.files.add(name, (minor, kind), contents, device).map(drop)
    }

    /// The file is served as it is to stay: a flush of it is one from now on.
    pub(super) fn attached(&self, name: &OsStr) {
        if let Some(file) = self.files.by_name(name) {
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

    /// Unmounts, waits until the queues have left, and removes the folder.
    ///
    /// # Errors
    ///
    /// What unmounting says. A mount that somebody stands in, or has a file of open, is only taken out of
    /// the folders; that is no error.
    pub(super) fn unmount(&self) -> io::Result<()> {
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(left) = left else { return Ok(()) };
        let result = fuse::unmount(&self.path).or_else(|_| mounts::detach(&self.path));
        if result.is_ok() {
            // Nothing is ever sent: it ends when the last queue has dropped its end.
            let _ = left.recv_timeout(UNMOUNT_LIMIT);
        }
        if let Err(error) = fs::remove_file(&self.kept) {
            tracing::warn!(%error, path = %self.kept.display(), "not removed");
        }
        remove_folder(&self.path);
        result.map_err(|errno| io::Error::from_raw_os_error(errno.get()))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        if let Err(error) = self.unmount() {
            tracing::warn!(%error, path = %self.path.display(), "not unmounted");
        }
    }
}

/// What a queue has of the mount.
struct Share {
    folder: Arc<Folder>,
    _left: Sender<()>,
}

impl Server for Share {
    type Ticket = <Folder as Server>::Ticket;

    fn serve(&self, head: &[u8], rest: &[u8]) -> Action<Self::Ticket> {
        self.folder.serve(head, rest)
    }
}

/// Has every queue serve the connection; what is answered ends when they have all left it.
fn attach(queues: &Queues, connection: &Connection, folder: &Arc<Folder>) -> Receiver<()> {
    let (leave, left) = channel();
    for number in 0..queues.count() {
        let file = Arc::clone(connection.file());
        let share = Arc::new(Share { folder: Arc::clone(folder), _left: leave.clone() });
        queues.attach(number, Box::new(move || Box::new(Channel::new(file, share))));
    }
    left
}

/// Makes sure that no request is lost: either the kernel sends again what another process has read, or there
/// was none, for the first request is still to come.
fn begin(connection: &Connection, folder: &Folder) -> io::Result<()> {
    match connection.resend() {
        Err(error) if error.raw_os_error() == Some(libc::EINVAL) => {}
        other => return other,
    }
    // A kernel before 6.9.
    let mut request = vec![0; wire::WRITE_HEADER + MAX_WRITE as usize];
    let len = connection.read(&mut request)?;
    let (head, rest) = request.get(..len).unwrap_or_default().split_at(len.min(wire::WRITE_HEADER));
    folder.serve(head, rest);
    if folder.is_new() { Ok(()) } else { Err(io::ErrorKind::Unsupported.into()) }
}

/// Where the records of the mount at `path` lie.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().map(OsString::from).unwrap_or_default();
    name.push(".kept");
    path.with_file_name(name)
}

/// Files look like the records' file, and are its owner's alone.
fn access(owner: &Metadata) -> Access {
    Access { mode: 0o600, uid: owner.uid(), gid: owner.gid() }
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
