//! What the transcript runner and the cells share: finding sessions, and playing all of them.
pub mod cell;
pub mod divergences;
pub mod lives;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use dm_testkit::transcript::Transcript;
use dm_testkit::transcript::compare::{Difference, differences};
use dm_testkit::transcript::run::{Played, Player};

/// A session file and what is in it.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its path below the folder it was looked for in.
    pub name: PathBuf,
    /// Its content.
    pub transcript: Transcript,
}

/// How a session went in one cell.
#[derive(Debug)]
pub enum Verdict {
    /// It was played; these are its differences from the recording, and other trouble.
    Played(Vec<Difference>, Option<String>),
    /// It was not played, for this reason.
    Skipped(String),
}

/// The sessions below `folder`, by name.
///
/// # Errors
///
/// A file cannot be read, or is no session; the text names it.
pub fn sessions(folder: &Path) -> io::Result<Vec<Session>> {
    let mut sessions = Vec::new();
    for name in files_below(folder, Path::new(""))? {
        let file = fs::read(folder.join(&name))?;
        let transcript = Transcript::parse(&file)
            .map_err(|error| io::Error::other(format!("{}: {error}", name.display())))?;
        sessions.push(Session { name, transcript });
    }
    sessions.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(sessions)
}

/// Plays a session, or says why not.
pub fn play(player: &Player, session: &Session) -> io::Result<Result<Played, String>> {
    match player.lacks(&session.transcript) {
        Some(need) => Ok(Err(format!("there are no {need}"))),
        None => player.play(&session.transcript).map(Ok),
    }
}

/// Plays a session and compares it with its recording.
pub fn judge(player: &Player, session: &Session) -> io::Result<Verdict> {
    Ok(match play(player, session)? {
        Ok(done) => {
            Verdict::Played(differences(&session.transcript, &done.transcript), done.trouble)
        }
        Err(reason) => Verdict::Skipped(reason),
    })
}

fn files_below(folder: &Path, below: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder.join(below))? {
        let entry = entry?;
        let name = below.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            files.extend(files_below(folder, &name)?);
        } else if name.extension().is_some_and(|ext| ext == "txt") {
            files.push(name);
        }
    }
    Ok(files)
}
