//! `cargo xtask fuzz [target] [--seconds <n>]`: runs one fuzz target, or every one after the other.
//!
//! New inputs go to `fuzz/corpus-local/`, which is not kept; what is checked in below `fuzz/corpus/` is
//! where a run begins, and what the ordinary tests replay.
//!
//! Limits: an input may take five seconds, and 64 MiB of memory. The targets count the memory themselves
//! (`fuzz/src/memory.rs`); libFuzzer's limit is on the whole process with its tables and corpus, and only
//! catches what does not go through the allocator. No sanitizer is used: what is fuzzed is safe code, and a
//! stable compiler has none.
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{ExitCode, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::check::cargo;

/// How long a target runs, unless it is said.
const SECONDS: u32 = 600;

/// Of the whole process, in MiB: the targets' own limit of 64, and what libFuzzer has itself.
const PROCESS_LIMIT: u32 = 96;

/// Runs the targets; fails when one of them found something, or none is called so.
pub fn command(args: &[OsString]) -> Result<ExitCode> {
    let (wanted, seconds) = parse(args)?;
    let probe =
        cargo().args(["fuzz", "--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    ensure!(probe?.success(), "no cargo fuzz here; `cargo install cargo-fuzz` installs it");
    let mut names = targets()?;
    if let Some(wanted) = wanted {
        names.retain(|name| *name == wanted);
        ensure!(!names.is_empty(), "there is no fuzz target {wanted}");
    }
    let mut found = Vec::new();
    for name in names {
        if !run(&name, seconds)? {
            found.push(name);
        }
    }
    if found.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(io::stdout(), "something was found by: {}", found.join(" "))?;
    Ok(ExitCode::FAILURE)
}

fn parse(args: &[OsString]) -> Result<(Option<String>, u32)> {
    let (mut wanted, mut seconds) = (None, SECONDS);
    let mut args = args.iter().map(|arg| arg.to_string_lossy());
    while let Some(arg) = args.next() {
        match &*arg {
            "--seconds" => {
                let value = args.next().context("--seconds wants a number")?;
                seconds = value.parse().with_context(|| value.into_owned())?;
            }
            name if !name.starts_with('-') && wanted.is_none() => wanted = Some(name.to_owned()),
            _ => bail!("usage: cargo xtask fuzz [target] [--seconds <n>]"),
        }
    }
    Ok((wanted, seconds))
}

/// Every target, by name.
fn targets() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir("fuzz/fuzz_targets").context("fuzz/fuzz_targets")? {
        names.extend(entry?.path().file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    }
    names.sort();
    Ok(names)
}

/// Runs a target; false when it found something.
fn run(name: &str, seconds: u32) -> Result<bool> {
    writeln!(io::stdout(), "== {name}, {seconds} s")?;
    let fresh = Path::new("fuzz/corpus-local").join(name);
    fs::create_dir_all(&fresh)?;
    let status = cargo()
        .args(["fuzz", "run", "--sanitizer", "none", name])
        .args([fresh, Path::new("fuzz/corpus").join(name)])
        .arg("--")
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-rss_limit_mb={PROCESS_LIMIT}"))
        .args(["-timeout=5", "-max_len=16384", "-print_final_stats=1", "-verbosity=0"])
        .status()?;
    writeln!(
        io::stdout(),
        "== {name}: {}",
        if status.success() { "nothing found" } else { "FOUND" }
    )?;
    Ok(status.success())
}
