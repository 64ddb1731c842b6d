//! `switch <paths> <region> 0 [<device> <start>]...`: regions of sectors, each on the path that a message says.
//!
//! Sector `n` of the target is sector `start + n` of one of the paths, which are as long as the target each:
//! ways to the same disk, or disks that have the target's content in parts. At first the regions are dealt to
//! the paths in turn.
//!
//! The one message is `set_region_mappings`; see [`mappings`]. Reads, writes and discards go where their
//! regions are. A flush goes to every path, and a discard of several regions to each of them; the kernel's
//! target sends no flush on, and a discard whole to the path of its first region.
//!
//! # Source
//!
//! The kernel's `Documentation/admin-guide/device-mapper/switch.rst` and `drivers/md/dm-switch.c`, 6.12.

mod mappings;
mod regions;

use std::fmt::{self, Write as _};
use std::sync::{Mutex, PoisonError};

use dm_core::errno::Errno;
use dm_core::units::Sectors;

use self::regions::Regions;
use super::args;
use super::unsaved::Unsaved;
use crate::io::request::{Cx, Done, Io, IoFuture, Kind, Now, Op};
use crate::target::{
    Build, BuildError, Features, Knobs, Leg, Map, Opener, Parallel, Shape, StatusKind, Target,
    TargetType,
};

/// The row of `switch`.
pub(super) static TYPE: TargetType = TargetType {
    name: "switch",
    version: [1, 1, 0],
    parallel: Parallel::ManyQueues,
    features: Features::empty(),
    examples: &[
        "1 1024 0 /dev/ram0 0",
        "2 16 0 /dev/ram0 0 /dev/ram1 8",
        "3 7 0 1:0 0 1:1 3072 1:2 +16",
        "2 1 0 1:0 0 1:0 2048",
        "5 4294967295 0 1:0 0 1:1 0 1:2 0 1:3 0 1:4 0",
    ],
    build,
};

/// The most paths there may be.
///
/// # Source
///
/// `switch_ctr` in the kernel's `drivers/md/dm-switch.c`: as many as an allocation of 4 MiB has room for,
/// 16 bytes each after 40.
const PATHS_MAX: u32 = 262_141;

#[derive(Debug)]
struct Switch {
    paths: Vec<Leg>,
    /// In sectors; at least 1.
    region: u32,
    regions: Regions,
    /// One message at a time.
    message: Mutex<()>,
    unsaved: Unsaved,
}

fn build(build: &mut Build<'_>) -> Result<Box<dyn Target>, BuildError> {
    let mut words = build.words.iter();
    let mut number = |most, text| {
        let number = words.next().and_then(|word| args::scanned_u32(word));
        number.filter(|&number| number <= most).ok_or(BuildError::new(text))
    };
    let positive =
        |number: u32, text| if number > 0 { Ok(number) } else { Err(BuildError::new(text)) };
    let count = "Invalid number of paths";
    let count = number(PATHS_MAX, count).and_then(|number| positive(number, count))?;
    let region = "Invalid region size";
    let region = number(u32::MAX, region).and_then(|number| positive(number, region))?;
    number(0, "Invalid number of optional args")?;
    let paths = words.as_slice();
    if u64::try_from(paths.len()) != Ok(u64::from(count) * 2) {
        return Err(BuildError::new("Incorrect number of path arguments"));
    }
    let paths = open_paths(paths, build.len, build.opener)?;
    let regions = Regions::new(build.len.get().div_ceil(region.into()), count)
        .ok_or(BuildError::with("Cannot allocate region table", Errno::ENOMEM))?;
    let (message, unsaved) = (Mutex::default(), Unsaved::default());
    Ok(Box::new(Switch { paths, region, regions, message, unsaved }))
}

fn open_paths(
    words: &[Vec<u8>],
    len: Sectors,
    opener: &mut dyn Opener,
) -> Result<Vec<Leg>, BuildError> {
    let mut paths = Vec::with_capacity(words.len() / 2);
    for pair in words.chunks_exact(2) {
        let [device, start] = pair else { continue };
        let mut path = args::open_leg(opener, device, Sectors::ZERO, len)
            .map_err(|errno| BuildError::with("Device lookup failed", errno))?;
        path.start =
            args::strict_sector(start).ok_or(BuildError::new("Invalid device starting offset"))?;
        paths.push(path);
    }
    Ok(paths)
}

impl Switch {
    /// Which path has sector `at` of the target.
    fn path(&self, at: Sectors) -> usize {
        let path = self.regions.get(at.get() / u64::from(self.region));
        usize::try_from(path).unwrap_or_default()
    }

    /// To path `path`, at `at` of the target.
    fn to(&self, path: usize, at: Sectors, len: Sectors) -> Map {
        match self.paths.get(path) {
            Some(leg) => Map::To { leg: path, sector: leg.start.saturating_add(at), len },
            None => Map::Fail(Errno::EIO),
        }
    }

    /// Where the region that has sector `at` ends; not beyond `end`.
    fn region_end(&self, at: Sectors, end: Sectors) -> Sectors {
        let region = u64::from(self.region);
        let next = (at.get() / region).saturating_add(1).saturating_mul(region);
        end.min(Sectors::new(next))
    }

    /// The parts of `[at, end)`, front to back, each as long as it is on one path: the path, where it begins,
    /// how long it is.
    fn parts(
        &self,
        mut at: Sectors,
        end: Sectors,
    ) -> impl Iterator<Item = (usize, Sectors, Sectors)> {
        std::iter::from_fn(move || {
            let (path, start) = (self.path(at), at);
            while at < end && self.path(at) == path {
                at = self.region_end(at, end);
            }
            (start < at).then(|| (path, start, at.saturating_sub(start)))
        })
    }
}

impl Target for Switch {
    fn knobs(&self) -> Knobs {
        Knobs {
            split_at: Some(Sectors::new(self.region.into())),
            flushes: u32::try_from(self.paths.len()).unwrap_or(u32::MAX),
            discards: 1,
            ..Knobs::default()
        }
    }

    fn map(&self, shape: &Shape, _now: Now) -> Map {
        if shape.kind == Kind::Flush {
            let path = usize::try_from(shape.copy).unwrap_or(usize::MAX);
            return self.to(path, Sectors::ZERO, Sectors::ZERO);
        }
        let end = shape.at.saturating_add(shape.len);
        if shape.kind == Kind::Discard && self.region_end(shape.at, end) < end {
            return Map::Run;
        }
        self.to(self.path(shape.at), shape.at, shape.len)
    }

    /// A discard of several regions.
    fn run<'a>(&'a self, io: Io, cx: &'a dyn Cx) -> IoFuture<'a> {
        Box::pin(async move {
            let Op::Discard(len) = io.op else { return io.done(Err(Errno::EIO)) };
            let mut result = Ok(());
            for (path, at, len) in self.parts(io.sector, io.sector.saturating_add(len)) {
                let Some(leg) = self.paths.get(path) else { continue };
                let (sector, op) = (leg.start.saturating_add(at), Op::Discard(len));
                let part = leg.device.submit(Io { sector, op, flags: io.flags }, cx).await;
                result = result.and(part.result);
            }
            Done { result, buf: None }
        })
    }

    fn status(&self, kind: StatusKind, out: &mut String) -> fmt::Result {
        match kind {
            StatusKind::Info => Ok(()),
            StatusKind::Table => {
                write!(out, "{} {} 0", self.paths.len(), self.region)?;
                self.paths.iter().try_for_each(|path| write!(out, " {} {}", path.name, path.start))
            }
        }
    }

    fn message(&self, words: &[&[u8]]) -> Result<Option<String>, Errno> {
        match words {
            [name, args @ ..] if name.eq_ignore_ascii_case(b"set_region_mappings") => {
                let _turn = self.message.lock().unwrap_or_else(PoisonError::into_inner);
                let set = mappings::set(&self.regions, args);
                // One that failed may have done a part of what it said.
                self.unsaved.note();
                set.map(|()| None)
            }
            _ => Err(Errno::EINVAL),
        }
    }

    /// See [`Regions::to_text`].
    fn memory(&self) -> Option<String> {
        Some(self.regions.to_text())
    }

    fn has_learnt(&self) -> bool {
        self.unsaved.is_some()
    }

    fn remembered(&self, memory: &str) {
        self.unsaved.saved(memory, || self.regions.to_text());
    }

    fn recall(&self, memory: &str) -> Result<(), Errno> {
        let _turn = self.message.lock().unwrap_or_else(PoisonError::into_inner);
        self.regions.recall(memory)
    }

    fn legs(&self) -> &[Leg] {
        &self.paths
    }
}
