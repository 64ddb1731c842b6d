//! A real kernel in a virtual machine: Debian's, under QEMU's software emulation.
//!
//! The guest has the modules, the original tools and whatever a run brings along; it runs one shell
//! script and ends. Boot takes some 15 s and the guest is 20 to 40 times slower than this machine, so
//! one boot should do many things.
mod cpio;
mod initramfs;
mod kernel;
mod modules;
pub mod packages;
mod qemu;

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context, Result, bail};

pub use initramfs::Payload;
use kernel::Kernel;

const USAGE: &str =
    "usage: cargo xtask vm [--timeout <seconds>] [--program <file>]... -- <shell command>";

/// Everything a boot needs, at hand.
#[derive(Debug)]
pub struct Lab {
    folder: PathBuf,
    kernel: Kernel,
    base: PathBuf,
}

/// How a run in the guest ended.
#[derive(Debug)]
pub struct Outcome {
    /// The script's exit code.
    pub code: i32,
}

impl Lab {
    /// Gets the kernel and the guest's filesystem ready under `target/lab`.
    ///
    /// # Errors
    ///
    /// Why there can be no virtual machine here: no network for the kernel's package, a missing program.
    /// Tests skip with this reason.
    pub fn open() -> Result<Self> {
        if let Some(package) = packages::missing().first() {
            bail!("{} is not installed", package.name);
        }
        let folder = target_folder().join("lab");
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let kernel = Kernel::open(&folder).context("no kernel for the virtual machine")?;
        let base = initramfs::base(&folder, &kernel)?;
        Ok(Self { folder, kernel, base })
    }

    /// Boots, runs the payload's job, and puts what it left in `/lab/out` into `results`.
    ///
    /// The job's output goes to `live` as it comes.
    ///
    /// # Errors
    ///
    /// The guest did not start, died, or did not end within `limit`. The text ends with its console's last
    /// lines, and the whole console is kept in `target/lab/console.log`.
    pub fn run(
        &self,
        payload: &Payload,
        limit: Duration,
        results: &Path,
        live: &mut dyn Write,
    ) -> Result<Outcome> {
        let run = qemu::Run::new(&self.folder)?;
        initramfs::write(&run.file("initrd"), &self.base, payload)?;
        let booted = run.boot(&self.kernel, limit, live);
        let ended = booted.and_then(|()| collect(&run.file("results.tar"), results));
        ended.map_err(|error| self.with_console(&run.file("console"), &error))
    }

    fn with_console(&self, console: &Path, error: &anyhow::Error) -> anyhow::Error {
        let kept = self.folder.join("console.log");
        let bytes = fs::read(console).unwrap_or_default();
        fs::write(&kept, &bytes).ok();
        let text = String::from_utf8_lossy(&bytes);
        let lines: Vec<&str> = text.lines().collect();
        let last = lines.get(lines.len().saturating_sub(15)..).unwrap_or_default().join("\n");
        anyhow::anyhow!("{error:#}\nthe console, kept in {}, ends:\n{last}", kept.display())
    }
}

/// Where cargo builds: the folder above this program's own.
pub fn target_folder() -> PathBuf {
    let exe = std::env::current_exe().unwrap_or_default();
    let target = exe.ancestors().find(|folder| folder.join("CACHEDIR.TAG").exists());
    target.map_or_else(|| PathBuf::from("target"), Path::to_path_buf)
}

/// A program of ours that was built.
pub fn built(name: &str) -> PathBuf {
    target_folder().join("debug").join(name)
}

fn collect(archive: &Path, results: &Path) -> Result<Outcome> {
    fs::create_dir_all(results).with_context(|| results.display().to_string())?;
    let size = fs::metadata(archive).map_or(0, |meta| meta.len());
    if size == 0 {
        bail!("the guest ended without a result");
    }
    let tar = Command::new("tar").arg("-xf").arg(archive).arg("-C").arg(results).output()?;
    if !tar.status.success() {
        bail!("the guest's results are damaged: {}", String::from_utf8_lossy(&tar.stderr).trim());
    }
    let file = results.join("exit-code");
    let code = fs::read_to_string(&file).context("the guest sent no exit code")?;
    fs::remove_file(&file)?;
    Ok(Outcome { code: code.trim().parse().context("the guest's exit code")? })
}

/// `cargo xtask vm`: runs a command in the guest and exits as it did.
///
/// Our tools are in the guest's `PATH` if they are built. What the command leaves in `/lab/out` comes back
/// to `target/lab/out`.
pub fn command(args: &[OsString]) -> Result<ExitCode> {
    let (mut limit, mut programs, mut job) = (Duration::from_secs(300), ours(), None);
    let mut args = args.iter().map(|arg| arg.to_string_lossy().into_owned());
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--timeout" => {
                let seconds = args.next().and_then(|word| word.parse().ok()).context(USAGE)?;
                limit = Duration::from_secs(seconds);
            }
            "--program" => programs.push(fs::canonicalize(args.next().context(USAGE)?)?),
            "--" => job = Some(args.by_ref().collect::<Vec<_>>().join(" ")),
            _ => bail!(USAGE),
        }
    }
    let job = job.filter(|job| !job.is_empty()).context(USAGE)?;
    let lab = Lab::open().context("there is no virtual machine here")?;
    let payload = Payload { job, programs, folders: Vec::new() };
    let results = target_folder().join("lab/out");
    fs::remove_dir_all(&results).ok();
    let outcome = lab.run(&payload, limit, &results, &mut io::stdout().lock())?;
    Ok(ExitCode::from(u8::try_from(outcome.code).unwrap_or(255)))
}

/// Our programs, those that are built.
pub fn ours() -> Vec<PathBuf> {
    let names = ["dmsetup", "kpartx", "dmraid", "dm-engined", "transcripts", "raid-images"];
    names.into_iter().map(built).filter(|path| path.is_file()).collect()
}
