//! Solaris's volume tables of contents, and what the original takes for one.

use super::{Image, Kind, MIB, Random};

pub(super) const KIND: Kind = Kind { name: "solaris", fixed, odd };

const WHY: &str = "kpartx-solaris-layout";

/// A slice: tag, start, length.
type Slice = (u16, u32, u32);

/// A label as Solaris writes it.
fn label(slices: &[Slice], version: u32) -> [u8; 512] {
    let mut label = [0; 512];
    label[12..16].copy_from_slice(&0x600D_DEEE_u32.to_le_bytes());
    label[16..20].copy_from_slice(&version.to_le_bytes());
    label[20..27].copy_from_slice(b"solaris");
    label[28..32].copy_from_slice(&[0, 2, 8, 0]);
    for (place, (tag, start, len)) in label[72..168].chunks_exact_mut(12).zip(slices) {
        place[..2].copy_from_slice(&tag.to_le_bytes());
        place[4..8].copy_from_slice(&start.to_le_bytes());
        place[8..].copy_from_slice(&len.to_le_bytes());
    }
    label
}

/// The same with fields of 64 bits, which no Solaris writes.
fn wide(slices: &[Slice], version: u64) -> [u8; 512] {
    let mut label = [0; 512];
    label[24..32].copy_from_slice(&0x600D_DEEE_u64.to_le_bytes());
    label[32..40].copy_from_slice(&version.to_le_bytes());
    label[48..52].copy_from_slice(&[0, 2, 8, 0]);
    for (place, (tag, start, len)) in label[136..264].chunks_exact_mut(16).zip(slices) {
        place[..2].copy_from_slice(&tag.to_le_bytes());
        place[4..8].copy_from_slice(&start.to_le_bytes());
        place[8..].copy_from_slice(&u64::from(*len).to_le_bytes());
    }
    label
}

fn image(name: &str, label: &[u8; 512]) -> Image {
    Image::new(name, 16 * MIB).with(512, label)
}

fn fixed() -> Vec<Image> {
    let usual = [(2, 2048, 4096), (3, 8192, 2048), (5, 0, 30000), (0, 0, 0), (4, 12288, 1000)];
    vec![
        image("solaris-real", &label(&usual, 1)).that_differs(WHY),
        image("solaris-v2", &label(&usual, 2)).that_differs(WHY),
        image("solaris-unused", &label(&[], 1)),
        image("solaris-lp64", &wide(&usual, 1)).that_differs(WHY),
        image("solaris-lp64-v2", &wide(&usual, 2)).that_differs(WHY),
        image("solaris-4k", &label(&usual, 1)).with_block(4096).that_differs(WHY),
    ]
}

fn odd(random: &mut Random) -> Image {
    let mut slices: Vec<Slice> = (0..random.of(0..=7))
        .map(|_| (random.pick(&[0, 2, 3, 4, 5]), random.u32(0..=9000), random.u32(0..=9000)))
        .collect();
    slices.push((2, random.u32(0..=9000), random.u32(1..=9000)));
    image("", &label(&slices, 1)).that_differs(WHY)
}
