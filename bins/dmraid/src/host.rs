//! What the tool asks of the machine it runs on.

use std::any::Any;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use dm_cli::argv::Order;
use dm_cli::exit::Failure;
use dm_cli::session::Settings;
use dm_cli::session::link::Opener;
pub use dm_cli::session::making::Access;
use dm_core::devno::DevNo;
use dm_core::read_at::ReadAt;
use dm_core::units::Sectors;
use dm_formats::raid::{Log, Patch};

/// A disk, or an image of one.
pub struct Disk {
    /// How it is called.
    pub path: Vec<u8>,
    /// Its serial number without white space.
    pub serial: Option<Vec<u8>>,
    /// Its SCSI address, where it has one: host, target and unit, `host << 16 | target << 8 | unit`.
    pub scsi: Option<u32>,
    /// Its number, where it is a block device; an image has none.
    pub dev: Option<DevNo>,
    /// What can be read of it.
    pub source: Box<dyn ReadAt + Send + Sync>,
}

impl fmt::Debug for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Disk \"{}\"", self.path.escape_ascii())
    }
}

impl Disk {
    /// Its size, without what does not fill a sector.
    pub fn sectors(&self) -> Sectors {
        self.source.size().whole_sectors()
    }

    /// Its path, as the formats have it.
    pub fn as_format_disk(&self) -> dm_formats::raid::Disk<'_> {
        let serial = self.serial.as_deref();
        dm_formats::raid::Disk { path: &self.path, serial, source: &*self.source }
    }
}

/// What a path ends in.
pub fn base_name(path: &[u8]) -> &[u8] {
    path.rsplit(|byte| *byte == b'/').next().unwrap_or_default()
}

/// What is held until it is dropped.
pub type Held = Box<dyn Any>;

/// The machine.
pub trait Host: fmt::Debug {
    /// Its disks, in the order of listings.
    fn disks(&self, log: &mut Log) -> Vec<Disk>;

    /// The disk or image at `path`.
    fn disk_at(&self, path: &[u8]) -> Option<Disk>;

    /// Where the lock is.
    fn lock_path(&self) -> PathBuf;

    /// Keeps other instances of this tool away.
    ///
    /// # Errors
    ///
    /// What the original says of it.
    fn lock(&self) -> Result<Held, Failure>;

    /// Whether options may follow operands.
    fn order(&self) -> Order;

    /// What a session with device-mapper hangs on.
    ///
    /// # Errors
    ///
    /// The environment says something that cannot be.
    fn settings(&self) -> Result<Settings, Failure>;

    /// Finds whoever answers for device-mapper; `forced` names who is to.
    ///
    /// # Errors
    ///
    /// The environment says something that cannot be.
    fn opener(&self, forced: Option<&str>) -> Result<Box<dyn Opener>, Failure>;

    /// Opens a disk or a mapped device for reading.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn open(&self, path: &Path) -> io::Result<Box<dyn ReadAt + Send + Sync>>;

    /// Writes to a disk or an image, and returns when it is there to stay.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn write(&self, disk: &Disk, patches: &[Patch]) -> io::Result<()>;

    /// The folder that metadata are saved in.
    fn folder(&self) -> PathBuf;

    /// Seconds since 1970, as far as they fit.
    fn now(&self) -> u32;

    /// Has the kernel forget the partitions of a disk.
    ///
    /// # Errors
    ///
    /// What the original says of it.
    fn forget_partitions(&self, disk: &Disk) -> Result<(), Failure>;

    /// Makes a block device of an image, where the kernel is to map it.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn attach(&self, disk: &Disk, access: Access) -> io::Result<PathBuf>;

    /// Makes a block device of a file that an overlay writes to, where the kernel is to map it. It is there as long as
    /// what is returned, and as long as it is mapped.
    ///
    /// # Errors
    ///
    /// What the system says.
    fn attach_cow(&self, file: &Path) -> io::Result<(PathBuf, Held)>;

    /// Takes away the block devices of images of which nothing is mapped any more.
    fn detach_unused(&self, disks: &[Disk]);
}
