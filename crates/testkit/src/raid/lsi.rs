//! LSI Logic's RAID in software.

use super::{Case, Image, Kind, OF_SETS, Random};

pub(super) const KIND: Kind = Kind { name: "lsi", fixed, odd };

/// Sectors of the disks here, where nothing else is said.
const SECTORS: u64 = 65536;

/// A slot of the table.
#[derive(Clone, Copy, Debug, Default)]
pub struct Slot {
    /// The disk's place in a stripe, and which stripe: below 16.
    pub place: (u8, u8),
    /// Magic of the disk.
    pub magic: (u16, u16),
    /// Number of the disk, and of its set.
    pub number: (u8, u8),
    /// Whether it is offline.
    pub offline: u8,
}

impl Slot {
    /// Of the disk in this slot, the sets having so many disks each.
    fn of(nth: u8, disks: u8) -> Self {
        let magic = u16::from(nth) + 1;
        Self {
            place: (nth % 2, nth / 2),
            magic: (0x1111 * magic, 0x100 * magic),
            number: (nth % disks, nth / disks),
            offline: 0,
        }
    }
}

/// What one disk's metadata say.
#[derive(Clone, Copy, Debug)]
pub struct Lsi {
    /// 1 RAID 0, 2 RAID 1, 3 RAID 10.
    pub kind: u8,
    /// Stride, in sectors.
    pub stride: u16,
    /// The table.
    pub slots: [Slot; 4],
    /// Number of this disk, and of its set.
    pub number: (u8, u8),
    /// Number of the array.
    pub array: u32,
    /// Number that rises with every write.
    pub sequence: u8,
    /// What the bytes are that nothing is known of.
    pub filler: u8,
}

impl Default for Lsi {
    fn default() -> Self {
        Self {
            kind: 1,
            stride: 128,
            slots: [0, 1, 2, 3].map(|nth| Slot::of(nth, 2)),
            number: (0, 0),
            array: 0x1234_5678,
            sequence: 1,
            filler: 0,
        }
    }
}

impl Lsi {
    /// The sector.
    pub fn sector(&self) -> [u8; 512] {
        let mut out = [self.filler; 512];
        let mut put = |at: usize, bytes: &[u8]| out[at..at + bytes.len()].copy_from_slice(bytes);
        put(0x00, b"$XIDE$");
        put(0x07, &[self.sequence]);
        put(0x10, &[self.kind]);
        put(0x12, &self.stride.to_le_bytes());
        for (slot, at) in self.slots.iter().zip([0x20, 0x30, 0x40, 0x50]) {
            put(at, &[slot.place.0 + slot.place.1 * 16]);
            put(at + 2, &slot.magic.0.to_le_bytes());
            put(at + 4, &slot.magic.1.to_le_bytes());
            put(at + 6, &[slot.number.0, slot.number.1, slot.offline]);
        }
        put(0x1f0, &[self.number.0, self.number.1]);
        put(0x1f2, &self.array.to_le_bytes());
        out
    }

    /// A disk of so many sectors.
    pub fn disk_of(&self, sectors: u64) -> Image {
        Image::new("lsi", sectors * 512).with((sectors - 1) * 512, &self.sector())
    }

    /// A disk of the usual size.
    pub fn disk(&self) -> Image {
        self.disk_of(SECTORS)
    }

    /// The same with another slot in the table.
    fn with_slot(mut self, nth: usize, slot: Slot) -> Self {
        self.slots[nth] = slot;
        self
    }
}

/// A disk of a RAID 0 of two.
fn stripe(disk: u8) -> Lsi {
    Lsi { number: (disk, 0), ..Lsi::default() }
}

/// A disk of a RAID 0 of three or four.
fn wide(disk: u8, disks: u8) -> Lsi {
    let slot = |nth| if nth < disks { Slot::of(nth, disks) } else { Slot::default() };
    Lsi { slots: [0, 1, 2, 3].map(slot), ..stripe(disk) }
}

fn mirror(disk: u8) -> Lsi {
    Lsi { kind: 2, ..stripe(disk) }
}

/// A disk of a RAID 10 of four.
fn ten(disk: u8) -> Lsi {
    Lsi { kind: 3, slots: [0, 1, 2, 3].map(|nth| Slot::of(nth, 4)), ..stripe(disk) }
}

fn disks(members: impl IntoIterator<Item = Lsi>) -> Vec<Image> {
    members.into_iter().map(|member| member.disk()).collect()
}

fn fixed() -> Vec<Case> {
    let magic = super::flipped(stripe(0).disk(), (SECTORS - 1) * 512 + 5);
    let mut cases = [of_one_level(), tens(), strange()].concat();
    cases = cases.into_iter().map(shown).collect();
    cases.push(Case::new("lsi-magic", [magic]));
    cases
}

/// The case of disks that `-n` shows.
fn shown(case: Case) -> Case {
    case.that_differs(&["-n"], "dmraid-lsi-address")
}

fn of_one_level() -> Vec<Case> {
    let slots = "dmraid-lsi-slots";
    let sizes = [(stripe(0), SECTORS), (stripe(1), SECTORS - 8192)];
    let other = |disk: u8| Lsi { number: (disk, 1), ..mirror(disk) };
    vec![
        Case::new("lsi-stripe", disks([stripe(0), stripe(1)])),
        Case::new("lsi-stripe-out-of-order", disks([stripe(1), stripe(0)])),
        Case::new("lsi-stripe-1-of-2", disks([stripe(1)])),
        Case::new("lsi-stripe-3-of-2", disks([stripe(0), stripe(1), stripe(2)])),
        Case::new("lsi-stripe-sizes", sizes.map(|(disk, len)| disk.disk_of(len))),
        Case::new("lsi-stripe-strides", disks([stripe(0), Lsi { stride: 64, ..stripe(1) }])),
        Case::new("lsi-stripe-stride-0", disks([0, 1].map(|n| Lsi { stride: 0, ..stripe(n) })))
            .that_differs(&["-tay"], "dmraid-no-stride"),
        Case::new("lsi-stripe-of-3", disks([2, 0, 1].map(|n| wide(n, 3))))
            .that_differs(OF_SETS, slots),
        Case::new("lsi-stripe-of-4", disks([0, 1, 2, 3].map(|n| wide(n, 4))))
            .that_differs(OF_SETS, slots),
        Case::new("lsi-stripe-2-of-3", disks([0, 1].map(|n| wide(n, 3))))
            .that_differs(OF_SETS, slots),
        Case::new("lsi-mirror", disks([mirror(0), mirror(1)])),
        Case::new("lsi-mirror-out-of-order", disks([mirror(1), mirror(0)])),
        Case::new("lsi-mirror-1-of-2", disks([mirror(1)])),
        Case::new("lsi-mirror-3", disks([mirror(0), mirror(1), mirror(2)])),
        Case::new("lsi-mirror-stride-0", disks([0, 1].map(|n| Lsi { stride: 0, ..mirror(n) }))),
        Case::new("lsi-mirror-generations", disks([mirror(0), Lsi { sequence: 9, ..mirror(1) }])),
        Case::new("lsi-two-sets", disks([stripe(0), other(0), stripe(1), other(1)])),
    ]
}

fn tens() -> Vec<Case> {
    let half = "dmraid-lsi-half-a-ten";
    let cases = [
        ("lsi-ten", vec![0, 1, 2, 3]),
        ("lsi-ten-out-of-order", vec![3, 2, 1, 0]),
        ("lsi-ten-3-gone", vec![0, 1, 2]),
        ("lsi-ten-half-gone", vec![2, 3]),
        ("lsi-ten-1-of-4", vec![2]),
    ];
    let case = |(name, of): (&str, Vec<u8>)| {
        Case::new(name, disks(of.into_iter().map(ten))).that_differs(OF_SETS, half)
    };
    let far = Slot { place: (15, 15), ..Slot::of(0, 4) };
    let two_sets = (0..4).map(|n| Lsi { number: (n % 2, n / 2), ..ten(n) });
    cases
        .into_iter()
        .map(case)
        .chain([
            Case::new("lsi-ten-stripe-15", disks([ten(0).with_slot(0, far)]))
                .that_differs(OF_SETS, half),
            Case::new("lsi-ten-two-sets", disks(two_sets)).that_differs(OF_SETS, half),
        ])
        .collect()
}

fn strange() -> Vec<Case> {
    let offline = |nth: u8| Slot { offline: 1, ..Slot::of(nth, 2) };
    let half = "dmraid-lsi-half-a-ten";
    let memory = "dmraid-lsi-no-slot";
    vec![
        Case::new("lsi-offline", disks([0, 1].map(|n| mirror(n).with_slot(1, offline(1))))),
        Case::new(
            "lsi-offline-both",
            disks([0, 1].map(|n| mirror(n).with_slot(0, offline(0)).with_slot(1, offline(1)))),
        ),
        Case::new("lsi-type-0", disks([Lsi { kind: 0, ..stripe(0) }])),
        Case::new("lsi-type-4", disks([4, 255].map(|kind| Lsi { kind, ..stripe(0) }))),
        Case::new("lsi-types", disks([stripe(0), mirror(1)])),
        Case::new("lsi-array-0", disks([0, 1].map(|n| Lsi { array: 0, ..stripe(n) }))),
        Case::new(
            "lsi-array-max",
            disks([0, 1].map(|n| Lsi { array: u32::MAX, number: (n, 12), ..mirror(n) })),
        ),
        Case::new("lsi-slot-4", disks([0, 1].map(|n| Lsi { number: (n, 2), ..stripe(n) }))),
        Case::new("lsi-slot-4-ten", disks([Lsi { number: (4, 0), ..ten(0) }]))
            .that_differs(OF_SETS, half),
        Case::new("lsi-slot-255", disks([stripe(255)])).that_differs(OF_SETS, memory),
        Case::new("lsi-slot-765-ten", disks([Lsi { number: (255, 255), ..ten(0) }]))
            .that_differs(OF_SETS, memory),
        Case::new("lsi-filler", disks([0, 1].map(|n| Lsi { filler: 0xe9, ..stripe(n) }))),
    ]
}

/// No RAID 10, and no RAID 0 of more than two: those differ on purpose.
fn odd(random: &mut Random) -> Case {
    let members = random.u8(1..=4);
    let kind = random.pick(&[1, 2]);
    let damaged = random.u8(1..=6);
    let disks = (0..members).map(|nth| {
        let kind = if random.once_in(8) { random.pick(&[0, 1, 2, 4]) } else { kind };
        let set = random.pick(&[0, 0, 0, 1, 2]);
        let disk = if random.once_in(8) { 20 } else { nth };
        let stride = random.pick(&[128, 128, 128, 64]);
        let (sequence, filler) = (random.u8(0..=255), random.pick(&[0, 0xe9]));
        let lsi = Lsi { kind, stride, number: (disk, set), sequence, filler, ..Lsi::default() };
        let offline = random.once_in(6);
        let slot = Slot { offline: 1, place: (random.u8(0..=15), 1), ..Slot::of(nth, 2) };
        let image = if offline { lsi.with_slot(nth.into(), slot) } else { lsi }.disk();
        if nth == damaged {
            super::flipped(image, (SECTORS - 1) * 512 + random.of(0..=5))
        } else {
            image
        }
    });
    shown(Case::new("", disks.collect::<Vec<_>>()))
}
