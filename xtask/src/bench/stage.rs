//! Where a benchmark takes place on this machine: private folders, copies of the tools, a daemon of its own,
//! and somebody who clears it all away.
use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::vm::{packages, target_folder};

/// Every process that is started here has this in its environment, and those that they start.
const MARK: &str = "DMKIT_BENCH";

/// The clock that `/proc/<pid>/stat` counts in, on every Linux that Rust runs on: `USER_HZ`.
const TICK: Duration = Duration::from_millis(10);

/// How long something that was started may take to be there.
const PATIENCE: Duration = Duration::from_secs(10);

/// The place. What was made in it goes when it is [struck](Stage::strike), dropped, or this process ends.
#[derive(Debug)]
pub(super) struct Stage {
    folder: PathBuf,
    memory: PathBuf,
    janitor: Option<Child>,
}

/// Why there can be no stage here; none if there can.
pub(super) fn missing(programs: &[&str]) -> Option<String> {
    if !fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0) {
        return Some("needs root, for loop devices".to_owned());
    }
    let lacks = programs.iter().find(|name| packages::find_program(name).is_none())?;
    Some(format!("{lacks} is not installed"))
}

impl Stage {
    /// A fresh one, with the tools as they were built for release.
    pub(super) fn new() -> Result<Self> {
        super::build_release(&["dmsetup", "dm-engined"])?;
        let name = format!("dmkit-bench-{}", std::process::id());
        let (folder, memory) =
            (std::env::temp_dir().join(&name), Path::new("/dev/shm").join(&name));
        for path in [&folder, &memory, &folder.join("run"), &folder.join("bin")] {
            fs::create_dir(path).with_context(|| path.display().to_string())?;
            fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
        }
        // In a process group of its own: a signal from the terminal does not reach it.
        let janitor = Command::new("/bin/sh")
            .args(["-c", include_str!("janitor.sh"), "janitor"])
            .args([&folder, &memory])
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("running sh")?;
        let stage = Self { folder, memory, janitor: Some(janitor) };
        for tool in ["dmsetup", "dm-engined"] {
            let built = target_folder().join("release").join(tool);
            fs::copy(&built, stage.tool(tool)).with_context(|| built.display().to_string())?;
        }
        Ok(stage)
    }

    /// A path on it.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The copy of one of our tools.
    pub(super) fn tool(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }

    /// Clears everything away, and says what could not be.
    pub(super) fn strike(mut self) -> Result<()> {
        self.clear()
    }

    fn clear(&mut self) -> Result<()> {
        let Some(mut janitor) = self.janitor.take() else { return Ok(()) };
        drop(janitor.stdin.take());
        let mut said = String::new();
        if let Some(mut pipe) = janitor.stdout.take() {
            pipe.read_to_string(&mut said)?;
        }
        janitor.wait()?;
        ensure!(said.is_empty(), "clearing away: {}", said.trim_end());
        Ok(())
    }

    /// A command that carries the mark, and finds our daemon.
    pub(super) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env(MARK, &self.folder)
            .env("DMKIT_ENGINE", "fuse")
            .env("DMKIT_SOCKET", self.path("run/engine.sock"))
            .env("DMKIT_IDLE", "30")
            .stdin(Stdio::null());
        command
    }

    /// Runs our dmsetup; what it printed.
    pub(super) fn dmsetup(&self, args: &[&str]) -> Result<String> {
        let mut command = self.command(self.tool("dmsetup"));
        output_of(command.args(args), None)
    }

    /// Makes a device, and answers with its node.
    pub(super) fn create(&self, name: &str, table: &str) -> Result<PathBuf> {
        let mut command = self.command(self.tool("dmsetup"));
        output_of(command.args(["create", name]), Some(table))?;
        Ok(Path::new("/dev/mapper").join(name))
    }

    /// A path in memory.
    pub(super) fn memory(&self, name: &str) -> PathBuf {
        self.memory.join(name)
    }

    /// A file in memory, all of it a hole.
    pub(super) fn sparse_file(&self, name: &str, bytes: u64) -> Result<PathBuf> {
        let path = self.memory(name);
        fs::File::create(&path)?.set_len(bytes)?;
        Ok(path)
    }

    /// A file in memory, every byte of it there.
    pub(super) fn memory_file(&self, bytes: u64) -> Result<PathBuf> {
        const BLOCK: u64 = 1 << 20;
        let path = self.memory("disk");
        let mut file = fs::File::create(&path)?;
        let block = vec![0x5a; 1 << 20];
        for _ in 0..bytes.div_ceil(BLOCK) {
            file.write_all(&block).context("filling the file in memory")?;
        }
        file.set_len(bytes)?;
        Ok(path)
    }

    /// A loop device on `file`, past the page cache where the file lets it.
    pub(super) fn loop_device(&self, file: &Path) -> Result<PathBuf> {
        let attach = |direct: &[&str]| {
            let mut command = self.command("losetup");
            output_of(command.args(["--find", "--show"]).args(direct).arg(file), None)
        };
        let node = attach(&["--direct-io=on"]).or_else(|_| attach(&[]))?;
        Ok(PathBuf::from(node.trim()))
    }

    /// The processes of this name that were started here.
    pub(super) fn processes(&self, name: &str) -> Result<Vec<u32>> {
        let mark = format!("{MARK}={}", self.folder.display());
        let mut found = Vec::new();
        for entry in fs::read_dir("/proc")? {
            let process = entry?.path();
            let comm = fs::read_to_string(process.join("comm")).unwrap_or_default();
            let environ = fs::read(process.join("environ")).unwrap_or_default();
            if comm.trim() == name && environ.split(|byte| *byte == 0).any(|v| v == mark.as_bytes())
            {
                let number: Option<u32> =
                    process.file_name().and_then(|name| name.to_str()?.parse().ok());
                found.extend(number);
            }
        }
        Ok(found)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // Whoever drops it has an error to tell already.
        self.clear().ok();
    }
}

/// Runs a command to its end; what it printed.
pub(super) fn output_of(command: &mut Command, input: Option<&str>) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = match input {
        None => command.output(),
        Some(input) => with_input(command, input),
    };
    let output = output.with_context(|| format!("running {name}"))?;
    if !output.status.success() {
        bail!("{name}: {}", String::from_utf8_lossy(&output.stderr).trim_end());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn with_input(command: &mut Command, input: &str) -> std::io::Result<Output> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    if let Some(mut pipe) = child.stdin.take() {
        // One that ends without reading says why itself.
        pipe.write_all(input.as_bytes()).ok();
    }
    child.wait_with_output()
}

/// Waits until something is there.
pub(super) fn wait_for(path: &Path) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while !path.exists() {
        ensure!(Instant::now() < deadline, "{} does not appear", path.display());
        sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// The time that these processes have run, in the system and outside of it: all their threads.
pub(super) fn cpu_time(processes: &[u32]) -> Duration {
    processes.iter().map(|pid| ticks(*pid).unwrap_or(0)).sum::<u32>() * TICK
}

/// # Source
///
/// `proc_pid_stat(5)`: utime and stime are fields 14 and 15, and the second, in parentheses, may hold anything.
fn ticks(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut words = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut next = || words.next()?.parse::<u32>().ok();
    Some(next()? + next()?)
}
