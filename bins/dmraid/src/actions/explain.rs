//! `--explain`: all that looks like metadata on each disk, and what was made of it.

use comfy_table::{ContentArrangement, Table};
use dm_cli::exit::{self, Failure};
use dm_formats::raid::Sighting;
use serde_json::Value;

use crate::dispatch::Ctx;
use crate::host::Disk;
use crate::json;
use crate::options::Id;
use crate::survey::Survey;

pub(super) fn run(ctx: &mut Ctx<'_, '_>) -> Result<u8, Failure> {
    let survey = Survey::take(ctx)?;
    let names = &ctx.options.operands;
    let is_meant = |disk: &Disk| names.is_empty() || names.contains(&disk.path);
    let disks = survey.disks.iter().zip(&survey.readings).filter(|(disk, _)| is_meant(disk));
    let seen: Vec<(&Disk, Vec<&Sighting>)> = disks
        .map(|(disk, readings)| {
            (disk, readings.iter().flat_map(|reading| &reading.sightings).collect())
        })
        .collect();
    if ctx.options.has(Id::Json) {
        let disks: Vec<Value> =
            seen.iter().map(|(disk, seen)| json::explained(disk, seen)).collect();
        super::print_json(ctx, "explain", "disks", &disks);
    } else {
        ctx.voice.out.line(&[table(&seen).as_bytes()]);
    }
    Ok(exit::SUCCESS)
}

fn table(all: &[(&Disk, Vec<&Sighting>)]) -> String {
    let mut table = Table::new();
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header([
        "disk",
        "format",
        "structure",
        "byte",
        "checksum",
        "generation",
        "what was made of it",
    ]);
    for (disk, seen) in all {
        let path = String::from_utf8_lossy(&disk.path).into_owned();
        if seen.is_empty() {
            table.add_row([&path, "-", "-", "-", "-", "-", "nothing looks like metadata"]);
        }
        for sighting in seen {
            let generation = sighting.generation.map_or("-".to_owned(), |n| n.to_string());
            table.add_row([
                path.clone(),
                sighting.format.to_owned(),
                sighting.what.clone(),
                sighting.at.to_string(),
                sighting.checksum.to_string(),
                generation,
                sighting.fate.to_string(),
            ]);
        }
    }
    table.trim_fmt()
}
