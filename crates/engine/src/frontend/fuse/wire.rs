//! FUSE's requests, as the kernel sends them.
//!
//! ```text
//! at  0  u32 length of all   u32 operation   u64 unique   u64 node   u32 uid gid pid   u16 extensions, pad
//! at 40  what the operation says of itself, then names, each ended by a NUL, or a write's bytes
//! ```
//!
//! Numbers are in the machine's own order. `unique` names the request in its answer.
//!
//! # Source
//!
//! The kernel's `include/uapi/linux/fuse.h`, protocol 7.28 (Linux 4.20) to 7.45.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

/// The bytes before what an operation says of itself.
pub const HEADER: usize = 40;

/// The bytes before a write's data.
pub const WRITE_HEADER: usize = HEADER + 40;

/// The mark in `unique` of a request that an earlier server has read: it comes again.
pub const RESENT: u64 = 1 << 63;

/// Why bytes are no request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a FUSE request breaks off, or is longer than it says")]
pub struct Malformed;

/// What all requests begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// How long the request is, this included.
    pub len: usize,
    /// What is asked.
    pub operation: u32,
    /// What the answer must carry.
    pub unique: u64,
    /// Which file it is about.
    pub node: u64,
    /// The thread that asks; 0 for the kernel itself.
    pub thread: u32,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request<'a> {
    /// The first request on a connection: what the kernel can do.
    Init {
        /// The protocol's version.
        version: (u32, u32),
        /// How far the kernel reads ahead, in bytes.
        max_readahead: u32,
        /// What it can do, one bit each: `FUSE_INIT` flags, the second word in the upper half.
        can: u64,
    },
    /// The last request on some connections.
    Destroy,
    /// Which node has this name in the folder.
    Lookup(&'a OsStr),
    /// The kernel has forgotten nodes, or asks to give a request up: there is no answer.
    Unanswered,
    /// How the node looks.
    GetAttributes,
    /// That it is to look different.
    SetAttributes {
        /// Permissions.
        mode: Option<u32>,
        /// Owner.
        uid: Option<u32>,
        /// Group.
        gid: Option<u32>,
    },
    /// Somebody opens the file.
    Open,
    /// Somebody has closed it, who had it open by this number.
    Release {
        /// What the open was answered with.
        handle: u64,
    },
    /// Bytes are wanted.
    Read(Read),
    /// Bytes are given, [`WRITE_HEADER`] after the beginning of the request.
    Write(Write),
    /// What was written is to be on stable storage.
    Fsync,
    /// A descriptor of the file is closed, or the like: nothing is to be done, and that is to be said.
    Nothing,
    /// A range is to be allocated, or emptied.
    Fallocate {
        /// Where it begins, in bytes.
        at: u64,
        /// How long it is.
        len: u64,
        /// `FALLOC_FL_*`.
        mode: i32,
    },
    /// A device's command.
    Ioctl {
        /// Its number.
        command: u32,
    },
    /// How large the filesystem is.
    FsStatistics,
    /// Somebody opens the folder.
    OpenFolder,
    /// The folder's entries.
    ReadFolder {
        /// After which.
        position: u64,
        /// How many bytes the answer may have.
        size: u32,
    },
    /// Files are to come or go other than with devices.
    Change,
    /// What is not known here.
    Unknown,
}

/// A read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read {
    /// Where it begins, in bytes.
    pub at: u64,
    /// How many bytes.
    pub len: u32,
}

/// A write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Write {
    /// Where it begins, in bytes.
    pub at: u64,
    /// How many bytes.
    pub len: u32,
    /// How the file was opened: `O_*`.
    pub flags: u32,
}

impl Header {
    /// Reads the header of a request of which `got` bytes have come.
    ///
    /// # Errors
    ///
    /// [`Malformed`] when there are fewer than a header has, or not as many as it says.
    pub fn decode(bytes: &[u8], got: usize) -> Result<Self, Malformed> {
        let mut fields = Fields(bytes);
        let len = usize::try_from(fields.u32()?).map_err(|_| Malformed)?;
        let (operation, unique, node) = (fields.u32()?, fields.u64()?, fields.u64()?);
        let [_uid, _gid, thread] = [fields.u32()?, fields.u32()?, fields.u32()?];
        let header = Self { len, operation, unique, node, thread };
        if len < HEADER || len != got { Err(Malformed) } else { Ok(header) }
    }

    /// Whether all that is to be known of the request lies in its first [`WRITE_HEADER`] bytes.
    pub fn is_short(&self) -> bool {
        self.len <= WRITE_HEADER || self.operation == operation::WRITE
    }

    /// Whether an answer is to be sent even to a request that cannot be read.
    pub fn is_answered(&self) -> bool {
        !matches!(
            self.operation,
            operation::FORGET | operation::BATCH_FORGET | operation::INTERRUPT
        )
    }
}

impl<'a> Request<'a> {
    /// Reads what follows `header`: of a write at least the first 40 bytes, of all others all.
    ///
    /// # Errors
    ///
    /// [`Malformed`] when the request breaks off, or a write has not as many bytes as it says.
    pub fn decode(header: &Header, body: &'a [u8]) -> Result<Self, Malformed> {
        let mut fields = Fields(body);
        match header.operation {
            operation::INIT => init(fields),
            operation::LOOKUP => Ok(Self::Lookup(OsStr::from_bytes(fields.name()?))),
            operation::SETATTR => set_attributes(fields),
            operation::RELEASE => Ok(Self::Release { handle: fields.u64()? }),
            operation::READ => {
                fields.u64()?;
                Ok(Self::Read(Read { at: fields.u64()?, len: fields.u32()? }))
            }
            operation::WRITE => write(header, fields).map(Self::Write),
            operation::FALLOCATE => {
                fields.u64()?;
                let (at, len) = (fields.u64()?, fields.u64()?);
                Ok(Self::Fallocate { at, len, mode: fields.u32()?.cast_signed() })
            }
            operation::IOCTL => {
                fields.skip(12)?;
                Ok(Self::Ioctl { command: fields.u32()? })
            }
            operation::READDIR => {
                fields.u64()?;
                Ok(Self::ReadFolder { position: fields.u64()?, size: fields.u32()? })
            }
            number => Ok(plain(number)),
        }
    }
}

/// Operations of which nothing but their number matters.
fn plain(number: u32) -> Request<'static> {
    match number {
        operation::FORGET | operation::BATCH_FORGET | operation::INTERRUPT => Request::Unanswered,
        operation::GETATTR => Request::GetAttributes,
        operation::OPEN => Request::Open,
        operation::FSYNC => Request::Fsync,
        operation::FLUSH | operation::RELEASEDIR => Request::Nothing,
        operation::STATFS => Request::FsStatistics,
        operation::OPENDIR => Request::OpenFolder,
        operation::DESTROY => Request::Destroy,
        operation::SYMLINK
        | operation::MKNOD
        | operation::MKDIR
        | operation::UNLINK
        | operation::RMDIR
        | operation::RENAME
        | operation::LINK
        | operation::CREATE
        | operation::RENAME2
        | operation::TMPFILE => Request::Change,
        _ => Request::Unknown,
    }
}

fn init(mut fields: Fields<'_>) -> Result<Request<'_>, Malformed> {
    let version = (fields.u32()?, fields.u32()?);
    let (max_readahead, flags) = (fields.u32()?, fields.u32()?);
    // Older kernels send no second word.
    let more = fields.u32().unwrap_or(0);
    Ok(Request::Init { version, max_readahead, can: u64::from(more) << 32 | u64::from(flags) })
}

fn set_attributes(mut fields: Fields<'_>) -> Result<Request<'_>, Malformed> {
    let valid = fields.u32()?;
    fields.skip(64)?;
    let mode = fields.u32()?;
    fields.skip(4)?;
    let (uid, gid) = (fields.u32()?, fields.u32()?);
    let given = |bit: u32, value: u32| (valid & bit != 0).then_some(value);
    Ok(Request::SetAttributes { mode: given(1, mode), uid: given(2, uid), gid: given(4, gid) })
}

fn write(header: &Header, mut fields: Fields<'_>) -> Result<Write, Malformed> {
    fields.u64()?;
    let (at, len) = (fields.u64()?, fields.u32()?);
    fields.skip(12)?;
    let flags = fields.u32()?;
    let data = header.len.checked_sub(WRITE_HEADER).ok_or(Malformed)?;
    if u32::try_from(data) == Ok(len) { Ok(Write { at, len, flags }) } else { Err(Malformed) }
}

/// Bytes, read from the front.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let (field, rest) = self.0.split_first_chunk().ok_or(Malformed)?;
        self.0 = rest;
        Ok(*field)
    }

    fn u32(&mut self) -> Result<u32, Malformed> {
        self.take().map(u32::from_ne_bytes)
    }

    fn u64(&mut self) -> Result<u64, Malformed> {
        self.take().map(u64::from_ne_bytes)
    }

    fn skip(&mut self, len: usize) -> Result<(), Malformed> {
        self.0 = self.0.get(len..).ok_or(Malformed)?;
        Ok(())
    }

    /// A name, without the NUL that ends it.
    fn name(&mut self) -> Result<&'a [u8], Malformed> {
        let end = self.0.iter().position(|&byte| byte == 0).ok_or(Malformed)?;
        self.0.get(..end).ok_or(Malformed)
    }
}

/// `enum fuse_opcode`.
mod operation {
    pub(super) const LOOKUP: u32 = 1;
    pub(super) const FORGET: u32 = 2;
    pub(super) const GETATTR: u32 = 3;
    pub(super) const SETATTR: u32 = 4;
    pub(super) const SYMLINK: u32 = 6;
    pub(super) const MKNOD: u32 = 8;
    pub(super) const MKDIR: u32 = 9;
    pub(super) const UNLINK: u32 = 10;
    pub(super) const RMDIR: u32 = 11;
    pub(super) const RENAME: u32 = 12;
    pub(super) const LINK: u32 = 13;
    pub(super) const OPEN: u32 = 14;
    pub(super) const READ: u32 = 15;
    pub(super) const WRITE: u32 = 16;
    pub(super) const STATFS: u32 = 17;
    pub(super) const RELEASE: u32 = 18;
    pub(super) const FSYNC: u32 = 20;
    pub(super) const FLUSH: u32 = 25;
    pub(super) const INIT: u32 = 26;
    pub(super) const OPENDIR: u32 = 27;
    pub(super) const READDIR: u32 = 28;
    pub(super) const RELEASEDIR: u32 = 29;
    pub(super) const CREATE: u32 = 35;
    pub(super) const INTERRUPT: u32 = 36;
    pub(super) const DESTROY: u32 = 38;
    pub(super) const IOCTL: u32 = 39;
    pub(super) const BATCH_FORGET: u32 = 42;
    pub(super) const FALLOCATE: u32 = 43;
    pub(super) const RENAME2: u32 = 45;
    pub(super) const TMPFILE: u32 = 51;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(number: u32, body: &[u8]) -> Vec<u8> {
        let len = u32::try_from(HEADER + body.len()).unwrap();
        let mut bytes = Vec::new();
        bytes.extend(len.to_ne_bytes());
        bytes.extend(number.to_ne_bytes());
        bytes.extend(7_u64.to_ne_bytes());
        bytes.extend(3_u64.to_ne_bytes());
        bytes.extend([0; 16]);
        bytes.extend(body);
        bytes
    }

    fn words(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_ne_bytes()).collect()
    }

    fn decode(bytes: &[u8]) -> Result<Request<'_>, Malformed> {
        let header = Header::decode(bytes, bytes.len())?;
        assert_eq!((header.unique, header.node), (7, 3));
        Request::decode(&header, &bytes[HEADER..])
    }

    #[test]
    fn a_write_says_as_many_bytes_as_it_has() {
        let head = words(&[9, 0, 0x1000, 0, 4, 0, 0, 0, 0x1002, 0]);
        let mut body = head.clone();
        body.extend(b"data");
        let write = Write { at: 0x1000, len: 4, flags: 0x1002 };
        assert_eq!(decode(&request(operation::WRITE, &body)), Ok(Request::Write(write)));
        assert_eq!(decode(&request(operation::WRITE, &head)), Err(Malformed));
    }

    #[test]
    fn a_read_is_read() {
        let body = words(&[9, 0, 0x2000, 1, 512, 0, 0, 0, 0, 0]);
        let read = Read { at: 0x1_0000_2000, len: 512 };
        assert_eq!(decode(&request(operation::READ, &body)), Ok(Request::Read(read)));
        assert_eq!(decode(&request(operation::READ, &body[..16])), Err(Malformed));
    }

    #[test]
    fn only_what_is_said_to_be_valid_is_set() {
        let mut body = words(&[1 | 4]);
        body.extend([0; 64]);
        body.extend(words(&[0o640, 0, 5, 6, 0]));
        let set = Request::SetAttributes { mode: Some(0o640), uid: None, gid: Some(6) };
        assert_eq!(body.len(), 88);
        assert_eq!(decode(&request(operation::SETATTR, &body)), Ok(set));
    }

    #[test]
    fn an_old_kernel_says_less_of_what_it_can() {
        let old = words(&[7, 31, 0x20000, 1 << 15]);
        let init = |can| Request::Init { version: (7, 31), max_readahead: 0x20000, can };
        assert_eq!(decode(&request(operation::INIT, &old)), Ok(init(1 << 15)));
        let new = [old, words(&[2])].concat();
        assert_eq!(decode(&request(operation::INIT, &new)), Ok(init(1 << 33 | 1 << 15)));
    }

    #[test]
    fn a_name_ends_at_its_nul() {
        let found = decode(&request(operation::LOOKUP, b"disk\0")).map(|found| match found {
            Request::Lookup(name) => name.as_bytes() == b"disk",
            _ => false,
        });
        assert_eq!(found, Ok(true));
        assert_eq!(decode(&request(operation::LOOKUP, b"disk")), Err(Malformed));
    }

    #[test]
    fn a_length_that_is_not_what_came_is_refused() {
        let bytes = request(operation::GETATTR, &[0; 16]);
        assert_eq!(decode(&bytes), Ok(Request::GetAttributes));
        assert_eq!(decode(&bytes[..bytes.len() - 1]), Err(Malformed));
        assert_eq!(Header::decode(&bytes[..20], 20), Err(Malformed));
        assert_eq!(decode(&request(9999, &[])), Ok(Request::Unknown));
    }
}
