//! Bytes at positions: what every reader of metadata reads through.

use crate::errno::Errno;
use crate::units::Bytes;

/// Why bytes could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The range does not lie within the device.
    #[error("byte {at} plus {len} is past the end")]
    PastEnd {
        /// Where the read began.
        at: Bytes,
        /// How many bytes were wanted.
        len: Bytes,
    },
    /// The device refused.
    #[error("read at byte {at} failed")]
    Device {
        /// Where the read began.
        at: Bytes,
        /// What the system said.
        #[source]
        errno: Errno,
    },
}

/// Bytes at positions: a block device, an image, a slice, a disk in memory.
pub trait ReadAt {
    /// How many bytes there are.
    fn size(&self) -> Bytes;

    /// Fills `buf` from position `at`.
    ///
    /// # Errors
    ///
    /// [`ReadError::PastEnd`] when the range leaves the device, [`ReadError::Device`] when it fails.
    fn read_at(&self, at: Bytes, buf: &mut [u8]) -> Result<(), ReadError>;
}

impl ReadAt for [u8] {
    fn size(&self) -> Bytes {
        Bytes::new(u64::try_from(self.len()).unwrap_or(u64::MAX))
    }

    fn read_at(&self, at: Bytes, buf: &mut [u8]) -> Result<(), ReadError> {
        let len = Bytes::new(u64::try_from(buf.len()).unwrap_or(u64::MAX));
        let past_end = ReadError::PastEnd { at, len };
        let start = usize::try_from(at.get()).map_err(|_| past_end)?;
        let end = start.checked_add(buf.len()).ok_or(past_end)?;
        buf.copy_from_slice(self.get(start..end).ok_or(past_end)?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_reads_within_its_length() {
        let mut buf = [0; 2];
        assert_eq!(b"abcd".read_at(Bytes::new(2), &mut buf), Ok(()));
        assert_eq!(&buf, b"cd");
    }

    #[test]
    fn a_read_across_the_end_is_refused() {
        let at = Bytes::new(3);
        let past = ReadError::PastEnd { at, len: Bytes::new(2) };
        assert_eq!(b"abcd".read_at(at, &mut [0; 2]), Err(past));
    }
}
