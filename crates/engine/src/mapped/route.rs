//! The way of a request that every target on it sends on whole, down to one place of one open file: the common
//! case, for which nothing is allocated and no future is made. Whatever is not so simple has no route and goes
//! the long way, which `serve` has; both give the same answers.

use std::fs::File;
use std::sync::Arc;

use dm_core::errno::Errno;
use dm_core::units::Sectors;

use crate::io::request::{BufMut, Done, Io, IoFlags, Kind, Now, Op};
use crate::mapped::MappedDevice;
use crate::mapped::cut;
pub(crate) use crate::mapped::cut::Asked;
use crate::mapped::gate::Live;
use crate::mapped::serve::is_inside;
use crate::target::{Leg, Map, Parallel, Target};

/// How many devices of a stack a route passes at most; a deeper one has none.
const DEPTH: usize = 4;

/// Room for a request's way. From [`Self::enter`] to [`Self::end`] every device on the way counts the request.
#[derive(Default)]
pub(crate) struct Route {
    /// From the first on, without gaps.
    steps: [Option<Step>; DEPTH],
    /// On the first device.
    asked: Asked,
    /// Between its beginning and its end it counts as under way; a way that leads nowhere does not count.
    is_counted: bool,
    begun: Now,
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
        self.leave(self.begun);
    }
}

/// The next stop of a request.
enum Stop {
    File(Place),
    Device(Arc<MappedDevice>, Sectors),
}

impl Route {
    /// Begins the route of a read or write that is asked of `device`; where it ends. None, and nothing begun, when
    /// there is none, for whatever reason. There must be no request on it.
    pub(crate) fn enter(
        &mut self,
        device: &Arc<MappedDevice>,
        asked: Asked,
        now: Now,
    ) -> Option<Place> {
        let is_plain = matches!(asked.kind, Kind::Read | Kind::Write);
        if !is_plain || asked.flags.contains(IoFlags::PREFLUSH) {
            return None;
        }
        self.asked = asked;
        self.begun = now;
        let place = self.walk(Arc::clone(device));
        if place.is_none() {
            self.leave(now);
            return None;
        }
        for step in self.steps.iter().map_while(Option::as_ref) {
            step.device.counters.begun();
        }
        self.is_counted = true;
        place
    }

    fn walk(&mut self, mut device: Arc<MappedDevice>) -> Option<Place> {
        let mut asked = self.asked;
        for place in &mut self.steps {
            let step = place.insert(Step::pass(device)?);
            match step.next(&asked, self.begun)? {
                Stop::File(file) => return Some(file),
                Stop::Device(lower, sector) => {
                    device = lower;
                    asked.sector = sector;
                }
            }
        }
        None
    }

    /// Leaves the devices, at `now`.
    fn leave(&mut self, now: Now) {
        let is_counted = std::mem::take(&mut self.is_counted);
        let time = now.saturating_sub(self.begun);
        for place in &mut self.steps {
            let Some(step) = place.take() else { break };
            if is_counted {
                step.device.counters.ended(self.asked.kind, self.asked.len, time);
            }
        }
    }

    /// The request ended at `now`; the targets on its way learn of an error.
    ///
    /// # Errors
    ///
    /// [`Again`] where one of them knows another way; what failed counts as a request of its own.
    pub(crate) fn end(&mut self, done: Done, now: Now) -> Result<Done, Again> {
        let answer = match done.result {
            Err(errno) if !self.asked.flags.contains(IoFlags::READAHEAD) => {
                self.failed(errno, done.buf)
            }
            _ => Ok(done),
        };
        self.leave(now);
        answer
    }

    fn failed(&self, errno: Errno, buf: Option<BufMut>) -> Result<Done, Again> {
        let Asked { kind, sector, flags, .. } = self.asked;
        let mut retries = false;
        for step in self.steps.iter().rev().flatten() {
            if step.hears(kind, errno) {
                step.device.raise_event();
            }
            retries |= step.retries();
        }
        match (buf, self.steps.first()) {
            (Some(buf), Some(Some(first))) if retries => {
                let io = Io { sector, op: Op::Read(buf), flags };
                Err(Again { device: Arc::clone(&first.device), io })
            }
            (buf, _) => Ok(Done { result: Err(errno), buf }),
        }
    }
}

impl Step {
    /// Enters `device`.
    fn pass(device: Arc<MappedDevice>) -> Option<Self> {
        let live = device.gate.try_pass()?;
        Some(Self { device, live: Some(live), line: 0, leg: 0 })
    }

    /// What comes next for a request.
    fn next(&mut self, asked: &Asked, now: Now) -> Option<Stop> {
        let live = self.live.as_ref()?;
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
