//! Links in the folder of nodes: `/dev/mapper/<name>`, which leads to the block device that serves `<name>`.

use std::fs;
use std::path::{Path, PathBuf};

use dm_core::name::DmName;
use dm_sys::nodes::{Folder, Target};

/// The folder, as far as it is ours.
#[derive(Debug)]
pub(super) struct Links {
    folder: Folder,
    /// Whether it was there before us.
    was_there: bool,
}

impl Links {
    /// In the folder at `path`, which need not be there yet.
    pub(super) fn new(path: &Path) -> Self {
        Self { folder: Folder::new(path), was_there: path.exists() }
    }

    /// A link that cannot be made is no reason not to serve: the device has its node.
    pub(super) fn add(&self, name: &DmName, node: &Path) {
        if let Err(error) = self.folder.add(name.as_bytes(), &Target::Link(node.to_owned())) {
            tracing::warn!(%error, "link not made");
        }
    }

    /// Removes the link of `name` if it leads to `node`; whoever put another there wants it.
    pub(super) fn remove(&self, name: &DmName, node: &Path) {
        let is_ours = |path: PathBuf| fs::read_link(path).is_ok_and(|to| to == node);
        if self.folder.entry(name.as_bytes()).is_ok_and(is_ours)
            && let Err(error) = self.folder.remove(name.as_bytes())
        {
            tracing::warn!(%error, "link not removed");
        }
    }

    /// Removes what a daemon that died has left between two steps: every link to a node that is `ours`, but for
    /// those of the `named` devices.
    pub(super) fn sweep<'a>(
        &self,
        ours: impl Fn(&Path) -> bool,
        named: impl Iterator<Item = &'a DmName>,
    ) {
        let wanted: Vec<PathBuf> =
            named.filter_map(|name| self.folder.entry(name.as_bytes()).ok()).collect();
        for entry in fs::read_dir(self.folder.path()).into_iter().flatten().flatten() {
            let path = entry.path();
            let leads_to_ours = fs::read_link(&path).is_ok_and(|to| ours(&to));
            if leads_to_ours
                && !wanted.contains(&path)
                && let Err(error) = fs::remove_file(&path)
            {
                tracing::warn!(%error, path = %path.display(), "stale link not removed");
            }
        }
    }

    /// Removes the folder if it was not there before us. Others may have put nodes there since: then it stays.
    pub(super) fn leave(&self) {
        if !self.was_there {
            let _ = fs::remove_dir(self.folder.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn only_links_to_our_nodes_under_no_devices_name_are_swept() {
        let folder = tempfile::tempdir().unwrap();
        let links = Links::new(folder.path());
        for (name, node) in [("a", "/dev/loop5"), ("old", "/dev/loop5"), ("other", "/dev/loop6")] {
            symlink(node, folder.path().join(name)).unwrap();
        }
        fs::write(folder.path().join("control"), "").unwrap();
        let name = DmName::new(b"a").unwrap();
        links.sweep(|node| node == Path::new("/dev/loop5"), [&name].into_iter());
        let left = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        let mut left: Vec<_> = left.collect();
        left.sort();
        assert_eq!(left, ["a", "control", "other"]);
    }
}
