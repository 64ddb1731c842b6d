//! `dust`. What the kernel answers is recorded in `tests/transcripts/dmsetup/dust*.txt`, with a `dm-dust` built
//! for it where the distribution leaves it out.

use dm_engine::io::request::{Kind, Now};
use dm_engine::target::{Map, Shape, Target};

use super::*;

const LINE: &str = "0 1024 dust 1:0 0 4096";

fn tell(bench: &Bench, message: &str) -> Result<Option<String>, Errno> {
    tell_at(bench, 0, message)
}

fn tell_at(bench: &Bench, line: usize, message: &str) -> Result<Option<String>, Errno> {
    let words: Vec<&[u8]> = message.split(' ').map(str::as_bytes).collect();
    bench.device.live().unwrap().placed()[line].target.message(&words)
}

/// A device whose bad blocks count.
fn enabled(line: &str, messages: &[&str]) -> Bench {
    let bench = Bench::new(line);
    for message in messages.iter().chain(&["enable"]) {
        assert_eq!(tell(&bench, message), Ok(None), "{message}");
    }
    bench
}

fn listed(bench: &Bench) -> String {
    tell(bench, "listbadblocks").unwrap().unwrap().replace('\n', " ")
}

#[test]
fn its_arguments_are_checked_in_the_kernels_order() {
    let einval = |text| (text, Errno::EINVAL);
    for bad in ["", "x", "x x", "x x x x"] {
        assert_eq!(why(&format!("0 1024 dust {bad}")), einval("Invalid argument count"), "{bad}");
    }
    for bad in ["0", "x", "-512", "4294967808"] {
        let line = format!("0 1024 dust /dev/nosuch x {bad}");
        assert_eq!(why(&line), einval("Invalid block size parameter"), "{bad}");
    }
    let of_block = |block| why(&format!("0 1024 dust /dev/nosuch x {block}"));
    assert_eq!(of_block(256), einval("Block size must be at least 512"));
    assert_eq!(of_block(1536), einval("Block size must be a power of 2"));
    assert_eq!(of_block(1_048_576), einval("Block size is too large"));
    let giants = "0 8589934592 dust /dev/nosuch x 2147483648";
    assert_eq!(why(giants), einval("Block size is too large"));
    for bad in ["x", "-1", "+1", "0x8"] {
        let line = format!("0 1024 dust /dev/nosuch {bad} 512");
        assert_eq!(why(&line), einval("Invalid device offset sector"), "{bad}");
    }
    for bad in ["/dev/nosuch", "250:250", "4096:0"] {
        let line = format!("0 1024 dust {bad} 0 512");
        assert_eq!(why(&line), einval("Device lookup failed"), "{bad}");
    }
}

#[test]
fn a_bad_block_cannot_be_read_and_its_neighbours_can() {
    let bench = enabled(LINE, &["addbadblock 2"]);
    bench.disk(0).fill(Sectors::ZERO, &numbered(0, 32));
    assert_eq!(bench.read(0, 16).unwrap(), numbered(0, 16));
    for at in [16, 20, 23] {
        assert_eq!(bench.read(at, 1), Err(Errno::EIO), "{at}");
    }
    assert_eq!(bench.read(15, 2), Err(Errno::EIO));
    assert_eq!(bench.read(24, 8).unwrap(), numbered(24, 8));
    assert_eq!(tell(&bench, "disable"), Ok(None));
    assert_eq!(bench.read(0, 32).unwrap(), numbered(0, 32));
}

#[test]
fn a_write_mends_a_block() {
    let bench = enabled(LINE, &["addbadblock 2", "addbadblock 3"]);
    bench.write(17, &numbered(1, 1)).unwrap();
    assert_eq!(heads(&bench.read(16, 3).unwrap()), [0, 1, 0]);
    assert_eq!(listed(&bench), "3 ");
    bench.write(8, &numbered(1, 24)).unwrap();
    assert_eq!(listed(&bench), "No blocks in badblocklist");
    assert_eq!(bench.read(8, 24).unwrap(), numbered(1, 24));
}

#[test]
fn a_block_fails_as_many_writes_as_it_was_told() {
    let bench = enabled(LINE, &["addbadblock 2 2"]);
    assert_eq!(bench.write(16, &[1; 512]), Err(Errno::EIO));
    // A write over several blocks fails as a whole, and counts.
    assert_eq!(bench.write(8, &[2; 24 * 512]), Err(Errno::EIO));
    assert_eq!(bench.read(16, 1), Err(Errno::EIO));
    assert_eq!(bench.write(16, &[3; 512]), Ok(()));
    assert_eq!(heads(&bench.read(16, 1).unwrap()), [3]);
}

#[test]
fn a_disabled_one_wears_nothing() {
    let bench = Bench::new(LINE);
    assert_eq!(tell(&bench, "addbadblock 2 1"), Ok(None));
    bench.write(16, &[1; 512]).unwrap();
    assert_eq!(listed(&bench), "2 ");
}

#[test]
fn blocks_are_counted_from_the_start_of_the_device() {
    let bench = enabled("0 1024 dust 1:0 12 4096", &["addbadblock 2"]);
    let reads = [3, 4, 11, 12].map(|at| bench.read(at, 1).is_ok());
    assert_eq!(reads, [true, false, false, true]);
    // The target's units are half a block off: a read is looked up where it begins.
    assert!(bench.read(0, 8).is_ok());
    assert_eq!(bench.read(8, 8), Err(Errno::EIO));
}

#[test]
fn a_discard_is_a_write_to_its_first_block() {
    let bench = enabled("0 64 dust 1:0 128 512", &["addbadblock 131", "addbadblock 132 1"]);
    bench.run(3, Op::Discard(Sectors::new(3))).unwrap();
    assert_eq!(listed(&bench), "132 ");
    assert_eq!(bench.run(4, Op::Discard(Sectors::new(1))), Err(Errno::EIO));
}

/// What `dd conv=fsync` has done to the lists of the kernel's: block 128 was gone from the first, 192 from the
/// second.
#[test]
fn a_flush_is_a_write_to_the_first_sector_of_the_mapped_device() {
    let bench = Bench::new("0 64 dust 1:0 128 512\n64 64 dust 1:0 256 512");
    let blocks = [0, 64, 128, 192, 256];
    for line in [0, 1] {
        for block in blocks {
            tell_at(&bench, line, &format!("addbadblock {block}")).unwrap();
        }
        tell_at(&bench, line, "enable").unwrap();
    }
    bench.run(0, Op::Flush).unwrap();
    let list = |line| tell_at(&bench, line, "listbadblocks").unwrap().unwrap();
    assert_eq!(list(0), "0\n64\n192\n256\n");
    assert_eq!(list(1), "0\n64\n128\n256\n");
}

#[test]
fn a_flush_may_fail_and_otherwise_reaches_the_device() {
    let bench = enabled("0 64 dust 1:0 128 512", &["addbadblock 128 1"]);
    assert_eq!(bench.run(0, Op::Flush), Err(Errno::EIO));
    bench.write(5, &[1; 512]).unwrap();
    assert!(!bench.is_flushed(0));
    bench.run(0, Op::Flush).unwrap();
    assert!(bench.is_flushed(0));
}

#[test]
fn mapping_changes_nothing() {
    let bench = enabled(LINE, &["addbadblock 2", "addbadblock 3 1"]);
    let table = bench.device.live().unwrap();
    let map = |kind, at| {
        let (at, len) = (Sectors::new(at), Sectors::new(1));
        let shape = Shape { kind, at, len, flags: IoFlags::empty(), copy: 0 };
        table.placed()[0].target.map(&shape, Now::ZERO)
    };
    for _ in 0..3 {
        assert_eq!(map(Kind::Write, 16), Map::Run);
        assert_eq!(map(Kind::Write, 24), Map::Run);
        assert_eq!(map(Kind::Read, 16), Map::Fail(Errno::EIO));
    }
    assert_eq!(listed(&bench), "2 3 ");
}

#[test]
fn messages_answer_as_the_kernels() {
    let bench = Bench::new(LINE);
    let answer = |message: &str| tell(&bench, message).unwrap().unwrap();
    assert_eq!(answer("countbadblocks"), "countbadblocks: 0 badblock(s) found");
    assert_eq!(answer("listbadblocks"), "No blocks in badblocklist");
    assert_eq!(answer("clearbadblocks"), "dust_clear_badblocks: no badblocks found");
    for good in
        ["addbadblock 60", "AddBadBlock 7 255", "addbadblock 4096", "addbadblock 1 4294967297"]
    {
        assert_eq!(tell(&bench, good), Ok(None), "{good}");
    }
    assert_eq!(answer("listbadblocks"), "1\n7\n60\n4096\n");
    assert_eq!(answer("countbadblocks"), "countbadblocks: 4 badblock(s) found");
    assert_eq!(answer("queryblock 007"), "dust_query_block: block 7 found in badblocklist");
    assert_eq!(answer("queryblock 8"), "dust_query_block: block 8 not found in badblocklist");
    assert_eq!(tell(&bench, "removebadblock 7"), Ok(None));
    for bad in [
        "addbadblock",
        "removebadblock",
        "queryblock",
        "nosuch",
        "nosuch 5",
        "enable 1",
        "quiet 1",
        "countbadblocks 1",
        "queryblock 1 1",
        "removebadblock 1 1",
        "addbadblock 2 1 1",
        "addbadblock x",
        "addbadblock -1",
        "addbadblock +2",
        "addbadblock 0x2",
        "addbadblock 4097",
        "queryblock 4097",
        "addbadblock 60",
        "addbadblock 60 1",
        "removebadblock 7",
        "addbadblock 2 256",
        "addbadblock 2 -1",
        "",
    ] {
        assert_eq!(tell(&bench, bad), Err(Errno::EINVAL), "{bad}");
    }
    assert_eq!(answer("clearbadblocks"), "dust_clear_badblocks: badblocks cleared");
    assert_eq!(answer("countbadblocks"), "countbadblocks: 0 badblock(s) found");
}

#[test]
fn its_switches_stand_in_its_status() {
    let bench = Bench::new("0 1024 dust /dev/ram1 8 4096");
    let info = |message: &str| {
        tell(&bench, message).unwrap();
        bench.status(StatusKind::Info)
    };
    assert_eq!(bench.status(StatusKind::Info), "1:1 bypass verbose");
    assert_eq!(info("enable"), "1:1 fail_read_on_bad_block verbose");
    assert_eq!(info("quiet"), "1:1 fail_read_on_bad_block quiet");
    assert_eq!(info("quiet"), "1:1 fail_read_on_bad_block verbose");
    assert_eq!(info("disable"), "1:1 bypass verbose");
    assert_eq!(bench.status(StatusKind::Table), "1:1 8 4096");
}

#[test]
fn what_it_was_told_is_remembered() {
    let messages =
        ["addbadblock 9 200", "addbadblock 4", "addbadblock 5", "addbadblock 6", "quiet"];
    let bench = enabled(LINE, &messages);
    bench.write(72, &[0; 512]).unwrap_err();
    let table = bench.device.live().unwrap();
    let memory = table.placed()[0].target.memory().unwrap();
    assert_eq!(memory, "fail_read_on_bad_block quiet 4-6 9:199");
    let next = Bench::new(LINE);
    let live = next.device.live().unwrap();
    let target: &dyn Target = &*live.placed()[0].target;
    for bad in [
        "",
        "bypass",
        "bypass loud",
        "enable quiet",
        "bypass quiet 5 5",
        "bypass quiet ",
        "bypass quiet x",
    ] {
        assert_eq!(target.recall(bad), Err(Errno::EINVAL), "{bad}");
        assert_eq!(target.memory().unwrap(), "bypass verbose");
    }
    target.recall(&memory).unwrap();
    assert_eq!(target.memory().unwrap(), memory);
    assert_eq!(next.status(StatusKind::Info), bench.status(StatusKind::Info));
    assert_eq!(next.read(40, 1), Err(Errno::EIO));
    assert!(next.read(56, 1).is_ok());
}
