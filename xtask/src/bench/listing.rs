//! How long `kpartx` takes to list what is on a disk, ours and the original, in turns; output thrown away.
//!
//! | disk | table |
//! |---|---|
//! | an image | none; dos with logical partitions; GPT with all of its 128 entries in use |
//! | a loop device | the same |
//!
//! The kernel is asked for device-mapper and is not there, as on any machine without. For an image the original makes a
//! loop device that goes again when it has listed; ours reads the image itself.
use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::pairs::{self, Pairs};
use super::report::{Report, Table};
use super::stage::{self, Stage};
use super::{Options, build_release};
use crate::vm::{packages, target_folder};

const MARK: &str = "listing";

/// Bytes of a disk.
const SIZE: u64 = 32 << 20;

/// A disk that is listed.
struct Disk {
    name: &'static str,
    file: &'static str,
    /// What `sfdisk` is told to write; none for nothing.
    script: Option<fn() -> String>,
}

static DISKS: &[Disk] = &[
    Disk { name: "no table", file: "none", script: None },
    Disk { name: "dos, 3 and 4 logical", file: "dos", script: Some(dos) },
    Disk { name: "GPT of 128", file: "gpt", script: Some(gpt) },
];

fn dos() -> String {
    format!("label: dos\n{}type=5\n{}", "size=2048\n".repeat(2), "size=2048\n".repeat(4))
}

fn gpt() -> String {
    let entry = |number| format!("start={}, size=64\n", 2048 + 64 * number);
    format!("label: gpt\n{}", (0..128).map(entry).collect::<String>())
}

/// Measures here.
pub(super) fn run(_: &Options) -> Result<Report> {
    if let Some(why) = stage::missing(&["sfdisk", "losetup"]) {
        return Ok(Report::skipped(MARK, &why));
    }
    let Some(theirs) = packages::find_program("kpartx") else {
        return Ok(Report::skipped(MARK, "the original is not installed"));
    };
    build_release(&["kpartx"])?;
    let ours = target_folder().join("release/kpartx");
    let stage = Stage::new()?;
    let (mut images, mut devices) = (pairs::table("an image"), pairs::table("a loop device"));
    for disk in DISKS {
        let image = stage.sparse_file(disk.file, SIZE)?;
        if let Some(script) = disk.script {
            let mut sfdisk = stage.command("sfdisk");
            stage::output_of(sfdisk.arg("--quiet").arg(&image), Some(&script()))?;
        }
        compare(&mut images, disk.name, [&ours, &theirs], &image)?;
        // From here on the image has one, which both would find.
        let device = stage.loop_device(&image)?;
        compare(&mut devices, disk.name, [&ours, &theirs], &device)?;
    }
    stage.strike()?;
    let mut report = Report::new(MARK);
    report.tables = vec![images, devices];
    report.notes.push(super::machine());
    Ok(report)
}

fn compare(rows: &mut Table, name: &str, [ours, theirs]: [&Path; 2], disk: &Path) -> Result<()> {
    for options in ["-l", "-lv"] {
        let command = |tool: &Path| {
            let mut command = Command::new(tool);
            command.arg(options).arg(disk).env("DMKIT_ENGINE", "kernel");
            command
        };
        let name = format!("{name}: kpartx {options}");
        Pairs::USUAL.compare(rows, &name, &mut || command(ours), &mut || command(theirs))?;
    }
    Ok(())
}
