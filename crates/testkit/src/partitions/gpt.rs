//! GPT images: each copy is written as it is said, with checksums that hold or not.

use super::{Image, Kind, MIB, Random, dos};

pub(super) const KIND: Kind = Kind { name: "gpt", fixed, odd };

/// The bytes of an entry.
const ENTRY: usize = 128;

/// One copy of a table, to be written.
#[derive(Clone, Debug)]
pub struct Copy {
    /// Revision of the format.
    pub revision: u32,
    /// Length of the header.
    pub len: u32,
    /// The block that the header says it is in; it is written to `at`.
    pub lba: u64,
    /// The block that the header is written to.
    pub at: u64,
    /// The block of the other copy.
    pub alternate: u64,
    /// First and last usable block.
    pub usable: (u64, u64),
    /// The disk's GUID.
    pub disk: [u8; 16],
    /// Where the entries begin.
    pub entries_lba: u64,
    /// The number of entries that is said.
    pub count: u32,
    /// The size of an entry that is said.
    pub entry_size: u32,
    /// The entries.
    pub entries: Vec<u8>,
}

impl Copy {
    /// Writes it, with checksums that hold.
    pub fn write(&self, image: &mut Image) {
        let block = u64::from(image.block);
        let len = usize::try_from(block.max(self.len.into())).unwrap_or(512).min(65536);
        let mut header = vec![0; len];
        let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, b"EFI PART");
        put(8, &self.revision.to_le_bytes());
        put(12, &self.len.to_le_bytes());
        put(24, &self.lba.to_le_bytes());
        put(32, &self.alternate.to_le_bytes());
        put(40, &self.usable.0.to_le_bytes());
        put(48, &self.usable.1.to_le_bytes());
        put(56, &self.disk);
        put(72, &self.entries_lba.to_le_bytes());
        put(80, &self.count.to_le_bytes());
        put(84, &self.entry_size.to_le_bytes());
        put(88, &crc32(&self.entries).to_le_bytes());
        let summed = usize::try_from(self.len).unwrap_or(0).min(header.len());
        let crc = crc32(&header[..summed]);
        header[16..20].copy_from_slice(&crc.to_le_bytes());
        image.put(self.at * block, &header[..usize::try_from(block).unwrap_or(512)]);
        image.put(self.entries_lba.saturating_mul(block), &self.entries);
    }

    /// Sets the extent of the entry `nth`, which becomes a Linux filesystem.
    pub fn set(&mut self, nth: usize, first: u64, last: u64) {
        let from = nth * ENTRY;
        if self.entries.len() < from + ENTRY {
            self.entries.resize(from + ENTRY, 0);
        }
        let entry = &mut self.entries[from..from + ENTRY];
        entry[..16].copy_from_slice(&LINUX);
        entry[16..32].copy_from_slice(&[u8::try_from(nth % 251).unwrap_or(0) + 1; 16]);
        entry[32..40].copy_from_slice(&first.to_le_bytes());
        entry[40..48].copy_from_slice(&last.to_le_bytes());
        for (unit, letter) in entry[56..].chunks_exact_mut(2).zip(format!("part {nth}").bytes()) {
            unit[0] = letter;
        }
    }
}

/// The type of a Linux filesystem.
const LINUX: [u8; 16] = [
    0xAF, 0x3D, 0xC6, 0x0F, 0x83, 0x84, 0x72, 0x47, 0x8E, 0x79, 0x3D, 0x69, 0xD8, 0x47, 0x7D, 0xE4,
];

/// CRC-32, by the remainders of all bytes.
pub fn crc32(bytes: &[u8]) -> u32 {
    let divide =
        |value: u32, _| if value & 1 == 1 { 0xEDB8_8320 ^ (value >> 1) } else { value >> 1 };
    let remainders: Vec<u32> = (0..256).map(|byte| (0..8).fold(byte, divide)).collect();
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        let [low, ..] = crc.to_le_bytes();
        remainders[usize::from(low ^ byte)] ^ (crc >> 8)
    })
}

/// Both copies of a table of `count` entries, for an image of this size and block.
pub fn pair(size: u64, block: u32, count: u32, extents: &[(usize, u64, u64)]) -> [Copy; 2] {
    let last = (size / u64::from(block)).saturating_sub(1);
    let blocks = (u64::from(count) * 128).div_ceil(block.into());
    let mut primary = Copy {
        revision: 0x0001_0000,
        len: 92,
        lba: 1,
        at: 1,
        alternate: last,
        usable: (2 + blocks, last.saturating_sub(1 + blocks)),
        disk: [0x42; 16],
        entries_lba: 2,
        count,
        entry_size: 128,
        entries: vec![0; usize::try_from(count).unwrap_or(0) * ENTRY],
    };
    for (nth, first, end) in extents {
        primary.set(*nth, *first, *end);
    }
    let entries_lba = last.saturating_sub(blocks);
    let backup = Copy { lba: last, at: last, alternate: 1, entries_lba, ..primary.clone() };
    [primary, backup]
}

/// A protective MBR.
pub fn pmbr(image: &mut Image) {
    let blocks = u32::try_from(image.size / u64::from(image.block)).unwrap_or(u32::MAX);
    image.put(0, &dos::record(&[dos::entry(0xEE, 1, blocks.saturating_sub(1))]));
}

/// The extents of the usual image: entries 1, 3 and 128.
const USUAL: [(usize, u64, u64); 3] = [(0, 2048, 4095), (2, 4096, 8191), (127, 8192, 10239)];

/// The usual image of 16 MiB, its copies changed by `change`.
fn usual(name: &str, change: impl FnOnce(&mut Copy, &mut Copy)) -> Image {
    made(Image::new(name, 16 * MIB), 128, &USUAL, change)
}

fn made(
    mut image: Image,
    count: u32,
    extents: &[(usize, u64, u64)],
    change: impl FnOnce(&mut Copy, &mut Copy),
) -> Image {
    let [mut primary, mut backup] = pair(image.size, image.block, count, extents);
    change(&mut primary, &mut backup);
    pmbr(&mut image);
    primary.write(&mut image);
    backup.write(&mut image);
    image
}

fn both(change: impl Fn(&mut Copy)) -> impl FnOnce(&mut Copy, &mut Copy) {
    move |primary, backup| {
        change(primary);
        change(backup);
    }
}

fn fixed() -> Vec<Image> {
    let mut images = whole();
    images.extend(damaged());
    images.extend(disagreeing());
    images.extend(strange());
    images
}

fn whole() -> Vec<Image> {
    let hybrid = [dos::entry(0x83, 2048, 2048), dos::entry(0xEE, 1, 100)];
    let large = [(0, 2048, 4095), (255, 4096, 6143), (256, 6144, 8191), (299, 8192, 9000)];
    let small = |name, block| {
        made(
            Image::new(name, 64 * MIB).with_block(block),
            128,
            &[(0, 256, 511), (1, 512, 1023)],
            both(|_| {}),
        )
    };
    vec![
        usual("gpt-ok", both(|_| {})),
        usual("gpt-rev", both(|copy| copy.revision = 0x0002_0000)),
        usual("gpt-hdr512", both(|copy| copy.len = 512)),
        usual("gpt-hybrid", both(|_| {})).with(0, &dos::record(&hybrid)),
        usual("gpt-empty", both(|copy| copy.entries.fill(0))),
        made(Image::new("gpt-300", 16 * MIB), 300, &large, both(|_| {})),
        small("gpt-512hand", 512),
        small("gpt-1k", 1024),
        small("gpt-2k", 2048),
        small("gpt-4k", 4096),
        small("gpt-4k-as-512", 4096).with_block(512),
        small("gpt-512-as-4k", 512).with_block(4096),
        usual("gpt-one-entry", |primary, backup| {
            for copy in [primary, backup] {
                copy.count = 1;
                copy.entries.truncate(ENTRY);
            }
        }),
        made(
            Image::new("gpt-32768-entries", 16 * MIB),
            32768,
            &[(3, 9000, 9999), (30000, 1, 2)],
            both(|_| {}),
        ),
    ]
}

fn damaged() -> Vec<Image> {
    let ok = |name| usual(name, both(|_| {}));
    let last = 16 * MIB - 512;
    let mut forced = ok("gpt-nopmbr-forced").with(0, &[0; 512]);
    forced.force_gpt = true;
    let mut dos_forced =
        ok("gpt-dosmbr-forced").with(0, &dos::record(&[dos::entry(0x83, 2048, 100)]));
    dos_forced.force_gpt = true;
    vec![
        ok("gpt-trunc").with_size(16 * MIB - 4096),
        ok("gpt-grown").with_size(20 * MIB),
        ok("gpt-pri-bad").with(512, b"X"),
        ok("gpt-pri-bad-guid").with(512 + 56, b"X"),
        ok("gpt-pri-entries-bad").with(1024 + 200, b"X"),
        ok("gpt-sec-bad").with(last, b"X"),
        ok("gpt-sec-bad-crc").with(last + 16, b"X"),
        ok("gpt-both-bad").with(512, b"X").with(last, b"X"),
        ok("gpt-both-crc-bad").with(512 + 17, b"XX").with(last + 17, b"XX"),
        ok("gpt-nopmbr").with(0, &[0; 512]),
        forced,
        ok("gpt-dosmbr").with(0, &dos::record(&[dos::entry(0x83, 2048, 100)])),
        dos_forced,
        ok("gpt-pmbr-unsigned").with(510, &[0, 0]),
        ok("gpt-grown-pribad").with(512, b"X").with_size(20 * MIB),
        ok("gpt-only-headers").with_size(1024),
        ok("gpt-cut-entries").with_size(1536),
    ]
}

fn disagreeing() -> Vec<Image> {
    vec![
        usual("gpt-guidmismatch", |_, backup| {
            backup.disk = [0xAA; 16];
            backup.usable = (35, 20000);
        }),
        usual("gpt-nument4", |primary, _| {
            primary.count = 4;
            primary.entries.truncate(4 * ENTRY);
        }),
        usual("gpt-backup-elsewhere", |primary, backup| {
            primary.alternate = 20000;
            (backup.at, backup.lba) = (20000, 20000);
        }),
        usual("gpt-backup-lost", |primary, _| primary.alternate = 20000),
        usual("gpt-backup-far", |primary, _| primary.alternate = u64::MAX),
        usual("gpt-primary-is-backup", |primary, _| primary.alternate = 1),
        usual("gpt-backup-names-another", |_, backup| backup.alternate = 77),
        usual("gpt-other-extents", |_, backup| backup.set(0, 3000, 3999)),
        usual("gpt-backup-says-elsewhere", |_, backup| backup.lba -= 1),
        usual("gpt-primary-says-elsewhere", |primary, _| primary.lba = 2),
    ]
}

fn strange() -> Vec<Image> {
    let short = "kpartx-gpt-header-length";
    vec![
        usual("gpt-endltstart", both(|copy| copy.set(0, 4000, 3000))),
        usual("gpt-beyond", both(|copy| copy.set(0, 4000, 0xFF_FFFF_FFFF))),
        usual("gpt-overlap", both(|copy| copy.set(1, 4000, 5000))),
        usual("gpt-end-before-start-by-one", both(|copy| copy.set(0, 4000, 3999))),
        usual("gpt-all-ones", both(|copy| copy.set(0, u64::MAX, u64::MAX))),
        usual("gpt-whole-range", both(|copy| copy.set(0, 0, u64::MAX))),
        usual("gpt-hdr0", both(|copy| copy.len = 0)).that_differs(short),
        usual("gpt-hdr91", both(|copy| copy.len = 91)).that_differs(short),
        usual(
            "gpt-esz256",
            both(|copy| {
                (copy.count, copy.entry_size) = (64, 256);
            }),
        ),
        usual("gpt-esz0", both(|copy| copy.entry_size = 0)),
        usual(
            "gpt-no-entries",
            both(|copy| {
                copy.count = 0;
                copy.entries.clear();
            }),
        ),
        usual("gpt-pri-far-entries", |primary, _| primary.entries_lba = u64::MAX),
        usual("gpt-pri-entries-past-end", |primary, _| primary.entries_lba = 32700),
    ]
}

fn odd(random: &mut Random) -> Image {
    let block = random.pick(&[512, 512, 512, 1024, 2048, 4096]);
    let size = random.of(2..=12) * MIB;
    let count = random.pick(&[128, 128, 128, 4, 64, 129, 300]);
    let blocks = size / u64::from(block);
    let extents: Vec<(usize, u64, u64)> = (0..random.of(0..=9))
        .map(|_| {
            let nth = random.of(0..=u64::from(count) - 1);
            let first = random.of(34..=blocks);
            let len = random.of(0..=blocks / 4);
            let last = if random.once_in(12) { first.saturating_sub(len) } else { first + len };
            (usize::try_from(nth).unwrap_or(0), first, last)
        })
        .collect();
    let image = Image::new("", size).with_block(block);
    let mut image = made(image, count, &extents, |primary, backup| {
        let copy = if random.once_in(2) { primary } else { backup };
        disturb(random, copy, blocks);
    });
    harm(random, &mut image);
    image.force_gpt = random.once_in(5);
    image
}

/// Makes a copy say something else, soundly.
fn disturb(random: &mut Random, copy: &mut Copy, blocks: u64) {
    match random.of(0..=14) {
        0 => copy.disk = [random.u8(0..=255); 16],
        1 => copy.usable.0 = random.of(0..=blocks),
        2 => copy.usable.1 = random.of(0..=blocks),
        3 => copy.alternate = random.of(0..=blocks + 1),
        4 => copy.lba = random.of(0..=blocks),
        5 => copy.set(1, random.of(0..=blocks), random.of(0..=blocks)),
        6 => copy.entry_size = random.pick(&[0, 64, 127, 256, 4096]),
        7 => copy.revision = random.u32(0..=u32::MAX),
        8 => copy.len = random.u32(92..=512),
        9 => (copy.at, copy.lba) = (copy.at - 1, copy.lba - 1),
        10 => {
            copy.count /= 2;
            copy.entries.truncate(usize::try_from(copy.count).unwrap_or(0) * ENTRY);
        }
        _ => {}
    }
}

/// Damages what was written. The header's length is left alone: the original computes with any.
fn harm(random: &mut Random, image: &mut Image) {
    let block = u64::from(image.block);
    match random.of(0..=12) {
        0 => image.put(block + random.pick(&[0, 9, 17, 30, 60, 80]), &[random.u8(0..=255)]),
        1 => image.put(2 * block + random.of(0..=4000), &[random.u8(0..=255)]),
        2 => image
            .put(image.size - block + random.pick(&[0, 9, 17, 30, 60, 80]), &[random.u8(0..=255)]),
        3 => image.put(image.size - 2 * block, &[random.u8(0..=255)]),
        4 => *image = image.clone().with_size(image.size - random.of(1..=64) * 512),
        5 => *image = image.clone().with_size(image.size + random.of(1..=64) * 512),
        6 => image.put(0, &dos::record(&[dos::entry(0x83, 64, 100)])),
        7 => image.put(510, &[0]),
        8 => image.put(0, &dos::record(&[dos::entry(0x0C, 64, 100), dos::entry(0xEE, 1, 33)])),
        _ => {}
    }
}
