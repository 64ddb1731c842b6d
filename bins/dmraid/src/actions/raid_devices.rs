//! `-r`: the disks with RAID metadata.

use dm_cli::exit::{self, Failure};
use dm_formats::raid::{Found, Level};
use serde_json::Value;

use super::finds;
use super::save::{self, Older};
use crate::columns::{self, Column};
use crate::dispatch::Ctx;
use crate::json;
use crate::options::Id;
use crate::survey::{Find, Survey};

/// The columns of a disk with metadata.
const fn columns<'s>() -> [Column<Find<'s>>; 10] {
    [
        Column { name: "dataoffset", least: 2, value: start },
        Column { name: "devpath", least: 2, value: |find| find.disk.path.clone() },
        Column { name: "format", least: 1, value: |find| find.found.format.name.into() },
        Column { name: "offset", least: 1, value: start },
        Column { name: "path", least: 1, value: |find| find.disk.path.clone() },
        Column { name: "raidname", least: 1, value: |find| find.found.record.name.clone() },
        Column { name: "type", least: 1, value: |find| find.found.record.kind.name().into() },
        Column { name: "sectors", least: 2, value: len },
        Column { name: "size", least: 2, value: len },
        Column { name: "status", least: 2, value: |find| find.found.record.status.name().into() },
    ]
}

fn start(find: &Find<'_>) -> Vec<u8> {
    find.found.record.start.to_string().into_bytes()
}

fn len(find: &Find<'_>) -> Vec<u8> {
    find.found.record.len.to_string().into_bytes()
}

pub(super) fn run(ctx: &mut Ctx<'_, '_>) -> Result<u8, Failure> {
    let survey = Survey::take(ctx)?;
    let finds = finds(ctx, &survey);
    if finds.is_ok() && ctx.options.has(Id::Dump) {
        save::dump(ctx, &survey, Older::Goes)?;
    }
    if ctx.options.has(Id::Json) {
        let disks = values(finds.as_deref().unwrap_or_default());
        super::print_json(ctx, "raid_devices", "disks", &disks);
        return finds.map(|_| exit::SUCCESS);
    }
    let finds = finds?;
    heading(ctx, finds.len());
    for find in &finds {
        let line = line(ctx, find);
        ctx.voice.out.line(&[&line]);
    }
    Ok(exit::SUCCESS)
}

/// The disks, each with all that was found on it, which follows one another.
fn values(finds: &[Find<'_>]) -> Vec<Value> {
    let disks = finds.chunk_by(|one, other| one.nth == other.nth);
    let value = |of_disk: &[Find<'_>]| {
        let found: Vec<&Found> = of_disk.iter().map(|find| find.found).collect();
        of_disk.first().map(|find| json::raid_device(find.disk, &found))
    };
    disks.filter_map(value).collect()
}

/// Says how many there are.
pub(super) fn heading(ctx: &mut Ctx<'_, '_>, count: usize) {
    let text: &[u8] =
        if count == 1 { b"RAID device discovered:\n" } else { b"RAID devices discovered:\n" };
    ctx.voice.say(Level::Info, &[text]);
}

fn line(ctx: &Ctx<'_, '_>, find: &Find<'_>) -> Vec<u8> {
    match (ctx.options.field_list(), ctx.options.count(Id::Columns)) {
        (Some(fields), _) => columns::line(&columns(), &fields, ctx.options.separator(), find),
        (None, 0) => {
            let record = &find.found.record;
            let (format, name) = (find.found.format.name.as_bytes(), &record.name[..]);
            let (kind, status) = (record.kind, record.status);
            let rest =
                format!("\", {kind}, {status}, {} sectors, data@ {}", record.len, record.start);
            [&find.disk.path[..], b": ", format, b", \"", name, rest.as_bytes()].concat()
        }
        (None, 1) => find.disk.path.clone(),
        (None, _) => {
            let record = &find.found.record;
            colons(
                &find.disk.path,
                find.found.format.name,
                &record.name,
                &Part {
                    kind: record.kind.name(),
                    status: record.status.name(),
                    len: record.len,
                    start: record.start,
                },
            )
        }
    }
}

/// A disk's part in something.
pub(super) struct Part {
    pub(super) kind: &'static str,
    pub(super) status: &'static str,
    pub(super) len: dm_core::units::Sectors,
    pub(super) start: dm_core::units::Sectors,
}

/// All columns of a disk.
pub(super) fn colons(path: &[u8], format: &str, name: &[u8], part: &Part) -> Vec<u8> {
    let (len, start) = (part.len.to_string(), part.start.to_string());
    let (kind, status) = (part.kind.as_bytes(), part.status.as_bytes());
    columns::colons(&[
        path,
        format.as_bytes(),
        name,
        kind,
        status,
        len.as_bytes(),
        start.as_bytes(),
    ])
}
