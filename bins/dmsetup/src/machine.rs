//! The machine as the session sees it: who answers, and what of the environment counts.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};

use dm_cli::argv::Order;
use dm_cli::exit::Failure;
use dm_cli::number;
use dm_cli::session::link::{NobodyAnswers, Opened, Opener, Start, Who};
use dm_cli::session::nodes::Places;
use dm_cli::session::{Settings, Udev};
use dm_core::mangle::Mangling;
use dm_sys::engine::{self, Answer, ChooseError};
use dm_sys::paths::{self, Env};
use dm_sys::udev;

use crate::options::{Id, Options};

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
    cookie: Option<OsString>,
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

    /// How names are encoded.
    pub fn mangling(&self, options: &Options) -> Mangling {
        let by_env = || Mangling::from_word(self.mangling.as_ref()?.as_bytes());
        options.mangling.or_else(by_env).unwrap_or_default()
    }

    /// What a session hangs on, and remarks about it.
    pub fn settings(&self, options: &Options) -> (Settings, Vec<String>) {
        let mut remarks = Vec::new();
        let mut cookie = options.cookie;
        if cookie.is_none()
            && let Some(text) = &self.cookie
        {
            cookie = number::cookie(text.as_bytes());
            if cookie.is_none() {
                remarks.push("Incorrect cookie value.".to_owned());
            }
        }
        let udev = Udev {
            answers: udev::answers(&self.env),
            runs: udev::is_running(),
            disabled: self.env.udev_disabled,
            no_sync: options.has(Id::NoUdevSync),
            no_rules: options.has(Id::NoUdevRules),
            verify: options.has(Id::VerifyUdev),
            cookie,
        };
        if udev.runs && udev.disabled {
            remarks.push(BYPASSED.to_owned());
        }
        let places = paths::Places::new(&self.env);
        let usual = self.has_usual_folder();
        let places = Places::new(&places.mapper, usual);
        (Settings { mangling: self.mangling(options), udev, places }, remarks)
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

/// An error and what led to it, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        text = format!("{text}: {error}");
        next = error.source();
    }
    text
}
