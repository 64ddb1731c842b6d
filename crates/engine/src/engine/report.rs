//! What every reply about one device says: the header's status.
//!
//! # Source
//!
//! `__dev_status` in the kernel's `drivers/md/dm-ioctl.c`, 6.12.

use dm_core::flags::Flags;

use super::Engine;
use super::call::Call;
use crate::device::{DmDevice, Slot};

impl Engine {
    /// Fills in the header. Openers are counted, which takes a while, unless the client does without.
    pub(super) fn report(&self, device: &DmDevice, call: &mut Call<'_>) {
        let skips = call.flags().contains(Flags::SKIP_BDGET);
        let open_count = if skips { 0 } else { self.open_count(device) };
        self.fill_in(device, call, open_count);
    }

    /// Fills in the header for the command that asks for nothing else. The kernel counts the openers whatever the
    /// client says.
    pub(super) fn report_whole(&self, device: &DmDevice, call: &mut Call<'_>) {
        self.fill_in(device, call, self.open_count(device));
    }

    fn fill_in(&self, device: &DmDevice, call: &mut Call<'_>, open_count: i32) {
        let event_nr = self.remember_events(device);
        let inactive = call.flags().contains(Flags::QUERY_INACTIVE_TABLE);
        let state = device.state();
        let shown = if inactive { state.inactive.as_ref() } else { state.live.as_ref() };
        let (targets, read_only) =
            shown.map_or((0, false), |slot| (slot.len(), slot.table.is_read_only()));
        call.set_flags(Flags::SUSPEND, device.mapped().is_suspended());
        call.set_flags(Flags::INTERNAL_SUSPEND, false);
        call.set_flags(Flags::READONLY, read_only);
        call.set_flags(Flags::ACTIVE_PRESENT, state.live.is_some());
        call.set_flags(Flags::DEFERRED_REMOVE, state.deferred);
        drop(state);
        let header = call.header_mut();
        header.set_dev(device.dev());
        header.open_count.set(open_count);
        header.event_nr.set(event_nr);
        header.target_count.set(u32::try_from(targets).unwrap_or(u32::MAX));
    }

    /// How many have a device open: others, and tables of this engine.
    pub(super) fn open_count(&self, device: &DmDevice) -> i32 {
        let served = device.state().served.clone();
        let others =
            served.map_or(0, |served| self.frontend.open_count(&device.identity(), &served));
        let tables = i32::try_from(self.stack.count(device.dev().minor)).unwrap_or(i32::MAX);
        others.saturating_add(tables)
    }
}

/// The table that a command is about.
pub(super) fn shown<'a>(
    call: &Call<'_>,
    live: Option<&'a Slot>,
    inactive: Option<&'a Slot>,
) -> Option<&'a Slot> {
    if call.flags().contains(Flags::QUERY_INACTIVE_TABLE) { inactive } else { live }
}
