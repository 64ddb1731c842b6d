//! A connection to the engine's socket, and how packets travel on it.
//!
//! ```text
//! request:  u32 LE  command; then the packet, `data_size` bytes
//! reply:    u32 LE  0 or the error number; then the packet as it is copied back, `data_size` bytes
//! ```

use std::cell::RefCell;
use std::io::{self, Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;

use dm_core::backend::Backend;
use dm_core::errno::Errno;
use dm_core::packet::{Cmd, HEADER_SIZE, PACKET_MAX, Packet};

/// The engine at the other end.
#[derive(Debug)]
pub(crate) struct Connection {
    stream: RefCell<UnixStream>,
}

/// An answer: what comes back into the program's buffer, and the error number if there is one.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) bytes: Vec<u8>,
    pub(crate) result: Result<(), Errno>,
}

impl Connection {
    /// Connects to the socket that `DMKIT_SOCKET` names.
    ///
    /// # Errors
    ///
    /// `ENODEV` when nobody answers, as where the kernel has no device-mapper; else what `connect(2)` says.
    pub(crate) fn open() -> Result<Self, Errno> {
        let path = std::env::var_os("DMKIT_SOCKET").ok_or(Errno::ENODEV)?;
        let stream = UnixStream::connect(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => Errno::ENODEV,
            _ => errno_of(&error),
        })?;
        Ok(Self { stream: RefCell::new(stream) })
    }

    /// The connection that the program has open.
    pub(crate) fn of(fd: OwnedFd) -> Self {
        Self { stream: RefCell::new(UnixStream::from(fd)) }
    }

    /// The descriptor, for the program.
    pub(crate) fn into_fd(self) -> OwnedFd {
        OwnedFd::from(self.stream.into_inner())
    }

    /// Sends `packet` as command `number` and waits for the answer, which is never longer.
    ///
    /// # Errors
    ///
    /// `EINVAL` for a packet that no `ioctl` would take; what the socket says; `EIO` for an answer that is
    /// none. The engine's own error numbers are in the [`Answer`].
    pub(crate) fn ask(&self, number: u32, packet: &[u8]) -> Result<Answer, Errno> {
        if packet.len() < HEADER_SIZE || packet.len() > PACKET_MAX {
            return Err(Errno::EINVAL);
        }
        self.transfer(number, packet).map_err(|error| errno_of(&error))
    }

    fn transfer(&self, number: u32, packet: &[u8]) -> io::Result<Answer> {
        let mut stream = self.stream.borrow_mut();
        let mut request = number.to_le_bytes().to_vec();
        request.extend_from_slice(packet);
        stream.write_all(&request)?;

        let mut errno = [0; 4];
        stream.read_exact(&mut errno)?;
        let mut bytes = vec![0; HEADER_SIZE];
        stream.read_exact(&mut bytes)?;
        let size = data_size(&bytes).unwrap_or(0);
        if size > packet.len() {
            return Err(io::Error::from_raw_os_error(libc::EIO));
        }
        bytes.resize(size.max(HEADER_SIZE), 0);
        stream.read_exact(&mut bytes[HEADER_SIZE..])?;
        let errno = i32::from_le_bytes(errno);
        let result = if errno == 0 { Ok(()) } else { Err(Errno::new(errno)) };
        Ok(Answer { bytes, result })
    }
}

impl Backend for Connection {
    fn exchange(&self, cmd: Cmd, packet: &mut Packet) -> Result<(), Errno> {
        let answer = self.ask(cmd.number(), &packet.to_bytes())?;
        answer.result?;
        packet.set_reply(&answer.bytes).map_err(|_| Errno::EIO)
    }
}

/// The `data_size` of a packet.
pub(crate) fn data_size(packet: &[u8]) -> Option<usize> {
    let size = packet.get(12..16)?.try_into().ok().map(u32::from_ne_bytes)?;
    usize::try_from(size).ok()
}

fn errno_of(error: &io::Error) -> Errno {
    Errno::new(error.raw_os_error().unwrap_or(libc::EIO))
}
