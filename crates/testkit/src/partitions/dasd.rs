//! Labels of IBM's disks, as they are on s390 and as the original reads them elsewhere.
//!
//! Where the bytes of a number are the same in both orders, and a label's text stands twice, the answers agree.

use super::{Image, Kind, MIB, Random};

pub(super) const KIND: Kind = Kind { name: "dasd", fixed, odd };

const ORDER: &str = "kpartx-dasd-byte-order";
const PLACE: &str = "kpartx-dasd-label-place";

const VOL1: [u8; 4] = [0xE5, 0xD6, 0xD3, 0xF1];
const LNX1: [u8; 4] = [0xD3, 0xD5, 0xE7, 0xF1];
const CMS1: [u8; 4] = [0xC3, 0xD4, 0xE2, 0xF1];

/// `TEST01`.
const NAME: [u8; 6] = [0xE3, 0xC5, 0xE2, 0xE3, 0xF0, 0xF1];

/// An image whose block 2 begins with these pieces.
fn image(name: &str, mib: u64, block: u32, pieces: &[(u64, &[u8])]) -> Image {
    let mut image = Image::new(name, mib * MIB).with_block(block);
    for (at, bytes) in pieces {
        image.put(2 * u64::from(block) + at, bytes);
    }
    image
}

/// A label of the Linux layout with this version and size.
fn linux(name: &str, block: u32, version: u8, blocks: u64) -> Image {
    let pieces: [(u64, &[u8]); 4] =
        [(0, &LNX1), (4, &NAME), (79, &[version]), (80, &blocks.to_be_bytes())];
    image(name, 16, block, &pieces)
}

/// A CMS label.
fn cms(name: &str, block: u32, size: u32, blocks: u32, offset: u32) -> Image {
    let pieces: [(u64, &[u8]); 5] = [
        (0, &CMS1),
        (4, &NAME),
        (12, &size.to_be_bytes()),
        (28, &blocks.to_be_bytes()),
        (52, &offset.to_be_bytes()),
    ];
    image(name, 16, block, &pieces)
}

/// A track: cylinder, head.
type Track = (u16, u16);

/// A data set's label: the format's digit, the first and last track.
type Set = (u8, Track, Track);

/// A compatible layout whose VTOC is at this track and block.
fn compatible(name: &str, mib: u64, vtoc: (Track, u8), sets: &[Set]) -> Image {
    let mut pointer = Vec::new();
    pointer.extend(vtoc.0.0.to_be_bytes());
    pointer.extend(vtoc.0.1.to_be_bytes());
    pointer.push(vtoc.1);
    let mut made = image(name, mib, 512, &[(0, &VOL1), (4, &VOL1), (8, &NAME), (15, &pointer)]);
    let track = u64::from(vtoc.0.0) * 15 + u64::from(vtoc.0.1);
    let first = track * 49 + u64::from(vtoc.1) + 1;
    for (nth, (format, from, to)) in (first..).zip(sets) {
        let mut label = [0x40; 128];
        label[..4].copy_from_slice(&NAME[..4]);
        label[44] = *format;
        label[105..107].copy_from_slice(&[1, 0]);
        for (place, number) in label[107..115].chunks_exact_mut(2).zip([from.0, from.1, to.0, to.1])
        {
            place.copy_from_slice(&number.to_be_bytes());
        }
        made.put(nth * 512, &label);
    }
    made
}

fn fixed() -> Vec<Image> {
    let mut images = single();
    images.extend(sets());
    images
}

fn single() -> Vec<Image> {
    let twice = |name, block| image(name, 16, block, &[(0, &LNX1), (4, &LNX1)]);
    vec![
        twice("dasd-lnx1", 512),
        twice("dasd-lnx1-1k", 1024),
        twice("dasd-lnx1-2k", 2048),
        twice("dasd-lnx1-4k", 4096),
        twice("dasd-lnx1-4k-as-512", 4096).with_block(512),
        linux("dasd-lnx1-real", 512, 0x40, 0).that_differs(PLACE),
        linux("dasd-lnx1-f2", 512, 0xF2, 20000).that_differs(PLACE),
        linux("dasd-lnx1-f2-large", 512, 0xF2, u64::MAX).that_differs(PLACE),
        linux("dasd-lnx1-f2-none", 512, 0xF2, 1),
        cms("dasd-cms1", 512, 512, 20000, 0).that_differs(PLACE),
        cms("dasd-cms1-res", 512, 512, 20000, 100).that_differs(PLACE),
        cms("dasd-cms1-4k-in-512", 512, 4096, 2000, 0).that_differs(PLACE),
        cms("dasd-cms1-4k", 4096, 4096, 2000, 20).that_differs(PLACE),
        cms("dasd-cms1-no-blocks", 512, 512, 0, 0),
        cms("dasd-cms1-no-size", 512, 0, 1000, 0),
    ]
}

fn sets() -> Vec<Image> {
    let vtoc = ((0, 1), 1);
    let usual: [Set; 5] = [
        (0xF4, (0, 0), (0, 0)),
        (0xF5, (0, 0), (0, 0)),
        (0xF1, (0, 2), (10, 14)),
        (0xF8, (11, 0), (20, 14)),
        (0xF7, (0, 0), (0, 0)),
    ];
    let even: [Set; 4] = [
        (0xF4, (0, 0), (0, 0)),
        (0xF1, (0, 0), (0x0101, 0)),
        (0xF8, (0x0101, 0), (0x0202, 0)),
        (0xF1, (0, 0), (0, 0)),
    ];
    let full = [(0xF1, (0, 0), (0, 0)); 300];
    vec![
        compatible("dasd-vol1", 64, vtoc, &usual).that_differs(ORDER),
        compatible("dasd-vol1-even", 64, ((0, 0), 9), &even),
        compatible("dasd-vol1-none", 64, ((0, 0), 9), &even[..1]),
        compatible("dasd-vol1-far", 64, ((0x1010, 0), 9), &[]),
        compatible("dasd-vol1-backwards", 64, ((0, 0), 9), &[(0xF1, (0x0101, 0), (0, 0)), even[1]])
            .that_differs("kpartx-dasd-length-wraps"),
        compatible("dasd-vol1-many", 64, ((0, 0), 9), &full[..200]),
    ]
}

/// Images that only ours can read to an end: the original goes on past the last slot, or for ever.
pub fn endless() -> Vec<Image> {
    let mut skipped =
        compatible("dasd-endless-skip", 1, ((0, 0), 9), &[(0xF4, (0, 0), (0, 0)); 50]);
    skipped = skipped.with_size(51 * 512);
    let mut slots =
        compatible("dasd-endless-slots", 1, ((0, 0), 9), &[(0xF1, (0, 0), (0, 0)); 400]);
    slots.size = 409 * 512;
    vec![skipped, slots]
}

fn odd(random: &mut Random) -> Image {
    let number = |random: &mut Random| u16::from_be_bytes([random.u8(0..=3); 2]);
    let sets: Vec<Set> = (0..random.of(0..=9))
        .map(|_| {
            let format = random.pick(&[0xF1, 0xF8, 0xF1, 0xF4, 0xF5, 0xF7, 0xF9]);
            let (from, len) = (number(random), number(random));
            (format, (from, 0), (from.saturating_add(len), 0))
        })
        .collect();
    match random.of(0..=3) {
        0 => {
            let block = random.pick(&[512, 1024, 2048, 4096]);
            image("", random.of(1..=9), block, &[(0, &LNX1), (4, &LNX1)])
        }
        1 => linux("", 512, random.pick(&[0x40, 0xF2]), random.of(4..=30000)).that_differs(PLACE),
        _ => compatible("", random.of(1..=64), ((0, 0), random.u8(3..=200)), &sets),
    }
}
