//! `dos`: the partition table of a master boot record, and the chains of logical partitions.
//!
//! Sector 0 ends in the bytes 55 AA. Numbers are little-endian, addresses count logical blocks.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 440 | 4 | the disk's signature |
//! | 446 + 16 i | 1 | 80: boot from this one; any value is taken |
//! | 450 + 16 i | 1 | type; an EE anywhere makes the table none of this kind |
//! | 454 + 16 i | 4 | first block |
//! | 458 + 16 i | 4 | number of blocks; 0 for an entry that is not used |
//!
//! An entry of type 05, 0F or 85 is an extended partition: slots 1 to 4 have it with a length of 1 KiB, or of a block
//! that is larger, for a boot loader. Its first sector is a record of the same layout, whose first two entries are
//! looked at. One of an extended type links to the next record, counted from the start of the extended
//! partition. One of any other type, also of none, takes the next slot from 5 on, counted from its record. A chain ends
//! where there is no link, or after 100 records without a slot. All records of all chains share 256 slots.
//!
//! # Differences
//!
//! - The original computes with 32 bits where blocks are larger than a sector, and reads records from a sector's
//!   number cut to 32 bits; this reader does neither.
//! - A chain may cost [`READS_MAX`](crate::partitions::READS_MAX) reads.
//!
//! # Source
//!
//! The layout is everybody's. What is made of odd ones: kpartx 0.14.3 and 0.9.4.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use byteorder::LE;
use dm_core::units::{Bytes, Sectors};

use crate::bytes::Fields;
use crate::partitions::damage::{Part, Why};
use crate::partitions::message::Message;
use crate::partitions::probe::Probe;
use crate::partitions::slice::{Id, Slice};
use crate::partitions::{Answer, Nested, TableType};

mod types;

pub(super) const TYPE: TableType = TableType { name: "dos", nested: Nested::Never, read };

/// Where the entries begin, and what each takes.
const ENTRIES: usize = 446;
const ENTRY_LEN: usize = 16;

/// The type of the entry that says: this is a GPT.
const PROTECTIVE: u8 = 0xEE;

/// How many records in a row may have no slot.
const BARREN_MAX: u32 = 100;

/// An entry, in sectors.
#[derive(Clone, Copy, Debug)]
struct Entry {
    kind: u8,
    boot: u8,
    start: u64,
    len: u64,
    at: Bytes,
}

impl Entry {
    fn is_extended(self) -> bool {
        matches!(self.kind, 0x05 | 0x0F | 0x85)
    }

    fn slice(self, number: u16, start: u64) -> Slice {
        Slice {
            kind: Some(Id::Number(self.kind.into())),
            kind_name: types::name(self.kind),
            attributes: self.boot.into(),
            bootable: self.boot == 0x80,
            ..Slice::new(number, start, self.len, self.at)
        }
    }
}

/// The entries of the record in the sector `n`; none where it is no record.
fn entries(sector: &[u8; 512], n: u64, per: Sectors) -> Option<[Entry; 4]> {
    let fields = Fields::<LE>::new(sector);
    if fields.array(510) != [0x55, 0xAA] {
        return None;
    }
    let record = Sectors::new(n).to_bytes().unwrap_or(Bytes::new(u64::MAX));
    Some([0, 1, 2, 3].map(|nth: u32| {
        let offset = ENTRY_LEN.saturating_mul(usize::try_from(nth).unwrap_or(0));
        let offset = offset.saturating_add(ENTRIES);
        let entry = fields.from(offset);
        let within = Bytes::new(u64::try_from(offset).unwrap_or(0));
        Entry {
            boot: entry.u8(0),
            kind: entry.u8(4),
            start: crate::partitions::in_sectors(entry.u32(8).into(), per),
            len: crate::partitions::in_sectors(entry.u32(12).into(), per),
            at: record.saturating_add(within),
        }
    }))
}

fn read(probe: &mut Probe<'_, '_>) -> Answer {
    let Some(sector) = probe.label(0) else { return Answer::Absent };
    let per = probe.disk.block_size().sectors();
    let Some(primary) = entries(&sector, 0, per) else { return Answer::Absent };
    if primary.iter().any(|entry| entry.kind == PROTECTIVE) {
        return Answer::Absent;
    }
    let mut slices = Vec::new();
    for (nth, entry) in primary.into_iter().enumerate() {
        let Some(number) = crate::partitions::next_number(nth) else { break };
        let mut slice = entry.slice(number, entry.start);
        if entry.is_extended() {
            // quirk: this length, also where the entry has none.
            slice.len = per.max(Sectors::new(2));
        }
        if !slice.len.is_zero() {
            slices.push(slice);
        }
    }
    let mut chains = Chains { logical: Vec::new(), per };
    for (nth, entry) in primary.into_iter().enumerate() {
        if let Some(number) = crate::partitions::next_number(nth).filter(|_| entry.is_extended()) {
            chains.follow(probe, number, entry.start);
        }
    }
    slices.append(&mut chains.logical);
    slices.retain(|slice| !slice.len.is_zero());
    let signature = Fields::<LE>::new(&sector).u32(440);
    Answer::Slots { id: (signature != 0).then_some(Id::Number(signature)), slices }
}

/// The logical partitions so far.
struct Chains {
    /// One for each slot from 5 on, also those without a length.
    logical: Vec<Slice>,
    per: Sectors,
}

impl Chains {
    /// Follows the chain of the extended partition `container`, which begins at `start`.
    fn follow(&mut self, probe: &mut Probe<'_, '_>, container: u16, start: u64) {
        let part = Part::Chain(container);
        let mut followed = BTreeSet::new();
        let (mut here, mut barren, mut circle) = (start, 0, false);
        while barren < BARREN_MAX {
            barren = barren.saturating_add(1);
            let Some(sector) = probe.linked(here, part) else { return };
            let at = Sectors::new(here).to_bytes().unwrap_or(Bytes::new(u64::MAX));
            let Some([one, two, ..]) = entries(&sector, here, self.per) else {
                probe.note(part, "signature", at.saturating_add(Bytes::new(510)), Why::Missing);
                return;
            };
            if !circle && !followed.insert(here) {
                circle = true;
                probe.note(part, "record", at, Why::Circle);
            }
            let mut link = None;
            for entry in [one, two] {
                if entry.is_extended() {
                    let links = entry.start != 0 && entry.len != 0;
                    link = link.or(links.then(|| start.saturating_add(entry.start)));
                } else if let Some(number) =
                    crate::partitions::next_number(self.logical.len().saturating_add(4))
                {
                    let slice = entry.slice(number, here.saturating_add(entry.start));
                    self.logical.push(Slice { container: Some(container), ..slice });
                    barren = 0;
                } else {
                    probe.say(Message::DosTooManySlices);
                    probe.note(part, "chain", entry.at, Why::TooMany);
                    return;
                }
            }
            let Some(next) = link else { return };
            here = next;
        }
        let at = Sectors::new(here).to_bytes().unwrap_or(Bytes::new(u64::MAX));
        probe.note(part, "records without a slice", at, Why::TooMany);
    }
}

#[cfg(test)]
mod tests;
