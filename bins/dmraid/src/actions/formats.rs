//! `-l`: the formats that are known.

use dm_cli::exit::{self, Failure};
use dm_formats::raid::{FORMATS, Level};

use crate::dispatch::Ctx;

/// What the original calls the partition tables that it looks for on sets.
const PARTITIONS: &str = "dos     : DOS partitions on SW RAIDs";

#[expect(clippy::unnecessary_wraps, reason = "as every action")]
pub(super) fn run(ctx: &mut Ctx<'_, '_>) -> Result<u8, Failure> {
    ctx.voice.say(Level::Info, &[b"supported metadata formats:"]);
    for format in FORMATS {
        let line = format!("{:<7} : {} ({})", format.name, format.description, format.levels);
        ctx.voice.out.line(&[line.as_bytes()]);
    }
    ctx.voice.out.line(&[PARTITIONS.as_bytes()]);
    Ok(exit::SUCCESS)
}
