//! The table's words, read and printed.

use std::fmt::{self, Write as _};

use dm_core::errno::Errno;
use dm_core::units::Sectors;
use dm_core::words::is_space;

use super::layout::{Geometry, Layout};
use crate::build::Mode;
use crate::target::{Build, BuildError};
use crate::targets::args;

/// Fewer words there never are.
const WORDS_LEAST: usize = 13;

/// The longest request of the kernel that the original was made for, by half.
///
/// # Source
///
/// `BIO_MAX_SECTORS / 2`: `BIO_MAX_PAGES` is 256 in the kernel's `include/linux/bio.h`, 2.6.
const TRANSFER_MOST: u64 = 1024;

/// The default chunk and recovery request, in sectors.
const CHUNK: u64 = 64;
const RECOVERY: u64 = 256;

/// A table's words, as they were meant.
#[derive(Debug)]
pub(super) struct Args {
    log: Log,
    type_name: &'static str,
    /// The parity's index as it was given; only `raid4` has it, and may do without.
    parity: Option<i64>,
    variables: Vec<Variable>,
    /// The member that is to be rebuilt before anything else.
    pub(super) rebuilt: Option<usize>,
    pub(super) geometry: Geometry,
    /// How much of each member is used.
    pub(super) member_len: Sectors,
}

/// The dirty log: in memory.
#[derive(Debug)]
struct Log {
    region: u64,
    sync: Option<Sync>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sync {
    Sync,
    NoSync,
}

#[derive(Clone, Copy, Debug)]
enum Variable {
    /// None stands for -1: the default.
    Number(Option<u64>),
    Recovery(Sync),
}

/// A member as the table names it.
#[derive(Debug)]
pub(super) enum Named<'a> {
    /// A device.
    Device(&'a [u8]),
    /// None: it is missing.
    Missing,
}

/// A kind of number among the variables.
struct Kind {
    least: u64,
    most: u64,
    is_power: bool,
    error: BuildError,
}

const fn kind(least: u64, most: u64, is_power: bool, text: &'static str) -> Kind {
    Kind { least, most, is_power, error: BuildError::new(text) }
}

/// The variables that are numbers, in their order; the sixth is a word.
static KINDS: [Kind; 7] = [
    kind(8, 16_384, true, "Invalid chunk size; must be -1 or 2^^n and <= 16384"),
    kind(8, 16_384, false, "Invalid number of stripes: must be -1 or >= 8 and <= 16384"),
    kind(
        8,
        TRANSFER_MOST,
        true,
        "Invalid io size; must -1 or >= 8, 2^^n and less equal min(BIO_MAX_SECTORS/2, chunk size)",
    ),
    kind(
        64,
        TRANSFER_MOST,
        true,
        "Invalid recovery io size; must be -1 or 2^^n and less equal BIO_MAX_SECTORS/2",
    ),
    kind(1, 100, false, "Invalid recovery bandwidth percentage; must be -1 or > 0 and <= 100"),
    kind(0, 0, false, "Invalid recovery switch; must be \"sync\" or \"nosync\""),
    kind(1, 64, false, "Invalid number of recovery stripes;must be -1, > 0 and <= 64"),
];

/// Which of the variables is what.
const CHUNK_AT: usize = 0;
const STRIPES_AT: usize = 1;
const TRANSFER_AT: usize = 2;
const RECOVERY_AT: usize = 3;
const BANDWIDTH_AT: usize = 4;
const SWITCH_AT: usize = 5;

/// Reads all words but the members', which come back as pairs of device and start.
///
/// # Errors
///
/// The original's, in its order.
///
/// # Source
///
/// `raid_ctr`, `get_raid_variable_parms` and `context_alloc` of `dm-raid45.c`, 0.2597k.
pub(super) fn parse<'a>(build: &Build<'a>) -> Result<(Args, &'a [Vec<u8>]), BuildError> {
    let words = build.words;
    if words.len() < WORDS_LEAST {
        return Err(BuildError::new("Not enough parameters"));
    }
    let log_words = words
        .get(1)
        .and_then(|word| count(word, 1, 4711))
        .ok_or(BuildError::new("Bad dirty log parameters number"))?;
    let (type_name, rest) = words
        .get(log_words + 2..)
        .and_then(<[_]>::split_first)
        .and_then(|(word, rest)| Some((type_name(word)?, rest)))
        .ok_or(BuildError::new("Bad raid type"))?;
    let (parity, rest) = match rest.split_first() {
        Some((parity, after)) if type_name == RAID4 && !is_whole_without_parity(rest, after) => {
            (Some(parity), after)
        }
        _ => (None, rest),
    };
    let (variables, rest) = variables(rest)?;
    let rest = after_locking(rest)?;
    let members = rest.first().and_then(|word| count(word, 3, usize::MAX));
    let members = members.ok_or(BuildError::new("Invalid number of raid devices"))?;
    let index = |word: &Vec<u8>| {
        number(word).filter(|&n| n == -1 || usize::try_from(n).is_ok_and(|n| n < members))
    };
    let parity = parity
        .map(|word| index(word).ok_or(BuildError::new("Invalid RAID4 parity device index")))
        .transpose()?;
    let rebuilt = rest
        .get(1)
        .and_then(index)
        .ok_or(BuildError::new("Invalid number for raid device to initialize"))?;
    let pairs = rest.get(2..).unwrap_or_default();
    if Some(pairs.len()) != members.checked_mul(2) {
        return Err(BuildError::new("Wrong number of raid device/offset arguments"));
    }
    let chunk = Sectors::new(value(&variables, CHUNK_AT).unwrap_or(CHUNK));
    let layout = layout(type_name, parity.and_then(|n| n.try_into().ok()), members);
    let geometry = Geometry { layout, members, chunk };
    let member_len = member_len(build.len, &geometry)?;
    let log_at = words.get(2..log_words + 2).unwrap_or_default();
    let log = Log::parse(words.first().map_or(&[], Vec::as_slice), log_at, member_len)?;
    log.check(&variables, chunk)?;
    let rebuilt = usize::try_from(rebuilt).ok();
    let args = Args { log, type_name, parity, variables, rebuilt, geometry, member_len };
    if !args.is_in_sync() && build.mode == Mode::ReadWrite {
        return Err(BuildError::new(
            "A set that is to be resynchronised is for reading only; a nosync one takes writes",
        ));
    }
    Ok((args, pairs))
}

const RAID4: &str = "raid4";

fn type_name(word: &[u8]) -> Option<&'static str> {
    let names = [RAID4, "raid5_la", "raid5_ra", "raid5_ls", "raid5_rs"];
    names.into_iter().find(|name| name.as_bytes() == word)
}

fn layout(type_name: &str, parity: Option<usize>, members: usize) -> Layout {
    match type_name {
        "raid5_la" => Layout::LeftAsymmetric,
        "raid5_ra" => Layout::RightAsymmetric,
        "raid5_ls" => Layout::LeftSymmetric,
        "raid5_rs" => Layout::RightSymmetric,
        _ => Layout::Fixed(parity.unwrap_or(members.saturating_sub(1))),
    }
}

/// Whether `raid4` is followed by all that is to follow, but for the parity's index: so dmraid writes it.
fn is_whole_without_parity(rest: &[Vec<u8>], after_parity: &[Vec<u8>]) -> bool {
    let is_whole = |words: &[Vec<u8>]| {
        let rest = count(words.first()?, 0, KINDS.len()).and_then(|n| words.get(n + 1..))?;
        let rest = after_locking(rest).ok()?;
        let members = count(rest.first()?, 3, usize::MAX)?;
        (members.checked_mul(2)?.checked_add(2)? == rest.len()).then_some(())
    };
    is_whole(after_parity).is_none() && is_whole(rest).is_some()
}

/// The variables, and the words after them.
fn variables(words: &[Vec<u8>]) -> Result<(Vec<Variable>, &[Vec<u8>]), BuildError> {
    let (number, mut rest) = words
        .split_first()
        .and_then(|(word, rest)| Some((count(word, 0, KINDS.len())?, rest)))
        .ok_or(BuildError::new("Bad variable raid parameters number"))?;
    let mut variables = Vec::with_capacity(number);
    for (at, kind) in KINDS.iter().enumerate().take(number) {
        let (word, after) = rest.split_first().ok_or(kind.error)?;
        let chunk = value(&variables, CHUNK_AT).unwrap_or(CHUNK);
        let most = if at == TRANSFER_AT { kind.most.min(chunk) } else { kind.most };
        let variable = match (at, word.as_slice()) {
            (SWITCH_AT, b"sync") => Some(Variable::Recovery(Sync::Sync)),
            (SWITCH_AT, b"nosync") => Some(Variable::Recovery(Sync::NoSync)),
            (SWITCH_AT, _) => None,
            (_, word) => kind.read(word, most),
        };
        variables.push(variable.ok_or(kind.error)?);
        rest = after;
    }
    Ok((variables, rest))
}

impl Kind {
    fn read(&self, word: &[u8], most: u64) -> Option<Variable> {
        let number = number(word)?;
        if number == -1 {
            return Some(Variable::Number(None));
        }
        let number = u64::try_from(number).ok()?;
        let fits = (self.least..=most).contains(&number);
        (fits && (!self.is_power || number.is_power_of_two()))
            .then_some(Variable::Number(Some(number)))
    }
}

/// A variable that was given as a number, and not as the default.
fn value(variables: &[Variable], at: usize) -> Option<u64> {
    match variables.get(at) {
        Some(Variable::Number(number)) => *number,
        _ => None,
    }
}

/// What follows `locking none`, if that is there; either word may be cut short.
fn after_locking(words: &[Vec<u8>]) -> Result<&[Vec<u8>], BuildError> {
    let begins = |whole: &str, word: &[u8]| {
        let start = whole.as_bytes().get(..word.len());
        !word.is_empty() && start.is_some_and(|start| start.eq_ignore_ascii_case(word))
    };
    match words {
        [locking, how, rest @ ..] if begins("locking", locking) => {
            begins("none", how).then_some(rest).ok_or(BuildError::new("Unknown locking type"))
        }
        _ => Ok(words),
    }
}

fn member_len(len: Sectors, geometry: &Geometry) -> Result<Sectors, BuildError> {
    let data = geometry.data() as u64;
    let (member, rest) = (len.get() / data.max(1), len.get() % data.max(1));
    if rest != 0 {
        return Err(BuildError::new("Target length not divisible by number of data devices"));
    }
    let member = Sectors::new(member);
    if !member.is_multiple_of(geometry.chunk) {
        return Err(BuildError::new("Device length not divisible by chunk_size"));
    }
    Ok(member)
}

impl Log {
    /// # Source
    ///
    /// `create_log_context` in the kernel's `drivers/md/dm-log.c`.
    fn parse(log_type: &[u8], words: &[Vec<u8>], len: Sectors) -> Result<Self, BuildError> {
        let read = || {
            let (region, sync) = match words {
                [region] => (region, None),
                [region, sync] => (region, Some(sync.as_slice())),
                _ => return None,
            };
            let sync = match sync {
                None => None,
                Some(b"sync") => Some(Sync::Sync),
                Some(b"nosync") => Some(Sync::NoSync),
                Some(_) => return None,
            };
            let region = u64::from(args::scanned_u32(region)?);
            let fits = region.is_power_of_two() && (2..=len.get()).contains(&region);
            (log_type == b"core" && fits).then_some(Self { region, sync })
        };
        read().ok_or(BuildError::with("Error creating dirty log", Errno::ENOMEM))
    }

    fn check(&self, variables: &[Variable], chunk: Sectors) -> Result<(), BuildError> {
        if chunk.get() > self.region {
            return Err(BuildError::new("Chunk size larger than region size"));
        }
        if value(variables, RECOVERY_AT).unwrap_or(RECOVERY) > self.region {
            return Err(BuildError::new("Recover stripe io size larger than region size"));
        }
        Ok(())
    }
}

impl Args {
    /// Whether parity is known to be right.
    pub(super) fn is_in_sync(&self) -> bool {
        self.log.sync == Some(Sync::NoSync)
    }

    /// How many regions there are.
    pub(super) fn regions(&self) -> u64 {
        self.member_len.get().div_ceil(self.log.region)
    }

    /// How many stripes the original would have kept in memory.
    pub(super) fn stripes(&self) -> u64 {
        value(&self.variables, STRIPES_AT).unwrap_or(80)
    }

    /// How much of the time resynchronisation might have taken, in percent.
    pub(super) fn bandwidth(&self) -> u64 {
        value(&self.variables, BANDWIDTH_AT).unwrap_or(10)
    }

    /// Prints the words up to the members.
    pub(super) fn print(&self, out: &mut String) -> fmt::Result {
        let (count, sync) = match self.log.sync {
            None => (1, ""),
            Some(sync) => (2, sync.word()),
        };
        write!(out, "core {count} {} ", self.log.region)?;
        if count == 2 {
            write!(out, "{sync} ")?;
        }
        write!(out, "{} ", self.type_name)?;
        if let Some(parity) = self.parity {
            // The original leaves it out; its table does not build itself again.
            write!(out, "{parity} ")?;
        }
        write!(out, "{} ", self.variables.len())?;
        for variable in &self.variables {
            match variable {
                Variable::Number(Some(number)) => write!(out, "{number} ")?,
                Variable::Number(None) => out.write_str("-1 ")?,
                Variable::Recovery(sync) => write!(out, "{} ", sync.word())?,
            }
        }
        write!(out, "{} ", self.geometry.members)?;
        match self.rebuilt {
            Some(member) => write!(out, "{member} "),
            None => out.write_str("-1 "),
        }
    }
}

impl Sync {
    const fn word(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::NoSync => "nosync",
        }
    }
}

/// A pair of a member's words: what it is, and where it begins.
///
/// # Errors
///
/// A start that is none, or lies behind the whole length of a member.
pub(super) fn member<'a>(
    (device, start): (&'a [u8], &[u8]),
    len: Sectors,
) -> Result<(Named<'a>, Sectors), BuildError> {
    let named = if device == b"-" { Named::Missing } else { Named::Device(device) };
    let start = match (&named, start) {
        (Named::Missing, b"-") => Some(Sectors::ZERO),
        // quirk: the original holds it against the length, whatever the device's size.
        (_, start) => args::sector(start).filter(|&start| start <= len),
    };
    Ok((named, start.ok_or(BuildError::new("Invalid RAID device offset parameter"))?))
}

/// A number, with a sign if need be; white space may stand before.
///
/// # Source
///
/// The original's `sscanf(word, "%d", ...) != 1`, which looks at nothing behind the digits; here nothing may be.
fn number(word: &[u8]) -> Option<i64> {
    let blank = word.iter().take_while(|&&byte| is_space(byte)).count();
    let text = str::from_utf8(word.get(blank..)?).ok()?;
    text.parse::<i32>().ok().map(i64::from)
}

fn count(word: &[u8], least: usize, most: usize) -> Option<usize> {
    let number = usize::try_from(number(word)?).ok()?;
    (least..=most).contains(&number).then_some(number)
}
