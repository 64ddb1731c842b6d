use std::fs;
use std::path::PathBuf;

use clap::Parser as _;
use dm_core::log_writes::{Entry, EntryFlags, Super};
use dm_core::units::Bytes;

use super::*;
use crate::options::{Command, Options};

/// A folder with a log, and a replica of 64 sectors full of sevens.
struct Bench {
    folder: tempfile::TempDir,
}

fn block(size: u64) -> Block {
    Block::new(Bytes::new(size)).unwrap()
}

/// Entries, the data of which is the entry's number and one.
fn log_of(block: Block, entries: &[Entry]) -> Vec<u8> {
    let mut bytes = Super { entries: entries.len() as u64, block }.to_block();
    for (number, entry) in (1..).zip(entries) {
        bytes.extend(entry.to_block(block));
        let data = usize::try_from(entry.data_blocks() * block.bytes().get()).unwrap();
        bytes.resize(bytes.len() + data, number);
    }
    bytes
}

fn entry(start: u64, len: u64, flags: EntryFlags) -> Entry {
    Entry { start, len, flags, text: Vec::new() }
}

fn mark(text: &str) -> Entry {
    Entry::mark(text.as_bytes(), block(512))
}

/// 0 writes 2 and 3; 1 flushes; 2 marks one; 3 writes 3 with FUA; 4 discards 2; 5 flushes; 6 marks two;
/// 7 writes 5.
fn session() -> Vec<Entry> {
    vec![
        entry(2, 2, EntryFlags::empty()),
        entry(0, 0, EntryFlags::FLUSH),
        mark("one"),
        entry(3, 1, EntryFlags::FUA),
        entry(2, 1, EntryFlags::DISCARD),
        entry(0, 0, EntryFlags::FLUSH),
        mark("two"),
        entry(5, 1, EntryFlags::empty()),
    ]
}

impl Bench {
    fn new(log: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("log"), log).unwrap();
        fs::write(folder.path().join("disk"), vec![7; 64 * 512]).unwrap();
        Self { folder }
    }

    fn session() -> Self {
        Self::new(&log_of(block(512), &session()))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `dm-engined replay-log LOG DISK` with these arguments.
    fn replay(&self, args: &[&str]) -> Result<(), String> {
        let (log, disk) = (self.path("log"), self.path("disk"));
        let paths = [log.to_str().unwrap(), disk.to_str().unwrap()];
        let line = ["dm-engined", "replay-log"].into_iter().chain(paths);
        let options = Options::try_parse_from(line.chain(args.iter().copied()));
        let Command::ReplayLog(options) = options.unwrap().command else {
            panic!("another command")
        };
        run(&options).map(drop).map_err(|failure| failure.to_string())
    }

    /// The first bytes of sectors 1 to 6.
    fn heads(&self) -> [u8; 6] {
        let bytes = fs::read(self.path("disk")).unwrap();
        assert_eq!(bytes.len(), 64 * 512);
        [1, 2, 3, 4, 5, 6].map(|sector| bytes[sector * 512])
    }

    /// What a check that notes entries has noted.
    fn noted(&self, check: &str) -> String {
        let notes = self.path("notes");
        let command = format!("echo $DMKIT_REPLAY_ENTRY >>'{}'", notes.display());
        self.replay(&["--check", check, "--command", &command]).unwrap();
        fs::read_to_string(notes).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

#[test]
fn all_of_a_log_is_replayed_and_a_discard_leaves_zeros() {
    for (args, discarded) in
        [(&[][..], 0), (&["--discards", "discard"], 0), (&["--discards", "skip"], 1)]
    {
        let bench = Bench::session();
        bench.replay(args).unwrap();
        assert_eq!(bench.heads(), [7, discarded, 4, 7, 8, 7], "{args:?}");
    }
}

#[test]
fn a_log_of_large_blocks_is_replayed() {
    let bench = Bench::new(&log_of(block(4096), &[entry(7, 1, EntryFlags::FUA)]));
    bench.replay(&[]).unwrap();
    let bytes = fs::read(bench.path("disk")).unwrap();
    assert!(bytes[..56 * 512].iter().all(|&byte| byte == 7));
    assert!(bytes[56 * 512..].iter().all(|&byte| byte == 1));
}

#[test]
fn a_part_is_replayed_from_mark_to_mark_and_as_far_as_the_limit() {
    for (args, heads) in [
        (&["--limit", "0"][..], [7, 7, 7, 7, 7, 7]),
        (&["--limit", "1"], [7, 1, 1, 7, 7, 7]),
        (&["--limit", "4"], [7, 1, 4, 7, 7, 7]),
        (&["--end-mark", "one"], [7, 1, 1, 7, 7, 7]),
        (&["--start-mark", "one", "--limit", "1"], [7, 7, 4, 7, 7, 7]),
        (&["--start-mark", "one", "--end-mark", "two"], [7, 0, 4, 7, 7, 7]),
        (&["--start-mark", "two"], [7, 7, 7, 7, 8, 7]),
    ] {
        let bench = Bench::session();
        bench.replay(args).unwrap();
        assert_eq!(bench.heads(), heads, "{args:?}");
    }
}

#[test]
fn a_mark_that_is_not_there_is_an_error_and_nothing_is_written() {
    for (args, text) in [
        (["--end-mark", "three"], "no mark \"three\""),
        (["--start-mark", "three"], "no mark \"three\""),
    ] {
        let bench = Bench::session();
        let failure = bench.replay(&args).unwrap_err();
        assert!(failure.contains(text), "{failure}");
        assert_eq!(bench.heads(), [7; 6]);
    }
    let bench = Bench::session();
    assert!(bench.replay(&["--start-mark", "two", "--end-mark", "one"]).is_err());
}

#[test]
fn a_dry_run_writes_nothing_and_finds_what_is_wrong() {
    let bench = Bench::session();
    bench.replay(&["--dry-run"]).unwrap();
    assert_eq!(bench.heads(), [7; 6]);
    let bench = Bench::new(&log_of(block(512), &[entry(63, 2, EntryFlags::FUA)]));
    assert!(bench.replay(&["--dry-run"]).is_err());
}

#[test]
fn checks_run_after_the_entries_that_they_are_for() {
    for (check, entries) in
        [("flush", "1 5"), ("fua", "3"), ("flush,fua", "1 3 5"), ("entry", "0 1 2 3 4 5 6 7")]
    {
        assert_eq!(Bench::session().noted(check), entries);
    }
}

#[test]
fn a_check_finds_the_prefix_and_the_first_that_fails_is_named() {
    let bench = Bench::session();
    let command = "test $DMKIT_REPLAY_ENTRY != 3 || exit 9";
    let failure = bench.replay(&["--check", "entry", "--command", command]).unwrap_err();
    let want = "entry 3, at byte 3072 of the log: the check failed: exit status: 9";
    assert!(failure.ends_with(want), "{failure}");
    assert_eq!(bench.heads(), [7, 1, 4, 7, 7, 7]);
    let whole = "test $(wc -c <\"$DMKIT_REPLAY_TARGET\") = 32768";
    Bench::session().replay(&["--check", "entry", "--command", whole]).unwrap();
}

#[test]
fn an_entry_past_the_end_is_named_before_anything_is_written() {
    let entries = [entry(2, 1, EntryFlags::FUA), entry(63, 2, EntryFlags::FUA)];
    let bench = Bench::new(&log_of(block(512), &entries));
    let failure = bench.replay(&[]).unwrap_err();
    let want = "entry 1, at byte 1536 of the log: block 63 plus 2 of 512 bytes is past the end of";
    assert!(failure.contains(want), "{failure}");
    assert_eq!(bench.heads(), [7; 6]);
    // The one before it can still be replayed.
    bench.replay(&["--limit", "1"]).unwrap();
    assert_eq!(bench.heads(), [7, 1, 7, 7, 7, 7]);
    for far in [u64::MAX, u64::MAX / 512] {
        let bench = Bench::new(&log_of(block(512), &[entry(far, 1, EntryFlags::DISCARD)]));
        assert!(bench.replay(&[]).unwrap_err().contains("past the end"));
    }
}

#[test]
fn a_damaged_log_is_replayed_up_to_the_damage_only_when_that_is_asked_for() {
    let mut log = log_of(block(512), &session());
    log[512 + 3 * 512 + 16] = 64;
    let bench = Bench::new(&log);
    let failure = bench.replay(&[]).unwrap_err();
    let want = "entry 1, at byte 2048 of the log, is damaged: flags 0x40 are unknown";
    assert!(failure.ends_with(want), "{failure}");
    assert_eq!(bench.heads(), [7; 6]);
    bench.replay(&["--limit", "1"]).unwrap();
    assert_eq!(bench.heads(), [7, 1, 1, 7, 7, 7]);
}

#[test]
fn what_is_no_log_or_the_log_itself_is_refused() {
    let bench = Bench::new(&[0; 4096]);
    assert!(bench.replay(&[]).unwrap_err().ends_with("not a log of dm-log-writes"));
    let bench = Bench::session();
    fs::remove_file(bench.path("disk")).unwrap();
    assert!(bench.replay(&[]).unwrap_err().contains("No such file"));
    fs::hard_link(bench.path("log"), bench.path("disk")).unwrap();
    assert!(bench.replay(&[]).unwrap_err().ends_with("is the log itself"));
}

#[test]
fn a_command_line_that_means_nothing_is_refused() {
    let bad = |args: &[&str]| {
        let line = ["dm-engined", "replay-log"].iter().chain(args);
        assert!(Options::try_parse_from(line).is_err(), "{args:?}");
    };
    bad(&["log"]);
    bad(&["log", "disk", "--list"]);
    bad(&["log", "disk", "--check", "flush"]);
    bad(&["log", "disk", "--command", "true"]);
    bad(&["log", "disk", "--check", "never", "--command", "true"]);
    bad(&["log", "disk", "--dry-run", "--check", "fua", "--command", "true"]);
}
