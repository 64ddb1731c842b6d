//! dm-engined's socket: the engine as a [`Backend`], and the daemon's half of the same conversation.
//!
//! ```text
//! request:  u32 LE  command        packet: data_size bytes of it, at least a header's 312
//! reply:    u32 LE  errno, or 0    packet: data_size bytes of it, at least 312, at most the request's
//! ```
//!
//! One request at a time on a connection. The kernel answers some commands with a `data_size` of 305 or 0;
//! here a whole header travels all the same, and `data_size` in it is the engine's.

use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use dm_core::backend::Backend;
use dm_core::errno::Errno;
use dm_core::packet::{Cmd, HEADER_SIZE, PACKET_MAX, Packet};
use nix::sys::socket::{getsockopt, sockopt};

use crate::os;

/// The bytes of a frame's number: a request's command, a reply's errno.
const NUMBER: usize = 4;

/// The bytes that tell how many follow: the number and a header.
pub const HEAD: usize = NUMBER + HEADER_SIZE;

/// Why bytes are no request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// The packet says that it is smaller than its own header.
    #[error("a packet of {0} bytes is smaller than its header of {HEADER_SIZE}")]
    TooSmall(u32),
    /// The packet says that it is larger than any may be.
    #[error("a packet of {0} bytes is larger than the most, {PACKET_MAX}")]
    TooLarge(u32),
}

/// A request's head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The command's number, whether it is one of device-mapper's or not.
    pub number: u32,
    /// The size of the packet in bytes.
    pub size: usize,
}

/// Reads a request's head.
///
/// # Errors
///
/// [`FrameError`], when the packet's size cannot be true.
pub fn decode_head(bytes: &[u8; HEAD]) -> Result<Head, FrameError> {
    let claimed = field(bytes, NUMBER + 12);
    match usize::try_from(claimed) {
        Ok(size) if size < HEADER_SIZE => Err(FrameError::TooSmall(claimed)),
        Ok(size) if size <= PACKET_MAX => Ok(Head { number: number_of(bytes), size }),
        _ => Err(FrameError::TooLarge(claimed)),
    }
}

/// The number that a frame begins with.
fn number_of(bytes: &[u8; HEAD]) -> u32 {
    u32::from_le(field(bytes, 0))
}

/// The word at `at`, in the machine's own order.
fn field(bytes: &[u8; HEAD], at: usize) -> u32 {
    let mut word = [0; 4];
    for (to, from) in word.iter_mut().zip(bytes.iter().skip(at)) {
        *to = *from;
    }
    u32::from_ne_bytes(word)
}

/// Reads the next request; `None` when the peer has closed the connection between two.
///
/// Memory grows with what has arrived, not with what is announced.
///
/// # Errors
///
/// `InvalidData` with a [`FrameError`] for a size that cannot be true, `UnexpectedEof` for a request that
/// breaks off, or what the stream says. No request can follow any of them.
pub fn read_request(stream: &mut impl Read) -> io::Result<Option<(u32, Packet)>> {
    let mut head = [0; HEAD];
    if !read_or_end(stream, &mut head)? {
        return Ok(None);
    }
    let Head { number, size } = decode_head(&head).map_err(invalid)?;
    let packet = read_packet(stream, &head, size)?;
    Ok(Some((number, packet)))
}

/// Writes the reply to a request: with an errno its own packet, else what the engine made of it.
///
/// # Errors
///
/// What the stream says.
pub fn write_reply(
    stream: &mut impl Write,
    errno: Option<Errno>,
    packet: &Packet,
) -> io::Result<()> {
    let bytes = packet.to_bytes();
    let len = data_size(packet).clamp(HEADER_SIZE, bytes.len());
    let number = errno.map_or(0, |errno| errno.get().cast_unsigned());
    write_frame(stream, number, bytes.get(..len).unwrap_or(&bytes))
}

/// The user at the other end.
///
/// # Errors
///
/// What `getsockopt(2)` says.
pub fn peer_uid(stream: &UnixStream) -> io::Result<u32> {
    let peer = getsockopt(stream, sockopt::PeerCredentials)?;
    Ok(peer.uid())
}

/// A connection to dm-engined.
#[derive(Debug)]
pub struct Socket {
    /// `None` once a reply could not be read to its end: what follows on the stream means nothing.
    stream: RefCell<Option<UnixStream>>,
}

impl Socket {
    /// Connects to the daemon that listens at `path`.
    ///
    /// # Errors
    ///
    /// `NotFound` and `ConnectionRefused` when there is none; `PermissionDenied` when it is neither this
    /// user's nor root's; whatever else `connect(2)` says.
    pub fn connect(path: &Path) -> io::Result<Self> {
        let stream = UnixStream::connect(path)?;
        let server = peer_uid(&stream)?;
        if server != 0 && server != nix::unistd::geteuid().as_raw() {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        Ok(Self::new(stream))
    }

    /// A connection that is there already.
    pub fn new(stream: UnixStream) -> Self {
        Self { stream: RefCell::new(Some(stream)) }
    }

    /// Asks the version, the first thing that every client asks, and takes no longer than `limit`.
    ///
    /// # Errors
    ///
    /// `ConnectionReset` when the daemon goes away instead, `WouldBlock` when it is silent.
    pub fn greet(&self, limit: Duration) -> io::Result<()> {
        self.set_limit(Some(limit))?;
        let mut packet = Packet::new(HEADER_SIZE);
        for (to, from) in packet.header_mut().version.iter_mut().zip([4, 0, 0]) {
            to.set(from);
        }
        self.exchange(Cmd::Version, &mut packet).map_err(os::io_error)?;
        self.set_limit(None)
    }

    fn set_limit(&self, limit: Option<Duration>) -> io::Result<()> {
        match &*self.stream.borrow() {
            Some(stream) => stream.set_read_timeout(limit),
            None => Err(io::ErrorKind::ConnectionReset.into()),
        }
    }

    fn ask(stream: &mut UnixStream, cmd: Cmd, packet: &mut Packet) -> io::Result<u32> {
        let bytes = packet.to_bytes();
        let size = data_size(packet);
        write_frame(stream, cmd.number(), bytes.get(..size).unwrap_or(&bytes))?;
        let mut head = [0; HEAD];
        stream.read_exact(&mut head)?;
        let claimed = usize::try_from(field(&head, NUMBER + 12)).unwrap_or(usize::MAX);
        if claimed > size {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let reply = read_packet(stream, &head, claimed)?;
        packet.set_reply(&reply.to_bytes()).map_err(|_| io::ErrorKind::InvalidData)?;
        Ok(number_of(&head))
    }
}

impl Backend for Socket {
    /// As the trait says; `ECONNRESET` when the daemon went away before it answered, and ever after.
    fn exchange(&self, cmd: Cmd, packet: &mut Packet) -> Result<(), Errno> {
        // As the kernel would say, and before the daemon would have to hang up.
        match data_size(packet) {
            size if size < HEADER_SIZE => return Err(Errno::EINVAL),
            size if size > packet.size() => return Err(Errno::EFAULT),
            _ => {}
        }
        let mut slot = self.stream.borrow_mut();
        let stream = slot.as_mut().ok_or(Errno::ECONNRESET)?;
        match Self::ask(stream, cmd, packet) {
            Ok(0) => Ok(()),
            Ok(number) => Err(Errno::new(number.cast_signed())),
            Err(error) => {
                *slot = None;
                Err(lost(&error))
            }
        }
    }
}

/// The errno for a conversation that broke off.
fn lost(error: &io::Error) -> Errno {
    match error.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe => Errno::ECONNRESET,
        io::ErrorKind::InvalidData => Errno::EBADMSG,
        _ => os::errno(error),
    }
}

/// One frame in one write, so that the peer wakes once.
fn write_frame(stream: &mut impl Write, number: u32, packet: &[u8]) -> io::Result<()> {
    let mut frame = Vec::with_capacity(packet.len().saturating_add(NUMBER));
    frame.extend(number.to_le_bytes());
    frame.extend(packet);
    stream.write_all(&frame)
}

/// The packet whose header is in `head`: `size` bytes, or a bare header where that is less.
fn read_packet(stream: &mut impl Read, head: &[u8; HEAD], size: usize) -> io::Result<Packet> {
    let rest = size.saturating_sub(HEADER_SIZE);
    let mut bytes = head.get(NUMBER..).unwrap_or_default().to_vec();
    let wanted = u64::try_from(rest).unwrap_or(u64::MAX);
    let got = stream.take(wanted).read_to_end(&mut bytes)?;
    if got < rest {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Packet::from_bytes(&bytes).map_err(invalid)
}

/// Fills `buf`; `false` at the end of the stream before its first byte.
fn read_or_end(stream: &mut impl Read, buf: &mut [u8]) -> io::Result<bool> {
    let first = loop {
        match stream.read(buf) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => break other?,
        }
    };
    if first == 0 {
        return Ok(false);
    }
    stream.read_exact(buf.get_mut(first..).unwrap_or_default())?;
    Ok(true)
}

fn invalid(error: impl std::error::Error + Send + Sync + 'static) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// What the packet says of its own size.
fn data_size(packet: &Packet) -> usize {
    usize::try_from(packet.header().data_size.get()).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
