//! Mounts that outlived their server.

use std::path::Path;
use std::process::{Command, Stdio};

use dm_core::errno::Errno;
use nix::mount::{MntFlags, umount2};
use nix::sys::statfs::statfs;

use crate::os;

/// Whether `path` is a mount whose server has gone: FUSE answers everything there with `ENOTCONN`.
pub fn is_dead(path: &Path) -> bool {
    matches!(statfs(path), Err(nix::errno::Errno::ENOTCONN))
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_no_mount() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_dead(folder.path()));
        assert!(matches!(detach(folder.path()), Err(Errno::EINVAL | Errno::EPERM)));
    }
}
