//! `HighPoint HPT45x`.

use super::{Case, Image, Kind, OF_DISKS, OF_SETS, Random};

pub(super) const KIND: Kind = Kind { name: "hpt45x", fixed, odd };

/// Sectors of the disks here, where nothing else is said.
const SECTORS: u64 = 65536;

/// How far before the end the metadata lie.
const FROM_END: u64 = 11;

/// What one disk's metadata say.
#[derive(Clone, Copy, Debug)]
pub struct Hpt45x {
    /// The magic.
    pub magic: u32,
    /// Number of the set.
    pub set: u32,
    /// Size of the array.
    pub sectors: u32,
    /// 4 span, 5 RAID 0, 6 RAID 1.
    pub kind: u8,
    /// Members.
    pub disks: u8,
    /// Which disk of its set it is.
    pub number: u8,
    /// Chunk, as a power of two in sectors.
    pub shift: u8,
    /// Of the set of sets: type, members, number of this one's, chunk.
    pub above: [u8; 4],
}

impl Default for Hpt45x {
    fn default() -> Self {
        Self {
            magic: 0x5a78_16f3,
            set: 0x1234,
            sectors: 120_001,
            kind: 5,
            disks: 2,
            number: 0,
            shift: 7,
            above: [0; 4],
        }
    }
}

impl Hpt45x {
    /// The metadata.
    pub fn bytes(&self) -> [u8; 48] {
        let mut out = [0; 48];
        let mut put = |at: usize, bytes: &[u8]| out[at..at + bytes.len()].copy_from_slice(bytes);
        put(0x00, &self.magic.to_le_bytes());
        put(0x04, &self.set.to_le_bytes());
        put(0x0c, &self.sectors.to_le_bytes());
        put(0x10, &[self.kind, self.disks, self.number, self.shift]);
        put(0x14, &[1, 0, 0, 0, 2, 0, 0, 0, 3]);
        put(0x20, &self.above);
        put(0x24, &[4, 0, 0, 0, 5, 0, 0, 0, 6]);
        out
    }

    /// A disk of so many sectors.
    pub fn disk_of(&self, sectors: u64) -> Image {
        Image::new("hpt45x", sectors * 512).with((sectors - FROM_END) * 512, &self.bytes())
    }

    /// A disk of the usual size.
    pub fn disk(&self) -> Image {
        self.disk_of(SECTORS)
    }
}

fn stripe(number: u8, disks: u8) -> Hpt45x {
    Hpt45x { number, disks, sectors: 60_000 * u32::from(disks) + 1, ..Hpt45x::default() }
}

fn mirror(number: u8) -> Hpt45x {
    Hpt45x { kind: 6, number, shift: 0, sectors: 60_001, ..Hpt45x::default() }
}

fn span(number: u8) -> Hpt45x {
    Hpt45x { kind: 4, number, shift: 0, sectors: 60_001, ..Hpt45x::default() }
}

/// A member of a mirror of two stripes of two.
fn ten(nth: u8) -> Hpt45x {
    Hpt45x { set: 2_781_239_400, above: [6, 2, nth / 2, 7], ..stripe(nth % 2, 2) }
}

fn bad(disk: Hpt45x) -> Hpt45x {
    Hpt45x { magic: 0x5a78_16fd, ..disk }
}

fn disks(members: impl IntoIterator<Item = Hpt45x>) -> Vec<Image> {
    members.into_iter().map(|member| member.disk()).collect()
}

/// What is missing of a set is not to be mapped to.
const ZEROS: &str = "dmraid-missing-as-zeros";

/// What is left of a mirror of stripes.
const LINE: &str = "dmraid-half-a-mirror";

/// What a small disk differs in.
const SMALL: &str = "dmraid-small-disk";

fn fixed() -> Vec<Case> {
    [levels(), tens(), fields(), disagreeing()].concat()
}

fn levels() -> Vec<Case> {
    let spare = Hpt45x { set: 0, ..mirror(0) };
    vec![
        Case::new("hpt45x-stripe", disks([stripe(0, 2), stripe(1, 2)])),
        Case::new("hpt45x-stripe-out-of-order", disks([stripe(2, 3), stripe(0, 3), stripe(1, 3)])),
        Case::new("hpt45x-stripe-1-of-2", disks([stripe(0, 2)])),
        Case::new("hpt45x-stripe-bad", disks([bad(stripe(0, 2)), stripe(1, 2)]))
            .that_differs(&["-tay"], ZEROS),
        Case::new("hpt45x-mirror", disks([mirror(0), mirror(1)])),
        Case::new("hpt45x-mirror-out-of-order", disks([mirror(1), mirror(0)])),
        Case::new("hpt45x-mirror-1-of-2", disks([mirror(0)])),
        Case::new("hpt45x-mirror-bad", disks([mirror(0), bad(mirror(1))]))
            .that_differs(&["-tay"], ZEROS),
        Case::new("hpt45x-mirror-both-bad", disks([bad(mirror(0)), bad(mirror(1))])),
        Case::new("hpt45x-span", disks([span(0), span(1)])),
        Case::new("hpt45x-span-sizes", [span(1).disk_of(40_000), span(0).disk()]),
        Case::new("hpt45x-span-1-of-2", disks([span(1)])),
        Case::new("hpt45x-spare", disks([spare])),
        Case::new("hpt45x-spare-beside-mirror", disks([mirror(0), spare, mirror(1)])),
        Case::new("hpt45x-spare-with-subset", disks([Hpt45x { set: 0, ..ten(0) }])),
    ]
}

fn tens() -> Vec<Case> {
    let far = |nth: u8| Hpt45x { above: [6, 2, 200 + nth / 2, 40], ..ten(nth) };
    let wide = |nth: u8| Hpt45x { above: [6, 3, nth / 2, 7], ..ten(nth) };
    let split = "dmraid-hpt45x-mirror";
    let shown = ["-r", "-r -c -c"];
    let span = Hpt45x { above: [6, 2, 0, 7], ..span(0) };
    vec![
        Case::new("hpt45x-ten", disks([0, 1, 2, 3].map(ten))),
        Case::new("hpt45x-ten-out-of-order", disks([3, 2, 0, 1].map(ten))),
        Case::new("hpt45x-ten-3-of-4", disks([0, 1, 2].map(ten))).that_differs(&["-tay"], ZEROS),
        Case::new("hpt45x-ten-2-of-4", disks([0, 1].map(ten))).that_differs(&["-tay"], LINE),
        Case::new("hpt45x-ten-3-digits", disks([0, 1, 2, 3].map(far))),
        Case::new("hpt45x-ten-3-subsets", disks([0, 1, 2, 3, 4, 5].map(wide))),
        Case::new(
            "hpt45x-mirror-with-subset",
            disks([0, 1].map(|number| Hpt45x { above: [6, 2, number, 7], ..mirror(number) })),
        )
        .that_differs(&shown, split)
        .that_differs(OF_SETS, split),
        Case::new("hpt45x-span-with-subset", disks([span, Hpt45x { number: 1, ..span }])),
    ]
}

fn fields() -> Vec<Case> {
    let pair = |with: fn(Hpt45x) -> Hpt45x| disks([stripe(0, 2), stripe(1, 2)].map(with));
    vec![
        Case::new("hpt45x-largest-number", pair(|d| Hpt45x { set: u32::MAX, ..d })),
        Case::new("hpt45x-number-8", disks([Hpt45x { number: 8, ..stripe(0, 2) }])),
        Case::new("hpt45x-no-disks", pair(|d| Hpt45x { disks: 0, ..d })),
        Case::new("hpt45x-zero-sectors", pair(|d| Hpt45x { sectors: 1, ..d })),
        Case::new("hpt45x-largest", pair(|d| Hpt45x { sectors: u32::MAX, shift: 40, ..d })),
        Case::new("hpt45x-type-7", pair(|d| Hpt45x { kind: 7, ..d })),
        Case::new("hpt45x-smallest-disk", [span(0).disk_of(12)])
            .that_differs(OF_DISKS, SMALL)
            .that_differs(OF_SETS, SMALL),
        Case::new("hpt45x-no-data", [span(0).disk_of(11)])
            .that_differs(OF_DISKS, SMALL)
            .that_differs(OF_SETS, SMALL),
    ]
}

fn disagreeing() -> Vec<Case> {
    let second = |disk: Hpt45x| Hpt45x { set: 0x99, ..disk };
    vec![
        Case::new("hpt45x-strides", disks([stripe(0, 2), Hpt45x { shift: 6, ..stripe(1, 2) }])),
        Case::new("hpt45x-kinds", disks([stripe(0, 2), Hpt45x { shift: 7, ..mirror(1) }])),
        Case::new("hpt45x-counts", disks([stripe(0, 2), Hpt45x { disks: 3, ..stripe(1, 2) }]))
            .that_differs(&["-tay"], ZEROS),
        Case::new("hpt45x-same-number", disks([stripe(1, 2), stripe(1, 2)])),
        Case::new(
            "hpt45x-two-sets",
            disks([mirror(0), second(stripe(0, 2)), mirror(1), second(stripe(1, 2))]),
        ),
    ]
}

fn odd(random: &mut Random) -> Case {
    let members = random.u8(1..=4);
    let disks = (0..members).map(|number| {
        let number = if random.once_in(6) { 9 } else { number };
        let kind = random.pick(&[4, 5, 5, 6, 7, 255]);
        let image = Hpt45x {
            magic: if kind != 6 && random.once_in(4) { 0x5a78_16fd } else { 0x5a78_16f3 },
            set: random.pick(&[1, 1, 1, 2, 0]),
            sectors: random.pick(&[120_000, 60_000, 1, 0, u32::MAX]),
            kind,
            disks: random.u8(0..=4),
            number,
            shift: random.pick(&[7, 7, 7, 6, 0, 255]),
            above: [
                if kind == 6 { 0 } else { random.pick(&[0, 6, 5]) },
                2,
                random.u8(0..=2),
                random.pick(&[7, 7, 0]),
            ],
        }
        .disk();
        let at = (SECTORS - FROM_END) * 512 + random.of(0..=47);
        if random.once_in(4) { super::flipped(image, at) } else { image }
    });
    Case::new("", disks.collect::<Vec<_>>())
}
