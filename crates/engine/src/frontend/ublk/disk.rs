//! One ublk device: made, started, stopped and deleted.
//!
//! ```text
//! add ─► open, fetch ─► parameters ─► start ─► (serves) ─► stop ─► queues end ─► delete
//! ```

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::units::Sectors;
use dm_sys::block::{BlockFile, Claim, Open};
use dm_sys::{openers, os, sysfs};

use super::params;
use crate::frontend::Served;
use crate::io::request::Device as _;
use crate::mapped::MappedDevice;
use crate::ring::queue::Queues;
use crate::ring::ublk::control::{self, Control};
use crate::ring::ublk::queue::{DEPTH, Device, MAX_REQUEST, Serving};
use crate::ring::ublk::wire::{DeviceInfo, Features, Parameters};

/// How long somebody else may hold a new device: udev looks at every node that appears.
const BUSY_LIMIT: Duration = Duration::from_secs(5);

/// How long udev may look at a device that is to go.
const GOING_LIMIT: Duration = Duration::from_secs(1);

/// How long a stopped device's queues may take to notice.
const END_LIMIT: Duration = Duration::from_secs(10);

/// How long a deleted device's number may take to become free.
const NUMBER_LIMIT: Duration = Duration::from_secs(2);

/// What a device is asked to be able to do, where the driver can.
const WANTED: Features = Features::USER_RECOVERY
    .union(Features::USER_RECOVERY_REISSUE)
    .union(Features::UNPRIVILEGED_DEV)
    .union(Features::CMD_IOCTL_ENCODE)
    .union(Features::UPDATE_SIZE)
    .union(Features::QUIESCE)
    .union(Features::SAFE_STOP_DEV)
    .union(Features::NO_AUTO_PART_SCAN);

/// What devices are made with.
#[derive(Debug)]
pub(super) struct Driver {
    pub(super) control: Control,
    pub(super) features: Features,
    pub(super) queues: Arc<Queues>,
}

/// A device that is served.
#[derive(Debug)]
pub(super) struct Disk {
    /// Its number at the driver.
    pub(super) id: u32,
    /// Its block device.
    pub(super) dev: DevNo,
    pub(super) features: Features,
    pub(super) max_request: u32,
    pub(super) mark: u64,
    pub(super) serving: Arc<Serving>,
    state: Mutex<State>,
}

/// What a command may change.
#[derive(Debug)]
pub(super) struct State {
    /// What the driver was told of its limits and size.
    pub(super) parameters: Parameters,
    pub(super) read_only: bool,
}

impl Disk {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its node.
    pub(super) fn node(&self) -> PathBuf {
        Path::new("/dev").join(format!("ublkb{}", self.id))
    }

    /// Where it is served.
    pub(super) fn served(&self) -> Served {
        let real = Some((self.dev.major, self.dev.minor));
        Served { node: Some(self.node()), real, index: Some(self.id) }
    }

    /// How many have it open.
    pub(super) fn openers(&self) -> u32 {
        openers::count(self.dev)
    }

    /// Marks the block device as read-only, or as writable again.
    ///
    /// # Errors
    ///
    /// What opening it says; `EACCES` for users without rights.
    pub(super) fn set_read_only(&self, yes: bool) -> Result<(), Errno> {
        let file = BlockFile::open_number(self.dev, Open::default());
        let file = file.map_err(|error| os::errno(&error))?;
        file.set_read_only(yes)?;
        self.state().read_only = yes;
        Ok(())
    }
}

impl Driver {
    /// Makes a device with the number `id`, or any, and has it served.
    ///
    /// # Errors
    ///
    /// What the driver says; nothing is left behind then.
    pub(super) fn make(
        &self,
        id: Option<u32>,
        mark: u64,
        mapped: &Arc<MappedDevice>,
    ) -> Result<Disk, Errno> {
        let queues = if mapped.has_one_queue() { 1 } else { self.queues.count() };
        let mut asked = DeviceInfo::asking(self.features & WANTED);
        asked.nr_hw_queues = u16::try_from(queues).unwrap_or(1);
        asked.queue_depth = DEPTH;
        asked.max_io_buf_bytes = MAX_REQUEST;
        asked.ublksrv_flags = mark;
        let info = self.add(id, asked)?;
        self.start(&info, mapped).inspect_err(|errno| {
            tracing::error!(id = info.dev_id, %errno, "a ublk device does not start");
            self.delete_any(info.dev_id);
        })
    }

    /// Makes a device; a number that does not become free soon is not waited for any longer.
    fn add(&self, id: Option<u32>, asked: DeviceInfo) -> Result<DeviceInfo, Errno> {
        let deadline = Instant::now() + NUMBER_LIMIT;
        loop {
            match self.control.add(id, asked) {
                Err(Errno::EEXIST) if Instant::now() < deadline => pause(),
                Err(Errno::EEXIST) => return self.control.add(None, asked),
                added => return added,
            }
        }
    }

    fn start(&self, info: &DeviceInfo, mapped: &Arc<MappedDevice>) -> Result<Disk, Errno> {
        let id = info.dev_id;
        let limits = mapped.limits();
        let parameters = params::parameters(&limits, mapped.size(), info.max_io_buf_bytes)?;
        // First of all the node opens: until udev has given it to this user, the driver refuses commands as well.
        let serving = self.serve(info, mapped)?;
        self.control.set_parameters(id, &parameters)?;
        self.control.start(id)?;
        let disk = self.disk(info, parameters, serving)?;
        let ahead = limits.read_ahead();
        if let Err(error) = sysfs::set_read_ahead(disk.dev, &disk.node(), ahead) {
            tracing::warn!(%error, id, "read-ahead not set");
        }
        if mapped.is_read_only()
            && let Err(error) = disk.set_read_only(true)
        {
            tracing::warn!(%error, id, "not marked as read-only; writes are refused all the same");
        }
        Ok(disk)
    }

    /// What a device is that lives, or is about to.
    pub(super) fn disk(
        &self,
        info: &DeviceInfo,
        parameters: Parameters,
        serving: Arc<Serving>,
    ) -> Result<Disk, Errno> {
        let numbers = self.control.parameters(info.dev_id)?;
        let dev = DevNo::new(numbers.disk_major, numbers.disk_minor);
        let read_only = is_read_only(dev);
        Ok(Disk {
            id: info.dev_id,
            dev,
            features: info.features(),
            max_request: info.max_io_buf_bytes,
            mark: info.ublksrv_flags,
            serving,
            state: Mutex::new(State { parameters, read_only }),
        })
    }

    /// Has a device's queues served.
    pub(super) fn serve(
        &self,
        info: &DeviceInfo,
        mapped: &Arc<MappedDevice>,
    ) -> Result<Arc<Serving>, Errno> {
        let node = open_char_node(info.dev_id).map_err(|error| {
            let path = control::char_node(info.dev_id);
            tracing::error!(%error, path = %path.display(), "not opened");
            os::errno(&error)
        })?;
        let serving = Arc::new(Serving::default());
        let device = Device {
            node: &Arc::new(node),
            queues: info.nr_hw_queues,
            depth: info.queue_depth,
            max_request: info.max_io_buf_bytes,
            mapped,
            serving: &serving,
        };
        device.attach(&self.queues).map_err(|error| os::errno(&error))?;
        Ok(serving)
    }

    /// Stops and deletes a device that nobody has open.
    ///
    /// # Errors
    ///
    /// `EBUSY` while somebody has; everything is as it was then. What the driver says.
    pub(super) fn end(&self, disk: &Disk) -> Result<(), Errno> {
        match self.control.info(disk.id) {
            Ok(info) if info.ublksrv_flags == disk.mark => {}
            // Somebody else deleted it, and may have taken the number since.
            Ok(_) | Err(Errno::ENODEV) => return Ok(()),
            Err(errno) => return Err(errno),
        }
        self.stop_unused(disk)?;
        if !disk.serving.wait_over(END_LIMIT) {
            tracing::error!(id = disk.id, "a ublk device's queues do not end");
        }
        match self.control.delete(disk.id) {
            Ok(()) | Err(Errno::ENODEV) => Ok(()),
            Err(errno) => {
                // It is stopped, and nobody can have it open: the next daemon deletes it.
                tracing::error!(id = disk.id, %errno, "a stopped ublk device stays");
                Ok(())
            }
        }
    }

    /// A device that udev still looks at goes when it has seen enough.
    fn stop_unused(&self, disk: &Disk) -> Result<(), Errno> {
        let udev = Path::new("/run/udev/control").exists();
        let deadline = Instant::now() + if udev { GOING_LIMIT } else { Duration::ZERO };
        loop {
            match self.try_stop(disk) {
                Err(Errno::EBUSY) if Instant::now() < deadline => pause(),
                Err(Errno::ENODEV) => return Ok(()),
                stopped => return stopped,
            }
        }
    }

    fn try_stop(&self, disk: &Disk) -> Result<(), Errno> {
        if disk.features.contains(Features::SAFE_STOP_DEV) {
            match self.control.stop_if_unused(disk.id) {
                Err(Errno::EOPNOTSUPP) => {}
                stopped => return stopped,
            }
        }
        if disk.openers() > 0 {
            return Err(Errno::EBUSY);
        }
        // With this claim nobody mounts it or swaps to it from now on. Who merely opens it between the look and
        // the stop finds it dead.
        let claim = Open { claim: Claim::Exclusive, ..Open::default() };
        let claimed = match BlockFile::open_number(disk.dev, claim) {
            Ok(file) => Some(file),
            Err(error) if error.raw_os_error() == Some(Errno::EBUSY.get()) => {
                return Err(Errno::EBUSY);
            }
            // Stopped already, or its node was taken away: that keeps others off as well.
            Err(_) => None,
        };
        let stopped = self.control.stop(disk.id);
        drop(claimed);
        stopped
    }

    /// Deletes a device, whoever has it open.
    pub(super) fn delete_any(&self, id: u32) {
        let stopped = self.control.stop(id);
        let deleted = stopped.and_then(|()| self.control.delete(id));
        if let Err(errno) = deleted.or_else(|errno| match errno {
            Errno::ENODEV => Ok(()),
            errno => Err(errno),
        }) {
            tracing::error!(id, %errno, "a ublk device stays");
        }
    }

    /// Whether live devices can change their size.
    pub(super) fn can_resize(&self) -> bool {
        self.features.contains(Features::UPDATE_SIZE)
    }

    /// Changes the size of a live device.
    ///
    /// # Errors
    ///
    /// `EOPNOTSUPP` where the driver cannot.
    pub(super) fn resize(&self, disk: &Disk, size: Sectors) -> Result<(), Errno> {
        if !self.can_resize() {
            return Err(Errno::EOPNOTSUPP);
        }
        self.control.update_size(disk.id, size)?;
        disk.state().parameters.dev_sectors = size.get();
        Ok(())
    }
}

/// Opens the server's side of a device, which takes one at a time. It is there at once, or when udev has made it.
fn open_char_node(id: u32) -> io::Result<File> {
    let path = control::char_node(id);
    let deadline = Instant::now() + BUSY_LIMIT;
    loop {
        let opened = OpenOptions::new().read(true).write(true).open(&path);
        match opened.as_ref().map_err(os::errno) {
            Err(Errno::EBUSY | Errno::ENOENT | Errno::EACCES) if Instant::now() < deadline => {
                pause();
            }
            _ => return opened,
        }
    }
}

/// Whether the kernel has a device marked as read-only.
fn is_read_only(dev: DevNo) -> bool {
    let text = fs::read_to_string(sysfs::folder(dev).join("ro"));
    text.is_ok_and(|text| text.trim_end() == "1")
}

pub(super) fn pause() {
    thread::sleep(Duration::from_millis(10));
}
