//! `delay`. What the kernel answers is recorded in `tests/transcripts/dmsetup/delay*.txt`, what it does in
//! `tests/scripts/delay.out`.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use dm_engine::io::request::{Cx as _, IoFuture};
use dm_testkit::sim::Event;
use proptest::prelude::*;

use super::*;

#[test]
fn its_arguments_are_checked_in_the_kernels_order() {
    let count = ("Requires exactly 3, 6 or 9 arguments", Errno::EINVAL);
    let sector = ("Invalid device sector", Errno::EINVAL);
    let delay = ("Invalid delay", Errno::EINVAL);
    let lookup = |errno| ("Device lookup failed", errno);
    for bad in [
        "",
        "1:0",
        "1:0 x",
        "1:0 x y 1",
        "1:0 0 0 1:0 0",
        "1:0 0 0 1:0 0 0 1",
        "1:0 0 0 1:0 0 0 1:0 0 0 1:0",
    ] {
        assert_eq!(why(&format!("0 8 delay {bad}")), count, "{bad}");
    }
    assert_eq!(why("0 8 delay 250:250 x y"), sector);
    assert_eq!(why("0 8 delay 250:250 0 y"), delay);
    assert_eq!(why("0 8 delay 250:250 0 0 1:0 x y"), lookup(Errno::ENXIO));
    assert_eq!(why("0 8 delay /dev/nosuch 0 0"), lookup(Errno::ENOENT));
    assert_eq!(why("0 8 delay 1:0 0 0 1:0 x y"), sector);
    assert_eq!(why("0 8 delay 1:0 0 0 1:0 0 -1"), delay);
    assert_eq!(why("0 8 delay 1:0 0 0 1:0 0 0 1:0 0 1x"), delay);
    assert_eq!(why("0 8 delay 1:0 0 0 1:0 0 0 250:250 0 1"), lookup(Errno::ENXIO));
    for small in ["1:0 32761 0", "1:0 0 0 1:1 32761 0", "1:0 0 0 1:1 0 0 1:2 32761 0"] {
        let refused = Bench::empty().load(&format!("0 8 delay {small}"));
        assert_eq!(refused, Err(Errno::EINVAL), "{small}");
    }
}

#[test]
fn its_table_is_what_was_given() {
    for table in ["1:0 8 100", "1:0 8 0 1:1 16 4294967295", "1:0 8 10 1:1 16 20 1:0 24 30"] {
        let bench = Bench::new(&format!("0 512 delay {table}"));
        assert_eq!(bench.status(StatusKind::Table), table);
        assert_eq!(bench.status(StatusKind::Info), "0 0 0");
    }
    let bench = Bench::new("0 8 delay /dev/ram0 0 4294967297");
    assert_eq!(bench.status(StatusKind::Table), "1:0 0 1");
}

/// How much of the clock an operation takes.
fn time(bench: &Bench, op: Op) -> u128 {
    let before = bench.cx.now();
    bench.run(4, op).unwrap();
    bench.cx.now().checked_sub(before).unwrap().as_millis()
}

/// That of a read, a write, a discard and a flush.
fn times(table: &str) -> [u128; 4] {
    let bench = Bench::new(table);
    let read = Op::Read(BufMut::zeroed(512));
    let write = Op::Write(BufMut::zeroed(512).freeze());
    [read, write, Op::Discard(Sectors::new(1)), Op::Flush].map(|op| time(&bench, op))
}

#[test]
fn each_class_waits_its_own_time() {
    assert_eq!(times("0 8 delay 1:0 0 10"), [10, 10, 10, 10]);
    assert_eq!(times("0 8 delay 1:0 0 10 1:1 0 20"), [10, 20, 20, 20]);
    assert_eq!(times("0 8 delay 1:0 0 10 1:1 0 20 1:2 0 30"), [10, 20, 20, 30]);
    assert_eq!(times("0 8 delay 1:0 0 0 1:1 0 20 1:2 0 0"), [0, 20, 20, 0]);
}

#[test]
fn each_class_goes_to_its_own_place() {
    for delay in [0, 5] {
        let table = format!("0 8 delay 1:0 8 {delay} 1:1 16 {delay} 1:2 24 {delay}");
        let bench = Bench::new(&table);
        bench.disk(0).fill(Sectors::new(8), &numbered(1, 8));
        assert_eq!(bench.read(2, 3).unwrap(), numbered(3, 3));
        bench.write(1, &numbered(7, 2)).unwrap();
        assert_eq!(bench.disk(1).peek(Sectors::new(17), Sectors::new(2)), numbered(7, 2));
        bench.run(2, Op::Discard(Sectors::new(1))).unwrap();
        let kept = [numbered(7, 1), vec![0; 512]].concat();
        assert_eq!(bench.disk(1).peek(Sectors::new(17), Sectors::new(2)), kept);
        bench.run(0, Op::Flush).unwrap();
        assert!(matches!(bench.disk(2).record()[..], [Event::Flush]));
        assert!(bench.disk(0).record().is_empty());
        assert_eq!(bench.run(0, Op::WriteZeroes(Sectors::new(1))), Err(Errno::EOPNOTSUPP));
    }
}

#[test]
fn a_write_that_flushes_first_waits_for_both() {
    let bench = Bench::new("0 8 delay 1:0 0 0 1:0 0 20 1:0 0 30");
    let write = Op::Write(BufMut::zeroed(512).freeze());
    bench.submit(0, write, IoFlags::PREFLUSH).result.unwrap();
    assert_eq!(bench.cx.now(), Duration::from_millis(50));
}

/// A request that came, and waits.
fn came(bench: &Bench, sector: u64, op: Op) -> IoFuture<'_> {
    let io = Io { sector: Sectors::new(sector), op, flags: IoFlags::empty() };
    let mut request = bench.device.submit(io, &bench.cx);
    bench.cx.block_on(poll_fn(|context| {
        assert!(request.as_mut().poll(context).is_pending());
        Poll::Ready(())
    }));
    request
}

fn sector_of(number: u8) -> Op {
    Op::Write(BufMut::copy_of(&[number; 512]).freeze())
}

/// What was written, in its order.
fn written(disk: &SimDisk) -> Vec<u8> {
    let heads = disk.record().into_iter().filter_map(|event| match event {
        Event::Write { data, .. } => Some(data[0]),
        _ => None,
    });
    heads.collect()
}

fn target_of(bench: &Bench, tell: impl Fn(&dyn dm_engine::target::Target)) {
    tell(&*bench.device.live().unwrap().placed()[0].target);
}

#[test]
fn what_waits_is_counted() {
    let bench = Bench::new("0 8 delay 1:0 0 10 1:0 0 20 1:0 0 30");
    let read = || Op::Read(BufMut::zeroed(512));
    let requests = vec![
        came(&bench, 0, read()),
        came(&bench, 1, read()),
        came(&bench, 0, sector_of(1)),
        came(&bench, 2, Op::Discard(Sectors::new(1))),
        came(&bench, 3, read()),
        came(&bench, 0, Op::Flush),
    ];
    assert_eq!(bench.status(StatusKind::Info), "3 2 1");
    assert!(bench.cx.run_all(requests).iter().all(|done| done.result.is_ok()));
    assert_eq!(bench.status(StatusKind::Info), "0 0 0");
    assert_eq!(bench.cx.now(), Duration::from_millis(30));
}

#[test]
fn a_short_wait_overtakes_a_long_one() {
    let bench = Bench::new("0 8 delay 1:0 0 10 1:0 0 500");
    let write = came(&bench, 0, sector_of(9));
    assert_eq!(bench.read(0, 1).unwrap(), [0; 512]);
    assert_eq!(bench.cx.now(), Duration::from_millis(10));
    bench.cx.block_on(write).result.unwrap();
    assert_eq!(bench.read(0, 1).unwrap(), [9; 512]);
}

#[test]
fn a_suspend_lets_all_go_at_once_and_in_their_order() {
    let bench = Bench::new("0 8 delay 1:0 0 60000");
    let requests = (0..40).map(|number| came(&bench, 0, sector_of(number))).collect();
    assert_eq!(bench.status(StatusKind::Info), "0 40 0");
    target_of(&bench, |target| target.presuspend(Suspend::Flush));
    bench.cx.run_all(requests);
    assert_eq!(bench.cx.now(), Duration::ZERO);
    assert_eq!(written(bench.disk(0)), (0..40).collect::<Vec<_>>());
    assert_eq!(bench.status(StatusKind::Info), "0 0 0");
}

#[test]
fn nothing_waits_until_it_is_resumed() {
    let bench = Bench::new("0 8 delay 1:0 0 50");
    target_of(&bench, |target| target.presuspend(Suspend::Flush));
    bench.write(0, &[1; 512]).unwrap();
    assert_eq!(bench.cx.now(), Duration::ZERO);
    target_of(&bench, |target| target.resumed());
    bench.write(0, &[2; 512]).unwrap();
    assert_eq!(bench.cx.now(), Duration::from_millis(50));
}

#[test]
fn what_a_suspend_let_go_does_not_wait_again_when_it_is_called_off() {
    let bench = Bench::new("0 8 delay 1:0 0 60000");
    let write = came(&bench, 0, sector_of(1));
    target_of(&bench, |target| target.presuspend(Suspend::Flush));
    target_of(&bench, |target| target.resumed());
    bench.cx.block_on(write).result.unwrap();
    assert_eq!(bench.cx.now(), Duration::ZERO);
}

#[test]
fn a_suspend_of_the_device_does_not_wait_for_the_delay() {
    let bench = Bench::new("0 8 delay 1:0 0 4294967295");
    let requests: Vec<_> = (0..3).map(|number| came(&bench, 0, sector_of(number))).collect();
    std::thread::scope(|scope| {
        let suspend = scope.spawn(|| bench.device.suspend(Suspend::Flush, &|| false));
        // The requests are only looked at once they have been let go: the clock would move otherwise.
        while !bench.device.is_suspended() {
            std::thread::yield_now();
        }
        bench.cx.run_all(requests);
        suspend.join().unwrap().unwrap();
    });
    assert_eq!(written(bench.disk(0)), [0, 1, 2]);
    assert_eq!(bench.cx.now(), Duration::ZERO);
}

#[test]
fn a_request_that_is_given_up_is_counted_no_more_and_holds_up_nobody() {
    let bench = Bench::new("0 8 delay 1:0 0 100");
    let mut requests: Vec<_> = (0..5).map(|number| came(&bench, 0, sector_of(number))).collect();
    drop(requests.remove(3));
    assert_eq!(bench.status(StatusKind::Info), "0 4 0");
    target_of(&bench, |target| target.presuspend(Suspend::Flush));
    drop(requests.remove(0));
    bench.cx.run_all(requests);
    assert_eq!(written(bench.disk(0)), [1, 2, 4]);
    assert_eq!(bench.status(StatusKind::Info), "0 0 0");
}

/// One thread's request waits for its turn behind another's.
#[test]
fn turns_are_given_from_thread_to_thread() {
    let bench = Bench::new("0 8 delay 1:0 0 1000");
    let first = came(&bench, 0, sector_of(1));
    std::thread::scope(|scope| {
        let second = scope.spawn(|| {
            // Its own clock reaches the end of the wait at once.
            let cx = SimCx::new(0);
            let io = Io { sector: Sectors::ZERO, op: sector_of(2), flags: IoFlags::empty() };
            cx.block_on(bench.device.submit(io, &cx)).result
        });
        while bench.status(StatusKind::Info) != "0 2 0" {
            std::thread::yield_now();
        }
        bench.cx.block_on(first).result.unwrap();
        second.join().unwrap().unwrap();
    });
    assert_eq!(written(bench.disk(0)), [1, 2]);
}

/// A request that is to come yet.
type Answer<'a> = Pin<Box<dyn Future<Output = Result<(), Errno>> + 'a>>;

proptest! {
    /// Whatever the order in which those who wait are looked at, and however long they came apart.
    #[test]
    fn requests_of_a_class_keep_their_order(
        seed in any::<u64>(),
        pauses in proptest::collection::vec(0_u64..4, 1..30),
    ) {
        let mut bench = Bench::new("0 8 delay 1:0 0 0 1:0 0 7");
        bench.cx = SimCx::new(seed);
        let bench = &bench;
        let mut requests: Vec<Answer<'_>> = Vec::new();
        let mut at = 0;
        for (number, pause) in (0_u8..).zip(&pauses) {
            at += pause;
            // Before any request has gone: each comes at its own time, seen from the same clock.
            let late = async move {
                bench.cx.sleep(Duration::from_millis(at)).await;
                let io = Io { sector: Sectors::ZERO, op: sector_of(number), flags: IoFlags::empty() };
                bench.device.submit(io, &bench.cx).await.result
            };
            requests.push(Box::pin(late));
        }
        let answers = bench.cx.run_all(requests);
        prop_assert!(answers.iter().all(Result::is_ok));
        let order = written(bench.disk(0));
        prop_assert_eq!(order.len(), pauses.len());
        let came_at: Vec<u64> = pauses.iter().scan(0, |at, pause| { *at += pause; Some(*at) }).collect();
        prop_assert!(order.windows(2).all(|pair| came_at[usize::from(pair[0])] <= came_at[usize::from(pair[1])]));
        prop_assert_eq!(bench.cx.now(), Duration::from_millis(at + 7));
    }
}
