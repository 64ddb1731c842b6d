//! Our tool and the original, from fork to wait, in turns; output thrown away.
use std::fmt::Write as _;
use std::process::{Command, Output, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};

use super::report::Table;
use super::stats::Series;

/// The longest that one line is measured for.
const LINE_LIMIT_S: f64 = 20.0;

/// How many pairs are run, and how many more are run first and not counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pairs {
    counted: usize,
    warm_up: usize,
}

/// A table of pairs.
pub(super) fn table(what: &str) -> Table {
    Table::new(&[what, "ours, us", "theirs, us", "ours / theirs"])
}

impl Pairs {
    /// For commands that take milliseconds.
    pub(super) const USUAL: Self = Self { counted: 40, warm_up: 4 };

    /// For commands that take seconds.
    pub(super) const LONG: Self = Self { counted: 5, warm_up: 1 };

    /// Adds a row: both commands in turns, who goes first alternating.
    pub(super) fn compare(
        self,
        rows: &mut Table,
        name: &str,
        ours: &mut dyn FnMut() -> Command,
        theirs: &mut dyn FnMut() -> Command,
    ) -> Result<()> {
        let difference = difference(&mut ours(), &mut theirs())?;
        let (mut our_times, mut their_times) = (Series::default(), Series::default());
        let begun = Instant::now();
        for number in 0..self.warm_up + self.counted {
            let late = begun.elapsed().as_secs_f64() > LINE_LIMIT_S && number > self.warm_up;
            if late {
                break;
            }
            let (our_time, their_time) = if number % 2 == 0 {
                let first = time(&mut ours())?;
                (first, time(&mut theirs())?)
            } else {
                let first = time(&mut theirs())?;
                (time(&mut ours())?, first)
            };
            if number >= self.warm_up {
                our_times.push(our_time);
                their_times.push(their_time);
            }
        }
        rows.row(vec![
            format!("{name}{difference}"),
            format!("{:.0}", our_times.median()),
            format!("{:.0}", their_times.median()),
            our_times.over(&their_times).to_string(),
        ]);
        Ok(())
    }
}

/// In what the two end otherwise, for behind the row's name: then the times are of different work.
fn difference(ours: &mut Command, theirs: &mut Command) -> Result<String> {
    let run = |command: &mut Command| -> Result<Output> {
        let name = command.get_program().to_string_lossy().into_owned();
        command.stdin(Stdio::null()).output().with_context(|| format!("running {name}"))
    };
    let (ours, theirs) = (run(ours)?, run(theirs)?);
    let mut text = String::new();
    if ours.status != theirs.status {
        write!(text, " (ours ends with {}, theirs with {})", ours.status, theirs.status)?;
    }
    if (&ours.stdout, &ours.stderr) != (&theirs.stdout, &theirs.stderr) {
        text += " (they print different things)";
    }
    Ok(text)
}

/// Microseconds.
fn time(command: &mut Command) -> Result<f64> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    command.status().with_context(|| format!("running {name}"))?;
    Ok(start.elapsed().as_secs_f64() * 1e6)
}
