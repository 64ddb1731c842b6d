//! `cargo xtask <command>`: what developers and CI run.
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Result;

/// A command: its name, what it does, and its function, which gets the arguments after the name.
type Command = (&'static str, &'static str, fn(&[OsString]) -> Result<ExitCode>);

static COMMANDS: &[Command] = &[
    ("bench", "how long our tools take beside the originals", xtask::bench::command),
    ("check", "style, lints, documents, sizes, dependencies", xtask::check::command),
    ("demo", "build the tools and show the main job on this machine", xtask::demo::command),
    ("fuzz", "run the fuzz targets", xtask::fuzz::command),
    ("gen", "make the completions and man pages, or --check them", xtask::generate::command),
    (
        "record",
        "play the sessions with the original tools on a real kernel, and keep what they print",
        xtask::record::command,
    ),
    (
        "scripts",
        "run the shell sessions on the engine and on a real kernel",
        xtask::scripts::command,
    ),
    ("sizes", "say which files and folders are too large", xtask::sizes::command),
    ("test", "install what the tests need, and run all of them", xtask::test::command),
    ("vm", "run a shell command on a real kernel in a virtual machine", xtask::vm::command),
];

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    let name = args.next().unwrap_or_default();
    let Some((_, _, run)) = COMMANDS.iter().find(|command| name == command.0) else {
        let mut text = String::from("usage: cargo xtask <command>\n");
        text.extend(COMMANDS.iter().map(|(name, does, _)| format!("  {name:10} {does}\n")));
        return fail(&text);
    };
    run(&args.collect::<Vec<_>>()).unwrap_or_else(|error| fail(&format!("error: {error:#}\n")))
}

fn fail(text: &str) -> ExitCode {
    // Nobody is left to tell when stderr itself is gone.
    io::stderr().write_all(text.as_bytes()).ok();
    ExitCode::FAILURE
}
