//! `mirror`.

use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use dm_engine::io::request::{Cx, Device, IoFuture, Kind};
use dm_engine::limits::Limits;
use proptest::prelude::*;

use super::*;

const PLAIN: &str = "0 64 mirror core 2 8 nosync 2 1:0 0 1:1 8";
const HANDLED: &str = "0 64 mirror core 2 8 nosync 2 1:0 0 1:1 8 1 handle_errors";
const KEPT: &str = "0 64 mirror core 2 8 nosync 2 1:0 0 1:1 8 2 handle_errors keep_log";

fn info(bench: &Bench) -> String {
    bench.status(StatusKind::Info)
}

/// What lies on leg `leg` of the tables above.
fn under(bench: &Bench, leg: usize, sector: u64, sectors: u64) -> Vec<u8> {
    let start = [0, 8][leg];
    heads(&bench.disk(leg).peek(Sectors::new(start + sector), Sectors::new(sectors)))
}

/// A write of a sector full of `value`, on its way.
fn writing(bench: &Bench, sector: u64, value: u8) -> IoFuture<'_> {
    let op = Op::Write(BufMut::copy_of(&[value; 512]).freeze());
    let io = Io { sector: Sectors::new(sector), op, flags: IoFlags::empty() };
    bench.device.submit(io, &bench.cx)
}

fn poll(answer: &mut IoFuture<'_>) -> Option<Result<(), Errno>> {
    match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => Some(done.result),
        Poll::Pending => None,
    }
}

/// Suspends the device, over a request on its way: what that is answered meanwhile.
fn suspend(
    device: &MappedDevice,
    mode: Suspend,
    answer: &mut IoFuture<'_>,
) -> Option<Result<(), Errno>> {
    thread::scope(|scope| {
        let suspending = scope.spawn(|| device.suspend(mode, &|| false));
        let mut result = None;
        while !suspending.is_finished() {
            if result.is_none() {
                result = poll(answer);
            }
            thread::yield_now();
        }
        suspending.join().unwrap().unwrap();
        result
    })
}

#[test]
fn its_arguments_are_checked_in_the_kernels_order() {
    let few_log = "Insufficient mirror log arguments";
    let log = "Error creating mirror dirty log";
    let number = "Invalid number of mirrors";
    let few = "Too few mirror arguments";
    let features = "Not enough arguments to support feature count";
    let unknown = "Unrecognised feature requested";
    let keep = "keep_log feature requires the handle_errors feature";
    for (args, text) in [
        ("", few_log),
        ("nonsense", few_log),
        ("core", few_log),
        ("core x", "Invalid mirror log argument count"),
        ("core -1", "Invalid mirror log argument count"),
        ("core 2 8", few_log),
        ("nonsense 2 8", few_log),
        ("core 4294967295 8", log),
        ("core 4294967294 8", log),
        ("core 4294967293 8", few_log),
        ("nonsense 1 8 2 1:0 0 1:1 0", log),
        ("disk 2 1:2 8 2 1:0 0 1:1 0", log),
        ("userspace 3 uuid clustered-core 8 2 1:0 0 1:1 0", log),
        ("core 0 2 1:0 0 1:1 0", log),
        ("core 3 8 nosync 1 2 1:0 0 1:1 0", log),
        ("core 1 x 2 1:0 0 1:1 0", log),
        ("core 1 0 2 1:0 0 1:1 0", log),
        ("core 1 1 2 1:0 0 1:1 0", log),
        ("core 1 12 2 1:0 0 1:1 0", log),
        ("core 1 128 2 1:0 0 1:1 0", log),
        ("core 2 8 async 2 1:0 0 1:1 0", log),
        ("core 2 8 NOSYNC 2 1:0 0 1:1 0", log),
        ("core 2 8 nosync", number),
        ("core 2 8 nosync x", number),
        ("core 2 8 nosync 1 1:0 0", number),
        ("core 2 8 nosync 10 1:0 0", number),
        ("core 2 8 nosync 2 1:0 0 1:1", few),
        ("core 2 8 nosync 9 1:0 0 1:1 0", few),
        ("core 2 8 nosync 2 250:250 x 1:1 0", "Invalid offset"),
        ("core 2 8 nosync 2 1:0 0 250:250 -1", "Invalid offset"),
        ("core 2 8 nosync 2 1:0 0 1:1 0 x", "Invalid number of features"),
        ("core 2 8 nosync 2 1:0 0 1:1 0 handle_errors", "Invalid number of features"),
        ("core 2 8 nosync 2 1:0 0 1:1 0 1", features),
        ("core 2 8 nosync 2 1:0 0 1:1 0 3 handle_errors keep_log", features),
        ("core 2 8 nosync 2 1:0 0 1:1 0 1 Handle_errors", unknown),
        ("core 2 8 nosync 2 1:0 0 1:1 0 2 handle_errors nonsense", unknown),
        ("core 2 8 nosync 2 1:0 0 1:1 0 1 keep_log", keep),
        ("core 2 8 nosync 2 1:0 0 1:1 0 1 keep_log more", keep),
        ("core 2 8 nosync 2 1:0 0 1:1 0 0 more", "Too many mirror arguments"),
        ("core 2 8 nosync 2 1:0 0 1:1 0 1 handle_errors more", "Too many mirror arguments"),
    ] {
        assert_eq!(why(&format!("0 64 mirror {args}")), (text, Errno::EINVAL), "{args}");
    }
    let lookup = |errno| ("Device lookup failure", errno);
    assert_eq!(why("0 64 mirror core 1 8 2 1:0 0 250:250 0 x"), lookup(Errno::ENXIO));
    assert_eq!(why("0 64 mirror core 1 8 2 /dev/nosuch 0 1:0 x"), lookup(Errno::ENOENT));
    let too_large = Bench::empty().load("0 64 mirror core 2 8 nosync 2 1:0 0 1:1 32705");
    assert_eq!(too_large, Err(Errno::EINVAL));
}

#[test]
fn its_table_and_status_are_the_kernels() {
    for (given, table, status) in [
        (
            "core 2 16 nosync 2 /dev/ram0 0 1:1 8",
            "core 2 16 nosync 2 1:0 0 1:1 8",
            "2 1:0 1:1 4/4 1 AA 1 core",
        ),
        (
            "core 2 64 nosync 3 1:0 0 1:1 0 1:2 0 1 handle_errors",
            "core 2 64 nosync 3 1:0 0 1:1 0 1:2 0 1 handle_errors",
            "3 1:0 1:1 1:2 1/1 1 AAA 1 core",
        ),
        (
            "core 2 32 nosync 2 1:0 0 1:1 0 3 keep_log handle_errors keep_log",
            "core 2 32 nosync 2 1:0 0 1:1 0 2 handle_errors keep_log",
            "2 1:0 1:1 2/2 1 AA 1 core",
        ),
        (
            "core 2 4294967312 nosync 2 1:0 0 1:1 0 0",
            "core 2 16 nosync 2 1:0 0 1:1 0",
            "2 1:0 1:1 4/4 1 AA 1 core",
        ),
    ] {
        let bench = Bench::new(&format!("0 64 mirror {given}"));
        assert_eq!(bench.status(StatusKind::Table), table, "{given}");
        assert_eq!(info(&bench), status, "{given}");
    }
    // The last region may be shorter.
    let bench = Bench::new("0 65 mirror core 2 64 nosync 2 1:0 0 1:1 0");
    assert_eq!(info(&bench), "2 1:0 1:1 2/2 1 AA 1 core");
}

#[test]
fn legs_that_may_differ_can_be_read_and_not_written() {
    let text = "Resynchronisation is not supported: a mirror without nosync must be read-only";
    for (args, table) in [
        ("core 1 8 2 1:0 0 1:1 0", "core 1 8 2 1:0 0 1:1 0"),
        ("core 2 8 sync 2 1:0 0 1:1 0", "core 2 8 sync 2 1:0 0 1:1 0"),
    ] {
        let given = format!("0 64 mirror {args}");
        assert_eq!(why(&given), (text, Errno::EOPNOTSUPP));
        let mut bench = Bench::empty();
        let lines = table::parse(given.as_bytes()).unwrap();
        let live = build(&lines, Mode::ReadOnly, &mut bench.opener).unwrap();
        live.checked_limits().unwrap();
        bench.device.swap(Some(Arc::new(live)));
        bench.device.resume();
        assert_eq!(bench.status(StatusKind::Table), table);
        assert_eq!(info(&bench), "2 1:0 1:1 0/8 1 AA 1 core");

        bench.disk(0).fill(Sectors::ZERO, &numbered(1, 64));
        bench.disk(1).fill(Sectors::ZERO, &vec![0xbb; 64 * 512]);
        assert_eq!(bench.read(0, 64).unwrap(), numbered(1, 64));
        assert_eq!(bench.write(0, &[9; 512]), Err(Errno::EPERM));
        // The other leg may have anything.
        bench.disk(0).fail_after(Kind::Read, 0, Errno::EIO);
        assert_eq!(bench.read(0, 1), Err(Errno::EIO));
        assert_eq!(info(&bench), "2 1:0 1:1 0/8 1 RA 1 core");
        assert_eq!(bench.read(0, 1).unwrap(), numbered(1, 1));
    }
}

#[test]
fn a_change_goes_to_all_legs_and_a_read_to_the_first() {
    let bench = Bench::new(PLAIN);
    bench.write(3, &numbered(1, 16)).unwrap();
    for leg in [0, 1] {
        assert_eq!(under(&bench, leg, 2, 18), [vec![0], heads(&numbered(1, 16)), vec![0]].concat());
    }
    bench.run(4, Op::Discard(Sectors::new(14))).unwrap();
    assert_eq!(
        [0, 1].map(|leg| under(&bench, leg, 3, 16)[1..15].to_vec()),
        [vec![0; 14], vec![0; 14]]
    );
    bench.run(0, Op::Flush).unwrap();
    assert!(bench.is_flushed(0) && bench.is_flushed(1));
    assert_eq!(bench.run(0, Op::WriteZeroes(Sectors::new(1))), Err(Errno::EOPNOTSUPP));
    bench.disk(1).fill(Sectors::new(8), &vec![0xbb; 64 * 512]);
    assert_eq!(heads(&bench.read(3, 1).unwrap()), [1]);
}

#[test]
fn what_is_flushed_survives_the_power_on_every_leg() {
    let bench = Bench::new(PLAIN);
    bench.write(0, &[1; 512]).unwrap();
    bench.run(0, Op::Flush).unwrap();
    let fua = Op::Write(BufMut::copy_of(&[2; 512]).freeze());
    bench.submit(1, fua, IoFlags::FUA).result.unwrap();
    bench.write(2, &[3; 512]).unwrap();
    let preflush = Op::Write(BufMut::copy_of(&[4; 512]).freeze());
    bench.submit(3, preflush, IoFlags::PREFLUSH).result.unwrap();
    for (leg, start) in [(0, 0), (1, 8)] {
        let disk = bench.disk(leg);
        let left = disk.after_power_loss(disk.record().len(), |_, _| false);
        assert_eq!(heads(&left.peek(Sectors::new(start), Sectors::new(4))), [1, 2, 3, 0]);
    }
}

#[test]
fn whatever_write_the_power_goes_in_what_was_answered_as_durable_is_on_both_legs() {
    let bench = Bench::new(PLAIN);
    // After how many events of either leg which value of sector 0 was durable.
    let mut durable = vec![([0, 0], 0)];
    for value in 1..=8 {
        bench.write(0, &[value; 512]).unwrap();
        bench.write(1, &[value; 512]).unwrap();
        bench.run(0, Op::Flush).unwrap();
        durable.push(([0, 1].map(|leg| bench.disk(leg).record().len()), value));
    }
    for (leg, start) in [(0, 0), (1, 8)] {
        let disk = bench.disk(leg);
        for events in 0..=disk.record().len() {
            let least = durable.iter().rfind(|(at, _)| at[leg] <= events).unwrap().1;
            for kept in [false, true] {
                let left = disk.after_power_loss(events, |_, _| kept);
                let value = left.peek(Sectors::new(start), Sectors::new(1))[0];
                assert!(value == least || value == least + 1, "{events} {kept} {value} {least}");
            }
        }
    }
}

#[test]
fn a_read_that_fails_is_tried_on_the_next_leg() {
    for table in [PLAIN, HANDLED, KEPT] {
        let bench = Bench::new(table);
        bench.write(0, &numbered(1, 64)).unwrap();
        bench.disk(0).fail_after(Kind::Read, 2, Errno::ENODATA);
        for sector in 0..8 {
            assert_eq!(bench.read(sector.into(), 1).unwrap(), numbered(1 + sector, 1));
        }
        assert_eq!(info(&bench), "2 1:0 1:1 8/8 1 RA 1 core");
        assert_eq!(bench.device.event_nr(), u32::from(table != PLAIN));
        // A leg that only failed a read gets every write, and is read when the other fails.
        bench.write(5, &[99; 512]).unwrap();
        bench.disk(1).fail_range(Sectors::ZERO..DISK, Errno::EIO);
        assert_eq!(bench.read(5, 1).unwrap(), [99; 512]);
        bench.disk(0).fail_range(Sectors::new(20)..Sectors::new(21), Errno::EIO);
        assert_eq!(bench.read(20, 1), Err(Errno::EIO));
        assert_eq!(bench.read(21, 1).unwrap(), numbered(22, 1));
        assert_eq!(info(&bench), "2 1:0 1:1 8/8 1 RR 1 core");
    }
}

#[test]
fn a_read_ahead_or_a_read_of_what_is_not_supported_is_nobodys_fault() {
    let bench = Bench::new(HANDLED);
    for (errno, flags) in [(Errno::EIO, IoFlags::READAHEAD), (Errno::EOPNOTSUPP, IoFlags::empty())]
    {
        bench.disk(0).fail_after(Kind::Read, 0, errno);
        let done = bench.submit(0, Op::Read(BufMut::zeroed(512)), flags);
        assert_eq!(done.result, Err(errno));
        assert!(done.buf.is_some());
    }
    assert_eq!(info(&bench), "2 1:0 1:1 8/8 1 AA 1 core");
}

#[test]
fn a_leg_that_failed_a_write_is_never_read_again() {
    for (table, events) in [(PLAIN, 0), (KEPT, 1)] {
        for leg in [0, 1] {
            let bench = Bench::new(table);
            bench.write(0, &vec![1; 64 * 512]).unwrap();
            bench.disk(leg).fail_after(Kind::Write, 1, Errno::EIO);
            bench.write(0, &[2; 512]).unwrap();
            bench.write(9, &[3; 512]).unwrap();
            let marks = ["DA", "AD"][leg];
            assert_eq!(info(&bench), format!("2 1:0 1:1 7/8 1 {marks} 1 core"));
            assert_eq!(bench.device.event_nr(), events);
            assert_eq!(under(&bench, leg, 9, 1), [1]);
            // In that region it gets no more writes; elsewhere it does.
            bench.write(10, &[4; 512]).unwrap();
            bench.write(20, &[5; 512]).unwrap();
            assert_eq!((under(&bench, leg, 10, 1), under(&bench, leg, 20, 1)), (vec![1], vec![5]));
            let read = |sector| bench.read(sector, 1).map(|bytes| bytes[0]);
            assert_eq!([0, 9, 10, 20, 30].map(read), [2, 3, 4, 5, 1].map(Ok));
            // With the other leg gone, nothing is read rather than something old.
            bench.disk(1 - leg).fail_range(Sectors::ZERO..DISK, Errno::EIO);
            assert_eq!([9, 30].map(read), [Err(Errno::EIO); 2]);
            assert_eq!(bench.write(9, &[6; 512]), Err(Errno::EIO));
            assert_eq!(bench.write(30, &[6; 512]), Err(Errno::EIO));
            bench.disk(leg).fail_after(Kind::Flush, 0, Errno::EIO);
            assert_eq!(bench.run(0, Op::Flush), Err(Errno::EIO));
            assert_eq!(bench.device.event_nr(), events * 3);
        }
    }
}

#[test]
fn a_flush_that_fails_on_a_leg_counts_as_its_writes_do() {
    let bench = Bench::new(PLAIN);
    bench.disk(0).fail_after(Kind::Flush, 0, Errno::EIO);
    bench.run(0, Op::Flush).unwrap();
    assert_eq!(info(&bench), "2 1:0 1:1 8/8 1 DA 1 core");
    bench.disk(0).fill(Sectors::ZERO, &[0xbb; 512]);
    assert_eq!(bench.read(0, 1).unwrap(), [0; 512]);
}

#[test]
fn a_discard_that_fails_harms_no_leg() {
    let bench = Bench::new(HANDLED);
    bench.disk(1).fail_after(Kind::Discard, 0, Errno::EIO);
    assert_eq!(bench.run(0, Op::Discard(Sectors::new(20))), Err(Errno::EOPNOTSUPP));
    assert_eq!(info(&bench), "2 1:0 1:1 8/8 1 AA 1 core");
    bench.run(0, Op::Discard(Sectors::new(20))).unwrap();
}

#[test]
fn a_write_that_is_held_fails_when_the_device_is_suspended_with_a_flush() {
    let bench = Bench::new(HANDLED);
    bench.disk(0).fail_after(Kind::Write, 0, Errno::EIO);
    let mut answer = writing(&bench, 0, 7);
    assert_eq!(poll(&mut answer), None);
    assert_eq!(bench.device.event_nr(), 1);
    assert_eq!(info(&bench), "2 1:0 1:1 7/8 1 DA 1 core");
    // It is in nobody's way, and others of its region are held beside it without being tried.
    let mut other = writing(&bench, 1, 8);
    assert_eq!(poll(&mut other), None);
    bench.write(20, &[9; 512]).unwrap();
    assert_eq!((under(&bench, 1, 0, 2), under(&bench, 1, 20, 1)), (vec![7, 0], vec![9]));
    drop(other);
    assert_eq!(suspend(&bench.device, Suspend::Flush, &mut answer), Some(Err(Errno::EIO)));
    // While it is suspended nothing is held by the target.
    bench.device.resume();
    let mut answer = writing(&bench, 0, 7);
    assert_eq!(poll(&mut answer), None);
    bench.device.fail_all();
    assert_eq!(poll(&mut answer), Some(Err(Errno::EIO)));
}

#[test]
fn a_write_that_is_held_goes_to_the_next_table_after_a_suspend_without_one() {
    let mut bench = Bench::new(HANDLED);
    bench.disk(1).fail_after(Kind::Write, 0, Errno::EIO);
    let (device, cx) = (Arc::clone(&bench.device), SimCx::new(0));
    let op = Op::Write(BufMut::copy_of(&numbered(1, 16)).freeze());
    let io = Io { sector: Sectors::new(4), op, flags: IoFlags::FUA };
    let mut answer = device.submit(io, &cx);
    assert_eq!(poll(&mut answer), None);
    assert_eq!(suspend(&device, Suspend::NoFlush, &mut answer), None);
    assert_eq!(poll(&mut answer), None);
    // The same table holds it again.
    device.resume();
    assert_eq!(poll(&mut answer), None);
    assert_eq!(suspend(&device, Suspend::NoFlush, &mut answer), None);
    bench.load("0 64 linear 1:2 16").unwrap();
    assert_eq!(poll(&mut answer), Some(Ok(())));
    assert_eq!(
        heads(&bench.disk(2).peek(Sectors::new(20), Sectors::new(16))),
        heads(&numbered(1, 16))
    );
    let counts = device.counts();
    assert_eq!((counts.in_flight, counts.write.ios), (0, 1));
}

#[test]
fn a_suspend_that_is_called_off_holds_the_write_again() {
    let bench = Bench::new(HANDLED);
    bench.disk(1).fail_after(Kind::Write, 0, Errno::EIO);
    let mut answer = writing(&bench, 0, 7);
    assert_eq!(poll(&mut answer), None);
    // Nobody polls the answer, so the suspend waits for it, and is called off.
    assert_eq!(bench.device.suspend(Suspend::NoFlush, &|| true), Err(Errno::EINTR));
    assert_eq!(poll(&mut answer), None);
    assert!(!bench.device.is_suspended());
    assert_eq!(suspend(&bench.device, Suspend::Flush, &mut answer), Some(Err(Errno::EIO)));
}

#[test]
fn a_new_process_knows_which_leg_lacks_what() {
    let bench = Bench::new(PLAIN);
    bench.write(0, &vec![1; 64 * 512]).unwrap();
    bench.disk(0).fail_after(Kind::Write, 0, Errno::EIO);
    bench.write(9, &[2; 512]).unwrap();
    let live = bench.device.live().unwrap();
    let target = &live.placed()[0].target;
    assert!(target.has_learnt());
    let memory = target.memory().unwrap();
    assert!(target.has_learnt(), "it is not saved yet");
    target.remembered(&memory);
    assert!(!target.has_learnt());
    let new = build_over(PLAIN, &mut bench.opener.clone()).unwrap();
    new.checked_limits().unwrap();
    new.placed()[0].target.recall(&memory).unwrap();
    assert_eq!(status(&new, StatusKind::Info), info(&bench));
    bench.device.suspend(Suspend::Flush, &|| false).unwrap();
    bench.device.swap(Some(Arc::new(new)));
    bench.device.resume();
    assert_eq!(bench.read(9, 1).unwrap(), [2; 512]);
    bench.write(10, &[3; 512]).unwrap();
    assert_eq!((under(&bench, 0, 9, 2), under(&bench, 1, 9, 2)), (vec![1, 1], vec![2, 3]));
}

/// A disk that takes its time, and not the same for every request.
#[derive(Debug)]
struct Erratic(Arc<SimDisk>, u32);

impl Device for Erratic {
    fn size(&self) -> Sectors {
        self.0.size()
    }

    fn limits(&self) -> Limits {
        self.0.limits()
    }

    fn dev(&self) -> DevNo {
        DevNo::new(2, self.1)
    }

    fn is_read_only(&self) -> bool {
        false
    }

    fn submit<'a>(&'a self, io: Io, cx: &'a dyn Cx) -> IoFuture<'a> {
        Box::pin(async move {
            cx.sleep(Duration::from_millis(cx.random() % 5)).await;
            self.0.submit(io, cx).await
        })
    }
}

/// A mirror of three disks, each with its sectors from another one on.
fn erratic(features: &str) -> (Bench, Vec<Arc<SimDisk>>) {
    let mut bench = Bench::empty();
    let disks: Vec<_> = (0..3).map(|_| Arc::new(SimDisk::new(DISK))).collect();
    for (number, disk) in (0..).zip(&disks) {
        let path = format!("/dev/erratic{number}");
        bench.opener.add(path.as_bytes(), Arc::new(Erratic(Arc::clone(disk), number)));
    }
    let legs = "3 /dev/erratic0 0 /dev/erratic1 5 /dev/erratic2 9";
    bench.load(&format!("0 64 mirror core 2 8 nosync {legs} {features}")).unwrap();
    (bench, disks)
}

fn on_leg(disks: &[Arc<SimDisk>], leg: usize) -> Vec<u8> {
    disks[leg].peek(Sectors::new([0, 5, 9][leg]), Sectors::new(64))
}

#[derive(Clone, Debug)]
enum Step {
    Write(u64, u8, u8),
    Read(u64, u8),
    Flush,
    Discard(u64, u8),
    Fault(usize, Kind, u64),
    /// Another process takes over.
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let kind = prop_oneof![
        Just(Kind::Read),
        Just(Kind::Read),
        Just(Kind::Write),
        Just(Kind::Flush),
        Just(Kind::Discard)
    ];
    prop_oneof![
        6 => (0..64_u64, 1..20_u8, any::<u8>()).prop_map(|(at, len, value)| Step::Write(at, len, value)),
        6 => (0..64_u64, 1..20_u8).prop_map(|(at, len)| Step::Read(at, len)),
        1 => Just(Step::Flush),
        1 => (0..64_u64, 1..20_u8).prop_map(|(at, len)| Step::Discard(at, len)),
        2 => (0..3_usize, kind, 0..4_u64).prop_map(|(disk, kind, after)| Step::Fault(disk, kind, after)),
        1 => Just(Step::Restart),
    ]
}

/// A mirror, and what must be on it: none where a change failed.
struct Model {
    bench: Bench,
    disks: Vec<Arc<SimDisk>>,
    sectors: Vec<Option<u8>>,
}

impl Model {
    fn new(features: &str) -> Self {
        let (bench, disks) = erratic(features);
        Self { bench, disks, sectors: vec![Some(0); 64] }
    }

    fn marks(&self) -> String {
        info(&self.bench).split(' ').nth(6).unwrap().to_owned()
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Write(at, len, value) => {
                let range = range(at, len);
                let result = self.bench.write(at, &vec![value; range.len() * 512]);
                assert!(result.is_ok() || self.marks() == "DDD", "{result:?}");
                self.sectors[range].fill(result.ok().map(|()| value));
            }
            Step::Read(at, len) => self.check(range(at, len)),
            Step::Flush => {
                let result = self.bench.run(0, Op::Flush);
                assert!(result.is_ok() || self.marks() == "DDD", "{result:?}");
            }
            Step::Discard(at, len) => {
                let range = range(at, len);
                let op = Op::Discard(Sectors::new(range.len() as u64));
                let value = self.bench.run(at, op).ok().map(|()| 0);
                self.sectors[range].fill(value);
            }
            Step::Fault(disk, kind, after) => self.disks[disk].fail_after(kind, after, Errno::EIO),
            Step::Restart => self.restart(),
        }
    }

    fn check(&self, range: std::ops::Range<usize>) {
        match self.bench.read(range.start as u64, range.len()) {
            Ok(bytes) => {
                for (got, wanted) in bytes.chunks(512).zip(&self.sectors[range]) {
                    assert!(
                        wanted.is_none_or(|wanted| got == [wanted; 512]),
                        "{}",
                        info(&self.bench)
                    );
                }
            }
            Err(_) => assert!(!self.marks().contains('A'), "{}", info(&self.bench)),
        }
    }

    fn restart(&mut self) {
        let live = self.bench.device.live().unwrap();
        let memory = live.placed()[0].target.memory();
        let before = info(&self.bench);
        let table = format!("0 64 mirror {}", self.bench.status(StatusKind::Table));
        let table = ["2:0", "2:1", "2:2"].iter().zip(0..).fold(table, |table, (dev, number)| {
            table.replace(dev, &format!("/dev/erratic{number}"))
        });
        self.bench.load(&table).unwrap();
        if let Some(memory) = memory {
            self.bench.device.live().unwrap().placed()[0].target.recall(&memory).unwrap();
        }
        assert_eq!(info(&self.bench), before);
    }
}

fn range(at: u64, len: u8) -> std::ops::Range<usize> {
    let at = usize::try_from(at).unwrap();
    at..(at + usize::from(len)).min(64)
}

proptest! {
    #[test]
    fn what_is_read_is_what_was_answered_as_written(
        steps in proptest::collection::vec(step(), 1..60),
        keeps in any::<bool>(),
    ) {
        let mut model = Model::new(if keeps { "2 handle_errors keep_log" } else { "" });
        for step in &steps {
            model.take(step);
        }
        model.disks.iter().for_each(|disk| disk.heal());
        model.check(0..64);
        if model.marks().contains(['A', 'R']) {
            prop_assert!(model.bench.read(0, 64).is_ok());
        }
    }

    #[test]
    fn writes_that_overlap_leave_the_legs_alike(
        writes in proptest::collection::vec((0..64_u64, 1..20_u8), 2..12),
        seed in any::<u64>(),
    ) {
        let (mut bench, disks) = erratic("1 handle_errors");
        bench.cx = SimCx::new(seed);
        let answers = (1_u8..).zip(&writes).map(|(value, &(at, len))| {
            let data = BufMut::copy_of(&vec![value; range(at, len).len() * 512]).freeze();
            let op = if value % 5 == 0 { Op::Discard(data.sectors()) } else { Op::Write(data) };
            let io = Io { sector: Sectors::new(at), op, flags: IoFlags::empty() };
            bench.device.submit(io, &bench.cx)
        });
        let answers: Vec<Done> = bench.cx.run_all(answers.collect());
        prop_assert!(answers.iter().all(|done| done.result.is_ok()));
        let first = on_leg(&disks, 0);
        prop_assert!([1, 2].iter().all(|&leg| on_leg(&disks, leg) == first));
    }
}
