//! Messages to targets, for every example of every target type in turn, and what they leave to be remembered.

use std::sync::Arc;

use dm_core::errno::Errno;
use dm_core::name::TargetName;
use dm_core::table::Line;
use dm_core::units::Sectors;
use dm_core::words;
use dm_engine::build::{LiveTable, Mode, build};
use dm_engine::io::request::{Device, IoFlags, Kind, Now};
use dm_engine::target::{Map, Opener, Runner, Shape, StatusKind, Target, TargetType};
use dm_engine::targets::TARGETS;
use dm_testkit::sim::SimOpener;

/// What the rows' examples are written for.
const LEN: Sectors = Sectors::new(1024);

/// Sends each line of `data` as a message, and hands the whole of it over as what a target remembers.
pub(super) fn target(data: &[u8]) {
    for kind in TARGETS {
        for args in kind.examples {
            let table = built(kind, args, &mut disks());
            let told = table.placed().first().expect("a line");
            recalls(kind, args, &*told.target, data);
            for line in data.split(|&byte| byte == b'\n') {
                tell(&*told.target, line);
            }
            remembers(kind, args, &*told.target);
        }
    }
}

fn disks() -> SimOpener {
    SimOpener::new(8, Sectors::new(4096))
}

/// The opener of the process after the one in which the table was live.
#[derive(Debug)]
struct Next(SimOpener);

impl Opener for Next {
    fn open(&mut self, word: &[u8]) -> Result<Arc<dyn Device>, Errno> {
        self.0.open(word)
    }

    fn now(&self) -> Now {
        self.0.now()
    }

    fn runner(&self) -> Option<Arc<dyn Runner>> {
        self.0.runner()
    }

    fn is_back(&self) -> bool {
        true
    }
}

fn built(kind: &TargetType, args: &str, opener: &mut dyn Opener) -> LiveTable {
    let target = TargetName::new(kind.name.as_bytes()).expect("a row's name");
    let line = Line { start: Sectors::ZERO, len: LEN, target, args: args.as_bytes().to_vec() };
    build(&[line], Mode::ReadWrite, opener).expect("an example")
}

/// A message that has words, as none without gets so far.
fn tell(target: &dyn Target, message: &[u8]) {
    let words = words::split(message);
    let words: Vec<&[u8]> = words.iter().map(Vec::as_slice).collect();
    if words.is_empty() {
        return;
    }
    match target.message(&words) {
        Ok(answer) => assert!(answer.is_none_or(|answer| !answer.contains('\0'))),
        Err(errno) => assert!(errno.get() > 0),
    }
}

/// Text that nobody wrote is refused and changes nothing, or is taken and then told again in the target's own
/// words.
fn recalls(kind: &TargetType, args: &str, target: &dyn Target, data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let before = target.memory();
    match target.recall(text) {
        Ok(()) => remembers(kind, args, target),
        Err(errno) => {
            assert!(errno.get() > 0);
            assert_eq!(target.memory(), before, "{} {args}", kind.name);
        }
    }
}

/// What is remembered makes another of the same table the same.
fn remembers(kind: &TargetType, args: &str, target: &dyn Target) {
    let Some(memory) = target.memory() else { return };
    assert!(!memory.contains('\n'), "{memory}");
    let table = built(kind, args, &mut Next(disks()));
    let again = &*table.placed().first().expect("a line").target;
    assert_eq!(again.recall(&memory), Ok(()), "{} {args}: {memory}", kind.name);
    assert_eq!(again.memory().as_deref(), Some(&*memory), "{} {args}", kind.name);
    for of in [StatusKind::Info, StatusKind::Table] {
        assert_eq!(status(again, of), status(target, of), "{} {args}", kind.name);
    }
    for at in [0, 1, 15, 16, 17, 341, 512, 1023] {
        for kind in [Kind::Read, Kind::Write] {
            assert_eq!(map(again, kind, at), map(target, kind, at), "{memory}");
        }
    }
}

fn status(target: &dyn Target, kind: StatusKind) -> String {
    let mut text = String::new();
    target.status(kind, &mut text).expect("memory takes all");
    text
}

fn map(target: &dyn Target, kind: Kind, at: u64) -> Map {
    let (at, len) = (Sectors::new(at), Sectors::new(1));
    target.map(&Shape { kind, at, len, flags: IoFlags::empty(), copy: 0 }, Now::ZERO)
}
