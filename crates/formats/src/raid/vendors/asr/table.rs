//! The RAID table of `asr`, whose fields are named in the page above this.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use byteorder::BE;
use dm_core::units::{Bytes, Sectors};

use crate::bytes::Fields;
use crate::raid::disk::Probe;
use crate::raid::kind::Kind;
use crate::raid::member::Area;
use crate::raid::native::until_nul;
use crate::raid::sighting::{Checksum, Damage, Fate, Mismatch};
use crate::why::Why;

/// The state of a disk that failed.
pub(super) const FAILED: u8 = 3;

const MAGIC: u32 = 0x9007_65c4;

/// How long a table is, with all its lines.
const SECTORS: u64 = 16;

/// How long its header is, which is as long as a line.
pub(super) const LINE: u16 = 64;

/// Before this version, the checksum means something.
const VERSION_WITHOUT_CHECKSUM: u32 = 2;

/// The numbers that a level and a type have on the disk.
const ARRAY: u8 = 1;
const ARRAY_OF_ARRAYS: u8 = 3;
const RAID0: u8 = 0;
const RAID1: u8 = 1;
const SPARE: u8 = 0xfe;

/// A table whose header is sound.
pub(super) struct Table {
    /// As much of the disk as it takes.
    pub(super) area: Area,
}

/// A line of a table.
pub(super) struct Line<'t> {
    /// Its fields.
    pub(super) fields: Fields<'t, BE>,
    /// Its name; where that is empty, the first line's.
    pub(super) name: Vec<u8>,
}

/// The table that a sound reserved block speaks of, if it is sound.
pub(super) fn read(probe: &mut Probe<'_>, block: &Area) -> Option<Table> {
    let first = Sectors::new(Fields::<BE>::new(&block.bytes).u32(0x104).into());
    let room = probe.sectors().saturating_sub(first).get().min(SECTORS);
    let at = first.to_bytes()?;
    if room == 0 {
        probe.error_on(&[b"Could not read metadata off "]);
        let (end, disk) = (first.checked_add(Sectors::new(1)), probe.sectors());
        let pointer = block.at.saturating_add(Bytes::new(0x104));
        let damage = Damage { field: "raidtbl", at: pointer, why: Why::PastEnd { end, disk } };
        probe.saw(String::from("RAID table"), at, Checksum::None, None, Fate::Damaged(damage));
        return None;
    }
    let len = usize::try_from(Sectors::new(room).to_bytes()?.get()).ok()?;
    let Some(bytes) = probe.read(first, len) else {
        probe.error_on(&[b"Could not read metadata off "]);
        return None;
    };
    let table = Table { area: Area { at, bytes } };
    if let Some((text, damage)) = table.damage() {
        probe.error_on(&[text.as_bytes(), b" on "]);
        probe.saw(String::from("RAID table"), at, Checksum::None, None, Fate::Damaged(damage));
        return None;
    }
    if let Checksum::Ignored(Mismatch { found, wanted }) = table.checksum() {
        let text = format!("Invalid RAID config table checksum (0x{wanted:X} vs. 0x{found:X}) on ");
        probe.error_on(&[text.as_bytes()]);
    }
    Some(table)
}

impl Table {
    /// A table that was read before.
    pub(super) fn of(area: &Area) -> Self {
        Self { area: area.clone() }
    }

    /// Its header.
    pub(super) fn header(&self) -> Fields<'_, BE> {
        Fields::new(&self.area.bytes)
    }

    /// What the original says, and what is wrong, if anything is.
    fn damage(&self) -> Option<(String, Damage)> {
        let header = self.header();
        let damage = |field, offset, why| Damage {
            field,
            at: self.area.at.saturating_add(Bytes::new(offset)),
            why,
        };
        let is = |found: u64, wanted: u64| Why::Is { found, wanted };
        let (magic, count, size) = (header.u32(0), header.u16(0x0a), header.u16(0x0c));
        if magic != MAGIC {
            let text = "Invalid magic number in RAID table; saw";
            let text = format!("{text} 0x{magic:X}, expected 0x{MAGIC:X}");
            return Some((text, damage("ridcode", 0, is(magic.into(), MAGIC.into()))));
        }
        let most = header.u16(0x08).saturating_sub(1).min(self.room());
        if count == 0 || count > most {
            let why = Why::Outside { found: count.into(), low: 1, high: most.into() };
            let text = String::from("Invalid RAID config table count");
            return Some((text, damage("elmcnt", 0x0a, why)));
        }
        (size != LINE).then(|| {
            let text = String::from("Wrong RAID config line size");
            (text, damage("elmsize", 0x0c, is(size.into(), LINE.into())))
        })
    }

    /// For how many lines there is room.
    fn room(&self) -> u16 {
        let lines = self.area.bytes.len().checked_div(LINE.into()).unwrap_or(0);
        u16::try_from(lines).unwrap_or(u16::MAX).saturating_sub(1)
    }

    /// What the checksum says.
    pub(super) fn checksum(&self) -> Checksum {
        let header = self.header();
        if header.u32(0x04) >= VERSION_WITHOUT_CHECKSUM {
            return Checksum::None;
        }
        let bytes = self.lines().flat_map(|line| line.fields.array::<64>(0));
        let wanted = bytes.fold(0, |sum: u16, byte| sum.wrapping_add(byte.into()));
        let found = header.u16(0x0e);
        if found == wanted {
            return Checksum::Right;
        }
        Checksum::Ignored(Mismatch { found: found.into(), wanted: wanted.into() })
    }

    fn line(&self, nth: u16) -> Line<'_> {
        let at = usize::from(LINE).saturating_mul(usize::from(nth).saturating_add(1));
        let fields = self.header().from(at);
        let own: [u8; 16] = fields.array(0x30);
        let name = if own.starts_with(&[0]) { self.header().array(0x70) } else { own };
        let end =
            name.iter().rposition(|byte| !is_blank(*byte)).map_or(0, |last| last.saturating_add(1));
        let name = until_nul(name.get(..end).unwrap_or_default()).to_vec();
        Line { fields, name }
    }

    /// All lines that are in use.
    pub(super) fn lines(&self) -> impl DoubleEndedIterator<Item = Line<'_>> {
        (0..self.header().u16(0x0a)).map(|nth| self.line(nth))
    }

    /// The line of the disk of this magic.
    pub(super) fn of_disk(&self, magic: u32) -> Option<Line<'_>> {
        self.lines().rfind(|line| line.magic() == magic)
    }

    /// The line of the array that the disk of this magic is a member of: the nearest before a line of the disk's.
    pub(super) fn array_of(&self, magic: u32) -> Option<Line<'_>> {
        let mut lines = self.lines().rev();
        lines.find(|line| line.magic() == magic)?;
        lines.find(|line| line.level() == ARRAY)
    }

    /// Where an array's line is among the lines.
    pub(super) fn place_of(&self, array: &Line<'_>) -> u64 {
        let is_it = |line: &Line<'_>| line.level() == ARRAY && line.magic() == array.magic();
        let place = self.lines().position(|line| is_it(&line));
        place.and_then(|place| u64::try_from(place).ok()).unwrap_or(0)
    }

    /// The line of the array of arrays, if there is one.
    pub(super) fn of_arrays(&self) -> Option<Line<'_>> {
        self.lines().find(|line| line.level() == ARRAY_OF_ARRAYS)
    }

    /// Whether no line is an array's.
    pub(super) fn has_no_array(&self) -> bool {
        !self.lines().any(|line| line.level() == ARRAY)
    }
}

/// What a name does not end in.
fn is_blank(byte: u8) -> bool {
    byte.is_ascii_whitespace() || byte == 0x0b
}

impl Line<'_> {
    pub(super) fn magic(&self) -> u32 {
        self.fields.u32(0x04)
    }

    fn level(&self) -> u8 {
        self.fields.u8(0x08)
    }

    /// What it says of the state of its disk.
    pub(super) fn state(&self) -> u8 {
        self.fields.u8(0x0a)
    }

    /// What it makes of its members.
    pub(super) fn kind(&self) -> Kind {
        match self.fields.u8(0x09) {
            RAID0 => Kind::Raid0,
            RAID1 => Kind::Raid1,
            SPARE => Kind::Spare,
            _ => Kind::Unknown,
        }
    }

    /// How many members its array has.
    pub(super) fn members(&self) -> u64 {
        self.fields.u16(0x00).into()
    }

    pub(super) fn sectors(&self) -> Sectors {
        Sectors::new(self.fields.u32(0x18).into())
    }

    pub(super) fn stride(&self) -> Sectors {
        Sectors::new(self.fields.u16(0x1c).into())
    }

    /// Where its disk is attached, which is the order of members.
    pub(super) fn place(&self) -> u64 {
        let [adapter, channel, unit] = [0x0d, 0x0e, 0x0f].map(|at| self.fields.u8(at));
        let [a, b, c, d] = self.fields.array(0x10);
        u64::from_be_bytes([0, adapter, channel, unit, a, b, c, d])
    }
}
