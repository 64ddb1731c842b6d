//! Each session in each cell that this machine offers.
//!
//! | | our tool | the original tool |
//! |---|---|---|
//! | userspace engine, disks in memory | `ours-engine` | `original-engine` |
//! | kernel, in the virtual machine | `ours-kernel` | `original-kernel` |
//! | userspace engine over ublk, in the virtual machine | `ours-ublk` | |
//!
//! `cargo test -p dmkit-tests --test cells -- [--cell <part of a cell's name>] [part of a session's name]`
//!
//! A session fails where it answers otherwise than recorded, unless `divergences.toml` says so; a line of
//! that file fails when it no longer differs.
mod engine;
mod judge;
mod original;
mod outcome;
mod vm;

use std::error::Error;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use dmkit_tests::cell::{Answers, CELLS, Cell, Tool};
use dmkit_tests::divergences::Divergences;
use dmkit_tests::{Session, sessions};
use xtask::tally::Tally;
use xtask::test::build_packages;

/// What to run.
#[derive(Debug, Default)]
struct Options {
    cell: String,
    session: String,
}

fn main() -> ExitCode {
    run().unwrap_or_else(|error| {
        writeln!(io::stdout(), "error: {error}\n0 passed, 1 failed, 0 skipped").ok();
        ExitCode::FAILURE
    })
}

fn run() -> Result<ExitCode, Box<dyn Error>> {
    let options = options(std::env::args().skip(1))?;
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sessions = sessions(&here.join("transcripts"))?;
    sessions.retain(|session| session.name.to_string_lossy().contains(&options.session));
    let divergences = Divergences::read(&here.join("divergences.toml"))?;
    let cells = wanted(&options);
    build(&cells)?;
    let mut counts = Tally::default();
    for group in [engine::play, vm::play] {
        for (cell, played) in group(&sessions, &cells) {
            counts.add(judge::judge(cell, &sessions, played, &divergences)?);
        }
    }
    writeln!(io::stdout(), "{counts}")?;
    Ok(if counts.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn wanted(options: &Options) -> Vec<Cell> {
    let all = CELLS.iter().copied();
    all.filter(|cell| cell.to_string().contains(&options.cell)).collect()
}

/// Flags of the usual test harness are let through, for this program runs beside others.
fn options(mut args: impl Iterator<Item = String>) -> Result<Options, Box<dyn Error>> {
    let mut options = Options::default();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--cell" => options.cell = args.next().ok_or("--cell wants a name")?,
            flag if flag.starts_with('-') => {}
            name => name.clone_into(&mut options.session),
        }
    }
    Ok(options)
}

/// Builds what the cells play.
fn build(cells: &[Cell]) -> Result<(), Box<dyn Error>> {
    let needs = |tool| cells.iter().any(|cell| cell.tool == tool);
    let engine = cells.iter().any(|cell| cell.answers == Answers::Engine);
    let mut packages = Vec::new();
    if needs(Tool::Ours) {
        packages.extend(["dmsetup", "kpartx"]);
    }
    packages.extend((needs(Tool::Original) && engine).then_some("dmkit-preload"));
    let ublk = cells.iter().any(|cell| cell.answers == Answers::Ublk);
    packages.extend(ublk.then_some("dm-engined"));
    Ok(build_packages(&packages)?)
}

/// The sessions of one tool, without its folder in front: only dmsetup's so far.
fn tool_of(session: &Session) -> &Path {
    session.name.parent().unwrap_or(Path::new(""))
}
