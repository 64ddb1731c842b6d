//! Typed calls over a [`Backend`].
//!
//! A [`Request`] says what is asked; [`Dm::call`] makes the packet, doubles its buffer while the reply does
//! not fit, and hands back a [`Reply`]. The errno is never lost: messages and exit codes hang on it.

use alloc::vec::Vec;
use core::cell::Cell;

use crate::backend::Backend;
use crate::devno::DevNo;
use crate::errno::Errno;
use crate::flags::Flags;
use crate::packet::names::Entry;
use crate::packet::versions::TypeVersion;
use crate::packet::{self, Cmd, HEADER_SIZE, PACKET_MAX, Packet};
use crate::table::{Line, Table};

/// The size of a packet that nothing larger was needed for, in bytes.
///
/// # Source
///
/// `_ioctl_buffer_double_factor` 0 is 16 KiB in libdevmapper 1.02.185, `libdm/ioctl/libdm-iface.c`.
pub const BUFFER_SIZE: usize = 16 * 1024;

/// What is asked of device-mapper.
#[derive(Clone, Debug)]
pub struct Request {
    /// The command.
    pub cmd: Cmd,
    /// The version that the caller needs; an implementation of an older minor refuses.
    pub version: [u32; 3],
    /// The device's name, or empty.
    pub name: Vec<u8>,
    /// The device's uuid, or empty.
    pub uuid: Vec<u8>,
    /// The device's number, or none.
    pub dev: Option<DevNo>,
    /// The flag word.
    pub flags: Flags,
    /// The event number to wait past; for what sends a uevent, the udev cookie.
    pub event_nr: u32,
    /// How many targets the payload has.
    pub target_count: u32,
    /// What follows the header.
    pub payload: Vec<u8>,
}

impl Request {
    /// A request for `cmd` that names no device yet.
    pub fn new(cmd: Cmd) -> Self {
        Self {
            cmd,
            version: least_version(cmd),
            name: Vec::new(),
            uuid: Vec::new(),
            dev: None,
            flags: Flags::EXISTS,
            event_nr: 0,
            target_count: 0,
            payload: Vec::new(),
        }
    }

    /// The same for the device called `name`.
    #[must_use]
    pub fn named(mut self, name: &[u8]) -> Self {
        self.name = name.to_vec();
        self
    }

    /// The same for the device of this number.
    #[must_use]
    pub fn numbered(mut self, dev: DevNo) -> Self {
        self.dev = Some(dev);
        self.flags |= Flags::PERSISTENT_DEV;
        self
    }

    /// The same with more flags.
    #[must_use]
    pub fn with_flags(mut self, flags: Flags) -> Self {
        self.flags |= flags;
        self
    }

    /// The same with a payload.
    #[must_use]
    pub fn with_payload(mut self, payload: Vec<u8>) -> Self {
        self.payload = payload;
        self
    }

    /// The same with `table` as its payload.
    #[must_use]
    pub fn with_table(mut self, table: &[Line]) -> Self {
        self.target_count = u32::try_from(table.len()).unwrap_or(u32::MAX);
        self.with_payload(packet::specs::encode_load(table))
    }

    fn to_packet(&self, size: usize) -> Packet {
        let needed = HEADER_SIZE.saturating_add(self.payload.len());
        let mut packet = Packet::new(size.max(needed));
        packet.set_payload(&self.payload);
        let header = packet.header_mut();
        for (to, from) in header.version.iter_mut().zip(self.version) {
            to.set(from);
        }
        header.set_name(&self.name);
        header.set_uuid(&self.uuid);
        header.set_dev(self.dev.unwrap_or_default());
        header.set_flags(self.flags);
        header.event_nr.set(self.event_nr);
        header.target_count.set(self.target_count);
        packet
    }
}

/// The oldest interface that has `cmd`.
///
/// # Source
///
/// `_cmd_data_v4` in lvm2's `libdm/ioctl/libdm-iface.c`.
const fn least_version(cmd: Cmd) -> [u32; 3] {
    match cmd {
        Cmd::ListVersions => [4, 1, 0],
        Cmd::TargetMsg => [4, 2, 0],
        Cmd::DevSetGeometry => [4, 6, 0],
        Cmd::DevArmPoll => [4, 36, 0],
        Cmd::GetTargetVersion => [4, 41, 0],
        _ => [4, 0, 0],
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Reply {
    packet: Packet,
}

/// The part of a reply that every command about one device has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceInfo {
    /// Its number.
    pub dev: DevNo,
    /// Its name, as the implementation has it.
    pub name: Vec<u8>,
    /// Its uuid, or empty.
    pub uuid: Vec<u8>,
    /// Suspended, read-only, which tables, and so on.
    pub flags: Flags,
    /// How many have it open; negative when it was not counted.
    pub open_count: i32,
    /// Its event number.
    pub event_nr: u32,
    /// How many targets its table has.
    pub target_count: u32,
}

impl Reply {
    /// The implementation's version.
    pub fn version(&self) -> [u32; 3] {
        self.packet.header().version.map(zerocopy::byteorder::native_endian::U32::get)
    }

    /// What it says of the device.
    pub fn device(&self) -> DeviceInfo {
        let header = self.packet.header();
        DeviceInfo {
            dev: header.dev(),
            name: header.name().to_vec(),
            uuid: header.uuid().to_vec(),
            flags: header.flags(),
            open_count: header.open_count.get(),
            event_nr: header.event_nr.get(),
            target_count: header.target_count.get(),
        }
    }

    /// The table's lines, arguments or state, from a status reply.
    ///
    /// # Errors
    ///
    /// `EINVAL` for a reply that is not well formed.
    pub fn lines(&self) -> Result<Table, Errno> {
        let count = self.packet.header().target_count.get();
        packet::specs::decode_status(self.packet.payload(), count)
    }

    /// The devices, from a list reply.
    ///
    /// # Errors
    ///
    /// `EINVAL` for a reply that is not well formed.
    pub fn names(&self) -> Result<Vec<Entry>, Errno> {
        packet::names::decode(self.packet.area())
    }

    /// The devices under a table, from a deps reply.
    ///
    /// # Errors
    ///
    /// `EINVAL` for a reply that is not well formed.
    pub fn deps(&self) -> Result<Vec<DevNo>, Errno> {
        packet::deps::decode(self.packet.payload())
    }

    /// The target types, from a versions reply.
    ///
    /// # Errors
    ///
    /// `EINVAL` for a reply that is not well formed.
    pub fn versions(&self) -> Result<Vec<TypeVersion>, Errno> {
        packet::versions::decode(self.packet.payload())
    }

    /// The answer to a message, when the target gave one.
    ///
    /// # Errors
    ///
    /// `EINVAL` for a reply that is not well formed.
    pub fn answer(&self) -> Result<Option<&[u8]>, Errno> {
        if !self.packet.header().flags().contains(Flags::DATA_OUT) {
            return Ok(None);
        }
        packet::message::decode_text(self.packet.payload()).map(Some)
    }

    /// The bytes after the header.
    pub fn payload(&self) -> &[u8] {
        self.packet.payload()
    }
}

/// A command that failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} on {}", cmd.word(), alloc::string::String::from_utf8_lossy(device))]
pub struct DmError {
    /// Which command.
    pub cmd: Cmd,
    /// The device's name, as it was asked for; empty when there was none.
    pub device: Vec<u8>,
    /// What the implementation said.
    #[source]
    pub errno: Errno,
}

/// Device-mapper, as typed calls.
pub struct Dm<'a> {
    backend: &'a dyn Backend,
    buffer_size: Cell<usize>,
}

impl core::fmt::Debug for Dm<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Dm").field("buffer_size", &self.buffer_size).finish_non_exhaustive()
    }
}

impl<'a> Dm<'a> {
    /// Calls that `backend` answers.
    pub fn new(backend: &'a dyn Backend) -> Self {
        Self { backend, buffer_size: Cell::new(BUFFER_SIZE) }
    }

    /// Carries out `request`. While the reply does not fit, the buffer is doubled, and stays so for the
    /// calls that follow, as in libdevmapper.
    ///
    /// # Errors
    ///
    /// [`DmError`] with the implementation's errno; `ENOMEM` when the largest buffer is too small.
    pub fn call(&self, request: &Request) -> Result<Reply, DmError> {
        let fail = |errno| DmError { cmd: request.cmd, device: request.name.clone(), errno };
        loop {
            let mut packet = request.to_packet(self.buffer_size.get());
            self.backend.exchange(request.cmd, &mut packet).map_err(fail)?;
            if !packet.header().flags().contains(Flags::BUFFER_FULL) {
                return Ok(Reply { packet });
            }
            let doubled = packet.size().saturating_mul(2);
            if doubled > PACKET_MAX {
                return Err(fail(Errno::ENOMEM));
            }
            self.buffer_size.set(doubled);
        }
    }

    /// The implementation's version.
    ///
    /// # Errors
    ///
    /// As [`Dm::call`].
    pub fn version(&self) -> Result<[u32; 3], DmError> {
        Ok(self.call(&Request::new(Cmd::Version))?.version())
    }

    /// The devices, by name.
    ///
    /// # Errors
    ///
    /// As [`Dm::call`]; `EINVAL` for a reply that is not well formed.
    pub fn list(&self) -> Result<Vec<Entry>, DmError> {
        let request = Request::new(Cmd::ListDevices);
        let reply = self.call(&request)?;
        reply.names().map_err(|errno| DmError { cmd: request.cmd, device: Vec::new(), errno })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use core::cell::RefCell;

    /// Answers every status request with three long lines, and notes the buffers' sizes.
    struct Long(RefCell<Vec<usize>>);

    impl Backend for Long {
        fn exchange(&self, _cmd: Cmd, packet: &mut Packet) -> Result<(), Errno> {
            self.0.borrow_mut().push(packet.size());
            let mut table = crate::table::parse(b"0 1 zero\n1 1 zero\n2 1 zero").unwrap();
            for line in &mut table {
                line.args = vec![b'x'; 10_000];
            }
            packet.header_mut().target_count.set(3);
            packet.reply_with(&packet::specs::encode_status(&table));
            Ok(())
        }
    }

    #[test]
    fn the_buffer_doubles_until_the_reply_fits_and_stays_doubled() {
        let backend = Long(RefCell::default());
        let dm = Dm::new(&backend);
        let request = Request::new(Cmd::TableStatus).named(b"a");
        assert_eq!(dm.call(&request).unwrap().lines().unwrap().len(), 3);
        dm.call(&request).unwrap();
        assert_eq!(*backend.0.borrow(), [16_384, 32_768, 32_768]);
    }
}
