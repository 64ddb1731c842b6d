//! Making a device.
//!
//! # Source
//!
//! `dev_create` in the kernel's `drivers/md/dm-ioctl.c`, 6.12.

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::name::{DmName, DmUuid};

use super::Engine;
use super::call::Call;

impl Engine {
    /// `DM_DEV_CREATE`: a device without a table, not suspended.
    pub(super) fn create(&self, call: &mut Call<'_>) -> Result<(), Errno> {
        let header = call.header();
        let name = DmName::new(header.name()).map_err(|_| Errno::EINVAL)?;
        if !name.may_be_created() {
            return Err(Errno::EINVAL);
        }
        let uuid = DmUuid::new(header.uuid()).ok();
        let minor = call.flags().contains(Flags::PERSISTENT_DEV).then_some(header.dev().minor);
        let claim = self.claim(minor, &name, uuid.as_ref())?;
        let dev = DevNo::new(self.major, claim.minor);
        let device = self.new_device(dev, name, uuid, 0);
        self.stage(&device, device.to_record())?.commit()?;
        self.register(&device);
        claim.keep();
        call.set_flags(Flags::INACTIVE_PRESENT, false);
        self.report(&device, call);
        Ok(())
    }
}
