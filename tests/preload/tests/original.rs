//! The original `dmsetup` through the preload, against a socket that answers from memory.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test; what it skips is said on standard error"
)]

use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::packet::{Cmd, Packet, names};
use dm_sys::socket;

/// A device-mapper of two devices, `a` with a table and `b` without.
fn answer(cmd: Option<Cmd>, packet: &mut Packet) -> Result<(), Errno> {
    for (to, from) in packet.header_mut().version.iter_mut().zip([4, 48, 0]) {
        to.set(from);
    }
    let name = packet.header().name().to_vec();
    packet.header_mut().data_size.set(312);
    match cmd {
        Some(Cmd::Version) => Ok(()),
        Some(Cmd::ListDevices) => {
            let entry = |name: &[u8], minor| names::Entry {
                dev: DevNo::new(252, minor),
                name: name.to_vec(),
                event_nr: 0,
                uuid: None,
            };
            packet.reply_with(&names::encode(&[entry(b"a", 7), entry(b"b", 300)]));
            Ok(())
        }
        Some(Cmd::DevStatus) if name == b"a" => {
            let header = packet.header_mut();
            header.set_dev(DevNo::new(252, 7));
            header.set_flags(header.flags() | Flags::ACTIVE_PRESENT);
            header.target_count.set(1);
            Ok(())
        }
        Some(Cmd::DevStatus) => Err(Errno::ENXIO),
        Some(Cmd::EngineStatus) => {
            let text = r#"{"schema":1,"major":252,"frontend":"memory","devices":[
                {"name":"a","uuid":null,"major":252,"minor":7,"node":null,"read_ahead":512,
                 "live_targets":1,"inactive_targets":0},
                {"name":"b","uuid":null,"major":252,"minor":300,"node":null,"read_ahead":null,
                 "live_targets":0,"inactive_targets":0}]}"#;
            packet.reply_with(text.as_bytes());
            Ok(())
        }
        Some(Cmd::DevRemove) => Err(Errno::EBUSY),
        _ => Err(Errno::ENOTTY),
    }
}

fn serve(mut stream: UnixStream) -> std::io::Result<()> {
    while let Some((number, packet)) = socket::read_request(&mut stream)? {
        let mut reply = packet.clone();
        match answer(Cmd::from_number(number), &mut reply) {
            Ok(()) => socket::write_reply(&mut stream, None, &reply)?,
            Err(errno) => socket::write_reply(&mut stream, Some(errno), &packet)?,
        }
    }
    Ok(())
}

/// A socket with the above behind it. Its thread ends with the test's process.
fn engine(folder: &Path) -> PathBuf {
    let path = folder.join("engine.sock");
    let listener = UnixListener::bind(&path).unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            thread::spawn(move || serve(stream.unwrap()));
        }
    });
    path
}

/// What the original prints, standard output before standard error, and its exit code; none where it is
/// not installed.
fn original(socket: &Path, args: &[&str]) -> Option<(String, i32)> {
    let tool = Path::new("/usr/sbin/dmsetup");
    if !tool.exists() {
        eprintln!("skipped: there is no {}", tool.display());
        return None;
    }
    let library = std::env::current_exe().unwrap().with_file_name("libdmkit_preload.so");
    assert!(library.exists(), "{} was not built", library.display());
    let output = Command::new(tool)
        .args(args)
        .env("LD_PRELOAD", library)
        .env("DMKIT_SOCKET", socket)
        .env("DM_DISABLE_UDEV", "1")
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    Some((String::from_utf8(text).unwrap(), output.status.code().unwrap()))
}

fn check(args: &[&str], text: &str, code: i32) {
    let folder = tempfile::tempdir().unwrap();
    let socket = engine(folder.path());
    if let Some(got) = original(&socket, args) {
        assert_eq!(got, (text.to_owned(), code), "{args:?}");
    }
}

#[test]
fn the_version_is_the_engines() {
    check(&["version"], "Library version:   1.02.185 (2022-05-18)\nDriver version:    4.48.0\n", 0);
}

#[test]
fn the_list_has_the_engines_devices() {
    check(&["ls"], "a\t(252:7)\nb\t(252:300)\n", 0);
}

#[test]
fn the_read_ahead_is_the_engines() {
    check(
        &["info", "a"],
        "Name:              a\nState:             ACTIVE\nRead Ahead:        512\n\
         Tables present:    LIVE\nOpen count:        0\nEvent number:      0\n\
         Major, minor:      252, 7\nNumber of targets: 1\n\n",
        0,
    );
}

#[test]
fn an_error_is_told_in_the_originals_words() {
    check(&["info", "nope"], "Device does not exist.\nCommand failed.\n", 1);
    check(
        &["remove", "b"],
        "device-mapper: remove ioctl on b  failed: Device or resource busy\nCommand failed.\n",
        1,
    );
}

#[test]
fn a_socket_that_nobody_serves_is_a_kernel_without_device_mapper() {
    let folder = tempfile::tempdir().unwrap();
    if let Some((text, code)) = original(&folder.path().join("none"), &["ls"]) {
        assert!(text.starts_with("/dev/mapper/control: open failed: No such device\n"), "{text}");
        assert_eq!(code, 1);
    }
}
