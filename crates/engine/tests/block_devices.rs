//! Legs that are block devices: loop devices on sparse files. Needs root and loop devices.
#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test stops where it fails, and says why"
)]

use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::table;
use dm_core::units::{Bytes, Sectors};
use dm_engine::build::{self, Mode};
use dm_engine::io::file::{FileDevice, Holder};
use dm_engine::io::request::{BufMut, Device, Done, Io, IoFlags, Op};
use dm_engine::mapped::MappedDevice;
use dm_engine::ring::queue::Queues;
use dm_engine::target::Opener;

/// A loop device on a sparse file of 8 MiB; both go when it is dropped.
struct Loop {
    node: PathBuf,
    image: tempfile::NamedTempFile,
}

impl Loop {
    /// With blocks of `block` bytes; says why not where that cannot be had.
    fn new(block: u32) -> Option<Self> {
        let image = tempfile::NamedTempFile::new_in(env!("CARGO_MANIFEST_DIR")).unwrap();
        image.as_file().set_len(8 << 20).unwrap();
        let made = Command::new("losetup")
            .args(["--find", "--show", "--sector-size", &block.to_string()])
            .arg(image.path())
            .output();
        match made {
            Ok(made) if made.status.success() => {
                let node = String::from_utf8(made.stdout).unwrap().trim().into();
                Some(Self { node, image })
            }
            _ => {
                eprintln!("skipped: needs losetup, loop devices and the right to set them up");
                None
            }
        }
    }
}

impl Drop for Loop {
    fn drop(&mut self) {
        let _ = Command::new("losetup").arg("--detach").arg(&self.node).status();
    }
}

struct One(Arc<dyn Device>);

impl Opener for One {
    fn open(&mut self, _word: &[u8]) -> Result<Arc<dyn Device>, Errno> {
        Ok(Arc::clone(&self.0))
    }
}

fn mapped(text: &str, leg: &Arc<FileDevice>) -> Arc<MappedDevice> {
    let lines = table::parse(text.as_bytes()).unwrap();
    let leg = Arc::clone(leg) as Arc<dyn Device>;
    let live = build::build(&lines, Mode::ReadWrite, &mut One(leg)).unwrap();
    live.checked_limits().unwrap();
    let device = MappedDevice::new(DevNo::new(254, 0));
    device.swap(Some(Arc::new(live)));
    device
}

fn io(sector: u64, op: Op) -> Io {
    Io { sector: Sectors::new(sector), op, flags: IoFlags::empty() }
}

fn ask(queues: &Queues, device: &Arc<MappedDevice>, io: Io) -> Done {
    let (answers, answer) = channel();
    let reply = move |done| answers.send(done).unwrap_or_default();
    queues.submit(device, io, Box::new(reply));
    answer.recv_timeout(Duration::from_secs(60)).unwrap()
}

fn write(sector: u64, data: &[u8]) -> Io {
    io(sector, Op::Write(BufMut::copy_of(data).freeze()))
}

fn read(sector: u64, len: usize) -> Io {
    io(sector, Op::Read(BufMut::zeroed(len * 512)))
}

fn open(path: &Path) -> Arc<FileDevice> {
    FileDevice::open(path, Mode::ReadWrite).unwrap()
}

#[test]
fn a_block_device_has_its_number_its_size_and_its_queues_limits() {
    let Some(disk) = Loop::new(512) else { return };
    let leg = open(&disk.node);
    let number = DevNo::from_libc(std::fs::metadata(&disk.node).unwrap().rdev());
    assert_eq!((leg.dev(), leg.name()), (number, number.to_string()));
    assert_eq!(leg.size(), Sectors::new(16384));
    let limits = leg.limits();
    assert_eq!(limits.logical_block, Bytes::new(512));
    assert!(!limits.max_discard.is_zero() && !limits.discard_granularity.is_zero());
    assert!(limits.write_cache);
    assert!(!leg.is_read_only());
}

#[test]
fn data_zeroes_and_discards_reach_the_disk() {
    let Some(disk) = Loop::new(512) else { return };
    let queues = Queues::start(1, None).unwrap();
    let device = mapped("0 8192 linear a 4096", &open(&disk.node));
    ask(&queues, &device, write(0, &vec![7; 2 << 20])).result.unwrap();
    ask(&queues, &device, io(0, Op::Flush)).result.unwrap();
    let image = disk.image.as_file();
    let mut found = vec![0; 2 << 20];
    image.read_exact_at(&mut found, 4096 * 512).unwrap();
    assert!(found.iter().all(|&byte| byte == 7));
    let before = image.metadata().unwrap().blocks();
    ask(&queues, &device, io(0, Op::Discard(Sectors::new(2048)))).result.unwrap();
    assert!(image.metadata().unwrap().blocks() < before);
    ask(&queues, &device, io(2048, Op::WriteZeroes(Sectors::new(1024)))).result.unwrap();
    let done = ask(&queues, &device, read(0, 4096));
    assert_eq!(done.result, Ok(()));
    let buf = done.buf.unwrap();
    assert!(buf[..3072 * 512].iter().all(|&byte| byte == 0));
    assert!(buf[3072 * 512..].iter().all(|&byte| byte == 7));
}

#[test]
fn a_request_that_is_no_whole_block_is_an_error_where_nothing_else_stops_it() {
    let Some(disk) = Loop::new(4096) else { return };
    let queues = Queues::start(1, None).unwrap();
    let leg = open(&disk.node);
    assert_eq!(leg.limits().logical_block, Bytes::new(4096));
    // Built, but with its limits unchecked: the device takes sectors, and the leg is asked for one.
    let lines = table::parse(b"0 8192 linear a 0").unwrap();
    let live = build::build(&lines, Mode::ReadWrite, &mut One(leg)).unwrap();
    let device = MappedDevice::new(DevNo::new(254, 0));
    device.swap(Some(Arc::new(live)));
    ask(&queues, &device, write(8, &[1; 4096])).result.unwrap();
    for wrong in [read(1, 1), read(8, 1), write(9, &[1; 512])] {
        assert_eq!(ask(&queues, &device, wrong).result, Err(Errno::EINVAL));
    }
    assert_eq!(ask(&queues, &device, read(8, 8)).result, Ok(()));
}

#[test]
fn beyond_a_disk_that_shrank_there_are_errors() {
    let Some(disk) = Loop::new(512) else { return };
    let queues = Queues::start(1, None).unwrap();
    let device = mapped("0 16384 linear a 0", &open(&disk.node));
    disk.image.as_file().set_len(1 << 20).unwrap();
    let told = Command::new("losetup").arg("--set-capacity").arg(&disk.node).status().unwrap();
    assert!(told.success());
    assert_eq!(ask(&queues, &device, read(2048, 8)).result, Err(Errno::EIO));
    assert_eq!(ask(&queues, &device, read(2040, 16)).result, Err(Errno::EIO));
    assert!(ask(&queues, &device, write(4096, &[1; 512])).result.is_err());
    assert_eq!(ask(&queues, &device, read(0, 2048)).result, Ok(()));
}

#[test]
fn all_that_is_opened_through_one_holder_shares_its_hold_and_others_are_kept_off() {
    let Some(disk) = Loop::new(512) else { return };
    let (ours, theirs) = (Holder::new(), Holder::new());
    let first = ours.open(&disk.node, Mode::ReadWrite).unwrap();
    let second = ours.open(&disk.node, Mode::ReadOnly).unwrap();
    assert!(second.is_read_only());
    let refused = |holder: &Arc<Holder>| holder.open(&disk.node, Mode::ReadWrite).unwrap_err();
    assert_eq!(refused(&theirs), Errno::EBUSY);
    drop(first);
    assert_eq!(refused(&theirs), Errno::EBUSY);
    drop(second);
    theirs.open(&disk.node, Mode::ReadWrite).unwrap();
    ours.open(&disk.node, Mode::ReadWrite).unwrap();
}
