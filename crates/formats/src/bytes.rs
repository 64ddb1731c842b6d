//! Numbers at fixed places of on-disk structures, in either byte order.

use core::marker::PhantomData;

use byteorder::ByteOrder;

/// A structure's bytes; its numbers are in the order `E`.
///
/// What lies past the bytes' end is zero: a structure that was cut off reads as one that is not filled in.
#[derive(Debug)]
pub(crate) struct Fields<'a, E> {
    bytes: &'a [u8],
    order: PhantomData<E>,
}

impl<'a, E: ByteOrder> Fields<'a, E> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, order: PhantomData }
    }

    /// The same structure from its byte `at` on.
    pub(crate) fn from(&self, at: usize) -> Self {
        Self::new(self.bytes.get(at..).unwrap_or_default())
    }

    /// `N` bytes at `at`.
    pub(crate) fn array<const N: usize>(&self, at: usize) -> [u8; N] {
        let found = self.bytes.get(at..).and_then(|rest| rest.first_chunk::<N>());
        found.copied().unwrap_or([0; N])
    }

    pub(crate) fn u8(&self, at: usize) -> u8 {
        u8::from_le_bytes(self.array(at))
    }

    pub(crate) fn i8(&self, at: usize) -> i8 {
        i8::from_le_bytes(self.array(at))
    }

    pub(crate) fn u16(&self, at: usize) -> u16 {
        E::read_u16(&self.array::<2>(at))
    }

    pub(crate) fn u32(&self, at: usize) -> u32 {
        E::read_u32(&self.array::<4>(at))
    }

    pub(crate) fn u64(&self, at: usize) -> u64 {
        E::read_u64(&self.array::<8>(at))
    }
}

#[cfg(test)]
mod tests {
    use byteorder::{BE, LE};

    use super::*;

    #[test]
    fn numbers_are_read_in_their_order() {
        let bytes = [0, 1, 2, 3, 4, 5, 6, 7, 8];
        assert_eq!(Fields::<LE>::new(&bytes).u16(1), 0x0201);
        assert_eq!(Fields::<BE>::new(&bytes).u32(1), 0x0102_0304);
        assert_eq!(Fields::<BE>::new(&bytes).from(1).u64(0), 0x0102_0304_0506_0708);
    }

    #[test]
    fn what_was_cut_off_is_zero() {
        assert_eq!(Fields::<LE>::new(&[1, 2, 3]).u32(1), 0);
        assert_eq!(Fields::<LE>::new(&[1, 2, 3]).from(9).u8(0), 0);
    }
}
