//! What the engine says of itself and its devices.

use std::path::PathBuf;

use dm_core::devno::DevNo;
use dm_core::dm::{Dm, Request};
use dm_core::flags::Flags;
use dm_core::mangle;
use dm_core::packet::Cmd;
use dm_sys::socket::Socket;
use serde::{Deserialize, Deserializer};

use crate::connection;

/// The part of the engine's status that is of use here.
#[derive(Debug, Deserialize)]
pub(crate) struct Engine {
    /// The major number of all its devices.
    pub(crate) major: u32,
    pub(crate) devices: Vec<Device>,
}

/// A mapped device.
#[derive(Debug, Deserialize)]
pub(crate) struct Device {
    /// As the kernel would have it: what the node is called.
    #[serde(deserialize_with = "bytes")]
    pub(crate) name: Vec<u8>,
    #[serde(default, deserialize_with = "bytes")]
    pub(crate) uuid: Vec<u8>,
    pub(crate) minor: u32,
    /// What others open; none before the first table.
    pub(crate) node: Option<PathBuf>,
    /// In sectors.
    read_ahead: Option<u32>,
    live_targets: u32,
    inactive_targets: u32,
}

/// Bytes that are written as [`mangle::encode`] writes them; none for `null`.
fn bytes<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    Ok(mangle::decode(text.unwrap_or_default().as_bytes()))
}

impl Device {
    /// Its read-ahead in sectors, once the kernel would have it in sysfs: since the first table was loaded. A
    /// table that was loaded and cleared again is not seen here.
    pub(crate) fn read_ahead(&self) -> Option<u32> {
        let has_table = self.live_targets > 0 || self.inactive_targets > 0;
        self.read_ahead.filter(|_| has_table)
    }
}

impl Engine {
    /// Asks for the status; none when nobody answers.
    pub(crate) fn ask() -> Option<Self> {
        let socket = Socket::new(connection::open().ok()?);
        let reply = Dm::new(&socket)
            .call(&Request::new(Cmd::EngineStatus).with_flags(Flags::SKIP_BDGET))
            .ok()?;
        let text = reply.payload().split(|&byte| byte == 0).next()?;
        serde_json::from_slice(text).ok()
    }

    /// The device whose node is called `name`.
    pub(crate) fn named(&self, name: &[u8]) -> Option<&Device> {
        self.devices.iter().find(|device| device.name == name)
    }

    /// The device of this number.
    pub(crate) fn numbered(&self, dev: DevNo) -> Option<&Device> {
        self.devices.iter().find(|device| self.major == dev.major && device.minor == dev.minor)
    }
}
