//! `cargo xtask test`: installs what the tests need, runs all of them, and counts.
//!
//! Two tiers: the host's, on the engine with loop devices through FUSE; and a real kernel's, in a virtual
//! machine. What cannot run here is skipped aloud and counted. The last line is the sum.
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{ExitCode, Stdio};

use anyhow::{Context, Result};

use crate::tally::Tally;
use crate::vm::packages;
use crate::{check, scripts};

/// A part of the tests.
struct Part {
    name: &'static str,
    run: fn() -> Result<Tally>,
}

static PARTS: &[Part] = &[
    Part { name: "unit and integration tests", run: cargo_tests },
    Part { name: "scripts on the engine", run: || scripts::on_host("") },
    Part { name: "scripts in the virtual machine", run: || scripts::in_vm("", scripts::GUESTS) },
    Part { name: "checks", run: check::run },
];

/// Runs every part, whatever fails.
pub fn command(_args: &[OsString]) -> Result<ExitCode> {
    let mut out = io::stdout();
    if let Err(error) = packages::ensure_packages() {
        writeln!(out, "not everything could be installed: {error:#}")?;
    }
    build()?;
    let mut tally = Tally::default();
    for part in PARTS {
        writeln!(out, "== {}", part.name)?;
        let counted = (part.run)().or_else(|error| {
            writeln!(out, "FAIL {}: {error:#}", part.name).map(|()| Tally::of(false))
        })?;
        writeln!(out, "== {}: {counted}", part.name)?;
        tally.add(counted);
    }
    writeln!(out, "{tally}")?;
    Ok(if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The tools, and what the tests start by name.
pub fn build() -> Result<()> {
    let status = check::cargo().args(["build", "--quiet", "--workspace"]).status()?;
    anyhow::ensure!(status.success(), "the workspace does not build");
    Ok(())
}

/// Builds these packages, for a stale program proves nothing.
pub fn build_packages(packages: &[&str]) -> Result<()> {
    for package in packages {
        let status = check::cargo().args(["build", "--quiet", "--package", package]).status()?;
        anyhow::ensure!(status.success(), "{package} does not build");
    }
    Ok(())
}

/// `cargo test` of everything; what its tests say of skipping is seen, for nothing is captured.
fn cargo_tests() -> Result<Tally> {
    let args = ["test", "--workspace", "--no-fail-fast", "--", "--nocapture"];
    let mut child =
        check::cargo().args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let errors = child.stderr.take().context("no standard error")?;
    let reader = std::thread::spawn(move || copy_lines(BufReader::new(errors), &mut io::stderr()));
    let output = child.stdout.take().context("no standard output")?;
    let mut text = copy_lines(BufReader::new(output), &mut io::stdout())?;
    let said = reader.join().map_err(|_| anyhow::anyhow!("a reader died"))??;
    text.push_str(&said);
    let status = child.wait()?;
    let mut tally = Tally::of_output(&text);
    if !status.success() && tally.failed == 0 {
        // A test program that does not build, or dies, prints no closing line.
        tally.add(Tally::of(false));
    }
    Ok(tally)
}

fn copy_lines(from: impl BufRead, to: &mut dyn Write) -> Result<String> {
    let mut text = String::new();
    for line in from.split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        writeln!(to, "{line}")?;
        text.push_str(&line);
        text.push('\n');
    }
    Ok(text)
}
