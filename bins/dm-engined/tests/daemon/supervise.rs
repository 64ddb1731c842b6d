//! The supervisor and its workers: either may die, and one may make way for another.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::bench::{Bench, Daemon, LIMIT, Leg, end, lacks};

/// Ends a daemon whose device `name` is the last, and sees to it that nothing is left.
fn leaves_nothing(bench: &Bench, name: &str, mut daemon: Daemon) {
    bench.client().remove(name).unwrap();
    assert!(daemon.has_left(LIMIT));
    assert_eq!(bench.left(), Vec::<String>::new());
}

fn supervisor(daemon: &Daemon) -> Pid {
    Pid::from_raw(daemon.child.id().cast_signed())
}

/// The process that serves, as the engine itself has it.
fn serving(bench: &Bench) -> i32 {
    let status = bench.client().status();
    let (_, rest) = status.split_once("\"pid\":").unwrap();
    rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
}

#[test]
fn a_killed_worker_is_followed_by_another_and_commands_wait() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let bench = Bench::new();
    let image = bench.image("image", 8192);
    let daemon = bench.start(&["--frontend", "file", "--idle", "1"]);
    bench.client().create("disk", &format!("0 8192 linear {} 0", image.display()));
    let before = bench.client().info("disk");
    for _ in 0..5 {
        let worker = daemon.kill_worker(Signal::SIGKILL);
        // The next may not serve yet: who asks, waits.
        assert_eq!(bench.client().info("disk"), before);
        assert_eq!(serving(&bench), worker.as_raw());
    }
    File::open(bench.folder.path().join("run/mapper/disk")).unwrap().read_at(&mut [0], 0).unwrap();
    leaves_nothing(&bench, "disk", daemon);
}

#[test]
fn a_killed_workers_block_device_is_back_with_the_same_number() {
    if lacks(&["root", "fuse", "loop"]) {
        return;
    }
    let bench = Bench::new();
    let leg = Leg::new(&bench.image("leg", 8192));
    let name = format!("dmkit-test-worker-{}", std::process::id());
    let daemon = bench.start(&["--frontend", "fuse", "--idle", "1"]);
    bench.client().create(&name, &format!("0 8192 linear {} 0", leg.path()));
    let link = Path::new("/dev/mapper").join(&name);
    let before = std::fs::read_link(&link).unwrap();
    for _ in 0..3 {
        daemon.kill_worker(Signal::SIGKILL);
        bench.client().status();
        assert_eq!(std::fs::read_link(&link).unwrap(), before);
        File::open(&link).unwrap().read_exact_at(&mut [0; 512], 0).unwrap();
    }
    leaves_nothing(&bench, &name, daemon);
}

#[test]
fn a_worker_goes_on_without_its_supervisor() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let bench = Bench::new();
    let mut daemon = bench.start(&["--frontend", "file", "--idle", "1"]);
    bench.client().create("disk", "0 8 zero");
    let worker = daemon.worker().unwrap();
    kill(supervisor(&daemon), Signal::SIGKILL).unwrap();
    assert!(!daemon.has_left(LIMIT));
    let file = File::open(bench.folder.path().join("run/mapper/disk")).unwrap();
    assert_eq!(file.read_at(&mut [1], 0).unwrap(), 1);
    drop(file);
    assert_eq!(serving(&bench), worker.as_raw());
    // Nobody else may serve meanwhile.
    assert_eq!(bench.start(&["--frontend", "file"]).line, "running");
    bench.client().remove("disk").unwrap();
    let deadline = Instant::now() + LIMIT;
    while bench.left() != Vec::<String>::new() {
        assert!(Instant::now() < deadline, "{:?}", bench.left());
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_restart_is_another_process_with_the_same_devices() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    for with_supervisor in [true, false] {
        let bench = Bench::new();
        let mut args = vec!["--frontend", "file", "--idle", "1"];
        args.extend((!with_supervisor).then_some("--no-supervisor"));
        let daemon = bench.start(&args);
        bench.client().create("disk", "0 8 zero");
        let before = (serving(&bench), bench.client().info("disk"));
        let old = bench.client();
        let output = bench.command(&["restart"]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        assert!(old.call(&dm_core::dm::Request::new(dm_core::packet::Cmd::Version)).is_err());
        let after = (serving(&bench), bench.client().info("disk"));
        assert_eq!(after.1, before.1);
        // One that nobody looks after becomes its own successor.
        assert_eq!(after.0 != before.0, with_supervisor);
        leaves_nothing(&bench, "disk", daemon);
    }
}

#[test]
fn a_restart_gives_a_worker_without_a_supervisor_a_new_one() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let bench = Bench::new();
    let mut daemon = bench.start(&["--frontend", "file", "--idle", "1"]);
    bench.client().create("disk", "0 8 zero");
    let orphan = daemon.worker().unwrap();
    kill(supervisor(&daemon), Signal::SIGKILL).unwrap();
    assert!(!daemon.has_left(LIMIT));
    let output = bench.command(&["restart"]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let worker = Pid::from_raw(serving(&bench));
    assert_ne!(worker, orphan);
    // What it took before it is gone, nobody answers.
    end(worker);
    let next = serving(&bench);
    assert_ne!(next, worker.as_raw());
    bench.client().remove("disk").unwrap();
    let deadline = Instant::now() + LIMIT;
    while bench.left() != Vec::<String>::new() {
        assert!(Instant::now() < deadline, "{:?}", bench.left());
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn without_a_daemon_there_is_nothing_to_restart() {
    let bench = Bench::new();
    let output = bench.command(&["restart"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.starts_with(b"no daemon serves "), "{output:?}");
}

#[test]
fn a_worker_that_dies_of_its_own_faults_is_given_up_and_its_device_stays() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let bench = Bench::new();
    let mut daemon = bench.start(&["--frontend", "file"]);
    bench.client().create("disk", "0 8 zero");
    for _ in 0..6 {
        daemon.kill_worker(Signal::SIGABRT);
        bench.client().status();
    }
    kill(daemon.worker().unwrap(), Signal::SIGABRT).unwrap();
    assert!(!daemon.has_left(LIMIT), "it fails");
    let log = std::fs::read_to_string(bench.folder.path().join("run/engine.log")).unwrap();
    assert!(log.contains("gives up") && log.contains("signal 6"), "{log}");

    let daemon = bench.start(&["--frontend", "file", "--idle", "1"]);
    assert_eq!(bench.client().info("disk").name, b"disk");
    leaves_nothing(&bench, "disk", daemon);
}

/// Whoever kills them is to blame, not what waits on the mount.
#[test]
fn workers_that_are_killed_before_they_serve_cost_no_request() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let bench = Bench::new();
    let daemon = bench.start(&["--frontend", "file", "--idle", "1"]);
    bench.client().create("disk", "0 8 zero");
    let file = File::open(bench.folder.path().join("run/mapper/disk")).unwrap();
    for _ in 0..6 {
        daemon.kill_worker(Signal::SIGKILL);
    }
    file.read_exact_at(&mut [1; 512], 0).unwrap();
    drop(file);
    leaves_nothing(&bench, "disk", daemon);
}

#[test]
fn a_predecessors_requests_are_waited_for() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let bench = Bench::new();
    let daemon = bench.start(&["--frontend", "file"]);
    bench.client().create("disk", "0 8 zero");
    daemon.kill();
    // What a ring that is not done yet does.
    let path = bench.folder.path().join("run/engine.state/io.lock");
    let file = File::options().write(true).open(path).unwrap();
    let how = nix::fcntl::FlockArg::LockExclusive;
    let held = nix::fcntl::Flock::lock(file, how).unwrap();
    let start = Instant::now();
    let release = thread::spawn(move || {
        thread::sleep(Duration::from_millis(300));
        drop(held);
    });
    let daemon = bench.start(&["--frontend", "file", "--idle", "1"]);
    assert_eq!(daemon.line, "ready");
    assert!(start.elapsed() >= Duration::from_millis(300), "{:?}", start.elapsed());
    release.join().unwrap();
    leaves_nothing(&bench, "disk", daemon);
}

#[test]
fn asked_to_end_while_it_starts_it_ends() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let bench = Bench::new();
    let daemon = bench.start(&["--frontend", "file"]);
    bench.client().create("disk", "0 8 zero");
    daemon.terminate();
    // It may have left already.
    if let Some(worker) = daemon.worker() {
        end(worker);
    }
    let mut daemon = daemon;
    assert!(daemon.has_left(LIMIT));
    let daemon = bench.start(&["--frontend", "file", "--idle", "1"]);
    leaves_nothing(&bench, "disk", daemon);
}
