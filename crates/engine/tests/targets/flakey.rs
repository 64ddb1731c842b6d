//! `flakey`. What the kernel answers is recorded in `tests/transcripts/dmsetup/flakey*.txt`, what it does to
//! data in `tests/scripts/flakey*.out`.

use std::time::Duration;

use dm_engine::io::request::{Cx as _, Kind, Now};
use dm_engine::target::{Map, Shape, Target};

use super::*;

/// A device that is always down.
fn down(features: &str) -> Bench {
    let bench = Bench::new(&format!("0 64 flakey 1:0 8 0 1 {features}"));
    bench.disk(0).fill(Sectors::new(8), &numbered(1, 64));
    bench
}

/// What lies under its first `sectors`.
fn under(bench: &Bench, sectors: u64) -> Vec<u8> {
    bench.disk(0).peek(Sectors::new(8), Sectors::new(sectors))
}

fn pass(bench: &Bench, seconds: u64) {
    bench.cx.block_on(bench.cx.sleep(Duration::from_secs(seconds)));
}

#[test]
fn the_device_and_the_intervals_are_checked_in_the_kernels_order() {
    let einval = |args: &str, text| {
        assert_eq!(why(&format!("0 8 flakey {args}")), (text, Errno::EINVAL), "{args}");
    };
    for few in ["", "1:0", "1:0 0", "1:0 x y"] {
        einval(few, "Invalid argument count");
    }
    einval("250:250 x y 1", "Invalid device sector");
    einval("250:250 0 x y", "Invalid up interval");
    einval("250:250 0 1 -1", "Invalid up interval");
    einval("250:250 0 0 0", "Total (up + down) interval is zero");
    einval("250:250 0 4294967295 1", "Total (up + down) interval is zero");
    einval("250:250 0 4294967296 0", "Total (up + down) interval is zero");
    einval("250:250 0 4294967295 2 x", "Interval overflow");
    einval("250:250 0 1 1 1 nonsense", "Unrecognised flakey feature requested");
    assert_eq!(why("0 8 flakey 250:250 0 1 1"), ("Device lookup failed", Errno::ENXIO));
    assert_eq!(why("0 8 flakey /dev/nosuch 0 1 1"), ("Device lookup failed", Errno::ENOENT));
    assert_eq!(Bench::empty().load("0 8 flakey 1:0 32761 1 1"), Err(Errno::EINVAL));
}

#[test]
fn features_are_refused_in_the_kernels_words() {
    let value = "Invalid corrupt value to write into bio byte (0-255)";
    let drop_byte = "drop_writes is incompatible with corrupt_bio_byte with the WRITE flag set";
    let error_byte = "error_writes is incompatible with corrupt_bio_byte with the WRITE flag set";
    let drop_error = "Feature drop_writes conflicts with feature error_writes";
    let error_drop = "Feature error_writes conflicts with feature drop_writes";
    for (features, text) in [
        ("x", "Invalid number of feature args"),
        ("12", "Invalid number of feature args"),
        ("1", "Invalid number of feature args"),
        ("11 drop_writes", "Invalid number of feature args"),
        ("2 drop_writes nonsense", "Unrecognised flakey feature requested"),
        ("2 error_reads error_reads", "Feature error_reads duplicated"),
        ("2 drop_writes drop_writes", "Feature drop_writes duplicated"),
        ("2 error_writes drop_writes", drop_error),
        ("2 error_writes error_writes", "Feature error_writes duplicated"),
        ("2 drop_writes error_writes", error_drop),
        ("1 corrupt_bio_byte", "Feature corrupt_bio_byte requires parameters"),
        ("1 corrupt_bio_byte 1 w 0 0", "Feature corrupt_bio_byte requires parameters"),
        ("2 corrupt_bio_byte 0", "Invalid corrupt bio byte"),
        ("2 corrupt_bio_byte x", "Invalid corrupt bio byte"),
        ("2 corrupt_bio_byte 1", "Invalid corrupt bio direction (r or w)"),
        ("3 corrupt_bio_byte 1 rw", "Invalid corrupt bio direction (r or w)"),
        ("3 corrupt_bio_byte 1 w", value),
        ("4 corrupt_bio_byte 1 w 256", value),
        ("4 corrupt_bio_byte 1 w 0", "Invalid corrupt bio flags mask"),
        ("5 corrupt_bio_byte 1 w 0 x", "Invalid corrupt bio flags mask"),
        // The kernel's count of what is left falls below zero.
        ("2 corrupt_bio_byte 1 w 0 0", "Insufficient feature arguments"),
        ("3 corrupt_bio_byte 1 r 0 0 error_reads", "Insufficient feature arguments"),
        ("1 random_read_corrupt", "Feature random_read_corrupt requires a parameter"),
        ("1 random_write_corrupt", "Feature random_write_corrupt requires a parameter"),
        ("2 random_read_corrupt 1000000001", "Invalid random corrupt argument"),
        ("2 random_write_corrupt x", "Invalid random corrupt argument"),
        ("6 drop_writes corrupt_bio_byte 1 w 0 0", drop_byte),
        ("6 corrupt_bio_byte 1 w 0 0 error_writes", error_byte),
    ] {
        let table = format!("0 8 flakey 1:0 0 1 1 {features}");
        assert_eq!(why(&table), (text, Errno::EINVAL), "{features}");
    }
}

#[test]
fn its_table_has_the_features_in_the_kernels_order() {
    let all = "11 error_reads error_writes corrupt_bio_byte 1 r 255 1 random_read_corrupt 6 \
               random_write_corrupt 5";
    let mixed = "11 random_write_corrupt 5 corrupt_bio_byte 1 R 255 1 random_read_corrupt 6 \
                 error_writes Error_Reads";
    for (given, shown) in [
        ("", "2 error_reads error_writes"),
        ("0", "2 error_reads error_writes"),
        ("2 random_read_corrupt 0", "2 error_reads error_writes"),
        ("1 drop_writes", "1 drop_writes"),
        ("1 DROP_Writes and more", "1 drop_writes"),
        ("10 corrupt_bio_byte 1 w 2 3 corrupt_bio_byte 4 r 5 6", "5 corrupt_bio_byte 4 r 5 6"),
        ("3 drop_writes random_write_corrupt 5", "3 drop_writes random_write_corrupt 5"),
        (mixed, all),
    ] {
        let bench = Bench::new(&format!("0 8 flakey /dev/ram0 8 3 4 {given}"));
        assert_eq!(bench.status(StatusKind::Table), format!("1:0 8 3 4 {shown}"), "{given}");
        assert_eq!(bench.status(StatusKind::Info), "");
    }
}

#[test]
fn it_is_up_and_down_by_whole_seconds() {
    let bench = Bench::new("0 64 flakey 1:0 8 3 2");
    let mut works = Vec::new();
    for _ in 0..12 {
        works.push(bench.read(0, 1).is_ok());
        pass(&bench, 1);
    }
    let (up, no) = (true, false);
    assert_eq!(works, [up, up, up, no, no, up, up, up, no, no, up, up]);
}

#[test]
fn a_part_of_a_second_does_not_count() {
    let bench = Bench::new("0 64 flakey 1:0 8 1 1");
    bench.cx.block_on(bench.cx.sleep(Duration::from_millis(999)));
    assert!(bench.read(0, 1).is_ok());
    bench.cx.block_on(bench.cx.sleep(Duration::from_millis(1)));
    assert_eq!(bench.read(0, 1), Err(Errno::EIO));
}

#[test]
fn one_interval_may_be_zero() {
    assert!(Bench::new("0 64 flakey 1:0 8 4294967295 0").read(0, 1).is_ok());
    assert_eq!(Bench::new("0 64 flakey 1:0 8 0 4294967295").read(0, 1), Err(Errno::EIO));
}

#[test]
fn without_features_everything_fails_while_it_is_down() {
    let bench = down("");
    assert_eq!(bench.read(0, 1), Err(Errno::EIO));
    assert_eq!(bench.write(0, &[9; 512]), Err(Errno::EIO));
    assert_eq!(bench.run(0, Op::Discard(Sectors::new(1))), Err(Errno::EIO));
    assert_eq!(bench.run(0, Op::Flush), Err(Errno::EIO));
    assert_eq!(bench.run(0, Op::WriteZeroes(Sectors::new(1))), Err(Errno::EOPNOTSUPP));
    assert!(bench.disk(0).record().is_empty());
}

#[test]
fn dropped_writes_are_answered_and_not_done() {
    let bench = down("1 drop_writes");
    bench.write(0, &[9; 512]).unwrap();
    bench.run(1, Op::Discard(Sectors::new(1))).unwrap();
    bench.run(0, Op::Flush).unwrap();
    assert_eq!(bench.read(0, 4).unwrap(), numbered(1, 4));
    assert!(bench.disk(0).record().is_empty());
}

#[test]
fn errors_may_be_of_reads_or_of_writes_alone() {
    let reads = down("1 error_reads");
    assert_eq!(reads.read(0, 1), Err(Errno::EIO));
    reads.write(0, &[9; 512]).unwrap();
    reads.run(0, Op::Flush).unwrap();
    reads.run(1, Op::Discard(Sectors::new(1))).unwrap();
    assert_eq!(heads(&under(&reads, 3)), [9, 0, 3]);

    let writes = down("1 error_writes");
    assert_eq!(writes.read(0, 2).unwrap(), numbered(1, 2));
    assert_eq!(writes.write(0, &[9; 512]), Err(Errno::EIO));
    assert_eq!(writes.run(0, Op::Flush), Err(Errno::EIO));
    assert_eq!(under(&writes, 2), numbered(1, 2));
}

/// `data` with other bytes at the positions.
fn with(mut data: Vec<u8>, changes: &[(usize, u8)]) -> Vec<u8> {
    for (at, value) in changes {
        data[*at] = *value;
    }
    data
}

#[test]
fn one_byte_of_every_read_is_another() {
    let bench = down("5 corrupt_bio_byte 600 r 77 0");
    assert_eq!(bench.read(0, 4).unwrap(), with(numbered(1, 4), &[(599, 77)]));
    assert_eq!(bench.read(3, 2).unwrap(), with(numbered(4, 2), &[(599, 77)]));
    assert_eq!(bench.read(0, 1).unwrap(), numbered(1, 1));
    bench.write(0, &numbered(30, 2)).unwrap();
    assert_eq!(under(&bench, 2), numbered(30, 2));
}

#[test]
fn one_byte_of_every_write_is_another_in_a_copy() {
    let bench = down("5 corrupt_bio_byte 512 w 0 1");
    let data = BufMut::copy_of(&numbered(30, 2)).freeze();
    bench.run(1, Op::Write(data.clone())).unwrap();
    assert_eq!(data[..], numbered(30, 2));
    let changed = with(numbered(30, 2), &[(511, 0)]);
    assert_eq!(under(&bench, 4), [numbered(1, 1), changed.clone(), numbered(4, 1)].concat());
    assert_eq!(bench.read(1, 2).unwrap(), changed);
}

#[test]
fn bytes_count_from_where_the_request_begins_on_its_line() {
    let table = "0 4 linear 1:1 0\n4 8 flakey 1:0 0 0 1 5 corrupt_bio_byte 1 r 99 0";
    let bench = Bench::new(table);
    assert_eq!(heads(&bench.read(2, 4).unwrap()), [0, 0, 99, 0]);
}

#[test]
fn while_it_is_up_nothing_is_changed() {
    let features = "9 corrupt_bio_byte 1 w 9 0 random_read_corrupt 1000000000 \
                    random_write_corrupt 1000000000";
    let bench = Bench::new(&format!("0 64 flakey 1:0 8 1 0 {features}"));
    bench.write(0, &numbered(1, 4)).unwrap();
    assert_eq!(under(&bench, 4), numbered(1, 4));
    assert_eq!(bench.read(0, 4).unwrap(), numbered(1, 4));
}

#[test]
fn a_request_must_have_all_the_flags() {
    let writes = |mask: u32, flags| {
        let bench = down(&format!("5 corrupt_bio_byte 1 w 99 {mask}"));
        let data = Op::Write(BufMut::zeroed(512).freeze());
        bench.submit(0, data, flags).result.unwrap();
        under(&bench, 1)[0] == 99
    };
    let (none, fua) = (IoFlags::empty(), IoFlags::FUA);
    assert!(writes(1, none));
    assert!(writes(1 << 17, fua));
    assert!(writes((1 << 17) | (1 << 12) | 1, fua | IoFlags::META));
    assert!(!writes(1 << 17, none));
    assert!(!writes((1 << 17) | (1 << 12), fua));
    // A flush before the data goes on its own way, without the data.
    assert!(!writes(1 << 18, IoFlags::PREFLUSH));
    assert!(!writes(1 << 11, none));

    let reads = |mask: u32, flags| {
        let bench = down(&format!("5 corrupt_bio_byte 1 r 99 {mask}"));
        let done = bench.submit(0, Op::Read(BufMut::zeroed(512)), flags);
        done.buf.unwrap()[0] == 99
    };
    assert!(reads(1 << 19, IoFlags::READAHEAD));
    assert!(!reads(1 << 19, none));
    assert!(!reads(1, none));
}

#[test]
fn a_read_that_failed_is_not_changed() {
    let bench = down("5 corrupt_bio_byte 1 r 99 0");
    bench.disk(0).fail_range(Sectors::ZERO..DISK, Errno::ENODATA);
    let done = bench.submit(0, Op::Read(BufMut::zeroed(512)), IoFlags::empty());
    assert_eq!(done.result, Err(Errno::ENODATA));
    assert_eq!(done.buf.unwrap()[0], 0);
}

/// How many bytes differ.
fn differ(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).filter(|(a, b)| a != b).count()
}

#[test]
fn chance_changes_at_most_one_byte_of_a_read() {
    let bench = down("2 random_read_corrupt 1000000000");
    let good = numbered(1, 4);
    let changed: Vec<_> = (0..500).map(|_| differ(&bench.read(0, 4).unwrap(), &good)).collect();
    assert!(changed.iter().all(|&bytes| bytes <= 1));
    // One value of 256 is what was there.
    assert!(changed.iter().sum::<usize>() > 480);
    assert_eq!(under(&bench, 4), good);
}

#[test]
fn chance_changes_as_many_as_it_is_told() {
    let half = down("2 random_write_corrupt 500000000");
    let changed = (0..1000).filter(|_| {
        half.write(0, &numbered(1, 1)).unwrap();
        under(&half, 1) != numbered(1, 1)
    });
    assert!((450..550).contains(&changed.count()));
    let rare = down("2 random_write_corrupt 1");
    for _ in 0..1000 {
        rare.write(0, &numbered(1, 1)).unwrap();
        assert_eq!(under(&rare, 1), numbered(1, 1));
    }
}

#[test]
fn a_fixed_byte_and_chance_go_together() {
    let bench = down("7 corrupt_bio_byte 1 w 99 0 random_write_corrupt 1000000000");
    let mut bytes = 0;
    for _ in 0..100 {
        bench.write(0, &numbered(1, 4)).unwrap();
        bytes += differ(&under(&bench, 4), &numbered(1, 4));
    }
    assert!((190..=200).contains(&bytes), "{bytes}");
}

fn map(target: &dyn Target, kind: Kind, sectors: u64, seconds: u64) -> Map {
    let (at, len, flags) = (Sectors::new(5), Sectors::new(sectors), IoFlags::empty());
    target.map(&Shape { kind, at, len, flags, copy: 0 }, Now::from_secs(seconds))
}

#[test]
fn what_is_not_changed_takes_the_fast_path() {
    let bench = Bench::new("0 64 flakey 1:0 8 1 1 5 corrupt_bio_byte 600 w 77 0");
    let table = bench.device.live().unwrap();
    let target = &*table.placed()[0].target;
    let to = |sectors| Map::To { leg: 0, sector: Sectors::new(13), len: Sectors::new(sectors) };
    assert_eq!(map(target, Kind::Write, 2, 0), to(2));
    assert_eq!(map(target, Kind::Write, 2, 1), Map::Run);
    assert_eq!(map(target, Kind::Write, 1, 1), to(1));
    assert_eq!(map(target, Kind::Read, 2, 1), to(2));
    assert_eq!(map(target, Kind::Discard, 2, 1), to(2));
    assert_eq!(map(target, Kind::Write, 2, 2), to(2));
}

#[test]
fn a_new_process_goes_on_with_the_old_intervals() {
    let built = |table: &str| build_over(table, &mut SimOpener::new(1, DISK)).unwrap();
    let (old, new) = (built("0 64 flakey 1:0 8 10 10"), built("0 64 flakey 1:0 8 10 10"));
    let (old, new) = (&*old.placed()[0].target, &*new.placed()[0].target);
    let failed = Map::Fail(Errno::EIO);
    assert_eq!(old.recall("7000000000"), Ok(()));
    assert_eq!(old.memory().as_deref(), Some("7000000000"));
    assert_eq!(new.recall(&old.memory().unwrap()), Ok(()));
    assert_ne!(map(new, Kind::Read, 1, 16), failed);
    assert_eq!(map(new, Kind::Read, 1, 17), failed);
    assert_ne!(map(new, Kind::Read, 1, 27), failed);
    for bad in ["", "x", "-1", "18446744073709551616"] {
        assert_eq!(new.recall(bad), Err(Errno::EINVAL), "{bad}");
    }
    assert_eq!(map(new, Kind::Read, 1, 17), failed);
}
