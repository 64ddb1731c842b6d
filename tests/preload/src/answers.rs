//! What each call gets that is about device-mapper. `None` everywhere means: not ours, pass it on.

use std::ffi::{CStr, CString, c_int};
use std::fmt::Write as _;
use std::io::{Seek as _, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt};

use dm_core::devno::DevNo;
use dm_core::errno::Errno;

use crate::connection::{self, Answer};
use crate::engine::{Device, Engine};
use crate::place::{Place, place, tidy};
use crate::real::{self, Links, Result};

/// The number of the control node.
///
/// # Source
///
/// `MISC_MAJOR` in the kernel's `include/uapi/linux/major.h`, `MAPPER_CTRL_MINOR` in
/// `include/linux/miscdevice.h`.
const CONTROL: DevNo = DevNo::new(10, 236);

/// The requests of device-mapper have this in their second byte.
///
/// # Source
///
/// `DM_IOCTL` in the kernel's `include/uapi/linux/dm-ioctl.h`.
const DM_TYPE: u64 = 0xfd;

/// The request that asks a block device for its read-ahead.
///
/// # Source
///
/// `_IO(0x12, 99)` in the kernel's `include/uapi/linux/fs.h`.
pub(crate) const BLKRAGET: u64 = 0x1263;

/// A path as the program gave it, ready to be looked at.
#[derive(Debug)]
pub(crate) struct Asked {
    path: Vec<u8>,
    devdir: Vec<u8>,
}

impl Asked {
    /// `path`, unless no engine is to be talked to.
    pub(crate) fn new(path: &CStr) -> Option<Self> {
        std::env::var_os("DMKIT_SOCKET")?;
        let devdir = std::env::var_os("DM_DEV_DIR").filter(|dir| !dir.is_empty());
        let devdir = devdir.map_or_else(|| b"/dev".to_vec(), OsStringExt::into_vec);
        Some(Self { path: tidy(path.to_bytes()), devdir: tidy(&devdir) })
    }

    fn place(&self) -> Place<'_> {
        place(&self.path, &self.devdir)
    }

    fn is_usual(&self) -> bool {
        self.devdir == b"/dev"
    }
}

/// The file that the engine serves `device` as, if it does.
fn served(device: &Device) -> Option<CString> {
    CString::new(device.node.as_ref()?.as_os_str().as_bytes()).ok()
}

/// Whether what was looked at is what the engine serves `device` as.
fn is_served(stat: &libc::stat, device: &Device) -> bool {
    let node = served(device).and_then(|node| real::stat(&node, Links::Follow).ok());
    node.is_some_and(|node| (node.st_dev, node.st_ino) == (stat.st_dev, stat.st_ino))
}

/// The device whose node `path` is, when it leads there.
fn device_at(engine: &Engine, name: &[u8], path: &CStr) -> Option<DevNo> {
    let device = engine.named(name)?;
    let stat = real::stat(path, Links::Follow).ok()?;
    is_served(&stat, device).then(|| DevNo::new(engine.major, device.minor))
}

/// Opens the control node, or a file of the kernel's that speaks of the engine's devices.
pub(crate) fn open(path: &CStr, flags: c_int) -> Option<Result<OwnedFd>> {
    let asked = Asked::new(path)?;
    match asked.place() {
        Place::Control => Some(connection::open().map(OwnedFd::from)),
        Place::ProcDevices => proc_devices().map(|text| file_of(&text)),
        Place::Sysfs(dev, below) => {
            let engine = Engine::ask()?;
            let device = engine.numbered(dev)?;
            let real = real_sysfs(device, below)
                .and_then(|path| real::open(libc::AT_FDCWD, &path, flags, 0))
                .map(real::owned);
            // A loop device has no folder `dm`; what has no block device has nothing real at all.
            let text = sysfs_text(device, below).filter(|_| real.is_err());
            Some(text.map_or(real, |text| file_of(&text)))
        }
        Place::Node(_) | Place::Elsewhere => None,
    }
}

/// The kernel's list of drivers, with the engine's major number among the block devices, which come last.
fn proc_devices() -> Option<Vec<u8>> {
    let major = Engine::ask()?.major;
    let file = real::open(libc::AT_FDCWD, c"/proc/devices", libc::O_RDONLY, 0).ok()?;
    let text = std::io::read_to_string(std::fs::File::from(real::owned(file))).ok()?;
    let mut out = String::new();
    for line in text.lines().filter(|line| !line.ends_with(" device-mapper")) {
        out.push_str(line);
        out.push('\n');
    }
    writeln!(out, "{major:3} device-mapper").ok()?;
    Some(out.into_bytes())
}

/// What sysfs has of a mapped device that its real device, if any, does not know.
fn sysfs_text(device: &Device, below: &[u8]) -> Option<Vec<u8>> {
    let read_ahead = device.read_ahead()?;
    let mut text = match below {
        b"dm/name" => device.name.clone(),
        b"dm/uuid" => device.uuid.clone(),
        b"bdi/read_ahead_kb" => (read_ahead / 2).to_string().into_bytes(),
        _ => return None,
    };
    text.push(b'\n');
    Some(text)
}

/// The same file of the block device that serves a mapped device.
fn real_sysfs(device: &Device, below: &[u8]) -> Result<CString> {
    let node = served(device).ok_or(Errno::ENOENT)?;
    let stat = real::stat(&node, Links::Follow)?;
    if stat.st_mode & libc::S_IFMT != libc::S_IFBLK {
        return Err(Errno::ENOENT);
    }
    let mut path = format!("/sys/dev/block/{}/", DevNo::from_libc(stat.st_rdev)).into_bytes();
    path.extend_from_slice(below);
    CString::new(path).map_err(|_| Errno::EINVAL)
}

/// A file with `text` in it, to be read from its start.
fn file_of(text: &[u8]) -> Result<OwnedFd> {
    let mut file = std::fs::File::from(real::memory_file()?);
    file.write_all(text).and_then(|()| file.rewind()).map_err(|_| Errno::EIO)?;
    Ok(file.into())
}

/// Sends the packet of a request of device-mapper's, when `fd` is a connection of ours.
pub(crate) fn exchange(
    fd: c_int,
    request: u64,
    packet: impl FnOnce() -> Vec<u8>,
) -> Option<Result<Answer>> {
    let is_socket = |stat: libc::stat| stat.st_mode & libc::S_IFMT == libc::S_IFSOCK;
    if request >> 8 & 0xff != DM_TYPE || !real::fstat(fd).is_ok_and(is_socket) {
        return None;
    }
    let number = u32::try_from(request & 0xff).unwrap_or(u32::MAX);
    Some(real::duplicate(fd).and_then(|fd| connection::exchange(fd, number, &packet())))
}

/// The read-ahead, in sectors, of the mapped device whose node is open as `fd` and is a plain file: a block
/// device knows its own.
pub(crate) fn read_ahead(fd: c_int) -> Option<u32> {
    std::env::var_os("DMKIT_SOCKET")?;
    let is_file = |stat: &libc::stat| stat.st_mode & libc::S_IFMT == libc::S_IFREG;
    let open = real::fstat(fd).ok().filter(is_file)?;
    let engine = Engine::ask()?;
    let is_open = |device: &&Device| is_served(&open, device);
    engine.devices.iter().find(is_open)?.read_ahead()
}

/// What `stat` says of the control node, or of a mapped device's node.
pub(crate) fn stat(path: &CStr, links: Links) -> Option<Result<libc::stat>> {
    let asked = Asked::new(path)?;
    match asked.place() {
        Place::Control => {
            let mut stat = real::stat(c"/dev/null", Links::Follow).ok()?;
            stat.st_mode = libc::S_IFCHR | 0o600;
            stat.st_rdev = CONTROL.to_libc();
            Some(Ok(stat))
        }
        Place::Node(name) => {
            let mut stat = real::stat(path, links).ok()?;
            let dev = device_at(&Engine::ask()?, name, path)?;
            stat.st_mode = libc::S_IFBLK | (stat.st_mode & !libc::S_IFMT);
            stat.st_rdev = dev.to_libc();
            stat.st_size = 0;
            Some(Ok(stat))
        }
        _ => None,
    }
}

/// Whether the control node may be used.
pub(crate) fn access(path: &CStr) -> Option<Result<c_int>> {
    let asked = Asked::new(path)?;
    (asked.place() == Place::Control).then_some(Ok(0))
}

/// Makes a node of the engine's number a link to what the engine serves that device as, where there is
/// something; no control node is made.
pub(crate) fn mknod(path: &CStr, dev: libc::dev_t) -> Option<Result<c_int>> {
    let asked = Asked::new(path)?;
    match asked.place() {
        Place::Control => Some(Ok(0)),
        Place::Node(_) => {
            let engine = Engine::ask()?;
            let dev = DevNo::from_libc(dev);
            let node = engine.numbered(dev).and_then(served);
            (engine.major == dev.major).then(|| {
                let Some(node) = node else { return Ok(0) };
                let folder = CString::new([&asked.devdir[..], b"/mapper"].concat());
                // It is there, or the link will say what is wrong.
                let _ = folder.map(|folder| real::mkdir(&folder, 0o755));
                real::symlink(&node, path)
            })
        }
        _ => None,
    }
}

/// Leaves a node that leads to the engine's device as it is, and one that the engine's device does without. In the
/// usual folder it leaves all: there the engine sees to its own, and others of that name are not of its devices.
pub(crate) fn keep(path: &CStr) -> Option<Result<c_int>> {
    let asked = Asked::new(path)?;
    let Place::Node(name) = asked.place() else { return None };
    let engine = Engine::ask()?;
    let Some(device) = engine.named(name) else { return asked.is_usual().then_some(Ok(0)) };
    let has_none = device.node.is_none();
    (has_none || device_at(&engine, name, path).is_some()).then_some(Ok(0))
}

/// Renames no node that the engine has renamed already.
pub(crate) fn rename(old: &CStr, new: &CStr) -> Option<Result<c_int>> {
    let is_gone = real::stat(old, Links::Keep).is_err();
    is_gone.then(|| keep(new)).flatten()
}

/// The link in sysfs from a device's number to its name in the kernel.
pub(crate) fn readlink(path: &CStr) -> Option<Vec<u8>> {
    let asked = Asked::new(path)?;
    let Place::Sysfs(dev, b"") = asked.place() else { return None };
    let engine = Engine::ask()?;
    let device = engine.numbered(dev).filter(|device| device.read_ahead().is_some())?;
    Some(format!("../../devices/virtual/block/dm-{}", device.minor).into_bytes())
}
