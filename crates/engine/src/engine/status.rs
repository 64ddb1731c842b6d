//! What there is to be told of one device: its state, its targets', its next event; and of the engine.
//!
//! # Source
//!
//! `dev_status`, `dev_wait`, `table_status` and `retrieve_status` in the kernel's `drivers/md/dm-ioctl.c`,
//! 6.12.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::mangle;
use dm_core::packet::specs;
use dm_core::table::{Line, Table};
use dm_core::units::Sectors;
use serde_json::{Value, json};

use super::Engine;
use super::call::Call;
use super::report::shown;
use crate::device::{DmDevice, Life, Slot, State};
use crate::target::StatusKind;

/// The bytes of a line in a status reply, before its text.
const SPEC_SIZE: usize = 40;
/// The form of [`Engine::engine_status`].
const SCHEMA: u32 = 1;
/// What a status is about: the targets' state, their arguments, or what is measured of them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Text(StatusKind),
    /// No target of ours is measured: the text is empty.
    Measurement,
}

impl Wanted {
    fn of(flags: Flags) -> Self {
        if flags.contains(Flags::STATUS_TABLE) {
            Self::Text(StatusKind::Table)
        } else if flags.contains(Flags::IMA_MEASUREMENT) {
            Self::Measurement
        } else {
            Self::Text(StatusKind::Info)
        }
    }

    fn line(self, slot: &Slot, index: usize) -> Option<Line> {
        match self {
            Self::Text(kind) => slot.line(index, kind),
            Self::Measurement => {
                let mut line = slot.line(index, StatusKind::Table)?;
                line.args.clear();
                Some(line)
            }
        }
    }
}

impl Engine {
    /// `DM_DEV_STATUS`.
    pub(super) fn device_status(&self, call: &mut Call<'_>) -> Result<(), Errno> {
        let device = self.find(call)?;
        self.report_whole(&device, call);
        Ok(())
    }

    /// `DM_TABLE_STATUS`.
    pub(super) fn table_status(&self, call: &mut Call<'_>) -> Result<(), Errno> {
        let device = self.find(call)?;
        self.report(&device, call);
        let state = device.state();
        if let Some(slot) = shown(call, state.live.as_ref(), state.inactive.as_ref()) {
            tell(slot, call);
        }
        Ok(())
    }

    /// `DM_DEV_WAIT`: for an event number other than the one sent. A device that goes meanwhile has, as a
    /// last event, that it goes; without a live table it has none, and its going is `ENXIO`.
    pub(super) fn wait(&self, call: &mut Call<'_>) -> Result<(), Errno> {
        let device = self.find(call)?;
        let known = call.header().event_nr.get();
        loop {
            let seen = self.news.count();
            if device.event_nr() != known {
                break;
            }
            if device.state().life == Life::Gone {
                return Err(Errno::ENXIO);
            }
            if (call.client.interrupted)() {
                return Err(Errno::EINTR);
            }
            self.news.wait_past(seen);
        }
        self.report(&device, call);
        let state = device.state();
        if let Some(slot) = shown(call, state.live.as_ref(), state.inactive.as_ref()) {
            tell(slot, call);
        }
        Ok(())
    }

    /// `DM_DEV_ARM_POLL`: what happens from now on is news to the client.
    pub(super) fn arm_poll(&self, call: &mut Call<'_>) {
        call.client.armed.store(self.news.count(), Ordering::Relaxed);
    }

    /// Our own command: the engine and its devices, as JSON text; a number that is sent selects the device. With
    /// `SKIP_BDGET` nobody counts who has them open.
    pub(super) fn engine_status(&self, call: &mut Call<'_>) {
        let only = Some(call.header().dev()).filter(|dev| *dev != DevNo::default());
        let mut devices: Vec<Arc<DmDevice>> = match only {
            Some(dev) => self.numbered(dev).into_iter().collect(),
            None => self.devices(),
        };
        devices.sort_by_cached_key(|device| device.identity().name);
        let counts = !call.flags().contains(Flags::SKIP_BDGET);
        let open_count = |device| counts.then(|| self.open_count(device));
        let devices: Vec<Value> =
            devices.iter().map(|device| self.describe(device, open_count(device))).collect();
        let status = json!({
            "schema": SCHEMA,
            "version": env!("CARGO_PKG_VERSION"),
            "frontend": self.frontend.kind(),
            "pid": std::process::id(),
            "major": self.major,
            "devices": devices,
        });
        call.reply_with(status.to_string().as_bytes());
    }

    /// How far a device is read ahead, in sectors; none before its first table, for there is no disk then.
    fn read_ahead(&self, state: &State) -> Option<u64> {
        let set = state.served.as_ref().and_then(|served| self.frontend.read_ahead(served));
        let table = state.live.as_ref().or(state.inactive.as_ref()).map(|slot| &slot.table);
        set.or_else(|| table.map(|table| table.limits().read_ahead())).map(Sectors::get)
    }

    fn describe(&self, device: &DmDevice, open_count: Option<i32>) -> Value {
        let event_nr = self.remember_events(device);
        let state = device.state();
        let live = state.live.as_ref();
        json!({
            "name": encode(state.name.as_bytes()),
            "uuid": state.uuid.as_ref().map(|uuid| encode(uuid.as_bytes())),
            "major": device.dev().major,
            "minor": device.dev().minor,
            "node": state.served.as_ref().and_then(|served| served.node.as_ref()),
            "read_ahead": self.read_ahead(&state),
            "suspended": device.mapped().is_suspended(),
            "read_only": live.is_some_and(|slot| slot.table.is_read_only()),
            "open_count": open_count,
            "event_nr": event_nr,
            "live_targets": live.map_or(0, Slot::len),
            "inactive_targets": state.inactive.as_ref().map_or(0, Slot::len),
            "size_sectors": live.map_or(0, |slot| slot.table.size().get()),
        })
    }
}

fn encode(bytes: &[u8]) -> String {
    mangle::encode(bytes).into_iter().map(char::from).collect()
}

/// Puts a line for every target into the reply, as far as there is room.
fn tell(slot: &Slot, call: &mut Call<'_>) {
    let wanted = Wanted::of(call.flags());
    let mut lines = Table::new();
    let mut at: usize = 0;
    let mut full = false;
    for index in 0..slot.len() {
        let left = call.room().saturating_sub(at);
        let line = if left > SPEC_SIZE { wanted.line(slot, index) } else { None };
        let needed = line.as_ref().map(|line| line.args.len().saturating_add(SPEC_SIZE + 1));
        match (line, needed) {
            // quirk: a text that fills the buffer to the last byte is taken for one that was cut.
            (Some(line), Some(needed)) if needed < left => {
                at = at.saturating_add(needed).next_multiple_of(8);
                lines.push(line);
            }
            _ => {
                full = true;
                break;
            }
        }
    }
    if full {
        call.reply_full();
    }
    if !lines.is_empty() {
        call.reply_with(&specs::encode_status(&lines));
    }
    call.header_mut().target_count.set(u32::try_from(slot.len()).unwrap_or(u32::MAX));
}
