//! Devices by name, as a table names them.

use std::collections::BTreeMap;
use std::sync::Arc;

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::units::Sectors;
use dm_engine::io::request::{Device, Now};
use dm_engine::target::{Opener, Runner};

use super::{SimDisk, SimRunner};

/// Disks in memory called `/dev/ram0`, `/dev/ram1`, ... and numbered 1:0, 1:1, ..., as the kernel's are;
/// and whatever else is put beside them.
#[derive(Clone, Debug, Default)]
pub struct SimOpener {
    disks: Vec<Arc<SimDisk>>,
    by_path: BTreeMap<Vec<u8>, Arc<dyn Device>>,
}

impl SimOpener {
    /// What a path that is not there gives.
    ///
    /// # Source
    ///
    /// `tests/transcripts/dmsetup/linear-device.txt`, 6.12.
    pub const NO_PATH: Errno = Errno::ENOENT;

    /// What a number that no device has gives.
    ///
    /// # Source
    ///
    /// `tests/transcripts/dmsetup/linear-device.txt`, 6.12.
    pub const NO_NUMBER: Errno = Errno::ENXIO;

    /// What a number that no device can have gives.
    ///
    /// # Source
    ///
    /// `dm_get_device` in the kernel's `drivers/md/dm-table.c`.
    pub const BAD_NUMBER: Errno = Errno::EOVERFLOW;

    /// `count` disks of `size` each.
    pub fn new(count: u32, size: Sectors) -> Self {
        let disk = |minor| SimDisk::new(size).with_dev(DevNo::new(1, minor));
        let mut opener = Self::default();
        (0..count).for_each(|minor| opener.add_disk(disk(minor)));
        opener
    }

    /// Adds a disk as the next `/dev/ram`.
    pub fn add_disk(&mut self, disk: SimDisk) {
        let (path, disk) = (format!("/dev/ram{}", self.disks.len()), Arc::new(disk));
        self.disks.push(Arc::clone(&disk));
        self.add(path.as_bytes(), disk);
    }

    /// Adds a device called `path`.
    pub fn add(&mut self, path: &[u8], device: Arc<dyn Device>) {
        self.by_path.insert(path.to_vec(), device);
    }

    /// The disks, in their order.
    pub fn disks(&self) -> &[Arc<SimDisk>] {
        &self.disks
    }
}

impl Opener for SimOpener {
    fn open(&mut self, word: &[u8]) -> Result<Arc<dyn Device>, Errno> {
        let Some(number) = number(word) else {
            return self.by_path.get(word).cloned().ok_or(Self::NO_PATH);
        };
        let dev: DevNo = number.parse().map_err(|_| Self::BAD_NUMBER)?;
        self.by_path.values().find(|device| device.dev() == dev).cloned().ok_or(Self::NO_NUMBER)
    }

    /// Where the clock of a [`SimCx`](super::SimCx) begins.
    fn now(&self) -> Now {
        Now::ZERO
    }

    fn runner(&self) -> Option<Arc<dyn Runner>> {
        Some(Arc::new(SimRunner::new(0)))
    }
}

/// `word`, if it has the form of a device number.
fn number(word: &[u8]) -> Option<&str> {
    let text = str::from_utf8(word).ok()?;
    let (major, minor) = text.split_once(':')?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (digits(major) && digits(minor)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_has_a_path_and_a_number() {
        let mut opener = SimOpener::new(2, Sectors::new(8));
        assert_eq!(opener.open(b"/dev/ram1").unwrap().dev(), DevNo::new(1, 1));
        assert_eq!(opener.open(b"1:1").unwrap().dev(), DevNo::new(1, 1));
    }

    #[test]
    fn what_is_not_there_gives_the_kernels_numbers() {
        let mut opener = SimOpener::new(2, Sectors::new(8));
        let mut errno = |word: &[u8]| opener.open(word).unwrap_err();
        assert_eq!(errno(b"/dev/nosuch"), Errno::ENOENT);
        assert_eq!(errno(b"1:2"), Errno::ENXIO);
        assert_eq!(errno(b"4096:0"), Errno::EOVERFLOW);
        assert_eq!(errno(b"1:"), Errno::ENOENT);
        assert_eq!(errno(b"1:0:0"), Errno::ENOENT);
    }
}
