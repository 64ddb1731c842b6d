//! `linear`. What the kernel answers is recorded in `tests/transcripts/dmsetup/linear-*.txt`.

use super::*;

#[test]
fn its_arguments_are_a_device_and_a_sector() {
    let count = ("Invalid argument count", Errno::EINVAL);
    assert_eq!(why("0 8 linear"), count);
    assert_eq!(why("0 8 linear 1:0"), count);
    assert_eq!(why("0 8 linear 1:0 0 0"), count);
    let sector = ("Invalid device sector", Errno::EINVAL);
    for bad in ["x", "-1", "0x10", "8x"] {
        assert_eq!(why(&format!("0 8 linear 1:0 {bad}")), sector, "{bad}");
    }
    assert_eq!(why("0 8 linear /dev/nosuch 0"), ("Device lookup failed", Errno::ENOENT));
    assert_eq!(why("0 8 linear 250:250 0"), ("Device lookup failed", Errno::ENXIO));
    // The sector is looked at first.
    assert_eq!(why("0 8 linear /dev/nosuch x"), sector);
}

#[test]
fn its_table_has_the_devices_number_and_its_status_is_empty() {
    let bench = Bench::new("0 8 linear /dev/ram1 16");
    assert_eq!(bench.status(StatusKind::Table), "1:1 16");
    assert_eq!(bench.status(StatusKind::Info), "");
}

#[test]
fn sectors_move_by_the_start() {
    let bench = Bench::new("0 8 linear 1:0 16\n8 8 linear 1:1 0");
    bench.write(4, &numbered(1, 8)).unwrap();
    assert_eq!(bench.read(4, 8).unwrap(), numbered(1, 8));
    assert_eq!(bench.disk(0).peek(Sectors::new(20), Sectors::new(4)), numbered(1, 4));
    assert_eq!(bench.disk(1).peek(Sectors::ZERO, Sectors::new(4)), numbered(5, 4));
}

#[test]
fn discards_and_zeroes_move_as_well() {
    let bench = Bench::new("0 16 linear 1:0 16");
    bench.disk(0).fill(Sectors::new(15), &numbered(1, 18));
    bench.run(0, Op::Discard(Sectors::new(8))).unwrap();
    bench.run(8, Op::WriteZeroes(Sectors::new(8))).unwrap();
    let left = heads(&bench.disk(0).peek(Sectors::new(15), Sectors::new(18)));
    assert_eq!(left, [vec![1], vec![0; 16], vec![18]].concat());
}

#[test]
fn a_device_that_fails_fails_the_sectors_concerned() {
    let bench = Bench::new("0 16 linear 1:0 0");
    bench.disk(0).fail_range(Sectors::new(8)..Sectors::new(9), Errno::EIO);
    assert_eq!(bench.read(8, 1), Err(Errno::EIO));
    assert!(bench.read(0, 8).is_ok() && bench.read(9, 7).is_ok());
}

#[test]
fn a_range_that_leaves_its_device_never_becomes_live() {
    let mut bench = Bench::empty();
    assert_eq!(bench.load("0 32768 linear 1:0 0"), Ok(()));
    for bad in ["32769 linear 1:0 0", "8 linear 1:0 32761", "8 linear 1:0 18446744073709551615"] {
        assert_eq!(bench.load(&format!("0 {bad}")), Err(Errno::EINVAL), "{bad}");
    }
    assert_eq!(bench.status(StatusKind::Table), "1:0 0");
}
