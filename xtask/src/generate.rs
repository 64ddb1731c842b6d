//! `cargo xtask gen [--check]`: completions and man pages, from the tables that the tools themselves use.
//!
//! What is made is checked in; `--check` fails where it is not what would be made now.
use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Command, CommandFactory as _};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

/// A file that is made, and what belongs into it.
type Made = (PathBuf, Vec<u8>);

/// Makes all, or says which are not as they would be made.
pub fn command(args: &[OsString]) -> Result<ExitCode> {
    let check = args.iter().any(|arg| arg == "--check");
    let mut stale = false;
    for (path, text) in made()? {
        if check {
            if fs::read(&path).ok().as_ref() != Some(&text) {
                stale = true;
                writeln!(io::stdout(), "{}: not as `cargo xtask gen` makes it", path.display())?;
            }
        } else {
            let folder = path.parent().context("a file in a folder")?;
            fs::create_dir_all(folder)?;
            fs::write(&path, text).with_context(|| path.display().to_string())?;
        }
    }
    Ok(if stale { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn made() -> Result<Vec<Made>> {
    let mut files = Vec::new();
    let tools = [
        dmsetup::usage::tool().command(),
        kpartx::options::tool().command(),
        dmraid::options::tool().command(),
        dm_engined::options::Options::command(),
    ];
    for tool in tools {
        files.extend(completions(&tool));
        files.extend(pages(tool)?);
    }
    Ok(files)
}

fn completions(tool: &Command) -> Vec<Made> {
    let name = tool.get_name().to_owned();
    let files = [
        (Shell::Bash, format!("{name}.bash")),
        (Shell::Zsh, format!("_{name}")),
        (Shell::Fish, format!("{name}.fish")),
    ];
    let make = |(shell, file): (Shell, String)| {
        let mut text = Vec::new();
        generate(shell, &mut tool.clone(), name.clone(), &mut text);
        (PathBuf::from("completions").join(file), text)
    };
    files.map(make).into()
}

/// One page a tool: its commands are listed in it, as in the original's.
fn pages(tool: Command) -> Result<Vec<Made>> {
    let path = PathBuf::from("man").join(format!("{}.8", tool.get_name()));
    // No date: the page is the same whenever it is made.
    let man = Man::new(tool).section("8").manual("dmkit").date("").source("dmkit");
    let mut text = Vec::new();
    man.render(&mut text)?;
    Ok(vec![(path, text)])
}
