//! `dmraid`.

use std::io;
use std::os::unix::ffi::OsStringExt;
use std::process::ExitCode;

use dm_cli::output;
use dmraid::dispatch::{self, Streams};
use dmraid::machine::Machine;

fn main() -> ExitCode {
    let argv: Vec<Vec<u8>> = std::env::args_os().map(OsStringExt::into_vec).collect();
    let mut out = output::stdout();
    let streams = Streams { input: &mut io::stdin().lock(), out: &mut out, err: &mut io::stderr() };
    ExitCode::from(dispatch::run(&argv, &Machine::new(), streams))
}
