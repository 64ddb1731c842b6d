//! `log-writes`. What the kernel answers is recorded in `tests/transcripts/dmsetup/log-writes*.txt`, what it
//! logs in `tests/scripts/log-writes.out`.

use std::sync::Arc;

use dm_core::log_writes::{Entry, EntryFlags, LogError, Logged, Reader, Super};
use dm_core::read_at::{ReadAt, ReadError};
use dm_core::units::Bytes;
use dm_engine::io::request::{Cx as _, Device, Kind, Now};
use dm_engine::limits::Limits;
use dm_engine::target::{Opener, Runner};
use dm_testkit::sim::Event;

use super::*;

const TABLE: &str = "0 1024 log-writes 1:0 1:1";

/// A disk as bytes.
struct Disk<'a>(&'a SimDisk);

impl ReadAt for Disk<'_> {
    fn size(&self) -> Bytes {
        self.0.size().to_bytes().unwrap()
    }

    fn read_at(&self, at: Bytes, buf: &mut [u8]) -> Result<(), ReadError> {
        let start = at.whole_sectors();
        let skip = usize::try_from(at.get() - start.to_bytes().unwrap().get()).unwrap();
        let sectors = Sectors::new((skip + buf.len()).div_ceil(512) as u64);
        buf.copy_from_slice(&self.0.peek(start, sectors)[skip..skip + buf.len()]);
        Ok(())
    }
}

/// All that is on a log.
fn read_log(disk: &SimDisk) -> Result<Vec<(Logged, Vec<u8>)>, LogError> {
    let disk = Disk(disk);
    let data = |logged: Logged| {
        let mut data = vec![0; usize::try_from(logged.data_len.get()).unwrap()];
        disk.read_at(logged.data, &mut data).unwrap();
        (logged, data)
    };
    Reader::open(&disk)?.map(|read| read.map(data)).collect()
}

/// A line for each entry: what it is, where, its first byte of data or its text.
fn show(log: &[(Logged, Vec<u8>)]) -> Vec<String> {
    let line = |(logged, data): &(Logged, Vec<u8>)| {
        let Entry { start, len, flags, text } = &logged.entry;
        let names = flags.iter_names().map(|(name, _)| name.to_lowercase());
        let mut words: Vec<String> = names.collect();
        if !flags.contains(EntryFlags::MARK) && *len > 0 {
            words.push(format!("{start}+{len}"));
        }
        words.extend(data.first().map(|byte| format!("={byte}")));
        words.extend((!text.is_empty()).then(|| String::from_utf8_lossy(text).into_owned()));
        words.join(" ")
    };
    log.iter().map(line).collect()
}

fn lines(disk: &SimDisk) -> Vec<String> {
    show(&read_log(disk).unwrap())
}

impl Bench {
    fn write_with(&self, sector: u64, data: &[u8], flags: IoFlags) -> Result<(), Errno> {
        self.submit(sector, Op::Write(BufMut::copy_of(data).freeze()), flags).result
    }

    fn fua(&self, sector: u64, data: &[u8]) -> Result<(), Errno> {
        self.write_with(sector, data, IoFlags::FUA)
    }

    fn flush(&self) {
        self.run(0, Op::Flush).unwrap();
    }

    fn mark(&self, text: &str) {
        self.live().message(&[b"mark", text.as_bytes()]).unwrap();
    }

    /// Ends the table as a removal does.
    fn end(&self) {
        self.device.suspend(Suspend::Flush, &|| false).unwrap();
        self.device.swap(None).unwrap().end();
    }

    fn live(&self) -> Target {
        Target(self.device.live().unwrap())
    }
}

/// The first target of a table.
struct Target(Arc<LiveTable>);

impl std::ops::Deref for Target {
    type Target = dyn dm_engine::target::Target;

    fn deref(&self) -> &Self::Target {
        &*self.0.placed()[0].target
    }
}

#[test]
fn its_arguments_are_two_devices_and_more_are_not_looked_at() {
    let count = ("Invalid argument count", Errno::EINVAL);
    assert_eq!(why("0 8 log-writes"), count);
    assert_eq!(why("0 8 log-writes 1:0"), count);
    assert_eq!(why("0 8 log-writes /dev/nosuch 1:1"), ("Device lookup failed", Errno::ENOENT));
    assert_eq!(why("0 8 log-writes 1:0 9:9"), ("Log device lookup failed", Errno::ENXIO));
    let bench = Bench::new("0 8 log-writes /dev/ram0 /dev/ram1 and more");
    assert_eq!(bench.status(StatusKind::Table), "1:0 1:1");
    assert_eq!(bench.status(StatusKind::Info), "0 0");
}

#[test]
fn what_is_not_flushed_is_not_on_the_log_and_a_flush_brings_it_there_in_the_order_of_completion() {
    let bench = Bench::new(TABLE);
    bench.write(8, &numbered(1, 2)).unwrap();
    bench.run(100, Op::Discard(Sectors::new(8))).unwrap();
    bench.write(4, &numbered(3, 1)).unwrap();
    assert_eq!(bench.status(StatusKind::Info), "0 0");
    bench.flush();
    assert_eq!(bench.status(StatusKind::Info), "4 7");
    bench.mark("seen");
    let want = ["8+2 =1", "discard 100+8", "4+1 =3", "flush", "mark seen"];
    assert_eq!(lines(bench.disk(1)), want);
    assert_eq!(bench.read(8, 2).unwrap(), numbered(1, 2));
}

#[test]
fn a_write_with_fua_goes_before_those_that_wait() {
    let bench = Bench::new(TABLE);
    bench.write(1, &numbered(1, 1)).unwrap();
    bench.write_with(2, &numbered(2, 1), IoFlags::FUA | IoFlags::META).unwrap();
    assert_eq!(lines(bench.disk(1)), ["fua metadata 2+1 =2"]);
    bench.end();
    let want = ["fua metadata 2+1 =2", "1+1 =1", "mark dm-log-writes-end"];
    assert_eq!(lines(bench.disk(1)), want);
}

#[test]
fn a_flush_with_data_is_a_flush_and_then_a_write() {
    let bench = Bench::new(TABLE);
    bench.write(1, &numbered(1, 1)).unwrap();
    bench.write_with(2, &numbered(2, 1), IoFlags::PREFLUSH | IoFlags::FUA).unwrap();
    assert_eq!(lines(bench.disk(1)), ["1+1 =1", "flush", "fua 2+1 =2"]);
}

#[test]
fn a_mark_is_logged_at_once_in_either_case_and_nothing_else_is_a_message() {
    let bench = Bench::new(TABLE);
    bench.write(1, &numbered(1, 1)).unwrap();
    bench.mark("one");
    bench.live().message(&[b"MARK", &[b'x'; 600]]).unwrap();
    let log = read_log(bench.disk(1)).unwrap();
    assert_eq!((log[0].0.entry.text.as_slice(), log[1].0.entry.text.len()), (&b"one"[..], 479));
    for bad in [&[&b"mark"[..]][..], &[b"mark", b"a", b"b"], &[b"marks", b"a"], &[]] {
        assert_eq!(bench.live().message(bad), Err(Errno::EINVAL));
    }
}

#[test]
fn the_log_counts_in_the_devices_blocks() {
    let mut bench = Bench::empty();
    let limits = Limits { logical_block: Bytes::new(4096), ..SimDisk::new(DISK).limits() };
    bench.opener.add_disk(SimDisk::new(DISK).with_dev(DevNo::new(1, 4)).with_limits(limits));
    bench.load("0 1024 log-writes 1:4 1:1").unwrap();
    assert_eq!(bench.status(StatusKind::Info), "0 7");
    bench.fua(16, &numbered(1, 8)).unwrap();
    assert_eq!(bench.status(StatusKind::Info), "1 23");
    let log = read_log(bench.disk(1)).unwrap();
    assert_eq!(show(&log), ["fua 2+1 =1"]);
    assert_eq!((log[0].0.at, log[0].1.clone()), (Bytes::new(4096), numbered(1, 8)));
}

#[test]
fn a_device_that_takes_no_discards_is_spared_them_and_they_are_logged() {
    let mut bench = Bench::empty();
    let limits = Limits { max_discard: Sectors::ZERO, ..SimDisk::new(DISK).limits() };
    let limits = Limits { discard_granularity: Bytes::ZERO, write_cache: false, ..limits };
    bench.opener.add_disk(SimDisk::new(DISK).with_dev(DevNo::new(1, 4)).with_limits(limits));
    bench.load("0 1024 log-writes 1:4 1:1").unwrap();
    let limits = bench.device.limits();
    assert_eq!(limits.max_discard, Sectors::new(8_388_607));
    assert_eq!((limits.discard_granularity, limits.write_cache), (Bytes::new(512), true));
    bench.write(0, &numbered(1, 8)).unwrap();
    bench.run(0, Op::Discard(Sectors::new(8))).unwrap();
    bench.flush();
    bench.mark("end");
    assert_eq!(bench.read(0, 8).unwrap(), numbered(1, 8));
    assert_eq!(lines(bench.disk(1)), ["0+8 =1", "discard 0+8", "flush", "mark end"]);
}

#[test]
fn a_target_that_does_not_begin_at_zero_uses_the_mapped_devices_sectors() {
    let bench = Bench::new("0 8 zero\n8 8 log-writes 1:0 1:1");
    bench.fua(9, &numbered(1, 1)).unwrap();
    assert_eq!(bench.read(9, 1).unwrap(), numbered(1, 1));
    assert_eq!(bench.disk(0).peek(Sectors::new(9), Sectors::new(1)), numbered(1, 1));
    assert_eq!(lines(bench.disk(1)), ["fua 9+1 =1"]);
}

#[test]
fn a_request_that_fails_is_logged_as_any_other() {
    let bench = Bench::new(TABLE);
    bench.disk(0).fail_after(Kind::Write, 0, Errno::EIO);
    assert_eq!(bench.fua(3, &numbered(1, 1)), Err(Errno::EIO));
    assert_eq!(lines(bench.disk(1)), ["fua 3+1 =1"]);
}

#[test]
fn a_table_that_never_was_live_writes_nothing() {
    let mut bench = Bench::empty();
    let table = build_over(TABLE, &mut bench.opener).unwrap();
    drop(table);
    assert!(bench.disk(1).record().is_empty());
}

#[test]
fn a_full_log_ends_and_requests_go_on() {
    let mut bench = Bench::empty();
    bench.opener.add_disk(SimDisk::new(Sectors::new(8)).with_dev(DevNo::new(1, 4)));
    bench.load("0 1024 log-writes 1:0 1:4").unwrap();
    bench.fua(0, &numbered(1, 2)).unwrap();
    bench.fua(0, &numbered(3, 2)).unwrap();
    assert_eq!(bench.status(StatusKind::Info), "2 6");
    bench.fua(0, &numbered(5, 1)).unwrap();
    assert_eq!(bench.status(StatusKind::Info), "2 8 logging_disabled");
    bench.mark("unheard");
    bench.end();
    assert_eq!(lines(bench.disk(4)), ["fua 0+2 =1", "fua 0+2 =3"]);
    assert_eq!(heads(&bench.disk(0).peek(Sectors::ZERO, Sectors::new(2))), [5, 4]);
}

/// What requests one after another do, and what each is on the log once it is acknowledged.
fn session(bench: &Bench) {
    for round in 0..4_u8 {
        let at = u64::from(round) * 8;
        bench.write(at, &numbered(10 * round + 1, 2)).unwrap();
        bench.write(at + 2, &numbered(10 * round + 3, 1)).unwrap();
        bench.flush();
        bench.fua(at + 4, &numbered(10 * round + 5, 3)).unwrap();
        bench.run(at, Op::Discard(Sectors::new(1))).unwrap();
        bench.mark(&format!("round {round}"));
    }
    bench.end();
}

fn whole_session() -> Vec<String> {
    let bench = Bench::new(TABLE);
    session(&bench);
    lines(bench.disk(1))
}

#[test]
fn a_log_whose_nth_write_fails_is_a_prefix_and_nobody_is_told() {
    let whole = whole_session();
    assert_eq!(whole.len(), 4 * 6 + 1);
    for kind in [Kind::Write, Kind::Flush] {
        for nth in 0.. {
            let bench = Bench::new(TABLE);
            bench.disk(1).fail_after(kind, nth, Errno::EIO);
            session(&bench);
            let log = lines(bench.disk(1));
            assert_eq!(log, whole[..log.len()], "{kind:?} {nth}");
            assert_eq!(heads(&bench.disk(0).peek(Sectors::new(4), Sectors::new(3))), [5, 6, 7]);
            if log.len() == whole.len() {
                assert!(nth >= 9);
                break;
            }
        }
    }
}

#[test]
fn logging_is_disabled_by_the_first_write_that_fails() {
    let bench = Bench::new(TABLE);
    bench.disk(1).fail_after(Kind::Write, 0, Errno::EIO);
    bench.fua(0, &numbered(1, 1)).unwrap();
    assert_eq!(bench.status(StatusKind::Info), "1 2 logging_disabled");
    bench.fua(0, &numbered(2, 1)).unwrap();
    assert_eq!(lines(bench.disk(1)), [""; 0]);
}

#[test]
fn a_log_that_loses_its_power_after_any_write_is_a_prefix() {
    let whole = whole_session();
    let bench = Bench::new(TABLE);
    // An older log lies there.
    bench.disk(1).fill(Sectors::ZERO, &old_log());
    session(&bench);
    let begun = 1;
    for events in begun..=bench.disk(1).record().len() {
        for seed in 0..4 {
            let chance = SimCx::new(seed);
            let keep = |_, _| chance.random().is_multiple_of(2);
            let log = lines(&bench.disk(1).after_power_loss(events, keep));
            assert_eq!(log, whole[..log.len()], "{events} {seed}");
        }
        let kept = lines(&bench.disk(1).after_power_loss(events, |_, _| true));
        assert!(kept.len() <= whole.len());
    }
}

/// A log of many marks, whose entries lie where those of another do.
fn old_log() -> Vec<u8> {
    let bench = Bench::new(TABLE);
    (0..50).for_each(|_| bench.mark("old"));
    bench.disk(1).peek(Sectors::ZERO, Sectors::new(60))
}

/// Opens what another does, for a table that was live in an earlier process.
struct Back<'a>(&'a mut SimOpener);

impl Opener for Back<'_> {
    fn open(&mut self, word: &[u8]) -> Result<Arc<dyn Device>, Errno> {
        self.0.open(word)
    }

    fn now(&self) -> Now {
        self.0.now()
    }

    fn runner(&self) -> Option<Arc<dyn Runner>> {
        self.0.runner()
    }

    fn is_back(&self) -> bool {
        true
    }
}

/// The device of another process over the disks as they are now, in which the target remembers `memory`.
fn come_back(bench: &mut Bench, memory: Option<&str>) {
    let lines = table::parse(TABLE.as_bytes()).unwrap();
    let table = build(&lines, Mode::ReadWrite, &mut Back(&mut bench.opener)).unwrap();
    if let Some(memory) = memory {
        table.placed()[0].target.recall(memory).unwrap();
    }
    table.checked_limits().unwrap();
    bench.device = MappedDevice::new(DevNo::new(254, 0));
    bench.device.suspend(Suspend::NoFlush, &|| false).unwrap();
    bench.device.swap(Some(Arc::new(table)));
    bench.device.resume();
}

#[test]
fn after_a_kill_the_log_goes_on_where_it_ended() {
    let mut bench = Bench::new(TABLE);
    bench.fua(1, &numbered(1, 1)).unwrap();
    let early = bench.live().memory().unwrap();
    assert_eq!(early, "1 3");
    bench.mark("early");
    let late = bench.live().memory().unwrap();
    bench.write(2, &numbered(2, 1)).unwrap();
    bench.flush();
    bench.write(3, &numbered(3, 1)).unwrap();
    for memory in [None, Some(early.as_str()), Some(late.as_str())] {
        let disk = bench.disk(1).peek(Sectors::ZERO, Sectors::new(32));
        come_back(&mut bench, memory);
        bench.write(4, &numbered(4, 1)).unwrap();
        assert_eq!(bench.status(StatusKind::Info), "5 7");
        bench.flush();
        bench.end();
        let want = [
            "fua 1+1 =1",
            "mark early",
            "2+1 =2",
            "flush",
            "mark dm-engined-back",
            "4+1 =4",
            "flush",
            "mark dm-log-writes-end",
        ];
        assert_eq!(lines(bench.disk(1)), want, "{memory:?}");
        bench.disk(1).fill(Sectors::ZERO, &disk);
    }
}

#[test]
fn a_kill_between_any_two_writes_loses_nothing_that_was_answered() {
    let whole = whole_session();
    let counted = Bench::new(TABLE);
    session(&counted);
    let writes = counted.disk(1).record();
    for killed in 0..=writes.len() {
        let mut bench = Bench::empty();
        bench.disk(1).fill(Sectors::ZERO, &old_log());
        for event in &writes[..killed] {
            if let Event::Write { at, data, .. } = event {
                bench.disk(1).fill(*at, data);
            }
        }
        come_back(&mut bench, Some("0 1"));
        bench.end();
        let mut log = lines(bench.disk(1));
        if killed == 0 {
            // Nothing of ours had been begun: what lies there cannot be told from a log of ours.
            assert_eq!(log[..51], old_lines());
            continue;
        }
        assert_eq!(log.pop().unwrap(), "mark dm-log-writes-end");
        assert_eq!(log.pop().unwrap(), "mark dm-engined-back");
        assert_eq!(log, whole[..log.len()], "{killed}");
        assert!(log.len() as u64 >= counted_by(&writes[..killed]), "{killed}");
    }
}

fn old_lines() -> Vec<String> {
    let marks = std::iter::repeat_n("mark old".to_owned(), 50);
    marks.chain(["mark dm-engined-back".to_owned()]).collect()
}

/// What the last super block among these counts.
fn counted_by(events: &[Event]) -> u64 {
    let head = |event: &Event| match event {
        Event::Write { at, data, .. } if at.is_zero() => Super::parse(data).unwrap(),
        _ => None,
    };
    events.iter().filter_map(head).next_back().map_or(0, |head| head.entries)
}

#[test]
fn a_log_that_has_lost_what_it_counts_is_not_written_to() {
    let mut bench = Bench::new(TABLE);
    bench.mark("one");
    bench.mark("two");
    bench.disk(1).fill(Sectors::new(2), &[0; 512]);
    let before = bench.disk(1).peek(Sectors::ZERO, Sectors::new(32));
    come_back(&mut bench, None);
    bench.fua(1, &numbered(1, 1)).unwrap();
    assert_eq!(bench.status(StatusKind::Info), "0 0 logging_disabled");
    bench.end();
    assert_eq!(bench.disk(1).peek(Sectors::ZERO, Sectors::new(32)), before);
}

#[test]
fn what_no_target_gave_is_not_recalled() {
    let bench = Bench::new(TABLE);
    for bad in ["", "1", "1 0", "x 3", "1 3 5", "1 -3"] {
        assert_eq!(bench.live().recall(bad), Err(Errno::EINVAL), "{bad}");
    }
    assert_eq!(bench.live().recall("1 3"), Ok(()));
    assert_eq!(bench.status(StatusKind::Info), "0 0");
}

#[test]
fn much_that_nobody_flushes_is_flushed_and_logged() {
    let mut bench = Bench::empty();
    let log = SimDisk::new(Sectors::new(1 << 20)).with_dev(DevNo::new(1, 4));
    bench.opener.add_disk(log);
    bench.load("0 32768 log-writes 1:0 1:4").unwrap();
    let mebi = vec![1; 1 << 20];
    (0..63).for_each(|_| bench.write(0, &mebi).unwrap());
    assert_eq!(bench.status(StatusKind::Info), "0 0");
    bench.write(0, &mebi).unwrap();
    assert_eq!(bench.status(StatusKind::Info), format!("64 {}", 64 * 2049));
    assert!(bench.disk(0).record().iter().any(|event| matches!(event, Event::Flush)));
    bench.mark("end");
    let log = read_log(bench.disk(4)).unwrap();
    assert_eq!((log.len(), log[63].1.len()), (65, 1 << 20));
}
