//! Disks with the metadata of two formats.

use super::hpt37x::Hpt37x;
use super::hpt45x::Hpt45x;
use super::pdc::Pdc;
use super::sil::Sil;
use super::{Case, Image, Kind, Random};

pub(super) const KIND: Kind = Kind { name: "mixed", fixed, odd };

/// A member of a mirror of each format, and the one of two whose number this is.
fn mirrors(number: u8) -> [Image; 4] {
    let sil = Sil { kind: 1, number, mirrored: (2, 0), array_sectors: 60_001, ..Sil::default() };
    let hpt37x = Hpt37x { kind: 1, number, sectors: 60_000, ..Hpt37x::default() };
    let hpt45x = Hpt45x { kind: 6, number, sectors: 60_000, ..Hpt45x::default() };
    let pdc = Pdc { kind: 1, number, sectors: 60_000, ..Pdc::default() };
    [hpt37x.disk(), hpt45x.disk(), pdc.disk(), sil.disk()]
}

/// What is on `lower`, with all that is on `upper` above it.
fn over(lower: Image, upper: &Image) -> Image {
    upper.written().fold(lower, |image, (at, bytes)| image.with(at, bytes))
}

/// One disk with these formats of [`mirrors`].
fn disk(number: u8, formats: &[usize]) -> Image {
    let all = mirrors(number);
    let empty = Image::new("mixed", all[0].size);
    formats.iter().fold(empty, |image, nth| over(image, &all[*nth]))
}

fn fixed() -> Vec<Case> {
    let pair = |formats: &[usize]| [0, 1].map(|number| disk(number, formats));
    vec![
        Case::new("mixed-hpt37x-sil", pair(&[0, 3])),
        Case::new("mixed-hpt37x-hpt45x", pair(&[0, 1])),
        Case::new("mixed-hpt37x-pdc", pair(&[0, 2])),
        Case::new("mixed-pdc-sil", pair(&[2, 3])),
        Case::new("mixed-all", pair(&[0, 1, 2, 3])),
        Case::new("mixed-one-of-two", [disk(0, &[0, 3]), disk(1, &[3])]),
        Case::new("mixed-apart", [disk(0, &[0]), disk(0, &[2]), disk(1, &[0]), disk(1, &[2])]),
    ]
}

fn odd(random: &mut Random) -> Case {
    let disks = (0..random.u8(1..=3)).map(|number| {
        let formats: Vec<usize> = (0..4).filter(|_| random.once_in(2)).collect();
        let image = disk(number % 2, &formats);
        let end = image.size - 1;
        let at = random.pick(&[9 * 512 + 0x20, end - 511 + 0x60, end - 62 * 512]);
        if random.once_in(4) { super::flipped(image, at) } else { image }
    });
    Case::new("", disks.collect::<Vec<_>>())
}
