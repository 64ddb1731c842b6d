//! Loop devices: block devices over files, as many as wanted.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::units::{Bytes, SECTOR_SHIFT};
use libc::c_ulong;

use crate::raw::{self, LoopConfig, LoopInfo};
use crate::sysfs::{self, QueueSetting};
use crate::{mounts, nodes, os};

/// The loop devices' major number.
///
/// # Source
///
/// `LOOP_MAJOR` in the kernel's `include/uapi/linux/major.h`.
pub const LOOP_MAJOR: u32 = 7;

/// `LO_FLAGS_*`, from the kernel's `include/uapi/linux/loop.h`.
const READ_ONLY: u32 = 1;
const AUTOCLEAR: u32 = 4;
const PARTSCAN: u32 = 8;
const DIRECT_IO: u32 = 16;

/// How long others may snatch free devices before that is an error: with each attempt somebody else has
/// attached one, so this is far beyond any such race.
const ATTACH_DEADLINE: Duration = Duration::from_secs(10);

/// How a file is attached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attach {
    /// The loop driver bypasses the page cache.
    pub direct_io: bool,
    /// Nothing can be written through the device.
    pub read_only: bool,
    /// The logical block's size in bytes; 0 leaves it to the driver, which takes 512 or the file's.
    pub block_size: u32,
    /// Where in the file the device begins.
    pub offset: Bytes,
    /// How much of the file it has; none for all of the rest.
    pub size_limit: Bytes,
    /// How its queue is set. Afterwards that would wait for requests under way, and for ever if the file is one of
    /// this process's own and it is killed meanwhile.
    pub queue: &'static [QueueSetting],
    /// The device knows its file by its path from then on, as by [`LoopDevice::open_on`].
    pub by_path: bool,
}

/// How long a device keeps its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lasts {
    /// Until it is detached.
    UntilDetached,
    /// Until the last who has it open closes it.
    WhileOpen,
}

/// The loop devices that have all of the file, the lowest number first. One that begins within it, or ends before it,
/// shows another disk. One on another FUSE filesystem is not asked: that would wait for whoever serves it, who may be
/// dead.
pub fn of(file: &fs::Metadata) -> Vec<LoopDevice> {
    of_these(&attached(), file)
}

/// The same of those that have been found to have a file.
pub fn of_these(attached: &[(u32, PathBuf)], file: &fs::Metadata) -> Vec<LoopDevice> {
    let here = DevNo::from_libc(file.dev());
    let devices = attached
        .iter()
        .filter(|(_, path)| mounts::fuse_of(path).is_none_or(|dev| dev == here))
        .filter(|(number, _)| has_all(*number))
        .filter_map(|(number, _)| LoopDevice::open(*number).ok());
    devices.filter(|device| device.is_on(file)).collect()
}

/// Whether a loop device shows its file from beginning to end.
fn has_all(number: u32) -> bool {
    let is_zero = |name| setting(number, name).as_deref() == Some("0");
    is_zero("offset") && is_zero("sizelimit")
}

/// What sysfs says of a loop device that has a file.
///
/// # Source
///
/// The kernel's `drivers/block/loop.c`: `loop_attribute_group`.
fn setting(number: u32, name: &str) -> Option<String> {
    let text = fs::read_to_string(format!("/sys/block/loop{number}/loop/{name}")).ok()?;
    Some(text.strip_suffix('\n').unwrap_or(&text).to_owned())
}

/// What can be set of a loop device, if it has the file that lies, or lay, at `path`.
fn shown(number: u32, path: &Path) -> Option<LoopInfo> {
    let file = setting(number, "backing_file")?;
    // The kernel says of a file that it has been removed also where somebody did not find it for a moment.
    if Path::new(file.strip_suffix(" (deleted)").unwrap_or(&file)) != path {
        return None;
    }
    let flag = |name, flag| if setting(number, name).as_deref() == Some("1") { flag } else { 0 };
    let mut info = LoopInfo::zero();
    info.offset = setting(number, "offset")?.parse().ok()?;
    info.size_limit = setting(number, "sizelimit")?.parse().ok()?;
    info.flags = flag("autoclear", AUTOCLEAR) | flag("partscan", PARTSCAN);
    info.file_name = cut(path);
    Some(info)
}

/// A loop device that has a file.
///
/// It stays attached when this is dropped; [`LoopDevice::detach_if_unused`] takes it away. No descriptor is
/// kept: the kernel drops what it has cached of a block device when the last who has it open closes it, and
/// that must not be us. A loop device that has been given another file meanwhile is somebody else's, and left
/// alone.
#[derive(Debug)]
pub struct LoopDevice {
    number: u32,
    path: PathBuf,
    dev: DevNo,
    file: Known,
    /// Its longest request before it was attached.
    max_request_before: Bytes,
}

/// Which file a loop device has.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Known {
    /// Its filesystem's number, and its own there: the driver asks the filesystem.
    Number(u64, u64),
    /// Where it lies: nobody is asked.
    Path(PathBuf),
}

impl LoopDevice {
    /// Attaches `file` to a free loop device, made if there is none.
    ///
    /// # Errors
    ///
    /// What `/dev/loop-control` or the device says; `EBUSY` when others were always faster.
    pub fn attach(file: BorrowedFd<'_>, how: Attach) -> io::Result<Self> {
        Self::attach_free(file, how, Lasts::UntilDetached).map(|(device, _)| device)
    }

    /// Likewise to one that loses its file with the last who has it open, whoever that is and however it ends. Until
    /// somebody else has opened it, that is who holds the descriptor that is returned.
    ///
    /// # Errors
    ///
    /// As [`LoopDevice::attach`].
    pub fn attach_while_open(file: BorrowedFd<'_>, how: Attach) -> io::Result<(Self, File)> {
        Self::attach_free(file, how, Lasts::WhileOpen)
    }

    fn attach_free(file: BorrowedFd<'_>, how: Attach, lasts: Lasts) -> io::Result<(Self, File)> {
        let control = OpenOptions::new().read(true).write(true).open("/dev/loop-control")?;
        let deadline = Instant::now() + ATTACH_DEADLINE;
        loop {
            let number = raw::LOOP_CTL_GET_FREE.call(control.as_fd(), 0).map_err(os::io_error)?;
            match Self::attach_to(number.cast_unsigned(), file, how, lasts) {
                // Another process has taken it between the two calls.
                Err(error) if was_taken(&error) && Instant::now() < deadline => {
                    thread::sleep(Duration::from_millis(1));
                }
                other => return other,
            }
        }
    }

    /// Attaches `file` to the loop device of this number, made if it is missing.
    ///
    /// # Errors
    ///
    /// `EBUSY` when it has a file; else as [`LoopDevice::attach`].
    pub fn attach_number(number: u32, file: BorrowedFd<'_>, how: Attach) -> io::Result<Self> {
        let control = OpenOptions::new().read(true).write(true).open("/dev/loop-control")?;
        match raw::LOOP_CTL_ADD.call(control.as_fd(), c_ulong::from(number)) {
            Ok(_) | Err(Errno::EEXIST) => {
                let attached = Self::attach_to(number, file, how, Lasts::UntilDetached);
                attached.map(|(device, _)| device)
            }
            Err(errno) => Err(os::io_error(errno)),
        }
    }

    fn attach_to(
        number: u32,
        file: BorrowedFd<'_>,
        how: Attach,
        lasts: Lasts,
    ) -> io::Result<(Self, File)> {
        let path = make_node(number)?;
        let node = OpenOptions::new().read(true).write(!how.read_only).open(&path)?;
        let dev = DevNo::new(LOOP_MAJOR, number);
        let before = sysfs::queue(dev).map_or(Bytes::ZERO, |queue| queue.max_request);
        let is_free = setting(number, "backing_file").is_none();
        for setting in how.queue.iter().filter(|_| is_free) {
            // What a driver or a kernel does not let be set is not worth failing for.
            let _ = sysfs::set_queue(dev, *setting);
        }
        let mut info = status(file, how);
        if lasts == Lasts::WhileOpen {
            info.flags |= AUTOCLEAR;
        }
        let config = LoopConfig::new(file, how.block_size, info);
        configure(&node, &config, how).map_err(os::io_error)?;
        let opened = if how.by_path {
            path_of(file).and_then(|file| Self::open_on(number, &file))
        } else {
            Self::open(number)
        };
        let mut device = opened.inspect_err(|_| detach(&path))?;
        device.max_request_before = before;
        Ok((device, node))
    }

    /// The loop device of this number, which has a file.
    ///
    /// # Errors
    ///
    /// `ENXIO` when it has none; `NotFound` when there is no such device.
    pub fn open(number: u32) -> io::Result<Self> {
        let path = make_node(number)?;
        let node = File::open(&path)?;
        let info = raw::LOOP_GET_STATUS64.call(node.as_fd()).map_err(os::io_error)?;
        let dev = sysfs::device_of(&path).unwrap_or(DevNo::new(LOOP_MAJOR, number));
        let file = Known::Number(info.device, info.inode);
        Ok(Self { number, path, dev, file, max_request_before: Bytes::ZERO })
    }

    /// The loop device of this number, which has the file that lies, or lay, at `file`, a path without symbolic links.
    /// Neither now nor later is whoever serves that file asked anything but what [`Self::set_capacity`] asks: it may be
    /// this process, which would wait for itself.
    ///
    /// # Errors
    ///
    /// `ENXIO` when it has no file, or another; `NotFound` when there is no such device.
    pub fn open_on(number: u32, file: &Path) -> io::Result<Self> {
        let (path, dev) = (make_node(number)?, DevNo::new(LOOP_MAJOR, number));
        if !path.exists() {
            return Err(io::ErrorKind::NotFound.into());
        }
        shown(number, file).ok_or_else(|| os::io_error(Errno::ENXIO))?;
        let file = Known::Path(file.to_owned());
        Ok(Self { number, path, dev, file, max_request_before: Bytes::ZERO })
    }

    /// Its number: the `N` of `/dev/loopN`.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Its node.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its longest request before [`Self::attach`] set it; none where that was not done here.
    pub fn max_request_before(&self) -> Bytes {
        self.max_request_before
    }

    /// Its device number.
    pub fn dev(&self) -> DevNo {
        self.dev
    }

    /// Whether `file` is what it has, as far as that is known by more than a path.
    pub fn is_on(&self, file: &fs::Metadata) -> bool {
        self.file == Known::Number(file.dev(), file.ino())
    }

    /// Opens its node, and makes sure that it has its file still. For reading only: a filesystem cannot be
    /// mounted beside a writer on kernels built without `CONFIG_BLK_DEV_WRITE_MOUNTED`.
    fn node(&self) -> Result<(File, LoopInfo), Errno> {
        let node = File::open(&self.path).map_err(|error| os::errno(&error))?;
        let info = match &self.file {
            Known::Path(path) => shown(self.number, path),
            Known::Number(device, inode) => {
                let info = raw::LOOP_GET_STATUS64.call(node.as_fd())?;
                ((info.device, info.inode) == (*device, *inode)).then_some(info)
            }
        };
        Ok((node, info.ok_or(Errno::ENXIO)?))
    }

    /// Takes over the size that the file has now.
    ///
    /// # Errors
    ///
    /// What the driver says.
    pub fn set_capacity(&self) -> Result<(), Errno> {
        raw::LOOP_SET_CAPACITY.call(self.node()?.0.as_fd(), 0).map(drop)
    }

    /// Refuses writes, or takes them again.
    ///
    /// # Errors
    ///
    /// `EACCES` for anybody but root.
    pub fn set_read_only(&self, read_only: bool) -> Result<(), Errno> {
        raw::BLKROSET.call(self.node()?.0.as_fd(), &i32::from(read_only))
    }

    /// Changes the logical block's size, in bytes. Waits until no request is under way.
    ///
    /// # Errors
    ///
    /// What the driver says; `EBUSY` while a filesystem is mounted on it, on newer kernels.
    pub fn set_block_size(&self, size: u32) -> Result<(), Errno> {
        raw::LOOP_SET_BLOCK_SIZE.call(self.node()?.0.as_fd(), c_ulong::from(size)).map(drop)
    }

    /// Changes a setting of its queue.
    ///
    /// # Errors
    ///
    /// As [`sysfs::set_queue`].
    pub fn set_queue(&self, setting: QueueSetting) -> io::Result<()> {
        sysfs::set_queue(self.dev, setting)
    }

    /// Detaches it, unless anybody else has it open. Nobody can open it in between: the driver decides, and
    /// either refuses openers from then on or leaves the device as it was.
    ///
    /// # Errors
    ///
    /// `EBUSY` when somebody has it open, and it stays attached; `ENXIO` when it has no file any more.
    ///
    /// # Source
    ///
    /// `loop_clr_fd` in the kernel's `drivers/block/loop.c`, 5.10 to 6.18: with one opener the device goes
    /// at once; with more it is marked to go on the last close, and otherwise untouched. Our descriptor keeps
    /// that last close from happening until the mark is taken away again.
    pub fn detach_if_unused(&self) -> Result<(), Errno> {
        let (node, before) = self.node()?;
        raw::LOOP_CLR_FD.call(node.as_fd(), 0)?;
        // Nothing but AUTOCLEAR can have changed; it may have been set before.
        match raw::LOOP_SET_STATUS64.call(node.as_fd(), &before) {
            Ok(()) => Err(Errno::EBUSY),
            // Closing our descriptor, the only one, takes the file away.
            Err(Errno::ENXIO) => Ok(()),
            Err(errno) => Err(errno),
        }
    }
}

/// Detaches the loop device of this number when the last who has it open closes it: at once if nobody has.
/// The server of its file may be dead: the file is not looked at. Whoever has the device next can write to it.
///
/// # Errors
///
/// `ENXIO` when it has no file.
pub fn detach_on_last_close(number: u32) -> io::Result<()> {
    let node = File::open(make_node(number)?)?;
    // The mark outlives the file.
    let _ = raw::BLKROSET.call(node.as_fd(), &0);
    raw::LOOP_CLR_FD.call(node.as_fd(), 0).map(drop).map_err(os::io_error)
}

/// Whether a device that was free has been taken since, or has gone.
fn was_taken(error: &io::Error) -> bool {
    matches!(os::errno(error), Errno::EBUSY | Errno::ENXIO | Errno::ENODEV | Errno::ENOENT)
}

/// Where the node of loop device `number` lies.
pub fn node(number: u32) -> PathBuf {
    PathBuf::from(format!("/dev/loop{number}"))
}

/// The node of loop device `number`, made where devtmpfs does not.
fn make_node(number: u32) -> io::Result<PathBuf> {
    let path = node(number);
    let dev = DevNo::new(LOOP_MAJOR, number);
    if sysfs::device_of(&path) != Some(dev) && sysfs::folder(dev).exists() {
        nodes::make_device(&path, dev, nodes::Owner::default())?;
    }
    Ok(path)
}

/// Attaches what `config` says to the device open as `node`.
fn configure(node: &File, config: &LoopConfig, how: Attach) -> Result<(), Errno> {
    match raw::LOOP_CONFIGURE.call(node.as_fd(), config) {
        // What Linux before 5.8 says to a request that it does not know.
        Err(Errno::EINVAL | Errno::ENOTTY) => configure_stepwise(node.as_fd(), config, how),
        other => other,
    }
}

/// What the driver is told of `file` and of `how`.
fn status(file: BorrowedFd<'_>, how: Attach) -> LoopInfo {
    let mut info = LoopInfo::zero();
    info.file_name = cut(&path_of(file).unwrap_or_default());
    info.offset = how.offset.get();
    info.size_limit = how.size_limit.get();
    if how.read_only {
        info.flags |= READ_ONLY;
    }
    if how.direct_io {
        info.flags |= DIRECT_IO;
    }
    info
}

/// Where an open file lies.
fn path_of(file: BorrowedFd<'_>) -> io::Result<PathBuf> {
    fs::read_link(format!("/proc/self/fd/{}", file.as_raw_fd()))
}

/// What older tools show of a file: its path, cut to fit. sysfs has it whole.
fn cut(path: &Path) -> [u8; 64] {
    let mut name = [0; 64];
    // The last byte stays NUL.
    for (to, from) in name.iter_mut().take(63).zip(path.as_os_str().as_bytes()) {
        *to = *from;
    }
    name
}

/// The same with the requests of older kernels; a device that cannot be set up is detached again.
fn configure_stepwise(node: BorrowedFd<'_>, config: &LoopConfig, how: Attach) -> Result<(), Errno> {
    raw::LOOP_SET_FD.call(node, c_ulong::from(config.fd))?;
    let mut info = config.info.clone();
    // Both are set by requests of their own.
    info.flags &= !(READ_ONLY | DIRECT_IO);
    let set_up = || {
        if how.block_size > 1 << SECTOR_SHIFT {
            raw::LOOP_SET_BLOCK_SIZE.call(node, c_ulong::from(how.block_size))?;
        }
        raw::LOOP_SET_STATUS64.call(node, &info)?;
        if how.direct_io {
            raw::LOOP_SET_DIRECT_IO.call(node, 1)?;
        }
        Ok(())
    };
    set_up().inspect_err(|_| {
        let _ = raw::LOOP_CLR_FD.call(node, 0);
    })
}

/// Detaches whatever is attached at `path`, as far as that works.
fn detach(path: &Path) {
    if let Ok(node) = File::open(path) {
        let _ = raw::LOOP_CLR_FD.call(node.as_fd(), 0);
    }
}

/// Which loop devices have a file: number, and the file's path as the kernel shows it.
pub fn attached() -> Vec<(u32, PathBuf)> {
    let entries = fs::read_dir("/sys/block").into_iter().flatten().flatten();
    let mut found: Vec<_> = entries
        .filter_map(|entry| {
            let number = entry.file_name().to_str()?.strip_prefix("loop")?.parse().ok()?;
            let file = fs::read_to_string(entry.path().join("loop/backing_file")).ok()?;
            Some((number, PathBuf::from(file.trim_end_matches('\n'))))
        })
        .collect();
    found.sort();
    found
}

#[cfg(test)]
pub(crate) mod tests;
