//! `error`. What the kernel answers is recorded in `tests/transcripts/dmsetup/error*.txt`.

use super::*;

#[test]
fn arguments_are_let_through_and_not_shown() {
    for args in ["", "x", "1:0 0", "1:0 0 0", "a b c d"] {
        let bench = Bench::new(&format!("0 2048 error {args}"));
        assert_eq!(bench.status(StatusKind::Table), "", "{args}");
        assert_eq!(bench.status(StatusKind::Info), "", "{args}");
    }
}

#[test]
fn two_arguments_are_a_device_and_a_sector() {
    assert_eq!(why("0 8 error 1:0 x"), ("Invalid device sector", Errno::EINVAL));
    assert_eq!(why("0 8 error /dev/nosuch 0"), ("Device lookup failed", Errno::ENOENT));
    let bench = Bench::new("0 8 error 1:2 0");
    assert_eq!(bench.device.live().unwrap().deps(), [DevNo::new(1, 2)]);
    assert_eq!(Bench::empty().load("0 8 error 1:0 32768"), Err(Errno::EINVAL));
}

#[test]
fn everything_fails_but_a_flush() {
    let bench = Bench::new("0 2048 error 1:0 0");
    assert_eq!(bench.read(0, 1), Err(Errno::EIO));
    assert_eq!(bench.write(0, &[1; 512]), Err(Errno::EIO));
    assert_eq!(bench.run(0, Op::Discard(Sectors::new(8))), Err(Errno::EIO));
    assert_eq!(bench.run(0, Op::WriteZeroes(Sectors::new(8))), Err(Errno::EOPNOTSUPP));
    assert_eq!(bench.run(0, Op::Flush), Ok(()));
    assert!(bench.disk(0).record().is_empty());
}

/// The bad disk: one sector of many.
#[test]
fn a_bad_sector_fails_alone() {
    let bench = Bench::new("0 8 linear 1:0 0\n8 1 error\n9 32759 linear 1:0 9");
    bench.disk(0).fill(Sectors::ZERO, &numbered(1, 16));
    assert_eq!(bench.read(0, 8).unwrap(), numbered(1, 8));
    assert_eq!(bench.read(8, 1), Err(Errno::EIO));
    assert_eq!(bench.read(8, 2), Err(Errno::EIO));
    assert_eq!(bench.read(0, 10), Err(Errno::EIO));
    assert_eq!(bench.read(9, 7).unwrap(), numbered(10, 7));
    assert_eq!(bench.run(0, Op::Flush), Ok(()));
}
