//! `Promise FastTrak`.

use super::{Case, Image, Kind, OF_DISKS, OF_SETS, Random};

pub(super) const KIND: Kind = Kind { name: "pdc", fixed, odd };

/// Sectors of the disks here, where nothing else is said.
const SECTORS: u64 = 65536;

/// Where the first metadata lie, where nothing else is said, and how far it is to the next.
const FROM_END: u64 = 63;
const NEXT: u64 = 14;

/// What the metadata of one array say.
#[derive(Clone, Copy, Debug)]
pub struct Pdc {
    /// Which disk of its set it is.
    pub number: u8,
    /// Where its data begin.
    pub start: u32,
    /// 0 RAID 0, 1 RAID 1 or 10, 2 RAID 10, 8 span.
    pub kind: u8,
    /// Members.
    pub disks: u8,
    /// Chunk, as a power of two in sectors.
    pub shift: u8,
    /// Size of the array.
    pub sectors: u32,
    /// Number of the set.
    pub set: u32,
    /// How much the checksum is more than it should be.
    pub off_by: u32,
    /// Rises with every write.
    pub generation: u16,
    /// Flags of the members, where they and the disks have identities that agree: 2 online, 0x40 failed.
    pub flags: Option<[u8; 3]>,
}

impl Default for Pdc {
    fn default() -> Self {
        Self {
            number: 0,
            start: 0,
            kind: 0,
            disks: 2,
            shift: 7,
            sectors: 120_000,
            set: 0x4444_4444,
            off_by: 0,
            generation: 0,
            flags: None,
        }
    }
}

impl Pdc {
    /// The metadata.
    pub fn bytes(&self) -> [u8; 2048] {
        let mut out = [0; 2048];
        let mut put = |at: usize, bytes: &[u8]| out[at..at + bytes.len()].copy_from_slice(bytes);
        put(0x000, b"Promise Technology, Inc.");
        put(0x01c, &[0x11; 4]);
        put(0x024, &[0x22; 4]);
        put(0x200, &[0, 2, 0, 0, 0, self.number]);
        put(0x208, &[0x33; 4]);
        put(0x210, &self.start.to_le_bytes());
        put(0x21e, &[0x0f, self.kind, self.disks, self.shift, 2]);
        put(0x224, &self.sectors.to_le_bytes());
        put(0x22c, &self.set.to_le_bytes());
        for nth in 0..self.disks.min(8) {
            put(0x234 + usize::from(nth) * 12, &[0, 0, nth, 0, nth, 5, 0, 0, nth]);
        }
        let mut put = |at: usize, bytes: &[u8]| out[at..at + bytes.len()].copy_from_slice(bytes);
        put(0x21c, &self.generation.to_le_bytes());
        if let Some(flags) = self.flags {
            put(0x208, &identity(self.number));
            for (nth, flags) in (0..self.disks).zip(flags) {
                let at = 0x234 + usize::from(nth) * 12;
                put(at, &[flags, nth, nth, 0]);
                put(at + 4, &identity(nth));
            }
        }
        let words = out[..0x7fc].chunks_exact(4);
        let words = words.map(|word| word.try_into().map_or(0, u32::from_le_bytes));
        let sum = words.fold(self.off_by, u32::wrapping_add);
        out[0x7fc..].copy_from_slice(&sum.to_le_bytes());
        out
    }

    /// A disk of the usual size.
    pub fn disk(&self) -> Image {
        disk_at(SECTORS, SECTORS - FROM_END, &[*self])
    }
}

/// The identity of the disk of this number.
fn identity(number: u8) -> [u8; 8] {
    [0x33, 0x33, 0x33, 0x33, number, 0, 0, 0x5d]
}

/// A disk of so many sectors, with the metadata of these arrays, the first in this sector.
fn disk_at(sectors: u64, first: u64, arrays: &[Pdc]) -> Image {
    let places = (0..).map(|nth| (first + nth * NEXT) * 512);
    places
        .zip(arrays)
        .fold(Image::new("pdc", sectors * 512), |image, (at, array)| image.with(at, &array.bytes()))
}

/// A disk of the usual size with the metadata of several arrays.
fn several(arrays: &[Pdc]) -> Image {
    disk_at(SECTORS, SECTORS - 255, arrays)
}

fn stripe(number: u8, disks: u8) -> Pdc {
    Pdc { number, disks, sectors: 60_000 * u32::from(disks), ..Pdc::default() }
}

fn mirror(number: u8, disks: u8) -> Pdc {
    Pdc { kind: 1, number, disks, shift: 0, sectors: 60_001, ..Pdc::default() }
}

fn ten(number: u8, disks: u8) -> Pdc {
    Pdc { kind: 1, number, disks, sectors: 30_000 * u32::from(disks), ..Pdc::default() }
}

fn span(number: u8, disks: u8) -> Pdc {
    Pdc { kind: 8, number, disks, shift: 0, ..Pdc::default() }
}

fn disks(members: impl IntoIterator<Item = Pdc>) -> Vec<Image> {
    members.into_iter().map(|member| member.disk()).collect()
}

/// What a case of a RAID 10 differs in.
fn ten_case(name: &str, disks: Vec<Image>) -> Case {
    let why = "dmraid-pdc-ten-shown";
    Case::new(name, disks).that_differs(&["-n"], why)
}

/// What is missing of a set is not to be mapped to.
const ZEROS: &str = "dmraid-missing-as-zeros";

/// What is left of a mirror of stripes.
const LINE: &str = "dmraid-half-a-mirror";

/// What a small disk differs in.
const SMALL: &str = "dmraid-small-disk";

fn fixed() -> Vec<Case> {
    [levels(), tens(), arrays(), places(), damages(), disagreeing(), stale()].concat()
}

fn levels() -> Vec<Case> {
    vec![
        Case::new("pdc-stripe", disks([stripe(0, 2), stripe(1, 2)])),
        Case::new("pdc-stripe-out-of-order", disks([stripe(2, 3), stripe(0, 3), stripe(1, 3)])),
        Case::new("pdc-stripe-1-of-2", disks([stripe(0, 2)])),
        Case::new("pdc-stripe-7", disks((0..7).map(|number| stripe(number, 7)))),
        Case::new(
            "pdc-stripe-odd-sectors",
            disks([0, 1].map(|n| Pdc { sectors: 120_001, ..stripe(n, 2) })),
        ),
        Case::new("pdc-mirror", disks([mirror(0, 2), mirror(1, 2)])),
        Case::new("pdc-mirror-out-of-order", disks([mirror(1, 2), mirror(0, 2)])),
        Case::new("pdc-mirror-3", disks([0, 1, 2].map(|number| mirror(number, 3)))),
        Case::new("pdc-mirror-1-of-2", disks([mirror(0, 2)])),
        Case::new("pdc-mirror-2-of-3", disks([mirror(0, 3), mirror(1, 3)])),
        Case::new("pdc-mirror-of-1", disks([mirror(0, 1)])),
        Case::new("pdc-mirror-stride", disks([0, 1].map(|n| Pdc { shift: 7, ..mirror(n, 2) }))),
        Case::new("pdc-span", disks([span(0, 2), span(1, 2)])),
        Case::new("pdc-span-4", disks([0, 1, 2, 3].map(|number| span(number, 4)))),
        Case::new("pdc-span-1-of-2", disks([span(1, 2)])),
    ]
}

fn tens() -> Vec<Case> {
    let explicit = |number| Pdc { kind: 2, ..ten(number, 2) };
    let of_one = "dmraid-pdc-no-member";
    vec![
        ten_case("pdc-ten", disks([0, 1, 2, 3].map(|number| ten(number, 4)))),
        ten_case("pdc-ten-out-of-order", disks([3, 2, 1, 0].map(|number| ten(number, 4)))),
        ten_case("pdc-ten-3-of-4", disks([0, 1, 2].map(|number| ten(number, 4))))
            .that_differs(&["-tay"], ZEROS),
        ten_case("pdc-ten-2-of-4", disks([0, 1].map(|number| ten(number, 4))))
            .that_differs(&["-tay"], LINE),
        ten_case("pdc-ten-6", disks([0, 1, 2, 3, 4, 5].map(|number| ten(number, 6)))),
        ten_case("pdc-ten-5", disks([0, 1, 2, 3, 4].map(|number| ten(number, 5))))
            .that_differs(&["-tay"], ZEROS),
        Case::new("pdc-ten-explicit", disks([explicit(0), explicit(1)])),
        Case::new("pdc-ten-of-1", disks([Pdc { disks: 1, ..explicit(0) }]))
            .that_differs(OF_DISKS, of_one)
            .that_differs(OF_SETS, of_one),
    ]
}

/// Several arrays on the same disks.
fn arrays() -> Vec<Case> {
    let first = |number| Pdc { sectors: 60_000, set: 0x1000, ..stripe(number, 2) };
    let second = |number| Pdc { sectors: 20_000, start: 30_000, set: 0x2000, ..mirror(number, 2) };
    let two = |with: fn(Pdc) -> Pdc| [0, 1].map(|n| several(&[first(n), with(second(n))]));
    let five = |number| (0..5).map(move |nth| Pdc { set: 0x1000 + nth, ..first(number) });
    let quarters = |number: u8| {
        let below = Pdc { set: 0x1000 + u32::from(number / 2), ..first(number % 2) };
        let above = Pdc { set: 0x2000, start: 30_000, sectors: 20_000, ..ten(number, 4) };
        several(&[below, above])
    };
    let room = "dmraid-pdc-room";
    let end = "dmraid-pdc-span";
    vec![
        Case::new("pdc-start-of-first", disks([0, 1].map(|n| Pdc { start: 64, ..stripe(n, 2) }))),
        Case::new("pdc-2-arrays", two(|array| array)),
        Case::new("pdc-2-arrays-checksum", two(|array| Pdc { off_by: 1, ..array })),
        Case::new("pdc-2-arrays-type-3", two(|array| Pdc { kind: 3, ..array })),
        Case::new("pdc-2-arrays-9-disks", two(|array| Pdc { disks: 9, ..array }))
            .that_differs(&["-n"], room),
        Case::new(
            "pdc-2-arrays-span-past-the-end",
            two(|array| Pdc { kind: 8, start: u32::MAX, ..array }),
        )
        .that_differs(OF_SETS, end),
        Case::new("pdc-2-arrays-zero-sectors", two(|array| Pdc { sectors: 0, ..array })),
        Case::new("pdc-2-arrays-same-set", two(|array| Pdc { set: 0x1000, ..array })),
        Case::new("pdc-2-arrays-span", two(|array| Pdc { kind: 8, ..array }))
            .that_differs(&["-s", "-s -s", "-s -c -c -c", "-s -g -c -c", "-tay"], end),
        Case::new("pdc-2-arrays-ten", [0, 1, 2, 3].map(quarters).to_vec()),
        Case::new("pdc-5-arrays", [0, 1].map(|number| several(&five(number).collect::<Vec<_>>()))),
    ]
}

fn places() -> Vec<Case> {
    let at = |back| [0, 1].map(|n| disk_at(SECTORS, SECTORS - back, &[mirror(n, 2)]));
    let usual = [255, 256, 399, 591, 675, 735, 911, 951, 974, 991];
    let later = "dmraid-pdc-later-versions";
    let quiet = "dmraid-pdc-past-the-end";
    let far = disk_at(300_000_000, 268_435_377, &[stripe(0, 2)]);
    let far_span = disk_at(300_000_000, 268_435_377, &[span(0, 1)]);
    let end = "dmraid-pdc-span";
    let mut cases: Vec<Case> =
        usual.iter().map(|back| Case::new(&format!("pdc-at-{back}"), at(*back))).collect();
    cases.extend([
        Case::new("pdc-at-16", at(16)).that_differs(OF_DISKS, quiet).that_differs(OF_SETS, quiet),
        Case::new("pdc-at-3087", at(3087))
            .that_differs(OF_DISKS, later)
            .that_differs(OF_SETS, later),
        Case::new("pdc-at-62", at(62)),
        Case::new("pdc-far", [far]),
        Case::new("pdc-far-span", [far_span]).that_differs(
            &["-r", "-r -c -c", "-s", "-s -s", "-s -c -c -c", "-s -g -c -c", "-tay"],
            end,
        ),
        Case::new("pdc-smallest-disk", [disk_at(64, 1, &[span(0, 1)])])
            .that_differs(OF_DISKS, SMALL)
            .that_differs(OF_SETS, SMALL),
    ]);
    cases
}

fn damages() -> Vec<Case> {
    let pair = |with: fn(Pdc) -> Pdc| disks([stripe(0, 2), stripe(1, 2)].map(with));
    vec![
        Case::new("pdc-checksum", pair(|d| Pdc { off_by: 1, ..d })),
        Case::new("pdc-type-3", pair(|d| Pdc { kind: 3, ..d })),
        Case::new("pdc-0-disks", pair(|d| Pdc { disks: 0, ..d })),
        Case::new("pdc-8-disks", pair(|d| Pdc { disks: 8, ..d })),
        Case::new("pdc-zero-sectors", pair(|d| Pdc { sectors: 1, ..d })),
        Case::new("pdc-no-chunk", pair(|d| Pdc { sectors: 100, ..d }))
            .that_differs(&["-tay"], "dmraid-no-whole-chunk"),
        Case::new("pdc-largest", pair(|d| Pdc { sectors: u32::MAX, set: u32::MAX, ..d })),
    ]
}

fn disagreeing() -> Vec<Case> {
    let second = |disk: Pdc| Pdc { set: 0x99, ..disk };
    vec![
        Case::new("pdc-strides", disks([stripe(0, 2), Pdc { shift: 6, ..stripe(1, 2) }])),
        Case::new("pdc-kinds", disks([stripe(0, 2), Pdc { shift: 7, ..mirror(1, 2) }])),
        Case::new("pdc-counts", disks([mirror(0, 2), mirror(1, 3)])),
        Case::new("pdc-same-number", disks([stripe(1, 2), stripe(1, 2)])),
        Case::new(
            "pdc-two-sets",
            disks([mirror(0, 2), second(stripe(0, 2)), mirror(1, 2), second(stripe(1, 2))]),
        ),
    ]
}

/// Disks that dropped out, and came back; others were only written to a moment later than these.
fn stale() -> Vec<Case> {
    let newest = "dmraid-stale-member";
    let of = |flags, generation| {
        move |number| Pdc { flags: Some(flags), generation, ..mirror(number, 2) }
    };
    let (before, after) = (of([7, 7, 0], 9), of([7, 0x45, 0], 12));
    let (last, wrapped) = (of([7, 7, 0], u16::MAX), of([7, 0x45, 0], 1));
    let below = |number| Pdc { sectors: 60_000, set: 0x1000, ..stripe(number, 2) };
    let above = |array: Pdc| Pdc { sectors: 20_000, start: 30_000, set: 0x2000, ..array };
    let two = |array: Pdc| several(&[below(array.number), above(array)]);
    vec![
        Case::new("pdc-stale-mirror", disks([after(0), before(1)])).that_differs(OF_SETS, newest),
        Case::new("pdc-stale-mirror-first", disks([before(1), after(0)]))
            .that_differs(OF_SETS, newest),
        Case::new("pdc-stale-wrapped", disks([wrapped(0), last(1)])).that_differs(OF_SETS, newest),
        Case::new("pdc-stale-of-2-arrays", [two(after(0)), two(before(1))])
            .that_differs(OF_SETS, newest),
        Case::new("pdc-older-healthy", disks([of([7, 7, 0], 10)(0), before(1)])),
    ]
}

fn odd(random: &mut Random) -> Case {
    let members = random.u8(1..=4);
    let disks = (0..members).map(|number| {
        let arrays: Vec<Pdc> = (0..random.u8(1..=5))
            .map(|nth| {
                let kind = random.pick(&[0, 1, 2, 3, 255, 8]);
                // A span of a further array ends elsewhere than the original says.
                let kind = if nth > 0 && kind == 8 { 0 } else { kind };
                let disks = if kind == 2 { 4 } else { random.pick(&[1, 2, 2, 3, 8]) };
                Pdc {
                    number: if random.once_in(6) { 9 } else { number },
                    start: random.pick(&[0, 30_000, u32::MAX]),
                    kind,
                    disks,
                    shift: random.pick(&[7, 7, 7, 6, 0, 255]),
                    sectors: random.pick(&[120_000, 60_000, 1, 0, u32::MAX]),
                    set: random.pick(&[1, 1, u32::from(nth)]),
                    off_by: u32::from(random.once_in(5)),
                    ..Pdc::default()
                }
            })
            .collect();
        let back = random.pick(&[63, 255, 256, 991]);
        let image = disk_at(SECTORS, SECTORS - back, &arrays);
        let at = (SECTORS - back) * 512 + random.of(0..=2047);
        if random.once_in(4) { super::flipped(image, at) } else { image }
    });
    Case::new("", disks.collect::<Vec<_>>())
}
