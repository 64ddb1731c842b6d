//! What `-n` shows of a container, structure by structure, field by field.

use alloc::format;
use alloc::string::String;
use core::fmt::{Display, Write as _};

use super::container::{CONFIG, Container, SPARE, Which, size_of};
use super::numbers::{Numbers, Order};
use super::present;
use crate::raid::member::Found;
use crate::raid::native::Native;

pub(super) fn native(found: &Found, out: &mut Native) {
    let Some(container) = Container::of(&found.areas) else { return };
    let order = if container.order == Order::Big { "big" } else { "little" };
    let anchor = found.areas.first().map_or(0, |anchor| anchor.at.whole_sectors().get());
    // Nothing in this file fails to take text.
    writeln!(out, "DDF1 anchor at {anchor} with tables in {order}-endian format.").ok();
    for (which, area) in present(found) {
        let at = area.at.get();
        let numbers = container.get(which);
        match which {
            Which::Anchor | Which::Primary | Which::Secondary => header(out, at, &numbers),
            Which::Adapter => adapter(out, at, &numbers),
            Which::DiskData => disk_data(out, at, &numbers),
            Which::Physical => physical(out, at, &container),
            Which::Virtual => virtuals(out, at, &container),
            Which::Config => records(out, at, &container),
        }
    }
}

/// Where a structure begins.
fn heading(out: &mut Native, name: &str, at: u64) {
    writeln!(out, "{name} at {at:#x}").ok();
}

/// A field: the original lines values up with tabs.
fn field(out: &mut Native, at: usize, name: &str, value: impl Display) {
    // quirk: one of the fields has more room than the others of its length.
    let tabs = if name.len() < 9 || name == "reference" { "\t\t" } else { "\t" };
    writeln!(out, "{at:#05x} {name}:{tabs}{value}").ok();
}

fn hex(out: &mut Native, at: usize, name: &str, value: u64) {
    field(out, at, name, format_args!("0x{value:X}"));
}

/// Text as it can be shown, then its bytes.
fn text(out: &mut Native, at: usize, name: &str, bytes: &[u8]) {
    let shown: String =
        bytes.iter().map(|byte| if is_shown(*byte) { char::from(*byte) } else { '.' }).collect();
    let hex: alloc::vec::Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    field(out, at, name, format_args!("\"{shown}\" [{}]", hex.join(" ")));
}

fn is_shown(byte: u8) -> bool {
    byte == b' ' || byte.is_ascii_graphic()
}

/// What every structure with a checksum begins with.
fn mark(out: &mut Native, numbers: &Numbers<'_>) {
    hex(out, 0, "signature", numbers.u32(0).into());
    hex(out, 4, "crc", numbers.u32(4).into());
}

fn header(out: &mut Native, at: u64, numbers: &Numbers<'_>) {
    heading(out, "DDF1 Header", at);
    mark(out, numbers);
    text(out, 0x08, "guid", numbers.text(0x08, 24));
    text(out, 0x20, "rev", numbers.text(0x20, 8));
    field(out, 0x28, "seqnum", numbers.u32(0x28));
    hex(out, 0x2c, "timestamp", numbers.u32(0x2c).into());
    for (at, name) in [(0x30, "open"), (0x31, "foreign"), (0x32, "grouping")] {
        hex(out, at, name, numbers.u8(at).into());
    }
    field(out, 0x60, "primary header", numbers.u64(0x60));
    field(out, 0x68, "secondary header", numbers.u64(0x68));
    hex(out, 0x70, "header type", numbers.u8(0x70).into());
    field(out, 0x74, "workspace len", numbers.u32(0x74));
    field(out, 0x78, "workspace lba", numbers.u64(0x78));
    let limits = ["max pd", "max vd", "max part", "vd_config len", "max_primary_elts"];
    for (at, name) in (0x80..).step_by(2).zip(limits) {
        field(out, at, name, numbers.u16(at));
    }
    let places = ["adapter", "pd", "vd", "config", "disk_data", "badblock", "diag", "vendor"];
    for (at, name) in (0xc0..).step_by(8).zip(places) {
        let [offset, len] = [numbers.from(at).u32(0), numbers.from(at).u32(4)];
        field(out, at, &format!("{name}_offset"), signed(offset));
        field(out, at.saturating_add(4), &format!("{name}_len"), signed(len));
    }
}

/// A number as the original shows it: all ones are -1.
fn signed(number: u32) -> i32 {
    i32::from_ne_bytes(number.to_ne_bytes())
}

fn adapter(out: &mut Native, at: u64, numbers: &Numbers<'_>) {
    heading(out, "Adapter Data", at);
    mark(out, numbers);
    text(out, 0x08, "guid", numbers.text(0x08, 24));
    let fields = ["pci vendor", "pci device", "pci subvendor", "pci subdevice"];
    for (at, name) in (0x20..).step_by(2).zip(fields) {
        hex(out, at, name, numbers.u16(at).into());
    }
}

fn disk_data(out: &mut Native, at: u64, numbers: &Numbers<'_>) {
    heading(out, "Disk Data", at);
    mark(out, numbers);
    text(out, 0x08, "guid", numbers.text(0x08, 24));
    hex(out, 0x20, "reference", numbers.u32(0x20).into());
    field(out, 0x24, "forced_ref_flag", numbers.u8(0x24));
    field(out, 0x25, "forced_guid_flag", numbers.u8(0x25));
}

/// The head of a table; answers with its entries in use, and where each begins.
fn table<'a>(
    out: &mut Native,
    name: &str,
    at: u64,
    container: &Container<'a>,
    which: Which,
) -> impl Iterator<Item = (u64, Numbers<'a>)> + use<'a> {
    let numbers = container.get(which);
    heading(out, name, at);
    mark(out, &numbers);
    field(out, 0x08, "num drives", numbers.u16(0x08));
    field(out, 0x0a, "max drives", numbers.u16(0x0a));
    let starts = (at.saturating_add(64)..).step_by(64);
    starts.zip(container.entries(which)).take(numbers.u16(0x08).into())
}

fn physical(out: &mut Native, at: u64, container: &Container<'_>) {
    for (at, entry) in table(out, "Physical Drive Header", at, container, Which::Physical) {
        heading(out, "Physical Drive", at);
        text(out, 0x00, "guid", entry.text(0x00, 24));
        hex(out, 0x18, "reference #", entry.u32(0x18).into());
        hex(out, 0x1c, "type", entry.u16(0x1c).into());
        hex(out, 0x1e, "state", entry.u16(0x1e).into());
        field(out, 0x20, "size", size_of(&entry));
        text(out, 0x28, "path info", entry.text(0x28, 18));
    }
}

fn virtuals(out: &mut Native, at: u64, container: &Container<'_>) {
    for (at, entry) in table(out, "Virtual Drive Header", at, container, Which::Virtual) {
        heading(out, "Virtual Drive", at);
        text(out, 0x00, "guid", entry.text(0x00, 24));
        hex(out, 0x18, "vd #", entry.u16(0x18).into());
        hex(out, 0x1c, "type", entry.u32(0x1c).into());
        hex(out, 0x20, "state", entry.u8(0x20).into());
        hex(out, 0x21, "init state", entry.u8(0x21).into());
        text(out, 0x30, "name", entry.text(0x30, 16));
    }
}

fn records(out: &mut Native, at: u64, container: &Container<'_>) {
    let mut at = at;
    for record in container.records() {
        match record.u32(0) {
            CONFIG => config(out, at, container, &record),
            SPARE => spare(out, at, &record),
            _ => (),
        }
        at = at.saturating_add(u64::try_from(record.bytes.len()).unwrap_or(u64::MAX));
    }
}

fn config(out: &mut Native, at: u64, container: &Container<'_>, record: &Numbers<'_>) {
    heading(out, "Virtual Drive Config Record", at);
    mark(out, record);
    text(out, 0x08, "guid", record.text(0x08, 24));
    hex(out, 0x20, "timestamp", record.u32(0x20).into());
    field(out, 0x24, "seqnum", record.u32(0x24));
    field(out, 0x40, "primary count", record.u16(0x40));
    // quirk: it is no number of KiB.
    field(out, 0x42, "stripe size", format_args!("{}KiB", record.u8(0x42)));
    let bytes = ["raid level", "raid qualifier", "secondary count", "secondary number"];
    for (at, name) in (0x43..).zip(bytes.into_iter().chain(["secondary level"])) {
        field(out, at, name, record.u8(at));
    }
    for (nth, at) in (0x60..0x80).step_by(4).enumerate() {
        hex(out, at, &format!("spare {nth}"), record.u32(at).into());
    }
    hex(out, 0x80, "cache policy", record.u64(0x80));
    field(out, 0x88, "bg task rate", record.u8(0x88));
    field(out, 0x48, "sector count", record.u64(0x48));
    field(out, 0x50, "size", record.u64(0x50));
    writeln!(out, "Drive map:").ok();
    for (nth, (reference, start)) in container.members_of(*record).enumerate() {
        writeln!(out, "{nth}: {reference:X} @ {start}").ok();
    }
}

fn spare(out: &mut Native, at: u64, record: &Numbers<'_>) {
    heading(out, "Spare Config Record", at);
    mark(out, record);
    hex(out, 0x08, "timestamp", record.u32(0x08).into());
    hex(out, 0x13, "type", record.u8(0x13).into());
    field(out, 0x14, "num drives", record.u16(0x14));
    field(out, 0x16, "max drives", record.u16(0x16));
    let entries = record.from(0x20).bytes.chunks_exact(32).take(record.u16(0x14).into());
    for (nth, at) in (0x20..).step_by(32).enumerate().take(entries.count()) {
        writeln!(out, "Spare {nth}:").ok();
        text(out, at, "guid", record.text(at, 24));
        field(out, at.saturating_add(24), "secondary", record.u16(at.saturating_add(24)));
    }
}
