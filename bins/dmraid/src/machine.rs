//! The machine that the tool runs on.
//!
//! Disks are looked for as the original does: `hd*`, `sd*` and `vd*` that end in no digit, and `dm-*`; the last in
//! sysfs's order first. A serial number is what sysfs has of the disk's vital product data; an image, or a `dm-*`, may
//! have one in a file beside it that ends in `.serial`. A `dm-*` that is an overlay shows a disk that is looked at
//! already, and is passed over.
//!
//! # Source
//!
//! dmraid 1.0.0.rc16-12, by running it; the kernel's `Documentation/ABI/stable/sysfs-block` and
//! `drivers/scsi/scsi_sysfs.c` for `vpd_pg80`.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dm_cli::argv::Order;
use dm_cli::exit::Failure;
use dm_cli::machine::{self, Asked, Environment};
use dm_cli::session::Settings;
use dm_cli::session::link::Opener;
use dm_core::read_at::ReadAt;
use dm_formats::raid::{Level, Log, Patch};
use dm_sys::block::{self, BlockFile, Caching, Claim, Open};
use dm_sys::lock::Lock;
use dm_sys::loopdev::{self, Attach, LoopDevice};
use dm_sys::{os, paths};

use crate::host::{Access, Disk, Held, Host};
use crate::options::error;
use crate::overlay;

/// Where the kernel lists block devices.
const SYSFS: &str = "/sys/block";

/// Where the original has its lock.
const LOCK_FOLDER: &str = "/var/lock/dmraid";

/// How long another instance may keep us waiting.
const LOCK_LIMIT: Duration = Duration::from_secs(120);

/// The longest serial number that a file may have.
const SERIAL_MAX: usize = 30;

/// This machine.
#[derive(Debug)]
pub struct Machine {
    environment: Result<Environment, Failure>,
}

impl Machine {
    /// The machine of this process.
    #[expect(clippy::new_without_default, reason = "it reads the environment")]
    pub fn new() -> Self {
        Self { environment: Environment::read() }
    }
}

impl Machine {
    /// Makes the lock's folder. An ordinary user's is the daemon's too, which takes none that lets others in.
    fn make_folder(&self, folder: &Path) -> Result<(), Failure> {
        let failed = || error(&[b"mkdir ", folder.as_os_str().as_bytes()].concat());
        match &self.environment {
            Ok(environment) if !environment.env.is_root() => {
                paths::make_private(folder, environment.env.uid)
                    .map_err(|why| failed().and(why.to_string()))
            }
            _ => fs::create_dir_all(folder).map_err(|_| failed()),
        }
    }
}

/// What is held while others are kept away.
struct Locked {
    path: PathBuf,
    _lock: Lock,
}

impl Drop for Locked {
    fn drop(&mut self) {
        fs::remove_file(&self.path).ok();
    }
}

/// How a disk is opened to be looked at.
const LOOK: Open =
    Open { access: block::Access::Read, claim: Claim::Shared, caching: Caching::Buffered };

impl Host for Machine {
    fn disks(&self, log: &mut Log) -> Vec<Disk> {
        let Ok(entries) = fs::read_dir(SYSFS) else {
            log.error(&[b"finding sysfs mount point"]);
            return Vec::new();
        };
        let names = entries.flatten().map(|entry| entry.file_name());
        let mut names: Vec<_> = names.filter(|name| is_candidate(name.as_bytes())).collect();
        names.reverse();
        names.iter().filter_map(|name| candidate(name, log)).collect()
    }

    fn disk_at(&self, path: &[u8]) -> Option<Disk> {
        let file = BlockFile::open_to_look(Path::new(OsStr::from_bytes(path)), LOOK).ok()?;
        let dev = file.disk().dev;
        let serial = side_file(path).or_else(|| serial_of(Path::new(OsStr::from_bytes(path))));
        let scsi = dev.and_then(|_| {
            let real = fs::canonicalize(Path::new(OsStr::from_bytes(path))).ok()?;
            scsi_in(&Path::new(SYSFS).join(real.file_name()?))
        });
        Some(Disk { path: path.to_vec(), serial, scsi, dev, source: Box::new(file) })
    }

    fn lock_path(&self) -> PathBuf {
        let own = |environment: &Environment| paths::Places::new(&environment.env).run;
        match &self.environment {
            Ok(environment) if !environment.env.is_root() => own(environment).join(".lock"),
            _ => Path::new(LOCK_FOLDER).join(".lock"),
        }
    }

    fn lock(&self) -> Result<Held, Failure> {
        let path = self.lock_path();
        let folder = path.parent().unwrap_or(Path::new("/"));
        self.make_folder(folder)?;
        let opened = File::options().create(true).append(true).open(&path);
        let locked = opened.and_then(|_| Lock::exclusive(&path, LOCK_LIMIT));
        if let Ok(lock) = locked {
            return Ok(Box::new(Locked { path, _lock: lock }));
        }
        let failure = error(&[b"flock lockfile ", path.as_os_str().as_bytes()].concat());
        Err(failure.and("ERROR: lock failure"))
    }

    fn order(&self) -> Order {
        self.environment.as_ref().map_or(Order::Permute, |environment| environment.order)
    }

    fn settings(&self) -> Result<Settings, Failure> {
        let environment = self.environment.as_ref().map_err(Clone::clone)?;
        Ok(environment.settings(&Asked { verify: true, ..Asked::default() }).0)
    }

    fn opener(&self, forced: Option<&str>) -> Result<Box<dyn Opener>, Failure> {
        let environment = self.environment.as_ref().map_err(Clone::clone)?;
        let (env, forced) = (environment.env.clone(), forced.map(str::to_owned));
        Ok(Box::new(machine::Machine { env, forced }))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn ReadAt + Send + Sync>> {
        Ok(Box::new(BlockFile::open_to_look(path, LOOK)?))
    }

    fn write(&self, disk: &Disk, patches: &[Patch]) -> io::Result<()> {
        let path = Path::new(OsStr::from_bytes(&disk.path));
        let how = Open { access: block::Access::Write, ..LOOK };
        let file = BlockFile::open_to_look(path, how)?;
        for patch in patches {
            file.file().write_all_at(&patch.bytes, patch.at.get())?;
        }
        file.file().sync_all()
    }

    fn folder(&self) -> PathBuf {
        PathBuf::from(".")
    }

    fn now(&self) -> u32 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u32::try_from(since.as_secs()).unwrap_or(u32::MAX)
    }

    fn forget_partitions(&self, disk: &Disk) -> Result<(), Failure> {
        let path = Path::new(OsStr::from_bytes(&disk.path));
        let file = BlockFile::open_to_look(path, LOOK).map_err(|error| {
            let why = os::errno(&error).to_string();
            self::error(&[b"opening ", &disk.path[..], b": ", why.as_bytes(), b"\n"].concat())
        })?;
        for number in 1..=256 {
            if let Err(errno) = file.forget_partition(number) {
                let text = format!("removing part {number} from ");
                let why = format!(": {errno}\n");
                return Err(error(&[text.as_bytes(), &disk.path, why.as_bytes()].concat()));
            }
        }
        Ok(())
    }

    fn attach(&self, disk: &Disk, access: Access) -> io::Result<PathBuf> {
        let path = Path::new(OsStr::from_bytes(&disk.path));
        let read_only = access == Access::ReadOnly;
        let file = File::options().read(true).write(!read_only).open(path)?;
        let meta = file.metadata()?;
        if let Some(device) = loopdev::of(&meta).into_iter().next() {
            return Ok(device.path().to_owned());
        }
        let how = Attach { read_only, ..Attach::default() };
        Ok(LoopDevice::attach(std::os::fd::AsFd::as_fd(&file), how)?.path().to_owned())
    }

    fn attach_cow(&self, file: &Path) -> io::Result<(PathBuf, Held)> {
        let file = File::options().read(true).write(true).open(file)?;
        let how = Attach::default();
        let (device, held) = LoopDevice::attach_while_open(std::os::fd::AsFd::as_fd(&file), how)?;
        Ok((device.path().to_owned(), Box::new(held)))
    }

    fn detach_unused(&self, disks: &[Disk]) {
        for disk in disks.iter().filter(|disk| disk.dev.is_none()) {
            let path = Path::new(OsStr::from_bytes(&disk.path));
            let Ok(meta) = fs::metadata(path) else { continue };
            for device in loopdev::of(&meta) {
                // One that is still in use stays.
                device.detach_if_unused().ok();
            }
        }
    }
}

/// Whether the original looks at a disk of this name.
fn is_candidate(name: &[u8]) -> bool {
    let is_disk = matches!(name, [b'h' | b's' | b'v', b'd', ..]);
    let is_whole = name.last().is_some_and(|byte| !byte.is_ascii_digit());
    (is_disk && is_whole) || name.starts_with(b"dm-")
}

fn candidate(name: &OsStr, log: &mut Log) -> Option<Disk> {
    let path = [b"/dev/", name.as_bytes()].concat();
    let folder = Path::new(SYSFS).join(name);
    if fs::read(folder.join("removable")).is_ok_and(|text| text.starts_with(b"1")) {
        log.say(Level::Notice, &[b"skipping removable device ", &path]);
        return None;
    }
    if fs::read(folder.join("dm/uuid")).is_ok_and(|uuid| uuid.starts_with(overlay::MARK)) {
        log.say(Level::Notice, &[b"skipping overlay ", &path]);
        return None;
    }
    let size = folder.join("size");
    let Ok(text) = fs::read_to_string(&size) else {
        log.error(&[b"opening ", size.as_os_str().as_bytes()]);
        return None;
    };
    if text.trim().parse::<u64>().is_err() {
        log.error(&[b"reading disk size for ", &path, b" from sysfs"]);
        return None;
    }
    let file = BlockFile::open_to_look(Path::new(OsStr::from_bytes(&path)), LOOK).ok()?;
    let (block, dev) = (file.disk().queue.logical_block, file.disk().dev?);
    if block > 512 {
        let text = format!("unsupported sector size {block} on ");
        log.error(&[text.as_bytes(), &path, b"."]);
        return None;
    }
    let is_mapped = name.as_bytes().starts_with(b"dm-");
    let serial = if is_mapped { side_file(&path) } else { serial_in(&folder) };
    if is_mapped && serial.is_none() {
        log.say(Level::Warn, &[b"missing dm serial file for ", &path]);
    }
    Some(Disk { path, serial, scsi: scsi_in(&folder), dev: Some(dev), source: Box::new(file) })
}

/// The serial number in the file beside a disk.
fn side_file(path: &[u8]) -> Option<Vec<u8>> {
    let path = [path, b".serial"].concat();
    let text = fs::read(Path::new(OsStr::from_bytes(&path))).ok()?;
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    without_space(line.get(..SERIAL_MAX).unwrap_or(line))
}

/// The serial number of a block device that is not listed.
fn serial_of(path: &Path) -> Option<Vec<u8>> {
    let real = fs::canonicalize(path).ok()?;
    serial_in(&Path::new(SYSFS).join(real.file_name()?))
}

/// The serial number that sysfs knows: a SCSI disk's vital product data, or the driver's own file.
fn serial_in(folder: &Path) -> Option<Vec<u8>> {
    let page = fs::read(folder.join("device/vpd_pg80")).ok();
    let page = page.and_then(|page| {
        let len = usize::from(*page.get(3)?);
        page.get(4..)?.get(..len).map(<[u8]>::to_vec)
    });
    let own =
        || ["device/serial", "serial"].iter().find_map(|name| fs::read(folder.join(name)).ok());
    without_space(&page.or_else(own)?)
}

/// The address in the name of the SCSI device that a disk is: `HOST:CHANNEL:TARGET:UNIT`.
fn scsi_in(folder: &Path) -> Option<u32> {
    let device = fs::read_link(folder.join("device")).ok()?;
    let name = device.file_name()?.to_str()?;
    let numbers: Vec<u32> =
        name.split(':').map(|number| number.parse().ok()).collect::<Option<_>>()?;
    match numbers[..] {
        [host, _, target, unit] => Some(host << 16 | target << 8 | unit),
        _ => None,
    }
}

fn without_space(text: &[u8]) -> Option<Vec<u8>> {
    let kept = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace() && *byte != 0);
    Some(kept.collect::<Vec<u8>>()).filter(|kept| !kept.is_empty())
}
