//! FUSE files with loop devices on them: a mapped device is a real block device, `/dev/loop<N>`, on a kernel
//! that has neither device-mapper nor ublk. Needs root.
//!
//! ```text
//! /dev/mapper/<name> ──link──► /dev/loop<N> ──► <mount>/<minor> ──FUSE──► MappedDevice
//! ```
//!
//! - One request of a loop device is one FUSE request: its longest is a page less than FUSE's longest write.
//! - Its requests are not merged, so that an error hits only the sectors concerned.
//! - It bypasses the page cache below it: an error reaches the one who wrote.
//!
//! # Source
//!
//! The kernel's `drivers/block/loop.c` and `fs/fuse/file.c`.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::mem;
use std::os::fd::{AsFd as _, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::name::DmName;
use dm_core::units::{Bytes, Sectors};
use dm_sys::loopdev::{self, Attach, LOOP_MAJOR, LoopDevice};
use dm_sys::sysfs::{self, QueueSetting};
use dm_sys::{mounts, openers, os};

use super::fuse::{Device, MAX_WRITE, Mount, MountError};
use super::links::Links;
use super::{Frontend, Identity, Served};
use crate::io::request::Device as _;
use crate::limits::Limits;
use crate::mapped::MappedDevice;
use crate::ring::queue::Queues;

/// The longest request of a loop device, in KiB: a buffer that begins inside a page touches one page more
/// than its length says.
const MAX_REQUEST_KIB: u32 = MAX_WRITE / 1024 - 4;

/// How a loop device's queue is set.
const QUEUE: &[QueueSetting] =
    &[QueueSetting::MaxRequestKib(MAX_REQUEST_KIB), QueueSetting::NoMerges(NO_MERGES)];

/// `nomerges`: never, and the driver's own value.
const NO_MERGES: u8 = 2;
const MERGES: u8 = 0;

/// How long to ask for a new size: writes that end all the time would have to meet every question.
const RESIZE_LIMIT: Duration = Duration::from_secs(2);

/// Serves devices as loop devices.
///
/// Locks: `loops` is held while one device is attached, changed or detached, and with no other.
pub struct FuseLoops {
    mount: Mount,
    links: Links,
    loops: Mutex<BTreeMap<u32, Attached>>,
}

/// A device's loop device.
#[derive(Debug)]
struct Attached {
    name: DmName,
    device: LoopDevice,
    size: Sectors,
    read_only: bool,
    block: Bytes,
    /// The loop device's longest request before it was ours.
    max_request: Bytes,
}

impl fmt::Debug for FuseLoops {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FuseLoops").field("at", &self.mount.path()).finish_non_exhaustive()
    }
}

impl FuseLoops {
    /// Serves the mount at `folder`, whose connection [`connect`](super::connect) has made, whether or not
    /// another process has served it before; links go to `nodes`; the queues carry the requests.
    ///
    /// # Errors
    ///
    /// [`MountError`]: the mount is of no more use, and another has to be made.
    pub fn mount(
        folder: &Path,
        nodes: &Path,
        queues: &Arc<Queues>,
        connection: OwnedFd,
    ) -> Result<Self, MountError> {
        let mount = Mount::new(folder, queues, connection)?;
        Ok(Self { mount, links: Links::new(nodes), loops: Mutex::default() })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u32, Attached>> {
        self.loops.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn attach(
        &self,
        id: &Identity,
        device: &MappedDevice,
        before: Option<u32>,
    ) -> io::Result<Attached> {
        let file = self.open_file(id.minor)?;
        let limits = device.limits();
        let read_only = device.is_read_only();
        let block = limits.logical_block;
        let how = Attach {
            direct_io: true,
            block_size: u32::try_from(block.get()).unwrap_or(512),
            queue: QUEUE,
            by_path: true,
            ..Attach::default()
        };
        let attached = attach_file(&file, how, before)?;
        let max_request = attached.max_request_before();
        set_up(&attached, limits.read_ahead());
        // Attached as read-only, it could never become writable again.
        attached.set_read_only(read_only).map_err(io_error)?;
        let (name, size) = (id.name.clone(), device.size());
        Ok(Attached { name, device: attached, size, read_only, block, max_request })
    }

    /// Takes over the loop device of an earlier process as it is, where it is still on the same device's file:
    /// whoever has it open does not notice. Nothing is asked of the file that it is on: it may be that of a device which
    /// is not back yet, and would answer only when it is.
    fn adopt(&self, id: &Identity, device: &MappedDevice, number: u32) -> Option<Attached> {
        if !self.mount.is_adopted() {
            return None;
        }
        let file = real(self.mount.path()).join(file_name(id.minor));
        let found = LoopDevice::open_on(number, &file).ok()?;
        thaw_later(found.dev());
        let limits = device.limits();
        set_up(&found, limits.read_ahead());
        let block = sysfs::queue(found.dev()).map_or(0, |queue| queue.logical_block);
        let mut attached = Attached {
            name: id.name.clone(),
            size: size_of(&found)?,
            read_only: device.is_read_only(),
            block: Bytes::new(block.into()),
            // The driver's own is not known any more; this stands for it.
            max_request: Bytes::ZERO,
            device: found,
        };
        attached.device.set_read_only(attached.read_only).ok()?;
        if let Err(error) = self.follow(id.minor, &mut attached, device, &limits) {
            tracing::warn!(%error, number, "a loop device is not as its table says");
        }
        Some(attached)
    }

    /// Has a loop device follow its device's table.
    fn follow(
        &self,
        minor: u32,
        attached: &mut Attached,
        device: &MappedDevice,
        limits: &Limits,
    ) -> Result<(), Errno> {
        if attached.size != device.size() {
            self.resize(minor, attached, device.size())?;
        }
        if attached.read_only != device.is_read_only() {
            attached.device.set_read_only(device.is_read_only())?;
            attached.read_only = device.is_read_only();
        }
        if attached.block != limits.logical_block {
            attached.set_block(limits.logical_block);
        }
        Ok(())
    }

    fn open_file(&self, minor: u32) -> io::Result<File> {
        let path = self.mount.path().join(file_name(minor));
        OpenOptions::new().read(true).write(true).open(path)
    }

    /// Takes over the device's size; whoever has it open sees it at once.
    ///
    /// The driver takes the size that the kernel has of the file. The kernel drops what it is told of a file
    /// while a write to it ends, and so has to be asked again.
    fn resize(&self, minor: u32, attached: &mut Attached, size: Sectors) -> Result<(), Errno> {
        let deadline = Instant::now() + RESIZE_LIMIT;
        loop {
            self.mount.refresh(&file_name(minor)).map_err(|error| os::errno(&error))?;
            attached.device.set_capacity()?;
            if size_of(&attached.device) == Some(size) {
                attached.size = size;
                return Ok(());
            }
            if Instant::now() >= deadline {
                return Err(Errno::EBUSY);
            }
            thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Attached {
    /// Changes the logical block's size while nobody has the device open: the driver waits for what is under way.
    /// In use it keeps its blocks, which the file takes as it takes any bytes.
    fn set_block(&mut self, block: Bytes) {
        let (number, size) = (self.device.number(), u32::try_from(block.get()).unwrap_or(512));
        if openers_of(&self.device) > 0 {
            tracing::info!(number, size, "a loop device in use keeps its logical block");
            return;
        }
        match self.device.set_block_size(size) {
            Ok(()) => self.block = block,
            Err(error) => tracing::warn!(%error, number, size, "block size not set"),
        }
    }

    /// Detaches the loop device unless somebody has it open; its next owner finds it as we did.
    fn detach(&mut self) -> Result<(), Errno> {
        // The driver, asked to detach a device in use, waits for its requests before it refuses.
        if openers_of(&self.device) > 0 {
            return Err(Errno::EBUSY);
        }
        // The mark outlives the file. The table refuses writes all the same.
        self.device.set_read_only(false).or_else(|errno| match errno {
            Errno::ENXIO => Ok(()),
            errno => Err(errno),
        })?;
        match self.device.detach_if_unused() {
            // The user has detached it: then it is unused.
            Ok(()) | Err(Errno::ENXIO) => {
                self.restore_queue();
                Ok(())
            }
            Err(errno) => {
                self.device.set_read_only(self.read_only)?;
                Err(errno)
            }
        }
    }

    fn restore_queue(&self) {
        let kib = u32::try_from(self.max_request.get() / 1024).unwrap_or(0);
        for setting in [QueueSetting::MaxRequestKib(kib), QueueSetting::NoMerges(MERGES)] {
            if let Err(error) = self.device.set_queue(setting) {
                tracing::debug!(%error, ?setting, "not restored");
            }
        }
        let read_ahead = Limits::default().read_ahead();
        if let Err(error) = sysfs::set_read_ahead(self.device.dev(), self.device.path(), read_ahead)
        {
            tracing::debug!(%error, "read-ahead not restored");
        }
    }
}

/// Takes away what a daemon that died has left of its mount at `folder` and in the folder of links `nodes`. To be
/// called while the dead mount is there still: by its path its loop devices are known.
pub fn clear_dead(folder: &Path, nodes: &Path) {
    let stale = clear(folder, &BTreeSet::new());
    Links::new(nodes).sweep(|node| stale.contains(node), [].into_iter());
}

/// Takes away what a daemon that died has left on a mount at `folder`, but for the loop devices that are `ours`,
/// and gives the nodes of what went. A device that is still in use goes when it is closed; its requests fail.
fn clear(folder: &Path, ours: &BTreeSet<u32>) -> BTreeSet<PathBuf> {
    let folder = real(folder);
    let stale = loopdev::attached().into_iter().filter(|(_, file)| file.starts_with(&folder));
    let stale: Vec<u32> = stale.map(|(number, _)| number).filter(|n| !ours.contains(n)).collect();
    for number in &stale {
        mounts::thaw(DevNo::new(LOOP_MAJOR, *number));
        if let Err(error) = loopdev::detach_on_last_close(*number) {
            tracing::warn!(%error, number, "stale loop device not detached");
        }
    }
    stale.into_iter().map(loopdev::node).collect()
}

/// The mount's folder as the kernel shows it, without symbolic links. The mount itself is not asked.
fn real(folder: &Path) -> PathBuf {
    let above = folder.parent().and_then(|above| fs::canonicalize(above).ok());
    match (above, folder.file_name()) {
        (Some(above), Some(name)) => above.join(name),
        _ => folder.to_owned(),
    }
}

/// Thaws what is mounted on an adopted loop device, should the process before have frozen it. That writes to the
/// device, which may be suspended now.
fn thaw_later(dev: DevNo) {
    let thaw = move || mounts::thaw(dev);
    if let Err(error) = thread::Builder::new().name("thaw".into()).spawn(thaw) {
        tracing::warn!(%error, "nothing is thawed");
    }
}

/// The name of the file of the device with this minor.
fn file_name(minor: u32) -> OsString {
    minor.to_string().into()
}

/// Attaches to the loop device that an earlier daemon had if it is free, else to any.
fn attach_file(file: &File, how: Attach, before: Option<u32>) -> io::Result<LoopDevice> {
    let same = before.map(|number| LoopDevice::attach_number(number, file.as_fd(), how));
    match same {
        Some(Ok(device)) => Ok(device),
        _ => LoopDevice::attach(file.as_fd(), how),
    }
}

/// What only makes errors hit more than they must is not worth failing for.
fn set_up(device: &LoopDevice, read_ahead: Sectors) {
    if let Err(error) = sysfs::set_read_ahead(device.dev(), device.path(), read_ahead) {
        tracing::warn!(%error, path = %device.path().display(), "read-ahead not set");
    }
    for setting in QUEUE {
        if let Err(error) = device.set_queue(*setting) {
            tracing::warn!(%error, ?setting, path = %device.path().display(), "not set");
        }
    }
}

/// Detaches all, or none if one of them is in use.
fn detach_all(loops: &mut BTreeMap<u32, Attached>) -> Result<(), Errno> {
    if loops.values().any(|attached| openers_of(&attached.device) > 0) {
        return Err(Errno::EBUSY);
    }
    for attached in loops.values_mut() {
        if attached.detach().is_err() {
            // Opened since it was looked at: it goes when it is closed, which is what was asked for.
            drop(loopdev::detach_on_last_close(attached.device.number()));
        }
    }
    Ok(())
}

fn openers_of(device: &LoopDevice) -> u32 {
    openers::count(device.dev())
}

/// The size that the kernel has of a loop device.
fn size_of(device: &LoopDevice) -> Option<Sectors> {
    let text = fs::read_to_string(sysfs::folder(device.dev()).join("size")).ok()?;
    text.trim_end().parse().ok().map(Sectors::new)
}

fn io_error(errno: Errno) -> io::Error {
    io::Error::from_raw_os_error(errno.get())
}

impl Frontend for FuseLoops {
    fn kind(&self) -> &'static str {
        "fuse"
    }

    fn add(
        &self,
        id: &Identity,
        device: &Arc<MappedDevice>,
        before: Option<&Served>,
    ) -> Result<Served, Errno> {
        let name = file_name(id.minor);
        self.mount.add(&name, (id.minor, Device::known(before.is_some())), device)?;
        let number = before.and_then(|served| served.index);
        let adopted = number.and_then(|number| self.adopt(id, device, number));
        let attached = match adopted.map_or_else(|| self.attach(id, device, number), Ok) {
            Ok(attached) => attached,
            Err(error) => {
                self.mount.forget(&name);
                tracing::error!(%error, minor = id.minor, "no loop device");
                return Err(os::errno(&error));
            }
        };
        self.mount.attached(&name);
        let (node, dev) = (attached.device.path().to_owned(), attached.device.dev());
        let index = Some(attached.device.number());
        self.lock().insert(id.minor, attached);
        self.links.add(&id.name, &node);
        Ok(Served { node: Some(node), real: Some((dev.major, dev.minor)), index })
    }

    fn changed(
        &self,
        id: &Identity,
        _served: &Served,
        device: &Arc<MappedDevice>,
        limits: &Limits,
    ) -> Result<Option<Served>, Errno> {
        let mut loops = self.lock();
        let attached = loops.get_mut(&id.minor).ok_or(Errno::ENXIO)?;
        self.follow(id.minor, attached, device, limits)?;
        Ok(None)
    }

    fn rename(&self, id: &Identity, served: &Served, to: &DmName) -> Result<(), Errno> {
        if let Some(attached) = self.lock().get_mut(&id.minor) {
            attached.name = to.clone();
        }
        if let Some(node) = &served.node {
            self.links.add(to, node);
            self.links.remove(&id.name, node);
        }
        Ok(())
    }

    fn remove(&self, id: &Identity, served: &Served) -> Result<(), Errno> {
        let mut loops = self.lock();
        if let Some(attached) = loops.get_mut(&id.minor) {
            attached.detach()?;
            loops.remove(&id.minor);
        }
        drop(loops);
        self.mount.forget(&file_name(id.minor));
        if let Some(node) = &served.node {
            self.links.remove(&id.name, node);
        }
        Ok(())
    }

    fn open_count(&self, id: &Identity, _served: &Served) -> i32 {
        let loops = self.lock();
        let count = loops.get(&id.minor).map_or(0, |attached| openers_of(&attached.device));
        i32::try_from(count).unwrap_or(i32::MAX)
    }

    fn read_ahead(&self, served: &Served) -> Option<Sectors> {
        let (major, minor) = served.real?;
        sysfs::read_ahead(DevNo::new(major, minor), served.node.as_deref()?).ok()
    }

    fn freeze(&self, served: &Served) -> Result<Option<Box<dyn Send>>, Errno> {
        let Some((major, minor)) = served.real else { return Ok(None) };
        let frozen = mounts::freeze(DevNo::new(major, minor))?;
        Ok(frozen.map(|frozen| Box::new(frozen) as Box<dyn Send>))
    }

    fn restored(&self) {
        self.mount.set_complete();
        if self.mount.is_adopted() {
            let loops = self.lock();
            let ours = loops.values().map(|attached| attached.device.number()).collect();
            let mut nodes = clear(self.mount.path(), &ours);
            nodes.extend(loops.values().map(|attached| attached.device.path().to_owned()));
            self.links.sweep(|node| nodes.contains(node), loops.values().map(|loop_| &loop_.name));
        }
    }

    fn leave(&self) -> Result<(), Errno> {
        let mut loops = self.lock();
        detach_all(&mut loops)?;
        for attached in mem::take(&mut *loops).into_values() {
            self.links.remove(&attached.name, attached.device.path());
        }
        drop(loops);
        self.links.leave();
        self.mount.unmount().map_err(|error| os::errno(&error))
    }
}
