//! FUSE mounts and their connections to the kernel: the descriptor that a server reads requests from.
//!
//! A mount lives as long as anybody keeps a descriptor of its connection, whoever serves it. What is read and
//! written there is the engine's affair. All threads, and the next server, use duplicates of the one descriptor:
//! the kernel fails what was read from one that is opened anew (`FUSE_DEV_IOC_CLONE`) when its last user dies.
//!
//! # Source
//!
//! The kernel's `Documentation/filesystems/fuse.rst`, `fs/fuse/inode.c` and `fs/fuse/dev.c`; libfuse's
//! `util/fusermount.c`.

use std::fs::OpenOptions;
use std::io;
use std::os::fd::{AsFd as _, AsRawFd as _, OwnedFd};
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, Stdio};

use dm_core::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::mount::{MntFlags, MsFlags, mount as mount_filesystem, umount2};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::unistd::{getegid, geteuid};

use crate::{mounts, os, raw};

/// Where connections begin.
const NODE: &str = "/dev/fuse";

/// What the mount is said to be of, in `mount`'s first column.
const SOURCE: &str = "dmkit";

/// The program that mounts for ordinary users.
const HELPER: &str = "fusermount3";

/// Mounts at `path`, a folder, and answers with the mount's connection, which is read without waiting
/// (`O_NONBLOCK`). Nothing at `path` answers before a server has answered the first request, INIT.
///
/// # Errors
///
/// What opening `/dev/fuse` or `mount(2)` says; `NotFound` where an ordinary user has no `fusermount3`; an
/// error with that program's own words where it fails.
pub fn mount(path: &Path) -> io::Result<OwnedFd> {
    if geteuid().is_root() {
        match mount_directly(path) {
            // Root of a container: what it may not, the program may not either, but it says why.
            Err(error) if error.raw_os_error() == Some(libc::EPERM) => {}
            other => return other,
        }
    }
    mount_by_helper(path)
}

fn mount_directly(path: &Path) -> io::Result<OwnedFd> {
    let connection = open()?;
    let options = format!(
        "fd={},rootmode=40000,user_id={},group_id={}",
        connection.as_raw_fd(),
        geteuid(),
        getegid()
    );
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV | MsFlags::MS_NOATIME;
    mount_filesystem(Some(SOURCE), path, Some("fuse"), flags, Some(options.as_str()))?;
    Ok(connection)
}

/// The program sends the connection over a socket, which it is told the number of: here its standard input,
/// so that no other child of this process gets it.
fn mount_by_helper(path: &Path) -> io::Result<OwnedFd> {
    let (ours, theirs) = UnixStream::pair()?;
    let mut command = Command::new(HELPER);
    command.args(["-o", &format!("fsname={SOURCE},nosuid,nodev,noatime"), "--"]).arg(path);
    command.env("_FUSE_COMMFD", "0").stdin(OwnedFd::from(theirs));
    command.stdout(Stdio::null()).stderr(Stdio::piped());
    let child = command.spawn()?;
    // The command still has the other end: it would keep an end of file from us.
    drop(command);
    let received = raw::receive_descriptor(ours.as_fd());
    let output = child.wait_with_output()?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        return Err(io::Error::other(words.trim_end().to_owned()));
    }
    let connection = received?;
    set_nonblocking(&connection)?;
    Ok(connection)
}

fn set_nonblocking(connection: &OwnedFd) -> io::Result<()> {
    let flags = OFlag::from_bits_retain(fcntl(connection, FcntlArg::F_GETFL)?);
    fcntl(connection, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
    Ok(())
}

fn open() -> io::Result<OwnedFd> {
    let mut options = OpenOptions::new();
    let file = options.read(true).write(true).custom_flags(libc::O_NONBLOCK).open(NODE)?;
    Ok(file.into())
}

/// Whether the mount of this connection is there still.
pub fn is_connected(connection: &OwnedFd) -> bool {
    let mut wanted = [PollFd::new(connection.as_fd(), PollFlags::POLLIN)];
    let asked = poll(&mut wanted, PollTimeout::ZERO);
    let [wanted] = wanted;
    asked.is_ok() && !wanted.revents().is_some_and(|found| found.contains(PollFlags::POLLERR))
}

/// Unmounts what is mounted at `path`, when nobody uses it.
///
/// # Errors
///
/// `EBUSY` when somebody does; `EINVAL` when nothing is mounted there; `EPERM` where neither this process nor
/// `fusermount3` may do it, or that program finds it busy.
pub fn unmount(path: &Path) -> Result<(), Errno> {
    match umount2(path, MntFlags::UMOUNT_NOFOLLOW) {
        Err(nix::errno::Errno::EPERM) if unmount_by_helper(path) => Ok(()),
        other => other.map_err(os::from_nix),
    }
}

/// Takes the mount at `path` out of the folders and ends its connection, where this process may: whatever waits
/// for an answer gets `ECONNABORTED`. An ordinary user's connection ends with its last descriptor.
///
/// # Errors
///
/// As for [`mounts::detach`].
///
/// # Source
///
/// `fuse_umount_begin` in the kernel's `fs/fuse/inode.c`.
pub fn abort(path: &Path) -> Result<(), Errno> {
    match umount2(path, MntFlags::MNT_FORCE | MntFlags::MNT_DETACH) {
        Err(nix::errno::Errno::EPERM) => mounts::detach(path),
        other => other.map_err(os::from_nix),
    }
}

fn unmount_by_helper(path: &Path) -> bool {
    let mut command = Command::new(HELPER);
    command.args(["-u", "-q", "--"]).arg(path);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requires_root;

    fn lives_and_goes(mount: fn(&Path) -> io::Result<OwnedFd>) {
        let folder = tempfile::tempdir().unwrap();
        let connection = mount(folder.path()).unwrap();
        assert!(is_connected(&connection));
        unmount(folder.path()).unwrap();
        assert!(!is_connected(&connection));
        assert_eq!(unmount(folder.path()), Err(Errno::EINVAL));
    }

    #[test]
    fn roots_mount_lives_until_it_is_taken_away() {
        if requires_root() && Path::new(NODE).exists() {
            lives_and_goes(mount_directly);
        }
    }

    #[test]
    fn the_helpers_mount_is_the_same() {
        let has_helper = Command::new(HELPER).arg("-V").output().is_ok();
        if requires_root() && has_helper && Path::new(NODE).exists() {
            lives_and_goes(mount_by_helper);
        }
    }

    #[test]
    fn what_no_mount_has_is_not_connected() {
        if let Ok(connection) = open() {
            assert!(!is_connected(&connection));
        }
    }

    #[test]
    fn the_helpers_words_are_told() {
        let has_helper = Command::new(HELPER).arg("-V").output().is_ok();
        if has_helper {
            let error = mount_by_helper(Path::new("/nowhere/at/all")).unwrap_err();
            assert!(error.to_string().contains("/nowhere"), "{error}");
        }
    }
}
