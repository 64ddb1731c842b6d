//! A disk that stops working while it is read.

use std::cell::Cell;

use dm_core::errno::Errno;
use dm_core::read_at::{ReadAt, ReadError};
use dm_core::units::Bytes;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Reads fail.
    Fails,
    /// The disk has become as short as this.
    Shrinks(Bytes),
}

/// A disk to which something happens after so many reads. It says the size that it had.
#[derive(Debug)]
pub struct Faulty<'a, R> {
    disk: &'a R,
    fault: Fault,
    left: Cell<u32>,
}

impl<'a, R: ReadAt> Faulty<'a, R> {
    /// The fault comes after `reads` reads.
    pub fn new(disk: &'a R, fault: Fault, reads: u32) -> Self {
        Self { disk, fault, left: Cell::new(reads) }
    }
}

impl<R: ReadAt> ReadAt for Faulty<'_, R> {
    fn size(&self) -> Bytes {
        self.disk.size()
    }

    fn read_at(&self, at: Bytes, buf: &mut [u8]) -> Result<(), ReadError> {
        if let Some(left) = self.left.get().checked_sub(1) {
            self.left.set(left);
            return self.disk.read_at(at, buf);
        }
        let len = Bytes::new(u64::try_from(buf.len()).unwrap_or(u64::MAX));
        match self.fault {
            Fault::Fails => Err(ReadError::Device { at, errno: Errno::EIO }),
            Fault::Shrinks(size) if at.saturating_add(len) > size => {
                Err(ReadError::PastEnd { at, len })
            }
            Fault::Shrinks(_) => self.disk.read_at(at, buf),
        }
    }
}
