//! `io_uring`, the queues' executors and aligned memory: the engine's only road to a disk, and its only
//! unsafe code.
//!
//! ```text
//! other threads ──request──► inbox ──► queue thread: tasks (futures) ──operation──► uring ──► kernel
//!        wakers ──number───►       ◄── waker ◄───────────────────────── completion ◄──┘
//! ```
//!
//! | module | what |
//! |---|---|
//! | [`memory`] | `BufMut`, `Buf` |
//! | [`queue`] | [`queue::Queues`]: threads that carry requests |
//! | `inbox`, `tasks` | what reaches a queue from outside; its executor |
//! | `cx` | what a queue lends its requests |
//! | `port` | sources of requests that live on a queue's thread |
//! | `uring`, `operation`, `routed` | the ring; what is under way on it |
//! | `fuse` | a FUSE connection as a port |
//! | [`ublk`] | the ublk driver |
//! | `discard` | discards of block devices where the ring cannot carry them |
//! | `failures` | what the log says of legs that fail |
//!
//! # Invariants
//!
//! - **M1.** A block's memory is allocated with its layout, or mapped with its length, whose size is not zero,
//!   is initialised with zeros, and is freed when the last range of it is gone, those of blocks that are parts
//!   of it among them. Pages of a mapping that go back before are zeros when they are touched again.
//! - **M2.** The range of a `BufMut` overlaps that of no other `BufMut` and of no `Buf`: the only ways to make
//!   one are a new block, a cut, the joining of two that are used up by it, a block made of one that is used up
//!   by it, and the thawing of a `Buf` that is the only handle on its block. A `Buf` comes of a `BufMut` that is
//!   used up by it.
//! - **R1.** What an entry on the ring points to (memory, a time) and the file it names are owned by its
//!   operation, which stays in the ring's slab from before the entry is pushed until its completion is
//!   reaped, whatever becomes of the future that waits for it. Nobody reaches into it in between.
//! - **R2.** An operation has at most one entry on the ring.
//! - **R3.** A ring that goes away first waits for all its operations. Where it cannot, their memory and
//!   files are leaked, never freed.
//! - **R5.** What an entry of a port points to is the port's, which stays in its queue's list while one of its
//!   entries is under way, and is leaked, never freed, where the ring goes away first.
//! - **R4.** A file descriptor made here is owned by one `File` from the start.
#![allow(unsafe_code, reason = "aligned memory and the ring; the invariants are on this page")]

mod cx;
mod discard;
mod failures;
pub(crate) mod fuse;
mod inbox;
pub mod memory;
mod operation;
pub(crate) mod port;
pub mod queue;
mod routed;
mod slab;
mod tasks;
pub mod ublk;
mod uring;

use std::fs::File;
use std::sync::Arc;

use crate::io::request::Io;

/// An operation on an open file, carried out whole or failed: what the system does by halves is continued.
#[derive(Debug)]
pub struct FileIo<'a> {
    /// The file or block device; an operation under way keeps it open.
    pub file: &'a Arc<File>,
    /// What to do; its sector is the position in the file.
    pub io: Io,
}
