//! Queue limits of tables, beside what `/sys/block/dm-0/queue` has for the same tables on Debian's 6.12, over
//! the kernel's RAM disks (1:0 to 1:3) and a loop device of blocks of 4096 bytes with a file (7:0).

use dm_core::units::Bytes;
use dm_engine::limits::Limits;

use super::*;

/// What a RAM disk has there.
fn ram() -> Limits {
    Limits {
        physical_block: Bytes::new(4096),
        io_min: Bytes::new(4096),
        max_discard: Limits::UNLIMITED,
        discard_granularity: Bytes::new(4096),
        ..Limits::default()
    }
}

/// What the loop device has there: `discard_max_bytes` and `write_zeroes_max_bytes` are 4294966784.
fn file() -> Limits {
    Limits {
        logical_block: Bytes::new(4096),
        max_discard: Sectors::new(8_388_607),
        max_write_zeroes: Sectors::new(8_388_607),
        write_cache: true,
        ..ram()
    }
}

fn bench() -> Bench {
    let mut bench = Bench::empty();
    bench.opener = SimOpener::default();
    for minor in 0..4 {
        let disk = SimDisk::new(DISK).with_dev(DevNo::new(1, minor));
        bench.opener.add_disk(disk.with_limits(ram()));
    }
    let disk = SimDisk::new(Sectors::new(16_384)).with_dev(DevNo::new(7, 0));
    bench.opener.add_disk(disk.with_limits(file()));
    bench
}

/// The limits of one table after another on one device; the last one's.
fn limits(tables: &[&str]) -> Result<Limits, Errno> {
    let mut bench = bench();
    tables.iter().try_for_each(|table| bench.load(table))?;
    Ok(bench.device.limits())
}

fn prefers(chunk: u64, io_min: u64, io_opt: u64, legs: &Limits) -> Limits {
    let (io_min, io_opt) = (Bytes::new(io_min), Bytes::new(io_opt));
    Limits { chunk: Sectors::new(chunk), io_min, io_opt, ..legs.clone() }
}

#[test]
fn linear_has_its_devices() {
    assert_eq!(limits(&["0 8 linear 1:0 0"]), Ok(ram()));
    assert_eq!(limits(&["0 1024 linear 7:0 0"]), Ok(file()));
}

#[test]
fn striped_prefers_chunks_and_rows_that_its_legs_blocks_divide() {
    let ram = |chunk, io_min, io_opt| Ok(prefers(chunk, io_min, io_opt, &ram()));
    assert_eq!(limits(&["0 512 striped 2 128 1:0 0 1:1 0"]), ram(128, 65_536, 131_072));
    assert_eq!(limits(&["0 264 striped 2 12 1:0 0 1:1 0"]), ram(0, 4096, 12_288));
    assert_eq!(limits(&["0 504 striped 3 24 1:0 0 1:1 0 1:2 0"]), ram(24, 12_288, 36_864));
    let both = Limits { max_write_zeroes: Sectors::ZERO, ..file() };
    let both = |chunk, io_min, io_opt| Ok(prefers(chunk, io_min, io_opt, &both));
    assert_eq!(limits(&["0 256 striped 2 4 7:0 0 1:1 0"]), both(0, 4096, 4096));
    assert_eq!(limits(&["0 256 striped 2 1 7:0 0 1:1 0"]), both(0, 4096, 0));
}

#[test]
fn a_row_that_32_bits_do_not_hold_is_no_preference() {
    let mut opener = SimOpener::new(2, Sectors::new(1 << 30));
    let table = build_over("0 16777216 striped 2 8388608 1:0 0 1:1 0", &mut opener).unwrap();
    let limits = table.checked_limits().unwrap();
    assert_eq!((limits.io_min, limits.io_opt), (Bytes::new(512), Bytes::ZERO));
    assert_eq!(limits.chunk, Sectors::new(8_388_608));
}

#[test]
fn zero_and_error_take_discards_of_any_length() {
    let alone = Limits {
        max_discard: Limits::UNLIMITED,
        discard_granularity: Bytes::new(512),
        ..Limits::default()
    };
    assert_eq!(limits(&["0 8 zero"]), Ok(alone.clone()));
    assert_eq!(limits(&["0 8 error"]), Ok(alone));
}

#[test]
fn error_with_a_device_has_its_limits_but_writes_no_zeroes() {
    assert_eq!(limits(&["0 8 error 1:0 0"]), Ok(ram()));
    let unlimited =
        Limits { max_discard: Limits::UNLIMITED, max_write_zeroes: Sectors::ZERO, ..file() };
    assert_eq!(limits(&["0 8 error 7:0 0"]), Ok(unlimited));
}

#[test]
fn zeroes_are_written_only_where_every_target_does() {
    let mixed = Limits { max_write_zeroes: Sectors::ZERO, ..file() };
    assert_eq!(limits(&["0 8 linear 1:0 0\n8 8 zero"]), Ok(ram()));
    assert_eq!(limits(&["0 8 linear 7:0 0\n8 8 zero"]), Ok(mixed.clone()));
    assert_eq!(limits(&["0 8 zero\n8 8 linear 7:0 0"]), Ok(mixed));
}

#[test]
fn discards_are_taken_only_where_every_device_does() {
    let mut bench = bench();
    let disk = SimDisk::new(DISK).with_dev(DevNo::new(1, 9)).with_limits(Limits::default());
    bench.opener.add_disk(disk);
    for table in ["0 8 linear 1:0 0\n8 8 linear 1:9 0", "0 16 striped 2 8 1:0 0 1:9 0"] {
        bench.load(table).unwrap();
        let limits = bench.device.limits();
        assert_eq!((limits.max_discard, limits.discard_granularity), (Sectors::ZERO, Bytes::ZERO));
    }
}

#[test]
fn a_range_of_half_blocks_never_becomes_live() {
    for bad in ["0 8 linear 7:0 4", "0 4 linear 7:0 0", "0 264 striped 2 12 7:0 0 1:1 0"] {
        assert_eq!(limits(&[bad]), Err(Errno::EINVAL), "{bad}");
    }
}

#[test]
fn a_boundary_inside_a_block_never_becomes_live() {
    let parted = limits(&["0 4 zero\n4 4 zero\n8 8 linear 7:0 0"]);
    assert_eq!(parted.unwrap().logical_block, Bytes::new(4096));
    for bad in ["0 4 zero\n4 8 linear 7:0 0\n12 4 zero", "0 8 linear 7:0 0\n8 4 zero"] {
        assert_eq!(limits(&[bad]), Err(Errno::EINVAL), "{bad}");
    }
}

#[test]
fn a_table_that_uses_no_device_keeps_the_old_limits() {
    let kept = Limits { max_write_zeroes: Sectors::ZERO, ..file() };
    // 1020 sectors are no whole blocks: nothing is checked against limits that are only kept.
    assert_eq!(limits(&["0 1024 linear 7:0 0", "0 1020 error"]), Ok(kept));
}

#[test]
fn a_target_that_never_has_a_device_does_not_keep_them() {
    let zero = limits(&["0 1024 zero"]);
    assert_eq!(limits(&["0 1024 linear 7:0 0", "0 1024 zero"]), zero);
}
