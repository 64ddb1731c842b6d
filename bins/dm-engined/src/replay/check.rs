//! A command that is run after entries of a kind.

use std::path::Path;
use std::process::{Command, Stdio};

use dm_core::log_writes::{EntryFlags, Logged};

use crate::options::{Check, ReplayLog};

/// After which entries what is run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Checks<'a> {
    after: &'a [Check],
    command: Option<&'a str>,
}

impl<'a> Checks<'a> {
    pub(super) fn of(options: &'a ReplayLog) -> Self {
        Self { after: &options.check, command: options.command.as_deref() }
    }

    /// Whether the command is to be run after this entry.
    pub(super) fn is_due(&self, logged: &Logged) -> bool {
        let flags = logged.entry.flags;
        self.after.iter().any(|check| match check {
            Check::Flush => flags.contains(EntryFlags::FLUSH),
            Check::Fua => flags.contains(EntryFlags::FUA),
            Check::Entry => true,
        })
    }

    /// Runs the command, which is told the replica and the entry's number by its environment.
    ///
    /// # Errors
    ///
    /// How it ended, when not with exit code 0.
    pub(super) fn run(&self, logged: &Logged, target: &Path) -> Result<(), String> {
        let Some(command) = self.command else { return Ok(()) };
        let status = Command::new("/bin/sh")
            .arg("-c")
            .arg(command)
            .env("DMKIT_REPLAY_TARGET", target)
            .env("DMKIT_REPLAY_ENTRY", logged.number.to_string())
            .stdin(Stdio::null())
            .status()
            .map_err(|error| format!("the check cannot be run: {error}"))?;
        if status.success() { Ok(()) } else { Err(format!("the check failed: {status}")) }
    }
}
