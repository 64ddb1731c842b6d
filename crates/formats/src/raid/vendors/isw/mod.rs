//! `isw`: Intel Matrix Storage and Rapid Storage (IMSM).
//!
//! One structure, the MPB, the same on all disks of a family. Its first sector, the anchor, is sector N-2 of a disk of
//! N; what more there is of it lies right before. Where no anchor is there that has the disk in its table, it is
//! looked for in sector N-(g+2), if sector N-1 begins with `$GAFR\x10` and the number g, then in sector N-2115. Numbers
//! are little-endian.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0x00 | 24 | `Intel Raid ISM Cfg Sig. ` |
//! | 0x18 | 6 | version, text; up to 1.3.00 is known |
//! | 0x20 | 4 | checksum: the sum of the 32-bit words of the MPB, this one left out |
//! | 0x24 | 4 | bytes of the MPB |
//! | 0x28, 0x2c | 4, 4 | family number, which names the group; generation |
//! | 0x30, 0x34 | 4, 4 | bytes of the error log; attributes: 0x80000000, the checksum counts |
//! | 0x38, 0x39, 0x3a | 1, 1, 1 | disks; volumes; position in the error log |
//! | 0x3c, 0x40, 0x44 | 4, 4, 4 | cache; original family number; power cycles |
//! | 0x48 | 4 | bytes of the log of bad blocks: if there are any, the family is not activated |
//! | 0xd8 | 48 each | disks |
//! | then | | volumes, one after the other |
//!
//! A disk:
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0x00 | 16 | serial number: white space left out, `;` for `:`, the last 16 characters |
//! | 0x10, 0x14 | 4, 4 | sectors; SCSI address |
//! | 0x18 | 4 | status: 1 spare, 2 configured, 4 failed, 8 usable, and more |
//! | 0x1c | 4 | number of its owner |
//!
//! A volume:
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0x00, 0x10 | 16, 8 | name; sectors |
//! | 0x18, 0x1c | 4, 4 | status; reserved sectors |
//! | 0x50, 0x54 | 4, 4 | how far a change is; checkpoint |
//! | 0x58, 0x59 | 1, 1 | whether it changes, and so has a second map; how: 1 is rebuilt |
//! | 0x5a, 0x5b, 0x5c, 0x5e | 1, 1, 2, 2 | dirty; state of the file system; errors; bad blocks |
//! | 0x70 | | a map or two, 0x30 + 4 × members bytes each |
//!
//! A map:
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0x00, 0x04 | 4, 4 | first sector on each disk; sectors of each disk |
//! | 0x08, 0x0c | 4, 2 | stripes; stride in sectors |
//! | 0x0e | 1 | state: 0 normal, 1 uninitialised, 2 degraded, 3 failed |
//! | 0x0f | 1 | level: 0, 1, 2 (RAID 10, as is 1 with 4 members), 5; 8 spare |
//! | 0x10, 0x11 | 1, 1 | members; copies |
//! | 0x12, 0x13 | 1, 1 | the failed disk, or 255; 1 |
//! | 0x30 | 4 each | places: the low 24 bits are a disk's number in the table |
//!
//! A volume is as large as its members, which is a little more than the firmware makes of it: as in the original.
//!
//! # Differences
//!
//! - A spare of a family that has volumes, and a disk at none of a volume's places, are no members of the volume. In
//!   the original they are, and a mirror is copied over them; and where the first disk of the table is a spare, all are.
//! - Members are in the order of the volume's places. In the original they are in that of the disk table, which is
//!   another after a rebuild, or where a second volume was made of the disks in another order: it mixes data up.
//! - A volume is looked up by its name, not by any name that its set's name contains.
//! - A name of 16 characters ends there.
//! - The newest MPB of a family says which disks are its members, and of what: one that it has as failed or not at all, or
//!   whose place it has as one to be rebuilt while no rebuild is under way, is none, whatever the disk's own MPB says. One that
//!   it has as sound is a member as it says. To the original, each disk's own counts, so that a mirror is also read from
//!   a member that failed and came back.
//! - Tables that go past the end of the MPB are damage; the original reads on.
//! - `-n` shows the SCSI address that is stored; the original, the one that it asked of the disk, or -1.
//! - `-D` and `-E` mean the sectors that the MPB lies in; in the original they miss the first of several.
//! - A disk without a serial number makes no set; the original crashes. What an MPB leaves that shrinks or goes is zeroed.
//! - A rebuild begins with the note that it is under way, and the places stay as they are; the original notes its end at
//!   once and sets all places to 0. A disk that is not there is lost, also where the table has it as a healthy one.
//! - A family with a RAID 0 on the lost disk is not rebuilt; the original puts an empty disk into the RAID 0.
//!
//! # Source
//!
//! dmraid 1.0.0.rc16-12, by running it on made-up disks; mdadm 4.2, by having it make
//! containers, fail their disks and rebuild them, for the places and for what the newest MPB says.

use crate::raid::manage::{Answer, Candidate, Created, Manage, NewSet, Plan, Rebuilt};
use crate::raid::member;
use crate::raid::{Checking, FormatType, Joining};

mod create;
mod delete;
mod draft;
mod mpb;
mod native;
mod newest;
mod read;
mod rebuild;
mod sets;
#[cfg(test)]
mod tests;

pub(super) use read::named;

/// The row of `isw`.
pub(super) static TYPE: FormatType = FormatType {
    name: "isw",
    description: "Intel Software RAID",
    levels: "0,1,5,01",
    checking: Checking {
        joining: Joining::Yields,
        wrong_count: "wrong number of devices in",
        passes: 1,
        degraded_parity_is_refused: false,
        ..Checking::USUAL
    },
    read: read::read,
    newest: Some(newest::newest),
    native: native::native,
    dump: member::dump_first,
    erase: member::erase_all,
};

/// What can be done with its sets.
pub(super) struct Isw;

impl Manage for Isw {
    fn create(&self, disks: &[Candidate<'_>], new: &NewSet<'_>) -> Answer<Created> {
        create::create(disks, new)
    }

    fn delete(&self, disks: &[Candidate<'_>], name: &[u8]) -> Answer<Plan> {
        delete::delete(disks, name)
    }

    fn spare(&self, disks: &[Candidate<'_>], disk: usize, now: u32) -> Answer<Plan> {
        create::spare(disks, disk, now)
    }

    fn rebuild(&self, disks: &[Candidate<'_>], set: &[u8], with: Option<usize>) -> Answer<Rebuilt> {
        rebuild::rebuild(disks, set, with)
    }

    fn settle(&self, disks: &[Candidate<'_>], set: &[u8]) -> Answer<Plan> {
        rebuild::settle(disks, set)
    }
}
