//! Which devices there are, and how a command names one.
//!
//! A name, uuid or minor number is claimed before anything is written or made for it, so that two commands
//! never race for one; the lock is not held meanwhile.
//!
//! # Source
//!
//! `__find_device_hash_cell` and `dm_hash_insert` in the kernel's `drivers/md/dm-ioctl.c`; `next_free_minor`
//! and `specific_minor` in `drivers/md/dm.c`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use dm_core::devno::{DevNo, MINOR_MAX};
use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::name::{DmName, DmUuid};

use super::Engine;
use super::call::Call;
use crate::device::{DmDevice, Hold, Life, lock};
use crate::frontend::Served;
use crate::mapped::Told;

/// The devices.
#[derive(Debug, Default)]
pub(super) struct Registry {
    by_minor: BTreeMap<u32, Arc<DmDevice>>,
    /// Which minor a name is for; claimed names among them.
    names: BTreeMap<DmName, u32>,
    uuids: BTreeMap<DmUuid, u32>,
    /// Minors taken, by devices or claims.
    minors: BTreeSet<u32>,
}

/// What a command is about to take: let go when dropped, unless it was [kept](Claim::keep).
#[derive(Debug)]
pub(super) struct Claim<'a> {
    registry: &'a Mutex<Registry>,
    pub(super) minor: u32,
    new_minor: bool,
    name: Option<DmName>,
    uuid: Option<DmUuid>,
}

impl Claim<'_> {
    /// The device is there, or has the name: nothing is let go.
    pub(super) fn keep(mut self) {
        self.new_minor = false;
        self.name = None;
        self.uuid = None;
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        let mut registry = lock(self.registry);
        if self.new_minor {
            registry.minors.remove(&self.minor);
        }
        if let Some(name) = &self.name {
            registry.names.remove(name);
        }
        if let Some(uuid) = &self.uuid {
            registry.uuids.remove(uuid);
        }
    }
}

impl Engine {
    /// A device without a table, whose events count from `event_base`. What its requests bring about is told.
    pub(super) fn new_device(
        &self,
        dev: DevNo,
        name: DmName,
        uuid: Option<DmUuid>,
        event_base: u32,
    ) -> Arc<DmDevice> {
        let device = DmDevice::new(dev, name, uuid, event_base);
        let (news, upkeep) = (Arc::clone(&self.news), Arc::clone(&self.upkeep));
        device.mapped().on_news(Box::new(move |told| {
            if told == Told::Event {
                news.tell();
            }
            upkeep.call();
        }));
        device
    }

    /// Claims a minor number (the lowest that is free, unless one is given), a name and a uuid.
    ///
    /// # Errors
    ///
    /// `ENXIO` for a minor that is taken or too large, or when all are; then `EBUSY` for a name or uuid that
    /// is in use.
    pub(super) fn claim(
        &self,
        minor: Option<u32>,
        name: &DmName,
        uuid: Option<&DmUuid>,
    ) -> Result<Claim<'_>, Errno> {
        let mut registry = lock(&self.registry);
        let minor = match minor {
            Some(minor) => Some(minor).filter(|minor| *minor <= MINOR_MAX),
            None => (0..=MINOR_MAX).find(|minor| !registry.minors.contains(minor)),
        };
        let minor = minor.filter(|minor| !registry.minors.contains(minor)).ok_or(Errno::ENXIO)?;
        registry.claim_names(minor, Some(name), uuid)?;
        registry.minors.insert(minor);
        let (name, uuid) = (Some(name.clone()), uuid.cloned());
        Ok(Claim { registry: &self.registry, minor, new_minor: true, name, uuid })
    }

    /// Claims a further name, or a uuid, for the device called `old`.
    ///
    /// # Errors
    ///
    /// `EBUSY` for one that is in use; else `ENXIO` when there is no such device; else `EINVAL` for a second
    /// uuid.
    pub(super) fn claim_for(
        &self,
        old: &[u8],
        name: Option<&DmName>,
        uuid: Option<&DmUuid>,
    ) -> Result<(Claim<'_>, Arc<DmDevice>), Errno> {
        let mut registry = lock(&self.registry);
        registry.check_free(name, uuid)?;
        let device = DmName::new(old).ok().and_then(|old| registry.by_name(&old));
        let device = device.ok_or(Errno::ENXIO)?;
        if uuid.is_some() && device.state().uuid.is_some() {
            return Err(Errno::EINVAL);
        }
        let minor = device.dev().minor;
        registry.claim_names(minor, name, uuid)?;
        let (name, uuid) = (name.cloned(), uuid.cloned());
        Ok((Claim { registry: &self.registry, minor, new_minor: false, name, uuid }, device))
    }

    /// Lets everybody see a device whose claim was kept.
    pub(super) fn register(&self, device: &Arc<DmDevice>) {
        lock(&self.registry).by_minor.insert(device.dev().minor, Arc::clone(device));
    }

    /// A device is no longer there; its names and number are free.
    pub(super) fn unregister(&self, device: &DmDevice) {
        let mut registry = lock(&self.registry);
        let minor = device.dev().minor;
        registry.by_minor.remove(&minor);
        registry.minors.remove(&minor);
        let state = device.state();
        registry.names.remove(&state.name);
        if let Some(uuid) = &state.uuid {
            registry.uuids.remove(uuid);
        }
    }

    /// A name is free again.
    pub(super) fn release_name(&self, name: &DmName) {
        lock(&self.registry).names.remove(name);
    }

    /// Every device, by minor number.
    pub(super) fn devices(&self) -> Vec<Arc<DmDevice>> {
        lock(&self.registry).by_minor.values().cloned().collect()
    }

    /// The device that a command is about; the reply then names it, and says whether it has an inactive table.
    ///
    /// # Errors
    ///
    /// `ENXIO` when it is named in no way, in two, or is not there.
    pub(super) fn find(&self, call: &mut Call<'_>) -> Result<Arc<DmDevice>, Errno> {
        let header = call.header();
        let (name, uuid, dev) = (header.name(), header.uuid(), header.dev());
        let numbered = dev != DevNo::default();
        let device = match (DmName::new(name), DmUuid::new(uuid), numbered) {
            (Err(_), Ok(uuid), false) => lock(&self.registry).by_uuid(&uuid),
            (Ok(name), Err(_), false) => lock(&self.registry).by_name(&name),
            (Err(_), Err(_), true) => self.numbered(dev),
            _ => None,
        };
        let device = device.ok_or(Errno::ENXIO)?;
        let state = device.state();
        let header = call.header_mut();
        header.set_name(state.name.as_bytes());
        header.set_uuid(state.uuid.as_ref().map_or(&[], |uuid| uuid.as_bytes()));
        call.set_flags(Flags::INACTIVE_PRESENT, state.inactive.is_some());
        drop(state);
        Ok(device)
    }

    /// The device of this number: its own, or that of the node which serves it.
    pub(super) fn numbered(&self, dev: DevNo) -> Option<Arc<DmDevice>> {
        if dev.major == self.major {
            return lock(&self.registry).by_minor.get(&dev.minor).cloned();
        }
        self.served(|served| served.real == Some((dev.major, dev.minor)))
    }

    /// The device that is called `name`.
    pub(super) fn named(&self, name: &DmName) -> Option<Arc<DmDevice>> {
        lock(&self.registry).by_name(name)
    }

    /// The first device that is served so.
    pub(super) fn served(&self, fits: impl Fn(&Served) -> bool) -> Option<Arc<DmDevice>> {
        self.devices().into_iter().find(|device| device.state().served.as_ref().is_some_and(&fits))
    }

    /// From now on no table may use `device`.
    ///
    /// # Errors
    ///
    /// `EBUSY` when one does.
    pub(super) fn begin_removal(&self, device: &DmDevice) -> Result<(), Errno> {
        let _registry = lock(&self.registry);
        if self.stack.count(device.dev().minor) > 0 {
            return Err(Errno::EBUSY);
        }
        device.state().life = Life::Going;
        Ok(())
    }

    /// Lets a table of device `upper` use `lower`.
    ///
    /// # Errors
    ///
    /// `ENXIO` when `lower` is being removed; else as [`crate::device::Stack::hold`].
    pub(super) fn hold(&self, upper: u32, lower: &DmDevice) -> Result<Hold, Errno> {
        let _registry = lock(&self.registry);
        if lower.state().life != Life::There {
            return Err(Errno::ENXIO);
        }
        self.stack.hold(upper, lower.dev().minor)
    }
}

impl Registry {
    fn by_name(&self, name: &DmName) -> Option<Arc<DmDevice>> {
        self.by_minor.get(self.names.get(name)?).cloned()
    }

    fn by_uuid(&self, uuid: &DmUuid) -> Option<Arc<DmDevice>> {
        self.by_minor.get(self.uuids.get(uuid)?).cloned()
    }

    fn check_free(&self, name: Option<&DmName>, uuid: Option<&DmUuid>) -> Result<(), Errno> {
        let name_taken = name.is_some_and(|name| self.names.contains_key(name));
        let uuid_taken = uuid.is_some_and(|uuid| self.uuids.contains_key(uuid));
        if name_taken || uuid_taken { Err(Errno::EBUSY) } else { Ok(()) }
    }

    fn claim_names(
        &mut self,
        minor: u32,
        name: Option<&DmName>,
        uuid: Option<&DmUuid>,
    ) -> Result<(), Errno> {
        self.check_free(name, uuid)?;
        self.names.extend(name.map(|name| (name.clone(), minor)));
        self.uuids.extend(uuid.map(|uuid| (uuid.clone(), minor)));
        Ok(())
    }
}
