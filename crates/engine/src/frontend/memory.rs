//! Nothing can be opened: devices that only the control interface and tables above them see, for tests.

use std::sync::Arc;

use dm_core::errno::Errno;
use dm_core::name::DmName;

use super::{Frontend, Identity, Served};
use crate::limits::Limits;
use crate::mapped::MappedDevice;

/// The front end without a front.
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory;

impl Frontend for Memory {
    fn kind(&self) -> &'static str {
        "memory"
    }

    fn add(
        &self,
        _id: &Identity,
        _device: &Arc<MappedDevice>,
        _before: Option<&Served>,
    ) -> Result<Served, Errno> {
        Ok(Served { node: None, real: None, index: None })
    }

    fn changed(
        &self,
        _id: &Identity,
        _served: &Served,
        _device: &Arc<MappedDevice>,
        _limits: &Limits,
    ) -> Result<Option<Served>, Errno> {
        Ok(None)
    }

    fn rename(&self, _id: &Identity, _served: &Served, _to: &DmName) -> Result<(), Errno> {
        Ok(())
    }

    fn remove(&self, _id: &Identity, _served: &Served) -> Result<(), Errno> {
        Ok(())
    }

    fn open_count(&self, _id: &Identity, _served: &Served) -> i32 {
        0
    }
}
