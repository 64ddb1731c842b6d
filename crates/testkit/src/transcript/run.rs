//! Plays a session against a tool.
//!
//! Each command runs by `sh -c` with a known environment, in one scratch folder for the session, for a
//! bounded time. `PATH` finds the tool under test under its own name; `$MAJOR` is device-mapper's major.
//! That number differs from machine to machine, so where it is printed as a major (`254:0`, `(254, 0)`,
//! `Major, minor:      254, 0`) the session has `DM` in its place. Nothing else is changed.
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::symlink;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{Item, Output, Transcript};

/// What a session may call besides the tool that makes and removes its devices.
const SUITE: &[&str] = &["dmsetup", "kpartx", "dmraid"];

/// A tool, and how to run sessions against it.
#[derive(Debug)]
pub struct Player {
    /// Holds `bin/` with a link to the tool, and the sessions' scratch folders.
    folder: PathBuf,
    tool: String,
    env: BTreeMap<String, String>,
    limit: Duration,
    major: String,
    nodes: Nodes,
}

/// What a player is told.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The tool under test; sessions call it by its file name. Others of the suite come along from its folder.
    pub tool: PathBuf,
    /// Added to the environment.
    pub env: BTreeMap<String, String>,
    /// An empty folder that the player may fill.
    pub folder: PathBuf,
    /// How long a command may take.
    pub limit: Duration,
    /// Whether mapped devices have nodes.
    pub nodes: Nodes,
}

/// Whether `/dev/mapper` has a node for each mapped device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nodes {
    /// They can be opened, and must be gone after a session.
    Real,
    /// There are none.
    Absent,
}

/// A session as it went.
#[derive(Debug)]
pub struct Played {
    /// The session with the outputs of this run.
    pub transcript: Transcript,
    /// What went wrong besides: a command that did not end, devices left behind.
    pub trouble: Option<String>,
}

impl Player {
    /// Prepares the folder and asks the tool for device-mapper's major.
    ///
    /// # Errors
    ///
    /// The folder cannot be written, or the tool cannot make a device.
    pub fn new(setup: Setup) -> io::Result<Self> {
        let Setup { tool, env, folder, limit, nodes } = setup;
        let name = tool.file_name().unwrap_or_default().to_string_lossy().into_owned();
        fs::create_dir_all(folder.join("bin"))?;
        symlink(fs::canonicalize(&tool)?, folder.join("bin").join(&name))?;
        for other in SUITE.iter().filter(|other| **other != name) {
            let beside = tool.with_file_name(other);
            if beside.is_file() {
                symlink(fs::canonicalize(beside)?, folder.join("bin").join(other))?;
            }
        }
        let mut player = Self { folder, tool: name, env, limit, major: String::new(), nodes };
        player.major = player.find_major()?;
        Ok(player)
    }

    /// Why `transcript` cannot be played here, if so.
    pub fn lacks<'a>(&self, transcript: &'a Transcript) -> Option<&'a str> {
        transcript.needs().find(|need| match need.strip_suffix("-targets") {
            Some(kind) => !self.has_target(kind),
            None => *need != "nodes" || self.nodes == Nodes::Absent,
        })
    }

    /// Whether device-mapper has targets of type `kind`: distributions leave some out.
    fn has_target(&self, kind: &str) -> bool {
        let ask = format!("{} target-version {kind}", self.tool);
        let answer = self.command(&ask, &self.folder);
        answer.is_ok_and(|output| output.is_some_and(|output| output.code == 0))
    }

    /// Runs every command of `transcript`, and looks that no device is left.
    ///
    /// # Errors
    ///
    /// The scratch folder cannot be made, or `sh` not run.
    pub fn play(&self, transcript: &Transcript) -> io::Result<Played> {
        let scratch = self.folder.join("scratch");
        fs::create_dir_all(&scratch)?;
        let mut played = Played { transcript: transcript.clone(), trouble: None };
        for item in &mut played.transcript.items {
            let Item::Step(step) = item else { continue };
            step.output = None;
            if played.trouble.is_none() {
                match self.command(&step.command, &scratch)? {
                    Some(output) => step.output = Some(output),
                    None => played.trouble = Some(format!("did not end: {}", step.command)),
                }
            }
        }
        fs::remove_dir_all(&scratch)?;
        if let Some(left) = self.clean_up()? {
            played.trouble.get_or_insert(left);
        }
        Ok(played)
    }

    /// Runs one command; `None` if it had to be killed.
    fn command(&self, command: &str, scratch: &Path) -> io::Result<Option<Output>> {
        // Files, not pipes: a pipe would be waited on as long as any child of the command holds it.
        let (stdout, stderr) = (self.folder.join("stdout"), self.folder.join("stderr"));
        let mut child = Command::new("sh")
            .args(["-c", command])
            .env_clear()
            .env("PATH", format!("{}/bin:/usr/sbin:/usr/bin:/sbin:/bin", self.folder.display()))
            .envs([("LC_ALL", "C"), ("TZ", "UTC"), ("DM_DISABLE_UDEV", "1")])
            .env("HOME", scratch)
            .env("MAJOR", &self.major)
            .envs(&self.env)
            .current_dir(scratch)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(File::create(&stdout)?)
            .stderr(File::create(&stderr)?)
            .spawn()?;
        let Some(status) = wait(&mut child, self.limit)? else { return Ok(None) };
        let normalised = |file: &Path| fs::read(file).map(|output| self.normalise(&output));
        let output = Output {
            stdout: normalised(&stdout)?,
            stderr: normalised(&stderr)?,
            code: code(status),
        };
        Ok(Some(output))
    }

    fn normalise(&self, output: &[u8]) -> Vec<u8> {
        if self.major.is_empty() {
            return output.to_vec();
        }
        replace_major(output, self.major.as_bytes())
    }

    /// The number that the tool reports for a device made for the purpose.
    fn find_major(&self) -> io::Result<String> {
        let tool = &self.tool;
        let probe = format!(
            "{tool} create probe --notable && {tool} info probe; code=$?; {tool} remove probe; exit $code"
        );
        let output = self.command(&probe, &self.folder)?.unwrap_or_default();
        let text = String::from_utf8_lossy(&output.stdout);
        let line = text.lines().find_map(|line| line.strip_prefix("Major, minor:"));
        let major = line.and_then(|line| line.split(',').next()).map(str::trim);
        major.map(str::to_owned).ok_or_else(|| {
            let said = String::from_utf8_lossy(&output.stderr).replace('\n', "; ");
            io::Error::other(format!("{tool} cannot make a device: {said}"))
        })
    }

    /// Says which devices and nodes a session left, and removes them.
    fn clean_up(&self) -> io::Result<Option<String>> {
        let list = self.command(&format!("{} ls", self.tool), &self.folder)?.unwrap_or_default();
        let devices = list.stdout != b"No devices found\n";
        let nodes = match self.nodes {
            Nodes::Real => nodes_left()?,
            Nodes::Absent => Vec::new(),
        };
        if !devices && nodes.is_empty() {
            return Ok(None);
        }
        let remove = format!("{} remove_all --force", self.tool);
        self.command(&remove, &self.folder)?;
        for node in &nodes {
            fs::remove_file(node).ok();
        }
        let mut said = String::from_utf8_lossy(&list.stdout).into_owned();
        said.push_str(&String::from_utf8_lossy(&list.stderr));
        Ok(Some(format!("left behind: {} nodes {nodes:?}", said.replace('\n', "; "))))
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.folder).ok();
    }
}

fn wait(child: &mut std::process::Child, limit: Duration) -> io::Result<Option<ExitStatus>> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() > deadline {
            let group = format!("-{}", child.id());
            Command::new("kill").args(["-KILL", "--", &group]).status()?;
            child.wait()?;
            return Ok(None);
        }
        sleep(Duration::from_millis(1));
    }
}

fn nodes_left() -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir("/dev/mapper") {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    paths.filter(|path| !path.as_ref().is_ok_and(|path| path.ends_with("control"))).collect()
}

/// As the shell gives it: 128 and the number of the signal.
fn code(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or_default())
}

/// Puts `DM` where `major` stands before a colon or a comma and a minor.
fn replace_major(output: &[u8], major: &[u8]) -> Vec<u8> {
    let mut made = Vec::with_capacity(output.len());
    let mut at = 0;
    while let Some(rest) = output.get(at..).filter(|rest| !rest.is_empty()) {
        let word_before = at.checked_sub(1).is_some_and(|before| is_word(output[before]));
        let is_major = rest.strip_prefix(major).is_some_and(|after| {
            let minor = after.strip_prefix(b":").or_else(|| after.strip_prefix(b", "));
            minor.and_then(<[u8]>::first).is_some_and(u8::is_ascii_digit)
        });
        if is_major && !word_before {
            made.extend_from_slice(b"DM");
            at += major.len();
        } else {
            made.push(rest[0]);
            at += 1;
        }
    }
    made
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_major_becomes_dm() {
        let text = b"a\t(254:0) (254, 1) 0 254 linear 254:12 254\nMajor, minor:      254, 0\n254: 1254:0 254,";
        let made = replace_major(text, b"254");
        assert_eq!(
            String::from_utf8_lossy(&made),
            "a\t(DM:0) (DM, 1) 0 254 linear DM:12 254\nMajor, minor:      DM, 0\n254: 1254:0 254,"
        );
    }

    /// A player whose tool is a script that knows `create`, `info`, `remove` and `ls`.
    fn player(name: &str, limit: Duration) -> Player {
        let folder = std::env::temp_dir().join(format!("dmkit-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let tool = folder.join("toolscript");
        let script = "#!/bin/sh\ncase $1 in\ninfo) echo 'Major, minor:      77, 0';;\n\
            ls) test -e left || echo No devices found;;\nremove_all) rmdir left;;\n\
            target-version) test \"$2\" = linear;;\nesac\n";
        fs::write(&tool, script).unwrap();
        let mut mode = fs::metadata(&tool).unwrap().permissions();
        std::os::unix::fs::PermissionsExt::set_mode(&mut mode, 0o755);
        fs::set_permissions(&tool, mode).unwrap();
        let env = BTreeMap::from([("COLOUR".to_owned(), "red".to_owned())]);
        Player::new(Setup { tool, env, folder, limit, nodes: Nodes::Absent }).unwrap()
    }

    fn play(player: &Player, commands: &str) -> Played {
        player.play(&Transcript::parse(commands.as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn a_session_runs_in_one_folder_with_a_known_environment() {
        let player = player("env", Duration::from_secs(10));
        let done =
            play(&player, "$ toolscript info; echo $COLOUR $LC_ALL $MAJOR >f\n$ cat f; exit 3\n");
        assert_eq!(
            String::from_utf8(done.transcript.print()).unwrap(),
            "$ toolscript info; echo $COLOUR $LC_ALL $MAJOR >f\nMajor, minor:      DM, 0\n? 0\n\
             $ cat f; exit 3\nred C 77\n? 3\n"
        );
        assert_eq!(done.trouble, None);
    }

    #[test]
    fn what_a_session_needs_is_looked_for() {
        let player = player("needs", Duration::from_secs(10));
        let lacks = |needs: &str| {
            let session = Transcript::parse(format!("# needs: {needs}\n").as_bytes()).unwrap();
            player.lacks(&session).map(str::to_owned)
        };
        assert_eq!(lacks("linear-targets"), None);
        assert_eq!(lacks("linear-targets dust-targets").as_deref(), Some("dust-targets"));
        assert_eq!(lacks("nodes").as_deref(), Some("nodes"));
        assert_eq!(lacks("luck").as_deref(), Some("luck"));
    }

    #[test]
    fn a_command_that_does_not_end_is_killed_and_named() {
        let player = player("hang", Duration::from_millis(300));
        let done = play(&player, "$ sleep 1000 | cat\n$ echo not reached\n");
        assert_eq!(done.trouble.unwrap(), "did not end: sleep 1000 | cat");
        assert!(done.transcript.steps().all(|step| step.output.is_none()));
    }

    #[test]
    fn devices_left_behind_are_trouble() {
        let player = player("leak", Duration::from_secs(10));
        let done = play(&player, "$ mkdir ../left\n");
        assert!(done.trouble.unwrap().starts_with("left behind"));
        assert_eq!(play(&player, "$ true\n").trouble, None, "it was cleaned up");
    }
}
