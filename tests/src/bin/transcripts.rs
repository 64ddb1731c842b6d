//! Plays the sessions of a folder against a tool: in the virtual machine and on the host alike.
//!
//! `transcripts run --tool <file> --dir <folder> [--record | --out <folder>] [--env <name>=<value>]...
//! [--no-nodes] [--timeout <seconds>] [--only <part of a name>]`
//!
//! With `--out` what was played is written there, with `--record` over the sessions themselves; trouble
//! goes to `<session>.trouble` beside it. With neither, differences from the recordings are printed.
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use dm_testkit::transcript::run::{Nodes, Player, Setup};
use dmkit_tests::{Session, Verdict, judge, play, sessions};

const USAGE: &str = "usage: transcripts run --tool <file> --dir <folder> [--record | --out <folder>] \
    [--env <name>=<value>]... [--no-nodes] [--timeout <seconds>] [--only <part of a name>]";

struct Options {
    tool: PathBuf,
    dir: PathBuf,
    out: Option<PathBuf>,
    env: BTreeMap<String, String>,
    nodes: Nodes,
    limit: Duration,
    only: String,
}

fn main() -> ExitCode {
    run().unwrap_or_else(|error| {
        writeln!(io::stderr(), "error: {error}").ok();
        ExitCode::FAILURE
    })
}

fn run() -> Result<ExitCode, Box<dyn Error>> {
    let options = parse(std::env::args().skip(1))?;
    let folder = std::env::temp_dir().join(format!("transcripts-{}", std::process::id()));
    let player = Player::new(Setup {
        tool: options.tool,
        env: options.env,
        folder,
        limit: options.limit,
        nodes: options.nodes,
    })?;
    let mut sessions = sessions(&options.dir)?;
    sessions.retain(|session| session.name.to_string_lossy().contains(&options.only));
    match options.out {
        Some(out) => record(&player, &sessions, &out),
        None => compare(&player, &sessions),
    }
}

fn record(player: &Player, sessions: &[Session], out: &Path) -> Result<ExitCode, Box<dyn Error>> {
    let mut failed = 0;
    for session in sessions {
        let file = out.join(&session.name);
        fs::create_dir_all(file.parent().unwrap_or(out))?;
        match play(player, session)? {
            Err(reason) => writeln!(io::stdout(), "skipped {}: {reason}", session.name.display())?,
            Ok(run) => {
                fs::write(&file, run.transcript.print())?;
                if let Some(trouble) = run.trouble {
                    failed += 1;
                    writeln!(io::stdout(), "{}: {trouble}", session.name.display())?;
                    fs::write(file.with_extension("trouble"), trouble)?;
                }
            }
        }
    }
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn compare(player: &Player, sessions: &[Session]) -> Result<ExitCode, Box<dyn Error>> {
    let mut out = io::stdout();
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    for session in sessions {
        let name = session.name.display();
        match judge(player, session)? {
            Verdict::Skipped(reason) => {
                skipped += 1;
                writeln!(out, "skipped {name}: {reason}")?;
            }
            Verdict::Played(differences, None) if differences.is_empty() => passed += 1,
            Verdict::Played(differences, trouble) => {
                failed += 1;
                writeln!(out, "FAILED {name}")?;
                for difference in differences {
                    write!(out, "{}", difference.describe())?;
                }
                if let Some(trouble) = trouble {
                    writeln!(out, "{trouble}")?;
                }
            }
        }
    }
    writeln!(out, "{passed} passed, {failed} failed, {skipped} skipped")?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn parse(mut args: impl Iterator<Item = String>) -> Result<Options, Box<dyn Error>> {
    if args.next().as_deref() != Some("run") {
        return Err(USAGE.into());
    }
    let (mut tool, mut dir, mut out, mut record) = (None, None, None, false);
    let mut env = BTreeMap::new();
    let (mut nodes, mut limit, mut only) = (Nodes::Real, Duration::from_secs(30), String::new());
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or(USAGE);
        match arg.as_str() {
            "--tool" => tool = Some(PathBuf::from(value()?)),
            "--dir" => dir = Some(PathBuf::from(value()?)),
            "--out" => out = Some(PathBuf::from(value()?)),
            "--record" => record = true,
            "--no-nodes" => nodes = Nodes::Absent,
            "--timeout" => limit = Duration::from_secs(value()?.parse()?),
            "--only" => only = value()?,
            "--env" => {
                let pair = value()?;
                let (name, value) = pair.split_once('=').ok_or(USAGE)?;
                env.insert(name.to_owned(), value.to_owned());
            }
            _ => return Err(USAGE.into()),
        }
    }
    let (tool, dir) = (tool.ok_or(USAGE)?, dir.ok_or(USAGE)?);
    let out = if record { Some(dir.clone()) } else { out };
    Ok(Options { tool, dir, out, env, nodes, limit, only })
}
