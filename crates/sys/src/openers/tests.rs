use super::*;
use crate::loopdev::tests::Guard;
use crate::requires_root;
use std::fs::File;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The count once it has settled: another process that looks for a free loop device at the same moment may
/// have opened ours, and lets go of it when it finds it taken.
fn settled(dev: DevNo, own: &[RawFd], expected: u32) -> u32 {
    let deadline = Instant::now() + Duration::from_secs(2);
    loop {
        let found = count(dev, own);
        if found == expected || Instant::now() > deadline {
            return found;
        }
    }
}

#[test]
fn root_a_device_that_is_open_twice_has_two_openers_however_often_they_are_copied() {
    if !requires_root() {
        return;
    }
    let device = Guard::attach(1 << 20);
    let own: Vec<_> = device.raw_fd().into_iter().collect();
    assert_eq!(settled(device.dev(), &own, 0), 0);
    let first = File::open(device.path()).unwrap();
    assert_eq!(settled(device.dev(), &own, 1), 1);
    let second = File::open(device.path()).unwrap();
    let copy = second.try_clone().unwrap();
    assert_eq!(settled(device.dev(), &own, 2), 2);
    drop((first, second));
    assert_eq!(settled(device.dev(), &own, 1), 1);
    drop(copy);
    assert_eq!(settled(device.dev(), &own, 0), 0);
    assert_eq!(settled(device.dev(), &[], 1), 1);
}

#[test]
fn root_a_copy_in_another_process_is_the_same_opener() {
    if !requires_root() {
        return;
    }
    let device = Guard::attach(1 << 20);
    let own: Vec<_> = device.raw_fd().into_iter().collect();
    let file = File::open(device.path()).unwrap();
    let stdin = Stdio::from(file.try_clone().unwrap());
    let mut child = Command::new("sleep").arg("60").stdin(stdin).spawn().unwrap();
    let shared = settled(device.dev(), &own, 1);
    drop(file);
    let alone = settled(device.dev(), &own, 1);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!((shared, alone), (1, 1));
    assert_eq!(settled(device.dev(), &own, 0), 0);
}

#[test]
fn root_a_loop_device_over_it_is_an_opener() {
    if !requires_root() {
        return;
    }
    let lower = Guard::attach(1 << 20);
    let own: Vec<_> = lower.raw_fd().into_iter().collect();
    let file = File::open(lower.path()).unwrap();
    let upper = Guard::over(&file);
    drop(file);
    assert_eq!(settled(lower.dev(), &own, 1), 1);
    drop(upper);
    assert_eq!(settled(lower.dev(), &own, 0), 0);
}

#[test]
fn a_mount_is_known_by_its_number() {
    let dev = DevNo::new(7, 3);
    let line = b"36 35 7:3 / /mnt rw,noatime shared:1 - ext4 /dev/loop3 rw";
    assert!(is_mount_of(line, dev));
    assert!(!is_mount_of(line, DevNo::new(7, 4)));
    assert!(!is_mount_of(b"", dev));
    assert!(!is_mount_of(b"36 35 0:31 / /mnt rw - tmpfs tmpfs rw", dev));
    assert!(!is_mount_of(b"36 35 0:31 / /mnt rw -", dev));
}

#[test]
fn root_a_mount_with_a_number_of_its_own_is_known_by_its_source() {
    let Some(node) = fs::read_dir("/dev").unwrap().flatten().find_map(|entry| {
        let dev = device_cached(&entry.path())?;
        Some((entry.path(), dev))
    }) else {
        eprintln!("skipped: needs a block device in /dev");
        return;
    };
    let line = format!("36 35 0:31 /sub /mnt rw - btrfs {} rw,subvol=/sub", node.0.display());
    assert!(is_mount_of(line.as_bytes(), node.1));
}

#[test]
fn octal_in_the_kernels_tables_is_undone() {
    assert_eq!(unescape(br"/dev/a\040b\134"), br"/dev/a b\");
    assert_eq!(unescape(br"\09\x\40"), br"\09\x\40");
}

#[test]
fn a_device_that_is_not_there_has_no_openers() {
    assert_eq!(count(DevNo::new(4095, 1_000_000), &[]), 0);
}
