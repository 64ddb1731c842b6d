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

    /// Removes the folder if it was not there before us. Others may have put nodes there since: then it stays.
    pub(super) fn leave(&self) {
        if !self.was_there {
            let _ = fs::remove_dir(self.folder.path());
        }
    }
}
