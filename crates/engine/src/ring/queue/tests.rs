//! Queues with real files and a real ring, and wakes from other threads.
#![expect(clippy::cast_possible_truncation, reason = "the files here are small")]

use std::fmt::Debug;
use std::fs::File;
use std::future::{Future, poll_fn};
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::pin::Pin;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::Receiver;
use std::task::{Poll, Waker};
use std::time::Duration;

use dm_core::devno::DevNo;
use dm_core::table;
use dm_core::units::Sectors;

use super::*;
use crate::build::{self, Mode};
use crate::io::file::FileDevice;
use crate::io::request::{BufMut, Cx, Device, IoFlags, IoFuture, Op};
use crate::limits::Limits;
use crate::mapped::Suspend;
use crate::ring::FileIo;
use crate::target::Opener;

/// Devices named by one letter: a, b, c, ...
struct Letters(Vec<Arc<dyn Device>>);

impl Opener for Letters {
    fn open(&mut self, word: &[u8]) -> Result<Arc<dyn Device>, Errno> {
        let number = word.first().ok_or(Errno::ENODEV)?.wrapping_sub(b'a');
        self.0.get(usize::from(number)).cloned().ok_or(Errno::ENODEV)
    }
}

fn mapped(text: &str, devices: &[Arc<dyn Device>]) -> Arc<MappedDevice> {
    let lines = table::parse(text.as_bytes()).unwrap();
    let live = build::build(&lines, Mode::ReadWrite, &mut Letters(devices.to_vec())).unwrap();
    live.checked_limits().unwrap();
    let device = MappedDevice::new(DevNo::new(254, 0));
    device.swap(Some(Arc::new(live)));
    device
}

fn image(sectors: u64) -> (tempfile::NamedTempFile, Arc<dyn Device>) {
    // Beside the crate, not in a memory filesystem: direct I/O is to be met.
    let file = tempfile::NamedTempFile::new_in(env!("CARGO_MANIFEST_DIR")).unwrap();
    file.as_file().set_len(sectors * 512).unwrap();
    let device = FileDevice::open(file.path(), Mode::ReadWrite).unwrap();
    (file, device)
}

fn io(sector: u64, op: Op) -> Io {
    Io { sector: Sectors::new(sector), op, flags: IoFlags::empty() }
}

fn read(sector: u64, len: usize) -> Io {
    io(sector, Op::Read(BufMut::zeroed(len * 512)))
}

fn write(sector: u64, data: &[u8]) -> Io {
    io(sector, Op::Write(BufMut::copy_of(data).freeze()))
}

fn send(queues: &Queues, device: &Arc<MappedDevice>, io: Io) -> Receiver<Done> {
    let (answers, answer) = channel();
    let reply = move |done| answers.send(done).unwrap_or_default();
    queues.submit(device, io, Box::new(reply));
    answer
}

fn ask(queues: &Queues, device: &Arc<MappedDevice>, io: Io) -> Done {
    send(queues, device, io).recv_timeout(Duration::from_secs(60)).unwrap()
}

/// A device that does what `submit` is given to do.
struct Scripted<F>(F);

impl<F> Debug for Scripted<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scripted")
    }
}

impl<F> Device for Scripted<F>
where
    F: for<'a> Fn(Io, &'a dyn Cx) -> IoFuture<'a> + Send + Sync,
{
    fn size(&self) -> Sectors {
        Sectors::new(1 << 20)
    }

    fn limits(&self) -> Limits {
        Limits::default()
    }

    fn dev(&self) -> DevNo {
        DevNo::new(1, 1)
    }

    fn is_read_only(&self) -> bool {
        false
    }

    fn submit<'a>(&'a self, io: Io, cx: &'a dyn Cx) -> IoFuture<'a> {
        (self.0)(io, cx)
    }
}

fn scripted<F>(submit: F) -> Arc<MappedDevice>
where
    F: for<'a> Fn(Io, &'a dyn Cx) -> IoFuture<'a> + Send + Sync + 'static,
{
    mapped("0 1024 linear a 0", &[Arc::new(Scripted(submit))])
}

#[test]
fn what_is_written_lies_in_the_file_and_is_read_again() {
    let queues = Queues::start(1, None).unwrap();
    let (file, leg) = image(1024);
    let device = mapped("0 512 linear a 100", &[leg]);
    let data: Vec<u8> = (0..8192_u32).map(|n| (n / 31) as u8).collect();
    let fua = Io { flags: IoFlags::FUA | IoFlags::PREFLUSH, ..write(3, &data) };
    ask(&queues, &device, fua).result.unwrap();
    let mut found = vec![0; data.len()];
    file.as_file().read_exact_at(&mut found, 103 * 512).unwrap();
    assert_eq!(found, data);
    let done = ask(&queues, &device, read(3, 16));
    assert_eq!(done.result, Ok(()));
    assert_eq!(&*done.buf.unwrap(), &data);
    ask(&queues, &device, io(0, Op::Flush)).result.unwrap();
}

#[test]
fn a_discard_makes_a_hole_and_zeroes_keep_the_file_as_long_as_it_is() {
    let queues = Queues::start(1, None).unwrap();
    let (file, leg) = image(2048);
    let device = mapped("0 2048 linear a 0", &[leg]);
    ask(&queues, &device, write(0, &vec![9; 1 << 20])).result.unwrap();
    file.as_file().sync_all().unwrap();
    let before = file.as_file().metadata().unwrap().blocks();
    ask(&queues, &device, io(0, Op::Discard(Sectors::new(1024)))).result.unwrap();
    let meta = file.as_file().metadata().unwrap();
    assert_eq!(meta.len(), 1 << 20);
    assert!(meta.blocks() < before, "{} then {before}", meta.blocks());
    ask(&queues, &device, io(1023, Op::WriteZeroes(Sectors::new(513)))).result.unwrap();
    let kept = Io { flags: IoFlags::NOUNMAP, ..io(1600, Op::WriteZeroes(Sectors::new(8))) };
    // Not every filesystem has zeroed ranges; what it says is passed on.
    let kept = ask(&queues, &device, kept).result;
    assert!(matches!(kept, Ok(()) | Err(Errno::EOPNOTSUPP)), "{kept:?}");
    let buf = ask(&queues, &device, read(0, 2048)).buf.unwrap();
    let zero = |range: std::ops::Range<usize>| buf[range].iter().all(|&byte| byte == 0);
    assert!(zero(0..1536 * 512));
    assert!(!zero(1536 * 512..1537 * 512) && buf[(2048 * 512) - 1] == 9);
}

#[test]
fn a_file_that_shrank_reads_as_an_error_and_the_buffer_comes_back() {
    let queues = Queues::start(1, None).unwrap();
    let (file, leg) = image(1024);
    let device = mapped("0 1024 linear a 0", &[leg]);
    file.as_file().set_len(512 * 10).unwrap();
    for (start, len) in [(8, 4), (10, 1), (900, 100)] {
        let done = ask(&queues, &device, read(start, len));
        assert_eq!((done.result, done.buf.unwrap().len()), (Err(Errno::EIO), len * 512));
    }
    ask(&queues, &device, read(0, 10)).result.unwrap();
}

#[test]
fn more_requests_than_the_ring_has_entries_all_end() {
    let queues = Queues::start(1, None).unwrap();
    let (_file, leg) = image(8192);
    let device = mapped("0 8192 linear a 0", &[leg]);
    let answers: Vec<_> = (0..6000_u64).map(|n| send(&queues, &device, read(n, 1))).collect();
    for answer in answers {
        let done = answer.recv_timeout(Duration::from_secs(60)).unwrap();
        assert_eq!(done.result, Ok(()));
    }
    assert_eq!(device.counts().read.ios, 6000);
}

/// Opens `gate` from another thread, after a while, and says so to `waker`.
fn open_later(gate: &Arc<AtomicBool>, waker: &Waker) {
    let (gate, waker) = (Arc::clone(gate), waker.clone());
    thread::spawn(move || {
        thread::sleep(Duration::from_millis(2));
        gate.store(true, Ordering::SeqCst);
        waker.wake();
    });
}

#[test]
fn a_task_is_woken_from_another_thread() {
    let queues = Queues::start(2, None).unwrap();
    let device = scripted(|io, _| {
        let gate = Arc::new(AtomicBool::new(false));
        let mut started = false;
        Box::pin(async move {
            poll_fn(|context| {
                if gate.load(Ordering::SeqCst) {
                    return Poll::Ready(());
                }
                if !std::mem::replace(&mut started, true) {
                    open_later(&gate, context.waker());
                }
                Poll::Pending
            })
            .await;
            io.done(Ok(()))
        })
    });
    // One after another, too: each wake must end a sleep of the queue.
    for _ in 0..5 {
        assert_eq!(ask(&queues, &device, read(0, 1)).result, Ok(()));
    }
    let answers: Vec<_> = (0..50).map(|n| send(&queues, &device, read(n, 1))).collect();
    for answer in answers {
        assert_eq!(answer.recv_timeout(Duration::from_secs(60)).unwrap().result, Ok(()));
    }
}

#[test]
fn time_passes_while_a_request_sleeps() {
    let queues = Queues::start(1, None).unwrap();
    let device = scripted(|io, cx| {
        Box::pin(async move {
            let before = cx.now();
            cx.sleep(Duration::from_millis(20)).await;
            let enough = cx.now().saturating_sub(before) >= Duration::from_millis(20);
            io.done(if enough { Ok(()) } else { Err(Errno::ETIME) })
        })
    });
    assert_eq!(ask(&queues, &device, read(0, 1)).result, Ok(()));
}

#[test]
fn a_target_that_panics_costs_its_request_and_no_other() {
    let queues = Queues::start(1, None).unwrap();
    let (_file, leg) = image(8);
    let good = mapped("0 8 linear a 0", &[leg]);
    let bad = scripted(|_, _| panic!("on purpose"));
    assert_eq!(ask(&queues, &bad, read(0, 1)).result, Err(Errno::EIO));
    assert_eq!(ask(&queues, &good, read(0, 1)).result, Ok(()));
    bad.suspend(Suspend::Flush, &|| false).unwrap();
}

#[test]
fn requests_that_wait_are_answered_when_the_queues_stop() {
    let queues = Queues::start(2, None).unwrap();
    let (_file, leg) = image(8);
    let held = mapped("0 8 linear a 0", &[leg]);
    held.suspend(Suspend::Flush, &|| false).unwrap();
    let asleep = scripted(|io, cx| {
        Box::pin(async move {
            cx.sleep(Duration::from_secs(3600)).await;
            io.done(Ok(()))
        })
    });
    let answers: Vec<_> = (0..4)
        .flat_map(|_| [send(&queues, &held, read(0, 1)), send(&queues, &asleep, read(0, 1))])
        .collect();
    queues.stop();
    for answer in answers {
        let done = answer.recv_timeout(Duration::from_secs(60)).unwrap();
        assert_eq!(done.result, Err(Errno::EIO));
    }
    let late = ask(&queues, &held, read(0, 2));
    assert_eq!((late.result, late.buf.map(|buf| buf.len())), (Err(Errno::EIO), Some(1024)));
}

/// Polls `operation` once, then drops it.
async fn begin(mut operation: Pin<Box<dyn Future<Output = Done> + '_>>) {
    poll_fn(|context| {
        let _ = operation.as_mut().poll(context);
        Poll::Ready(())
    })
    .await;
}

#[test]
fn an_operation_whose_future_is_dropped_keeps_its_file_and_memory_until_its_end() {
    let queues = Queues::start(1, None).unwrap();
    let image = tempfile::tempfile_in(env!("CARGO_MANIFEST_DIR")).unwrap();
    image.set_len(1 << 20).unwrap();
    let file = Arc::new(image);
    let seen = Arc::downgrade(&file);
    let device = scripted(move |_, cx| {
        let file = Arc::clone(&file);
        Box::pin(async move {
            for sector in 0..64 {
                // Some are dropped at once, some after the ring has them.
                begin(cx.file_io(FileIo { file: &file, io: read(sector, 64) })).await;
                let data = vec![sector as u8 + 1; 512];
                begin(cx.file_io(FileIo { file: &file, io: write(sector, &data) })).await;
                begin(Box::pin(async {
                    cx.sleep(Duration::from_secs(3600)).await;
                    Done { result: Ok(()), buf: None }
                }))
                .await;
                if sector % 8 == 0 {
                    cx.sleep(Duration::from_micros(50)).await;
                }
            }
            // What the ring does now must not be hurt by what was dropped.
            let done = cx.file_io(FileIo { file: &file, io: read(0, 1) }).await;
            Done { result: done.result, buf: done.buf }
        })
    });
    for _ in 0..20 {
        assert_eq!(ask(&queues, &device, read(0, 1)).result, Ok(()));
    }
    queues.stop();
    drop(device);
    assert_eq!(seen.strong_count(), 0, "an operation still holds the file");
}

#[test]
fn a_stack_of_a_hundred_devices_is_no_deeper_than_the_thread() {
    let queues = Queues::start(1, None).unwrap();
    let (_file, leg) = image(8);
    let mut top = mapped("0 8 linear a 0", &[leg]);
    for _ in 0..100 {
        top = mapped("0 8 linear a 0", &[top]);
    }
    ask(&queues, &top, write(1, &[6; 512])).result.unwrap();
    let done = ask(&queues, &top, read(0, 2));
    assert_eq!(done.result, Ok(()));
    assert_eq!(done.buf.unwrap()[512..], [6; 512]);
}

#[test]
fn a_device_whose_requests_share_state_has_the_first_queue() {
    let (_file, leg) = image(8);
    let device = mapped("0 8 linear a 0", &[leg]);
    assert!(!device.has_one_queue());
}

/// A generator of numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }
}

/// Sectors that each thread has for itself.
const OWN: u64 = 1500;

/// Does `count` random operations on its own part of the device, and compares every read with a model.
fn play(queues: &Queues, device: &Arc<MappedDevice>, player: u64, count: u32) {
    let mut dice = Dice(0x9e37_79b9 + player);
    let mut model = vec![0_u8; OWN as usize * 512];
    for _ in 0..count {
        let start = dice.below(OWN);
        let len = dice.below(64.min(OWN - start)) + 1;
        let bytes = start as usize * 512..(start + len) as usize * 512;
        let at = player * OWN + start;
        match dice.below(8) {
            0..=2 => {
                let byte = dice.below(255) as u8 + 1;
                model[bytes.clone()].fill(byte);
                let flags = [IoFlags::PREFLUSH, IoFlags::FUA, IoFlags::empty()];
                let flags = flags[usize::from(byte % 3)];
                let write = Io { flags, ..write(at, &model[bytes]) };
                ask(queues, device, write).result.unwrap();
            }
            3 => {
                model[bytes].fill(0);
                ask(queues, device, io(at, Op::Discard(Sectors::new(len)))).result.unwrap();
            }
            4 => {
                model[bytes].fill(0);
                ask(queues, device, io(at, Op::WriteZeroes(Sectors::new(len)))).result.unwrap();
            }
            _ => {
                let done = ask(queues, device, read(at, len as usize));
                assert_eq!(done.result, Ok(()));
                assert!(*done.buf.unwrap() == model[bytes], "{at} + {len}");
            }
        }
    }
}

#[test]
fn ten_thousand_operations_agree_with_a_model_while_the_device_is_suspended_and_resumed() {
    let queues = Queues::start(2, None).unwrap();
    let (_a, a) = image(4096);
    let (_b, b) = image(4096);
    let striped = mapped("0 6000 striped 2 8 a 16 b 1", &[a, b]);
    let device = mapped("0 6000 linear a 0", &[striped.clone() as Arc<dyn Device>]);
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let players: Vec<_> = (0..4)
            .map(|player| {
                let (queues, device) = (&queues, &device);
                scope.spawn(move || play(queues, device, player, 2500))
            })
            .collect();
        scope.spawn(|| {
            while !over.load(Ordering::SeqCst) {
                for device in [&striped, &device] {
                    device.suspend(Suspend::Flush, &|| false).unwrap();
                    device.resume();
                }
                thread::sleep(Duration::from_millis(1));
            }
        });
        let played: Vec<_> = players.into_iter().map(thread::ScopedJoinHandle::join).collect();
        over.store(true, Ordering::SeqCst);
        assert!(played.iter().all(Result::is_ok));
    });
    assert_eq!(device.counts().in_flight, 0);
}

#[test]
fn queues_end_when_nobody_has_them_any_more_even_from_a_reply() {
    let queues = Queues::start(2, None).unwrap();
    let (_file, leg) = image(8);
    let device = mapped("0 8 linear a 0", &[leg]);
    let (ends, end) = channel();
    let last = Arc::clone(&queues);
    queues.submit(
        &device,
        read(0, 1),
        Box::new(move |done| {
            drop(last);
            ends.send(done.result).unwrap();
        }),
    );
    drop(queues);
    assert_eq!(end.recv_timeout(Duration::from_secs(60)).unwrap().map_err(|_| ()), Ok(()));
}

#[test]
fn a_full_dev_passes_on_what_the_system_says() {
    let queues = Queues::start(1, None).unwrap();
    let file = Arc::new(File::options().read(true).write(true).open("/dev/full").unwrap());
    let device = scripted(move |io, cx| {
        let file = Arc::clone(&file);
        Box::pin(async move { cx.file_io(FileIo { file: &file, io }).await })
    });
    assert_eq!(ask(&queues, &device, write(0, &[1; 512])).result, Err(Errno::ENOSPC));
}
