//! What targets learn, and are told, is there after a death: nobody but the daemon itself sees to that.

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use dm_core::errno::Errno;
use nix::sys::signal::Signal;

use crate::bench::{Bench, Daemon, LIMIT, lacks};
use crate::state::Small;

fn start(bench: &Bench, state: &str) -> Daemon {
    let daemon = bench.start(&["--frontend", "file", "--idle", "1", "--state", state]);
    assert_eq!(daemon.line, "ready");
    daemon
}

/// Three disks, and a fourth that fails every request.
fn disks(bench: &Bench) {
    let client = bench.client();
    for name in ["a", "b", "c"] {
        let image = bench.image(name, 1024);
        client.create(name, &format!("0 1024 linear {} 0", image.display()));
    }
    client.create("bad", "0 1024 error");
}

fn path(bench: &Bench, name: &str) -> PathBuf {
    bench.folder.path().join("run/mapper").join(name)
}

fn write(bench: &Bench, name: &str, at: u64) -> std::io::Result<()> {
    let file = OpenOptions::new().write(true).open(path(bench, name)).unwrap();
    file.write_all_at(&[7; 512], at)
}

fn read(bench: &Bench, name: &str, at: u64) -> std::io::Result<u8> {
    let file = OpenOptions::new().read(true).open(path(bench, name)).unwrap();
    let mut bytes = [0; 512];
    file.read_exact_at(&mut bytes, at).map(|()| bytes[0])
}

fn ends(bench: &Bench, mut daemon: Daemon, names: &[&str]) {
    let client = bench.client();
    for name in names {
        client.remove(name).unwrap();
    }
    drop(client);
    assert!(daemon.has_left(LIMIT));
}

#[test]
fn a_leg_that_lacks_an_answered_write_is_known_to_the_next_worker() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let bench = Bench::new();
    let daemon = start(&bench, &bench.state().display().to_string());
    disks(&bench);
    let table = "0 1024 mirror core 2 8 nosync 2 /dev/mapper/bad 0 /dev/mapper/a 0";
    for _ in 0..5 {
        bench.client().create("m", table);
        write(&bench, "m", 512).unwrap();
        daemon.kill_worker(Signal::SIGKILL);
        let status = bench.client().target_status("m");
        assert!(status.ends_with("127/128 1 DA 1 core"), "{status}");
        assert_eq!(read(&bench, "m", 512).unwrap(), 7);
        bench.client().remove("m").unwrap();
    }
    ends(&bench, daemon, &["a", "b", "c", "bad"]);
}

#[test]
fn a_member_that_missed_a_write_is_known_to_the_next_worker() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let bench = Bench::new();
    let daemon = start(&bench, &bench.state().display().to_string());
    disks(&bench);
    let legs = "/dev/mapper/bad 0 /dev/mapper/b 0 /dev/mapper/c 0";
    let table = format!("0 1024 raid45 core 2 256 nosync raid5_ls 1 8 3 -1 {legs}");
    bench.client().create("r", &table);
    let before = bench.client().info("r").event_nr;
    thread::scope(|scope| {
        let answer = scope.spawn(|| write(&bench, "r", 0));
        let deadline = Instant::now() + LIMIT;
        while bench.client().info("r").event_nr == before {
            assert!(Instant::now() < deadline, "no event");
            thread::sleep(Duration::from_millis(1));
        }
        bench.client().message("r", "allow_writes").unwrap();
        daemon.kill_worker(Signal::SIGKILL);
        answer.join().unwrap().unwrap();
    });
    daemon.kill_worker(Signal::SIGKILL);
    let status = bench.client().target_status("r");
    assert!(status.contains(" DAA "), "{status}");
    assert_eq!(read(&bench, "r", 0).unwrap(), 7);
    ends(&bench, daemon, &["r", "a", "b", "c", "bad"]);
}

#[test]
fn an_answered_message_is_known_to_the_next_worker() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let bench = Bench::new();
    let daemon = start(&bench, &bench.state().display().to_string());
    disks(&bench);
    bench.client().create("d", "0 1024 dust /dev/mapper/a 0 512");
    bench.client().create("s", "0 1024 switch 2 8 0 /dev/mapper/a 0 /dev/mapper/bad 0");
    for (block, region) in [(1, 2), (2, 4), (3, 6)] {
        bench.client().message("d", &format!("addbadblock {block}")).unwrap();
        bench.client().message("d", "enable").unwrap();
        bench.client().message("s", &format!("set_region_mappings {region}:1")).unwrap();
        daemon.kill_worker(Signal::SIGKILL);
        assert!(read(&bench, "d", block * 512).is_err());
        assert!(read(&bench, "s", region * 4096).is_err());
    }
    assert_eq!(read(&bench, "d", 0).unwrap(), 0);
    ends(&bench, daemon, &["d", "s", "a", "b", "c", "bad"]);
}

#[test]
fn what_a_full_disk_kept_from_being_remembered_is_remembered_when_there_is_room() {
    if lacks(&["root", "fuse"]) {
        return;
    }
    let bench = Bench::new();
    let small = Small::new(bench.folder.path().join("small"));
    let state = small.0.join("state");
    let daemon = start(&bench, &state.display().to_string());
    let image = bench.image("image", 1024);
    bench.client().create("d", &format!("0 1024 dust {} 0 512", image.display()));
    for message in ["addbadblock 1", "addbadblock 2", "enable"] {
        bench.client().message("d", message).unwrap();
    }
    small.leave(0);
    write(&bench, "d", 512).unwrap();
    let refused = bench.client().message("d", "addbadblock 3").unwrap_err();
    assert_eq!(refused.errno, Errno::ENOSPC);
    // It is tried again meanwhile, in vain.
    thread::sleep(Duration::from_millis(700));
    small.empty();
    let record = || std::fs::read_to_string(state.join("0.json")).unwrap();
    let deadline = Instant::now() + LIMIT;
    while !record().contains(" 2-3\"") {
        assert!(Instant::now() < deadline, "{}", record());
        thread::sleep(Duration::from_millis(10));
    }
    daemon.kill_worker(Signal::SIGKILL);
    let found = [1, 2, 3].map(|block| read(&bench, "d", block * 512).is_ok());
    assert_eq!(found, [true, false, false]);
    ends(&bench, daemon, &["d"]);
}
