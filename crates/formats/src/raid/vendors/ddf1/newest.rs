//! The newest tables of a container say how its disks are, and the newest record of a virtual drive which are its members.
//!
//! The disks of a container have a header with the same GUID; its sequence number rises with every write. The tables of
//! drives are of all disks; of config records each disk has those of its own virtual drives, with sequence numbers of
//! their own.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::Maker;
use super::container::{Container, Which};
use super::members::{self, Part};
use super::numbers::Numbers;
use crate::raid::newest::{Dated, Out, Overruled, Reason};

/// Bits of how a physical drive is.
const ONLINE: u16 = 0x01;
const FAILED: u16 = 0x02;
const REBUILDING: u16 = 0x04;
const MISSING: u16 = 0x40;

/// A disk of a container.
struct Own<'d> {
    nth: usize,
    disk: &'d Dated<'d>,
    container: Container<'d>,
}

/// Which virtual drive, and which of its records.
type Key<'d> = (&'d [u8], u8);

/// The newest record of each virtual drive, and where it was found.
type Records<'a, 'd> = BTreeMap<Key<'d>, (&'a Own<'d>, Numbers<'d>)>;

/// What the newest tables say of the disks with older ones, and of those that they call failed: a disk that failed and is
/// still there is written to as the others are. A disk that is in no virtual drive is left as it is.
pub(super) fn newest(all: &[Dated<'_>]) -> Vec<Overruled> {
    let own = |(nth, disk)| Own::of(nth, disk);
    let all: Vec<Own<'_>> = all.iter().enumerate().filter_map(own).collect();
    let mut newest_of: BTreeMap<&[u8], &Own<'_>> = BTreeMap::new();
    for own in &all {
        let newest = newest_of.entry(own.guid()).or_insert(own);
        if newest.rank() <= own.rank() {
            *newest = own;
        }
    }
    let mut records = BTreeMap::new();
    let mut overruled = Vec::new();
    for own in &all {
        let newest = newest_of.get(own.guid()).filter(|newest| own.is_of_any(newest));
        let Some(newest) = newest else { continue };
        if let Some(reason) = fault(newest.container.drive(own.container.reference())) {
            let out = Out { set: None, by: newest.nth, reason };
            overruled.push(own.out_of_all(Vec::from([out])));
        } else if own.age() < newest.age() {
            // Mostly none is older, and no record is to be looked for.
            let guid = newest.guid();
            let records = records.entry(guid).or_insert_with(|| newest_records(&all, guid));
            overruled.extend(own.as_by(newest, records));
        }
    }
    overruled
}

/// The newest records of a container's virtual drives.
fn newest_records<'a, 'd>(all: &'a [Own<'d>], guid: &[u8]) -> Records<'a, 'd> {
    let mut records: Records<'a, 'd> = BTreeMap::new();
    for own in all.iter().filter(|own| own.guid() == guid) {
        for config in own.container.configs() {
            let age = |own: &Own<'_>, config: &Numbers<'_>| (config.u32(0x24), own.age());
            let known = records.get(&key(&config));
            if known.is_none_or(|(of, known)| age(of, known) < age(own, &config)) {
                records.insert(key(&config), (own, config));
            }
        }
    }
    records
}

fn key<'d>(config: &Numbers<'d>) -> Key<'d> {
    (config.text(0x08, 24), config.u8(0x46))
}

impl<'d> Own<'d> {
    fn of(nth: usize, disk: &'d Dated<'d>) -> Option<Self> {
        let container = Container::of(&disk.found.areas)?;
        Some(Self { nth, disk, container })
    }

    fn guid(&self) -> &'d [u8] {
        self.container.header().text(0x08, 24)
    }

    fn age(&self) -> u32 {
        self.container.header().u32(0x28)
    }

    /// The newest of a container's disks has the greatest; of several the one whose tables are greater, in whatever order
    /// they are found.
    fn rank(&self) -> (u32, &'d [u8]) {
        (self.age(), self.container.get(Which::Physical).bytes)
    }

    /// Whether it is a part of any virtual drive, by itself or by the newest.
    fn is_of_any(&self, newest: &Own<'d>) -> bool {
        let reference = self.container.reference();
        let by_newest = || members::parts_of(&newest.container, reference).next().is_some();
        members::parts(&self.container).next().is_some() || by_newest()
    }

    /// What the disk, which did not fail, is by the newest tables and records; none if that is what it is by its own.
    fn as_by(&self, newest: &Own<'d>, records: &Records<'_, 'd>) -> Option<Overruled> {
        let (reference, by) = (self.container.reference(), newest.nth);
        let (mut members, mut parts, mut out) = (Vec::new(), Vec::new(), Vec::new());
        let record = &self.disk.found.record;
        let maker = self.maker();
        for config in self.configs(newest, reference) {
            let Some((of, config)) = records.get(&key(&config)) else { continue };
            let part = Part::of(&of.container, *config, reference);
            match (part, members::name(&newest.container, config)) {
                (Some(part), Some(name)) => {
                    members.push(members::member(&part, name, maker, record));
                    parts.push(part);
                }
                (part, name) => {
                    // A virtual drive that is deleted has its name in the old tables only.
                    let set = name.or_else(|| members::name(&self.container, config));
                    let by = if part.is_none() { of.nth } else { by };
                    out.extend(set.map(|set| Out {
                        set: Some(set),
                        by,
                        reason: Reason::NotListed,
                    }));
                }
            }
        }
        if members.is_empty() {
            // Where nothing was found either, nothing changes.
            return (!out.is_empty()).then(|| self.out_of_all(out));
        }
        members.insert(0, members::itself(record));
        let guard = members::guard(parts.into_iter(), maker);
        Some(Overruled { nth: self.nth, members, guard, out })
    }

    /// The records that name the disk: its own, then those of the newest that it lacks.
    fn configs(&self, newest: &Own<'d>, reference: u32) -> Vec<Numbers<'d>> {
        let mut seen = BTreeSet::new();
        let own = members::parts(&self.container);
        let all = own.chain(members::parts_of(&newest.container, reference));
        let is_first = |part: &Part<'d>| seen.insert(key(&part.config));
        all.filter(is_first).map(|part| part.config).collect()
    }

    /// It is no part of anything.
    fn out_of_all(&self, out: Vec<Out>) -> Overruled {
        Overruled { nth: self.nth, members: Vec::new(), guard: None, out: Out::of_all(out) }
    }

    fn maker(&self) -> Maker {
        let anchor = self.disk.found.areas.first().map_or(0, |area| area.at.get());
        let end = self.disk.len.get();
        let back = end.saturating_sub(anchor.checked_div(512).unwrap_or(0));
        Maker::of(&self.container, back)
    }
}

/// Why a disk with this entry is no member; none where it is sound.
fn fault(entry: Option<Numbers<'_>>) -> Option<Reason> {
    let Some(entry) = entry else { return Some(Reason::NotListed) };
    match entry.u16(0x1e) {
        state if state & (FAILED | MISSING) != 0 => Some(Reason::Failed),
        state if state & REBUILDING != 0 => Some(Reason::NoData),
        state if state & ONLINE == 0 => Some(Reason::Failed),
        _ => None,
    }
}
