//! The guest's whole filesystem: a base that changes seldom and is cached, and a part for each run.
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::cpio::Archive;
use super::kernel::Kernel;
use super::modules::{self, Module};
use super::packages;

const INIT: &str = include_str!("init.sh");

/// Parameters that some modules are loaded with. The transcripts speak of /dev/ram0 to /dev/ram3.
const PARAMETERS: &[(&str, &str)] = &[
    ("brd.ko", "rd_nr=4 rd_size=16384"),
    ("loop.ko", "max_loop=8"),
    ("null_blk.ko", "nr_devices=0"),
];

/// The cached archive with the modules, busybox and the original tools.
///
/// It is made again when a program, a library or the kernel has changed.
pub(super) fn base(lab: &Path, kernel: &Kernel) -> Result<PathBuf> {
    let programs = with_libraries(&packages::guest_programs()?)?;
    let modules = modules::in_order(&kernel.modules)?;
    let recipe = recipe(&programs, &modules)?;
    let (archive, made_from) = (lab.join("base.cpio"), lab.join("base.recipe"));
    let fresh = fs::read_to_string(&made_from).is_ok_and(|old| old == recipe) && archive.exists();
    if !fresh {
        let new = lab.join(format!("base.{}", std::process::id()));
        write_base(&new, &programs, &modules)?;
        fs::rename(&new, &archive)?;
        fs::write(&made_from, recipe)?;
    }
    Ok(archive)
}

/// Files of this machine at their places in the guest, and a script for it to run.
#[derive(Debug, Default)]
pub struct Payload {
    /// The shell script to run.
    pub job: String,
    /// Programs, put into `/lab/bin` with their libraries.
    pub programs: Vec<PathBuf>,
    /// Folders of this machine, and where they go.
    pub folders: Vec<(PathBuf, String)>,
}

/// Writes `base` and `payload` to `to`, which is then what QEMU loads.
pub(super) fn write(to: &Path, base: &Path, payload: &Payload) -> Result<()> {
    let mut out = BufWriter::new(File::create(to).context("making the initramfs")?);
    io::copy(&mut File::open(base)?, &mut out)?;
    let mut archive = Archive::new(out);
    archive.file("/lab/job", 0o755, payload.job.as_bytes())?;
    for path in with_libraries(&payload.programs)? {
        if payload.programs.contains(&path) {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            archive.file(&format!("/lab/bin/{name}"), 0o755, &fs::read(&path)?)?;
        } else {
            add_file(&mut archive, &path, &path.to_string_lossy())?;
        }
    }
    for (folder, place) in &payload.folders {
        add_folder(&mut archive, folder, place)?;
    }
    archive.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?.sync_data().ok();
    Ok(())
}

fn write_base(to: &Path, programs: &BTreeSet<PathBuf>, modules: &[Module]) -> Result<()> {
    let mut archive = Archive::new(BufWriter::new(File::create(to)?));
    archive.file("/init", 0o755, INIT.as_bytes())?;
    for folder in ["/dev", "/proc", "/sys", "/tmp", "/run", "/root", "/lab/out", "/mnt", "/etc"] {
        archive.folder(folder)?;
    }
    archive.link("/etc/mtab", "/proc/self/mounts")?;
    archive.link("/bin/sh", "/usr/bin/dash")?;
    archive.file("/etc/passwd", 0o644, b"root:x:0:0:root:/root:/bin/sh\n")?;
    archive.file("/etc/group", 0o644, b"root:x:0:\ndisk:x:6:\n")?;
    for program in programs {
        add_file(&mut archive, program, &program.to_string_lossy())?;
    }
    for applet in applets()?.lines().filter(|applet| !matches!(*applet, "sh" | "busybox")) {
        archive.link(&format!("/bin/{applet}"), "busybox")?;
    }
    archive.link("/bin/busybox", "/usr/bin/busybox")?;
    let mut order = String::new();
    for module in modules {
        archive.file(&format!("/lab/modules/{}", module.name), 0o644, &modules::read(module)?)?;
        let parameters = PARAMETERS.iter().find(|row| row.0 == module.name).map_or("", |row| row.1);
        writeln!(order, "{} {parameters}", module.name)?;
    }
    archive.file("/lab/modules/order", 0o644, order.as_bytes())?;
    archive.finish()?;
    Ok(())
}

fn add_folder<W: io::Write>(archive: &mut Archive<W>, folder: &Path, place: &str) -> Result<()> {
    archive.folder(place)?;
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    for entry in entries {
        let entry = entry?;
        let place = format!("{place}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            add_folder(archive, &entry.path(), &place)?;
        } else {
            add_file(archive, &entry.path(), &place)?;
        }
    }
    Ok(())
}

fn add_file<W: io::Write>(archive: &mut Archive<W>, file: &Path, place: &str) -> Result<()> {
    let mode = fs::metadata(file).with_context(|| file.display().to_string())?.permissions().mode();
    archive.file(place, mode & 0o777, &fs::read(file)?)?;
    Ok(())
}

/// `programs` and the shared libraries they are linked with.
fn with_libraries(programs: &[PathBuf]) -> Result<BTreeSet<PathBuf>> {
    let mut all: BTreeSet<PathBuf> = programs.iter().cloned().collect();
    for program in programs {
        let ldd = Command::new("ldd").arg(program).output().context("running ldd")?;
        // A static program is no error of ours: ldd says so and fails.
        all.extend(libraries(&String::from_utf8_lossy(&ldd.stdout)));
    }
    Ok(all)
}

/// Lines are `name => /path (address)` or `/path (address)`.
fn libraries(ldd: &str) -> Vec<PathBuf> {
    let paths = ldd.lines().filter_map(|line| {
        line.split_whitespace().find(|word| word.starts_with('/')).map(PathBuf::from)
    });
    paths.collect()
}

fn applets() -> Result<String> {
    let busybox = packages::find_program("busybox").context("busybox is not installed")?;
    let list = Command::new(busybox).arg("--list").output().context("running busybox")?;
    if !list.status.success() {
        bail!("busybox --list failed");
    }
    Ok(String::from_utf8_lossy(&list.stdout).into_owned())
}

/// Everything the base is made of, with sizes and times.
fn recipe(programs: &BTreeSet<PathBuf>, modules: &[Module]) -> Result<String> {
    let mut recipe = format!("{INIT}{PARAMETERS:?}\n");
    for path in programs.iter().chain(modules.iter().map(|module| &module.file)) {
        let meta = fs::metadata(path).with_context(|| path.display().to_string())?;
        writeln!(recipe, "{} {} {:?}", path.display(), meta.len(), meta.modified()?)?;
    }
    Ok(recipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ldd_names_libraries_with_and_without_an_arrow() {
        let ldd =
            "\tlinux-vdso.so.1 (0x0)\n\tlibc.so.6 => /lib/libc.so.6 (0x1)\n\t/lib64/ld.so (0x2)\n";
        assert_eq!(
            libraries(ldd),
            [PathBuf::from("/lib/libc.so.6"), PathBuf::from("/lib64/ld.so")]
        );
    }
}
