//! Suspending and resuming; resuming is also how an inactive table becomes live.
//!
//! A resume that the kernel would refuse ends as in the kernel: the new table is gone, the old one is live,
//! the device is suspended. A resume that fails for a reason that the kernel does not have (it cannot be
//! remembered, the node cannot be made) changes nothing: the table is in the inactive slot again.
//!
//! # Source
//!
//! `do_suspend` and `do_resume` in the kernel's `drivers/md/dm-ioctl.c`, 6.12; `dm_suspend`, `dm_resume` and
//! `dm_swap_table` in `drivers/md/dm.c`.

use std::sync::Arc;

use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::units::Sectors;
use tracing::warn;

use super::Engine;
use super::call::Call;
use super::persist::Change;
use crate::build::LiveTable;
use crate::device::{DmDevice, Frozen, Slot};
use crate::mapped::Suspend;

impl Engine {
    /// `DM_DEV_SUSPEND`, one way or the other.
    pub(super) fn suspend_or_resume(&self, call: &mut Call<'_>) -> Result<(), Errno> {
        let device = self.find(call)?;
        let _pass = device.enter(call.client.interrupted)?;
        if call.flags().contains(Flags::SUSPEND) {
            self.suspend(&device, call)?;
        } else {
            self.resume(&device, call)?;
            call.set_flags(Flags::INACTIVE_PRESENT, false);
        }
        self.report(&device, call);
        Ok(())
    }

    fn suspend(&self, device: &DmDevice, call: &Call<'_>) -> Result<(), Errno> {
        if device.mapped().is_suspended() {
            return Ok(());
        }
        let mut record = device.to_record();
        record.suspended = true;
        let change = self.stage(device, record)?;
        self.hold_requests(device, call)?;
        change.commit().inspect_err(|_| release_requests(device))
    }

    /// Suspends the device, and the filesystem on it if that is asked for.
    fn hold_requests(&self, device: &DmDevice, call: &Call<'_>) -> Result<(), Errno> {
        let no_flush = call.flags().contains(Flags::NOFLUSH);
        let freezes = !no_flush && !call.flags().contains(Flags::SKIP_LOCKFS);
        let served = {
            let state = device.state();
            state.served.clone().filter(|_| freezes && state.live.is_some())
        };
        let frozen = served.map(|served| self.frontend.freeze(&served)).transpose()?.flatten();
        let mode = if no_flush { Suspend::NoFlush } else { Suspend::Flush };
        device.mapped().suspend(mode, call.client.interrupted)?;
        device.state().frozen = Frozen(frozen);
        Ok(())
    }

    fn resume(&self, device: &DmDevice, call: &Call<'_>) -> Result<(), Errno> {
        let new = device.state().inactive.take();
        if let Some(new) = new {
            if new.is_whole {
                return self.resume_with(device, new, call);
            }
            let whole = self.complete(device, &new);
            return match whole {
                Ok(whole) => self.resume_with(device, whole, call),
                Err(errno) => {
                    device.state().inactive = Some(new);
                    Err(errno)
                }
            };
        }
        if device.mapped().is_suspended() {
            let size = device.mapped().live().map_or(Sectors::ZERO, |table| table.size());
            if size.is_zero() {
                return Err(Errno::EINVAL);
            }
            let mut record = device.to_record();
            record.suspended = false;
            self.stage(device, record)?.commit()?;
            release_requests(device);
        }
        self.serve_anew(device)
    }

    /// Tells the front end once more what it could not take over before.
    fn serve_anew(&self, device: &DmDevice) -> Result<(), Errno> {
        let state = device.state();
        let missing = state.live.is_some() && (state.served.is_none() || state.served_is_stale);
        drop(state);
        if missing { self.serve(device) } else { Ok(()) }
    }

    fn resume_with(&self, device: &DmDevice, new: Slot, call: &Call<'_>) -> Result<(), Errno> {
        if let Err(errno) = self.accepts(device, &new) {
            device.state().inactive = Some(new);
            return Err(errno);
        }
        let was_suspended = device.mapped().is_suspended();
        let mut record = device.to_record();
        record.suspended = false;
        record.inactive = None;
        record.live = Some(new.to_saved());
        let resized = device.mapped().live().is_none_or(|old| old.size() != new.table.size());
        if resized {
            record.geometry = None;
        }
        let staged = self.stage(device, record).and_then(|change| {
            if !was_suspended {
                self.hold_requests(device, call)?;
            }
            Ok(change)
        });
        let change = match staged {
            Ok(change) => change,
            Err(errno) => {
                device.state().inactive = Some(new);
                return Err(errno);
            }
        };
        let old = device.mapped().live();
        if let Err(errno) = new.table.limits_after(old.as_deref()) {
            drop((change, new));
            self.remember_refusal(device);
            return Err(errno);
        }
        self.go_live(device, new, change, was_suspended)?;
        if resized {
            device.state().geometry = None;
        }
        Ok(())
    }

    /// The swap itself, of a suspended device; at its end the device runs.
    fn go_live(
        &self,
        device: &DmDevice,
        new: Slot,
        mut change: Change<'_>,
        was_suspended: bool,
    ) -> Result<(), Errno> {
        let old = device.mapped().swap(Some(Arc::clone(&new.table)));
        let is_first = device.state().served.is_none();
        let done = if is_first {
            // A node that is new is opened, and read, by whoever looks for filesystems: it must answer.
            device.mapped().resume();
            self.add(device, change)
        } else {
            change.record.served.clone_from(&device.state().served);
            change.commit()
        };
        if let Err(errno) = done {
            put_back(device, new, old, was_suspended);
            return Err(errno);
        }
        let mut state = device.state();
        let old_slot = state.live.replace(new);
        drop(state);
        // Before the new table begins: both may write to the same log.
        if let Some(old_slot) = &old_slot {
            old_slot.end();
        }
        release_requests(device);
        self.news.tell();
        drop((old, old_slot));
        if is_first { Ok(()) } else { self.serve(device) }
    }

    /// Has the device served for the first time, and remembers where.
    fn add(&self, device: &DmDevice, mut change: Change<'_>) -> Result<(), Errno> {
        let identity = device.identity();
        let served = self.frontend.add(&identity, device.mapped(), None)?;
        change.record.served = Some(served.clone());
        if let Err(errno) = change.commit() {
            if let Err(error) = self.frontend.remove(&identity, &served) {
                warn!(minor = identity.minor, %error, "a node stays that no device has");
            }
            return Err(errno);
        }
        device.state().served = Some(served);
        Ok(())
    }

    /// Has the front end take over the live table's size, limits and read-only state. A front end that
    /// cannot is told again at the next resume.
    fn serve(&self, device: &DmDevice) -> Result<(), Errno> {
        let served = device.state().served.clone();
        let Some(table) = device.mapped().live() else { return Ok(()) };
        let identity = device.identity();
        let Some(served) = served else {
            let change = self.stage(device, device.to_record())?;
            return self.add(device, change);
        };
        let taken = self.frontend.changed(&identity, &served, device.mapped(), &table.limits());
        device.state().served_is_stale = taken.is_err();
        let Some(moved) = taken? else { return Ok(()) };
        device.state().served = Some(moved);
        self.stage(device, device.to_record())?.commit()
    }

    /// Whether the front end could take over the table.
    fn accepts(&self, device: &DmDevice, new: &Slot) -> Result<(), Errno> {
        let Some(served) = device.state().served.clone() else { return Ok(()) };
        let old = device.mapped().live();
        // A table whose limits do not work out is refused in its own way.
        let Ok(limits) = new.table.limits_after(old.as_deref()) else { return Ok(()) };
        self.frontend.accepts(&device.identity(), &served, new.table.size(), &limits)
    }

    /// The kernel's own end of a swap that is refused is remembered as far as it can be: a restart may find
    /// the device as it was before.
    fn remember_refusal(&self, device: &DmDevice) {
        let change = self.stage(device, device.to_record());
        if let Err(errno) = change.and_then(Change::commit) {
            warn!(minor = device.dev().minor, %errno, "a refused table is still remembered");
        }
    }
}

/// Undoes a swap: the old table is live again, the new one inactive, the device suspended as it was.
fn put_back(device: &DmDevice, new: Slot, old: Option<Arc<LiveTable>>, was_suspended: bool) {
    if !device.mapped().is_suspended() {
        // Nobody calls this off: it waits only for requests of a node that was never remembered.
        if let Err(errno) = device.mapped().suspend(Suspend::NoFlush, &|| false) {
            warn!(minor = device.dev().minor, %errno, "a table stays that was not remembered");
            return;
        }
    }
    drop(device.mapped().swap(old));
    device.state().inactive = Some(new);
    if !was_suspended {
        release_requests(device);
    }
}

/// Lets a suspended device's requests go on, then the filesystem on it.
fn release_requests(device: &DmDevice) {
    device.mapped().resume();
    let frozen = std::mem::take(&mut device.state().frozen);
    drop(frozen);
}
