//! The arguments of `snapshot`.

use dm_core::snapshot::Chunk;
use dm_core::units::Sectors;

use super::super::args;
use crate::target::{Build, BuildError, Leg};

/// How exceptions are kept, and what happens when the cow is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `P`: on the cow; when that is full, the snapshot is lost.
    Persistent,
    /// `PO`: on the cow; when that is full, the snapshot can still be read.
    Overflows,
    /// `N`: in memory.
    Transient,
}

impl Kind {
    /// # Source
    ///
    /// `dm_exception_store_create` in the kernel's `drivers/md/dm-exception-store.c`, `persistent_ctr` in
    /// `dm-snap-persistent.c`.
    fn parse(word: &[u8]) -> Option<Self> {
        match word {
            [b'P' | b'p'] => Some(Self::Persistent),
            [b'P' | b'p', b'O' | b'o', ..] => Some(Self::Overflows),
            [b'N' | b'n', ..] => Some(Self::Transient),
            _ => None,
        }
    }

    /// Its word in a table.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Persistent => "P",
            Self::Overflows => "PO",
            Self::Transient => "N",
        }
    }

    /// Whether exceptions are on the cow.
    pub(super) fn is_persistent(self) -> bool {
        self != Self::Transient
    }
}

bitflags::bitflags! {
    /// What may be asked for beyond the rest.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub(super) struct Features: u8 {
        /// Discards are taken; that of a whole chunk zeroes it on the cow.
        const ZEROES = 1;
        /// Discards go to the origin too.
        const PASSDOWN = 2;
    }
}

impl Features {
    const WORDS: [(Self, &'static str); 2] =
        [(Self::ZEROES, "discard_zeroes_cow"), (Self::PASSDOWN, "discard_passdown_origin")];

    /// # Source
    ///
    /// `parse_snapshot_features` in the kernel's `drivers/md/dm-snap.c`. Words beyond the features are not looked at.
    fn parse(words: &[Vec<u8>]) -> Result<Self, BuildError> {
        let Some((count, rest)) = words.split_first() else { return Ok(Self::empty()) };
        let count = args::scanned_u32(count).and_then(|count| usize::try_from(count).ok());
        let given = count.filter(|&count| count <= 2).and_then(|count| rest.get(..count));
        let mut features = Self::empty();
        for word in given.ok_or(BuildError::new("Invalid number of feature arguments"))? {
            let is_meant = |(_, name): &&(Self, &str)| word.eq_ignore_ascii_case(name.as_bytes());
            let found = Self::WORDS.iter().find(is_meant);
            features |= found.ok_or(BuildError::new("Unrecognised feature requested"))?.0;
        }
        if features == Self::PASSDOWN {
            return Err(BuildError::new(
                "discard_passdown_origin feature depends on discard_zeroes_cow",
            ));
        }
        Ok(features)
    }

    /// Their words in a table.
    pub(super) fn words(self) -> impl Iterator<Item = &'static str> {
        Self::WORDS.into_iter().filter(move |(flag, _)| self.contains(*flag)).map(|(_, word)| word)
    }
}

/// The arguments.
#[derive(Debug)]
pub(super) struct Args {
    /// Read, and never written to.
    pub(super) origin: Leg,
    pub(super) cow: Leg,
    pub(super) kind: Kind,
    /// None where the store says, or a default is taken.
    pub(super) chunk: Option<Chunk>,
    pub(super) features: Features,
}

impl Args {
    /// Checks them as the kernel does, in its order.
    ///
    /// # Source
    ///
    /// `snapshot_ctr` in the kernel's `drivers/md/dm-snap.c`.
    pub(super) fn read(build: &mut Build<'_>) -> Result<Self, BuildError> {
        let [origin, cow, kind, chunk, rest @ ..] = build.words else {
            return Err(BuildError::new("requires 4 or more arguments"));
        };
        let features = Features::parse(rest)?;
        // The origin has the mapped device's sectors, not the target's.
        let end = build.start.saturating_add(build.len);
        let origin = args::open_leg_to_read(build.opener, origin, Sectors::ZERO, end)
            .map_err(|errno| BuildError::with("Cannot get origin device", errno))?;
        let mut cow = args::open_leg(build.opener, cow, Sectors::ZERO, Sectors::ZERO)
            .map_err(|errno| BuildError::with("Cannot get COW device", errno))?;
        if (cow.device.dev(), &cow.name) == (origin.device.dev(), &origin.name) {
            return Err(BuildError::new("COW device cannot be the same as origin device"));
        }
        let blocks = blocks(&origin, &cow);
        // An image may end within a block of the origin's.
        let (size, block) = (cow.device.size().get(), blocks.get());
        cow.len = Sectors::new(size.saturating_sub(size.checked_rem(block).unwrap_or_default()));
        let store = Kind::parse(kind).zip(parse_chunk(chunk, blocks));
        let (kind, chunk) = store.ok_or(BuildError::new("Couldn't create exception store"))?;
        if chunk.is_none() && kind == Kind::Transient {
            return Err(BuildError::new("Chunk size not set"));
        }
        Ok(Self { origin, cow, kind, chunk, features })
    }
}

/// The smallest chunk: a logical block of both.
pub(super) fn blocks(origin: &Leg, cow: &Leg) -> Sectors {
    let block = |leg: &Leg| leg.device.limits().logical_block.whole_sectors();
    block(origin).max(block(cow))
}

/// A chunk's size, of whole blocks; the inner none where the word leaves it to the store.
///
/// # Source
///
/// `set_chunk_size` and `dm_exception_store_set_chunk_size` in the kernel's `drivers/md/dm-exception-store.c`.
#[expect(clippy::option_option, reason = "a size, no size, or no number")]
fn parse_chunk(word: &[u8], blocks: Sectors) -> Option<Option<Chunk>> {
    let size = Sectors::new(args::strict_u32(word)?.into());
    if size.is_zero() {
        return Some(None);
    }
    // Both are powers of two.
    Chunk::new(size).filter(|chunk| chunk.sectors() >= blocks).map(Some)
}
