//! `cargo xtask bench`: how long our tools take beside the originals.
//!
//! Each pair is a run of ours and one of the original's, one right after the other, from fork to wait, output
//! thrown away, environment the same; who goes first alternates. What is printed are both medians and the
//! median of the pairs' ratios, which a change of the machine's speed during the runs does not move.
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, ExitCode, Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::check::cargo;
use crate::vm::{packages, target_folder};

/// How many pairs are run.
const PAIRS: usize = 50;
/// How many more are run first and not counted.
const WARM_UP: usize = 5;

/// What is measured: the tool and its arguments.
static MEASURED: &[(&str, &[&str])] = &[("dmsetup", &["--version"]), ("dmsetup", &["info"])];

/// Builds the tools as they are released, and measures.
pub fn command(_args: &[OsString]) -> Result<ExitCode> {
    let mut out = io::stdout();
    for (tool, args) in MEASURED {
        let status = cargo().args(["build", "--quiet", "--release", "--package", tool]).status()?;
        ensure!(status.success(), "{tool} does not build");
        let ours = target_folder().join("release").join(tool);
        let line = format!("{tool} {}", args.join(" "));
        let Some(theirs) = packages::find_program(tool) else {
            writeln!(out, "SKIP {line}: the original is not installed")?;
            continue;
        };
        for difference in differences(&ours, &theirs, args)? {
            writeln!(out, "{line}: {difference}; the times are of different work")?;
        }
        let times = pairs(&ours, &theirs, args)?;
        writeln!(out, "{line}: {}", summary(&times))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn prepared(tool: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(tool);
    // Both ask the kernel: the original knows nothing else, and a daemon would be started only once.
    command.args(args).env("DMKIT_ENGINE", "kernel").stdin(Stdio::null());
    command
}

/// In what the two end otherwise.
fn differences(ours: &Path, theirs: &Path, args: &[&str]) -> Result<Vec<String>> {
    let run = |tool: &Path| -> Result<Output> {
        prepared(tool, args).output().with_context(|| tool.display().to_string())
    };
    let (ours, theirs) = (run(ours)?, run(theirs)?);
    let mut found = Vec::new();
    if ours.status != theirs.status {
        found.push(format!("ours ends with {}, theirs with {}", ours.status, theirs.status));
    }
    if (&ours.stdout, &ours.stderr) != (&theirs.stdout, &theirs.stderr) {
        found.push("they print different things".to_owned());
    }
    Ok(found)
}

/// Ours and theirs, pair by pair.
fn pairs(ours: &Path, theirs: &Path, args: &[&str]) -> Result<Vec<(Duration, Duration)>> {
    let mut times = Vec::with_capacity(PAIRS);
    for number in 0..WARM_UP + PAIRS {
        let pair = if number % 2 == 0 {
            let first = time(ours, args)?;
            (first, time(theirs, args)?)
        } else {
            let first = time(theirs, args)?;
            (time(ours, args)?, first)
        };
        if number >= WARM_UP {
            times.push(pair);
        }
    }
    Ok(times)
}

fn time(tool: &Path, args: &[&str]) -> Result<Duration> {
    let mut command = prepared(tool, args);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    command.status().with_context(|| tool.display().to_string())?;
    Ok(start.elapsed())
}

fn summary(times: &[(Duration, Duration)]) -> String {
    let count = times.len();
    let micros = |time: Duration| time.as_secs_f64() * 1e6;
    let ours = median(times.iter().map(|pair| micros(pair.0)).collect());
    let theirs = median(times.iter().map(|pair| micros(pair.1)).collect());
    let ratio = median(times.iter().map(|pair| pair.0.div_duration_f64(pair.1)).collect());
    format!("ours {ours:.0} us, theirs {theirs:.0} us, ratio {ratio:.2} (medians of {count} pairs)")
}

/// The middle value, or the mean of the two in the middle; 0 of none.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.get(middle) {
        None => 0.0,
        Some(upper) if values.len() % 2 == 1 => *upper,
        Some(upper) => f64::midpoint(values[middle - 1], *upper),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_of_the_sorted_values() {
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((median(vec![4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < f64::EPSILON);
    }

    #[test]
    fn a_pair_is_compared_within_itself() {
        let pair = |ours, theirs| (Duration::from_micros(ours), Duration::from_micros(theirs));
        let text = summary(&[pair(10, 20), pair(100, 200), pair(1000, 2000)]);
        assert_eq!(text, "ours 100 us, theirs 200 us, ratio 0.50 (medians of 3 pairs)");
    }
}
