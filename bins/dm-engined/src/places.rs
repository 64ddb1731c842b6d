//! Where a daemon has its things, by its options and its environment.

use std::io;
use std::path::{Path, PathBuf};

use dm_engine::ring::ublk::control as ublk;
use dm_sys::paths::{Env, Places};

use crate::options::{FrontEnd, Serve};

/// Where this daemon has its things.
#[derive(Clone, Debug)]
pub(crate) struct Paths {
    pub(crate) places: Places,
    /// Whether the run folder is to go with the daemon.
    pub(crate) run_goes: bool,
    pub(crate) mount: PathBuf,
    pub(crate) log: PathBuf,
}

impl Paths {
    pub(crate) fn new(options: &Serve) -> io::Result<Self> {
        // The folder of nodes is the tools' affair: one daemon serves callers with any.
        let mut env = Env { dev_dir: None, ..Env::read() };
        if let Some(socket) = options.socket.clone().or(env.socket.map(PathBuf::from)) {
            env.socket = Some(std::path::absolute(socket)?.into());
        } else {
            env.socket = None;
        }
        let mut places = Places::new(&env);
        if let Some(state) = &options.state {
            places.state = std::path::absolute(state)?;
        }
        let mount = match front_end(options, &places) {
            // ublk devices need none.
            FrontEnd::Ublk | FrontEnd::Fuse => places.socket.with_extension("fuse"),
            FrontEnd::File => places.run.join("mapper"),
        };
        let run_goes = env.socket.is_none() || !places.run.exists();
        Ok(Self { run_goes, mount, log: places.socket.with_extension("log"), places })
    }
}

/// The front end asked for, or the best that this user can have.
pub(crate) fn front_end(options: &Serve, places: &Places) -> FrontEnd {
    options.frontend.unwrap_or_else(|| match places.uid {
        0 if Path::new(ublk::NODE).exists() => FrontEnd::Ublk,
        0 => FrontEnd::Fuse,
        _ => FrontEnd::File,
    })
}
