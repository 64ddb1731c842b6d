//! The data path of a partition that our `kpartx -a` has mapped, beside a `linear` line that says the same, over one
//! file and one daemon: on this machine over FUSE and loop, in the virtual machine over ublk.
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::fio;
use super::guest::{self, Figures};
use super::host::{self, System};
use super::report::{Report, Table};
use super::stage::{self, Stage};
use super::stats::Series;
use super::{Options, build_release};
use crate::vm::{Lab, target_folder};

const MARK: &str = "partition";

/// Bytes of the file, and where in it the partition lies, in sectors.
const SIZE: u64 = 256 << 20;
const START: u64 = 2048;
const LEN: u64 = 500_000;

/// Measures here, and in the guest if there is one.
pub(super) fn run(options: &Options) -> Result<Report> {
    let mut report = Report::new(MARK);
    build_release(&["kpartx"])?;
    if let Some(why) = stage::missing(&["fio", "losetup", "sfdisk"]) {
        report.notes.push(format!("SKIP FUSE and loop: {why}"));
    } else {
        report.tables.extend(here(options)?);
        let (rounds, time) = (options.rounds, host::cell(options).as_millis());
        let machine = super::machine();
        report.notes.push(format!("{machine}; {rounds} rounds of {time} ms a cell"));
    }
    match Lab::open() {
        Err(error) => report.notes.push(format!("SKIP ublk: {error:#}")),
        Ok(lab) => {
            report.tables.push(in_guest(&lab, options)?);
            report.notes.push(guest::note(options));
        }
    }
    Ok(report)
}

/// Over FUSE and loop: the speed, and the CPU of the daemon.
fn here(options: &Options) -> Result<[Table; 2]> {
    let stage = Stage::new()?;
    let file = stage.memory_file(SIZE)?;
    let systems = systems(&stage, &file)?;
    let columns = |what| Table::new(&[what, "linear line", "kpartx -a", "kpartx / linear"]);
    let mut speed = columns("over FUSE and loop, requests a second");
    let mut cpu = columns("over FUSE and loop, CPU of the daemon, us a request");
    for workload in fio::short() {
        let [line, partition] =
            host::rounds(workload, &systems, options.rounds, host::cell(options))?;
        let row = |line: &Series, partition: &Series, digits: usize| {
            vec![
                workload.name.to_owned(),
                format!("{:.digits$}", line.median()),
                format!("{:.digits$}", partition.median()),
                partition.over(line).to_string(),
            ]
        };
        speed.row(row(&line.per_second, &partition.per_second, 0));
        cpu.row(row(&line.cpu, &partition.cpu, 1));
    }
    stage.strike()?;
    Ok([speed, cpu])
}

/// The line, and the partition.
fn systems(stage: &Stage, file: &Path) -> Result<[System; 2]> {
    let script = format!("label: gpt\nstart={START}, size={LEN}\n");
    let mut sfdisk = stage.command("sfdisk");
    stage::output_of(sfdisk.arg("--quiet").arg(file), Some(&script))?;
    let table = format!("0 {LEN} linear {} {START}", file.display());
    let line = format!("dmkit-bench-{}", std::process::id());
    let device = stage.create(&line, &table)?;
    let mut kpartx = stage.command(target_folder().join("release/kpartx"));
    let said = stage::output_of(kpartx.arg("-av").arg(file), None)?;
    let name = said.strip_prefix("add map ").and_then(|rest| rest.split(' ').next());
    let name = name.context("kpartx says of no map")?;
    let shown = |name| stage.dmsetup(&["table", name]);
    ensure!(shown(&line)? == shown(name)?, "the tables differ: {said}");
    let servers = stage.processes("dm-engined")?;
    let partition = Path::new("/dev/mapper").join(name);
    Ok([System { device, servers: servers.clone() }, System { device: partition, servers }])
}

/// Over ublk.
fn in_guest(lab: &Lab, options: &Options) -> Result<Table> {
    let mut programs = guest::ours()?;
    programs.push(target_folder().join("release/kpartx"));
    let settings = guest::settings(options, fio::short());
    let results = guest::in_guest(lab, "partition.sh", &settings, programs)?;
    let figures = Figures::read(&results)?;
    let mut table = Table::new(&[&format!("over {}", guest::engine()), "kpartx / linear"]);
    for (number, workload) in fio::short().iter().enumerate() {
        let speed = |system: &str| guest::of(&figures.per_second, system, number);
        let ratio = speed("partition").over(&speed("line"));
        table.row(vec![workload.name.to_owned(), ratio.to_string()]);
    }
    Ok(table)
}
