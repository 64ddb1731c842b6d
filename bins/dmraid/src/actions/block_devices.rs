//! `-b`: the disks that are looked at.

use dm_cli::exit::{self, Failure};
use dm_formats::raid::{Level, Log};
use serde_json::Value;

use crate::columns::{self, Column};
use crate::dispatch::Ctx;
use crate::host::{Disk, base_name};
use crate::json;
use crate::options::Id;

/// The columns of a disk.
static COLUMNS: &[Column<Disk>] = &[
    Column { name: "devpath", least: 1, value: |disk| disk.path.clone() },
    Column { name: "path", least: 1, value: |disk| disk.path.clone() },
    Column { name: "sectors", least: 3, value: |disk| disk.sectors().to_string().into_bytes() },
    Column { name: "serialnumber", least: 3, value: |disk| serial(disk).to_vec() },
    Column { name: "size", least: 2, value: |disk| disk.sectors().to_string().into_bytes() },
];

fn serial(disk: &Disk) -> &[u8] {
    disk.serial.as_deref().unwrap_or(b"N/A")
}

#[expect(clippy::unnecessary_wraps, reason = "as every action")]
pub(super) fn run(ctx: &mut Ctx<'_, '_>) -> Result<u8, Failure> {
    let mut log = Log::default();
    let all = ctx.host.disks(&mut log);
    ctx.voice.tell(&log);
    let disks = named(ctx, all);
    if disks.is_empty() {
        ctx.voice.say(Level::Plain, &[b"no block devices found"]);
    }
    let code = if disks.is_empty() { exit::FAILURE } else { exit::SUCCESS };
    if ctx.options.has(Id::Json) {
        let values: Vec<Value> = disks.iter().map(json::disk).collect();
        super::print_json(ctx, "block_devices", "disks", &values);
        return Ok(code);
    }
    if disks.is_empty() {
        return Ok(code);
    }
    let heading: &[u8] = if disks.len() == 1 {
        b"Block device discovered:\n"
    } else {
        b"Block devices discovered:\n"
    };
    ctx.voice.say(Level::Info, &[heading]);
    for disk in &disks {
        let line = line(ctx, disk);
        ctx.voice.out.line(&[&line]);
    }
    Ok(code)
}

/// The disks that are named, the last first; a disk that is looked at anyway is known by its name alone.
fn named(ctx: &Ctx<'_, '_>, all: Vec<Disk>) -> Vec<Disk> {
    let operands = &ctx.options.operands;
    if operands.is_empty() {
        return all;
    }
    let mut all: Vec<Option<Disk>> = all.into_iter().map(Some).collect();
    let find = |operand: &Vec<u8>| {
        let is_meant = |disk: &&mut Option<Disk>| {
            disk.as_ref().is_some_and(|disk| base_name(&disk.path) == base_name(operand))
        };
        all.iter_mut().find(is_meant).and_then(Option::take).or_else(|| ctx.host.disk_at(operand))
    };
    operands.iter().rev().filter_map(find).collect()
}

fn line(ctx: &Ctx<'_, '_>, disk: &Disk) -> Vec<u8> {
    let sectors = disk.sectors().to_string();
    let quoted = [b"\"", serial(disk), b"\""].concat();
    match (ctx.options.field_list(), ctx.options.count(Id::Columns)) {
        (Some(fields), _) => columns::line(COLUMNS, &fields, ctx.options.separator(), disk),
        (None, 0) => {
            let total = format!(": {sectors:>12} total, ");
            [&disk.path, total.as_bytes(), &quoted].concat()
        }
        (None, 1) => disk.path.clone(),
        (None, _) => columns::colons(&[&disk.path, sectors.as_bytes(), &quoted]),
    }
}
