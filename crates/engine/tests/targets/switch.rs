//! `switch`. What the kernel answers is recorded in `tests/transcripts/dmsetup/switch*.txt`.

use std::sync::atomic::{AtomicBool, Ordering};

use dm_engine::io::request::{Kind, Now};
use dm_engine::target::{Map, Shape, Target};
use proptest::prelude::*;

use super::*;

/// Eight regions of four sectors on three paths, which have a disk each.
const LINE: &str = "0 32 switch 3 4 0 1:0 0 1:1 8 1:2 16";

fn tell(bench: &Bench, message: &str) -> Result<Option<String>, Errno> {
    let words: Vec<&[u8]> = message.split(' ').map(str::as_bytes).collect();
    bench.device.live().unwrap().placed()[0].target.message(&words)
}

fn map(bench: &Bench, mappings: &str) -> Result<Option<String>, Errno> {
    tell(bench, &format!("set_region_mappings {mappings}"))
}

/// A device whose disks have their own number in every sector.
fn marked(line: &str) -> Bench {
    let bench = Bench::new(line);
    for number in 0..3 {
        let mark = u8::try_from(number).unwrap();
        bench.disk(number).fill(Sectors::ZERO, &vec![mark; 64 * 512]);
    }
    bench
}

/// The disk of every region, as its first and last sector have it.
fn paths(bench: &Bench) -> String {
    let path = |region: u64| {
        let ends = [region * 4, region * 4 + 3].map(|at| bench.read(at, 1).unwrap()[0]);
        assert_eq!(ends[0], ends[1], "region {region}");
        char::from(b'0' + ends[0])
    };
    (0..8).map(path).collect()
}

#[test]
fn its_arguments_are_checked_in_the_kernels_order() {
    let einval = |text| (text, Errno::EINVAL);
    let of = |args: &str| why(&format!("0 1024 switch {args}"));
    for bad in ["", "0 0 1", "x 0 1", "-1 0 1", "262142 0 1"] {
        assert_eq!(of(bad), einval("Invalid number of paths"), "{bad}");
    }
    for bad in ["1", "1 0 1", "1 x 1", "1 4294967296 1"] {
        assert_eq!(of(bad), einval("Invalid region size"), "{bad}");
    }
    for bad in ["1 16", "1 16 1 1:0 0", "1 16 x 1:0 0"] {
        assert_eq!(of(bad), einval("Invalid number of optional args"), "{bad}");
    }
    for bad in ["1 16 0", "1 16 0 x", "1 16 0 1:0 0 1:1", "1 16 0 1:0 0 1:1 0", "2 16 0 1:0 0"] {
        assert_eq!(of(bad), einval("Incorrect number of path arguments"), "{bad}");
    }
    assert_eq!(of("1 16 0 /dev/nosuch x"), ("Device lookup failed", Errno::ENOENT));
    assert_eq!(of("2 16 0 1:0 0 250:250 x"), ("Device lookup failed", Errno::ENXIO));
    for bad in ["x", "-1", "18446744073709551616", "0x8"] {
        let start = einval("Invalid device starting offset");
        assert_eq!(of(&format!("2 16 0 1:0 {bad} /dev/nosuch 0")), start, "{bad}");
    }
    let giant = "0 18014398509481983 switch 1 1 0 1:0 0";
    assert_eq!(why(giant), ("Cannot allocate region table", Errno::ENOMEM));
}

#[test]
fn its_table_and_status_are_the_kernels() {
    let bench = Bench::new("0 1000 switch 3 7 0 1:0 0 1:1 8 1:0 +1024");
    assert_eq!(bench.status(StatusKind::Table), "3 7 0 1:0 0 1:1 8 1:0 1024");
    assert_eq!(bench.status(StatusKind::Info), "");
    let bench = Bench::new("0 1024 switch 4294967297 4294967304 4294967296 1:0 0");
    assert_eq!(bench.status(StatusKind::Table), "1 8 0 1:0 0");
}

#[test]
fn regions_go_where_they_are_told() {
    let bench = marked(LINE);
    assert_eq!(paths(&bench), "01201201");
    for (mappings, then) in [
        ("1:0 :2 7:0", "00201200"),
        ("0:2 :1 R2,6", "21212121"),
        ("3:0 R1,1 R1,1 :1", "21200011"),
        (":2", "22200011"),
        ("R1,7", "22222222"),
        ("0:0 :1 :2 r3,5", "01201201"),
        ("", "01201201"),
    ] {
        let done = if mappings.is_empty() {
            tell(&bench, "SET_REGION_MAPPINGS")
        } else {
            map(&bench, mappings)
        };
        assert_eq!(done, Ok(None), "{mappings}");
        assert_eq!(paths(&bench), then, "{mappings}");
    }
}

#[test]
fn what_stands_before_a_mistake_is_done() {
    for (mappings, then) in [
        ("0:2 8:0 1:2", "21201201"),
        ("0:2 :3", "21201201"),
        ("7:0 :0 0:2", "01201200"),
        ("0:1 R1,8", "11201201"),
        ("0:1 R2,1", "11201201"),
        ("0:1 R0,1", "11201201"),
        ("0:1 R1,ffffffffffffffff", "11201201"),
        ("0:1 x", "11201201"),
    ] {
        let bench = marked(LINE);
        assert_eq!(map(&bench, mappings), Err(Errno::EINVAL), "{mappings}");
        assert_eq!(paths(&bench), then, "{mappings}");
    }
    let bench = marked(LINE);
    for bad in ["hello", "set_region_mapping 0:2", ""] {
        assert_eq!(tell(&bench, bad), Err(Errno::EINVAL), "{bad}");
    }
}

#[test]
fn a_write_over_several_regions_reaches_each_path_at_its_place() {
    let bench = Bench::new(LINE);
    bench.write(2, &numbered(2, 8)).unwrap();
    let on =
        |disk: usize, start| heads(&bench.disk(disk).peek(Sectors::new(start), Sectors::new(12)));
    assert_eq!(on(0, 0), [0, 0, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(on(1, 8), [0, 0, 0, 0, 4, 5, 6, 7, 0, 0, 0, 0]);
    assert_eq!(on(2, 16), [0, 0, 0, 0, 0, 0, 0, 0, 8, 9, 0, 0]);
}

#[test]
fn a_discard_goes_where_the_writes_went_and_a_flush_everywhere() {
    let bench = Bench::new(LINE);
    map(&bench, "0:0 :1 :1 :0").unwrap();
    bench.write(0, &numbered(1, 32)).unwrap();
    // What the first path has where others serve.
    let other = numbered(101, 8);
    bench.disk(0).fill(Sectors::new(4), &other);
    bench.run(2, Op::Discard(Sectors::new(11))).unwrap();
    let mut want = numbered(1, 32);
    want[2 * 512..13 * 512].fill(0);
    assert_eq!(heads(&bench.read(0, 32).unwrap()), heads(&want));
    assert_eq!(heads(&bench.disk(0).peek(Sectors::new(4), Sectors::new(8))), heads(&other));
    assert!((0..3).all(|disk| !bench.is_flushed(disk)));
    bench.run(0, Op::Flush).unwrap();
    assert!((0..3).all(|disk| bench.is_flushed(disk)));
}

#[test]
fn a_discard_that_fails_on_a_path_fails() {
    let bench = Bench::new(LINE);
    bench.disk(1).fail_range(Sectors::ZERO..DISK, Errno::EIO);
    assert_eq!(bench.run(0, Op::Discard(Sectors::new(12))), Err(Errno::EIO));
    assert_eq!(bench.run(0, Op::Discard(Sectors::new(4))), Ok(()));
}

#[test]
fn its_regions_are_remembered() {
    let bench = marked(LINE);
    map(&bench, "1:2 :2 5:0").unwrap();
    let memory = bench.device.live().unwrap().placed()[0].target.memory().unwrap();
    let next = marked(LINE);
    assert_ne!(paths(&next), paths(&bench));
    let live = next.device.live().unwrap();
    let target = &live.placed()[0].target;
    for bad in ["", "3 8", "3 9 -1", "4 8 -1", "3 8 ffff", "bypass verbose"] {
        assert_eq!(target.recall(bad), Err(Errno::EINVAL), "{bad}");
        assert_eq!(paths(&next), "01201201");
    }
    target.recall(&memory).unwrap();
    assert_eq!(target.memory().unwrap(), memory);
    assert_eq!(paths(&next), paths(&bench));
}

fn leg_of(target: &dyn Target, at: u64) -> usize {
    let (kind, at, len) = (Kind::Read, Sectors::new(at), Sectors::new(1));
    let shape = Shape { kind, at, len, flags: IoFlags::empty(), copy: 0 };
    match target.map(&shape, Now::ZERO) {
        Map::To { leg, .. } => leg,
        _ => usize::MAX,
    }
}

/// A path is the old one or the new one, whoever asks while a message is under way.
#[test]
fn requests_see_whole_paths_while_a_message_changes_them() {
    let bench = Bench::new("0 4096 switch 3 1 0 1:0 0 1:1 0 1:2 0");
    let (table, done) = (bench.device.live().unwrap(), AtomicBool::new(false));
    let target = &table.placed()[0].target;
    let message = |words: &[&str]| {
        let words: Vec<&[u8]> = words.iter().map(|word| word.as_bytes()).collect();
        target.message(&words).unwrap();
    };
    // 0 and 2 have no bit in common with 1, which is never set.
    message(&["set_region_mappings", "0:0", "R1,fff"]);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Acquire) {
                assert!((0..4096).all(|at| matches!(leg_of(&**target, at), 0 | 2)));
            }
        });
        for _ in 0..20 {
            message(&["set_region_mappings", "0:2", "R1,fff"]);
            message(&["set_region_mappings", "0:0", "R1,fff"]);
        }
        done.store(true, Ordering::Release);
    });
}

proptest! {
    /// Any message leaves what a list of paths would be left as.
    #[test]
    fn messages_do_what_the_rules_say(steps in prop::collection::vec((0_u64..10, 0_u64..4, 0_u64..4), 1..12)) {
        let bench = marked(LINE);
        let mut model: Vec<u64> = (0..8).map(|region| region % 3).collect();
        let (mut last, mut words, mut fails) = (0, Vec::new(), false);
        for (a, b, form) in steps {
            words.push(match form {
                0 => format!("{a:x}:{b:x}"),
                1 => format!(":{b:x}"),
                _ => format!("R{b:x},{a:x}"),
            });
            if fails {
                continue;
            }
            if form < 2 {
                let region = if form == 0 { a } else { last + 1 };
                fails = region >= 8 || b >= 3;
                if !fails {
                    model[usize::try_from(region).unwrap()] = b;
                    last = region;
                }
            } else {
                fails = b == 0 || b - 1 > last || last + a >= 8;
                for _ in 0..if fails { 0 } else { a } {
                    last += 1;
                    model[usize::try_from(last).unwrap()] = model[usize::try_from(last - b).unwrap()];
                }
            }
        }
        prop_assert_eq!(map(&bench, &words.join(" ")).is_err(), fails);
        let want: String = model.iter().map(u64::to_string).collect();
        prop_assert_eq!(paths(&bench), want);
    }
}
