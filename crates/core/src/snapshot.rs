//! The store of dm-snapshot: what was written to a snapshot since it was made, on a device called the cow.
//!
//! The cow is counted in chunks: a power of two of sectors. Numbers are little-endian. Chunk 0 is the header; of
//! its bytes, those beyond these are not looked at:
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0 | 4 | magic, `SnAp`; zero: nothing was ever written here, the store is new |
//! | 4 | 4 | valid: 1, or 0 when the snapshot is not to be used any more |
//! | 8 | 4 | version, 1 |
//! | 12 | 4 | chunk size in sectors |
//!
//! Metadata area number `k` is chunk `1 + k * (n + 1)`, where `n` is how many entries a chunk has. All other
//! chunks hold data. An entry is an exception: a chunk of the origin that lies on the cow instead.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0 | 8 | `old_chunk`: which of the origin's |
//! | 8 | 8 | `new_chunk`: where on the cow; 0 ends the list |
//!
//! The list goes on in the next area when one is full, so whoever fills one has zeroed the next before.
//!
//! # Source
//!
//! The comment that begins the kernel's `drivers/md/dm-snap-persistent.c`, 6.12.

mod runs;
mod walk;

use alloc::vec;
use alloc::vec::Vec;

use zerocopy::byteorder::little_endian::{U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::units::{Bytes, Sectors};
pub use runs::Runs;
pub use walk::{Contents, Walk};

/// The header's first number.
pub const MAGIC: u32 = 0x7041_6e53;

/// The only version there is.
pub const VERSION: u32 = 1;

/// How long an entry is, in bytes.
pub const ENTRY_LEN: usize = 16;

/// The largest chunk.
///
/// # Source
///
/// `dm_exception_store_set_chunk_size` in the kernel's `drivers/md/dm-exception-store.c`: no more than
/// `INT_MAX >> SECTOR_SHIFT` sectors, a power of two.
const CHUNK_MAX: u64 = 1 << 21;

/// The header as it lies on the cow.
#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct RawHeader {
    magic: U32,
    valid: U32,
    version: U32,
    chunk_size: U32,
}

/// An entry as it lies in an area.
#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct RawEntry {
    old_chunk: U64,
    new_chunk: U64,
}

const _: () = assert!(size_of::<RawHeader>() == 16 && size_of::<RawEntry>() == ENTRY_LEN);

/// A chunk's size: a power of two of sectors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk(Sectors);

impl Chunk {
    /// The chunk of `size`; none where a store cannot have it.
    pub const fn new(size: Sectors) -> Option<Self> {
        if size.get().is_power_of_two() && size.get() <= CHUNK_MAX {
            Some(Self(size))
        } else {
            None
        }
    }

    /// Its size.
    pub const fn sectors(self) -> Sectors {
        self.0
    }

    /// How many entries an area has.
    pub const fn entries(self) -> u64 {
        // No chunk is so large that this overflows.
        self.0.get().saturating_mul(512 / 16)
    }

    /// Which chunk of a device `at` lies in.
    pub fn at(self, at: Sectors) -> u64 {
        at.get().checked_div(self.0.get()).unwrap_or_default()
    }

    /// How far `at` is from the beginning of its chunk.
    pub fn inside(self, at: Sectors) -> Sectors {
        Sectors::new(at.get().checked_rem(self.0.get()).unwrap_or_default())
    }

    /// Where a chunk begins; none beyond what any device has.
    pub fn start(self, chunk: u64) -> Option<Sectors> {
        self.0.checked_mul(chunk)
    }

    /// Whether all of a chunk lies on a device of this size.
    pub fn fits(self, chunk: u64, size: Sectors) -> bool {
        let end = chunk.checked_add(1).and_then(|next| self.start(next));
        end.is_some_and(|end| end <= size)
    }

    /// Which chunk metadata area `number` is; none beyond what any device has.
    pub fn area(self, number: u64) -> Option<u64> {
        self.entries().checked_add(1)?.checked_mul(number)?.checked_add(1)
    }

    /// Whether a chunk of the cow is the header or a metadata area.
    pub fn is_metadata(self, chunk: u64) -> bool {
        chunk == 0 || chunk.checked_rem(self.entries().saturating_add(1)) == Some(1)
    }

    /// The first chunk from `chunk` on that holds data.
    ///
    /// # Source
    ///
    /// `skip_metadata` in the kernel's `drivers/md/dm-snap-persistent.c`; its first is 2.
    #[must_use]
    pub fn data_from(self, chunk: u64) -> u64 {
        let chunk = chunk.max(2);
        if self.is_metadata(chunk) { chunk.saturating_add(1) } else { chunk }
    }
}

/// What is wrong with a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// The cow begins with something else.
    #[error("magic, at byte 0, is {0:#x}: the cow has something else on it")]
    Magic(u32),
    /// A version that nobody knows.
    #[error("version, at byte 8, is {0}, which nobody knows")]
    Version(u32),
    /// A size that no chunk can have.
    #[error("chunk_size, at byte 12, is {0} sectors, which no chunk has")]
    ChunkSize(u32),
    /// The cow ends within the header.
    #[error("the cow ends within the header")]
    Short,
    /// All areas are full, and the next would lie beyond the cow's end.
    #[error("metadata area {0} lies beyond the end of the cow")]
    Area(u64),
    /// An entry cannot be.
    #[error("{field}, at byte {at}, is {value}: {why}")]
    Entry {
        /// Which of its numbers.
        field: &'static str,
        /// Where that lies on the cow.
        at: Bytes,
        /// What it is.
        value: u64,
        /// Why it cannot be.
        why: &'static str,
    },
}

/// What the header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Whether the snapshot may be used.
    pub is_valid: bool,
    /// The store's unit.
    pub chunk: Chunk,
}

impl Header {
    /// Reads the first bytes of a cow. `None`: the store is new.
    ///
    /// # Errors
    ///
    /// [`Damage`] for something else than a store, and for one that cannot be.
    ///
    /// # Source
    ///
    /// `read_header` and `persistent_read_metadata` in the kernel's `drivers/md/dm-snap-persistent.c`.
    pub fn parse(bytes: &[u8]) -> Result<Option<Self>, Damage> {
        let (raw, _) = RawHeader::read_from_prefix(bytes).map_err(|_| Damage::Short)?;
        match raw.magic.get() {
            0 => return Ok(None),
            MAGIC => {}
            other => return Err(Damage::Magic(other)),
        }
        let size = raw.chunk_size.get();
        let chunk = Chunk::new(Sectors::new(size.into())).ok_or(Damage::ChunkSize(size))?;
        if raw.version.get() != VERSION {
            return Err(Damage::Version(raw.version.get()));
        }
        Ok(Some(Self { is_valid: raw.valid.get() != 0, chunk }))
    }

    /// The header, followed by zeros: `len` bytes in all, no fewer than the header has.
    pub fn to_block(self, len: usize) -> Vec<u8> {
        let raw = RawHeader {
            magic: MAGIC.into(),
            valid: u32::from(self.is_valid).into(),
            version: VERSION.into(),
            chunk_size: u32::try_from(self.chunk.sectors().get()).unwrap_or_default().into(),
        };
        let mut block = vec![0; len.max(size_of::<RawHeader>())];
        for (to, byte) in block.iter_mut().zip(raw.as_bytes()) {
            *to = *byte;
        }
        block
    }
}

/// An exception: a chunk of the origin that lies on the cow instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which of the origin's.
    pub old: u64,
    /// Where on the cow.
    pub new: u64,
}

impl Entry {
    /// Reads an entry; none where the list ends.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let (raw, _) = RawEntry::read_from_prefix(bytes).ok()?;
        let new = raw.new_chunk.get();
        (new != 0).then_some(Self { old: raw.old_chunk.get(), new })
    }

    /// The entry as it lies in an area.
    pub fn to_bytes(self) -> [u8; ENTRY_LEN] {
        let raw = RawEntry { old_chunk: self.old.into(), new_chunk: self.new.into() };
        let mut bytes = [0; ENTRY_LEN];
        bytes.copy_from_slice(raw.as_bytes());
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(sectors: u64) -> Chunk {
        Chunk::new(Sectors::new(sectors)).unwrap()
    }

    #[test]
    fn the_header_lies_as_the_page_says() {
        let header = Header { is_valid: true, chunk: chunk(16) };
        let block = header.to_block(512);
        assert_eq!(&block[..16], b"SnAp\x01\0\0\0\x01\0\0\0\x10\0\0\0");
        assert_eq!((block.len(), block[16..].iter().all(|&byte| byte == 0)), (512, true));
        assert_eq!(Header::parse(&block), Ok(Some(header)));
        let invalid = Header { is_valid: false, ..header };
        assert_eq!(Header::parse(&invalid.to_block(16)), Ok(Some(invalid)));
    }

    #[test]
    fn a_cow_that_begins_with_zeros_is_new_and_anything_else_is_not_a_store() {
        assert_eq!(Header::parse(&[0, 0, 0, 0, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9]), Ok(None));
        assert_eq!(Header::parse(&[1; 16]), Err(Damage::Magic(0x0101_0101)));
        assert_eq!(Header::parse(b"SnAp"), Err(Damage::Short));
    }

    #[test]
    fn a_header_that_cannot_be_says_which_field() {
        let header = |version: u8, size: [u8; 4]| {
            let mut block = Header { is_valid: true, chunk: chunk(8) }.to_block(16);
            block[8] = version;
            block[12..].copy_from_slice(&size);
            Header::parse(&block).map_err(|why| alloc::format!("{why}"))
        };
        for (size, shown) in [
            ([0, 0, 0, 0], "0"),
            ([3, 0, 0, 0], "3"),
            ([0, 0, 0x40, 0], "4194304"),
            ([0xff; 4], "4294967295"),
        ] {
            let why =
                alloc::format!("chunk_size, at byte 12, is {shown} sectors, which no chunk has");
            assert_eq!(header(1, size), Err(why));
        }
        let why = "version, at byte 8, is 2, which nobody knows";
        assert_eq!(header(2, [8, 0, 0, 0]), Err(why.into()));
        assert!(header(1, [0, 0, 0x20, 0]).is_ok());
    }

    #[test]
    fn areas_lie_one_chunk_and_their_data_apart() {
        // 8 sectors have 256 entries.
        let chunk = chunk(8);
        assert_eq!(chunk.entries(), 256);
        assert_eq!([chunk.area(0), chunk.area(1), chunk.area(2)], [Some(1), Some(258), Some(515)]);
        let metadata: Vec<u64> = (0..600).filter(|&n| chunk.is_metadata(n)).collect();
        assert_eq!(metadata, [0, 1, 258, 515]);
        assert_eq!([chunk.data_from(0), chunk.data_from(257), chunk.data_from(258)], [2, 257, 259]);
        assert_eq!(chunk.area(u64::MAX), None);
    }

    #[test]
    fn an_entry_is_two_numbers_and_zero_ends_the_list() {
        let entry = Entry { old: 0x0102, new: 3 };
        assert_eq!(entry.to_bytes(), *b"\x02\x01\0\0\0\0\0\0\x03\0\0\0\0\0\0\0");
        assert_eq!(Entry::parse(&entry.to_bytes()), Some(entry));
        assert_eq!(Entry::parse(&[7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), None);
        assert_eq!(Entry::parse(&[7; 8]), None);
    }

    #[test]
    fn a_chunk_that_is_cut_does_not_fit() {
        let chunk = chunk(8);
        assert!(chunk.fits(1, Sectors::new(16)) && !chunk.fits(1, Sectors::new(15)));
        assert!(!chunk.fits(u64::MAX, Sectors::new(u64::MAX)));
        assert_eq!(
            (chunk.at(Sectors::new(17)), chunk.inside(Sectors::new(17))),
            (2, Sectors::new(1))
        );
    }
}
