//! What else is known of a device: from sysfs if it is the kernel's, from the engine if it is the engine's.

use std::io;

use dm_core::devno::DevNo;
use dm_core::dm::Reply;
use dm_core::flags::Flags;
use dm_core::packet::Cmd;
use dm_core::units::Sectors;
use dm_sys::{os, sysfs};

use super::Session;
use super::engine::{self, EngineDevice};
use super::link::Who;
use super::subject::Subject;

/// How far the kernel is to read ahead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReadAhead {
    /// As the kernel thinks.
    #[default]
    Auto,
    /// So many sectors.
    Sectors(u64),
    /// So many sectors, unless it is more already.
    AtLeast(u64),
}

impl Session<'_> {
    /// What the engine says of the device with this number.
    pub fn engine_device(&self, dev: DevNo) -> Option<EngineDevice> {
        if self.who() == Who::Kernel {
            return None;
        }
        let status = self.engine_status(&Subject::numbered(dev))?;
        engine::devices(status.payload()).into_iter().find(|device| device.dev == dev)
    }

    /// The major number of mapped devices, where it is known.
    pub fn own_major(&self) -> Option<u32> {
        match self.who() {
            Who::Kernel => major_in(&std::fs::read_to_string("/proc/devices").ok()?),
            // No device has this number: the major is all that is asked for.
            Who::Engine => {
                let nobody = Subject::numbered(DevNo::new(0, 1));
                engine::major(self.engine_status(&nobody)?.payload())
            }
        }
    }

    fn engine_status(&self, of: &Subject) -> Option<Reply> {
        let request = of.request(Cmd::EngineStatus).with_flags(Flags::SKIP_BDGET);
        self.call(&request, &Subject::default()).ok()
    }

    /// The name of the mapped device with this number, as device-mapper has it.
    pub fn mapped_name(&self, dev: DevNo) -> Option<Vec<u8>> {
        match self.engine_device(dev) {
            Some(device) => Some(device.name),
            None => sysfs::dm_name(dev).map(String::into_bytes),
        }
    }

    /// The kernel's name for the device with this number, the `sda` of `/sys/block/sda`.
    pub fn kernel_name(&self, dev: DevNo) -> Option<Vec<u8>> {
        match self.engine_device(dev) {
            Some(device) => device.kernel_name(),
            None => sysfs::kernel_name(dev).map(String::into_bytes),
        }
    }

    /// How many sectors the kernel reads ahead on a mapped device; `None`, with a line said, when nobody knows.
    pub fn read_ahead(&self, dev: DevNo, name: &[u8]) -> Option<u64> {
        let path = self.settings().places.path(name);
        let found = match self.who() {
            Who::Kernel => sysfs::read_ahead(dev, &path).map(Sectors::get),
            Who::Engine => {
                let told = self.engine_device(dev).and_then(|device| device.read_ahead);
                told.ok_or_else(|| io::ErrorKind::NotFound.into())
            }
        };
        found.inspect_err(|error| self.say_open_failed(&path, error)).ok()
    }

    /// Sets how far the kernel reads ahead on a mapped device.
    pub fn set_read_ahead(&self, dev: DevNo, name: &[u8], wanted: ReadAhead) {
        let (ReadAhead::Sectors(sectors) | ReadAhead::AtLeast(sectors)) = wanted else { return };
        let places = &self.settings().places;
        let (dev, path) = match self.who() {
            Who::Kernel => (dev, places.path(name)),
            Who::Engine => match self.engine_node(dev) {
                Some(node) => match sysfs::device_of(&node) {
                    Some(dev) => (dev, node),
                    // A plain file has no read-ahead of its own.
                    None => return,
                },
                None => return,
            },
        };
        if matches!(wanted, ReadAhead::AtLeast(_))
            && sysfs::read_ahead(dev, &path).is_ok_and(|now| now.get() >= sectors)
        {
            return;
        }
        if let Err(error) = sysfs::set_read_ahead(dev, &path, Sectors::new(sectors)) {
            self.say_open_failed(&path, &error);
        }
    }

    fn say_open_failed(&self, path: &std::path::Path, error: &io::Error) {
        let errno = match error.kind() {
            io::ErrorKind::NotFound => dm_core::errno::Errno::ENOENT,
            _ => os::errno(error),
        };
        self.say(format!("{}: open failed: {errno}", path.display()));
    }
}

/// The major number of `device-mapper` among the block devices of `/proc/devices`.
fn major_in(devices: &str) -> Option<u32> {
    let block = devices.split_once("Block devices:")?.1;
    let line = block.lines().find(|line| line.ends_with(" device-mapper"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_major_is_taken_and_no_other() {
        let devices = "Character devices:\n 10 device-mapper\n\nBlock devices:\n  7 loop\n252 device-mapper\n";
        assert_eq!(major_in(devices), Some(252));
        assert_eq!(major_in("Block devices:\n  7 loop\n"), None);
    }
}
