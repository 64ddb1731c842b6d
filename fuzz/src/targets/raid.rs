//! The readers of vendors' RAID metadata: any disk is read to an end, within bounds, and whatever is found can be
//! shown, dumped, erased and grouped.
//!
//! An input is a disk:
//!
//! | byte | what |
//! |---|---|
//! | 0 | the only format that is looked for, from 1; 0 is all |
//! | 1 | bit 0 checksums are mended; 1 the disk has a serial number; 2 it fails, 3 it shrinks |
//! | 2 | after so many reads |
//! | 3 to 5 | the disk's size in sectors |
//!
//! then pieces of the disk: the sector, from the end where it is above 32767, the length in bytes, each of two bytes; and
//! as many bytes as there are. Mended are the sums that nobody finds by chance.

use dm_core::read_at::ReadAt;
use dm_core::units::{Bytes, Sectors};
use dm_formats::raid::sets::{self, OnDisk};
use dm_formats::raid::{Dated, Disk, FORMATS, FormatType, Found, Log, Native, Reading, read};
use dm_testkit::partitions::{Fault, Faulty, Image};

/// Reads the disk that `data` describes.
pub(super) fn target(data: &[u8]) {
    let Some((&head, pieces)) = data.split_first_chunk::<6>() else { return };
    let mut image = disk(head, pieces);
    if head[1] & 1 != 0 {
        mend(&mut image);
    }
    let wanted = usize::from(head[0]).checked_sub(1).and_then(|nth| FORMATS.get(nth).copied());
    let formats = wanted.map_or(FORMATS.to_vec(), |format| vec![format]);
    let serial = (head[1] & 2 != 0).then_some(&b"SERIALDISK0001"[..]);
    let reading = promised(&image, serial, &formats);
    let again = promised(&image, serial, &formats);
    assert_eq!(again.sightings, reading.sightings);
    let fault = match head[1] >> 2 & 3 {
        0 => return,
        1 => Fault::Fails,
        _ => Fault::Shrinks(Bytes::new(image.size / 2)),
    };
    promised(&Faulty::new(&image, fault, head[2].into()), serial, &formats);
}

/// The disk that the pieces make.
fn disk(head: [u8; 6], mut pieces: &[u8]) -> Image {
    let sectors = u64::from(u32::from_le_bytes([head[3], head[4], head[5], 0]));
    let mut image = Image::new("", sectors * 512);
    while let Some((&[at, at_high, len, len_high], rest)) = pieces.split_first_chunk::<4>() {
        let at = u64::from(u16::from_le_bytes([at, at_high]));
        let at = if at > 0x7FFF { sectors.saturating_sub(0x1_0000 - at) } else { at };
        let len = usize::from(u16::from_le_bytes([len, len_high])).min(rest.len());
        let (piece, rest) = rest.split_at(len);
        image.put(at * 512, piece);
        pieces = rest;
    }
    image
}

/// A sum over a structure: where it lies from the disk's end, its length, and where its checksum is.
struct Sum {
    back: u64,
    mark: (usize, &'static [u8]),
    fix: fn(&mut [u8]),
}

static SUMS: &[Sum] = &[
    Sum { back: 1, mark: (0x60, &[0, 0, 0, 3]), fix: |b| words16(b, 0x13e, 0x13e, true) },
    Sum { back: 513, mark: (0x60, &[0, 0, 0, 3]), fix: |b| words16(b, 0x13e, 0x13e, true) },
    Sum { back: 1, mark: (0, b"JM"), fix: |b| words16(b, 128, 4, true) },
    Sum { back: 2, mark: (0, b"NVIDIA"), fix: |b| words32(b, 120, 0x0c, true) },
    Sum {
        back: 63,
        mark: (0, b"Promise Technology, Inc."),
        fix: |b| words32(b, 2044, 2044, false),
    },
    Sum { back: 2, mark: (0, b"Intel Raid ISM Cfg Sig. "), fix: intel },
    Sum {
        back: 1,
        mark: (0, &[0x55, 0xaa]),
        fix: |b| b[50] = b[..50].iter().fold(0, |sum, byte| sum.wrapping_add(*byte)),
    },
];

/// The 16-bit words before `end` and the one at `at` add up to 0, or to the one at `at`.
fn words16(bytes: &mut [u8], end: usize, at: usize, to_zero: bool) {
    bytes[at..at + 2].fill(0);
    let words = bytes[..end].chunks_exact(2).map(|word| u16::from_le_bytes([word[0], word[1]]));
    let sum = words.fold(0, u16::wrapping_add);
    let sum = if to_zero { sum.wrapping_neg() } else { sum };
    bytes[at..at + 2].copy_from_slice(&sum.to_le_bytes());
}

/// The same with words of 32 bits.
fn words32(bytes: &mut [u8], end: usize, at: usize, to_zero: bool) {
    bytes[at..at + 4].fill(0);
    let words =
        bytes[..end].chunks_exact(4).map(|word| u32::from_le_bytes(word.try_into().unwrap()));
    let sum = words.fold(0, u32::wrapping_add);
    let sum = if to_zero { sum.wrapping_neg() } else { sum };
    bytes[at..at + 4].copy_from_slice(&sum.to_le_bytes());
}

/// Intel's lies over as many bytes as it says, here in one sector.
fn intel(bytes: &mut [u8]) {
    let len = u32::from_le_bytes(bytes[0x24..0x28].try_into().unwrap());
    let len = usize::try_from(len).unwrap().min(512) / 4 * 4;
    words32(bytes, len.max(0x24), 0x20, false);
}

/// Makes the sums right that the disk has.
fn mend(image: &mut Image) {
    for sum in SUMS {
        let Some(sector) = (image.size / 512).checked_sub(sum.back) else { continue };
        let mut bytes = vec![0; 2048];
        let there = (image.size - sector * 512).min(2048);
        let there = usize::try_from(there).unwrap();
        if image.read_at(Bytes::new(sector * 512), &mut bytes[..there]).is_err() {
            continue;
        }
        let (at, mark) = sum.mark;
        if bytes[at..].starts_with(mark) {
            (sum.fix)(&mut bytes);
            image.put(sector * 512, &bytes[..there]);
        }
    }
}

/// What is read, after what is promised of it has been looked at.
fn promised(
    source: &dyn ReadAt,
    serial: Option<&[u8]>,
    formats: &[&'static FormatType],
) -> Reading {
    let disk = Disk { path: b"/dev/x", serial, source };
    let reading = read(&disk, formats);
    assert!(reading.log.messages().len() <= 4096, "{} messages", reading.log.messages().len());
    assert!(reading.sightings.len() <= 1024, "{} sightings", reading.sightings.len());
    for seen in &reading.sightings {
        assert!(!seen.fate.to_string().is_empty() && !seen.checksum.to_string().is_empty());
    }
    let size = source.size();
    for found in reading.found.iter().chain(&reading.passed) {
        let mut native = Native::default();
        (found.format.native)(found, &mut native);
        assert!(native.text().len() < 4 << 20);
        for dump in (found.format.dump)(found) {
            assert!(dump.area.at < size);
        }
        for patch in (found.format.erase)(found) {
            let end = patch.at.checked_add(Bytes::new(patch.bytes.len() as u64));
            assert!(end.is_some_and(|end| end <= size), "erases past the end: {patch:?}");
        }
        let other = written_again(found);
        if let Some(newest) = found.format.newest {
            let dated = |found| Dated { path: b"/dev/x", serial, len: size.whole_sectors(), found };
            for overruled in newest(&[dated(found), dated(&other)]) {
                assert!(overruled.nth < 2 && overruled.out.iter().all(|out| out.by < 2));
            }
        }
        let mut log = Log::default();
        let twice = [0, 1].map(|disk| OnDisk { disk, path: b"/dev/x", found });
        let mut sets = sets::group(twice, &mut log);
        sets::check(&mut sets, &mut log);
        assert!(sets.iter().all(|set| set.size() <= Sectors::new(u64::MAX)));
    }
    reading
}

/// The same with another generation.
fn written_again(found: &Found) -> Found {
    let mut other = found.clone();
    for area in &mut other.areas {
        let at = match found.format.name {
            "isw" => area.bytes.len().saturating_sub(512) + 0x2c,
            "ddf1" => 0x28,
            _ => 0x21c,
        };
        if let Some(byte) = area.bytes.get_mut(at) {
            *byte ^= 1;
        }
    }
    other
}
