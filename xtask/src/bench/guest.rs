//! The data path in the virtual machine, over memory disks that are alike: the kernel's dm-linear and dm-striped,
//! ours over ublk, `rublk` loop; and the path of each with nothing under it.
//!
//! The guest is emulated and slow, so only ratios count.
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::fio::{self, WORKLOADS, Workload};
use super::report::{Report, Table};
use super::stats::Series;
use super::{Flag, Options, build_release};
use crate::check::cargo;
use crate::vm::{Lab, Payload, target_folder};

const MARK: &str = "guest";

/// What ours is compared with, from crates.io; its licence is GPL, so it is only run.
const RUBLK: (&str, &str) = ("rublk", "0.2.15");

/// The comparisons: ours, the kernel's, rublk's.
const GROUPS: &[(&str, [&str; 3])] = &[
    ("linear", ["ours-linear", "kernel-linear", "rublk-linear"]),
    ("striped", ["ours-striped", "kernel-striped", "rublk-striped"]),
    ("nothing under it", ["ours-null", "kernel-null", "rublk-null"]),
];

/// Figures by what was measured, in the order of the rounds.
pub(super) type Measured = BTreeMap<String, Series>;

/// Measures in the guest.
pub(super) fn run(options: &Options) -> Result<Report> {
    let lab = match Lab::open() {
        Ok(lab) => lab,
        Err(error) => return Ok(Report::skipped(MARK, &format!("{error:#}"))),
    };
    let mut report = Report::new(MARK);
    let mut programs = ours()?;
    match rublk() {
        Ok(path) => programs.push(path),
        Err(error) => report.notes.push(format!("SKIP {}: {error:#}", RUBLK.0)),
    }
    let results = in_guest(&lab, "data.sh", &settings(options, WORKLOADS), programs)?;
    let figures = Figures::read(&results)?;
    for (group, systems) in GROUPS {
        report.tables.push(group_table(group, systems, &figures));
    }
    report.notes.push(note(options));
    Ok(report)
}

/// How long a system is measured in a round of a workload.
fn cell_ms(options: &Options) -> u32 {
    if options.has(Flag::Quick) { 500 } else { 2000 }
}

/// What the scripts of the data path are told.
pub(super) fn settings(options: &Options, workloads: &[Workload]) -> String {
    let words = workloads.iter().enumerate().map(|(number, workload)| {
        format!("{number}:{}:{}:{}", workload.rw, workload.block, workload.depth)
    });
    format!(
        "ENGINE={} ROUNDS={} MILLISECONDS={} WORKLOADS='{}'",
        engine(),
        options.rounds,
        cell_ms(options),
        words.collect::<Vec<_>>().join(" ")
    )
}

/// How the data path was measured.
pub(super) fn note(options: &Options) -> String {
    format!(
        "in the virtual machine: 2 emulated cores, Linux 6.12, {} rounds of {} ms a cell; ours over {}",
        options.rounds,
        cell_ms(options),
        engine()
    )
}

/// A row for each workload; what is not here has no figures.
fn group_table(group: &str, [ours, kernel, rublk]: &[&str; 3], figures: &Figures) -> Table {
    let mut table =
        Table::new(&[group, "ours / kernel", "ours / rublk", "CPU a request, ours / rublk"]);
    for (number, workload) in WORKLOADS.iter().enumerate() {
        let speed = |system: &str| of(&figures.per_second, system, number);
        let cpu = |system: &str| {
            let requests = of(&figures.requests, system, number);
            of(&figures.cpu, system, number).divided_by(&requests)
        };
        table.row(vec![
            workload.name.to_owned(),
            speed(ours).over(&speed(kernel)).to_string(),
            speed(ours).over(&speed(rublk)).to_string(),
            cpu(ours).over(&cpu(rublk)).to_string(),
        ]);
    }
    table
}

/// What a system did in a workload, by the workload's number.
pub(super) fn of(measured: &Measured, system: &str, workload: usize) -> Series {
    measured.get(&format!("{system}.{workload}")).cloned().unwrap_or_default()
}

/// Which front end ours is measured with: `DMKIT_ENGINE`, else ublk.
pub(super) fn engine() -> String {
    std::env::var("DMKIT_ENGINE").unwrap_or_else(|_| "ublk".to_owned())
}

/// Our tools as they are released.
pub(super) fn ours() -> Result<Vec<PathBuf>> {
    build_release(&["dmsetup", "dm-engined"])?;
    let folder = target_folder().join("release");
    Ok(["dmsetup", "dm-engined"].iter().map(|name| folder.join(name)).collect())
}

/// Runs one of the scripts; the folder of what it left.
pub(super) fn in_guest(
    lab: &Lab,
    script: &str,
    settings: &str,
    programs: Vec<PathBuf>,
) -> Result<PathBuf> {
    /// More than the longest script takes on a busy machine.
    const LIMIT: Duration = Duration::from_secs(3600);
    let results = target_folder().join("lab/bench");
    fs::remove_dir_all(&results).ok();
    let job = format!("{settings}\n. /lab/bench/{script}\n");
    let scripts = PathBuf::from("xtask/src/bench/guest");
    let payload = Payload { job, programs, folders: vec![(scripts, "/lab/bench".to_owned())] };
    let outcome = lab.run(&payload, LIMIT, &results, &mut io::stdout().lock())?;
    ensure!(outcome.code == 0, "{script} ended with {}", outcome.code);
    Ok(results)
}

/// The values of one figure.
pub(super) fn measured(results: &Path, figure: &str) -> Result<Measured> {
    let text =
        fs::read_to_string(results.join("measured")).context("the guest measured nothing")?;
    Ok(parse_measured(&text, figure))
}

fn parse_measured(text: &str, figure: &str) -> Measured {
    let mut measured = Measured::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        if let [kind, what, _round, value] = words[..]
            && kind == figure
            && let Ok(value) = value.parse()
        {
            measured.entry(what.to_owned()).or_default().push(value);
        }
    }
    measured
}

/// What the guest measured, all of it by `<system>.<workload>`.
pub(super) struct Figures {
    pub(super) per_second: Measured,
    requests: Measured,
    /// Hundredths of a second of the serving processes.
    cpu: Measured,
}

impl Figures {
    /// Reads what the guest left.
    pub(super) fn read(results: &Path) -> Result<Self> {
        let mut files: Vec<(usize, String, PathBuf)> = Vec::new();
        for entry in fs::read_dir(results.join("fio")).context("no reports of fio's")? {
            let path = entry?.path();
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let (what, round) = name.rsplit_once('.').context("a report's name")?;
            files.push((round.parse()?, what.to_owned(), path));
        }
        files.sort();
        let (mut per_second, mut requests) = (Measured::new(), Measured::new());
        for (_, what, path) in files {
            let counted =
                fio::counted(&fs::read_to_string(&path)?).with_context(|| what.clone())?;
            per_second.entry(what.clone()).or_default().push(counted.per_second);
            requests.entry(what).or_default().push(counted.requests);
        }
        Ok(Self { per_second, requests, cpu: measured(results, "cpu")? })
    }
}

/// `rublk`, built if it is not here yet.
///
/// # Errors
///
/// It cannot be built: no network, or no libclang for its bindgen.
fn rublk() -> Result<PathBuf> {
    let (name, version) = RUBLK;
    let root = target_folder().join("tools");
    let path = root.join("bin").join(name);
    if path.is_file() {
        return Ok(path);
    }
    // Its default features want OpenCL.
    let status = cargo()
        .args(["install", "--quiet", "--locked", "--no-default-features"])
        .args(["--version", version, name, "--root"])
        .arg(&root)
        .env("CARGO_TARGET_DIR", root.join("build"))
        .stdout(Stdio::null())
        .status()
        .context("running cargo")?;
    ensure!(status.success(), "{name} {version} does not build; it needs libclang");
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guests_lines_are_sorted_by_what_they_measure() {
        let text = "cpu a.0 1 5\ntime a.0 1 9\ncpu a.0 2 7\ncpu b.1 1 x\n";
        let cpu = parse_measured(text, "cpu");
        assert_eq!(cpu.len(), 1);
        assert!((cpu["a.0"].median() - 6.0).abs() < 1e-9);
    }
}
