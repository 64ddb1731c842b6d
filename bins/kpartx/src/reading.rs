//! The partition table of a disk: the disk opened, its logical block found out, and the table read.
//!
//! A file says nothing of its logical block. It is what `--sector-size` says, else the smallest size at which the
//! second block begins with a GPT's signature, else 512 bytes.

use std::io;
use std::path::Path;

use dm_core::read_at::ReadAt;
use dm_core::units::Bytes;
use dm_formats::partitions::{self, Disk, LogicalBlock, Outcome, Pmbr};
use dm_formats::partitions::{Dasd, DasdSite};
use dm_sys::block::{Access, BlockFile, Caching, Claim, Open};

use crate::options::Options;

/// What marks a GPT header.
///
/// # Source
///
/// UEFI specification 2.10, table 5-5.
const SIGNATURE: &[u8; 8] = b"EFI PART";

/// DASDs' major number.
///
/// # Source
///
/// `DASD_MAJOR` in the kernel's `include/uapi/linux/major.h`.
pub const DASD_MAJOR: u32 = 94;

/// A table as it was read, and in what blocks.
#[derive(Debug)]
pub struct Reading {
    /// What was read.
    pub outcome: Outcome,
    /// The logical block.
    pub block: LogicalBlock,
}

/// Reads the partition table of the disk at `path`.
///
/// # Errors
///
/// What opening it says.
pub fn read(path: &Path, options: &Options, site: DasdSite) -> io::Result<Reading> {
    let how = Open { access: Access::Read, claim: Claim::Shared, caching: Caching::Direct };
    let disk = BlockFile::open_to_look(path, how)?;
    let block = options.sector_size.unwrap_or_else(|| match disk.disk().dev {
        Some(_) => {
            let bytes = Bytes::new(disk.disk().queue.logical_block.into());
            LogicalBlock::new(bytes).unwrap_or(LogicalBlock::B512)
        }
        None => by_signature(&disk),
    });
    let pmbr = if options.any_gpt { Pmbr::Ignored } else { Pmbr::Needed };
    let dasd = Dasd { site, ..Dasd::default() };
    let how = partitions::Options { only: options.table.as_deref(), pmbr, dasd };
    let outcome = partitions::read(&mut Disk::new(&disk, block), &how);
    Ok(Reading { outcome, block })
}

/// The logical block that an image was made for.
pub fn by_signature(disk: &dyn ReadAt) -> LogicalBlock {
    let is_it = |block: &LogicalBlock| {
        let mut found = [0; SIGNATURE.len()];
        disk.read_at(block.bytes(), &mut found).is_ok() && found == *SIGNATURE
    };
    LogicalBlock::ALL.into_iter().find(is_it).unwrap_or(LogicalBlock::B512)
}

#[cfg(test)]
mod tests {
    use dm_testkit::partitions::Image;

    use super::*;

    #[test]
    fn a_files_block_is_where_the_signature_is() {
        let mut image = Image::new("blocks", 1 << 20);
        assert_eq!(by_signature(&image), LogicalBlock::B512);
        image.put(4096, SIGNATURE);
        assert_eq!(by_signature(&image).bytes(), Bytes::new(4096));
        image.put(512, SIGNATURE);
        assert_eq!(by_signature(&image), LogicalBlock::B512);
    }
}
