//! The command line.

use std::os::fd::RawFd;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Holds userspace mapped devices; dmsetup and its kin start it when they need it.
#[derive(Debug, Parser)]
#[command(name = "dm-engined", version)]
pub struct Options {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve devices until the last has gone
    Serve(Serve),
    /// Show the daemon and its devices
    Status {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Have the daemon's newest version serve, without a device's noticing
    Restart,
    /// List the log of a log-writes target, or do once more what it has logged
    ReplayLog(ReplayLog),
    /// Show which device-mapper would answer here, and why
    Doctor {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
}

/// How to serve.
#[expect(clippy::doc_markdown, reason = "the options' texts are shown as they stand")]
#[derive(Clone, Debug, Args)]
pub struct Serve {
    /// What devices become: ublk devices, loop devices (root only), or files
    #[arg(long, value_enum)]
    pub frontend: Option<FrontEnd>,
    /// The socket; DMKIT_SOCKET, or the user's own, by default
    #[arg(long, value_name = "PATH")]
    pub socket: Option<PathBuf>,
    /// The folder of what is needed to bring the devices back; beside the socket by default
    #[arg(long, value_name = "DIR")]
    pub state: Option<PathBuf>,
    /// Leave after so long without a device or a connection; DMKIT_IDLE by default, or 10
    #[arg(long, value_name = "SECONDS", value_parser = parse_seconds)]
    pub idle: Option<Duration>,
    /// Stay in the caller's session, and log to standard error
    #[arg(long)]
    pub foreground: bool,
    /// One process only: the devices fail when it dies, until the next one comes
    #[arg(long)]
    pub no_supervisor: bool,
    /// What a daemon's process is handed by another.
    #[command(flatten)]
    pub handed: Handed,
}

/// What a daemon's process is handed by another; not for people. Descriptors are by number.
#[derive(Clone, Debug, Default, Args)]
pub struct Handed {
    /// The supervisor of this worker, by its process number
    #[arg(long, hide = true)]
    pub worker_of: Option<i32>,
    /// The daemon's lock, which is held
    #[arg(long, hide = true, requires = "listener_fd")]
    pub lock_fd: Option<RawFd>,
    /// The listening socket
    #[arg(long, hide = true, requires = "lock_fd")]
    pub listener_fd: Option<RawFd>,
    /// The FUSE connection, if there is one
    #[arg(long, hide = true)]
    pub connection_fd: Option<RawFd>,
    /// The run folder is to go with the daemon
    #[arg(long, hide = true)]
    pub run_goes: bool,
    /// Why there is another worker
    #[arg(long, hide = true)]
    pub after: Option<String>,
}

/// What devices become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FrontEnd {
    /// ublk devices
    Ublk,
    /// Loop devices over FUSE files
    Fuse,
    /// FUSE files
    File,
}

/// Which log is replayed, onto what, and how.
#[expect(clippy::doc_markdown, reason = "the options' texts are shown as they stand")]
#[derive(Clone, Debug, Args)]
pub struct ReplayLog {
    /// The log: a device, or an image of one
    #[arg(value_name = "LOG")]
    pub log: PathBuf,
    /// What to replay it onto: a device or an image, at least as large as the one that was logged
    #[arg(value_name = "TARGET", required_unless_present = "list", conflicts_with = "list")]
    pub target: Option<PathBuf>,
    /// List the entries, and write nothing
    #[arg(long)]
    pub list: bool,
    /// As JSON
    #[arg(long)]
    pub json: bool,
    /// Stop after so many entries
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,
    /// Begin behind the first mark with this text: what is before it must be on the target
    #[arg(long, value_name = "TEXT")]
    pub start_mark: Option<String>,
    /// Stop at the first mark with this text
    #[arg(long, value_name = "TEXT")]
    pub end_mark: Option<String>,
    /// Run the command after every entry of these kinds, and stop where it fails
    #[arg(long, value_enum, value_delimiter = ',', requires = "command")]
    pub check: Vec<Check>,
    /// What to run, by the shell; DMKIT_REPLAY_TARGET and DMKIT_REPLAY_ENTRY tell it where it is
    #[arg(long, value_name = "COMMAND", requires = "check")]
    pub command: Option<String>,
    /// What to do for a discard
    #[arg(long, value_enum, default_value_t = Discards::Zero)]
    pub discards: Discards,
    /// Read all that would be replayed, and write nothing
    #[arg(long, conflicts_with_all = ["check", "list"])]
    pub dry_run: bool,
}

/// After which entries a check is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Check {
    /// Flushes
    Flush,
    /// Writes with FUA
    Fua,
    /// All
    Entry,
}

/// What a discard is replayed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Discards {
    /// Zeros
    Zero,
    /// A discard; a hole in an image
    Discard,
    /// Nothing
    Skip,
}

/// How long the daemon stays without a device, unless somebody says otherwise.
const IDLE: Duration = Duration::from_secs(10);

impl Serve {
    /// How long to stay without a device or a connection.
    pub fn idle(&self) -> Duration {
        let from_env =
            || std::env::var("DMKIT_IDLE").ok().and_then(|text| parse_seconds(&text).ok());
        self.idle.or_else(from_env).unwrap_or(IDLE)
    }
}

/// Seconds, with a fraction if need be.
fn parse_seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| "not a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        Options::command().debug_assert();
    }

    #[test]
    fn seconds_may_have_a_fraction_but_not_be_less_than_none() {
        assert_eq!(parse_seconds("0.5"), Ok(Duration::from_millis(500)));
        assert!(parse_seconds("-1").is_err());
        assert!(parse_seconds("soon").is_err());
    }
}
