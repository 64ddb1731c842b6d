//! `cargo xtask bench`: how fast the whole is, as ratios within one run.
//!
//! What is compared is measured in turns (ours, theirs, ours, theirs ...), each figure is a median, and what
//! counts is the median of the rounds' ratios: a machine that is slower for a while moves both sides. How
//! far the ratios lay apart stands beside them. Nothing is written, but with `--write` the tables in
//! `docs/performance.md`.
mod disks;
mod fio;
mod guest;
mod host;
mod instructions;
mod listing;
mod many;
mod pairs;
mod partition;
mod report;
mod stage;
mod start_up;
mod stats;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};

use crate::check::cargo;
pub use instructions::check as check_instructions;
use report::Report;

const USAGE: &str = "usage: cargo xtask bench [host | guest | many | many-guest | partition | start-up | listing | \
    disks | instructions | all] [--rounds <n>] [--runs <n>] [--quick] [--check] [--record] [--write]";

/// What is to be measured, and how.
#[derive(Debug, Clone)]
struct Options {
    /// The parts, in the order in which they run.
    parts: Vec<&'static Part>,
    /// How often everything is measured in turns.
    rounds: usize,
    /// How often each part is run, a table each.
    runs: usize,
    /// What else was asked for.
    flags: Vec<Flag>,
}

/// An option without a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flag {
    /// A tenth of the time and of the devices: to see that it works.
    Quick,
    /// Instruction counts that differ from the recorded ones are a failure.
    Check,
    /// Instruction counts become the recorded ones.
    Record,
    /// The tables in the document are replaced.
    Write,
}

static FLAGS: &[(&str, Flag)] = &[
    ("--quick", Flag::Quick),
    ("--check", Flag::Check),
    ("--record", Flag::Record),
    ("--write", Flag::Write),
];

impl Options {
    fn has(&self, flag: Flag) -> bool {
        self.flags.contains(&flag)
    }
}

/// A part of the measurements.
struct Part {
    name: &'static str,
    run: fn(&Options) -> Result<Report>,
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

static PARTS: &[Part] = &[
    Part { name: "instructions", run: instructions::run },
    Part { name: "host", run: host::run },
    Part { name: "partition", run: partition::run },
    Part { name: "many", run: many::run },
    Part { name: "start-up", run: start_up::run },
    Part { name: "listing", run: listing::run },
    Part { name: "disks", run: disks::run },
    Part { name: "guest", run: guest::run },
    Part { name: "many-guest", run: many::run_in_guest },
];

/// Measures, and prints a table for each part.
pub fn command(args: &[OsString]) -> Result<ExitCode> {
    let options = parse(args)?;
    let mut failed = false;
    for part in &options.parts {
        let mut runs = Vec::new();
        for number in 1..=options.runs {
            writeln!(io::stdout(), "== {}, run {number} of {}", part.name, options.runs)?;
            let report = (part.run)(&options)?;
            writeln!(io::stdout(), "{report}")?;
            failed |= report.failed;
            runs.push(report);
        }
        if options.has(Flag::Write) {
            report::write(&runs)?;
        }
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn parse(args: &[OsString]) -> Result<Options> {
    let mut options = Options { parts: Vec::new(), rounds: 9, runs: 1, flags: Vec::new() };
    let mut args = args.iter().map(|arg| arg.to_string_lossy().into_owned());
    while let Some(arg) = args.next() {
        let mut number = || {
            let number = args.next().and_then(|word| word.parse().ok());
            number.filter(|number| *number > 0).context(USAGE)
        };
        let flag = FLAGS.iter().find(|row| row.0 == arg);
        match (arg.as_str(), flag) {
            ("--rounds", _) => options.rounds = number()?,
            ("--runs", _) => options.runs = number()?,
            ("all", _) => options.parts = PARTS.iter().collect(),
            (_, Some((_, flag))) => options.flags.push(*flag),
            (word, None) => match PARTS.iter().find(|part| part.name == word) {
                Some(part) => options.parts.push(part),
                None => bail!(USAGE),
            },
        }
    }
    ensure!(!options.parts.is_empty(), USAGE);
    Ok(options)
}

/// Builds packages as they are released.
fn build_release(packages: &[&str]) -> Result<()> {
    let mut command = cargo();
    command.args(["build", "--quiet", "--release"]);
    for package in packages {
        command.args(["--package", package]);
    }
    ensure!(command.status()?.success(), "{} does not build", packages.join(", "));
    Ok(())
}

/// What kind of machine this is: never which.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let release = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let version: Vec<&str> = release.trim().split(['.', '-']).take(2).collect();
    format!("{cores} cores, Linux {}", version.join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Options> {
        parse(&line.split_whitespace().map(OsString::from).collect::<Vec<_>>())
    }

    #[test]
    fn parts_and_options_stand_in_any_order() {
        let options = parsed("many --rounds 3 host --write").unwrap();
        let names: Vec<_> = options.parts.iter().map(|part| part.name).collect();
        assert_eq!(names, ["many", "host"]);
        assert_eq!((options.rounds, options.runs), (3, 1));
        assert_eq!(options.flags, [Flag::Write]);
        assert_eq!(parsed("all").unwrap().parts.len(), PARTS.len());
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for line in ["", "hosts", "host --rounds", "host --rounds 0", "--write"] {
            assert!(parsed(line).is_err(), "{line}");
        }
    }
}
