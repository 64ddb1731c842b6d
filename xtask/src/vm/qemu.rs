//! Runs the guest once, for a bounded time.
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::kernel::Kernel;

/// The files of one run, in a folder that goes with this value.
#[derive(Debug)]
pub(super) struct Run {
    folder: PathBuf,
}

impl Run {
    /// A fresh folder under `lab`. Those of runs that were killed are removed.
    pub(super) fn new(lab: &Path) -> Result<Self> {
        static RUNS: AtomicU32 = AtomicU32::new(0);
        sweep(lab)?;
        let number = RUNS.fetch_add(1, Ordering::Relaxed);
        let folder = lab.join(format!("run-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).context("making a folder for the run")?;
        Ok(Self { folder })
    }

    /// A file of the run.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Boots, copies the job's output to `live` as it comes, and waits for the end.
    ///
    /// # Errors
    ///
    /// QEMU does not start, or the guest has not ended within `limit`; it is then killed.
    pub(super) fn boot(
        &self,
        kernel: &Kernel,
        limit: Duration,
        live: &mut dyn Write,
    ) -> Result<()> {
        let mut output = Tail { file: self.file("output"), at: None };
        let mut guest = Guest(self.qemu(kernel).spawn().context("starting QEMU")?);
        let deadline = Instant::now() + limit;
        while guest.0.try_wait()?.is_none() {
            if Instant::now() > deadline {
                bail!("the guest did not end within {} s", limit.as_secs());
            }
            sleep(Duration::from_millis(50));
            output.copy(live)?;
        }
        output.copy(live)?;
        let mut errors = String::new();
        if let Some(mut pipe) = guest.0.stderr.take() {
            pipe.read_to_string(&mut errors)?;
        }
        match errors.trim() {
            "" => Ok(()),
            said => bail!("QEMU says: {said}"),
        }
    }

    fn qemu(&self, kernel: &Kernel) -> Command {
        let serial = |name: &str| format!("file:{}", self.file(name).display());
        // setpriv: the guest does not outlive this process, however that ends.
        let mut command = Command::new("setpriv");
        command
            .args(["--pdeathsig", "KILL", "qemu-system-x86_64"])
            // QEMU 7.2's cmpxchg16b is wrong and corrupts the guest, hence -cx16.
            .args(["-accel", "tcg", "-cpu", "qemu64,-cx16", "-smp", "2", "-m", "1500"])
            .args(["-display", "none", "-monitor", "none", "-no-reboot", "-nic", "none"])
            .args(["-serial", &serial("console"), "-serial", &serial("output")])
            .args(["-serial", &serial("results.tar")])
            .arg("-kernel")
            .arg(&kernel.image)
            .arg("-initrd")
            .arg(self.file("initrd"))
            .args(["-append", "console=ttyS0 quiet panic=-1 oops=panic mitigations=off"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.folder).ok();
    }
}

/// Removes the folders of processes that are no more.
fn sweep(lab: &Path) -> Result<()> {
    for entry in fs::read_dir(lab)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let owner = name.strip_prefix("run-").and_then(|rest| rest.split('-').next());
        if owner.is_some_and(|pid| !Path::new("/proc").join(pid).exists()) {
            fs::remove_dir_all(entry.path()).ok();
        }
    }
    Ok(())
}

/// Killed when dropped.
struct Guest(Child);

impl Drop for Guest {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// A file that grows.
struct Tail {
    file: PathBuf,
    at: Option<File>,
}

impl Tail {
    fn copy(&mut self, to: &mut dyn Write) -> Result<()> {
        if self.at.is_none() {
            self.at = File::open(&self.file).ok();
        }
        let Some(file) = &mut self.at else { return Ok(()) };
        let mut new = Vec::new();
        file.read_to_end(&mut new)?;
        to.write_all(&new).context("passing on the guest's output")?;
        to.flush().context("passing on the guest's output")
    }
}
