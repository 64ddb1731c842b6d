//! What `dmsetup` says where no device-mapper is asked, held to what the original said.
//!
//! The files in `recorded/` are sessions, recorded by running the original in its place:
//!
//! ```text
//! DMSETUP_RECORD=/usr/sbin/dmsetup cargo test -p dmsetup --test recorded
//! ```
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use dm_testkit::transcript::compare::{Difference, differences};
use dm_testkit::transcript::{Item, Output, Transcript};

/// The names under which the program means different things.
const NAMES: [&str; 5] = ["dmsetup", "dmstats", "devmap_name", "dmlosetup", "losetup"];

/// Plays a session against `tool`, in an environment that has nothing but what the commands set.
fn play(tool: &Path, session: &Transcript) -> Transcript {
    let folder = tempfile::tempdir().unwrap();
    for name in NAMES {
        symlink(tool, folder.path().join(name)).unwrap();
    }
    let mut played = session.clone();
    for item in &mut played.items {
        let Item::Step(step) = item else { continue };
        let ended = Command::new("sh")
            .args(["-c", &step.command])
            .env_clear()
            .env("PATH", format!("{}:/usr/bin:/bin", folder.path().display()))
            .env("LC_ALL", "C")
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        let code = ended.status.code().unwrap();
        step.output = Some(Output { stdout: ended.stdout, stderr: ended.stderr, code });
    }
    played
}

fn holds(name: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded").join(name);
    let session = Transcript::parse(&fs::read(&file).unwrap()).unwrap();
    if let Some(original) = std::env::var_os("DMSETUP_RECORD") {
        fs::write(&file, play(Path::new(&original), &session).print()).unwrap();
        return;
    }
    let played = play(Path::new(env!("CARGO_BIN_EXE_dmsetup")), &session);
    let differences = differences(&session, &played);
    let described: String = differences.iter().map(Difference::describe).collect();
    assert!(differences.is_empty(), "{name}:\n{described}");
}

#[test]
fn usage_texts() {
    holds("usage.txt");
}

#[test]
fn options_that_are_none() {
    holds("getopt.txt");
}

#[test]
fn values_that_are_none() {
    holds("values.txt");
}

#[test]
fn commands_that_end_before_device_mapper_is_asked() {
    holds("commands.txt");
}

#[test]
fn names_of_the_program() {
    holds("personalities.txt");
}

#[test]
fn parts_of_names() {
    holds("splitname.txt");
}

#[test]
fn no_device_mapper() {
    // The lines differ by one for other users.
    if is_root() {
        holds("no-device-mapper.txt");
    } else {
        eprintln!("skipped: needs root");
    }
}

#[test]
fn cookies() {
    // Semaphores of their own are for root to give.
    if is_root() {
        holds("cookies.txt");
    } else {
        eprintln!("skipped: needs root");
    }
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0)
}
