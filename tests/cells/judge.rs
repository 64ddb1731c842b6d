//! Says how the sessions of a cell went, and counts.
use std::io::{self, Write};

use dm_testkit::transcript::compare::{Difference, differences};
use dm_testkit::transcript::run::Played;
use dmkit_tests::Session;
use dmkit_tests::cell::Cell;
use dmkit_tests::divergences::Divergences;
use xtask::tally::Tally;

use crate::outcome::{Absent, Outcome};

/// Prints what failed and what was skipped in `cell`.
pub(crate) fn judge(
    cell: Cell,
    sessions: &[Session],
    outcome: Outcome,
    divergences: &Divergences,
) -> io::Result<Tally> {
    let mut out = io::stdout();
    let mut counts = Tally::default();
    let mut played = match outcome {
        Ok(played) => played,
        Err(Absent::Skipped(reason)) => {
            writeln!(out, "SKIP {cell}: all {} sessions: {reason}", sessions.len())?;
            return Ok(Tally { skipped: sessions.len(), ..counts });
        }
        Err(Absent::Failed(reason)) => {
            writeln!(out, "FAIL {cell}: all {} sessions: {reason}", sessions.len())?;
            return Ok(Tally { failed: sessions.len(), ..counts });
        }
    };
    for session in sessions {
        let name = session.name.display();
        let absent = || Err(Absent::Failed("it was not played".to_owned()));
        match played.remove(&session.name).unwrap_or_else(absent) {
            Err(Absent::Skipped(reason)) => {
                counts.skipped += 1;
                writeln!(out, "SKIP {cell} {name}: {reason}")?;
            }
            Err(Absent::Failed(reason)) => {
                counts.failed += 1;
                writeln!(out, "FAIL {cell} {name}: {reason}")?;
            }
            Ok(run) => {
                let faults = faults(cell, session, run, divergences);
                if faults.is_empty() {
                    counts.passed += 1;
                } else {
                    counts.failed += 1;
                    writeln!(out, "FAIL {cell} {name}\n{faults}")?;
                }
            }
        }
    }
    writeln!(out, "{cell}: of {} sessions, {counts}", sessions.len())?;
    Ok(counts)
}

/// What is wrong with a session that was played; nothing, if it is empty.
fn faults(cell: Cell, session: &Session, run: Played, divergences: &Divergences) -> String {
    let found = differences(&session.transcript, &run.transcript);
    let (unlisted, unused) = divergences.sort(cell, &session.name, found);
    let mut said: Vec<String> = unlisted.iter().map(Difference::describe).collect();
    said.extend(unused.iter().map(|row| row.describe()));
    said.extend(run.trouble);
    let lines: Vec<String> = said.iter().flat_map(|part| part.lines()).map(indent).collect();
    lines.join("\n")
}

fn indent(line: &str) -> String {
    format!("    {line}")
}
