//! ublk devices: a mapped device is `/dev/ublkb<N>`, whose requests come to the queues' threads through a ring.
//!
//! ```text
//! /dev/mapper/<name> ──link──► /dev/ublkb<N> ──driver──► port on a queue's thread ──► MappedDevice
//! ```
//!
//! - A device outlives its daemon: requests wait for the next one, and what the dead one had in hand comes again.
//! - What the driver cannot change on a live device (its size before Linux 6.16, its limits) is changed by making
//!   it anew while nobody has it open, under its own number. Where somebody has, another size or a larger logical
//!   block is refused before the table is swapped; other limits stay as they are, and the engine cuts requests
//!   itself.
//! - Only one who asks [the driver](crate::ring::ublk::control) knows for sure that nobody has a device open.
//!   Where it cannot be asked, the device is claimed and its openers are counted before it is stopped; who opens
//!   it between the count and the stop, without claiming it, finds it dead.
//!
//! | module | what |
//! |---|---|
//! | `disk` | one device, made and stopped |
//! | `recover` | devices of an earlier daemon |
//! | `params` | limits as the driver wants them |
//! | `mark` | which devices are ours |

mod disk;
mod mark;
mod params;
mod recover;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::name::DmName;
use dm_core::units::Sectors;
use dm_sys::{mounts, sysfs};

use self::disk::{Disk, Driver};
use self::mark::Mark;
use super::links::Links;
use super::{Frontend, Identity, Served};
use crate::io::request::Device as _;
use crate::limits::Limits;
use crate::mapped::MappedDevice;
use crate::ring::queue::Queues;
use crate::ring::ublk::control::{self, Control};

/// Why devices cannot be served through ublk.
#[derive(Debug, thiserror::Error)]
pub enum UblkError {
    /// The driver is not there, or may not be used.
    #[error("{node}: open failed", node = control::NODE)]
    Open(#[source] io::Error),
    /// It does not say what it can do, as drivers before Linux 6.5 do not.
    #[error("{node}: the driver does not tell its features: {0}", node = control::NODE)]
    Features(Errno),
}

/// Serves devices through ublk.
///
/// Locks: `disks` is held for moments; a disk's own state too.
#[derive(Debug)]
pub struct Ublk {
    driver: Driver,
    links: Links,
    mark: Mark,
    /// By the mapped device's minor number.
    disks: Mutex<BTreeMap<u32, Named>>,
}

/// A disk and what its device is called.
#[derive(Clone, Debug)]
struct Named {
    name: DmName,
    disk: Arc<Disk>,
}

impl Ublk {
    /// For the engine whose state lies in the folder `state`; links go to `nodes`; the queues carry the requests.
    ///
    /// # Errors
    ///
    /// [`UblkError`], which says what is missing.
    pub fn open(state: &Path, nodes: &Path, queues: &Arc<Queues>) -> Result<Self, UblkError> {
        let control = Control::open().map_err(UblkError::Open)?;
        let features = control.features().map_err(UblkError::Features)?;
        Ok(Self {
            driver: Driver { control, features, queues: Arc::clone(queues) },
            links: Links::new(nodes),
            mark: Mark::new(state),
            disks: Mutex::default(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u32, Named>> {
        self.disks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn disk(&self, minor: u32) -> Option<Arc<Disk>> {
        self.lock().get(&minor).map(|named| Arc::clone(&named.disk))
    }

    /// Has `disk` serve the device from now on.
    fn keep(&self, id: &Identity, disk: Disk) -> Served {
        let served = disk.served();
        self.links.add(&id.name, &disk.node());
        let named = Named { name: id.name.clone(), disk: Arc::new(disk) };
        self.lock().insert(id.minor, named);
        served
    }

    /// What a device wants of its disk beside its size, where the disk cannot change.
    fn live_with(disk: &Disk, wanted: params::Drift) {
        disk.serving.set_all_durable(wanted.no_flush);
        if wanted.any {
            tracing::info!(id = disk.id, ?wanted, "a device in use keeps its limits");
        }
    }

    /// Brings a disk up to its device's table.
    fn update(
        &self,
        id: &Identity,
        disk: &Arc<Disk>,
        device: &Arc<MappedDevice>,
        limits: &Limits,
    ) -> Result<Option<Served>, Errno> {
        let wanted = params::parameters(limits, device.size(), disk.max_request)?;
        let now = disk.state().parameters;
        let drift = params::drift(&now, &wanted);
        let grows = now.dev_sectors != wanted.dev_sectors;
        if grows || drift.any {
            match self.driver.resize(disk, device.size()) {
                Ok(()) if !drift.any => {}
                _ => match self.driver.end(disk) {
                    Ok(()) => return self.make_anew(id, disk, device).map(Some),
                    Err(Errno::EBUSY) if !drift.too_small => {
                        if disk.state().parameters.dev_sectors != wanted.dev_sectors {
                            return Err(Errno::EBUSY);
                        }
                    }
                    Err(errno) => return Err(errno),
                },
            }
        }
        Self::live_with(disk, drift);
        if disk.state().read_only != device.is_read_only() {
            disk.set_read_only(device.is_read_only())?;
        }
        Ok(None)
    }

    /// Makes a disk that was ended again, for another table.
    fn make_anew(
        &self,
        id: &Identity,
        old: &Disk,
        device: &Arc<MappedDevice>,
    ) -> Result<Served, Errno> {
        self.lock().remove(&id.minor);
        let disk = self.driver.make(Some(old.id), self.mark.of(id.minor), device)?;
        if disk.id != old.id {
            self.links.remove(&id.name, &old.node());
        }
        Ok(self.keep(id, disk))
    }
}

impl Frontend for Ublk {
    fn kind(&self) -> &'static str {
        "ublk"
    }

    fn add(
        &self,
        id: &Identity,
        device: &Arc<MappedDevice>,
        before: Option<&Served>,
    ) -> Result<Served, Errno> {
        let mark = self.mark.of(id.minor);
        let number = before.and_then(|served| served.index);
        let taken = match number {
            Some(number) => self.driver.take_over(number, mark, device)?,
            None => None,
        };
        let Some(disk) = taken else {
            let disk = self.driver.make(number, mark, device)?;
            return Ok(self.keep(id, disk));
        };
        let served = self.keep(id, disk);
        let Some(disk) = self.disk(id.minor) else { return Ok(served) };
        // The earlier daemon may have died before it told the driver.
        match self.update(id, &disk, device, &device.limits()) {
            Ok(moved) => Ok(moved.unwrap_or(served)),
            Err(errno) => {
                tracing::error!(minor = id.minor, %errno, "a device in use keeps its old size");
                Ok(served)
            }
        }
    }

    fn restored(&self) {
        let known: Vec<u32> = self.lock().values().map(|named| named.disk.id).collect();
        self.driver.delete_strays(self.mark, &known);
        let disks = self.lock();
        let nodes: Vec<PathBuf> = disks.values().map(|named| named.disk.node()).collect();
        // A node that has gone was a stray's, or nobody's.
        let has_gone = |node: &Path| {
            node.as_os_str().as_encoded_bytes().starts_with(b"/dev/ublkb") && !node.exists()
        };
        let ours = |node: &Path| nodes.iter().any(|it| it == node) || has_gone(node);
        self.links.sweep(ours, disks.values().map(|named| &named.name));
    }

    fn accepts(
        &self,
        id: &Identity,
        _served: &Served,
        size: Sectors,
        limits: &Limits,
    ) -> Result<(), Errno> {
        let Some(disk) = self.disk(id.minor) else { return Ok(()) };
        let wanted = params::parameters(limits, size, disk.max_request)?;
        let now = disk.state().parameters;
        let resizes = self.driver.can_resize();
        let size_stays = resizes || now.dev_sectors == wanted.dev_sectors;
        if size_stays && !params::drift(&now, &wanted).too_small {
            return Ok(());
        }
        if disk.openers() > 0 {
            let (old, new) = (now.dev_sectors, wanted.dev_sectors);
            tracing::warn!(
                minor = id.minor,
                old,
                new,
                resizes,
                "a ublk device in use takes no other size before Linux 6.16, nor larger blocks"
            );
            return Err(Errno::EBUSY);
        }
        Ok(())
    }

    fn changed(
        &self,
        id: &Identity,
        served: &Served,
        device: &Arc<MappedDevice>,
        limits: &Limits,
    ) -> Result<Option<Served>, Errno> {
        match self.disk(id.minor) {
            Some(disk) => self.update(id, &disk, device, limits),
            // It was ended for another table, and could not be made again.
            None => self.add(id, device, Some(served)).map(Some),
        }
    }

    fn rename(&self, id: &Identity, served: &Served, to: &DmName) -> Result<(), Errno> {
        if let Some(named) = self.lock().get_mut(&id.minor) {
            named.name = to.clone();
        }
        if let Some(node) = &served.node {
            self.links.add(to, node);
            self.links.remove(&id.name, node);
        }
        Ok(())
    }

    fn remove(&self, id: &Identity, served: &Served) -> Result<(), Errno> {
        if let Some(disk) = self.disk(id.minor) {
            self.driver.end(&disk)?;
            self.lock().remove(&id.minor);
        }
        if let Some(node) = &served.node {
            self.links.remove(&id.name, node);
        }
        Ok(())
    }

    fn open_count(&self, id: &Identity, _served: &Served) -> i32 {
        let count = self.disk(id.minor).map_or(0, |disk| disk.openers());
        i32::try_from(count).unwrap_or(i32::MAX)
    }

    fn leave(&self) -> Result<(), Errno> {
        let disks: Vec<Named> = self.lock().values().cloned().collect();
        if disks.iter().any(|named| named.disk.openers() > 0) {
            return Err(Errno::EBUSY);
        }
        for Named { name, disk } in disks {
            match self.driver.end(&disk) {
                Ok(()) => self.links.remove(&name, &disk.node()),
                // Opened since it was looked at: it waits for the next daemon.
                Err(errno) => tracing::warn!(id = disk.id, %errno, "a ublk device stays"),
            }
        }
        self.lock().clear();
        self.links.leave();
        Ok(())
    }

    fn read_ahead(&self, served: &Served) -> Option<Sectors> {
        let (major, minor) = served.real?;
        sysfs::read_ahead(DevNo::new(major, minor), served.node.as_deref()?).ok()
    }

    fn freeze(&self, served: &Served) -> Result<Option<Box<dyn Send>>, Errno> {
        let Some((major, minor)) = served.real else { return Ok(None) };
        let frozen = mounts::freeze(DevNo::new(major, minor))?;
        Ok(frozen.map(|frozen| Box::new(frozen) as Box<dyn Send>))
    }
}
