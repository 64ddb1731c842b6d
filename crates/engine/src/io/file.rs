//! A file or block device as a [`Device`], and the engine's hold on block devices.

use std::collections::HashMap;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom};
use std::os::unix::fs::{FileExt as _, FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::units::{Bytes, Sectors};
use dm_sys::mounts;

use crate::build::Mode;
use crate::io::request::{BufMut, Cx, Device, Io, IoFuture, Kind, Op};
use crate::limits::Limits;
use crate::ring::FileIo;

/// A block device, or a regular file, whose sectors are its bytes by 512.
///
/// It is read and written past the page cache where that works sector by sector; an image on a filesystem
/// that wants larger pieces is read and written through the cache.
pub struct FileDevice {
    file: Arc<File>,
    name: String,
    dev: DevNo,
    what: What,
    writes: Mode,
    limits: Limits,
    in_memory: bool,
    _hold: Option<Hold>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    BlockDevice,
    RegularFile,
}

impl FileDevice {
    /// Opens `path`, which others may have open as they like; see [`Holder::open`].
    ///
    /// # Errors
    ///
    /// What the kernel gives when a table names the same path: `ENOENT` for none, `ENOTBLK` for what is
    /// neither a block device nor a regular file; else what `open(2)` says.
    ///
    /// # Source
    ///
    /// `lookup_bdev` in the kernel's `block/bdev.c`.
    pub fn open(path: &Path, mode: Mode) -> Result<Arc<Self>, Errno> {
        Self::with_hold(path, mode, None).map(Arc::new)
    }

    fn with_hold(path: &Path, mode: Mode, holder: Option<&Arc<Holder>>) -> Result<Self, Errno> {
        // Looked at before it is opened: to open a pipe, say, may wait for ever.
        let (what, dev) = look(&fs::metadata(path).map_err(errno)?)?;
        let hold = match (what, holder) {
            (What::BlockDevice, Some(holder)) => Some(holder.hold(path, dev)?),
            _ => None,
        };
        let file = match what {
            What::BlockDevice => open_direct(path, mode),
            What::RegularFile => open_image(path, mode),
        }
        .map_err(errno)?;
        let meta = file.metadata().map_err(errno)?;
        // The name may have come to mean something else in between.
        if look(&meta)? != (what, dev) {
            return Err(Errno::ENXIO);
        }
        let (name, limits) = match what {
            What::BlockDevice => (dev.to_string(), block_limits(dev)),
            What::RegularFile => {
                (absolute(path).to_string_lossy().into_owned(), image_limits(meta.blksize()))
            }
        };
        let writes = if what == What::BlockDevice && queue_says(dev, "ro", "1") {
            Mode::ReadOnly
        } else {
            mode
        };
        let in_memory = what == What::RegularFile && mounts::is_in_memory(&file);
        let file = Arc::new(file);
        Ok(Self { file, name, dev, what, writes, limits, in_memory, _hold: hold })
    }
}

impl fmt::Debug for FileDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileDevice({})", self.name)
    }
}

impl Device for FileDevice {
    /// As it is now: a block device or an image may have grown or shrunk.
    fn size(&self) -> Sectors {
        let size = match self.what {
            What::BlockDevice => (&*self.file).seek(SeekFrom::End(0)),
            What::RegularFile => self.file.metadata().map(|meta| meta.len()),
        };
        Bytes::new(size.unwrap_or(0)).whole_sectors()
    }

    fn limits(&self) -> Limits {
        self.limits.clone()
    }

    fn dev(&self) -> DevNo {
        self.dev
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn is_read_only(&self) -> bool {
        self.writes == Mode::ReadOnly
    }

    fn file_for(&self, kind: Kind) -> Option<&Arc<File>> {
        (kind == Kind::Read || !self.is_read_only()).then_some(&self.file)
    }

    fn is_in_memory(&self) -> bool {
        self.in_memory
    }

    fn submit<'a>(&'a self, mut io: Io, cx: &'a dyn Cx) -> IoFuture<'a> {
        let writes = !matches!(io.op.kind(), Kind::Read | Kind::Flush);
        if writes && self.is_read_only() {
            return Box::pin(std::future::ready(io.done(Err(Errno::EPERM))));
        }
        if self.in_memory
            && let Some(result) = copy(&self.file, &mut io)
        {
            return Box::pin(std::future::ready(io.done(result)));
        }
        cx.file_io(FileIo { file: &self.file, io })
    }
}

/// Reads or writes a file that is in memory, on this thread: a ring would hand a write to a thread of the
/// kernel's, and many a read. None for what is no transfer.
pub(crate) fn copy(file: &File, io: &mut Io) -> Option<Result<(), Errno>> {
    let at = io.sector.to_bytes().map(Bytes::get);
    let copied = match (&mut io.op, at) {
        (Op::Read(buf), Some(at)) => file.read_exact_at(buf, at),
        (Op::Write(buf), Some(at)) => file.write_all_at(buf, at),
        (Op::Read(_) | Op::Write(_), None) => return Some(Err(Errno::EINVAL)),
        _ => return None,
    };
    Some(copied.map_err(errno))
}

/// What holds block devices against others: all that is opened through it shares one hold on each, as all
/// mapped devices of a kernel do, and nobody else can mount or claim them meanwhile.
#[derive(Debug, Default)]
pub struct Holder {
    held: Mutex<HashMap<DevNo, Held>>,
}

#[derive(Debug)]
struct Held {
    /// Open exclusively; only that counts.
    _claim: File,
    users: usize,
}

/// A share of a hold.
#[derive(Debug)]
struct Hold {
    holder: Arc<Holder>,
    dev: DevNo,
}

impl Holder {
    /// One that holds nothing.
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Opens `path`, and holds it when it is a block device.
    ///
    /// # Errors
    ///
    /// As for [`FileDevice::open`]; `EBUSY` for a block device that is mounted, or that somebody else holds.
    pub fn open(self: &Arc<Self>, path: &Path, mode: Mode) -> Result<Arc<FileDevice>, Errno> {
        FileDevice::with_hold(path, mode, Some(self)).map(Arc::new)
    }

    fn hold(self: &Arc<Self>, path: &Path, dev: DevNo) -> Result<Hold, Errno> {
        let mut held = self.lock();
        if let Some(held) = held.get_mut(&dev) {
            held.users += 1;
        } else {
            let claim = OpenOptions::new().read(true).custom_flags(libc::O_EXCL).open(path);
            held.insert(dev, Held { _claim: claim.map_err(errno)?, users: 1 });
        }
        Ok(Hold { holder: Arc::clone(self), dev })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<DevNo, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut held = self.holder.lock();
        if let Some(entry) = held.get_mut(&self.dev) {
            entry.users = entry.users.saturating_sub(1);
            if entry.users == 0 {
                // Closed with the lock held: whoever takes hold next must not find this one's claim.
                held.remove(&self.dev);
            }
        }
    }
}

/// What a path leads to, and the number of the device that it is, or lies on.
fn look(meta: &fs::Metadata) -> Result<(What, DevNo), Errno> {
    if meta.file_type().is_block_device() {
        Ok((What::BlockDevice, DevNo::from_libc(meta.rdev())))
    } else if meta.file_type().is_file() {
        Ok((What::RegularFile, DevNo::from_libc(meta.dev())))
    } else {
        Err(Errno::ENOTBLK)
    }
}

fn options(mode: Mode) -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(mode == Mode::ReadWrite);
    options
}

fn open_direct(path: &Path, mode: Mode) -> io::Result<File> {
    match options(mode).custom_flags(libc::O_DIRECT).open(path) {
        Err(error) if error.raw_os_error() == Some(libc::EINVAL) => options(mode).open(path),
        opened => opened,
    }
}

/// Directly only where a single sector can be read so: on a disk with larger blocks the image would have
/// larger blocks than what is in it was made for.
fn open_image(path: &Path, mode: Mode) -> io::Result<File> {
    let file = open_direct(path, mode)?;
    match file.read_at(&mut BufMut::zeroed(512), 512) {
        Err(error) if error.raw_os_error() == Some(libc::EINVAL) => options(mode).open(path),
        _ => Ok(file),
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// An image's limits: blocks of a sector, holes of a filesystem's block.
fn image_limits(block: u64) -> Limits {
    Limits {
        discard_granularity: Bytes::new(block.max(512)),
        max_discard: Limits::UNLIMITED,
        max_write_zeroes: Limits::UNLIMITED,
        write_cache: true,
        ..Limits::default()
    }
}

/// A block device's limits, as its queue has them; a plain device's where the system does not say.
///
/// # Source
///
/// The kernel's `Documentation/ABI/stable/sysfs-block`.
fn block_limits(dev: DevNo) -> Limits {
    let plain = Limits::default();
    let bytes = |name, or: Bytes| queue_number(dev, name).map_or(or, Bytes::new);
    let logical_block = bytes("logical_block_size", plain.logical_block);
    Limits {
        logical_block,
        physical_block: bytes("physical_block_size", logical_block),
        io_min: bytes("minimum_io_size", logical_block),
        io_opt: bytes("optimal_io_size", plain.io_opt),
        chunk: Sectors::new(queue_number(dev, "chunk_sectors").unwrap_or(0)),
        max_discard: bytes("discard_max_bytes", Bytes::ZERO).whole_sectors(),
        discard_granularity: bytes("discard_granularity", Bytes::ZERO),
        max_write_zeroes: bytes("write_zeroes_max_bytes", Bytes::ZERO).whole_sectors(),
        // Taken to lose writes unless it is known not to.
        write_cache: !queue_says(dev, "queue/write_cache", "write through"),
    }
}

fn queue_number(dev: DevNo, name: &str) -> Option<u64> {
    sysfs(dev, &format!("queue/{name}"))?.trim().parse().ok()
}

fn queue_says(dev: DevNo, name: &str, what: &str) -> bool {
    sysfs(dev, name).is_some_and(|text| text.trim() == what)
}

/// What sysfs says of a block device; a partition's queue is its disk's.
fn sysfs(dev: DevNo, name: &str) -> Option<String> {
    let own = format!("/sys/dev/block/{dev}");
    let read = |path: String| fs::read_to_string(path).ok();
    read(format!("{own}/{name}")).or_else(|| read(format!("{own}/../{name}")))
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
fn errno(error: io::Error) -> Errno {
    Errno::new(error.raw_os_error().unwrap_or(libc::EIO))
}

#[cfg(test)]
mod tests;
