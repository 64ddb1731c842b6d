//! A port that asks what it is given, over real files and a real ring.

use std::os::unix::fs::FileExt as _;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use dm_core::devno::DevNo;
use dm_core::table;
use dm_core::units::Sectors;
use io_uring::opcode;

use super::*;
use crate::build::{self, Mode};
use crate::io::clock;
use crate::io::file::FileDevice;
use crate::io::request::{BufMut, Device, IoFlags, Kind, Op};
use crate::mapped::Suspend;
use crate::mapped::route::{Asked, Route};
use crate::ring::queue::Queues;
use crate::target::Opener;

/// What the port under test heard.
enum Heard {
    Completed(u32, i32),
    Answered(u32, Done),
    Dropped,
}

/// Asks all of `requests` at once, and pushes an entry that does nothing.
struct Asking {
    requests: Vec<(Arc<MappedDevice>, Io)>,
    under_way: usize,
    tell: Sender<Heard>,
}

impl Port for Asking {
    fn start(&mut self, queue: &mut PortCx<'_>) {
        // SAFETY: it points to nothing.
        unsafe { queue.push(opcode::Nop::new().build(), 7) };
        self.under_way = self.requests.len() + 1;
        for (token, (device, io)) in (0..).zip(self.requests.drain(..)) {
            queue.submit(&device, io, token);
        }
    }

    fn completed(&mut self, token: u32, result: i32, _queue: &mut PortCx<'_>) {
        self.under_way -= 1;
        self.tell.send(Heard::Completed(token, result)).unwrap();
    }

    fn answered(&mut self, token: u32, done: Done, _queue: &mut PortCx<'_>) {
        self.under_way -= 1;
        self.tell.send(Heard::Answered(token, done)).unwrap();
    }

    fn is_over(&self) -> bool {
        self.under_way == 0
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        let _ = self.tell.send(Heard::Dropped);
    }
}

struct Named(Vec<Arc<dyn Device>>);

impl Opener for Named {
    fn open(&mut self, word: &[u8]) -> Result<Arc<dyn Device>, Errno> {
        let number = usize::from(word.first().copied().unwrap_or_default().wrapping_sub(b'a'));
        self.0.get(number).cloned().ok_or(Errno::ENODEV)
    }
}

pub(super) fn mapped(minor: u32, text: &str, devices: &[Arc<dyn Device>]) -> Arc<MappedDevice> {
    let lines = table::parse(text.as_bytes()).unwrap();
    let live = build::build(&lines, Mode::ReadWrite, &mut Named(devices.to_vec())).unwrap();
    live.checked_limits().unwrap();
    let device = MappedDevice::new(DevNo::new(254, minor));
    device.swap(Some(Arc::new(live)));
    device
}

/// An image of numbered sectors.
pub(super) fn image(sectors: u8) -> (tempfile::NamedTempFile, Arc<dyn Device>) {
    let file = tempfile::NamedTempFile::new_in(env!("CARGO_MANIFEST_DIR")).unwrap();
    for number in 0..sectors {
        file.as_file().write_all_at(&[number; 512], u64::from(number) * 512).unwrap();
    }
    let device = FileDevice::open(file.path(), Mode::ReadWrite).unwrap();
    (file, device)
}

pub(super) fn io(sector: u64, op: Op) -> Io {
    Io { sector: Sectors::new(sector), op, flags: IoFlags::empty() }
}

fn read(sector: u64, sectors: usize) -> Io {
    io(sector, Op::Read(BufMut::zeroed(sectors * 512)))
}

/// Starts a port that asks `requests` on queue `number`.
fn start(
    queues: &Queues,
    number: usize,
    requests: Vec<(Arc<MappedDevice>, Io)>,
) -> Receiver<Heard> {
    let (tell, hear) = channel();
    queues.attach(number, Box::new(move || Box::new(Asking { requests, under_way: 0, tell })));
    hear
}

fn next(hear: &Receiver<Heard>) -> Heard {
    hear.recv_timeout(Duration::from_secs(30)).unwrap()
}

/// All it heard, by token, once it is over.
fn all(hear: &Receiver<Heard>) -> Vec<(u32, Done)> {
    let mut answers = Vec::new();
    loop {
        match next(hear) {
            Heard::Completed(token, result) => assert_eq!((token, result), (7, 0)),
            Heard::Answered(token, done) => answers.push((token, done)),
            Heard::Dropped => break,
        }
    }
    answers.sort_by_key(|(token, _)| *token);
    answers
}

fn route(device: &Arc<MappedDevice>, kind: Kind, at: u64, len: u64) -> Option<Route> {
    let (sector, len) = (Sectors::new(at), Sectors::new(len));
    let mut route = Route::default();
    route.enter(device, Asked { kind, sector, len, flags: IoFlags::empty() }, clock::now())?;
    Some(route)
}

#[test]
fn simple_requests_and_others_get_the_same_answers() {
    let (_file, disk) = image(64);
    let lower = mapped(0, "0 32 linear a 16", &[disk]);
    let upper = mapped(1, "0 16 linear a 8\n16 8 zero\n24 8 error", &[Arc::clone(&lower) as _]);
    let queues = Queues::start(2, None).unwrap();
    let requests =
        [read(0, 1), read(12, 8), read(20, 2), read(25, 1), read(31, 4), io(0, Op::Flush)];
    for queue in [0, 1] {
        let asked = requests.iter().map(|request| match &request.op {
            Op::Read(buf) => read(request.sector.get(), buf.len() / 512),
            _ => io(0, Op::Flush),
        });
        let hear = start(&queues, queue, asked.map(|io| (Arc::clone(&upper), io)).collect());
        let answers = all(&hear);
        let heads = |number: usize| -> Vec<u8> {
            answers[number].1.buf.as_ref().unwrap().iter().step_by(512).copied().collect()
        };
        let results: Vec<_> = answers.iter().map(|(_, done)| done.result).collect();
        assert_eq!(results, [Ok(()), Ok(()), Ok(()), Err(Errno::EIO), Err(Errno::EIO), Ok(())]);
        assert_eq!((heads(0), heads(2)), (vec![24], vec![0, 0]));
        assert_eq!(heads(1), [36, 37, 38, 39, 0, 0, 0, 0]);
    }
    assert_eq!(upper.counts().in_flight, 0);
    assert_eq!(upper.counts().read.ios, 8, "what lies beyond the end is not counted");
    assert_eq!(lower.counts().read.ios, 4);
    assert!(route(&upper, Kind::Read, 0, 1).is_some());
    assert!(route(&upper, Kind::Read, 12, 8).is_none());
}

#[test]
fn a_write_goes_straight_to_its_place() {
    let (file, disk) = image(64);
    let device = mapped(0, "0 8 linear a 8\n8 8 linear a 40", &[disk]);
    let queues = Queues::start(1, None).unwrap();
    let write =
        |at| (Arc::clone(&device), io(at, Op::Write(BufMut::copy_of(&[200; 512]).freeze())));
    let answers = all(&start(&queues, 0, vec![write(1), write(9)]));
    assert!(answers.iter().all(|(_, done)| done.result == Ok(())));
    let mut bytes = vec![0; 64 * 512];
    file.as_file().read_exact_at(&mut bytes, 0).unwrap();
    let changed = (0..64_u8).filter(|&n| bytes[usize::from(n) * 512] != n);
    assert_eq!(changed.collect::<Vec<_>>(), [9, 41]);
}

#[test]
fn a_suspended_device_holds_what_comes_and_a_route_holds_a_suspend() {
    let (_file, disk) = image(64);
    let device = mapped(0, "0 8 linear a 8", &[disk]);
    let queues = Queues::start(1, None).unwrap();
    let mut begun = route(&device, Kind::Read, 0, 1).unwrap();
    assert_eq!(
        device.suspend(Suspend::Flush, &|| true),
        Err(Errno::EINTR),
        "a request is under way"
    );
    assert_eq!(device.counts().in_flight, 1);
    assert!(begun.end(Done { result: Ok(()), buf: None }, clock::now()).is_ok());
    device.suspend(Suspend::Flush, &|| false).unwrap();
    assert!(route(&device, Kind::Read, 0, 1).is_none());
    let hear = start(&queues, 0, vec![(Arc::clone(&device), read(0, 1))]);
    assert!(matches!(next(&hear), Heard::Completed(7, 0)));
    assert!(hear.recv_timeout(Duration::from_millis(50)).is_err());
    device.resume();
    assert_eq!(all(&hear)[0].1.result, Ok(()));
}

#[test]
fn an_error_on_a_route_is_every_devices_on_it() {
    let (file, disk) = image(8);
    let device = mapped(0, "0 8 linear a 0", &[disk]);
    file.as_file().set_len(0).unwrap();
    let queues = Queues::start(1, None).unwrap();
    let answers = all(&start(&queues, 0, vec![(Arc::clone(&device), read(4, 1))]));
    assert_eq!(answers[0].1.result, Err(Errno::EIO));
    assert_eq!(answers[0].1.buf.as_ref().unwrap().len(), 512);
    assert_eq!(device.counts().read.ios, 1);
}

#[test]
fn a_stack_too_high_for_a_route_works_all_the_same() {
    let (_file, disk) = image(64);
    let mut top = mapped(0, "0 32 linear a 1", &[disk]);
    for minor in 1..6 {
        top = mapped(minor, &format!("0 {} linear a 1", 32 - minor), &[top]);
    }
    assert!(route(&top, Kind::Read, 0, 1).is_none());
    let queues = Queues::start(1, None).unwrap();
    let answers = all(&start(&queues, 0, vec![(top, read(0, 1))]));
    assert_eq!(answers[0].1.buf.as_ref().unwrap()[0], 6);
}

/// A set of two members of data and one of parity, the same sectors on both: the parity is zero.
#[test]
fn a_read_that_fails_on_its_route_goes_the_long_way_where_that_may_work() {
    let ((_first, a), (second, b), (parity, c)) = (image(64), image(64), image(64));
    parity.as_file().write_all_at(&vec![0; 64 * 512], 0).unwrap();
    let line = "0 128 raid45 core 2 64 nosync raid4 4 8 -1 -1 64 3 -1 a 0 b 0 c 0";
    let lower = mapped(0, line, &[a, b, c]);
    let upper = mapped(1, "0 100 linear a 8", &[Arc::clone(&lower) as _]);
    // From the second member's sector 4 on nothing is there.
    second.as_file().set_len(4 * 512).unwrap();
    let queues = Queues::start(1, None).unwrap();
    let asked = [(&lower, 12), (&upper, 5), (&lower, 9)];
    assert!(asked.iter().all(|(device, at)| route(device, Kind::Read, *at, 1).is_some()));
    let requests = asked.map(|(device, at)| (Arc::clone(device), read(at, 1)));
    let answers = all(&start(&queues, 0, requests.into()));
    let heads = answers.iter().map(|(_, done)| {
        assert_eq!(done.result, Ok(()));
        done.buf.as_ref().unwrap()[0]
    });
    assert_eq!(heads.collect::<Vec<_>>(), [4, 5, 1]);
    assert_eq!((lower.counts().in_flight, upper.counts().in_flight), (0, 0));
}
