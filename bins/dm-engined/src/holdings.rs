//! What outlives a worker: the open files that a daemon's processes have together, and pass on.
//!
//! | file | while it is open |
//! |---|---|
//! | the lock | no other daemon serves |
//! | the listening socket | commands that arrive wait |
//! | the FUSE connection | the mount stands, and what is asked of its files waits |
//!
//! They are passed on by number, to the program's next process, as arguments beside the daemon's own options.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::fd::{AsFd, AsRawFd as _, OwnedFd};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use clap::ValueEnum as _;
use dm_engine::frontend::{MountError, connect, loops};
use dm_sys::daemon::{ListenError, Lock};
use dm_sys::{fuse, mounts, process};

use crate::options::{FrontEnd, Handed, Serve};
use crate::places::{Paths, front_end};

/// The files.
#[derive(Debug)]
pub(crate) struct Holdings {
    pub(crate) lock: Lock,
    pub(crate) listener: UnixListener,
    pub(crate) connection: Option<OwnedFd>,
}

/// What the next process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It serves, for this process, which looks after it.
    Worker,
    /// It takes this process's place.
    Successor,
}

impl Holdings {
    /// Takes the lock and listens.
    pub(crate) fn take(paths: &Paths) -> Result<Self, ListenError> {
        let lock = Lock::take(&paths.places)?;
        let listener = lock.listen()?;
        Ok(Self { lock, listener, connection: None })
    }

    /// Takes over what another process has passed on; `None` where none has.
    pub(crate) fn receive(handed: &Handed, paths: &Paths) -> Result<Option<Self>, ListenError> {
        let (Some(lock), Some(listener)) = (handed.lock_fd, handed.listener_fd) else {
            return Ok(None);
        };
        let fail = |error| ListenError::System {
            path: paths.places.socket.clone(),
            call: "inheriting",
            error,
        };
        let lock = process::inherited(lock).map_err(fail)?;
        let listener = process::inherited(listener).map_err(fail)?.into();
        let connection = handed.connection_fd.map(process::inherited).transpose().map_err(fail)?;
        let lock = Lock::inherit(lock, &paths.places)?;
        Ok(Some(Self { lock, listener, connection }))
    }

    /// Sees to it that the front end has its mount, if it needs one: what was there and is no more is made anew.
    pub(crate) fn mount(&mut self, options: &Serve, paths: &Paths) -> Result<(), MountError> {
        let front_end = front_end(options, &paths.places);
        let needs_mount = match front_end {
            FrontEnd::Ublk => false,
            // For its loop devices, which nobody else can have.
            FrontEnd::Fuse => paths.places.uid == 0,
            FrontEnd::File => true,
        };
        if needs_mount && !self.connection.as_ref().is_some_and(fuse::is_connected) {
            // Closed first, an old one is dead.
            self.connection = None;
            if front_end == FrontEnd::Fuse {
                loops::clear_dead(&paths.mount, &paths.places.mapper);
            }
            // Who has the lock is the only one to serve it: a mount that is there is a dead daemon's, even if
            // the kernel has not noticed yet.
            while mounts::is_mounted(&paths.mount) && mounts::detach(&paths.mount).is_ok() {}
            self.connection = Some(connect(&paths.mount)?);
        }
        Ok(())
    }

    /// Gives the mount up: who serves it could not.
    pub(crate) fn unmount(&mut self, paths: &Paths) {
        if self.connection.take().is_some() && mounts::detach(&paths.mount).is_ok() {
            // It stays when somebody has put something there.
            let _ = fs::remove_dir(&paths.mount);
        }
    }

    /// The command that runs `program` on these files. What it starts inherits them, and only that: this
    /// process has one thread, or its last.
    pub(crate) fn command(
        &self,
        program: &Path,
        options: &Serve,
        paths: &Paths,
        role: Role,
    ) -> io::Result<Command> {
        let mut command = Command::new(program);
        command.arg("serve").args(own_options(options, paths));
        let lock = self.lock.as_fd();
        let listener = self.listener.as_fd();
        let connection = self.connection.as_ref().map(AsFd::as_fd);
        let numbered = [
            ("--lock-fd", Some(lock)),
            ("--listener-fd", Some(listener)),
            ("--connection-fd", connection),
        ];
        for (option, fd) in numbered {
            if let Some(fd) = fd {
                process::pass_on(fd)?;
                command.arg(option).arg(fd.as_raw_fd().to_string());
            }
        }
        if role == Role::Worker {
            command.arg("--worker-of").arg(std::process::id().to_string());
        }
        Ok(command)
    }
}

/// The options of this daemon, as its next process is to have them.
fn own_options(options: &Serve, paths: &Paths) -> Vec<OsString> {
    let mut args: Vec<OsString> = Vec::new();
    args.extend(["--socket".into(), paths.places.socket.clone().into_os_string()]);
    args.extend(["--state".into(), paths.places.state.clone().into_os_string()]);
    if let Some(word) = options.frontend.and_then(|front_end| front_end.to_possible_value()) {
        args.extend(["--frontend".into(), word.get_name().into()]);
    }
    if let Some(idle) = options.idle {
        args.extend(["--idle".into(), idle.as_secs_f64().to_string().into()]);
    }
    let flags = [
        ("--foreground", options.foreground),
        ("--no-supervisor", options.no_supervisor),
        ("--run-goes", paths.run_goes),
    ];
    args.extend(flags.iter().filter(|(_, set)| *set).map(|(flag, _)| flag.into()));
    args
}
