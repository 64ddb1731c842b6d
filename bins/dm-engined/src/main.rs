//! The daemon that holds userspace mapped devices.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser as _;
use dm_engined::options::{Command, Options};
use dm_engined::{doctor, replay, restart, serve, status};

fn main() -> ExitCode {
    let done = match Options::parse().command {
        Command::Serve(options) => serve::run(&options),
        Command::Status { json } => status::run(json),
        Command::Restart => restart::run(),
        Command::ReplayLog(options) => replay::run(&options),
        Command::Doctor { json } => doctor::run(json),
    };
    match done {
        Ok(code) => code,
        Err(failure) => {
            // Where standard error cannot be written to there is nobody to tell.
            let _ = writeln!(io::stderr(), "dm-engined: {failure}");
            ExitCode::FAILURE
        }
    }
}
