//! `PlayStation` 3 disks.

use super::{Image, Kind, MIB, Random};

pub(super) const KIND: Kind = Kind { name: "ps3", fixed, odd };

pub(super) fn label(regions: &[(u64, u64)]) -> [u8; 1536] {
    let mut label = [0; 1536];
    label[16..24].copy_from_slice(&0x0FAC_E0FF_u64.to_be_bytes());
    label[24..32].copy_from_slice(&0xDEAD_FACE_u64.to_be_bytes());
    for (place, (start, len)) in label[48..].chunks_exact_mut(144).zip(regions.iter().take(8)) {
        place[..8].copy_from_slice(&start.to_be_bytes());
        place[8..16].copy_from_slice(&len.to_be_bytes());
    }
    label
}

fn image(name: &str, regions: &[(u64, u64)]) -> Image {
    Image::new(name, 16 * MIB).with(0, &label(regions))
}

fn fixed() -> Vec<Image> {
    let usual = [(8, 1000), (0, 50), (2048, 0), (4096, 2048), (0x1_0000_0000, 0x2_0000_0000)];
    vec![
        image("ps3", &usual),
        image("ps3-unused", &[]),
        image("ps3-all-ones", &[(u64::MAX, u64::MAX), (1, u64::MAX)]),
        image("ps3-bad-magic", &usual).with(31, &[0]),
        image("ps3-4k", &usual).with_block(4096),
        image("ps3-cut", &usual).with_size(1024),
    ]
}

fn odd(random: &mut Random) -> Image {
    let regions: Vec<(u64, u64)> = (0..random.of(0..=8))
        .map(|_| {
            let most = random.pick(&[0, 40000, 40000, u64::MAX]);
            (random.of(0..=most), random.of(0..=most))
        })
        .collect();
    image("", &regions).with_block(random.pick(&[512, 512, 1024, 4096]))
}
