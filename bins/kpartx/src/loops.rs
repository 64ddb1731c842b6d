//! The loop devices of a file: which it has, a new one, and none any more.
//!
//! Whether a loop device has a file is known by the file itself, its filesystem's number and its own there. The
//! original goes by the first 63 bytes of the path, and by a folder that udev makes. A loop device that begins
//! within the file, or ends before it, shows another disk and is nobody's here.
//!
//! # Source
//!
//! kpartx 0.9.4 and 0.14.3, by running them; `lopart.c` has the messages.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::AsFd as _;
use std::path::Path;

use dm_cli::exit::Failure;
use dm_core::errno::Errno;
use dm_formats::partitions::LogicalBlock;
use dm_sys::loopdev::{self, Attach, LoopDevice};
use dm_sys::os;

/// A file that was attached, and whether it turned out to be read-only.
#[derive(Debug)]
pub struct Attached {
    /// The loop device.
    pub device: LoopDevice,
    /// Nothing can be written through it.
    pub read_only: bool,
}

/// Attaches the file at `path` to a free loop device.
///
/// # Errors
///
/// The original's two lines.
pub fn attach(path: &Path, read_only: bool, block: LogicalBlock) -> Result<Attached, Failure> {
    let set_up = |line: Vec<u8>| Failure::line(line).and("can't set up loop");
    let (file, read_only) = open(path, read_only).map_err(|error| set_up(at(path, &error)))?;
    let bytes = u32::try_from(block.bytes().get()).unwrap_or(0);
    // The driver's own choice is left to it.
    let block_size = if block == LogicalBlock::B512 { 0 } else { bytes };
    let how = Attach { read_only, block_size, ..Attach::default() };
    match LoopDevice::attach(file.as_fd(), how) {
        Ok(device) => Ok(Attached { device, read_only }),
        Err(error) => Err(set_up(attach_line(&error))),
    }
}

fn attach_line(error: &io::Error) -> Vec<u8> {
    match os::errno(error) {
        Errno::ENOENT | Errno::EACCES | Errno::EPERM | Errno::ENODEV | Errno::ENXIO => {
            b"mount: could not find any device /dev/loop#".to_vec()
        }
        Errno::EBUSY => b"mount: could not find any free loop device".to_vec(),
        errno => format!("ioctl: LOOP_SET_FD: {errno}").into_bytes(),
    }
}

/// For writing too, unless that is not wanted or cannot be.
fn open(path: &Path, read_only: bool) -> io::Result<(File, bool)> {
    if !read_only {
        match OpenOptions::new().read(true).write(true).open(path) {
            Err(error) if matches!(os::errno(&error), Errno::EROFS | Errno::EACCES) => {}
            other => return other.map(|file| (file, false)),
        }
    }
    File::open(path).map(|file| (file, true))
}

/// Whether a file cannot be written to.
pub fn is_read_only(path: &Path) -> bool {
    open(path, false).is_ok_and(|(_, read_only)| read_only)
}

/// `PATH: what the system says`.
pub fn at(path: &Path, error: &io::Error) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt as _;
    let why = format!(": {}", os::errno(error));
    [path.as_os_str().as_bytes(), why.as_bytes()].concat()
}

/// Detaches a loop device: at once, or, where somebody has it open, when the last closes it.
///
/// # Errors
///
/// The original's line.
pub fn detach(device: &LoopDevice) -> Result<(), Failure> {
    let done = match device.detach_if_unused() {
        Err(Errno::EBUSY) => {
            loopdev::detach_on_last_close(device.number()).map_err(|error| os::errno(&error))
        }
        other => other,
    };
    match done {
        // The kernel has been faster: its last opener has just closed it.
        Ok(()) | Err(Errno::ENXIO) => Ok(()),
        Err(errno) => Err(Failure::line(format!("ioctl: LOOP_CLR_FD: {errno}"))),
    }
}
