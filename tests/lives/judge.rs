//! Compares lives, and counts.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use dm_testkit::partitions::Image;
use dm_testkit::transcript::compare::{Difference, differences};
use dm_testkit::transcript::{Item, Transcript};
use dmkit_tests::lives::{heir, listed};
use xtask::tally::Tally;

use crate::{Absent, Played, purpose};

/// Prints what failed and what was skipped in `cell`.
pub(crate) fn judge(cell: &str, images: &[Image], played: Played) -> io::Result<Tally> {
    let mut out = io::stdout();
    let mut counts = Tally::default();
    let lives = match played {
        Ok(lives) => lives,
        Err(Absent::Skipped(why)) => {
            writeln!(out, "SKIP {cell}: all lives: {why}")?;
            return Ok(Tally::skip());
        }
        Err(Absent::Failed(why)) => {
            writeln!(out, "FAIL {cell}: all lives: {why}")?;
            return Ok(Tally::of(false));
        }
    };
    let mut steps = 0;
    // How many lives differ on purpose, by the reason.
    let mut on_purpose: BTreeMap<&str, usize> = BTreeMap::new();
    for (nth, image) in lives.share.of(images) {
        let (theirs, ours) = (read(&lives.theirs, image)?, read(&lives.ours, image)?);
        steps += theirs.steps().count();
        if let Some(why) = listed(images, nth) {
            *on_purpose.entry(why).or_default() += 1;
            counts.passed += 1;
            continue;
        }
        let smallest = heir(images, nth).map_or(image.size, |heir| heir.size.min(image.size));
        let (expected, mut reasons) = expected(smallest, theirs);
        let (expected, ours) = match purpose::endless(&expected) {
            Some(at) => {
                reasons.push(dm_testkit::purpose::why(purpose::ENDLESS));
                (first_steps(expected, at), first_steps(ours, at))
            }
            None => (expected, ours),
        };
        let found = differences(&expected, &ours);
        for reason in reasons {
            *on_purpose.entry(reason).or_default() += 1;
        }
        if found.is_empty() {
            counts.passed += 1;
        } else {
            counts.failed += 1;
            let text: String = found.iter().map(Difference::describe).collect();
            writeln!(out, "FAIL {cell} {}\n{text}", image.name)?;
        }
    }
    for (why, count) in &on_purpose {
        writeln!(out, "{cell}: {count} on purpose: {why}")?;
    }
    writeln!(out, "{cell}: {} lives of {steps} commands, {counts}", counts.passed + counts.failed)?;
    Ok(counts)
}

/// What ours is to print where the original prints `theirs`, and the reasons for what differs.
fn expected(smallest: u64, mut theirs: Transcript) -> (Transcript, Vec<&'static str>) {
    let mut reasons = Vec::new();
    for item in &mut theirs.items {
        let Item::Step(step) = item else { continue };
        let Some(output) = &mut step.output else { continue };
        reasons.extend(purpose::apply(smallest, output));
    }
    reasons.sort_unstable();
    reasons.dedup();
    (theirs, reasons)
}

/// The first `count` commands of a life.
fn first_steps(mut life: Transcript, count: usize) -> Transcript {
    life.items.truncate(count);
    life
}

fn read(folder: &Path, image: &Image) -> io::Result<Transcript> {
    let path = folder.join(format!("{}.txt", image.name));
    let at = |error: String| io::Error::other(format!("{}: {error}", path.display()));
    let file = fs::read(&path).map_err(|error| at(error.to_string()))?;
    Transcript::parse(&file).map_err(|error| at(error.to_string()))
}
