//! `cargo xtask record`: plays every session with the original tool on a real kernel, and writes down
//! what it printed. The sessions' files are changed in place; nothing in them is typed.
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::vm::{Lab, Payload, packages, target_folder};

/// The folder of sessions, and the folder in it for each tool.
const SESSIONS: &str = "tests/transcripts";

/// The original tools that sessions are recorded from.
const TOOLS: &[&str] = &["dmsetup", "kpartx"];

/// Records all sessions, those of the tool that the argument names, or those whose name contains it.
pub fn command(args: &[OsString]) -> Result<ExitCode> {
    let only = match args {
        [] => String::new(),
        [only] => only.to_string_lossy().into_owned(),
        _ => bail!("usage: cargo xtask record [tool | part of a name]"),
    };
    let named = TOOLS.iter().position(|tool| *tool == only);
    let tools = named.map_or(TOOLS, |nth| &TOOLS[nth..=nth]);
    let only = if named.is_some() { String::new() } else { only };
    build_player()?;
    let lab = Lab::open().context("there is no virtual machine here")?;
    let results = target_folder().join("lab/recorded");
    fs::remove_dir_all(&results).ok();
    let outcome = lab.run(
        &Payload {
            job: tools.iter().map(|tool| job(tool, &only)).collect(),
            programs: vec![target_folder().join("debug/transcripts")],
            folders: vec![(PathBuf::from(SESSIONS), "/lab/sessions".to_owned())],
        },
        Duration::from_secs(1200),
        &results,
        &mut io::stdout().lock(),
    )?;
    if outcome.code != 0 {
        bail!("not everything could be recorded; the sessions are left as they were");
    }
    for tool in tools {
        // A part of a name may be in no session of a tool's.
        let recorded = results.join(tool);
        if recorded.exists() {
            copy_below(&recorded, &Path::new(SESSIONS).join(tool))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The shell commands that record one tool's sessions into `/lab/out`. Whatever the tool, it is the original dmsetup
/// that looks after devices.
pub fn job(tool: &str, only: &str) -> String {
    let original = packages::find_program("dmsetup").unwrap_or_else(|| PathBuf::from("dmsetup"));
    let only = if only.is_empty() { String::new() } else { format!(" --only '{only}'") };
    format!(
        "transcripts run --tool {} --dir /lab/sessions/{tool} --out /lab/out/{tool}{only} || exit 1\n",
        original.display()
    )
}

fn build_player() -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--quiet", "--package", "dmkit-tests", "--bin", "transcripts"])
        .status()
        .context("running cargo")?;
    if !status.success() {
        bail!("the transcript runner does not build");
    }
    Ok(())
}

fn copy_below(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_below(&entry.path(), &place)?;
        } else {
            fs::copy(entry.path(), &place).with_context(|| place.display().to_string())?;
        }
    }
    Ok(())
}
