//! Bytes through the daemon's devices.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use dm_core::errno::Errno;
use dm_core::flags::Flags;

use crate::bench::{Bench, Client, Leg, lacks, run};

/// A link of this name cannot be anybody else's.
fn unique(name: &str) -> String {
    format!("dmkit-test-{name}-{}", std::process::id())
}

fn node(name: &str) -> PathBuf {
    Path::new("/dev/mapper").join(name)
}

fn errno_of(result: std::io::Result<usize>) -> Option<i32> {
    result.err().and_then(|error| error.raw_os_error())
}

#[test]
fn a_table_becomes_a_block_device_that_is_the_leg() {
    if lacks(&["root", "fuse", "loop"]) {
        return;
    }
    let bench = Bench::new();
    let leg = Leg::new(&bench.image("leg", 204_800));
    let daemon = bench.start(&["--frontend", "fuse"]);
    assert_eq!(daemon.line, "ready");
    let (client, name) = (bench.client(), unique("linear"));
    client.create(&name, &format!("0 204800 linear {} 0", leg.path()));

    let path = node(&name);
    assert_eq!(run("blockdev", &["--getsz", path.to_str().unwrap()]), "204800\n");
    fs::write(bench.folder.path().join("data"), vec![0xa5; 1 << 20]).unwrap();
    let data = format!("if={}", bench.folder.path().join("data").display());
    let of = format!("of={}", path.display());
    run("dd", &[&data, &of, "bs=1M", "conv=fsync,notrunc", "oflag=direct", "seek=3"]);
    let mut bytes = vec![0; 1 << 20];
    File::open(leg.0.path()).unwrap().read_exact_at(&mut bytes, 3 << 20).unwrap();
    assert!(bytes.iter().all(|&byte| byte == 0xa5));

    let open = File::open(&path).unwrap();
    assert_eq!(client.info(&name).open_count, 1);
    assert_eq!(client.remove(&name).unwrap_err().errno, Errno::EBUSY);
    drop(open);
    assert_eq!(client.info(&name).open_count, 0);
    client.remove(&name).unwrap();
    assert!(fs::symlink_metadata(&path).is_err());
    daemon.kill();
    clean(&bench);
}

/// After a daemon that was killed: the next one cleans up, and leaves.
fn clean(bench: &Bench) {
    let mut daemon = bench.start(&["--idle", "0"]);
    assert!(daemon.has_left(crate::bench::LIMIT));
    assert_eq!(bench.left(), Vec::<String>::new());
}

#[test]
fn a_bad_sector_fails_alone() {
    if lacks(&["root", "fuse", "loop"]) {
        return;
    }
    let bench = Bench::new();
    let leg = Leg::new(&bench.image("leg", 204_800));
    let daemon = bench.start(&["--frontend", "fuse"]);
    let (client, name) = (bench.client(), unique("bad"));
    let dev = leg.path();
    let table = format!("0 8 linear {dev} 0\n8 1 error\n9 204791 linear {dev} 9");
    client.create(&name, &table);
    let disk = OpenOptions::new().read(true).write(true).open(node(&name)).unwrap();
    let mut bytes = [0; 4096];
    disk.read_exact_at(&mut bytes, 0).unwrap();
    assert_eq!(errno_of(disk.read_at(&mut bytes, 4096)), Some(5));
    disk.read_exact_at(&mut bytes, 8192).unwrap();
    drop(disk);
    client.remove(&name).unwrap();
    daemon.kill();
    clean(&bench);
}

#[test]
fn a_device_grows_and_shrinks_where_it_is_open() {
    if lacks(&["root", "fuse", "loop"]) {
        return;
    }
    let bench = Bench::new();
    let leg = Leg::new(&bench.image("leg", 8192));
    let daemon = bench.start(&["--frontend", "fuse"]);
    let (client, name) = (bench.client(), unique("grows"));
    let dev = leg.path();
    client.create(&name, &format!("0 1024 linear {dev} 0"));
    let path = node(&name);
    let mut disk = File::open(&path).unwrap();
    let mut sectors = || disk.seek(SeekFrom::End(0)).unwrap() / 512;
    assert_eq!(sectors(), 1024);
    client.reload(&name, &format!("0 8192 linear {dev} 0"));
    assert_eq!(sectors(), 8192);
    client.reload(&name, &format!("0 512 linear {dev} 8"));
    assert_eq!(sectors(), 512);
    drop(disk);
    client.remove(&name).unwrap();
    daemon.kill();
    clean(&bench);
}

#[test]
fn a_device_becomes_read_only_and_writable_again() {
    if lacks(&["root", "fuse", "loop"]) {
        return;
    }
    let bench = Bench::new();
    let leg = Leg::new(&bench.image("leg", 8192));
    let daemon = bench.start(&["--frontend", "fuse"]);
    let (client, name) = (bench.client(), unique("ro"));
    let table = format!("0 1024 linear {} 0", leg.path());
    let path = node(&name);
    let write = || {
        let disk = OpenOptions::new().write(true).open(&path).unwrap();
        let taken = disk.write_at(&[1; 4096], 0).and_then(|_| disk.sync_all()).is_ok();
        let getro = run("blockdev", &["--getro", path.to_str().unwrap()]);
        getro + if taken { "taken" } else { "refused" }
    };
    client.create_as(&name, &table, Flags::READONLY);
    assert_eq!(write(), "1\nrefused");
    client.reload(&name, &table);
    assert_eq!(write(), "0\ntaken");
    client.reload_as(&name, &table, Flags::READONLY);
    assert_eq!(write(), "1\nrefused");
    client.remove(&name).unwrap();
    daemon.kill();
    clean(&bench);
}

#[test]
fn a_filesystem_is_whole_on_its_leg_while_its_device_is_suspended() {
    if lacks(&["root", "fuse", "loop", "mkfs.ext4", "e2fsck"]) {
        return;
    }
    let bench = Bench::new();
    let image = bench.image("leg", 32_768);
    let leg = Leg::new(&image);
    let daemon = bench.start(&["--frontend", "fuse"]);
    let (client, name) = (bench.client(), unique("frozen"));
    client.create(&name, &format!("0 32768 linear {} 0", leg.path()));
    let (path, mnt) = (node(&name), bench.folder.path().join("mnt"));
    fs::create_dir(&mnt).unwrap();
    run("mkfs.ext4", &["-q", path.to_str().unwrap()]);
    run("mount", &[path.to_str().unwrap(), mnt.to_str().unwrap()]);
    fs::write(mnt.join("file"), "written, not flushed").unwrap();
    client.suspend(&name).unwrap();
    let copy = bench.folder.path().join("copy");
    fs::write(&copy, fs::read(leg.0.path()).unwrap()).unwrap();
    client.resume(&name);
    fs::write(mnt.join("file"), "thawed").unwrap();
    run("umount", &[mnt.to_str().unwrap()]);
    run("e2fsck", &["-fn", copy.to_str().unwrap()]);
    let text = run("debugfs", &["-R", "cat file", copy.to_str().unwrap()]);
    assert_eq!(text, "written, not flushed");
    client.remove(&name).unwrap();
    daemon.kill();
    clean(&bench);
}

#[test]
fn a_suspended_device_holds_its_writer_until_it_is_resumed() {
    if lacks(&["root", "fuse", "loop"]) {
        return;
    }
    let bench = Bench::new();
    let leg = Leg::new(&bench.image("leg", 8192));
    let daemon = bench.start(&["--frontend", "fuse"]);
    let (client, name) = (bench.client(), unique("held"));
    client.create(&name, &format!("0 8192 linear {} 0", leg.path()));
    let path = node(&name);
    client.suspend(&name).unwrap();
    let (tell, told) = std::sync::mpsc::channel();
    let writer = std::thread::spawn(move || {
        let mut disk = OpenOptions::new().write(true).open(path).unwrap();
        disk.write_all(&[7; 4096]).unwrap();
        disk.sync_all().unwrap();
        tell.send(()).unwrap();
    });
    assert!(told.recv_timeout(std::time::Duration::from_millis(300)).is_err());
    assert_eq!(client.info(&name).open_count, 1);
    client.resume(&name);
    told.recv_timeout(crate::bench::LIMIT).unwrap();
    writer.join().unwrap();
    client.remove(&name).unwrap();
    daemon.kill();
    clean(&bench);
}

fn file_client(bench: &Bench) -> (crate::bench::Daemon, Client) {
    let daemon = bench.start(&["--frontend", "file"]);
    assert_eq!(daemon.line, "ready");
    (daemon, bench.client())
}

#[test]
fn a_file_takes_what_a_disk_takes_and_keeps_its_size() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let bench = Bench::new();
    let image = bench.image("image", 8192);
    let (daemon, client) = file_client(&bench);
    client.create("disk", &format!("0 8192 linear {} 0", image.display()));
    let path = bench.folder.path().join("run/mapper/disk");
    let size = 8192 * 512;
    assert_eq!(fs::metadata(&path).unwrap().len(), size);

    // Truncating, as `dd of=` and the shell do, changes nothing.
    let file = OpenOptions::new().write(true).read(true).create(true).truncate(true).open(&path);
    let mut file = file.unwrap();
    assert_eq!(file.metadata().unwrap().len(), size);
    file.write_all_at(b"odd bytes", 1080).unwrap();
    file.sync_all().unwrap();
    let mut bytes = [0; 9];
    file.read_exact_at(&mut bytes, 1080).unwrap();
    assert_eq!(&bytes, b"odd bytes");
    File::open(&image).unwrap().read_exact_at(&mut bytes, 1080).unwrap();
    assert_eq!(&bytes, b"odd bytes");

    assert_eq!(file.read_at(&mut [0; 512], size - 100).unwrap(), 100);
    assert_eq!(errno_of(file.write_at(&[1], size)), Some(28));
    file.seek(SeekFrom::End(-1)).unwrap();
    assert_eq!(file.read(&mut bytes).unwrap(), 1);

    assert_eq!(client.remove("disk").unwrap_err().errno, Errno::EBUSY);
    assert_eq!(client.info("disk").open_count, 1);
    drop(file);
    client.remove("disk").unwrap();
    assert!(!path.exists());
    daemon.kill();
    clean_files(&bench);
}

fn clean_files(bench: &Bench) {
    let mut daemon = bench.start(&["--idle", "0", "--frontend", "file"]);
    assert!(daemon.has_left(crate::bench::LIMIT));
    assert_eq!(bench.left(), Vec::<String>::new());
}

#[test]
fn nothing_else_can_be_put_into_the_folder_of_files() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let bench = Bench::new();
    let (daemon, client) = file_client(&bench);
    client.create("disk", "0 8 zero");
    let folder = bench.folder.path().join("run/mapper");
    let refused = |result: std::io::Result<()>| {
        assert_eq!(result.unwrap_err().raw_os_error(), Some(1));
    };
    refused(File::create(folder.join("new")).map(drop));
    refused(fs::create_dir(folder.join("new")));
    refused(fs::remove_file(folder.join("disk")));
    refused(fs::rename(folder.join("disk"), folder.join("new")));
    let names: Vec<_> = fs::read_dir(&folder).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, ["disk"]);
    client.remove("disk").unwrap();
    daemon.kill();
    clean_files(&bench);
}

#[test]
fn a_file_that_grows_and_is_renamed_is_seen_so_at_once() {
    if lacks(&["fuse", "fusermount3"]) {
        return;
    }
    let bench = Bench::new();
    let (daemon, client) = file_client(&bench);
    client.create("a", "0 8 zero");
    let folder = bench.folder.path().join("run/mapper");
    assert_eq!(fs::metadata(folder.join("a")).unwrap().len(), 4096);
    client.reload("a", "0 16 zero");
    assert_eq!(fs::metadata(folder.join("a")).unwrap().len(), 8192);
    let rename = dm_core::dm::Request::new(dm_core::packet::Cmd::DevRename).named(b"a");
    client.call(&rename.with_payload(b"b\0".to_vec())).unwrap();
    assert!(!folder.join("a").exists());
    assert_eq!(fs::metadata(folder.join("b")).unwrap().len(), 8192);
    client.remove("b").unwrap();
    daemon.kill();
    clean_files(&bench);
}
