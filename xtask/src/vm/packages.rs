//! What the tests need besides Rust: one table, for the machine and for the guest.
//!
//! A row names a Debian package and the programs of it that are used. Programs marked for the guest are
//! copied into the virtual machine with the libraries that `ldd` names.
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

/// A package, and what is used of it.
#[derive(Debug)]
pub struct Package {
    /// Its name in Debian.
    pub name: &'static str,
    /// Programs that must be found.
    pub programs: &'static [&'static str],
    /// Whether the guest has them too.
    pub place: Place,
}

/// Where a package's programs are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// On this machine only.
    Host,
    /// On this machine and in the virtual machine.
    Both,
}

/// Everything the tests and the virtual machine need.
pub static PACKAGES: &[Package] = &[
    Package { name: "qemu-system-x86", programs: &["qemu-system-x86_64"], place: Place::Host },
    Package { name: "kmod", programs: &["depmod"], place: Place::Host },
    Package { name: "xz-utils", programs: &["xz"], place: Place::Host },
    Package { name: "busybox-static", programs: &["busybox"], place: Place::Both },
    Package { name: "dash", programs: &["dash"], place: Place::Both },
    Package { name: "dmsetup", programs: &["dmsetup"], place: Place::Both },
    Package { name: "dmraid", programs: &["dmraid"], place: Place::Both },
    Package { name: "kpartx", programs: &["kpartx"], place: Place::Both },
    Package { name: "mdadm", programs: &["mdadm", "mdmon"], place: Place::Both },
    Package { name: "fio", programs: &["fio"], place: Place::Both },
    // What the benchmarks compare with, and count with.
    Package { name: "nbdkit", programs: &["nbdkit"], place: Place::Host },
    Package { name: "libnbd-bin", programs: &["nbdfuse"], place: Place::Host },
    Package { name: "valgrind", programs: &["valgrind"], place: Place::Host },
    Package {
        name: "e2fsprogs",
        programs: &["mke2fs", "mkfs.ext4", "e2fsck", "debugfs", "dumpe2fs"],
        place: Place::Both,
    },
    Package { name: "fuse3", programs: &["fusermount3"], place: Place::Both },
    Package {
        name: "util-linux",
        programs: &["blockdev", "losetup", "setpriv", "lsblk"],
        place: Place::Both,
    },
    Package { name: "fdisk", programs: &["sfdisk"], place: Place::Both },
    // What the images of partition tables are made with.
    Package { name: "gdisk", programs: &["sgdisk"], place: Place::Host },
    Package { name: "parted", programs: &["parted"], place: Place::Host },
    Package { name: "dosfstools", programs: &["mkfs.vfat"], place: Place::Host },
    Package { name: "mount", programs: &["mount", "umount"], place: Place::Both },
    Package {
        name: "coreutils",
        programs: &["dd", "stat", "sha256sum", "timeout", "od", "head", "tail", "sort", "cut"],
        place: Place::Both,
    },
    Package { name: "diffutils", programs: &["cmp", "diff"], place: Place::Both },
    Package { name: "grep", programs: &["grep"], place: Place::Both },
    Package { name: "strace", programs: &["strace"], place: Place::Host },
    Package { name: "sed", programs: &["sed"], place: Place::Both },
];

/// The packages whose programs this machine lacks.
pub fn missing() -> Vec<&'static Package> {
    PACKAGES
        .iter()
        .filter(|package| package.programs.iter().any(|name| find_program(name).is_none()))
        .collect()
}

/// Installs what [`missing`] names.
///
/// # Errors
///
/// Not root, no network, or the package manager failed: the text says which, and names the packages.
pub fn ensure_packages() -> Result<()> {
    let names: Vec<&str> = missing().iter().map(|package| package.name).collect();
    if names.is_empty() {
        return Ok(());
    }
    let wanted = names.join(" ");
    if !is_root()? {
        bail!("these packages are missing, and only root can install them: {wanted}");
    }
    apt_get(&["update"]).with_context(|| format!("looking for {wanted}"))?;
    let mut args = vec!["install", "--yes", "--no-install-recommends"];
    args.extend(&names);
    apt_get(&args).with_context(|| format!("installing {wanted}"))?;
    match missing().first() {
        None => Ok(()),
        Some(package) => bail!("{} is installed, but lacks {:?}", package.name, package.programs),
    }
}

/// The programs that go into the guest.
pub fn guest_programs() -> Result<Vec<PathBuf>> {
    let both = PACKAGES.iter().filter(|package| package.place == Place::Both);
    both.flat_map(|package| package.programs)
        .map(|name| find_program(name).with_context(|| format!("{name} is not installed")))
        .collect()
}

/// Looks for `name` in the usual folders, whatever `PATH` says: `sbin` is not on every user's.
pub fn find_program(name: &str) -> Option<PathBuf> {
    ["/usr/sbin", "/usr/bin", "/sbin", "/bin"]
        .iter()
        .map(|folder| PathBuf::from(folder).join(name))
        .find(|path| path.is_file())
}

fn is_root() -> Result<bool> {
    let id = Command::new("id").arg("-u").output().context("running id")?;
    Ok(id.stdout == b"0\n")
}

fn apt_get(args: &[&str]) -> Result<()> {
    let status = Command::new("apt-get")
        .args(["-q", "-o", "Dpkg::Use-Pty=0"])
        .args(args)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .status()
        .context("running apt-get")?;
    if !status.success() {
        bail!("apt-get {} failed", args.join(" "));
    }
    Ok(())
}
