//! Several labels on one disk: the order in which they are tried.

use super::{Image, Kind, MIB, Random, bsd, dos, gpt, mac, ps3, sun, unixware};

pub(super) const KIND: Kind = Kind { name: "mixed", fixed, odd };

const NAMES: [&str; 9] = ["gpt", "dos", "bsd", "solaris", "unixware", "dasd", "mac", "sun", "ps3"];

/// Every label that does not lie where another does: `bsd`, `unixware`, and one in sector 0.
fn all(name: &str, zero: &[u8]) -> Image {
    Image::new(name, MIB)
        .with(0, zero)
        .with(512, &bsd::label(&[(100, 50, 7), (200, 50, 7)], 2))
        .with(unixware::AT, &unixware::table(&[(5, 0, 9), (2, 300, 30)]))
}

fn fixed() -> Vec<Image> {
    let sun = sun::label(&[(1, 500)], 5, 5);
    let ps3 = ps3::label(&[(7, 70)]);
    let only = |mut image: Image, name: &str, only| {
        name.clone_into(&mut image.name);
        image.only = Some(only);
        image
    };
    vec![
        all("mixed-sun-bsd-unixware", &sun),
        only(all("", &sun), "mixed-only-sun", "sun"),
        only(all("", &sun), "mixed-only-unixware", "unixware"),
        only(all("", &sun), "mixed-only-mac", "mac"),
        all("mixed-dos-bsd", &dos::record(&[dos::entry(0x83, 9, 9)])),
        all("mixed-ps3-bsd", &ps3[..512]),
        Image::new("mixed-ps3-unixware", MIB)
            .with(0, &ps3)
            .with(unixware::AT, &unixware::table(&[(5, 0, 9), (2, 300, 30)])),
        Image::new("mixed-mac-in-ps3", MIB).with(0, &ps3).with(0, b"ER\x02\0"),
        all("mixed-empty-dos", &dos::record(&[])),
        all("mixed-bad-sun", &sun).with(40, &[1]),
    ]
}

fn odd(random: &mut Random) -> Image {
    let mut image = Image::new("", random.of(1..=4) * MIB);
    if random.once_in(3) {
        let [primary, backup] = gpt::pair(image.size, 512, 128, &[(2, 99, 120), (4, 200, 300)]);
        primary.write(&mut image);
        backup.write(&mut image);
        gpt::pmbr(&mut image);
    }
    if random.once_in(2) {
        image.put(512, &bsd::label(&[(random.u32(0..=99), 50, 7), (90, 50, random.u8(0..=1))], 2));
    }
    if random.once_in(2) {
        image.put(unixware::AT, &unixware::table(&[(5, 0, 9), (2, 300, random.u32(0..=3))]));
    }
    match random.of(0..=5) {
        0 => image.put(0, &sun::label(&[(1, 500), (3, random.u32(0..=99))], 5, 5)),
        1 => image
            .put(0, &ps3::label(&[(7, 70), (random.of(0..=1), 90)])[..random.pick(&[512, 1536])]),
        2 => image.put(0, &dos::record(&[dos::entry(0x83, 9, 9)])),
        3 => image = mac::map(image, 512, &[(1, 3), (random.u32(0..=99), 9)], 2),
        _ => {}
    }
    image.only = random.once_in(2).then(|| random.pick(&NAMES));
    image.force_gpt = random.once_in(3);
    image
}
