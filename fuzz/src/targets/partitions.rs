//! The readers of partition tables: any disk is read to an end, within bounds.
//!
//! An input is a disk and how to look at it:
//!
//! | byte | what |
//! |---|---|
//! | 0 | bits 0 to 2 the logical block, 512 bytes doubled so often; 3 no protective MBR is needed; 4 to 7 the only kind |
//! | 1 | bit 0 checksums are mended; 1, 2 what is known of a DASD; 3 its driver answers; 4 it has a geometry; 5 the disk fails, 6 shrinks |
//! | 2 | after so many reads |
//! | 3 to 5 | the disk's size in sectors |
//! | 6 | the block of a DASD's label |
//! | 7 | the DASD's heads |
//!
//! then pieces of the disk: the sector, from the end where it is above 65279, the length in bytes, each of two bytes;
//! and as many bytes as there are. Mended are the checksums of both GPT headers and of a Sun label, which nobody finds
//! by chance.

use dm_core::read_at::ReadAt;
use dm_core::units::{Bytes, Sectors};
use dm_formats::partitions::{
    BYTES_MAX, Dasd, DasdInfo, DasdSite, Disk, Geometry, LogicalBlock, Options, Outcome, Pmbr,
    READS_MAX, SLOTS_MAX, TABLES, block_size, read,
};
use dm_testkit::partitions::{Fault, Faulty, Image, gpt};

/// Reads the disk that `data` describes.
pub(super) fn target(data: &[u8]) {
    let Some((&head, pieces)) = data.split_first_chunk::<8>() else { return };
    let block = LogicalBlock::ALL[usize::from(head[0] & 7)];
    let mut image = disk(head, pieces);
    if head[1] & 1 != 0 {
        mend(&mut image, block);
    }
    let only = usize::from(head[0] >> 4).checked_sub(1);
    let options = Options {
        only: only.map(|nth| TABLES.get(nth).map_or("none", |row| row.name)),
        pmbr: if head[0] & 8 == 0 { Pmbr::Needed } else { Pmbr::Ignored },
        dasd: dasd(head),
    };
    let outcome = promised(&mut Disk::new(&image, block), &options);
    let again = promised(&mut Disk::new(&image, block), &options);
    assert_eq!(again, outcome);
    let _ = block_size(&image);
    let fault = match head[1] >> 5 & 3 {
        0 => return,
        1 => Fault::Fails,
        _ => Fault::Shrinks(Bytes::new(image.size / 2)),
    };
    let faulty = Faulty::new(&image, fault, head[2].into());
    promised(&mut Disk::new(&faulty, block), &options);
}

/// The disk that the pieces make.
fn disk(head: [u8; 8], mut pieces: &[u8]) -> Image {
    let sectors = u64::from(u32::from_le_bytes([head[3], head[4], head[5], 0]));
    let mut image = Image::new("", sectors * 512);
    while let Some((&[at, at_high, len, len_high], rest)) = pieces.split_first_chunk::<4>() {
        let at = u64::from(u16::from_le_bytes([at, at_high]));
        let at = if at > 0xFEFF { sectors.saturating_sub(0x1_0000 - at) } else { at };
        let len = usize::from(u16::from_le_bytes([len, len_high])).min(rest.len());
        let (piece, rest) = rest.split_at(len);
        image.put(at * 512, piece);
        pieces = rest;
    }
    image
}

fn dasd(head: [u8; 8]) -> Dasd {
    let label_block = u32::from(head[6]);
    let info = DasdInfo { label_block, fba_layout: head[6] & 128 != 0, kind: *b"ECKD" };
    let heads = u32::from(head[7]);
    let wide = if heads > 250 { u32::MAX } else { heads };
    let geometry = Geometry { cylinders: wide, heads, sectors: wide };
    Dasd {
        site: match head[1] >> 1 & 3 {
            0 | 1 => DasdSite::Labelled,
            2 => DasdSite::Always,
            _ => DasdSite::Never,
        },
        info: (head[1] & 8 != 0).then_some(info),
        geometry: (head[1] & 16 != 0).then_some(geometry),
    }
}

/// Makes the checksums right that the disk has.
fn mend(image: &mut Image, block: LogicalBlock) {
    let size = block.bytes().get();
    let last = (image.size / size).saturating_sub(1);
    for lba in [1, last] {
        let at = lba * size;
        let mut header = bytes(image, at, size);
        if !header.starts_with(b"EFI PART") {
            continue;
        }
        let number = |from: usize| u32::from_le_bytes(header[from..from + 4].try_into().unwrap());
        let entries_at = u64::from(number(72)).saturating_mul(size);
        let entries_len = u64::from(number(80)).saturating_mul(number(84).into());
        if entries_len <= 1 << 16 {
            let crc = gpt::crc32(&bytes(image, entries_at, entries_len));
            header[88..92].copy_from_slice(&crc.to_le_bytes());
        }
        let len = u32::from_le_bytes(header[12..16].try_into().unwrap());
        header[16..20].fill(0);
        if let Some(summed) = header.get(..usize::try_from(len).unwrap()) {
            let crc = gpt::crc32(summed);
            header[16..20].copy_from_slice(&crc.to_le_bytes());
        }
        image.put(at, &header[..92]);
    }
    let label = bytes(image, 0, 510);
    if label.get(508..510) == Some(&[0xDA, 0xBE]) {
        let words = label.chunks_exact(2);
        let sum = words.fold([0, 0], |sum, word| [sum[0] ^ word[0], sum[1] ^ word[1]]);
        image.put(510, &sum);
    }
}

/// So many bytes of the image; zeros past its end.
fn bytes(image: &Image, at: u64, len: u64) -> Vec<u8> {
    let mut bytes = vec![0; usize::try_from(len).unwrap()];
    let there = image.size.saturating_sub(at).min(len);
    let there = &mut bytes[..usize::try_from(there).unwrap()];
    if !there.is_empty() {
        image.read_at(Bytes::new(at), there).unwrap();
    }
    bytes
}

/// What is read, after what is promised of it has been looked at.
fn promised(disk: &mut Disk<'_>, options: &Options<'_>) -> Outcome {
    let outcome = read(disk, options);
    let spent = disk.spent();
    assert!(spent.reads <= READS_MAX && spent.bytes <= BYTES_MAX, "{spent:?}");
    assert!(outcome.messages.len() <= 1024, "{} messages", outcome.messages.len());
    assert!(outcome.damage.len() <= 2048, "{} times damage", outcome.damage.len());
    for message in &outcome.messages {
        assert!(!message.to_string().is_empty());
    }
    for damage in &outcome.damage {
        assert!(damage.to_string().starts_with(damage.table));
    }
    let Some(table) = &outcome.table else { return outcome };
    assert!(options.only.is_none_or(|only| only == table.kind));
    let mut before = 0;
    for slice in &table.slices {
        assert!(slice.number > before && slice.number <= SLOTS_MAX, "{slice:?} after {before}");
        before = slice.number;
        if let Some(number) = slice.container {
            let there = table.slices.iter().any(|other| other.number == number);
            assert!(there && number != slice.number, "{slice:?}");
        }
        let past = slice.end().is_none_or(|end: Sectors| end > disk.sectors());
        if past && !slice.len.is_zero() {
            assert!(outcome.damage.iter().any(|damage| damage.at == slice.at), "{slice:?}");
        }
    }
    outcome
}
