//! Silicon Image Medley.

use super::{Case, Image, Kind, OF_SETS, Random};

pub(super) const KIND: Kind = Kind { name: "sil", fixed, odd };

/// Sectors of the disks here, where nothing else is said.
const SECTORS: u64 = 65536;

/// How far before the end the four copies lie.
const AREAS: [u64; 4] = [1, 513, 1025, 1537];

/// What one disk's metadata say.
#[derive(Clone, Copy, Debug)]
pub struct Sil {
    /// 0 RAID 0, 1 RAID 1, 2 RAID 10, 3 spare, 16 RAID 5, 255 JBOD.
    pub kind: u8,
    /// Which disk of its set it is.
    pub number: u8,
    /// Chunk, in sectors.
    pub stride: u16,
    /// Size of the array.
    pub array_sectors: u64,
    /// Members of a striped set, and which striped set this is.
    pub striped: (i8, i8),
    /// Members of a mirrored set, and which mirrored set this is.
    pub mirrored: (i8, i8),
    /// Seconds of the moment of creation.
    pub second: u8,
    /// What it says of its own size; none: 2000 sectors less than the disk has.
    pub disk_sectors: Option<u32>,
    /// State of the mirrored set.
    pub state: u8,
    /// Major version.
    pub major: u16,
    /// The magic.
    pub magic: u32,
}

impl Default for Sil {
    fn default() -> Self {
        Self {
            kind: 0,
            number: 0,
            stride: 128,
            array_sectors: 120_000,
            striped: (2, 0),
            mirrored: (0, 0),
            second: 7,
            disk_sectors: None,
            state: 0,
            major: 2,
            magic: 0x0300_0000,
        }
    }
}

impl Sil {
    /// One copy, for a disk of so many sectors.
    pub fn sector(&self, sectors: u64) -> [u8; 512] {
        let mut out = [0; 512];
        let mut put = |at: usize, bytes: &[u8]| out[at..at + bytes.len()].copy_from_slice(bytes);
        let own = u32::try_from(sectors.saturating_sub(2000)).unwrap_or(u32::MAX);
        put(0x60, &self.magic.to_le_bytes());
        put(0x6c, &self.array_sectors.to_le_bytes());
        put(0x78, &self.disk_sectors.unwrap_or(own).to_le_bytes());
        put(0x104, &[0x12, 0x31, 0x95, 0x10]);
        put(0x10a, &self.major.to_le_bytes());
        put(0x10c, &[self.second, 8, 9, 17, 6, 20]);
        put(0x112, &self.stride.to_le_bytes());
        put(0x116, &[self.number, self.kind]);
        put(0x118, &self.striped.0.to_le_bytes());
        put(0x119, &self.striped.1.to_le_bytes());
        put(0x11a, &self.mirrored.0.to_le_bytes());
        put(0x11b, &self.mirrored.1.to_le_bytes());
        put(0x128, &[1, self.state]);
        let words = out[..0x13e].chunks_exact(2).map(|word| u16::from_le_bytes([word[0], word[1]]));
        let sum = words.fold(0, u16::wrapping_add).wrapping_neg();
        out[0x13e..0x140].copy_from_slice(&sum.to_le_bytes());
        out
    }

    /// A disk of so many sectors with all four copies.
    pub fn disk_of(&self, sectors: u64) -> Image {
        let mut image = Image::new("sil", sectors * 512);
        for back in AREAS {
            image.put((sectors - back) * 512, &self.sector(sectors));
        }
        image
    }

    /// A disk of the usual size.
    pub fn disk(&self) -> Image {
        self.disk_of(SECTORS)
    }
}

/// The disk with some of its copies damaged: those of these numbers, from 1.
fn without(mut image: Image, areas: &[usize]) -> Image {
    for nth in areas {
        let at = (image.size / 512 - AREAS[nth - 1]) * 512;
        image = super::flipped(image, at + 0x13e);
    }
    image
}

/// A member of a stripe of so many.
pub fn stripe(number: u8, members: i8) -> Sil {
    let array_sectors = 60_000 * u64::from(members.unsigned_abs()) + 1;
    Sil { number, striped: (members, 0), array_sectors, ..Sil::default() }
}

fn mirror(number: u8) -> Sil {
    let base = Sil { kind: 1, number, striped: (0, 0), mirrored: (2, 0), ..Sil::default() };
    Sil { stride: 0, array_sectors: 60_001, ..base }
}

/// A member of a RAID 10 of four, each half a stripe of two.
fn ten(nth: u8) -> Sil {
    let half = i8::try_from(nth / 2).unwrap_or(0);
    let base = Sil { kind: 2, number: nth % 2, array_sectors: 60_001, ..Sil::default() };
    Sil { striped: (2, half), mirrored: (2, half), ..base }
}

fn jbod(number: u8, members: i8) -> Sil {
    let striped = (members, 0);
    Sil { kind: 255, number, striped, stride: 0, array_sectors: 200_000, ..Sil::default() }
}

fn five(number: u8) -> Sil {
    Sil { kind: 16, number, striped: (3, 0), array_sectors: 120_000, ..Sil::default() }
}

fn disks(members: impl IntoIterator<Item = Sil>) -> Vec<Image> {
    members.into_iter().map(|member| member.disk()).collect()
}

fn fixed() -> Vec<Case> {
    let count = "dmraid-sil-count";
    let odd_len = Sil { disk_sectors: Some(70_000), ..stripe(0, 2) };
    vec![
        Case::new("sil-stripe", disks([stripe(0, 2), stripe(1, 2)])),
        Case::new("sil-stripe-3-out-of-order", disks([stripe(2, 3), stripe(0, 3), stripe(1, 3)])),
        Case::new("sil-stripe-1-of-2", disks([stripe(0, 2)])),
        Case::new("sil-stripe-strides", disks([stripe(0, 2), Sil { stride: 64, ..stripe(1, 2) }])),
        Case::new("sil-mirror", disks([mirror(0), mirror(1)])),
        Case::new("sil-mirror-1-of-2", disks([mirror(1)])),
        Case::new("sil-mirror-3", disks([mirror(0), mirror(1), mirror(2)])),
        Case::new("sil-mirror-states", disks([0, 1].map(|n| Sil { state: 1, ..mirror(n) }))),
        Case::new("sil-mirror-stride", disks([0, 1].map(|n| Sil { stride: 128, ..mirror(n) }))),
        Case::new("sil-ten", disks([ten(0), ten(1), ten(2), ten(3)])),
        Case::new("sil-ten-out-of-order", disks([ten(3), ten(0), ten(2), ten(1)])),
        Case::new("sil-two-sets", disks([stripe(0, 2), mirror(0), stripe(1, 2), mirror(1)])),
        Case::new(
            "sil-two-stripes",
            disks([9, 10].into_iter().flat_map(|second| {
                [stripe(0, 2), stripe(1, 2)].map(|disk| Sil { second, ..disk })
            })),
        ),
        Case::new(
            "sil-minutes",
            disks([stripe(0, 2), stripe(1, 2)].map(|d| Sil { second: 67, ..d })),
        ),
        Case::new(
            "sil-magic",
            disks([stripe(0, 2), stripe(1, 2)].map(|d| Sil { magic: 0x2f00_0000, ..d })),
        ),
        Case::new("sil-major", disks([stripe(0, 2), stripe(1, 2)].map(|d| Sil { major: 1, ..d }))),
        Case::new("sil-number-8", disks([Sil { number: 8, ..stripe(0, 2) }])),
        Case::new("sil-zero-sectors", disks([stripe(2, 2)])),
        Case::new("sil-type-7", disks([Sil { kind: 7, ..stripe(0, 2) }])),
        Case::new("sil-disk-too-large", disks([odd_len])),
        Case::new("sil-3-areas", [without(stripe(0, 2).disk(), &[1]), stripe(1, 2).disk()]),
        Case::new("sil-2-areas", [without(stripe(0, 2).disk(), &[1, 3]), stripe(1, 2).disk()]),
        Case::new("sil-1-area", [without(stripe(0, 2).disk(), &[1, 2, 4]), stripe(1, 2).disk()]),
        Case::new("sil-no-area", [without(stripe(0, 2).disk(), &[1, 2, 3, 4])]),
        Case::new("sil-odd-length", [jbod(0, 1).disk_of(SECTORS + 1)]).that_differs(OF_SETS, count),
        Case::new("sil-jbod", disks([jbod(0, 2), jbod(1, 2)])).that_differs(OF_SETS, count),
        Case::new("sil-five", disks([five(0), five(1), five(2)])).that_differs(OF_SETS, count),
    ]
}

fn odd(random: &mut Random) -> Case {
    let members = random.u8(1..=4);
    let disks = (0..members).map(|number| {
        let kind = random.pick(&[0, 0, 1, 1, 2, 7]);
        let base =
            Sil { kind, number: if random.once_in(6) { 9 } else { number }, ..Sil::default() };
        let stride = random.pick(&[128, 128, 128, 64, 0]);
        let striped = (random.pick(&[2, 2, 3, -1]), random.pick(&[0, 1]));
        let mirrored = (random.pick(&[2, 2, 1]), random.pick(&[0, 1]));
        let sil = Sil { stride, striped, mirrored, second: random.u8(1..=61), ..base };
        let image = sil.disk();
        if random.once_in(4) {
            super::flipped(image, (SECTORS - 1) * 512 + random.of(0..=511))
        } else {
            image
        }
    });
    Case::new("", disks.collect::<Vec<_>>())
}
