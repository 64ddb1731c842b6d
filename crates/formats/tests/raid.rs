//! What holds for any disk with RAID metadata: the fuzz target's promises, for the disks of the testkit, damaged.
//!
//! Every byte of metadata at which they might be cut short, every bit of them that might flip; and bytes at random.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::print_stderr,
    unreachable_pub,
    reason = "a test, and the fuzz target's own file"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use std::thread;

use dm_core::read_at::{ReadAt, ReadError};
use dm_core::units::Bytes;
use dm_formats::raid::{Area, Disk, FORMATS, FormatType, Reading, read};
use dm_testkit::raid::{self, Image};
use proptest::prelude::*;

#[path = "../../../fuzz/src/targets/raid.rs"]
mod fuzz;

/// A disk of the testkit as an input of the fuzz target; none where it is too large for one.
fn encode(format: u8, disk: &raid::Disk) -> Option<Vec<u8>> {
    let image = &disk.image;
    let total = image.size / 512;
    let size = u32::try_from(total).ok().filter(|size| *size < 1 << 24)?.to_le_bytes();
    let serial = if disk.serial.is_some() { 2 } else { 0 };
    let mut input = vec![format, serial, 3, size[0], size[1], size[2]];
    for (at, bytes) in image.written() {
        let kept = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        let sector = at / 512;
        let back = total.checked_sub(sector)?;
        let sector = if back <= 0x8000 { 0x1_0000 - back } else { sector };
        if kept > 0 && (sector < 0x8000 || back <= 0x8000) {
            input.extend(u16::try_from(sector).ok()?.to_le_bytes());
            input.extend(u16::try_from(kept).ok()?.to_le_bytes());
            input.extend(&bytes[..kept]);
        }
    }
    (input.len() < 8192).then_some(input)
}

/// The first disk of every case, as an input, those alike once.
static INPUTS: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let mut seen = BTreeSet::new();
    let mut inputs = Vec::new();
    for (kind, cases) in raid::fixed() {
        let format = FORMATS.iter().position(|format| format.name == *kind);
        let format = format.map_or(0, |nth| u8::try_from(nth + 1).unwrap());
        for case in cases {
            let input = case.disks.first().and_then(|disk| encode(format, disk));
            inputs.extend(
                input
                    .filter(|input| seen.insert(input.clone()))
                    .map(|input| (case.name.clone(), input)),
            );
        }
    }
    inputs
});

#[test]
fn the_corpus_has_a_disk_of_every_case() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/raid");
    for (name, input) in &*INPUTS {
        if std::env::var_os("DMKIT_RECORD").is_some() {
            fs::create_dir_all(&corpus).unwrap();
            fs::write(corpus.join(name), input).unwrap();
        }
        assert_eq!(fs::read(corpus.join(name)).unwrap(), *input, "{name}");
    }
}

/// A disk with a change: bytes that are others.
struct Changed<'a> {
    image: &'a Image,
    at: u64,
    change: Change,
}

enum Change {
    /// The bit flips.
    Flip(u8),
    /// From there on to this byte all is zero.
    CutTo(u64),
}

impl ReadAt for Changed<'_> {
    fn size(&self) -> Bytes {
        ReadAt::size(self.image)
    }

    fn read_at(&self, at: Bytes, buf: &mut [u8]) -> Result<(), ReadError> {
        self.image.read_at(at, buf)?;
        for (byte, at) in buf.iter_mut().zip(at.get()..) {
            match self.change {
                Change::Flip(bit) if at == self.at => *byte ^= 1 << bit,
                Change::CutTo(end) if (self.at..end).contains(&at) => *byte = 0,
                _ => {}
            }
        }
        Ok(())
    }
}

/// Absent, damaged or valid; nothing else, and no panic.
fn look(source: &dyn ReadAt, disk: &raid::Disk, format: &'static FormatType) -> Reading {
    let serial = disk.serial.as_deref().map(str::as_bytes);
    read(&Disk { path: b"/dev/x", serial, source }, &[format])
}

/// The disks of a format that are not alike.
fn disks(kind: &str) -> Vec<&'static raid::Disk> {
    let mut seen = BTreeSet::new();
    let cases = raid::fixed().iter().filter(|(name, _)| *name == kind);
    let all = cases.flat_map(|(_, cases)| cases.iter().flat_map(|case| &case.disks));
    all.filter(|disk| encode(0, disk).is_none_or(|input| seen.insert(input))).collect()
}

fn areas(disk: &raid::Disk, format: &'static FormatType) -> Vec<Area> {
    look(&disk.image, disk, format).found.map(|found| found.areas).unwrap_or_default()
}

#[test]
fn metadata_that_are_cut_short_or_have_a_flipped_bit_are_read_to_an_end() {
    thread::scope(|scope| {
        for format in FORMATS {
            scope.spawn(move || damage_all(format));
        }
    });
}

fn damage_all(format: &'static FormatType) {
    let mut counts = Counts::default();
    // Copies are read alike: the first area, and what it leads to, of each disk.
    for disk in disks(format.name).into_iter().take(10) {
        for area in areas(disk, format).into_iter().take(2) {
            damage(disk, format, &area, &mut counts);
        }
    }
    eprintln!("{}: {counts:?}", format.name);
    assert!(counts.cut > 0 && counts.flipped > 0, "no disk of {} has metadata", format.name);
}

/// How often metadata were cut short, and how many bits flipped; and how often they were read all the same.
#[derive(Debug, Default)]
struct Counts {
    cut: u32,
    flipped: u32,
    read: u32,
}

/// Looks at the disk with every damage to an area of its metadata.
fn damage(disk: &raid::Disk, format: &'static FormatType, area: &Area, counts: &mut Counts) {
    let (start, end) = (area.at.get(), area.at.get() + area.bytes.len() as u64);
    let bits = (start..end).take(512).flat_map(|at| (0..8).map(move |bit| (at, Change::Flip(bit))));
    let cuts = (start..end).take(2048).map(|at| (at, Change::CutTo(end)));
    for (at, change) in cuts.chain(bits) {
        match change {
            Change::Flip(_) => counts.flipped += 1,
            Change::CutTo(_) => counts.cut += 1,
        }
        let changed = Changed { image: &disk.image, at, change };
        counts.read += u32::from(look(&changed, disk, format).found.is_some());
    }
}

#[test]
fn what_is_erased_is_gone() {
    for format in FORMATS {
        for disk in disks(format.name) {
            let Some(found) = look(&disk.image, disk, format).found else { continue };
            let mut image = disk.image.clone();
            for patch in (format.erase)(&found) {
                image.put(patch.at.get(), &patch.bytes);
            }
            let left = look(&image, disk, format).found;
            assert!(left.is_none(), "{}: found again: {left:?}", format.name);
        }
    }
}

#[test]
fn what_is_erased_was_dumped() {
    for format in FORMATS {
        for disk in disks(format.name) {
            let Some(found) = look(&disk.image, disk, format).found else { continue };
            let range = |at: u64, bytes: &[u8]| at..at + bytes.len() as u64;
            let dumps = (format.dump)(&found);
            let kept: Vec<_> =
                dumps.iter().map(|dump| range(dump.area.at.get(), &dump.area.bytes)).collect();
            for patch in (format.erase)(&found) {
                let lost = range(patch.at.get(), &patch.bytes)
                    .find(|at| !kept.iter().any(|range| range.contains(at)));
                assert_eq!(lost, None, "{}: erased, and not among {kept:?}", format.name);
            }
        }
    }
}

#[test]
fn what_is_dumped_is_what_is_there() {
    for format in FORMATS {
        for disk in disks(format.name) {
            let Some(found) = look(&disk.image, disk, format).found else { continue };
            for dump in (format.dump)(&found) {
                let mut bytes = vec![0; dump.area.bytes.len()];
                disk.image.read_at(dump.area.at, &mut bytes).unwrap();
                assert_eq!(bytes, dump.area.bytes, "{} at {}", format.name, dump.area.at);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_to_an_end(
        head in any::<[u8; 6]>(),
        pieces in prop::collection::vec((any::<u16>(), prop::collection::vec(any::<u8>(), 0..1024)), 0..6),
    ) {
        let mut input = Vec::from(head);
        for (at, bytes) in pieces {
            input.extend((at | 0xff00).to_le_bytes());
            input.extend(u16::try_from(bytes.len()).unwrap().to_le_bytes());
            input.extend(bytes);
        }
        fuzz::target(&input);
    }

    #[test]
    fn a_few_other_bytes_are_read_to_an_end(
        nth in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        mended in any::<bool>(),
    ) {
        let (_, mut input) = INPUTS[nth.index(INPUTS.len())].clone();
        for (at, byte) in changes {
            let at = at.index(input.len() - 6) + 6;
            input[at] = byte;
        }
        input[1] |= u8::from(mended);
        fuzz::target(&input);
    }
}
