//! Devices of an earlier daemon: taken over, made anew, or deleted.
//!
//! | the driver has | then |
//! |---|---|
//! | a quiesced device with our mark | it is taken over: nobody who uses it notices more than a pause |
//! | one that still lives | its daemon is dying: it is waited for |
//! | one that is dead | its daemon died while it made or removed it: it is deleted, and made anew |
//! | none, or a stranger's | it is made anew, with the old number if that is free |
//!
//! # Source
//!
//! `ublk_ctrl_start_recovery` in the kernel's `drivers/block/ublk_drv.c`, 6.12.

use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dm_core::errno::Errno;

use super::disk::{Disk, Driver, pause};
use super::mark::Mark;
use crate::mapped::MappedDevice;
use crate::ring::ublk::wire::{DeviceInfo, state};

/// How long a daemon may take to die: what it has with disks is waited for.
const DEATH_LIMIT: Duration = Duration::from_secs(30);

impl Driver {
    /// Takes over the device with number `id` from a daemon that has gone. `None`: there is none to take over.
    ///
    /// # Errors
    ///
    /// What the driver says; the device is as it was then.
    pub(super) fn take_over(
        &self,
        id: u32,
        mark: u64,
        mapped: &Arc<MappedDevice>,
    ) -> Result<Option<Disk>, Errno> {
        let deadline = Instant::now() + DEATH_LIMIT;
        loop {
            let info = match self.control.info(id) {
                Ok(info) if info.ublksrv_flags == mark => info,
                Ok(_) | Err(Errno::ENODEV) => return Ok(None),
                Err(errno) => return Err(errno),
            };
            let begun = match info.state {
                state::DEAD => {
                    self.delete_any(id);
                    return Ok(None);
                }
                state::QUIESCED | state::FAIL_IO => self.control.start_recovery(id),
                _ => Err(Errno::EBUSY),
            };
            match begun {
                Ok(()) => return self.go_on(&info, mapped).map(Some),
                Err(Errno::EBUSY) if Instant::now() < deadline => pause(),
                Err(errno) => return Err(errno),
            }
        }
    }

    /// Serves a device whose recovery has begun.
    fn go_on(&self, info: &DeviceInfo, mapped: &Arc<MappedDevice>) -> Result<Disk, Errno> {
        let serving = self.serve(info, mapped)?;
        self.control.end_recovery(info.dev_id)?;
        let parameters = self.control.parameters(info.dev_id)?;
        self.disk(info, parameters, serving)
    }

    /// Deletes what an engine with this mark left behind, but for those numbered `known`.
    pub(super) fn delete_strays(&self, mark: Mark, known: &[u32]) {
        for id in numbers().into_iter().filter(|id| !known.contains(id)) {
            let Ok(info) = self.control.info(id) else { continue };
            if mark.is_on(info.ublksrv_flags) {
                tracing::warn!(id, "a ublk device that no device has is deleted");
                self.delete_any(id);
            }
        }
    }
}

/// The numbers of all devices.
fn numbers() -> Vec<u32> {
    let entries = fs::read_dir("/sys/class/ublk-char").into_iter().flatten().flatten();
    let number = |name: &str| name.strip_prefix("ublkc")?.parse().ok();
    entries.filter_map(|entry| number(entry.file_name().to_str()?)).collect()
}
