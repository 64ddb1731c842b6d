//! How long `dmsetup` takes from fork to wait, ours and the original, in turns; output thrown away.
//!
//! | where | devices | who answers |
//! |---|---|---|
//! | this machine | none | nobody: the kernel is asked and is not there, or nobody is asked |
//! | this machine | 0, 1, 1000 | dm-engined; the original gets there through the test-only preload |
//! | the virtual machine | 0, 1, 1000 | the kernel's device-mapper |
//!
//! The preload answers each ioctl with an exchange on the socket, as ours does itself; what it takes to load
//! is counted as the original's.
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::pairs::{self, Pairs};
use super::report::{Report, Table};
use super::stage::{self, Stage};
use super::stats::Series;
use super::{Flag, Options, build_release, guest};
use crate::vm::{Lab, packages, target_folder};

const MARK: &str = "start-up";

/// How many devices there are at the most.
const DEVICES: usize = 1000;

/// Measures here, and in the guest if there is one.
pub(super) fn run(options: &Options) -> Result<Report> {
    let Some(theirs) = packages::find_program("dmsetup") else {
        return Ok(Report::skipped(MARK, "the original is not installed"));
    };
    let mut report = Report::new(MARK);
    report.tables.push(alone(&theirs)?);
    match stage::missing(&[]) {
        Some(why) => report.notes.push(format!("SKIP devices of the engine: {why}")),
        None => report.tables.push(on_engine(&theirs, options, &mut report.notes)?),
    }
    match Lab::open() {
        Ok(lab) => report.tables.push(on_kernel(&lab, options)?),
        Err(error) => report.notes.push(format!("SKIP devices of the kernel: {error:#}")),
    }
    report.notes.push(format!("{}; the virtual machine: 2 emulated cores", super::machine()));
    Ok(report)
}

/// Without any device-mapper.
fn alone(theirs: &Path) -> Result<Table> {
    build_release(&["dmsetup"])?;
    let ours = target_folder().join("release/dmsetup");
    let mut rows = pairs::table("no device-mapper");
    for words in [&["--version"][..], &["info"]] {
        let command = |tool: &Path| {
            let mut command = Command::new(tool);
            // Both ask the kernel: the original knows nothing else.
            command.args(words).env("DMKIT_ENGINE", "kernel");
            command
        };
        let name = format!("dmsetup {}", words.join(" "));
        Pairs::USUAL.compare(&mut rows, &name, &mut || command(&ours), &mut || command(theirs))?;
    }
    Ok(rows)
}

/// With devices of the engine's.
fn on_engine(theirs: &Path, options: &Options, notes: &mut Vec<String>) -> Result<Table> {
    let many = if options.has(Flag::Quick) { DEVICES / 10 } else { DEVICES };
    build_release(&["dmkit-preload"])?;
    let preload = target_folder().join("release/libdmkit_preload.so");
    let stage = Stage::new()?;
    let file = stage.memory_file(1 << 20)?;
    let line = format!("0 2048 linear {} 0", file.display());
    let prefix = format!("dmkit-bench-{}", std::process::id());
    // The daemon stays for a while when this one has gone.
    stage.create(&prefix, &line)?;
    stage.dmsetup(&["remove", &prefix])?;
    let mut rows = pairs::table("devices of dm-engined");
    let mut made = 0;
    for devices in [0, 1, many] {
        while made < devices {
            stage.create(&format!("{prefix}-{made}"), &line)?;
            made += 1;
        }
        let one = format!("{prefix}-0");
        for words in [&["info"][..], &["ls"], &["table"], &["info", &one]] {
            if words.len() > 1 && devices == 0 {
                continue;
            }
            let name = format!("{devices}: dmsetup {}", words.join(" ").replace(&one, "<one>"));
            let mut ours = || {
                let mut command = stage.command(stage.tool("dmsetup"));
                command.args(words);
                command
            };
            let mut original = || {
                let mut command = stage.command(theirs);
                command.args(words).env("LD_PRELOAD", &preload).env("DM_DISABLE_UDEV", "1");
                command
            };
            Pairs::USUAL
                .compare(&mut rows, &name, &mut ours, &mut original)
                .unwrap_or_else(|error| notes.push(format!("{devices}: {words:?}: {error:#}")));
        }
    }
    stage.dmsetup(&["remove_all"])?;
    stage.strike()?;
    Ok(rows)
}

/// With devices of the kernel's, in the guest.
fn on_kernel(lab: &Lab, options: &Options) -> Result<Table> {
    let many = if options.has(Flag::Quick) { DEVICES / 10 } else { DEVICES };
    let (runs, few) = if options.has(Flag::Quick) { (5, 1) } else { (20, 2) };
    let settings = format!("ROUNDS={} RUNS={runs} RUNS_MANY={few} MANY={many}", options.rounds);
    let programs: Vec<PathBuf> = guest::ours()?;
    let results = guest::in_guest(lab, "start_up.sh", &settings, programs)?;
    let measured = guest::measured(&results, "time")?;
    let mut rows = pairs::table("devices of the kernel");
    let none = Series::default();
    for devices in [0, 1, many] {
        let runs = f64::from(if devices == many { few } else { runs });
        for words in ["info", "ls", "table", "info_bench0"] {
            let of = |tool| measured.get(&format!("{tool}.{devices}.{words}")).unwrap_or(&none);
            let (ours, theirs) = (of("ours"), of("theirs"));
            if ours.len() == 0 {
                continue;
            }
            // Hundredths of a second for so many runs.
            let micros = |series: &Series| format!("{:.0}", series.median() * 1e4 / runs);
            let name = words.replace("_bench0", " <one>");
            rows.row(vec![
                format!("{devices}: dmsetup {name}"),
                micros(ours),
                micros(theirs),
                ours.over(theirs).to_string(),
            ]);
        }
    }
    Ok(rows)
}
