//! The nodes of mapped devices: `/dev/mapper/<name>` and whatever stands in for it.
//!
//! A folder of nodes is shared with udev, with other tools and with whoever may write there. Nothing is opened
//! or changed through an entry that is there already: it is looked at, left alone, or replaced as a whole.
//!
//! # Source
//!
//! `_add_dev_node`, `_rm_dev_node`, `_rename_dev_node` and `dm_task_set_name` in lvm2's
//! `libdm/libdm-common.c`.

use std::ffi::{OsStr, OsString};
use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use nix::sys::stat::{Mode, SFlag, mknod};

use crate::{os, sysfs};

/// Who a node belongs to, and its permissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The user.
    pub uid: u32,
    /// The group.
    pub gid: u32,
    /// The permission bits.
    pub mode: u32,
}

impl Default for Owner {
    /// `root:disk`, 0660.
    ///
    /// # Source
    ///
    /// Debian's build of lvm2 2.03.16: `DM_DEVICE_UID`, `DM_DEVICE_GID`, `DM_DEVICE_MODE`.
    fn default() -> Self {
        Self { uid: 0, gid: 6, mode: 0o660 }
    }
}

/// What a node is to lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A block device of this number: the node is one of its own.
    Device(DevNo, Owner),
    /// Whatever lies at this path: the node is a symbolic link.
    Link(PathBuf),
}

/// Why a node could not be made, removed or renamed.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// No entry of a folder can have this name.
    #[error("{}: not a name for a node", .0.escape_ascii())]
    Name(Vec<u8>),
    /// What is there is no block device, and is not ours to replace.
    #[error("A non-block device file at '{}' is already present", .0.display())]
    NonBlock(PathBuf),
    /// The system refused.
    #[error("{}: {call} failed", path.display())]
    System {
        /// The entry, or the folder.
        path: PathBuf,
        /// The call that failed.
        call: &'static str,
        /// What it said.
        #[source]
        errno: Errno,
    },
}

/// A path does not lead to a mapped device.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Device {} not found", .0.display())]
pub struct NotFound(
    /// What the original's message names: the path, or its last part.
    pub PathBuf,
);

/// A folder of nodes.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// The folder at `path`, which need not be there yet.
    pub fn new(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The entry for the device called `name`, as the kernel has the name.
    ///
    /// # Errors
    ///
    /// [`NodeError::Name`] for a name that would lead out of the folder, or to its control node.
    pub fn entry(&self, name: &[u8]) -> Result<PathBuf, NodeError> {
        if name.is_empty()
            || name.iter().any(|&byte| byte == b'/' || byte == 0)
            || matches!(name, b"." | b".." | b"control")
        {
            return Err(NodeError::Name(name.to_vec()));
        }
        Ok(self.path.join(OsStr::from_bytes(name)))
    }

    /// Makes the node of `name`; the folder too, if need be. One that leads there already stays untouched, a
    /// stale one is replaced.
    ///
    /// # Errors
    ///
    /// [`NodeError`].
    pub fn add(&self, name: &[u8], target: &Target) -> Result<(), NodeError> {
        let path = self.entry(name)?;
        if is_right(&path, target)? {
            return Ok(());
        }
        fs::create_dir_all(&self.path).map_err(|error| system(&self.path, "mkdir", &error))?;
        match target {
            Target::Device(dev, owner) => {
                remove_file(&path)?;
                make_device(&path, *dev, *owner).map_err(|error| system(&path, "mknod", &error))
            }
            Target::Link(to) => replace_link(&path, to),
        }
    }

    /// Removes the node of `name`; one that is not there is fine.
    ///
    /// # Errors
    ///
    /// [`NodeError`].
    pub fn remove(&self, name: &[u8]) -> Result<(), NodeError> {
        remove_file(&self.entry(name)?)
    }

    /// Gives the node of `old` the name `new`; fine when it is not there.
    ///
    /// # Errors
    ///
    /// [`NodeError`]; [`NodeError::NonBlock`] when `new` is taken by something else than a node.
    pub fn rename(&self, old: &[u8], new: &[u8]) -> Result<(), NodeError> {
        let (from, to) = (self.entry(old)?, self.entry(new)?);
        if is_foreign(&to)? {
            return Err(NodeError::NonBlock(to));
        }
        match fs::rename(&from, &to) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(system(&from, "rename", &error))
            }
            _ => Ok(()),
        }
    }

    /// The names in the folder, the control node's left out, in the order in which the folder has them.
    ///
    /// # Errors
    ///
    /// What reading the folder says.
    pub fn names(&self) -> io::Result<Vec<OsString>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let name = entry?.file_name();
            if name != "control" {
                names.push(name);
            }
        }
        Ok(names)
    }

    /// The name of the mapped device that `path`, which has a `/` in it, leads to.
    ///
    /// # Errors
    ///
    /// [`NotFound`], with what the original's message names.
    pub fn name_from_path(&self, path: &Path) -> Result<OsString, NotFound> {
        let base = path.file_name().map_or(path, Path::new);
        let identity = identity_of(path).or_else(|| identity_of(&self.beside(path)?));
        let Some(identity) = identity else {
            let named = if path.exists() { base } else { path };
            return Err(NotFound(named.to_owned()));
        };
        if identity_of(&self.path.join(base)) == Some(identity) {
            return Ok(base.as_os_str().to_owned());
        }
        let names = self.names().unwrap_or_default();
        let found =
            names.into_iter().find(|name| identity_of(&self.path.join(name)) == Some(identity));
        found.ok_or_else(|| NotFound(base.to_owned()))
    }

    /// `a/b`, taken as lying beside the folder: `vg/lv` is `/dev/vg/lv`.
    fn beside(&self, path: &Path) -> Option<PathBuf> {
        let bytes = path.as_os_str().as_bytes();
        let one_slash = bytes.split(|&byte| byte == b'/').count() == 2;
        (path.is_relative() && bytes.len() >= 3 && one_slash)
            .then(|| self.path.join("..").join(path))
    }

    /// Waits until the node of `name` opens for reading.
    ///
    /// # Errors
    ///
    /// [`NodeError::System`] with what `open(2)` said last when `limit` is over.
    pub fn wait_open(&self, name: &[u8], limit: Duration) -> Result<(), NodeError> {
        let path = self.entry(name)?;
        let deadline = Instant::now() + limit;
        let mut pause = Duration::from_micros(200);
        loop {
            let opened = OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK).open(&path);
            match opened {
                Ok(_) => return Ok(()),
                Err(error) if Instant::now() >= deadline => {
                    return Err(system(&path, "open", &error));
                }
                Err(_) => std::thread::sleep(pause),
            }
            pause = (pause * 2).min(Duration::from_millis(20));
        }
    }
}

/// What a path leads to: a device by its number, a file by where its data is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Identity {
    Device(DevNo),
    File(u64, u64),
}

fn identity_of(path: &Path) -> Option<Identity> {
    let meta = fs::metadata(path).ok()?;
    if meta.file_type().is_block_device() {
        Some(Identity::Device(DevNo::from_libc(meta.rdev())))
    } else if meta.is_file() {
        Some(Identity::File(meta.dev(), meta.ino()))
    } else {
        None
    }
}

/// Whether the entry at `path` leads to `target` already.
fn is_right(path: &Path, target: &Target) -> Result<bool, NodeError> {
    match target {
        Target::Device(dev, _) => match fs::metadata(path) {
            Ok(meta) if !meta.file_type().is_block_device() => {
                Err(NodeError::NonBlock(path.to_owned()))
            }
            Ok(meta) => Ok(DevNo::from_libc(meta.rdev()) == *dev),
            // Nothing, or a link that leads nowhere.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(system(path, "stat", &error)),
        },
        Target::Link(to) => {
            if fs::read_link(path).is_ok_and(|there| there == *to) {
                return Ok(true);
            }
            if is_foreign(path)? { Err(NodeError::NonBlock(path.to_owned())) } else { Ok(false) }
        }
    }
}

/// Whether what is at `path` is neither a block device nor a symbolic link, which are all a node can be.
fn is_foreign(path: &Path) -> Result<bool, NodeError> {
    match fs::symlink_metadata(path) {
        Ok(meta) => Ok(!meta.file_type().is_block_device() && !meta.is_symlink()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(system(path, "stat", &error)),
    }
}

/// Makes a block device node at `path`, which must be free; one that is there by now is fine.
///
/// # Errors
///
/// What `mknod(2)` or `chown(2)` says.
pub fn make_device(path: &Path, dev: DevNo, owner: Owner) -> io::Result<()> {
    let mode = Mode::from_bits_truncate(owner.mode);
    match mknod(path, SFlag::S_IFBLK, mode, dev.to_libc()) {
        Ok(()) => {}
        Err(nix::errno::Errno::EEXIST) if sysfs::device_of(path) == Some(dev) => return Ok(()),
        Err(errno) => return Err(io::Error::from(errno)),
    }
    std::os::unix::fs::lchown(path, Some(owner.uid), Some(owner.gid))?;
    // The process's umask has had its say in mknod.
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(owner.mode))
}

/// Puts a link to `to` at `path` in one step, so that the name is never missing.
fn replace_link(path: &Path, to: &Path) -> Result<(), NodeError> {
    let mut hidden = OsString::from(".dmkit-");
    hidden.push(std::process::id().to_string());
    hidden.push("-");
    hidden.push(path.file_name().unwrap_or_default());
    let temporary = path.with_file_name(hidden);
    remove_file(&temporary)?;
    symlink(to, &temporary).map_err(|error| system(path, "symlink", &error))?;
    fs::rename(&temporary, path).map_err(|error| {
        drop(fs::remove_file(&temporary));
        system(path, "rename", &error)
    })
}

fn remove_file(path: &Path) -> Result<(), NodeError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(system(path, "unlink", &error))
        }
        _ => Ok(()),
    }
}

fn system(path: &Path, call: &'static str, error: &io::Error) -> NodeError {
    NodeError::System { path: path.to_owned(), call, errno: os::errno(error) }
}

#[cfg(test)]
mod tests;
