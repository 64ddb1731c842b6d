//! The folder in which devices are remembered: full, damaged, unreadable.

use std::fs;
use std::path::{Path, PathBuf};

use dm_core::dm::Request;
use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::packet::Cmd;
use dm_core::table;
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sys::signal::Signal;

use crate::bench::{Bench, LIMIT, end, lacks};
use crate::snapshot;

/// A filesystem of a few pages, which is soon full.
pub(crate) struct Small(pub(crate) PathBuf);

impl Small {
    pub(crate) fn new(path: PathBuf) -> Self {
        fs::create_dir(&path).unwrap();
        let options = "size=64k,mode=0700";
        mount(Some("small"), &path, Some("tmpfs"), MsFlags::empty(), Some(options)).unwrap();
        Self(path)
    }

    /// Leaves room for so many pages.
    pub(crate) fn leave(&self, pages: usize) {
        let filler = self.0.join("filler");
        let _ = fs::remove_file(&filler);
        while fs::write(&filler, vec![0; self.free() * 4096]).is_err() {}
        let len = fs::metadata(&filler).unwrap().len();
        let room = u64::try_from(pages * 4096).unwrap();
        fs::File::options().write(true).open(&filler).unwrap().set_len(len - room).unwrap();
    }

    fn free(&self) -> usize {
        let found = nix::sys::statvfs::statvfs(&self.0).unwrap();
        usize::try_from(found.blocks_available()).unwrap()
    }

    pub(crate) fn empty(&self) {
        fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = umount2(&self.0, MntFlags::MNT_DETACH);
    }
}

fn load(name: &str, text: &str) -> Request {
    let lines = table::parse(text.as_bytes()).unwrap();
    Request::new(Cmd::TableLoad).named(name.as_bytes()).with_table(&lines)
}

fn on(cmd: Cmd, name: &str) -> Request {
    Request::new(cmd).named(name.as_bytes())
}

/// Commands on a device `a` that has two tables and a device beside it.
fn commands() -> Vec<Request> {
    let rename = on(Cmd::DevRename, "a");
    vec![
        on(Cmd::DevCreate, "new"),
        load("a", "0 16 error"),
        on(Cmd::DevSuspend, "a").with_flags(Flags::SUSPEND),
        on(Cmd::DevSuspend, "a"),
        rename.clone().with_payload(b"c\0".to_vec()),
        rename.with_flags(Flags::UUID).with_payload(b"U-1\0".to_vec()),
        on(Cmd::TableClear, "a"),
        on(Cmd::DevRemove, "a"),
        Request::new(Cmd::RemoveAll),
    ]
}

#[test]
fn on_a_full_disk_a_command_works_or_changes_nothing() {
    if lacks(&["root", "fuse"]) {
        return;
    }
    let bench = Bench::new();
    let small = Small::new(bench.folder.path().join("small"));
    let state = small.0.join("state").display().to_string();
    let daemon = bench.start(&["--frontend", "file", "--idle", "60", "--state", &state]);
    let (mut refused, mut done) = (0, 0);
    for command in commands() {
        // A record takes two pages, and its successor lies beside it for a moment.
        for pages in 0..6 {
            let client = bench.client();
            client.create("a", "0 8 zero");
            client.create("b", "0 8 zero");
            client.call(&load("a", "0 16 zero")).unwrap();
            let before = snapshot::take(&bench);
            small.leave(pages);
            let answer = client.call(&command);
            let after = snapshot::take(&bench);
            match answer {
                Ok(_) => done += 1,
                Err(error) => {
                    refused += 1;
                    assert_eq!(error.errno, Errno::ENOSPC, "{:?}, {pages}", command.cmd);
                    assert_eq!(after, before, "{:?}, {pages}", command.cmd);
                }
            }
            // What is remembered is what there was.
            drop(client);
            let worker = daemon.worker().unwrap();
            end(worker);
            daemon.await_worker_after(worker);
            assert_eq!(snapshot::take(&bench), after, "{:?}, {pages}", command.cmd);
            small.empty();
            bench.client().call(&Request::new(Cmd::RemoveAll)).unwrap();
            assert_eq!(snapshot::take(&bench).len(), 0);
        }
    }
    assert!(refused > 5 && done > 5, "{refused} {done}");
}

#[test]
fn a_record_that_is_damaged_or_unreadable_costs_its_own_device_only() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let bench = Bench::new();
    let mut daemon = bench.start(&["--frontend", "file", "--idle", "1"]);
    for name in ["damaged", "unreadable", "whole"] {
        bench.client().create(name, "0 8 zero");
    }
    let record = |name: &str| bench.state().join(format!("{}.json", minor(&bench, name)));
    let (damaged, unreadable) = (record("damaged"), record("unreadable"));
    fs::write(&damaged, "{\"schema\":").unwrap();
    fs::remove_file(&unreadable).unwrap();
    fs::create_dir(&unreadable).unwrap();
    daemon.kill_worker(Signal::SIGKILL);
    let names = |snapshot: snapshot::Snapshot| snapshot.len();
    assert_eq!(names(snapshot::take(&bench)), 1);
    bench.client().info("whole");
    assert!(Path::new(&format!("{}.damaged", damaged.display())).exists());
    assert!(unreadable.exists());
    // Both names are free, and so are their files.
    bench.client().create("damaged", "0 8 zero");
    bench.client().call(&Request::new(Cmd::RemoveAll)).unwrap();
    assert!(daemon.has_left(LIMIT));
    // What nobody understood stays for somebody who does.
    let left = bench.left();
    assert!(left.iter().all(|path| path.ends_with("engine.state")), "{left:?}");
}

fn minor(bench: &Bench, name: &str) -> u32 {
    bench.client().info(name).dev.minor
}
