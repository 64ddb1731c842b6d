//! `zero`. What the kernel answers is recorded in `tests/transcripts/dmsetup/zero.txt`.

use dm_core::units::Bytes;

use super::*;

#[test]
fn it_takes_no_arguments_and_shows_none() {
    assert_eq!(why("0 2048 zero x"), ("No arguments required", Errno::EINVAL));
    let bench = Bench::new("0 2048 zero");
    assert_eq!(bench.status(StatusKind::Table), "");
    assert_eq!(bench.status(StatusKind::Info), "");
    assert_eq!(bench.device.live().unwrap().deps(), []);
}

#[test]
fn what_is_written_is_gone() {
    let bench = Bench::new("0 2048 zero");
    bench.write(0, &[7; 1024]).unwrap();
    let mut buf = BufMut::zeroed(1024);
    buf.fill(9);
    let done = bench.submit(0, Op::Read(buf), IoFlags::empty());
    assert_eq!(done.result, Ok(()));
    assert!(done.buf.unwrap().iter().all(|&byte| byte == 0));
}

#[test]
fn flushes_and_discards_succeed_and_zeroes_are_not_taken() {
    let bench = Bench::new("0 2048 zero");
    assert_eq!(bench.run(0, Op::Flush), Ok(()));
    assert_eq!(bench.run(0, Op::Discard(Sectors::new(2048))), Ok(()));
    assert_eq!(bench.run(0, Op::WriteZeroes(Sectors::new(8))), Err(Errno::EOPNOTSUPP));
}

#[test]
fn reading_ahead_is_refused() {
    let bench = Bench::new("0 2048 zero");
    let done = bench.submit(0, Op::Read(BufMut::zeroed(512)), IoFlags::READAHEAD);
    assert_eq!((done.result, done.buf.unwrap().len()), (Err(Errno::EIO), 512));
}

/// The fake disk of 8 TB: a little that is real, and zeros.
#[test]
fn a_disk_may_be_larger_than_what_is_under_it() {
    let bench = Bench::new("0 64 linear 1:0 0\n64 17179869120 zero");
    assert_eq!(bench.device.size().to_bytes(), Some(Bytes::new(8_796_093_022_208)));
    bench.write(62, &numbered(1, 4)).unwrap();
    assert_eq!(heads(&bench.read(62, 4).unwrap()), [1, 2, 0, 0]);
    assert_eq!(
        bench.disk(0).peek(Sectors::new(62), Sectors::new(4)),
        [numbered(1, 2), vec![0; 1024]].concat()
    );
    assert_eq!(heads(&bench.read(17_179_869_183, 1).unwrap()), [0]);
    assert_eq!(bench.read(17_179_869_184, 1), Err(Errno::EIO));
}
