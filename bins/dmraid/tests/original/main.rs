//! What ours says of disks of every format, beside what the original dmraid says of them.
//!
//! The disks come from `dm_testkit::raid`. `recorded/<format>.txt` has the original's answers about those that are
//! always the same; they are written by running these tests with `DMKIT_RECORD=1` where the original is installed,
//! never by hand. Odd disks are shown to the original itself, where there is one.
#![allow(clippy::print_stderr, clippy::unwrap_used, reason = "a test, in several files")]

mod answer;
mod json;
mod manage;
mod options;
mod original;
mod ours;
mod stale;
mod writes;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::thread;

use answer::{Answer, COMMANDS};
use dm_testkit::raid::{self, Case};
use original::Original;

/// How many odd cases are shown to the original.
const ODD: u64 = 150;

fn recorded(kind: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/recorded/{kind}.txt"))
}

/// What is not as it should be about our answers, if anything.
fn complaints(case: &Case, theirs: &[Answer]) -> Vec<String> {
    let mut complaints = Vec::new();
    for (command, theirs) in COMMANDS.iter().zip(theirs) {
        let ours = ours::answer(case, command);
        if theirs.is_unsound() {
            if ours.is_unsound() {
                complaints.push(format!("{}: dmraid {command}: not sound:\n{ours}", case.name));
            }
            continue;
        }
        let is_same = ours.is_like(theirs);
        if ours.is_refused_as_ambiguous() && !is_same {
            continue;
        }
        let differs = case.differs.iter().find(|differs| differs.command == *command);
        let name = &case.name;
        match differs {
            None if !is_same => {
                complaints
                    .push(format!("{name}: dmraid {command}\n-- ours\n{ours}-- theirs\n{theirs}"));
            }
            Some(differs) if is_same => {
                let why = differs.why;
                complaints.push(format!("{name}: dmraid {command}: no difference, yet: {why}"));
            }
            _ => {}
        }
    }
    let unknown = case.differs.iter().filter(|differs| !COMMANDS.contains(&differs.command));
    complaints
        .extend(unknown.map(|differs| format!("{}: no command {}", case.name, differs.command)));
    complaints
}

/// Shows each case to the original, two at a time.
fn ask(original: &Original, cases: &[Case]) -> Vec<Vec<Answer>> {
    let half = cases.len().div_ceil(2).max(1);
    thread::scope(|scope| {
        let ask =
            |cases: &[Case]| cases.iter().map(|case| original.answers(case, &COMMANDS)).collect();
        let halves: Vec<_> =
            cases.chunks(half).map(|half| scope.spawn(move || ask(half))).collect();
        halves.into_iter().flat_map(|half| -> Vec<Vec<Answer>> { half.join().unwrap() }).collect()
    })
}

/// Only the kinds that `DMKIT_ONLY` names, separated by commas, are looked at, where it is set.
fn is_meant(kind: &str) -> bool {
    std::env::var("DMKIT_ONLY").map_or(true, |only| only.split(',').any(|name| name == kind))
}

#[test]
fn recorded_answers_are_given_again() {
    let mut complaints_of_all = Vec::new();
    for (kind, cases) in raid::fixed().iter().filter(|(kind, _)| is_meant(kind)) {
        if std::env::var_os("DMKIT_RECORD").is_some() {
            let original = Original::find().unwrap();
            let answers = ask(&original, cases);
            let texts = cases
                .iter()
                .zip(&answers)
                .map(|(case, answers)| answer::text(case, &COMMANDS, answers));
            fs::write(recorded(kind), texts.collect::<Vec<_>>().concat()).unwrap();
        }
        let text = fs::read_to_string(recorded(kind)).unwrap();
        let mut answers: BTreeMap<String, Vec<Answer>> = answer::parse(&text);
        for case in cases {
            let theirs = answers.remove(&case.name).unwrap_or_default();
            assert_eq!(theirs.len(), COMMANDS.len(), "{}: not recorded", case.name);
            complaints_of_all.extend(complaints(case, &theirs));
        }
        assert!(answers.is_empty(), "recorded, but no case: {:?}", answers.keys());
    }
    let count = complaints_of_all.len();
    assert!(count == 0, "{count}:\n{}", complaints_of_all.join("\n"));
}

#[test]
fn there_are_enough_cases() {
    let cases: usize = raid::fixed().iter().map(|(_, cases)| cases.len()).sum();
    eprintln!("{cases} cases");
    let names: std::collections::BTreeSet<_> =
        raid::fixed().iter().flat_map(|(_, cases)| cases).map(|case| &case.name).collect();
    assert_eq!(names.len(), cases, "each has a name of its own");
}

#[test]
fn odd_disks_look_to_us_as_to_the_original() {
    let original = match Original::find() {
        Ok(original) => original,
        Err(why) => {
            eprintln!("skipped: {why}");
            return;
        }
    };
    let first = std::env::var("DMKIT_SEED").map_or(0, |seed| seed.parse().unwrap());
    let cases: Vec<Case> = (first..first + ODD)
        .map(raid::odd)
        .filter(|case| is_meant(case.name.rsplit('-').next().unwrap_or_default()))
        .collect();
    let answers = ask(&original, &cases);
    let all: Vec<String> =
        cases.iter().zip(&answers).flat_map(|(case, theirs)| complaints(case, theirs)).collect();
    eprintln!("{} odd cases", cases.len());
    assert!(all.is_empty(), "{}:\n{}", all.len(), all.join("\n"));
}
