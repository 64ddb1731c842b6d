//! What holds for any disk: the fuzz target's promises, for disks made up here.
//!
//! Any bytes at all, of any block size, in every reader; and the images of the testkit with some bytes changed, with
//! their checksums mended, cut, failing and shrinking.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test, and the fuzz target's own file"
)]

use std::fs;
use std::path::Path;

use dm_testkit::partitions::{self, Image};
use proptest::prelude::*;
use proptest::sample::select;

#[path = "../../../fuzz/src/targets/partitions.rs"]
mod fuzz;

/// An image as an input of the fuzz target; none where it is too large for one.
fn encode(image: &Image) -> Option<Vec<u8>> {
    let sectors = u32::try_from(image.size / 512).ok()?.to_le_bytes();
    let block = u8::try_from((image.block / 512).trailing_zeros()).ok()?;
    let force = if image.force_gpt { 8 } else { 0 };
    let mut input = vec![block | force, 0, 3, sectors[0], sectors[1], sectors[2], 2, 15];
    let mut pieces: Vec<(u64, Vec<u8>)> = Vec::new();
    for (at, bytes) in image.written().filter(|(at, _)| *at < image.size) {
        let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        match pieces.last_mut() {
            Some((start, piece)) if *start + u64::try_from(piece.len()).ok()? == at => {
                piece.extend_from_slice(bytes);
            }
            _ if end > 0 => pieces.push((at, bytes.to_vec())),
            _ => {}
        }
    }
    for (at, piece) in pieces {
        let (sector, last) = (at / 512, image.size / 512);
        let sector = if last - sector < 256 { 0x1_0000 - (last - sector) } else { sector };
        let kept = piece.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
        input.extend(u16::try_from(sector).ok()?.to_le_bytes());
        input.extend(u16::try_from(kept).ok()?.to_le_bytes());
        input.extend(&piece[..kept]);
    }
    (input.len() < 1 << 17).then_some(input)
}

fn inputs() -> Vec<(String, Vec<u8>)> {
    let fixed = partitions::fixed().iter().cloned().chain(partitions::dasd::endless());
    fixed.filter_map(|image| Some((image.name.clone(), encode(&image)?))).collect()
}

#[test]
fn the_corpus_has_every_image_that_is_always_the_same() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/partitions");
    // Chains of hundreds of records, and tables of thousands of entries, are too large to mutate well.
    for (name, input) in inputs().into_iter().filter(|(_, input)| input.len() < 8192) {
        if std::env::var_os("DMKIT_RECORD").is_some() {
            fs::create_dir_all(&corpus).unwrap();
            fs::write(corpus.join(&name), &input).unwrap();
        }
        assert_eq!(fs::read(corpus.join(&name)).unwrap(), input, "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_to_an_end(
        head in any::<[u8; 8]>(),
        pieces in prop::collection::vec((0_u16..60, prop::collection::vec(any::<u8>(), 0..1024)), 0..6),
    ) {
        let mut input = Vec::from(head);
        for (at, bytes) in pieces {
            input.extend(at.to_le_bytes());
            input.extend(u16::try_from(bytes.len()).unwrap().to_le_bytes());
            input.extend(bytes);
        }
        fuzz::target(&input);
    }

    #[test]
    fn any_image_may_be_damaged_anywhere(
        image in select(inputs()),
        how in any::<[u8; 3]>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
    ) {
        let (_, mut input) = image;
        (input[0], input[1], input[2]) = (input[0] & 15, how[1] | 1, how[2]);
        for (at, byte) in changes {
            let at = at.index(input.len());
            input[at] = byte;
        }
        fuzz::target(&input);
    }

    #[test]
    fn any_image_may_be_read_as_of_any_block_size(image in select(inputs()), block in 0_u8..8, kind in 0_u8..16) {
        let (_, mut input) = image;
        input[0] = block | kind << 4;
        fuzz::target(&input);
    }
}
