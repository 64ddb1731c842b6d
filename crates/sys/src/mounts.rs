//! Mounted filesystems: frozen while the disk under them is suspended; taken away when their server has died.

use std::ffi::OsString;
use std::fs::{self, File};
use std::os::fd::AsFd as _;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use nix::mount::{MntFlags, umount2};
use nix::sys::statfs::{FsType, TMPFS_MAGIC, fstatfs, statfs};

use crate::{os, raw};

/// Whether `path` is a mount whose server has gone: FUSE answers everything there with `ENOTCONN`.
pub fn is_dead(path: &Path) -> bool {
    matches!(statfs(path), Err(nix::errno::Errno::ENOTCONN))
}

/// Whether anything is mounted at `path`. Nobody who serves a mount is asked: it may be about to end.
pub fn is_mounted(path: &Path) -> bool {
    let mounts = fs::read("/proc/self/mountinfo").unwrap_or_default();
    mount_points(&mounts).any(|(_, point)| point == path)
}

/// The number of the FUSE filesystem that `path` lies on, if it is on one. Whoever serves it is not asked, and may be
/// dead.
pub fn fuse_of(path: &Path) -> Option<DevNo> {
    fuse_by(&fs::read("/proc/self/mountinfo").unwrap_or_default(), path)
}

/// The same by the text of `mountinfo`. Of mounts at one place the last is seen.
fn fuse_by(mounts: &[u8], path: &Path) -> Option<DevNo> {
    let lines = mounts.split(|&byte| byte == b'\n');
    let above = lines.filter_map(|line| {
        let (_, point) = mount_points(line).next()?;
        path.starts_with(&point).then_some((point.components().count(), line))
    });
    let (_, line) = above.max_by_key(|(depth, _)| *depth)?;
    let text = str::from_utf8(line).ok()?;
    let (head, tail) = text.split_once(" - ")?;
    tail.starts_with("fuse").then(|| head.split(' ').nth(2)?.parse().ok()).flatten()
}

/// Whether the bytes of `file` are in memory and stay there: it lies on tmpfs or ramfs, and there is no swap.
///
/// Swap that is added later may make a read of it wait for a disk.
pub fn is_in_memory(file: &File) -> bool {
    let kept = |found: FsType| found == TMPFS_MAGIC || found == RAMFS_MAGIC;
    // The first line is a heading.
    let has_swap =
        || fs::read_to_string("/proc/swaps").map_or(true, |text| text.lines().count() > 1);
    fstatfs(file).is_ok_and(|found| kept(found.filesystem_type())) && !has_swap()
}

/// `RAMFS_MAGIC`, from the kernel's `include/uapi/linux/magic.h`.
const RAMFS_MAGIC: FsType = FsType(0x8584_58f6);

/// Takes the mount at `path` out of the folders. Who has a file of it open keeps that.
///
/// # Errors
///
/// `EINVAL` when nothing is mounted there; `EPERM` where neither this process nor `fusermount3` may do it.
pub fn detach(path: &Path) -> Result<(), Errno> {
    match umount2(path, MntFlags::MNT_DETACH) {
        Err(nix::errno::Errno::EPERM) if detach_by_helper(path) => Ok(()),
        other => other.map_err(os::from_nix),
    }
}

/// An ordinary user's own FUSE mount is taken away by the program that made it.
fn detach_by_helper(path: &Path) -> bool {
    let mut command = Command::new("fusermount3");
    command.args(["-u", "-q", "-z", "--"]).arg(path);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// A frozen filesystem: what it held back is on its disk, and nothing is written until it is thawed, which is
/// when this is dropped.
#[derive(Debug)]
pub struct Frozen(File);

impl Drop for Frozen {
    fn drop(&mut self) {
        // Somebody else may have thawed it.
        let _ = raw::FITHAW.call(self.0.as_fd(), 0);
    }
}

/// Freezes the filesystem that is mounted on the block device `dev`; none where there is none, where this
/// process cannot see it, or where it cannot be frozen or is already.
///
/// # Errors
///
/// What the filesystem says: `EIO` when it cannot write what it held back.
pub fn freeze(dev: DevNo) -> Result<Option<Frozen>, Errno> {
    let mounts = fs::read("/proc/self/mountinfo").unwrap_or_default();
    let Some(point) = mount_point(&mounts, dev) else { return Ok(None) };
    let Ok(folder) = File::open(point) else { return Ok(None) };
    match raw::FIFREEZE.call(folder.as_fd(), 0) {
        Ok(_) => Ok(Some(Frozen(folder))),
        Err(Errno::EOPNOTSUPP | Errno::EBUSY | Errno::ENOTTY | Errno::EPERM) => Ok(None),
        Err(errno) => Err(errno),
    }
}

/// Thaws what is mounted on `dev` if somebody has frozen it and died: who writes there would wait for ever.
pub fn thaw(dev: DevNo) {
    let mounts = fs::read("/proc/self/mountinfo").unwrap_or_default();
    let folder = mount_point(&mounts, dev).and_then(|point| File::open(point).ok());
    if let Some(folder) = folder {
        // One that is not frozen says so.
        let _ = raw::FITHAW.call(folder.as_fd(), 0);
    }
}

/// Where `dev` is mounted, by the text of `mountinfo`.
fn mount_point(mounts: &[u8], dev: DevNo) -> Option<PathBuf> {
    let number = dev.to_string();
    mount_points(mounts).find(|(dev, _)| *dev == number.as_bytes()).map(|(_, point)| point)
}

/// What is mounted where, by the text of `mountinfo`: the third word of a line is the number, the fifth the
/// place, with `\040` and the like for bytes that would end the word.
fn mount_points(mounts: &[u8]) -> impl Iterator<Item = (&[u8], PathBuf)> {
    mounts.split(|&byte| byte == b'\n').filter_map(|line| {
        let mut words = line.split(|&byte| byte == b' ');
        let dev = words.nth(2)?;
        let point = words.nth(1)?;
        Some((dev, PathBuf::from(unescape(point))))
    })
}

fn unescape(word: &[u8]) -> OsString {
    let mut out = Vec::with_capacity(word.len());
    let mut rest = word;
    while let [first, tail @ ..] = rest {
        let digits = tail.get(..3).and_then(|digits| str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 8).ok());
        let (byte, after) = match byte.filter(|_| *first == b'\\') {
            Some(byte) => (byte, tail.get(3..).unwrap_or_default()),
            None => (*first, tail),
        };
        out.push(byte);
        rest = after;
    }
    OsString::from_vec(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTINFO: &[u8] = b"21 1 0:5 / /proc rw - proc proc rw\n\
        30 1 7:1 / /mnt/a\\040b rw,relatime shared:1 - ext4 /dev/loop1 rw\n";

    #[test]
    fn a_mount_is_found_by_its_number() {
        let found = mount_point(MOUNTINFO, DevNo::new(7, 1));
        assert_eq!(found.as_deref(), Some(Path::new("/mnt/a b")));
        assert_eq!(mount_point(MOUNTINFO, DevNo::new(7, 0)), None);
    }

    #[test]
    fn a_fuse_filesystem_is_known_without_asking_it() {
        let mounts = b"1 0 8:1 / / rw - ext4 /dev/sda1 rw\n\
            2 1 0:50 / /run/a rw shared:1 - fuse.x x rw\n3 2 0:51 / /run/a/b rw - tmpfs t rw\n";
        let found = |path: &str| fuse_by(mounts, Path::new(path));
        assert_eq!(found("/run/a/file"), Some(DevNo::new(0, 50)));
        assert_eq!(found("/run/ab"), None);
        assert_eq!(found("/run/a/b/file"), None);
    }

    #[test]
    fn a_folder_is_no_mount() {
        let folder = tempfile::tempdir().unwrap();
        assert!(is_mounted(Path::new("/proc")) && !is_mounted(folder.path()));
        assert!(!is_dead(folder.path()));
        assert!(matches!(detach(folder.path()), Err(Errno::EINVAL | Errno::EPERM)));
    }
}
