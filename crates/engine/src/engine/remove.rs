//! Removing devices: one, all, and those whose removal was put off.
//!
//! # Source
//!
//! `dev_remove`, `dm_hash_remove_all` and `__hash_remove` in the kernel's `drivers/md/dm-ioctl.c`, 6.12;
//! `dm_lock_for_deletion` and `__dm_destroy` in `drivers/md/dm.c`.

use std::sync::Arc;

use dm_core::errno::Errno;
use dm_core::flags::Flags;
use tracing::warn;

use super::Engine;
use super::call::Call;
use crate::device::{DmDevice, Life, Pass};

impl Engine {
    /// `DM_DEV_REMOVE`.
    pub(super) fn remove(&self, call: &mut Call<'_>) -> Result<(), Errno> {
        let device = self.find(call)?;
        let pass = device.enter(call.client.interrupted)?;
        match self.remove_device(&device, &pass) {
            Ok(()) => {
                call.set_flags(Flags::DEFERRED_REMOVE, false);
                Ok(())
            }
            Err(Errno::EBUSY) if call.flags().contains(Flags::DEFERRED_REMOVE) => {
                self.set_deferred(&device, true)
            }
            Err(errno) => Err(errno),
        }
    }

    /// `DM_REMOVE_ALL`: those that are open stay, or are marked to go later.
    pub(super) fn remove_all(&self, call: &mut Call<'_>) -> Result<(), Errno> {
        let defer = call.flags().contains(Flags::DEFERRED_REMOVE);
        // What uses another goes first, and sets that free: once more, until nothing more goes.
        loop {
            let mut gone = false;
            for device in self.devices() {
                let Ok(pass) = device.enter(call.client.interrupted) else { continue };
                match self.remove_device(&device, &pass) {
                    Ok(()) => gone = true,
                    Err(Errno::EBUSY) if defer => self.set_deferred(&device, true)?,
                    Err(errno) => log_left(&device, errno),
                }
            }
            if !gone {
                call.reply_nothing();
                return Ok(());
            }
        }
    }

    /// Removes devices whose removal was put off and that nobody has open any more.
    pub(super) fn remove_deferred(&self) {
        loop {
            let mut gone = false;
            for device in self.devices() {
                let state = device.state();
                let due = state.deferred && state.life == Life::There;
                drop(state);
                if due
                    && self.open_count(&device) == 0
                    && let Ok(pass) = device.enter(&|| true)
                {
                    gone |= self.remove_device(&device, &pass).is_ok();
                }
            }
            if !gone {
                return;
            }
        }
    }

    /// Notes, lastingly, whether a device goes when nobody has it open.
    ///
    /// # Errors
    ///
    /// `EBUSY` when it is just going; else what the state folder says.
    pub(super) fn set_deferred(&self, device: &DmDevice, deferred: bool) -> Result<(), Errno> {
        let state = device.state();
        if state.life != Life::There {
            return Err(Errno::EBUSY);
        }
        if state.deferred == deferred {
            return Ok(());
        }
        drop(state);
        let mut record = device.to_record();
        record.deferred_remove = deferred;
        self.stage(device, record)?.commit()?;
        device.state().deferred = deferred;
        Ok(())
    }

    /// Removes a device, whose gate was entered. Requests that it holds back end with an error.
    ///
    /// # Errors
    ///
    /// `EBUSY` while it is open; else what the state folder says. It is as it was then.
    fn remove_device(&self, device: &DmDevice, _inside: &Pass<'_>) -> Result<(), Errno> {
        self.begin_removal(device)?;
        let identity = device.identity();
        let served = device.state().served.clone();
        let removed = match &served {
            Some(served) => self.frontend.remove(&identity, served),
            None => Ok(()),
        };
        if let Err(errno) = removed.and_then(|()| self.erase_or_serve_again(device)) {
            device.state().life = Life::There;
            return Err(errno);
        }
        self.unregister(device);
        let mut state = device.state();
        state.life = Life::Gone;
        let inactive = state.inactive.take();
        // Who waits for an event still gets the live table's status; what is under it is free.
        let table = state.live.as_ref().map(|live| Arc::clone(&live.table));
        let holds = state.live.as_mut().map(|live| std::mem::take(&mut live.holds));
        let frozen = std::mem::take(&mut state.frozen);
        drop(state);
        if holds.is_some() {
            device.mapped().raise_event();
        }
        device.mapped().fail_all();
        if let Some(table) = table {
            table.end();
        }
        drop((inactive, holds, frozen));
        self.news.tell();
        Ok(())
    }

    /// Forgets a device that is served no more; where it cannot be forgotten, it is served again.
    fn erase_or_serve_again(&self, device: &DmDevice) -> Result<(), Errno> {
        let Err(errno) = self.erase(device) else { return Ok(()) };
        let before = device.state().served.take();
        if before.is_some() {
            match self.frontend.add(&device.identity(), device.mapped(), before.as_ref()) {
                Ok(served) => device.state().served = Some(served),
                Err(error) => warn!(minor = device.dev().minor, %error, "no node any more"),
            }
        }
        Err(errno)
    }
}

fn log_left(device: &DmDevice, errno: Errno) {
    if errno != Errno::EBUSY {
        warn!(minor = device.dev().minor, %errno, "a device stays");
    }
}
