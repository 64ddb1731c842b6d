//! Numbers and checksums of a structure whose byte order the disk says.

use byteorder::{BE, LE};

use crate::bytes::Fields;
use crate::crc32::Crc32;
use crate::raid::sighting::{Checksum, Mismatch};

/// The byte order of all numbers on a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// As the standard has it.
    Big,
    /// As Adaptec has it.
    Little,
}

/// A structure; what lies past its end is zero, as in [`Fields`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers<'a> {
    /// All of it.
    pub(super) bytes: &'a [u8],
    order: Order,
}

impl<'a> Numbers<'a> {
    pub(super) const fn new(bytes: &'a [u8], order: Order) -> Self {
        Self { bytes, order }
    }

    /// The same structure from its byte `at` on.
    pub(super) fn from(&self, at: usize) -> Self {
        Self { bytes: self.bytes.get(at..).unwrap_or_default(), order: self.order }
    }

    /// `len` bytes at `at`; none where they are not all there.
    pub(super) fn text(&self, at: usize, len: usize) -> &'a [u8] {
        self.bytes.get(at..).and_then(|rest| rest.get(..len)).unwrap_or_default()
    }

    pub(super) fn u8(&self, at: usize) -> u8 {
        Fields::<LE>::new(self.bytes).u8(at)
    }

    pub(super) fn u16(&self, at: usize) -> u16 {
        match self.order {
            Order::Big => Fields::<BE>::new(self.bytes).u16(at),
            Order::Little => Fields::<LE>::new(self.bytes).u16(at),
        }
    }

    pub(super) fn u32(&self, at: usize) -> u32 {
        match self.order {
            Order::Big => Fields::<BE>::new(self.bytes).u32(at),
            Order::Little => Fields::<LE>::new(self.bytes).u32(at),
        }
    }

    pub(super) fn u64(&self, at: usize) -> u64 {
        match self.order {
            Order::Big => Fields::<BE>::new(self.bytes).u64(at),
            Order::Little => Fields::<LE>::new(self.bytes).u64(at),
        }
    }

    /// What the checksum at byte 4 says: that of all bytes, with ones in its own place. Linux begins it with zero and
    /// leaves its bits as they are.
    pub(super) fn checksum(&self) -> Checksum {
        let [usual, linux] = [Crc32::new(), Crc32::from_zero()].map(|mut crc| {
            crc.update(self.bytes.get(..4).unwrap_or_default());
            crc.update(&[0xff; 4]);
            crc.update(self.bytes.get(8..).unwrap_or_default());
            crc.finish()
        });
        let found = self.u32(4);
        if found == usual || found == !linux {
            Checksum::Right
        } else {
            Checksum::Ignored(Mismatch { found: found.into(), wanted: usual.into() })
        }
    }
}
