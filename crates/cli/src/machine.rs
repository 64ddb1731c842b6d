//! The machine as the session sees it: who answers, and what of the environment counts.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};

use dm_core::mangle::Mangling;
use dm_sys::engine::{self, Answer, ChooseError};
use dm_sys::paths::{self, Env};
use dm_sys::udev;

use crate::argv::Order;
use crate::exit::{Failure, chain};
use crate::session::link::{NobodyAnswers, Opened, Opener, Start, Who};
use crate::session::nodes::Places;
use crate::session::{Settings, Udev};

/// What of the environment counts, besides what says where things lie.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Where things lie.
    pub env: Env,
    /// `POSIXLY_CORRECT` is set.
    pub order: Order,
    /// `DM_DEFAULT_NAME_MANGLING_MODE`.
    mangling: Option<OsString>,
    /// `DM_UDEV_COOKIE`.
    pub cookie: Option<OsString>,
}

/// What the command line says of udev and of names.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked {
    /// How names are encoded, before what the environment says.
    pub mangling: Option<Mangling>,
    /// The cookie of a transaction that the caller waits for.
    pub cookie: Option<u32>,
    /// udev is not waited for.
    pub no_sync: bool,
    /// Its rules are to leave the devices alone.
    pub no_rules: bool,
    /// Nodes are seen to by the tool too.
    pub verify: bool,
}

impl Environment {
    /// The environment of this process.
    ///
    /// # Errors
    ///
    /// `DM_DEV_DIR` is not absolute.
    pub fn read() -> Result<Self, Failure> {
        let env = Env::read();
        if env.dev_dir.as_ref().is_some_and(|dir| !dir.as_bytes().starts_with(b"/")) {
            return Err(Failure::line("Invalid DM_DEV_DIR environment variable value."));
        }
        let posix = std::env::var_os("POSIXLY_CORRECT").is_some();
        Ok(Self {
            env,
            order: if posix { Order::OperandsLast } else { Order::Permute },
            mangling: std::env::var_os("DM_DEFAULT_NAME_MANGLING_MODE"),
            cookie: std::env::var_os("DM_UDEV_COOKIE"),
        })
    }

    /// How names are encoded where the command line says `asked`.
    fn mangling(&self, asked: Option<Mangling>) -> Mangling {
        let by_env = || Mangling::from_word(self.mangling.as_ref()?.as_bytes());
        asked.or_else(by_env).unwrap_or_default()
    }

    /// What a session hangs on, and remarks about it.
    pub fn settings(&self, asked: &Asked) -> (Settings, Vec<String>) {
        let mut remarks = Vec::new();
        let udev = Udev {
            answers: udev::answers(&self.env),
            runs: udev::is_running(),
            disabled: self.env.udev_disabled,
            no_sync: asked.no_sync,
            no_rules: asked.no_rules,
            verify: asked.verify,
            cookie: asked.cookie,
        };
        if udev.runs && udev.disabled {
            remarks.push(BYPASSED.to_owned());
        }
        let places = paths::Places::new(&self.env);
        let usual = self.has_usual_folder();
        let places = Places::new(&places.mapper, usual);
        (Settings { mangling: self.mangling(asked.mangling), udev, places }, remarks)
    }

    /// Whether nodes are where udev and the engine put them.
    fn has_usual_folder(&self) -> bool {
        match &self.env.dev_dir {
            None => true,
            Some(dir) => dir.as_bytes() == b"/dev" || dir.as_bytes() == b"/dev/",
        }
    }
}

/// What is said where udev runs and is not to be used.
const BYPASSED: &str = "Udev is running and DM_DISABLE_UDEV environment variable is set. \
    Bypassing udev, device-mapper library will manage device nodes in device directory.";

/// Opens whoever answers on this machine.
#[derive(Debug)]
pub struct Machine {
    /// Where things lie.
    pub env: Env,
    /// What `--engine` says.
    pub forced: Option<String>,
}

impl Opener for Machine {
    fn open(&self, start: Start) -> Result<Option<Opened>, NobodyAnswers> {
        let answer = match start {
            Start::Yes => engine::choose(self.forced.as_deref()).map(Some),
            Start::No => engine::connect_if_running(self.forced.as_deref()),
        };
        match answer {
            Ok(answer) => Ok(answer.map(opened)),
            Err(error) => Err(self.nobody(&error)),
        }
    }
}

fn opened(answer: Answer) -> Opened {
    let who = match &answer {
        Answer::Kernel(_) => Who::Kernel,
        Answer::Engine(_) => Who::Engine,
    };
    Opened { backend: Box::new(answer), who }
}

impl Machine {
    fn nobody(&self, error: &ChooseError) -> NobodyAnswers {
        let (line, who) = match error {
            ChooseError::Kernel(control) => (control.line(), Who::Kernel),
            other => (chain(other), Who::Engine),
        };
        let line = OsString::from(line).into_vec();
        NobodyAnswers { line, who, is_root: self.env.is_root() }
    }
}
