//! What stands for a leg that is no longer there.

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::units::Sectors;

use crate::io::request::{Cx, Device, Io, IoFuture};
use crate::limits::Limits;

/// A device that answers every request with `EIO`. Its size is zero, so that no area is found too large
/// for it.
#[derive(Debug)]
pub(super) struct Gone {
    dev: Option<DevNo>,
    name: String,
}

impl Gone {
    /// What a table called `word`.
    pub(super) fn new(word: &[u8]) -> Self {
        let name = String::from_utf8_lossy(word).into_owned();
        Self { dev: name.parse().ok(), name }
    }
}

impl Device for Gone {
    fn size(&self) -> Sectors {
        Sectors::ZERO
    }

    fn limits(&self) -> Limits {
        Limits::default()
    }

    fn dev(&self) -> DevNo {
        self.dev.unwrap_or_default()
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn is_read_only(&self) -> bool {
        false
    }

    fn submit<'a>(&'a self, io: Io, _: &'a dyn Cx) -> IoFuture<'a> {
        Box::pin(std::future::ready(io.done(Err(Errno::EIO))))
    }
}
