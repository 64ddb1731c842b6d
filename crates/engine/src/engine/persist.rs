//! How a change of a device becomes lasting: staged before anything else is touched, committed when all the
//! rest is done, and dropped when something else failed.

use dm_core::errno::Errno;
use tracing::warn;

use super::Engine;
use crate::device::{DmDevice, lock};
use crate::state::{Record, Staged};

/// A change that is staged.
#[derive(Debug)]
pub(super) struct Change<'a> {
    device: &'a DmDevice,
    staged: Option<Staged<'a>>,
    /// What the device will be: what is learnt meanwhile goes in here.
    pub(super) record: Record,
    events: u32,
}

impl Change<'_> {
    /// The change is followed at once by an event, which is remembered with it.
    #[must_use]
    pub(super) fn with_event(mut self) -> Self {
        self.events = 1;
        self
    }

    /// Makes the change last.
    ///
    /// # Errors
    ///
    /// What the system says; the folder has the old state then.
    pub(super) fn commit(mut self) -> Result<(), Errno> {
        let mut record = lock(&self.device.record);
        self.record.event_nr = self.device.event_nr().wrapping_add(self.events);
        let live = self.device.mapped().live();
        // Requests may have gone on since the change was staged.
        self.record.take_memories(live.as_deref());
        if let Some(staged) = self.staged {
            staged.commit(&self.record)?;
        }
        self.record.tell_remembered(live.as_deref());
        *record = Some(self.record);
        Ok(())
    }
}

impl Engine {
    /// Stages `record` as what `device` will be.
    ///
    /// # Errors
    ///
    /// What the system says, `ENOSPC` above all.
    pub(super) fn stage<'a>(
        &'a self,
        device: &'a DmDevice,
        record: Record,
    ) -> Result<Change<'a>, Errno> {
        let staged = self.state.as_ref().map(|folder| folder.stage(&record)).transpose()?;
        Ok(Change { device, staged, record, events: 0 })
    }

    /// Forgets `device`.
    ///
    /// # Errors
    ///
    /// What the system says; the folder still has it then.
    pub(super) fn erase(&self, device: &DmDevice) -> Result<(), Errno> {
        let mut record = lock(&device.record);
        if let Some(folder) = &self.state {
            folder.erase(device.dev().minor)?;
        }
        *record = None;
        Ok(())
    }

    /// Remembers the device's event number if it moved: before anybody is told, so that it never seems to go
    /// back. Where it cannot be remembered, that is logged, and it is told all the same.
    pub(super) fn remember_events(&self, device: &DmDevice) -> u32 {
        let mut slot = lock(&device.record);
        let event_nr = device.event_nr();
        if let Some(record) = slot.as_mut()
            && record.event_nr != event_nr
        {
            record.event_nr = event_nr;
            if let Some(Err(errno)) = self.state.as_ref().map(|folder| folder.save(record)) {
                warn!(minor = record.minor, %errno, "an event number is not remembered");
            }
        }
        event_nr
    }

    /// Remembers what requests have changed in the device's targets, and tells them so. It waits for no command
    /// on the device: that may itself wait for a request which is answered only when it is remembered.
    pub(super) fn remember_targets(&self, device: &DmDevice) {
        let Some(table) = device.mapped().live() else { return };
        if !table.placed().iter().any(|placed| placed.target.has_learnt()) {
            return;
        }
        let mut slot = lock(&device.record);
        let Some(record) = slot.as_mut() else { return };
        record.take_memories(Some(&table));
        match self.state.as_ref().map_or(Ok(()), |folder| folder.save(record)) {
            Ok(()) => record.tell_remembered(Some(&table)),
            Err(errno) => {
                warn!(minor = record.minor, %errno, "what a target learnt is not remembered");
                self.upkeep.call();
            }
        }
    }
}
