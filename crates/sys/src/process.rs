//! What a process that disks depend on asks of the kernel, and how it passes its open files on.

use std::env;
use std::ffi::CStr;
use std::io;
use std::os::fd::{BorrowedFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use dm_core::errno::Errno;
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::sys::prctl;

use crate::{os, raw};

/// Keeps this process in memory: a page of it could lie on a disk that only it can serve.
///
/// # Errors
///
/// `EPERM` and `ENOMEM` without `CAP_IPC_LOCK`, where the user's limit is too small.
pub fn stay_in_memory() -> Result<(), Errno> {
    raw::lock_memory()
}

/// Tells the kernel that disks depend on this thread and on those it starts: memory for them is then found
/// without writing to a disk first.
///
/// # Errors
///
/// `EPERM` without `CAP_SYS_RESOURCE`, `EINVAL` before Linux 5.6.
pub fn set_io_flusher() -> Result<(), Errno> {
    raw::set_io_flusher()
}

/// Gives this process the name that `ps` and `top` show: its first 15 bytes.
///
/// # Errors
///
/// What `prctl(2)` says.
pub fn set_name(name: &CStr) -> Result<(), Errno> {
    prctl::set_name(name).map_err(os::from_nix)
}

/// The file of this process's program: where another has been put in its place, that one.
///
/// # Errors
///
/// What reading `/proc/self/exe` says.
pub fn program() -> io::Result<PathBuf> {
    let exe = env::current_exe()?;
    Ok(replaced(&exe).filter(|path| path.exists()).unwrap_or(exe))
}

/// What lay at `exe`, by the mark that the kernel gives the path of a file that has been removed.
fn replaced(exe: &Path) -> Option<PathBuf> {
    let path = exe.as_os_str().as_bytes().strip_suffix(b" (deleted)")?;
    Some(PathBuf::from(std::ffi::OsStr::from_bytes(path)))
}

/// Has a program that this process starts inherit `fd`, under the same number.
///
/// # Errors
///
/// What `fcntl(2)` says.
pub fn pass_on(fd: BorrowedFd<'_>) -> io::Result<()> {
    fcntl(fd, FcntlArg::F_SETFD(FdFlag::empty()))?;
    Ok(())
}

/// Takes the descriptor that the program before, or the parent, has passed on under this number. Programs that
/// this process starts do not inherit it further.
///
/// To be called once for a number, before this process opens files of its own: what is open under it then was
/// passed on.
///
/// # Errors
///
/// `EBADF` when nothing is open under it.
pub fn inherited(number: RawFd) -> io::Result<OwnedFd> {
    raw::adopt(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, File};
    use std::io::{Read as _, Write as _};
    use std::os::fd::{AsFd as _, AsRawFd as _, IntoRawFd as _};

    #[test]
    fn a_removed_program_is_looked_for_at_its_old_place() {
        let mark = |path: &str| replaced(Path::new(path));
        assert_eq!(mark("/usr/bin/dm (deleted)"), Some(PathBuf::from("/usr/bin/dm")));
        assert_eq!(mark("/usr/bin/dm"), None);
        assert_eq!(program().unwrap(), env::current_exe().unwrap());
    }

    #[test]
    fn a_descriptor_is_inherited_only_where_it_is_passed_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "content").unwrap();
        let cat = |file: &File| {
            let path = format!("/dev/fd/{}", file.as_raw_fd());
            std::process::Command::new("cat").arg(path).output().unwrap().stdout
        };
        let file = File::open(&path).unwrap();
        assert_eq!(cat(&file), b"");
        pass_on(file.as_fd()).unwrap();
        assert_eq!(cat(&file), b"content");
        let file = File::from(inherited(file.into_raw_fd()).unwrap());
        assert_eq!(cat(&file), b"");
        let mut text = String::new();
        (&file).read_to_string(&mut text).unwrap();
        assert_eq!(text, "content");
        assert!((&file).write_all(b"x").is_err());
    }

    #[test]
    fn a_number_without_a_file_is_refused() {
        let error = inherited(1 << 20).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(libc::EBADF));
    }
}
