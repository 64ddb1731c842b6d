//! Tables, and each target type, over disks in memory.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod delay;
mod dust;
mod error;
mod flakey;
mod limits;
mod linear;
mod log_writes;
mod mirror;
mod raid45;
mod snapshot;
mod striped;
mod switch;
mod tables;
mod unstriped;
mod zero;

use std::sync::Arc;

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::table;
use dm_core::units::Sectors;
use dm_engine::build::{LiveTable, Mode, TableError, build};
use dm_engine::io::request::{BufMut, Device as _, Done, Io, IoFlags, Op};
use dm_engine::mapped::{MappedDevice, Suspend};
use dm_engine::target::StatusKind;
use dm_testkit::sim::{Event, SimCx, SimDisk, SimOpener};

/// Disks of 32768 sectors, as in the recorded sessions.
const DISK: Sectors = Sectors::new(32_768);

/// A mapped device on disks in memory.
struct Bench {
    cx: SimCx,
    opener: SimOpener,
    device: Arc<MappedDevice>,
}

impl Bench {
    /// A device without a table, over four disks.
    fn empty() -> Self {
        let device = MappedDevice::new(DevNo::new(254, 0));
        Self { cx: SimCx::new(0), opener: SimOpener::new(4, DISK), device }
    }

    /// A device with this table, live.
    fn new(table: &str) -> Self {
        let mut bench = Self::empty();
        bench.load(table).unwrap();
        bench
    }

    /// Builds a table and makes it live, as load and resume do.
    fn load(&mut self, table: &str) -> Result<(), Errno> {
        let table = build_over(table, &mut self.opener).map_err(|error| error.why.errno)?;
        table.limits_after(self.device.live().as_deref())?;
        self.device.suspend(Suspend::Flush, &|| false)?;
        self.device.swap(Some(Arc::new(table)));
        self.device.resume();
        Ok(())
    }

    fn submit(&self, sector: u64, op: Op, flags: IoFlags) -> Done {
        let io = Io { sector: Sectors::new(sector), op, flags };
        self.cx.block_on(self.device.submit(io, &self.cx))
    }

    /// What is read from there.
    fn read(&self, sector: u64, sectors: usize) -> Result<Vec<u8>, Errno> {
        let buf = BufMut::zeroed(sectors * 512);
        let done = self.submit(sector, Op::Read(buf), IoFlags::empty());
        done.result.map(|()| done.buf.unwrap().to_vec())
    }

    fn write(&self, sector: u64, data: &[u8]) -> Result<(), Errno> {
        let mut buf = BufMut::zeroed(data.len());
        buf.copy_from_slice(data);
        self.submit(sector, Op::Write(buf.freeze()), IoFlags::empty()).result
    }

    fn run(&self, sector: u64, op: Op) -> Result<(), Errno> {
        self.submit(sector, op, IoFlags::empty()).result
    }

    fn disk(&self, number: usize) -> &SimDisk {
        &self.opener.disks()[number]
    }

    /// Whether the last that a disk was asked for is a flush.
    fn is_flushed(&self, number: usize) -> bool {
        matches!(self.disk(number).record().last(), Some(Event::Flush))
    }

    fn status(&self, kind: StatusKind) -> String {
        status(&self.device.live().unwrap(), kind)
    }
}

fn build_over(text: &str, opener: &mut SimOpener) -> Result<LiveTable, TableError> {
    build(&table::parse(text.as_bytes()).unwrap(), Mode::ReadWrite, opener)
}

/// What the first line's target prints.
fn status(table: &LiveTable, kind: StatusKind) -> String {
    let mut text = String::new();
    table.placed()[0].target.status(kind, &mut text).unwrap();
    text
}

/// Why a table is not built.
fn why(text: &str) -> (&'static str, Errno) {
    let why = build_over(text, &mut SimOpener::new(4, DISK)).map(|_| ()).unwrap_err().why;
    (why.text, why.errno)
}

/// `sectors` sectors, each full of its own number, counted from `first`.
fn numbered(first: u8, sectors: u8) -> Vec<u8> {
    (first..first + sectors).flat_map(|number| [number; 512]).collect()
}

/// The first byte of each sector.
fn heads(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().step_by(512).copied().collect()
}
