//! `-n`: metadata in their own terms.

use dm_cli::exit::{self, Failure};
use dm_formats::raid::Native;

use super::finds;
use crate::dispatch::Ctx;
use crate::survey::Survey;

pub(super) fn run(ctx: &mut Ctx<'_, '_>) -> Result<u8, Failure> {
    let survey = Survey::take(ctx)?;
    let finds = finds(ctx, &survey)?;
    super::raid_devices::heading(ctx, finds.len());
    for find in finds {
        let format = find.found.format.name.as_bytes();
        let mut native = Native::headed(&[&find.disk.path[..], b" (", format, b"):"].concat());
        (find.found.format.native)(find.found, &mut native);
        ctx.voice.out.line(&[native.text()]);
    }
    Ok(exit::SUCCESS)
}
