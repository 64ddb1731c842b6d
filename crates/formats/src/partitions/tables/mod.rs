//! The kinds of partition tables, one file each, and the order in which they are tried.

use super::TableType;

mod bsd;
mod dasd;
mod dos;
mod gpt;
mod mac;
mod ps3;
mod solaris;
mod sun;
mod unixware;

pub use dasd::{Dasd, DasdInfo, DasdSite, Geometry};
pub use gpt::block_size;

/// Every kind of table, in the order tried: the first with a slot wins.
pub static TABLES: &[TableType] = &[
    gpt::TYPE,
    dos::TYPE,
    bsd::TYPE,
    solaris::TYPE,
    unixware::TYPE,
    dasd::TYPE,
    mac::TYPE,
    sun::TYPE,
    ps3::TYPE,
];
