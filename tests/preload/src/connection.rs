//! The engine's socket, as [`dm_sys::socket`] speaks on it.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;

use dm_core::backend::Backend as _;
use dm_core::errno::Errno;
use dm_core::packet::{Cmd, Packet};
use dm_sys::socket::Socket;

/// Connects to the socket that `DMKIT_SOCKET` names.
///
/// # Errors
///
/// `ENODEV` when nobody answers, as where the kernel has no device-mapper; else what `connect(2)` says.
pub(crate) fn open() -> Result<UnixStream, Errno> {
    let path = std::env::var_os("DMKIT_SOCKET").ok_or(Errno::ENODEV)?;
    UnixStream::connect(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => Errno::ENODEV,
        _ => Errno::new(error.raw_os_error().unwrap_or(libc::EIO)),
    })
}

/// An answer: what comes back into the program's buffer, and the error number if there is one.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) bytes: Vec<u8>,
    pub(crate) result: Result<(), Errno>,
}

/// Sends `packet` as command `number` on the connection `fd`; the answer has as many bytes.
///
/// # Errors
///
/// `EINVAL` for a packet without a whole header, `ENOTTY` for a command that there is not. The engine's own
/// error numbers, and the socket's, are in the [`Answer`].
pub(crate) fn exchange(fd: OwnedFd, number: u32, packet: &[u8]) -> Result<Answer, Errno> {
    let mut packet = Packet::from_bytes(packet).map_err(|_| Errno::EINVAL)?;
    let cmd = Cmd::from_number(number).ok_or(Errno::ENOTTY)?;
    let result = Socket::new(UnixStream::from(fd)).exchange(cmd, &mut packet);
    Ok(Answer { bytes: packet.to_bytes(), result })
}

/// The `data_size` of the packet that begins with `first`.
pub(crate) fn data_size(first: &[u8]) -> Option<usize> {
    let size = first.get(12..16)?.try_into().ok().map(u32::from_ne_bytes)?;
    usize::try_from(size).ok()
}
