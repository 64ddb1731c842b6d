//! MBR images: records, and chains of them.

use super::{Image, Kind, MIB, Random};

pub(super) const KIND: Kind = Kind { name: "dos", fixed, odd };

/// An entry of this type, start and length in blocks.
pub(super) fn entry(kind: u8, start: u32, len: u32) -> [u8; 16] {
    let mut entry = [0; 16];
    entry[4] = kind;
    entry[8..12].copy_from_slice(&start.to_le_bytes());
    entry[12..].copy_from_slice(&len.to_le_bytes());
    entry
}

/// The sector that has these entries, with its signature.
pub(super) fn record(entries: &[[u8; 16]]) -> [u8; 512] {
    let mut sector = [0; 512];
    for (place, entry) in sector[446..510].chunks_exact_mut(16).zip(entries) {
        place.copy_from_slice(entry);
    }
    sector[510..].copy_from_slice(&[0x55, 0xAA]);
    sector
}

const NONE: [u8; 16] = [0; 16];

/// An image with records in these blocks.
fn image(name: &str, mib: u64, records: &[(u64, &[[u8; 16]])]) -> Image {
    blocks(Image::new(name, mib * MIB), records)
}

fn blocks(mut image: Image, records: &[(u64, &[[u8; 16]])]) -> Image {
    for (block, entries) in records {
        image.put(block * u64::from(image.block), &record(entries));
    }
    image
}

/// So many records from block 100 on that only have links, then one with a slice.
fn barren(name: &str, count: u32) -> Image {
    let mut made = image(name, 16, &[(0, &[entry(5, 100, 30000)])]);
    for nth in 0..count {
        let links = [entry(5, nth + 1, 10), entry(5, 999, 10)];
        made.put(u64::from(100 + nth) * 512, &record(&links));
    }
    made.with(u64::from(100 + count) * 512, &record(&[entry(0x83, 5000, 10), entry(5, 0, 0)]))
}

/// The same after a record that has a slice.
fn barren_after(name: &str, count: u32) -> Image {
    let slice = record(&[entry(0x83, 7, 7), entry(5, 1, 10)]);
    barren(name, count + 1).with(100 * 512, &slice)
}

/// So many logical partitions, one for each record.
fn logicals(name: &str, count: u32) -> Image {
    let mut made = image(name, 64, &[(0, &[entry(5, 2048, 100_000)])]);
    for nth in 0..count {
        let link = if nth + 1 < count { entry(5, (nth + 1) * 100, 100) } else { NONE };
        made.put(u64::from(2048 + nth * 100) * 512, &record(&[entry(0x83, 10, 80), link]));
    }
    made
}

fn fixed() -> Vec<Image> {
    let mut images = primaries();
    images.extend(chains());
    images.extend(circles());
    images.extend(wide());
    images
}

fn primaries() -> Vec<Image> {
    let data = entry(0x83, 2048, 100);
    let odd = [
        entry(0, 2048, 100),
        entry(0x7F, 4096, 0),
        entry(0x83, 0, 50),
        entry(0x83, u32::MAX, u32::MAX),
    ];
    let mut unsigned = image("dos-nosig", 4, &[(0, &[data])]);
    unsigned.put(510, &[0, 0]);
    let mut active = image("dos-active", 4, &[(0, &[data])]);
    active.put(440, &[0xEF, 0xBE, 0xAD, 0xDE]);
    active.put(446, &[0x80]);
    let mut other = image("dos-only-bsd", 4, &[(0, &[data])]);
    other.only = Some("bsd");
    let mut unknown = image("dos-only-nothing", 4, &[(0, &[data])]);
    unknown.only = Some("msdos");
    vec![
        image("dos-prim", 16, &[(0, &[entry(0x83, 2048, 4096), entry(0x83, 8192, 4096)])]),
        image("dos-empty", 4, &[(0, &[])]),
        image("dos-ee-only", 4, &[(0, &[entry(0xEE, 1, 8191)])]),
        image("dos-ee-second", 4, &[(0, &[data, entry(0xEE, 1, 8191)])]),
        image("dos-ee-last", 4, &[(0, &[data, NONE, NONE, entry(0xEE, 1, 0)])]),
        unsigned,
        active,
        other,
        unknown,
        image("dos-type0", 8, &[(0, &odd)]),
        image("dos-overlap", 8, &[(0, &[data, entry(0x83, 2100, 100)])]),
    ]
}

fn chains() -> Vec<Image> {
    let ext = entry(5, 2048, 8192);
    let first = [(0, &[entry(0xF, 2048, 20000)][..]), (2048, &[entry(0x83, 2048, 2048)])];
    let no_length = [(0, &[entry(5, 64, 0)][..]), (64, &[entry(0x83, 1, 1)])];
    vec![
        several(),
        hole(),
        two(),
        four(),
        image("dos-ext-first", 16, &first),
        image(
            "dos-ebr-beyond",
            8,
            &[
                (0, &[entry(0x83, 64, 64), entry(5, 2048, 0x80_0000)]),
                (2048, &[entry(0x83, 63, 500), entry(5, 0x40_0000, 100)]),
            ],
        ),
        image("dos-ebr-nosig", 8, &[(0, &[entry(0x83, 64, 64), ext])]),
        image(
            "dos-ebr-link-first",
            8,
            &[
                (0, &[ext]),
                (2048, &[entry(5, 100, 7), entry(0x83, 3, 7)]),
                (2148, &[entry(0x83, 1, 1)]),
            ],
        ),
        image("dos-ext-at-zero", 1, &[(0, &[entry(0x83, 7, 8), entry(5, 0, 10)])]),
        image("dos-ext-no-length", 1, &no_length),
        image("dos-ext-at-end", 1, &[(0, &[entry(5, 2048, 9)])]),
        image("dos-ext-past-end", 1, &[(0, &[entry(5, 2049, 9)])]),
        barren("dos-linkchain", 150),
        barren("dos-linkchain90", 90),
        barren("dos-linkchain99", 99),
        barren("dos-linkchain100", 100),
        barren_after("dos-linkchain-after99", 99),
        barren_after("dos-linkchain-after100", 100),
        logicals("dos-60log", 60),
        logicals("dos-251log", 251),
        logicals("dos-252log", 252),
        logicals("dos-300log", 300),
    ]
}

/// Three primaries and an extended partition with three logical ones.
fn several() -> Image {
    let data = [entry(0x83, 2048, 4096), entry(0x82, 8192, 4096), entry(0x83, 6144, 1)];
    image(
        "dos-logical",
        32,
        &[
            (0, &[data[0], data[1], data[2], entry(5, 16384, 49152)]),
            (16384, &[entry(0x83, 2048, 2048), entry(5, 4096, 6144)]),
            (20480, &[entry(0x83, 2048, 4096), entry(5, 10240, 10240)]),
            (26624, &[entry(0x83, 2048, 8192)]),
        ],
    )
}

/// A chain whose first record has no slice.
fn hole() -> Image {
    image(
        "dos-log-hole",
        8,
        &[
            (0, &[entry(5, 2048, 8192)]),
            (2048, &[NONE, entry(5, 1024, 1024)]),
            (3072, &[entry(0x83, 63, 500), entry(5, 2048, 1024)]),
            (4096, &[entry(0x83, 63, 600)]),
        ],
    )
}

/// Two extended partitions.
fn two() -> Image {
    image(
        "dos-2ext",
        16,
        &[
            (0, &[entry(5, 2048, 8192), entry(0x83, 64, 64), entry(0x85, 16384, 8192)]),
            (2048, &[entry(0x83, 63, 500)]),
            (16384, &[entry(0x83, 63, 700)]),
        ],
    )
}

/// A record with four slices, two of which count.
fn four() -> Image {
    image(
        "dos-ebr-four",
        8,
        &[(0, &[entry(5, 2048, 8192)]), (2048, &[1, 2, 3, 4].map(|nth| entry(0x83, nth, 1)))],
    )
}

fn circles() -> Vec<Image> {
    let ext = entry(5, 2048, 8192);
    let ignored = [(0, &[ext][..]), (2048, &[entry(0x83, 63, 500), entry(5, 0, 8192)])];
    let itself = [
        (0, &[ext][..]),
        (2048, &[entry(0x83, 63, 500), entry(5, 1024, 8192)]),
        (3072, &[entry(0x83, 63, 500), entry(5, 1024, 8192)]),
    ];
    let back = [
        (0, &[ext][..]),
        (2048, &[entry(0x83, 1, 5), entry(5, 500, 9)]),
        (2548, &[entry(0x83, 1, 5), entry(5, 100, 9)]),
        (2148, &[entry(0x83, 1, 5)]),
    ];
    let barren = [
        (0, &[ext][..]),
        (2048, &[entry(5, 1, 5), entry(5, 1, 9)]),
        (2049, &[entry(5, 1, 5), entry(5, 7, 1)]),
    ];
    let twice = [
        (0, &[entry(5, 100, 900), entry(5, 100, 900), entry(0x83, 1, 1)][..]),
        (100, &[entry(0x83, 1, 1), entry(5, 1, 1)]),
        (101, &[entry(0x83, 1, 1), entry(5, 1, 1)]),
    ];
    vec![
        image("dos-selfloop", 8, &ignored),
        image("dos-selfloop2", 8, &itself),
        image("dos-backwards", 8, &back),
        image("dos-barren-loop", 8, &barren),
        image("dos-two-loops", 4, &twice),
    ]
}

fn wide() -> Vec<Image> {
    let cut = "kpartx-32-bits";
    let large = |name, size, block| {
        blocks(
            Image::new(name, size).with_block(block),
            &[
                (0, &[entry(0x83, 256, 512), entry(5, 1024, 4096)]),
                (1024, &[entry(0x83, 16, 100), entry(5, 512, 512)]),
                (1536, &[entry(0x83, 16, 200)]),
            ],
        )
    };
    let wraps = [
        (0, &[entry(5, 10, u32::MAX)][..]),
        (10, &[entry(0x83, 0xFFFF_FFFE, u32::MAX), entry(5, 0xFFFF_FFF8, 10)]),
        (2, &[entry(0x83, 1, 2)]),
    ];
    let far = [
        (0, &[entry(0x83, u32::MAX, u32::MAX), entry(5, 64, 9)][..]),
        (64, &[entry(0x83, u32::MAX - 70, 77)]),
    ];
    let far_4k = [
        (0, &[entry(0x83, u32::MAX, u32::MAX), entry(5, 64, 9)][..]),
        (64, &[entry(0x83, 0x2000_0001, 0x2000_0007)]),
    ];
    vec![
        large("dos-4k", 64 * MIB, 4096),
        large("dos-2k", 64 * MIB, 2048),
        large("dos-1k", 64 * MIB, 1024),
        large("dos-4k-as-512", 64 * MIB, 4096).with_block(512),
        image("dos-wrap", 1, &wraps).that_differs(cut),
        image("dos-far", 1, &far),
        blocks(Image::new("dos-far-4k", MIB).with_block(4096), &far_4k).that_differs(cut),
    ]
}

fn odd(random: &mut Random) -> Image {
    let block = random.pick(&[512, 512, 512, 1024, 2048, 4096]);
    let mut image = Image::new("", random.of(1..=8) * MIB).with_block(block);
    let last = u32::try_from(image.size / u64::from(block)).unwrap_or(1);
    let primary: Vec<[u8; 16]> = (0..4).map(|_| any(random, last, 3)).collect();
    image.put(0, &record(&primary));
    let extended: Vec<u32> =
        primary.iter().filter(|entry| matches!(entry[4], 5 | 15 | 0x85)).map(number).collect();
    for start in extended {
        let mut here = start;
        for _ in 0..random.of(0..=12) {
            let next = random.u32(1..=last.saturating_sub(start).max(2));
            let data = any(random, last, 9);
            let link = if random.once_in(9) {
                any(random, last, 9)
            } else {
                entry(5, next, random.u32(1..=9))
            };
            let mut both = [data, link];
            if random.once_in(5) {
                both.reverse();
            }
            image.put(u64::from(here) * u64::from(block), &record(&both));
            here = start.saturating_add(next);
        }
        image.put(u64::from(here) * u64::from(block), &record(&[any(random, last, 9), NONE]));
    }
    if random.once_in(20) {
        image.put(random.of(440..=511), &[random.u8(0..=255)]);
    }
    image
}

/// The start of an entry.
fn number(entry: &[u8; 16]) -> u32 {
    u32::from_le_bytes([entry[8], entry[9], entry[10], entry[11]])
}

/// Any entry, of an extended type once in so many times.
fn any(random: &mut Random, last: u32, extended: u64) -> [u8; 16] {
    if random.once_in(6) {
        return NONE;
    }
    let kind = if random.once_in(extended) {
        random.pick(&[5, 15, 0x85])
    } else {
        random.pick(&[0, 1, 7, 0x0C, 0x82, 0x83, 0xA5, 0xBF, 0xEF, 0xFD])
    };
    let start = if random.once_in(20) { random.u32(0..=0x1FFF_0000) } else { random.u32(0..=last) };
    let mut made = entry(kind, start, random.u32(0..=last));
    made[0] = random.pick(&[0, 0x80, 1]);
    made
}
