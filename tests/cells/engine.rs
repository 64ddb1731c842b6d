//! The engine's cells: an engine in this process, whose devices have no nodes and stand on four disks that
//! are like the virtual machine's, `/dev/ram0` to `/dev/ram3`. Needs no root.
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixListener;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::units::Sectors;
use dm_engine::build::Mode;
use dm_engine::engine::host::{Found, HostOpener};
use dm_engine::engine::{Engine, EngineOptions};
use dm_engine::frontend::memory::Memory;
use dm_engine::io::request::{Cx, Device, Io, IoFuture};
use dm_engine::limits::Limits;
use dm_engined::connections::Connections;
use dm_testkit::transcript::run::{Nodes, Played, Player, Setup};
use dmkit_tests::Session;
use dmkit_tests::cell::{Answers, Cell, Tool};
use xtask::vm::built;

use crate::original;
use crate::outcome::{Absent, Outcome};

/// As in the virtual machine, though no session may depend on it.
const MAJOR: u32 = 252;

/// The disks' major number; their minor numbers are 0 to 3.
const DISK_MAJOR: u32 = 1;

/// 16 MiB.
const DISK_SIZE: Sectors = Sectors::new(32768);

/// Plays the sessions in those of the engine's cells that are wanted.
pub(crate) fn play(sessions: &[Session], wanted: &[Cell]) -> Vec<(Cell, Outcome)> {
    let cells = wanted.iter().copied().filter(|cell| cell.answers == Answers::Engine);
    cells.map(|cell| (cell, play_one(sessions, cell.tool))).collect()
}

fn play_one(sessions: &[Session], tool: Tool) -> Outcome {
    let program = match tool {
        Tool::Ours => built("dmsetup"),
        Tool::Original => original::find()?,
    };
    let failed = |error: io::Error| Absent::Failed(error.to_string());
    let (player, _folder) = player(program, tool).map_err(failed)?;
    Ok(play_all(&player, sessions))
}

/// A player whose tool talks to an engine of its own. The folder is to be kept as long as it plays.
fn player(tool: PathBuf, whose: Tool) -> io::Result<(Player, tempfile::TempDir)> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("engine.sock");
    let listener = UnixListener::bind(&path)?;
    serve(listener, fs::metadata(&path)?.uid())?;
    let mut env = BTreeMap::from([("DMKIT_SOCKET".to_owned(), path.display().to_string())]);
    if whose == Tool::Original {
        let preload = built("libdmkit_preload.so");
        env.insert("LD_PRELOAD".to_owned(), preload.display().to_string());
    }
    let setup = Setup {
        tool,
        env,
        folder: folder.path().join("player"),
        limit: Duration::from_secs(30),
        nodes: Nodes::Absent,
    };
    Ok((Player::new(setup)?, folder))
}

fn play_all(player: &Player, sessions: &[Session]) -> BTreeMap<PathBuf, Result<Played, Absent>> {
    let play = |session: &Session| match dmkit_tests::play(player, session) {
        Ok(done) => done.map_err(Absent::Skipped),
        Err(error) => Err(Absent::Failed(error.to_string())),
    };
    sessions.iter().map(|session| (session.name.clone(), play(session))).collect()
}

/// The daemon's own way of serving an engine. Its threads end with this process.
fn serve(listener: UnixListener, uid: u32) -> io::Result<()> {
    let engine = Engine::new(EngineOptions {
        major: MAJOR,
        frontend: Arc::new(Memory),
        opener: Box::new(Disks),
        runner: None,
        state: None,
    });
    Connections::new(Arc::new(engine), uid).listen(listener)
}

/// The four disks. Nothing of the host's is a device here.
#[derive(Debug)]
struct Disks;

impl HostOpener for Disks {
    fn find(&self, path: &[u8]) -> Result<Found, Errno> {
        let path = PathBuf::from(String::from_utf8_lossy(path).into_owned());
        let disks = (0..4).map(|minor| (format!("/dev/ram{minor}"), minor));
        let found = disks.into_iter().find(|(node, _)| Path::new(node) == without_dots(&path));
        match found {
            Some((_, minor)) => Ok(Found::Block(DevNo::new(DISK_MAJOR, minor))),
            None if path.is_absolute() && path.exists() => Err(Errno::ENOTBLK),
            None => Err(Errno::ENOENT),
        }
    }

    fn open(&self, word: &[u8], _mode: Mode) -> Result<Arc<dyn Device>, Errno> {
        let number = str::from_utf8(word).ok().and_then(|word| word.parse::<DevNo>().ok());
        let disk = number.filter(|dev| dev.major == DISK_MAJOR && dev.minor < 4);
        disk.map(|dev| Arc::new(Disk(dev)) as Arc<dyn Device>).ok_or(Errno::ENXIO)
    }
}

/// `path` with its `..` resolved by the words alone: the disks have no links among them.
fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}

/// A disk of which only the size and number matter: where devices have no nodes, nobody reads.
#[derive(Debug)]
struct Disk(DevNo);

impl Device for Disk {
    fn size(&self) -> Sectors {
        DISK_SIZE
    }

    fn limits(&self) -> Limits {
        Limits::default()
    }

    fn dev(&self) -> DevNo {
        self.0
    }

    fn is_read_only(&self) -> bool {
        false
    }

    fn submit<'a>(&'a self, io: Io, _cx: &'a dyn Cx) -> IoFuture<'a> {
        Box::pin(async move { io.done(Err(Errno::EIO)) })
    }
}
