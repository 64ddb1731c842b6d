//! One short run of fio, and what it counted.
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::stage::output_of;

/// What fio is to do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Workload {
    /// What a reader calls it.
    pub(super) name: &'static str,
    /// fio's `rw`.
    pub(super) rw: &'static str,
    /// fio's `bs`.
    pub(super) block: &'static str,
    /// fio's `iodepth`.
    pub(super) depth: u32,
}

/// The workloads of every data path that is measured.
pub(super) const WORKLOADS: &[Workload] = &[
    Workload { name: "4 KiB random read, depth 1", rw: "randread", block: "4k", depth: 1 },
    Workload { name: "4 KiB random write, depth 1", rw: "randwrite", block: "4k", depth: 1 },
    Workload { name: "4 KiB random read, depth 16", rw: "randread", block: "4k", depth: 16 },
    Workload { name: "4 KiB random write, depth 16", rw: "randwrite", block: "4k", depth: 16 },
    Workload { name: "256 KiB read, depth 4", rw: "read", block: "256k", depth: 4 },
    Workload { name: "256 KiB write, depth 4", rw: "write", block: "256k", depth: 4 },
];

/// Those of short requests, alone and many at once.
pub(super) fn short() -> &'static [Workload] {
    &WORKLOADS[..4]
}

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Counted {
    /// Requests that were answered.
    pub(super) requests: f64,
    /// Of those, in a second.
    pub(super) per_second: f64,
}

impl Workload {
    /// fio's arguments for `time` of it on `device`.
    pub(super) fn arguments(&self, device: &str, time: Duration) -> Vec<String> {
        vec![
            "--name=bench".to_owned(),
            format!("--filename={device}"),
            format!("--rw={}", self.rw),
            format!("--bs={}", self.block),
            format!("--iodepth={}", self.depth),
            format!("--runtime={}ms", time.as_millis()),
            "--time_based".to_owned(),
            "--direct=1".to_owned(),
            "--ioengine=io_uring".to_owned(),
            "--norandommap".to_owned(),
            "--output-format=json".to_owned(),
        ]
    }

    /// Runs it.
    pub(super) fn run(&self, device: &Path, time: Duration) -> Result<Counted> {
        let device = device.to_str().context("a device's path")?;
        let text = output_of(Command::new("fio").args(self.arguments(device, time)), None)?;
        counted(&text).with_context(|| format!("{} on {device}", self.name))
    }
}

/// Reads fio's report; before it may stand lines that are no JSON.
pub(super) fn counted(text: &str) -> Result<Counted> {
    let json = text.find('{').and_then(|at| text.get(at..)).context("fio reports nothing")?;
    let report: Value = serde_json::from_str(json).context("fio's report")?;
    let job = report.pointer("/jobs/0").context("fio reports no job")?;
    ensure!(job["error"].as_i64() == Some(0), "fio met error {}", job["error"]);
    let sum = |key: &str| {
        ["read", "write"].iter().filter_map(|kind| job[*kind][key].as_f64()).sum::<f64>()
    };
    let counted = Counted { requests: sum("total_ios"), per_second: sum("iops") };
    ensure!(counted.requests > 0.0, "fio did nothing");
    Ok(counted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_are_added_up() {
        let text = r#"note: something
            {"jobs": [{"error": 0, "read": {"total_ios": 3, "iops": 1.5},
                       "write": {"total_ios": 1, "iops": 0.5}}]}"#;
        assert_eq!(counted(text).unwrap(), Counted { requests: 4.0, per_second: 2.0 });
    }

    #[test]
    fn a_run_that_met_an_error_or_did_nothing_is_no_run() {
        for text in [
            "",
            r#"{"jobs": []}"#,
            r#"{"jobs": [{"error": 5, "read": {"total_ios": 3, "iops": 1.5}}]}"#,
            r#"{"jobs": [{"error": 0, "read": {"total_ios": 0, "iops": 0}}]}"#,
        ] {
            assert!(counted(text).is_err(), "{text}");
        }
    }
}
