//! How many have a block device open, as the kernel counts the openers of its own mapped devices.
//!
//! | counted | where it is seen |
//! |---|---|
//! | open files of processes: two descriptors that share a description are one | `/proc/<pid>/fd`, told apart by `kcmp(2)` |
//! | mounted filesystems: one each, however often it is mounted | `/proc/<pid>/mountinfo`, of every mount namespace |
//! | swap areas | `/proc/swaps` |
//! | what claims devices inside the kernel | `holders/` in sysfs: dm, md |
//! | loop devices over it | `/sys/block/loop<N>/loop/backing_file` |
//!
//! What is not seen: a descriptor on its way through a socket or held by a ring alone, a mapping whose file has
//! been closed, processes that this user may not look at, and mounts that no namespace shows any more. Where
//! the count must be exact, ask the driver: [`crate::loopdev::LoopDevice::detach_if_unused`].
//!
//! Nothing here waits for a file server: paths are looked at with what the kernel has cached, since the server
//! of a file may be the process that counts.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ffi::CString;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use dm_core::devno::DevNo;
use dm_core::errno::Errno;

use crate::raw::{self, FileOf};
use crate::{loopdev, sysfs};

/// The most descriptors that are looked at: a count that would take longer than a second or so says what it
/// found until then.
const LOOK_MAX: usize = 1_000_000;

/// Counts who has `dev` open.
pub fn count(dev: DevNo) -> u32 {
    let processes = processes();
    let files = open_files(dev, &processes);
    let mounted = u32::from(is_mounted(dev, &processes));
    let swap = u32::from(is_swap(dev));
    let held = sysfs::holders(dev).len() + loops_over(dev);
    let held = u32::try_from(held).unwrap_or(u32::MAX);
    files.saturating_add(mounted).saturating_add(swap).saturating_add(held)
}

/// The processes that `/proc` shows.
fn processes() -> Vec<i32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// The number of the block device at `path`, by what the kernel has cached.
fn device_cached(path: &Path) -> Option<DevNo> {
    let path = CString::new(path.as_os_str().as_bytes()).ok()?;
    let found = raw::stat_cached(&path).ok()?;
    (found.kind == libc::S_IFBLK).then_some(found.rdev)
}

/// How many open file descriptions of `dev` the processes have.
fn open_files(dev: DevNo, processes: &[i32]) -> u32 {
    let mut found: Vec<FileOf> = Vec::new();
    let mut looked = 0;
    for &pid in processes {
        let entries = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
        for entry in entries {
            looked += 1;
            let fd = entry.file_name().to_str().and_then(|name| name.parse().ok());
            let file = fd.map(|fd| FileOf { pid, fd });
            let Some(file) = file.filter(|_| device_cached(&entry.path()) == Some(dev)) else {
                continue;
            };
            insert_description(&mut found, file);
        }
        if looked > LOOK_MAX {
            break;
        }
    }
    u32::try_from(found.len()).unwrap_or(u32::MAX)
}

/// Adds `file` to the sorted `found`, unless its description is there already. Where descriptions cannot be
/// compared, every descriptor counts.
fn insert_description(found: &mut Vec<FileOf>, file: FileOf) {
    let mut failed = None::<Errno>;
    let place = found.binary_search_by(|other| {
        raw::compare_files(*other, file).unwrap_or_else(|errno| {
            failed = Some(errno);
            Ordering::Less
        })
    });
    match place {
        Ok(_) => {}
        Err(_) if failed.is_some() => found.push(file),
        Err(at) => found.insert(at, file),
    }
}

/// Whether a filesystem on `dev` is mounted in any mount namespace that can be seen.
fn is_mounted(dev: DevNo, processes: &[i32]) -> bool {
    let mut seen = BTreeSet::new();
    processes.iter().any(|pid| {
        let Ok(namespace) = fs::read_link(format!("/proc/{pid}/ns/mnt")) else {
            return false;
        };
        if !seen.insert(namespace) {
            return false;
        }
        let mounts = fs::read(format!("/proc/{pid}/mountinfo")).unwrap_or_default();
        mounts.split(|&byte| byte == b'\n').any(|line| is_mount_of(line, dev))
    })
}

/// Whether a line of `mountinfo` is a mount of `dev`: by its number, or, for a filesystem that has a number
/// of its own (btrfs), by its source.
///
/// # Source
///
/// `proc_pid_mountinfo(5)`: id, parent, major:minor, root, mount point, options, optional fields, `-`, type,
/// source, super options.
fn is_mount_of(line: &[u8], dev: DevNo) -> bool {
    let words: Vec<&[u8]> = line.split(|&byte| byte == b' ').collect();
    let number = words.get(2).and_then(|word| std::str::from_utf8(word).ok()?.parse().ok());
    match number {
        Some(number) if number == dev => true,
        Some(DevNo { major: 0, .. }) => {
            let source =
                words.iter().position(|word| *word == b"-").and_then(|at| words.get(at + 2));
            source.is_some_and(|source| is_node_of(source, dev))
        }
        _ => false,
    }
}

/// Whether `text`, a path with its odd bytes in octal, is a node of `dev`. Only paths below `/dev` are looked
/// up: any other might lead to a file server.
fn is_node_of(text: &[u8], dev: DevNo) -> bool {
    let path = PathBuf::from(std::ffi::OsStr::from_bytes(&unescape(text)));
    path.starts_with("/dev") && device_cached(&path) == Some(dev)
}

/// Undoes the `\ooo` of the kernel's tables.
///
/// # Source
///
/// `mangle_path` in the kernel's `fs/seq_file.c`.
fn unescape(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        let octal = match rest {
            [b'\\', a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', after @ ..] => {
                Some(((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'), after))
            }
            _ => None,
        };
        let (byte, after) = octal.unwrap_or((*first, tail));
        out.push(byte);
        rest = after;
    }
    out
}

/// Whether `dev` is swapped to.
fn is_swap(dev: DevNo) -> bool {
    let swaps = fs::read("/proc/swaps").unwrap_or_default();
    let mut lines = swaps.split(|&byte| byte == b'\n').skip(1);
    lines.any(|line| {
        let path = line.split(|&byte| byte == b' ' || byte == b'\t').next().unwrap_or_default();
        is_node_of(path, dev)
    })
}

/// How many loop devices lie on `dev`.
fn loops_over(dev: DevNo) -> usize {
    let over = |file: &Path| file.starts_with("/dev") && device_cached(file) == Some(dev);
    loopdev::attached().iter().filter(|(_, file)| over(file)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loopdev::tests::Guard;
    use crate::requires_root;
    use std::fs::File;
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    /// The count once it has settled: another process that looks for a free loop device at the same moment may
    /// have opened ours, and lets go of it when it finds it taken.
    fn settled(dev: DevNo, expected: u32) -> u32 {
        let deadline = Instant::now() + Duration::from_secs(2);
        loop {
            let found = count(dev);
            if found == expected || Instant::now() > deadline {
                return found;
            }
        }
    }

    #[test]
    fn root_a_device_that_is_open_twice_has_two_openers_however_often_they_are_copied() {
        if !requires_root() {
            return;
        }
        let device = Guard::attach(1 << 20);
        assert_eq!(settled(device.dev(), 0), 0);
        let first = File::open(device.path()).unwrap();
        assert_eq!(settled(device.dev(), 1), 1);
        let second = File::open(device.path()).unwrap();
        let copy = second.try_clone().unwrap();
        assert_eq!(settled(device.dev(), 2), 2);
        drop((first, second));
        assert_eq!(settled(device.dev(), 1), 1);
        drop(copy);
        assert_eq!(settled(device.dev(), 0), 0);
    }

    #[test]
    fn root_a_copy_in_another_process_is_the_same_opener() {
        if !requires_root() {
            return;
        }
        let device = Guard::attach(1 << 20);
        let file = File::open(device.path()).unwrap();
        let stdin = Stdio::from(file.try_clone().unwrap());
        let mut child = Command::new("sleep").arg("60").stdin(stdin).spawn().unwrap();
        let shared = settled(device.dev(), 1);
        drop(file);
        let alone = settled(device.dev(), 1);
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!((shared, alone), (1, 1));
        assert_eq!(settled(device.dev(), 0), 0);
    }

    #[test]
    fn root_a_loop_device_over_it_is_an_opener() {
        if !requires_root() {
            return;
        }
        let lower = Guard::attach(1 << 20);
        let file = File::open(lower.path()).unwrap();
        let upper = Guard::over(&file);
        drop(file);
        assert_eq!(settled(lower.dev(), 1), 1);
        drop(upper);
        assert_eq!(settled(lower.dev(), 0), 0);
    }

    #[test]
    fn a_mount_is_known_by_its_number() {
        let dev = DevNo::new(7, 3);
        let line = b"36 35 7:3 / /mnt rw,noatime shared:1 - ext4 /dev/loop3 rw";
        assert!(is_mount_of(line, dev));
        assert!(!is_mount_of(line, DevNo::new(7, 4)));
        assert!(!is_mount_of(b"", dev));
        assert!(!is_mount_of(b"36 35 0:31 / /mnt rw - tmpfs tmpfs rw", dev));
        assert!(!is_mount_of(b"36 35 0:31 / /mnt rw -", dev));
    }

    #[test]
    fn root_a_mount_with_a_number_of_its_own_is_known_by_its_source() {
        let Some(node) = fs::read_dir("/dev").unwrap().flatten().find_map(|entry| {
            let dev = device_cached(&entry.path())?;
            Some((entry.path(), dev))
        }) else {
            eprintln!("skipped: needs a block device in /dev");
            return;
        };
        let line = format!("36 35 0:31 /sub /mnt rw - btrfs {} rw,subvol=/sub", node.0.display());
        assert!(is_mount_of(line.as_bytes(), node.1));
    }

    #[test]
    fn octal_in_the_kernels_tables_is_undone() {
        assert_eq!(unescape(br"/dev/a\040b\134"), br"/dev/a b\");
        assert_eq!(unescape(br"\09\x\40"), br"\09\x\40");
    }

    #[test]
    fn a_device_that_is_not_there_has_no_openers() {
        assert_eq!(count(DevNo::new(4095, 1_000_000)), 0);
    }
}
