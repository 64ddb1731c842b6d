//! Overlays: what is written to a set goes to files, and its members are only read. Pure, but for the files' names.
//!
//! ```text
//! SET_overlayN:  0 SECTORS snapshot DISK COW P 8              one a member; its uuid is DMRAIDI-overlay-SET-N
//! SET:           0 LEN striped 2 STRIDE SET_overlay0 OFFSET SET_overlay1 OFFSET
//! ```
//!
//! A member's file is known by its set and its place there, `SET-PLACE.cow`: whatever the disk is called next time, it finds
//! what was written, and never what was written to another. Members of a mirror may have the same place; theirs are
//! known by the disk's serial number too, or the last part of its path: `SET-PLACE-WHO.cow`.

pub mod cow;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use dm_core::name::TargetName;
use dm_core::table::{Line, Table};
use dm_core::units::Sectors;
use dm_core::words;
use dm_formats::raid::Kind;
use dm_formats::raid::sets::{RaidSet, SetMember};

use crate::host::{Disk, base_name};
use cow::CHUNK;

/// How the uuid of every overlay begins, and of nothing else.
pub const MARK: &[u8] = b"DMRAIDI-overlay-";

/// An overlay to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlay {
    /// Which of the disks it stands before.
    pub disk: usize,
    /// How many sectors that has.
    pub len: Sectors,
    /// Its mapped device's name.
    pub name: Vec<u8>,
    /// Its uuid.
    pub uuid: Vec<u8>,
    /// The file that is written to.
    pub cow: PathBuf,
}

impl Overlay {
    /// Its table, where it finds its disk and its file by these names.
    pub fn table(&self, disk: &[u8], cow: &[u8]) -> Table {
        let (disk, cow) = (words::one_word(disk), words::one_word(cow));
        let end = format!(" P {CHUNK}");
        let args = [&disk, &b" "[..], &cow, end.as_bytes()].concat();
        let line = |target| Line { start: Sectors::ZERO, len: self.len, target, args };
        TargetName::new(b"snapshot").map(line).into_iter().collect()
    }
}

/// The overlays of the set's members that hold data, with files in `folder`.
///
/// # Errors
///
/// Two would have the same file: what is to be said of it.
pub fn plan(set: &RaidSet, disks: &[Disk], folder: &Path) -> Result<Vec<Overlay>, Vec<u8>> {
    let members = set.active().filter(|member| member.member.status.is_of_use());
    let mut all: Vec<Overlay> = Vec::new();
    for member in members {
        let Some(disk) = disks.get(member.disk) else { continue };
        let nth = all.len().to_string();
        let cow = folder.join(file_name(set, member, disk));
        if all.iter().any(|other| other.cow == cow) {
            let text: [&[u8]; 4] = [
                b"overlay \"",
                cow.as_os_str().as_bytes(),
                b"\" would be that of two members; --serial tells them apart: ",
                &disk.path,
            ];
            return Err(text.concat());
        }
        let name = [&set.name, &b"_overlay"[..], nth.as_bytes()].concat();
        let uuid = [MARK, &set.name, b"-", nth.as_bytes()].concat();
        all.push(Overlay { disk: member.disk, len: disk.sectors(), name, uuid, cow });
    }
    Ok(all)
}

/// How a member's file is called.
fn file_name(set: &RaidSet, member: &SetMember, disk: &Disk) -> PathBuf {
    let place = member.member.order.to_string();
    let mut name = [&set.name, &b"-"[..], place.as_bytes()].concat();
    if set.kind == Kind::Raid1 {
        name.push(b'-');
        name.extend(disk.serial.as_deref().unwrap_or_else(|| base_name(&disk.path)));
    }
    name.extend(b".cow");
    for byte in &mut name {
        let is_plain = byte.is_ascii_alphanumeric() || b"-_.+".contains(byte);
        *byte = if is_plain { *byte } else { b'_' };
    }
    PathBuf::from(OsStr::from_bytes(&name))
}

/// The set whose overlay has this uuid; none where it is no overlay's.
pub fn set_of(uuid: &[u8]) -> Option<&[u8]> {
    let rest = uuid.strip_prefix(MARK)?;
    let dash = rest.iter().rposition(|byte| *byte == b'-')?;
    let (set, nth) = (rest.get(..dash)?, rest.get(dash + 1..)?);
    (!nth.is_empty() && nth.iter().all(u8::is_ascii_digit)).then_some(set)
}

#[cfg(test)]
mod tests;
