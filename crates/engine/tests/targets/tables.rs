//! Tables of several lines. What the kernel answers is recorded in `tests/transcripts/dmsetup/table-*.txt`
//! and `linear-names.txt`.

use dm_engine::targets;

use super::*;

#[test]
fn lines_follow_each_other_from_sector_0() {
    for bad in ["1 8 zero", "0 8 zero\n9 8 zero", "0 8 zero\n4 8 zero", "8 8 zero\n0 8 zero"] {
        assert_eq!(why(bad), ("Gap in table", Errno::EINVAL), "{bad}");
    }
}

#[test]
fn the_first_bad_line_is_named() {
    let mut opener = SimOpener::new(1, DISK);
    let error = build_over("0 8 zero\n8 8 zero x\n99 0 nosuch", &mut opener).unwrap_err();
    assert_eq!((error.line, error.why.text), (1, "No arguments required"));
}

#[test]
fn a_line_has_a_length_that_a_device_can_have() {
    assert_eq!(why("0 0 zero"), ("zero-length target", Errno::EINVAL));
    let mut opener = SimOpener::default();
    assert!(build_over("0 18014398509481983 zero", &mut opener).is_ok());
    let large = ("too large device", Errno::EINVAL);
    assert_eq!(why("0 18014398509481984 zero"), large);
    assert_eq!(why("0 8 zero\n8 18446744073709551615 zero"), large);
}

#[test]
fn a_target_type_is_found_by_its_exact_name() {
    for bad in ["nosuch", "Zero", "LINEAR", "zer", "zeros"] {
        assert_eq!(why(&format!("0 8 {bad}")), ("unknown target type", Errno::EINVAL), "{bad}");
    }
    assert_eq!(targets::find(b"linear").unwrap().version, [1, 4, 0]);
}

#[test]
fn a_mistake_in_the_line_is_found_before_its_type_and_its_place() {
    assert_eq!(why("9 0 nosuch").0, "zero-length target");
    assert_eq!(why("9 8 nosuch").0, "unknown target type");
    assert_eq!(why("9 8 zero x").0, "Gap in table");
}

#[test]
fn each_device_is_one_dependency_the_latest_first() {
    let table = "0 8 linear /dev/ram1 0\n8 8 linear 1:0 0\n16 8 linear 1:1 8";
    let table = build_over(table, &mut SimOpener::new(2, DISK)).unwrap();
    assert_eq!(table.deps(), [DevNo::new(1, 0), DevNo::new(1, 1)]);
}

#[test]
fn a_sector_is_served_by_its_line() {
    let table = build_over("0 8 zero\n8 1 error\n9 7 zero", &mut SimOpener::default()).unwrap();
    let start = |sector| table.find(Sectors::new(sector)).map(|placed| placed.start.get());
    assert_eq!(
        [0, 7, 8, 9, 15, 16].map(start),
        [Some(0), Some(0), Some(8), Some(9), Some(9), None]
    );
    assert_eq!(table.size(), Sectors::new(16));
}

#[test]
fn a_read_only_table_says_so() {
    let lines = table::parse(b"0 8 zero").unwrap();
    let table = build(&lines, Mode::ReadOnly, &mut SimOpener::default()).unwrap();
    assert!(table.is_read_only());
}

#[test]
fn a_table_may_have_as_many_lines_as_a_packet_allows() {
    let lines: Vec<_> = (0..100_000).map(|line| format!("{line} 1 zero")).collect();
    let table = build_over(&lines.join("\n"), &mut SimOpener::default()).unwrap();
    assert_eq!(table.size(), Sectors::new(100_000));
    assert_eq!(table.find(Sectors::new(99_999)).unwrap().start, Sectors::new(99_999));
    assert!(table.checked_limits().is_ok());
}
