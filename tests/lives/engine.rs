//! The cell `engine`: engines in this process, whose maps have no nodes and stand on loop devices' numbers.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::units::{Bytes, Sectors};
use dm_engine::build::Mode;
use dm_engine::engine::host::{Found, HostOpener};
use dm_engine::engine::{Engine, EngineOptions};
use dm_engine::frontend::memory::Memory;
use dm_engine::io::request::{Cx, Device, Io, IoFuture};
use dm_engine::limits::Limits;
use dm_engined::connections::Connections;
use dm_sys::loopdev::LOOP_MAJOR;
use dmkit_tests::lives::{Share, Tools, play as play_lives};
use xtask::vm::built;

use crate::{Absent, Stage, loops_are_here, original};

const MAJOR: u32 = 252;

/// The original's lives.
pub(crate) fn theirs(stage: &Stage) -> Result<PathBuf, Absent> {
    loops_are_here()?;
    let preload = Some(built("libdmkit_preload.so"));
    lives(stage, "original-engine", original()?, preload)
}

/// Ours.
pub(crate) fn ours(stage: &Stage) -> Result<PathBuf, Absent> {
    loops_are_here()?;
    lives(stage, "ours-engine", built("kpartx"), None)
}

fn lives(
    stage: &Stage,
    name: &str,
    kpartx: PathBuf,
    preload: Option<PathBuf>,
) -> Result<PathBuf, Absent> {
    let socket = stage.folder.path().join(format!("{name}.sock"));
    let listener = UnixListener::bind(&socket)?;
    serve(listener, fs::metadata(&socket)?.uid())?;
    let env = BTreeMap::from([("DMKIT_SOCKET".to_owned(), socket.display().to_string())]);
    let tools = Tools { kpartx, dmsetup: built("dmsetup"), env, preload };
    let out = stage.folder.path().join(name);
    play_lives(&tools, &stage.images, Share::ALL, &out)?;
    Ok(out)
}

/// The daemon's own way of serving an engine. Its threads end with this process.
fn serve(listener: UnixListener, uid: u32) -> io::Result<()> {
    let engine = Engine::new(EngineOptions {
        major: MAJOR,
        frontend: Arc::new(Memory),
        opener: Box::new(Loops),
        runner: None,
        state: None,
    });
    Connections::new(Arc::new(engine), uid).listen(listener)
}

/// The loop devices of this machine, of which only numbers, sizes and logical blocks are looked at.
#[derive(Debug)]
struct Loops;

impl HostOpener for Loops {
    fn find(&self, path: &[u8]) -> Result<Found, Errno> {
        let path = PathBuf::from(String::from_utf8_lossy(path).into_owned());
        let meta = fs::metadata(path).map_err(|_| Errno::ENOENT)?;
        if meta.file_type().is_block_device() {
            Ok(Found::Block(DevNo::from_libc(meta.rdev())))
        } else {
            Err(Errno::ENOTBLK)
        }
    }

    fn open(&self, word: &[u8], _mode: Mode) -> Result<Arc<dyn Device>, Errno> {
        let number = str::from_utf8(word).ok().and_then(|word| word.parse::<DevNo>().ok());
        let dev = number.filter(|dev| dev.major == LOOP_MAJOR).ok_or(Errno::ENXIO)?;
        let folder = Path::new("/sys/dev/block").join(dev.to_string());
        let number = |name| -> Result<u64, Errno> {
            let text = fs::read_to_string(folder.join(name)).map_err(|_| Errno::ENXIO)?;
            text.trim().parse().map_err(|_| Errno::ENXIO)
        };
        let size = Sectors::new(number("size")?);
        Ok(Arc::new(Disk {
            dev,
            size,
            logical_block: Bytes::new(number("queue/logical_block_size")?),
        }))
    }
}

/// Where maps have no nodes, nobody reads.
#[derive(Debug)]
struct Disk {
    dev: DevNo,
    size: Sectors,
    logical_block: Bytes,
}

impl Device for Disk {
    fn size(&self) -> Sectors {
        self.size
    }

    fn limits(&self) -> Limits {
        let logical_block = self.logical_block;
        Limits { logical_block, physical_block: logical_block, ..Limits::default() }
    }

    fn dev(&self) -> DevNo {
        self.dev
    }

    fn is_read_only(&self) -> bool {
        false
    }

    fn submit<'a>(&'a self, io: Io, _cx: &'a dyn Cx) -> IoFuture<'a> {
        Box::pin(async move { io.done(Err(Errno::EIO)) })
    }
}
