//! The log of dm-log-writes: every write to a device, in the order in which they became durable.
//!
//! The log counts in blocks: the logical block of the device that is logged, 512 or more bytes, a power of
//! two. Numbers are little-endian; what is not named is zero. Block 0 is the super block:
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0 | 8 | magic, `0x006a736677736872` |
//! | 8 | 8 | version, 1 |
//! | 16 | 8 | how many entries there are |
//! | 24 | 4 | the block's size in bytes |
//!
//! From block 1 on lie the entries, without gaps. An entry is one block, and the data that was written after
//! it, if any was:
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0 | 8 | the first block of the device that was written |
//! | 8 | 8 | how many blocks |
//! | 16 | 8 | flags: 1 flush, 2 FUA, 4 discard, 8 mark, 16 metadata |
//! | 24 | 8 | the length of a mark's text, else 0 |
//! | 32 | .. | a mark's text |
//!
//! A discard has blocks but no data. A flush comes alone, as an entry of no blocks. The super block is written
//! after an entry with FUA and after a mark, so the log may go on behind the entries that it counts; what is
//! there may be of an older log.
//!
//! # Source
//!
//! The kernel's `Documentation/admin-guide/device-mapper/log-writes.rst` and `drivers/md/dm-log-writes.c`, 6.12.

use alloc::vec;
use alloc::vec::Vec;

use zerocopy::byteorder::little_endian::{U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::read_at::{ReadAt, ReadError};
use crate::units::{Bytes, Sectors};

/// The super block's first number.
pub const MAGIC: u64 = 0x006a_7366_7773_6872;

/// The only version there is.
pub const VERSION: u64 = 1;

/// The text of the mark that the target writes when it ends.
pub const END_MARK: &[u8] = b"dm-log-writes-end";

/// The largest block that is believed: what no disk has, and no reader should set memory aside for.
const BLOCK_MAX: u32 = 1 << 20;

/// The super block as it lies on the log.
#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct RawSuper {
    magic: U64,
    version: U64,
    entries: U64,
    block: U32,
}

/// An entry's block as it lies on the log, without a mark's text.
#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct RawEntry {
    start: U64,
    len: U64,
    flags: U64,
    text: U64,
}

const _: () = assert!(size_of::<RawSuper>() == 28 && size_of::<RawEntry>() == ENTRY_LEN);

/// Where a mark's text begins in its block.
const ENTRY_LEN: usize = 32;

bitflags::bitflags! {
    /// What an entry is.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct EntryFlags: u64 {
        /// What was completed before it was sent became durable with it.
        const FLUSH = 1;
        /// It was durable when it was answered.
        const FUA = 2;
        /// Its blocks were discarded.
        const DISCARD = 4;
        /// A text that somebody put there, at this moment.
        const MARK = 8;
        /// Filesystem metadata.
        const METADATA = 16;
    }
}

/// A block's size in bytes: a power of two of at least 512.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block(u32);

impl Block {
    /// The block of `size` bytes; none where a log cannot have it.
    pub const fn new(size: Bytes) -> Option<Self> {
        match size.get() {
            #[expect(
                clippy::as_conversions,
                clippy::cast_possible_truncation,
                reason = "the bound is 32 bits wide; `try_from` is not const"
            )]
            n if n >= 512 && n <= BLOCK_MAX as u64 && n.is_power_of_two() => Some(Self(n as u32)),
            _ => None,
        }
    }

    /// Its size.
    pub fn bytes(self) -> Bytes {
        Bytes::new(self.0.into())
    }

    /// Its size in sectors.
    pub fn sectors(self) -> Sectors {
        self.bytes().whole_sectors()
    }

    /// How many whole blocks `len` has.
    pub fn count(self, len: Sectors) -> u64 {
        len.get().checked_div(self.sectors().get()).unwrap_or(0)
    }

    /// The length of a block in memory.
    fn len(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }

    /// A block of zeros that begins with `bytes`, as much of them as it holds.
    fn of(self, bytes: &[u8]) -> Vec<u8> {
        let mut block = vec![0; self.len()];
        for (to, byte) in block.iter_mut().zip(bytes) {
            *to = *byte;
        }
        block
    }
}

/// What the super block says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Super {
    /// How many entries there are.
    pub entries: u64,
    /// The log's unit.
    pub block: Block,
}

/// Why bytes are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// A version that nobody knows.
    #[error("version {0} is unknown")]
    Version(u64),
    /// A size that no block can have.
    #[error("a block of {0} bytes is impossible")]
    BlockSize(u32),
    /// Flags that nobody knows.
    #[error("flags {0:#x} are unknown")]
    Flags(u64),
    /// A mark's text does not fit into its block, or something else has a text.
    #[error("a text of {0} bytes does not belong there")]
    Text(u64),
    /// A mark with blocks, or an entry that is nothing.
    #[error("{0} blocks do not belong there")]
    Blocks(u64),
    /// The entry, or its data, is not wholly on the log.
    #[error("it does not fit on the log")]
    Size,
}

impl Super {
    /// Reads the first bytes of a log. `None`: this is no log.
    ///
    /// # Errors
    ///
    /// [`Damage`] for a version or block size that cannot be.
    pub fn parse(bytes: &[u8]) -> Result<Option<Self>, Damage> {
        let Ok((raw, _)) = RawSuper::read_from_prefix(bytes) else { return Ok(None) };
        if raw.magic.get() != MAGIC {
            return Ok(None);
        }
        if raw.version.get() != VERSION {
            return Err(Damage::Version(raw.version.get()));
        }
        let size = raw.block.get();
        let block = Block::new(Bytes::new(size.into())).ok_or(Damage::BlockSize(size))?;
        Ok(Some(Self { entries: raw.entries.get(), block }))
    }

    /// The super block.
    pub fn to_block(self) -> Vec<u8> {
        let raw = RawSuper {
            magic: MAGIC.into(),
            version: VERSION.into(),
            entries: self.entries.into(),
            block: self.block.0.into(),
        };
        self.block.of(raw.as_bytes())
    }
}

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The first block of the device that it is about.
    pub start: u64,
    /// How many blocks it is about.
    pub len: u64,
    /// What it is.
    pub flags: EntryFlags,
    /// A mark's text.
    pub text: Vec<u8>,
}

impl Entry {
    /// A mark. A text that does not fit into a block with a NUL behind it is cut.
    ///
    /// # Source
    ///
    /// `log_mark` in the kernel's `drivers/md/dm-log-writes.c`.
    pub fn mark(text: &[u8], block: Block) -> Self {
        let most = block.len().saturating_sub(ENTRY_LEN).saturating_sub(1);
        let text = text.iter().copied().take(most).collect();
        Self { start: 0, len: 0, flags: EntryFlags::MARK, text }
    }

    /// Reads an entry's block.
    ///
    /// # Errors
    ///
    /// [`Damage`] for what no target writes.
    pub fn parse(block: &[u8]) -> Result<Self, Damage> {
        let (raw, rest) = RawEntry::read_from_prefix(block).map_err(|_| Damage::Size)?;
        let flags = raw.flags.get();
        let flags = EntryFlags::from_bits(flags).ok_or(Damage::Flags(flags))?;
        let is_mark = flags.contains(EntryFlags::MARK);
        let (len, length) = (raw.len.get(), raw.text.get());
        let text = usize::try_from(length).ok().and_then(|length| rest.get(..length));
        let text = text.filter(|text| is_mark || text.is_empty()).ok_or(Damage::Text(length))?;
        let without_blocks = is_mark || (len == 0 && flags.contains(EntryFlags::FLUSH));
        if without_blocks != (len == 0) {
            return Err(Damage::Blocks(len));
        }
        Ok(Self { start: raw.start.get(), len, flags, text: text.to_vec() })
    }

    /// The entry's block.
    pub fn to_block(&self, block: Block) -> Vec<u8> {
        let raw = RawEntry {
            start: self.start.into(),
            len: self.len.into(),
            flags: self.flags.bits().into(),
            text: u64::try_from(self.text.len()).unwrap_or(u64::MAX).into(),
        };
        let mut bytes = raw.as_bytes().to_vec();
        bytes.extend_from_slice(&self.text);
        block.of(&bytes)
    }

    /// How many blocks of data follow it on the log.
    pub fn data_blocks(&self) -> u64 {
        if self.flags.contains(EntryFlags::DISCARD) { 0 } else { self.len }
    }

    /// How much of the log it takes, unless that is more than any log has.
    pub fn on_log(&self, block: Block) -> Option<Sectors> {
        block.sectors().checked_mul(self.data_blocks().checked_add(1)?)
    }

    /// The bytes of the device that it is about: where they begin, and how many there are; none where that is
    /// more than any device has.
    pub fn range(&self, block: Block) -> Option<(Bytes, Bytes)> {
        let bytes = |blocks: u64| block.bytes().checked_mul(blocks);
        let (start, len) = (bytes(self.start)?, bytes(self.len)?);
        start.checked_add(len).map(|_| (start, len))
    }
}

/// An entry, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// Which of the log's entries, from 0.
    pub number: u64,
    /// Where its block begins on the log.
    pub at: Bytes,
    /// The entry.
    pub entry: Entry,
    /// Where its data begins on the log.
    pub data: Bytes,
    /// How much data there is.
    pub data_len: Bytes,
}

/// Why a log cannot be read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// It is no log.
    #[error("not a log of dm-log-writes")]
    NoLog,
    /// Its super block is damaged.
    #[error("the super block is damaged")]
    Super(#[source] Damage),
    /// An entry is damaged.
    #[error("entry {number}, at byte {at} of the log, is damaged")]
    Entry {
        /// Which, from 0.
        number: u64,
        /// Where it begins.
        at: Bytes,
        /// What is wrong with it.
        #[source]
        why: Damage,
    },
    /// It cannot be read.
    #[error("entry {number}, at byte {at} of the log, cannot be read")]
    Read {
        /// Which, from 0.
        number: u64,
        /// Where it begins.
        at: Bytes,
        /// What the system says.
        #[source]
        why: ReadError,
    },
}

/// Reads a log from its beginning, entry by entry: as many as the super block counts. Nothing is kept of what
/// was read, and an entry is not larger than its block.
#[derive(Debug)]
pub struct Reader<'a, R: ReadAt + ?Sized> {
    log: &'a R,
    head: Super,
    number: u64,
    at: Bytes,
}

impl<'a, R: ReadAt + ?Sized> Reader<'a, R> {
    /// Reads the super block.
    ///
    /// # Errors
    ///
    /// [`LogError::NoLog`], [`LogError::Super`]; [`LogError::Read`] when the log cannot be read.
    pub fn open(log: &'a R) -> Result<Self, LogError> {
        let mut bytes = [0; size_of::<RawSuper>()];
        if log.size() < Bytes::new(512) {
            return Err(LogError::NoLog);
        }
        let read = |why| LogError::Read { number: 0, at: Bytes::ZERO, why };
        log.read_at(Bytes::ZERO, &mut bytes).map_err(read)?;
        let head = Super::parse(&bytes).map_err(LogError::Super)?.ok_or(LogError::NoLog)?;
        Ok(Self { log, head, number: 0, at: head.block.bytes() })
    }

    /// What the super block says.
    pub fn head(&self) -> Super {
        self.head
    }

    /// The next entry, whose block and data are wholly on the log.
    fn read(&mut self) -> Result<Logged, LogError> {
        let (number, at, block) = (self.number, self.at, self.head.block);
        let damaged = |why| LogError::Entry { number, at, why };
        let data = at.checked_add(block.bytes()).filter(|data| *data <= self.log.size());
        let data = data.ok_or(damaged(Damage::Size))?;
        let mut bytes = block.of(&[]);
        self.log.read_at(at, &mut bytes).map_err(|why| LogError::Read { number, at, why })?;
        let entry = Entry::parse(&bytes).map_err(damaged)?;
        let data_len = block.bytes().checked_mul(entry.data_blocks());
        let end = data_len.and_then(|len| data.checked_add(len));
        let end = end.filter(|end| *end <= self.log.size()).ok_or(damaged(Damage::Size))?;
        let data_len = end.saturating_sub(data);
        (self.number, self.at) = (number.saturating_add(1), end);
        Ok(Logged { number, at, entry, data, data_len })
    }
}

/// Ends after the last entry, or after the first error.
impl<R: ReadAt + ?Sized> Iterator for Reader<'_, R> {
    type Item = Result<Logged, LogError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.number >= self.head.entries {
            return None;
        }
        let read = self.read();
        if read.is_err() {
            self.number = self.head.entries;
        }
        Some(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(size: u64) -> Block {
        Block::new(Bytes::new(size)).unwrap()
    }

    fn entry(start: u64, len: u64, flags: EntryFlags) -> Entry {
        Entry { start, len, flags, text: Vec::new() }
    }

    fn log(block: Block, entries: &[Entry]) -> Vec<u8> {
        let mut bytes = Super { entries: entries.len() as u64, block }.to_block();
        for entry in entries {
            bytes.extend(entry.to_block(block));
            let data = usize::try_from(entry.data_blocks()).unwrap() * block.len();
            bytes.resize(bytes.len() + data, 7);
        }
        bytes
    }

    fn session(block: Block) -> Vec<Entry> {
        let fua = EntryFlags::FUA | EntryFlags::METADATA;
        vec![
            entry(3, 2, EntryFlags::empty()),
            entry(0, 100, EntryFlags::DISCARD),
            entry(0, 0, EntryFlags::FLUSH),
            entry(9, 1, fua),
            Entry::mark(b"here", block),
        ]
    }

    #[test]
    fn the_super_block_is_as_the_kernel_writes_it() {
        let bytes = Super { entries: 0x0102, block: block(4096) }.to_block();
        let mut want = vec![0x72, 0x68, 0x73, 0x77, 0x66, 0x73, 0x6a, 0, 1, 0, 0, 0, 0, 0, 0, 0];
        want.extend([2, 1, 0, 0, 0, 0, 0, 0, 0, 0x10, 0, 0]);
        want.resize(4096, 0);
        assert_eq!(bytes, want);
    }

    #[test]
    fn what_is_written_reads_the_same_in_blocks_of_either_size() {
        for block in [block(512), block(4096)] {
            let entries = session(block);
            let bytes = log(block, &entries);
            let read: Vec<Logged> =
                Reader::open(&bytes[..]).unwrap().map(|logged| logged.unwrap()).collect();
            let found: Vec<Entry> = read.iter().map(|logged| logged.entry.clone()).collect();
            assert_eq!(found, entries);
            let places: Vec<u64> =
                read.iter().map(|logged| logged.at.get() / block.bytes().get()).collect();
            assert_eq!(places, [1, 4, 5, 6, 8]);
            assert_eq!(read[0].data, Bytes::new(2 * block.bytes().get()));
        }
    }

    #[test]
    fn a_log_that_is_cut_short_gives_what_is_whole_and_then_says_where_it_ends() {
        let bytes = log(block(512), &session(block(512)));
        for len in (0..bytes.len()).step_by(512) {
            let Ok(reader) = Reader::open(&bytes[..len]) else {
                assert_eq!(len, 0);
                continue;
            };
            let whole =
                [0, 4, 5, 6, 8, 9].iter().filter(|&&end| end > 0 && end * 512 <= len).count();
            let read: Vec<_> = reader.collect();
            assert_eq!(read.len(), whole + 1);
            let LogError::Entry { number, why, .. } = read[whole].clone().unwrap_err() else {
                panic!("{read:?}")
            };
            assert_eq!((number, why), (whole as u64, Damage::Size));
        }
    }

    #[test]
    fn what_no_target_writes_is_damage() {
        let why = |entry: Entry| Entry::parse(&entry.to_block(block(512))).unwrap_err();
        assert_eq!(why(entry(0, 0, EntryFlags::empty())), Damage::Blocks(0));
        assert_eq!(why(entry(0, 0, EntryFlags::FUA)), Damage::Blocks(0));
        assert_eq!(why(entry(0, 1, EntryFlags::MARK)), Damage::Blocks(1));
        assert_eq!(why(entry(0, 1, EntryFlags::from_bits_retain(32))), Damage::Flags(32));
        let text = |flags, len, text| Entry { text, ..entry(0, len, flags) };
        assert_eq!(why(text(EntryFlags::FUA, 1, vec![1])), Damage::Text(1));
        assert_eq!(why(text(EntryFlags::MARK, 0, vec![1; 481])), Damage::Text(481));
    }

    #[test]
    fn other_bytes_are_no_log_and_a_damaged_super_block_is_told_apart() {
        assert_eq!(Super::parse(&[0; 512]), Ok(None));
        assert_eq!(Super::parse(&[]), Ok(None));
        let mut bytes = Super { entries: 1, block: block(512) }.to_block();
        bytes[8] = 2;
        assert_eq!(Super::parse(&bytes), Err(Damage::Version(2)));
        bytes[8] = 1;
        bytes[24] = 1;
        assert_eq!(Super::parse(&bytes), Err(Damage::BlockSize(513)));
        assert!(matches!(Reader::open(&[0; 600][..]), Err(LogError::NoLog)));
    }

    #[test]
    fn a_long_mark_is_cut_so_that_a_nul_follows_it() {
        let mark = Entry::mark(&[b'm'; 600], block(512));
        assert_eq!(mark.text.len(), 479);
        assert_eq!(Entry::parse(&mark.to_block(block(512))), Ok(mark));
    }

    #[test]
    fn what_is_beyond_any_device_has_no_range() {
        assert_eq!(entry(u64::MAX, 1, EntryFlags::FUA).range(block(512)), None);
        assert_eq!(entry(1, u64::MAX, EntryFlags::FUA).on_log(block(512)), None);
        let range = entry(2, 3, EntryFlags::FUA).range(block(4096));
        assert_eq!(range, Some((Bytes::new(8192), Bytes::new(12288))));
    }
}
