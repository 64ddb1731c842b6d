use super::*;
use crate::sim::SimCx;
use dm_engine::io::request::{BufMut, Done, IoFlags};

const SIZE: Sectors = Sectors::new(64);

fn submit(disk: &SimDisk, sector: u64, op: Op, flags: IoFlags) -> Done {
    let cx = SimCx::new(0);
    cx.block_on(disk.submit(Io { sector: Sectors::new(sector), op, flags }, &cx))
}

fn write_op(byte: u8, sectors: usize) -> Op {
    let mut buf = BufMut::zeroed(sectors * 512);
    buf.fill(byte);
    Op::Write(buf.freeze())
}

fn write(disk: &SimDisk, sector: u64, byte: u8) -> Result<(), Errno> {
    submit(disk, sector, write_op(byte, 1), IoFlags::empty()).result
}

fn read(disk: &SimDisk, sector: u64) -> Result<u8, Errno> {
    let done = submit(disk, sector, Op::Read(BufMut::zeroed(512)), IoFlags::empty());
    done.result.map(|()| done.buf.unwrap()[0])
}

/// The first byte of each of the first `sectors`.
fn bytes(disk: &SimDisk, sectors: u64) -> Vec<u8> {
    disk.peek(Sectors::ZERO, Sectors::new(sectors)).iter().step_by(512).copied().collect()
}

#[test]
fn what_is_written_is_read() {
    let disk = SimDisk::new(SIZE);
    assert_eq!(write(&disk, 63, 9), Ok(()));
    assert_eq!((read(&disk, 63), read(&disk, 62)), (Ok(9), Ok(0)));
}

#[test]
fn a_discard_leaves_zeros() {
    let disk = SimDisk::new(SIZE);
    disk.fill(Sectors::ZERO, &[5; 2048]);
    submit(&disk, 1, Op::Discard(Sectors::new(2)), IoFlags::empty()).result.unwrap();
    assert_eq!(bytes(&disk, 4), [5, 0, 0, 5]);
}

#[test]
fn what_does_not_fit_the_disk_is_refused() {
    let disk = SimDisk::new(SIZE)
        .with_limits(Limits { logical_block: Bytes::new(1024), ..Limits::default() });
    assert_eq!(write(&disk, 64, 1), Err(Errno::EIO));
    assert_eq!(write(&disk, 2, 1), Err(Errno::EINVAL));
    let discard = submit(&disk, 0, Op::Discard(Sectors::new(2)), IoFlags::empty());
    assert_eq!(discard.result, Err(Errno::EOPNOTSUPP));
    let read_only = SimDisk::new(SIZE).with_writes_refused();
    assert_eq!(write(&read_only, 0, 1), Err(Errno::EPERM));
    assert_eq!(read(&read_only, 0), Ok(0));
}

#[test]
fn one_request_fails_and_the_others_work() {
    let disk = SimDisk::new(SIZE);
    disk.fail_after(Kind::Write, 1, Errno::EIO);
    let results: Vec<_> = (1..4).map(|byte| write(&disk, 0, byte)).collect();
    assert_eq!(results, [Ok(()), Err(Errno::EIO), Ok(())]);
    assert_eq!(read(&disk, 0), Ok(3));
}

#[test]
fn a_bad_sector_is_bad_until_it_is_healed() {
    let disk = SimDisk::new(SIZE);
    disk.fail_range(Sectors::new(8)..Sectors::new(9), Errno::EIO);
    let long = submit(&disk, 0, Op::Read(BufMut::zeroed(16 * 512)), IoFlags::empty());
    assert_eq!(long.result, Err(Errno::EIO));
    assert_eq!((read(&disk, 7), read(&disk, 8)), (Ok(0), Err(Errno::EIO)));
    disk.heal();
    assert_eq!(read(&disk, 8), Ok(0));
}

#[test]
fn a_request_takes_the_disks_time() {
    let disk = SimDisk::new(SIZE).with_delay(Duration::from_millis(7));
    let cx = SimCx::new(0);
    let io = Io { sector: Sectors::ZERO, op: Op::Flush, flags: IoFlags::empty() };
    cx.block_on(disk.submit(io, &cx)).result.unwrap();
    assert_eq!(cx.now(), Duration::from_millis(7));
}

#[test]
fn what_was_not_flushed_may_be_lost_in_any_order() {
    let disk = SimDisk::new(SIZE);
    write(&disk, 0, 1).unwrap();
    submit(&disk, 0, Op::Flush, IoFlags::empty()).result.unwrap();
    submit(&disk, 1, write_op(2, 2), IoFlags::empty()).result.unwrap();
    submit(&disk, 3, write_op(3, 1), IoFlags::FUA).result.unwrap();
    write(&disk, 0, 4).unwrap();

    assert_eq!(bytes(&disk, 4), [4, 2, 2, 3]);
    assert_eq!(bytes(&disk.after_power_loss(5, |_, _| false), 4), [1, 0, 0, 3]);
    assert_eq!(
        bytes(&disk.after_power_loss(5, |event, sector| (event, sector) == (2, 1)), 4),
        [1, 0, 2, 3]
    );
    assert_eq!(bytes(&disk.after_power_loss(3, |_, _| true), 4), [1, 2, 2, 0]);
    assert_eq!(bytes(&disk.after_power_loss(1, |_, _| false), 4), [0, 0, 0, 0]);
}

#[test]
fn a_disk_without_a_cache_loses_nothing() {
    let disk = SimDisk::new(SIZE).with_limits(Limits::default());
    write(&disk, 0, 1).unwrap();
    assert_eq!(bytes(&disk.after_power_loss(1, |_, _| false), 1), [1]);
}
