//! One command: what was sent, as the kernel would have copied it in, and the reply as it takes shape.
//!
//! # Source
//!
//! `ctl_ioctl`, `check_version`, `copy_params` and `validate_params` in the kernel's `drivers/md/dm-ioctl.c`,
//! 6.12: which check comes before which.

use std::borrow::Cow;
use std::fmt;

use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::packet::{Cmd, HEADER_SIZE, HEADER_USED, Header, PACKET_MAX, Packet};

use super::Client;

/// The interface that is spoken.
const VERSION: [u32; 3] = [4, 48, 0];

/// A command under way.
pub(super) struct Call<'a> {
    /// Who sent it.
    pub(super) client: &'a Client<'a>,
    packet: Packet,
    /// How many bytes were read, header included.
    size: usize,
}

impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").field("packet", &self.packet).finish_non_exhaustive()
    }
}

/// Refuses a client of another interface; whatever it is, it learns which one this is.
///
/// # Errors
///
/// `EINVAL` for another major version or a later minor one.
pub(super) fn check_version(packet: &mut Packet) -> Result<(), Errno> {
    let [major, minor, _] = &packet.header().version;
    let fits = major.get() == VERSION[0] && minor.get() <= VERSION[1];
    for (to, from) in packet.header_mut().version.iter_mut().zip(VERSION) {
        to.set(from);
    }
    if fits { Ok(()) } else { Err(Errno::EINVAL) }
}

impl<'a> Call<'a> {
    /// Takes in the packet of a `cmd`.
    ///
    /// # Errors
    ///
    /// `EINVAL` for a size that no packet has, and for a device named wrongly; `EFAULT` for a packet shorter
    /// than it says.
    pub(super) fn read(
        cmd: Cmd,
        packet: &mut Packet,
        client: &'a Client<'a>,
    ) -> Result<Self, Errno> {
        let said = usize::try_from(packet.header().data_size.get()).unwrap_or(usize::MAX);
        if !(HEADER_USED..=PACKET_MAX).contains(&said) {
            return Err(Errno::EINVAL);
        }
        let size = if cmd.is_header_only() { HEADER_USED } else { said };
        if size > packet.size() {
            return Err(Errno::EFAULT);
        }
        let taken = take(packet, size);
        if packet.header().flags().contains(Flags::SECURE_DATA) {
            // As many bytes as were read: this cannot fail.
            let _ = packet.set_reply(&vec![0; size]);
        }
        let mut call = Self { client, packet: taken, size };
        call.validate(cmd)?;
        call.header_mut().data_size.set(u32::try_from(HEADER_USED).unwrap_or_default());
        Ok(call)
    }

    fn validate(&mut self, cmd: Cmd) -> Result<(), Errno> {
        let output =
            Flags::BUFFER_FULL | Flags::UEVENT_GENERATED | Flags::SECURE_DATA | Flags::DATA_OUT;
        self.set_flags(output, false);
        let header = self.header();
        let (named, has_uuid) = (!header.name().is_empty(), !header.uuid().is_empty());
        let fine = match cmd {
            Cmd::RemoveAll | Cmd::ListDevices | Cmd::ListVersions | Cmd::EngineStatus => true,
            Cmd::DevCreate => named,
            _ => !(named && has_uuid),
        };
        if !fine {
            return Err(Errno::EINVAL);
        }
        if !matches!(cmd, Cmd::RemoveAll | Cmd::ListDevices | Cmd::ListVersions) {
            self.terminate();
        }
        Ok(())
    }

    /// Ends the name and the uuid where the kernel ends them: before their last byte.
    fn terminate(&mut self) {
        let mut head = Packet::new(HEADER_SIZE);
        head.header_mut().clone_from(self.header());
        let mut bytes = head.to_bytes();
        bytes.truncate(HEADER_USED);
        for last in [NAME_LAST, UUID_LAST] {
            if let Some(byte) = bytes.get_mut(last) {
                *byte = 0;
            }
        }
        // As many bytes as a header has: this cannot fail.
        let _ = self.packet.set_reply(&bytes);
    }

    /// Hands the reply's `data_size` bytes back.
    pub(super) fn write_back(self, packet: &mut Packet) {
        let size = usize::try_from(self.header().data_size.get()).unwrap_or(usize::MAX);
        if let Some(bytes) = self.packet.to_bytes().get(..size) {
            // Too short only where nothing but the version comes back: it stands there already.
            let _ = packet.set_reply(bytes);
        }
    }

    /// The header.
    pub(super) fn header(&self) -> &Header {
        self.packet.header()
    }

    /// The header, to be changed.
    pub(super) fn header_mut(&mut self) -> &mut Header {
        self.packet.header_mut()
    }

    /// The flags, sent or to be sent back.
    pub(super) fn flags(&self) -> Flags {
        self.header().flags()
    }

    /// Sets or clears flags.
    pub(super) fn set_flags(&mut self, which: Flags, value: bool) {
        let mut flags = self.flags();
        flags.set(which, value);
        self.header_mut().set_flags(flags);
    }

    /// Nothing but the version comes back.
    pub(super) fn reply_nothing(&mut self) {
        self.header_mut().data_size.set(0);
    }

    /// How many bytes of payload a reply may have.
    pub(super) fn room(&self) -> usize {
        self.size.saturating_sub(HEADER_SIZE)
    }

    /// Puts `payload` into the reply, or says that it does not fit.
    pub(super) fn reply_with(&mut self, payload: &[u8]) {
        if payload.len() > self.room() {
            self.reply_full();
        } else {
            self.packet.reply_with(payload);
        }
    }

    /// Says that the reply does not fit.
    pub(super) fn reply_full(&mut self) {
        self.header_mut().data_start.set(u32::try_from(HEADER_SIZE).unwrap_or_default());
        self.set_flags(Flags::BUFFER_FULL, true);
    }

    /// What was sent from `data_start` on; `data_start` may lie in the header's own last bytes, `data`.
    ///
    /// # Errors
    ///
    /// `EINVAL` when it lies before them.
    pub(super) fn data(&self) -> Result<Cow<'_, [u8]>, Errno> {
        let start = usize::try_from(self.header().data_start.get()).unwrap_or(usize::MAX);
        match start.checked_sub(HEADER_SIZE) {
            Some(at) => Ok(Cow::Borrowed(self.packet.area().get(at..).unwrap_or_default())),
            None if start < HEADER_USED => Err(Errno::EINVAL),
            None => {
                let bytes = self.packet.to_bytes();
                Ok(Cow::Owned(bytes.get(start..self.size).unwrap_or_default().to_vec()))
            }
        }
    }
}

/// Where the last bytes of the name's and uuid's fields are.
const NAME_LAST: usize = 48 + 127;
const UUID_LAST: usize = 176 + 128;

/// The packet's first `size` bytes, as a packet; zeros up to a header's size.
fn take(packet: &Packet, size: usize) -> Packet {
    if size == packet.size() {
        return packet.clone();
    }
    let mut taken = Packet::new(size);
    let payload = size.saturating_sub(HEADER_SIZE);
    taken.set_payload(packet.area().get(..payload).unwrap_or_default());
    taken.header_mut().clone_from(packet.header());
    taken
}
