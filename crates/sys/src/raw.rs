//! The crate's only unsafe: system calls that no library offers with types.
//!
//! Each ioctl is a constant of a type that says what it moves, so that a caller cannot pair a request with
//! the wrong argument; the constants are made here and nowhere else. The invariants that the blocks name:
//!
//! | name | invariant |
//! |---|---|
//! | *descriptor* | a `BorrowedFd` is open for as long as the call lasts |
//! | *size* | the kernel moves exactly `size_of::<T>()` bytes for a request made as `Fill<T>` or `Take<T>`: each constant cites the kernel's structure, and the sizes are asserted at compile time |
//! | *plain* | `T` is `FromBytes` and `IntoBytes`: any bytes that the kernel writes are a value, and no padding of ours is read |
//! | *packet* | the kernel reads and writes at most `data_size` bytes of a device-mapper packet, never fewer than 305 are read; [`dm`] refuses a buffer shorter than either |
//! | *value* | the request takes its argument as a number, never as an address |
//! | *new* | the kernel has just made the descriptor for this process, and nothing else knows its number |
//! | *given* | the number came with the program's arguments, from whoever left the descriptor open for it; nothing else here knows it |
//! | *async-signal* | between `fork` and `exec` nothing allocates, locks or unwinds |
#![allow(unsafe_code, reason = "system calls without a typed wrapper; invariants above")]

use std::cmp::Ordering;
use std::ffi::CStr;
use std::io::{self, IoSliceMut};
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd as _, BorrowedFd, FromRawFd as _, OwnedFd, RawFd};
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::packet::HEADER_SIZE;
use libc::{c_int, c_long, c_uint, c_ulong};
use nix::sys::socket::{ControlMessageOwned, MsgFlags, recvmsg};
use nix::{request_code_none, request_code_read, request_code_readwrite};
use zerocopy::{FromBytes, FromZeros, Immutable, IntoBytes};

/// The errno that a failed call left.
fn last() -> Errno {
    Errno::new(io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO))
}

/// A call's result, -1 being failure.
fn check(result: c_int) -> Result<c_int, Errno> {
    if result == -1 { Err(last()) } else { Ok(result) }
}

/// An ioctl whose argument is a number, or nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number(c_ulong);

/// An ioctl that fills in a `T`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fill<T>(c_ulong, PhantomData<T>);

/// An ioctl that takes a `T`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Take<T>(c_ulong, PhantomData<T>);

impl Number {
    /// Issues it with `arg`; some requests answer with a number.
    pub(crate) fn call(self, fd: BorrowedFd<'_>, arg: c_ulong) -> Result<c_int, Errno> {
        // SAFETY: *descriptor*, *value*.
        check(unsafe { libc::ioctl(fd.as_raw_fd(), self.0 as libc::Ioctl, arg) })
    }
}

impl<T: FromBytes + IntoBytes> Fill<T> {
    const fn new(code: c_ulong) -> Self {
        Self(code, PhantomData)
    }

    /// Issues it.
    pub(crate) fn call(self, fd: BorrowedFd<'_>) -> Result<T, Errno> {
        let mut value = T::new_zeroed();
        let at: *mut T = &raw mut value;
        // SAFETY: *descriptor*, *size*, *plain*.
        check(unsafe { libc::ioctl(fd.as_raw_fd(), self.0 as libc::Ioctl, at) })?;
        Ok(value)
    }
}

impl<T: IntoBytes + Immutable> Take<T> {
    const fn new(code: c_ulong) -> Self {
        Self(code, PhantomData)
    }

    /// Issues it with `value`.
    pub(crate) fn call(self, fd: BorrowedFd<'_>, value: &T) -> Result<(), Errno> {
        let at: *const T = value;
        // SAFETY: *descriptor*, *size*, *plain*; the kernel only reads what is at `at`.
        check(unsafe { libc::ioctl(fd.as_raw_fd(), self.0 as libc::Ioctl, at) }).map(drop)
    }
}

/// The type byte of the block layer's requests; numbers from the kernel's `include/uapi/linux/fs.h`.
const BLK: u8 = 0x12;

/// Makes a block device read-only, or writable again: `BLKROSET`.
pub(crate) const BLKROSET: Take<c_int> = Take::new(request_code_none!(BLK, 93) as c_ulong);
/// Whether a block device is read-only: `BLKROGET`.
pub(crate) const BLKROGET: Fill<c_int> = Fill::new(request_code_none!(BLK, 94) as c_ulong);
/// Drops a block device's cached pages: `BLKFLSBUF`.
pub(crate) const BLKFLSBUF: Number = Number(request_code_none!(BLK, 97) as c_ulong);
/// Sets read-ahead, in sectors: `BLKRASET`.
pub(crate) const BLKRASET: Number = Number(request_code_none!(BLK, 98) as c_ulong);
/// Read-ahead, in sectors: `BLKRAGET`.
pub(crate) const BLKRAGET: Fill<c_long> = Fill::new(request_code_none!(BLK, 99) as c_ulong);
/// The logical block's size in bytes: `BLKSSZGET`.
pub(crate) const BLKSSZGET: Fill<c_int> = Fill::new(request_code_none!(BLK, 104) as c_ulong);
/// The device's size in bytes: `BLKGETSIZE64`, whose code has the size of `size_t` but moves 64 bits.
pub(crate) const BLKGETSIZE64: Fill<u64> =
    Fill::new(request_code_read!(BLK, 114, size_of::<usize>()) as c_ulong);
/// Discards the bytes from the first number on, as many as the second: `BLKDISCARD`.
pub(crate) const BLKDISCARD: Take<[u64; 2]> = Take::new(request_code_none!(BLK, 119) as c_ulong);
/// The smallest preferred request in bytes: `BLKIOMIN`.
pub(crate) const BLKIOMIN: Fill<c_uint> = Fill::new(request_code_none!(BLK, 120) as c_ulong);
/// The optimal request in bytes, or 0: `BLKIOOPT`.
pub(crate) const BLKIOOPT: Fill<c_uint> = Fill::new(request_code_none!(BLK, 121) as c_ulong);
/// The physical block's size in bytes: `BLKPBSZGET`.
pub(crate) const BLKPBSZGET: Fill<c_uint> = Fill::new(request_code_none!(BLK, 123) as c_ulong);
/// Writes zeroes from the first number on, as many bytes as the second: `BLKZEROOUT`.
pub(crate) const BLKZEROOUT: Take<[u64; 2]> = Take::new(request_code_none!(BLK, 127) as c_ulong);

/// The type byte of the filesystems' requests, from the same header.
const FS: u8 = b'X';

/// Freezes the filesystem: `FIFREEZE`.
pub(crate) const FIFREEZE: Number =
    Number(request_code_readwrite!(FS, 119, size_of::<c_int>()) as c_ulong);
/// Thaws it: `FITHAW`.
pub(crate) const FITHAW: Number =
    Number(request_code_readwrite!(FS, 120, size_of::<c_int>()) as c_ulong);

/// `struct loop_info64`, from the kernel's `include/uapi/linux/loop.h`.
#[derive(Clone, Debug, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub(crate) struct LoopInfo {
    pub(crate) device: u64,
    pub(crate) inode: u64,
    pub(crate) rdevice: u64,
    pub(crate) offset: u64,
    pub(crate) size_limit: u64,
    pub(crate) number: u32,
    pub(crate) encrypt_type: u32,
    pub(crate) encrypt_key_size: u32,
    pub(crate) flags: u32,
    pub(crate) file_name: [u8; 64],
    pub(crate) crypt_name: [u8; 64],
    pub(crate) encrypt_key: [u8; 32],
    pub(crate) init: [u64; 2],
}

/// `struct loop_config`, from the same header.
#[derive(Clone, Debug, FromBytes, IntoBytes, Immutable)]
#[repr(C)]
pub(crate) struct LoopConfig {
    pub(crate) fd: u32,
    pub(crate) block_size: u32,
    pub(crate) info: LoopInfo,
    pub(crate) reserved: [u64; 8],
}

const _: () = assert!(size_of::<LoopInfo>() == 232);
const _: () = assert!(size_of::<LoopConfig>() == 304);

impl LoopInfo {
    /// All zero: the whole file, no flags.
    pub(crate) fn zero() -> Self {
        Self::new_zeroed()
    }
}

impl LoopConfig {
    /// The open file `fd` behind a loop device, as `info` has it.
    pub(crate) fn new(fd: BorrowedFd<'_>, block_size: u32, info: LoopInfo) -> Self {
        let fd = u32::try_from(fd.as_raw_fd()).unwrap_or(u32::MAX);
        Self { fd, block_size, info, reserved: [0; 8] }
    }
}

/// Makes the loop device of this number: `LOOP_CTL_ADD`.
pub(crate) const LOOP_CTL_ADD: Number = Number(0x4C80);
/// Answers the number of a free loop device, made if there is none: `LOOP_CTL_GET_FREE`.
pub(crate) const LOOP_CTL_GET_FREE: Number = Number(0x4C82);
/// Attaches a file, by descriptor: `LOOP_SET_FD`.
pub(crate) const LOOP_SET_FD: Number = Number(0x4C00);
/// Detaches, at once or on the last close: `LOOP_CLR_FD`.
pub(crate) const LOOP_CLR_FD: Number = Number(0x4C01);
/// Changes offset, limit and flags: `LOOP_SET_STATUS64`.
pub(crate) const LOOP_SET_STATUS64: Take<LoopInfo> = Take::new(0x4C04);
/// Offset, limit, flags and what is behind: `LOOP_GET_STATUS64`.
pub(crate) const LOOP_GET_STATUS64: Fill<LoopInfo> = Fill::new(0x4C05);
/// Takes the file's size anew: `LOOP_SET_CAPACITY`.
pub(crate) const LOOP_SET_CAPACITY: Number = Number(0x4C07);
/// Switches direct I/O: `LOOP_SET_DIRECT_IO`.
pub(crate) const LOOP_SET_DIRECT_IO: Number = Number(0x4C08);
/// Sets the logical block's size in bytes: `LOOP_SET_BLOCK_SIZE`.
pub(crate) const LOOP_SET_BLOCK_SIZE: Number = Number(0x4C09);
/// Attaches and sets up at once: `LOOP_CONFIGURE`, since Linux 5.8.
pub(crate) const LOOP_CONFIGURE: Take<LoopConfig> = Take::new(0x4C0A);

/// The type byte of device-mapper's requests.
const DM: u8 = 0xfd;

/// Takes the descriptors that come with the next message on a socket: closed when a program is started, and
/// those beyond the first at once.
///
/// # Errors
///
/// `UnexpectedEof` when none has come; else what `recvmsg(2)` says.
pub(crate) fn receive_descriptor(from: BorrowedFd<'_>) -> io::Result<OwnedFd> {
    let mut byte = [0];
    let mut parts = [IoSliceMut::new(&mut byte)];
    let mut space = nix::cmsg_space!([RawFd; 1]);
    let flags = MsgFlags::MSG_CMSG_CLOEXEC;
    let message = recvmsg::<()>(from.as_raw_fd(), &mut parts, Some(&mut space), flags)?;
    let mut owned = Vec::new();
    for control in message.cmsgs()? {
        if let ControlMessageOwned::ScmRights(descriptors) = control {
            // SAFETY: *new*: the message has brought these numbers, each once.
            owned.extend(descriptors.into_iter().map(|fd| unsafe { OwnedFd::from_raw_fd(fd) }));
        }
    }
    owned.into_iter().next().ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

/// Hands `packet` to the kernel's device-mapper as command `number`.
///
/// # Errors
///
/// The kernel's; `EFAULT` for a packet that claims more bytes than it has, `ENOTTY` for a number that does
/// not fit the request code.
pub(crate) fn dm(fd: BorrowedFd<'_>, number: u32, packet: &mut [u8]) -> Result<(), Errno> {
    let number = u8::try_from(number).map_err(|_| Errno::ENOTTY)?;
    let claimed = packet.get(12..16).and_then(|field| field.try_into().ok());
    let claimed = claimed.map_or(u32::MAX, u32::from_ne_bytes);
    let fits = usize::try_from(claimed).is_ok_and(|claimed| claimed <= packet.len());
    if packet.len() < HEADER_SIZE || !fits {
        return Err(Errno::EFAULT);
    }
    let code = request_code_readwrite!(DM, number, HEADER_SIZE);
    // SAFETY: *descriptor*, *packet*.
    check(unsafe { libc::ioctl(fd.as_raw_fd(), code as libc::Ioctl, packet.as_mut_ptr()) })
        .map(drop)
}

/// What a path leads to, as far as the kernel knows without asking a file server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cached {
    /// The type bits of the mode, as `S_IFMT` masks them.
    pub(crate) kind: u32,
    /// The device number, of a device node.
    pub(crate) rdev: DevNo,
}

/// Looks at `path` without a round trip to a file server: such a server may be this very process.
pub(crate) fn stat_cached(path: &CStr) -> Result<Cached, Errno> {
    let mut stat = MaybeUninit::<libc::statx>::zeroed();
    let (flags, mask) = (libc::AT_STATX_DONT_SYNC, libc::STATX_TYPE);
    // SAFETY: `path` ends in NUL; the kernel fills in at most one `struct statx`.
    check(unsafe { libc::statx(libc::AT_FDCWD, path.as_ptr(), flags, mask, stat.as_mut_ptr()) })?;
    // SAFETY: the structure was zeroed, and all its fields are integers.
    let stat = unsafe { stat.assume_init() };
    Ok(Cached {
        kind: u32::from(stat.stx_mode) & libc::S_IFMT,
        rdev: DevNo::new(stat.stx_rdev_major, stat.stx_rdev_minor),
    })
}

/// An open file of a process.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FileOf {
    /// The process.
    pub(crate) pid: i32,
    /// Its descriptor.
    pub(crate) fd: RawFd,
}

/// `KCMP_FILE`, from the kernel's `include/uapi/linux/kcmp.h`.
const KCMP_FILE: c_int = 0;

/// Orders two open files; they are equal when they share one file description.
///
/// # Errors
///
/// `EPERM` for another user's process, `ESRCH` and `EBADF` for what has gone, `ENOSYS` for a kernel
/// without `kcmp(2)`.
pub(crate) fn compare_files(a: FileOf, b: FileOf) -> Result<Ordering, Errno> {
    let (fd_a, fd_b) = (c_long::from(a.fd), c_long::from(b.fd));
    // SAFETY: *value*: five numbers.
    let result = unsafe { libc::syscall(libc::SYS_kcmp, a.pid, b.pid, KCMP_FILE, fd_a, fd_b) };
    match result {
        0 => Ok(Ordering::Equal),
        1 => Ok(Ordering::Less),
        -1 => Err(last()),
        _ => Ok(Ordering::Greater),
    }
}

/// A set of System V semaphores, by its identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SemId(pub(crate) c_int);

/// The semaphore of `key`; `flags` may make it, and hold its mode.
pub(crate) fn semget(key: u32, flags: c_int) -> Result<SemId, Errno> {
    // SAFETY: *value*.
    check(unsafe { libc::semget(key.cast_signed(), 1, flags) }).map(SemId)
}

/// Adds `change` to the semaphore, or for 0 asks whether it is 0; never waits.
///
/// # Errors
///
/// `EAGAIN` where it would have to wait.
pub(crate) fn semop(id: SemId, change: i16) -> Result<(), Errno> {
    let flags = i16::try_from(libc::IPC_NOWAIT).unwrap_or(0);
    let mut op = libc::sembuf { sem_num: 0, sem_op: change, sem_flg: flags };
    // SAFETY: one operation lies at the address.
    check(unsafe { libc::semop(id.0, &raw mut op, 1) }).map(drop)
}

/// The semaphore's value.
pub(crate) fn sem_value(id: SemId) -> Result<c_int, Errno> {
    // SAFETY: *value*: GETVAL takes no fourth argument.
    check(unsafe { libc::semctl(id.0, 0, libc::GETVAL) })
}

/// Sets the semaphore's value.
pub(crate) fn sem_set(id: SemId, value: c_int) -> Result<(), Errno> {
    // SAFETY: *value*: SETVAL takes an int.
    check(unsafe { libc::semctl(id.0, 0, libc::SETVAL, value) }).map(drop)
}

/// Removes the semaphore.
pub(crate) fn sem_remove(id: SemId) -> Result<(), Errno> {
    // SAFETY: *value*: IPC_RMID takes no fourth argument.
    check(unsafe { libc::semctl(id.0, 0, libc::IPC_RMID) }).map(drop)
}

/// Whether the kernel has System V semaphores.
pub(crate) fn sem_available() -> bool {
    // `struct seminfo` is ten ints, in the kernel's `include/uapi/linux/sem.h`.
    let mut info = [0 as c_int; 10];
    // SAFETY: SEM_INFO fills in one `struct seminfo`.
    let result = unsafe { libc::semctl(0, 0, libc::SEM_INFO, info.as_mut_ptr()) };
    result != -1
}

/// The date and time of day in the zone of `TZ`; `None` for a year beyond an int.
pub(crate) fn local_time(seconds: libc::time_t) -> Option<libc::tm> {
    let mut time = MaybeUninit::<libc::tm>::zeroed();
    // SAFETY: the seconds are read and one `struct tm` is filled in, both ours.
    let filled = unsafe { libc::localtime_r(&raw const seconds, time.as_mut_ptr()) };
    // SAFETY: the structure has been filled in.
    (!filled.is_null()).then(|| unsafe { time.assume_init() })
}

/// Has `command` run in a session of its own and as nobody's child: it is forked once more, and the first
/// child ends at once.
pub(crate) fn detach(command: &mut Command) {
    // SAFETY: *async-signal*: the closure makes three system calls and allocates nothing.
    unsafe { command.pre_exec(leave_session) };
}

fn leave_session() -> io::Result<()> {
    nix::unistd::setsid()?;
    // SAFETY: *async-signal*: this process has one thread, and goes on to `exec`.
    match check(unsafe { libc::fork() }) {
        Err(errno) => Err(io::Error::from_raw_os_error(errno.get())),
        Ok(0) => Ok(()),
        // SAFETY: *value*; nothing of this process is to be torn down twice.
        Ok(_) => unsafe { libc::_exit(0) },
    }
}

/// Keeps all memory of this process in place, what it is yet to take as well, once it has been touched.
pub(crate) fn lock_memory() -> Result<(), Errno> {
    let flags = libc::MCL_CURRENT | libc::MCL_FUTURE | libc::MCL_ONFAULT;
    // SAFETY: *value*.
    check(unsafe { libc::mlockall(flags) }).map(drop)
}

/// Takes over the descriptor of this number, which whoever started this program left open for it.
///
/// # Errors
///
/// `EBADF` when nothing is open under it.
pub(crate) fn adopt(number: RawFd) -> io::Result<OwnedFd> {
    // SAFETY: *value*; it fails where nothing is open, and else changes only what a later `exec` does.
    let set = unsafe { libc::fcntl(number, libc::F_SETFD, libc::FD_CLOEXEC) };
    check(set).map_err(|errno| io::Error::from_raw_os_error(errno.get()))?;
    // SAFETY: *given*: the number was passed to this program for it to own.
    Ok(unsafe { OwnedFd::from_raw_fd(number) })
}

/// `struct blkpg_partition` in the kernel's `include/uapi/linux/blkpg.h`.
#[repr(C)]
struct BlkpgPartition {
    start: i64,
    length: i64,
    number: c_int,
    names: [u8; 128],
}

/// `struct blkpg_ioctl_arg`, likewise.
#[repr(C)]
struct BlkpgArg {
    op: c_int,
    flags: c_int,
    datalen: c_int,
    data: *mut BlkpgPartition,
}

/// `BLKPG` and `BLKPG_DEL_PARTITION`, likewise.
const BLKPG: c_ulong = request_code_none!(BLK, 105) as c_ulong;
const BLKPG_DEL_PARTITION: c_int = 2;

/// Has the kernel forget the partition of this number; what lies on the disk stays.
pub(crate) fn forget_partition(fd: BorrowedFd<'_>, number: c_int) -> Result<(), Errno> {
    let mut partition = BlkpgPartition { start: 0, length: 0, number, names: [0; 128] };
    let datalen = c_int::try_from(size_of::<BlkpgPartition>()).unwrap_or(0);
    let data = &raw mut partition;
    let mut arg = BlkpgArg { op: BLKPG_DEL_PARTITION, flags: 0, datalen, data };
    // SAFETY: *descriptor*, *size*: the argument points to one `struct blkpg_partition`, which outlives the call.
    check(unsafe { libc::ioctl(fd.as_raw_fd(), BLKPG as libc::Ioctl, &raw mut arg) }).map(drop)
}

/// `PR_SET_IO_FLUSHER`, from the kernel's `include/uapi/linux/prctl.h`.
const PR_SET_IO_FLUSHER: c_int = 57;

/// Memory that this thread, and those it starts, ask for is found without waiting for any disk.
pub(crate) fn set_io_flusher() -> Result<(), Errno> {
    let (yes, unused): (c_ulong, c_ulong) = (1, 0);
    // SAFETY: *value*.
    check(unsafe { libc::prctl(PR_SET_IO_FLUSHER, yes, unused, unused, unused) }).map(drop)
}
