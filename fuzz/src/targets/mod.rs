//! What the fuzz targets do: each takes any bytes, and panics where a promise is broken.

mod engine_packet;
mod fuse_request;
mod log_writes;
mod mangle;
mod messages;
mod options;
mod packet;
mod partitions;
mod raid;
mod report;
mod snapshot;
mod socket;
mod table;
mod target_args;

/// A fuzz target: its name, which is its corpus's too, and its function.
pub type Row = (&'static str, fn(&[u8]));

/// Every target.
pub static TARGETS: &[Row] = &[
    ("engine_packet", engine_packet::target),
    ("fuse_request", fuse_request::target),
    ("log_writes", log_writes::target),
    ("mangle", mangle::target),
    ("messages", messages::target),
    ("options", options::target),
    ("packet", packet::target),
    ("partitions", partitions::target),
    ("raid", raid::target),
    ("report", report::target),
    ("snapshot", snapshot::target),
    ("socket", socket::target),
    ("table", table::target),
    ("target_args", target_args::target),
];

/// The function of the target called `name`.
///
/// # Panics
///
/// When there is none.
pub fn named(name: &str) -> fn(&[u8]) {
    let row = TARGETS.iter().find(|row| row.0 == name);
    row.map(|row| row.1).expect("a row of TARGETS")
}
