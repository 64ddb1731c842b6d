//! How long `dmsetup` and `kpartx` take from fork to wait, ours and the original, in turns; output thrown away.
//!
//! | where | devices | who answers |
//! |---|---|---|
//! | this machine | none | nobody: the kernel is asked and is not there, or nobody is asked |
//! | this machine | none | the same, to list a GPT of 128 entries |
//! | this machine | 0, 1, 1000 | dm-engined; the original gets there through the test-only preload |
//! | the virtual machine | 0, 1, 1000 | the kernel's device-mapper |
//!
//! The preload answers each ioctl with an exchange on the socket, as ours does itself; what it takes to load
//! is counted as the original's.
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};

use super::report::{Report, Table};
use super::stage::{self, Stage};
use super::stats::Series;
use super::{Flag, Options, build_release, guest};
use crate::vm::{Lab, packages, target_folder};

const MARK: &str = "start-up";

/// How many devices there are at the most.
const DEVICES: usize = 1000;

/// How many entries the GPT has that is listed.
const ENTRIES: usize = 128;

/// How many pairs are run, and how many more are run first and not counted.
const PAIRS: usize = 40;
const WARM_UP: usize = 4;

/// The longest that one line is measured for: with many devices some commands take long.
const LINE_LIMIT_S: f64 = 20.0;

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
    match listing()? {
        Ok(table) => report.tables.push(table),
        Err(why) => report.notes.push(format!("SKIP kpartx: {why}")),
    }
    match Lab::open() {
        Ok(lab) => report.tables.push(on_kernel(&lab, options)?),
        Err(error) => report.notes.push(format!("SKIP devices of the kernel: {error:#}")),
    }
    report.notes.push(format!("{}; the virtual machine: 2 emulated cores", super::machine()));
    Ok(report)
}

fn table(what: &str) -> Table {
    Table::new(&[what, "ours, us", "theirs, us", "ours / theirs"])
}

/// Without any device-mapper.
fn alone(theirs: &Path) -> Result<Table> {
    build_release(&["dmsetup"])?;
    let ours = target_folder().join("release/dmsetup");
    let mut rows = table("no device-mapper");
    for words in [&["--version"][..], &["info"]] {
        let command = |tool: &Path| {
            let mut command = Command::new(tool);
            // Both ask the kernel: the original knows nothing else.
            command.args(words).env("DMKIT_ENGINE", "kernel");
            command
        };
        let name = format!("dmsetup {}", words.join(" "));
        compare(&mut rows, &name, &mut || command(&ours), &mut || command(theirs))?;
    }
    Ok(rows)
}

/// kpartx, which lists a GPT whose entries are all in use; or why not.
fn listing() -> Result<Result<Table, String>> {
    if let Some(why) = stage::missing(&["kpartx", "sfdisk", "losetup"]) {
        return Ok(Err(why));
    }
    let Some(theirs) = packages::find_program("kpartx") else {
        return Ok(Err("the original is not installed".to_owned()));
    };
    build_release(&["kpartx"])?;
    let ours = target_folder().join("release/kpartx");
    let stage = Stage::new()?;
    let image = stage.memory_file(16 << 20)?;
    let script = format!("label: gpt\n{}", "size=64\n".repeat(ENTRIES));
    let mut sfdisk = stage.command("sfdisk");
    stage::output_of(sfdisk.arg("--quiet").arg(&image), Some(&script))?;
    let disk = stage.loop_device(&image)?;
    let mut rows = table("a GPT of 128 entries");
    for options in ["-l", "-lv"] {
        let command = |tool: &Path| {
            let mut command = Command::new(tool);
            command.arg(options).arg(&disk).env("DMKIT_ENGINE", "kernel");
            command
        };
        let name = format!("kpartx {options}");
        compare(&mut rows, &name, &mut || command(&ours), &mut || command(&theirs))?;
    }
    stage.strike()?;
    Ok(Ok(rows))
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
    let mut rows = table("devices of dm-engined");
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
            compare(&mut rows, &name, &mut ours, &mut original)
                .unwrap_or_else(|error| notes.push(format!("{devices}: {words:?}: {error:#}")));
        }
    }
    stage.dmsetup(&["remove_all"])?;
    stage.strike()?;
    Ok(rows)
}

/// A row: both commands in turns, who goes first alternating.
fn compare(
    rows: &mut Table,
    name: &str,
    ours: &mut dyn FnMut() -> Command,
    theirs: &mut dyn FnMut() -> Command,
) -> Result<()> {
    let difference = difference(&mut ours(), &mut theirs())?;
    let (mut our_times, mut their_times) = (Series::default(), Series::default());
    let begun = Instant::now();
    for number in 0..WARM_UP + PAIRS {
        let late = begun.elapsed().as_secs_f64() > LINE_LIMIT_S && number > WARM_UP;
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
        if number >= WARM_UP {
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
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    command.status().context("running dmsetup")?;
    Ok(start.elapsed().as_secs_f64() * 1e6)
}

/// With devices of the kernel's, in the guest.
fn on_kernel(lab: &Lab, options: &Options) -> Result<Table> {
    let many = if options.has(Flag::Quick) { DEVICES / 10 } else { DEVICES };
    let (runs, few) = if options.has(Flag::Quick) { (5, 1) } else { (20, 2) };
    let settings = format!("ROUNDS={} RUNS={runs} RUNS_MANY={few} MANY={many}", options.rounds);
    let programs: Vec<PathBuf> = guest::ours()?;
    let results = guest::in_guest(lab, "start_up.sh", &settings, programs)?;
    let measured = guest::measured(&results, "time")?;
    let mut rows = table("devices of the kernel");
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
