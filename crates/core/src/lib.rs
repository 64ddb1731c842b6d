//! Device-mapper as pure types: units, names, tables, and the packet of `struct dm_ioctl`.
//!
//! Nothing here opens, prints or asks the environment: bytes or text go in, typed values come out.
//! The seam between the tools and whatever implements device-mapper is [`backend::Backend`], a trait of
//! one method that carries a [`packet::Packet`]; [`dm::Dm`] has the typed calls over it.
//!
//! | module | what |
//! |---|---|
//! | [`units`] | [`units::Sectors`], [`units::Bytes`] |
//! | [`devno`] | `major:minor` and the kernel's encodings of it |
//! | [`errno`] | error numbers and the C library's texts |
//! | [`name`], [`mangle`] | names and uuids; the `\xNN` form that libdevmapper gives them |
//! | [`table`], [`concise`] | a table's lines, from text and back |
//! | [`words`] | how the kernel splits a line's arguments |
//! | [`flags`], [`packet`] | the ioctl's flags, header and payloads |
//! | [`backend`], [`dm`] | who answers a packet; typed calls |
//! | [`log_writes`] | the log of dm-log-writes: its super block and entries |
//! | [`snapshot`] | the store of dm-snapshot: its header, areas and entries |
//! | [`read_at`] | bytes at positions: a disk, an image, a slice |
#![no_std]
#![cfg_attr(
    not(test),
    deny(clippy::indexing_slicing, clippy::as_conversions, clippy::arithmetic_side_effects)
)]

extern crate alloc;

pub mod backend;
pub mod concise;
pub mod devno;
pub mod dm;
pub mod errno;
pub mod flags;
pub mod log_writes;
pub mod mangle;
pub mod name;
pub mod packet;
pub mod read_at;
pub mod snapshot;
pub mod table;
pub mod units;
pub mod words;
