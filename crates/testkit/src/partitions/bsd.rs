//! BSD labels.

use super::{Image, Kind, MIB, Random, dos};

pub(super) const KIND: Kind = Kind { name: "bsd", fixed, odd };

/// A partition: start, length, type.
type Part = (u32, u32, u8);

/// A label with these partitions, of which it says that there are `count`.
pub(super) fn label(parts: &[Part], count: u16) -> [u8; 404] {
    let mut label = [0; 404];
    label[..4].copy_from_slice(&0x8256_4557_u32.to_le_bytes());
    label[4] = 3;
    label[24..28].copy_from_slice(b"disk");
    label[40..44].copy_from_slice(&512_u32.to_le_bytes());
    label[132..136].copy_from_slice(&0x8256_4557_u32.to_le_bytes());
    label[138..140].copy_from_slice(&count.to_le_bytes());
    for (place, (start, len, kind)) in label[148..].chunks_exact_mut(16).zip(parts) {
        place[..4].copy_from_slice(&len.to_le_bytes());
        place[4..8].copy_from_slice(&start.to_le_bytes());
        place[8..10].copy_from_slice(&1024_u16.to_le_bytes());
        place[12] = *kind;
    }
    label
}

fn image(name: &str, parts: &[Part]) -> Image {
    let count = u16::try_from(parts.len()).unwrap_or(u16::MAX);
    Image::new(name, 16 * MIB).with(512, &label(parts, count))
}

fn fixed() -> Vec<Image> {
    let usual = [(2048, 4096, 7), (6144, 2048, 1), (0, 32768, 0), (0, 32768, 7), (8192, 8192, 7)];
    let many: Vec<Part> = (0..16).map(|nth| (1000 + 100 * nth, 100, 7)).collect();
    let wraps = [(6, 2, 7), (5, 10, 7), (9, 10, 7), (3, 0, 7), (0xFFFF_FFF0, 0x20, 7), (3, 4, 7)];
    vec![
        image("bsd-parted", &[(2048, 8192, 7), (10240, 10240, 7)]),
        image("bsd-s1", &usual),
        Image::new("bsd-o64", 16 * MIB).with(64, &label(&usual, 5)),
        image("bsd-s1-mbrsig", &usual).with(510, &[0x55, 0xAA]),
        Image::new("bsd-np20", 16 * MIB).with(512, &label(&many, 20)),
        Image::new("bsd-np2", 16 * MIB).with(512, &label(&usual, 2)),
        Image::new("bsd-np65535", 16 * MIB).with(512, &label(&usual, 65535)),
        Image::new("bsd-np0", 16 * MIB).with(512, &label(&usual, 0)),
        image("bsd-overlap", &[(1024, 4096, 7), (3072, 4096, 7), (10000, 1000, 7)]),
        image("bsd-overlaps", &[(5, 10, 7), (8, 10, 7), (9, 10, 7), (0, 100, 7)]),
        image("bsd-dropped-container", &[(6, 2, 7), (5, 10, 7), (9, 10, 7)]),
        image("bsd-same", &[(1024, 4096, 7), (1024, 4096, 7), (10000, 1000, 7)]),
        image("bsd-only-same", &[(1024, 4096, 7), (1024, 4096, 7)]),
        image("bsd-nested3", &[(3000, 1000, 7), (2000, 5000, 7), (0, 32768, 7)]),
        image("bsd-nested-down", &[(0, 32768, 7), (2000, 5000, 7), (3000, 1000, 7)]),
        image("bsd-unused", &[(2048, 4096, 0)]),
        image("bsd-no-length", &[(2048, 0, 7)]),
        image("bsd-beyond", &[(2048, 40000, 7), (99999, 1, 7)]),
        image("bsd-wrap", &wraps).that_differs("kpartx-32-bits"),
        image("bsd-4k", &usual).with_block(4096),
        Image::new("bsd-in-dos", 16 * MIB)
            .with(0, &dos::record(&[dos::entry(0xA5, 2048, 20000)]))
            .with(2049 * 512, &label(&[(3000, 1000, 7), (2000, 5000, 7)], 2)),
        Image::new("bsd-one-sector", 512).with(64, &label(&usual, 5)),
    ]
}

fn odd(random: &mut Random) -> Image {
    let coarse = random.of(3..=40);
    let parts: Vec<Part> = (0..random.of(0..=16))
        .map(|_| {
            let (start, len) = (random.of(0..=coarse), random.of(0..=coarse));
            let (start, len) = if random.once_in(9) { (0, 2 * coarse) } else { (start, len) };
            let number = |number| u32::try_from(number).unwrap_or(0);
            (number(start * 64), number(len * 64), random.pick(&[0, 1, 7, 7, 7, 7, 8, 200]))
        })
        .collect();
    let count =
        if random.once_in(9) { random.of(0..=40) } else { u64::try_from(parts.len()).unwrap_or(0) };
    let at = random.pick(&[512, 512, 64]);
    let block = random.pick(&[512, 512, 1024, 2048, 4096]);
    let label = label(&parts, u16::try_from(count).unwrap_or(0));
    Image::new("", random.of(1..=4) * MIB).with_block(block).with(at, &label)
}
