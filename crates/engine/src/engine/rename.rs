//! Giving a device another name, or its uuid.
//!
//! # Source
//!
//! `dev_rename` and `dm_hash_rename` in the kernel's `drivers/md/dm-ioctl.c`, 6.12.

use std::sync::Arc;

use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::name::{DmName, DmUuid};
use dm_core::packet::message;
use tracing::warn;

use super::Engine;
use super::call::Call;
use super::persist::Change;
use crate::device::DmDevice;
use crate::state::Record;

impl Engine {
    /// `DM_DEV_RENAME`. The device is looked up by its name alone, and the reply keeps the old one.
    pub(super) fn rename(&self, call: &mut Call<'_>) -> Result<(), Errno> {
        let data = call.data()?;
        let text = message::decode_text(&data)?;
        let device = if call.flags().contains(Flags::UUID) {
            let uuid = DmUuid::new(text).map_err(|_| Errno::EINVAL)?;
            self.set_uuid(call, &uuid)?
        } else {
            let name = DmName::new(text).map_err(|_| Errno::EINVAL)?;
            if !name.may_be_created() {
                return Err(Errno::EINVAL);
            }
            self.set_name(call, &name)?
        };
        if device.state().live.is_some() {
            device.mapped().raise_event();
        }
        self.report(&device, call);
        Ok(())
    }

    fn set_uuid(&self, call: &Call<'_>, uuid: &DmUuid) -> Result<Arc<DmDevice>, Errno> {
        let (claim, device) = self.claim_for(call.header().name(), None, Some(uuid))?;
        let _pass = device.enter(call.client.interrupted)?;
        let mut record = device.to_record();
        record.set_uuid(uuid);
        self.stage_named(&device, record)?.commit()?;
        device.state().uuid = Some(uuid.clone());
        claim.keep();
        Ok(Arc::clone(&device))
    }

    fn set_name(&self, call: &Call<'_>, name: &DmName) -> Result<Arc<DmDevice>, Errno> {
        let (claim, device) = self.claim_for(call.header().name(), Some(name), None)?;
        let _pass = device.enter(call.client.interrupted)?;
        let before = device.identity();
        if before.name.as_bytes() != call.header().name() {
            // Another rename was first: there is no device of that name any more.
            return Err(Errno::ENXIO);
        }
        let served = device.state().served.clone();
        let mut record = device.to_record();
        record.set_name(name);
        let change = self.stage_named(&device, record)?;
        if let Some(served) = &served {
            self.frontend.rename(&before, served, name)?;
        }
        if let Err(errno) = change.commit() {
            self.rename_back(&device, name, &before.name);
            return Err(errno);
        }
        device.state().name = name.clone();
        claim.keep();
        self.release_name(&before.name);
        Ok(Arc::clone(&device))
    }

    /// Stages a change of names, which a device with a live table tells as an event.
    fn stage_named<'a>(
        &'a self,
        device: &'a DmDevice,
        record: Record,
    ) -> Result<Change<'a>, Errno> {
        let change = self.stage(device, record)?;
        Ok(if device.state().live.is_some() { change.with_event() } else { change })
    }

    /// The front end has a name that could not be remembered: it gets the old one again.
    fn rename_back(&self, device: &DmDevice, from: &DmName, to: &DmName) {
        let Some(served) = device.state().served.clone() else { return };
        let mut identity = device.identity();
        identity.name = from.clone();
        if let Err(errno) = self.frontend.rename(&identity, &served, to) {
            warn!(name = %to, %errno, "a node keeps a name that its device does not have");
        }
    }
}
