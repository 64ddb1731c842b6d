//! What `-n` shows of `asr`: values in a column of their own.

use alloc::format;
use core::fmt::{Display, Write as _};

use byteorder::BE;

use super::table::{Line, Table};
use crate::bytes::Fields;
use crate::raid::member::Found;
use crate::raid::native::Native;

/// How a number is shown.
#[derive(Clone, Copy)]
enum Shown {
    Hex,
    Decimal,
}

/// Where a number is, how many bytes it has, its name, and how it is shown.
type Row = (usize, u8, &'static str, Shown);

static BLOCK: &[Row] = &[
    (0x000, 4, "block magic:", Shown::Hex),
    (0x012, 1, "sb0flags:", Shown::Hex),
    (0x013, 1, "jbodEnable:", Shown::Decimal),
    (0x016, 2, "biosInfo:", Shown::Hex),
    (0x040, 4, "drivemagic:", Shown::Hex),
    (0x038, 2, "svBlockStorageTid:", Shown::Hex),
    (0x03a, 2, "svtid:", Shown::Hex),
    (0x03f, 1, "resver:", Shown::Decimal),
    (0x100, 4, "smagic:", Shown::Hex),
    (0x104, 4, "raidtbl @ sector:", Shown::Decimal),
];

static HEADER: &[Row] = &[
    (0x008, 2, "max configs:", Shown::Decimal),
    (0x00a, 2, "configs:", Shown::Decimal),
    (0x00c, 2, "config sz:", Shown::Decimal),
    (0x00e, 2, "checksum:", Shown::Hex),
    (0x018, 4, "raid flags:", Shown::Hex),
    (0x01c, 4, "timestamp:", Shown::Hex),
];

/// What comes after the flags, which are shown in words too.
static HEADER_END: &[Row] = &[
    (0x021, 1, "dirt, rty:", Shown::Decimal),
    (0x022, 1, "action prio:", Shown::Decimal),
    (0x023, 1, "spareid:", Shown::Decimal),
    (0x024, 4, "sparedrivemagic:", Shown::Hex),
    (0x028, 4, "raidmagic:", Shown::Hex),
    (0x02c, 4, "verifydate:", Shown::Hex),
    (0x030, 4, "recreatedate:", Shown::Hex),
];

static LINE: &[Row] = &[
    (0x000, 2, "  raidcount:", Shown::Decimal),
    (0x002, 2, "  sequence #:", Shown::Decimal),
    (0x008, 1, "  level:", Shown::Decimal),
    (0x009, 1, "  type:", Shown::Decimal),
    (0x00a, 1, "  state:", Shown::Decimal),
    (0x00b, 1, "  flags:", Shown::Hex),
    (0x00c, 1, "  refcount:", Shown::Decimal),
    (0x00d, 1, "  hba:", Shown::Decimal),
    (0x00e, 1, "  channel:", Shown::Decimal),
    (0x00f, 1, "  lun:", Shown::Decimal),
    (0x010, 4, "  id:", Shown::Decimal),
    (0x014, 4, "  offset:", Shown::Decimal),
    (0x018, 4, "  capacity:", Shown::Decimal),
];

static LINE_END: &[Row] = &[
    (0x01e, 2, "  BIOS info:", Shown::Decimal),
    (0x020, 4, "  phys/log lun:", Shown::Decimal),
    (0x024, 1, "  addedDrives:", Shown::Decimal),
    (0x025, 1, "  appSleepRate:", Shown::Decimal),
    (0x026, 2, "  blockStorageTid:", Shown::Decimal),
    (0x028, 4, "  curAppBlock:", Shown::Decimal),
    (0x02c, 4, "  appBurstCount:", Shown::Decimal),
];

/// Where values stand, and how far a tab goes.
const COLUMN: usize = 32;
const TAB: usize = 8;

pub(super) fn native(found: &Found, out: &mut Native) {
    let [block, table] = found.areas.as_slice() else { return };
    let table = Table::of(table);
    rows(BLOCK, &Fields::new(&block.bytes), out);
    let header = table.header();
    row(0x00, "ridcode:", format_args!("0x{:X}", header.u32(0x00)), out);
    // quirk: this value alone is a tab short of its column.
    writeln!(out, "0x004 rversion:\t\t{}", header.u32(0x04)).ok();
    rows(HEADER, &header, out);
    let flags = header.u8(0x20);
    let words = if flags & 0x80 == 0 { "" } else { " (bootable)" };
    row(0x20, "irocFlags:", format_args!("{flags:X}{words}"), out);
    rows(HEADER_END, &header, out);
    out.bytes(b"\nRAID config table:\n");
    for line in table.lines() {
        native_line(&line, out);
    }
}

fn native_line(line: &Line<'_>, out: &mut Native) {
    row(0x04, "config ID:", format_args!("0x{:X}", line.magic()), out);
    out.bytes(b"0x030   name:\t\t\t\"");
    out.bytes(&[&line.name[..], b"\"\n"].concat());
    rows(LINE, &line.fields, out);
    let kilobytes = line.stride().get() / 2;
    row(0x1c, "  stripe size:", format_args!("{kilobytes} KB"), out);
    rows(LINE_END, &line.fields, out);
}

fn rows(rows: &[Row], fields: &Fields<'_, BE>, out: &mut Native) {
    for (at, width, name, shown) in rows {
        let value = match width {
            1 => fields.u8(*at).into(),
            2 => fields.u16(*at).into(),
            _ => fields.u32(*at),
        };
        match shown {
            Shown::Hex => row(*at, name, format_args!("0x{value:X}"), out),
            Shown::Decimal => row(*at, name, value, out),
        }
    }
}

fn row(at: usize, name: &str, value: impl Display, out: &mut Native) {
    let start = format!("{at:#05x} {name}");
    let tabs = COLUMN.saturating_sub(start.len()).div_ceil(TAB);
    // Nothing here fails to take text.
    writeln!(out, "{start}{}{value}", "\t".repeat(tabs)).ok();
}
