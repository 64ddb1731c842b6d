//! Apple's partition maps.

use super::{Image, Kind, MIB, Random};

pub(super) const KIND: Kind = Kind { name: "mac", fixed, odd };

/// A partition: start and length in blocks of the map.
type Part = (u32, u32);

/// An image of 16 MiB with a map of such blocks that says it has `count` entries.
pub(super) fn map(mut image: Image, block: u16, parts: &[Part], count: u32) -> Image {
    image.put(0, b"ER");
    image.put(2, &block.to_be_bytes());
    for (nth, (start, len)) in (1..).zip(parts) {
        let mut entry = [0; 80];
        entry[..2].copy_from_slice(b"PM");
        entry[4..8].copy_from_slice(&count.to_be_bytes());
        entry[8..12].copy_from_slice(&start.to_be_bytes());
        entry[12..16].copy_from_slice(&len.to_be_bytes());
        entry[16] = b'x';
        entry[48..57].copy_from_slice(b"Apple_HFS");
        image.put(nth * u64::from(block), &entry);
    }
    image
}

fn image(name: &str, block: u16, parts: &[Part]) -> Image {
    let count = u32::try_from(parts.len()).unwrap_or(0);
    map(Image::new(name, 16 * MIB), block, parts, count)
}

fn fixed() -> Vec<Image> {
    let blocks = "kpartx-mac-block";
    let small = [(1, 15), (64, 1000)];
    let many: Vec<Part> = (0..300).map(|nth| (1000 + 10 * nth, 10)).collect();
    vec![
        image(
            "mac-parted",
            512,
            &[(1, 63), (2048, 8192), (10240, 10240), (64, 1984), (20480, 12288)],
        ),
        image("mac-512", 512, &[(1, 63), (64, 1000), (2048, 4096)]),
        image("mac-2048", 2048, &[(1, 15), (64, 1000), (1100, 400)]),
        map(Image::new("mac-1024cnt9", 16 * MIB), 1024, &small, 9),
        map(Image::new("mac-cnt1", 16 * MIB), 512, &small, 1),
        map(Image::new("mac-cnt0", 16 * MIB), 512, &small, 0),
        image("mac-256", 256, &small),
        image("mac-0", 0, &small),
        image("mac-700", 700, &small).that_differs(blocks),
        image("mac-4096", 4096, &small),
        image("mac-65024", 65024, &small),
        image("mac-256parts", 512, &many),
        image("mac-wrap", 4096, &[(0x4000_0000, 0x1000_0001)]).that_differs("kpartx-32-bits"),
        image("mac-4k", 512, &small).with_block(4096),
        map(Image::new("mac-cut", 32768), 8192, &[(1, 1), (2, 1), (3, 1), (4, 1)], 4),
        image("mac-no-map", 512, &[]),
    ]
}

fn odd(random: &mut Random) -> Image {
    let block = random.pick(&[512, 512, 512, 1024, 1536, 2048, 4096]);
    let parts: Vec<Part> =
        (0..random.of(0..=20)).map(|_| (random.u32(0..=0xFF_FFFF), random.u32(0..=9999))).collect();
    let count = if random.once_in(4) {
        random.u32(0..=600)
    } else {
        u32::try_from(parts.len()).unwrap_or(0)
    };
    let image = Image::new("", random.pick(&[MIB, 16 * MIB, 32768]));
    let mut image = map(image.with_block(random.pick(&[512, 512, 4096])), block, &parts, count);
    if random.once_in(4) {
        let nth = random.of(0..=20);
        image.put(nth * u64::from(block), &[random.u8(0..=255)]);
    }
    image
}
