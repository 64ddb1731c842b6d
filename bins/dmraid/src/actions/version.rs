//! `-V`: versions; the original's, for which this stands in.

use dm_cli::exit::{self, Failure};

use crate::dispatch::Ctx;
use crate::mapper::Mapper;

/// The version that scripts look for.
///
/// # Source
///
/// `dmraid -V` of Debian's 1.0.0.rc16-12.
const VERSION: &str = "1.0.0.rc16 (2009.09.16)";

pub(super) fn run(ctx: &mut Ctx<'_, '_>) -> Result<u8, Failure> {
    let dm =
        Mapper::with(ctx, |_, mapper| mapper.version())?.unwrap_or_else(|| "unknown".to_owned());
    let lines = [
        format!("dmraid version:\t\t{VERSION} shared \n"),
        format!("dmraid library version:\t{VERSION}\n"),
        format!("device-mapper version:\t{dm}\n"),
    ];
    ctx.voice.out.print(lines.concat());
    Ok(exit::SUCCESS)
}
