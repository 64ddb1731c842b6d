//! A container's tables are found and read: the anchor, the headers, and what these point at.

use alloc::string::String;
use alloc::vec::Vec;

use dm_core::units::{Bytes, Sectors};

use super::container::{Which, order};
use super::numbers::{Numbers, Order};
use crate::raid::disk::Probe;
use crate::raid::member::Area;
use crate::raid::sighting::{Checksum, Damage, Fate};
use crate::why::{Trouble, Why};

/// The most sectors of a table: more than the most entries of the standard take.
const TABLE_MAX: u32 = 1024;

/// The most sectors of the config area that are looked at.
const CONFIG_MAX: u32 = 4096;

/// Says of a sector's number that there is none, and of an offset, cut to 32 bits.
const NOWHERE: u64 = u64::MAX;
const NO_OFFSET: u32 = u32::MAX;

/// The structures of the container whose anchor lies so many sectors before the disk's end, in the order of
/// [`super::container::STRUCTURES`].
pub(super) fn read(probe: &mut Probe<'_>, back: u64) -> Option<Vec<Area>> {
    let at = probe.before_end(back)?;
    let anchor = Area { at: at.to_bytes()?, bytes: probe.read(at, 512)? };
    let order = order(&anchor.bytes)?;
    let mut reader = Reader { probe, order };
    let (first, second) = (pointer(&anchor, order, 0x60), pointer(&anchor, order, 0x68));
    let primary = reader.header(Which::Primary, &anchor, first);
    let secondary = reader.header(Which::Secondary, &anchor, second);
    let Some(header) = primary.as_ref().or(secondary.as_ref()) else {
        probe.error_on(&[b"both header signatures bad on "]);
        return None;
    };
    let base = pointer(header, order, 0x60);
    let tables = reader.tables(header, base).or_else(|| reader.tables(secondary.as_ref()?, second));
    let Some(tables) = tables else {
        let fate = Fate::Passed("not all of its tables are sound");
        let checksum = Numbers::new(&anchor.bytes, order).checksum();
        probe.saw(String::from(Which::Anchor.name()), anchor.at, checksum, None, fate);
        return None;
    };
    let headers = [primary, secondary].map(Option::unwrap_or_default);
    Some([anchor].into_iter().chain(headers).chain(tables).collect())
}

/// The sector that a header names at its byte `at`.
fn pointer(header: &Area, order: Order, at: usize) -> u64 {
    Numbers::new(&header.bytes, order).u64(at)
}

/// Sectors that a structure is said to take.
struct Place {
    /// Where they begin; nowhere where no number can say it.
    at: Option<Sectors>,
    /// How many there are.
    sectors: u32,
    /// Where on the disk this is said.
    said_at: Bytes,
}

struct Reader<'p, 'd> {
    probe: &'p mut Probe<'d>,
    order: Order,
}

impl Reader<'_, '_> {
    /// The header that `anchor` says to be at sector `lba`, if it is one.
    fn header(&mut self, which: Which, anchor: &Area, lba: u64) -> Option<Area> {
        if lba == NOWHERE {
            return None;
        }
        let field = if which == Which::Primary { 0x60 } else { 0x68 };
        let said_at = anchor.at.saturating_add(Bytes::new(field));
        self.fetch(which, &Place { at: Some(Sectors::new(lba)), sectors: 1, said_at })
    }

    /// The tables that `header` says to lie after sector `base`; none unless all that must be there are.
    fn tables(&mut self, header: &Area, base: u64) -> Option<[Area; 5]> {
        let adapter = self.table(Which::Adapter, header, base).unwrap_or_default();
        let disk_data = self.table(Which::DiskData, header, base)?;
        let Some(physical) = self.table(Which::Physical, header, base) else {
            self.probe.error_on(&[b"cannot find physical drive record on "]);
            return None;
        };
        let Some(drives) = self.table(Which::Virtual, header, base) else {
            self.probe.error_on(&[b"cannot find virtual drive record on "]);
            return None;
        };
        let config = self.table(Which::Config, header, base)?;
        Some([adapter, disk_data, physical, drives, config])
    }

    fn table(&mut self, which: Which, header: &Area, base: u64) -> Option<Area> {
        let place = which.place();
        let numbers = Numbers::new(&header.bytes, self.order).from(place);
        let (offset, said) = (numbers.u32(0), numbers.u32(4));
        if offset == NO_OFFSET {
            return None;
        }
        let at = base.checked_add(offset.into()).map(Sectors::new);
        let said_at = u64::try_from(place).ok()?;
        let said_at = header.at.saturating_add(Bytes::new(said_at));
        let (sectors, damage) = match which {
            Which::Config if said > CONFIG_MAX => {
                (CONFIG_MAX, Some(Why::Unreadable(Trouble::Spent)))
            }
            Which::Config => (said, None),
            Which::Physical | Which::Virtual if said > TABLE_MAX => {
                let (found, high) = (said.into(), TABLE_MAX.into());
                (0, Some(Why::Outside { found, low: 1, high }))
            }
            Which::Physical | Which::Virtual => (said.max(1), None),
            _ => (1, None),
        };
        if let Some(why) = damage {
            self.damaged(which, said_at, Damage { field: "length", at: said_at, why });
        }
        if sectors == 0 && which != Which::Config {
            return None;
        }
        self.fetch(which, &Place { at, sectors, said_at })
    }

    /// What is at a place, if it lies on the disk and has its mark.
    fn fetch(&mut self, which: Which, place: &Place) -> Option<Area> {
        let Place { at, sectors, said_at } = *place;
        let disk = self.probe.sectors();
        let end = at.and_then(|at| at.checked_add(Sectors::new(sectors.into())));
        if end.is_none_or(|end| end > disk) {
            let why = Why::PastEnd { end, disk };
            self.damaged(which, said_at, Damage { field: "offset", at: said_at, why });
            return None;
        }
        let len = usize::try_from(sectors).ok()?.checked_mul(512)?;
        let area = Area { at: at?.to_bytes()?, bytes: self.probe.read(at?, len)? };
        let (found, wanted) = (Numbers::new(&area.bytes, self.order).u32(0), which.mark());
        // An adapter need not have said anything.
        let is_empty = which == Which::Adapter && found == 0;
        match which {
            _ if found == wanted => Some(area),
            Which::Config => Some(area),
            _ if is_empty => None,
            _ => {
                let why = Why::Is { found: found.into(), wanted: wanted.into() };
                self.damaged(which, area.at, Damage { field: "signature", at: area.at, why });
                None
            }
        }
    }

    fn damaged(&mut self, which: Which, at: Bytes, damage: Damage) {
        let fate = Fate::Damaged(damage);
        self.probe.saw(String::from(which.name()), at, Checksum::None, None, fate);
    }
}
