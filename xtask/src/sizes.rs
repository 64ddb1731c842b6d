//! `cargo xtask sizes`: files and folders within the limits; exceptions stand here with their reasons.
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

/// The most lines of a file, without its tests.
const FILE_LINES: usize = 600;
/// The most lines of a `main.rs`.
const MAIN_LINES: usize = 60;
/// The most entries of a folder of sources.
const FOLDER_ENTRIES: usize = 20;

/// Files and folders that may be larger, and why.
static EXCEPTIONS: &[(&str, &str)] =
    &[("bins/dmsetup/src/commands", "one file a subcommand, and dmsetup has more than thirty")];

/// Says every excess; fails when there is one, or an exception that is none any more.
pub fn command(_args: &[OsString]) -> Result<ExitCode> {
    let excesses = excesses()?;
    let mut out = io::stdout().lock();
    for excess in &excesses {
        writeln!(out, "{excess}")?;
    }
    Ok(if excesses.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn excesses() -> Result<Vec<String>> {
    let sources = tracked("*.rs")?;
    let mut found = Vec::new();
    for path in &sources {
        let name = path.to_string_lossy();
        let below_tests = path.components().any(|part| part.as_os_str() == "tests");
        let is_test = below_tests || name.ends_with("tests.rs");
        let lines = code_lines(path)?;
        let limit = if name.ends_with("main.rs") { MAIN_LINES } else { FILE_LINES };
        if !is_test && lines > limit {
            found.push((name.into_owned(), format!("{lines} lines, at most {limit}")));
        }
    }
    let mut folders: Vec<&Path> = sources.iter().filter_map(|path| path.parent()).collect();
    folders.sort_unstable();
    folders.dedup();
    for folder in folders {
        let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?.count();
        if entries > FOLDER_ENTRIES {
            let text = format!("{entries} entries, at most {FOLDER_ENTRIES}");
            found.push((folder.to_string_lossy().into_owned(), text));
        }
    }
    let needless = EXCEPTIONS.iter().filter(|row| !found.iter().any(|excess| excess.0 == row.0));
    let mut texts: Vec<String> =
        needless.map(|row| format!("{}: an exception that is none any more", row.0)).collect();
    let real = found.iter().filter(|excess| !EXCEPTIONS.iter().any(|row| row.0 == excess.0));
    texts.extend(real.map(|(name, text)| format!("{name}: {text}")));
    Ok(texts)
}

fn code_lines(path: &Path) -> Result<usize> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    Ok(text.lines().take_while(|line| *line != "#[cfg(test)]").count())
}

fn tracked(pattern: &str) -> Result<Vec<PathBuf>> {
    let output = Command::new("git").args(["ls-files", pattern]).output().context("running git")?;
    if !output.status.success() {
        bail!("git ls-files failed");
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text.lines().map(PathBuf::from).filter(|path| path.exists()).collect())
}
