//! The seam: whoever answers device-mapper's packets.

use crate::errno::Errno;
use crate::packet::{Cmd, Packet};

/// Carries device-mapper commands to whatever implements them: the kernel, the daemon's socket, or an
/// engine in this process.
pub trait Backend {
    /// Carries out `cmd`; on success `packet` holds the reply.
    ///
    /// # Errors
    ///
    /// The error number that the kernel gives for the same packet. The packet then holds what was sent,
    /// but for the version, which is the implementation's.
    fn exchange(&self, cmd: Cmd, packet: &mut Packet) -> Result<(), Errno>;
}
