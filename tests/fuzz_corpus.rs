//! What the fuzzer was given and what it found, once more: every input in `fuzz/corpus/`.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::print_stderr,
    unreachable_pub,
    reason = "tests, and the fuzz targets' own files among them"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "../fuzz/src/targets/mod.rs"]
mod targets;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz")
}

/// What a folder has, without what follows a point.
fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

/// Says which input it was when its target panics.
struct Input(PathBuf);

impl Drop for Input {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("input {}", self.0.display());
        }
    }
}

#[test]
fn every_target_can_be_fuzzed_and_has_a_corpus() {
    let rows: BTreeSet<String> = targets::TARGETS.iter().map(|row| row.0.to_owned()).collect();
    assert_eq!(names(&fuzz().join("fuzz_targets")), rows);
    assert_eq!(names(&fuzz().join("corpus")), rows);
}

#[test]
fn every_input_keeps_what_its_target_promises() {
    for (name, _) in targets::TARGETS {
        let target = targets::named(name);
        let folder = fuzz().join("corpus").join(name);
        let mut inputs = 0;
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let input = Input(path);
            target(&fs::read(&input.0).unwrap());
            inputs += 1;
        }
        assert!(inputs > 0, "{} is empty", folder.display());
    }
}
