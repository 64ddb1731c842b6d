//! FUSE's answers, as the kernel takes them.
//!
//! ```text
//! at  0  u32 length of all   i32 0, or an error number below zero   u64 unique, the request's
//! at 16  what the operation answers
//! ```
//!
//! # Source
//!
//! The kernel's `include/uapi/linux/fuse.h`.

use std::time::{Duration, SystemTime};

use dm_core::errno::Errno;

/// The bytes before what the operation answers.
pub(crate) const HEADER: usize = 16;

/// `S_IFDIR` and `S_IFREG`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum FileType {
    Directory = 0o040_000,
    Regular = 0o100_000,
}

/// How a node looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attributes {
    pub(super) node: u64,
    pub(super) kind: FileType,
    pub(super) permissions: u16,
    pub(super) uid: u32,
    pub(super) gid: u32,
    /// In bytes.
    pub(super) size: u64,
    /// The preferred request, in bytes.
    pub(super) block: u32,
    pub(super) time: SystemTime,
}

/// What the server wants of the connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    pub(super) minor: u32,
    pub(super) max_readahead: u32,
    pub(super) flags: u32,
    pub(super) max_background: u16,
    pub(super) max_write: u32,
    pub(super) max_pages: u16,
}

/// An answer's first bytes, with `len` bytes to follow.
pub(crate) fn header(unique: u64, result: Result<usize, Errno>) -> [u8; HEADER] {
    let (len, error) = match result {
        Ok(len) => (len, 0),
        Err(errno) => (0, errno.get().saturating_neg()),
    };
    let len = u32::try_from(len.saturating_add(HEADER)).unwrap_or(u32::MAX);
    let mut bytes = [0; HEADER];
    bytes[..4].copy_from_slice(&len.to_ne_bytes());
    bytes[4..8].copy_from_slice(&error.to_ne_bytes());
    bytes[8..].copy_from_slice(&unique.to_ne_bytes());
    bytes
}

/// What a write answers: how many bytes it has written.
pub(crate) fn written(len: u32) -> [u8; 8] {
    let mut bytes = [0; 8];
    bytes[..4].copy_from_slice(&len.to_ne_bytes());
    bytes
}

/// An answer's content, written from front to back.
#[derive(Debug, Default)]
pub(super) struct Body(Vec<u8>);

impl Body {
    pub(super) fn u16(mut self, number: u16) -> Self {
        self.0.extend(number.to_ne_bytes());
        self
    }

    pub(super) fn u32(mut self, number: u32) -> Self {
        self.0.extend(number.to_ne_bytes());
        self
    }

    pub(super) fn u64(mut self, number: u64) -> Self {
        self.0.extend(number.to_ne_bytes());
        self
    }

    fn zeros(mut self, len: usize) -> Self {
        self.0.resize(self.0.len().saturating_add(len), 0);
        self
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// `struct fuse_attr`, 88 bytes.
    fn attributes(self, of: &Attributes) -> Self {
        let time = of.time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
        let (seconds, nanoseconds) = (time.as_secs(), time.subsec_nanos());
        let links = if of.kind == FileType::Directory { 2 } else { 1 };
        self.u64(of.node)
            .u64(of.size)
            .u64(of.size.div_ceil(512))
            .u64(seconds)
            .u64(seconds)
            .u64(seconds)
            .u32(nanoseconds)
            .u32(nanoseconds)
            .u32(nanoseconds)
            .u32(of.kind as u32 | u32::from(of.permissions))
            .u32(links)
            .u32(of.uid)
            .u32(of.gid)
            .u32(0)
            .u32(of.block)
            .u32(0)
    }
}

/// `struct fuse_entry_out`: a node, that nobody is to remember how it looks. Node numbers are never used again,
/// and so need no generation.
pub(super) fn entry(of: &Attributes) -> Body {
    Body::default().u64(of.node).zeros(32).attributes(of)
}

/// `struct fuse_attr_out`, with the same restriction.
pub(super) fn attributes(of: &Attributes) -> Body {
    Body::default().zeros(16).attributes(of)
}

/// `struct fuse_open_out`; `flags` are `FOPEN_*`.
pub(super) fn opened(handle: u64, flags: u32) -> Body {
    Body::default().u64(handle).u32(flags).u32(0)
}

/// `struct fuse_init_out`.
pub(super) fn init(terms: &Terms) -> Body {
    Body::default()
        .u32(7)
        .u32(terms.minor)
        .u32(terms.max_readahead)
        .u32(terms.flags)
        .u16(terms.max_background)
        .u16(terms.max_background)
        .u32(terms.max_write)
        .u32(1)
        .u16(terms.max_pages)
        .zeros(34)
}

/// The answer to a kernel of a newer major version, which asks again by ours.
pub(super) fn older(minor: u32) -> Body {
    Body::default().u32(7).u32(minor).zeros(56)
}

/// `struct fuse_statfs_out`: `blocks` of `unit` bytes, none free.
pub(super) fn statistics(blocks: u64, unit: u32) -> Body {
    Body::default().u64(blocks).zeros(32).u32(unit).u32(255).u32(unit).zeros(28)
}

/// `struct fuse_ioctl_out`, and what the command answers.
pub(super) fn ioctl(answer: u64) -> Body {
    Body::default().zeros(16).u64(answer)
}

/// Entries of a folder, as many as fit.
#[derive(Debug)]
pub(super) struct Entries {
    body: Body,
    room: usize,
}

impl Entries {
    /// None yet; at most `room` bytes.
    pub(super) fn new(room: usize) -> Self {
        Self { body: Body::default(), room }
    }

    /// Adds an entry; `next` is the position behind it. False when there is no room.
    pub(super) fn add(&mut self, node: u64, next: u64, kind: FileType, name: &[u8]) -> bool {
        let len = (24_usize.saturating_add(name.len())).next_multiple_of(8);
        if self.body.0.len().saturating_add(len) > self.room {
            return false;
        }
        let end = self.body.0.len() + len;
        let name_len = u32::try_from(name.len()).unwrap_or(u32::MAX);
        let body = std::mem::take(&mut self.body);
        // `d_type` is the upper bits of the mode.
        self.body = body.u64(node).u64(next).u32(name_len).u32(kind as u32 >> 12);
        self.body.0.extend(name);
        self.body.0.resize(end, 0);
        true
    }

    pub(super) fn into_body(self) -> Body {
        self.body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOK: Attributes = Attributes {
        node: 3,
        kind: FileType::Regular,
        permissions: 0o600,
        uid: 1,
        gid: 2,
        size: 1000,
        block: 4096,
        time: SystemTime::UNIX_EPOCH,
    };

    /// The sizes of the structures in `fuse.h`.
    #[test]
    fn answers_have_their_structures_sizes() {
        let terms = Terms {
            minor: 40,
            max_readahead: 0,
            flags: 0,
            max_background: 1,
            max_write: 1,
            max_pages: 1,
        };
        let sizes = [
            entry(&LOOK).as_bytes().len(),
            attributes(&LOOK).as_bytes().len(),
            opened(1, 2).as_bytes().len(),
            init(&terms).as_bytes().len(),
            older(1).as_bytes().len(),
            statistics(1, 512).as_bytes().len(),
            ioctl(1).as_bytes().len(),
        ];
        assert_eq!(sizes, [128, 104, 16, 64, 64, 80, 24]);
    }

    #[test]
    fn an_error_goes_below_zero_and_has_no_content() {
        let bytes = header(9, Err(Errno::EIO));
        assert_eq!(bytes[..4], 16_u32.to_ne_bytes());
        assert_eq!(bytes[4..8], (-5_i32).to_ne_bytes());
        assert_eq!(bytes[8..], 9_u64.to_ne_bytes());
        assert_eq!(header(9, Ok(8))[..4], 24_u32.to_ne_bytes());
    }

    #[test]
    fn entries_are_padded_and_stop_where_there_is_no_room() {
        let mut entries = Entries::new(70);
        assert!(entries.add(1, 1, FileType::Directory, b"."));
        assert!(entries.add(1, 2, FileType::Directory, b".."));
        assert!(!entries.add(2, 3, FileType::Regular, b"disk"));
        let body = entries.into_body();
        assert_eq!(body.as_bytes().len(), 64);
        assert_eq!(body.as_bytes()[20..25], [4, 0, 0, 0, b'.']);
    }
}
