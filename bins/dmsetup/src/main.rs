//! `dmsetup`, also called `dmstats`, `devmap_name` and `dmlosetup`.

use std::io::{self, IsTerminal as _};
use std::os::unix::ffi::OsStringExt;
use std::process::ExitCode;

use dm_cli::output;
use dmsetup::dispatch::{self, Streams};

fn main() -> ExitCode {
    let argv: Vec<Vec<u8>> = std::env::args_os().map(OsStringExt::into_vec).collect();
    let mut out = output::stdout();
    let streams = Streams {
        input: &mut io::stdin(),
        out: &mut out,
        err: &mut io::stderr(),
        err_is_terminal: io::stderr().is_terminal(),
    };
    ExitCode::from(dispatch::run(&argv, streams))
}
