//! The nodes of mapped devices, where it is ours to see to them.
//!
//! # Source
//!
//! `add_dev_node`, `rm_dev_node`, `rename_dev_node` and their checks in lvm2's `libdm/libdm-common.c`.

use std::ffi::OsStr;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use dm_core::devno::DevNo;
use dm_sys::nodes::{Folder, Owner, Target};

use super::Session;
use super::link::Who;
use super::transaction::NodeKeeper;
use crate::exit::{Failure, chain};

/// Where nodes are.
#[derive(Clone, Debug)]
pub struct Places {
    folder: Folder,
    usual: bool,
}

impl Places {
    /// Nodes are in `folder`; `usual` says whether udev and the engine put them there by themselves.
    pub fn new(folder: &Path, usual: bool) -> Self {
        Self { folder: Folder::new(folder), usual }
    }

    /// Whether udev and the engine put nodes there by themselves.
    pub const fn is_usual(&self) -> bool {
        self.usual
    }

    /// The folder.
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// Where the node of `name` is, for messages.
    pub fn path(&self, name: &[u8]) -> PathBuf {
        self.folder.path().join(OsStr::from_bytes(name))
    }

    /// The name of the mapped device that `path` leads to.
    pub(super) fn name_from_path(&self, path: &[u8]) -> Result<Vec<u8>, Failure> {
        let found = self.folder.name_from_path(Path::new(OsStr::from_bytes(path)));
        found.map(std::ffi::OsString::into_vec).map_err(|error| {
            let path = error.0.into_os_string().into_vec();
            Failure::line([b"Device ", &path[..], b" not found"].concat())
        })
    }
}

/// How long a node may take to open once its device is there.
const OPEN_LIMIT: Duration = Duration::from_secs(5);

impl Session<'_> {
    /// Makes the node of a device, where that is for us to do. What goes wrong is told, and no more.
    pub fn add_node(&self, keeper: NodeKeeper, name: &[u8], dev: DevNo, owner: Owner) {
        if keeper == NodeKeeper::Others {
            return;
        }
        let places = &self.settings().places;
        let path = places.path(name);
        if keeper == NodeKeeper::UsAfterUdev && !path.exists() {
            let path = path.display();
            self.say(format!("{path} not set up by udev: Falling back to direct node creation."));
        }
        let target = match self.who() {
            Who::Kernel => Some(Target::Device(dev, owner)),
            // Without root the engine's file is the node.
            Who::Engine => self.engine_node(dev).filter(|node| *node != path).map(Target::Link),
        };
        if let Some(target) = target
            && let Err(error) = places.folder.add(name, &target)
        {
            self.say(chain(&error));
        }
    }

    /// Removes a node, where that is for us to do.
    pub fn remove_node(&self, keeper: NodeKeeper, name: &[u8]) {
        if keeper == NodeKeeper::Others {
            return;
        }
        let places = &self.settings().places;
        let path = places.path(name);
        if keeper == NodeKeeper::UsAfterUdev && path.symlink_metadata().is_ok() {
            let path = path.display();
            self.say(format!(
                "Node {path} was not removed by udev. Falling back to direct node removal."
            ));
        }
        if let Err(error) = places.folder.remove(name) {
            self.say(chain(&error));
        }
    }

    /// Renames a node, where that is for us to do.
    pub fn rename_node(&self, keeper: NodeKeeper, old: &[u8], new: &[u8]) {
        if keeper == NodeKeeper::Others {
            return;
        }
        let places = &self.settings().places;
        if keeper == NodeKeeper::UsAfterUdev {
            self.tell_of_rename(&places.path(old), &places.path(new));
        }
        if let Err(error) = places.folder.rename(old, new) {
            self.say(chain(&error));
        }
    }

    fn tell_of_rename(&self, old: &Path, new: &Path) {
        let should = format!(
            "The node {} should have been renamed to {} by udev but",
            old.display(),
            new.display()
        );
        if old.symlink_metadata().is_ok() {
            self.say(format!(
                "{should} old node is still present. Falling back to direct old node removal."
            ));
        } else if new.symlink_metadata().is_err() {
            self.say(format!(
                "{should} new node is not present. Falling back to direct node rename."
            ));
        }
    }

    /// Waits until the node of a device opens.
    ///
    /// # Errors
    ///
    /// Why it does not, after a while.
    pub fn wait_node(&self, name: &[u8], dev: DevNo) -> Result<(), Failure> {
        // An engine without nodes has none to wait for.
        if self.who() == Who::Engine && self.engine_node(dev).is_none() {
            return Ok(());
        }
        let opened = self.settings().places.folder().wait_open(name, OPEN_LIMIT);
        opened.map_err(|error| Failure::of(&error))
    }

    /// Where the engine's device can be opened.
    pub fn engine_node(&self, dev: DevNo) -> Option<PathBuf> {
        self.engine_device(dev)?.node
    }
}
