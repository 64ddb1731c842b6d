//! Sets are made, deleted and rebuilt: what is to be written for it.
//!
//! ```text
//! what is wanted, all disks ─► create, delete, spare, rebuild, settle ─► Plan: patches, disk by disk ─► whoever may write
//! ```
//!
//! All is computed first; nothing here writes, asks the time or rolls dice. What cannot be done is a [`Message`], as the
//! original says it.

use alloc::vec::Vec;

use dm_core::units::Sectors;

use super::member::{Found, Patch};
use super::message::{Level, Message};
use super::{FormatType, vendors};

/// A disk, and what is known of it beside its metadata.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// Its path.
    pub path: &'a [u8],
    /// Its serial number.
    pub serial: Option<&'a [u8]>,
    /// How large it is.
    pub len: Sectors,
    /// Its SCSI address: host, target and unit, `host << 16 | target << 8 | unit`.
    pub scsi: Option<u32>,
    /// What was found on it.
    pub found: Option<&'a Found>,
}

/// What is to be written: which disk, in the order of the candidates, and what.
pub type Plan = Vec<(usize, Vec<Patch>)>;

/// A set that is wanted.
#[derive(Clone, Copy, Debug)]
pub struct NewSet<'a> {
    /// Its name, without what the format puts before it.
    pub name: &'a [u8],
    /// Its level in digits, the outermost first.
    pub level: &'a [u8],
    /// Its size; none: all that can be had.
    pub size: Option<Sectors>,
    /// Its stride; none: the format's.
    pub stride: Option<Sectors>,
    /// Its members, in their order.
    pub members: &'a [usize],
    /// Seconds since 1970, which make its numbers its own.
    pub now: u32,
}

/// A set as it would be.
#[derive(Clone, Debug)]
pub struct Created {
    /// What the original calls its level.
    pub level: &'static str,
    /// Its size.
    pub size: Sectors,
    /// Its stride, where the original shows it.
    pub stride: Option<Sectors>,
    /// What makes it.
    pub plan: Plan,
}

/// A member that takes another's place.
#[derive(Clone, Debug)]
pub struct Rebuilt {
    /// The disk.
    pub disk: usize,
    /// Where it is among the members, as [`Member::order`](super::Member::order) has it.
    pub order: u64,
    /// What gives it the place; nothing where it has it already, and only lacks the data.
    pub plan: Plan,
    /// What data it is to have.
    pub parts: Vec<Part>,
}

/// A part of a new member: each byte is those of other members at the same position, added without carry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Whose: one, of which it is a copy, or all that parity is computed of.
    pub from: Vec<usize>,
    /// Where it begins on each of them.
    pub start: Sectors,
    /// How long it is.
    pub len: Sectors,
}

/// What is to be done, or what the original says where that cannot be.
pub type Answer<T> = Result<T, Message>;

/// What a format can do beside being read.
///
/// What cannot be done is an error: what the original says of it.
pub trait Manage: Sync {
    /// Makes a set.
    fn create(&self, disks: &[Candidate<'_>], new: &NewSet<'_>) -> Answer<Created>;

    /// Deletes the set of this name, or all sets of the group of this name.
    fn delete(&self, disks: &[Candidate<'_>], name: &[u8]) -> Answer<Plan>;

    /// Makes a spare of a disk, at this moment in seconds since 1970.
    fn spare(&self, disks: &[Candidate<'_>], disk: usize, now: u32) -> Answer<Plan>;

    /// Puts this disk, or any spare, in the place of the member that the set lacks.
    fn rebuild(&self, disks: &[Candidate<'_>], set: &[u8], with: Option<usize>) -> Answer<Rebuilt>;

    /// Notes that a new member of the set has its data: those of all sets that it is in.
    fn settle(&self, disks: &[Candidate<'_>], set: &[u8]) -> Answer<Plan>;
}

/// What `format` can do; none: it is only read.
pub fn of(format: &FormatType) -> Option<&'static dyn Manage> {
    let rows = vendors::MANAGED.iter();
    rows.filter(|(managed, _)| managed.name == format.name).map(|(_, manage)| *manage).next()
}

/// The level of what is a spare, as it is asked for and as it is shown.
pub const SPARE_LEVEL: &[u8] = b"8";
/// Likewise.
pub const SPARE: &str = "SPARE";

/// The longest name of a new set.
const NAME_MAX: usize = 15;

/// Makes a set of `format`, after what all formats ask of one has been looked at.
///
/// # Errors
///
/// What the original says.
pub fn create(format: &FormatType, disks: &[Candidate<'_>], new: &NewSet<'_>) -> Answer<Created> {
    check_words(new.name, new.level)?;
    check_members(disks, new.members)?;
    match of(format) {
        Some(manage) => manage.create(disks, new),
        None => Err(no(&[
            b"metadata creation isn't supported in \"",
            format.name.as_bytes(),
            b"\" format",
        ])),
    }
}

/// Deletes a set, or the sets of a group.
///
/// # Errors
///
/// What the original says.
pub fn delete(format: &FormatType, disks: &[Candidate<'_>], name: &[u8]) -> Answer<Plan> {
    match of(format) {
        Some(manage) => manage.delete(disks, name),
        None => Err(no(&[
            b"Raid set deletion is not supported in \"",
            format.name.as_bytes(),
            b"\" format",
        ])),
    }
}

/// Whether a set can have this name, whatever its format, and whether the level is a number. [`create`] looks at it too:
/// this is for whoever has no disks yet.
///
/// # Errors
///
/// What the original says.
pub fn check_words(name: &[u8], level: &[u8]) -> Answer<()> {
    if level.is_empty() || !level.iter().all(u8::is_ascii_digit) {
        return Err(no(&[b"failed to provide a valid RAID type"]));
    }
    if name.len() > NAME_MAX {
        return Err(no(&[b"name ", name, b" is longer than 15 chars"]));
    }
    if !name.first().is_some_and(u8::is_ascii_alphanumeric) {
        return Err(no(&[b"first character of a name must be an alphanumeric charater"]));
    }
    let is_good = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if !name.iter().all(is_good) {
        return Err(no(&[b"name ", name, b" has non-alphanumeric characters"]));
    }
    Ok(())
}

fn check_members(disks: &[Candidate<'_>], members: &[usize]) -> Answer<()> {
    if members.is_empty() {
        return Err(no(&[b"no hard drives specified"]));
    }
    for (nth, member) in members.iter().enumerate() {
        if members.iter().take(nth).any(|other| other == member) {
            let path = disks.get(*member).map_or(&b""[..], |disk| disk.path);
            return Err(no(&[b"disk ", path, b" is duplicated on the disk list"]));
        }
    }
    Ok(())
}

/// An error of the original's.
pub(super) fn no(pieces: &[&[u8]]) -> Message {
    Message { level: Level::Error, text: pieces.concat() }
}
