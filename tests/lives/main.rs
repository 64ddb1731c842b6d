//! The lives of images under our kpartx, beside those under the original.
//!
//! | cell | ours | the original |
//! |---|---|---|
//! | `engine` | on the engine, with maps that have no nodes | on the same, by the preload |
//! | `fuse` | on dm-engined, over FUSE and loop | as in `engine` |
//! | `kernel` | on a kernel, in the virtual machine | there too |
//! | `ublk` | on the engine over ublk, in the virtual machine | as in `kernel` |
//!
//! `cargo test -p dmkit-tests --test lives -- [--cell <part of a cell's name>]`
//!
//! A life differs on purpose where `purpose.rs` or its image says so, with the reason; any other difference fails.
mod engine;
mod fuse;
mod guest;
mod judge;
mod purpose;

use std::error::Error;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::thread::{self, ScopedJoinHandle};

use dm_testkit::partitions::{Image, libraries, tools};
use dmkit_tests::lives::{Choice, Share};
use xtask::tally::Tally;
use xtask::test::build_packages;

/// How many images that the two libraries write, each.
const WRITTEN: u64 = 6;

/// How many odd images there are; `DMKIT_ODD` says otherwise, and has all of them live in the kernel's cell too.
const ODD: u64 = 250;

/// Where lives are kept, and what lives.
#[derive(Debug)]
struct Stage {
    folder: tempfile::TempDir,
    choice: Choice,
    images: Vec<Image>,
}

/// How a cell's lives went, or why there were none.
type Played = Result<Lives, Absent>;

/// Where the lives of a cell are.
#[derive(Debug)]
struct Lives {
    theirs: PathBuf,
    ours: PathBuf,
    /// Which images lived.
    share: Share,
}

/// Why there are no lives.
#[derive(Debug, Clone)]
enum Absent {
    /// Something is missing here.
    Skipped(String),
    /// There should be.
    Failed(String),
}

impl From<io::Error> for Absent {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

fn main() -> ExitCode {
    run().unwrap_or_else(|error| {
        writeln!(io::stdout(), "error: {error}\n0 passed, 1 failed, 0 skipped").ok();
        ExitCode::FAILURE
    })
}

fn run() -> Result<ExitCode, Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let mut wanted = String::new();
    while let Some(arg) = args.next() {
        // Flags of the usual test harness are let through, for this program runs beside others.
        if arg == "--cell" {
            wanted = args.next().ok_or("--cell wants a name")?;
        }
    }
    build_packages(&["kpartx", "dmsetup", "dm-engined", "dmkit-preload"])?;
    let stage = stage()?;
    let mut counts = Tally::default();
    for (cells, play) in [
        (&["engine", "fuse"][..], on_host as fn(&Stage, &[&str]) -> Vec<Played>),
        (&["kernel", "ublk"], guest::play),
    ] {
        let cells: Vec<&str> =
            cells.iter().copied().filter(|cell| cell.contains(&wanted)).collect();
        if cells.is_empty() {
            continue;
        }
        for (cell, played) in cells.iter().zip(play(&stage, &cells)) {
            counts.add(judge::judge(cell, &stage.images, played)?);
        }
    }
    writeln!(io::stdout(), "{counts}")?;
    Ok(if counts.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Makes the images that tools and libraries write; the rest make themselves.
fn stage() -> Result<Stage, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (packed, scratch) = (folder.path().join("packed"), folder.path().join("scratch"));
    fs::create_dir(&packed)?;
    fs::create_dir(&scratch)?;
    let (made, missing) = tools::images(&scratch);
    if !missing.is_empty() {
        writeln!(io::stdout(), "SKIP images of {}: not installed", missing.join(", "))?;
    }
    for image in made.iter().chain(&libraries::images(WRITTEN)) {
        fs::write(packed.join(&image.name), image.pack())?;
    }
    let odd = std::env::var("DMKIT_ODD").map_or(Ok(ODD), |odd| odd.parse())?;
    let choice = Choice { odd, packed: Some(packed) };
    let images = choice.images()?;
    Ok(Stage { folder, choice, images })
}

/// All side by side: their devices are the same only in number.
fn on_host(stage: &Stage, cells: &[&str]) -> Vec<Played> {
    thread::scope(|scope| {
        let theirs = scope.spawn(|| engine::theirs(stage));
        let ours = cells.iter().map(|cell| match *cell {
            "fuse" => (fuse::SHARE, scope.spawn(|| fuse::ours(stage))),
            _ => (Share::ALL, scope.spawn(|| engine::ours(stage))),
        });
        let ours: Vec<_> = ours.collect();
        let theirs = ended(theirs);
        let lives = |(share, ours)| {
            let (theirs, ours) = (theirs.clone()?, ended(ours)?);
            Ok(Lives { theirs, ours, share })
        };
        ours.into_iter().map(lives).collect()
    })
}

fn ended(thread: ScopedJoinHandle<'_, Result<PathBuf, Absent>>) -> Result<PathBuf, Absent> {
    thread.join().unwrap_or_else(|_| Err(Absent::Failed("a thread died".to_owned())))
}

/// The original, if it is the one that our texts are of.
fn original() -> Result<PathBuf, Absent> {
    const RECORDED: &[u8] = b"multipath-tools v0.9.4 ";
    let tool = xtask::vm::packages::find_program("kpartx");
    let tool = tool.ok_or_else(|| Absent::Skipped("the original is not installed".to_owned()))?;
    let banner = Command::new(&tool).output()?.stdout;
    if banner.starts_with(RECORDED) {
        Ok(tool)
    } else {
        let line = String::from_utf8_lossy(&banner).lines().next().unwrap_or_default().to_owned();
        Err(Absent::Skipped(format!("the original is another version: {line}")))
    }
}

fn loops_are_here() -> Result<(), Absent> {
    let is_root = fs::metadata("/proc/self")?.uid() == 0;
    let here = is_root && Path::new("/dev/loop-control").exists();
    if here { Ok(()) } else { Err(Absent::Skipped("needs root, and loop devices".to_owned())) }
}
