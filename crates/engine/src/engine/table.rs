//! The inactive slot, and what tables stand on: load, clear, deps.
//!
//! # Source
//!
//! `table_load`, `table_clear` and `table_deps` in the kernel's `drivers/md/dm-ioctl.c`, 6.12;
//! `dm_setup_md_queue` in `drivers/md/dm.c`.

use std::sync::Arc;

use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::packet::{HEADER_SIZE, deps, specs};
use dm_core::table::{Line, Table};
use tracing::warn;

use super::Engine;
use super::call::Call;
use super::open::TableOpener;
use super::report::shown;
use crate::build::{LiveTable, Mode};
use crate::device::{DmDevice, Slot};
use crate::target::{Features, TargetType};

impl Engine {
    /// `DM_TABLE_LOAD`: what was in the inactive slot goes.
    pub(super) fn load(&self, call: &mut Call<'_>) -> Result<(), Errno> {
        let device = self.find(call)?;
        let table = sent_table(call)?;
        let read_only = call.flags().contains(Flags::READONLY);
        let mode = if read_only { Mode::ReadOnly } else { Mode::ReadWrite };
        let _pass = device.enter(call.client.interrupted)?;
        let new = self.build(&device, &table, mode)?;
        check_successor(device.mapped().live().as_deref(), &new.table)?;
        let established = device.state().established;
        if !established {
            new.table.checked_limits()?;
        }
        let mut record = device.to_record();
        record.inactive = Some(new.to_saved());
        record.established = true;
        self.stage(&device, record)?.commit()?;
        let mut state = device.state();
        let old = state.inactive.replace(new);
        state.established = true;
        drop(state);
        drop(old);
        call.set_flags(Flags::INACTIVE_PRESENT, true);
        self.report(&device, call);
        Ok(())
    }

    /// Builds a table for `device`.
    pub(super) fn build(
        &self,
        device: &DmDevice,
        lines: &[Line],
        mode: Mode,
    ) -> Result<Slot, Errno> {
        TableOpener::new(self, device.dev().minor, mode).build(lines)
    }

    /// `DM_TABLE_CLEAR`.
    pub(super) fn clear(&self, call: &mut Call<'_>) -> Result<(), Errno> {
        let device = self.find(call)?;
        let _pass = device.enter(call.client.interrupted)?;
        let has_inactive = device.state().inactive.is_some();
        if has_inactive {
            let mut record = device.to_record();
            record.inactive = None;
            self.stage(&device, record)?.commit()?;
            let old = device.state().inactive.take();
            drop(old);
        }
        call.set_flags(Flags::INACTIVE_PRESENT, false);
        self.report(&device, call);
        Ok(())
    }

    /// `DM_TABLE_DEPS`.
    pub(super) fn table_deps(&self, call: &mut Call<'_>) -> Result<(), Errno> {
        let device = self.find(call)?;
        self.report(&device, call);
        let state = device.state();
        let slot = shown(call, state.live.as_ref(), state.inactive.as_ref());
        let table = slot.map(|slot| Arc::clone(&slot.table));
        drop(state);
        if let Some(table) = table {
            call.reply_with(&deps::encode(&table.deps()));
        }
        Ok(())
    }
}

/// The table in a load's payload.
///
/// # Errors
///
/// `EOVERFLOW` for too many lines, `EINVAL` for a payload that is not well formed.
fn sent_table(call: &Call<'_>) -> Result<Table, Errno> {
    let header = call.header();
    let (start, count) = (header.data_start.get(), header.target_count.get());
    if count > specs::TARGETS_MAX {
        return Err(Errno::EOVERFLOW);
    }
    if usize::try_from(start).unwrap_or(usize::MAX) < HEADER_SIZE {
        return Err(Errno::EINVAL);
    }
    specs::decode_load(&call.data()?, count)
}

/// Whether `new` may take the place of `live`: an immutable target is followed by its like only, or by one
/// that may take any place.
fn check_successor(live: Option<&LiveTable>, new: &LiveTable) -> Result<(), Errno> {
    let immutable = |table: &LiveTable| -> Option<&'static TargetType> {
        table
            .placed()
            .iter()
            .map(|placed| placed.kind)
            .find(|kind| kind.features.contains(Features::IMMUTABLE))
    };
    let Some(old) = live.and_then(immutable) else { return Ok(()) };
    let same = immutable(new).is_some_and(|kind| kind.name == old.name);
    let wildcard =
        new.placed().iter().any(|placed| placed.kind.features.contains(Features::WILDCARD));
    if same || wildcard {
        return Ok(());
    }
    warn!(target_type = old.name, "can't replace immutable target type");
    Err(Errno::EINVAL)
}
