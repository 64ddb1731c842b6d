//! What a mount answers: one folder of files that are devices.
//!
//! | request | answer |
//! |---|---|
//! | READ, WRITE, FSYNC, FALLOCATE | carried out by the device; answered when it has |
//! | SETATTR of a size | accepted, and the size stays: `dd of=` truncates what it opens, a disk does not |
//! | FALLOCATE that makes no holes and no zeroes | `EOPNOTSUPP`, as on a block device |
//! | CREATE, MKDIR, UNLINK, RENAME and their like | `EPERM`: files come and go with devices |
//! | IOCTL `BLKGETSIZE64` | the size, so that `blockdev --getsize64` works on the file as well |
//! | FORGET, INTERRUPT | none: nodes are not counted, and what a device has begun it ends |
//!
//! Nothing is cached: neither attributes, for a device may be resized, nor data, for an error must reach
//! the one who wrote.
//!
//! A process that takes a mount over begins without files. Until all have been added, what is asked of one that
//! is not known yet waits. What is asked of the folder waits as well, but not for long: the kernel may keep others
//! from the folder meanwhile, and the one who adds the files be among them.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use dm_core::errno::Errno;
use dm_core::units::Bytes;

use super::answer::{self, Attributes, Entries, FileType, Terms};
use super::connection::Connection;
use super::files::{Access, File, Files, ROOT};
use super::overlap::Held;
use super::wire::{self, Header, Read, Request, Write};
use crate::io::request::IoFlags;
use crate::ring::fuse::{Action, Server, What};

/// The longest write, in bytes; one of a loop device's requests must fit into one of ours.
///
/// # Source
///
/// 256 pages, `FUSE_MAX_MAX_PAGES` in the kernel's `fs/fuse/fuse_i.h` up to 6.12.
pub(crate) const MAX_WRITE: u32 = 1 << 20;

/// The same in pages.
const MAX_PAGES: u16 = 256;

/// How many asynchronous requests the kernel sends before it waits for answers; its own default is 12. All
/// devices of a mount share it: those that are suspended must not hold up the others.
const MAX_BACKGROUND: u16 = u16::MAX;

/// How long the folder may wait until it is complete.
const FOLDER_PATIENCE: Duration = Duration::from_secs(1);

/// The protocol's minor version, and the oldest that has all that is used: `max_pages`.
const MINOR: u32 = 40;
const OLDEST_MINOR: u32 = 28;

/// `FUSE_*` of INIT: reads and direct I/O that need not wait for one another, writes of more than a page.
const ASYNC_READ: u32 = 1;
const BIG_WRITES: u32 = 1 << 5;
const ASYNC_DIO: u32 = 1 << 15;
const HAS_MAX_PAGES: u32 = 1 << 22;

/// `FOPEN_*`: past the page cache; nothing to do when closed; writes beside one another.
const DIRECT_IO: u32 = 1;
const NO_FLUSH: u32 = 1 << 5;
const PARALLEL_DIRECT_WRITES: u32 = 1 << 6;

/// `BLKGETSIZE64`, as `_IOR(0x12, 114, size_t)` on a machine of 64 bits.
///
/// # Source
///
/// The kernel's `include/uapi/linux/fs.h`.
const BLKGETSIZE64: u32 = 0x8008_1272;

/// The folder.
#[derive(Debug)]
pub(super) struct Folder {
    files: Arc<Files>,
    connection: Arc<Connection>,
    /// The kernel has introduced itself to this process.
    is_new: AtomicBool,
    /// Files that are not there do not exist.
    is_complete: AtomicBool,
    begun: Instant,
}

impl Folder {
    pub(super) fn new(files: &Arc<Files>, connection: &Arc<Connection>) -> Self {
        Self {
            files: Arc::clone(files),
            connection: Arc::clone(connection),
            is_new: AtomicBool::new(false),
            is_complete: AtomicBool::new(false),
            begun: Instant::now(),
        }
    }

    /// Whether the mount is this process's own, and not taken over from another.
    pub(super) fn is_new(&self) -> bool {
        self.is_new.load(Ordering::Acquire)
    }

    /// All files are there.
    pub(super) fn set_complete(&self) {
        self.is_complete.store(true, Ordering::Release);
    }

    /// Whether it may still turn out that there are other files than those that are known.
    fn is_unsure(&self) -> bool {
        !self.is_complete.load(Ordering::Acquire) && self.begun.elapsed() < FOLDER_PATIENCE
    }

    fn attributes(&self, node: u64) -> Option<Attributes> {
        if node == ROOT {
            let access = Access { mode: 0o700, ..self.files.access() };
            return Some(self.shape(ROOT, FileType::Directory, access));
        }
        let file = self.files.by_node(node)?;
        let access = self.files.access_of(node)?;
        let block = file.contents.limits().physical_block.get().max(4096);
        Some(Attributes {
            size: file.contents.size(),
            block: u32::try_from(block).unwrap_or(4096),
            ..self.shape(node, FileType::Regular, access)
        })
    }

    fn shape(&self, node: u64, kind: FileType, access: Access) -> Attributes {
        let Access { mode: permissions, uid, gid } = access;
        let time = self.files.since();
        Attributes { node, kind, permissions, uid, gid, size: 0, block: 4096, time }
    }

    /// The file that a request is about, or what is to become of the request.
    fn file(&self, header: &Header) -> Result<Arc<File>, Refusal> {
        match self.files.by_node(header.node) {
            Some(file) => Ok(file),
            None if header.node == ROOT => Err(Refusal::Errno(Errno::EISDIR)),
            None if !self.is_complete.load(Ordering::Acquire) => Err(Refusal::Later),
            None => Err(Refusal::Errno(Errno::ESTALE)),
        }
    }

    fn init(&self, header: &Header, version: (u32, u32), max_readahead: u32, can: u64) {
        let (major, minor) = version;
        if major > 7 {
            // It asks again, by this version.
            return self.give(header, Ok(answer::older(MINOR).as_bytes()));
        }
        let can = u32::try_from(can & u64::from(u32::MAX)).unwrap_or_default();
        // Without the second every request of a loop device holds one of its threads.
        if major < 7 || minor < OLDEST_MINOR || can & ASYNC_DIO == 0 {
            tracing::error!(major, minor, "this kernel's FUSE has no asynchronous I/O");
            return self.give(header, Err(Errno::EPROTO));
        }
        if let Err(errno) = self.files.reset() {
            return self.give(header, Err(errno));
        }
        self.is_new.store(true, Ordering::Release);
        self.set_complete();
        let terms = Terms {
            minor: minor.min(MINOR),
            max_readahead,
            flags: can & (ASYNC_READ | BIG_WRITES | ASYNC_DIO | HAS_MAX_PAGES),
            max_background: MAX_BACKGROUND,
            max_write: MAX_WRITE,
            max_pages: MAX_PAGES,
        };
        self.give(header, Ok(answer::init(&terms).as_bytes()));
    }

    fn give(&self, header: &Header, result: Result<&[u8], Errno>) {
        self.connection.answer(header.unique, result);
    }

    fn read(&self, header: &Header, read: Read) -> Result<Action<Held>, Refusal> {
        let file = self.file(header)?;
        let len = read.len.min(MAX_WRITE);
        if file.contents.is_whole(read.at, u64::from(len)) {
            return Ok(submit(&file, read.at, What::Read(len)));
        }
        let reply = self.connection.reply(header.unique);
        file.contents.read(read.at, u64::from(len), move |result| reply.give(result));
        Ok(Action::None)
    }

    fn write(&self, header: &Header, write: Write, data: &[u8]) -> Result<Action<Held>, Refusal> {
        let file = self.file(header)?;
        let (len, flags) = (u64::from(write.len), durability(write.flags));
        if file.contents.is_whole(write.at, len)
            && let Some(held) = file.contents.begin_write(write.at, len)
        {
            return Ok(submit(&file, write.at, What::Write { len: write.len, flags, held }));
        }
        let reply = self.connection.reply(header.unique);
        file.contents.write(write.at, data, flags, move |result| {
            // All of it or an error: a loop device takes a short answer for success.
            let written = answer::written(write.len);
            reply.give(result.map(|()| &written[..]));
        });
        Ok(Action::None)
    }

    fn fsync(&self, header: &Header) -> Result<Action<Held>, Refusal> {
        let file = self.file(header)?;
        if file.is_being_attached() {
            self.give(header, Ok(&[]));
            return Ok(Action::None);
        }
        Ok(submit(&file, 0, What::Flush))
    }

    fn fallocate(
        &self,
        header: &Header,
        (at, len, mode): (u64, u64, i32),
    ) -> Result<Action<Held>, Refusal> {
        let file = self.file(header)?;
        let flags = match mode & !libc::FALLOC_FL_KEEP_SIZE {
            // A loop device sends this both for a discard and for zeroes that need not keep their space:
            // only zeroes are right for either.
            libc::FALLOC_FL_PUNCH_HOLE => IoFlags::empty(),
            libc::FALLOC_FL_ZERO_RANGE => IoFlags::NOUNMAP,
            _ => return Err(Refusal::Errno(Errno::EOPNOTSUPP)),
        };
        let reply = self.connection.reply(header.unique);
        file.contents.zero(at, len, flags, move |result| reply.give(result.map(|()| &[][..])));
        Ok(Action::None)
    }

    /// Answers what needs no device.
    fn answer(&self, header: &Header, request: &Request<'_>) -> Result<Action<Held>, Refusal> {
        match *request {
            Request::Init { version, max_readahead, can } => {
                self.init(header, version, max_readahead, can);
            }
            Request::Lookup(name) => {
                let look = self.lookup(header.node, name).ok_or(Errno::ENOENT);
                if look.is_err() && self.is_unsure() {
                    return Err(Refusal::Later);
                }
                self.give(header, look.as_ref().map(answer::Body::as_bytes).map_err(|e| *e));
            }
            Request::GetAttributes => self.give_attributes(header)?,
            Request::SetAttributes { mode, uid, gid } => {
                if header.node == ROOT {
                    return Err(Refusal::Errno(Errno::EPERM));
                }
                self.files.set_access(header.node, |access| {
                    if let Some(Ok(mode)) = mode.map(|mode| u16::try_from(mode & 0o7777)) {
                        access.mode = mode;
                    }
                    access.uid = uid.unwrap_or(access.uid);
                    access.gid = gid.unwrap_or(access.gid);
                });
                self.give_attributes(header)?;
            }
            Request::Open => self.open(header)?,
            Request::OpenFolder => self.give(header, Ok(answer::opened(0, 0).as_bytes())),
            Request::Release { handle } => {
                self.files.close(handle);
                self.give(header, Ok(&[]));
            }
            Request::FsStatistics => self.statistics(header),
            Request::ReadFolder { position, size } => self.list(header, position, size)?,
            Request::Ioctl { command: BLKGETSIZE64 } => {
                let size = self.file(header)?.contents.size();
                self.give(header, Ok(answer::ioctl(size).as_bytes()));
            }
            Request::Nothing | Request::Destroy => self.give(header, Ok(&[])),
            Request::Ioctl { .. } => return Err(Refusal::Errno(Errno::ENOTTY)),
            Request::Change => return Err(Refusal::Errno(Errno::EPERM)),
            _ => return Err(Refusal::Errno(Errno::ENOSYS)),
        }
        Ok(Action::None)
    }

    fn lookup(&self, parent: u64, name: &OsStr) -> Option<answer::Body> {
        let file = self.files.by_name(name).filter(|_| parent == ROOT)?;
        self.attributes(file.node).as_ref().map(answer::entry)
    }

    fn give_attributes(&self, header: &Header) -> Result<(), Refusal> {
        let Some(look) = self.attributes(header.node) else {
            return self.file(header).map(drop);
        };
        self.give(header, Ok(answer::attributes(&look).as_bytes()));
        Ok(())
    }

    fn open(&self, header: &Header) -> Result<(), Refusal> {
        let file = self.file(header)?;
        let handle = header.unique & !wire::RESENT;
        self.files.open(file.node, handle).map_err(Refusal::Errno)?;
        let flags = DIRECT_IO | PARALLEL_DIRECT_WRITES | NO_FLUSH;
        self.give(header, Ok(answer::opened(handle, flags).as_bytes()));
        Ok(())
    }

    fn statistics(&self, header: &Header) {
        let file = self.files.by_node(header.node);
        // A loop device takes the block size for its unit of discards.
        let unit = file.as_ref().map_or(512, |file| {
            let limits = file.contents.limits();
            limits.discard_granularity.get().max(limits.logical_block.get()).max(512)
        });
        let blocks = file.map_or(0, |file| file.contents.size() / unit);
        let unit = u32::try_from(unit).unwrap_or(512);
        self.give(header, Ok(answer::statistics(blocks, unit).as_bytes()));
    }

    fn list(&self, header: &Header, position: u64, size: u32) -> Result<(), Refusal> {
        if header.node != ROOT {
            return Err(Refusal::Errno(Errno::ENOTDIR));
        }
        if self.is_unsure() {
            return Err(Refusal::Later);
        }
        let room = usize::try_from(size.min(MAX_WRITE)).unwrap_or(0);
        let mut entries = Entries::new(room);
        // A position is one more than the number of the entry before it; "." has 0 here, ".." 1.
        let dots = (0..).zip([".", ".."]).filter(|(at, _)| *at >= position);
        let fits = dots.fold(true, |fits, (at, name)| {
            fits && entries.add(ROOT, at + 1, FileType::Directory, name.as_bytes())
        });
        if fits {
            for (name, node) in self.files.list(position) {
                if !entries.add(node, node + 1, FileType::Regular, name.as_bytes()) {
                    break;
                }
            }
        }
        self.give(header, Ok(entries.into_body().as_bytes()));
        Ok(())
    }

    fn carry_out(
        &self,
        header: &Header,
        head: &[u8],
        rest: &[u8],
    ) -> Result<Action<Held>, Refusal> {
        let whole;
        let body = if header.is_short() {
            head.get(wire::HEADER..).unwrap_or_default()
        } else {
            whole = [head, rest].concat();
            whole.get(wire::HEADER..).unwrap_or_default()
        };
        let malformed = |_| Refusal::Errno(Errno::EINVAL);
        match Request::decode(header, body).map_err(malformed)? {
            Request::Read(read) => self.read(header, read),
            Request::Write(write) => self.write(header, write, rest),
            Request::Fsync => self.fsync(header),
            Request::Fallocate { at, len, mode } => self.fallocate(header, (at, len, mode)),
            Request::Unanswered => Ok(Action::None),
            request => self.answer(header, &request),
        }
    }
}

/// Why a request is not carried out.
enum Refusal {
    /// It is answered so.
    Errno(Errno),
    /// It is looked at again in a while.
    Later,
}

impl Server for Folder {
    type Ticket = Held;

    fn serve(&self, head: &[u8], rest: &[u8]) -> Action<Held> {
        let Ok(header) = Header::decode(head, head.len() + rest.len()) else {
            tracing::error!(len = head.len() + rest.len(), "what the kernel sent is no request");
            return Action::None;
        };
        match self.carry_out(&header, head, rest) {
            Ok(action) => action,
            Err(Refusal::Later) => Action::Later,
            Err(Refusal::Errno(errno)) => {
                if header.is_answered() {
                    self.give(&header, Err(errno));
                }
                Action::None
            }
        }
    }
}

/// A request that is about whole blocks alone.
fn submit(file: &File, at: u64, what: What<Held>) -> Action<Held> {
    let sector = Bytes::new(at).whole_sectors();
    Action::Submit { device: Arc::clone(&file.device), sector, what }
}

/// What an `O_DSYNC` or `O_SYNC` write promises: with direct I/O the kernel sends no FSYNC after it.
fn durability(flags: u32) -> IoFlags {
    let is_sync = flags.cast_signed() & libc::O_DSYNC != 0;
    if is_sync { IoFlags::FUA } else { IoFlags::empty() }
}
