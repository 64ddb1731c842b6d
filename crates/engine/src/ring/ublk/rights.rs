//! The rights of a queue's thread.
//!
//! A queue needs none to administer the system. A driver without `UBLK_F_NO_AUTO_PART_SCAN` looks for partitions
//! on a new device unless one of its queues lacks them; a mapped device has no partitions, so none is to be
//! found, and no request is to come before the device is known.
//!
//! # Source
//!
//! `ublk_mark_io_ready` and `ublk_ctrl_start_dev` in the kernel's `drivers/block/ublk_drv.c`, 6.12; capset(2),
//! and `include/uapi/linux/capability.h`.

use std::io;

/// `_LINUX_CAPABILITY_VERSION_3`: sets of 64 rights, in two halves.
const VERSION: u32 = 0x2008_0522;

/// `CAP_SYS_ADMIN`, in the first half.
pub(super) const SYS_ADMIN: u32 = 21;

/// `struct __user_cap_header_struct`; 0 is the calling thread.
#[repr(C)]
struct Header {
    version: u32,
    pid: i32,
}

/// `struct __user_cap_data_struct`.
#[derive(Clone, Copy, Default)]
#[repr(C)]
struct Half {
    effective: u32,
    permitted: u32,
    inheritable: u32,
}

/// Lets the calling thread act without `CAP_SYS_ADMIN` from now on.
pub(super) fn give_up_admin() {
    if let Err(error) = try_give_up() {
        tracing::debug!(%error, "a queue keeps its rights: the driver may look for partitions");
    }
}

fn try_give_up() -> io::Result<()> {
    let mut header = Header { version: VERSION, pid: 0 };
    let mut halves = [Half::default(); 2];
    // SAFETY: the kernel fills in two halves for this version.
    check(unsafe { libc::syscall(libc::SYS_capget, &raw mut header, halves.as_mut_ptr()) })?;
    let bit = 1 << SYS_ADMIN;
    if halves[0].effective & bit == 0 {
        return Ok(());
    }
    halves[0].effective &= !bit;
    // SAFETY: the kernel reads two halves for this version.
    check(unsafe { libc::syscall(libc::SYS_capset, &raw mut header, halves.as_ptr()) })
}

fn check(result: libc::c_long) -> io::Result<()> {
    if result == -1 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The effective rights of the calling thread.
    fn effective() -> u64 {
        let status = std::fs::read_to_string("/proc/thread-self/status").unwrap();
        let set = status.lines().find_map(|line| line.strip_prefix("CapEff:")).unwrap();
        u64::from_str_radix(set.trim(), 16).unwrap()
    }

    #[test]
    fn a_thread_that_gives_up_one_right_keeps_the_others_and_its_process_all() {
        let before = effective();
        let in_thread = std::thread::spawn(|| {
            give_up_admin();
            effective()
        });
        assert_eq!(in_thread.join().unwrap(), before & !(1 << SYS_ADMIN));
        assert_eq!(effective(), before);
    }
}
