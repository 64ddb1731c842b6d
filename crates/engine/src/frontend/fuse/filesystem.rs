//! The FUSE requests of a mount: one folder of files that are devices.
//!
//! | request | answer |
//! |---|---|
//! | READ, WRITE, FSYNC, FALLOCATE | carried out by the device; answered when it has |
//! | SETATTR of a size | accepted, and the size stays: `dd of=` truncates what it opens, a disk does not |
//! | FALLOCATE that makes no holes and no zeroes | `EOPNOTSUPP`, as on a block device |
//! | CREATE, MKDIR, UNLINK, RENAME and their like | `EPERM`: files come and go with devices |
//! | IOCTL `BLKGETSIZE64` | the size, so that `blockdev --getsize64` works on the file as well |
//!
//! Nothing is cached: neither attributes, for a device may be resized, nor data, for an error must reach
//! the one who wrote.

use std::ffi::OsStr;
use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use dm_core::errno::Errno;
use fuser::{
    BsdFileFlags, FileAttr, FileHandle, FileType, Filesystem, FopenFlags, Generation, INodeNo,
    InitFlags, IoctlFlags, KernelConfig, LockOwner, OpenFlags, RenameFlags, ReplyAttr, ReplyCreate,
    ReplyData, ReplyDirectory, ReplyEmpty, ReplyEntry, ReplyIoctl, ReplyOpen, ReplyStatfs,
    ReplyWrite, Request, TimeOrNow, WriteFlags,
};

use super::files::{Access, File, Files, ROOT};
use crate::io::request::IoFlags;

/// The longest write, in bytes; one of a loop device's requests must fit into one of ours.
///
/// # Source
///
/// 256 pages, `FUSE_MAX_MAX_PAGES` in the kernel's `fs/fuse/fuse_i.h` up to 6.12.
pub(in crate::frontend) const MAX_WRITE: u32 = 1 << 20;

/// How many asynchronous requests the kernel sends before it waits for answers; its own default is 12.
const MAX_BACKGROUND: u16 = 256;

/// How long the kernel may believe what it was told of names and attributes.
const TTL: Duration = Duration::ZERO;

/// `BLKGETSIZE64`, as `_IOR(0x12, 114, size_t)` on a machine of 64 bits.
///
/// # Source
///
/// The kernel's `include/uapi/linux/fs.h`.
const BLKGETSIZE64: u32 = 0x8008_1272;

/// The folder, as FUSE asks for it.
#[derive(Debug)]
pub(super) struct Folder(pub(super) Arc<Files>);

impl Folder {
    fn file(&self, ino: INodeNo) -> Result<Arc<File>, fuser::Errno> {
        match ino.0 {
            ROOT => Err(fuser::Errno::EISDIR),
            ino => self.0.by_ino(ino).map(|(file, _)| file).ok_or(fuser::Errno::ESTALE),
        }
    }

    fn attributes(&self, ino: u64) -> Option<FileAttr> {
        if ino == ROOT {
            let access = self.0.access();
            return Some(self.shape(ROOT, FileType::Directory, Access { mode: 0o700, ..access }));
        }
        let (file, access) = self.0.by_ino(ino)?;
        let size = file.contents.size();
        let block = file.contents.limits().physical_block.get().max(4096);
        let mut attr = self.shape(ino, FileType::RegularFile, access);
        attr.size = size;
        attr.blocks = size.div_ceil(512);
        attr.blksize = u32::try_from(block).unwrap_or(4096);
        Some(attr)
    }

    fn shape(&self, ino: u64, kind: FileType, access: Access) -> FileAttr {
        let time = self.0.since();
        FileAttr {
            ino: INodeNo(ino),
            size: 0,
            blocks: 0,
            atime: time,
            mtime: time,
            ctime: time,
            crtime: time,
            kind,
            perm: access.mode,
            nlink: if kind == FileType::Directory { 2 } else { 1 },
            uid: access.uid,
            gid: access.gid,
            rdev: 0,
            blksize: 4096,
            flags: 0,
        }
    }
}

/// The errno for FUSE.
fn fuse(errno: Errno) -> fuser::Errno {
    fuser::Errno::from_i32(errno.get())
}

fn answer(reply: ReplyEmpty, result: Result<(), Errno>) {
    match result {
        Ok(()) => reply.ok(),
        Err(errno) => reply.error(fuse(errno)),
    }
}

/// What an `O_DSYNC` or `O_SYNC` write promises: with direct I/O the kernel sends no FSYNC after it.
fn durability(flags: OpenFlags) -> IoFlags {
    if flags.0 & libc::O_DSYNC != 0 { IoFlags::FUA } else { IoFlags::empty() }
}

impl Filesystem for Folder {
    fn init(&mut self, _req: &Request, config: &mut KernelConfig) -> io::Result<()> {
        // Without it every request of a loop device holds one of its threads.
        config.add_capabilities(InitFlags::FUSE_ASYNC_DIO).map_err(|_| {
            io::Error::new(io::ErrorKind::Unsupported, "this kernel's FUSE has no asynchronous I/O")
        })?;
        // Both hand back what they can do at most; both asked values are far below that.
        let _ = config.set_max_write(MAX_WRITE);
        let _ = config.set_max_background(MAX_BACKGROUND);
        Ok(())
    }

    fn lookup(&self, _req: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        let found = self.0.by_name(name).filter(|_| parent.0 == ROOT);
        match found.and_then(|(file, _)| self.attributes(file.ino)) {
            Some(attr) => reply.entry(&TTL, &attr, Generation(0)),
            None => reply.error(fuser::Errno::ENOENT),
        }
    }

    fn getattr(&self, _req: &Request, ino: INodeNo, _fh: Option<FileHandle>, reply: ReplyAttr) {
        match self.attributes(ino.0) {
            Some(attr) => reply.attr(&TTL, &attr),
            None => reply.error(fuser::Errno::ESTALE),
        }
    }

    fn setattr(
        &self,
        req: &Request,
        ino: INodeNo,
        mode: Option<u32>,
        uid: Option<u32>,
        gid: Option<u32>,
        _size: Option<u64>,
        _atime: Option<TimeOrNow>,
        _mtime: Option<TimeOrNow>,
        _ctime: Option<SystemTime>,
        fh: Option<FileHandle>,
        _crtime: Option<SystemTime>,
        _chgtime: Option<SystemTime>,
        _bkuptime: Option<SystemTime>,
        _flags: Option<BsdFileFlags>,
        reply: ReplyAttr,
    ) {
        if ino.0 == ROOT {
            return reply.error(fuser::Errno::EPERM);
        }
        self.0.set_access(ino.0, |access| {
            if let Some(mode) = mode.and_then(|mode| u16::try_from(mode & 0o7777).ok()) {
                access.mode = mode;
            }
            access.uid = uid.unwrap_or(access.uid);
            access.gid = gid.unwrap_or(access.gid);
        });
        self.getattr(req, ino, fh, reply);
    }

    fn open(&self, _req: &Request, ino: INodeNo, _flags: OpenFlags, reply: ReplyOpen) {
        if let Err(errno) = self.file(ino) {
            return reply.error(errno);
        }
        if !self.0.open(ino.0) {
            return reply.error(fuser::Errno::ESTALE);
        }
        let flags = FopenFlags::FOPEN_DIRECT_IO
            | FopenFlags::FOPEN_PARALLEL_DIRECT_WRITES
            | FopenFlags::FOPEN_NOFLUSH;
        reply.opened(FileHandle(0), flags);
    }

    fn release(
        &self,
        _req: &Request,
        ino: INodeNo,
        _fh: FileHandle,
        _flags: OpenFlags,
        _lock_owner: Option<LockOwner>,
        _flush: bool,
        reply: ReplyEmpty,
    ) {
        self.0.close(ino.0);
        reply.ok();
    }

    fn flush(
        &self,
        _req: &Request,
        _ino: INodeNo,
        _fh: FileHandle,
        _lock_owner: LockOwner,
        reply: ReplyEmpty,
    ) {
        reply.ok();
    }

    fn read(
        &self,
        _req: &Request,
        ino: INodeNo,
        _fh: FileHandle,
        offset: u64,
        size: u32,
        _flags: OpenFlags,
        _lock_owner: Option<LockOwner>,
        reply: ReplyData,
    ) {
        let file = match self.file(ino) {
            Ok(file) => file,
            Err(errno) => return reply.error(errno),
        };
        file.contents.read(offset, u64::from(size), move |result| match result {
            Ok(bytes) => reply.data(bytes),
            Err(errno) => reply.error(fuse(errno)),
        });
    }

    fn write(
        &self,
        _req: &Request,
        ino: INodeNo,
        _fh: FileHandle,
        offset: u64,
        data: &[u8],
        _write_flags: WriteFlags,
        flags: OpenFlags,
        _lock_owner: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        let file = match self.file(ino) {
            Ok(file) => file,
            Err(errno) => return reply.error(errno),
        };
        let len = u32::try_from(data.len()).unwrap_or(u32::MAX);
        file.contents.write(offset, data, durability(flags), move |result| match result {
            // All of it or an error: a loop device takes a short answer for success.
            Ok(()) => reply.written(len),
            Err(errno) => reply.error(fuse(errno)),
        });
    }

    fn fsync(
        &self,
        _req: &Request,
        ino: INodeNo,
        _fh: FileHandle,
        _datasync: bool,
        reply: ReplyEmpty,
    ) {
        match self.file(ino) {
            Ok(file) if file.is_being_attached() => reply.ok(),
            Ok(file) => file.contents.flush(move |result| answer(reply, result)),
            Err(errno) => reply.error(errno),
        }
    }

    fn fallocate(
        &self,
        _req: &Request,
        ino: INodeNo,
        _fh: FileHandle,
        offset: u64,
        length: u64,
        mode: i32,
        reply: ReplyEmpty,
    ) {
        let file = match self.file(ino) {
            Ok(file) => file,
            Err(errno) => return reply.error(errno),
        };
        let flags = match mode & !libc::FALLOC_FL_KEEP_SIZE {
            // A loop device sends this both for a discard and for zeroes that need not keep their space:
            // only zeroes are right for either.
            libc::FALLOC_FL_PUNCH_HOLE => IoFlags::empty(),
            libc::FALLOC_FL_ZERO_RANGE => IoFlags::NOUNMAP,
            _ => return reply.error(fuser::Errno::EOPNOTSUPP),
        };
        file.contents.zero(offset, length, flags, move |result| answer(reply, result));
    }

    fn ioctl(
        &self,
        _req: &Request,
        ino: INodeNo,
        _fh: FileHandle,
        _flags: IoctlFlags,
        cmd: u32,
        _in_data: &[u8],
        _out_size: u32,
        reply: ReplyIoctl,
    ) {
        match self.file(ino) {
            Ok(file) if cmd == BLKGETSIZE64 => {
                reply.ioctl(0, &file.contents.size().to_ne_bytes());
            }
            _ => reply.error(fuser::Errno::ENOTTY),
        }
    }

    fn statfs(&self, _req: &Request, ino: INodeNo, reply: ReplyStatfs) {
        let file = self.0.by_ino(ino.0).map(|(file, _)| file);
        // A loop device takes the block size for its unit of discards.
        let unit = file.as_ref().map_or(512, |file| {
            let limits = file.contents.limits();
            limits.discard_granularity.get().max(limits.logical_block.get()).max(512)
        });
        let blocks = file.map_or(0, |file| file.contents.size() / unit);
        let unit = u32::try_from(unit).unwrap_or(512);
        reply.statfs(blocks, 0, 0, 0, 0, unit, 255, unit);
    }

    fn readdir(
        &self,
        _req: &Request,
        ino: INodeNo,
        _fh: FileHandle,
        offset: u64,
        mut reply: ReplyDirectory,
    ) {
        if ino.0 != ROOT {
            return reply.error(fuser::Errno::ENOTDIR);
        }
        // A position is one more than the number of the entry before it; "." has 0 here, ".." 1.
        for (at, name) in (0..).zip([".", ".."]) {
            if at >= offset && reply.add(INodeNo(ROOT), at + 1, FileType::Directory, name) {
                return reply.ok();
            }
        }
        for (name, ino) in self.0.list(offset) {
            if reply.add(INodeNo(ino), ino + 1, FileType::RegularFile, name) {
                break;
            }
        }
        reply.ok();
    }

    fn create(
        &self,
        _req: &Request,
        _parent: INodeNo,
        _name: &OsStr,
        _mode: u32,
        _umask: u32,
        _flags: i32,
        reply: ReplyCreate,
    ) {
        reply.error(fuser::Errno::EPERM);
    }

    fn mknod(
        &self,
        _req: &Request,
        _parent: INodeNo,
        _name: &OsStr,
        _mode: u32,
        _umask: u32,
        _rdev: u32,
        reply: ReplyEntry,
    ) {
        reply.error(fuser::Errno::EPERM);
    }

    fn mkdir(
        &self,
        _req: &Request,
        _parent: INodeNo,
        _name: &OsStr,
        _mode: u32,
        _umask: u32,
        reply: ReplyEntry,
    ) {
        reply.error(fuser::Errno::EPERM);
    }

    fn unlink(&self, _req: &Request, _parent: INodeNo, _name: &OsStr, reply: ReplyEmpty) {
        reply.error(fuser::Errno::EPERM);
    }

    fn rmdir(&self, _req: &Request, _parent: INodeNo, _name: &OsStr, reply: ReplyEmpty) {
        reply.error(fuser::Errno::EPERM);
    }

    fn rename(
        &self,
        _req: &Request,
        _parent: INodeNo,
        _name: &OsStr,
        _newparent: INodeNo,
        _newname: &OsStr,
        _flags: RenameFlags,
        reply: ReplyEmpty,
    ) {
        reply.error(fuser::Errno::EPERM);
    }
}
