//! Scripts on this machine: our tools and a daemon of their own, in a folder that is gone afterwards.
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::{Outcome, Place, SKIPPED, Script};
use crate::vm::built;

/// Whom a rootless script runs as when the tests run as root: Debian's `nobody`.
const ORDINARY_USER: u32 = 65534;

/// The tools that a script finds in its `PATH`.
const TOOLS: &[&str] = &["dmsetup", "kpartx", "dmraid", "dm-engined", "raid-images"];

/// The page whose commands a script runs.
const PAGE: &str = "docs/recovery.md";

/// What lets the original tools talk to the engine.
const PRELOAD: &str = "libdmkit_preload.so";

/// How long a daemon that holds no device may take to leave, with `DMKIT_IDLE` at one second.
const LEAVE_LIMIT: Duration = Duration::from_secs(15);

/// Runs `script` and checks that it left nothing on the machine.
pub(super) fn run(script: &Script) -> Result<Outcome> {
    let is_root = fs::metadata("/proc/self").map(|meta| owner(&meta) == 0)?;
    if script.place != Place::Rootless && !is_root {
        let output = "needs root, for loop devices".to_owned();
        return Ok(Outcome { code: Some(SKIPPED), output });
    }
    let folder = std::env::temp_dir().join(format!("dmkit-scripts-{}", std::process::id()));
    prepare(&folder)?;
    let before = traces()?;
    let mut command = command(script, &folder);
    if script.place == Place::Rootless && is_root {
        command.uid(ORDINARY_USER).gid(ORDINARY_USER);
        give_away(&folder)?;
    }
    let output = command.stdin(Stdio::null()).output().context("running sh")?;
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    let left = what_stays(&before)?;
    for trace in &left {
        writeln!(text, "left behind: {trace}")?;
    }
    let code = if left.is_empty() { output.status.code() } else { Some(1) };
    if !matches!(code, Some(0 | SKIPPED)) {
        text.push_str(&log_end(&folder));
    }
    let gone = fs::remove_dir_all(&folder);
    if let (true, Err(error)) = (left.is_empty(), gone) {
        return Err(error).with_context(|| folder.display().to_string());
    }
    Ok(Outcome { code, output: text })
}

/// The last that a script's daemon said.
fn log_end(folder: &Path) -> String {
    /// How many lines: some dozen kills leave four each.
    const LINES: usize = 60;
    let log = fs::read_to_string(folder.join("run/dmkit/engine.log")).unwrap_or_default();
    let lines: Vec<&str> = log.lines().collect();
    let last = lines.get(lines.len().saturating_sub(LINES)..).unwrap_or_default();
    last.iter().flat_map(|line| ["daemon: ", *line, "\n"]).collect()
}

fn command(script: &Script, folder: &Path) -> Command {
    let mut command = Command::new("/bin/sh");
    // One stream for both, in order, as a terminal would show them.
    command
        .arg("-c")
        .arg("exec sh \"$0\" 2>&1")
        .arg(folder.join("scripts").join(file_name(&script.path)));
    command.env_clear().current_dir("/");
    let path = format!("{}/bin:/usr/sbin:/usr/bin:/sbin:/bin", folder.display());
    command.env("PATH", path).env("TMPDIR", folder.join("tmp")).env("DMKIT_IDLE", "1");
    command.env("XDG_RUNTIME_DIR", folder.join("run"));
    match script.place {
        Place::Rootless => command.env("DMKIT_ENGINE", "file"),
        Place::Everywhere | Place::Engine => command
            .env("DMKIT_ENGINE", "fuse")
            .env("DMKIT_PRELOAD", folder.join("bin").join(PRELOAD))
            .env("DMKIT_SOCKET", folder.join("run/dmkit/engine.sock")),
    };
    for (name, _) in super::TOLD {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}

/// Tools and scripts are copied: an ordinary user may not enter the folders they are built in.
fn prepare(folder: &Path) -> Result<()> {
    for name in ["bin", "scripts", "tmp", "run", "run/dmkit"] {
        fs::create_dir_all(folder.join(name))?;
    }
    for tool in TOOLS.iter().chain([&PRELOAD]) {
        let built = built(tool);
        fs::copy(&built, folder.join("bin").join(tool))
            .with_context(|| built.display().to_string())?;
    }
    for entry in fs::read_dir(super::FOLDER)? {
        let path = entry?.path();
        if path.is_file() {
            fs::copy(&path, folder.join("scripts").join(file_name(&path)))?;
        }
    }
    fs::copy(PAGE, folder.join("scripts").join(file_name(Path::new(PAGE)))).context(PAGE)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    fs::set_permissions(folder.join("run"), fs::Permissions::from_mode(0o700))?;
    fs::set_permissions(folder.join("run/dmkit"), fs::Permissions::from_mode(0o700))?;
    Ok(())
}

fn give_away(folder: &Path) -> Result<()> {
    for name in ["tmp", "run", "run/dmkit"] {
        let user = Some(ORDINARY_USER);
        chown(folder.join(name), user, user)?;
    }
    Ok(())
}

fn file_name(path: &Path) -> PathBuf {
    path.file_name().map(PathBuf::from).unwrap_or_default()
}

fn owner(meta: &fs::Metadata) -> u32 {
    std::os::unix::fs::MetadataExt::uid(meta)
}

/// What must be the same after a script as before it.
fn traces() -> Result<BTreeSet<String>> {
    let mut traces = BTreeSet::new();
    for entry in fs::read_dir("/sys/block")? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let backing = Path::new("/sys/block").join(&name).join("loop/backing_file");
        if let Ok(file) = fs::read_to_string(backing) {
            traces.insert(format!("{name} on {}", file.trim()));
        }
    }
    for line in fs::read_to_string("/proc/self/mountinfo")?.lines() {
        traces.extend(line.split(' ').nth(4).map(|place| format!("mount at {place}")));
    }
    for entry in fs::read_dir("/dev/mapper").into_iter().flatten() {
        traces.insert(format!("/dev/mapper/{}", entry?.file_name().to_string_lossy()));
    }
    for entry in fs::read_dir("/proc")? {
        let process = entry?.path();
        let comm = fs::read_to_string(process.join("comm")).unwrap_or_default();
        if comm.starts_with("dm-engined") {
            traces.insert(format!("dm-engined, process {}", file_name(&process).display()));
        }
    }
    let semaphores = fs::read_to_string("/proc/sysvipc/sem").unwrap_or_default();
    for line in semaphores.lines().skip(1) {
        traces.insert(format!("semaphore {}", line.split_whitespace().next().unwrap_or_default()));
    }
    Ok(traces)
}

/// What is there now that was not, once an idle daemon has had time to leave.
fn what_stays(before: &BTreeSet<String>) -> Result<Vec<String>> {
    let start = Instant::now();
    loop {
        let left: Vec<String> = traces()?.difference(before).cloned().collect();
        if left.is_empty() || start.elapsed() > LEAVE_LIMIT {
            return Ok(left);
        }
        thread::sleep(Duration::from_millis(100));
    }
}
