//! Sends requests through mapped devices on legs that answer at once: what the engine itself does for a
//! request, and nothing else. For instruction counts: run it under callgrind with two counts of requests, and
//! the difference is the requests' alone.
//!
//! ```text
//! engine_requests <case> <requests>
//! engine_requests list
//! ```
//!
//! A `route` is what a request that goes to one place of one file costs, its I/O aside. `futures` is the way
//! of all others: a read through [`Device::submit`], polled once.

use std::env;
use std::error::Error;
use std::fs::File;
use std::hint::black_box;
use std::io::{self, Write as _};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::table::Line;
use dm_core::units::Sectors;
use dm_engine::build::{self, Mode};
use dm_engine::io::request::{BufMut, Cx, Device, Io, IoFlags, IoFuture, Kind, Now, Op};
use dm_engine::limits::Limits;
use dm_engine::mapped::MappedDevice;
use dm_engine::ring::FileIo;
use dm_engine::target::Opener;

/// The length of a request: 4 KiB.
const LEN: Sectors = Sectors::new(8);

/// A device to send requests to, and the way they go.
struct Case {
    name: &'static str,
    make: fn() -> Result<Arc<MappedDevice>, Box<dyn Error>>,
    way: Way,
}

#[derive(Clone, Copy)]
enum Way {
    Route,
    Futures,
}

static CASES: &[Case] = &[
    Case { name: "linear-route", make: linear, way: Way::Route },
    Case { name: "linear-futures", make: linear, way: Way::Futures },
    Case { name: "striped-route", make: striped, way: Way::Route },
    Case { name: "striped-across-chunks-futures", make: striped_small, way: Way::Futures },
    Case { name: "stack-of-three-route", make: stack, way: Way::Route },
    Case { name: "stack-of-three-futures", make: stack, way: Way::Futures },
    Case { name: "lines-100000-route", make: many_lines, way: Way::Route },
    Case { name: "lines-100000-futures", make: many_lines, way: Way::Futures },
];

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words[..] {
        ["list"] => {
            for case in CASES {
                writeln!(io::stdout(), "{}", case.name)?;
            }
            Ok(())
        }
        [name, count] => {
            let case = CASES.iter().find(|case| case.name == name).ok_or("no such case")?;
            run(case, count.parse()?)
        }
        _ => Err("usage: engine_requests <case> <requests> | list".into()),
    }
}

fn run(case: &Case, count: u64) -> Result<(), Box<dyn Error>> {
    let device = (case.make)()?;
    let room = device.size().checked_sub(LEN).ok_or("the device is too small")?.get();
    let mut buf = Some(BufMut::zeroed(4096));
    let mut sector = 0;
    for _ in 0..count {
        // Far from the last one, as random requests are, and the same in every run.
        sector = (sector + 7919 * LEN.get()) % (room + 1) / LEN.get() * LEN.get();
        let at = Sectors::new(sector);
        match case.way {
            Way::Route => {
                if !black_box(device.try_route(Kind::Read, (at, LEN), IoFlags::empty(), Now::ZERO))
                {
                    return Err("a request without a route".into());
                }
            }
            Way::Futures => {
                let op = Op::Read(buf.take().ok_or("a read that lost its buffer")?);
                let io = Io { sector: at, op, flags: IoFlags::empty() };
                let mut future = device.submit(io, &Still);
                let Poll::Ready(done) =
                    future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
                else {
                    return Err("a request that waits".into());
                };
                done.result.map_err(|errno| errno.to_string())?;
                buf = done.buf;
            }
        }
    }
    Ok(())
}

fn mapped(
    minor: u32,
    lines: &[Line],
    legs: &[Arc<dyn Device>],
) -> Result<Arc<MappedDevice>, Box<dyn Error>> {
    let table = build::build(lines, Mode::ReadWrite, &mut Legs(legs))?;
    table.checked_limits().map_err(|errno| errno.to_string())?;
    let device = MappedDevice::new(DevNo::new(254, minor));
    device.swap(Some(Arc::new(table)));
    Ok(device)
}

fn line(start: u64, len: u64, target: &str, args: &str) -> Result<Line, Box<dyn Error>> {
    let text = format!("{start} {len} {target} {args}");
    dm_core::table::parse_line(text.as_bytes())?.ok_or_else(|| "no line".into())
}

fn linear() -> Result<Arc<MappedDevice>, Box<dyn Error>> {
    mapped(0, &[line(0, 1 << 20, "linear", "0 2048")?], &[Null::device()?])
}

fn striped() -> Result<Arc<MappedDevice>, Box<dyn Error>> {
    let legs = [Null::device()?, Null::device()?];
    mapped(0, &[line(0, 1 << 20, "striped", "2 128 0 0 1 0")?], &legs)
}

/// Chunks of four sectors: a request of eight is two parts.
fn striped_small() -> Result<Arc<MappedDevice>, Box<dyn Error>> {
    let legs = [Null::device()?, Null::device()?];
    mapped(0, &[line(0, 1 << 20, "striped", "2 4 0 0 1 0")?], &legs)
}

fn stack() -> Result<Arc<MappedDevice>, Box<dyn Error>> {
    let lowest = mapped(0, &[line(0, 1 << 20, "linear", "0 2048")?], &[Null::device()?])?;
    let middle = mapped(1, &[line(0, 1 << 19, "linear", "0 64")?], &[lowest])?;
    mapped(2, &[line(0, 1 << 18, "linear", "0 64")?], &[middle])
}

fn many_lines() -> Result<Arc<MappedDevice>, Box<dyn Error>> {
    let lines = (0..100_000u64)
        .map(|number| line(number * 8, 8, "linear", &format!("0 {}", number * 7919 % 100_000 * 8)));
    mapped(0, &lines.collect::<Result<Vec<_>, _>>()?, &[Null::device()?])
}

/// The legs that a table calls 0, 1, ...
struct Legs<'a>(&'a [Arc<dyn Device>]);

impl Opener for Legs<'_> {
    fn open(&mut self, word: &[u8]) -> Result<Arc<dyn Device>, Errno> {
        let number: Option<usize> =
            std::str::from_utf8(word).ok().and_then(|word| word.parse().ok());
        number.and_then(|number| self.0.get(number)).cloned().ok_or(Errno::ENOENT)
    }
}

/// A large disk that answers at once, and leaves a buffer as it is.
#[derive(Debug)]
struct Null(Arc<File>);

impl Null {
    fn device() -> io::Result<Arc<dyn Device>> {
        Ok(Arc::new(Self(Arc::new(File::open("/dev/null")?))))
    }
}

impl Device for Null {
    fn size(&self) -> Sectors {
        Sectors::new(1 << 30)
    }

    fn limits(&self) -> Limits {
        Limits::default()
    }

    fn dev(&self) -> DevNo {
        DevNo::new(1, 0)
    }

    fn is_read_only(&self) -> bool {
        false
    }

    fn file_for(&self, _kind: Kind) -> Option<&Arc<File>> {
        Some(&self.0)
    }

    fn submit<'a>(&'a self, io: Io, _cx: &'a dyn Cx) -> IoFuture<'a> {
        Box::pin(std::future::ready(io.done(Ok(()))))
    }
}

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
