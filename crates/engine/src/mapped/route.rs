//! The way of a request that every target on it sends on whole, down to one place of one open file: the common
//! case, for which nothing is allocated and no future is made. Whatever is not so simple has no route and goes
//! the long way, which `serve` has; both give the same answers.

use std::fs::File;
use std::sync::Arc;

use dm_core::errno::Errno;
use dm_core::units::Sectors;

use crate::io::request::{Done, Io, IoFlags, Kind, Now, Op};
use crate::mapped::MappedDevice;
use crate::mapped::cut::{self, Asked};
use crate::mapped::gate::Live;
use crate::mapped::serve::is_inside;
use crate::target::{Leg, Map, Parallel, Target};

/// How many devices of a stack a route passes at most; a deeper one has none.
const DEPTH: usize = 4;

/// A request's way, which it has begun: every device on it counts it until this is dropped.
pub(crate) struct Route {
    steps: [Option<Step>; DEPTH],
    kind: Kind,
    /// Where it began, on the first device.
    sector: Sectors,
    len: Sectors,
    flags: IoFlags,
    /// Between its beginning and its end it counts as under way; a way that leads nowhere does not count.
    is_counted: bool,
    begun: Now,
    ended: Now,
}

/// Where a route ends.
pub(crate) struct Place {
    /// The open file.
    pub(crate) file: Arc<File>,
    /// Where in it.
    pub(crate) sector: Sectors,
    /// See [`Device::is_in_memory`](crate::io::request::Device::is_in_memory).
    pub(crate) in_memory: bool,
}

/// A read that failed on its route and may work the long way, from its beginning.
pub(crate) struct Again {
    pub(crate) device: Arc<MappedDevice>,
    pub(crate) io: Io,
}

/// A device that the request has entered.
struct Step {
    device: Arc<MappedDevice>,
    /// Gone before the device is left.
    live: Option<Arc<Live>>,
    line: u32,
    leg: u32,
}

impl Drop for Step {
    fn drop(&mut self) {
        self.live = None;
        self.device.gate.leave();
    }
}

impl Drop for Route {
    fn drop(&mut self) {
        if self.is_counted {
            let time = self.ended.saturating_sub(self.begun);
            for step in self.steps.iter().flatten() {
                step.device.counters.ended(self.kind, self.len, time);
            }
        }
    }
}

/// The next stop of a request.
enum Stop {
    File(Place),
    Device(Arc<MappedDevice>, Sectors),
}

impl Route {
    /// The route of a read or write of `len` sectors from `sector` of `device` on, and where it ends; none when
    /// there is none, for whatever reason.
    pub(crate) fn find(
        device: &Arc<MappedDevice>,
        kind: Kind,
        (sector, len): (Sectors, Sectors),
        flags: IoFlags,
        now: Now,
    ) -> Option<(Self, Place)> {
        if !matches!(kind, Kind::Read | Kind::Write) || flags.contains(IoFlags::PREFLUSH) {
            return None;
        }
        let mut route = Self {
            steps: [const { None }; DEPTH],
            kind,
            sector,
            len,
            flags,
            is_counted: false,
            begun: now,
            ended: now,
        };
        let mut device = Arc::clone(device);
        let mut asked = Asked { kind, sector, len, flags };
        for place in &mut route.steps {
            let (step, next) = Step::take(device, &asked, now)?;
            *place = Some(step);
            match next {
                Stop::File(file) => {
                    route.begin();
                    return Some((route, file));
                }
                Stop::Device(lower, sector) => {
                    device = lower;
                    asked.sector = sector;
                }
            }
        }
        None
    }

    fn begin(&mut self) {
        for step in self.steps.iter().flatten() {
            step.device.counters.begun();
        }
        self.is_counted = true;
    }

    /// The request ended at `now`; the targets on its way learn of an error.
    ///
    /// # Errors
    ///
    /// [`Again`] where one of them knows another way; what failed counts as a request of its own.
    pub(crate) fn end(mut self, done: Done, now: Now) -> Result<Done, Again> {
        self.ended = now;
        let Err(errno) = done.result else { return Ok(done) };
        if self.flags.contains(IoFlags::READAHEAD) {
            return Ok(done);
        }
        let mut retries = false;
        for step in self.steps.iter().rev().flatten() {
            if step.hears(self.kind, errno) {
                step.device.raise_event();
            }
            retries |= step.retries();
        }
        match (done.buf, self.steps.first()) {
            (Some(buf), Some(Some(first))) if retries => {
                let io = Io { sector: self.sector, op: Op::Read(buf), flags: self.flags };
                Err(Again { device: Arc::clone(&first.device), io })
            }
            (buf, _) => Ok(Done { result: Err(errno), buf }),
        }
    }
}

impl Step {
    /// Enters `device` with a request; what comes next.
    fn take(device: Arc<MappedDevice>, asked: &Asked, now: Now) -> Option<(Self, Stop)> {
        let live = device.gate.try_pass()?;
        let mut step = Self { device, live: None, line: 0, leg: 0 };
        let next = step.next(&live, asked, now);
        step.live = Some(live);
        Some((step, next?))
    }

    fn next(&mut self, live: &Live, asked: &Asked, now: Now) -> Option<Stop> {
        cut::check_range(live, asked).ok()?;
        let number = live.table.index_at(asked.sector);
        self.line = u32::try_from(number).ok()?;
        let placed = live.table.placed().get(number)?;
        let end = asked.sector.checked_add(asked.len)?;
        let piece = cut::piece_of(placed, asked.kind, asked.sector, end)?;
        if piece.len != asked.len || placed.kind.parallel == Parallel::OneQueue {
            return None;
        }
        let shape = piece.shape(asked.kind, asked.flags, 0);
        let Map::To { leg, sector, len } = placed.target.map(&shape, now) else { return None };
        let number = leg;
        let leg = placed.target.legs().get(number)?;
        if !is_inside(leg, &shape, sector, len) {
            return None;
        }
        self.leg = u32::try_from(number).ok()?;
        stop_at(leg, asked.kind, sector)
    }

    /// Tells the target that sent the request on of an error; whether that is an event.
    fn hears(&self, kind: Kind, errno: Errno) -> bool {
        self.target().is_some_and(|target| target.failed(self.leg as usize, kind, errno))
    }

    /// Whether the target that sent the request on knows another way.
    fn retries(&self) -> bool {
        self.target().is_some_and(|target| target.retries(self.leg as usize))
    }

    fn target(&self) -> Option<&dyn Target> {
        let placed = self.live.as_ref()?.table.placed().get(self.line as usize)?;
        Some(&*placed.target)
    }
}

fn stop_at(leg: &Leg, kind: Kind, sector: Sectors) -> Option<Stop> {
    if let Some(file) = leg.device.file_for(kind) {
        let in_memory = leg.device.is_in_memory();
        return Some(Stop::File(Place { file: Arc::clone(file), sector, in_memory }));
    }
    let lower = Arc::clone(&leg.device).into_mapped()?;
    Some(Stop::Device(lower, sector))
}
