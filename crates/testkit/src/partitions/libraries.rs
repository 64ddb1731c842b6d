//! Images that two other libraries write: `gpt` and `mbrman`.
#![allow(clippy::unwrap_used, reason = "a part of tests: what does not work here fails them")]

use std::io::{Cursor, Write as _};

use gpt::disk::LogicalBlockSize;
use gpt::mbr::ProtectiveMBR;
use gpt::{GptConfig, partition_types};
use mbrman::{CHS, MBR, MBRPartitionEntry};

use super::{Image, MIB, Random};

/// The size of each.
const SIZE: u64 = 4 * MIB;

/// So many of each library, of 512-byte and of 4096-byte blocks.
pub fn images(count: u64) -> Vec<Image> {
    (0..count)
        .flat_map(|seed| [gpt_image(seed, 512), gpt_image(seed, 4096), mbr_image(seed)])
        .collect()
}

fn zeros() -> Cursor<Vec<u8>> {
    Cursor::new(vec![0; usize::try_from(SIZE).unwrap()])
}

fn image(name: &str, block: u32, bytes: &[u8]) -> Image {
    let image = Image::new(name, SIZE).with(0, bytes);
    if block == 512 { image } else { image.with_block(block) }
}

/// A table of `gpt`'s.
fn gpt_image(seed: u64, block: u32) -> Image {
    let mut random = Random::new(seed);
    let size = if block == 512 { LogicalBlockSize::Lb512 } else { LogicalBlockSize::Lb4096 };
    let mut device = zeros();
    let blocks = u32::try_from(SIZE / u64::from(block)).unwrap();
    ProtectiveMBR::with_lb_size(blocks - 1).overwrite_lba0(&mut device).unwrap();
    let config = GptConfig::new().writable(true).logical_block_size(size);
    let mut disk = config.create_from_device(device, None).unwrap();
    let mut first = 64;
    for id in 1..=random.of(1..=5) {
        let len = random.of(1..=150);
        let id = u32::try_from(id).unwrap();
        disk.add_partition_at("", id, first, len, partition_types::LINUX_FS, 4).unwrap();
        first += len + random.of(0..=9);
    }
    image(&format!("gpt-library-{block}-{seed}"), block, disk.write().unwrap().get_ref())
}

/// A table of `mbrman`'s, with logical partitions.
fn mbr_image(seed: u64) -> Image {
    let mut random = Random::new(seed);
    let mut device = zeros();
    let mut mbr = MBR::new_from(&mut device, 512, [0xDE, 0xAD, 0xBE, 0xEF]).unwrap();
    mbr.align = 1;
    mbr[1] = entry(0x83, 10, u32::try_from(random.of(1..=50)).unwrap());
    mbr[2] = entry(0x05, 100, 3000);
    for nth in 0..random.of(1..=5) {
        let start = u32::try_from(101 + 500 * nth).unwrap();
        mbr.push(0x82, start, u32::try_from(random.of(1..=400)).unwrap()).unwrap();
    }
    mbr.write_into(&mut device).unwrap();
    device.flush().unwrap();
    image(&format!("mbrman-{seed}"), 512, device.get_ref())
}

/// An entry of a DOS table.
pub fn entry(sys: u8, starting_lba: u32, sectors: u32) -> MBRPartitionEntry {
    MBRPartitionEntry {
        boot: mbrman::BOOT_INACTIVE,
        first_chs: CHS::empty(),
        sys,
        last_chs: CHS::empty(),
        starting_lba,
        sectors,
    }
}
