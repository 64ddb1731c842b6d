//! What both of `HighPoint`'s formats have: one area without a checksum, the mark of a disk that is out of use, and
//! eight disks at the most.

use alloc::string::String;

use dm_core::units::Bytes;

use crate::bytes::Fields;
use crate::raid::disk::Probe;
use crate::raid::member::Found;
use crate::raid::sighting::{Checksum, Damage, Fate};
use crate::why::Why;

/// The magic of a disk that is out of use.
pub(super) const MAGIC_BAD: u32 = 0x5a78_16fd;

/// The highest number that a disk can have.
const NUMBER_MAX: u8 = 7;

/// What was found, where it can be used. `number_at` is where in its area the number of the disk is.
pub(super) fn checked(probe: &mut Probe<'_>, found: Found, number_at: u16) -> Option<Found> {
    let area = found.areas.first()?;
    let number = Fields::<byteorder::LE>::new(&area.bytes).u8(number_at.into());
    let fate = if number > NUMBER_MAX {
        let why = Why::Outside { found: number.into(), low: 0, high: NUMBER_MAX.into() };
        let at = area.at.saturating_add(Bytes::new(number_at.into()));
        Fate::Damaged(Damage { field: "disk_number", at, why })
    } else if found.record.len.is_zero() {
        probe.no_sectors();
        Fate::Passed("it has no sectors for this disk")
    } else {
        Fate::Used
    };
    let is_used = fate == Fate::Used;
    probe.saw(String::from("metadata"), area.at, Checksum::None, None, fate);
    is_used.then_some(found)
}
