//! How a daemon begins, ends, and is followed by another.

use std::fs::{self, File};
use std::io::Read as _;
use std::os::unix::fs::FileExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use dm_core::dm::Request;
use dm_core::flags::Flags;
use dm_core::packet::Cmd;

use crate::bench::{Bench, LIMIT, Leg, lacks, open_doors, run};

#[test]
fn a_daemon_without_a_device_leaves_and_leaves_nothing() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let bench = Bench::new();
    let mut daemon = bench.start(&["--idle", "0.2"]);
    assert_eq!(daemon.line, "ready");
    assert!(bench.socket.exists());
    assert!(daemon.has_left(LIMIT));
    assert_eq!(bench.left(), Vec::<String>::new());
    assert!(!bench.folder.path().join("run").exists());
}

#[test]
fn a_connection_or_a_device_keeps_it() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let bench = Bench::new();
    let mut daemon = bench.start(&["--idle", "0.1", "--frontend", "file"]);
    let client = bench.client();
    assert!(!daemon.has_left(Duration::from_millis(500)));
    client.create("kept", "0 8 zero");
    drop(client);
    assert!(!daemon.has_left(Duration::from_millis(500)));
    bench.client().remove("kept").unwrap();
    assert!(daemon.has_left(LIMIT));
    assert_eq!(bench.left(), Vec::<String>::new());
}

/// How often the threads of `pid` were put on a processor.
///
/// # Source
///
/// The kernel's `Documentation/scheduler/sched-stats.rst`: the third number.
fn turns(pid: u32) -> u64 {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    threads
        .map(|thread| {
            let text = fs::read_to_string(thread.unwrap().path().join("schedstat")).unwrap();
            text.split_whitespace().nth(2).unwrap().parse::<u64>().unwrap()
        })
        .sum()
}

#[test]
fn nobody_wakes_while_nothing_happens() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let bench = Bench::new();
    let daemon = bench.start(&["--idle", "0.2", "--frontend", "file"]);
    let client = bench.client();
    client.create("still", "0 8 zero");
    drop(client);
    let processes = [daemon.child.id(), daemon.worker().unwrap().as_raw().unsigned_abs()];
    let deadline = Instant::now() + LIMIT;
    loop {
        let before = processes.map(turns);
        thread::sleep(Duration::from_millis(1200));
        if processes.map(turns) == before {
            break;
        }
        assert!(Instant::now() < deadline, "it never comes to rest");
    }
    bench.client().remove("still").unwrap();
}

#[test]
fn a_device_goes_when_it_is_closed_and_the_daemon_after_it() {
    if lacks(&["root", "fuse", "loop"]) {
        return;
    }
    let bench = Bench::new();
    let name = format!("dmkit-test-later-{}", std::process::id());
    let mut daemon = bench.start(&["--idle", "0.2", "--frontend", "fuse"]);
    let client = bench.client();
    client.create(&name, "0 8 zero");
    let open = File::open(Path::new("/dev/mapper").join(&name)).unwrap();
    let request = Request::new(Cmd::DevRemove).named(name.as_bytes());
    client.call(&request.with_flags(Flags::DEFERRED_REMOVE)).unwrap();
    drop(client);
    assert!(!daemon.has_left(Duration::from_millis(500)));
    drop(open);
    assert!(daemon.has_left(LIMIT));
    assert_eq!(bench.left(), Vec::<String>::new());
}

#[test]
fn a_second_daemon_says_that_one_runs() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let bench = Bench::new();
    let _first = bench.start(&[]);
    let output = bench.command(&["serve"]).stderr(std::process::Stdio::piped()).output().unwrap();
    assert_eq!(output.stdout, b"running\n");
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("a daemon is running already"), "{text}");
    assert_eq!(output.status.code(), Some(1));
    bench.client();
}

#[test]
fn a_stale_socket_and_lock_are_no_obstacle() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let bench = Bench::new();
    bench.start(&[]).kill();
    assert!(bench.socket.exists());
    let mut daemon = bench.start(&["--idle", "0.2"]);
    assert_eq!(daemon.line, "ready");
    drop(bench.client());
    assert!(daemon.has_left(LIMIT));
    assert_eq!(bench.left(), Vec::<String>::new());
}

#[test]
fn what_is_missing_is_named() {
    let bench = Bench::new();
    let blocked = bench.folder.path().join("file");
    fs::write(&blocked, "").unwrap();
    let socket = blocked.join("engine.sock");
    let args = ["serve", "--socket", socket.to_str().unwrap()];
    let output = bench.command(&args).output().unwrap();
    let line = String::from_utf8(output.stdout).unwrap();
    assert!(line.contains(blocked.to_str().unwrap()) && line.ends_with('\n'), "{line}");
    assert_eq!(line.lines().count(), 1);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn another_user_is_refused() {
    if lacks(&["root", "fuse"]) {
        return;
    }
    let bench = Bench::new();
    let _daemon = bench.start(&["--frontend", "file"]);
    open_doors(&bench);
    let script = "import socket, sys; s = socket.socket(socket.AF_UNIX); s.settimeout(10)\n\
                  s.connect(sys.argv[1])\ntry:\n  s.sendall(bytes(316)); print(int.from_bytes(s.recv(4), 'little'))\n\
                  except OSError as error: print(error)";
    if lacks(&["python3"]) {
        return;
    }
    let mut command = std::process::Command::new("python3");
    command.args(["-c", script]).arg(&bench.socket).uid(65534).gid(65534);
    let output = command.output().unwrap();
    // EACCES, as the kernel answers who may not ask.
    assert_eq!(String::from_utf8_lossy(&output.stdout), "13\n", "{output:?}");
}

/// A device of each kind and state, and what must be there after a restart.
#[test]
fn a_killed_daemons_devices_are_back_with_the_next() {
    if lacks(&["root", "fuse", "loop"]) {
        return;
    }
    let bench = Bench::new();
    let image = bench.image("leg", 8192);
    File::options().write(true).open(&image).unwrap().write_all_at(b"kept", 512).unwrap();
    let leg = Leg::new(&image);
    let name = format!("dmkit-test-back-{}", std::process::id());
    let top = format!("{name}-top");
    let daemon = bench.start(&["--frontend", "fuse"]);
    let client = bench.client();
    client.create(&name, &format!("0 4096 linear {} 0", leg.path()));
    client.create(&top, &format!("0 1024 linear /dev/mapper/{name} 1"));
    client.suspend(&top).unwrap();
    let before = (client.info(&name), client.info(&top));
    drop(client);
    daemon.kill();
    let mut dead = [0; 4];
    let read = File::open(Path::new("/dev/mapper").join(&name)).map(|d| d.read_at(&mut dead, 0));
    assert!(read.is_err() || read.is_ok_and(|read| read.is_err()));

    let mut daemon = bench.start(&["--frontend", "fuse", "--idle", "0.1"]);
    assert_eq!(daemon.line, "ready");
    let client = bench.client();
    let mut after = (client.info(&name), client.info(&top));
    // Looking at the devices is no event.
    after.0.event_nr = before.0.event_nr;
    after.1.event_nr = before.1.event_nr;
    assert_eq!(after, before);
    client.resume(&top);
    let mut bytes = [0; 4];
    File::open(Path::new("/dev/mapper").join(&top)).unwrap().read_exact(&mut bytes).unwrap();
    assert_eq!(&bytes, b"kept");
    client.remove(&top).unwrap();
    client.remove(&name).unwrap();
    drop(client);
    assert!(daemon.has_left(LIMIT));
    assert_eq!(bench.left(), Vec::<String>::new());
}

#[test]
fn a_filesystem_on_a_killed_daemons_device_fails_but_does_not_hang() {
    if lacks(&["root", "fuse", "loop", "mkfs.ext4"]) {
        return;
    }
    let bench = Bench::new();
    let leg = Leg::new(&bench.image("leg", 32_768));
    let name = format!("dmkit-test-dead-{}", std::process::id());
    let node = format!("/dev/mapper/{name}");
    let mnt = bench.folder.path().join("mnt");
    fs::create_dir(&mnt).unwrap();
    let daemon = bench.start(&["--frontend", "fuse"]);
    bench.client().create(&name, &format!("0 32768 linear {} 0", leg.path()));
    run("mkfs.ext4", &["-q", &node]);
    run("mount", &[&node, mnt.to_str().unwrap()]);
    // Suspending freezes the filesystem; who should thaw it dies.
    bench.client().suspend(&name).unwrap();
    daemon.kill();

    let mut daemon = bench.start(&["--frontend", "fuse", "--idle", "0.1"]);
    let written = fs::write(mnt.join("file"), "x").and_then(|()| File::open(&mnt)?.sync_all());
    assert!(written.is_err());
    run("umount", &[mnt.to_str().unwrap()]);
    bench.client().resume(&name);
    run("mount", &[&node, mnt.to_str().unwrap()]);
    fs::write(mnt.join("file"), "x").unwrap();
    run("umount", &[mnt.to_str().unwrap()]);
    bench.client().remove(&name).unwrap();
    assert!(daemon.has_left(LIMIT));
    assert_eq!(bench.left(), Vec::<String>::new());
}

#[test]
fn a_daemon_that_is_asked_to_end_waits_for_who_has_a_device_open() {
    if lacks(&["root", "fuse", "loop"]) {
        return;
    }
    let bench = Bench::new();
    let leg = Leg::new(&bench.image("leg", 8192));
    let name = format!("dmkit-test-term-{}", std::process::id());
    let path = Path::new("/dev/mapper").join(&name);
    let mut daemon = bench.start(&["--frontend", "fuse"]);
    bench.client().create(&name, &format!("0 4096 linear {} 0", leg.path()));
    let disk = File::open(&path).unwrap();
    daemon.terminate();
    assert!(!daemon.has_left(Duration::from_secs(1)));
    disk.read_exact_at(&mut [0; 512], 0).unwrap();
    drop(disk);
    assert!(daemon.has_left(LIMIT));
    assert!(!path.exists());

    let mut daemon = bench.start(&["--frontend", "fuse", "--idle", "0.1"]);
    File::open(&path).unwrap().read_exact_at(&mut [0; 512], 0).unwrap();
    bench.client().remove(&name).unwrap();
    assert!(daemon.has_left(LIMIT));
    assert_eq!(bench.left(), Vec::<String>::new());
}
