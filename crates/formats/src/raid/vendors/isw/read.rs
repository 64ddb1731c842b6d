//! The MPB is looked for on a disk, and the disk in it.

use alloc::string::String;
use alloc::vec::Vec;

use byteorder::LE;
use dm_core::units::{Bytes, Sectors};

use super::mpb::{self, DiskEntry, Mpb, Overrun, at};
use super::{TYPE, rebuild, sets};
use crate::bytes::Fields;
use crate::raid::Named;
use crate::raid::disk::Probe;
use crate::raid::kind::{Kind, Status};
use crate::raid::member::{Area, Found, Record};
use crate::raid::message::Level;
use crate::raid::native::until_nul;
use crate::raid::sighting::{Checksum, Damage, Fate, Mismatch};
use crate::why::Why;

/// Where the anchor is looked for, in sectors before the disk's end: first, and last.
const ANCHOR: u64 = 2;
const ANCHOR_LAST: u64 = 2115;

/// What tells in the last sector that the anchor is further back.
const GAFR: &[u8] = b"$GAFR\x10";

/// The last version that the original knows.
const VERSION_MAX: &[u8] = b"1.3.00";

/// Why an MPB is passed over.
const NO_SERIAL: &str = "the disk's serial number is not known";
const NOT_LISTED: &str = "no disk of its table has this disk's serial number";
const NOT_USABLE: &str = "in its table this disk is failed, or not usable";

/// Why no set is activated while a member has no data yet: the original takes what is there for data, and the kernel
/// would copy it over the good.
const UNDER_WAY: &str = "isw: a disk is being rebuilt, what is on it is no data yet";

/// Looks for the MPB that has the disk in its table.
pub(super) fn read(probe: &mut Probe<'_>) -> Option<Found> {
    let (whole, nth) = at_anchors(probe, |probe, anchor| {
        let whole = Whole::read(probe, anchor)?;
        let nth = listed(probe, &whole)?;
        let at = alloc::format!("{}", whole.at);
        let found: [&[u8]; 5] =
            [b"isw metadata found at ", at.as_bytes(), b" from probe at ", at.as_bytes(), b"\n"];
        probe.say(Level::Debug, &found);
        Some((whole, nth))
    })?;
    let version = until_nul(whole.mpb.bytes().get(at::VERSION..at::CHECK_SUM).unwrap_or_default());
    let path = probe.disk().path;
    if version.get(..6).unwrap_or(version) > VERSION_MAX {
        let text: [&[u8]; 4] = [b"isw: untested metadata version ", version, b" found on ", path];
        probe.say(Level::Plain, &text);
    }
    if !is_of_use(probe, &whole) {
        return None;
    }
    let own = whole.mpb.disks().nth(nth)?;
    whole.saw(probe, Fate::Used);
    Some(found(&whole, &own, path))
}

/// The disks that the MPB names, if a sound one is there.
pub(in crate::raid::vendors) fn named(probe: &mut Probe<'_>) -> Option<Vec<Named>> {
    let whole =
        at_anchors(probe, |probe, anchor| Whole::read(probe, anchor).filter(Whole::is_sound))?;
    let name = |disk: DiskEntry<'_>| Named { serial: disk.serial().to_vec(), len: disk.len() };
    Some(whole.mpb.disks().map(name).collect())
}

fn found(whole: &Whole, own: &DiskEntry<'_>, path: &[u8]) -> Found {
    let fields = whole.mpb.fields();
    let record = Record {
        name: sets::family_name(&fields),
        kind: if own.is_spare() { Kind::Spare } else { Kind::Group },
        status: Status::Ok,
        start: Sectors::ZERO,
        len: whole.anchor,
    };
    let members = sets::members(&whole.mpb, own, &record, path);
    let guard = guard(&whole.mpb);
    Found { format: &TYPE, record, members, areas: Vec::from([whole.area.clone()]), guard }
}

/// Why no set of these metadata may be activated.
pub(super) fn guard(mpb: &Mpb) -> Option<&'static str> {
    let has_bad_blocks = mpb.fields().u32(at::BBM_LOG_SIZE) != 0;
    let bad_blocks = has_bad_blocks.then_some("BBM entries detected!");
    bad_blocks.or_else(|| rebuild::is_under_way(mpb).then_some(UNDER_WAY))
}

/// What `look` finds first, where the anchor may be.
fn at_anchors<T>(
    probe: &mut Probe<'_>,
    look: impl Fn(&mut Probe<'_>, Sectors) -> Option<T>,
) -> Option<T> {
    let usual = probe.before_end(ANCHOR)?;
    if let Some(found) = look(probe, usual) {
        return Some(found);
    }
    if let Some(further) = pointed_at(probe)
        && let Some(found) = look(probe, further)
    {
        return Some(found);
    }
    probe.say(Level::Debug, &[b"isw trying hard coded -2115 offset."]);
    let last = probe.before_end(ANCHOR_LAST)?;
    look(probe, last)
}

/// Where the last sector says that the anchor is: behind what the firmware hides of the disk.
fn pointed_at(probe: &mut Probe<'_>) -> Option<Sectors> {
    let last = probe.before_end(1)?;
    let bytes = probe.read(last, 512)?;
    let rest = bytes.strip_prefix(GAFR)?;
    probe.say(Level::Debug, &[b"Found isw 10 gafr signature."]);
    let back = u64::from(Fields::<LE>::new(rest).u32(0)).saturating_add(ANCHOR);
    let text = alloc::format!("isw 10 sector offset calculated at {back}.");
    probe.say(Level::Debug, &[text.as_bytes()]);
    probe.before_end(back)
}

/// An MPB on a disk.
struct Whole {
    /// The sector that it begins in, and that sector's first byte.
    anchor: Sectors,
    at: Bytes,
    /// Its sectors as they lie on the disk.
    area: Area,
    mpb: Mpb,
}

impl Whole {
    /// Reads the one whose first sector is this.
    fn read(probe: &mut Probe<'_>, anchor: Sectors) -> Option<Self> {
        let first = probe.read(anchor, 512)?;
        let at = anchor.to_bytes()?;
        let text = alloc::format!("{at}");
        if !first.starts_with(mpb::SIGNATURE) {
            probe.say(Level::Debug, &[b"not isw at ", text.as_bytes()]);
            return None;
        }
        let Some(area) = area(probe, anchor, &first) else {
            let text: [&[u8]; 2] = [b"isw metadata, but extended read failed at ", text.as_bytes()];
            probe.say(Level::Error, &text);
            return None;
        };
        let mpb = Mpb::parse(mpb::from_disk(&area.bytes));
        Some(Self { anchor, at, area, mpb })
    }

    fn checksum(&self) -> Checksum {
        let (found, wanted) = (self.mpb.fields().u32(at::CHECK_SUM), self.mpb.sum());
        if found == wanted {
            return Checksum::Right;
        }
        Checksum::Wrong(Mismatch { found: found.into(), wanted: wanted.into() })
    }

    fn is_sound(&self) -> bool {
        self.checksum() == Checksum::Right && self.mpb.overrun().is_none()
    }

    fn saw(&self, probe: &mut Probe<'_>, fate: Fate) {
        note(probe, (self.at, self.mpb.bytes()), self.checksum(), fate);
    }
}

/// The sectors of the MPB whose first one is `first`, as they lie on the disk.
fn area(probe: &mut Probe<'_>, anchor: Sectors, first: &[u8]) -> Option<Area> {
    let size = Fields::<LE>::new(first).u32(at::MPB_SIZE);
    let before = u64::from(size).div_ceil(512).saturating_sub(1);
    let start = anchor.checked_sub(Sectors::new(before));
    let why = match start {
        _ if size == 0 || size > mpb::SIZE_MAX => {
            Why::Outside { found: size.into(), low: 1, high: mpb::SIZE_MAX.into() }
        }
        None => Why::PastEnd { end: None, disk: probe.sectors() },
        Some(start) => {
            let len = usize::try_from(before).ok()?.checked_mul(512)?;
            let rest = probe.read(start, len)?;
            return Some(Area { at: start.to_bytes()?, bytes: [&rest, first].concat() });
        }
    };
    let at = anchor.to_bytes()?;
    note(probe, (at, first), Checksum::None, damage("mpb_size", at, at::MPB_SIZE, why));
    None
}

/// Where the disk is in the table.
fn listed(probe: &mut Probe<'_>, whole: &Whole) -> Option<usize> {
    let stored = probe.disk().serial.map(mpb::as_stored);
    let entry = stored.as_deref().and_then(|stored| whole.mpb.disk_of(stored));
    let passed = match entry {
        Some(entry) if entry.is_usable() => return Some(entry.nth),
        Some(_) => NOT_USABLE,
        None => {
            let path = probe.disk().path;
            let text: [&[u8]; 3] = [b"isw: Could not find disk ", path, b" in the metadata"];
            probe.say(Level::Error, &text);
            if stored.is_none() { NO_SERIAL } else { NOT_LISTED }
        }
    };
    whole.saw(probe, Fate::Passed(passed));
    None
}

/// Whether the MPB that has the disk may be used. If not, that is said.
fn is_of_use(probe: &mut Probe<'_>, whole: &Whole) -> bool {
    let path = probe.disk().path;
    let mut say = |before: &[u8], after: &[u8]| {
        probe.say(Level::Error, &[b"isw: ", before, path, after]);
    };
    let (field, offset, why) = if let Checksum::Wrong(Mismatch { found, wanted }) = whole.checksum()
    {
        say(b"extended superblock for ", b" has wrong checksum");
        ("check_sum", at::CHECK_SUM, Why::Is { found, wanted })
    } else if let Some(Overrun { field, at, why }) = whole.mpb.overrun() {
        (field, at, why)
    } else if whole.anchor.is_zero() {
        say(b"zero sectors on ", b"");
        ("anchor", 0, Why::Outside { found: 0, low: 1, high: probe.sectors().get() })
    } else {
        return true;
    };
    probe.error_on(&[b"setting up RAID device "]);
    whole.saw(probe, damage(field, whole.at, offset, why));
    false
}

fn damage(field: &'static str, anchor: Bytes, offset: usize, why: Why) -> Fate {
    // Every field that is checked is in the first sector.
    let offset = Bytes::new(u64::try_from(offset).unwrap_or(u64::MAX));
    Fate::Damaged(Damage { field, at: anchor.saturating_add(offset), why })
}

fn note(probe: &mut Probe<'_>, (at, bytes): (Bytes, &[u8]), checksum: Checksum, fate: Fate) {
    let generation = Fields::<LE>::new(bytes).u32(at::GENERATION);
    probe.saw(String::from("MPB"), at, checksum, Some(generation.into()), fate);
}
