//! The types of DOS partitions, in words.

/// What a partition of the type `kind` is for, if that is known.
pub(super) fn name(kind: u8) -> Option<&'static str> {
    NAMES
        .binary_search_by_key(&kind, |row| row.0)
        .ok()
        .and_then(|nth| NAMES.get(nth))
        .map(|row| row.1)
}

/// Types and their names, by rising type.
///
/// # Source
///
/// There is no authority; compared with `sfdisk --list-types`.
static NAMES: &[(u8, &str)] = &[
    (0x01, "FAT12"),
    (0x04, "FAT16, less than 32 MiB"),
    (0x05, "Extended"),
    (0x06, "FAT16"),
    (0x07, "NTFS or exFAT"),
    (0x0B, "FAT32"),
    (0x0C, "FAT32 (LBA)"),
    (0x0E, "FAT16 (LBA)"),
    (0x0F, "Extended (LBA)"),
    (0x11, "Hidden FAT12"),
    (0x12, "Maker's diagnostics"),
    (0x14, "Hidden FAT16, less than 32 MiB"),
    (0x16, "Hidden FAT16"),
    (0x17, "Hidden NTFS"),
    (0x1B, "Hidden FAT32"),
    (0x1C, "Hidden FAT32 (LBA)"),
    (0x1E, "Hidden FAT16 (LBA)"),
    (0x27, "Windows recovery environment"),
    (0x39, "Plan 9"),
    (0x41, "PowerPC PReP boot"),
    (0x42, "Windows dynamic volume"),
    (0x4D, "QNX4, first"),
    (0x4E, "QNX4, second"),
    (0x4F, "QNX4, third"),
    (0x63, "Hurd or UnixWare"),
    (0x80, "Old Minix"),
    (0x81, "Minix"),
    (0x82, "Linux swap"),
    (0x83, "Linux"),
    (0x84, "Hibernation"),
    (0x85, "Linux extended"),
    (0x86, "NTFS volume set"),
    (0x87, "NTFS volume set"),
    (0x88, "Linux plain text"),
    (0x8E, "Linux LVM"),
    (0x9F, "BSD/OS"),
    (0xA0, "Hibernation"),
    (0xA5, "FreeBSD"),
    (0xA6, "OpenBSD"),
    (0xA7, "NeXTSTEP"),
    (0xA8, "Darwin UFS"),
    (0xA9, "NetBSD"),
    (0xAB, "Darwin boot"),
    (0xAF, "HFS or HFS+"),
    (0xB7, "BSDI"),
    (0xB8, "BSDI swap"),
    (0xBE, "Solaris boot"),
    (0xBF, "Solaris"),
    (0xDA, "Not a filesystem"),
    (0xDE, "Dell utility"),
    (0xEA, "Linux extended boot"),
    (0xEB, "BeOS"),
    (0xEE, "GPT protective"),
    (0xEF, "EFI system"),
    (0xF0, "PA-RISC boot"),
    (0xF8, "EBBR protective"),
    (0xFB, "VMware VMFS"),
    (0xFC, "VMware VMKCORE"),
    (0xFD, "Linux RAID"),
    (0xFE, "LANstep"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_rise() {
        assert!(NAMES.is_sorted_by(|one, two| one.0 < two.0));
        assert_eq!(name(0x83), Some("Linux"));
        assert_eq!(name(0), None);
    }
}
