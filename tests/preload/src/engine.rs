//! What the engine says of itself and its devices.

use std::path::PathBuf;

use dm_core::devno::DevNo;
use dm_core::dm::{Dm, Request};
use dm_core::packet::Cmd;
use dm_sys::socket::Socket;
use serde::Deserialize;

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
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) uuid: Option<String>,
    pub(crate) minor: u32,
    /// What others open; none before the first table.
    #[serde(default)]
    pub(crate) node: Option<PathBuf>,
    /// In sectors.
    #[serde(default)]
    pub(crate) read_ahead: Option<u32>,
}

impl Engine {
    /// Asks for the status; none when nobody answers.
    pub(crate) fn ask() -> Option<Self> {
        let socket = Socket::new(connection::open().ok()?);
        let reply = Dm::new(&socket).call(&Request::new(Cmd::EngineStatus)).ok()?;
        let text = reply.payload().split(|&byte| byte == 0).next()?;
        serde_json::from_slice(text).ok()
    }

    /// The device whose node is called `name`.
    pub(crate) fn named(&self, name: &[u8]) -> Option<&Device> {
        self.devices.iter().find(|device| device.name.as_bytes() == name)
    }

    /// The device of this number.
    pub(crate) fn numbered(&self, dev: DevNo) -> Option<&Device> {
        self.devices.iter().find(|device| self.major == dev.major && device.minor == dev.minor)
    }
}
