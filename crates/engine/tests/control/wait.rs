//! Waiting: for an event, for one's turn, for as long as one is there.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Waker};
use std::thread;
use std::time::{Duration, Instant};

use super::bench::Bench;
use dm_core::dm::{DeviceInfo, Request};
use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::packet::{Cmd, Packet};
use dm_core::units::Sectors;
use dm_engine::engine::Client;
use dm_engine::io::request::{BufMut, Device as _, Io, IoFlags, Op};
use dm_testkit::sim::SimCx;

fn wait_past(bench: &Bench, name: &str, event_nr: u32) -> Result<DeviceInfo, Errno> {
    let mut request = Request::new(Cmd::DevWait).named(name.as_bytes());
    request.event_nr = event_nr;
    bench.ask(&request)
}

/// A command from a client that is there until it is `gone`.
fn exchange_until(
    bench: &Bench,
    gone: &AtomicBool,
    cmd: Cmd,
    name: &[u8],
    flags: Flags,
) -> Result<(), Errno> {
    let mut packet = Packet::new(4096);
    packet.header_mut().version[0].set(4);
    packet.header_mut().set_name(name);
    packet.header_mut().set_flags(flags);
    let armed = AtomicU64::new(0);
    let client = Client { interrupted: &|| gone.load(Ordering::Relaxed), armed: &armed };
    bench.engine.exchange_from(cmd.number(), &mut packet, &client)
}

/// Runs `wait` on a thread, then `cause` once it has surely begun.
fn while_waiting<T: Send>(wait: impl FnOnce() -> T + Send, cause: impl FnOnce()) -> T {
    thread::scope(|scope| {
        let waiter = scope.spawn(wait);
        thread::sleep(Duration::from_millis(20));
        assert!(!waiter.is_finished(), "it did not wait");
        cause();
        waiter.join().unwrap()
    })
}

#[test]
fn another_number_than_the_present_one_is_answered_at_once() {
    let bench = Bench::new();
    bench.make("a", "0 8 zero");
    bench.rename("a", "b").unwrap();
    for event_nr in [0, 2, 77] {
        let info = wait_past(&bench, "b", event_nr).unwrap();
        assert_eq!((info.event_nr, info.target_count), (1, 1));
    }
    assert_eq!(wait_past(&bench, "nope", 0), Err(Errno::ENXIO));
}

#[test]
fn a_waiter_is_woken_by_an_event_and_answered_with_the_status() {
    let bench = Bench::new();
    bench.make("a", "0 8 zero");
    let wait = || {
        let request = Request::new(Cmd::DevWait).named(b"a");
        let reply = bench.call(&request).unwrap();
        (reply.device().event_nr, reply.lines().unwrap().len())
    };
    let raise = || bench.front.device(0).raise_event();
    assert_eq!(while_waiting(wait, raise), (1, 1));
}

#[test]
fn a_waiter_is_woken_by_a_rename_and_by_the_devices_going() {
    let bench = Bench::new();
    bench.make("a", "0 8 zero");
    let woken = while_waiting(|| wait_past(&bench, "a", 0), || drop(bench.rename("a", "b")));
    assert_eq!(woken.unwrap().event_nr, 1);
    let woken = while_waiting(|| wait_past(&bench, "b", 1), || drop(bench.remove("b")));
    let woken = woken.unwrap();
    assert_eq!((woken.event_nr, woken.target_count), (2, 1));
    bench.create("n").unwrap();
    let woken = while_waiting(|| wait_past(&bench, "n", 0), || drop(bench.remove("n")));
    assert_eq!(woken, Err(Errno::ENXIO));
}

#[test]
fn a_waiter_holds_up_nobody() {
    let bench = Bench::new();
    bench.make("a", "0 8 zero");
    let cause = || {
        let begun = Instant::now();
        bench.suspend("a").unwrap();
        bench.load("a", "0 16 zero").unwrap();
        bench.resume("a").unwrap();
        bench.names();
        assert!(begun.elapsed() < Duration::from_secs(2));
        bench.rename("a", "b").unwrap();
    };
    assert!(while_waiting(|| wait_past(&bench, "a", 0), cause).is_ok());
}

#[test]
fn a_client_that_goes_away_ends_its_wait() {
    let bench = Bench::new();
    bench.make("a", "0 8 zero");
    let gone = AtomicBool::new(false);
    let wait = || exchange_until(&bench, &gone, Cmd::DevWait, b"a", Flags::empty());
    let woken = while_waiting(wait, || gone.store(true, Ordering::Relaxed));
    assert_eq!(woken, Err(Errno::EINTR));
}

#[test]
fn news_is_what_happened_since_the_mark() {
    let bench = Bench::new();
    let armed = AtomicU64::new(0);
    let client = Client { interrupted: &|| false, armed: &armed };
    let arm = || {
        let mut packet = Packet::new(312);
        packet.header_mut().version[0].set(4);
        bench.engine.exchange_from(Cmd::DevArmPoll.number(), &mut packet, &client).unwrap();
    };
    arm();
    assert!(!bench.engine.has_news(&armed));
    bench.create("a").unwrap();
    assert!(bench.engine.has_news(&armed));
    arm();
    bench.load("a", "0 8 zero").unwrap();
    assert!(!bench.engine.has_news(&armed), "a load is no news");
    bench.resume("a").unwrap();
    assert!(bench.engine.has_news(&armed), "a swap is");
    arm();
    bench.front.device(0).raise_event();
    assert!(bench.engine.has_news(&armed));
    arm();
    bench.remove("a").unwrap();
    assert!(bench.engine.has_news(&armed));
}

#[test]
fn a_suspend_that_cannot_end_is_called_off_and_the_device_runs() {
    let bench = Bench::new();
    bench.make("a", "0 8 linear 1:0 0");
    bench.make("b", "0 8 linear 254:0 0");
    bench.suspend("a").unwrap();
    // A request to b is held by a, below it.
    let (device, cx) = (bench.front.device(1), SimCx::new(0));
    let op = Op::Read(BufMut::zeroed(512));
    let io = Io { sector: Sectors::ZERO, op, flags: IoFlags::empty() };
    let mut request = device.submit(io, &cx);
    let mut poll = || request.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert!(poll().is_pending());

    let gone = AtomicBool::new(false);
    let suspend = || exchange_until(&bench, &gone, Cmd::DevSuspend, b"b", Flags::SUSPEND);
    let meanwhile = || {
        assert!(bench.info("b").is_ok(), "others may look");
        let at_once = AtomicBool::new(true);
        let resume = exchange_until(&bench, &at_once, Cmd::DevSuspend, b"b", Flags::empty());
        assert_eq!(resume, Err(Errno::EINTR), "and be called off as they wait for their turn");
        gone.store(true, Ordering::Relaxed);
    };
    assert_eq!(while_waiting(suspend, meanwhile), Err(Errno::EINTR));
    assert!(!bench.info("b").unwrap().flags.contains(Flags::SUSPEND));
    bench.resume("a").unwrap();
    assert!(poll().is_ready());
}
