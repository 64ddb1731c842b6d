//! Bringing back the devices of an earlier process.
//!
//! First every device without tables, so that names and numbers are known; then the live tables from the
//! bottom of each stack up, and their nodes; then the inactive ones. A leg that is no longer there, cannot be
//! opened, or is another that has its number or path now (a loop device that was attached anew, a file put in
//! the old one's place) is replaced by one that answers every request with `EIO` and is named as it was: the
//! device is there, its other legs work, its table reads as before, and it can be reloaded or removed. A
//! table that cannot even be built so is kept as text over a table of errors. An inactive table that is not
//! whole does not become live: a resume builds it again in full, or fails. Where no node can be made, the next
//! resume tries again.

use std::collections::BTreeSet;
use std::sync::Arc;

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::name::TargetName;
use dm_core::table::Line;
use dm_core::units::Sectors;
use tracing::warn;

use super::Engine;
use super::open::TableOpener;
use crate::build;
use crate::device::{DmDevice, Slot, lock};
use crate::mapped::Suspend;
use crate::state::{Record, RecordError, SavedTable};

impl Engine {
    /// Brings back every device that the state folder remembers, and says how many there are. To be called
    /// once, before any command.
    ///
    /// # Errors
    ///
    /// What the system says when the folder cannot be read.
    pub fn restore(&self) -> Result<usize, Errno> {
        let Some(folder) = &self.state else { return Ok(0) };
        let mut waiting = Vec::new();
        for record in folder.load()? {
            match self.restore_device(&record) {
                Ok(device) => waiting.push((device, record)),
                Err(error) => warn!(minor = record.minor, %error, "a device cannot come back"),
            }
        }
        let count = waiting.len();
        let mut restored = Vec::with_capacity(count);
        let mut done = BTreeSet::new();
        while !waiting.is_empty() {
            let (ready, rest) = split_ready(waiting, &done);
            for (device, record) in &ready {
                self.restore_live(device, record);
                done.insert(record.minor);
            }
            restored.extend(ready);
            waiting = rest;
        }
        for (device, record) in &restored {
            if let Some(saved) = &record.inactive {
                let slot = self.rebuild(device, saved, Which::Inactive);
                device.state().inactive = slot;
            }
        }
        self.frontend.restored();
        Ok(count)
    }

    fn restore_device(&self, record: &Record) -> Result<Arc<DmDevice>, RestoreError> {
        let (name, uuid) = (record.name()?, record.uuid()?);
        let claim = self.claim(Some(record.minor), &name, uuid.as_ref())?;
        let dev = DevNo::new(self.major, record.minor);
        let device = self.new_device(dev, name, uuid, record.event_nr);
        let mut state = device.state();
        state.deferred = record.deferred_remove;
        state.established = record.established;
        state.geometry = record.geometry;
        drop(state);
        *lock(&device.record) = Some(record.clone());
        self.register(&device);
        claim.keep();
        Ok(device)
    }

    fn restore_live(&self, device: &DmDevice, record: &Record) {
        // A device that nobody uses yet: nothing is under way, and nothing can call this off.
        if device.mapped().suspend(Suspend::NoFlush, &|| false).is_err() {
            return;
        }
        let slot = record.live.as_ref().and_then(|saved| self.rebuild(device, saved, Which::Live));
        let has_table = slot.is_some();
        if let Some(slot) = slot {
            drop(device.mapped().swap(Some(Arc::clone(&slot.table))));
            device.state().live = Some(slot);
        }
        if !record.suspended {
            device.mapped().resume();
        }
        if has_table {
            self.restore_node(device, record);
        }
    }

    fn restore_node(&self, device: &DmDevice, record: &Record) {
        let before = record.served.as_ref();
        match self.frontend.add(&device.identity(), device.mapped(), before) {
            Ok(served) => {
                let moved = before != Some(&served);
                device.state().served = Some(served);
                if moved {
                    self.remember_node(device);
                }
            }
            Err(errno) => warn!(minor = record.minor, %errno, "a device comes back without a node"),
        }
    }

    fn remember_node(&self, device: &DmDevice) {
        let mut record = device.to_record();
        let mut slot = lock(&device.record);
        // The inactive table is not back yet, but still remembered.
        record.inactive = slot.as_ref().and_then(|old| old.inactive.clone());
        if let Some(Err(errno)) = self.state.as_ref().map(|folder| folder.save(&record)) {
            warn!(minor = record.minor, %errno, "a device's new node is not remembered");
        }
        *slot = Some(record);
    }

    /// A table that came back with something lost, built again in full: its leg may be there again.
    ///
    /// # Errors
    ///
    /// What is still wrong with it.
    pub(super) fn complete(&self, device: &DmDevice, slot: &Slot) -> Result<Slot, Errno> {
        let saved = slot.to_saved();
        let opener = TableOpener::new(self, device.dev().minor, saved.mode());
        let slot = opener.expecting(&saved.marks).build(&saved.lines())?;
        slot.recall(&saved);
        Ok(slot)
    }

    /// A saved table, as much of it as can be had.
    fn rebuild(&self, device: &DmDevice, saved: &SavedTable, which: Which) -> Option<Slot> {
        let opener = TableOpener::new(self, device.dev().minor, saved.mode());
        let opener = if which == Which::Live { opener.bringing_back() } else { opener };
        let built = opener.expecting(&saved.marks).replacing_lost().build(&saved.lines());
        let built = built.inspect(|slot| slot.recall(saved));
        match built {
            Ok(slot) if which == Which::Inactive || slot.table.checked_limits().is_ok() => {
                Some(slot)
            }
            _ => {
                warn!(minor = device.dev().minor, "a table is lost, or too large for its devices");
                lost(saved)
            }
        }
    }
}

/// Which slot a table is for. An inactive one is checked against its devices when it becomes live.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    Live,
    Inactive,
}

/// A table of errors, as large as `saved`, which it shows.
fn lost(saved: &SavedTable) -> Option<Slot> {
    let lines = saved.lines();
    let size = lines.iter().map(|line| line.start.saturating_add(line.len)).max()?;
    let target = TargetName::new(b"error").ok()?;
    let line = Line { start: Sectors::ZERO, len: size, target, args: Vec::new() };
    let table = build::build(&[line], saved.mode(), &mut Nothing).ok()?;
    table.checked_limits().ok()?;
    let marks = saved.marks.clone();
    let (table, holds) = (Arc::new(table), Vec::new());
    Some(Slot { table, lost: Some(lines), is_whole: false, holds, marks })
}

/// Opens nothing: a table of errors has no legs.
struct Nothing;

impl crate::target::Opener for Nothing {
    fn open(&mut self, _: &[u8]) -> Result<Arc<dyn crate::io::request::Device>, Errno> {
        Err(Errno::ENXIO)
    }
}

type Waiting = Vec<(Arc<DmDevice>, Record)>;

/// Those whose live table stands only on devices that are done, and the others. Where none does (a device
/// under them is not remembered), all may go on.
fn split_ready(waiting: Waiting, done: &BTreeSet<u32>) -> (Waiting, Waiting) {
    let is_ready = |record: &Record| {
        record.live.as_ref().is_none_or(|saved| saved.uses.iter().all(|minor| done.contains(minor)))
    };
    if !waiting.iter().any(|(_, record)| is_ready(record)) {
        return (waiting, Vec::new());
    }
    waiting.into_iter().partition(|(_, record)| is_ready(record))
}

/// Why a device cannot come back.
#[derive(Debug, thiserror::Error)]
enum RestoreError {
    #[error("its record is damaged")]
    Record(#[from] RecordError),
    #[error("its name, uuid or number is another's")]
    Taken(#[from] Errno),
}
