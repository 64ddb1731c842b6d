//! Instructions that the engine takes for a request, counted by callgrind: a figure that a busy machine does
//! not move, so that a regression shows.
//!
//! `crates/testkit/examples/engine_requests.rs` is run twice with different counts of requests; the
//! difference is the requests' alone, to the instruction. `tests/instructions.toml` has the counts that were
//! last recorded.
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use super::report::{Report, Table};
use super::{Flag, Options};
use crate::check::cargo;
use crate::tally::Tally;
use crate::vm::{packages, target_folder};

const MARK: &str = "instructions";

/// What was recorded.
const RECORD: &str = "tests/instructions.toml";

const EXAMPLE: &str = "engine_requests";

/// How many requests the two runs make.
const FEW: u64 = 1000;
const MANY: u64 = 3000;

/// By which part of the recorded count a count may differ: a compiler's or library's next version is not to
/// be taken for ours.
const TOLERANCE: f64 = 0.05;

/// A case, and the instructions of one of its requests.
#[derive(Debug, Clone, PartialEq)]
struct Count {
    case: String,
    instructions: f64,
}

/// Counts, and compares with what is recorded.
pub(super) fn run(options: &Options) -> Result<Report> {
    if packages::find_program("valgrind").is_none() {
        return Ok(Report::skipped(MARK, "valgrind is not installed"));
    }
    let counts = count_all()?;
    if options.has(Flag::Record) {
        record(&counts)?;
    }
    let recorded = recorded()?;
    let mut report = Report::new(MARK);
    let mut table = Table::new(&["engine alone, a request", "instructions", "recorded", "ratio"]);
    for count in &counts {
        let before = recorded.iter().find(|row| row.case == count.case);
        let mut cells = vec![count.case.clone(), format!("{:.0}", count.instructions)];
        if let Some(before) = before {
            cells.push(format!("{:.0}", before.instructions));
            cells.push(format!("{:.3}", count.instructions / before.instructions));
        }
        table.row(cells);
    }
    report.tables.push(table);
    report.notes.extend(differences(&counts, &recorded));
    report.failed = options.has(Flag::Check) && !report.notes.is_empty();
    Ok(report)
}

/// As a test: passes while every count is what is recorded, but for the tolerance.
pub fn check() -> Result<Tally> {
    let mut out = io::stdout();
    if packages::find_program("valgrind").is_none() {
        writeln!(out, "SKIP instruction counts: valgrind is not installed")?;
        return Ok(Tally::skip());
    }
    let differences = differences(&count_all()?, &recorded()?);
    for difference in &differences {
        writeln!(out, "{difference}")?;
    }
    Ok(Tally::of(differences.is_empty()))
}

/// What is not as it was recorded, in words.
fn differences(counts: &[Count], recorded: &[Count]) -> Vec<String> {
    let mut found = Vec::new();
    for count in counts {
        let (case, now) = (&count.case, count.instructions);
        match recorded.iter().find(|row| row.case == *case) {
            None => found.push(format!("{case}: {now:.0}, nothing recorded")),
            Some(before) => {
                let change = now / before.instructions - 1.0;
                if change.abs() > TOLERANCE {
                    let (before, percent) = (before.instructions, change * 100.0);
                    found.push(format!("{case}: {now:.0}, recorded {before:.0}: {percent:+.1} %"));
                }
            }
        }
    }
    let gone = recorded.iter().filter(|row| counts.iter().all(|count| count.case != row.case));
    found.extend(gone.map(|row| format!("{}: recorded, but no case any more", row.case)));
    found
}

fn count_all() -> Result<Vec<Count>> {
    let mut build = cargo();
    build.args(["build", "--quiet", "--release", "--package", "dm-testkit", "--example", EXAMPLE]);
    ensure!(build.status()?.success(), "{EXAMPLE} does not build");
    let program = target_folder().join("release/examples").join(EXAMPLE);
    let list = Command::new(&program).arg("list").output().context(EXAMPLE)?;
    let cases = String::from_utf8_lossy(&list.stdout).into_owned();
    cases.lines().map(|case| count(&program, case)).collect()
}

fn count(program: &Path, case: &str) -> Result<Count> {
    let (few, many) = (collected(program, case, FEW)?, collected(program, case, MANY)?);
    let requests = f64::from(u32::try_from(MANY - FEW)?);
    let instructions = u32::try_from(many.checked_sub(few).context("more requests, less work")?)?;
    Ok(Count { case: case.to_owned(), instructions: f64::from(instructions) / requests })
}

/// The instructions of a whole run.
fn collected(program: &Path, case: &str, requests: u64) -> Result<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args([case, &requests.to_string()])
        .output()
        .context("running valgrind")?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        bail!("{case} under valgrind: {said}");
    }
    parse_collected(&said).with_context(|| format!("valgrind says no count: {said}"))
}

/// The line is `==<pid>== Collected : <count>`.
fn parse_collected(said: &str) -> Option<u64> {
    let line = said.lines().find_map(|line| line.split_once("Collected : "))?.1;
    line.trim().parse().ok()
}

fn recorded() -> Result<Vec<Count>> {
    let text = match fs::read_to_string(record_path()) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).context(RECORD),
    };
    parse_record(&text)
}

fn parse_record(text: &str) -> Result<Vec<Count>> {
    let table: toml::Table = text.parse().context(RECORD)?;
    let counts = table.get("instructions").and_then(toml::Value::as_table).context(RECORD)?;
    let count = |(case, value): (&String, &toml::Value)| {
        let instructions = value.as_integer().and_then(|number| u32::try_from(number).ok());
        let instructions = instructions.with_context(|| format!("{RECORD}: {case}"))?;
        Ok(Count { case: case.clone(), instructions: f64::from(instructions) })
    };
    counts.iter().map(count).collect()
}

fn record(counts: &[Count]) -> Result<()> {
    let head = "# Instructions that the engine takes for a request: written by \
        `cargo xtask bench instructions --record`.\n\n[instructions]\n";
    let rows = counts.iter().map(|count| format!("{} = {:.0}\n", count.case, count.instructions));
    fs::write(record_path(), format!("{head}{}", rows.collect::<String>())).context(RECORD)
}

fn record_path() -> PathBuf {
    PathBuf::from(RECORD)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(case: &str, instructions: f64) -> Count {
        Count { case: case.to_owned(), instructions }
    }

    #[test]
    fn only_more_than_the_tolerance_is_a_difference() {
        let recorded = [count("a", 100.0), count("b", 100.0), count("c", 100.0)];
        let counts = [count("a", 104.0), count("b", 106.0), count("d", 1.0)];
        assert_eq!(
            differences(&counts, &recorded),
            [
                "b: 106, recorded 100: +6.0 %",
                "d: 1, nothing recorded",
                "c: recorded, but no case any more"
            ]
        );
    }

    #[test]
    fn callgrinds_count_is_found_among_what_it_says() {
        let said = "==7== Events    : Ir\n==7== Collected : 2695162\n==7==\n";
        assert_eq!(parse_collected(said), Some(2_695_162));
        assert_eq!(parse_collected("==7== nothing"), None);
    }

    #[test]
    fn a_record_is_a_table_of_whole_numbers() {
        assert_eq!(parse_record("[instructions]\na = 5\n").unwrap(), [count("a", 5.0)]);
        assert!(parse_record("[instructions]\na = \"x\"\n").is_err());
        assert!(parse_record("").is_err());
    }
}
