//! `UnixWare`'s divvy tables.

use super::{Image, Kind, MIB, Random};

pub(super) const KIND: Kind = Kind { name: "unixware", fixed, odd };

/// A slice: label, start, length.
type Slice = (u16, u32, u32);

/// Where the table lies.
pub(super) const AT: u64 = 29 * 512;

pub(super) fn table(slices: &[Slice]) -> [u8; 512] {
    let mut table = [0; 512];
    table[4..8].copy_from_slice(&0xCA5E_600D_u32.to_le_bytes());
    table[156..160].copy_from_slice(&0x600D_DEEE_u32.to_le_bytes());
    for (place, (label, start, len)) in table[216..408].chunks_exact_mut(12).zip(slices) {
        place[..2].copy_from_slice(&label.to_le_bytes());
        place[2..4].copy_from_slice(&0x200_u16.to_le_bytes());
        place[4..8].copy_from_slice(&start.to_le_bytes());
        place[8..].copy_from_slice(&len.to_le_bytes());
    }
    table
}

fn image(name: &str, slices: &[Slice]) -> Image {
    Image::new(name, 16 * MIB).with(AT, &table(slices))
}

fn fixed() -> Vec<Image> {
    let usual = [(5, 0, 32768), (2, 1000, 2000), (0, 5000, 100), (3, 4000, 3000), (9, 60, 50)];
    let full: Vec<Slice> = (0..16).map(|nth| (4, nth * 100, 100)).collect();
    vec![
        image("unixware", &usual),
        image("unixware-full", &full),
        image("unixware-only-whole", &usual[..1]),
        image("unixware-no-length", &[(5, 0, 32768), (2, 1000, 0), (3, 4000, 10)]),
        image("unixware-far", &[(5, 0, 32768), (2, u32::MAX, u32::MAX)]),
        image("unixware-no-second-magic", &usual).with(AT + 156, &[0]),
        image("unixware-4k", &usual).with_block(4096),
        image("unixware-cut", &usual).with_size(AT),
    ]
}

fn odd(random: &mut Random) -> Image {
    let slices: Vec<Slice> = (0..random.of(0..=16))
        .map(|_| (random.pick(&[0, 2, 3, 9]), random.u32(0..=u32::MAX), random.u32(0..=9999)))
        .collect();
    image("", &slices).with_block(random.pick(&[512, 512, 2048, 4096]))
}
