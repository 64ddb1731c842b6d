//! Mounts that outlive the process that serves them: who has a file open, or waits for one, does not notice.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use dm_core::dm::Request;
use dm_core::errno::Errno;
use dm_core::packet::Cmd;
use nix::sys::signal::Signal;

use crate::bench::{Bench, Client, Daemon, LIMIT, lacks};
use crate::dying::{Strace, cannot_trace};

/// A bench with the file `disk` of 8192 sectors.
fn with_file() -> (Bench, Daemon, Client, std::path::PathBuf) {
    let bench = Bench::new();
    let image = bench.image("image", 8192);
    let daemon = bench.start(&["--frontend", "file", "--idle", "1"]);
    bench.client().create("disk", &format!("0 8192 linear {} 0", image.display()));
    let path = bench.folder.path().join("run/mapper/disk");
    let client = bench.client();
    (bench, daemon, client, path)
}

fn leaves_nothing(bench: &Bench, name: &str, mut daemon: Daemon) {
    bench.client().remove(name).unwrap();
    assert!(daemon.has_left(LIMIT));
    assert_eq!(bench.left(), Vec::<String>::new());
}

#[test]
fn an_open_file_stays_open_through_deaths_and_counts_once() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let (bench, daemon, _, path) = with_file();
    let file = OpenOptions::new().read(true).write(true).open(&path).unwrap();
    for round in 1..=3 {
        file.write_all_at(&[round], 7).unwrap();
        daemon.kill_worker(Signal::SIGKILL);
        let mut byte = [0];
        file.read_exact_at(&mut byte, 7).unwrap();
        assert_eq!(byte, [round]);
        assert_eq!(bench.client().info("disk").open_count, 1);
        let refused = bench.client().remove("disk").unwrap_err();
        assert_eq!(refused.errno, Errno::EBUSY);
    }
    drop(file);
    assert_eq!(bench.client().info("disk").open_count, 0);
    daemon.kill_worker(Signal::SIGKILL);
    assert_eq!(bench.client().info("disk").open_count, 0);
    leaves_nothing(&bench, "disk", daemon);
}

#[test]
fn who_opens_a_file_while_nobody_serves_waits() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let (bench, daemon, _, path) = with_file();
    for _ in 0..10 {
        let before = daemon.worker().unwrap();
        nix::sys::signal::kill(before, Signal::SIGKILL).unwrap();
        let folder: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().flatten().collect();
        assert_eq!(folder.len(), 1);
        File::open(&path).unwrap().read_exact_at(&mut [0; 100], 5).unwrap();
        daemon.await_worker_after(before);
    }
    leaves_nothing(&bench, "disk", daemon);
}

#[test]
fn a_suspended_devices_reader_waits_through_a_death() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let (bench, daemon, client, path) = with_file();
    client.suspend("disk").unwrap();
    let has_read = Arc::new(AtomicBool::new(false));
    let (file, told) = (File::open(&path).unwrap(), Arc::clone(&has_read));
    let reader = thread::spawn(move || {
        let result = file.read_exact_at(&mut [0; 4096], 0);
        told.store(true, Ordering::SeqCst);
        result
    });
    for _ in 0..2 {
        thread::sleep(Duration::from_millis(50));
        daemon.kill_worker(Signal::SIGKILL);
    }
    bench.client().status();
    assert!(!has_read.load(Ordering::SeqCst));
    bench.client().resume("disk");
    reader.join().unwrap().unwrap();
    leaves_nothing(&bench, "disk", daemon);
}

#[test]
fn a_new_device_is_not_taken_for_the_one_before() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let (bench, daemon, client, path) = with_file();
    let inode = |path: &Path| std::os::unix::fs::MetadataExt::ino(&fs::metadata(path).unwrap());
    let first = inode(&path);
    daemon.kill_worker(Signal::SIGKILL);
    assert_eq!(inode(&path), first);
    drop(client);
    // One connection for both: a daemon that has neither a device nor a connection may leave in between.
    let client = bench.client();
    client.remove("disk").unwrap();
    client.create("disk", "0 8 zero");
    drop(client);
    assert_ne!(inode(&path), first);
    leaves_nothing(&bench, "disk", daemon);
}

/// The server of a file, killed while it waits for its own answer, could not end, and nobody would follow it.
#[test]
fn a_worker_that_is_killed_while_it_asks_itself_is_followed_by_another() {
    if lacks(&["fuse", "fusermount3"]) || cannot_trace() {
        return;
    }
    let (bench, daemon, client, path) = with_file();
    let file = File::open(&path).unwrap();
    let before = daemon.worker().unwrap();
    // No answer leaves the worker for a while.
    let late =
        ["-o", "/dev/null", "-e", "trace=writev", "-e", "inject=writev:delay_enter=20000000"];
    let strace = Strace::attach(before, &late);
    // Who has a file open is counted by asking for that file.
    let asking = thread::spawn(move || client.call(&Request::new(Cmd::DevStatus).named(b"disk")));
    thread::sleep(Duration::from_millis(500));
    assert!(!asking.is_finished());
    nix::sys::signal::kill(before, Signal::SIGKILL).unwrap();
    drop(strace);
    daemon.await_worker_after(before);
    asking.join().unwrap().unwrap_err();
    file.read_exact_at(&mut [0; 100], 5).unwrap();
    drop(file);
    assert_eq!(bench.client().info("disk").open_count, 0);
    leaves_nothing(&bench, "disk", daemon);
}

/// A user has detached a device's loop device, and another device has it now.
#[test]
fn a_loop_device_that_another_device_has_now_is_left_to_it() {
    if lacks(&["root", "fuse", "loop"]) {
        return;
    }
    let bench = Bench::new();
    let daemon = bench.start(&["--frontend", "fuse", "--idle", "1"]);
    let names = ["one", "two"].map(|word| format!("dmkit-test-{word}-{}", std::process::id()));
    let node = |name: &str| fs::canonicalize(Path::new("/dev/mapper").join(name)).unwrap();
    let client = bench.client();
    for name in &names {
        client.create(name, "0 8 zero");
    }
    drop(client);
    let [first, second] = [0, 1].map(|number: usize| {
        let path = node(&names[number]).display().to_string();
        format!("\"index\":{}", path.strip_prefix("/dev/loop").unwrap())
    });
    let records = [0, 1].map(|minor| bench.state().join(format!("{minor}.json")));
    let text = fs::read_to_string(&records[0]).unwrap();
    assert!(text.contains(&first) && fs::read_to_string(&records[1]).unwrap().contains(&second));
    fs::write(&records[0], text.replace(&first, &second)).unwrap();
    let before = node(&names[1]);
    daemon.kill_worker(Signal::SIGKILL);
    let client = bench.patient_client();
    assert_eq!(node(&names[1]), before);
    for name in &names {
        File::open(node(name)).unwrap().read_exact_at(&mut [0; 512], 0).unwrap();
    }
    client.remove(&names[1]).unwrap();
    drop(client);
    leaves_nothing(&bench, &names[0], daemon);
}

/// A write and a read of a block at a time, from several threads, each on a range of its own.
fn load(node: &Path, stop: &Arc<AtomicBool>) -> Vec<thread::JoinHandle<std::io::Result<u64>>> {
    let direct = OpenOptions::new().read(true).write(true).custom_flags(libc_o_direct()).open(node);
    let file = Arc::new(direct.unwrap());
    (0..4_u8)
        .map(|number| {
            let (file, stop) = (Arc::clone(&file), Arc::clone(stop));
            thread::spawn(move || {
                let mut rounds = 0;
                let mut memory = vec![0; 3 * 4096];
                let at = memory.as_ptr().align_offset(4096);
                while !stop.load(Ordering::Relaxed) {
                    let block = &mut memory[at..at + 4096];
                    let place = (u64::from(number) * 64 + rounds % 64) * 4096;
                    let [low, ..] = rounds.to_le_bytes();
                    block.fill(low ^ number);
                    file.write_all_at(block, place)?;
                    block.fill(0xff);
                    file.read_exact_at(block, place)?;
                    assert!(block.iter().all(|&byte| byte == low ^ number), "{number} {rounds}");
                    rounds += 1;
                }
                Ok(rounds)
            })
        })
        .collect()
}

fn libc_o_direct() -> i32 {
    nix::fcntl::OFlag::O_DIRECT.bits()
}

#[test]
fn a_loop_device_under_load_gets_no_error_when_workers_die() {
    if lacks(&["root", "fuse", "loop"]) {
        return;
    }
    let bench = Bench::new();
    let image = bench.image("leg", 8192);
    let name = format!("dmkit-test-adopt-{}", std::process::id());
    let daemon = bench.start(&["--frontend", "fuse", "--idle", "1"]);
    bench.client().create(&name, &format!("0 8192 linear {} 0", image.display()));
    let node = fs::canonicalize(Path::new("/dev/mapper").join(&name)).unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let threads = load(&node, &stop);
    for _ in 0..8 {
        thread::sleep(Duration::from_millis(40));
        daemon.kill_worker(Signal::SIGKILL);
    }
    bench.client().status();
    stop.store(true, Ordering::Relaxed);
    for thread in threads {
        assert!(thread.join().unwrap().unwrap() > 0);
    }
    assert_eq!(fs::canonicalize(Path::new("/dev/mapper").join(&name)).unwrap(), node);
    leaves_nothing(&bench, &name, daemon);
}
