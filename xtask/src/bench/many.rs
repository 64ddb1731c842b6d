//! A thousand devices, and a table of a hundred thousand lines: what each costs.
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::fio::WORKLOADS;
use super::guest::{self, Measured};
use super::report::{Report, Table};
use super::stage::{self, Stage};
use super::stats::Series;
use super::{Flag, Options};
use crate::vm::Lab;

const MARK: &str = "many";
const GUEST_MARK: &str = "many-guest";

/// How many devices are made, and how many lines the long table has.
const DEVICES: usize = 1000;
const LINES: u64 = 100_000;

/// How long the idle daemon is watched.
const IDLE: Duration = Duration::from_secs(10);

/// The sectors of a line of the long table.
const LINE: u64 = 8;

/// Measures on this machine.
pub(super) fn run(options: &Options) -> Result<Report> {
    if let Some(why) = stage::missing(&["fio"]) {
        return Ok(Report::skipped(MARK, &why));
    }
    let devices = if options.has(Flag::Quick) { DEVICES / 10 } else { DEVICES };
    let mut report = Report::new(MARK);
    report.tables.push(devices_table(devices)?);
    report.tables.push(lines_table(options)?);
    report.notes.push(format!("{}; {devices} devices on FUSE and loop", super::machine()));
    Ok(report)
}

fn devices_table(devices: usize) -> Result<Table> {
    let stage = Stage::new()?;
    let file = stage.memory_file(1 << 20)?;
    let line = format!("0 2048 linear {} 0", file.display());
    let name = |number: usize| format!("dmkit-bench-{}-{number}", std::process::id());
    stage.create(&name(0), &line)?;
    let daemon = stage.processes("dm-engined")?;
    let alone = Memory::of(&daemon)?;
    let mut times = Series::default();
    for number in 1..devices {
        let start = Instant::now();
        stage.create(&name(number), &line)?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    let all = Memory::of(&daemon)?;
    let start = Instant::now();
    stage.dmsetup(&["ls"])?;
    let listed = start.elapsed().as_secs_f64() * 1e3;
    let idle = idle(&daemon)?;
    let start = Instant::now();
    stage.dmsetup(&["remove_all"])?;
    let removed = start.elapsed().as_secs_f64() * 1e3;
    stage.strike()?;
    let mut table = table_of(&Devices { times, alone, all, idle, removed, number: devices });
    table.row(vec!["one `dmsetup ls` of all, ms".to_owned(), format!("{listed:.1}")]);
    Ok(table)
}

/// What was measured of many devices.
struct Devices {
    /// Milliseconds for each that was made.
    times: Series,
    /// With the first device.
    alone: Memory,
    /// With all of them.
    all: Memory,
    idle: Idle,
    /// Milliseconds for removing all of them at once.
    removed: f64,
    number: usize,
}

fn table_of(devices: &Devices) -> Table {
    let mut table = Table::new(&["devices", "measured", "aim"]);
    let mut row = |what: &str, measured: f64, aim: &str| {
        table.row(vec![what.to_owned(), format!("{measured:.1}"), aim.to_owned()]);
    };
    let Devices { times, alone, all, idle, removed, number } = devices;
    #[expect(clippy::cast_precision_loss, reason = "a thousand or so")]
    let number = *number as f64;
    let more = number - 1.0;
    row("made, ms each: median", times.median(), "20");
    row("made, ms each: 99 of 100", times.part(0.99), "");
    row("made, ms each: worst", times.max(), "");
    row("removed by remove_all, ms each", removed / number, "");
    row("memory beyond the first, KiB each: Rss", (all.rss - alone.rss) / more, "256");
    row("memory beyond the first, KiB each: Pss", (all.pss - alone.pss) / more, "256");
    row("idle daemon, CPU us a second", idle.cpu, "0");
    row("idle daemon, times woken a second", idle.woken, "0");
    table
}

/// The same in the virtual machine, whose times are of its own.
pub(super) fn run_in_guest(options: &Options) -> Result<Report> {
    const BATCH: usize = 10;
    let lab = match Lab::open() {
        Ok(lab) => lab,
        Err(error) => return Ok(Report::skipped(GUEST_MARK, &format!("{error:#}"))),
    };
    let devices = if options.has(Flag::Quick) { DEVICES / 20 } else { DEVICES };
    let engine = guest::engine();
    let settings = format!("ENGINE={engine} MANY={devices} BATCH={BATCH}");
    let results = guest::in_guest(&lab, "many.sh", &settings, guest::ours()?)?;
    let (memory, time) = (guest::measured(&results, "memory")?, guest::measured(&results, "time")?);
    let idle = guest::measured(&results, "idle")?;
    let of = |figures: &Measured, what: &str| figures.get(what).cloned().unwrap_or_default();
    // The smaller is from before the others were made.
    let kib =
        |part| Memory { rss: of(&memory, "Rss").part(part), pss: of(&memory, "Pss").part(part) };
    let seconds = IDLE.as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "ten")]
    let batch = BATCH as f64;
    let table = table_of(&Devices {
        // Hundredths of a second for a batch.
        times: of(&time, "batch").times(10.0 / batch),
        alone: kib(0.0),
        all: kib(1.0),
        idle: Idle {
            cpu: of(&idle, "nanoseconds").median() / 1e3 / seconds,
            woken: of(&idle, "slices").median() / seconds,
        },
        removed: of(&time, "removed").median() * 10.0,
        number: devices,
    });
    let mut report = Report::new(GUEST_MARK);
    report.tables.push(table);
    report.notes.push(format!(
        "in the virtual machine, 2 emulated cores, Linux 6.12; {devices} devices over {engine}, made in batches of {BATCH}"
    ));
    Ok(report)
}

/// Memory in KiB.
struct Memory {
    rss: f64,
    pss: f64,
}

impl Memory {
    fn of(processes: &[u32]) -> Result<Self> {
        let (mut rss, mut pss) = (0.0, 0.0);
        for pid in processes {
            rss += field(&format!("/proc/{pid}/smaps_rollup"), "Rss:")?;
            pss += field(&format!("/proc/{pid}/smaps_rollup"), "Pss:")?;
        }
        Ok(Self { rss, pss })
    }
}

/// The number after `name` in a file of such lines.
fn field(path: &str, name: &str) -> Result<f64> {
    let text = fs::read_to_string(path).with_context(|| path.to_owned())?;
    let rest = text.lines().find_map(|line| line.strip_prefix(name));
    let word = rest.and_then(|rest| rest.split_whitespace().next());
    word.and_then(|word| word.parse().ok()).with_context(|| format!("{path} has no {name}"))
}

/// What processes do while nobody asks anything of them, a second.
struct Idle {
    /// Microseconds.
    cpu: f64,
    woken: f64,
}

fn idle(processes: &[u32]) -> Result<Idle> {
    sleep(Duration::from_secs(1));
    let before = ran(processes)?;
    sleep(IDLE);
    let after = ran(processes)?;
    let seconds = IDLE.as_secs_f64();
    Ok(Idle { cpu: (after.0 - before.0) / 1e3 / seconds, woken: (after.1 - before.1) / seconds })
}

/// How long the threads have run, in nanoseconds, and how often they were put on a processor.
///
/// # Source
///
/// The kernel's `Documentation/scheduler/sched-stats.rst`: time run, time waited, number of timeslices.
fn ran(processes: &[u32]) -> Result<(f64, f64)> {
    let (mut time, mut slices) = (0.0, 0.0);
    for pid in processes {
        for thread in fs::read_dir(format!("/proc/{pid}/task"))? {
            let text = fs::read_to_string(thread?.path().join("schedstat"))?;
            let numbers: Vec<f64> =
                text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
            time += numbers.first().context("schedstat")?;
            slices += numbers.get(2).context("schedstat")?;
        }
    }
    Ok((time, slices))
}

fn lines_table(options: &Options) -> Result<Table> {
    let stage = Stage::new()?;
    let lines = if options.has(Flag::Quick) { LINES / 10 } else { LINES };
    let size = lines * LINE;
    let file = stage.memory_file(size * 512)?;
    let start = Instant::now();
    let long = stage
        .create(&format!("dmkit-bench-{}-long", std::process::id()), &long_table(lines, &file)?)?;
    let made = start.elapsed();
    let one_line = format!("0 {size} linear {} 0", file.display());
    let short = stage.create(&format!("dmkit-bench-{}-short", std::process::id()), &one_line)?;
    let daemon = stage.processes("dm-engined")?;
    let time = Duration::from_millis(if options.has(Flag::Quick) { 200 } else { 700 });
    let mut table = Table::new(&[
        &format!("{lines} lines / one line (made in {:.2} s)", made.as_secs_f64()),
        "time a request",
        "CPU of the daemon",
        "aim",
    ]);
    // Requests of 256 KiB would be cut into 64 by such lines: another thing.
    for workload in WORKLOADS.iter().filter(|workload| workload.block == "4k") {
        let mut measured: [(Series, Series); 2] = Default::default();
        for _ in 0..options.rounds {
            for (device, (times, cpu)) in [&long, &short].into_iter().zip(&mut measured) {
                let before = stage::cpu_time(&daemon);
                let counted = workload.run(device, time)?;
                let ran = stage::cpu_time(&daemon).saturating_sub(before);
                times.push(1.0 / counted.per_second);
                cpu.push(ran.as_secs_f64() / counted.requests);
            }
        }
        let [(long, long_cpu), (short, short_cpu)] = measured;
        table.row(vec![
            workload.name.to_owned(),
            long.over(&short).to_string(),
            long_cpu.over(&short_cpu).to_string(),
            "1.20".to_owned(),
        ]);
    }
    stage.strike()?;
    Ok(table)
}

/// Lines whose neighbours lie far from each other in the file.
fn long_table(lines: u64, file: &Path) -> Result<String> {
    let mut table = String::new();
    for number in 0..lines {
        let to = number * 7919 % lines * LINE;
        writeln!(table, "{} {LINE} linear {} {to}", number * LINE, file.display())?;
    }
    Ok(table)
}
