//! The RAID of the `JMB36x` chips.

use super::{Case, Image, Kind, OF_SETS, Random};

pub(super) const KIND: Kind = Kind { name: "jmicron", fixed, odd };

/// Sectors of the disks here, where nothing else is said.
const SECTORS: u64 = 65536;

/// How long the structure is.
const LEN: usize = 128;

/// What one disk's metadata say.
#[derive(Clone, Copy, Debug)]
pub struct Jmicron {
    /// 0 RAID 0, 1 RAID 1, 2 a stripe of mirrors, 3 JBOD, 5 RAID 5.
    pub mode: u8,
    /// Which disk it is, and in its last 4 bits which segment.
    pub identity: u32,
    /// Where its data begin, in sectors.
    pub base: u32,
    /// Length of its data: units of 65536 sectors, and sectors.
    pub range: (u32, u16),
    /// Its name.
    pub name: &'static [u8; 16],
    /// Stride: 2 sectors times 2 to the power of it.
    pub block: u8,
    /// Attribute; from bit 3 on, any bit says that the disk is broken.
    pub attribute: u16,
    /// Identities of spares.
    pub spares: [u32; 2],
    /// Identities of members.
    pub members: [u32; 8],
    /// What all words add up to: 0 and 1 are sound.
    pub sum: u16,
}

impl Default for Jmicron {
    fn default() -> Self {
        Self {
            mode: 0,
            identity: 0x10,
            base: 0,
            range: (0, 60_001),
            name: b"MYRAID\0\0\0\0\0\0\0\0\0\0",
            block: 5,
            attribute: 0,
            spares: [0, 0],
            members: first(2),
            sum: 0,
        }
    }
}

impl Jmicron {
    /// The structure.
    pub fn bytes(&self) -> [u8; LEN] {
        let mut out = [0; LEN];
        let mut put = |at: usize, bytes: &[u8]| out[at..at + bytes.len()].copy_from_slice(bytes);
        put(0x00, b"JM\0\x01");
        put(0x10, &self.identity.to_le_bytes());
        put(0x14, &self.base.to_le_bytes());
        put(0x18, &self.range.0.to_le_bytes());
        put(0x1c, &self.range.1.to_le_bytes());
        put(0x20, self.name);
        put(0x30, &[self.mode, self.block]);
        put(0x32, &self.attribute.to_le_bytes());
        for (nth, identity) in self.spares.iter().chain(&self.members).enumerate() {
            put(0x38 + 4 * nth, &identity.to_le_bytes());
        }
        let words = out.chunks_exact(2).map(|word| u16::from_le_bytes([word[0], word[1]]));
        let checksum = self.sum.wrapping_sub(words.fold(0, u16::wrapping_add));
        out[0x04..0x06].copy_from_slice(&checksum.to_le_bytes());
        out
    }

    /// A disk of so many sectors.
    pub fn disk_of(&self, sectors: u64) -> Image {
        Image::new("jmicron", sectors * 512).with((sectors - 1) * 512, &self.bytes())
    }

    /// A disk of the usual size.
    pub fn disk(&self) -> Image {
        self.disk_of(SECTORS)
    }
}

/// What a disk is called.
fn identity(disk: u8) -> u32 {
    0x10 * (u32::from(disk) + 1)
}

/// The members of an array of the first disks.
fn first(disks: u8) -> [u32; 8] {
    [0, 1, 2, 3, 4, 5, 6, 7].map(|nth| if nth < disks { identity(nth) } else { 0 })
}

fn member(mode: u8, disk: u8, disks: u8) -> Jmicron {
    Jmicron { mode, identity: identity(disk), members: first(disks), ..Jmicron::default() }
}

fn stripe(disk: u8) -> Jmicron {
    Jmicron { range: (0, 60_000), ..member(0, disk, 2) }
}

fn mirror(disk: u8) -> Jmicron {
    Jmicron { block: 0, ..member(1, disk, 2) }
}

/// A disk of a stripe of mirrors.
fn mirrors(disk: u8, disks: u8) -> Jmicron {
    member(2, disk, disks)
}

fn disks(members: impl IntoIterator<Item = Jmicron>) -> Vec<Image> {
    members.into_iter().map(|member| member.disk()).collect()
}

fn fixed() -> Vec<Case> {
    [of_one_level(), of_two_levels(), names(), strange()].concat()
}

fn of_one_level() -> Vec<Case> {
    let sizes = [(0, 60_000), (1, 50_000)];
    let other = |disk| Jmicron { name: b"OTHER\0\0\0\0\0\0\0\0\0\0\0", ..mirror(disk) };
    let at = |base, disk| Jmicron { base, range: (0, 30_001), ..mirror(disk) };
    vec![
        Case::new("jmicron-stripe", disks([stripe(0), stripe(1)])),
        Case::new("jmicron-stripe-out-of-order", disks([stripe(1), stripe(0)])),
        Case::new("jmicron-stripe-1-of-2", disks([stripe(1)])),
        Case::new("jmicron-stripe-8", disks((0..8).rev().map(|n| member(0, n, 8)))),
        Case::new(
            "jmicron-stripe-sizes",
            disks(sizes.map(|(n, len)| Jmicron { range: (0, len), ..stripe(n) })),
        ),
        Case::new("jmicron-stripe-strides", disks([stripe(0), Jmicron { block: 6, ..stripe(1) }])),
        Case::new("jmicron-mirror", disks([mirror(0), mirror(1)])),
        Case::new("jmicron-mirror-out-of-order", disks([mirror(1), mirror(0)])),
        Case::new("jmicron-mirror-1-of-2", disks([mirror(0)])),
        Case::new("jmicron-mirror-3", disks((0..3).map(|n| member(1, n, 3)))),
        Case::new("jmicron-mirror-base", disks([at(100, 0), at(100, 1)])),
        Case::new("jmicron-mirror-bases", disks([at(100, 0), at(200, 1)])),
        Case::new(
            "jmicron-mirror-range",
            disks([0, 1].map(|n| Jmicron { range: (3, 7), ..mirror(n) })),
        ),
        Case::new("jmicron-jbod", disks([1, 0].map(|n| Jmicron { block: 0, ..member(3, n, 2) }))),
        Case::new("jmicron-jbod-1-of-2", disks([member(3, 0, 2)])),
        Case::new("jmicron-five", disks((0..3).map(|n| member(5, n, 3)))),
        Case::new("jmicron-two-sets", disks([stripe(0), other(0), stripe(1), other(1)])),
    ]
}

fn of_two_levels() -> Vec<Case> {
    let two = "dmraid-jmicron-mirror-of-two";
    let order = "dmraid-jmicron-mirrors";
    let of = |disks_of: &[u8]| disks(disks_of.iter().map(|disk| mirrors(*disk, 4)));
    vec![
        Case::new("jmicron-mirrors", of(&[0, 1, 2, 3])).that_differs(OF_SETS, two),
        Case::new("jmicron-mirrors-out-of-order", of(&[3, 1, 0, 2])).that_differs(OF_SETS, two),
        Case::new("jmicron-mirrors-1-gone", of(&[0, 2, 3])).that_differs(OF_SETS, two),
        Case::new("jmicron-mirrors-half-gone", of(&[2, 3])).that_differs(OF_SETS, two),
        Case::new("jmicron-mirrors-6", disks((0..6).map(|n| mirrors(n, 6))))
            .that_differs(OF_SETS, order),
        Case::new("jmicron-mirrors-6-half-gone", disks([4, 5, 0, 1].map(|n| mirrors(n, 6))))
            .that_differs(OF_SETS, order),
    ]
}

fn names() -> Vec<Case> {
    let end = "dmraid-name-field";
    let all = &["-r", "-r -c -c", "-n"];
    let named = |case: &str, name, mode| {
        let base = |n| Jmicron { name, ..member(mode, n, 2) };
        Case::new(&format!("jmicron-name-{case}"), disks([base(0), base(1)]))
    };
    vec![
        named("padded", b"MYRAID          ", 1),
        named("blanks", b"MY RAID 1   \0\0\0\0", 1),
        named("leading", b"  lead\0\0\0\0\0\0\0\0\0\0", 1),
        named("all-blanks", b"                ", 1),
        named("white", b"ABCDEFGHIJ\t\n\x0b\x0c\r ", 1),
        named("cut", b"AB\0DEFGHIJKL    ", 1),
        named("none", &[0; 16], 1),
        named("full", b"ABCDEFGHIJKLMNOP", 0),
        named("full-mirror", b"ABCDEFGHIJKLMNOP", 1)
            .that_differs(all, end)
            .that_differs(OF_SETS, end),
        named("latin-1", b"A/B \xe9\xa0\xa0\0\0\0\0\0\0\0\0\0", 1),
        named("full-latin-1", b"ABCDEFGHIJKLMN\xa0\xa0", 0),
        named("utf-8", b"\xc3\xa9\xe2\x82\xac \xf0\x9f\x98\x80\0\0\0\0\0\0", 1),
    ]
}

fn strange() -> Vec<Case> {
    let no_member = "dmraid-jmicron-stranger";
    let entries = "dmraid-jmicron-entries";
    let sizes = &["-s", "-s -s", "-s -c -c -c", "-s -g -c -c", "-tay"];
    let block = "dmraid-jmicron-stride";
    let sum = |sum| disks([0, 1].map(|n| Jmicron { sum, ..mirror(n) }));
    let of = |range| disks([Jmicron { range, ..stripe(0) }]);
    let other = |disk: Jmicron| Jmicron { identity: 0x90, ..disk };
    let id_0 = |identity| {
        let members = [0, 0x10, 0, 0, 0, 0, 0, 0];
        Jmicron { identity, members, ..stripe(0) }
    };
    let spares = [0x90, 0];
    vec![
        Case::new("jmicron-sum-1", sum(1)),
        Case::new("jmicron-sum-2", sum(2)),
        Case::new("jmicron-zero", of((0, 0))),
        Case::new("jmicron-zero-wraps", of((0x1_0000, 0))),
        Case::new("jmicron-range-wraps", of((0x1_0001, 5))),
        Case::new("jmicron-modes", disks([member(4, 0, 2), member(255, 1, 2)])),
        Case::new("jmicron-modes-differ", disks([member(0, 0, 2), member(1, 1, 2)])),
        Case::new(
            "jmicron-attributes",
            disks([0, 8, 7, 0x10].map(|attribute| Jmicron { attribute, ..mirror(0) })),
        ),
        Case::new(
            "jmicron-stripe-broken",
            disks([Jmicron { attribute: 8, ..stripe(0) }, stripe(1)]),
        ),
        Case::new("jmicron-no-members", disks([Jmicron { members: [0; 8], ..mirror(0) }])),
        Case::new("jmicron-other", disks([other(mirror(0)), mirror(0), mirror(1)]))
            .that_differs(OF_SETS, no_member),
        Case::new("jmicron-other-stripe", disks([other(stripe(0)), stripe(0)]))
            .that_differs(OF_SETS, no_member),
        Case::new(
            "jmicron-spare",
            disks([mirror(0), other(mirror(0)), mirror(1)].map(|d| Jmicron { spares, ..d })),
        )
        .that_differs(OF_SETS, no_member),
        Case::new("jmicron-disk-0", disks([0, 0x10].map(id_0)))
            .that_differs(&["-s -c -c -c", "-tay"], entries),
        Case::new(
            "jmicron-segments",
            disks([0x1f, 0x21].map(|identity| Jmicron { identity, ..stripe(0) })),
        ),
        Case::new("jmicron-block-28", disks([0, 1].map(|n| Jmicron { block: 28, ..stripe(n) })))
            .that_differs(&["-tay"], "dmraid-no-sectors"),
        Case::new("jmicron-block-31", disks([0, 1].map(|n| Jmicron { block: 31, ..stripe(n) })))
            .that_differs(sizes, block),
        Case::new("jmicron-block-255", disks([0, 1].map(|n| Jmicron { block: 255, ..stripe(n) })))
            .that_differs(sizes, block),
    ]
}

/// No disks that are not among the members, and no stripes of mirrors: those differ on purpose.
fn odd(random: &mut Random) -> Case {
    let count = random.u8(1..=5);
    let mode = random.pick(&[0, 1, 3]);
    let (missing, damaged) = (random.u8(0..=9), random.u8(0..=9));
    let disks = (0..count).filter(|disk| *disk != missing).map(|disk| {
        let mode = if random.once_in(8) { random.pick(&[0, 1, 5]) } else { mode };
        let base = member(mode, disk, count);
        let range = (random.pick(&[0, 0, 1]), random.pick(&[60_001, 60_001, 60_000, 0]));
        let name = random.pick(&[base.name, base.name, base.name, b"MYRAID          "]);
        let block = random.pick(&[5, 5, 5, 6, 0]);
        let attribute = if mode == 1 { 7 } else { random.pick(&[0, 0, 0, 8]) };
        let sum = random.pick(&[0, 0, 0, 1, 2]);
        let image = Jmicron { range, name, block, attribute, sum, ..base }.disk();
        if disk == damaged {
            super::flipped(image, (SECTORS - 1) * 512 + random.of(0..=127))
        } else {
            image
        }
    });
    Case::new("", disks.collect::<Vec<_>>())
}
