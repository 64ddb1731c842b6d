//! The exported symbols: each takes what C gives, asks [`crate::answers`], or passes the call on.
//!
//! `open` and `ioctl` are variadic in C. They are defined here with their one further argument fixed: on
//! every Linux ABI that the tests run on (`x86_64` and `aarch64`) it is passed in the same register, and where
//! the caller passed none, a value is read that the call then ignores.

use std::ffi::{CStr, c_char, c_int, c_ulong, c_void};

use dm_core::errno::Errno;

use crate::answers;
use crate::connection;
use crate::real::{self, Links, Result};

/// The text at `path`.
///
/// # Safety
///
/// `path` is null or a C string that outlives the call.
unsafe fn text<'a>(path: *const c_char) -> Result<&'a CStr> {
    if path.is_null() {
        return Err(Errno::EFAULT);
    }
    // SAFETY: the caller's promise.
    Ok(unsafe { CStr::from_ptr(path) })
}

fn returned(result: Result<c_int>) -> c_int {
    result.unwrap_or_else(real::fail)
}

fn open_at(dir: c_int, path: Result<&CStr>, flags: c_int, mode: libc::mode_t) -> c_int {
    use std::os::fd::IntoRawFd as _;
    returned(path.and_then(|path| match answers::open(path, flags) {
        Some(opened) => opened.map(std::os::fd::OwnedFd::into_raw_fd),
        None => real::open(dir, path, flags, mode),
    }))
}

macro_rules! opens {
    ($($name:ident($($dir:ident: $type:ty)?);)*) => { $(
        /// Opens a file; see `open(2)`.
        ///
        /// # Safety
        ///
        /// As in C: `path` is a C string.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(
            $($dir: $type,)?
            path: *const c_char,
            flags: c_int,
            mode: libc::mode_t,
        ) -> c_int {
            #[allow(unused_mut, unused_assignments, reason = "only some have a folder")]
            let mut at = libc::AT_FDCWD;
            $(at = $dir;)?
            // SAFETY: the caller's promise.
            open_at(at, unsafe { text(path) }, flags, mode)
        }
    )* };
}

opens! {
    open();
    open64();
    __open_2();
    __open64_2();
    openat(dir: c_int);
    openat64(dir: c_int);
}

fn open_stream(path: &CStr, mode: &CStr) -> Result<*mut libc::FILE> {
    let flags =
        if mode.to_bytes().first() == Some(&b'r') { libc::O_RDONLY } else { libc::O_WRONLY };
    match answers::open(path, flags) {
        Some(opened) => real::fdopen(opened?, mode),
        None => real::fopen(path, mode),
    }
}

macro_rules! fopens {
    ($($name:ident)*) => { $(
        /// Opens a file as a stream; see `fopen(3)`.
        ///
        /// # Safety
        ///
        /// As in C: `path` and `mode` are C strings.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(path: *const c_char, mode: *const c_char) -> *mut libc::FILE {
            // SAFETY: the caller's promise.
            let path = unsafe { text(path) };
            // SAFETY: the caller's promise.
            let mode = unsafe { text(mode) };
            let stream = path.and_then(|path| open_stream(path, mode?));
            stream.unwrap_or_else(|error| {
                real::fail(error);
                std::ptr::null_mut()
            })
        }
    )* };
}

fopens! { fopen fopen64 }

/// Carries out a request on an open file; see `ioctl(2)`.
///
/// # Safety
///
/// As in C: `arg` is what `request` takes; for device-mapper's, a packet of `data_size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ioctl(fd: c_int, request: c_ulong, arg: *mut c_void) -> c_int {
    if request == answers::BLKRAGET
        && let Some(sectors) = answers::read_ahead(fd)
    {
        // SAFETY: this request takes a pointer to a long.
        unsafe { arg.cast::<libc::c_long>().write_unaligned(sectors.into()) };
        return 0;
    }
    // SAFETY: asked for only when the request is device-mapper's, and then it is a packet.
    let packet = || unsafe { packet_at(arg.cast()) }.to_vec();
    let Some(answer) = answers::exchange(fd, request, packet) else {
        // SAFETY: the caller's promise.
        return returned(unsafe { real::ioctl(fd, request, arg) });
    };
    returned(answer.and_then(|answer| {
        // SAFETY: the answer is never longer than the packet that `arg` points to.
        unsafe {
            std::ptr::copy_nonoverlapping(answer.bytes.as_ptr(), arg.cast(), answer.bytes.len());
        };
        answer.result.map(|()| 0)
    }))
}

/// The packet at `arg`, as long as it says it is.
///
/// # Safety
///
/// `arg` is null or a packet of `data_size` bytes, at least those of the header's first fields.
unsafe fn packet_at<'a>(arg: *const u8) -> &'a [u8] {
    const FIRST_FIELDS: usize = 16;
    if arg.is_null() {
        return &[];
    }
    // SAFETY: the caller's promise.
    let first = unsafe { std::slice::from_raw_parts(arg, FIRST_FIELDS) };
    let size = connection::data_size(first).unwrap_or(0);
    // SAFETY: the caller's promise.
    unsafe { std::slice::from_raw_parts(arg, size) }
}

macro_rules! stats {
    ($($name:ident: $links:expr;)*) => { $(
        /// Describes a file; see `stat(2)`.
        ///
        /// # Safety
        ///
        /// As in C: `path` is a C string, and `buf` has room for the answer.
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $name(path: *const c_char, buf: *mut libc::stat) -> c_int {
            // SAFETY: the caller's promise.
            let path = unsafe { text(path) };
            let stat = path.and_then(|path| {
                answers::stat(path, $links).unwrap_or_else(|| real::stat(path, $links))
            });
            returned(stat.map(|stat| {
                // SAFETY: the caller's promise.
                unsafe { buf.write(stat) };
                0
            }))
        }
    )* };
}

stats! {
    stat: Links::Follow;
    stat64: Links::Follow;
    lstat: Links::Keep;
    lstat64: Links::Keep;
}

/// Whether a file may be used; see `access(2)`.
///
/// # Safety
///
/// As in C: `path` is a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn access(path: *const c_char, mode: c_int) -> c_int {
    // SAFETY: the caller's promise.
    let path = unsafe { text(path) };
    returned(
        path.and_then(|path| answers::access(path).unwrap_or_else(|| real::access(path, mode))),
    )
}

/// Makes a node; see `mknod(2)`.
///
/// # Safety
///
/// As in C: `path` is a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mknod(path: *const c_char, mode: libc::mode_t, dev: libc::dev_t) -> c_int {
    // SAFETY: the caller's promise.
    let path = unsafe { text(path) };
    returned(
        path.and_then(|path| {
            answers::mknod(path, dev).unwrap_or_else(|| real::mknod(path, mode, dev))
        }),
    )
}

/// Changes a file's owner; see `chown(2)`.
///
/// # Safety
///
/// As in C: `path` is a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn chown(
    path: *const c_char,
    owner: libc::uid_t,
    group: libc::gid_t,
) -> c_int {
    // SAFETY: the caller's promise.
    let path = unsafe { text(path) };
    returned(
        path.and_then(|path| {
            answers::keep(path).unwrap_or_else(|| real::chown(path, owner, group))
        }),
    )
}

/// Removes a file; see `unlink(2)`.
///
/// # Safety
///
/// As in C: `path` is a C string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unlink(path: *const c_char) -> c_int {
    // SAFETY: the caller's promise.
    let path = unsafe { text(path) };
    returned(path.and_then(|path| answers::keep(path).unwrap_or_else(|| real::unlink(path))))
}

/// Renames a file; see `rename(2)`.
///
/// # Safety
///
/// As in C: `old` and `new` are C strings.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn rename(old: *const c_char, new: *const c_char) -> c_int {
    // SAFETY: the caller's promise.
    let old = unsafe { text(old) };
    // SAFETY: the caller's promise.
    let new = unsafe { text(new) };
    returned(old.and_then(|old| {
        let new = new?;
        answers::rename(old, new).unwrap_or_else(|| real::rename(old, new))
    }))
}

/// Reads a link; see `readlink(2)`.
///
/// # Safety
///
/// As in C: `path` is a C string, and `buf` has `size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn readlink(path: *const c_char, buf: *mut c_char, size: usize) -> isize {
    // SAFETY: the caller's promise.
    let path = unsafe { text(path) };
    // SAFETY: the caller's promise.
    let buf = unsafe { std::slice::from_raw_parts_mut(buf.cast::<u8>(), size) };
    let length = path.and_then(|path| match answers::readlink(path) {
        Some(target) => {
            let length = target.len().min(size);
            buf[..length].copy_from_slice(&target[..length]);
            Ok(length)
        }
        None => real::readlink(path, buf),
    });
    length.map_or_else(|error| real::fail(error) as isize, usize::cast_signed)
}
