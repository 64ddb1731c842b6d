//! The data path on this machine, over one file in memory: a plain loop device, ours on FUSE and loop, and
//! `nbdkit file` behind `nbdfuse` with a loop device on it.
//!
//! ```text
//! plain   loop ─► file
//! ours    loop ─► FUSE ─► dm-engined, one linear line ─► file
//! nbd     loop ─► FUSE ─► nbdfuse ─► socket ─► nbdkit file ─► file
//! ```
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};

use super::fio::{WORKLOADS, Workload};
use super::report::{Report, Table};
use super::stage::{self, Stage};
use super::stats::Series;
use super::{Flag, Options};

const MARK: &str = "host";

/// The size of the file.
const SIZE: u64 = 256 << 20;

/// What is compared.
pub(super) struct System {
    pub(super) device: PathBuf,
    /// The processes that serve it.
    pub(super) servers: Vec<u32>,
}

/// What one system did in one workload, round by round.
#[derive(Default)]
pub(super) struct Measured {
    pub(super) per_second: Series,
    /// Microseconds of the serving processes.
    pub(super) cpu: Series,
}

/// Measures in turns, and compares.
pub(super) fn run(options: &Options) -> Result<Report> {
    if let Some(why) = stage::missing(&["fio", "losetup", "nbdkit", "nbdfuse"]) {
        return Ok(Report::skipped(MARK, &why));
    }
    let stage = Stage::new()?;
    let file = stage.memory_file(SIZE)?;
    let systems = [plain(&stage, &file)?, ours(&stage, &file)?, nbd(&stage, &file)?];
    let time = cell(options);
    let mut speed = Table::new(&[
        "requests a second",
        "plain loop",
        "ours",
        "nbdkit",
        "ours / nbdkit",
        "ours / plain",
    ]);
    let mut cpu =
        Table::new(&["CPU of the server, us a request", "ours", "nbdkit", "ours / nbdkit"]);
    for workload in WORKLOADS {
        let [plain, ours, nbd] = rounds(workload, &systems, options.rounds, time)?;
        let whole = |series: &Series| format!("{:.0}", series.median());
        speed.row(vec![
            workload.name.to_owned(),
            whole(&plain.per_second),
            whole(&ours.per_second),
            whole(&nbd.per_second),
            ours.per_second.over(&nbd.per_second).to_string(),
            ours.per_second.over(&plain.per_second).to_string(),
        ]);
        let tenths = |series: &Series| format!("{:.1}", series.median());
        cpu.row(vec![
            workload.name.to_owned(),
            tenths(&ours.cpu),
            tenths(&nbd.cpu),
            ours.cpu.over(&nbd.cpu).to_string(),
        ]);
    }
    stage.strike()?;
    let mut report = Report::new(MARK);
    report.tables = vec![speed, cpu];
    report.notes.push(format!(
        "{}; {} rounds of {} ms a cell",
        super::machine(),
        options.rounds,
        time.as_millis()
    ));
    Ok(report)
}

/// How long a system is measured in a round of a workload.
pub(super) fn cell(options: &Options) -> Duration {
    Duration::from_millis(if options.has(Flag::Quick) { 200 } else { 700 })
}

/// Measures the systems in turns.
pub(super) fn rounds<const N: usize>(
    workload: &Workload,
    systems: &[System; N],
    rounds: usize,
    time: Duration,
) -> Result<[Measured; N]> {
    let mut measured = std::array::from_fn(|_| Measured::default());
    for _ in 0..rounds {
        for (system, measured) in systems.iter().zip(&mut measured) {
            let before = stage::cpu_time(&system.servers);
            let counted = workload.run(&system.device, time)?;
            let cpu = stage::cpu_time(&system.servers).saturating_sub(before);
            measured.per_second.push(counted.per_second);
            measured.cpu.push(cpu.as_secs_f64() * 1e6 / counted.requests);
        }
    }
    Ok(measured)
}

fn plain(stage: &Stage, file: &Path) -> Result<System> {
    Ok(System { device: stage.loop_device(file)?, servers: Vec::new() })
}

fn ours(stage: &Stage, file: &Path) -> Result<System> {
    let table = format!("0 {} linear {} 0", SIZE / 512, file.display());
    let device = stage.create(&format!("dmkit-bench-{}", std::process::id()), &table)?;
    Ok(System { device, servers: stage.processes("dm-engined")? })
}

fn nbd(stage: &Stage, file: &Path) -> Result<System> {
    let socket = stage.path("nbd.sock");
    let folder = stage.path("nbd");
    std::fs::create_dir(&folder)?;
    let mut nbdkit = stage.command("nbdkit");
    nbdkit.args(["--foreground", "--unix"]).arg(&socket).arg("file").arg(file);
    let nbdkit = start(&mut nbdkit)?;
    stage::wait_for(&socket)?;
    let mut nbdfuse = stage.command("nbdfuse");
    nbdfuse.arg(&folder).arg(format!("nbd+unix:///?socket={}", socket.display()));
    let nbdfuse = start(&mut nbdfuse)?;
    let served = folder.join("nbd");
    stage::wait_for(&served)?;
    let device = stage.loop_device(&served)?;
    Ok(System { device, servers: vec![nbdkit.id(), nbdfuse.id()] })
}

/// Starts what runs until the stage is struck.
fn start(command: &mut Command) -> Result<Child> {
    let name = command.get_program().to_string_lossy().into_owned();
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    child.with_context(|| format!("running {name}"))
}
