//! How long `dmraid -r` takes over many disks, ours and the original, in turns; output thrown away.
//!
//! Both see the same disks and no others: loop devices that are `/dev/dm-0` and so on, in a mount namespace where
//! `/dev` and `/sys/block` are made up (`crates/testkit/src/raid/namespace.sh`). Slow disks are devices of our engine's that delay each
//! read.
//!
//! # Source
//!
//! dmraid 1.0.0.rc16-12, by running it: which disks it looks at.
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Context, Result, anyhow};
use nix::sched::{CloneFlags, unshare};

use super::pairs::{self, Pairs};
use super::report::{Report, Table};
use super::stage::{self, Stage};
use super::{Options, build_release};
use crate::vm::{packages, target_folder};

const MARK: &str = "disks";

/// What makes the namespace; dmraid's own tests have it too.
const NAMESPACE: &str = include_str!("../../../crates/testkit/src/raid/namespace.sh");

/// How many disks there are at the most.
const DISKS: usize = 64;

/// How long each read of a slow disk is delayed.
const DELAY_MS: u32 = 5;

/// A row: so many disks, and whether they are slow.
struct Row {
    disks: usize,
    speed: Speed,
    pairs: Pairs,
}

/// How soon a disk answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Speed {
    AtOnce,
    Late,
}

static ROWS: &[Row] = &[
    Row { disks: 1, speed: Speed::AtOnce, pairs: Pairs::USUAL },
    Row { disks: 2, speed: Speed::AtOnce, pairs: Pairs::USUAL },
    Row { disks: DISKS, speed: Speed::AtOnce, pairs: Pairs::USUAL },
    Row { disks: 1, speed: Speed::Late, pairs: Pairs::USUAL },
    Row { disks: DISKS, speed: Speed::Late, pairs: Pairs::LONG },
];

/// A member of a RAID set.
struct Member {
    image: PathBuf,
    serial: Option<String>,
}

/// Measures here.
pub(super) fn run(_: &Options) -> Result<Report> {
    if let Some(why) = stage::missing(&["losetup", "mount"]) {
        return Ok(Report::skipped(MARK, &why));
    }
    let Some(theirs) = packages::find_program("dmraid") else {
        return Ok(Report::skipped(MARK, "the original is not installed"));
    };
    build_release(&["dmraid", "dmkit-tests"])?;
    let ours = target_folder().join("release/dmraid");
    let stage = Stage::new()?;
    let members = members(&stage)?;
    let mut rows = pairs::table("disks with metadata");
    for speed in [Speed::AtOnce, Speed::Late] {
        let devices = devices(&stage, &members, speed)?;
        for row in ROWS.iter().filter(|row| row.speed == speed) {
            let shown: Vec<_> = members.iter().zip(&devices).take(row.disks).collect();
            let folder = stage.path(&format!("{}-{:?}", row.disks, row.speed));
            prepare(&folder, &shown)?;
            apart(&folder, || row.measure(&mut rows, [&ours, &theirs]))?;
        }
    }
    stage.strike()?;
    let mut report = Report::new(MARK);
    report.tables.push(rows);
    report.notes.push(super::machine());
    Ok(report)
}

impl Row {
    fn measure(&self, rows: &mut Table, [ours, theirs]: [&Path; 2]) -> Result<()> {
        let command = |tool: &Path| {
            let mut command = Command::new(tool);
            command.arg("-r").env("DMKIT_ENGINE", "kernel");
            command
        };
        let slow = match self.speed {
            Speed::AtOnce => String::new(),
            Speed::Late => format!(", {DELAY_MS} ms a read"),
        };
        let name = format!("{}{slow}: dmraid -r", self.disks);
        self.pairs.compare(rows, &name, &mut || command(ours), &mut || command(theirs))
    }
}

/// Images of RAID members, of every vendor's format in turn.
fn members(stage: &Stage) -> Result<Vec<Member>> {
    let maker = target_folder().join("release/raid-images");
    let list = stage::output_of(Command::new(&maker).arg("list"), None)?;
    let mut members = Vec::new();
    for case in list.lines().filter_map(|line| line.split(' ').next()) {
        let folder = stage.memory(case);
        fs::create_dir(&folder)?;
        stage::output_of(Command::new(&maker).args(["make", case]).arg(&folder), None)?;
        for number in 0.. {
            let image = folder.join(format!("disk{number}.img"));
            if !image.exists() {
                break;
            }
            let serial = fs::read_to_string(image.with_extension("img.serial")).ok();
            members.push(Member { image, serial });
        }
        if members.len() >= DISKS {
            members.truncate(DISKS);
            return Ok(members);
        }
    }
    Err(anyhow!("there are only {} images of members", members.len()))
}

/// A block device for each member.
fn devices(stage: &Stage, members: &[Member], speed: Speed) -> Result<Vec<PathBuf>> {
    let device = |(number, member): (usize, &Member)| {
        if speed == Speed::AtOnce {
            return stage.loop_device(&member.image);
        }
        let sectors = fs::metadata(&member.image)?.len() / 512;
        let table = format!("0 {sectors} delay {} 0 {DELAY_MS}", member.image.display());
        let name = format!("dmkit-bench-{}-{number}", std::process::id());
        let node = stage.create(&name, &table)?;
        Ok(fs::canonicalize(node)?)
    };
    members.iter().enumerate().map(device).collect()
}

/// Writes down for `namespace.sh` what is to be seen: a line for each disk, `DEVICE SECTORS [SERIAL]`.
fn prepare(folder: &Path, shown: &[(&Member, &PathBuf)]) -> Result<()> {
    fs::create_dir(folder)?;
    let mut lines = String::new();
    for (member, device) in shown {
        let sectors = fs::metadata(&member.image)?.len() / 512;
        let serial = member.serial.as_deref().unwrap_or_default().trim_end();
        writeln!(lines, "{} {sectors} {serial}", device.display())?;
    }
    Ok(fs::write(folder.join("disks"), lines)?)
}

/// Does `work` where only the disks that `folder` names are seen: on a thread that leaves this process's mount
/// namespace, and takes its own with it when it ends.
fn apart(folder: &Path, work: impl FnOnce() -> Result<()> + Send) -> Result<()> {
    let work = || {
        unshare(CloneFlags::CLONE_NEWNS).context("a mount namespace of its own")?;
        let mut shell = Command::new("sh");
        shell.args(["-ec", NAMESPACE, "sh"]).arg(folder);
        stage::output_of(&mut shell, None)?;
        work()
    };
    let done = thread::scope(|scope| scope.spawn(work).join());
    done.map_err(|_| anyhow!("the thread of its own ended early"))?
}
