//! An engine that is not running, as a [`Backend`]: it has no devices, so most answers are known.

use dm_core::backend::Backend;
use dm_core::errno::Errno;
use dm_core::packet::{Cmd, Packet};

/// The version of the interface that our engine answers.
///
/// # Source
///
/// That of Linux 6.12: `DM_VERSION_*` in its `include/uapi/linux/dm-ioctl.h`.
pub const ENGINE_VERSION: [u32; 3] = [4, 48, 0];

/// Whether nobody but a running engine can answer `cmd`.
pub const fn needs_engine(cmd: Cmd) -> bool {
    matches!(cmd, Cmd::DevCreate | Cmd::ListVersions | Cmd::GetTargetVersion)
}

/// No devices at all.
#[derive(Clone, Copy, Debug)]
pub struct Empty;

impl Backend for Empty {
    fn exchange(&self, cmd: Cmd, packet: &mut Packet) -> Result<(), Errno> {
        for (to, from) in packet.header_mut().version.iter_mut().zip(ENGINE_VERSION) {
            to.set(from);
        }
        match cmd {
            Cmd::Version | Cmd::RemoveAll | Cmd::ListDevices | Cmd::DevArmPoll => Ok(()),
            // The kernel looks at the new name first, but with nothing there it cannot be taken.
            _ => Err(Errno::ENXIO),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dm_core::dm::{Dm, Request};

    #[test]
    fn nothing_is_listed_and_nothing_found() {
        let dm = Dm::new(&Empty);
        assert_eq!(dm.version().unwrap(), [4, 48, 0]);
        assert_eq!(dm.list().unwrap(), []);
        let info = Request::new(Cmd::DevStatus).named(b"a");
        assert_eq!(dm.call(&info).unwrap_err().errno, Errno::ENXIO);
    }
}
