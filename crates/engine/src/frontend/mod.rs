//! How a mapped device becomes something that others can open.
//!
//! | front end | a device is | needs |
//! |---|---|---|
//! | [`ublk`] | a ublk device, with a link in `/dev/mapper` | root, the ublk driver |
//! | [`loops`] | a loop device on a FUSE file, with a link in `/dev/mapper` | root |
//! | [`file`](mod@file) | a FUSE file | `fusermount3`, where the user is not root |
//! | [`memory`] | nothing that opens | |

pub mod file;
pub mod fuse;
mod links;
pub mod loops;
pub mod memory;
pub mod ublk;

pub use fuse::{MountError, connect, let_go};

use std::fmt::Debug;
use std::path::PathBuf;
use std::sync::Arc;

use dm_core::errno::Errno;
use dm_core::name::DmName;
use dm_core::units::Sectors;
use serde::{Deserialize, Serialize};

use crate::limits::Limits;
use crate::mapped::MappedDevice;

/// What a device is called, and which minor number it has.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Its name.
    pub name: DmName,
    /// Its minor number.
    pub minor: u32,
}

/// Where a device is served: what the next daemon needs to take it over, and what people want to see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Served {
    /// The block device or file that others open; none where nothing can be opened.
    pub node: Option<PathBuf>,
    /// The block device's own number, where there is one: tables and lookups may name the device by it.
    pub real: Option<(u32, u32)>,
    /// Which loop or ublk device it is.
    pub index: Option<u32>,
}

/// Serves mapped devices to the system. Every call comes from the control interface, one at a time for one
/// device, and returns when its effect can be seen: a node opens, or is gone.
pub trait Frontend: Debug + Send + Sync {
    /// Its word: `fuse`, `file`, `memory`.
    fn kind(&self) -> &'static str;

    /// Begins to serve `device`, which has its first live table. `before` is where an earlier daemon served
    /// it, if one did.
    ///
    /// # Errors
    ///
    /// What stops the node from being made; nothing is left behind then.
    fn add(
        &self,
        id: &Identity,
        device: &Arc<MappedDevice>,
        before: Option<&Served>,
    ) -> Result<Served, Errno>;

    /// Whether it could take over a table of `size` with `limits` now. It is asked before the table is swapped:
    /// what is refused here leaves the old one in force.
    ///
    /// # Errors
    ///
    /// What stops it.
    fn accepts(
        &self,
        id: &Identity,
        served: &Served,
        size: Sectors,
        limits: &Limits,
    ) -> Result<(), Errno> {
        let _ = (id, served, size, limits);
        Ok(())
    }

    /// The device's table was swapped: its size, limits or read-only state may have changed. The answer is
    /// where it is served now, if that is elsewhere.
    ///
    /// # Errors
    ///
    /// What stops the change; the old size is still in force then.
    fn changed(
        &self,
        id: &Identity,
        served: &Served,
        device: &Arc<MappedDevice>,
        limits: &Limits,
    ) -> Result<Option<Served>, Errno>;

    /// The device has another name.
    ///
    /// # Errors
    ///
    /// What stops the renaming of its node; the old name is still in force then.
    fn rename(&self, id: &Identity, served: &Served, to: &DmName) -> Result<(), Errno>;

    /// Every device of an earlier daemon is back. What else that one left behind is of no more use.
    fn restored(&self) {}

    /// Stops serving.
    ///
    /// # Errors
    ///
    /// `EBUSY` while others have it open; everything is as it was then.
    fn remove(&self, id: &Identity, served: &Served) -> Result<(), Errno>;

    /// How many have it open.
    fn open_count(&self, id: &Identity, served: &Served) -> i32;

    /// Gives up all nodes, and whatever else stands in the system, without the devices' being removed: the
    /// daemon ends, and the next one may bring them back.
    ///
    /// # Errors
    ///
    /// `EBUSY` while others have one of them open; all is as it was then. After any other error the nodes have
    /// gone, and something else was left behind.
    fn leave(&self) -> Result<(), Errno> {
        Ok(())
    }

    /// How far the system reads ahead on it, in sectors, where somebody may have set that.
    fn read_ahead(&self, served: &Served) -> Option<Sectors> {
        let _ = served;
        None
    }

    /// Freezes the filesystem mounted on it, if there is one; the answer thaws it when dropped.
    ///
    /// # Errors
    ///
    /// What the filesystem says.
    fn freeze(&self, served: &Served) -> Result<Option<Box<dyn Send>>, Errno> {
        let _ = served;
        Ok(None)
    }
}
