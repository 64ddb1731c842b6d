//! Images with partition tables: healthy ones, damaged ones, and odd ones from a seed.
//!
//! Each kind of table has a file with a writer of its own, made from the table's description and not from the reader
//! that is tested, and a row in [`KINDS`].

use std::sync::LazyLock;

mod bsd;
pub mod dasd;
mod dos;
mod faulty;
pub mod gpt;
mod image;
pub mod libraries;
mod mac;
mod mixed;
mod none;
mod ps3;
mod random;
mod solaris;
mod sun;
pub mod tools;
mod unixware;

pub use faulty::{Fault, Faulty};
pub use image::Image;
pub use random::Random;

/// A MiB.
pub const MIB: u64 = 1 << 20;

/// Images of one kind of table.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The table's name; `none` and `mixed` beside those.
    pub name: &'static str,
    /// The ones that are always the same.
    pub fixed: fn() -> Vec<Image>,
    /// An odd one.
    pub odd: fn(&mut Random) -> Image,
}

/// Every kind there is.
pub static KINDS: &[Kind] = &[
    gpt::KIND,
    dos::KIND,
    bsd::KIND,
    solaris::KIND,
    unixware::KIND,
    dasd::KIND,
    mac::KIND,
    sun::KIND,
    ps3::KIND,
    mixed::KIND,
    none::KIND,
];

/// Every image that is always the same.
pub fn fixed() -> &'static [Image] {
    static IMAGES: LazyLock<Vec<Image>> =
        LazyLock::new(|| KINDS.iter().flat_map(|kind| (kind.fixed)()).collect());
    &IMAGES
}

/// The image of this name, of those that are always the same.
pub fn named(name: &str) -> Option<&'static Image> {
    fixed().iter().find(|image| image.name == name)
}

/// The odd image of a seed, which says its kind too.
pub fn odd(seed: u64) -> Image {
    let mut random = Random::new(seed);
    let kind = random.pick(KINDS);
    let mut image = (kind.odd)(&mut random);
    image.name = format!("odd-{seed}-{}", kind.name);
    image
}
