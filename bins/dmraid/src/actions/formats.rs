//! `-l`: the formats that are known.

use dm_cli::exit::{self, Failure};
use dm_formats::raid::{FORMATS, Level};
use serde_json::Value;

use crate::dispatch::Ctx;
use crate::json;
use crate::options::Id;

/// What the original calls the partition tables that it looks for on sets.
const PARTITIONS: (&str, &str) = ("dos", "DOS partitions on SW RAIDs");

#[expect(clippy::unnecessary_wraps, reason = "as every action")]
pub(super) fn run(ctx: &mut Ctx<'_, '_>) -> Result<u8, Failure> {
    ctx.voice.say(Level::Info, &[b"supported metadata formats:"]);
    let (name, description) = PARTITIONS;
    if ctx.options.has(Id::Json) {
        let formats = FORMATS.iter().map(|format| json::format(format));
        let all: Vec<Value> = formats.chain([json::partitions(name, description)]).collect();
        super::print_json(ctx, "formats", "formats", &all);
        return Ok(exit::SUCCESS);
    }
    for format in FORMATS {
        let line = format!("{:<7} : {} ({})", format.name, format.description, format.levels);
        ctx.voice.out.line(&[line.as_bytes()]);
    }
    ctx.voice.out.line(&[format!("{name:<7} : {description}").as_bytes()]);
    Ok(exit::SUCCESS)
}
