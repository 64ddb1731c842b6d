//! What targets were told, and what they learnt, over a daemon's death.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_engine::io::request::{BufMut, Kind, Op};
use dm_engine::state::StateFolder;
use tempfile::TempDir;

use super::bench::{Bench, Host};

fn restored(host: &Arc<Host>, folder: &TempDir) -> Bench {
    let bench = Bench::over(Arc::clone(host), Some(StateFolder::open(folder.path()).unwrap()));
    bench.engine.restore().unwrap();
    bench
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
