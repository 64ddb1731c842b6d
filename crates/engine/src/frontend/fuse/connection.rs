//! A mount's connection to the kernel, as far as it is not on a ring: answers from any thread, and what the
//! server tells the kernel unasked.

use std::fs::File;
use std::io::{self, IoSlice, Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::sync::Arc;

use dm_core::errno::Errno;

use super::answer;

/// `FUSE_NOTIFY_RESEND`, which stands where an answer has its error.
///
/// # Source
///
/// The kernel's `include/uapi/linux/fuse.h`, 6.9.
const RESEND: i32 = 7;

/// The connection. Who was asked on it may answer from anywhere: the kernel finds a request by its number.
#[derive(Debug)]
pub(super) struct Connection(Arc<File>);

/// A request that is answered later; in any case, and once.
#[derive(Debug)]
pub(super) struct Reply {
    to: Arc<Connection>,
    unique: u64,
    is_given: bool,
}

impl Connection {
    pub(super) fn new(descriptor: OwnedFd) -> Self {
        Self(Arc::new(File::from(descriptor)))
    }

    /// The open file.
    pub(super) fn file(&self) -> &Arc<File> {
        &self.0
    }

    /// Answers a request.
    pub(super) fn answer(&self, unique: u64, result: Result<&[u8], Errno>) {
        let header = answer::header(unique, result.map(<[u8]>::len));
        let parts = [IoSlice::new(&header), IoSlice::new(result.unwrap_or_default())];
        if let Err(error) = (&*self.0).write_vectored(&parts) {
            // Who asked may have been killed; or the mount has gone.
            tracing::debug!(%error, unique, "an answer was not wanted");
        }
    }

    /// Answers a request later.
    pub(super) fn reply(self: &Arc<Self>, unique: u64) -> Reply {
        Reply { to: Arc::clone(self), unique, is_given: false }
    }

    /// Has all requests that an earlier server has read and not answered come again.
    ///
    /// # Errors
    ///
    /// `EINVAL` from kernels before 6.9, which cannot.
    pub(super) fn resend(&self) -> io::Result<()> {
        let mut notice = answer::header(0, Ok(0));
        notice[4..8].copy_from_slice(&RESEND.to_ne_bytes());
        (&*self.0).write_all(&notice)
    }

    /// Reads a request, if there is one.
    ///
    /// # Errors
    ///
    /// `WouldBlock` when there is none.
    pub(super) fn read(&self, buf: &mut [u8]) -> io::Result<usize> {
        (&*self.0).read(buf)
    }
}

impl Reply {
    pub(super) fn give(mut self, result: Result<&[u8], Errno>) {
        self.is_given = true;
        self.to.answer(self.unique, result);
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        if !self.is_given {
            self.to.answer(self.unique, Err(Errno::EIO));
        }
    }
}
