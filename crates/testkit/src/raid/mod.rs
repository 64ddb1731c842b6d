//! Disks with the metadata of vendors' RAID: healthy sets, damaged ones, and odd ones from a seed.
//!
//! Each format has a file with a writer of its own, made from the format's description and not from the reader that is
//! tested, and a row in [`KINDS`].

use std::sync::LazyLock;

pub use crate::partitions::{Image, MIB, Random};
use crate::purpose;

pub mod asr;
pub mod ddf1;
pub mod hpt37x;
pub mod hpt45x;
pub mod isw;
pub mod jmicron;
pub mod lsi;
pub mod mdadm;
pub mod mixed;
pub mod nvidia;
pub mod pdc;
pub mod sil;
pub mod via;
pub mod volumes;

/// Disks that are looked at together.
#[derive(Clone, Debug)]
pub struct Case {
    /// What they are called.
    pub name: String,
    /// The disks, in the order in which they are found.
    pub disks: Vec<Disk>,
    /// Where ours does not answer as the original, on purpose.
    pub differs: Vec<Differs>,
}

/// A disk, and what is known of it beside its contents.
#[derive(Clone, Debug)]
pub struct Disk {
    /// What is on it.
    pub image: Image,
    /// Its serial number.
    pub serial: Option<String>,
}

/// A command that ours answers otherwise than the original.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Differs {
    /// Its options, as the tests write them: `-s -s`.
    pub command: &'static str,
    /// Why.
    pub why: &'static str,
}

impl Case {
    /// Disks without serial numbers.
    pub fn new(name: &str, images: impl IntoIterator<Item = Image>) -> Self {
        let disks = images.into_iter().map(|image| Disk { image, serial: None }).collect();
        Self { name: name.to_owned(), disks, differs: Vec::new() }
    }

    /// The same, to which ours has another answer than the original to these commands, on this purpose.
    #[must_use]
    pub fn that_differs(mut self, commands: &[&'static str], purpose: &str) -> Self {
        let why = purpose::why(purpose);
        self.differs.extend(commands.iter().map(|command| Differs { command, why }));
        self
    }
}

/// The commands that show sets.
pub const OF_SETS: &[&str] = &["-s", "-s -s", "-s -c", "-s -c -c -c", "-s -g -c -c", "-tay"];

/// The commands that show disks.
pub const OF_DISKS: &[&str] = &["-r", "-r -c", "-r -c -c", "-n"];

/// Disks of one format.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// The format's name; `mixed` beside those.
    pub name: &'static str,
    /// The ones that are always the same.
    pub fixed: fn() -> Vec<Case>,
    /// Odd ones.
    pub odd: fn(&mut Random) -> Case,
}

/// Every kind there is.
pub static KINDS: &[Kind] = &[
    asr::KIND,
    ddf1::KIND,
    hpt37x::KIND,
    hpt45x::KIND,
    isw::KIND,
    jmicron::KIND,
    lsi::KIND,
    nvidia::KIND,
    pdc::KIND,
    sil::KIND,
    via::KIND,
    mixed::KIND,
];

/// All disks that are always the same, by their kind.
pub fn fixed() -> &'static [(&'static str, Vec<Case>)] {
    static CASES: LazyLock<Vec<(&'static str, Vec<Case>)>> =
        LazyLock::new(|| KINDS.iter().map(|kind| (kind.name, (kind.fixed)())).collect());
    &CASES
}

/// The case of this name, of those that are always the same.
pub fn named(name: &str) -> Option<&'static Case> {
    fixed().iter().flat_map(|(_, cases)| cases).find(|case| case.name == name)
}

/// The odd disks of a seed, whose name says their kind too.
pub fn odd(seed: u64) -> Case {
    let mut random = Random::new(seed);
    let kind = random.pick(KINDS);
    let mut case = (kind.odd)(&mut random);
    case.name = format!("odd-{seed}-{}", kind.name);
    case
}

/// What a test flips, sets or cuts off: the same image, damaged.
#[must_use]
pub fn flipped(mut image: Image, at: u64) -> Image {
    use dm_core::read_at::ReadAt as _;
    let mut byte = [0];
    // Past the end there is nothing to flip.
    if image.read_at(dm_core::units::Bytes::new(at), &mut byte).is_ok() {
        image.put(at, &[byte[0] ^ 0xff]);
    }
    image
}
