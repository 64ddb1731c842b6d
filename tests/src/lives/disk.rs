//! A disk with an image on it, which can become another's.

use std::fs::File;
use std::io;
use std::os::fd::AsFd as _;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use dm_core::errno::Errno;
use dm_sys::loopdev::{Attach, LoopDevice};
use dm_testkit::partitions::Image;

/// How long somebody may have it open still when it is to go.
const PATIENCE: Duration = Duration::from_secs(5);

/// A loop device on a file that nobody else knows. It is detached when dropped.
#[derive(Debug)]
pub(super) struct LoopDisk {
    file: File,
    device: LoopDevice,
}

impl LoopDisk {
    pub(super) fn new(image: &Image) -> io::Result<Self> {
        let file = tempfile::tempfile()?;
        image.write_to(&file)?;
        let how = Attach { block_size: image.block, ..Attach::default() };
        let device = LoopDevice::attach(file.as_fd(), how)?;
        Ok(Self { file, device })
    }

    pub(super) fn path(&self) -> &Path {
        self.device.path()
    }

    pub(super) fn number(&self) -> u32 {
        self.device.number()
    }

    /// Has another image from now on, and its size.
    pub(super) fn become_like(&self, image: &Image) -> io::Result<()> {
        self.file.set_len(0)?;
        image.write_to(&self.file)?;
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
