//! The types of GPT partitions, in words.

use crate::partitions::slice::Guid;

/// What a partition of the type `kind` is for, if that is known.
pub(super) fn name(kind: Guid) -> Option<&'static str> {
    NAMES.iter().find(|row| row.0 == kind).map(|row| row.1)
}

/// Types and their names.
///
/// # Source
///
/// UEFI specification 2.10, table 5-7; the UAPI group's Discoverable Partitions Specification; the makers' documents
/// for the rest. Compared with `sfdisk --list-types`.
static NAMES: &[(Guid, &str)] = &[
    (Guid::from_groups(0xC12A_7328, 0xF81F, 0x11D2, 0xBA4B_00A0_C93E_C93B), "EFI system"),
    (Guid::from_groups(0x2168_6148, 0x6449, 0x6E6F, 0x744E_6565_6445_4649), "BIOS boot"),
    (Guid::from_groups(0x024D_EE41, 0x33E7, 0x11D3, 0x9D69_0008_C781_F39F), "MBR scheme"),
    (Guid::from_groups(0x9E1A_2D38, 0xC612, 0x4316, 0xAA26_8B49_521E_5A8B), "PowerPC PReP boot"),
    (Guid::from_groups(0xE3C9_E316, 0x0B5C, 0x4DB8, 0x817D_F92D_F002_15AE), "Microsoft reserved"),
    (Guid::from_groups(0xEBD0_A0A2, 0xB9E5, 0x4433, 0x87C0_68B6_B726_99C7), "Microsoft basic data"),
    (
        Guid::from_groups(0x5808_C8AA, 0x7E8F, 0x42E0, 0x85D2_E1E9_0434_CFB3),
        "Microsoft LDM metadata",
    ),
    (Guid::from_groups(0xAF9B_60A0, 0x1431, 0x4F62, 0xBC68_3311_714A_69AD), "Microsoft LDM data"),
    (
        Guid::from_groups(0xDE94_BBA4, 0x06D1, 0x4D40, 0xA16A_BFD5_0179_D6AC),
        "Windows recovery environment",
    ),
    (
        Guid::from_groups(0xE75C_AF8F, 0xF680, 0x4CEE, 0xAFA3_B001_E56E_FC2D),
        "Microsoft Storage Spaces",
    ),
    (Guid::from_groups(0x0FC6_3DAF, 0x8483, 0x4772, 0x8E79_3D69_D847_7DE4), "Linux filesystem"),
    (Guid::from_groups(0x0657_FD6D, 0xA4AB, 0x43C4, 0x84E5_0933_C84B_4F4F), "Linux swap"),
    (Guid::from_groups(0x3B8F_8425, 0x20E0, 0x4F3B, 0x907F_1A25_A76F_98E8), "Linux server data"),
    (Guid::from_groups(0x4447_9540, 0xF297, 0x41B2, 0x9AF7_D131_D5F0_458A), "Linux root (x86)"),
    (Guid::from_groups(0x4F68_BCE3, 0xE8CD, 0x4DB1, 0x96E7_FBCA_F984_B709), "Linux root (x86-64)"),
    (Guid::from_groups(0x69DA_D710, 0x2CE4, 0x4E3C, 0xB16C_21A1_D49A_BED3), "Linux root (ARM)"),
    (Guid::from_groups(0xB921_B045, 0x1DF0, 0x41C3, 0xAF44_4C6F_280D_3FAE), "Linux root (ARM-64)"),
    (
        Guid::from_groups(0x7705_5800, 0x792C, 0x4F94, 0xB39A_98C9_1B76_2BB6),
        "Linux root (LoongArch-64)",
    ),
    (Guid::from_groups(0xC31C_45E6, 0x3F39, 0x412E, 0x80FB_4809_C498_0599), "Linux root (PPC64LE)"),
    (
        Guid::from_groups(0x72EC_70A6, 0xCF74, 0x40E6, 0xBD49_4BDA_08E8_F224),
        "Linux root (RISC-V-64)",
    ),
    (Guid::from_groups(0x5EEA_D9A9, 0xFE09, 0x4A1E, 0xA1D7_520D_0053_1306), "Linux root (S390X)"),
    (Guid::from_groups(0x8484_680C, 0x9521, 0x48C6, 0x9C11_B072_0656_F69E), "Linux /usr (x86-64)"),
    (Guid::from_groups(0xB0E0_1050, 0xEE5F, 0x4390, 0x949A_9101_B171_04E9), "Linux /usr (ARM-64)"),
    (
        Guid::from_groups(0x2C73_57ED, 0xEBD2, 0x46D9, 0xAEC1_23D4_37EC_2BF5),
        "Linux root verity (x86-64)",
    ),
    (
        Guid::from_groups(0xDF33_00CE, 0xD69F, 0x4C92, 0x978C_9BFB_0F38_D820),
        "Linux root verity (ARM-64)",
    ),
    (
        Guid::from_groups(0x77FF_5F63, 0xE7B6, 0x4633, 0xACF4_1565_B864_C0E6),
        "Linux /usr verity (x86-64)",
    ),
    (
        Guid::from_groups(0x6E11_A4E7, 0xFBCA, 0x4DED, 0xB9E9_E1A5_12BB_664E),
        "Linux /usr verity (ARM-64)",
    ),
    (
        Guid::from_groups(0x4109_2B05, 0x9FC8, 0x4523, 0x994F_2DEF_0408_B176),
        "Linux root verity signature (x86-64)",
    ),
    (
        Guid::from_groups(0x6DB6_9DE6, 0x29F4, 0x4758, 0xA7A5_9621_90F0_0CE3),
        "Linux root verity signature (ARM-64)",
    ),
    (
        Guid::from_groups(0xE7BB_33FB, 0x06CF, 0x4E81, 0x8273_E543_B413_E2E2),
        "Linux /usr verity signature (x86-64)",
    ),
    (
        Guid::from_groups(0xC23C_E4FF, 0x44BD, 0x4B00, 0xB2D4_B41B_3419_E02A),
        "Linux /usr verity signature (ARM-64)",
    ),
    (Guid::from_groups(0x8DA6_3339, 0x0007, 0x60C0, 0xC436_083A_C823_0908), "Linux reserved"),
    (Guid::from_groups(0x933A_C7E1, 0x2EB4, 0x4F13, 0xB844_0E14_E2AE_F915), "Linux home"),
    (Guid::from_groups(0x773F_91EF, 0x66D4, 0x49B5, 0xBD83_D683_BF40_AD16), "Linux user's home"),
    (Guid::from_groups(0xA19D_880F, 0x05FC, 0x4D3B, 0xA006_743F_0F84_911E), "Linux RAID"),
    (Guid::from_groups(0xE6D6_D379, 0xF507, 0x44C2, 0xA23C_238F_2A3D_F928), "Linux LVM"),
    (Guid::from_groups(0x4D21_B016, 0xB534, 0x45C2, 0xA9FB_5C16_E091_FD2D), "Linux variable data"),
    (Guid::from_groups(0x7EC6_F557, 0x3BC5, 0x4ACA, 0xB293_16EF_5DF6_39D1), "Linux temporary data"),
    (Guid::from_groups(0xBC13_C2FF, 0x59E6, 0x4262, 0xA352_B275_FD6F_7172), "Linux extended boot"),
    (Guid::from_groups(0x83BD_6B9D, 0x7F41, 0x11DC, 0xBE0B_0015_60B8_4F0F), "FreeBSD boot"),
    (Guid::from_groups(0x516E_7CB4, 0x6ECF, 0x11D6, 0x8FF8_0002_2D09_712B), "FreeBSD data"),
    (Guid::from_groups(0x516E_7CB5, 0x6ECF, 0x11D6, 0x8FF8_0002_2D09_712B), "FreeBSD swap"),
    (Guid::from_groups(0x516E_7CB6, 0x6ECF, 0x11D6, 0x8FF8_0002_2D09_712B), "FreeBSD UFS"),
    (Guid::from_groups(0x516E_7CB8, 0x6ECF, 0x11D6, 0x8FF8_0002_2D09_712B), "FreeBSD Vinum"),
    (Guid::from_groups(0x516E_7CBA, 0x6ECF, 0x11D6, 0x8FF8_0002_2D09_712B), "FreeBSD ZFS"),
    (Guid::from_groups(0x4846_5300, 0x0000, 0x11AA, 0xAA11_0030_6543_ECAC), "Apple HFS+"),
    (Guid::from_groups(0x7C34_57EF, 0x0000, 0x11AA, 0xAA11_0030_6543_ECAC), "Apple APFS"),
    (Guid::from_groups(0x5546_5300, 0x0000, 0x11AA, 0xAA11_0030_6543_ECAC), "Apple UFS"),
    (Guid::from_groups(0x5241_4944, 0x0000, 0x11AA, 0xAA11_0030_6543_ECAC), "Apple RAID"),
    (Guid::from_groups(0x426F_6F74, 0x0000, 0x11AA, 0xAA11_0030_6543_ECAC), "Apple boot"),
    (Guid::from_groups(0x5374_6F72, 0x6167, 0x11AA, 0xAA11_0030_6543_ECAC), "Apple Core Storage"),
    (Guid::from_groups(0x6A82_CB45, 0x1DD2, 0x11B2, 0x99A6_0800_2073_6631), "Solaris boot"),
    (Guid::from_groups(0x6A85_CF4D, 0x1DD2, 0x11B2, 0x99A6_0800_2073_6631), "Solaris root"),
    (Guid::from_groups(0x6A87_C46F, 0x1DD2, 0x11B2, 0x99A6_0800_2073_6631), "Solaris swap"),
    (Guid::from_groups(0x6A89_8CC3, 0x1DD2, 0x11B2, 0x99A6_0800_2073_6631), "Solaris /usr or ZFS"),
    (Guid::from_groups(0xFE3A_2A5D, 0x4F32, 0x41A7, 0xB725_ACCC_3285_A309), "ChromeOS kernel"),
    (Guid::from_groups(0x3CB8_E202, 0x3B7E, 0x47DD, 0x8A3C_7FF2_A13C_FCEC), "ChromeOS root"),
    (Guid::from_groups(0x2E0A_753D, 0x9E48, 0x43B0, 0x8337_B151_92CB_1B5E), "ChromeOS reserved"),
    (Guid::from_groups(0xAA31_E02A, 0x400F, 0x11DB, 0x9590_000C_2911_D1B8), "VMware VMFS"),
    (Guid::from_groups(0xCA7D_7CCB, 0x63ED, 0x4C53, 0x861C_1742_5360_59CC), "Linux LUKS"),
    (Guid::from_groups(0x824C_C7A0, 0x36A8, 0x11E3, 0x890A_9525_19AD_3F61), "OpenBSD data"),
    (Guid::from_groups(0x3DE2_1764, 0x95BD, 0x54BD, 0xA5C3_4ABE_786F_38A8), "U-Boot environment"),
];

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;
    use alloc::string::ToString as _;

    use super::*;

    #[test]
    fn each_type_has_one_row() {
        let kinds: BTreeSet<Guid> = NAMES.iter().map(|row| row.0).collect();
        assert_eq!(kinds.len(), NAMES.len());
    }

    #[test]
    fn a_type_is_known_by_its_bytes_on_disk() {
        let linux = [
            0xAF, 0x3D, 0xC6, 0x0F, 0x83, 0x84, 0x72, 0x47, 0x8E, 0x79, 0x3D, 0x69, 0xD8, 0x47,
            0x7D, 0xE4,
        ];
        assert_eq!(name(Guid::from_bytes(linux)), Some("Linux filesystem"));
        assert_eq!(NAMES[0].0.to_string(), "c12a7328-f81f-11d2-ba4b-00a0c93ec93b");
        assert_eq!(name(Guid::NIL), None);
    }
}
