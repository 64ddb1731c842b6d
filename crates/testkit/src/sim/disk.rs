//! A disk in memory.

use std::fmt;
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::units::{Bytes, Sectors};
use dm_engine::io::request::{Cx, Device, Io, IoFuture, Kind, Op};
use dm_engine::limits::Limits;

use super::record::{Content, Event};

/// A disk in memory, as large as one likes: only what is not zero takes space. It keeps a record of what
/// was done to it, from which [`SimDisk::after_power_loss`] makes the disk that is left when the power goes.
pub struct SimDisk {
    dev: DevNo,
    size: Sectors,
    limits: Limits,
    read_only: bool,
    delay: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// What was there before anything of the record.
    base: Content,
    content: Content,
    record: Vec<Event>,
    faults: Vec<Fault>,
}

/// A request that is to fail.
#[derive(Debug)]
struct Fault {
    what: What,
    errno: Errno,
}

#[derive(Debug)]
enum What {
    /// The one after so many others of its kind.
    After(Kind, u64),
    /// Each that touches these sectors.
    Touching(Range<Sectors>),
}

impl SimDisk {
    /// A disk of zeros, number 1:0, that takes every operation and has a cache.
    pub fn new(size: Sectors) -> Self {
        let limits = Limits {
            max_discard: Limits::UNLIMITED,
            discard_granularity: Bytes::new(512),
            max_write_zeroes: Limits::UNLIMITED,
            write_cache: true,
            ..Limits::default()
        };
        Self {
            dev: DevNo::new(1, 0),
            size,
            limits,
            read_only: false,
            delay: Duration::ZERO,
            state: Mutex::default(),
        }
    }

    /// The same disk with another number.
    #[must_use]
    pub fn with_dev(self, dev: DevNo) -> Self {
        Self { dev, ..self }
    }

    /// The same disk with other limits.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The same disk, which refuses to be changed.
    #[must_use]
    pub fn with_writes_refused(self) -> Self {
        Self { read_only: true, ..self }
    }

    /// The same disk, which takes `delay` of its queue's time for each request.
    #[must_use]
    pub fn with_delay(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// Puts `data` there, outside of any request and of the record: what the disk began with.
    pub fn fill(&self, at: Sectors, data: &[u8]) {
        let mut state = self.state();
        state.base.write(at, data);
        state.content.write(at, data);
    }

    /// What is there, outside of any request.
    pub fn peek(&self, at: Sectors, len: Sectors) -> Vec<u8> {
        let len = len.to_bytes().and_then(|len| usize::try_from(len.get()).ok());
        let mut bytes = vec![0; len.unwrap_or_default()];
        self.state().content.read(at, &mut bytes);
        bytes
    }

    /// Fails the next request of `kind` but `after`, with `errno`; the ones around it work.
    pub fn fail_after(&self, kind: Kind, after: u64, errno: Errno) {
        self.state().faults.push(Fault { what: What::After(kind, after), errno });
    }

    /// Fails every request that touches these sectors, until [`Self::heal`].
    pub fn fail_range(&self, sectors: Range<Sectors>, errno: Errno) {
        self.state().faults.push(Fault { what: What::Touching(sectors), errno });
    }

    /// Takes all faults away.
    pub fn heal(&self) {
        self.state().faults.clear();
    }

    /// What was done so far.
    pub fn record(&self) -> Vec<Event> {
        self.state().record.clone()
    }

    /// The disk that is left when the power goes after the first `events` of the record. What was not
    /// flushed, nor written with FUA, may be lost, sector by sector and in any order: `keep` says what stays,
    /// by the event's place in the record and the sector counted from the event's first. A disk without a
    /// cache loses nothing.
    #[must_use]
    pub fn after_power_loss(
        &self,
        events: usize,
        mut keep: impl FnMut(usize, u64) -> bool,
    ) -> Self {
        let state = self.state();
        let done = state.record.get(..events).unwrap_or(&state.record);
        let flushed = done.iter().rposition(Event::flushes).unwrap_or(0);
        let mut content = state.base.clone();
        for (number, event) in done.iter().enumerate() {
            let lasting = number < flushed || event.is_lasting() || !self.limits.write_cache;
            content.apply(event, |sector| lasting || keep(number, sector));
        }
        let state = State { base: content.clone(), content, ..State::default() };
        let (limits, state) = (self.limits.clone(), Mutex::new(state));
        Self { limits, state, dev: self.dev, size: self.size, ..Self::new(self.size) }
    }

    /// Carries out a request, now.
    fn carry_out(&self, io: &mut Io) -> Result<(), Errno> {
        self.check(io)?;
        let mut state = self.state();
        state.fail(io)?;
        if let Op::Read(buf) = &mut io.op {
            state.content.read(io.sector, buf);
        }
        if let Some(event) = Event::of(io) {
            state.content.apply(&event, |_| true);
            state.record.push(event);
        }
        Ok(())
    }

    /// As the block layer does before a driver sees the request.
    fn check(&self, io: &Io) -> Result<(), Errno> {
        let kind = io.op.kind();
        if io.sector.checked_add(io.len()).is_none_or(|end| end > self.size) {
            return Err(Errno::EIO);
        }
        if self.read_only && !matches!(kind, Kind::Read | Kind::Flush) {
            return Err(Errno::EPERM);
        }
        let block = self.limits.logical_block;
        let whole = |n: Sectors| n.to_bytes().is_some_and(|bytes| bytes.is_multiple_of(block));
        if !whole(io.sector) || !whole(io.len()) {
            return Err(Errno::EINVAL);
        }
        let longest = match kind {
            Kind::Discard => self.limits.max_discard,
            Kind::WriteZeroes => self.limits.max_write_zeroes,
            Kind::Read | Kind::Write | Kind::Flush => return Ok(()),
        };
        if longest.is_zero() { Err(Errno::EOPNOTSUPP) } else { Ok(()) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether the request is to fail; counts it for those that are to fail later.
    fn fail(&mut self, io: &Io) -> Result<(), Errno> {
        let (start, end) = (io.sector, io.sector.saturating_add(io.len()));
        let mut failed = None;
        self.faults.retain_mut(|fault| match &mut fault.what {
            What::Touching(sectors) => {
                if start < sectors.end && sectors.start < end {
                    failed = Some(fault.errno);
                }
                true
            }
            What::After(kind, _) if *kind != io.op.kind() => true,
            What::After(_, 0) => {
                failed = Some(fault.errno);
                false
            }
            What::After(_, left) => {
                *left -= 1;
                true
            }
        });
        failed.map_or(Ok(()), Err)
    }
}

impl Device for SimDisk {
    fn size(&self) -> Sectors {
        self.size
    }

    fn limits(&self) -> Limits {
        self.limits.clone()
    }

    fn dev(&self) -> DevNo {
        self.dev
    }

    fn is_read_only(&self) -> bool {
        self.read_only
    }

    fn submit<'a>(&'a self, mut io: Io, cx: &'a dyn Cx) -> IoFuture<'a> {
        Box::pin(async move {
            if !self.delay.is_zero() {
                cx.sleep(self.delay).await;
            }
            let result = self.carry_out(&mut io);
            io.done(result)
        })
    }
}

/// Without the content.
impl fmt::Debug for SimDisk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimDisk")
            .field("dev", &self.dev)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
