//! What targets were told, and what they learnt, over a daemon's death.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::thread;

use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::units::Sectors;
use dm_engine::io::request::{BufMut, Device as _, Io, IoFlags, IoFuture, Kind, Op};
use dm_engine::mapped::MappedDevice;
use dm_engine::state::{Files, HostFiles, StateFolder};
use dm_testkit::sim::SimCx;
use tempfile::TempDir;

use super::bench::{Bench, Host};

fn restored(host: &Arc<Host>, folder: &TempDir) -> Bench {
    let bench = Bench::over(Arc::clone(host), Some(StateFolder::open(folder.path()).unwrap()));
    bench.engine.restore().unwrap();
    bench
}

/// The system's files, on a disk that is full at times.
#[derive(Clone, Debug, Default)]
struct Disk {
    is_full: Arc<AtomicBool>,
}

impl Disk {
    fn fill(&self, is_full: bool) {
        self.is_full.store(is_full, Ordering::SeqCst);
    }

    /// An engine that remembers on it what is in `folder`.
    fn restored(&self, host: &Arc<Host>, folder: &TempDir) -> Bench {
        let state = StateFolder::with_files(folder.path(), Box::new(self.clone())).unwrap();
        let bench = Bench::over(Arc::clone(host), Some(state));
        bench.engine.restore().unwrap();
        bench
    }
}

impl Files for Disk {
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        if self.is_full.load(Ordering::SeqCst) {
            return Err(io::Error::from_raw_os_error(Errno::ENOSPC.get()));
        }
        HostFiles.write(path, bytes)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        HostFiles.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        HostFiles.remove(path)
    }
}

fn write(bench: &Bench, sector: u64) -> Result<(), Errno> {
    bench.front.submit(0, sector, Op::Write(BufMut::zeroed(512).freeze())).result
}

#[test]
fn bad_blocks_stay_bad_and_mended_ones_mended() {
    let (host, folder) = (Host::new(), tempfile::tempdir().unwrap());
    let bench = restored(&host, &folder);
    bench.make("d", "0 64 dust 1:0 0 512");
    for message in ["addbadblock 1", "addbadblock 2", "addbadblock 3 2", "quiet", "enable"] {
        bench.message("d", 0, message).unwrap();
    }
    drop(bench);
    let bench = restored(&host, &folder);
    let status = bench.status_with("d", Flags::empty());
    assert_eq!(status.as_deref(), Ok("0 64 dust 1:0 fail_read_on_bad_block quiet"));
    assert_eq!([1, 2, 3, 4].map(|at| bench.front.read(0, at).is_ok()), [false, false, false, true]);
    write(&bench, 2).unwrap();
    assert_eq!(write(&bench, 3), Err(Errno::EIO));
    bench.engine.tick();
    drop(bench);
    let bench = restored(&host, &folder);
    assert_eq!([1, 2, 3, 4].map(|at| bench.front.read(0, at).is_ok()), [false, true, false, true]);
    assert_eq!(write(&bench, 3), Err(Errno::EIO));
    assert_eq!(write(&bench, 3), Ok(()));
}

#[test]
fn a_tick_with_nothing_learnt_writes_nothing() {
    let (host, folder) = (Host::new(), tempfile::tempdir().unwrap());
    let bench = restored(&host, &folder);
    bench.make("d", "0 64 dust 1:0 0 512");
    bench.message("d", 0, "enable").unwrap();
    write(&bench, 0).unwrap();
    let file = folder.path().join("0.json");
    std::fs::remove_file(&file).unwrap();
    bench.engine.tick();
    assert!(!file.exists());
    bench.message("d", 0, "addbadblock 0").unwrap();
    std::fs::remove_file(&file).unwrap();
    write(&bench, 0).unwrap();
    bench.engine.tick();
    assert!(file.exists());
}

#[test]
fn what_a_write_teaches_calls_for_a_tick_and_what_teaches_nothing_does_not() {
    let (host, folder) = (Host::new(), tempfile::tempdir().unwrap());
    let bench = restored(&host, &folder);
    bench.make("d", "0 64 dust 1:0 0 512");
    bench.message("d", 0, "enable").unwrap();
    bench.message("d", 0, "addbadblock 1").unwrap();
    let calls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&calls);
    bench.engine.on_upkeep(Box::new(move || {
        count.fetch_add(1, Ordering::Relaxed);
    }));
    bench.engine.tick();
    write(&bench, 0).unwrap();
    assert!(bench.front.read(0, 1).is_err());
    assert_eq!(calls.load(Ordering::Relaxed), 0);
    write(&bench, 1).unwrap();
    write(&bench, 1).unwrap();
    assert_eq!(calls.load(Ordering::Relaxed), 1);
    bench.engine.tick();
    assert!(!bench.engine.needs_watching());
    bench.info("d").unwrap();
    assert_eq!(calls.load(Ordering::Relaxed), 2, "a command may have left something to do");
}

/// Ticks on a full disk, and again when there is room; then a new process takes the place of `bench`.
fn remembers_later(bench: Bench, disk: &Disk, host: &Arc<Host>, folder: &TempDir) -> Bench {
    let calls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&calls);
    bench.engine.on_upkeep(Box::new(move || {
        count.fetch_add(1, Ordering::Relaxed);
    }));
    bench.engine.tick();
    assert_eq!(calls.load(Ordering::Relaxed), 1, "somebody is to try again");
    disk.fill(false);
    bench.engine.tick();
    assert_eq!(calls.load(Ordering::Relaxed), 1, "nothing is left to do");
    drop(bench);
    restored(host, folder)
}

/// Has a block mended by a write, when nothing can be saved any more.
fn mended_while_full(host: &Arc<Host>, folder: &TempDir, disk: &Disk) -> Bench {
    let bench = disk.restored(host, folder);
    bench.make("d", "0 64 dust 1:0 0 512");
    bench.message("d", 0, "addbadblock 1").unwrap();
    bench.message("d", 0, "enable").unwrap();
    disk.fill(true);
    write(&bench, 1).unwrap();
    bench
}

#[test]
fn a_mended_block_that_cannot_be_remembered_is_remembered_later() {
    let (host, folder, disk) = (Host::new(), tempfile::tempdir().unwrap(), Disk::default());
    let bench = mended_while_full(&host, &folder, &disk);
    let bench = remembers_later(bench, &disk, &host, &folder);
    assert_eq!(bench.front.read(0, 1), Ok(0));
}

#[test]
fn what_a_command_cannot_remember_is_not_forgotten_by_that() {
    let (host, folder, disk) = (Host::new(), tempfile::tempdir().unwrap(), Disk::default());
    let bench = mended_while_full(&host, &folder, &disk);
    assert_eq!(bench.rename("d", "e"), Err(Errno::ENOSPC));
    let bench = remembers_later(bench, &disk, &host, &folder);
    assert_eq!(bench.front.read(0, 1), Ok(0));
}

#[test]
fn a_message_that_cannot_be_remembered_is_remembered_later() {
    let (host, folder, disk) = (Host::new(), tempfile::tempdir().unwrap(), Disk::default());
    for (number, mark) in [(0, 10), (1, 11)] {
        let mark: u8 = mark;
        host.disks.disks()[number].fill(Sectors::ZERO, &[mark; 16 * 512]);
    }
    let bench = disk.restored(&host, &folder);
    bench.make("d", "0 64 dust 1:0 0 512");
    bench.make("s", "0 16 switch 2 4 0 1:0 0 1:1 0");
    disk.fill(true);
    assert_eq!(bench.message("d", 0, "addbadblock 1"), Err(Errno::ENOSPC));
    assert_eq!(bench.message("d", 0, "enable"), Err(Errno::ENOSPC));
    assert_eq!(bench.message("s", 0, "set_region_mappings 0:1"), Err(Errno::ENOSPC));
    let bench = remembers_later(bench, &disk, &host, &folder);
    assert_eq!([0, 1].map(|at| bench.front.read(0, at).is_ok()), [true, false]);
    assert_eq!([0, 8].map(|at| bench.front.read(1, at)), [Ok(11), Ok(10)]);
}

#[test]
fn a_further_region_that_cannot_be_remembered_is_remembered_later() {
    let (host, folder, disk) = (Host::new(), tempfile::tempdir().unwrap(), Disk::default());
    let bench = disk.restored(&host, &folder);
    bench.make("m", MIRROR);
    host.disks.disks()[0].fail_after(Kind::Write, 0, Errno::EIO);
    let (device, cx) = (bench.front.device(0), SimCx::new(0));
    let mut answer = writing(&device, &cx);
    assert_eq!(poll(&mut answer), None);
    bench.engine.tick();
    assert_eq!(poll(&mut answer), Some(Ok(())));
    drop(answer);
    disk.fill(true);
    host.disks.disks()[0].fail_after(Kind::Write, 0, Errno::EIO);
    write(&bench, 20).unwrap();
    drop(device);
    let bench = remembers_later(bench, &disk, &host, &folder);
    let status = bench.status_with("m", Flags::empty());
    assert_eq!(status.as_deref(), Ok("0 64 mirror 2 1:0 1:1 6/8 1 DA 1 core"));
}

#[test]
fn regions_stay_on_their_paths() {
    let (host, folder) = (Host::new(), tempfile::tempdir().unwrap());
    for (disk, mark) in [(0, 10), (1, 11)] {
        let mark: u8 = mark;
        host.disks.disks()[disk].fill(dm_core::units::Sectors::ZERO, &[mark; 16 * 512]);
    }
    let bench = restored(&host, &folder);
    bench.make("s", "0 16 switch 2 4 0 1:0 0 1:1 0");
    bench.message("s", 0, "set_region_mappings 0:1 :1 :0 :0").unwrap();
    // What stands before a mistake is done, and is remembered all the same.
    assert_eq!(bench.message("s", 0, "set_region_mappings 1:0 9:0"), Err(Errno::EINVAL));
    let paths = |bench: &Bench| [0, 4, 8, 12].map(|at| bench.front.read(0, at).unwrap());
    assert_eq!(paths(&bench), [11, 10, 10, 10]);
    drop(bench);
    assert_eq!(paths(&restored(&host, &folder)), [11, 10, 10, 10]);
}

#[test]
fn a_member_that_missed_a_write_is_never_read_again() {
    let (host, folder) = (Host::new(), tempfile::tempdir().unwrap());
    let bench = restored(&host, &folder);
    bench.make("r", "0 1024 raid45 core 2 256 nosync raid5_ls 1 8 3 -1 1:0 0 1:1 0 1:2 0");
    host.disks.disks()[0].fail_after(Kind::Write, 0, Errno::EIO);
    let data = BufMut::copy_of(&[7; 512]).freeze();
    let status = |bench: &Bench| bench.status_with("r", Flags::empty());
    std::thread::scope(|scope| {
        let answer = scope.spawn(|| bench.front.submit(0, 0, Op::Write(data)).result);
        while bench.info("r").unwrap().event_nr == 0 {
            std::thread::yield_now();
        }
        bench.engine.tick();
        // A process that is killed now has given no answer, and remembers.
        let next = restored(&host, &folder);
        assert_eq!(status(&next).as_deref(), Ok("0 1024 raid45 3 1:0 1:1 1:2 1 DAA 2/2 1 core"));
        assert_eq!(next.front.read(0, 0), Ok(7));
        assert!(!answer.is_finished());
        bench.message("r", 0, "allow_writes").unwrap();
        assert_eq!(answer.join().unwrap(), Ok(()));
    });
    drop(bench);
    let bench = restored(&host, &folder);
    assert_eq!(bench.front.read(0, 0), Ok(7));
    assert_eq!(write(&bench, 0), Ok(()));
    assert_eq!(bench.front.read(0, 0), Ok(0));
    assert_eq!(bench.message("r", 0, "allow_writes"), Err(Errno::EPERM));
}

const MIRROR: &str = "0 64 mirror core 2 8 nosync 2 1:0 0 1:1 0";

/// A mirror whose first leg fails the next write; the leg was told to once, before the process ended.
fn mirror(host: &Arc<Host>, folder: &TempDir) -> Bench {
    let bench = restored(host, folder);
    bench.make("m", MIRROR);
    host.disks.disks()[0].fail_after(Kind::Write, 0, Errno::EIO);
    bench
}

/// A write of a sector full of sevens, on its way.
fn writing<'a>(device: &'a MappedDevice, cx: &'a SimCx) -> IoFuture<'a> {
    let op = Op::Write(BufMut::copy_of(&[7; 512]).freeze());
    device.submit(Io { sector: Sectors::new(3), op, flags: IoFlags::empty() }, cx)
}

fn poll(answer: &mut IoFuture<'_>) -> Option<Result<(), Errno>> {
    match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => Some(done.result),
        Poll::Pending => None,
    }
}

/// The mirror as a new process has it: the first leg is not read.
fn lacks_a_write(bench: &Bench) {
    let status = bench.status_with("m", Flags::empty());
    assert_eq!(status.as_deref(), Ok("0 64 mirror 2 1:0 1:1 7/8 1 DA 1 core"));
    assert_eq!(bench.front.read(0, 3), Ok(7));
}

#[test]
fn a_write_that_a_leg_lacks_is_answered_when_that_is_remembered() {
    let (host, folder) = (Host::new(), tempfile::tempdir().unwrap());
    let bench = mirror(&host, &folder);
    let (device, cx) = (bench.front.device(0), SimCx::new(0));
    let mut answer = writing(&device, &cx);
    assert_eq!(poll(&mut answer), None);
    bench.engine.tick();
    assert_eq!(poll(&mut answer), Some(Ok(())));
    drop(answer);
    drop((device, bench));
    let bench = restored(&host, &folder);
    lacks_a_write(&bench);
    // What the leg lacks from now on needs no more words.
    write(&bench, 4).unwrap();
    host.disks.disks()[0].fail_after(Kind::Write, 0, Errno::EIO);
    write(&bench, 20).unwrap();
    bench.engine.tick();
    let status = bench.status_with("m", Flags::empty());
    assert_eq!(status.as_deref(), Ok("0 64 mirror 2 1:0 1:1 6/8 1 DA 1 core"));
}

#[test]
fn a_suspend_does_not_wait_for_what_it_keeps_from_being_remembered() {
    let (host, folder) = (Host::new(), tempfile::tempdir().unwrap());
    let bench = mirror(&host, &folder);
    let (device, cx) = (bench.front.device(0), SimCx::new(0));
    let mut answer = writing(&device, &cx);
    assert_eq!(poll(&mut answer), None);
    thread::scope(|scope| {
        let suspending = scope.spawn(|| bench.suspend("m"));
        while !suspending.is_finished() {
            assert_eq!(poll(&mut answer), None);
            thread::yield_now();
        }
        suspending.join().unwrap().unwrap();
    });
    // The suspend itself has remembered it.
    bench.resume("m").unwrap();
    assert_eq!(poll(&mut answer), Some(Ok(())));
    drop(answer);
    drop((device, bench));
    lacks_a_write(&restored(&host, &folder));
}

#[test]
fn a_command_that_was_begun_before_does_not_forget_it() {
    let (host, folder) = (Host::new(), tempfile::tempdir().unwrap());
    let bench = mirror(&host, &folder);
    let (device, cx) = (bench.front.device(0), SimCx::new(0));
    let mut answer = writing(&device, &cx);
    assert_eq!(poll(&mut answer), None);
    bench.load("m", "0 64 linear 1:2 0").unwrap();
    assert_eq!(poll(&mut answer), Some(Ok(())));
    drop(answer);
    drop((device, bench));
    lacks_a_write(&restored(&host, &folder));
}

#[test]
fn a_write_fails_where_nothing_can_be_remembered() {
    let (host, folder) = (Host::new(), tempfile::tempdir().unwrap());
    let bench = mirror(&host, &folder);
    std::fs::remove_dir_all(folder.path()).unwrap();
    bench.engine.tick();
    assert_eq!(write(&bench, 0), Err(Errno::EIO));
}
