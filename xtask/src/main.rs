//! `cargo xtask <command>`: what developers and CI run.
use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Result;

/// A command: its name, what it does, and its function, which gets the arguments after the name.
struct Command {
    name: &'static str,
    does: &'static str,
    run: fn(&[OsString]) -> Result<ExitCode>,
}

static COMMANDS: &[Command] = &[
    Command {
        name: "check",
        does: "style, lints, documents, sizes, dependencies",
        run: xtask::check::command,
    },
    Command {
        name: "demo",
        does: "build the tools and show the main job on this machine",
        run: xtask::demo::command,
    },
    Command {
        name: "record",
        does: "play the sessions with the original tools on a real kernel, and keep what they print",
        run: xtask::record::command,
    },
    Command {
        name: "scripts",
        does: "run the shell sessions on the engine and on a real kernel",
        run: xtask::scripts::command,
    },
    Command {
        name: "sizes",
        does: "say which files and folders are too large",
        run: xtask::sizes::command,
    },
    Command {
        name: "test",
        does: "install what the tests need, and run all of them",
        run: xtask::test::command,
    },
    Command {
        name: "vm",
        does: "run a shell command on a real kernel in a virtual machine",
        run: xtask::vm::command,
    },
];

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    let name = args.next().unwrap_or_default();
    let Some(command) = COMMANDS.iter().find(|command| name == command.name) else {
        let mut text = String::from("usage: cargo xtask <command>\n");
        text.extend(COMMANDS.iter().map(|row| format!("  {:10} {}\n", row.name, row.does)));
        return fail(&text);
    };
    (command.run)(&args.collect::<Vec<_>>())
        .unwrap_or_else(|error| fail(&format!("error: {error:#}\n")))
}

fn fail(text: &str) -> ExitCode {
    // Nobody is left to tell when stderr itself is gone.
    io::stderr().write_all(text.as_bytes()).ok();
    ExitCode::FAILURE
}
