//! Disks as files: a block device, or a regular file that stands for one.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, RawFd};
use std::os::unix::fs::{FileExt as _, FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::read_at::{ReadAt, ReadError};
use dm_core::units::{Bytes, SECTOR_SHIFT, Sectors};

use crate::sysfs::{self, Queue};
use crate::{nodes, os, raw};

/// A sector's size, the smallest logical block there is.
const SECTOR: u32 = 1 << SECTOR_SHIFT;

/// What an opener means to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// Read.
    #[default]
    Read,
    /// Read and write.
    Write,
}

/// Whether others are kept out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Claim {
    /// Others may have it too.
    #[default]
    Shared,
    /// A block device is claimed (`O_EXCL`): neither mounted nor claimed by another. A regular file cannot be.
    Exclusive,
}

/// Whether the page cache is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Caching {
    /// It is.
    #[default]
    Buffered,
    /// It is not (`O_DIRECT`), unless the file cannot do without.
    Direct,
}

/// How a disk is opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Open {
    /// What for.
    pub access: Access,
    /// Whether others are kept out.
    pub claim: Claim,
    /// Whether the page cache is used.
    pub caching: Caching,
}

/// What is known of an open disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Disk {
    /// Its size; a regular file's is cut to whole sectors.
    pub size: Sectors,
    /// Its number, where it is a block device.
    pub dev: Option<DevNo>,
    /// It cannot be written to, whoever opens it.
    pub read_only: bool,
    /// Reads and writes bypass the page cache, and must be aligned to `queue.logical_block`.
    pub direct: bool,
    /// Its queue's limits; a regular file has blocks of a sector, and holes for discards and zeroes.
    pub queue: Queue,
}

/// An open disk.
#[derive(Debug)]
pub struct BlockFile {
    file: File,
    path: PathBuf,
    disk: Disk,
}

impl BlockFile {
    /// Opens the disk at `path`.
    ///
    /// # Errors
    ///
    /// What `open(2)` says; `ENOTBLK` for what is neither a block device nor a regular file, `EBUSY` for a
    /// claim on a device that is mounted or claimed, `EROFS` for writing to a read-only device.
    pub fn open(path: &Path, how: Open) -> io::Result<Self> {
        Self::open_with(path, how, sysfs::queue)
    }

    /// The same for who means to read a little and be done: of a block device's queue, no more is found out than the
    /// device itself tells, its blocks and the lengths of requests that it likes. sysfs's answers take longer than
    /// reading a partition table.
    ///
    /// # Errors
    ///
    /// As [`BlockFile::open`].
    pub fn open_to_look(path: &Path, how: Open) -> io::Result<Self> {
        Self::open_with(path, how, |_| None)
    }

    fn open_with(path: &Path, how: Open, limits: Limits) -> io::Result<Self> {
        // A FIFO would hold up open(2) for ever, and opening a character device may do something.
        let kind = std::fs::metadata(path)?.file_type();
        if !kind.is_block_device() && !kind.is_file() {
            return Err(os::io_error(Errno::ENOTBLK));
        }
        let (file, direct) = open_file(path, how, kind.is_block_device())?;
        let disk = examine(&file, direct, limits)?;
        if disk.read_only && how.access == Access::Write {
            return Err(os::io_error(Errno::EROFS));
        }
        Ok(Self { file, path: path.to_owned(), disk })
    }

    /// Opens the block device of this number, by whatever node it has.
    ///
    /// # Errors
    ///
    /// As [`BlockFile::open`]; `ENXIO` when there is no such device; what `mknod(2)` says where it has no
    /// node (a container's `/dev` need not) and cannot be given one for the moment.
    pub fn open_number(dev: DevNo, how: Open) -> io::Result<Self> {
        let file = match sysfs::node(dev) {
            Some(path) => Self::open(&path, how)?,
            None if sysfs::knows(dev) => Self::open_by_own_node(dev, how)?,
            // To open it could make it: the loop driver makes any device that is asked for.
            None => return Err(os::io_error(Errno::ENXIO)),
        };
        // The node may have become another device's since it was looked up.
        if file.disk.dev != Some(dev) {
            return Err(os::io_error(Errno::ENODEV));
        }
        Ok(file)
    }

    /// Opens the device through a node that is made for it and taken away again.
    fn open_by_own_node(dev: DevNo, how: Open) -> io::Result<Self> {
        let path = PathBuf::from(format!("/dev/.dmkit-{}-{dev}", std::process::id()));
        nodes::make_device(&path, dev, nodes::Owner { uid: 0, gid: 0, mode: 0o600 })?;
        let opened = Self::open(&path, how);
        std::fs::remove_file(&path)?;
        opened
    }

    /// What is known of it.
    pub fn disk(&self) -> &Disk {
        &self.disk
    }

    /// How it was named when it was opened.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The open file itself.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Asks for the size anew: devices and files may grow.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn refresh_size(&mut self) -> io::Result<Sectors> {
        self.disk.size = size_of_file(&self.file)?.whole_sectors();
        Ok(self.disk.size)
    }

    /// Tells a block device that `len` from `start` on is not needed: `BLKDISCARD`.
    ///
    /// # Errors
    ///
    /// `EOPNOTSUPP` where it cannot; `ENOTTY` for a regular file.
    pub fn discard(&self, start: Sectors, len: Sectors) -> Result<(), Errno> {
        raw::BLKDISCARD.call(self.file.as_fd(), &byte_range(start, len)?)
    }

    /// Has a block device zero `len` from `start` on: `BLKZEROOUT`.
    ///
    /// # Errors
    ///
    /// What the device says; `ENOTTY` for a regular file.
    pub fn zero_out(&self, start: Sectors, len: Sectors) -> Result<(), Errno> {
        raw::BLKZEROOUT.call(self.file.as_fd(), &byte_range(start, len)?)
    }

    /// Marks a block device as read-only, or as writable again: `BLKROSET`.
    ///
    /// # Errors
    ///
    /// `EACCES` for anybody but root; `ENOTTY` for a regular file.
    pub fn set_read_only(&self, read_only: bool) -> Result<(), Errno> {
        raw::BLKROSET.call(self.file.as_fd(), &i32::from(read_only))
    }

    /// Has the kernel forget the disk's partition of this number, if it has one; what lies on the disk stays:
    /// `BLKPG_DEL_PARTITION`.
    ///
    /// # Errors
    ///
    /// `EBUSY` for one that is in use; `EACCES` for anybody but root; `ENOTTY` for a regular file.
    pub fn forget_partition(&self, number: u16) -> Result<(), Errno> {
        match raw::forget_partition(self.file.as_fd(), number.into()) {
            // A kernel has no word for a number that no partition of the disk can have.
            Err(Errno::EINVAL) if number > 15 => Ok(()),
            Err(Errno::ENXIO) => Ok(()),
            other => other,
        }
    }

    /// Writes out and drops a block device's cached pages: `BLKFLSBUF`.
    ///
    /// # Errors
    ///
    /// `EACCES` for a user who may not; `ENOTTY` for a regular file.
    pub fn drop_cache(&self) -> Result<(), Errno> {
        raw::BLKFLSBUF.call(self.file.as_fd(), 0).map(drop)
    }

    /// Reads through a buffer that is aligned as direct reads must be.
    fn read_aligned(&self, at: u64, buf: &mut [u8]) -> io::Result<()> {
        let block = u64::from(self.disk.queue.logical_block.max(SECTOR));
        let start = at - at % block;
        let end = at.saturating_add(buf.len() as u64).next_multiple_of(block);
        let to_len = |n: u64| usize::try_from(n).map_err(|_| io::ErrorKind::InvalidInput);
        let (len, align) = (to_len(end - start)?, to_len(block)?.max(4096));
        let mut room = vec![0; len.saturating_add(align)];
        let skip = room.as_ptr().align_offset(align);
        let bounce = room.get_mut(skip..).unwrap_or_default().get_mut(..len).unwrap_or_default();
        self.file.read_exact_at(bounce, start)?;
        let from = to_len(at - start)?;
        for (to, byte) in buf.iter_mut().zip(bounce.iter().skip(from)) {
            *to = *byte;
        }
        Ok(())
    }
}

impl ReadAt for BlockFile {
    fn size(&self) -> Bytes {
        self.disk.size.to_bytes().unwrap_or(Bytes::new(u64::MAX))
    }

    fn read_at(&self, at: Bytes, buf: &mut [u8]) -> Result<(), ReadError> {
        let len = Bytes::new(buf.len() as u64);
        if at.checked_add(len).is_none_or(|end| end > self.size()) {
            return Err(ReadError::PastEnd { at, len });
        }
        let read = if self.disk.direct {
            self.read_aligned(at.get(), buf)
        } else {
            self.file.read_exact_at(buf, at.get())
        };
        read.map_err(|error| ReadError::Device { at, errno: os::errno(&error) })
    }
}

impl AsFd for BlockFile {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

impl AsRawFd for BlockFile {
    fn as_raw_fd(&self) -> RawFd {
        self.file.as_raw_fd()
    }
}

/// Start and length in bytes, as the block layer's requests take them.
fn byte_range(start: Sectors, len: Sectors) -> Result<[u64; 2], Errno> {
    let bytes = |n: Sectors| n.to_bytes().map(Bytes::get).ok_or(Errno::EINVAL);
    Ok([bytes(start)?, bytes(len)?])
}

/// Opens the file; the second value tells whether it is open for direct I/O.
fn open_file(path: &Path, how: Open, block_device: bool) -> io::Result<(File, bool)> {
    let claim = if how.claim == Claim::Exclusive && block_device { libc::O_EXCL } else { 0 };
    let open = |flags| {
        let write = how.access == Access::Write;
        OpenOptions::new().read(true).write(write).custom_flags(claim | flags).open(path)
    };
    if how.caching == Caching::Direct {
        match open(libc::O_DIRECT) {
            Ok(file) if block_device || takes_sectors(&file) => return Ok((file, true)),
            Ok(_) => {}
            Err(error) if os::errno(&error) == Errno::EINVAL => {}
            Err(error) => return Err(error),
        }
    }
    open(0).map(|file| (file, false))
}

/// Whether a file open for direct I/O reads single sectors: on a disk of larger blocks it does not.
fn takes_sectors(file: &File) -> bool {
    let sector = 1_usize << SECTOR_SHIFT;
    let mut room = vec![0; sector.saturating_mul(2)];
    let skip = room.as_ptr().align_offset(sector);
    let buf = room.get_mut(skip..).unwrap_or_default().get_mut(..sector).unwrap_or_default();
    file.read_at(buf, 0).is_ok()
}

/// What is known of a device's queue before the device itself is asked.
type Limits = fn(DevNo) -> Option<Queue>;

fn examine(file: &File, direct: bool, limits: Limits) -> io::Result<Disk> {
    let meta = file.metadata()?;
    let size = size_of_file(file)?.whole_sectors();
    if !meta.file_type().is_block_device() {
        return Ok(Disk { size, dev: None, read_only: false, direct, queue: file_queue(&meta) });
    }
    let dev = DevNo::from_libc(meta.rdev());
    let fd = file.as_fd();
    let mut queue = limits(dev).unwrap_or_default();
    // The device itself knows best, and a container may have no sysfs.
    let logical = raw::BLKSSZGET.call(fd).map_err(os::io_error)?;
    queue.logical_block = u32::try_from(logical).unwrap_or(SECTOR);
    queue.physical_block = raw::BLKPBSZGET.call(fd).map_err(os::io_error)?;
    queue.io_min = raw::BLKIOMIN.call(fd).map_err(os::io_error)?;
    queue.io_opt = raw::BLKIOOPT.call(fd).map_err(os::io_error)?;
    let read_only = raw::BLKROGET.call(fd).map_err(os::io_error)? != 0;
    Ok(Disk { size, dev: Some(dev), read_only, direct, queue })
}

/// Limits of a regular file: a hole can be of any length, in whole blocks of its filesystem.
fn file_queue(meta: &std::fs::Metadata) -> Queue {
    let block = u32::try_from(meta.blksize()).unwrap_or(SECTOR);
    Queue {
        logical_block: SECTOR,
        physical_block: SECTOR,
        io_min: SECTOR,
        discard_max: Bytes::new(u64::from(u32::MAX)),
        discard_granularity: block,
        write_zeroes_max: Bytes::new(u64::from(u32::MAX)),
        write_cache: true,
        ..Queue::default()
    }
}

fn size_of_file(file: &File) -> io::Result<Bytes> {
    let meta = file.metadata()?;
    if meta.file_type().is_block_device() {
        raw::BLKGETSIZE64.call(file.as_fd()).map(Bytes::new).map_err(os::io_error)
    } else {
        Ok(Bytes::new(meta.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loopdev::tests::Guard;
    use crate::requires_root;
    use std::io::Write as _;

    const DIRECT: Open =
        Open { access: Access::Read, claim: Claim::Shared, caching: Caching::Direct };

    /// A file of sectors, each full of its own number.
    fn image(sectors: u8) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        for number in 0..sectors {
            file.write_all(&[number; 512]).unwrap();
        }
        file
    }

    #[test]
    fn an_image_is_a_disk_of_whole_sectors() {
        let mut image = image(3);
        image.write_all(b"rest").unwrap();
        let disk = BlockFile::open(image.path(), Open::default()).unwrap();
        assert_eq!(disk.disk().size, Sectors::new(3));
        assert_eq!(disk.disk().dev, None);
        assert_eq!(disk.size(), Bytes::new(1536));
    }

    #[test]
    fn reads_are_the_same_with_and_without_the_page_cache() {
        let image = image(20);
        for how in [Open::default(), DIRECT] {
            let disk = BlockFile::open(image.path(), how).unwrap();
            let mut buf = [0; 1000];
            disk.read_at(Bytes::new(500), &mut buf).unwrap();
            assert_eq!((buf[11], buf[12], buf[999]), (0, 1, 2));
            disk.read_at(Bytes::new(20 * 512 - 1), &mut buf[..1]).unwrap();
            assert_eq!(buf[0], 19);
        }
    }

    #[test]
    fn a_read_past_the_end_is_refused() {
        let image = image(1);
        let disk = BlockFile::open(image.path(), Open::default()).unwrap();
        for at in [512, 1, u64::MAX] {
            let (at, len) = (Bytes::new(at), Bytes::new(512));
            assert_eq!(disk.read_at(at, &mut [0; 512]), Err(ReadError::PastEnd { at, len }));
        }
    }

    #[test]
    fn what_is_no_disk_is_refused_without_being_opened() {
        let top = tempfile::tempdir().unwrap();
        let fifo = top.path().join("fifo");
        nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::S_IRUSR).unwrap();
        for path in [fifo.as_path(), top.path(), Path::new("/dev/null")] {
            let error = BlockFile::open(path, Open::default()).unwrap_err();
            assert_eq!(os::errno(&error), Errno::ENOTBLK, "{}", path.display());
        }
    }

    #[test]
    fn root_a_block_device_tells_its_number_size_and_limits() {
        if !requires_root() {
            return;
        }
        let device = Guard::attach(1 << 20);
        let disk = BlockFile::open(device.path(), DIRECT).unwrap();
        let facts = disk.disk();
        assert_eq!(facts.dev, Some(device.dev()));
        assert_eq!(facts.size, Sectors::new(2048));
        assert!(facts.direct && !facts.read_only);
        assert_eq!(facts.queue.logical_block, 512);
        assert!(!facts.queue.discard_max.is_zero());
    }

    #[test]
    fn root_a_look_at_a_device_tells_all_but_what_only_sysfs_knows() {
        if !requires_root() {
            return;
        }
        let device = Guard::attach(1 << 20);
        let all = *BlockFile::open(device.path(), DIRECT).unwrap().disk();
        let look = *BlockFile::open_to_look(device.path(), DIRECT).unwrap().disk();
        let queue = Queue {
            logical_block: all.queue.logical_block,
            physical_block: all.queue.physical_block,
            io_min: all.queue.io_min,
            io_opt: all.queue.io_opt,
            ..Queue::default()
        };
        assert_eq!(look, Disk { queue, ..all });
    }

    #[test]
    fn root_a_device_is_opened_by_its_number() {
        if !requires_root() {
            return;
        }
        let device = Guard::attach(1 << 20);
        let disk = BlockFile::open_number(device.dev(), Open::default()).unwrap();
        assert_eq!(disk.disk().dev, Some(device.dev()));
        let missing =
            BlockFile::open_number(DevNo::new(7, 1_000_000), Open::default()).unwrap_err();
        assert_eq!(os::errno(&missing), Errno::ENXIO);
    }

    #[test]
    fn root_a_device_without_a_node_is_opened_through_one_of_our_own() {
        if !requires_root() {
            return;
        }
        let device = Guard::attach(1 << 20);
        let disk = BlockFile::open_by_own_node(device.dev(), Open::default()).unwrap();
        assert_eq!(disk.disk().dev, Some(device.dev()));
        assert!(!disk.path().exists());
    }

    #[test]
    fn root_a_claimed_device_cannot_be_claimed_again() {
        if !requires_root() {
            return;
        }
        let device = Guard::attach(1 << 20);
        let claim = Open { claim: Claim::Exclusive, ..Open::default() };
        let first = BlockFile::open(device.path(), claim).unwrap();
        let second = BlockFile::open(device.path(), claim).unwrap_err();
        assert_eq!(os::errno(&second), Errno::EBUSY);
        drop(first);
        BlockFile::open(device.path(), claim).unwrap();
    }

    #[test]
    fn root_discards_and_zeroes_reach_the_device() {
        if !requires_root() {
            return;
        }
        let image = image(64);
        let device = Guard::over(image.as_file());
        let how = Open { access: Access::Write, ..Open::default() };
        let disk = BlockFile::open(device.path(), how).unwrap();
        disk.zero_out(Sectors::new(1), Sectors::new(2)).unwrap();
        disk.drop_cache().unwrap();
        let mut buf = [9; 4];
        for (sector, byte) in [(1, 0), (2, 0), (3, 3)] {
            disk.read_at(Bytes::new(sector * 512), &mut buf).unwrap();
            assert_eq!(buf, [byte; 4]);
        }
        disk.discard(Sectors::ZERO, Sectors::new(64)).unwrap();
        let endless = disk.discard(Sectors::new(u64::MAX), Sectors::new(1));
        assert_eq!(endless, Err(Errno::EINVAL));
    }

    #[test]
    fn root_a_device_that_grew_has_its_new_size() {
        if !requires_root() {
            return;
        }
        let image = image(8);
        let device = Guard::over(image.as_file());
        let mut disk = BlockFile::open(device.path(), Open::default()).unwrap();
        image.as_file().set_len(16 * 512).unwrap();
        device.set_capacity().unwrap();
        assert_eq!(disk.refresh_size().unwrap(), Sectors::new(16));
    }
}
