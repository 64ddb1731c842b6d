//! NVIDIA's RAID.

use super::{Case, Image, Kind, OF_SETS, Random};

pub(super) const KIND: Kind = Kind { name: "nvidia", fixed, odd };

/// Sectors of the disks here, where nothing else is said.
const SECTORS: u64 = 65536;

/// How long the structure is.
const LEN: usize = 120;

/// What one disk's metadata say.
#[derive(Clone, Copy, Debug)]
pub struct Nvidia {
    /// 0x80 RAID 0, 0x81 RAID 1, 0x83 RAID 3, 0x95 RAID 5, 0xff JBOD, 0x8180 a mirror of two RAID 0.
    pub level: u32,
    /// Which disk of the array it is.
    pub unit: u8,
    /// Disks in a stripe, without those for parity or mirroring.
    pub width: u8,
    /// Disks of the array, spares among them.
    pub total: u8,
    /// Stride, in sectors.
    pub stride: u32,
    /// Signature.
    pub signature: [u32; 4],
    /// Flags of the array: 1 boot, 2 error, 4 parity valid.
    pub flags: u32,
    /// Job.
    pub job: u8,
    /// Size of the structure, in words.
    pub words: u32,
    /// The mark, the product and its revision.
    pub texts: (&'static [u8; 8], &'static [u8; 16], &'static [u8; 4]),
}

impl Default for Nvidia {
    fn default() -> Self {
        Self {
            level: 0x80,
            unit: 0,
            width: 2,
            total: 2,
            stride: 128,
            signature: [0x1111_1111, 0x2222_2222, 0x3333_3333, 0x4444_4444],
            flags: 0,
            job: 0,
            words: 30,
            texts: (b"NVIDIA  ", b"TESTDISK        ", b"1.0\0"),
        }
    }
}

impl Nvidia {
    /// The structure.
    pub fn bytes(&self) -> [u8; LEN] {
        let mut out = [0; LEN];
        let mut put = |at: usize, bytes: &[u8]| out[at..at + bytes.len()].copy_from_slice(bytes);
        let stripe = self.stride.wrapping_mul(self.width.into());
        put(0x00, self.texts.0);
        put(0x08, &self.words.to_le_bytes());
        put(0x10, &[100, 0, self.unit]);
        put(0x14, &120_000_u32.to_le_bytes());
        put(0x18, &512_u32.to_le_bytes());
        put(0x1c, self.texts.1);
        put(0x2c, self.texts.2);
        put(0x34, &0x64_0044_u32.to_le_bytes());
        for (nth, word) in self.signature.iter().enumerate() {
            put(0x38 + 4 * nth, &word.to_le_bytes());
        }
        put(0x48, &[self.job, self.width, self.total, self.width]);
        put(0x4c, &self.level.to_le_bytes());
        put(0x50, &self.stride.to_le_bytes());
        put(0x54, &self.stride.wrapping_mul(512).to_le_bytes());
        put(0x58, &self.stride.checked_ilog2().unwrap_or(0).to_le_bytes());
        put(0x5c, &self.stride.wrapping_sub(1).to_le_bytes());
        put(0x60, &stripe.to_le_bytes());
        put(0x64, &stripe.wrapping_mul(512).to_le_bytes());
        put(0x74, &self.flags.to_le_bytes());
        let words = out.chunks_exact(4).map(|w| u32::from_le_bytes([w[0], w[1], w[2], w[3]]));
        let sum = words.fold(0, u32::wrapping_add).wrapping_neg();
        out[0x0c..0x10].copy_from_slice(&sum.to_le_bytes());
        out
    }

    /// A disk of so many sectors.
    pub fn disk_of(&self, sectors: u64) -> Image {
        Image::new("nvidia", sectors * 512).with((sectors - 2) * 512, &self.bytes())
    }

    /// A disk of the usual size.
    pub fn disk(&self) -> Image {
        self.disk_of(SECTORS)
    }
}

fn stripe(unit: u8, total: u8) -> Nvidia {
    Nvidia { unit, width: total, total, ..Nvidia::default() }
}

/// A disk of a mirror of two; those after it are spares.
fn mirror(unit: u8, total: u8) -> Nvidia {
    Nvidia { level: 0x81, unit, width: 1, total, ..Nvidia::default() }
}

/// A disk of a mirror of two RAID 0, each half of two; those after it are spares.
fn halves(unit: u8, total: u8) -> Nvidia {
    Nvidia { level: 0x8180, unit, width: 2, total, ..Nvidia::default() }
}

/// A disk of a RAID 5 of three; those after it are spares.
fn five(unit: u8, total: u8) -> Nvidia {
    Nvidia { level: 0x95, unit, width: 2, total, ..Nvidia::default() }
}

fn jbod(unit: u8, total: u8) -> Nvidia {
    Nvidia { level: 0xff, ..stripe(unit, total) }
}

fn disks(members: impl IntoIterator<Item = Nvidia>) -> Vec<Image> {
    members.into_iter().map(|member| member.disk()).collect()
}

fn fixed() -> Vec<Case> {
    let at_checksum = (SECTORS - 2) * 512 + 0x0c;
    let shown = [stripes_and_mirrors(), others(), strange()].concat();
    let mut cases: Vec<Case> = shown.into_iter().map(shown_with_the_next_byte).collect();
    let cut = (b"NVIDIA\0B", b"AB\0DEFGHIJKLMNOP", b"\0a\0b");
    cases.extend([
        Case::new("nvidia-texts-cut", disks([Nvidia { texts: cut, ..stripe(0, 2) }])),
        Case::new("nvidia-checksum", [super::flipped(stripe(0, 2).disk(), at_checksum)]),
        Case::new("nvidia-words", disks([Nvidia { words: 29, ..stripe(0, 2) }])),
    ]);
    cases
}

/// The case of disks that `-n` shows.
fn shown_with_the_next_byte(case: Case) -> Case {
    case.that_differs(&["-n"], "dmraid-nvidia-vendor-field")
}

fn stripes_and_mirrors() -> Vec<Case> {
    let spare = "dmraid-nvidia-spares";
    let sizes = [(stripe(0, 2), SECTORS), (stripe(1, 2), SECTORS - 8192)];
    let [bad, good] = [2, 0].map(|flags| move |unit| Nvidia { flags, ..mirror(unit, 2) });
    vec![
        Case::new("nvidia-stripe", disks([stripe(0, 2), stripe(1, 2)])),
        Case::new("nvidia-stripe-3-out-of-order", disks([2, 0, 1].map(|n| stripe(n, 3)))),
        Case::new("nvidia-stripe-1-of-2", disks([stripe(1, 2)])),
        Case::new("nvidia-stripe-sizes", sizes.map(|(disk, len)| disk.disk_of(len))),
        Case::new("nvidia-stripe-twice-0", disks([stripe(0, 2), stripe(0, 2)])),
        Case::new(
            "nvidia-stripe-strides",
            disks([stripe(0, 2), Nvidia { stride: 64, ..stripe(1, 2) }]),
        ),
        Case::new(
            "nvidia-stripe-broken",
            disks([0, 1].map(|n| Nvidia { flags: 2, ..stripe(n, 2) })),
        ),
        Case::new(
            "nvidia-stripe-spare",
            disks([0, 1, 2].map(|n| Nvidia { width: 2, ..stripe(n, 3) })),
        ),
        Case::new(
            "nvidia-stripe-too-many",
            disks([0, 1, 2].map(|n| Nvidia { total: 2, ..stripe(n, 3) })),
        ),
        Case::new("nvidia-mirror", disks([mirror(0, 2), mirror(1, 2)])),
        Case::new("nvidia-mirror-out-of-order", disks([mirror(1, 2), mirror(0, 2)])),
        Case::new("nvidia-mirror-1-of-2", disks([mirror(1, 2)])),
        Case::new("nvidia-mirror-broken", disks([good(0), bad(1)])),
        Case::new("nvidia-mirror-both-broken", disks([bad(0), bad(1)])),
        Case::new(
            "nvidia-mirror-jobs",
            disks([0, 1].map(|n| Nvidia { job: 3, flags: 5, ..mirror(n, 2) })),
        ),
        Case::new("nvidia-mirror-spare", disks([0, 1, 2].map(|n| mirror(n, 3))))
            .that_differs(OF_SETS, spare),
        Case::new("nvidia-mirror-spare-first", disks([2, 1, 0].map(|n| mirror(n, 3))))
            .that_differs(OF_SETS, spare),
        Case::new("nvidia-mirror-spare-for-missing", disks([0, 2].map(|n| mirror(n, 3))))
            .that_differs(OF_SETS, spare),
        Case::new("nvidia-spare-only", disks([mirror(2, 3)])).that_differs(OF_SETS, spare),
    ]
}

fn others() -> Vec<Case> {
    let spare = "dmraid-nvidia-spares";
    let level = |level| move |unit| Nvidia { level, ..five(unit, 3) };
    let other = |disk: Nvidia| Nvidia { signature: [1, 2, 3, 0x1234_5678], ..disk };
    vec![
        Case::new("nvidia-halves", disks((0..4).map(|n| halves(n, 4)))),
        Case::new("nvidia-halves-out-of-order", disks([3, 0, 2, 1].map(|n| halves(n, 4)))),
        Case::new("nvidia-halves-3-gone", disks((0..3).map(|n| halves(n, 4)))),
        Case::new("nvidia-halves-0-and-1-gone", disks([2, 3].map(|n| halves(n, 4))))
            .that_differs(&["-tay"], "dmraid-half-a-mirror"),
        Case::new("nvidia-halves-spare", disks((0..5).map(|n| halves(n, 5)))),
        Case::new("nvidia-halves-2-spares", disks((0..6).map(|n| halves(n, 6))))
            .that_differs(OF_SETS, spare),
        Case::new("nvidia-five", disks((0..3).map(|n| five(n, 3)))),
        Case::new("nvidia-five-2-of-3", disks((0..2).map(|n| five(n, 3)))),
        Case::new(
            "nvidia-five-broken",
            disks((0..3).map(|n| Nvidia { flags: u32::from(n == 1) * 2, ..five(n, 3) })),
        ),
        Case::new("nvidia-five-spare", disks((0..4).map(|n| five(n, 4))))
            .that_differs(OF_SETS, spare),
        Case::new("nvidia-jbod", disks([2, 0, 1].map(|n| jbod(n, 3)))),
        Case::new("nvidia-jbod-width-1", disks([1, 0].map(|n| Nvidia { width: 1, ..jbod(n, 2) }))),
        Case::new("nvidia-level-83", disks((0..3).map(level(0x83)))),
        Case::new("nvidia-level-85", disks((0..3).map(level(0x85)))),
        Case::new("nvidia-level-8a", disks((0..3).map(level(0x8a)))),
        Case::new("nvidia-level-max", disks((0..2).map(level(u32::MAX)))),
        Case::new("nvidia-level-0", disks((0..3).map(level(0)))),
        Case::new("nvidia-levels", disks([stripe(0, 2), Nvidia { width: 2, ..mirror(1, 2) }])),
        Case::new(
            "nvidia-two-sets",
            disks([stripe(0, 2), other(mirror(0, 2)), stripe(1, 2), other(mirror(1, 2))]),
        ),
    ]
}

fn strange() -> Vec<Case> {
    let named = |signature| disks([0, 1].map(|n| Nvidia { signature, ..stripe(n, 2) }));
    let with = |texts| disks([Nvidia { texts, ..stripe(0, 2) }]);
    vec![
        Case::new("nvidia-name", named([0x1234_5678, 0xf0f0_f0f0, 0x90, 9])),
        Case::new("nvidia-name-0", named([0; 4])),
        Case::new("nvidia-stride-0", disks([0, 1].map(|n| Nvidia { stride: 0, ..stripe(n, 2) })))
            .that_differs(&["-tay"], "dmraid-no-stride"),
        Case::new("nvidia-total-0", disks([Nvidia { total: 0, ..stripe(0, 2) }])),
        Case::new("nvidia-width-0", disks([Nvidia { width: 0, ..stripe(0, 2) }])),
        Case::new("nvidia-width-200", disks([Nvidia { width: 200, ..mirror(150, 200) }]))
            .that_differs(OF_SETS, "dmraid-nvidia-disks"),
        Case::new("nvidia-texts-full", with((b"NVIDIAAB", b"FULLPRODUCTNAMEX", b"abcd"))),
        Case::new(
            "nvidia-texts-odd",
            with((b"NVIDIA\xe9\x01", b"\xe9\x01\x02 PRODUCT   \n ", b"\xe9\x01 \n")),
        ),
    ]
}

/// Levels, and the width and the number of disks that fit them: no spares, which differ on purpose.
const SOUND: [(u32, u8, u8); 12] = [
    (0x80, 2, 2),
    (0x80, 3, 3),
    (0x81, 1, 2),
    (0x81, 2, 4),
    (0x95, 2, 3),
    (0xff, 2, 2),
    (0x8180, 2, 4),
    (0x8180, 3, 6),
    (0x83, 2, 3),
    (0x85, 2, 3),
    (0x8a, 2, 4),
    (0x00, 2, 2),
];

fn odd(random: &mut Random) -> Case {
    let (level, width, total) = random.pick(&SOUND);
    let is_halves = level == 0x8180;
    let may_spare = ![0x81, 0xff, 0x8180].contains(&level);
    let members = match level {
        0x8180 => total,
        _ => random.u8(1..=if may_spare { 5 } else { total }),
    };
    let (first, damaged) = (random.u8(0..=5), random.u8(0..=9));
    let disks = (0..members).map(|nth| {
        let unit = if is_halves { (first + nth) % total } else { nth };
        let unit = if may_spare && random.once_in(8) { 9 } else { unit };
        let stride = if is_halves { 64 } else { random.pick(&[128, 128, 128, 64]) };
        let may_break = [0x80, 0x95, 0xff].contains(&level);
        let flags = if may_break { random.pick(&[0, 0, 0, 2]) } else { random.pick(&[0, 1, 4]) };
        let nvidia = Nvidia { level, unit, width, total, stride, flags, ..Nvidia::default() };
        if nth == damaged {
            super::flipped(nvidia.disk(), (SECTORS - 2) * 512 + random.of(0..=119))
        } else {
            nvidia.disk()
        }
    });
    let case = Case::new("", disks.collect::<Vec<_>>());
    if members == 1 && damaged == 0 { case } else { shown_with_the_next_byte(case) }
}
