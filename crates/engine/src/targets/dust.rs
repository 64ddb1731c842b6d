//! `dust <device> <start> <block>`: a disk with bad blocks, each `block` bytes long.
//!
//! While it is enabled, a read of a bad block fails. A write to one mends it, as a disk that puts another sector
//! in its place does; a block with a write fail count first fails as many writes. Blocks are counted from the
//! start of the device, not of the target, and a request is looked up by the block in which it begins: reads
//! and writes are cut so that this is all of it, unless the target's start lies within a block. A discard counts
//! as a write to its first block, and a flush as one to the target's: it may fail, or mend the block, though it
//! writes nothing.
//!
//! | message | what |
//! |---|---|
//! | `enable`, `disable` | bad blocks count, or do not; at first they do not |
//! | `quiet` | says nothing of bad blocks in the log, or says it again |
//! | `addbadblock <block> [<count>]` | a block is bad; its write fail count, at most 255 |
//! | `removebadblock <block>` | a block is bad no more |
//! | `queryblock <block>`, `countbadblocks`, `listbadblocks` | answer what is bad |
//! | `clearbadblocks` | no block is bad |
//!
//! # Source
//!
//! The kernel's `Documentation/admin-guide/device-mapper/dm-dust.rst` and `drivers/md/dm-dust.c`, 6.12.

mod blocks;

use std::fmt::{self, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use dm_core::errno::Errno;
use dm_core::units::{Bytes, Sectors};

use self::blocks::{Blocks, Worn};
use super::args;
use super::unsaved::Unsaved;
use crate::io::request::{Cx, Io, IoFuture, Kind, Now};
use crate::target::{
    Build, BuildError, Features, Knobs, Leg, Map, Parallel, Shape, StatusKind, Target, TargetType,
};

/// The row of `dust`.
pub(super) static TYPE: TargetType = TargetType {
    name: "dust",
    version: [1, 0, 0],
    parallel: Parallel::ManyQueues,
    features: Features::empty(),
    examples: &["/dev/ram0 0 512", "/dev/ram1 12 4096", "1:0 3072 +524288"],
    build,
};

/// The largest block: 1 GiB.
const BLOCK_MAX: Sectors = Sectors::new(2_097_152);

#[derive(Debug)]
struct Dust {
    leg: [Leg; 1],
    block: Bytes,
    /// The block's length is two to this power, in sectors.
    shift: u32,
    /// The block that a flush counts as a write to.
    flushed: u64,
    is_enabled: AtomicBool,
    is_quiet: AtomicBool,
    bad: Blocks,
    unsaved: Unsaved,
}

fn build(build: &mut Build<'_>) -> Result<Box<dyn Target>, BuildError> {
    let [device, start, block] = build.words else {
        return Err(BuildError::new("Invalid argument count"));
    };
    let block = args::strict_u32(block)
        .filter(|&block| block > 0)
        .ok_or(BuildError::new("Invalid block size parameter"))?;
    if block < 512 {
        return Err(BuildError::new("Block size must be at least 512"));
    }
    if !block.is_power_of_two() {
        return Err(BuildError::new("Block size must be a power of 2"));
    }
    let block = Bytes::new(block.into());
    if block.whole_sectors() > build.len.min(BLOCK_MAX) {
        return Err(BuildError::new("Block size is too large"));
    }
    let start = args::sector(start).ok_or(BuildError::new("Invalid device offset sector"))?;
    // quirk: whatever is wrong with the device, the command gets `EINVAL`.
    let leg = args::open_leg(build.opener, device, start, build.len)
        .map_err(|_| BuildError::new("Device lookup failed"))?;
    let shift = block.whole_sectors().get().trailing_zeros();
    Ok(Box::new(Dust {
        leg: [leg],
        block,
        shift,
        // quirk: a flush is a write to sector 0 of the mapped device, wherever the target is.
        flushed: start.get().wrapping_sub(build.start.get()) >> shift,
        is_enabled: AtomicBool::new(false),
        is_quiet: AtomicBool::new(false),
        bad: Blocks::default(),
        unsaved: Unsaved::default(),
    }))
}

impl Dust {
    /// Where on the device a request for `at` of the target begins, and in which block.
    fn locate(&self, kind: Kind, at: Sectors) -> (Sectors, u64) {
        let [leg] = &self.leg;
        if kind == Kind::Flush {
            return (leg.start, self.flushed);
        }
        let sector = leg.start.saturating_add(at);
        (sector, sector.get() >> self.shift)
    }

    /// The block that a word of a message names.
    fn named(&self, word: &[u8]) -> Result<u64, Errno> {
        let [leg] = &self.leg;
        let block = args::sector(word).ok_or(Errno::EINVAL)?.get();
        // quirk: one past the device's last is let through.
        let is_there = block <= leg.device.size().get() >> self.shift;
        is_there.then_some(block).ok_or(Errno::EINVAL)
    }

    fn is_quiet(&self) -> bool {
        self.is_quiet.load(Ordering::Relaxed)
    }

    fn add(&self, word: &[u8], writes: u8) -> Result<(), Errno> {
        let block = self.named(word)?;
        self.bad.add(block, writes)?;
        if !self.is_quiet() {
            tracing::info!(block, writes, "a block is bad");
        }
        Ok(())
    }

    fn remove(&self, word: &[u8]) -> Result<(), Errno> {
        let block = self.named(word)?;
        self.bad.remove(block)?;
        if !self.is_quiet() {
            tracing::info!(block, "a block is bad no more");
        }
        Ok(())
    }

    fn query(&self, word: &[u8]) -> Result<String, Errno> {
        let block = self.named(word)?;
        let found = if self.bad.has(block) { "found" } else { "not found" };
        Ok(format!("dust_query_block: block {block} {found} in badblocklist"))
    }

    /// `<state> <noise> [<block>[-<last>][:<writes>]]...`
    fn tell(&self) -> String {
        format!("{}{}", self.state().join(" "), self.bad.to_text())
    }

    fn state(&self) -> [&'static str; 2] {
        [
            if self.is_enabled.load(Ordering::Acquire) { ENABLED } else { BYPASS },
            if self.is_quiet() { QUIET } else { VERBOSE },
        ]
    }
}

// The words of the status, and of what is remembered.
const ENABLED: &str = "fail_read_on_bad_block";
const BYPASS: &str = "bypass";
const QUIET: &str = "quiet";
const VERBOSE: &str = "verbose";

impl Target for Dust {
    fn knobs(&self) -> Knobs {
        Knobs {
            split_at: Some(self.block.whole_sectors()),
            flushes: 1,
            discards: 1,
            ..Knobs::default()
        }
    }

    /// Changes nothing: a request may be mapped more than once. What a write does to a bad block is `run`'s.
    fn map(&self, shape: &Shape, _now: Now) -> Map {
        let (sector, block) = self.locate(shape.kind, shape.at);
        if self.is_enabled.load(Ordering::Acquire) && self.bad.has(block) {
            return if shape.kind == Kind::Read { Map::Fail(Errno::EIO) } else { Map::Run };
        }
        Map::To { leg: 0, sector, len: shape.len }
    }

    fn run<'a>(&'a self, mut io: Io, cx: &'a dyn Cx) -> IoFuture<'a> {
        let [leg] = &self.leg;
        let (sector, block) = self.locate(io.op.kind(), io.sector);
        let worn = self.bad.wear(block);
        if worn != Worn::Fine {
            self.unsaved.note();
        }
        match worn {
            Worn::Fails => return Box::pin(std::future::ready(io.done(Err(Errno::EIO)))),
            Worn::Mended if !self.is_quiet() => tracing::info!(block, "a write mends a block"),
            Worn::Mended | Worn::Fine => {}
        }
        io.sector = sector;
        leg.device.submit(io, cx)
    }

    fn status(&self, kind: StatusKind, out: &mut String) -> fmt::Result {
        let [leg] = &self.leg;
        match kind {
            StatusKind::Info => write!(out, "{} {}", leg.name, self.state().join(" ")),
            StatusKind::Table => write!(out, "{} {} {}", leg.name, leg.start, self.block),
        }
    }

    fn message(&self, words: &[&[u8]]) -> Result<Option<String>, Errno> {
        let Some((name, rest)) = words.split_first() else { return Err(Errno::EINVAL) };
        let name = name.to_ascii_lowercase();
        match (name.as_slice(), rest) {
            (b"enable", []) => self.is_enabled.store(true, Ordering::Release),
            (b"disable", []) => self.is_enabled.store(false, Ordering::Release),
            (b"quiet", []) => {
                self.is_quiet.fetch_xor(true, Ordering::Relaxed);
            }
            (b"addbadblock", [block]) => self.add(block, 0)?,
            (b"addbadblock", [block, writes]) => {
                let writes = args::scanned_u32(writes).and_then(|writes| writes.try_into().ok());
                self.add(block, writes.ok_or(Errno::EINVAL)?)?;
            }
            (b"removebadblock", [block]) => self.remove(block)?,
            (b"queryblock", [block]) => return self.query(block).map(Some),
            (b"countbadblocks", []) => {
                return Ok(Some(format!("countbadblocks: {} badblock(s) found", self.bad.count())));
            }
            (b"listbadblocks", []) => return Ok(Some(self.bad.list())),
            (b"clearbadblocks", []) => {
                let what =
                    if self.bad.clear() { "badblocks cleared" } else { "no badblocks found" };
                self.unsaved.note();
                return Ok(Some(format!("dust_clear_badblocks: {what}")));
            }
            _ => return Err(Errno::EINVAL),
        }
        self.unsaved.note();
        Ok(None)
    }

    fn memory(&self) -> Option<String> {
        Some(self.tell())
    }

    fn has_learnt(&self) -> bool {
        self.unsaved.is_some()
    }

    fn remembered(&self, memory: &str) {
        self.unsaved.saved(memory, || self.tell());
    }

    fn recall(&self, memory: &str) -> Result<(), Errno> {
        let mut words = memory.split(' ');
        let is_enabled = either(words.next(), ENABLED, BYPASS)?;
        let is_quiet = either(words.next(), QUIET, VERBOSE)?;
        self.bad.recall(words)?;
        self.is_enabled.store(is_enabled, Ordering::Release);
        self.is_quiet.store(is_quiet, Ordering::Relaxed);
        Ok(())
    }

    fn legs(&self) -> &[Leg] {
        &self.leg
    }
}

/// Which of two words it is: whether the first.
fn either(word: Option<&str>, yes: &str, no: &str) -> Result<bool, Errno> {
    match word {
        Some(word) if word == yes => Ok(true),
        Some(word) if word == no => Ok(false),
        _ => Err(Errno::EINVAL),
    }
}
