//! Which of the kernel's modules the guest loads, and in which order.
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

/// Folders of which every module is loaded.
const FOLDERS: &[&str] = &["kernel/drivers/md/"];

/// Modules by name; what they need comes by itself.
const MODULES: &[&str] = &[
    // crc32c is asked for by name at run time, so no dependency names it.
    "crc32c_generic",
    "crc32_generic",
    "brd",
    "loop",
    "null_blk",
    "ublk_drv",
    "cuse",
    "ext4",
    "vfat",
    "nls_ascii",
    "essiv",
    "xts",
    "ecb",
    "lrw",
    "authenc",
    "serpent_generic",
    "twofish_generic",
    "xxhash_generic",
];

/// Modules that want hardware, a cluster, or a disk of their own.
const LEFT_OUT: &[&str] = &["md-cluster", "bcache"];

/// A module file under the kernel's module folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Module {
    /// Where the file is, perhaps compressed.
    pub(super) file: PathBuf,
    /// Its name as `insmod` wants it in the guest, `.ko` at the end.
    pub(super) name: String,
}

/// The modules to load, each after those that it needs.
pub(super) fn in_order(folder: &Path) -> Result<Vec<Module>> {
    let list = fs::read_to_string(folder.join("modules.dep")).context("reading modules.dep")?;
    let order = order(&list);
    if order.is_empty() {
        bail!("modules.dep names none of the modules wanted");
    }
    Ok(order
        .into_iter()
        .map(|path| Module { file: folder.join(path), name: format!("{}.ko", stem(path)) })
        .collect())
}

/// The bytes of a module, unpacked: the guest is too slow to do it.
pub(super) fn read(module: &Module) -> Result<Vec<u8>> {
    if module.file.extension().is_none_or(|ext| ext != "xz") {
        return fs::read(&module.file).with_context(|| module.file.display().to_string());
    }
    let xz = Command::new("xz").arg("-dc").arg(&module.file).output().context("running xz")?;
    if !xz.status.success() {
        bail!("xz cannot unpack {}", module.file.display());
    }
    Ok(xz.stdout)
}

/// `modules.dep` has a line `path: needed needed ...`, where the last is to be loaded first.
fn order(list: &str) -> Vec<&str> {
    let mut loaded = BTreeSet::new();
    let mut order = Vec::new();
    let rows = || list.lines().filter_map(|line| line.split_once(':'));
    let named = MODULES.iter().flat_map(|name| rows().filter(move |row| stem(row.0) == *name));
    for (path, needs) in named.chain(rows().filter(|row| in_folders(row.0))) {
        let needed_first = needs.split_whitespace().rev().chain([path]);
        order.extend(needed_first.filter(|path| loaded.insert(*path)));
    }
    order
}

fn in_folders(path: &str) -> bool {
    FOLDERS.iter().any(|folder| path.starts_with(folder)) && !LEFT_OUT.contains(&stem(path))
}

fn stem(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.split('.').next().unwrap_or(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_comes_after_those_it_needs_and_only_once() {
        let list = "kernel/drivers/md/dm-mod.ko.xz:\n\
            kernel/drivers/md/dm-thin-pool.ko.xz: kernel/lib/b.ko.xz kernel/lib/a.ko.xz\n\
            kernel/drivers/block/brd.ko: kernel/lib/a.ko.xz\n\
            kernel/drivers/net/tun.ko:\n";
        let names: Vec<&str> = order(list).into_iter().map(stem).collect();
        assert_eq!(names, ["a", "brd", "dm-mod", "b", "dm-thin-pool"]);
    }
}
