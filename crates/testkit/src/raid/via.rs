//! VIA's software RAID.

use super::{Case, Image, Kind, OF_SETS, Random};

pub(super) const KIND: Kind = Kind { name: "via", fixed, odd };

/// Sectors of the disks here, where nothing else is said.
const SECTORS: u64 = 65536;

/// How long the structure is, the checksum last.
const LEN: usize = 51;

/// What one disk's metadata say.
#[derive(Clone, Copy, Debug)]
pub struct Via {
    /// 0 RAID 0, 1 RAID 1, 8 span, 9 a mirror of two RAID 0.
    pub kind: u16,
    /// An index, with 8 in the second half; of a mirror 0 the source, 1 a spare, 2 the mirror. 16, or of a mirror 4,
    /// is dirty.
    pub place: u16,
    /// How many disks.
    pub count: u8,
    /// Stride: 8 sectors times 2 to the power of it.
    pub stride: u8,
    /// Version.
    pub version: u8,
    /// Number of the array.
    pub array: u16,
    /// Whether it is in an array.
    pub is_in_array: bool,
    /// Whether it is broken: the bit of the word, and that of the count.
    pub broken: (bool, bool),
    /// Capacity of the array.
    pub capacity: u64,
    /// Checksums of the disks' serial numbers: this one's, and those of all.
    pub serials: (u32, [u32; 8]),
}

impl Default for Via {
    fn default() -> Self {
        Self {
            kind: 0,
            place: 0,
            count: 2,
            stride: 3,
            version: 1,
            array: 0,
            is_in_array: true,
            broken: (false, false),
            capacity: 0,
            serials: (0x1234, [0x1234, 0x5678, 0x9abc, 0xdef0, 0, 0, 0, 0]),
        }
    }
}

impl Via {
    /// The structure.
    pub fn bytes(&self) -> [u8; LEN] {
        let mut out = [0; LEN];
        let mut put = |at: usize, bytes: &[u8]| out[at..at + bytes.len()].copy_from_slice(bytes);
        let bit = |is: bool, nth: u16| u16::from(is) << nth;
        let word = bit(self.is_in_array, 2)
            | (self.kind << 3)
            | (self.array << 7)
            | (self.place << 10)
            | bit(self.broken.0, 15);
        put(0x00, &[0x55, 0xaa, self.version]);
        put(0x03, &word.to_le_bytes());
        put(0x05, &[self.count | (u8::from(self.broken.1) << 3) | (self.stride << 4)]);
        put(0x06, &self.capacity.to_le_bytes());
        put(0x0e, &self.serials.0.to_le_bytes());
        for (nth, serial) in self.serials.1.iter().enumerate() {
            put(0x12 + 4 * nth, &serial.to_le_bytes());
        }
        out[LEN - 1] = out[..LEN - 1].iter().copied().fold(0, u8::wrapping_add);
        out
    }

    /// A disk of so many sectors.
    pub fn disk_of(&self, sectors: u64) -> Image {
        Image::new("via", sectors * 512).with((sectors - 1) * 512, &self.bytes())
    }

    /// A disk of the usual size.
    pub fn disk(&self) -> Image {
        self.disk_of(SECTORS)
    }
}

fn stripe(index: u16, count: u8) -> Via {
    Via { place: index, count, ..Via::default() }
}

/// A member of a mirror: 0 the source, 1 a spare, 2 the mirror.
fn mirror(place: u16) -> Via {
    Via { kind: 1, place, stride: 0, ..Via::default() }
}

fn span(index: u16) -> Via {
    Via { kind: 8, stride: 0, ..stripe(index, 2) }
}

/// A member of a mirror of two RAID 0, each half of two.
fn halves(nth: u16, count: u8) -> Via {
    Via { kind: 9, place: nth % 2 + nth / 2 * 8, count, ..Via::default() }
}

/// Of eight disks, each half of four.
fn eight(nth: u16) -> Via {
    let serials = [1, 2, 3, 4, 5, 6, 7, 8];
    Via { kind: 9, place: nth % 4 + nth / 4 * 8, count: 4, serials: (1, serials), ..Via::default() }
}

fn disks(members: impl IntoIterator<Item = Via>) -> Vec<Image> {
    members.into_iter().map(|member| member.disk()).collect()
}

fn fixed() -> Vec<Case> {
    [of_one_level(), of_two_levels(), strange()].concat()
}

fn of_one_level() -> Vec<Case> {
    let spare = "dmraid-via-spare";
    let sources = "dmraid-via-order";
    let of_sizes = |disks: [Via; 2]| {
        let [first, second] = disks;
        [first.disk(), second.disk_of(SECTORS - 8192)]
    };
    vec![
        Case::new("via-stripe", disks([stripe(0, 2), stripe(1, 2)])),
        Case::new(
            "via-stripe-3-out-of-order",
            disks([2, 1, 0].map(|n| Via { stride: 2, ..stripe(n, 3) })),
        ),
        Case::new("via-stripe-1-of-2", disks([stripe(1, 2)])),
        Case::new("via-stripe-3-of-2", disks([stripe(0, 2), stripe(1, 2), stripe(2, 2)])),
        Case::new("via-stripe-7", disks((0..7).map(|n| stripe(n, 7)))),
        Case::new("via-stripe-sizes", of_sizes([0, 1].map(|n| stripe(n, 2)))),
        Case::new("via-stripe-twice-0", disks([stripe(0, 2), stripe(0, 2)])),
        Case::new("via-stripe-strides", disks([stripe(0, 2), Via { stride: 2, ..stripe(1, 2) }])),
        Case::new("via-mirror", disks([mirror(0), mirror(2)])),
        Case::new("via-mirror-first", disks([mirror(2), mirror(0)])),
        Case::new("via-mirror-1-of-2", disks([mirror(0)])),
        Case::new("via-mirror-dirty", disks([mirror(2), mirror(4)])),
        Case::new("via-mirror-place-3", disks([mirror(3), mirror(0)])),
        Case::new("via-mirror-3", disks([mirror(0), mirror(2), mirror(2)])),
        Case::new("via-mirror-sources", disks([mirror(0), mirror(0)]))
            .that_differs(&["-s -c -c -c", "-tay"], sources),
        Case::new("via-mirror-spare", disks([mirror(0), mirror(2), mirror(1)]))
            .that_differs(OF_SETS, spare),
        Case::new("via-mirror-spare-first", disks([mirror(1), mirror(2), mirror(0)]))
            .that_differs(OF_SETS, spare),
        Case::new("via-mirror-and-spare-only", disks([mirror(0), mirror(1)]))
            .that_differs(OF_SETS, spare),
        Case::new("via-span", disks([span(1), span(0)])),
        Case::new("via-span-sizes", of_sizes([0, 1].map(span))),
        Case::new("via-span-1-of-2", disks([span(0)])),
    ]
}

fn of_two_levels() -> Vec<Case> {
    let count = "dmraid-via-count";
    let other = |disk: Via| Via { serials: (7, [7, 8, 0, 0, 0, 0, 0, 0]), ..disk };
    vec![
        Case::new("via-halves", disks((0..4).map(|n| halves(n, 2)))),
        Case::new("via-halves-out-of-order", disks([3, 2, 1, 0].map(|n| halves(n, 2)))),
        Case::new("via-halves-one-gone", disks([2, 3].map(|n| halves(n, 2))))
            .that_differs(&["-tay"], "dmraid-half-a-mirror"),
        Case::new("via-halves-count-4", disks((0..4).map(|n| halves(n, 4))))
            .that_differs(OF_SETS, count),
        Case::new("via-halves-of-4", disks((0..8).map(eight))),
        Case::new(
            "via-two-sets",
            disks([stripe(0, 2), other(mirror(0)), stripe(1, 2), other(mirror(2))]),
        ),
    ]
}

fn strange() -> Vec<Case> {
    let at_checksum = (SECTORS - 1) * 512 + 0x32;
    let full = [u32::MAX; 8];
    vec![
        Case::new("via-checksum", [super::flipped(stripe(0, 2).disk(), at_checksum)]),
        Case::new("via-type-5", disks([Via { kind: 5, ..stripe(0, 2) }])),
        Case::new("via-types", disks([stripe(0, 2), Via { kind: 8, ..stripe(1, 2) }])),
        Case::new("via-version", disks([0, 1].map(|n| Via { version: 2, ..stripe(n, 2) }))),
        Case::new(
            "via-broken",
            disks([
                Via { broken: (true, false), ..stripe(0, 2) },
                Via { is_in_array: false, ..stripe(1, 2) },
            ]),
        ),
        Case::new(
            "via-broken-count",
            disks([0, 1].map(|n| Via { broken: (false, true), ..stripe(n, 2) })),
        ),
        Case::new("via-count-0", disks([stripe(0, 0)])),
        Case::new(
            "via-limits",
            disks([Via {
                place: 31,
                stride: 15,
                version: 255,
                array: 7,
                broken: (true, true),
                capacity: u64::MAX,
                serials: (u32::MAX, full),
                ..stripe(31, 7)
            }]),
        ),
        Case::new("via-serials-0", disks([Via { serials: (0, [0; 8]), ..stripe(0, 2) }])),
    ]
}

/// No spares, and no two sources: those differ on purpose.
fn odd(random: &mut Random) -> Case {
    let is_halves = random.once_in(3);
    let members = if is_halves { 4 } else { random.of(1..=4) };
    let kind = random.pick(&[0, 1, 8]);
    let first = random.u8(0..=3);
    let damaged = random.of(0..=8);
    let disks = (0..members).map(|nth| {
        let number = u16::from(first + u8::try_from(nth).unwrap_or(0)) % 4;
        let kind = if random.once_in(8) { 5 } else { kind };
        let via = if is_halves {
            halves(number, 2)
        } else if kind == 1 {
            Via { stride: random.pick(&[0, 3]), ..mirror(random.pick(&[2, 6]) * number.min(1)) }
        } else {
            let stride = random.pick(&[3, 3, 3, 0, 7]);
            Via { kind, stride, ..stripe(number, random.pick(&[2, 2, 3, 4, 0])) }
        };
        let broken = (random.once_in(5), random.once_in(9));
        let broken = if is_halves { (broken.0, false) } else { broken };
        let image = Via { broken, version: random.u8(0..=2), ..via }.disk();
        if nth == damaged {
            super::flipped(image, (SECTORS - 1) * 512 + random.of(0..=50))
        } else {
            image
        }
    });
    Case::new("", disks.collect::<Vec<_>>())
}
