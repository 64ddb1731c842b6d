//! The packet: `struct dm_ioctl` and what follows it, as it is handed to `ioctl(2)` and to the daemon.
//!
//! | at | bytes | field |
//! |---|---|---|
//! | 0 | 12 | `version`: major, minor, patch |
//! | 12 | 4 | `data_size`: the whole packet's size, header included |
//! | 16 | 4 | `data_start`: where the payload begins |
//! | 20 | 4 | `target_count` |
//! | 24 | 4 | `open_count`, signed |
//! | 28 | 4 | `flags` |
//! | 32 | 4 | `event_nr` |
//! | 36 | 4 | padding |
//! | 40 | 8 | `dev`, packed |
//! | 48 | 128 | `name`, ends in NUL |
//! | 176 | 129 | `uuid`, ends in NUL |
//! | 305 | 7 | the payload's first bytes, or padding |
//!
//! Integers are the machine's own. A payload is one of the modules here.
//!
//! # Source
//!
//! The kernel's `include/uapi/linux/dm-ioctl.h`.

pub mod deps;
pub mod message;
pub mod names;
pub mod specs;
pub mod versions;

mod cmd;
mod wire;

use alloc::vec;
use alloc::vec::Vec;

use zerocopy::byteorder::native_endian::{I32, U32, U64};
use zerocopy::{FromBytes, FromZeros as _, Immutable, IntoBytes, KnownLayout, Unaligned};

pub use cmd::{Cmd, ENGINE_STATUS};

use crate::devno::DevNo;
use crate::flags::Flags;

/// The size of `struct dm_ioctl`, in bytes.
pub const HEADER_SIZE: usize = size_of::<Header>();

/// The bytes of the header that carry anything: all but its padding.
///
/// # Source
///
/// `offsetof(struct dm_ioctl, data)`: what the kernel calls the minimum structure size.
pub const HEADER_USED: usize = 305;

/// The largest packet that is taken, in bytes.
///
/// # Source
///
/// `DM_MAX_TARGET_PARAMS` bounds the payload at 2^30 bytes in the kernel's `drivers/md/dm-ioctl.c`
/// (`copy_params`: "data size too large"); ours bounds the whole packet by what one table of 2^20 lines needs.
pub const PACKET_MAX: usize = 1 << 30;

/// `struct dm_ioctl`.
#[derive(Clone, Debug, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub struct Header {
    /// The interface's version: major, minor, patch.
    pub version: [U32; 3],
    /// The whole packet's size in bytes, this header included.
    pub data_size: U32,
    /// Where the payload begins, in bytes from the packet's start.
    pub data_start: U32,
    /// How many targets the payload, or the table, has.
    pub target_count: U32,
    /// How many have the device open.
    pub open_count: I32,
    flags: U32,
    /// The device's event number; in a request, the udev cookie.
    pub event_nr: U32,
    padding: U32,
    dev: U64,
    name: [u8; 128],
    uuid: [u8; 129],
    rest: [u8; 7],
}

const _: () = assert!(HEADER_SIZE == 312);

impl Header {
    /// The flag word.
    pub fn flags(&self) -> Flags {
        Flags::from_bits_retain(self.flags.get())
    }

    /// Sets the flag word.
    pub fn set_flags(&mut self, flags: Flags) {
        self.flags.set(flags.bits());
    }

    /// The device's number; 0:0 is none.
    pub fn dev(&self) -> DevNo {
        DevNo::from_packed(self.dev.get())
    }

    /// Sets the device's number.
    pub fn set_dev(&mut self, dev: DevNo) {
        self.dev.set(dev.to_packed());
    }

    /// The name, up to its NUL; the last byte never counts, as in the kernel.
    pub fn name(&self) -> &[u8] {
        wire::until_nul(self.name.split_last().map_or(&[], |(_, name)| name))
    }

    /// Sets the name; what does not fit is cut, as `strncpy` does in libdevmapper.
    pub fn set_name(&mut self, name: &[u8]) {
        wire::set_text(&mut self.name, name);
    }

    /// The uuid, up to its NUL; the last byte never counts, as in the kernel.
    pub fn uuid(&self) -> &[u8] {
        wire::until_nul(self.uuid.split_last().map_or(&[], |(_, uuid)| uuid))
    }

    /// Sets the uuid; what does not fit is cut.
    pub fn set_uuid(&mut self, uuid: &[u8]) {
        wire::set_text(&mut self.uuid, uuid);
    }
}

/// Bytes too few for a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a packet has at least {HEADER_SIZE} bytes")]
pub struct TooShort;

/// A whole packet: the buffer handed to `ioctl(2)`.
#[derive(Clone, Debug)]
pub struct Packet {
    header: Header,
    payload: Vec<u8>,
}

impl Packet {
    /// A packet of `size` bytes, at least a header's: all zero but `data_size` and `data_start`.
    pub fn new(size: usize) -> Self {
        let size = size.clamp(HEADER_SIZE, PACKET_MAX);
        let mut header = Header::new_zeroed();
        header.data_size.set(wire::to_u32(size));
        header.data_start.set(wire::to_u32(HEADER_SIZE));
        Self { header, payload: vec![0; size.saturating_sub(HEADER_SIZE)] }
    }

    /// A packet from the bytes of one.
    ///
    /// # Errors
    ///
    /// [`TooShort`] for fewer bytes than a header's.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TooShort> {
        let (header, payload) = Header::read_from_prefix(bytes).map_err(|_| TooShort)?;
        Ok(Self { header, payload: payload.to_vec() })
    }

    /// All bytes, the header's first.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.size());
        bytes.extend_from_slice(self.header.as_bytes());
        bytes.extend_from_slice(&self.payload);
        bytes
    }

    /// Takes over `bytes` as what an implementation wrote back: at most this packet's own size counts.
    ///
    /// # Errors
    ///
    /// [`TooShort`] for fewer bytes than [`HEADER_USED`].
    pub fn set_reply(&mut self, bytes: &[u8]) -> Result<(), TooShort> {
        let (head, tail) = bytes.split_at_checked(HEADER_SIZE).unwrap_or((bytes, &[]));
        if head.len() < HEADER_USED {
            return Err(TooShort);
        }
        for (to, from) in self.header.as_mut_bytes().iter_mut().zip(head) {
            *to = *from;
        }
        for (to, from) in self.payload.iter_mut().zip(tail) {
            *to = *from;
        }
        Ok(())
    }

    /// How many bytes the buffer has; a reply cannot have more.
    pub fn size(&self) -> usize {
        self.payload.len().saturating_add(HEADER_SIZE)
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The header, to be changed.
    pub fn header_mut(&mut self) -> &mut Header {
        &mut self.header
    }

    /// The payload: from `data_start` to `data_size`, as far as those lie within the buffer.
    pub fn payload(&self) -> &[u8] {
        let start = wire::to_usize(self.header.data_start.get()).saturating_sub(HEADER_SIZE);
        let end = wire::to_usize(self.header.data_size.get()).saturating_sub(HEADER_SIZE);
        self.payload.get(start..end.min(self.payload.len())).unwrap_or_default()
    }

    /// All bytes after the header, whatever `data_start` and `data_size` say.
    pub fn area(&self) -> &[u8] {
        &self.payload
    }

    /// Puts `payload` after the header as a request's; the packet grows if need be.
    pub fn set_payload(&mut self, payload: &[u8]) {
        if self.payload.len() < payload.len() {
            self.payload.resize(payload.len(), 0);
        }
        for (to, from) in self.payload.iter_mut().zip(payload) {
            *to = *from;
        }
        self.header.data_start.set(wire::to_u32(HEADER_SIZE));
        self.header.data_size.set(wire::to_u32(self.size()));
    }

    /// Puts `payload` after the header as a reply's and sets `data_start` and `data_size`; where it does
    /// not fit, sets [`Flags::BUFFER_FULL`] instead and leaves the rest as it was.
    pub fn reply_with(&mut self, payload: &[u8]) {
        self.header.data_start.set(wire::to_u32(HEADER_SIZE));
        if payload.len() > self.payload.len() {
            let flags = self.header.flags() | Flags::BUFFER_FULL;
            self.header.set_flags(flags);
            return;
        }
        for (to, from) in self.payload.iter_mut().zip(payload) {
            *to = *from;
        }
        self.header.data_size.set(wire::to_u32(HEADER_SIZE.saturating_add(payload.len())));
    }
}

#[cfg(test)]
mod tests;
