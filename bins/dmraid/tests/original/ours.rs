//! Ours, on a machine that has the disks of a case and nothing else.

use std::cell::{Cell, RefCell};
use std::io;
use std::path::{Path, PathBuf};

use dm_cli::argv::Order;
use dm_cli::exit::Failure;
use dm_cli::session::link::{NobodyAnswers, Opened, Opener, Start, Who};
use dm_cli::session::nodes::Places;
use dm_cli::session::{Settings, Udev};
use dm_core::devno::DevNo;
use dm_core::mangle::Mangling;
use dm_core::read_at::ReadAt;
use dm_core::units::Bytes;
use dm_formats::raid::{Level, Log, Patch};
use dm_testkit::raid::{self, Case};
use dmraid::dispatch::{self, Streams};
use dmraid::host::{Access, Disk, Held, Host};
use tempfile::TempDir;

use crate::answer::Answer;

/// A machine without device-mapper.
#[derive(Debug)]
pub(crate) struct Machine {
    /// Its disks, which are written to where that is meant.
    disks: RefCell<Vec<raid::Disk>>,
    /// As they were.
    before: Vec<raid::Disk>,
    is_written: bool,
    /// How many writes still work, and how many were tried.
    works: Cell<usize>,
    tried: Cell<usize>,
    /// Where metadata are saved.
    folder: TempDir,
}

struct Nobody;

impl Opener for Nobody {
    fn open(&self, _: Start) -> Result<Option<Opened>, NobodyAnswers> {
        Err(NobodyAnswers { line: b"there is none".to_vec(), who: Who::Kernel, is_root: true })
    }
}

fn none<T>() -> io::Result<T> {
    Err(io::ErrorKind::Unsupported.into())
}

impl Host for Machine {
    fn disks(&self, log: &mut Log) -> Vec<Disk> {
        for (nth, _) in
            self.before.iter().enumerate().rev().filter(|(_, disk)| disk.serial.is_none())
        {
            let path = format!("/dev/dm-{nth}");
            log.say(Level::Warn, &[b"missing dm serial file for ", path.as_bytes()]);
        }
        let disk = |(nth, disk): (u32, &raid::Disk)| Disk {
            path: format!("/dev/dm-{nth}").into_bytes(),
            serial: disk.serial.clone().map(String::into_bytes),
            scsi: None,
            dev: Some(DevNo::new(7, nth)),
            source: Box::new(disk.image.clone()),
        };
        (0..).zip(&*self.disks.borrow()).map(disk).collect()
    }

    fn disk_at(&self, path: &[u8]) -> Option<Disk> {
        self.disks(&mut Log::default()).into_iter().find(|disk| disk.path == path)
    }

    fn lock_path(&self) -> PathBuf {
        PathBuf::from("/var/lock/dmraid/.lock")
    }

    fn lock(&self) -> Result<Held, Failure> {
        Ok(Box::new(()))
    }

    fn order(&self) -> Order {
        Order::Permute
    }

    fn settings(&self) -> Result<Settings, Failure> {
        let places = Places::new(Path::new("/dev/mapper"), true);
        Ok(Settings { mangling: Mangling::default(), udev: Udev::default(), places })
    }

    fn opener(&self, _: Option<&str>) -> Result<Box<dyn Opener>, Failure> {
        Ok(Box::new(Nobody))
    }

    fn open(&self, _: &Path) -> io::Result<Box<dyn ReadAt + Send + Sync>> {
        none()
    }

    fn write(&self, disk: &Disk, patches: &[Patch]) -> io::Result<()> {
        self.tried.set(self.tried.get() + 1);
        if !self.is_written {
            return none();
        }
        if self.works.get() == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.works.set(self.works.get() - 1);
        let nth = disk.dev.map(|dev| usize::try_from(dev.minor).unwrap());
        let mut disks = self.disks.borrow_mut();
        let image = &mut disks[nth.unwrap()].image;
        for patch in patches {
            image.put(patch.at.get(), &patch.bytes);
        }
        Ok(())
    }

    fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    fn now(&self) -> u32 {
        1_700_000_000
    }

    fn forget_partitions(&self, _: &Disk) -> Result<(), Failure> {
        Err(Failure::silent())
    }

    fn attach(&self, _: &Disk, access: Access) -> io::Result<PathBuf> {
        if access == Access::ReadWrite {
            self.tried.set(self.tried.get() + 1);
        }
        none()
    }

    fn attach_cow(&self, _: &Path) -> io::Result<(PathBuf, Held)> {
        none()
    }

    fn detach_unused(&self, _: &[Disk]) {}
}

impl Machine {
    /// One that has the disks of a case.
    pub(crate) fn new(case: &Case, is_written: bool) -> Self {
        let disks = RefCell::new(case.disks.clone());
        Self {
            disks,
            before: case.disks.clone(),
            is_written,
            works: Cell::new(usize::MAX),
            tried: Cell::new(0),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// From now on, after so many writes none works.
    pub(crate) fn fail_after(&self, writes: usize) {
        self.works.set(writes);
    }

    /// How many writes were tried, or kept from being tried.
    pub(crate) fn tried(&self) -> usize {
        self.tried.get()
    }

    /// The disks as they are.
    pub(crate) fn disks_now(&self) -> Vec<raid::Disk> {
        self.disks.borrow().clone()
    }

    /// The folder that metadata are saved in.
    pub(crate) fn place(&self) -> &Path {
        self.folder.path()
    }

    /// What ours answers to a command there, and to its questions this.
    pub(crate) fn answer(&self, command: &str, input: &[u8]) -> Answer {
        let (out, err, code) = self.run(command, input);
        Answer::new(&out, &err, &code.to_string())
    }

    /// Likewise, as it is printed: standard output, standard error, and the exit code.
    pub(crate) fn run(&self, command: &str, mut input: &[u8]) -> (Vec<u8>, Vec<u8>, u8) {
        let argv: Vec<Vec<u8>> = ["dmraid"]
            .into_iter()
            .chain(command.split_whitespace())
            .map(|word| word.as_bytes().to_vec())
            .collect();
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let streams = Streams { input: &mut input, out: &mut out, err: &mut err };
        let code = dispatch::run(&argv, self, streams);
        (out, err, code)
    }

    /// The last so many bytes of each disk.
    pub(crate) fn ends(&self, len: u64) -> Vec<Vec<u8>> {
        let end = |(disk, was): (&raid::Disk, &raid::Disk)| {
            let mut bytes = vec![0; usize::try_from(len).unwrap()];
            disk.image.read_at(Bytes::new(disk.image.size - len), &mut bytes).unwrap();
            assert_eq!(before_end(disk, len), before_end(was, len), "only the end is written to");
            bytes
        };
        self.disks.borrow().iter().zip(&self.before).map(end).collect()
    }
}

/// What is on a disk, but for its end.
fn before_end(disk: &raid::Disk, end: u64) -> Vec<(u64, &[u8])> {
    let image = &disk.image;
    let is_meant =
        |(at, page): &(u64, &[u8])| at + end < image.size && page.iter().any(|byte| *byte != 0);
    image.written().filter(is_meant).collect()
}

/// What ours answers to a command about the disks of a case.
pub(crate) fn answer(case: &Case, command: &str) -> Answer {
    Machine::new(case, false).answer(command, &[])
}
