//! What the original prints about a partition table.

use core::fmt;

/// A message of the original's, to its letter. All go to standard error, with or without `-v`.
///
/// [`fmt::Display`] gives the text without the last line's end.
///
/// # Source
///
/// Recorded from kpartx 0.9.4 and 0.14.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// A logical block could not be read.
    Read {
        /// Its number.
        block: u64,
    },
    /// A block that lies past the disk's end was wanted.
    Seek,
    /// Sound GPT headers, but no protective MBR: not taken for GPT.
    PmbrRefused,
    /// Sound GPT headers, but no protective MBR: taken for GPT, for `-g` was given.
    PmbrForced,
    /// The backup header does not name the block of the primary one.
    GptPrimaryLba,
    /// The primary header does not name the block of the backup.
    GptAlternateLba,
    /// The copies differ in the first usable block.
    GptFirstUsable,
    /// The copies differ in the last usable block.
    GptLastUsable,
    /// The copies are of different disks.
    GptDiskGuid,
    /// The copies differ in the number of entries.
    GptEntries {
        /// The primary's.
        primary: u32,
        /// The backup's.
        backup: u32,
    },
    /// The copies differ in the entries' size.
    GptEntrySize {
        /// The primary's.
        primary: u32,
        /// The backup's.
        backup: u32,
    },
    /// The copies differ in the entries' checksum.
    GptEntriesCrc {
        /// The primary's.
        primary: u32,
        /// The backup's.
        backup: u32,
    },
    /// The primary header does not look for the backup in the last block.
    GptAlternateNotLast,
    /// The backup header is not in the last block.
    GptBackupNotLast,
    /// Follows the differences between the copies.
    GptUseParted,
    /// There is no sound backup.
    GptBackupInvalid,
    /// There is no sound primary.
    GptPrimaryInvalid,
    /// A chain of logical partitions goes on when there are no slots left.
    DosTooManySlices,
    /// A Solaris label of a version that is not 1.
    SolarisVersion(u32),
    /// The checksum of a Sun label is wrong.
    SunChecksum,
    /// A slice lies partly within another, and was dropped.
    Overlap {
        /// The kind of label, as the original spells it.
        label: &'static str,
        /// The slot that was dropped, from 0.
        slice: usize,
        /// The slot that it runs into, from 0.
        with: usize,
    },
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Read { block } => write!(f, "read error, sector {block}"),
            Self::Seek => f.write_str("llseek error"),
            Self::PmbrRefused => f.write_str(
                "  Warning: Disk has a valid GPT signature but invalid PMBR.\n  \
                 Assuming this disk is *not* a GPT disk anymore.\n  \
                 Use gpt kernel option to override.  Use GNU Parted to correct disk.",
            ),
            Self::PmbrForced => f.write_str(
                "  Warning: Disk has a valid GPT signature but invalid PMBR.\n  \
                 Use GNU Parted to correct disk.\n  \
                 gpt option taken, disk treated as GPT.",
            ),
            Self::GptPrimaryLba => {
                f.write_str("GPT:Primary header LBA != Alt. header alternate_lba")
            }
            Self::GptAlternateLba => {
                f.write_str("GPT:Primary header alternate_lba != Alt. header my_lba")
            }
            Self::GptFirstUsable => f.write_str("GPT:first_usable_lbas don't match."),
            Self::GptLastUsable => f.write_str("GPT:last_usable_lbas don't match."),
            Self::GptDiskGuid => f.write_str("GPT:disk_guids don't match."),
            Self::GptEntries { primary, backup } => {
                write!(f, "GPT:num_partition_entries don't match: {primary:#x} != {backup:#x}")
            }
            Self::GptEntrySize { primary, backup } => write!(
                f,
                "GPT:sizeof_partition_entry values don't match: {primary:#x} != {backup:#x}"
            ),
            Self::GptEntriesCrc { primary, backup } => write!(
                f,
                "GPT:partition_entry_array_crc32 values don't match: {primary:#x} != {backup:#x}"
            ),
            Self::GptAlternateNotLast => {
                f.write_str("GPT:Primary header thinks Alt. header is not at the end of the disk.")
            }
            Self::GptBackupNotLast => {
                f.write_str("GPT:Alternate GPT header not at the end of the disk.")
            }
            Self::GptUseParted => f.write_str("GPT: Use GNU Parted to correct GPT errors."),
            Self::GptBackupInvalid => f.write_str("Alternate GPT is invalid, using primary GPT."),
            Self::GptPrimaryInvalid => f.write_str("Primary GPT is invalid, using alternate GPT."),
            Self::DosTooManySlices => f.write_str("dos_extd_partition: too many slices"),
            Self::SolarisVersion(version) => {
                write!(f, "Cannot handle solaris version {version} vtoc")
            }
            Self::SunChecksum => f.write_str("Corrupted Sun disk label"),
            Self::Overlap { label, slice, with } => {
                write!(f, "{label}: slice {slice} overlaps with {with}")
            }
        }
    }
}
