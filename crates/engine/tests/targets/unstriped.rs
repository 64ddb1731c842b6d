//! `unstriped`. What the kernel answers is recorded in `tests/transcripts/dmsetup/unstriped*.txt`.

use proptest::prelude::*;

use super::*;

#[test]
fn its_arguments_are_checked_in_the_kernels_order() {
    let einval = |text| (text, Errno::EINVAL);
    for bad in ["", "x x x x", "x x x x x x"] {
        let line = format!("0 256 unstriped {bad}");
        assert_eq!(why(&line), einval("Invalid number of arguments"), "{bad}");
    }
    for bad in ["0", "x", "-1", "4294967296"] {
        let line = format!("0 250 unstriped {bad} 0 x /dev/nosuch x");
        assert_eq!(why(&line), einval("Invalid stripe count"), "{bad}");
        let line = format!("0 250 unstriped 2 {bad} x /dev/nosuch x");
        assert_eq!(why(&line), einval("Invalid chunk_size"), "{bad}");
    }
    for bad in ["x", "-1", "4294967296"] {
        let line = format!("0 250 unstriped 2 16 {bad} /dev/nosuch x");
        assert_eq!(why(&line), einval("Invalid stripe number"), "{bad}");
    }
    // The kernel refuses only the last of these.
    for bad in ["1 16 1", "1 16 5", "2 16 2", "2 16 3"] {
        let line = format!("0 250 unstriped {bad} /dev/nosuch x");
        assert_eq!(why(&line), einval("Please provide stripe between [0, # of stripes]"), "{bad}");
    }
    for bad in ["/dev/nosuch", "250:250"] {
        let line = format!("0 250 unstriped 2 16 1 {bad} x");
        assert_eq!(why(&line), einval("Couldn't get striped device"), "{bad}");
    }
    for bad in ["x", "-1", "0x8"] {
        let line = format!("0 250 unstriped 2 16 1 1:0 {bad}");
        assert_eq!(why(&line), einval("Invalid striped device offset"), "{bad}");
    }
    let line = "0 250 unstriped 2 16 1 1:0 0";
    assert_eq!(why(line), einval("Target length not divisible by chunk size"));
}

#[test]
fn its_table_and_status_are_the_kernels() {
    let bench = Bench::new("0 256 unstriped 4 16 3 /dev/ram1 8");
    assert_eq!(bench.status(StatusKind::Table), "4 16 3 1:1 8");
    assert_eq!(bench.status(StatusKind::Info), "");
}

/// Where the kernel prints `-1 16 -2`, which no table takes.
#[test]
fn large_numbers_are_printed_as_they_were_given() {
    let bench = Bench::new("0 256 unstriped 4294967295 16 4294967294 1:0 0");
    assert_eq!(bench.status(StatusKind::Table), "4294967295 16 4294967294 1:0 0");
    assert_eq!(bench.read(0, 1), Err(Errno::EIO));
}

#[test]
fn a_request_beyond_the_device_fails_and_one_before_its_end_does_not() {
    let bench = Bench::new("0 32768 unstriped 2 16 1 1:0 0");
    assert!(bench.read(16_368, 16).is_ok());
    assert_eq!(bench.read(16_384, 16), Err(Errno::EIO));
    assert_eq!(bench.write(32_752, &[1; 512]), Err(Errno::EIO));
    assert_eq!(bench.read(16_368, 32), Err(Errno::EIO));
}

#[test]
fn the_area_that_is_checked_is_the_targets_length() {
    let mut bench = Bench::empty();
    assert_eq!(bench.load("0 256 unstriped 2 16 0 1:0 32768"), Err(Errno::EINVAL));
    assert_eq!(bench.load("0 256 unstriped 2 16 0 1:0 32513"), Err(Errno::EINVAL));
    assert_eq!(bench.load("0 256 unstriped 2 16 0 1:0 32512"), Ok(()));
}

#[test]
fn a_flush_reaches_the_device_and_a_discard_is_not_taken() {
    let bench = Bench::new("0 256 unstriped 2 16 0 1:0 0");
    bench.write(0, &[1; 512]).unwrap();
    assert!(!bench.is_flushed(0));
    bench.run(0, Op::Flush).unwrap();
    assert!(bench.is_flushed(0));
    assert_eq!(bench.run(0, Op::Discard(Sectors::new(8))), Err(Errno::EOPNOTSUPP));
}

proptest! {
    /// A stripe of a striped device has the bytes of the leg that it was made of.
    #[test]
    fn it_undoes_striped(
        stripes in 1_u64..=4, chunk in 1_u64..=9, rows in 1_u64..=4, start in 0_u64..=9, chosen in any::<u64>()
    ) {
        let (chosen, leg) = (chosen % stripes, chunk * rows);
        let mut disks = SimOpener::new(4, DISK);
        let mut bench = Bench::empty();
        let legs: Vec<_> = (0..stripes).map(|leg| format!("1:{leg} 0")).collect();
        let len = leg * stripes;
        bench.load(&format!("0 {len} striped {stripes} {chunk} {}", legs.join(" "))).unwrap();
        let content: Vec<u8> = (0..len).flat_map(|n| [u8::try_from(n).unwrap(); 512]).collect();
        bench.write(0, &content).unwrap();
        disks.disks()[0].fill(Sectors::new(start), &content);
        let line = format!("0 {leg} unstriped {stripes} {chunk} {chosen} 1:0 {start}");
        let table = build_over(&line, &mut disks).unwrap();
        let again = Bench { cx: SimCx::new(0), opener: disks, device: MappedDevice::new(DevNo::new(254, 1)) };
        table.checked_limits().unwrap();
        again.device.swap(Some(Arc::new(table)));
        again.device.resume();
        let number = usize::try_from(chosen).unwrap();
        let want = bench.disk(number).peek(Sectors::ZERO, Sectors::new(leg));
        let read = again.read(0, usize::try_from(leg).unwrap());
        prop_assert_eq!(read.unwrap(), want);
    }
}
