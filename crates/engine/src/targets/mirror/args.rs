//! The arguments of `mirror`.

use dm_core::errno::Errno;
use dm_core::units::Sectors;

use super::super::args;
use crate::build::Mode;
use crate::target::{Build, BuildError, Leg, Opener};

/// # Source
///
/// `MAX_NR_MIRRORS` in the kernel's `drivers/md/dm-raid1.c`: `DM_KCOPYD_MAX_REGIONS + 1`.
const LEGS_MAX: usize = 9;

/// What a table says of the legs as they are when the target is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sync {
    /// Nothing: they are to be made alike.
    Unsaid,
    /// They are to be made alike.
    Force,
    /// They are alike.
    None,
}

/// A log that is kept in memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct CoreLog {
    /// The length of a region: a power of two.
    pub(super) region: Sectors,
    /// How many regions there are; the last may be shorter.
    pub(super) regions: u64,
    pub(super) sync: Sync,
}

/// What happens to a write that some leg failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnError {
    /// It is answered as one that worked.
    Ignore,
    /// It is held until the device is suspended: `handle_errors`.
    Hold,
    /// It is answered as one that worked, for the log knows of it: `handle_errors keep_log`.
    KeepLog,
}

/// The arguments.
#[derive(Debug)]
pub(super) struct Args {
    pub(super) log: CoreLog,
    pub(super) legs: Vec<Leg>,
    pub(super) on_error: OnError,
}

impl Args {
    /// Checks them as the kernel does, in its order; whether the legs can be used as they are comes last.
    pub(super) fn read(build: &mut Build<'_>) -> Result<Self, BuildError> {
        let (log, rest) = log(build.words, build.len)?;
        let (legs, rest) = legs(rest, build.len, build.opener)?;
        let on_error = features(rest)?;
        // What was never made alike cannot be written to: nobody would make it so, and a write would reach some
        // legs and not others for ever.
        if log.sync != Sync::None && build.mode == Mode::ReadWrite {
            return Err(BuildError::with(
                "Resynchronisation is not supported: a mirror without nosync must be read-only",
                Errno::EOPNOTSUPP,
            ));
        }
        Ok(Self { log, legs, on_error })
    }
}

/// # Source
///
/// `create_dirty_log` in the kernel's `drivers/md/dm-raid1.c`.
fn log(words: &[Vec<u8>], len: Sectors) -> Result<(CoreLog, &[Vec<u8>]), BuildError> {
    let few = BuildError::new("Insufficient mirror log arguments");
    let [kind, count, rest @ ..] = words else { return Err(few) };
    let count =
        args::scanned_u32(count).ok_or(BuildError::new("Invalid mirror log argument count"))?;
    let failed = BuildError::new("Error creating mirror dirty log");
    // quirk: the kernel's sum of the two words and these overflows, and the log is what cannot be made then.
    if count > u32::MAX - 2 {
        return Err(failed);
    }
    let count = usize::try_from(count).ok().filter(|&count| count <= rest.len()).ok_or(few)?;
    let (given, rest) = rest.split_at(count);
    let log = core_log(kind, given, len).ok_or(failed)?;
    Ok((log, rest))
}

/// # Source
///
/// `create_log_context` in the kernel's `drivers/md/dm-log.c`.
fn core_log(kind: &[u8], words: &[Vec<u8>], len: Sectors) -> Option<CoreLog> {
    if kind != b"core" {
        return None;
    }
    let (region, sync) = match words {
        [region] => (region, Sync::Unsaid),
        [region, word] if word == b"sync" => (region, Sync::Force),
        [region, word] if word == b"nosync" => (region, Sync::None),
        _ => return None,
    };
    let region = u64::from(args::scanned_u32(region)?);
    if region < 2 || region > len.get() || !region.is_power_of_two() {
        return None;
    }
    let regions = u32::try_from(len.get().div_ceil(region)).ok()?;
    Some(CoreLog { region: Sectors::new(region), regions: regions.into(), sync })
}

/// # Source
///
/// `mirror_ctr` and `get_mirror` in the kernel's `drivers/md/dm-raid1.c`.
fn legs<'a>(
    words: &'a [Vec<u8>],
    len: Sectors,
    opener: &mut dyn Opener,
) -> Result<(Vec<Leg>, &'a [Vec<u8>]), BuildError> {
    let number = words.split_first().and_then(|(count, rest)| {
        let count = usize::try_from(args::scanned_u32(count)?).ok()?;
        (2..=LEGS_MAX).contains(&count).then_some((count, rest))
    });
    let (count, rest) = number.ok_or(BuildError::new("Invalid number of mirrors"))?;
    if rest.len() < count * 2 {
        return Err(BuildError::new("Too few mirror arguments"));
    }
    let (given, rest) = rest.split_at(count * 2);
    let mut legs = Vec::with_capacity(count);
    for pair in given.chunks_exact(2) {
        let [device, start] = pair else { continue };
        let start = args::sector(start).ok_or(BuildError::new("Invalid offset"))?;
        let leg = args::open_leg(opener, device, start, len)
            .map_err(|errno| BuildError::with("Device lookup failure", errno))?;
        legs.push(leg);
    }
    Ok((legs, rest))
}

/// # Source
///
/// `parse_features` in the kernel's `drivers/md/dm-raid1.c`.
fn features(words: &[Vec<u8>]) -> Result<OnError, BuildError> {
    let Some((count, rest)) = words.split_first() else { return Ok(OnError::Ignore) };
    let count = args::scanned_u32(count).ok_or(BuildError::new("Invalid number of features"))?;
    let count = usize::try_from(count).ok().filter(|&count| count <= rest.len());
    let count = count.ok_or(BuildError::new("Not enough arguments to support feature count"))?;
    let (given, rest) = rest.split_at(count);
    let (mut handles, mut keeps) = (false, false);
    for word in given {
        match word.as_slice() {
            b"handle_errors" => handles = true,
            b"keep_log" => keeps = true,
            _ => return Err(BuildError::new("Unrecognised feature requested")),
        }
    }
    if keeps && !handles {
        let text = "keep_log feature requires the handle_errors feature";
        return Err(BuildError::new(text));
    }
    if !rest.is_empty() {
        return Err(BuildError::new("Too many mirror arguments"));
    }
    Ok(match (handles, keeps) {
        (_, true) => OnError::KeepLog,
        (true, false) => OnError::Hold,
        (false, false) => OnError::Ignore,
    })
}
