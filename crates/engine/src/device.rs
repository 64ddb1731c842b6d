//! One device as the control interface sees it: names, the two tables, what it is waiting for.
//!
//! What serves its requests is its [`MappedDevice`]; here is what commands change.
//!
//! Locks, in the order in which they are taken; none earlier in the list while a later one is held:
//!
//! 1. a device's `Gate`: one change of a device at a time, held across suspending and the front end;
//! 2. the engine's registry (`engine/registry.rs`): held only to look up, to claim and to let go;
//! 3. a device's `State`: held only to read or to set fields;
//! 4. a device's record: held while it is written;
//! 5. the stack's and the news': leaves.

mod gate;
mod news;
mod slot;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::name::{DmName, DmUuid};

pub(crate) use gate::{Gate, Pass};
pub(crate) use news::News;
pub(crate) use slot::{Hold, Slot, Stack};

use crate::frontend::{Identity, Served};
use crate::mapped::MappedDevice;
use crate::state::{Geometry, Record};

/// Locks what no panic leaves half changed: every holder sets whole values.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A device.
#[derive(Debug)]
pub(crate) struct DmDevice {
    dev: DevNo,
    mapped: Arc<MappedDevice>,
    gate: Gate,
    state: Mutex<State>,
    /// What the state folder holds of it; nothing before its creation and after its removal.
    pub(crate) record: Mutex<Option<Record>>,
    /// The event number that it had when this process began to serve it.
    event_base: u32,
}

/// Whether a device is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Life {
    /// It is.
    There,
    /// Its removal has begun: it takes no messages, and no table may use it.
    Going,
    /// It is removed.
    Gone,
}

/// What commands change.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) name: DmName,
    pub(crate) uuid: Option<DmUuid>,
    pub(crate) live: Option<Slot>,
    pub(crate) inactive: Option<Slot>,
    pub(crate) geometry: Option<Geometry>,
    pub(crate) served: Option<Served>,
    /// The front end could not take over the live table's size or limits.
    pub(crate) served_is_stale: bool,
    /// Goes when nobody has it open.
    pub(crate) deferred: bool,
    /// Whether it is there.
    pub(crate) life: Life,
    /// It had a table: its limits were checked once, at its load.
    pub(crate) established: bool,
    /// The filesystem on it, frozen.
    pub(crate) frozen: Frozen,
}

/// What thaws a filesystem when it is dropped.
#[derive(Default)]
pub(crate) struct Frozen(pub(crate) Option<Box<dyn Send>>);

impl std::fmt::Debug for Frozen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Frozen").field(&self.0.is_some()).finish()
    }
}

impl State {
    fn new(name: DmName, uuid: Option<DmUuid>) -> Self {
        Self {
            name,
            uuid,
            live: None,
            inactive: None,
            geometry: None,
            served: None,
            served_is_stale: false,
            deferred: false,
            life: Life::There,
            established: false,
            frozen: Frozen::default(),
        }
    }
}

impl DmDevice {
    /// A device without a table, whose events count from `event_base`.
    pub(crate) fn new(
        dev: DevNo,
        name: DmName,
        uuid: Option<DmUuid>,
        event_base: u32,
    ) -> Arc<Self> {
        Arc::new(Self {
            dev,
            mapped: MappedDevice::new(dev),
            gate: Gate::default(),
            state: Mutex::new(State::new(name, uuid)),
            record: Mutex::new(None),
            event_base,
        })
    }

    /// Its number.
    pub(crate) fn dev(&self) -> DevNo {
        self.dev
    }

    /// What serves its requests.
    pub(crate) fn mapped(&self) -> &Arc<MappedDevice> {
        &self.mapped
    }

    /// What commands change, locked.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// How many events it has had, over all processes that served it.
    pub(crate) fn event_nr(&self) -> u32 {
        self.event_base.wrapping_add(self.mapped.event_nr())
    }

    /// Waits for its turn to change the device.
    ///
    /// # Errors
    ///
    /// `EINTR` when `interrupted` says so; `ENXIO` when the device has gone meanwhile.
    pub(crate) fn enter(&self, interrupted: &dyn Fn() -> bool) -> Result<Pass<'_>, Errno> {
        let pass = self.gate.enter(interrupted)?;
        if self.state().life == Life::Gone {
            return Err(Errno::ENXIO);
        }
        Ok(pass)
    }

    /// What a front end calls it.
    pub(crate) fn identity(&self) -> Identity {
        Identity { name: self.state().name.clone(), minor: self.dev.minor }
    }

    /// Its record as of now.
    pub(crate) fn to_record(&self) -> Record {
        let state = self.state();
        let mut record = Record::new(self.dev.minor, &state.name, state.uuid.as_ref());
        record.event_nr = self.event_nr();
        record.suspended = self.mapped.is_suspended();
        record.deferred_remove = state.deferred;
        record.established = state.established;
        record.geometry = state.geometry;
        record.live = state.live.as_ref().map(Slot::to_saved);
        record.inactive = state.inactive.as_ref().map(Slot::to_saved);
        record.served.clone_from(&state.served);
        record
    }
}
