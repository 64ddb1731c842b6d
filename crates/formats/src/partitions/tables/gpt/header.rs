//! One copy of a GPT: its header and entries, checked.

use alloc::vec::Vec;

use byteorder::LE;
use dm_core::units::Bytes;

use crate::bytes::Fields;
use crate::crc32::Crc32;
use crate::partitions::SLOTS_MAX;
use crate::partitions::damage::{Damage, Part, Why};
use crate::partitions::disk::{Disk, LogicalBlock};
use crate::partitions::slice::Guid;

const SIGNATURE: &[u8; 8] = b"EFI PART";

/// What the fields of a header take; its block may be longer.
const HEADER_LEN: u32 = 92;

/// What an entry takes. The format has room for larger ones; kpartx takes only these.
pub(super) const ENTRY_LEN: u32 = 128;

/// The most bytes of entries that are believed, 32768 of them.
const ENTRIES_MAX: u64 = 4 << 20;

/// What a header says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub(super) lba: u64,
    pub(super) alternate: u64,
    pub(super) first_usable: u64,
    pub(super) last_usable: u64,
    pub(super) disk: Guid,
    pub(super) entries_lba: u64,
    pub(super) entries: u32,
    pub(super) entry_size: u32,
    pub(super) entries_crc: u32,
    len: u32,
    crc: u32,
}

impl Header {
    fn parse(block: &[u8]) -> Option<Self> {
        let fields = Fields::<LE>::new(block);
        (fields.array(0) == *SIGNATURE).then(|| Self {
            len: fields.u32(12),
            crc: fields.u32(16),
            lba: fields.u64(24),
            alternate: fields.u64(32),
            first_usable: fields.u64(40),
            last_usable: fields.u64(48),
            disk: Guid::from_bytes(fields.array(56)),
            entries_lba: fields.u64(72),
            entries: fields.u32(80),
            entry_size: fields.u32(84),
            entries_crc: fields.u32(88),
        })
    }

    /// The checksum that `block`, where this header lies, should have; none where it has not the header's length.
    fn computed_crc(&self, block: &[u8]) -> Option<u32> {
        let header = block.get(..usize::try_from(self.len).ok()?)?;
        let mut crc = Crc32::new();
        crc.update(header.get(..16)?);
        crc.update(&[0; 4]);
        crc.update(header.get(20..)?);
        Some(crc.finish())
    }
}

/// Whether a sound header that was written for blocks of this size is the second of them.
pub(super) fn is_primary(block: &[u8]) -> bool {
    Header::parse(block).is_some_and(|header| {
        header.len >= HEADER_LEN
            && header.lba == 1
            && header.computed_crc(block) == Some(header.crc)
    })
}

/// A sound copy.
#[derive(Debug)]
pub(super) struct Copy {
    pub(super) header: Header,
    /// Where its header lies.
    pub(super) at: Bytes,
    /// Its entries as they are there, as many as there can be slots.
    pub(super) entries: Vec<u8>,
}

impl Copy {
    /// Where the entry `nth` lies.
    pub(super) fn entry_at(&self, block: LogicalBlock, nth: usize) -> Bytes {
        let first = block.bytes().checked_mul(self.header.entries_lba);
        let nth = u64::try_from(nth).unwrap_or(u64::MAX);
        let within = Bytes::new(ENTRY_LEN.into()).checked_mul(nth);
        first.zip(within).and_then(|(first, within)| first.checked_add(within)).unwrap_or(self.at)
    }
}

/// A copy that is not sound: what is wrong with it.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) damage: Damage,
    /// Whether a header is there at all.
    pub(super) signed: Signed,
}

/// Whether there is a header's signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signed {
    /// There is.
    Yes,
    /// There is none.
    No,
}

/// Reads the copy that has its header in the block `lba`.
pub(super) fn read(disk: &mut Disk<'_>, part: Part, lba: u64) -> Result<Copy, Broken> {
    let at = disk.position(lba).unwrap_or(Bytes::new(u64::MAX));
    let broken = |signed, field, offset, why| {
        let at = at.saturating_add(Bytes::new(offset));
        Broken { damage: Damage { table: super::TYPE.name, part, field, at, why }, signed }
    };
    let block = match disk.block(lba) {
        Ok(block) => block,
        Err(trouble) => return Err(broken(Signed::No, "header", 0, Why::Unreadable(trouble))),
    };
    let Some(header) = Header::parse(block) else {
        return Err(broken(Signed::No, "signature", 0, Why::Missing));
    };
    let crc = header.computed_crc(block);
    if let Some((field, offset, why)) = wrong(&header, lba, crc, disk.block_size()) {
        return Err(broken(Signed::Yes, field, offset, why));
    }
    let len = u64::from(header.entries).saturating_mul(header.entry_size.into());
    let (mut crc, mut entries) = (Crc32::new(), Vec::new());
    let kept = usize::from(SLOTS_MAX).saturating_mul(usize::try_from(ENTRY_LEN).unwrap_or(0));
    let read = disk.stream(header.entries_lba, len, &mut |piece| {
        crc.update(piece);
        let room = kept.saturating_sub(entries.len()).min(piece.len());
        entries.extend_from_slice(piece.get(..room).unwrap_or_default());
    });
    if let Err(trouble) = read {
        return Err(broken(Signed::Yes, "entries", 72, Why::Unreadable(trouble)));
    }
    let (found, wanted) = (header.entries_crc, crc.finish());
    if found != wanted {
        let why = Why::Is { found: found.into(), wanted: wanted.into() };
        return Err(broken(Signed::Yes, "entries' checksum", 88, why));
    }
    Ok(Copy { header, at, entries })
}

/// What is wrong with a header: the field, where it is in the header, and how.
///
/// The length is held to what a block can have, the entries' to [`ENTRIES_MAX`]: the original computes its
/// checksum over whatever length there is, past the end of its memory too.
fn wrong(
    header: &Header,
    lba: u64,
    crc: Option<u32>,
    block: LogicalBlock,
) -> Option<(&'static str, u64, Why)> {
    let is = |found: u64, wanted: u64| Why::Is { found, wanted };
    let most = block.bytes().get();
    let len = u64::from(header.len);
    if header.len < HEADER_LEN || len > most {
        let why = Why::Outside { found: len, low: HEADER_LEN.into(), high: most };
        return Some(("header length", 12, why));
    }
    if let Some(wanted) = crc
        && header.crc != wanted
    {
        return Some(("header checksum", 16, is(header.crc.into(), wanted.into())));
    }
    if header.lba != lba {
        return Some(("header's own block", 24, is(header.lba, lba)));
    }
    if header.entry_size != ENTRY_LEN {
        return Some(("entry size", 84, is(header.entry_size.into(), ENTRY_LEN.into())));
    }
    let high = ENTRIES_MAX.checked_div(ENTRY_LEN.into()).unwrap_or(0);
    let found = u64::from(header.entries);
    if found == 0 || found > high {
        return Some(("number of entries", 80, Why::Outside { found, low: 1, high }));
    }
    None
}
