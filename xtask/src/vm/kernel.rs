//! The guest's kernel: Debian's 6.12, taken out of its package and never installed.
//!
//! On Debian 12 it is in the backports suite, on later releases in the suite itself. The list of
//! archives is the machine's own with the suite's name replaced; apt's state for it is private.
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// An unpacked kernel.
#[derive(Debug)]
pub(super) struct Kernel {
    /// The compressed image that QEMU loads.
    pub(super) image: PathBuf,
    /// The folder with `modules.dep` and `kernel/`.
    pub(super) modules: PathBuf,
}

const META_PACKAGE: &str = "linux-image-amd64";

impl Kernel {
    /// The kernel cached in `lab`, fetched first if need be.
    ///
    /// # Errors
    ///
    /// The archive cannot be reached, or has no such package.
    pub(super) fn open(lab: &Path) -> Result<Self> {
        let root = lab.join("kernel");
        if !root.exists() {
            let fetched = lab.join(format!("kernel.new.{}", std::process::id()));
            let made = fetch(&fetched);
            if made.is_ok() && !root.exists() {
                fs::rename(fetched.join("root"), &root).context("keeping the unpacked kernel")?;
            }
            fs::remove_dir_all(&fetched).ok();
            made?;
        }
        Self::find(&root)
    }

    fn find(root: &Path) -> Result<Self> {
        let modules = only_entry(&root.join("lib/modules"))?;
        let version = modules.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Self { image: root.join(format!("boot/vmlinuz-{version}")), modules })
    }
}

fn fetch(work: &Path) -> Result<()> {
    let apt = Apt::new(work)?;
    apt.get(&["update"], work)?;
    let package = apt.image_package()?;
    apt.get(&["download", &package], work)?;
    let deb = fs::read_dir(work)?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|ext| ext == "deb"))
        .context("apt-get download left no package")?;
    let root = work.join("root");
    run(Command::new("dpkg").arg("-x").arg(deb).arg(&root))?;
    let modules = only_entry(&root.join("lib/modules"))?;
    let version = modules.file_name().unwrap_or_default().to_owned();
    run(Command::new("depmod").arg("-b").arg(&root).arg(version))?;
    Ok(())
}

/// apt with its own lists and its own sources, so that the machine's are not touched.
struct Apt {
    options: Vec<String>,
}

impl Apt {
    fn new(work: &Path) -> Result<Self> {
        for folder in ["sources", "state/lists/partial", "cache/archives/partial"] {
            fs::create_dir_all(work.join(folder))?;
        }
        fs::write(work.join("sources/kernel.sources"), kernel_sources()?)?;
        let work = work.canonicalize()?;
        let work = work.display();
        Ok(Self {
            options: [
                "Dir::Etc::sourcelist=/dev/null".to_owned(),
                format!("Dir::Etc::sourceparts={work}/sources"),
                format!("Dir::State={work}/state"),
                "Dir::State::status=/var/lib/dpkg/status".to_owned(),
                format!("Dir::Cache={work}/cache"),
                "Acquire::Retries=2".to_owned(),
                // Otherwise an archive that cannot be reached is only a warning.
                "APT::Update::Error-Mode=any".to_owned(),
                "APT::Sandbox::User=".to_owned(),
            ]
            .into_iter()
            .flat_map(|option| ["-o".to_owned(), option])
            .collect(),
        })
    }

    fn get(&self, args: &[&str], cwd: &Path) -> Result<()> {
        let mut command = Command::new("apt-get");
        run(command.args(&self.options).arg("-qq").args(args).current_dir(cwd)).map(drop)
    }

    /// What the meta package depends on: the image of the newest version.
    fn image_package(&self) -> Result<String> {
        let mut command = Command::new("apt-cache");
        let show = run(command.args(&self.options).args(["depends", META_PACKAGE]))?;
        show.lines()
            .filter_map(|line| line.trim().strip_prefix("Depends: "))
            .find(|name| name.starts_with("linux-image-"))
            .map(str::to_owned)
            .with_context(|| format!("the archive has no {META_PACKAGE}"))
    }
}

/// The machine's own archive list with the suite that has the kernel in place of its own.
fn kernel_sources() -> Result<String> {
    let release = fs::read_to_string("/etc/os-release").context("reading /etc/os-release")?;
    let codename = release
        .lines()
        .find_map(|line| line.strip_prefix("VERSION_CODENAME="))
        .context("/etc/os-release names no suite: not Debian?")?
        .trim_matches('"');
    let sources = fs::read_to_string("/etc/apt/sources.list.d/debian.sources")
        .context("reading the machine's archive list")?;
    sources_for(&sources, codename)
        .with_context(|| format!("the machine's archive list does not name {codename}"))
}

/// The stanza of `sources` (deb822) that lists `codename`, for the suite with the kernel.
fn sources_for(sources: &str, codename: &str) -> Option<String> {
    let suite = match codename {
        "bookworm" => "bookworm-backports",
        newer => newer,
    };
    let is_suites = |line: &&str| line.starts_with("Suites:");
    let stanza = sources.split("\n\n").find(|stanza| {
        let suites = stanza.lines().find(is_suites).unwrap_or_default();
        suites.split_whitespace().any(|word| word == codename)
    })?;
    let suites = format!("Suites: {suite}");
    let lines = stanza.lines().map(|line| if is_suites(&line) { suites.as_str() } else { line });
    Some(lines.flat_map(|line| [line, "\n"]).collect())
}

fn only_entry(folder: &Path) -> Result<PathBuf> {
    let mut entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let first = entries.next().with_context(|| format!("{} is empty", folder.display()))??;
    Ok(first.path())
}

/// Runs a command to its end; its errors become ours.
fn run(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("running {command:?}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("{} failed: {}", command.get_program().display(), said.trim().replace('\n', "; "));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MACHINE: &str = "Types: deb\nURIs: http://a/debian\nSuites: bookworm bookworm-updates\n\
        Components: main\n\nTypes: deb\nURIs: http://a/security\nSuites: bookworm-security\n";

    #[test]
    fn debian_12_takes_its_kernel_from_backports_of_the_same_archive() {
        assert_eq!(
            sources_for(MACHINE, "bookworm").unwrap(),
            "Types: deb\nURIs: http://a/debian\nSuites: bookworm-backports\nComponents: main\n"
        );
    }

    #[test]
    fn a_suite_that_the_machine_does_not_list_is_not_guessed() {
        assert_eq!(sources_for(MACHINE, "trixie"), None);
    }
}
