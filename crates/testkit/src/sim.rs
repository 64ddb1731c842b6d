//! A machine in memory, for tests of what runs on the engine: disks that fail and lose power on request, a
//! clock that moves only when everybody waits, chance that repeats.
//!
//! ```
//! use dm_core::units::Sectors;
//! use dm_engine::io::request::{BufMut, Device as _, Io, IoFlags, Op};
//! use dm_testkit::sim::{SimCx, SimDisk};
//!
//! let (disk, cx) = (SimDisk::new(Sectors::new(64)), SimCx::new(0));
//! disk.fill(Sectors::new(8), &[7; 512]);
//! let op = Op::Read(BufMut::zeroed(512));
//! let io = Io { sector: Sectors::new(8), op, flags: IoFlags::empty() };
//! let done = cx.block_on(disk.submit(io, &cx));
//! assert_eq!(done.result, Ok(()));
//! assert_eq!(done.buf.unwrap()[0], 7);
//! ```

mod cx;
mod disk;
mod opener;
mod record;
mod runner;

pub use cx::{SimCx, block_on};
pub use disk::SimDisk;
pub use opener::SimOpener;
pub use record::Event;
pub use runner::SimRunner;
