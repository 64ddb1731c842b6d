//! What is known of a container once its tables have been read: typed looks at them.

use super::numbers::{Numbers, Order};
use crate::raid::member::Area;

/// A structure, in the order in which [`super::Found::areas`] has them; one that is not there has no bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    Anchor,
    Primary,
    Secondary,
    Adapter,
    DiskData,
    Physical,
    Virtual,
    Config,
}

/// All of them, in their order.
pub(super) const STRUCTURES: [Which; 8] = [
    Which::Anchor,
    Which::Primary,
    Which::Secondary,
    Which::Adapter,
    Which::DiskData,
    Which::Physical,
    Which::Virtual,
    Which::Config,
];

impl Which {
    /// What it begins with; the records of the config area have marks of their own.
    pub(super) const fn mark(self) -> u32 {
        match self {
            Self::Anchor | Self::Primary | Self::Secondary => 0xde11_de11,
            Self::Adapter => 0xad11_1111,
            Self::DiskData => 0x3333_3333,
            Self::Physical => 0x2222_2222,
            Self::Virtual => 0xdddd_dddd,
            Self::Config => CONFIG,
        }
    }

    /// What `--explain` and the checksums' messages call it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Anchor => "anchor",
            Self::Primary => "primary header",
            Self::Secondary => "secondary header",
            Self::Adapter => "adapter",
            Self::DiskData => "disk data",
            Self::Physical => "physical drives",
            Self::Virtual => "virtual drives",
            Self::Config => "config records",
        }
    }

    /// Where a header says how far after it this lies, and four bytes on, how long it is.
    pub(super) const fn place(self) -> usize {
        match self {
            Self::Anchor | Self::Primary | Self::Secondary => 0,
            Self::Adapter => 0xc0,
            Self::Physical => 0xc8,
            Self::Virtual => 0xd0,
            Self::Config => 0xd8,
            Self::DiskData => 0xe0,
        }
    }
}

/// The mark of a config record of a virtual drive.
pub(super) const CONFIG: u32 = 0xeeee_eeee;
/// The mark of a config record of a spare.
pub(super) const SPARE: u32 = 0x5555_5555;

/// The PCI vendor of Adaptec.
const ADAPTEC: u16 = 0x9005;

/// How long a table's head and each of its entries are.
const ENTRY: usize = 64;

/// A container, as one of its disks has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Container<'a> {
    pub(super) areas: &'a [Area],
    pub(super) order: Order,
}

impl<'a> Container<'a> {
    /// What was read from a disk; none where that is not a container.
    pub(super) fn of(areas: &'a [Area]) -> Option<Self> {
        let order = order(&areas.first()?.bytes)?;
        Some(Self { areas, order })
    }

    /// A structure; without bytes where it is not there.
    pub(super) fn get(&self, which: Which) -> Numbers<'a> {
        let nth = STRUCTURES.iter().position(|other| *other == which);
        let area = nth.and_then(|nth| self.areas.get(nth));
        Numbers::new(area.map_or(&[], |area| &area.bytes), self.order)
    }

    /// The header that counts: the primary, or the secondary where the primary is damaged.
    pub(super) fn header(&self) -> Numbers<'a> {
        let primary = self.get(Which::Primary);
        if primary.bytes.is_empty() { self.get(Which::Secondary) } else { primary }
    }

    /// Whether its adapter is Adaptec's.
    pub(super) fn is_adaptec(&self) -> bool {
        self.get(Which::Adapter).u16(0x20) == ADAPTEC
    }

    /// What the other tables call this drive.
    pub(super) fn reference(&self) -> u32 {
        self.get(Which::DiskData).u32(0x20)
    }

    /// All entries of the physical or the virtual drive records that there is room for, used or not.
    pub(super) fn entries(
        &self,
        which: Which,
    ) -> impl DoubleEndedIterator<Item = Numbers<'a>> + use<'a> {
        let (table, order) = (self.get(which), self.order);
        let (entries, most) = (table.from(ENTRY).bytes, usize::from(table.u16(0xa)));
        let room = most.saturating_mul(ENTRY).min(entries.len());
        let entries = entries.get(..room).unwrap_or_default();
        entries.chunks_exact(ENTRY).map(move |entry| Numbers::new(entry, order))
    }

    /// What the physical drive records say of the drive of this reference: the last entry of it.
    pub(super) fn drive(&self, reference: u32) -> Option<Numbers<'a>> {
        self.entries(Which::Physical).rfind(|entry| entry.u32(0x18) == reference)
    }

    /// All records of the config area, used or not.
    pub(super) fn records(&self) -> impl Iterator<Item = Numbers<'a>> + use<'a> {
        let (area, order) = (self.get(Which::Config), self.order);
        let len = usize::from(self.header().u16(0x86)).saturating_mul(512);
        // Without a length there are none: what is left over is less than one record.
        let records = area.bytes.chunks_exact(if len == 0 { usize::MAX } else { len });
        records.map(move |record| Numbers::new(record, order))
    }

    /// Those of virtual drives.
    pub(super) fn configs(&self) -> impl Iterator<Item = Numbers<'a>> + use<'a> {
        self.records().filter(|record| record.u32(0) == CONFIG)
    }

    /// How many members a config record has room for.
    fn slots(&self) -> u16 {
        match self.header().u16(0x88) {
            u16::MAX => self.header().u16(0x80),
            slots => slots,
        }
    }

    /// The members of a virtual drive's config record, as many as it says that there are and as it has room for:
    /// their references, and where they begin.
    pub(super) fn members_of(
        &self,
        record: Numbers<'a>,
    ) -> impl Iterator<Item = (u32, u64)> + use<'a> {
        let (slots, order) = (usize::from(self.slots()), self.order);
        let room = slots.saturating_mul(4);
        let references = record.text(0x200, room).chunks_exact(4);
        let starts = record.from(room.saturating_add(0x200));
        let members = (0..).step_by(8).zip(references).take(record.u16(0x40).into());
        members.map(move |(at, reference)| (Numbers::new(reference, order).u32(0), starts.u64(at)))
    }
}

/// How many sectors a physical drive has. Adaptec may leave the high half all ones.
pub(super) fn size_of(entry: &Numbers<'_>) -> u64 {
    match entry.u64(0x20) {
        size if size.leading_ones() >= 32 => size & u64::from(u32::MAX),
        size => size,
    }
}

/// The byte order that a header's mark is in; none where it has no mark.
pub(super) fn order(header: &[u8]) -> Option<Order> {
    match header.first_chunk()? {
        [0xde, 0x11, 0xde, 0x11] => Some(Order::Big),
        [0x11, 0xde, 0x11, 0xde] => Some(Order::Little),
        _ => None,
    }
}
