//! `HighPoint HPT37x`.

use super::{Case, Image, Kind, OF_DISKS, OF_SETS, Random};

pub(super) const KIND: Kind = Kind { name: "hpt37x", fixed, odd };

/// Sectors of the disks here, where nothing else is said.
const SECTORS: u64 = 65536;

/// Where the metadata lie.
const AT: u64 = 9 * 512;

/// What one disk's metadata say.
#[derive(Clone, Copy, Debug)]
pub struct Hpt37x {
    /// The magic.
    pub magic: u32,
    /// Number of the set, and of the set of sets.
    pub sets: (u32, u32),
    /// Number of the subset.
    pub order: u32,
    /// Members.
    pub disks: u8,
    /// Chunk, as a power of two in sectors.
    pub shift: u8,
    /// 0 RAID 0, 1 RAID 1, 2 half of a mirror of stripes, 3 span, 6 single disk, 7 part of a stripe of mirrors.
    pub kind: u8,
    /// Which disk of its set it is.
    pub number: u8,
    /// Size of the array.
    pub sectors: u32,
    /// How many entries the error log is said to have, and how many it has.
    pub errors: (u8, u8),
}

impl Default for Hpt37x {
    fn default() -> Self {
        Self {
            magic: 0x5a78_16f0,
            sets: (0x1234, 0),
            order: 0,
            disks: 2,
            shift: 7,
            kind: 0,
            number: 0,
            sectors: 120_000,
            errors: (0, 0),
        }
    }
}

impl Hpt37x {
    /// The sector.
    pub fn sector(&self) -> [u8; 512] {
        let mut out = [0; 512];
        let mut put = |at: usize, bytes: &[u8]| out[at..at + bytes.len()].copy_from_slice(bytes);
        put(0x20, &self.magic.to_le_bytes());
        put(0x24, &self.sets.0.to_le_bytes());
        put(0x28, &self.sets.1.to_le_bytes());
        put(0x2c, &self.order.to_le_bytes());
        put(0x30, &[self.disks, self.shift, self.kind, self.number]);
        put(0x34, &self.sectors.to_le_bytes());
        put(0x42, &[self.errors.0, 0]);
        for nth in 0..self.errors.1 {
            let at = 0x44 + usize::from(nth) * 12;
            put(at, &[5, 0, 0, 0, 0xfe, 1, 2, 3, 99 + nth]);
        }
        out
    }

    /// A disk of so many sectors.
    pub fn disk_of(&self, sectors: u64) -> Image {
        Image::new("hpt37x", sectors * 512).with(AT, &self.sector())
    }

    /// A disk of the usual size.
    pub fn disk(&self) -> Image {
        self.disk_of(SECTORS)
    }
}

fn stripe(number: u8, disks: u8) -> Hpt37x {
    Hpt37x { number, disks, sectors: 60_000 * u32::from(disks), ..Hpt37x::default() }
}

fn mirror(number: u8) -> Hpt37x {
    Hpt37x { kind: 1, number, shift: 0, sectors: 60_000, ..Hpt37x::default() }
}

fn span(number: u8) -> Hpt37x {
    Hpt37x { kind: 3, number, shift: 0, sectors: 0, ..Hpt37x::default() }
}

/// A member of a set of two sets of two: stripes that are mirrored, or mirrors that are striped.
fn two_level(kind: u8, nth: u8) -> Hpt37x {
    let half = u32::from(nth / 2);
    let sets = (0x1111 * (1 + half), 0x777);
    let sectors = if kind == 2 { 120_000 } else { 60_000 };
    Hpt37x { kind, sets, order: 1 + half, number: nth % 2, sectors, ..Hpt37x::default() }
}

fn bad(disk: Hpt37x) -> Hpt37x {
    Hpt37x { magic: 0x5a78_16fd, ..disk }
}

fn spare() -> Hpt37x {
    Hpt37x { sets: (0, 0), ..mirror(0) }
}

fn disks(members: impl IntoIterator<Item = Hpt37x>) -> Vec<Image> {
    members.into_iter().map(|member| member.disk()).collect()
}

/// What a small disk differs in.
const SMALL: &str = "dmraid-small-disk";

/// What a stripe without one of its members is not to be mapped to.
const ZEROS: &str = "dmraid-missing-as-zeros";

/// What is left of a mirror of stripes.
const LINE: &str = "dmraid-half-a-mirror";

fn fixed() -> Vec<Case> {
    [levels(), two_levels(), fields(), disagreeing(), logs()].concat()
}

fn levels() -> Vec<Case> {
    let five = Hpt37x { kind: 5, disks: 3, ..stripe(0, 3) };
    vec![
        Case::new("hpt37x-stripe", disks([stripe(0, 2), stripe(1, 2)])),
        Case::new("hpt37x-stripe-out-of-order", disks([stripe(2, 3), stripe(0, 3), stripe(1, 3)])),
        Case::new("hpt37x-stripe-1-of-2", disks([stripe(1, 2)])),
        Case::new("hpt37x-stripe-8", disks((0..8).map(|number| stripe(number, 8)))),
        Case::new("hpt37x-stripe-bad", disks([stripe(0, 2), bad(stripe(1, 2))]))
            .that_differs(&["-tay"], ZEROS),
        Case::new("hpt37x-stripe-both-bad", disks([bad(stripe(0, 2)), bad(stripe(1, 2))])),
        Case::new("hpt37x-mirror", disks([mirror(0), mirror(1)])),
        Case::new("hpt37x-mirror-out-of-order", disks([mirror(1), mirror(0)])),
        Case::new("hpt37x-mirror-1-of-2", disks([mirror(1)])),
        Case::new("hpt37x-mirror-bad", disks([mirror(0), bad(mirror(1))])),
        Case::new("hpt37x-mirror-1-bad-of-2", disks([bad(mirror(1))])),
        Case::new(
            "hpt37x-mirror-of-1",
            disks([0, 1].map(|number| Hpt37x { disks: 1, ..mirror(number) })),
        ),
        Case::new(
            "hpt37x-mirror-3",
            disks([0, 1, 2].map(|number| Hpt37x { disks: 3, ..mirror(number) })),
        ),
        Case::new("hpt37x-span", disks([span(0), span(1)])),
        Case::new("hpt37x-span-sizes", [span(1).disk(), span(0).disk_of(40_000)]),
        Case::new("hpt37x-single", disks([Hpt37x { kind: 6, disks: 1, ..span(0) }])),
        Case::new("hpt37x-spare", disks([spare()])),
        Case::new("hpt37x-spare-beside-mirror", disks([mirror(0), spare(), mirror(1)])),
        Case::new("hpt37x-five", disks([0, 1, 2].map(|number| Hpt37x { number, ..five }))),
    ]
}

fn two_levels() -> Vec<Case> {
    let four = |kind| [0, 1, 2, 3].map(|nth| two_level(kind, nth));
    let wide = |nth: u8| {
        let base = two_level(2, nth);
        Hpt37x { order: 0x8000_0000 + base.order, ..base }
    };
    let lone = four(2).into_iter().take(2);
    vec![
        Case::new("hpt37x-stripes-mirrored", disks(four(2))),
        Case::new("hpt37x-mirrors-striped", disks(four(7))),
        Case::new("hpt37x-stripes-mirrored-out-of-order", disks([3, 0, 2, 1].map(|n| four(2)[n]))),
        Case::new("hpt37x-stripes-mirrored-3-of-4", disks([0, 1, 2].map(|n| four(2)[n])))
            .that_differs(&["-tay"], ZEROS),
        Case::new("hpt37x-stripes-mirrored-1-of-2", disks(lone)).that_differs(&["-tay"], LINE),
        Case::new("hpt37x-mirrors-striped-3-of-4", disks([0, 1, 2].map(|n| four(7)[n]))),
        Case::new("hpt37x-order-of-32-bits", disks([0, 1, 2, 3].map(wide))),
        Case::new(
            "hpt37x-both-two-levels",
            disks([four(2)[0], four(2)[1], four(7)[2], four(7)[3]]),
        ),
    ]
}

fn fields() -> Vec<Case> {
    let none = "dmraid-hpt37x-length-wraps";
    let pair = |with: fn(Hpt37x) -> Hpt37x| disks([stripe(0, 2), stripe(1, 2)].map(with));
    vec![
        Case::new("hpt37x-named-by-set-of-sets", pair(|d| Hpt37x { sets: (9, 305_419_896), ..d })),
        Case::new("hpt37x-largest-number", pair(|d| Hpt37x { sets: (u32::MAX, 0), ..d })),
        Case::new("hpt37x-shift-31", pair(|d| Hpt37x { shift: 31, ..d }))
            .that_differs(&["-tay"], "dmraid-no-whole-chunk"),
        Case::new("hpt37x-shift-33", pair(|d| Hpt37x { shift: 33, ..d })),
        Case::new("hpt37x-shift-0", pair(|d| Hpt37x { shift: 0, ..d }))
            .that_differs(&["-tay"], "dmraid-no-stride"),
        Case::new("hpt37x-number-8", disks([Hpt37x { number: 8, ..stripe(0, 2) }])),
        Case::new("hpt37x-no-disks", pair(|d| Hpt37x { disks: 0, ..d })),
        Case::new("hpt37x-zero-sectors", pair(|d| Hpt37x { sectors: 0, ..d }))
            .that_differs(OF_DISKS, none)
            .that_differs(OF_SETS, none),
        Case::new("hpt37x-as-many-as-the-offset", disks([Hpt37x { sectors: 20, ..stripe(1, 2) }])),
        Case::new("hpt37x-largest", pair(|d| Hpt37x { sectors: u32::MAX, ..d })),
        Case::new("hpt37x-smallest-disk", [span(0).disk_of(10)])
            .that_differs(OF_DISKS, SMALL)
            .that_differs(OF_SETS, SMALL),
    ]
}

fn disagreeing() -> Vec<Case> {
    let other_set = Hpt37x { sets: (0x4321, 0x777), ..stripe(1, 2) };
    let one_set = Hpt37x { sets: (0x1234, 0x777), ..stripe(0, 2) };
    let second = |disk: Hpt37x| Hpt37x { sets: (0x99, 0), ..disk };
    vec![
        Case::new("hpt37x-strides", disks([stripe(0, 2), Hpt37x { shift: 6, ..stripe(1, 2) }])),
        Case::new("hpt37x-kinds", disks([stripe(0, 2), Hpt37x { shift: 7, ..mirror(1) }])),
        Case::new("hpt37x-sets", disks([one_set, other_set])),
        Case::new("hpt37x-counts", disks([stripe(0, 2), Hpt37x { disks: 3, ..stripe(1, 2) }]))
            .that_differs(&["-tay"], ZEROS),
        Case::new("hpt37x-same-number", disks([stripe(0, 2), stripe(0, 2)])),
        Case::new(
            "hpt37x-two-sets",
            disks([mirror(0), second(stripe(0, 2)), mirror(1), second(stripe(1, 2))]),
        ),
    ]
}

fn logs() -> Vec<Case> {
    let logged = |errors| Case::new("", disks([Hpt37x { errors, ..stripe(0, 2) }]));
    vec![
        Case { name: "hpt37x-log".to_owned(), ..logged((1, 1)) },
        Case { name: "hpt37x-log-full".to_owned(), ..logged((32, 32)) },
        Case { name: "hpt37x-log-empty".to_owned(), ..logged((3, 0)) },
    ]
}

fn odd(random: &mut Random) -> Case {
    let members = random.u8(1..=4);
    let disks = (0..members).map(|number| {
        let sets = (random.pick(&[1, 1, 1, 2, 0]), random.pick(&[0, 0, 7]));
        let number = if random.once_in(6) { 9 } else { number };
        let image = Hpt37x {
            magic: random.pick(&[0x5a78_16f0, 0x5a78_16f0, 0x5a78_16f0, 0x5a78_16fd]),
            sets,
            order: random.u32(0..=2),
            disks: random.u8(0..=4),
            shift: random.pick(&[7, 7, 7, 6, 0, 255]),
            kind: random.pick(&[0, 1, 2, 3, 5, 6, 7, 255]),
            number,
            sectors: random.pick(&[120_000, 60_000, 50, u32::MAX]),
            errors: (random.u8(0..=255), random.u8(0..=32)),
        }
        .disk();
        if random.once_in(4) { super::flipped(image, AT + random.of(0..=511)) } else { image }
    });
    Case::new("", disks.collect::<Vec<_>>())
}
