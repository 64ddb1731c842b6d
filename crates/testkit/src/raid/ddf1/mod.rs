//! SNIA DDF: a container of disks, its virtual drives, and what each disk has of them.

use super::Image;
use crate::partitions::gpt::crc32;

mod cases;

pub(super) use cases::KIND;

/// Sectors of the disks here.
pub const SECTORS: u64 = 131_072;

/// How far before the disk's end the primary header lies.
pub const PRIMARY: u64 = 1000;

/// How far before it the secondary header does.
pub const SECONDARY: u64 = 500;

/// How large everything is.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// How far before the disk's end the primary and the secondary header lie.
    pub headers: [u64; 2],
    /// The most drives, virtual drives, partitions, sectors of a config record, and members.
    pub limits: [u16; 5],
    /// Where the tables lie after their header, and how many sectors they have: adapter, physical drives, virtual
    /// drives, config records, disk data; the last three are not there.
    pub places: [(u32, u32); 8],
}

/// What there is room for in a small controller.
pub const SMALL: Shape = Shape {
    headers: [PRIMARY, SECONDARY],
    limits: [16, 16, 4, 2, 16],
    places: [(1, 1), (2, 3), (5, 3), (8, 10), (18, 1), (NONE, 0), (NONE, 0), (NONE, 0)],
};

/// The same where there is hardly any: a disk that a fuzzer can chew.
pub const TINY: Shape = Shape {
    headers: [PRIMARY, SECONDARY],
    limits: [7, 7, 4, 2, 16],
    places: [(1, 1), (2, 1), (3, 1), (4, 2), (6, 1), (NONE, 0), (NONE, 0), (NONE, 0)],
};

/// The same in a container of Linux.
///
/// # Source
///
/// The limits that the standard allows; `mdadm --examine` of the disk takes it for a container.
pub const LINUX: Shape = Shape {
    headers: [4000, 2000],
    limits: [1023, 255, 16, 3, 63],
    places: [(1, 1), (2, 128), (130, 32), (162, 768), (930, 1), (NONE, 0), (NONE, 0), (NONE, 0)],
};

/// The GUID of virtual drives, where nothing else is said.
pub const GUID: [u8; 24] = *b"VDGUID00AAAABBBBCCCC\x01\x02\x03\x04";

/// What says that a field is not used.
const NONE: u32 = u32::MAX;

/// The byte order of the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// As the standard has it.
    Big,
    /// As Adaptec has it.
    Little,
}

/// A disk, as the physical drive records have it.
#[derive(Clone, Copy, Debug)]
pub struct Drive {
    /// What config records call it.
    pub reference: u32,
    /// Bits of how it is; 1: online.
    pub state: u16,
    /// Its size in sectors.
    pub size: u64,
}

/// A virtual drive, as the virtual drive records have it.
#[derive(Clone, Copy, Debug)]
pub struct Virtual {
    /// What config records call it.
    pub guid: [u8; 24],
    /// Its name, as it stands there.
    pub name: [u8; 16],
}

/// A config record of a virtual drive.
#[derive(Clone, Debug)]
pub struct Config {
    /// Of which.
    pub guid: [u8; 24],
    /// How many members it says that it has.
    pub count: u16,
    /// Its stripe has two to the power of this sectors.
    pub exponent: u8,
    /// Primary level and its qualifier.
    pub level: (u8, u8),
    /// How many such records make the virtual drive, which of them this is, and what they make.
    pub secondary: (u8, u8, u8),
    /// How much of each member.
    pub sectors: u64,
    /// References of its members, and where each of them begins.
    pub members: Vec<(u32, u64)>,
    /// Rises with every write of it.
    pub sequence: u32,
}

/// What is in the config area.
#[derive(Clone, Debug)]
pub enum Record {
    /// Of a virtual drive.
    Config(Config),
    /// Of a spare.
    Spare,
    /// Some other mark, and nothing more.
    Mark(u32),
}

/// What one disk says.
#[derive(Clone, Debug)]
pub struct Ddf {
    /// The byte order.
    pub order: Order,
    /// How far before the disk's end the anchor lies.
    pub anchor: u64,
    /// Whether there is a secondary header, with tables of its own.
    pub secondary: bool,
    /// The adapter's PCI vendor.
    pub vendor: u16,
    /// Which of the drives it is.
    pub reference: u32,
    /// The drives that it knows.
    pub drives: Vec<Drive>,
    /// The virtual drives that it knows.
    pub virtuals: Vec<Virtual>,
    /// Its config records.
    pub records: Vec<Record>,
    /// Rises with every write of the headers.
    pub sequence: u32,
    /// What every checksum is wrong by.
    pub crc: u32,
    /// The checksum of a structure that has ones in its place.
    pub checksum: fn(&[u8]) -> u32,
    /// How large everything is.
    pub shape: Shape,
    /// What the headers say of that.
    pub said: Shape,
}

impl Default for Ddf {
    fn default() -> Self {
        Self {
            order: Order::Little,
            anchor: 1,
            secondary: false,
            vendor: 0x1000,
            reference: 0x1000,
            drives: Vec::new(),
            virtuals: Vec::new(),
            records: Vec::new(),
            sequence: 1,
            crc: 0,
            checksum: crc32,
            shape: SMALL,
            said: SMALL,
        }
    }
}

/// A structure that is being written: all ones where nothing is put.
struct Structure {
    order: Order,
    checksum: fn(&[u8]) -> u32,
    bytes: Vec<u8>,
}

impl Structure {
    fn new(ddf: &Ddf, sectors: u32) -> Self {
        let len = usize::try_from(sectors).unwrap_or(0) * 512;
        Self { order: ddf.order, checksum: ddf.checksum, bytes: vec![0xff; len] }
    }

    /// Bytes as they are.
    fn put(&mut self, at: usize, bytes: &[u8]) -> &mut Self {
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
        self
    }

    /// A number, from its bytes in little-endian order.
    fn number(&mut self, at: usize, mut little: Vec<u8>) -> &mut Self {
        if self.order == Order::Big {
            little.reverse();
        }
        self.put(at, &little)
    }

    fn u16(&mut self, at: usize, value: u16) -> &mut Self {
        self.number(at, value.to_le_bytes().to_vec())
    }

    fn u32(&mut self, at: usize, value: u32) -> &mut Self {
        self.number(at, value.to_le_bytes().to_vec())
    }

    fn u64(&mut self, at: usize, value: u64) -> &mut Self {
        self.number(at, value.to_le_bytes().to_vec())
    }

    /// The bytes with their checksum, wrong by `error`.
    fn sealed(&mut self, error: u32) -> Vec<u8> {
        self.u32(4, NONE);
        let crc = (self.checksum)(&self.bytes) ^ error;
        self.u32(4, crc);
        std::mem::take(&mut self.bytes)
    }
}

/// Text, filled up with blanks.
pub fn padded<const N: usize>(text: &[u8]) -> [u8; N] {
    let mut out = [b' '; N];
    let len = text.len().min(N);
    out[..len].copy_from_slice(&text[..len]);
    out
}

/// A moment, in every structure that has one.
const MOMENT: u32 = 0x1122_3344;

impl Ddf {
    /// A structure of so many sectors, with its mark.
    fn structure(&self, sectors: u32, mark: u32) -> Structure {
        let mut out = Structure::new(self, sectors);
        out.u32(0, mark);
        out
    }

    /// The header of this type: 0 anchor, 1 primary, 2 secondary.
    fn header(&self, kind: u8) -> Vec<u8> {
        let mut out = self.structure(1, 0xde11_de11);
        out.put(0x08, b"TESTHDRGUID0000000000000").put(0x20, b"01.02.00");
        out.u32(0x28, self.sequence).u32(0x2c, MOMENT).put(0x30, &[1, 0, 0]);
        let [primary, secondary] = self.said.headers.map(|back| SECTORS - back);
        let secondary = if self.secondary { secondary } else { u64::MAX };
        out.u64(0x60, primary).u64(0x68, secondary).put(0x70, &[kind]);
        out.u32(0x74, 0).u64(0x78, 0);
        for (at, limit) in (0x80..).step_by(2).zip(self.said.limits) {
            out.u16(at, limit);
        }
        for (at, (offset, len)) in (0xc0..).step_by(8).zip(self.said.places) {
            out.u32(at, offset).u32(at + 4, len);
        }
        out.sealed(self.crc)
    }

    fn adapter(&self) -> Vec<u8> {
        let mut out = self.structure(1, 0xad11_1111);
        out.put(8, &padded::<24>(b"ADAPTERGUID"));
        out.u16(0x20, self.vendor).u16(0x22, 0x1960).u16(0x24, 0x1000).u16(0x26, 0x523);
        out.sealed(self.crc)
    }

    fn disk_data(&self) -> Vec<u8> {
        let mut out = self.structure(1, 0x3333_3333);
        out.put(8, &drive_guid(self.reference)).u32(0x20, self.reference).put(0x24, &[1, 0]);
        out.sealed(self.crc)
    }

    /// The head of the table of this place, with so many entries of at most that many.
    fn table(&self, nth: usize, mark: u32, entries: usize) -> Structure {
        let mut out = self.structure(self.shape.places[nth].1, mark);
        out.u16(8, u16::try_from(entries).unwrap_or(0)).u16(0xa, self.shape.limits[nth - 1]);
        out
    }

    fn physical(&self) -> Vec<u8> {
        let mut out = self.table(1, 0x2222_2222, self.drives.len());
        for (at, drive) in (64..).step_by(64).zip(&self.drives) {
            out.put(at, &drive_guid(drive.reference)).u32(at + 0x18, drive.reference);
            out.u16(at + 0x1c, 2).u16(at + 0x1e, drive.state).u64(at + 0x20, drive.size);
            out.put(at + 0x28, b"path\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
        }
        out.sealed(self.crc)
    }

    fn virtuals(&self) -> Vec<u8> {
        let mut out = self.table(2, 0xdddd_dddd, self.virtuals.len());
        for (at, drive) in (64..).step_by(64).zip(&self.virtuals) {
            out.put(at, &drive.guid).u16(at + 0x18, 0).u32(at + 0x1c, 0);
            out.put(at + 0x20, &[0, 0]).put(at + 0x30, &drive.name);
        }
        out.sealed(self.crc)
    }

    fn config(&self) -> Vec<u8> {
        let mut area = Structure::new(self, self.shape.places[3].1);
        let len = u32::from(self.shape.limits[3]);
        let step = usize::from(self.shape.limits[3]) * 512;
        for (at, record) in (0..).step_by(step).zip(&self.records) {
            let bytes = match record {
                Record::Config(config) => self.config_record(config),
                Record::Spare => self.spare_record(),
                Record::Mark(mark) => self.structure(len, *mark).sealed(self.crc),
            };
            area.put(at, &bytes);
        }
        area.bytes
    }

    fn config_record(&self, config: &Config) -> Vec<u8> {
        let mut out = self.structure(self.shape.limits[3].into(), 0xeeee_eeee);
        out.put(8, &config.guid)
            .u32(0x20, MOMENT)
            .u32(0x24, config.sequence)
            .u16(0x40, config.count);
        let (level, qualifier) = config.level;
        let (count, number, secondary) = config.secondary;
        out.put(0x42, &[config.exponent, level, qualifier, count, number, secondary]);
        out.u64(0x48, config.sectors).u64(0x50, 0).u64(0x80, 0).put(0x88, &[0x20]);
        let starts = 0x200 + 4 * usize::from(self.shape.limits[4]);
        for (nth, (reference, start)) in config.members.iter().enumerate() {
            out.u32(0x200 + 4 * nth, *reference).u64(starts + 8 * nth, *start);
        }
        out.sealed(self.crc)
    }

    fn spare_record(&self) -> Vec<u8> {
        let mut out = self.structure(self.shape.limits[3].into(), 0x5555_5555);
        out.u32(8, MOMENT).put(0x13, &[1]).u16(0x14, 1).u16(0x16, 8);
        out.put(0x20, &padded::<24>(b"SPAREGUID")).u16(0x38, 0);
        out.sealed(self.crc)
    }

    /// A disk that says this.
    pub fn disk(&self) -> Image {
        let mut image = Image::new("ddf1", SECTORS * 512);
        image.put((SECTORS - self.anchor) * 512, &self.header(0));
        let copies = (1..).zip(self.shape.headers).take(if self.secondary { 2 } else { 1 });
        for (kind, back) in copies {
            let tables =
                [self.adapter(), self.physical(), self.virtuals(), self.config(), self.disk_data()];
            image.put((SECTORS - back) * 512, &self.header(kind));
            for ((offset, _), table) in self.shape.places.into_iter().zip(tables) {
                image.put((SECTORS - back + u64::from(offset)) * 512, &table);
            }
        }
        image
    }
}

/// The checksum that Linux writes: it begins with zero, and ends as it is.
pub fn linux_crc32(bytes: &[u8]) -> u32 {
    let divide =
        |value: u32, _| if value & 1 == 1 { 0xedb8_8320 ^ (value >> 1) } else { value >> 1 };
    bytes.iter().fold(0, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), divide))
}

fn drive_guid(reference: u32) -> [u8; 24] {
    padded(format!("PDGUID{reference:08x}").as_bytes())
}
