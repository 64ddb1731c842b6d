//! What two other libraries write, the readers read as it was meant.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::io::{Cursor, Write as _};

use dm_core::units::Bytes;
use dm_formats::partitions::{self, Disk, Id, LogicalBlock, Options, Outcome, Slice, block_size};
use dm_testkit::partitions::libraries::entry;
use dm_testkit::partitions::{Image, MIB, Random};
use gpt::disk::LogicalBlockSize;
use gpt::mbr::ProtectiveMBR;
use gpt::{GptConfig, partition_types};
use mbrman::MBR;

/// What is read of these bytes.
fn outcome(bytes: &[u8], block: u32) -> Outcome {
    let image = Image::new("", u64::try_from(bytes.len()).unwrap()).with(0, bytes);
    let block = LogicalBlock::new(Bytes::new(block.into())).unwrap();
    partitions::read(&mut Disk::new(&image, block), &Options::default())
}

fn extent(slice: &Slice) -> (u16, u64, u64) {
    (slice.number, slice.start.get(), slice.len.get())
}

fn zeros() -> Cursor<Vec<u8>> {
    Cursor::new(vec![0; usize::try_from(4 * MIB).unwrap()])
}

#[test]
fn gpt_writes_what_is_read() {
    for (size, block, seed) in
        [(LogicalBlockSize::Lb512, 512, 1), (LogicalBlockSize::Lb4096, 4096, 2)]
    {
        let mut random = Random::new(seed);
        let mut device = zeros();
        let blocks = u32::try_from(4 * MIB / u64::from(block)).unwrap();
        ProtectiveMBR::with_lb_size(blocks - 1).overwrite_lba0(&mut device).unwrap();
        let config = GptConfig::new().writable(true).logical_block_size(size);
        let mut disk = config.create_from_device(device, None).unwrap();
        let guid = *disk.guid();
        let mut first = 64;
        let mut wanted = Vec::new();
        // It writes all entries that are used at the start, whatever their numbers.
        for id in 1..=5 {
            let len = random.of(1..=150);
            let name = format!("naïve {id}");
            let kind = random.pick(
                &[partition_types::EFI, partition_types::LINUX_FS, partition_types::LINUX_SWAP]
                    .each_ref(),
            );
            disk.add_partition_at(&name, id, first, len, kind.clone(), 4).unwrap();
            let unique = disk.partitions()[&id].part_guid;
            let per = u64::from(block) / 512;
            let number = u16::try_from(id).unwrap();
            let extent = (number, first * per, len * per);
            wanted.push((extent, name, kind.guid.to_string(), unique.to_string()));
            first += len + random.of(0..=9);
        }
        let bytes = disk.write().unwrap().into_inner();
        let outcome = outcome(&bytes, block);
        assert_eq!((outcome.messages.len(), outcome.damage.len()), (0, 0), "{:?}", outcome.damage);
        let table = outcome.table.unwrap();
        assert_eq!((table.kind, table.id.unwrap().to_string()), ("gpt", guid.to_string()));
        let found = table.slices.iter().map(|slice| {
            assert!(slice.bootable);
            let kind = slice.kind.as_ref().unwrap().to_string();
            (extent(slice), slice.label.clone().unwrap(), kind, slice.unique.unwrap().to_string())
        });
        assert_eq!(found.collect::<Vec<_>>(), wanted);
        let image = Image::new("", 4 * MIB).with(0, &bytes);
        assert_eq!(block_size(&image).unwrap().bytes(), Bytes::new(block.into()));
    }
}

#[test]
fn mbrman_writes_what_is_read() {
    for (block, per) in [(512, 1), (4096, 8)] {
        let mut device = zeros();
        let mut mbr = MBR::new_from(&mut device, block, [0xDE, 0xAD, 0xBE, 0xEF]).unwrap();
        mbr.align = 1;
        mbr[1] = entry(0x83, 10, 50);
        mbr[2] = entry(0x05, 100, 800);
        mbr[3] = entry(0x0C, 70, 20);
        for (start, len) in [(100, 50), (200, 60), (300, 170)] {
            mbr.push(0x82, start, len).unwrap();
        }
        mbr.write_into(&mut device).unwrap();
        device.flush().unwrap();
        let outcome = outcome(&device.into_inner(), block);
        assert_eq!((outcome.messages.len(), outcome.damage.len()), (0, 0), "{:?}", outcome.damage);
        let table = outcome.table.unwrap();
        assert_eq!(table.id, Some(Id::Number(0xEFBE_ADDE)));
        let loader = if per == 1 { 2 } else { per };
        let mut wanted =
            vec![(1, 10 * per, 50 * per), (2, 100 * per, loader), (3, 70 * per, 20 * per)];
        for (number, (_, partition)) in (5..).zip(mbr.iter().skip(4)) {
            let (start, len) = (partition.starting_lba, partition.sectors);
            wanted.push((number, u64::from(start) * per, u64::from(len) * per));
        }
        assert_eq!(wanted.len(), 6);
        assert_eq!(table.slices.iter().map(extent).collect::<Vec<_>>(), wanted);
    }
}
