//! `raid45 <log> <type> [<parity>] <count> [<variable>]... <members> <rebuilt> [<device> <start>]...`: RAID 4 and
//! RAID 5, as the vendors of BIOS RAID have it and dmraid's tables describe it.
//!
//! | words | what |
//! |---|---|
//! | `core 1` or `2 <region> [sync` or `nosync]` | the dirty log: in memory, of no consequence but for its last word |
//! | `raid4`, `raid5_la`, `raid5_ra`, `raid5_ls`, `raid5_rs` | the layout |
//! | `<parity>` | after `raid4`: the member with the parity, `-1` for the last; dmraid leaves it out |
//! | `<count> <variable>...` | how many of the next; `-1` is the default of each that is a number |
//! | 1st, 2nd, 3rd variable | chunk, in sectors (64); stripes in memory (80); request (the chunk) |
//! | 4th to 7th | recovery's request (256), its bandwidth in percent (10), `sync` or `nosync`, its stripes (1) |
//! | `locking none` | may stand there |
//! | `<members> <rebuilt>` | how many, at least 3; the one to be rebuilt, `-1` for none |
//! | `<device> <start>` | of each member; `- -` (ours, in the manner of the kernel's `raid`) for one that is missing |
//!
//! Of the variables only the chunk changes anything. One member may be missing, or be lost later: the others make
//! up for it. Nothing is rebuilt here, nor resynchronised:
//!
//! - A set whose parity is yet to be computed (`sync`, or neither word) is accepted for reading only, and without
//!   redundancy: what a member cannot give is not made of a parity that nobody vouches for.
//! - A member that is to be rebuilt is one that is missing: it is neither read nor written. Its set is read-only
//!   with `sync`; the parity counts, for it is what the member would be rebuilt of.
//!
//! What fails, and what becomes of it:
//!
//! | fails | what |
//! |---|---|
//! | a read | comes from the other members; the member stays |
//! | a write or a flush | the member is not used again; an event; writes wait until `allow_writes` |
//! | a second member | requests that need it get `EIO`, and so do all writes and flushes |
//!
//! That a member has failed, and that writes wait, outlives the process: no answer is given to a write that a
//! member missed until that is saved. Another table forgets it: whoever loads one says which members are good.
//! Writes that wait when the device is suspended get `EIO`.
//!
//! | file | what |
//! |---|---|
//! | `args` | the table's words |
//! | `layout` | which member has what |
//! | `health` | which members are of use, and whether writes are allowed |
//! | `set`, `read`, `write`, `parity` | requests |
//! | `messages` | messages |
//!
//! # Source
//!
//! `dm-raid45.c`, 0.2597k, out of the kernel's tree; `lib/activate/activate.c` of dmraid 1.0.0.rc16 for the tables
//! and `lib/events/libdmraid-events-isw.c` for the status that it understands.

mod args;
mod health;
mod layout;
mod messages;
mod parity;
mod read;
mod set;
mod write;

use std::fmt::{self, Write as _};

use dm_core::errno::Errno;
use dm_core::units::{Bytes, Sectors};

use self::args::{Args, Named};
use self::health::Health;
use self::messages::Tuning;
use self::set::Set;
use crate::build::Mode;
use crate::io::range_lock::RangeLock;
use crate::io::request::{Cx, Done, Io, IoFuture, Kind, Now, Op};
use crate::limits::Limits;
use crate::mapped::Suspend;
use crate::target::{
    Build, BuildError, Features, Knobs, Leg, Map, Parallel, Shape, StatusKind, Target, TargetType,
};

/// The row of `raid45`.
pub(super) static TYPE: TargetType = TargetType {
    name: "raid45",
    version: [1, 0, 0],
    parallel: Parallel::ManyQueues,
    features: Features::empty(),
    examples: &[
        "core 2 256 nosync raid5_ls 1 8 3 -1 /dev/ram0 0 /dev/ram1 0 /dev/ram2 0",
        "core 2 512 nosync raid5_la 0 3 -1 1:0 0 1:1 8 1:2 16",
        "core 2 256 nosync raid5_ra 7 16 80 8 -1 10 nosync 1 5 -1 1:0 0 1:1 0 1:2 0 1:3 0 1:4 0",
        "core 2 256 nosync raid5_rs 1 32 3 -1 /dev/ram0 0 - - /dev/ram2 0",
        "core 2 256 nosync raid4 0 1 64 3 -1 /dev/ram0 0 /dev/ram1 0 /dev/ram2 0",
        "core 2 256 nosync raid4 1 64 3 1 /dev/ram0 0 /dev/ram1 0 /dev/ram2 0",
    ],
    build,
};

#[derive(Debug)]
struct Raid45 {
    args: Args,
    set: Set,
    /// Where a member that is missing would begin.
    missing: Option<Sectors>,
    mode: Mode,
    tuning: Tuning,
}

fn build(build: &mut Build<'_>) -> Result<Box<dyn Target>, BuildError> {
    let (args, pairs) = args::parse(build)?;
    let (mut legs, mut leg_of, mut missing) = (Vec::new(), Vec::new(), None);
    for pair in pairs.chunks_exact(2) {
        let [device, start] = pair else { continue };
        match args::member((device, start), args.member_len)? {
            (Named::Missing, _) if missing.is_some() => {
                return Err(BuildError::new("More than one RAID device is missing"));
            }
            (Named::Missing, start) => {
                missing = Some(start);
                leg_of.push(None);
            }
            (Named::Device(device), start) => {
                leg_of.push(Some(legs.len()));
                legs.push(open(build, device, &legs, (start, args.member_len))?);
            }
        }
    }
    let is_empty =
        |(number, leg): (usize, &Option<usize>)| leg.is_none() || args.rebuilt == Some(number);
    let health = Health::new(leg_of.iter().enumerate().map(is_empty));
    let set = Set {
        geometry: args.geometry,
        legs,
        leg_of,
        health,
        rows: RangeLock::new(),
        is_in_sync: args.is_in_sync() || args.rebuilt.is_some(),
    };
    Ok(Box::new(Raid45 { tuning: Tuning::new(&args), args, set, missing, mode: build.mode }))
}

/// Opens a member's device, which is none of `others`.
fn open(
    build: &mut Build<'_>,
    device: &[u8],
    others: &[Leg],
    (start, len): (Sectors, Sectors),
) -> Result<Leg, BuildError> {
    let leg = super::args::open_leg(build.opener, device, start, len)
        .map_err(|errno| BuildError::with("RAID device lookup failure", errno))?;
    let is_same = |other: &Leg| other.name == leg.name && other.device.dev() == leg.device.dev();
    if others.iter().any(is_same) {
        return Err(BuildError::with("Duplicate RAID device", Errno::ENXIO));
    }
    Ok(leg)
}

impl Raid45 {
    fn health(&self) -> &Health {
        &self.set.health
    }

    fn members(&self) -> usize {
        self.set.geometry.members
    }

    /// A member's leg, if it is there.
    fn leg(&self, member: usize) -> Option<&Leg> {
        self.set.leg_of.get(member).copied().flatten().and_then(|leg| self.set.legs.get(leg))
    }

    fn info(&self, out: &mut String) -> fmt::Result {
        write!(out, "{}", self.members())?;
        for member in 0..self.members() {
            write!(out, " {}", self.leg(member).map_or("-", |leg| &leg.name))?;
        }
        let regions = self.args.regions();
        let in_sync = if self.args.is_in_sync() { regions } else { 0 };
        // As dmraid's daemon reads it: a count of one, and a letter a member. The original has a count of two, and
        // more letters for the parity and for the member that is rebuilt.
        write!(out, " 1 {} {in_sync}/{regions} 1 core", self.health().letters())
    }

    fn table(&self, out: &mut String) -> fmt::Result {
        self.args.print(out)?;
        for member in 0..self.members() {
            match (self.leg(member), self.missing) {
                (Some(leg), _) => write!(out, "{} {} ", leg.name, leg.start)?,
                (None, Some(start)) if !start.is_zero() => write!(out, "- {start} ")?,
                (None, _) => out.write_str("- - ")?,
            }
        }
        Ok(())
    }

    async fn serve(&self, io: Io, cx: &dyn Cx) -> Done {
        let Io { sector, op, flags } = io;
        let result = match op {
            Op::Read(buf) => return self.set.read(sector, buf, flags, cx).await,
            Op::Write(buf) => self.set.write(sector, &buf, flags, cx).await,
            Op::Flush => self.set.flush(cx).await,
            Op::Discard(_) | Op::WriteZeroes(_) => Err(Errno::EOPNOTSUPP),
        };
        Done { result, buf: None }
    }
}

impl Target for Raid45 {
    fn knobs(&self) -> Knobs {
        // A row at a time, so that a whole one can be seen.
        Knobs { split_at: Some(self.set.geometry.row_len()), flushes: 1, ..Knobs::default() }
    }

    fn hints(&self, limits: &mut Limits) {
        let geometry = &self.set.geometry;
        if let (Some(chunk), Some(row)) = (geometry.chunk.to_bytes(), geometry.row_len().to_bytes())
            && row <= Bytes::new(u32::MAX.into())
        {
            limits.io_min = chunk;
            limits.io_opt = row;
        }
    }

    /// A read of one chunk goes straight to its member, if that is good.
    fn map(&self, shape: &Shape, _now: Now) -> Map {
        match shape.kind {
            Kind::Read => {}
            // Nothing was written.
            Kind::Flush if self.mode == Mode::ReadOnly => return Map::Zero,
            Kind::Write | Kind::Flush => return Map::Run,
            Kind::Discard | Kind::WriteZeroes => return Map::Fail(Errno::EOPNOTSUPP),
        }
        let geometry = &self.set.geometry;
        let piece = geometry.first_piece(shape.at, shape.len);
        let member = geometry.member(piece.row, piece.index);
        let leg = self.set.leg_of.get(member).copied().flatten();
        match leg.and_then(|number| Some((number, self.set.legs.get(number)?))) {
            Some((number, leg)) if piece.len == shape.len && self.health().is_good(member) => {
                let sector = leg.start.saturating_add(geometry.on_member(piece.row, piece.inside));
                Map::To { leg: number, sector, len: shape.len }
            }
            _ => Map::Run,
        }
    }

    fn run<'a>(&'a self, io: Io, cx: &'a dyn Cx) -> IoFuture<'a> {
        Box::pin(self.serve(io, cx))
    }

    fn status(&self, kind: StatusKind, out: &mut String) -> fmt::Result {
        match kind {
            StatusKind::Info => self.info(out),
            StatusKind::Table => self.table(out),
        }
    }

    fn message(&self, words: &[&[u8]]) -> Result<Option<String>, Errno> {
        messages::take(self, words).map(|()| None)
    }

    fn memory(&self) -> Option<String> {
        Some(self.health().memory())
    }

    fn has_learnt(&self) -> bool {
        self.health().has_learnt()
    }

    fn remembered(&self, memory: &str) {
        self.health().remembered(memory);
    }

    fn recall(&self, memory: &str) -> Result<(), Errno> {
        self.health().recall(memory)
    }

    fn presuspend(&self, _mode: Suspend) {
        self.health().set_suspended(true);
    }

    fn resumed(&self) {
        self.health().set_suspended(false);
    }

    fn legs(&self) -> &[Leg] {
        &self.set.legs
    }

    fn retries(&self, leg: usize) -> bool {
        let member = self.set.leg_of.iter().position(|&of| of == Some(leg));
        member.is_some_and(|member| self.set.is_made_up_for(member))
    }

    fn take_event(&self) -> bool {
        self.health().take_event()
    }
}
