//! What sysfs tells of a block device: names, queue limits, read-ahead.
//!
//! | path below `/sys/dev/block/<major>:<minor>` | what |
//! |---|---|
//! | (its link's last part) | the kernel's name, with `!` where the node's name has `/` |
//! | `dm/name`, `dm/uuid` | of a mapped device |
//! | `queue/` | the queue's limits; a partition's are its disk's, one folder up |
//! | `bdi/read_ahead_kb` | read-ahead; likewise |
//! | `holders/` | what of the kernel's own has claimed it: dm, md |

use std::fs;
use std::io;
use std::os::fd::AsFd as _;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use dm_core::devno::DevNo;
use dm_core::units::{Bytes, Sectors};
use libc::c_ulong;

use crate::{os, raw};

/// The device's folder.
pub fn folder(dev: DevNo) -> PathBuf {
    PathBuf::from(format!("/sys/dev/block/{dev}"))
}

/// Whether there may be such a device: sysfs has it, or is not there to be asked.
pub fn knows(dev: DevNo) -> bool {
    folder(dev).exists() || !Path::new("/sys/dev/block").exists()
}

/// The folder that has the device's `queue` and `bdi`: its own, or a partition's disk's.
fn queue_owner(dev: DevNo) -> PathBuf {
    let own = folder(dev);
    if own.join("queue").exists() {
        return own;
    }
    // The link leads into the disk's own folder; `..` from the link itself would not.
    fs::canonicalize(&own).ok().and_then(|real| real.parent().map(Path::to_owned)).unwrap_or(own)
}

/// The text of `path` without the newline at its end.
fn read_text(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok().map(|text| text.trim_end_matches('\n').to_owned())
}

/// The number in `path`.
fn read_number(path: &Path) -> Option<u64> {
    read_text(path)?.trim().parse().ok()
}

/// The name that the kernel gives the device, `dm-0` say, where sysfs knows it. A `!` in it stays.
pub fn kernel_name(dev: DevNo) -> Option<String> {
    let link = fs::read_link(folder(dev)).ok();
    let name = link.as_deref().and_then(Path::file_name).and_then(|name| name.to_str());
    name.map(str::to_owned).or_else(|| kernel_name_by_search(dev))
}

/// The same where the kernel has no `/sys/dev`: disks, then partitions, by their `dev` files.
fn kernel_name_by_search(dev: DevNo) -> Option<String> {
    let wanted = dev.to_string();
    let is_it = |path: &Path| read_text(&path.join("dev")).is_some_and(|text| text == wanted);
    for disk in subfolders(Path::new("/sys/block")) {
        if let Some(found) = [disk.clone()].into_iter().chain(subfolders(&disk)).find(|p| is_it(p))
        {
            return found.file_name()?.to_str().map(str::to_owned);
        }
    }
    None
}

fn subfolders(path: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect()
}

/// The mapped device's name, as the kernel has it.
pub fn dm_name(dev: DevNo) -> Option<String> {
    read_text(&folder(dev).join("dm/name"))
}

/// The mapped device's uuid, where it has one.
pub fn dm_uuid(dev: DevNo) -> Option<String> {
    read_text(&folder(dev).join("dm/uuid")).filter(|uuid| !uuid.is_empty())
}

/// What has claimed the device in the kernel, by kernel name.
pub fn holders(dev: DevNo) -> Vec<String> {
    let entries = fs::read_dir(folder(dev).join("holders")).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

/// A node of the device that is there: udev's link by number, or the one named as the kernel names it.
pub fn node(dev: DevNo) -> Option<PathBuf> {
    let by_number = PathBuf::from(format!("/dev/block/{dev}"));
    let by_name = kernel_name(dev).map(|name| Path::new("/dev").join(name.replace('!', "/")));
    [Some(by_number), by_name].into_iter().flatten().find(|path| device_of(path) == Some(dev))
}

/// The number of the block device at `path`, links followed; `None` for anything else.
pub fn device_of(path: &Path) -> Option<DevNo> {
    let meta = fs::metadata(path).ok()?;
    meta.file_type().is_block_device().then(|| DevNo::from_libc(meta.rdev()))
}

/// A queue's limits. What sysfs does not tell is the least: no discard, no volatile cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// `logical_block_size`, in bytes; 0 where sysfs has none.
    pub logical_block: u32,
    /// `physical_block_size`, in bytes.
    pub physical_block: u32,
    /// `minimum_io_size`, in bytes.
    pub io_min: u32,
    /// `optimal_io_size`, in bytes; 0 for none.
    pub io_opt: u32,
    /// `max_sectors_kb`: the largest request.
    pub max_request: Bytes,
    /// `discard_max_bytes`: the largest discard; 0 for no discard.
    pub discard_max: Bytes,
    /// `discard_granularity`, in bytes.
    pub discard_granularity: u32,
    /// `write_zeroes_max_bytes`: the largest write of zeroes; 0 for none.
    pub write_zeroes_max: Bytes,
    /// `write_cache` says `write back`: what was written may be lost until it is flushed.
    pub write_cache: bool,
    /// `fua`: single writes can be made durable.
    pub fua: bool,
    /// `rotational`.
    pub rotational: bool,
}

/// The limits of the device's queue; `None` where sysfs has no queue for it.
pub fn queue(dev: DevNo) -> Option<Queue> {
    let folder = queue_owner(dev).join("queue");
    if !folder.is_dir() {
        return None;
    }
    let long = |name: &str| read_number(&folder.join(name)).unwrap_or(0);
    let word = |name: &str| u32::try_from(long(name)).unwrap_or(u32::MAX);
    Some(Queue {
        logical_block: word("logical_block_size"),
        physical_block: word("physical_block_size"),
        io_min: word("minimum_io_size"),
        io_opt: word("optimal_io_size"),
        max_request: Bytes::new(long("max_sectors_kb").saturating_mul(1024)),
        discard_max: Bytes::new(long("discard_max_bytes")),
        discard_granularity: word("discard_granularity"),
        write_zeroes_max: Bytes::new(long("write_zeroes_max_bytes")),
        write_cache: read_text(&folder.join("write_cache")).is_some_and(|s| s == "write back"),
        fua: long("fua") != 0,
        rotational: long("rotational") != 0,
    })
}

/// A setting of a block device's queue that may be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueSetting {
    /// `max_sectors_kb`: the largest request, in KiB.
    MaxRequestKib(u32),
    /// `nomerges`: 2 keeps every request as it was issued, so that an error hits no neighbour.
    NoMerges(u8),
    /// `read_ahead_kb`, in KiB.
    ReadAheadKib(u32),
}

/// Changes a setting of the device's queue. One that is so already is left alone: a change waits until no
/// request is under way, which may be for ever on a device that this process serves.
///
/// # Errors
///
/// What sysfs says: `EINVAL` for a value out of the device's range, `EACCES` for a user who may not.
pub fn set_queue(dev: DevNo, setting: QueueSetting) -> io::Result<()> {
    let (name, value) = match setting {
        QueueSetting::MaxRequestKib(kib) => ("max_sectors_kb", kib.to_string()),
        QueueSetting::NoMerges(level) => ("nomerges", level.to_string()),
        QueueSetting::ReadAheadKib(kib) => ("read_ahead_kb", kib.to_string()),
    };
    change(&queue_owner(dev).join("queue").join(name), &value)
}

/// Writes `value` unless it is there already.
fn change(path: &Path, value: &str) -> io::Result<()> {
    if read_text(path).is_some_and(|text| text == value) {
        return Ok(());
    }
    fs::write(path, value)
}

/// Sectors in a KiB, which is what `read_ahead_kb` counts.
const SECTORS_PER_KIB: u64 = 2;

/// The device's read-ahead; `path` is a node of it, opened where sysfs does not tell.
///
/// # Errors
///
/// What opening the node, or `BLKRAGET`, says.
pub fn read_ahead(dev: DevNo, path: &Path) -> io::Result<Sectors> {
    if let Some(kib) = read_number(&queue_owner(dev).join("bdi/read_ahead_kb")) {
        return Ok(Sectors::new(kib.saturating_mul(SECTORS_PER_KIB)));
    }
    let node = fs::File::open(path)?;
    let sectors = raw::BLKRAGET.call(node.as_fd()).map_err(os::io_error)?;
    Ok(Sectors::new(u64::try_from(sectors).unwrap_or(0)))
}

/// Sets the device's read-ahead; an odd number of sectors is rounded up to whole KiB where sysfs takes it.
///
/// # Errors
///
/// What opening the node, or `BLKRASET`, says, where sysfs would not take it either.
pub fn set_read_ahead(dev: DevNo, path: &Path, sectors: Sectors) -> io::Result<()> {
    let kib = sectors.get().div_ceil(SECTORS_PER_KIB);
    if change(&queue_owner(dev).join("bdi/read_ahead_kb"), &kib.to_string()).is_ok() {
        return Ok(());
    }
    let node = fs::File::open(path)?;
    let sectors = c_ulong::try_from(sectors.get()).unwrap_or(c_ulong::MAX);
    raw::BLKRASET.call(node.as_fd(), sectors).map(drop).map_err(os::io_error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loopdev::tests::Guard;
    use crate::requires_root;

    #[test]
    fn root_a_device_has_its_kernels_name_by_either_way() {
        if !requires_root() {
            return;
        }
        let device = Guard::attach(1 << 20);
        let name = format!("loop{}", device.number());
        assert_eq!(kernel_name(device.dev()).as_deref(), Some(&*name));
        assert_eq!(kernel_name_by_search(device.dev()).as_deref(), Some(&*name));
        assert_eq!(device_of(&node(device.dev()).unwrap()), Some(device.dev()));
        assert_eq!(dm_name(device.dev()), None);
    }

    #[test]
    fn root_read_ahead_is_what_was_set_in_whole_kib() {
        if !requires_root() {
            return;
        }
        let device = Guard::attach(1 << 20);
        for (set, got) in [(1024, 1024), (7, 8), (0, 0)] {
            set_read_ahead(device.dev(), device.path(), Sectors::new(set)).unwrap();
            let sectors = read_ahead(device.dev(), device.path()).unwrap();
            assert_eq!(sectors, Sectors::new(got));
        }
    }

    #[test]
    fn root_a_queues_limits_are_read() {
        if !requires_root() {
            return;
        }
        let device = Guard::attach(1 << 20);
        let queue = queue(device.dev()).unwrap();
        assert_eq!(queue.logical_block, 512);
        assert!(queue.write_cache);
        assert!(!queue.max_request.is_zero());
    }

    #[test]
    fn a_device_that_is_not_there_has_neither_name_nor_queue() {
        let dev = DevNo::new(4095, 1_000_000);
        assert_eq!((kernel_name(dev), queue(dev), node(dev)), (None, None, None));
        assert!(holders(dev).is_empty());
    }
}
