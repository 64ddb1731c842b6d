//! The devices under the engine's that are not its own: block devices and files of the host.

use std::ffi::OsStr;
use std::fmt::Debug;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_sys::sysfs;

use crate::build::Mode;
use crate::io::file::Holder;
use crate::io::request::Device;

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A block device's node.
    Block(DevNo),
    /// A regular file: its absolute path, without symbolic links.
    File(PathBuf),
}

/// Opens devices that are not the engine's own.
pub trait HostOpener: Debug + Send + Sync {
    /// What `path` leads to; nothing is opened.
    ///
    /// # Errors
    ///
    /// `ENOENT` for nothing, `ENOTBLK` for what is neither a block device nor a regular file, and what else
    /// the system says.
    fn find(&self, path: &[u8]) -> Result<Found, Errno>;

    /// Opens the device that `word` names: `major:minor`, or what [`HostOpener::find`] said of a file. Tables
    /// share a device as they like; others find it claimed.
    ///
    /// # Errors
    ///
    /// `ENXIO` for a number that no device has, `EBUSY` for a device that another than the engine has
    /// claimed, and what else the system says.
    fn open(&self, word: &[u8], mode: Mode) -> Result<Arc<dyn Device>, Errno>;

    /// What tells the device that `word` names, as for [`HostOpener::open`], from another that has its number
    /// or path at another time: a table that comes back must not write to that. `None` where nothing does.
    fn mark(&self, word: &[u8]) -> Option<String> {
        let _ = word;
        None
    }
}

/// The host's devices and files.
#[derive(Debug)]
pub struct HostDevices {
    holder: Arc<Holder>,
}

impl HostDevices {
    /// Nothing open yet.
    pub fn new() -> Self {
        Self { holder: Holder::new() }
    }
}

impl Default for HostDevices {
    fn default() -> Self {
        Self::new()
    }
}

impl HostOpener for HostDevices {
    fn find(&self, path: &[u8]) -> Result<Found, Errno> {
        let path = Path::new(OsStr::from_bytes(path));
        if path.is_relative() {
            // It is relative to whoever wrote it, who should have made it absolute.
            return Err(Errno::ENOENT);
        }
        let path = fs::canonicalize(path).map_err(|error| errno(&error))?;
        let metadata = fs::metadata(&path).map_err(|error| errno(&error))?;
        match metadata.file_type() {
            kind if kind.is_block_device() => Ok(Found::Block(DevNo::from_libc(metadata.rdev()))),
            kind if kind.is_file() => Ok(Found::File(path)),
            _ => Err(Errno::ENOTBLK),
        }
    }

    fn open(&self, word: &[u8], mode: Mode) -> Result<Arc<dyn Device>, Errno> {
        let number = str::from_utf8(word).ok().and_then(|text| text.parse().ok());
        let path = match number {
            Some(dev) => node(dev)?,
            None => PathBuf::from(OsStr::from_bytes(word)),
        };
        let device = self.holder.open(&path, mode)?;
        if number.is_some_and(|number| device.dev() != number) {
            return Err(Errno::ENXIO);
        }
        Ok(device)
    }

    /// # Source
    ///
    /// `diskseq` in the kernel's `Documentation/ABI/stable/sysfs-block`: no two disks have the same, nor two
    /// attachments of a loop device. A partition has its disk's. A file has its inode's number.
    fn mark(&self, word: &[u8]) -> Option<String> {
        let number = str::from_utf8(word).ok().and_then(|text| text.parse().ok());
        let Some(dev) = number else {
            let metadata = fs::metadata(OsStr::from_bytes(word)).ok()?;
            return Some(format!("inode {} {}", metadata.dev(), metadata.ino()));
        };
        let folder = sysfs::folder(dev);
        let seq = ["diskseq", "../diskseq"].map(|file| fs::read_to_string(folder.join(file)));
        let seq = seq.into_iter().find_map(Result::ok)?;
        Some(format!("diskseq {}", seq.trim()))
    }
}

/// The node of the block device of this number.
fn node(dev: DevNo) -> Result<PathBuf, Errno> {
    let missing = if sysfs::folder(dev).exists() { Errno::ENODEV } else { Errno::ENXIO };
    sysfs::node(dev).ok_or(missing)
}

fn errno(error: &io::Error) -> Errno {
    error.raw_os_error().map_or(Errno::EINVAL, Errno::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(path: &Path) -> &[u8] {
        path.as_os_str().as_bytes()
    }

    #[test]
    fn a_path_leads_to_a_file_or_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        let folder = fs::canonicalize(folder.path()).unwrap();
        let (file, link) = (folder.join("a b"), folder.join("link"));
        fs::write(&file, [0; 512]).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let host = HostDevices::new();
        assert_eq!(host.find(bytes(&link)), Ok(Found::File(file)));
        assert_eq!(host.find(bytes(&folder)), Err(Errno::ENOTBLK));
        assert_eq!(host.find(b"/dev/null"), Err(Errno::ENOTBLK));
        assert_eq!(host.find(bytes(&folder.join("none"))), Err(Errno::ENOENT));
        assert_eq!(host.find(b"Cargo.toml"), Err(Errno::ENOENT), "relative to nobody knows what");
        assert_eq!(host.find(b"/dev/null/x"), Err(Errno::ENOTDIR));
        assert_eq!(host.find(b"/nul\0byte"), Err(Errno::EINVAL));
    }

    #[test]
    fn a_number_without_a_device_and_a_file_that_is_another_are_told() {
        let host = HostDevices::new();
        assert_eq!(host.open(b"250:99999", Mode::ReadOnly).unwrap_err(), Errno::ENXIO);
        let folder = tempfile::tempdir().unwrap();
        let (file, other) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&file, [0; 512]).unwrap();
        fs::write(&other, [0; 512]).unwrap();
        let mark = host.mark(bytes(&file));
        assert!(mark.is_some());
        fs::write(&file, [1; 1024]).unwrap();
        assert_eq!(host.mark(bytes(&file)), mark, "written to, it is the same");
        fs::rename(&other, &file).unwrap();
        assert_ne!(host.mark(bytes(&file)), mark);
        assert_eq!(host.mark(b"/dev/nosuch"), None);
        assert_eq!(host.open(bytes(&file), Mode::ReadWrite).unwrap().size().get(), 1);
    }
}
