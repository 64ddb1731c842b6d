//! A disk as the readers of partition tables see it: blocks that are kept, and a limit on what they cost.

use alloc::boxed::Box;
use alloc::collections::VecDeque;
use alloc::vec;
use core::fmt;

use dm_core::read_at::ReadAt;
use dm_core::units::{Bytes, Sectors};

pub use crate::why::Trouble;

/// The most reads that one table may cost. A chain of logical partitions that is longer ends here.
pub const READS_MAX: u32 = 4096;

/// The most bytes that one table may have read: 65536 blocks of 512 bytes, 512 blocks of 64 KiB.
pub const BYTES_MAX: u64 = 32 << 20;

/// How many blocks are kept. More than a chain of logical partitions can go through before it has to give a
/// slice or end, so that one that runs in a circle reads each of its blocks once.
const KEPT_MAX: usize = 128;

/// How much [`Disk::stream`] reads at once: a whole number of the largest blocks.
const CHUNK: u64 = 64 << 10;

/// The size of a disk's logical block: a power of two, 512 bytes to 64 KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogicalBlock(u32);

impl LogicalBlock {
    /// What most disks have, and every image that was not made for another.
    pub const B512: Self = Self(512);

    /// Every size there is, the smallest first.
    pub const ALL: [Self; 8] = [
        Self(512),
        Self(1024),
        Self(2048),
        Self(4096),
        Self(8192),
        Self(16384),
        Self(32768),
        Self(65536),
    ];

    /// The block of so many bytes, if a disk can have it.
    pub fn new(size: Bytes) -> Option<Self> {
        Self::ALL.into_iter().find(|block| block.bytes() == size)
    }

    /// Its size.
    pub fn bytes(self) -> Bytes {
        Bytes::new(self.0.into())
    }

    /// Its size in sectors.
    pub fn sectors(self) -> Sectors {
        self.bytes().whole_sectors()
    }

    fn len(self) -> usize {
        usize::try_from(self.0).unwrap_or(usize::MAX)
    }
}

/// What was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// How many times.
    pub reads: u32,
    /// How many bytes.
    pub bytes: u64,
}

/// A disk: its size, its logical block, and the blocks of it that were read.
///
/// Everything is read in whole logical blocks, each once while it is kept. The size is the one it has when it is
/// handed over, less what does not fill a sector; a disk that shrinks afterwards fails to read.
pub struct Disk<'a> {
    source: &'a dyn ReadAt,
    size: Bytes,
    block: LogicalBlock,
    kept: VecDeque<(u64, Box<[u8]>)>,
    spent: Cost,
}

impl fmt::Debug for Disk<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { size, block, spent, .. } = self;
        f.debug_struct("Disk")
            .field("size", size)
            .field("block", block)
            .field("spent", spent)
            .finish_non_exhaustive()
    }
}

impl<'a> Disk<'a> {
    /// What `source` has, in blocks of `block`.
    pub fn new(source: &'a dyn ReadAt, block: LogicalBlock) -> Self {
        let size = source.size().whole_sectors().to_bytes().unwrap_or(Bytes::ZERO);
        Self { source, size, block, kept: VecDeque::new(), spent: Cost::default() }
    }

    /// Its size: whole sectors.
    pub fn size(&self) -> Bytes {
        self.size
    }

    /// Its size in sectors.
    pub fn sectors(&self) -> Sectors {
        self.size.whole_sectors()
    }

    /// Its logical block.
    pub fn block_size(&self) -> LogicalBlock {
        self.block
    }

    /// How many whole logical blocks it has.
    pub fn blocks(&self) -> u64 {
        self.size.get().checked_div(self.block.bytes().get()).unwrap_or(0)
    }

    /// What the present table has cost.
    pub fn spent(&self) -> Cost {
        self.spent
    }

    /// The next table begins: it may cost as much as any.
    pub(super) fn begin(&mut self) {
        self.spent = Cost::default();
    }

    /// Where the block `lba` begins, unless no disk could have it.
    pub(super) fn position(&self, lba: u64) -> Option<Bytes> {
        self.block.bytes().checked_mul(lba)
    }

    /// The logical block that has the sector `n`.
    pub(super) fn block_of(&self, n: Sectors) -> u64 {
        n.get().checked_div(self.block.sectors().get()).unwrap_or(0)
    }

    /// The sector `n`, out of the block it lies in.
    pub(super) fn sector(&mut self, n: Sectors) -> Result<[u8; 512], Trouble> {
        let (lba, per) = (self.block_of(n), self.block.sectors().get());
        let within = n.get().checked_rem(per).and_then(|nth| usize::try_from(nth).ok());
        let from = within.and_then(|nth| nth.checked_mul(512)).unwrap_or(0);
        let block = self.block(lba)?;
        let found = block.get(from..).and_then(|rest| rest.first_chunk::<512>());
        found.copied().ok_or(Trouble::Cut)
    }

    /// The logical block `lba`.
    pub(super) fn block(&mut self, lba: u64) -> Result<&[u8], Trouble> {
        if !self.kept.iter().any(|(kept, _)| *kept == lba) {
            let at = self.position(lba).ok_or(Trouble::Past)?;
            let mut block = vec![0; self.block.len()].into_boxed_slice();
            self.read(at, &mut block)?;
            if self.kept.len() >= KEPT_MAX {
                self.kept.pop_front();
            }
            self.kept.push_back((lba, block));
        }
        let found = self.kept.iter().find(|(kept, _)| *kept == lba);
        found.map(|(_, block)| &**block).ok_or(Trouble::Cut)
    }

    /// Hands the first `len` bytes from the block `lba` on to `sink`, piece by piece. What lies past the disk's
    /// last whole block is zeros, as a short read leaves them.
    pub(super) fn stream(
        &mut self,
        lba: u64,
        len: u64,
        sink: &mut dyn FnMut(&[u8]),
    ) -> Result<(), Trouble> {
        let mut at = self.position(lba).ok_or(Trouble::Past)?;
        let whole = self.position(self.blocks()).unwrap_or(Bytes::ZERO);
        let mut chunk = vec![0; usize::try_from(CHUNK).unwrap_or(0)];
        let mut left = len;
        while left > 0 {
            chunk.fill(0);
            let wanted = left.min(CHUNK);
            let blocks = wanted.next_multiple_of(self.block.bytes().get());
            let there = blocks.min(whole.saturating_sub(at).get());
            if let Some(part) = usize::try_from(there).ok().and_then(|n| chunk.get_mut(..n))
                && !part.is_empty()
            {
                self.read(at, part)?;
            }
            sink(usize::try_from(wanted).ok().and_then(|n| chunk.get(..n)).unwrap_or_default());
            left = left.saturating_sub(wanted);
            at = at.saturating_add(Bytes::new(wanted));
        }
        Ok(())
    }

    /// The one place that reads.
    fn read(&mut self, at: Bytes, buf: &mut [u8]) -> Result<(), Trouble> {
        let len = u64::try_from(buf.len()).unwrap_or(u64::MAX);
        let end = at.checked_add(Bytes::new(len)).ok_or(Trouble::Past)?;
        if at > self.size {
            return Err(Trouble::Past);
        }
        if end > self.size {
            return Err(Trouble::Cut);
        }
        let bytes = self.spent.bytes.saturating_add(len);
        if self.spent.reads >= READS_MAX || bytes > BYTES_MAX {
            return Err(Trouble::Spent);
        }
        self.spent = Cost { reads: self.spent.reads.saturating_add(1), bytes };
        self.source.read_at(at, buf).map_err(Trouble::from)
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use dm_testkit::partitions::Image;

    use super::*;

    /// So many sectors, each filled with its number.
    fn sectors(count: u64) -> Image {
        let mut image = Image::new("numbered", count * 512);
        (0..count).for_each(|n| image.put(n * 512, &[u8::try_from(n % 251).unwrap(); 512]));
        image
    }

    #[test]
    fn a_sector_is_found_in_its_block() {
        let source = sectors(24);
        let mut disk = Disk::new(&source, LogicalBlock::new(Bytes::new(4096)).unwrap());
        assert_eq!(disk.sector(Sectors::new(9)), Ok([9; 512]));
        assert_eq!(disk.sector(Sectors::new(15)), Ok([15; 512]));
        assert_eq!(disk.spent(), Cost { reads: 1, bytes: 4096 });
    }

    #[test]
    fn a_block_that_the_disk_cuts_off_is_none() {
        let source = sectors(9);
        let mut disk = Disk::new(&source, LogicalBlock::new(Bytes::new(4096)).unwrap());
        assert_eq!(disk.blocks(), 1);
        assert_eq!(disk.sector(Sectors::new(8)), Err(Trouble::Cut));
        assert_eq!(disk.sector(Sectors::new(16)), Err(Trouble::Past));
        assert_eq!(disk.block(u64::MAX), Err(Trouble::Past));
    }

    #[test]
    fn a_block_at_the_very_end_is_cut_off_not_past() {
        let source = sectors(1);
        let mut disk = Disk::new(&source, LogicalBlock::B512);
        assert_eq!(disk.block(1), Err(Trouble::Cut));
        assert_eq!(disk.block(2), Err(Trouble::Past));
    }

    #[test]
    fn a_stream_goes_on_with_zeros_past_the_last_whole_block() {
        let source = sectors(5);
        let mut disk = Disk::new(&source, LogicalBlock::new(Bytes::new(1024)).unwrap());
        let mut found = Vec::new();
        disk.stream(1, 200_000, &mut |piece| found.extend_from_slice(piece)).unwrap();
        assert_eq!(found.len(), 200_000);
        assert_eq!(&found[..512], &[2; 512]);
        assert_eq!(&found[512..1024], &[3; 512]);
        assert!(found[1024..].iter().all(|byte| *byte == 0));
    }

    #[test]
    fn what_a_table_may_cost_ends() {
        let source = sectors(5000);
        let mut disk = Disk::new(&source, LogicalBlock::B512);
        for n in 0..u64::from(READS_MAX) {
            disk.block(n).unwrap();
        }
        assert_eq!(disk.block(4999), Err(Trouble::Spent));
        disk.begin();
        assert!(disk.block(4999).is_ok());
    }

    #[test]
    fn no_more_than_so_many_blocks_are_kept() {
        let source = sectors(300);
        let mut disk = Disk::new(&source, LogicalBlock::B512);
        for n in 0..300 {
            disk.block(n).unwrap();
        }
        assert_eq!(disk.kept.len(), KEPT_MAX);
    }
}
