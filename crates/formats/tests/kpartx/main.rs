//! What the readers say of images of every kind, beside what the original kpartx prints of them.
//!
//! The images come from `dm_testkit::partitions`. `recorded.txt` has the original's answers to those that are always
//! the same; it is written by running these tests with `DMKIT_RECORD=1` where the original is installed, never by
//! hand. Odd images are shown to the original itself, where there is one.
#![allow(clippy::print_stderr, clippy::unwrap_used, reason = "a test, in several files")]

mod listing;
mod original;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use dm_testkit::partitions::{self, Image};
use listing::Answer;
use original::Original;

/// How many odd images are shown to the original.
const ODD: u64 = 600;

fn recorded() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/kpartx/recorded.txt")
}

/// What is not as it should be about our answer, if anything.
fn complaint(image: &Image, theirs: &Answer) -> Option<String> {
    let ours = listing::ours(image);
    let same = ours.without_noise(image) == theirs.without_noise(image);
    match image.differs {
        None if !same => Some(format!("{}\n-- ours\n{ours}-- theirs\n{theirs}", image.name)),
        Some(why) if same => Some(format!("{}: no difference, yet: {why}", image.name)),
        _ => None,
    }
}

/// Shows each image to the original, on two loop devices at a time.
fn ask(original: &Original, images: &[Image]) -> Vec<Answer> {
    let half = images.len().div_ceil(2).max(1);
    thread::scope(|scope| {
        let ask = |images: &[Image]| images.iter().map(|image| original.list(image)).collect();
        let halves: Vec<_> =
            images.chunks(half).map(|half| scope.spawn(move || ask(half))).collect();
        halves.into_iter().flat_map(|half| -> Vec<Answer> { half.join().unwrap() }).collect()
    })
}

#[test]
fn recorded_answers_are_given_again() {
    let images = partitions::fixed();
    if std::env::var_os("DMKIT_RECORD").is_some() {
        let original = Original::find().unwrap();
        let mut text = String::new();
        for (image, answer) in images.iter().zip(ask(&original, images)) {
            write!(text, "[{}]\n{answer}", image.name).unwrap();
        }
        fs::write(recorded(), text).unwrap();
    }
    let mut answers: BTreeMap<String, Answer> =
        listing::parse(&fs::read_to_string(recorded()).unwrap());
    let mut complaints = Vec::new();
    for image in images {
        let theirs = answers.remove(&image.name).unwrap();
        complaints.extend(complaint(image, &theirs));
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    assert!(answers.is_empty(), "recorded, but no image: {answers:?}");
}

#[test]
fn odd_images_look_to_us_as_to_the_original() {
    let original = match Original::find() {
        Ok(original) => original,
        Err(why) => {
            eprintln!("skipped: {why}");
            return;
        }
    };
    let first = std::env::var("DMKIT_SEED").map_or(0, |seed| seed.parse().unwrap());
    let images: Vec<Image> = (first..first + ODD).map(partitions::odd).collect();
    let answers = ask(&original, &images);
    let complaints: Vec<String> = images
        .iter()
        .zip(&answers)
        .filter(|(image, _)| image.differs.is_none())
        .filter_map(|(image, theirs)| complaint(image, theirs))
        .collect();
    let listed = answers.iter().filter(|answer| !answer.out.is_empty()).count();
    eprintln!("{} images, {listed} with slices", images.len());
    assert!(complaints.is_empty(), "{} of them:\n{}", complaints.len(), complaints.join("\n"));
}

#[test]
fn what_the_usual_tools_make_looks_to_us_as_to_the_original() {
    let original = match Original::find() {
        Ok(original) => original,
        Err(why) => {
            eprintln!("skipped: {why}");
            return;
        }
    };
    let folder = tempfile::tempdir().unwrap();
    let (images, missing) = partitions::tools::images(folder.path());
    if !missing.is_empty() {
        eprintln!("skipped in part: needs {}", missing.join(", "));
    }
    for (image, theirs) in images.iter().zip(ask(&original, &images)) {
        let has_slices = image.name.starts_with('s') && !image.name.ends_with("-empty");
        assert!(!theirs.out.is_empty() || !has_slices, "{}", image.name);
        assert_eq!(complaint(image, &theirs), None);
    }
}
