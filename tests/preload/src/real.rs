//! The calls that are passed on. None of them goes through a symbol that [`crate::calls`] exports.

use std::ffi::{CStr, c_char, c_int, c_long, c_ulong, c_void};
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd as _, BorrowedFd, FromRawFd as _, OwnedFd};

use dm_core::errno::Errno;

/// What a call returned, or its error number.
pub(crate) type Result<T> = std::result::Result<T, Errno>;

/// The C library's `errno`.
fn errno() -> Errno {
    Errno::new(std::io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO))
}

fn checked(returned: c_long) -> Result<c_int> {
    if returned < 0 { Err(errno()) } else { Ok(c_int::try_from(returned).unwrap_or(0)) }
}

/// Opens `path`, relative to the folder `dir`.
pub(crate) fn open(dir: c_int, path: &CStr, flags: c_int, mode: libc::mode_t) -> Result<c_int> {
    // SAFETY: `path` is a C string; openat(2) reads nothing else.
    checked(unsafe { libc::syscall(libc::SYS_openat, dir, path.as_ptr(), flags, mode) })
}

/// Carries out any ioctl.
///
/// # Safety
///
/// `arg` is what `request` takes.
pub(crate) unsafe fn ioctl(fd: c_int, request: c_ulong, arg: *mut c_void) -> Result<c_int> {
    // SAFETY: the caller's promise.
    checked(unsafe { libc::syscall(libc::SYS_ioctl, fd, request, arg) })
}

/// Whether links are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Links {
    /// To what they point to.
    Follow,
    /// They are looked at themselves.
    Keep,
}

/// The file that `path` names.
pub(crate) fn stat(path: &CStr, links: Links) -> Result<libc::stat> {
    let flags = if links == Links::Keep { libc::AT_SYMLINK_NOFOLLOW } else { 0 };
    let mut stat = MaybeUninit::<libc::stat>::zeroed();
    // SAFETY: `path` is a C string, and `stat` has room for the answer.
    let returned =
        unsafe { libc::fstatat(libc::AT_FDCWD, path.as_ptr(), stat.as_mut_ptr(), flags) };
    checked(returned.into())?;
    // SAFETY: it was filled in; all zeros would do as well.
    Ok(unsafe { stat.assume_init() })
}

/// The open file `fd`.
pub(crate) fn fstat(fd: c_int) -> Result<libc::stat> {
    let mut stat = MaybeUninit::<libc::stat>::zeroed();
    // SAFETY: `stat` has room for the answer.
    checked(unsafe { libc::fstat(fd, stat.as_mut_ptr()) }.into())?;
    // SAFETY: it was filled in; all zeros would do as well.
    Ok(unsafe { stat.assume_init() })
}

/// Whether `path` may be used as `mode` says.
pub(crate) fn access(path: &CStr, mode: c_int) -> Result<c_int> {
    // SAFETY: `path` is a C string.
    checked(unsafe { libc::faccessat(libc::AT_FDCWD, path.as_ptr(), mode, 0) }.into())
}

/// Makes the node `path`.
pub(crate) fn mknod(path: &CStr, mode: libc::mode_t, dev: libc::dev_t) -> Result<c_int> {
    // SAFETY: `path` is a C string.
    checked(unsafe { libc::mknodat(libc::AT_FDCWD, path.as_ptr(), mode, dev) }.into())
}

/// Makes the folder `path`.
pub(crate) fn mkdir(path: &CStr, mode: libc::mode_t) -> Result<c_int> {
    // SAFETY: `path` is a C string.
    checked(unsafe { libc::mkdirat(libc::AT_FDCWD, path.as_ptr(), mode) }.into())
}

/// Makes `path` a link to `to`.
pub(crate) fn symlink(to: &CStr, path: &CStr) -> Result<c_int> {
    // SAFETY: both are C strings.
    checked(unsafe { libc::symlinkat(to.as_ptr(), libc::AT_FDCWD, path.as_ptr()) }.into())
}

/// Gives `path` an owner and a group.
pub(crate) fn chown(path: &CStr, owner: libc::uid_t, group: libc::gid_t) -> Result<c_int> {
    // SAFETY: `path` is a C string.
    checked(unsafe { libc::fchownat(libc::AT_FDCWD, path.as_ptr(), owner, group, 0) }.into())
}

/// Removes `path`.
pub(crate) fn unlink(path: &CStr) -> Result<c_int> {
    // SAFETY: `path` is a C string.
    checked(unsafe { libc::unlinkat(libc::AT_FDCWD, path.as_ptr(), 0) }.into())
}

/// Gives `old` the name `new`.
pub(crate) fn rename(old: &CStr, new: &CStr) -> Result<c_int> {
    let here = libc::AT_FDCWD;
    // SAFETY: both are C strings.
    checked(unsafe { libc::renameat(here, old.as_ptr(), here, new.as_ptr()) }.into())
}

/// Reads the link `path` into `buf`; answers how many bytes.
pub(crate) fn readlink(path: &CStr, buf: &mut [u8]) -> Result<usize> {
    let room = buf.as_mut_ptr().cast::<c_char>();
    // SAFETY: `path` is a C string, and `room` has as many bytes as is said.
    let got = unsafe { libc::readlinkat(libc::AT_FDCWD, path.as_ptr(), room, buf.len()) };
    usize::try_from(got).map_err(|_| errno())
}

/// Opens `path` as a stream, with the C library's own `fopen`.
pub(crate) fn fopen(path: &CStr, mode: &CStr) -> Result<*mut libc::FILE> {
    type Fopen = unsafe extern "C" fn(*const c_char, *const c_char) -> *mut libc::FILE;
    // SAFETY: the name is a C string.
    let symbol = unsafe { libc::dlsym(libc::RTLD_NEXT, c"fopen64".as_ptr()) };
    if symbol.is_null() {
        return Err(Errno::ENOSYS);
    }
    // SAFETY: the C library's `fopen64` has this type.
    let fopen = unsafe { std::mem::transmute::<*mut c_void, Fopen>(symbol) };
    // SAFETY: both are C strings.
    let stream = unsafe { fopen(path.as_ptr(), mode.as_ptr()) };
    if stream.is_null() { Err(errno()) } else { Ok(stream) }
}

/// Makes a stream of `fd`.
pub(crate) fn fdopen(fd: OwnedFd, mode: &CStr) -> Result<*mut libc::FILE> {
    // SAFETY: `mode` is a C string, and the descriptor is given away below.
    let stream = unsafe { libc::fdopen(fd.as_raw_fd(), mode.as_ptr()) };
    if stream.is_null() {
        return Err(errno());
    }
    std::mem::forget(fd);
    Ok(stream)
}

/// Takes charge of a descriptor that was just opened.
pub(crate) fn owned(fd: c_int) -> OwnedFd {
    // SAFETY: every caller has it fresh from `open` or `memfd_create`, and nobody else knows it.
    unsafe { OwnedFd::from_raw_fd(fd) }
}

/// A second descriptor for the open file `fd` of the program.
pub(crate) fn duplicate(fd: c_int) -> Result<OwnedFd> {
    // SAFETY: it is open: `fstat` of it has just worked, and the program is in the midst of a call on it.
    let borrowed = unsafe { BorrowedFd::borrow_raw(fd) };
    borrowed.try_clone_to_owned().map_err(|_| errno())
}

/// A file in memory.
pub(crate) fn memory_file() -> Result<OwnedFd> {
    // SAFETY: the name is a C string.
    let fd = unsafe { libc::memfd_create(c"dmkit-preload".as_ptr(), libc::MFD_CLOEXEC) };
    Ok(owned(checked(fd.into())?))
}

/// Sets `errno` for the program, and gives what C returns for a failure.
pub(crate) fn fail(error: Errno) -> c_int {
    // SAFETY: the C library gives each thread's own place, which is always there.
    let place = unsafe { libc::__errno_location() };
    // SAFETY: as above.
    unsafe { *place = error.get() };
    -1
}
