//! `raid45`, beside a layout of a few lines that has nothing in common with the target's.

use std::cell::Cell;
use std::pin::Pin;
use std::time::Duration;

use dm_engine::io::request::{Cx as _, Kind, Now};
use dm_engine::target::{Map, Shape, Target};
use proptest::prelude::*;

use super::*;

const LAYOUTS: [&str; 6] = ["raid4", "raid4 0", "raid5_la", "raid5_ra", "raid5_ls", "raid5_rs"];

/// How much of each member is used, where each member begins on its disk, and a chunk.
const MEMBER: usize = 256;
const START: usize = 8;
const CHUNK: usize = 8;

/// Which member has sector `at`, which of its sectors that is, and which member has its parity.
///
/// # Source
///
/// `raid5_compute_sector` in the kernel's `drivers/md/raid5.c`. Its `raid` target has the layouts of `raid5` by
/// the same names, `raid4 0` as `raid4`, and `raid4` with the parity on the last member as `raid5_n`.
fn place(layout: &str, n: usize, at: usize) -> (usize, usize, usize) {
    let (chunk, o) = (at / CHUNK, at % CHUNK);
    let (row, k) = (chunk / (n - 1), chunk % (n - 1));
    let parity = match layout {
        "raid4" => n - 1,
        "raid4 0" => 0,
        "raid5_la" | "raid5_ls" => n - 1 - row % n,
        _ => row % n,
    };
    let member = match layout {
        "raid5_ls" | "raid5_rs" => (parity + 1 + k) % n,
        _ if k < parity => k,
        _ => k + 1,
    };
    (member, row * CHUNK + o, parity)
}

/// What every member has when the set has `data`.
fn laid_out(layout: &str, n: usize, data: &[u8]) -> Vec<Vec<u8>> {
    let mut members = vec![vec![0; MEMBER * 512]; n];
    for (at, sector) in data.chunks(512).enumerate() {
        let (member, on_member, parity) = place(layout, n, at);
        let range = on_member * 512..(on_member + 1) * 512;
        members[member][range.clone()].copy_from_slice(sector);
        members[parity][range].iter_mut().zip(sector).for_each(|(sum, byte)| *sum ^= byte);
    }
    members
}

/// Bytes that differ from sector to sector and within one.
fn pattern(sectors: usize, seed: usize) -> Vec<u8> {
    let byte = |at: usize| (at / 512 * 7 + at % 512 * 13 + at / 8192 * 29 + seed).to_le_bytes()[0];
    (0..sectors * 512).map(byte).collect()
}

fn data_len(n: usize) -> usize {
    MEMBER * (n - 1)
}

/// The table of a set, with a word and a start for each member.
fn line_with(log: &str, layout: &str, members: &[&str], rebuilt: i32) -> String {
    let n = members.len();
    let words: Vec<_> = members
        .iter()
        .map(|&word| format!("{word} {}", if word == "-" { "-".into() } else { START.to_string() }))
        .collect();
    let words = words.join(" ");
    format!("0 {} raid45 core {log} {layout} 1 {CHUNK} {n} {rebuilt} {words}", data_len(n))
}

fn line(layout: &str, n: usize, missing: Option<usize>) -> String {
    let names = ["1:0", "1:1", "1:2", "1:3", "1:4", "1:5"];
    let members: Vec<_> =
        (0..n).map(|member| if missing == Some(member) { "-" } else { names[member] }).collect();
    line_with("2 256 nosync", layout, &members, -1)
}

/// The first target of a table.
struct Live(Arc<LiveTable>);

impl std::ops::Deref for Live {
    type Target = dyn Target;

    fn deref(&self) -> &Self::Target {
        &*self.0.placed()[0].target
    }
}

/// A set, live.
struct Set {
    bench: Bench,
    layout: &'static str,
    n: usize,
}

impl Set {
    fn over(opener: SimOpener, layout: &'static str, n: usize, missing: Option<usize>) -> Self {
        let mut bench = Bench::empty();
        bench.opener = opener;
        bench.load(&line(layout, n, missing)).unwrap();
        Self { bench, layout, n }
    }

    /// Of zeros, with a chance of its own.
    fn new(layout: &'static str, n: usize) -> Self {
        Self::over(disks(n), layout, n, None)
    }

    /// With this content, put onto its members.
    fn with(layout: &'static str, n: usize, data: &[u8]) -> Self {
        let set = Self::new(layout, n);
        set.lay_out(data);
        set
    }

    fn lay_out(&self, data: &[u8]) {
        for (disk, member) in self.disks().iter().zip(laid_out(self.layout, self.n, data)) {
            disk.fill(Sectors::new(START as u64), &member);
        }
    }

    fn disks(&self) -> &[Arc<SimDisk>] {
        self.bench.opener.disks()
    }

    fn on_disk(&self, member: usize) -> Vec<u8> {
        self.disks()[member].peek(Sectors::new(START as u64), Sectors::new(MEMBER as u64))
    }

    /// Each member but those of no use has what it should.
    fn check(&self, data: &[u8]) {
        let good = self.letters();
        for (member, want) in laid_out(self.layout, self.n, data).into_iter().enumerate() {
            let is_good = good.as_bytes()[member] == b'A';
            assert!(!is_good || self.on_disk(member) == want, "{} {member}", self.layout);
        }
    }

    fn read_whole(&self) -> Result<Vec<u8>, Errno> {
        self.bench.read(0, data_len(self.n))
    }

    fn target(&self) -> Live {
        Live(self.bench.device.live().unwrap())
    }

    fn tell(&self, message: &str) -> Result<Option<String>, Errno> {
        let words: Vec<&[u8]> = message.split(' ').map(str::as_bytes).collect();
        self.target().message(&words)
    }

    fn letters(&self) -> String {
        self.bench.status(StatusKind::Info).split(' ').nth(self.n + 2).unwrap().to_owned()
    }

    /// Saves what it learnt, as the engine does now and then.
    fn save(&self) -> String {
        let memory = self.target().memory().unwrap();
        self.target().remembered(&memory);
        memory
    }

    /// What somebody does who hears of an event.
    fn settle(&self) {
        if self.target().has_learnt() {
            let _ = self.tell("allow_writes");
            self.save();
        }
    }

    /// Carries out requests at a time, while somebody listens to events.
    fn run_all(&self, ios: Vec<Io>) -> Vec<Done> {
        let left = Cell::new(ios.len());
        let (left, cx, device) = (&left, &self.bench.cx, &self.bench.device);
        let mut futures: Vec<Pin<Box<dyn Future<Output = Option<Done>> + '_>>> = Vec::new();
        for io in ios {
            futures.push(Box::pin(async move {
                let done = device.submit(io, cx).await;
                left.set(left.get() - 1);
                Some(done)
            }));
        }
        futures.push(Box::pin(async move {
            while left.get() > 0 {
                cx.sleep(Duration::from_millis(5)).await;
                self.settle();
            }
            None
        }));
        cx.run_all(futures).into_iter().flatten().collect()
    }

    /// A write, while somebody listens to events.
    fn write(&self, at: usize, data: &[u8]) -> Result<(), Errno> {
        self.run_all(vec![write(at, data)]).remove(0).result
    }
}

fn disks(n: usize) -> SimOpener {
    SimOpener::new(u32::try_from(n).unwrap(), Sectors::new((MEMBER + START) as u64))
}

/// The same, whose requests take a while.
fn slow_disks(n: usize) -> SimOpener {
    let mut opener = SimOpener::default();
    for minor in 0..u32::try_from(n).unwrap() {
        let disk = SimDisk::new(Sectors::new((MEMBER + START) as u64));
        let delay = Duration::from_micros(100 + 37 * u64::from(minor));
        opener.add_disk(disk.with_dev(DevNo::new(1, minor)).with_delay(delay));
    }
    opener
}

fn write(at: usize, data: &[u8]) -> Io {
    let op = Op::Write(BufMut::copy_of(data).freeze());
    Io { sector: Sectors::new(at as u64), op, flags: IoFlags::empty() }
}

fn put(model: &mut [u8], at: usize, data: &[u8]) {
    model[at * 512..at * 512 + data.len()].copy_from_slice(data);
}

fn whole_disk() -> std::ops::Range<Sectors> {
    Sectors::ZERO..Sectors::new((MEMBER + START) as u64)
}

/// Ranges that begin and end everywhere: in a chunk, at its edges, across chunks and rows.
fn ranges(n: usize) -> Vec<(usize, usize)> {
    let row = CHUNK * (n - 1);
    let mut ranges =
        vec![(0, 1), (3, 2), (0, CHUNK), (5, CHUNK), (row - 1, 2), (0, row), (row, row)];
    ranges.extend([(6, 4), (CHUNK - 1, row - CHUNK + 2), (3, 3 * row + 2), (2 * row, 3 * row)]);
    ranges.extend([(data_len(n) - 1, 1), (data_len(n) - row - 3, row + 3)]);
    ranges
}

#[test]
fn every_layout_reads_what_the_kernels_has_written_whole_or_with_a_member_missing() {
    for layout in LAYOUTS {
        for n in 3..=5 {
            let data = pattern(data_len(n), n);
            let whole = Set::with(layout, n, &data);
            for missing in [None].into_iter().chain((0..n).map(Some)) {
                let set = Set::over(whole.bench.opener.clone(), layout, n, missing);
                assert_eq!(set.read_whole().unwrap(), data, "{layout} {n} {missing:?}");
                for (at, len) in ranges(n) {
                    let want = &data[at * 512..(at + len) * 512];
                    let read = set.bench.read(at as u64, len).unwrap();
                    assert!(read == want, "{layout} {n} {missing:?} {at}+{len}");
                }
            }
        }
    }
}

#[test]
fn every_layout_writes_what_the_kernels_would_whole_or_with_a_member_missing() {
    for layout in LAYOUTS {
        for n in 3..=5 {
            for missing in [None].into_iter().chain((0..n).map(Some)) {
                let mut model = pattern(data_len(n), n);
                let set = Set::over(disks(n), layout, n, missing);
                set.lay_out(&model);
                for (number, (at, len)) in ranges(n).into_iter().enumerate() {
                    let data = pattern(len, 100 + number);
                    set.bench.write(at as u64, &data).unwrap();
                    put(&mut model, at, &data);
                }
                set.check(&model);
                assert!(set.read_whole().unwrap() == model, "{layout} {n} {missing:?}");
            }
        }
    }
}

/// The first byte of each of a member's first eight chunks, in hexadecimal, for four members.
///
/// # Source
///
/// What the `raid` target of Debian's 6.12 has written, with chunks of 8 sectors, when sector `n` of the data was
/// full of the byte `7 n + n / 250 + 3`. All that it had written was as [`laid_out`] has it.
const KERNELS: [(&str, [&str; 4]); 6] = [
    ("raid4 0", ["4b531ba36b73bb43", "03ab53fba34bf39b", "3be38b33db832bd3", "731bc36b13bb630b"]),
    ("raid4", ["03ab53fba34bf39b", "3be38b33db832bd3", "731bc36b13bb630b", "4b531ba36b73bb43"]),
    ("raid5_la", ["03ab53a3a34bf343", "3be31bfbdb83bb9b", "73538b3313732bd3", "4b1bc36b6bbb630b"]),
    ("raid5_ra", ["4bab53fb6b4bf39b", "03538b33a3732bd3", "3be31b6bdb83bb0b", "731bc3a313bb6343"]),
    ("raid5_ls", ["03e3c3a3a3836343", "3b1b1bfbdbbbbb9b", "735353331373f3d3", "4bab8b6b6b4b2b0b"]),
    ("raid5_rs", ["4b1b8bfb6bbb2b9b", "0353c333a37363d3", "3bab1b6bdb4bbb0b", "73e353a31383f343"]),
];

#[test]
fn what_it_writes_is_what_the_kernels_has_written() {
    let data: Vec<u8> =
        (0..data_len(4)).flat_map(|n| [(n * 7 + n / 250 + 3).to_le_bytes()[0]; 512]).collect();
    for (layout, members) in KERNELS {
        let set = Set::new(layout, 4);
        set.bench.write(0, &data).unwrap();
        for (member, want) in members.iter().enumerate() {
            let chunks = set.on_disk(member);
            let heads = chunks.chunks(CHUNK * 512).take(8).map(|chunk| format!("{:02x}", chunk[0]));
            assert_eq!(heads.collect::<String>(), *want, "{layout} {member}");
        }
        set.check(&data);
    }
}

#[test]
fn a_write_of_whole_rows_reads_nothing() {
    let set = Set::new("raid5_ls", 4);
    for disk in set.disks() {
        disk.fail_after(Kind::Read, 0, Errno::EIO);
    }
    let data = pattern(2 * 3 * CHUNK, 1);
    set.bench.write(3 * CHUNK as u64, &data).unwrap();
    for disk in set.disks() {
        // Had there been a read, this one would work.
        let (sector, op) = (Sectors::ZERO, Op::Read(BufMut::zeroed(512)));
        let done = disk.submit(Io { sector, op, flags: IoFlags::empty() }, &set.bench.cx);
        assert_eq!(set.bench.cx.block_on(done).result, Err(Errno::EIO));
    }
    assert_eq!(set.bench.read(3 * CHUNK as u64, 6 * CHUNK).unwrap(), data);
}

#[test]
fn a_small_write_reads_as_little_as_it_can() {
    let written = |chunks: usize| -> Vec<usize> {
        let set = Set::new("raid4", 5);
        set.bench.write(0, &pattern(chunks * CHUNK, 1)).unwrap();
        set.disks().iter().map(|disk| disk.record().len()).collect()
    };
    // Data and parity are written, and nothing else.
    assert_eq!(written(1), [1, 0, 0, 0, 1]);
    assert_eq!(written(3), [1, 1, 1, 0, 1]);
    let set = Set::new("raid4", 5);
    let fail = |members: &[usize]| {
        set.disks().iter().for_each(|disk| disk.heal());
        for &member in members {
            set.disks()[member].fail_after(Kind::Read, 0, Errno::EIO);
        }
    };
    // One chunk of four: its own old data and the parity. Those that are not read may fail.
    fail(&[1, 2, 3]);
    set.bench.write(0, &pattern(1, 2)).unwrap();
    // Three of four: the fourth.
    fail(&[0, 1, 2, 4]);
    set.bench.write(0, &pattern(3 * CHUNK, 3)).unwrap();
    assert_eq!(set.letters(), "AAAAA");
    fail(&[]);
    set.check(&[pattern(3 * CHUNK, 3), vec![0; (data_len(5) - 3 * CHUNK) * 512]].concat());
}

#[test]
fn a_healthy_read_of_one_chunk_goes_straight_to_its_member() {
    for missing in [None, Some(1)] {
        let set = Set::over(disks(4), "raid5_rs", 4, missing);
        for at in 0..data_len(4) {
            let shape = Shape {
                kind: Kind::Read,
                at: Sectors::new(at as u64),
                len: Sectors::new(1),
                flags: IoFlags::empty(),
                copy: 0,
            };
            let (member, sector, _) = place("raid5_rs", 4, at);
            let map = set.target().map(&shape, Now::ZERO);
            let leg = member - usize::from(missing.is_some_and(|missing| missing < member));
            let sector = Sectors::new((START + sector) as u64);
            let want = Map::To { leg, sector, len: shape.len };
            assert_eq!(map, if missing == Some(member) { Map::Run } else { want });
            let crossing = Shape { len: Sectors::new(CHUNK as u64 + 1), ..shape };
            assert_eq!(set.target().map(&crossing, Now::ZERO), Map::Run);
        }
    }
}

#[test]
fn what_one_member_cannot_read_comes_from_the_others_and_it_stays() {
    let data = pattern(data_len(4), 9);
    let set = Set::with("raid5_ls", 4, &data);
    for member in 0..4 {
        let bad = Sectors::new(START as u64 + 20);
        set.disks()[member].fail_range(bad..bad.saturating_add(Sectors::new(60)), Errno::EIO);
        for at in 0..data_len(4) {
            let read = set.bench.read(at as u64, 1).unwrap();
            assert!(read == data[at * 512..][..512], "{member} {at}");
        }
        assert_eq!(set.read_whole().unwrap(), data);
        set.disks()[member].heal();
    }
    assert_eq!((set.letters().as_str(), set.bench.device.event_nr()), ("AAAA", 0));
    assert!(!set.target().has_learnt());
}

#[test]
fn what_two_members_cannot_read_is_lost_and_nothing_else() {
    let data = pattern(data_len(4), 9);
    let set = Set::with("raid4", 4, &data);
    let bad = Sectors::new(START as u64 + 4)..Sectors::new(START as u64 + 5);
    set.disks()[0].fail_range(bad.clone(), Errno::EIO);
    set.disks()[1].fail_range(bad, Errno::EIO);
    for at in 0..3 * CHUNK {
        let want = if at == 4 || at == CHUNK + 4 {
            Err(Errno::EIO)
        } else {
            Ok(data[at * 512..][..512].to_vec())
        };
        assert_eq!(set.bench.read(at as u64, 1), want, "{at}");
    }
    assert_eq!(set.read_whole(), Err(Errno::EIO));
}

#[test]
fn writes_wait_from_a_failure_on_until_they_are_allowed_and_it_is_saved() {
    let mut model = pattern(data_len(4), 5);
    let set = Set::with("raid5_la", 4, &model);
    set.disks()[1].fail_range(whole_disk(), Errno::EIO);
    let (data, later) = (pattern(CHUNK, 77), pattern(3, 78));
    let (cx, device) = (&set.bench.cx, &set.bench.device);
    let mut first = device.submit(write(CHUNK, &data), cx);
    let mut second = device.submit(write(40, &later), cx);
    assert!(!is_over(&mut first));
    put(&mut model, CHUNK, &data);
    assert_eq!((set.letters().as_str(), device.event_nr()), ("ADAA", 1));
    assert!(!is_over(&mut second));
    // Reads go on, and see what waits for its answer.
    assert_eq!(set.read_whole().unwrap(), model);
    assert_eq!(set.save(), "ADAA prohibited");
    assert!(!is_over(&mut first) && !is_over(&mut second));
    assert_eq!(set.tell("allow_writes"), Ok(None));
    assert!(!is_over(&mut first) && !is_over(&mut second));
    assert_eq!(set.save(), "ADAA allowed");
    assert!(is_over(&mut first) && is_over(&mut second));
    put(&mut model, 40, &later);
    set.check(&model);
    assert_eq!(set.read_whole().unwrap(), model);
    assert_eq!(set.tell("allow_writes"), Err(Errno::EPERM));
    assert_eq!(device.event_nr(), 1);
}

/// Whether the request is answered, and worked.
fn is_over(request: &mut Pin<Box<dyn Future<Output = Done> + '_>>) -> bool {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match request.as_mut().poll(&mut context) {
        std::task::Poll::Ready(done) => {
            assert_eq!(done.result, Ok(()));
            true
        }
        std::task::Poll::Pending => false,
    }
}

#[test]
fn a_member_that_missed_a_write_is_not_read_in_another_process_either() {
    let set = Set::new("raid5_ls", 3);
    set.disks()[2].fail_after(Kind::Write, 0, Errno::EIO);
    let data = pattern(data_len(3), 3);
    set.write(0, &data).unwrap();
    assert_eq!(set.letters(), "AAD");
    let memory = set.save();
    let next = Set::over(set.bench.opener.clone(), "raid5_ls", 3, None);
    assert_ne!(next.read_whole().unwrap(), data, "nobody told it");
    next.target().recall(&memory).unwrap();
    assert_eq!(next.read_whole().unwrap(), data);
    assert_eq!(next.letters(), "AAD");
    next.write(5, &pattern(2, 8)).unwrap();
    for bad in ["", "AAD", "AD allowed", "AAX allowed", "AAD perhaps"] {
        let recalled = next.target().recall(bad);
        assert_eq!(recalled, Err(Errno::EINVAL), "{bad}");
    }
}

#[test]
fn a_second_failure_ends_writes_and_what_needs_both_and_other_reads_go_on() {
    let data = pattern(data_len(4), 2);
    let set = Set::with("raid4", 4, &data);
    set.disks()[0].fail_range(whole_disk(), Errno::EIO);
    set.write(0, &data[..512]).unwrap();
    // What cannot even be read for it is not begun.
    set.disks()[2].fail_range(whole_disk(), Errno::EIO);
    assert_eq!(set.write(2 * CHUNK, &pattern(1, 50)), Err(Errno::EIO));
    assert_eq!(set.letters(), "DAAA");
    set.disks()[2].heal();
    set.disks()[2].fail_after(Kind::Write, 0, Errno::EIO);
    assert_eq!(set.write(2 * CHUNK, &pattern(1, 50)), Err(Errno::EIO));
    assert_eq!((set.letters().as_str(), set.bench.device.event_nr()), ("DADA", 2));
    set.disks().iter().for_each(|disk| disk.heal());
    for at in 0..3 * CHUNK {
        let is_there = (CHUNK..2 * CHUNK).contains(&at);
        let want = is_there.then(|| data[at * 512..][..512].to_vec()).ok_or(Errno::EIO);
        assert_eq!(set.bench.read(at as u64, 1), want, "{at}");
    }
    assert_eq!(set.bench.write(CHUNK as u64, &data[..512]), Err(Errno::EIO));
    assert_eq!(set.bench.run(0, Op::Flush), Err(Errno::EIO));
}

#[test]
fn a_write_that_waits_when_the_device_is_suspended_fails() {
    let set = Set::new("raid5_ra", 3);
    set.disks()[0].fail_range(whole_disk(), Errno::EIO);
    let (cx, device) = (&set.bench.cx, &set.bench.device);
    let mut waiting = device.submit(write(0, &pattern(data_len(3), 1)), cx);
    assert!(!is_over(&mut waiting));
    set.target().presuspend(Suspend::Flush);
    assert_eq!(cx.block_on(waiting).result, Err(Errno::EIO));
    set.target().resumed();
    set.settle();
    set.write(0, &pattern(1, 1)).unwrap();
}

/// Every request to a member in turn fails once: what is written is there all the same.
#[test]
fn the_nth_request_to_a_member_may_fail() {
    for kind in [Kind::Read, Kind::Write] {
        for member in 0..4 {
            for nth in 0..8 {
                let mut model = pattern(data_len(4), 7);
                let set = Set::with("raid5_rs", 4, &model);
                set.disks()[member].fail_after(kind, nth, Errno::EIO);
                for (number, (at, len)) in ranges(4).into_iter().enumerate() {
                    let data = pattern(len, 30 + number);
                    set.write(at, &data).unwrap();
                    put(&mut model, at, &data);
                    let read = set.bench.read(at as u64, len).unwrap();
                    assert!(read == data, "{kind:?} {member} {nth}");
                }
                set.check(&model);
                assert!(set.read_whole().unwrap() == model, "{kind:?} {member} {nth}");
                let failed = set.letters().matches('D').count();
                assert!(failed == usize::from(kind == Kind::Write) || nth > 3);
            }
        }
    }
}

#[test]
fn a_flush_goes_to_every_member_and_fua_to_data_and_parity() {
    let set = Set::new("raid4", 4);
    let fua = Io { flags: IoFlags::FUA, ..write(0, &pattern(1, 1)) };
    set.run_all(vec![fua]);
    for member in [0, 3] {
        let record = set.disks()[member].record();
        let is_fua = |event: &Event| matches!(event, Event::Write { flags, .. } if flags.contains(IoFlags::FUA));
        assert!(record.len() == 1 && record.iter().all(is_fua), "{member}");
    }
    set.bench.run(0, Op::Flush).unwrap();
    assert!((0..4).all(|member| set.bench.is_flushed(member)));
}

#[test]
fn a_member_that_cannot_flush_has_failed() {
    let set = Set::new("raid4", 4);
    set.disks()[2].fail_after(Kind::Flush, 0, Errno::EIO);
    let flush = Io { sector: Sectors::ZERO, op: Op::Flush, flags: IoFlags::empty() };
    assert_eq!(set.run_all(vec![flush]).remove(0).result, Ok(()));
    assert_eq!((set.letters().as_str(), set.bench.device.event_nr()), ("AADA", 1));
}

#[test]
fn discards_and_writes_of_zeroes_are_not_taken() {
    let set = Set::new("raid5_ls", 3);
    for op in [Op::Discard(Sectors::new(8)), Op::WriteZeroes(Sectors::new(8))] {
        assert_eq!(set.bench.run(0, op), Err(Errno::EOPNOTSUPP));
    }
    let limits = set.bench.device.limits();
    assert_eq!((limits.io_min.get(), limits.io_opt.get()), (4096, 8192));
}

/// A table for reading only, over disks that have `data`.
fn read_only(line: &str, layout: &'static str, data: &[u8]) -> Result<Set, &'static str> {
    let mut set = Set::with(layout, 3, data);
    let lines = table::parse(line.as_bytes()).unwrap();
    let table = build(&lines, Mode::ReadOnly, &mut set.bench.opener);
    let table = table.map_err(|error| error.why.text)?;
    table.checked_limits().unwrap();
    set.bench.device.swap(Some(Arc::new(table)));
    Ok(set)
}

#[test]
fn a_set_out_of_sync_is_for_reading_only_and_has_no_redundancy() {
    let data = pattern(data_len(3), 1);
    for log in ["1 256", "2 256 sync"] {
        let whole = line_with(log, "raid5_ls", &["1:0", "1:1", "1:2"], -1);
        assert!(why(&whole).0.starts_with("A set that is to be resynchronised"), "{log}");
        let set = read_only(&whole, "raid5_ls", &data).unwrap();
        assert_eq!(set.read_whole().unwrap(), data);
        assert_eq!(set.bench.write(0, &data[..512]), Err(Errno::EPERM));
        assert_eq!(set.bench.run(0, Op::Flush), Ok(()));
        assert!(set.bench.status(StatusKind::Info).ends_with(" 1 AAA 0/1 1 core"));
        set.disks()[1].fail_range(whole_disk(), Errno::EIO);
        let (member, _, _) = place("raid5_ls", 3, 0);
        assert_eq!(member, 0);
        assert_eq!(set.bench.read(0, CHUNK).unwrap(), data[..CHUNK * 512]);
        assert_eq!(set.bench.read(CHUNK as u64, 1), Err(Errno::EIO), "no such parity is trusted");
        let degraded = line_with(log, "raid5_ls", &["1:0", "-", "1:2"], -1);
        let set = read_only(&degraded, "raid5_ls", &data).unwrap();
        assert_eq!(set.bench.read(0, CHUNK).unwrap(), data[..CHUNK * 512]);
        assert_eq!(set.bench.read(CHUNK as u64, 1), Err(Errno::EIO));
    }
}

#[test]
fn a_member_that_is_to_be_rebuilt_is_as_good_as_missing() {
    let mut data = pattern(data_len(3), 1);
    let members = ["1:0", "1:1", "1:2"];
    let line = |log| line_with(log, "raid5_ls", &members, 1);
    assert!(why(&line("2 256 sync")).0.starts_with("A set that is to be resynchronised"));
    let set = read_only(&line("2 256 sync"), "raid5_ls", &data).unwrap();
    set.disks()[1].fill(Sectors::ZERO, &vec![9; (MEMBER + START) * 512]);
    assert_eq!(set.read_whole().unwrap(), data);
    let mut set = Set::with("raid5_ls", 3, &data);
    set.bench.load(&line("2 256 nosync")).unwrap();
    set.disks()[1].fill(Sectors::ZERO, &vec![9; (MEMBER + START) * 512]);
    set.write(3, &data[..9 * 512]).unwrap();
    data.copy_within(..9 * 512, 3 * 512);
    assert_eq!(set.read_whole().unwrap(), data);
    assert_eq!(set.letters(), "ADA");
    assert!(set.on_disk(1).iter().all(|&byte| byte == 9), "it is left alone");
}

/// The members of a set that has nothing else wrong.
const TAIL: &str = "3 -1 1:0 0 1:1 0 1:2 0";

fn why_of(len: u64, args: &str) -> (&'static str, Errno) {
    why(&format!("0 {len} raid45 {args}"))
}

const fn einval(text: &'static str) -> (&'static str, Errno) {
    (text, Errno::EINVAL)
}

/// Each has what is wrong after it wrong as well, down to the length.
#[test]
fn its_arguments_are_checked_in_the_originals_order() {
    let short = "core 1 2 raid5_ls 0 3 -1 1:0 0 1:1 0 1:2";
    assert_eq!(why_of(9, short), einval("Not enough parameters"));
    for bad in ["0", "x", "-1", "4712"] {
        let args = format!("x {bad} 2 raid5_ls 8 {TAIL}");
        assert_eq!(why_of(9, &args), einval("Bad dirty log parameters number"), "{bad}");
    }
    for bad in ["1 2 raid5", "1 2 raid6_zr", "1 2 RAID4", "1 2 raid5_n", "99 2 raid5_ls"] {
        let args = format!("x {bad} 8 {TAIL}");
        assert_eq!(why_of(9, &args), einval("Bad raid type"), "{bad}");
    }
    for bad in ["2", "x", "-3"] {
        let args = format!("x 1 2 raid5_ls 1 -1 {bad} x 1:0 0 1:1 0 1:2 0");
        assert_eq!(why_of(9, &args), einval("Invalid number of raid devices"), "{bad}");
    }
    for bad in ["3", "-2", "x"] {
        let args = format!("x 1 2 raid4 {bad} 0 3 x 1:0 0 1:1 0 1:2 0");
        assert_eq!(why_of(9, &args), einval("Invalid RAID4 parity device index"), "{bad}");
        let args = format!("x 1 2 raid5_ls 0 3 {bad} 1:0 0 1:1 0 1:2 0 1:3");
        let text = "Invalid number for raid device to initialize";
        assert_eq!(why_of(9, &args), einval(text), "{bad}");
    }
    let wrong = einval("Wrong number of raid device/offset arguments");
    assert_eq!(why_of(9, &format!("x 1 2 raid5_ls 0 {TAIL} 1:3")), wrong);
    assert_eq!(why_of(9, "x 1 2 raid5_ls 0 4 -1 1:0 0 1:1 0 1:2 0"), wrong);
    let data = einval("Target length not divisible by number of data devices");
    assert_eq!(why_of(9, &format!("x 1 2 raid5_ls 0 {TAIL}")), data);
    let chunk = einval("Device length not divisible by chunk_size");
    assert_eq!(why_of(8, &format!("x 1 2 raid5_ls 0 {TAIL}")), chunk);
}

#[test]
fn variables_are_within_their_bounds() {
    let chunk = "Invalid chunk size; must be -1 or 2^^n and <= 16384";
    let stripes = "Invalid number of stripes: must be -1 or >= 8 and <= 16384";
    let io =
        "Invalid io size; must -1 or >= 8, 2^^n and less equal min(BIO_MAX_SECTORS/2, chunk size)";
    let recovery = "Invalid recovery io size; must be -1 or 2^^n and less equal BIO_MAX_SECTORS/2";
    let bandwidth = "Invalid recovery bandwidth percentage; must be -1 or > 0 and <= 100";
    let switch = "Invalid recovery switch; must be \"sync\" or \"nosync\"";
    let at_a_time = "Invalid number of recovery stripes;must be -1, > 0 and <= 64";
    let table = [
        ("8", "Bad variable raid parameters number"),
        ("-1", "Bad variable raid parameters number"),
        ("1 7", chunk),
        ("1 24", chunk),
        ("1 32768", chunk),
        ("2 -1 7", stripes),
        ("2 -1 16385", stripes),
        ("3 16 -1 32", io),
        ("3 -1 -1 24", io),
        ("4 -1 -1 -1 32", recovery),
        ("4 -1 -1 -1 2048", recovery),
        ("5 -1 -1 -1 -1 0", bandwidth),
        ("5 -1 -1 -1 -1 101", bandwidth),
        ("6 -1 -1 -1 -1 -1 -1", switch),
        ("7 -1 -1 -1 -1 -1 sync 65", at_a_time),
    ];
    for (bad, text) in table {
        assert_eq!(why_of(9, &format!("x 1 2 raid5_ls {bad} {TAIL}")), einval(text), "{bad}");
    }
}

#[test]
fn its_log_is_in_memory_and_its_members_are_devices_of_their_own() {
    let bad_logs = ["disk 2 1:3 256", "disk 3 1:3 256 nosync", "userspace 1 256", "core 1 x"];
    let bad_regions = ["core 1 300", "core 1 1", "core 1 1024", "core 2 256 maybe"];
    for bad in bad_logs.iter().chain(&bad_regions).chain(&["core 3 256 nosync nosync"]) {
        let log = ("Error creating dirty log", Errno::ENOMEM);
        assert_eq!(why_of(1024, &format!("{bad} raid5_ls 0 {TAIL}")), log, "{bad}");
    }
    let args = format!("core 2 64 nosync raid5_ls 1 128 {TAIL}");
    assert_eq!(why_of(1024, &args), einval("Chunk size larger than region size"));
    let args = format!("core 2 128 nosync raid5_ls 1 128 {TAIL}");
    assert_eq!(why_of(1024, &args), einval("Recover stripe io size larger than region size"));
    let of =
        |members: &str| why_of(1024, &format!("core 2 256 nosync raid5_ls 1 128 3 -1 {members}"));
    let offset = einval("Invalid RAID device offset parameter");
    assert_eq!(of("/dev/nosuch 513 1:1 0 1:2 0"), offset);
    assert_eq!(of("/dev/nosuch x 1:1 0 1:2 0"), offset);
    assert_eq!(of("1:0 - 1:1 0 1:2 0"), offset);
    assert_eq!(of("1:0 0 /dev/nosuch 0 1:2 x"), ("RAID device lookup failure", Errno::ENOENT));
    assert_eq!(of("1:0 0 1:9 0 1:2 0"), ("RAID device lookup failure", Errno::ENXIO));
    assert_eq!(of("1:0 0 1:1 0 /dev/ram0 8"), ("Duplicate RAID device", Errno::ENXIO));
    assert_eq!(of("1:0 0 - - - -"), einval("More than one RAID device is missing"));
}

#[test]
fn a_table_is_printed_as_it_was_meant() {
    let same = [
        "core 2 256 nosync raid5_ls 1 128 3 -1 1:0 0 1:1 16 1:2 0 ",
        "core 2 256 nosync raid5_ra 7 -1 -1 8 256 10 nosync 1 3 2 1:0 0 1:1 0 1:2 0 ",
        "core 2 256 nosync raid4 -1 1 128 3 -1 1:0 0 1:1 0 1:2 0 ",
        "core 2 256 nosync raid4 0 0 3 -1 1:0 0 1:1 0 1:2 0 ",
        "core 2 256 nosync raid4 1 128 3 -1 1:0 0 - - 1:2 0 ",
        "core 2 256 nosync raid5_la 0 3 -1 1:0 0 1:1 0 - 8 ",
    ];
    for args in same {
        let bench = Bench::new(&format!("0 1024 raid45 {args}"));
        assert_eq!(bench.status(StatusKind::Table), args);
    }
    let args = "core 2 256 nosync raid5_rs 1 128 locking none 3 -1 /dev/ram0 00 1:1 0 1:2 0";
    let bench = Bench::new(&format!("0 1024 raid45 {args}"));
    let want = "core 2 256 nosync raid5_rs 1 128 3 -1 1:0 0 1:1 0 1:2 0 ";
    assert_eq!(bench.status(StatusKind::Table), want);
    assert_eq!(
        why(&format!("0 1024 raid45 {}", args.replace("none", "cluster"))).0,
        "Unknown locking type"
    );
}

#[test]
fn its_status_has_a_letter_for_each_member() {
    let info = |args: &str| Bench::new(&format!("0 1024 raid45 {args}")).status(StatusKind::Info);
    let whole = "core 2 256 nosync raid5_ls 1 128 3 -1 1:0 0 1:1 0 1:2 0";
    assert_eq!(info(whole), "3 1:0 1:1 1:2 1 AAA 2/2 1 core");
    let missing = "core 2 256 nosync raid4 1 128 3 -1 1:0 0 - - 1:2 0";
    assert_eq!(info(missing), "3 1:0 - 1:2 1 ADA 2/2 1 core");
}

#[test]
fn messages_are_answered_as_the_originals() {
    let set = Set::new("raid5_ls", 3);
    for good in [
        "bandwidth set 50",
        "band gr 50",
        "ban shrink 99",
        "stripe_cache set 1024",
        "str sh 24",
        "overwrite off",
        "ove on",
        "overwrite reset",
        "statistics on",
        "sta reset",
        "sta of",
        "xor xor_8 3",
    ] {
        assert_eq!(set.tell(good), Ok(None), "{good}");
    }
    for refused in ["allow_writes", "all", "overwrite on", "statistics off", "statistics reset"] {
        assert_eq!(set.tell(refused), Err(Errno::EPERM), "{refused}");
    }
    for bad in [
        "",
        "al",
        "nosuch",
        "Bandwidth set 5",
        "bandwidth",
        "bandwidth set",
        "bandwidth set 0",
        "bandwidth set 101",
        "bandwidth grow 100",
        "bandwidth s 5",
        "bandwidth set 5 5",
        "stripe_cache set 1000",
        "stripe_cache set 7",
        "stripe_cache set 16385",
        "overwrite",
        "overwrite o",
        "overwrite maybe",
        "xor",
        "xor xor_8 1",
        "xor xor_8 4",
        "xor xor_8",
    ] {
        assert_eq!(set.tell(bad), Err(Errno::EINVAL), "{bad}");
    }
}

/// After a crash at any point, with any part of what was not flushed lost, a set that has all its members has
/// every sector as it was flushed, or as it was written later.
#[test]
fn a_crash_loses_nothing_that_was_flushed() {
    let n = 4;
    let cx = SimCx::new(11);
    let set = Set::new("raid5_ls", n);
    // Every content that a sector may have: the flushed one first.
    let mut may_have = vec![vec![vec![0; 512]]; data_len(n)];
    for (step, (at, len)) in ranges(n).into_iter().enumerate() {
        let before: Vec<usize> = set.disks().iter().map(|disk| disk.record().len()).collect();
        let data = pattern(len, 40 + step);
        set.bench.write(at as u64, &data).unwrap();
        for (sector, data) in data.chunks(512).enumerate() {
            may_have[at + sector].push(data.to_vec());
        }
        for _ in 0..8 {
            let after_crash = crashed(&set, &before, &cx);
            for (at, read) in after_crash.read_whole().unwrap().chunks(512).enumerate() {
                assert!(may_have[at].iter().any(|may| may == read), "{step} {at}");
            }
        }
        if step % 3 == 2 {
            set.bench.run(0, Op::Flush).unwrap();
            for may in &mut may_have {
                may.drain(..may.len() - 1);
            }
            let whole: Vec<usize> = set.disks().iter().map(|disk| disk.record().len()).collect();
            let after_crash = crashed(&set, &whole, &cx);
            let want: Vec<u8> = may_have.iter().flat_map(|may| may[0].clone()).collect();
            assert!(after_crash.read_whole().unwrap() == want, "{step}");
            after_crash.check(&want);
        }
    }
}

/// The set after a power loss: each disk has done what it had `before`, and by chance more.
fn crashed(set: &Set, before: &[usize], cx: &SimCx) -> Set {
    let mut opener = SimOpener::default();
    for (disk, &before) in set.disks().iter().zip(before) {
        let more = disk.record().len() - before;
        let events = before + usize::try_from(cx.random() % (more as u64 + 1)).unwrap();
        opener.add_disk(disk.after_power_loss(events, |_, _| cx.random().is_multiple_of(2)));
    }
    Set::over(opener, set.layout, set.n, None)
}

/// A step of a random session.
#[derive(Clone, Debug)]
enum Step {
    /// Writes at a time; one that overlaps an earlier one is left out.
    Writes(Vec<(usize, usize)>),
    Read(usize, usize),
    Flush,
    /// A member's disk goes.
    Lose(usize),
}

fn step(n: usize) -> impl Strategy<Value = Step> {
    let range = (0..data_len(n), 1..=3 * CHUNK * n)
        .prop_map(move |(at, len)| (at, len.min(data_len(n) - at)));
    prop_oneof![
        6 => proptest::collection::vec(range.clone(), 1..6).prop_map(Step::Writes),
        3 => range.prop_map(|(at, len)| Step::Read(at, len)),
        1 => Just(Step::Flush),
        1 => (0..n).prop_map(Step::Lose),
    ]
}

fn apart(ranges: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    let mut kept: Vec<(usize, usize)> = Vec::new();
    for (at, len) in ranges {
        if kept.iter().all(|&(other, its)| at + len <= other || other + its <= at) {
            kept.push((at, len));
        }
    }
    kept
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn it_is_what_a_vector_would_be_whoever_is_lost_on_the_way(
        (n, steps) in (3_usize..=5).prop_flat_map(|n| (Just(n), proptest::collection::vec(step(n), 1..16))),
        layout in 0..LAYOUTS.len(),
        seed in any::<u64>(),
    ) {
        let mut model = pattern(data_len(n), 1);
        let mut set = Set::over(slow_disks(n), LAYOUTS[layout], n, None);
        set.bench.cx = SimCx::new(seed);
        set.lay_out(&model);
        let mut lost = None;
        for (number, step) in steps.into_iter().enumerate() {
            match step {
                Step::Writes(ranges) => {
                    let ranges = apart(ranges);
                    let data = ranges.iter().map(|&(_, len)| pattern(len, 50 + number));
                    let writes: Vec<(usize, Vec<u8>)> =
                        ranges.iter().map(|&(at, _)| at).zip(data).collect();
                    let ios = writes.iter().map(|(at, data)| write(*at, data)).collect();
                    prop_assert!(set.run_all(ios).iter().all(|done| done.result == Ok(())));
                    for (at, data) in &writes {
 put(&mut model, *at, data);
}
                    set.check(&model);
                }
                Step::Read(at, len) => {
                    let read = set.bench.read(at as u64, len).unwrap();
                    prop_assert!(read == model[at * 512..(at + len) * 512]);
                }
                Step::Flush => {
                    let flush = Io { sector: Sectors::ZERO, op: Op::Flush, flags: IoFlags::empty() };
                    prop_assert_eq!(set.run_all(vec![flush]).remove(0).result, Ok(()));
                }
                Step::Lose(member) if lost.is_none() => {
                    lost = Some(member);
                    set.disks()[member].fail_range(whole_disk(), Errno::EIO);
                }
                Step::Lose(_) => {}
            }
        }
        prop_assert!(set.read_whole().unwrap() == model);
    }
}
