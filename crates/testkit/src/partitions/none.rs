//! Images without a table.

use super::{Image, Kind, MIB, Random};

pub(super) const KIND: Kind = Kind { name: "none", fixed, odd };

fn fixed() -> Vec<Image> {
    vec![
        Image::new("zeros", 4 * MIB),
        Image::new("zeros-4k", 4 * MIB).with_block(4096),
        Image::new("zero-bytes", 0),
        Image::new("one-sector", 512),
        Image::new("odd-size", 1000),
        Image::new("two-sectors", 1024),
        Image::new("small-20k", 20 * 1024),
        Image::new("one-block-4k", 4096).with_block(4096),
    ]
}

/// Any bytes in its first 32 sectors.
fn odd(random: &mut Random) -> Image {
    let size = random.pick(&[0, 1, 3, 17, 30, 64, 2048]) * 512;
    let mut image = Image::new("", size).with_block(random.pick(&[512, 4096]));
    for at in (0..size.min(16384)).step_by(8) {
        image.put(at, &random.number().to_le_bytes());
    }
    if random.once_in(2) {
        image.put(510, &[0x55, 0xAA]);
    }
    image
}
