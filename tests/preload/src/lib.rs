//! Lets the original tools, unmodified, talk to the engine: for tests only, never installed.
//!
//! ```text
//! DMKIT_SOCKET=<socket> LD_PRELOAD=libdmkit_preload.so dmsetup ...
//! ```
//!
//! The C library's calls that libdevmapper makes on the kernel's device-mapper are answered here:
//!
//! | what it asks | what it gets |
//! |---|---|
//! | `open` of `<devdir>/mapper/control` | a connection to the engine's socket |
//! | `ioctl` with device-mapper's type on that | the engine's answer to the packet |
//! | `stat`, `access`, `mknod` of the control node | there it is: character device 10:236 |
//! | `stat` of a node that leads to a mapped device | a block device with the engine's number |
//! | `mknod` of one | a link to what the engine serves it as |
//! | `chown`, `unlink` of one, `rename` to one | nothing: it is as it should be |
//! | `/proc/devices` | the kernel's, with the engine's major number |
//! | `/sys/dev/block/<number>` of a mapped device | its name, uuid and read-ahead; else its real device's |
//! | `BLKRAGET` on a node that is a plain file | the engine's read-ahead |
//!
//! Anything else, and everything while `DMKIT_SOCKET` is not set, goes to the C library as it is.
//!
//! # Invariants
//!
//! [`calls`] holds the exported symbols and nothing else; what it gets from C is turned into safe types at
//! once. [`real`] makes the calls that are passed on, by system call or by a symbol that is not exported
//! here, so that nothing in this library calls itself: `std::fs` would, and is not used.
#![allow(unsafe_code, reason = "exports C symbols and takes C pointers; tests only")]

pub mod calls;

mod answers;
mod connection;
mod engine;
mod place;
mod real;
