//! What survives: a daemon killed at any step, a full disk at any step, a leg that is gone.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use super::bench::{Bench, Host, MAJOR};
use super::model::{Action, Model, action, run, seen};
use dm_core::devno::DevNo;
use dm_core::dm::Request;
use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::packet::Cmd;
use dm_core::units::Sectors;
use dm_engine::build::Mode;
use dm_engine::io::request::{BufMut, Op};
use dm_engine::state::{Files, HostFiles, StateFolder};
use proptest::prelude::*;
use tempfile::TempDir;

/// What happens at the step that the count comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// The process dies before the step.
    DiesBefore,
    /// The process dies half way through it.
    DiesWithin,
    /// The process dies after it.
    DiesAfter,
    /// The disk is full, for this one step.
    DiskFull,
}

/// Files that meet their fate after some steps.
#[derive(Clone, Debug)]
struct Fated {
    /// Steps to go; below zero it has happened.
    left: Arc<AtomicI64>,
    fate: Fate,
}

impl Fated {
    fn step(
        &self,
        whole: impl FnOnce() -> io::Result<()>,
        half: impl FnOnce() -> io::Result<()>,
    ) -> io::Result<()> {
        let left = self.left.fetch_sub(1, Ordering::Relaxed);
        let dead = || Err(io::Error::from_raw_os_error(Errno::EIO.get()));
        match (left, self.fate) {
            (1.., _) | (i64::MIN..0, Fate::DiskFull) => whole(),
            (0, Fate::DiesWithin) => half().and_then(|()| dead()),
            (0, Fate::DiesAfter) => whole().and_then(|()| dead()),
            (0, Fate::DiskFull) => Err(io::Error::from_raw_os_error(Errno::ENOSPC.get())),
            (0, Fate::DiesBefore) | (i64::MIN..0, _) => dead(),
        }
    }
}

impl Files for Fated {
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let half = || fs::write(path, &bytes[..bytes.len() / 2]);
        self.step(|| HostFiles.write(path, bytes), half)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step(|| HostFiles.rename(from, to), || Ok(()))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.step(|| HostFiles.remove(path), || Ok(()))
    }
}

/// An engine over `folder`, with whatever it remembers.
fn restored(host: &Arc<Host>, folder: &TempDir) -> Bench {
    let bench = Bench::over(Arc::clone(host), Some(StateFolder::open(folder.path()).unwrap()));
    bench.engine.restore().unwrap();
    bench
}

fn fated(folder: &TempDir, steps: i64, fate: Fate) -> (Bench, Fated) {
    let files = Fated { left: Arc::new(AtomicI64::new(steps)), fate };
    let state = StateFolder::with_files(folder.path(), Box::new(files.clone())).unwrap();
    (Bench::over(Host::new(), Some(state)), files)
}

fn fresh() -> (Arc<Host>, TempDir) {
    (Host::new(), tempfile::tempdir().unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_daemon_killed_at_any_step_leaves_the_old_state_or_the_new(
        actions in proptest::collection::vec(action(), 1..30),
        steps in 0..60_i64,
        fate in proptest::sample::select(&[Fate::DiesBefore, Fate::DiesWithin, Fate::DiesAfter][..]),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (bench, files) = fated(&folder, steps, fate);
        let (mut before, mut after) = (Model::default(), Model::default());
        for action in &actions {
            before = after.clone();
            let expected = after.apply(action);
            let answer = run(&bench, action);
            if files.left.load(Ordering::Relaxed) < 0 {
                break;
            }
            prop_assert_eq!(answer, expected);
            before = after.clone();
        }
        drop(bench);
        let bench = restored(&Host::new(), &folder);
        let found = seen(&bench);
        prop_assert!(found == before.seen() || found == after.seen(), "{:#?}", found);
        let model = if found == before.seen() { before } else { after };
        prop_assert_eq!(bench.front.nodes(), model.nodes());
    }

    #[test]
    fn a_full_disk_at_any_step_changes_nothing_anywhere(
        actions in proptest::collection::vec(action(), 1..30),
        steps in 0..60_i64,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (bench, files) = fated(&folder, steps, Fate::DiskFull);
        let mut model = Model::default();
        for action in &actions {
            let mut after = model.clone();
            let expected = after.apply(action);
            let was_full = files.left.load(Ordering::Relaxed) < 0;
            let answer = run(&bench, action);
            let is_full = files.left.load(Ordering::Relaxed) < 0 && !was_full;
            if !(is_full && answer == Err(Errno::ENOSPC)) {
                prop_assert_eq!(answer, expected);
                model = after;
            }
            prop_assert_eq!(seen(&bench), model.seen(), "after {:?}", action);
            prop_assert_eq!(bench.front.nodes(), model.nodes());
            // A table that the kernel, too, would refuse at its swap may still be remembered.
            let lags = is_full && expected == Err(Errno::EINVAL);
            if !(was_full || lags) {
                let again = restored(&Host::new(), &folder);
                prop_assert_eq!(seen(&again), model.seen(), "remembered after {:?}", action);
            }
        }
    }

    #[test]
    fn a_restart_after_every_command_is_not_noticed(
        actions in proptest::collection::vec(action(), 1..20),
    ) {
        let (host, folder) = fresh();
        let mut model = Model::default();
        for action in &actions {
            let bench = restored(&host, &folder);
            prop_assert_eq!(run(&bench, action), model.apply(action), "{:?}", action);
        }
        prop_assert_eq!(seen(&restored(&host, &folder)), model.seen());
    }
}

#[test]
fn a_whole_stack_comes_back_under_its_numbers_and_is_taken_over() {
    let (host, folder) = fresh();
    let bench = restored(&host, &folder);
    // The top has the lowest number: it must wait for the others.
    bench.create("top").unwrap();
    bench.create("mid").unwrap();
    bench.make("low", "0 64 linear 1:0 8");
    bench.load("mid", &format!("0 64 linear {MAJOR}:2 0")).unwrap();
    bench.resume("mid").unwrap();
    bench.load("top", &format!("0 64 linear {MAJOR}:1 0")).unwrap();
    bench.resume("top").unwrap();
    bench.suspend("mid").unwrap();
    let before = seen(&bench);
    drop(bench);
    host.disks.disks()[0].fill(Sectors::new(8), &[7; 512]);
    let bench = restored(&host, &folder);
    assert_eq!(seen(&bench), before);
    assert_eq!(*bench.front.taken_over.lock().unwrap(), [2, 1, 0]);
    bench.resume("mid").unwrap();
    assert_eq!(bench.front.read(0, 0), Ok(7));
    assert_eq!(bench.load("low", &format!("0 64 linear {MAJOR}:0 0")), Err(Errno::ELOOP));
}

#[test]
fn names_of_any_bytes_uuids_and_geometries_come_back() {
    let (host, folder) = fresh();
    let bench = restored(&host, &folder);
    let mut request = Request::new(Cmd::DevCreate).named(b"a \xff\\x20\"\n");
    request.uuid = b"\x01U/".to_vec();
    bench.ask(&request).unwrap();
    drop(bench);
    let bench = restored(&host, &folder);
    let info = bench.ask(&Request::new(Cmd::DevStatus).numbered(DevNo::new(MAJOR, 0))).unwrap();
    assert_eq!((info.name, info.uuid), (b"a \xff\\x20\"\n".to_vec(), b"\x01U/".to_vec()));
}

#[test]
fn an_event_number_that_was_told_never_goes_back() {
    let (host, folder) = fresh();
    let bench = restored(&host, &folder);
    bench.make("a", "0 8 zero");
    for _ in 0..5 {
        bench.front.device(0).raise_event();
    }
    assert_eq!(bench.info("a").unwrap().event_nr, 5);
    drop(bench);
    let bench = restored(&host, &folder);
    assert_eq!(bench.info("a").unwrap().event_nr, 5);
    bench.front.device(0).raise_event();
    assert_eq!(bench.rename("a", "b").unwrap().event_nr, 7);
    drop(bench);
    let bench = restored(&host, &folder);
    bench.front.device(0).raise_event();
    bench.engine.tick();
    drop(bench);
    assert_eq!(restored(&host, &folder).info("b").unwrap().event_nr, 8);
}

#[test]
fn a_leg_that_is_gone_fails_alone_and_the_device_can_be_seen_and_removed() {
    let (host, folder) = fresh();
    let bench = restored(&host, &folder);
    bench.make("a", "0 8 linear 1:0 0\n8 8 linear 1:1 0");
    bench.make("s", "0 32 striped 2 8 1:0 0 1:1 0");
    bench.load("a", "0 8 linear 1:1 0").unwrap();
    let before = seen(&bench);
    drop(bench);
    host.pulled.lock().unwrap().insert(DevNo::new(1, 1));
    let bench = restored(&host, &folder);
    assert_eq!(seen(&bench), before);
    assert_eq!(bench.deps("s"), ["1:1", "1:0"]);
    assert_eq!((bench.front.read(0, 0), bench.front.read(0, 8)), (Ok(0), Err(Errno::EIO)));
    assert_eq!((bench.front.read(1, 0), bench.front.read(1, 8)), (Ok(0), Err(Errno::EIO)));
    let write = Op::WriteZeroes(Sectors::new(8));
    assert!(bench.front.submit(1, 8, write).result.is_err());
    bench.load("s", "0 32 linear 1:2 0").unwrap();
    bench.resume("s").unwrap();
    assert_eq!(bench.front.read(1, 8), Ok(0));
    bench.on(Cmd::RemoveAll, "").unwrap();
    assert_eq!(bench.names(), [""; 0]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn another_disk_in_a_legs_place_is_not_written_to() {
    let (host, folder) = fresh();
    let bench = restored(&host, &folder);
    bench.make("a", "0 8 linear 1:0 0\n8 8 linear 1:1 0");
    drop(bench);
    let dev = DevNo::new(1, 1);
    host.changed.lock().unwrap().insert(dev);
    let bench = restored(&host, &folder);
    assert_eq!(bench.table("a").unwrap(), "0 8 linear 1:0 0\n8 8 linear 1:1 0");
    assert_eq!((bench.front.read(0, 0), bench.front.read(0, 8)), (Ok(0), Err(Errno::EIO)));
    // A change that is saved meanwhile does not forget which disk it was.
    bench.rename("a", "b").unwrap();
    drop(bench);
    assert_eq!(restored(&host, &folder).front.read(0, 8), Err(Errno::EIO));
    host.changed.lock().unwrap().remove(&dev);
    assert_eq!(restored(&host, &folder).front.read(0, 8), Ok(0));
    // Named anew, the other disk is what is meant.
    host.changed.lock().unwrap().insert(dev);
    let bench = restored(&host, &folder);
    bench.load("b", "0 16 linear 1:1 0").unwrap();
    bench.resume("b").unwrap();
    drop(bench);
    assert_eq!(restored(&host, &folder).front.read(0, 8), Ok(0));
}

#[test]
fn an_inactive_table_that_lost_a_leg_waits_for_it() {
    let (host, folder) = fresh();
    let bench = restored(&host, &folder);
    bench.make("a", "0 8 linear 1:0 0");
    bench.load("a", "0 16 linear 1:1 0").unwrap();
    let before = seen(&bench);
    drop(bench);
    let dev = DevNo::new(1, 1);
    host.pulled.lock().unwrap().insert(dev);
    let bench = restored(&host, &folder);
    assert_eq!(bench.resume("a"), Err(Errno::ENXIO));
    assert_eq!(seen(&bench), before);
    assert_eq!(bench.front.read(0, 0), Ok(0));
    host.pulled.lock().unwrap().remove(&dev);
    bench.resume("a").unwrap();
    assert_eq!(bench.front.read(0, 15), Ok(0));
}

#[test]
fn a_leg_that_shrank_leaves_the_table_as_text_over_errors() {
    let (host, folder) = fresh();
    let bench = restored(&host, &folder);
    bench.make("a", "0 4096 linear 1:0 0");
    drop(bench);
    let small = Host::with_size(Sectors::new(64));
    let bench = restored(&small, &folder);
    assert_eq!(bench.table("a").unwrap(), "0 4096 linear 1:0 0");
    assert_eq!(bench.status_with("a", Flags::empty()).unwrap(), "0 4096 linear ");
    assert_eq!(bench.front.nodes()[&0].size, 4096);
    assert_eq!(bench.front.read(0, 0), Err(Errno::EIO));
    drop(bench);
    let bench = restored(&host, &folder);
    assert_eq!(bench.front.read(0, 0), Ok(0), "and the next time it is whole again");
}

#[test]
fn a_stack_whose_lowest_record_is_damaged_still_comes_back() {
    let (host, folder) = fresh();
    let bench = restored(&host, &folder);
    bench.make("low", "0 8 zero");
    bench.make("top", &format!("0 8 linear {MAJOR}:0 0"));
    drop(bench);
    fs::write(folder.path().join("0.json"), b"{}").unwrap();
    let bench = restored(&host, &folder);
    assert_eq!(bench.names(), ["top"]);
    assert_eq!(bench.table("top").unwrap(), format!("0 8 linear {MAJOR}:0 0"));
    assert_eq!(bench.front.read(1, 0), Err(Errno::EIO));
    bench.remove("top").unwrap();
}

#[test]
fn a_node_that_cannot_be_made_again_is_made_at_the_next_resume() {
    let (host, folder) = fresh();
    let bench = restored(&host, &folder);
    bench.make("a", "0 8 zero");
    drop(bench);
    let state = StateFolder::open(folder.path()).unwrap();
    let bench = Bench::over(Arc::clone(&host), Some(state));
    *bench.front.fails.lock().unwrap() = Some(("add", Errno::EBUSY));
    assert_eq!(bench.engine.restore(), Ok(1));
    assert!(bench.front.nodes().is_empty());
    assert_eq!(bench.table("a").unwrap(), "0 8 zero ");
    bench.resume("a").unwrap();
    assert_eq!(bench.front.nodes().len(), 1);
}

#[test]
fn every_step_of_making_a_device_can_be_the_last() {
    let made = [
        Action::Create("a"),
        Action::Load("a", 1),
        Action::Resume("a"),
        Action::Rename("a", "b"),
        Action::Load("b", 0),
        Action::Suspend("b"),
        Action::Resume("b"),
        Action::Remove("b"),
    ];
    for fate in [Fate::DiesBefore, Fate::DiesWithin, Fate::DiesAfter] {
        let mut died = 0;
        for steps in 0.. {
            let folder = tempfile::tempdir().unwrap();
            let (bench, files) = fated(&folder, steps, fate);
            let (mut before, mut after) = (Model::default(), Model::default());
            for action in &made {
                before.clone_from(&after);
                after.apply(action).unwrap();
                let _ = run(&bench, action);
                if files.left.load(Ordering::Relaxed) < 0 {
                    break;
                }
                before.clone_from(&after);
            }
            if files.left.load(Ordering::Relaxed) >= 0 {
                break;
            }
            died += 1;
            drop(bench);
            let found = seen(&restored(&Host::new(), &folder));
            assert!(found == before.seen() || found == after.seen(), "{fate:?} {steps}");
        }
        assert!(died >= 3 * 7, "{died} steps: a write, a write and a rename each");
    }
}

#[test]
fn a_snapshot_outlives_its_process_unless_it_is_transient() {
    let (host, folder) = fresh();
    let bench = restored(&host, &folder);
    bench.make("p", "0 64 snapshot 1:0 1:1 P 8");
    bench.make("n", "0 64 snapshot 1:0 1:2 N 8");
    let modes = host.modes.lock().unwrap().clone();
    assert_eq!(modes[&DevNo::new(1, 0)], Mode::ReadOnly);
    assert_eq!(modes[&DevNo::new(1, 1)], Mode::ReadWrite);
    for minor in [0, 1] {
        let data = Op::Write(BufMut::copy_of(&[7; 512]).freeze());
        assert_eq!(bench.front.submit(minor, 9, data).result, Ok(()));
        assert_eq!(bench.front.read(minor, 9), Ok(7));
    }
    drop(bench);
    let bench = restored(&host, &folder);
    assert_eq!((bench.front.read(0, 9), bench.front.read(0, 8)), (Ok(7), Ok(0)));
    assert_eq!(
        (bench.front.read(1, 9), bench.front.read(1, 20)),
        (Err(Errno::EIO), Err(Errno::EIO))
    );
    assert_eq!(bench.status_with("p", Flags::empty()).unwrap(), "0 64 snapshot 24/4096 16");
    assert_eq!(bench.status_with("n", Flags::empty()).unwrap(), "0 64 snapshot Invalid");
    assert_eq!(bench.table("n").unwrap(), "0 64 snapshot 1:0 1:2 N 8");
    assert!(host.disks.disks()[0].record().is_empty());
}

#[test]
fn a_snapshot_whose_cow_is_gone_fails_and_comes_back_with_it() {
    let (host, folder) = fresh();
    let bench = restored(&host, &folder);
    bench.make("a", "0 64 snapshot 1:0 1:1 P 8");
    let data = Op::Write(BufMut::copy_of(&[7; 512]).freeze());
    assert_eq!(bench.front.submit(0, 9, data).result, Ok(()));
    drop(bench);
    let dev = DevNo::new(1, 1);
    host.pulled.lock().unwrap().insert(dev);
    let bench = restored(&host, &folder);
    assert_eq!(
        (bench.front.read(0, 9), bench.front.read(0, 20)),
        (Err(Errno::EIO), Err(Errno::EIO))
    );
    assert_eq!(bench.table("a").unwrap(), "0 64 snapshot 1:0 1:1 P 8");
    drop(bench);
    host.pulled.lock().unwrap().remove(&dev);
    assert_eq!(restored(&host, &folder).front.read(0, 9), Ok(7));
}

#[test]
fn a_cow_is_one_live_tables() {
    let bench = Bench::new();
    bench.make("a", "0 64 snapshot 1:0 1:1 P 8");
    let write = || Op::Write(BufMut::copy_of(&[7; 512]).freeze());
    assert_eq!(bench.front.submit(0, 9, write()).result, Ok(()));
    bench.make("b", "0 64 snapshot 1:2 1:1 P 8");
    assert_eq!(bench.front.submit(1, 9, write()).result, Err(Errno::EIO));
    assert_eq!(bench.status_with("b", Flags::empty()).unwrap(), "0 64 snapshot Invalid");
    bench.remove("b").unwrap();
    // A table that follows has what the one before has let go.
    bench.load("a", "0 32 snapshot 1:0 1:1 PO 8").unwrap();
    bench.resume("a").unwrap();
    assert_eq!(bench.front.read(0, 9), Ok(7));
    bench.remove("a").unwrap();
    bench.make("b", "0 64 snapshot 1:2 1:1 P 8");
    assert_eq!(bench.front.read(0, 9), Ok(7));
}
