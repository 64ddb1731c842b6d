//! FUSE files: a mapped device is a regular file that `mkfs`, `qemu`, `debugfs` and `dd` can open. Needs no root.
//!
//! The mount is the node folder itself, and `<folder>/<name>` the device.

use std::ffi::OsStr;
use std::fmt;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::sync::Arc;

use dm_core::errno::Errno;
use dm_core::name::DmName;

use super::fuse::{Device, Mount, MountError};
use super::{Frontend, Identity, Served};
use crate::limits::Limits;
use crate::mapped::MappedDevice;
use crate::ring::queue::Queues;

/// Serves devices as files.
pub struct FuseFiles {
    mount: Mount,
}

impl fmt::Debug for FuseFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FuseFiles").field("at", &self.mount.path()).finish_non_exhaustive()
    }
}

impl FuseFiles {
    /// Serves the mount at `folder`, whose connection [`connect`](super::connect) has made, whether or not
    /// another process has served it before; the queues carry the requests.
    ///
    /// # Errors
    ///
    /// [`MountError`]: the mount is of no more use, and another has to be made.
    pub fn mount(
        folder: &Path,
        queues: &Arc<Queues>,
        connection: OwnedFd,
    ) -> Result<Self, MountError> {
        Ok(Self { mount: Mount::new(folder, queues, connection)? })
    }
}

fn name_of(name: &DmName) -> &OsStr {
    OsStr::from_bytes(name.as_bytes())
}

impl Frontend for FuseFiles {
    fn kind(&self) -> &'static str {
        "file"
    }

    fn add(
        &self,
        id: &Identity,
        device: &Arc<MappedDevice>,
        before: Option<&Served>,
    ) -> Result<Served, Errno> {
        let name = name_of(&id.name);
        self.mount.add(name, (id.minor, Device::known(before.is_some())), device)?;
        self.mount.attached(name);
        Ok(Served { node: Some(self.mount.path().join(name)), real: None, index: None })
    }

    fn changed(
        &self,
        _id: &Identity,
        _served: &Served,
        _device: &Arc<MappedDevice>,
        _limits: &Limits,
    ) -> Result<Option<Served>, Errno> {
        // Whoever looks at the file asks for its size anew.
        Ok(None)
    }

    fn rename(&self, id: &Identity, _served: &Served, to: &DmName) -> Result<(), Errno> {
        self.mount.rename(name_of(&id.name), name_of(to))
    }

    fn remove(&self, id: &Identity, _served: &Served) -> Result<(), Errno> {
        self.mount.remove(name_of(&id.name))
    }

    fn open_count(&self, id: &Identity, _served: &Served) -> i32 {
        i32::try_from(self.mount.handles(name_of(&id.name))).unwrap_or(i32::MAX)
    }

    fn restored(&self) {
        self.mount.set_complete();
    }

    fn leave(&self) -> Result<(), Errno> {
        if self.mount.any_open() {
            return Err(Errno::EBUSY);
        }
        self.mount.unmount().map_err(|error| dm_sys::os::errno(&error))
    }
}
