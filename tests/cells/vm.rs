//! The cells in the virtual machine, all in one boot: the kernel's with both tools, and the engine's over ublk.
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use dm_testkit::transcript::Transcript;
use dm_testkit::transcript::run::Played;
use dmkit_tests::Session;
use dmkit_tests::cell::{Answers, Cell, Tool};
use xtask::vm::{Lab, Payload, built};

use crate::original;
use crate::outcome::{Absent, Outcome};

/// Each cell takes some minutes; the machine may be busy.
const LIMIT: Duration = Duration::from_secs(2400);

/// Sessions that mean nothing over ublk, and why.
const NOT_ON_UBLK: &[(&str, &str)] = &[
    ("create-addnode", "nodes are links to ublk's own"),
    ("create-ownership", "nodes are links to ublk's own"),
    ("mknodes", "no node has device-mapper's number"),
    ("no-udev", "only the kernel has a control node to make"),
    ("ls-tree-long", "it cuts a line within the major number"),
    ("linear-device", "a regular file is a leg like any other"),
    ("file", "a file is opened directly"),
    ("file-busy", "a file is opened directly"),
    ("file-long-path", "a file is opened directly"),
    ("mapped-disk", "nodes are ublk's own, and so are their numbers"),
];

/// Plays the sessions in those of its cells that are wanted.
pub(crate) fn play(sessions: &[Session], wanted: &[Cell]) -> Vec<(Cell, Outcome)> {
    let cells = wanted.iter().filter(|cell| cell.answers != Answers::Engine);
    let (mut tools, mut outcomes) = (Vec::new(), Vec::new());
    for cell in cells {
        match tool(*cell) {
            Ok(tool) => tools.push((*cell, tool)),
            Err(absent) => outcomes.push((*cell, Err(absent))),
        }
    }
    if !tools.is_empty() {
        let results = boot(sessions, &tools);
        outcomes.extend(tools.iter().map(|(cell, _)| (*cell, outcome(*cell, &results, sessions))));
    }
    outcomes
}

/// The tool's path in the guest.
fn tool(cell: Cell) -> Result<PathBuf, Absent> {
    match cell.tool {
        Tool::Ours => Ok(PathBuf::from("/lab/bin/dmsetup")),
        Tool::Original => original::find(),
    }
}

fn outcome(
    cell: Cell,
    results: &Result<tempfile::TempDir, Absent>,
    sessions: &[Session],
) -> Outcome {
    let folder = results.as_ref().map_err(Absent::clone)?;
    let mut played = collect(&folder.path().join(cell.to_string()), sessions);
    for session in sessions.iter().filter(|_| cell.answers == Answers::Ublk) {
        if let Some(why) = not_on_ublk(&session.name) {
            played.insert(session.name.clone(), Err(Absent::Skipped(why.to_owned())));
        }
    }
    Ok(played)
}

fn not_on_ublk(session: &Path) -> Option<&'static str> {
    let stem = session.file_stem()?.to_str()?;
    NOT_ON_UBLK.iter().find(|(name, _)| *name == stem).map(|(_, why)| *why)
}

fn failed(why: &impl ToString) -> Absent {
    Absent::Failed(why.to_string())
}

/// One boot for all; what is left of each cell is in a folder of its name.
fn boot(sessions: &[Session], tools: &[(Cell, PathBuf)]) -> Result<tempfile::TempDir, Absent> {
    let lab =
        Lab::open().map_err(|error| Absent::Skipped(format!("no virtual machine: {error:#}")))?;
    let results = tempfile::tempdir().map_err(|error| failed(&error))?;
    let chosen = write_sessions(sessions).map_err(|error| failed(&error))?;
    let mut programs = vec![PathBuf::from(env!("CARGO_BIN_EXE_transcripts"))];
    if tools.iter().any(|(cell, _)| cell.tool == Tool::Ours) {
        programs.extend(["dmsetup", "kpartx"].map(built));
    }
    if tools.iter().any(|(cell, _)| cell.answers == Answers::Ublk) {
        programs.push(built("dm-engined"));
    }
    let payload = Payload {
        job: tools.iter().map(|(cell, tool)| job(*cell, tool)).collect(),
        programs,
        folders: vec![(chosen.path().to_owned(), "/lab/sessions".to_owned())],
    };
    lab.run(&payload, LIMIT, results.path(), &mut io::stdout().lock())
        .map_err(|error| failed(&format!("{error:#}")))?;
    Ok(results)
}

/// The guest's commands for a cell. That sessions fail is seen from what they leave.
fn job(cell: Cell, tool: &Path) -> String {
    let tool = tool.display();
    // The daemon is found beside the tool, and stays for all sessions.
    let env = match cell.answers {
        Answers::Ublk => "--env DMKIT_ENGINE=ublk --env DMKIT_IDLE=1000",
        Answers::Kernel | Answers::Engine => "",
    };
    format!("transcripts run --tool {tool} --dir /lab/sessions --out /lab/out/{cell} {env} || :\n")
}

/// The chosen sessions in a folder of their own.
fn write_sessions(sessions: &[Session]) -> io::Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    for session in sessions {
        fs::create_dir_all(folder.path().join(crate::tool_of(session)))?;
        fs::write(folder.path().join(&session.name), session.transcript.print())?;
    }
    Ok(folder)
}

fn collect(folder: &Path, sessions: &[Session]) -> BTreeMap<PathBuf, Result<Played, Absent>> {
    sessions.iter().map(|session| (session.name.clone(), read(folder, session))).collect()
}

fn read(folder: &Path, session: &Session) -> Result<Played, Absent> {
    let file = folder.join(&session.name);
    // A guest has everything that a session may ask for so far, but for what is not known yet.
    let lacks = session.transcript.needs().find(|need| *need != "nodes");
    let bytes = fs::read(&file).map_err(|_| match lacks {
        Some(need) => Absent::Skipped(format!("there are no {need}")),
        None => failed(&"the guest did not play it"),
    })?;
    let transcript = Transcript::parse(&bytes).map_err(|error| failed(&error))?;
    Ok(Played { transcript, trouble: fs::read_to_string(file.with_extension("trouble")).ok() })
}
