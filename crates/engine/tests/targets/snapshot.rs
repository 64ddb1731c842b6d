//! `snapshot`.

use std::time::Duration;

use dm_core::snapshot::{Chunk, Entry, Header};
use dm_core::units::Bytes;
use dm_engine::io::file::FileDevice;
use dm_engine::io::request::{Cx as _, IoFuture, Kind, Now};
use dm_engine::limits::Limits;
use proptest::prelude::*;

use super::*;

const TABLE: &str = "0 64 snapshot 1:0 1:1 P 8";

/// An origin of 64 sectors that all have their numbers.
fn origin() -> SimDisk {
    let disk = SimDisk::new(Sectors::new(64));
    disk.fill(Sectors::ZERO, &numbered(100, 64));
    disk
}

fn cow(sectors: u64) -> SimDisk {
    SimDisk::new(Sectors::new(sectors)).with_dev(DevNo::new(1, 1))
}

/// A cow with a store of the kernel's form, whose entries lie in its first area.
fn store(sectors: u64, chunk: u64, entries: &[(u64, u64)]) -> SimDisk {
    let cow = cow(sectors);
    let header = Header { is_valid: true, chunk: Chunk::new(Sectors::new(chunk)).unwrap() };
    cow.fill(Sectors::ZERO, &header.to_block(512));
    let area: Vec<u8> =
        entries.iter().flat_map(|&(old, new)| Entry { old, new }.to_bytes()).collect();
    let mut block = vec![0; area.len().next_multiple_of(512)];
    block[..area.len()].copy_from_slice(&area);
    cow.fill(Sectors::new(chunk), &block);
    cow
}

/// What is left of a disk if nothing is lost.
fn copy(disk: &SimDisk) -> SimDisk {
    disk.after_power_loss(usize::MAX, |_, _| true)
}

impl Bench {
    /// A device over these disks, with this table if it can be had.
    fn try_over(origin: SimDisk, cow: SimDisk, table: &str) -> Result<Self, Errno> {
        let mut bench = Self::empty();
        bench.opener = SimOpener::default();
        bench.opener.add_disk(origin);
        bench.opener.add_disk(cow);
        bench.load(table)?;
        Ok(bench)
    }

    fn over(origin: SimDisk, cow: SimDisk, table: &str) -> Self {
        Self::try_over(origin, cow, table).unwrap()
    }

    /// The same disks, as another process finds them.
    fn again(&self, table: &str) -> Self {
        Self::over(copy(self.disk(0)), copy(self.disk(1)), table)
    }

    fn info(&self) -> String {
        self.status(StatusKind::Info)
    }

    fn all(&self) -> Result<Vec<u8>, Errno> {
        Ok(heads(&self.read(0, 64)?))
    }

    /// The first bytes of the cow's sectors.
    fn on_cow(&self, at: u64, len: u64) -> Vec<u8> {
        heads(&self.disk(1).peek(Sectors::new(at), Sectors::new(len)))
    }

    fn writing(&self, sector: u64, value: u8) -> IoFuture<'_> {
        let op = Op::Write(BufMut::copy_of(&[value; 512]).freeze());
        let io = Io { sector: Sectors::new(sector), op, flags: IoFlags::empty() };
        self.device.submit(io, &self.cx)
    }
}

#[test]
fn its_arguments_are_checked_in_the_kernels_order() {
    let (few, features) = ("requires 4 or more arguments", "Invalid number of feature arguments");
    let store = "Couldn't create exception store";
    let depends = "discard_passdown_origin feature depends on discard_zeroes_cow";
    for (args, text) in [
        ("", few),
        ("1:0 1:1 P", few),
        ("/dev/nosuch 1:1 P 8 x", features),
        ("1:0 1:1 P 8 3 a b c", features),
        ("1:0 1:1 P 8 2 discard_zeroes_cow", features),
        ("1:0 1:1 P 8 1 nonsense", "Unrecognised feature requested"),
        ("1:0 1:1 P 8 1 discard_passdown_origin", depends),
        ("1:0 1:0 Q x", "COW device cannot be the same as origin device"),
        ("1:0 1:1 Q 8", store),
        ("1:0 1:1 PX 8", store),
        ("1:0 1:1 P 12", store),
        ("1:0 1:1 P -8", store),
        ("1:0 1:1 P 4194304", store),
        ("1:0 1:1 P 8589934592", store),
        ("1:0 1:1 N 0", "Chunk size not set"),
    ] {
        assert_eq!(why(&format!("0 8 snapshot {args}")), (text, Errno::EINVAL), "{args}");
    }
    let origin = ("Cannot get origin device", Errno::ENOENT);
    assert_eq!(why("0 8 snapshot /dev/nosuch 9:9 P 8"), origin);
    assert_eq!(why("0 8 snapshot 1:0 9:9 P 8"), ("Cannot get COW device", Errno::ENXIO));
}

#[test]
fn what_the_kernel_takes_is_taken_and_shown_as_it_shows_it() {
    for (args, shown) in [
        ("/dev/ram0 /dev/ram1 P 8", "1:0 1:1 P 8"),
        ("1:0 1:1 p 0", "1:0 1:1 P 32"),
        ("1:0 1:1 po 16 0 more words", "1:0 1:1 PO 16"),
        ("1:0 1:1 POX +16", "1:0 1:1 PO 16"),
        ("1:0 1:1 Nothing 16 1 DISCARD_zeroes_cow", "1:0 1:1 N 16 1 discard_zeroes_cow"),
        (
            "1:0 1:1 P 8 2 discard_passdown_origin discard_zeroes_cow",
            "1:0 1:1 P 8 2 discard_zeroes_cow discard_passdown_origin",
        ),
    ] {
        let bench = Bench::new(&format!("0 64 snapshot {args}"));
        assert_eq!(bench.status(StatusKind::Table), shown);
    }
}

#[test]
fn chunks_are_whole_blocks_of_both_devices() {
    let blocks = |disk: SimDisk| {
        let limits = Limits { logical_block: Bytes::new(4096), ..disk.limits() };
        disk.with_limits(limits)
    };
    for (origin, cow) in [(blocks(origin()), cow(800)), (origin(), blocks(cow(800)))] {
        let [origin, cow] = [&origin, &cow].map(|disk| copy(disk).with_limits(disk.limits()));
        let small = Bench::try_over(origin, cow, "0 64 snapshot 1:0 1:1 P 4");
        assert_eq!(small.err(), Some(Errno::EINVAL));
    }
    let bench = Bench::over(origin(), blocks(cow(800)), TABLE);
    bench.write(8, &numbered(1, 8)).unwrap();
    assert_eq!(bench.again(TABLE).read(8, 8).unwrap(), numbered(1, 8));
}

#[test]
fn the_cow_lies_as_the_kernels_document_says() {
    let bench = Bench::over(origin(), cow(800), TABLE);
    assert_eq!(bench.info(), "16/800 16");
    bench.write(19, &numbered(1, 2)).unwrap();
    bench.write(8, &numbered(21, 8)).unwrap();
    assert_eq!(bench.info(), "32/800 16");
    let cow = bench.disk(1);
    let bytes = cow.peek(Sectors::ZERO, Sectors::new(16));
    let mut want = vec![0; 16 * 512];
    // The header: SnAp, valid, version 1, chunks of 8 sectors.
    want[..16].copy_from_slice(b"SnAp\x01\0\0\0\x01\0\0\0\x08\0\0\0");
    // The first area: chunk 2 of the origin at 2, chunk 1 at 3.
    (want[4096], want[4096 + 8], want[4096 + 16], want[4096 + 24]) = (2, 2, 1, 3);
    assert_eq!(bytes, want);
    assert_eq!(bench.on_cow(16, 8), [116, 117, 118, 1, 2, 121, 122, 123]);
    assert_eq!(bench.on_cow(24, 8), [21, 22, 23, 24, 25, 26, 27, 28]);
}

#[test]
fn a_cow_of_the_kernels_is_read_and_its_chunks_override_the_tables() {
    let cow = store(800, 16, &[(3, 2), (0, 7)]);
    cow.fill(Sectors::new(2 * 16), &numbered(1, 16));
    cow.fill(Sectors::new(7 * 16), &numbered(31, 16));
    let bench = Bench::over(origin(), cow, TABLE);
    assert_eq!(bench.status(StatusKind::Table), "1:0 1:1 P 16");
    assert_eq!(bench.info(), "128/800 32");
    let mut want: Vec<u8> = (100..164).collect();
    want[48..].copy_from_slice(&heads(&numbered(1, 16)));
    want[..16].copy_from_slice(&heads(&numbered(31, 16)));
    assert_eq!(bench.all().unwrap(), want);
    // What comes next goes behind the highest chunk.
    bench.write(20, &numbered(90, 1)).unwrap();
    assert_eq!(bench.on_cow(8 * 16 + 4, 1), [90]);
    assert_eq!(bench.info(), "144/800 32");
}

#[test]
fn a_request_over_many_chunks_is_cut_at_their_edges() {
    let bench = Bench::over(origin(), cow(800), TABLE);
    let mut want: Vec<u8> = (100..164).collect();
    for (at, len) in [(7, 2), (15, 18), (0, 1), (63, 1), (24, 8), (5, 50)] {
        bench.write(at, &numbered(1, len)).unwrap();
        let from = usize::try_from(at).unwrap();
        want[from..from + usize::from(len)].copy_from_slice(&heads(&numbered(1, len)));
        assert_eq!(bench.all().unwrap(), want, "{at}+{len}");
    }
    assert!(bench.disk(0).record().is_empty(), "the origin was changed");
    assert_eq!(bench.disk(0).peek(Sectors::ZERO, Sectors::new(64)), numbered(100, 64));
}

#[test]
fn a_last_chunk_that_is_cut_is_brought_as_far_as_the_origin_goes() {
    let disk = SimDisk::new(Sectors::new(60));
    disk.fill(Sectors::ZERO, &numbered(100, 60));
    let bench = Bench::over(disk, cow(800), "0 60 snapshot 1:0 1:1 P 8");
    bench.write(57, &numbered(1, 1)).unwrap();
    assert_eq!(heads(&bench.read(56, 4).unwrap()), [156, 1, 158, 159]);
}

#[test]
fn a_target_that_does_not_begin_at_zero_uses_the_mapped_devices_sectors() {
    let bench = Bench::over(origin(), cow(800), "0 12 zero\n12 50 snapshot 1:0 1:1 P 8");
    bench.write(14, &numbered(1, 4)).unwrap();
    assert_eq!(heads(&bench.read(12, 8).unwrap()), [112, 113, 1, 2, 3, 4, 118, 119]);
    assert_eq!(bench.on_cow(24, 8), [2 + 1, 4, 118, 119, 120, 121, 122, 123]);
}

#[test]
fn a_chunk_larger_than_a_piece_is_copied_piece_by_piece() {
    let disk = SimDisk::new(Sectors::new(2048));
    disk.fill(Sectors::ZERO, &vec![7; 2048 * 512]);
    let bench = Bench::over(disk, cow(8192), "0 2048 snapshot 1:0 1:1 P 1024");
    bench.write(1024 + 250, &numbered(1, 12)).unwrap();
    let mut want = vec![7; 1024 * 512];
    want[250 * 512..262 * 512].copy_from_slice(&numbered(1, 12));
    assert_eq!(bench.read(1024, 1024).unwrap(), want);
    assert_eq!(bench.again("0 2048 snapshot 1:0 1:1 P 1024").read(1024, 1024).unwrap(), want);
}

#[test]
fn writes_to_one_chunk_at_a_time_bring_it_once() {
    for seed in 0..20 {
        let delay = Duration::from_millis(1);
        let mut bench = Bench::over(origin().with_delay(delay), cow(800).with_delay(delay), TABLE);
        bench.cx = SimCx::new(seed);
        let writes: Vec<_> = (0..24).map(|n| bench.writing(n, u8::try_from(n).unwrap())).collect();
        let answers = bench.cx.run_all(writes);
        assert!(answers.iter().all(|done| done.result.is_ok()));
        let want: Vec<u8> = (0..24).chain(124..164).collect();
        assert_eq!(bench.all().unwrap(), want);
        assert_eq!(bench.info(), "40/800 16");
        assert_eq!(bench.again(TABLE).all().unwrap(), want);
    }
}

#[test]
fn a_transient_one_writes_nothing_but_data_and_forgets() {
    let table = "0 64 snapshot 1:0 1:1 N 8";
    let bench = Bench::over(origin(), cow(24), table);
    assert_eq!((bench.info().as_str(), bench.disk(1).record().len()), ("0/24 0", 0));
    bench.write(9, &numbered(1, 1)).unwrap();
    assert_eq!(bench.info(), "8/24 0");
    assert_eq!(bench.on_cow(0, 8), [108, 1, 110, 111, 112, 113, 114, 115]);
    assert_eq!(heads(&bench.read(8, 2).unwrap()), [108, 1]);
    assert_eq!(bench.again(table).all().unwrap(), (100..164).collect::<Vec<u8>>());
    bench.write(16, &numbered(1, 8)).unwrap();
    bench.write(24, &numbered(1, 8)).unwrap();
    assert_eq!(bench.write(32, &numbered(1, 8)), Err(Errno::EIO));
    assert_eq!((bench.info().as_str(), bench.read(9, 1)), ("Invalid", Err(Errno::EIO)));
    assert_eq!(bench.device.event_nr(), 1);
}

#[test]
fn a_full_cow_loses_the_snapshot_for_good() {
    // Room for two chunks beside the header and the first area.
    let bench = Bench::over(origin(), cow(32), TABLE);
    bench.write(0, &numbered(1, 16)).unwrap();
    assert_eq!((bench.info().as_str(), bench.device.event_nr()), ("32/32 16", 0));
    assert_eq!(bench.write(16, &numbered(1, 1)), Err(Errno::EIO));
    assert_eq!((bench.info().as_str(), bench.device.event_nr()), ("Invalid", 1));
    for result in
        [bench.read(0, 1).map(drop), bench.read(40, 1).map(drop), bench.write(0, &[0; 512])]
    {
        assert_eq!(result, Err(Errno::EIO));
    }
    assert_eq!(bench.run(0, Op::Flush), Err(Errno::EIO));
    assert_eq!(bench.disk(1).peek(Sectors::ZERO, Sectors::new(1))[..8], *b"SnAp\0\0\0\0");
    let again = bench.again(TABLE);
    assert_eq!((again.info().as_str(), again.read(0, 1)), ("Invalid", Err(Errno::EIO)));
    assert_eq!(again.device.event_nr(), 0);
}

#[test]
fn a_full_cow_that_may_overflow_can_still_be_read() {
    let table = "0 64 snapshot 1:0 1:1 PO 8";
    let bench = Bench::over(origin(), cow(32), table);
    bench.write(0, &numbered(1, 16)).unwrap();
    assert_eq!(bench.write(16, &numbered(1, 1)), Err(Errno::EIO));
    assert_eq!((bench.info().as_str(), bench.device.event_nr()), ("Overflow", 0));
    assert_eq!(bench.write(0, &numbered(1, 1)), Err(Errno::EIO));
    let want: Vec<u8> = (1..17).chain(116..164).collect();
    assert_eq!(bench.all().unwrap(), want);
    assert_eq!(bench.run(0, Op::Flush), Ok(()));
    let again = bench.again(table);
    assert_eq!((again.info().as_str(), again.all().unwrap()), ("32/32 16", want));
}

#[test]
fn a_cow_that_runs_out_of_room_is_full() {
    for (word, info) in [("PO", "Overflow"), ("P", "Invalid"), ("N", "Invalid")] {
        let bench = Bench::over(origin(), cow(800), &format!("0 64 snapshot 1:0 1:1 {word} 8"));
        bench.write(0, &numbered(1, 8)).unwrap();
        bench.disk(1).fail_after(Kind::Write, 0, Errno::ENOSPC);
        assert_eq!(bench.write(8, &numbered(1, 8)), Err(Errno::EIO));
        assert_eq!(bench.info(), info);
        let read = bench.read(0, 8);
        assert_eq!(read, if word == "PO" { Ok(numbered(1, 8)) } else { Err(Errno::EIO) });
    }
}

#[test]
fn a_sector_of_the_origin_that_cannot_be_read_fails_the_write_that_wants_it_and_no_other() {
    let bench = Bench::over(origin(), cow(800), TABLE);
    bench.disk(0).fail_range(Sectors::new(10)..Sectors::new(11), Errno::EIO);
    assert_eq!(bench.write(12, &numbered(1, 2)), Err(Errno::EIO));
    assert_eq!(bench.info(), "24/800 16", "its chunk is free again");
    bench.write(16, &numbered(1, 2)).unwrap();
    assert_eq!(bench.info(), "24/800 16");
    // Written over, it need not be read.
    bench.write(9, &numbered(1, 3)).unwrap();
    assert_eq!(heads(&bench.read(8, 8).unwrap()), [108, 1, 2, 3, 112, 113, 114, 115]);
}

#[test]
fn no_failure_of_a_device_loses_a_write_that_was_answered() {
    for (disk, kind) in [(0, Kind::Read), (1, Kind::Write), (1, Kind::Flush), (1, Kind::Read)] {
        for after in 0..30 {
            let bench = Bench::over(origin(), cow(800), TABLE);
            bench.disk(disk).fail_after(kind, after, Errno::EIO);
            let mut want: Vec<u8> = (100..164).collect();
            let mut unsure = Vec::new();
            for (value, at) in (1..).zip([3, 9, 60, 10, 3, 33, 20, 21, 22, 47, 48, 4]) {
                let at_index = usize::try_from(at).unwrap();
                match bench.write(at, &numbered(value, 1)) {
                    Ok(()) => want[at_index] = value,
                    Err(errno) => {
                        assert_eq!(errno, Errno::EIO);
                        unsure.push(at_index);
                    }
                }
            }
            bench.disk(disk).heal();
            assert_eq!(heads(&bench.disk(0).peek(Sectors::ZERO, Sectors::new(64)))[3], 103);
            assert!(bench.disk(0).record().is_empty());
            for bench in [bench.again(TABLE), bench] {
                // A lost snapshot says so, and gives nothing.
                let Ok(read) = bench.all() else {
                    assert_eq!(bench.info(), "Invalid", "{kind:?} {after}");
                    continue;
                };
                for at in (0..64).filter(|at| !unsure.contains(at)) {
                    assert_eq!(read[at], want[at], "{kind:?} {after}: sector {at}");
                }
            }
        }
    }
}

#[test]
fn a_store_that_cannot_be_opened_fails_all_and_can_be_tried_again() {
    for (kind, load) in
        [(Kind::Read, Err(Errno::EIO)), (Kind::Write, Ok(())), (Kind::Flush, Ok(()))]
    {
        let mut bench = Bench::empty();
        bench.disk(1).fail_after(kind, 0, Errno::EIO);
        let table = "0 64 snapshot 1:0 1:1 P 8";
        assert_eq!(bench.load(table), load, "{kind:?}");
        if load.is_ok() {
            assert_eq!((bench.info().as_str(), bench.read(0, 1)), ("Invalid", Err(Errno::EIO)));
            assert_eq!(bench.write(0, &numbered(1, 1)), Err(Errno::EIO));
        }
        assert!(bench.disk(0).record().is_empty());
        bench.load(table).unwrap();
        bench.write(0, &numbered(1, 1)).unwrap();
        assert_eq!(heads(&bench.again(table).read(0, 2).unwrap()), [1, 0]);
    }
}

#[test]
fn a_hostile_cow_is_refused_when_its_table_is_loaded() {
    let header = |bytes: &[u8]| {
        let cow = cow(800);
        cow.fill(Sectors::ZERO, bytes);
        cow
    };
    let mut junk = [0; 512];
    junk[..16].copy_from_slice(b"SnAp\x01\0\0\0\x02\0\0\0\x08\0\0\0");
    let mut zero_chunk = junk;
    zero_chunk[8..16].copy_from_slice(&[1, 0, 0, 0, 0, 0, 0, 0]);
    let mut huge_chunk = zero_chunk;
    huge_chunk[12..16].fill(0xff);
    let mut large_chunk = zero_chunk;
    large_chunk[14] = 0x20;
    let endless: Vec<_> = (0..32).map(|n| (n, n + 2)).collect();
    for (cow, errno) in [
        (header(&[0xeb; 512]), Errno::ENXIO),
        (header(&junk), Errno::EINVAL),
        (header(&zero_chunk), Errno::EINVAL),
        (header(&huge_chunk), Errno::EINVAL),
        // A gigabyte, of which the cow has none.
        (header(&large_chunk), Errno::EINVAL),
        (store(800, 8, &[(1, 1)]), Errno::EINVAL),
        (store(800, 8, &[(1, 100)]), Errno::EINVAL),
        (store(800, 8, &[(1, u64::MAX)]), Errno::EINVAL),
        (store(800, 8, &[(8, 2)]), Errno::EINVAL),
        (store(800, 8, &[(u64::MAX, 2)]), Errno::EINVAL),
        (store(800, 8, &[(1, 2), (1, 3)]), Errno::EINVAL),
        (store(800, 8, &[(1, 2), (2, 2)]), Errno::EINVAL),
        // One area of one sector, full, and the cow ends before the next.
        (store(34, 1, &endless), Errno::EINVAL),
        (cow(15), Errno::EINVAL),
        (cow(0), Errno::EIO),
    ] {
        let record = cow.record().len();
        assert_eq!(Bench::try_over(origin(), copy(&cow), TABLE).err(), Some(errno));
        assert_eq!(cow.record().len(), record);
    }
}

#[test]
fn what_lies_behind_the_lists_end_does_not_come_back() {
    // As a torn write of the whole area leaves it: the second block is of later entries.
    let cow = store(800, 8, &[(1, 2)]);
    let stale: Vec<u8> = (0..32).flat_map(|n| Entry { old: 5, new: 40 + n }.to_bytes()).collect();
    cow.fill(Sectors::new(9), &stale);
    cow.fill(Sectors::new(8), &{
        let mut block = cow.peek(Sectors::new(8), Sectors::new(1));
        block[480..].fill(9);
        block
    });
    let bench = Bench::over(origin(), cow, TABLE);
    for chunk in [3, 4, 5, 6, 7] {
        bench.write(chunk * 8, &numbered(1, 1)).unwrap();
    }
    let area = bench.disk(1).peek(Sectors::new(8), Sectors::new(8));
    assert_eq!(area.iter().rposition(|&byte| byte != 0), Some(16 * 5 + 8));
    assert_eq!(bench.again(TABLE).all().unwrap(), bench.all().unwrap());
}

#[test]
fn a_table_that_never_was_live_writes_nothing_and_a_read_only_one_neither() {
    let mut bench = Bench::empty();
    build_over("0 64 snapshot 1:0 1:1 P 8", &mut bench.opener).unwrap();
    assert!(bench.disk(1).record().is_empty());
    bench.opener = SimOpener::default();
    bench.opener.add_disk(origin());
    bench.opener.add_disk(cow(800).with_writes_refused());
    bench.load(TABLE).unwrap();
    assert_eq!(bench.all().unwrap(), (100..164).collect::<Vec<u8>>());
    assert_eq!(bench.info(), "16/800 16");
}

#[test]
fn a_table_that_takes_the_place_of_another_has_what_that_has_written() {
    let mut bench = Bench::over(origin(), cow(800), TABLE);
    bench.write(3, &numbered(1, 1)).unwrap();
    let loaded = build_over(TABLE, &mut bench.opener).unwrap();
    bench.write(9, &numbered(2, 1)).unwrap();
    bench.device.suspend(Suspend::Flush, &|| false).unwrap();
    let before = bench.device.swap(Some(Arc::new(loaded)));
    before.unwrap().end();
    bench.device.resume();
    assert_eq!(
        heads(&bench.read(0, 16).unwrap())[..10],
        [100, 101, 102, 1, 104, 105, 106, 107, 108, 2]
    );
    assert_eq!(bench.info(), "32/800 16");
    bench.load("0 64 snapshot 1:0 1:1 PO 8").unwrap();
    assert_eq!(bench.info(), "32/800 16");
}

#[test]
fn discards_are_taken_where_the_table_says_so() {
    let bench = Bench::over(origin(), cow(800), TABLE);
    assert_eq!(bench.run(0, Op::Discard(Sectors::new(8))), Err(Errno::EOPNOTSUPP));
    assert_eq!(bench.run(0, Op::WriteZeroes(Sectors::new(8))), Err(Errno::EOPNOTSUPP));
    for features in ["1 discard_zeroes_cow", "2 discard_zeroes_cow discard_passdown_origin"] {
        let bench = Bench::over(origin(), cow(800), &format!("{TABLE} {features}"));
        let limits = bench.device.limits();
        assert_eq!(
            (limits.max_discard, limits.discard_granularity),
            (Sectors::new(8), Bytes::new(4096))
        );
        bench.write(8, &numbered(1, 16)).unwrap();
        bench.run(0, Op::Discard(Sectors::new(20))).unwrap();
        let want: Vec<u8> =
            (100..108).chain([0; 8]).chain([0; 4]).chain(13..17).chain(124..164).collect();
        assert_eq!(bench.all().unwrap(), want);
        assert_eq!(bench.info(), "32/800 16");
        assert!(bench.disk(0).record().is_empty());
    }
}

#[test]
fn a_read_and_a_write_to_a_chunk_on_the_cow_have_a_route() {
    let folder = tempfile::tempdir().unwrap();
    let open = |name: &str, len, mode| {
        let path = folder.path().join(name);
        std::fs::File::create(&path).unwrap().set_len(len).unwrap();
        FileDevice::open(&path, mode).unwrap()
    };
    let mut bench = Bench::empty();
    bench.opener.add(b"/origin", open("origin", 64 * 512, Mode::ReadOnly));
    bench.opener.add(b"/cow", open("cow", 1 << 40, Mode::ReadWrite));
    bench.load("0 64 snapshot /origin /cow P 8").unwrap();
    let has_route = |kind, at| {
        let range = (Sectors::new(at), Sectors::new(1));
        bench.device.try_route(kind, range, IoFlags::empty(), Now::ZERO)
    };
    assert!(has_route(Kind::Read, 9) && !has_route(Kind::Write, 9));
    bench.write(9, &numbered(1, 1)).unwrap();
    assert!(has_route(Kind::Read, 9) && has_route(Kind::Write, 9) && !has_route(Kind::Write, 17));
    assert_eq!(heads(&bench.read(8, 3).unwrap()), [0, 1, 0]);
}

/// What is done to a snapshot.
#[derive(Clone, Debug)]
enum Step {
    /// From there on, so many sectors, of this value.
    Write(u64, u64, u8),
    Fua(u64, u64, u8),
    Flush,
    /// Another process takes over.
    Reopen,
}

impl Step {
    fn carry_out(&self, bench: &Bench) -> Result<(), Errno> {
        let write = |at, len: u64, value, flags| {
            let data = vec![value; usize::try_from(len).unwrap() * 512];
            bench.submit(at, Op::Write(BufMut::copy_of(&data).freeze()), flags).result
        };
        match *self {
            Self::Write(at, len, value) => write(at, len, value, IoFlags::empty()),
            Self::Fua(at, len, value) => write(at, len, value, IoFlags::FUA),
            Self::Flush => bench.run(0, Op::Flush),
            Self::Reopen => Ok(()),
        }
    }

    /// The sectors that it writes, and what.
    fn written(&self) -> impl Iterator<Item = (usize, u8)> {
        let (at, len, value) = match *self {
            Self::Write(at, len, value) | Self::Fua(at, len, value) => (at, len, value),
            Self::Flush | Self::Reopen => (0, 0, 0),
        };
        (at..at + len).map(move |at| (usize::try_from(at).unwrap(), value))
    }
}

fn step() -> impl Strategy<Value = Step> {
    let range = (0_u64..64).prop_flat_map(|at| (Just(at), 1..=(64 - at).min(20), any::<u8>()));
    prop_oneof![
        6 => range.clone().prop_map(|(at, len, value)| Step::Write(at, len, value)),
        2 => range.prop_map(|(at, len, value)| Step::Fua(at, len, value)),
        2 => Just(Step::Flush),
        1 => Just(Step::Reopen),
    ]
}

/// A table with chunks of this size.
fn chunked(chunk: u64) -> String {
    format!("0 64 snapshot 1:0 1:1 P {chunk}")
}

/// What each sector may have when the power went after `cut` events of the cow.
fn allowed(done: &[(usize, Step)], cut: usize) -> Vec<Vec<u8>> {
    let mut allowed: Vec<Vec<u8>> = (100..164).map(|value| vec![value]).collect();
    for (answered, step) in done {
        let is_answered = *answered <= cut;
        for (at, value) in step.written() {
            if is_answered && matches!(step, Step::Fua(..)) {
                allowed[at].clear();
            }
            allowed[at].push(value);
        }
        if is_answered && matches!(step, Step::Flush) {
            for values in &mut allowed {
                *values = vec![*values.last().unwrap()];
            }
        }
        if !is_answered {
            break;
        }
    }
    allowed
}

proptest! {
    #[test]
    fn it_agrees_with_a_disk_in_memory(
        chunk in prop::sample::select(vec![1_u64, 2, 8, 16]),
        steps in prop::collection::vec(step(), 1..30),
    ) {
        let table = chunked(chunk);
        let mut bench = Bench::over(origin(), cow(400), &table);
        let mut model: Vec<u8> = (100..164).collect();
        for step in steps {
            prop_assert_eq!(step.carry_out(&bench), Ok(()));
            step.written().for_each(|(at, value)| model[at] = value);
            if matches!(step, Step::Reopen) {
                bench = bench.again(&table);
            }
            prop_assert_eq!(bench.all().unwrap(), model.clone());
        }
        prop_assert!(bench.disk(0).record().is_empty());
    }
}

proptest! {
    // Each goes through every moment three times.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whenever_the_power_goes_what_was_flushed_is_there(
        chunk in prop::sample::select(vec![1_u64, 2, 8]),
        steps in prop::collection::vec(step(), 1..8),
        seed in any::<u64>(),
    ) {
        let table = chunked(chunk);
        let bench = Bench::over(origin(), cow(400), &table);
        let mut done = Vec::new();
        for step in steps {
            prop_assert_eq!(step.carry_out(&bench), Ok(()));
            done.push((bench.disk(1).record().len(), step));
        }
        let chance = SimCx::new(seed);
        for cut in 0..=bench.disk(1).record().len() {
            let allowed = allowed(&done, cut);
            for keep in 0..3_u64 {
                let keeps = |_, _| keep == 0 || (keep == 2 && chance.random().is_multiple_of(2));
                let left = bench.disk(1).after_power_loss(cut, keeps);
                let again = Bench::over(origin(), left, &table);
                for (at, value) in again.all().unwrap().into_iter().enumerate() {
                    prop_assert!(allowed[at].contains(&value), "cut {}: sector {} is {}", cut, at, value);
                }
                // It goes on from there.
                again.write(0, &numbered(1, 64)).unwrap();
                prop_assert_eq!(again.again(&table).all().unwrap(), heads(&numbered(1, 64)));
            }
        }
    }
}
