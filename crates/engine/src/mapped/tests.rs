#![expect(clippy::cast_possible_truncation, reason = "the disks here are small")]

use std::future::Future;
use std::pin::Pin;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use dm_core::table;
use proptest::prelude::*;

use super::*;
use crate::build::{self, Mode};
use crate::io::request::{Buf, BufMut, Done, IoFlags, Kind, Now, Op};
use crate::ring::FileIo;
use crate::target::{Leg, Opener, Shape};

/// A clock that stands still, and no ring.
struct Still;

impl Cx for Still {
    fn now(&self) -> Now {
        Now::ZERO
    }

    fn sleep(&self, _time: Duration) -> Pin<Box<dyn Future<Output = ()> + '_>> {
        Box::pin(std::future::ready(()))
    }

    fn random(&self) -> u64 {
        4
    }

    fn file_io<'a>(&'a self, io: FileIo<'a>) -> IoFuture<'a> {
        Box::pin(std::future::ready(io.io.done(Err(Errno::ENOSYS))))
    }
}

/// Lets others run `times` times.
struct Yield(usize);

impl Future for Yield {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.0 == 0 {
            return Poll::Ready(());
        }
        self.0 -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

/// A disk in memory, which notes what it is asked, takes its time, and fails where it is told to.
struct Disk {
    number: u32,
    data: Mutex<Vec<u8>>,
    log: Mutex<Vec<(Kind, u64, u64)>>,
    bad: Mutex<Option<(Kind, u64)>>,
    block: u64,
    turn: AtomicUsize,
}

impl Disk {
    fn new(number: u32, sectors: usize) -> Self {
        Self {
            number,
            data: Mutex::new(vec![0; sectors * 512]),
            log: Mutex::default(),
            bad: Mutex::default(),
            block: 512,
            turn: AtomicUsize::new(0),
        }
    }

    fn log(&self) -> Vec<(Kind, u64, u64)> {
        std::mem::take(&mut self.log.lock().unwrap())
    }

    fn fail(&self, kind: Kind, sector: u64) {
        *self.bad.lock().unwrap() = Some((kind, sector));
    }

    fn carry_out(&self, mut io: Io) -> Done {
        let (kind, from, len) = (io.op.kind(), io.sector.get(), io.len().get());
        self.log.lock().unwrap().push((kind, from, len));
        if let Some((bad, at)) = *self.bad.lock().unwrap()
            && bad == kind
            && (kind == Kind::Flush || (from..from + len).contains(&at))
        {
            return io.done(Err(Errno::EIO));
        }
        let mut data = self.data.lock().unwrap();
        let bytes = (from * 512) as usize..((from + len) * 512) as usize;
        match &mut io.op {
            Op::Read(buf) => buf.copy_from_slice(&data[bytes]),
            Op::Write(buf) => data[bytes].copy_from_slice(buf),
            Op::Discard(_) | Op::WriteZeroes(_) => data[bytes].fill(0),
            Op::Flush => {}
        }
        io.done(Ok(()))
    }
}

impl fmt::Debug for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Disk({})", self.number)
    }
}

impl Device for Disk {
    fn size(&self) -> Sectors {
        Sectors::new(self.data.lock().unwrap().len() as u64 / 512)
    }

    fn limits(&self) -> Limits {
        Limits {
            logical_block: dm_core::units::Bytes::new(self.block),
            physical_block: dm_core::units::Bytes::new(self.block),
            discard_granularity: dm_core::units::Bytes::new(512),
            max_discard: Limits::UNLIMITED,
            max_write_zeroes: Limits::UNLIMITED,
            write_cache: true,
            ..Limits::default()
        }
    }

    fn dev(&self) -> DevNo {
        DevNo::new(1, self.number)
    }

    fn is_read_only(&self) -> bool {
        false
    }

    /// Takes from no to two turns, so that parts end in another order than they began.
    fn submit<'a>(&'a self, io: Io, _cx: &'a dyn Cx) -> IoFuture<'a> {
        let turns = self.turn.fetch_add(7, Ordering::Relaxed) % 3;
        Box::pin(async move {
            Yield(turns).await;
            self.carry_out(io)
        })
    }
}

/// Disks by number, as `1:<number>`.
struct Disks(Vec<Arc<dyn Device>>);

impl Opener for Disks {
    fn open(&mut self, word: &[u8]) -> Result<Arc<dyn Device>, Errno> {
        let named = |device: &&Arc<dyn Device>| device.dev().to_string().as_bytes() == word;
        self.0.iter().find(named).cloned().ok_or(Errno::ENODEV)
    }
}

fn live(text: &str, mode: Mode, devices: &[Arc<dyn Device>]) -> Arc<LiveTable> {
    let lines = table::parse(text.as_bytes()).unwrap();
    let table = build::build(&lines, mode, &mut Disks(devices.to_vec())).unwrap();
    table.checked_limits().unwrap();
    Arc::new(table)
}

fn mapped(text: &str, devices: &[Arc<dyn Device>]) -> Arc<MappedDevice> {
    let device = MappedDevice::new(DevNo::new(254, 0));
    device.swap(Some(live(text, Mode::ReadWrite, devices)));
    device
}

/// One disk of 64 sectors.
fn one() -> (Arc<Disk>, Vec<Arc<dyn Device>>) {
    let disk = Arc::new(Disk::new(0, 64));
    let devices: Vec<Arc<dyn Device>> = vec![disk.clone()];
    (disk, devices)
}

fn never() -> bool {
    false
}

fn io(sector: u64, op: Op) -> Io {
    Io { sector: Sectors::new(sector), op, flags: IoFlags::empty() }
}

fn read(sector: u64, len: usize) -> Io {
    io(sector, Op::Read(BufMut::zeroed(len * 512)))
}

fn write(sector: u64, len: usize, byte: u8) -> Io {
    io(sector, Op::Write(filled(len, byte)))
}

fn filled(len: usize, byte: u8) -> Buf {
    BufMut::copy_of(&vec![byte; len * 512]).freeze()
}

fn poll<T>(future: &mut Pin<Box<dyn Future<Output = T> + '_>>) -> Poll<T> {
    future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

/// Polls until there is an answer, which must come within a few turns.
fn wait(mut future: IoFuture<'_>) -> Done {
    for _ in 0..10_000 {
        if let Poll::Ready(done) = poll(&mut future) {
            return done;
        }
    }
    panic!("no answer");
}

fn result(device: &MappedDevice, io: Io) -> Result<(), Errno> {
    wait(device.submit(io, &Still)).result
}

#[test]
fn a_request_is_cut_at_lines_and_its_buffer_joined() {
    let (disk, devices) = one();
    let device = mapped("0 4 linear 1:0 8\n4 4 zero\n8 4 linear 1:0 0", &devices);
    assert_eq!(result(&device, write(2, 8, 7)), Ok(()));
    let mut log = disk.log();
    log.sort_by_key(|entry| entry.1);
    assert_eq!(log, [(Kind::Write, 0, 2), (Kind::Write, 10, 2)]);
    let done = wait(device.submit(read(0, 12), &Still));
    let buf = done.buf.unwrap();
    let sectors: Vec<u8> = buf.chunks(512).map(|sector| sector[0]).collect();
    assert_eq!(sectors, [0, 0, 7, 7, 0, 0, 0, 0, 7, 7, 0, 0]);
}

#[test]
fn an_error_in_one_part_fails_the_whole_gives_the_buffer_back_and_the_others_run() {
    let (disk, devices) = one();
    let device = mapped("0 4 linear 1:0 0\n4 1 error\n5 3 linear 1:0 5", &devices);
    let done = wait(device.submit(read(0, 8), &Still));
    assert_eq!(done.result, Err(Errno::EIO));
    assert_eq!(done.buf.map(|buf| buf.len()), Some(8 * 512));
    assert_eq!(disk.log().len(), 2);
    assert_eq!(result(&device, read(0, 4)), Ok(()));
    assert_eq!(result(&device, read(5, 3)), Ok(()));
}

#[test]
fn what_a_device_does_not_take_is_refused_before_any_target_sees_it() {
    let (disk, devices) = one();
    let device = mapped("0 16 linear 1:0 0", &devices);
    for (request, errno) in [
        (read(16, 1), Errno::EIO),
        (read(15, 2), Errno::EIO),
        (read(u64::MAX, 1), Errno::EIO),
        (write(8, 9, 1), Errno::EIO),
        (io(0, Op::Discard(Sectors::new(u64::MAX))), Errno::EIO),
        (read(0, 0), Errno::EINVAL),
        (io(0, Op::Discard(Sectors::ZERO)), Errno::EINVAL),
        (io(0, Op::Read(BufMut::zeroed(700))), Errno::EINVAL),
        (io(0, Op::Write(BufMut::zeroed(513).freeze())), Errno::EINVAL),
    ] {
        let text = format!("{request:?}");
        assert_eq!(result(&device, request), Err(errno), "{text}");
    }
    assert_eq!(disk.log(), []);
    assert_eq!(device.counts().read.ios, 0);
}

#[test]
fn a_request_keeps_to_the_logical_block() {
    let disk = Arc::new(Disk { block: 4096, ..Disk::new(0, 64) });
    let device = mapped("0 64 linear 1:0 0", &[disk.clone() as Arc<dyn Device>]);
    assert_eq!(result(&device, read(8, 8)), Ok(()));
    assert_eq!(result(&device, read(4, 8)), Err(Errno::EINVAL));
    assert_eq!(result(&device, write(8, 4, 1)), Err(Errno::EINVAL));
}

#[test]
fn a_read_only_table_takes_no_writes_but_flushes() {
    let (disk, devices) = one();
    let device = MappedDevice::new(DevNo::new(254, 0));
    device.swap(Some(live("0 16 linear 1:0 0", Mode::ReadOnly, &devices)));
    assert!(device.is_read_only());
    for refused in [write(0, 1, 1), io(0, Op::Discard(Sectors::new(1)))] {
        assert_eq!(result(&device, refused), Err(Errno::EPERM));
    }
    assert_eq!(result(&device, io(0, Op::Flush)), Ok(()));
    assert_eq!(result(&device, read(0, 1)), Ok(()));
    assert_eq!(disk.log().len(), 2);
}

#[test]
fn a_range_operation_that_the_limits_do_not_have_is_not_supported() {
    let (_, devices) = one();
    let device = mapped("0 8 linear 1:0 0\n8 8 zero", &devices);
    // dm-zero takes discards and no writes of zeroes.
    assert_eq!(result(&device, io(0, Op::Discard(Sectors::new(16)))), Ok(()));
    let zeroes = io(0, Op::WriteZeroes(Sectors::new(8)));
    assert_eq!(result(&device, zeroes), Err(Errno::EOPNOTSUPP));
}

#[test]
fn a_device_without_a_table_answers_eio_and_has_no_size() {
    let device = MappedDevice::new(DevNo::new(254, 0));
    assert_eq!(device.size(), Sectors::ZERO);
    assert_eq!(result(&device, read(0, 1)), Err(Errno::EIO));
    device.suspend(Suspend::Flush, &never).unwrap();
    assert_eq!(result(&device, io(0, Op::Flush)), Err(Errno::EIO));
}

#[test]
fn a_flush_goes_once_to_each_device_before_the_data() {
    let disks: Vec<Arc<Disk>> = (0..2).map(|number| Arc::new(Disk::new(number, 64))).collect();
    let devices: Vec<Arc<dyn Device>> = disks.iter().map(|disk| disk.clone() as _).collect();
    let text = "0 16 striped 2 4 1:0 0 1:1 0\n16 8 linear 1:0 16\n24 8 zero\n32 8 linear 1:0 24";
    let device = mapped(text, &devices);
    let flags = IoFlags::PREFLUSH | IoFlags::FUA;
    assert_eq!(result(&device, Io { flags, ..write(16, 1, 3) }), Ok(()));
    assert_eq!(disks[0].log(), [(Kind::Flush, 0, 0), (Kind::Write, 16, 1)]);
    assert_eq!(disks[1].log(), [(Kind::Flush, 0, 0)]);
    assert_eq!(result(&device, Io { flags, ..write(0, 0, 0) }), Ok(()));
    assert_eq!(disks[0].log(), [(Kind::Flush, 0, 0)]);
    assert_eq!(device.counts().write.ios, 2);
}

#[test]
fn data_is_not_sent_after_a_flush_that_failed() {
    let (disk, devices) = one();
    let device = mapped("0 16 linear 1:0 0", &devices);
    disk.fail(Kind::Flush, 0);
    let request = Io { flags: IoFlags::PREFLUSH, ..write(0, 1, 3) };
    assert_eq!(result(&device, request), Err(Errno::EIO));
    assert_eq!(disk.log(), [(Kind::Flush, 0, 0)]);
}

#[test]
fn a_failed_leg_raises_an_event_but_not_for_read_ahead() {
    let (disk, devices) = one();
    let device = mapped("0 16 striped 1 4 1:0 0", &devices);
    let told = Arc::new(AtomicUsize::new(0));
    let hears = Arc::clone(&told);
    device.on_news(Box::new(move |what| {
        assert_eq!(what, Told::Event);
        hears.fetch_add(1, Ordering::Relaxed);
    }));
    disk.fail(Kind::Read, 5);
    let request = Io { flags: IoFlags::READAHEAD, ..read(4, 4) };
    assert_eq!(result(&device, request), Err(Errno::EIO));
    assert_eq!(device.event_nr(), 0);
    assert_eq!(result(&device, read(0, 8)), Err(Errno::EIO));
    assert_eq!((device.event_nr(), told.load(Ordering::Relaxed)), (1, 1));
}

#[test]
fn held_requests_go_on_in_their_order_with_the_new_table() {
    let (disk, devices) = one();
    let device = mapped("0 16 linear 1:0 0", &devices);
    device.suspend(Suspend::Flush, &never).unwrap();
    assert!(device.is_suspended());
    let mut held: Vec<_> = (0..3).map(|n| device.submit(write(n, 1, 9), &Still)).collect();
    assert!(held.iter_mut().all(|future| poll(future).is_pending()));
    let ahead = Io { flags: IoFlags::READAHEAD, ..read(0, 1) };
    assert_eq!(result(&device, ahead), Err(Errno::EIO));
    assert_eq!(device.counts().in_flight, 0);
    let old = device.swap(Some(live("0 16 linear 1:0 32", Mode::ReadWrite, &devices)));
    assert!(old.is_some());
    assert_eq!(disk.log(), []);
    device.resume();
    // Polled the wrong way round, each is admitted; which goes first is the executor's order.
    for future in held {
        assert_eq!(wait(future).result, Ok(()));
    }
    assert_eq!(disk.log(), [(Kind::Write, 32, 1), (Kind::Write, 33, 1), (Kind::Write, 34, 1)]);
}

#[test]
fn wakes_come_in_the_order_of_the_requests() {
    struct Order(usize, Arc<Mutex<Vec<usize>>>);
    impl std::task::Wake for Order {
        fn wake(self: Arc<Self>) {
            self.1.lock().unwrap().push(self.0);
        }
    }
    let (_, devices) = one();
    let device = mapped("0 16 linear 1:0 0", &devices);
    device.suspend(Suspend::NoFlush, &never).unwrap();
    let woken = Arc::new(Mutex::new(Vec::new()));
    let mut held: Vec<_> = (0..4).map(|n| device.submit(write(n, 1, 9), &Still)).collect();
    for (number, future) in held.iter_mut().enumerate() {
        let waker = Waker::from(Arc::new(Order(number, Arc::clone(&woken))));
        assert!(future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    }
    drop(held.remove(1));
    device.resume();
    assert_eq!(*woken.lock().unwrap(), [0, 2, 3]);
    drop(held);
    // What was admitted and dropped before it ran is not waited for.
    device.suspend(Suspend::Flush, &never).unwrap();
}

#[test]
fn a_suspend_that_is_interrupted_is_undone() {
    let (disk, devices) = one();
    let device = mapped("0 16 linear 1:0 0", &devices);
    disk.turn.store(2, Ordering::Relaxed);
    let mut busy = device.submit(write(0, 16, 1), &Still);
    assert!(poll(&mut busy).is_pending());
    let asked = AtomicUsize::new(0);
    let interrupted = || asked.fetch_add(1, Ordering::Relaxed) == 2;
    assert_eq!(device.suspend(Suspend::Flush, &interrupted), Err(Errno::EINTR));
    assert!(!device.is_suspended());
    assert_eq!(result(&device, read(0, 1)), Ok(()));
    drop(busy);
    device.suspend(Suspend::Flush, &never).unwrap();
    device.suspend(Suspend::Flush, &never).unwrap();
    assert!(device.is_suspended());
}

#[test]
fn a_suspend_waits_for_what_is_under_way() {
    let (disk, devices) = one();
    let device = mapped("0 16 linear 1:0 0", &devices);
    disk.turn.store(2, Ordering::Relaxed);
    let mut busy = device.submit(write(0, 1, 1), &Still);
    assert!(poll(&mut busy).is_pending());
    let suspended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            device.suspend(Suspend::Flush, &never).unwrap();
            suspended.store(true, Ordering::SeqCst);
        });
        while !device.is_suspended() {
            std::thread::yield_now();
        }
        assert!(!suspended.load(Ordering::SeqCst));
        assert_eq!(wait(busy).result, Ok(()));
    });
    assert_eq!(device.counts().write.ios, 1);
}

#[test]
fn a_suspended_device_under_another_holds_its_requests_and_the_upper_suspend_can_be_given_up() {
    let (disk, devices) = one();
    let lower = mapped("0 16 linear 1:0 0", &devices);
    let upper = MappedDevice::new(DevNo::new(254, 1));
    let under = [lower.clone() as Arc<dyn Device>];
    upper.swap(Some(live("0 16 linear 254:0 0", Mode::ReadWrite, &under)));
    lower.suspend(Suspend::Flush, &never).unwrap();
    let mut held = upper.submit(write(3, 1, 5), &Still);
    assert!(poll(&mut held).is_pending());
    assert_eq!(upper.suspend(Suspend::Flush, &|| true), Err(Errno::EINTR));
    lower.resume();
    assert_eq!(wait(held).result, Ok(()));
    upper.suspend(Suspend::Flush, &never).unwrap();
    assert_eq!(disk.log(), [(Kind::Write, 3, 1)]);
}

#[test]
fn a_device_that_is_given_up_fails_what_is_held_and_what_comes() {
    let (_, devices) = one();
    let device = mapped("0 16 linear 1:0 0", &devices);
    device.suspend(Suspend::Flush, &never).unwrap();
    let mut held = device.submit(read(0, 2), &Still);
    assert!(poll(&mut held).is_pending());
    device.fail_all();
    let done = wait(held);
    assert_eq!((done.result, done.buf.map(|buf| buf.len())), (Err(Errno::EIO), Some(1024)));
    assert_eq!(result(&device, read(0, 1)), Err(Errno::EIO));
    device.resume();
    assert_eq!(result(&device, read(0, 1)), Err(Errno::EIO));
    device.suspend(Suspend::Flush, &never).unwrap();
}

#[test]
fn a_request_that_is_dropped_leaves_nothing_under_way() {
    let (disk, devices) = one();
    let device = mapped("0 64 striped 1 4 1:0 0", &devices);
    disk.turn.store(2, Ordering::Relaxed);
    let mut busy = device.submit(read(0, 64), &Still);
    assert!(poll(&mut busy).is_pending());
    assert_eq!(device.counts().in_flight, 1);
    drop(busy);
    assert_eq!(device.counts().in_flight, 0);
    device.suspend(Suspend::Flush, &never).unwrap();
}

#[test]
fn what_was_done_is_counted() {
    let (_, devices) = one();
    let device = mapped("0 64 linear 1:0 0", &devices);
    result(&device, read(0, 3)).unwrap();
    result(&device, write(0, 5, 1)).unwrap();
    result(&device, io(0, Op::WriteZeroes(Sectors::new(2)))).unwrap();
    result(&device, io(0, Op::Discard(Sectors::new(4)))).unwrap();
    result(&device, io(0, Op::Flush)).unwrap();
    let counts = device.counts();
    let ended = |kind: counts::KindCounts| (kind.ios, kind.sectors.get());
    assert_eq!((ended(counts.read), ended(counts.write)), ((1, 3), (2, 7)));
    assert_eq!((ended(counts.discard), ended(counts.flush)), ((1, 4), (1, 0)));
}

#[test]
fn a_target_cannot_send_a_request_outside_its_leg() {
    let (_, devices) = one();
    let leg = Leg {
        device: devices[0].clone(),
        name: "1:0".into(),
        start: Sectors::new(8),
        len: Sectors::new(8),
    };
    let shape = |kind, len| Shape {
        kind,
        at: Sectors::ZERO,
        len: Sectors::new(len),
        flags: IoFlags::empty(),
        copy: 0,
    };
    let inside = |kind, len, sector, to| {
        serve::is_inside(&leg, &shape(kind, len), Sectors::new(sector), Sectors::new(to))
    };
    assert!(inside(Kind::Read, 8, 8, 8));
    assert!(!inside(Kind::Read, 8, 7, 8));
    assert!(!inside(Kind::Read, 8, 9, 8));
    assert!(!inside(Kind::Write, 4, 8, 2));
    assert!(!inside(Kind::Write, 1, u64::MAX, 1));
    assert!(inside(Kind::Discard, 8, 10, 2));
    assert!(!inside(Kind::Discard, 2, 10, 3));
    assert!(inside(Kind::Flush, 0, 0, 0));
}

/// A device of 96 sectors in which every cut there is can be met.
const PATCHWORK: &str = "0 7 linear 1:0 3\n7 5 zero\n12 36 striped 3 3 1:1 0 1:0 10 1:2 5\n\
                         48 1 linear 1:2 40\n49 40 striped 2 5 1:0 30 1:1 30\n89 7 linear 1:2 41";

/// Where [`PATCHWORK`] keeps nothing.
const NOWHERE: std::ops::Range<usize> = 7 * 512..12 * 512;

proptest! {
    #[test]
    fn a_patchwork_reads_as_what_was_written(
        operations in prop::collection::vec((0..4_u8, 0..96_u64, 1..=96_u64, any::<u8>()), 1..40),
    ) {
        let disks = (0..3).map(|number| Arc::new(Disk::new(number, 64)) as Arc<dyn Device>);
        let device = mapped(PATCHWORK, &disks.collect::<Vec<_>>());
        let mut model = vec![0_u8; 96 * 512];
        for (what, sector, len, byte) in operations {
            let len = len.min(96 - sector);
            let bytes = (sector * 512) as usize..((sector + len) * 512) as usize;
            match what {
                0 => {
                    let pattern: Vec<u8> =
                        bytes.clone().map(|at| byte.wrapping_add((at / 512) as u8)).collect();
                    let op = Op::Write(BufMut::copy_of(&pattern).freeze());
                    prop_assert_eq!(result(&device, io(sector, op)), Ok(()));
                    model[bytes].copy_from_slice(&pattern);
                }
                1 => {
                    let op = Op::Discard(Sectors::new(len));
                    prop_assert_eq!(result(&device, io(sector, op)), Ok(()));
                    model[bytes].fill(0);
                }
                _ => {
                    let done = wait(device.submit(read(sector, len as usize), &Still));
                    prop_assert_eq!(done.result, Ok(()));
                    prop_assert_eq!(&*done.buf.unwrap(), &model[bytes]);
                }
            }
            model[NOWHERE].fill(0);
        }
        prop_assert_eq!(device.counts().in_flight, 0);
    }
}
