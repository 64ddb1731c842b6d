//! `striped`. What the kernel answers is recorded in `tests/transcripts/dmsetup/striped*.txt`.

use std::collections::HashSet;

use dm_engine::io::request::{Kind, Now};
use dm_engine::target::{Map, Shape};
use proptest::prelude::*;

use super::*;

#[test]
fn its_arguments_are_checked_in_the_kernels_order() {
    let einval = |text| (text, Errno::EINVAL);
    assert_eq!(why("0 256 striped 2"), einval("Not enough arguments"));
    for bad in ["0", "x", "-2", "4294967296"] {
        let line = format!("0 256 striped {bad} 0 1:0 0");
        assert_eq!(why(&line), einval("Invalid stripe count"), "{bad}");
        let line = format!("0 256 striped 3 {bad} 1:0 0");
        assert_eq!(why(&line), einval("Invalid chunk_size"), "{bad}");
    }
    let legs = einval("Target length not divisible by number of stripes");
    assert_eq!(why("0 257 striped 2 16"), legs);
    let chunk = einval("Target length not divisible by chunk size");
    assert_eq!(why("0 240 striped 2 16 1:0"), chunk);
    let count = einval("Not enough destinations specified");
    for bad in ["", "1:0", "1:0 0 1:1", "1:0 0 1:1 0 1:2", "1:0 0 1:1 0 1:2 0"] {
        assert_eq!(why(&format!("0 256 striped 2 16 {bad}")), count, "{bad}");
    }
    let leg = |errno| ("Couldn't parse stripe destination", errno);
    assert_eq!(why("0 256 striped 2 16 1:0 x 1:1 0"), leg(Errno::EINVAL));
    assert_eq!(why("0 256 striped 2 16 1:0 0 250:250 0"), leg(Errno::ENXIO));
    assert_eq!(why("0 256 striped 2 16 /dev/nosuch 0 1:1 0"), leg(Errno::ENOENT));
}

#[test]
fn more_legs_than_words_are_refused_before_they_cost_memory() {
    let count = ("Not enough destinations specified", Errno::EINVAL);
    assert_eq!(why("0 4294967295 striped 4294967295 1 1:0 0 1:1 0"), count);
    // The kernel's sum of words overflows here to what is there.
    assert_eq!(why("0 2147483648 striped 2147483648 1"), count);
}

#[test]
fn its_table_and_status_are_the_kernels() {
    let bench = Bench::new("0 512 striped 4 16 /dev/ram0 0 1:1 8 1:2 16 1:3 24");
    assert_eq!(bench.status(StatusKind::Table), "4 16 1:0 0 1:1 8 1:2 16 1:3 24");
    assert_eq!(bench.status(StatusKind::Info), "4 1:0 1:1 1:2 1:3 1 AAAA");
}

#[test]
fn chunks_are_dealt_to_the_legs_in_turn() {
    let bench = Bench::new("0 24 striped 3 4 1:0 0 1:1 8 1:2 0");
    bench.write(0, &numbered(1, 24)).unwrap();
    assert_eq!(bench.read(0, 24).unwrap(), numbered(1, 24));
    let leg = |number: usize, start| {
        heads(&bench.disk(number).peek(Sectors::new(start), Sectors::new(8)))
    };
    assert_eq!(leg(0, 0), [1, 2, 3, 4, 13, 14, 15, 16]);
    assert_eq!(leg(1, 8), [5, 6, 7, 8, 17, 18, 19, 20]);
    assert_eq!(leg(2, 0), [9, 10, 11, 12, 21, 22, 23, 24]);
}

#[test]
fn a_discard_reaches_each_leg_once_and_only_its_range() {
    let bench = Bench::new("0 24 striped 3 4 1:0 0 1:1 0 1:2 0");
    bench.write(0, &numbered(1, 24)).unwrap();
    bench.run(6, Op::Discard(Sectors::new(11))).unwrap();
    let left = [numbered(1, 6), vec![0; 11 * 512], numbered(18, 7)].concat();
    assert_eq!(bench.read(0, 24).unwrap(), left);
}

#[test]
fn a_flush_reaches_every_leg() {
    let bench = Bench::new("0 24 striped 3 4 1:0 0 1:1 0 1:2 0");
    bench.run(0, Op::Flush).unwrap();
    let flushes = [0, 1, 2].map(|number| bench.disk(number).record().len());
    assert_eq!(flushes, [1, 1, 1]);
}

#[test]
fn a_failure_marks_the_leg_and_raises_an_event() {
    let bench = Bench::new("0 512 striped 2 16 1:0 0 1:1 0");
    bench.disk(1).fail_range(Sectors::ZERO..DISK, Errno::EIO);
    assert_eq!(bench.read(16, 1), Err(Errno::EIO));
    assert_eq!(bench.status(StatusKind::Info), "2 1:0 1:1 1 AD");
    assert_eq!(bench.device.event_nr(), 1);
    for _ in 0..20 {
        assert_eq!(bench.read(16, 1), Err(Errno::EIO));
    }
    assert_eq!(bench.device.event_nr(), 14);
}

#[test]
fn a_failure_marks_every_leg_on_that_device() {
    let bench = Bench::new("0 528 striped 3 8 1:0 0 1:1 0 1:0 1024");
    bench.disk(0).fail_after(Kind::Read, 0, Errno::EIO);
    assert_eq!(bench.read(0, 1), Err(Errno::EIO));
    assert_eq!(bench.status(StatusKind::Info), "3 1:0 1:1 1:0 1 DAD");
}

#[test]
fn a_failed_read_ahead_and_an_unknown_operation_mark_nothing() {
    let bench = Bench::new("0 512 striped 2 16 1:0 0 1:1 0");
    bench.disk(0).fail_range(Sectors::ZERO..DISK, Errno::EIO);
    let done = bench.submit(0, Op::Read(BufMut::zeroed(512)), IoFlags::READAHEAD);
    assert_eq!(done.result, Err(Errno::EIO));
    bench.disk(0).heal();
    bench.disk(0).fail_range(Sectors::ZERO..DISK, Errno::EOPNOTSUPP);
    assert_eq!(bench.write(0, &[1; 512]), Err(Errno::EOPNOTSUPP));
    assert_eq!(bench.status(StatusKind::Info), "2 1:0 1:1 1 AA");
    assert_eq!(bench.device.event_nr(), 0);
}

proptest! {
    /// Every sector of every leg is one sector of the target.
    #[test]
    fn it_is_a_bijection(legs in 1_u64..=5, chunk in 1_u64..=9, rows in 1_u64..=6) {
        let len = legs * chunk * rows;
        let words: Vec<_> = (0..legs).map(|leg| format!("/dev/ram{leg} {leg}")).collect();
        let line = format!("0 {len} striped {legs} {chunk} {}", words.join(" "));
        let table = build_over(&line, &mut SimOpener::new(5, DISK)).unwrap();
        let mut seen = HashSet::new();
        for at in 0..len {
            let (kind, flags, copy) = (Kind::Read, IoFlags::empty(), 0);
            let shape = Shape { kind, at: Sectors::new(at), len: Sectors::new(1), flags, copy };
            let map = table.placed()[0].target.map(&shape, Now::ZERO);
            let Map::To { leg, sector, len } = map else { panic!("{map:?}") };
            prop_assert_eq!(len, Sectors::new(1));
            let start = leg as u64;
            prop_assert!((start..start + chunk * rows).contains(&sector.get()));
            prop_assert!(seen.insert((leg, sector)));
        }
    }
}
