//! A disk with an image on it, for whoever looks at nothing less than a block device.

use std::fs::File;
use std::io;
use std::os::fd::AsFd as _;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use dm_core::errno::Errno;
use dm_sys::loopdev::{Attach, LoopDevice};

/// How long somebody who looks for a free device may have it open still when it is to go.
const PATIENCE: Duration = Duration::from_secs(5);

/// A loop device on a file that nobody else knows. It is detached when dropped.
#[derive(Debug)]
pub struct LoopDisk {
    file: File,
    device: LoopDevice,
}

impl LoopDisk {
    /// One with what `write` writes.
    ///
    /// # Errors
    ///
    /// It cannot be written, or there can be no loop device.
    pub fn new(how: Attach, write: impl FnOnce(&File) -> io::Result<()>) -> io::Result<Self> {
        let file = tempfile::tempfile()?;
        write(&file)?;
        let device = LoopDevice::attach(file.as_fd(), how)?;
        Ok(Self { file, device })
    }

    /// Its node.
    pub fn path(&self) -> &Path {
        self.device.path()
    }

    /// Its number among loop devices.
    pub fn number(&self) -> u32 {
        self.device.number()
    }

    /// Has what `write` writes, and its size, from now on.
    ///
    /// # Errors
    ///
    /// It cannot be written, or the system refuses.
    pub fn rewrite(&self, write: impl FnOnce(&File) -> io::Result<()>) -> io::Result<()> {
        self.file.set_len(0)?;
        write(&self.file)?;
        self.device.set_capacity().map_err(|errno| io::Error::from_raw_os_error(errno.get()))
    }
}

impl Drop for LoopDisk {
    fn drop(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while self.device.detach_if_unused() == Err(Errno::EBUSY) && Instant::now() < deadline {
            sleep(Duration::from_millis(1));
        }
    }
}
