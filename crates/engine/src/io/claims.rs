//! Devices that one target at a time may change: two that keep a store on one would each destroy the other's.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dm_core::devno::DevNo;

use crate::io::request::Device;

/// A device, whoever opened it.
type Key = (DevNo, String);

/// The devices that are claimed.
#[derive(Debug, Default)]
pub struct Claims(Mutex<HashSet<Key>>);

/// A device that its holder alone may change; dropped, it is not so any more.
#[derive(Debug)]
pub struct Claim {
    claims: Arc<Claims>,
    key: Key,
}

impl Claims {
    /// Claims a device; none when somebody else has.
    pub fn take(self: &Arc<Self>, device: &dyn Device) -> Option<Claim> {
        let key = (device.dev(), device.name());
        self.lock().insert(key.clone()).then(|| Claim { claims: Arc::clone(self), key })
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<Key>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.claims.lock().remove(&self.key);
    }
}
