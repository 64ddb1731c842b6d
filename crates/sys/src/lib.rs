//! Every system call that is not engine I/O.
//!
//! | module | what |
//! |---|---|
//! | [`engine`] | which device-mapper answers: the kernel's or dm-engined's |
//! | [`control`], [`socket`] | either as a [`dm_core::backend::Backend`] |
//! | [`daemon`] | dm-engined started on demand; its lock and its socket |
//! | [`paths`] | where sockets, state and nodes lie |
//! | [`block`] | disks as files: block devices and images |
//! | [`loopdev`] | loop devices |
//! | [`lock`] | `flock` on disks and files |
//! | [`fuse`] | FUSE mounts and their connections |
//! | [`openers`] | how many have a block device open |
//! | [`mounts`], [`process`] | mounts that outlived their server; a process that disks depend on |
//! | [`sysfs`] | names, limits and read-ahead of block devices |
//! | [`nodes`] | `/dev/mapper/<name>` |
//! | [`udev`] | cookies: waiting for udev, but not for ever |
//! | [`mounts`] | mounts that outlived their server |
//! | [`process`] | what a process that disks depend on asks of the kernel |
//! | [`os`] | the system's errors as [`dm_core::errno::Errno`], its clocks |

pub mod block;
pub mod control;
pub mod daemon;
pub mod engine;
pub mod fuse;
pub mod lock;
pub mod loopdev;
pub mod mounts;
pub mod nodes;
pub mod openers;
pub mod os;
pub mod paths;
pub mod process;
mod raw;
pub mod socket;
pub mod sysfs;
pub mod udev;

/// Whether this test may run, which needs root; says so when it may not.
#[cfg(test)]
pub(crate) fn requires_root() -> bool {
    let root = nix::unistd::geteuid().is_root();
    if !root {
        eprintln!("skipped: needs root");
    }
    root
}
