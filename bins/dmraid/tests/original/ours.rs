//! Ours, on a machine that has the disks of a case and nothing else.

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
use dm_formats::raid::{Level, Log, Patch};
use dm_testkit::raid::Case;
use dmraid::dispatch::{self, Streams};
use dmraid::host::{Access, Disk, Held, Host};

use crate::answer::Answer;

/// A machine without device-mapper.
#[derive(Debug)]
struct Machine<'c>(&'c Case);

struct Nobody;

impl Opener for Nobody {
    fn open(&self, _: Start) -> Result<Option<Opened>, NobodyAnswers> {
        Err(NobodyAnswers { line: b"there is none".to_vec(), who: Who::Kernel, is_root: true })
    }
}

fn none<T>() -> io::Result<T> {
    Err(io::ErrorKind::Unsupported.into())
}

impl Host for Machine<'_> {
    fn disks(&self, log: &mut Log) -> Vec<Disk> {
        for (nth, _) in
            self.0.disks.iter().enumerate().rev().filter(|(_, disk)| disk.serial.is_none())
        {
            let path = format!("/dev/dm-{nth}");
            log.say(Level::Warn, &[b"missing dm serial file for ", path.as_bytes()]);
        }
        let disk = |(nth, disk): (u32, &dm_testkit::raid::Disk)| Disk {
            path: format!("/dev/dm-{nth}").into_bytes(),
            serial: disk.serial.clone().map(String::into_bytes),
            dev: Some(DevNo::new(7, nth)),
            source: Box::new(disk.image.clone()),
        };
        (0..).zip(&self.0.disks).map(disk).collect()
    }

    fn disk_at(&self, _: &[u8]) -> Option<Disk> {
        None
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

    fn write(&self, _: &Disk, _: &[Patch]) -> io::Result<()> {
        none()
    }

    fn forget_partitions(&self, _: &Disk) -> Result<(), Failure> {
        Err(Failure::silent())
    }

    fn attach(&self, _: &Disk, _: Access) -> io::Result<PathBuf> {
        none()
    }

    fn detach_unused(&self, _: &[Disk]) {}
}

/// What ours answers to a command about the disks of a case.
pub(crate) fn answer(case: &Case, command: &str) -> Answer {
    let argv: Vec<Vec<u8>> = ["dmraid"]
        .into_iter()
        .chain(command.split_whitespace())
        .map(|word| word.as_bytes().to_vec())
        .collect();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let streams = Streams { input: &mut io::empty(), out: &mut out, err: &mut err };
    let code = dispatch::run(&argv, &Machine(case), streams);
    Answer::new(&out, &err, &code.to_string())
}
