//! The MPB, the structure that all disks of a family share: its layout, and how its tables are walked.

use alloc::vec::Vec;
use core::ops::Range;

use byteorder::LE;
use dm_core::units::Sectors;

use crate::bytes::Fields;
use crate::raid::native::until_nul;
use crate::why::Why;

/// How it begins.
pub(super) const SIGNATURE: &[u8; 24] = b"Intel Raid ISM Cfg Sig. ";

/// The most bytes that are read of one: more than 255 disks and 255 volumes of 255 members take.
pub(super) const SIZE_MAX: u32 = 1 << 20;

/// Where its fields lie.
pub(super) mod at {
    pub(crate) const VERSION: usize = 0x18;
    pub(crate) const CHECK_SUM: usize = 0x20;
    pub(crate) const MPB_SIZE: usize = 0x24;
    pub(crate) const FAMILY: usize = 0x28;
    pub(crate) const GENERATION: usize = 0x2c;
    pub(crate) const ATTRIBUTES: usize = 0x34;
    pub(crate) const NUM_DISKS: usize = 0x38;
    pub(crate) const NUM_VOLUMES: usize = 0x39;
    pub(crate) const ORIG_FAMILY: usize = 0x40;
    pub(crate) const BBM_LOG_SIZE: usize = 0x48;
    pub(crate) const DISKS: usize = 0xd8;
}

/// Length of an entry of the disk table.
pub(super) const DISK_LEN: usize = 48;

/// Bits of a disk's status.
pub(super) mod disk_status {
    pub(crate) const SPARE: u32 = 0x1;
    pub(crate) const CONFIGURED: u32 = 0x2;
    pub(crate) const FAILED: u32 = 0x4;
    pub(crate) const USABLE: u32 = 0x8;
}

/// Where the first map of a volume begins.
pub(super) const MAP: usize = 0x70;

/// Where the places begin in a map, which say what disk is where.
pub(super) const PLACES: usize = 0x30;

/// The bits of a place that say which disk is there.
pub(super) const PLACE_DISK: u32 = 0x00ff_ffff;

/// The bit of a place whose disk is not, or not yet, what it should be.
pub(super) const PLACE_REBUILDS: u32 = 0x0100_0000;

/// Where a volume says whether it changes, and how.
pub(super) const MIGR_STATE: usize = 0x58;
pub(super) const MIGR_TYPE: usize = 0x59;

/// An MPB, its sectors in the order of its bytes.
#[derive(Clone, Debug)]
pub(super) struct Mpb {
    bytes: Vec<u8>,
    volumes: Vec<Range<usize>>,
    overrun: Option<Overrun>,
}

/// A table that does not end in the MPB: the field that counts its entries, and what is wrong with it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Overrun {
    pub(super) field: &'static str,
    pub(super) at: usize,
    pub(super) why: Why,
}

impl Mpb {
    /// What these bytes are. Of a table that goes past their end there is what lies before it.
    pub(super) fn parse(bytes: Vec<u8>) -> Self {
        let fields = Fields::<LE>::new(&bytes);
        let disks = usize::from(fields.u8(at::NUM_DISKS));
        let mut end = at::DISKS.saturating_add(disks.saturating_mul(DISK_LEN));
        let (mut volumes, mut overrun) = (Vec::new(), None);
        if end > bytes.len() {
            let room = bytes.len().saturating_sub(at::DISKS).checked_div(DISK_LEN).unwrap_or(0);
            let why = too_many(disks, room);
            overrun = Some(Overrun { field: "num_disks", at: at::NUM_DISKS, why });
        }
        let count = fields.u8(at::NUM_VOLUMES);
        while overrun.is_none() && volumes.len() < usize::from(count) {
            let start = end;
            end = end.saturating_add(volume_len(&fields.from(start)));
            if end > bytes.len() {
                let why = too_many(count.into(), volumes.len());
                overrun = Some(Overrun { field: "num_raid_devs", at: at::NUM_VOLUMES, why });
            } else {
                volumes.push(start..end);
            }
        }
        Self { bytes, volumes, overrun }
    }

    /// The first table that goes past the end.
    pub(super) fn overrun(&self) -> Option<Overrun> {
        self.overrun
    }

    /// All its bytes, to the end of its last sector.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn fields(&self) -> Fields<'_, LE> {
        Fields::new(&self.bytes)
    }

    /// What [`at::CHECK_SUM`] should be.
    pub(super) fn sum(&self) -> u32 {
        let size = usize::try_from(self.fields().u32(at::MPB_SIZE)).unwrap_or(usize::MAX);
        sum(self.bytes.get(..size).unwrap_or(&self.bytes))
    }

    /// The disk table, in its order.
    pub(super) fn disks(&self) -> impl DoubleEndedIterator<Item = DiskEntry<'_>> {
        let from = self.bytes.get(at::DISKS..).unwrap_or_default();
        let count = usize::from(self.fields().u8(at::NUM_DISKS));
        from.chunks_exact(DISK_LEN).take(count).enumerate().map(|(nth, bytes)| DiskEntry {
            nth,
            at: at::DISKS.saturating_add(nth.saturating_mul(DISK_LEN)),
            bytes,
        })
    }

    /// The entry of the disk whose serial number is stored like that.
    pub(super) fn disk_of(&self, stored: &[u8]) -> Option<DiskEntry<'_>> {
        // The last of them, as in the original.
        self.disks().rev().find(|disk| disk.serial() == until_nul(stored))
    }

    /// The volumes, in their order.
    pub(super) fn volumes(&self) -> impl Iterator<Item = Volume<'_>> {
        self.volumes.iter().map(|range| Volume {
            at: range.start,
            bytes: self.bytes.get(range.clone()).unwrap_or_default(),
        })
    }
}

/// An entry of the disk table.
#[derive(Clone, Copy, Debug)]
pub(super) struct DiskEntry<'a> {
    /// Which it is.
    pub(super) nth: usize,
    /// Where it lies in the MPB.
    pub(super) at: usize,
    pub(super) bytes: &'a [u8],
}

impl<'a> DiskEntry<'a> {
    pub(super) fn fields(&self) -> Fields<'a, LE> {
        Fields::new(self.bytes)
    }

    /// Its serial number, as far as it is stored.
    pub(super) fn serial(&self) -> &'a [u8] {
        until_nul(self.bytes.get(..16).unwrap_or_default())
    }

    /// How large it is.
    pub(super) fn len(&self) -> Sectors {
        Sectors::new(self.fields().u32(0x10).into())
    }

    pub(super) fn status(&self) -> u32 {
        self.fields().u32(0x18)
    }

    pub(super) fn is_spare(&self) -> bool {
        self.status() & disk_status::SPARE != 0
    }

    /// Whether it takes part in anything.
    pub(super) fn is_usable(&self) -> bool {
        let (good, bad) = (disk_status::CONFIGURED | disk_status::USABLE, disk_status::FAILED);
        self.status() & good != 0 && self.status() & bad == 0
    }
}

/// A volume.
#[derive(Clone, Copy, Debug)]
pub(super) struct Volume<'a> {
    /// Where it lies in the MPB.
    pub(super) at: usize,
    pub(super) bytes: &'a [u8],
}

impl<'a> Volume<'a> {
    pub(super) fn fields(&self) -> Fields<'a, LE> {
        Fields::new(self.bytes)
    }

    pub(super) fn name(&self) -> &'a [u8] {
        until_nul(self.bytes.get(..16).unwrap_or_default())
    }

    /// Its size as the firmware has it.
    pub(super) fn size(&self) -> Sectors {
        Sectors::new(self.fields().u64(0x10))
    }

    /// How its data lie on its members.
    pub(super) fn map(&self) -> Map<'a> {
        let fields = self.fields().from(MAP);
        Map { room: fields.u8(0x10), fields }
    }

    /// Its maps, and where they lie in it: a second one where it changes.
    pub(super) fn maps(&self) -> impl Iterator<Item = (usize, Map<'a>)> {
        let fields = self.fields();
        let count = if fields.u8(MIGR_STATE) == 0 { 1 } else { 2 };
        let room = self.map().members();
        let starts = [MAP, MAP.saturating_add(map_len(room))];
        starts.into_iter().take(count).map(move |at| (at, Map { fields: fields.from(at), room }))
    }
}

/// How a volume's data lie on its members.
#[derive(Debug)]
pub(super) struct Map<'a> {
    pub(super) fields: Fields<'a, LE>,
    /// How many places there is room for: as many as the first map has.
    room: u8,
}

impl Map<'_> {
    pub(super) fn start(&self) -> Sectors {
        Sectors::new(self.fields.u32(0x00).into())
    }

    pub(super) fn blocks_per_member(&self) -> Sectors {
        Sectors::new(self.fields.u32(0x04).into())
    }

    pub(super) fn stride(&self) -> Sectors {
        Sectors::new(self.fields.u16(0x0c).into())
    }

    pub(super) fn state(&self) -> u8 {
        self.fields.u8(0x0e)
    }

    pub(super) fn level(&self) -> u8 {
        self.fields.u8(0x0f)
    }

    pub(super) fn members(&self) -> u8 {
        self.fields.u8(0x10)
    }

    /// The place of the disk that failed.
    pub(super) fn failed(&self) -> u8 {
        self.fields.u8(0x12)
    }

    pub(super) fn domains(&self) -> u8 {
        self.fields.u8(0x11)
    }

    /// Which disks are at its places, by their numbers in the disk table.
    pub(super) fn disks(&self) -> impl Iterator<Item = u32> {
        self.places().map(|(_, place)| place & PLACE_DISK)
    }

    /// What its places have: where an entry lies in the map, and its bits.
    pub(super) fn places(&self) -> impl Iterator<Item = (usize, u32)> {
        (0..usize::from(self.members().min(self.room))).map(|nth| {
            let at = PLACES.saturating_add(nth.saturating_mul(4));
            (at, self.fields.u32(at))
        })
    }
}

fn too_many(found: usize, room: usize) -> Why {
    let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    Why::Outside { found: number(found), low: 0, high: number(room) }
}

/// How long a map is.
fn map_len(members: u8) -> usize {
    usize::from(members).saturating_mul(4).saturating_add(PLACES)
}

/// How long the volume is that begins here. Both maps have as many places as the first one says.
fn volume_len(fields: &Fields<'_, LE>) -> usize {
    let maps = if fields.u8(MIGR_STATE) == 0 { 1 } else { 2 };
    let map = map_len(fields.from(MAP).u8(0x10));
    map.saturating_mul(maps).saturating_add(MAP)
}

/// The sum of these words, but for the checksum itself.
pub(super) fn sum(bytes: &[u8]) -> u32 {
    let words = bytes.chunks_exact(4).map(|word| Fields::<LE>::new(word).u32(0));
    let all = words.fold(0, u32::wrapping_add);
    if bytes.len() < at::CHECK_SUM.saturating_add(4) {
        return all;
    }
    all.wrapping_sub(Fields::<LE>::new(bytes).u32(at::CHECK_SUM))
}

/// A serial number as the disk table has it: without white space, `;` for `:`, its last 16 characters.
pub(super) fn as_stored(serial: &[u8]) -> Vec<u8> {
    let kept = serial.iter().filter(|byte| !byte.is_ascii_whitespace());
    let stored: Vec<u8> = kept.map(|byte| if *byte == b':' { b';' } else { *byte }).collect();
    stored.get(stored.len().saturating_sub(16)..).unwrap_or_default().to_vec()
}

/// Its bytes in their order, from sectors as they lie on the disk: the first one last.
pub(super) fn from_disk(sectors: &[u8]) -> Vec<u8> {
    let (rest, first) = sectors.split_at(sectors.len().saturating_sub(512));
    [first, rest].concat()
}

/// The sectors as they lie on the disk.
pub(super) fn to_disk(bytes: &[u8]) -> Vec<u8> {
    let (first, rest) = bytes.split_at(bytes.len().min(512));
    [rest, first].concat()
}
