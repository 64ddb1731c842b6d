//! Sun labels.

use super::{Image, Kind, MIB, Random};

pub(super) const KIND: Kind = Kind { name: "sun", fixed, odd };

/// A slice: first cylinder, number of sectors.
type Slice = (u32, u32);

/// A label of so many sectors in a track and tracks in a cylinder, its checksum right.
pub(super) fn label(slices: &[Slice], sectors: u16, tracks: u16) -> [u8; 512] {
    let mut label = [0; 512];
    label[..7].copy_from_slice(b"testing");
    label[420..422].copy_from_slice(&5400_u16.to_be_bytes());
    label[432..434].copy_from_slice(&100_u16.to_be_bytes());
    label[436..438].copy_from_slice(&tracks.to_be_bytes());
    label[438..440].copy_from_slice(&sectors.to_be_bytes());
    for (place, (cylinder, len)) in label[444..508].chunks_exact_mut(8).zip(slices) {
        place[..4].copy_from_slice(&cylinder.to_be_bytes());
        place[4..].copy_from_slice(&len.to_be_bytes());
    }
    label[508..510].copy_from_slice(&[0xDA, 0xBE]);
    let sum = label.chunks_exact(2).fold([0, 0], |sum, word| [sum[0] ^ word[0], sum[1] ^ word[1]]);
    label[510..].copy_from_slice(&sum);
    label
}

fn image(name: &str, slices: &[Slice]) -> Image {
    Image::new(name, 64 * MIB).with(0, &label(slices, 63, 16))
}

fn fixed() -> Vec<Image> {
    let usual =
        [(0, 20160), (20, 10080), (0, 100_800), (30, 1008), (0, 0), (0, 0), (50, 1008), (60, 5000)];
    vec![
        image("sun-hand", &usual),
        image("sun-badsum", &usual).with(511, &[0x77]),
        image("sun-empty", &[]),
        image("sun-overlap", &[(0, 20160), (10, 20160), (0, 0), (40, 1008)]),
        image("sun-same", &[(2, 50), (2, 50)]),
        image("sun-dropped", &[(2, 50), (2, 100_000), (3, 200_000)]),
        image("sun-no-length", &[(7, 0), (8, 0)]),
        image("sun-wrap", &[(0x1000_0000, 5)]).that_differs("kpartx-32-bits"),
        image("sun-4k", &usual).with_block(4096),
        Image::new("sun-no-geometry", MIB).with(0, &label(&usual, 0, 0)),
    ]
}

fn odd(random: &mut Random) -> Image {
    let slices: Vec<Slice> = (0..random.of(0..=8))
        .map(|_| (random.u32(0..=12), random.u32(0..=12) * random.pick(&[1, 6, 8])))
        .collect();
    let made = label(&slices, 2, 3);
    Image::new("", random.of(1..=4) * MIB).with_block(random.pick(&[512, 512, 4096])).with(0, &made)
}
