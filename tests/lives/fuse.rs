//! The cell `fuse`: a daemon of our own, whose maps are loop devices over FUSE files.

use std::collections::BTreeMap;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};

use dmkit_tests::lives::{Share, Tools, play as play_lives};
use xtask::vm::built;

use crate::{Absent, Stage, loops_are_here};

/// How long a daemon that is not needed may take to leave, and how often it is asked whether it is there: each time
/// it stays for as long as it would without anything to do, so more seldom than that.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_secs(4);

/// Each map is a loop device here: so many lives are enough.
pub(crate) const SHARE: Share = Share(1);

/// Our lives.
pub(crate) fn ours(stage: &Stage) -> Result<PathBuf, Absent> {
    loops_are_here()?;
    let run = stage.folder.path().join("run");
    // The daemon takes no folder that lets others in, whatever this process's mask is.
    DirBuilder::new().mode(0o700).create(&run)?;
    let socket = run.join("engine.sock");
    let env = [
        ("DMKIT_ENGINE", "fuse".to_owned()),
        ("DMKIT_SOCKET", socket.display().to_string()),
        ("DMKIT_IDLE", "2".to_owned()),
    ];
    let env: BTreeMap<String, String> =
        env.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let tools = Tools { kpartx: built("kpartx"), dmsetup: built("dmsetup"), env, preload: None };
    let ours = stage.folder.path().join("ours-fuse");
    let played = play_lives(&tools, &stage.images, SHARE, &ours);
    // The daemon holds nothing any more, and leaves. What it serves from is in a folder that goes too.
    let deadline = Instant::now() + PATIENCE;
    while UnixStream::connect(&socket).is_ok() {
        if Instant::now() > deadline {
            return Err(Absent::Failed("the daemon does not leave".to_owned()));
        }
        sleep(PAUSE);
    }
    played?;
    Ok(ours)
}
