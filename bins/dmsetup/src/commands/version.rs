//! `version`: of the library that this stands in for, and of whoever answers.

use dm_cli::exit::Failure;
use dm_cli::session::LIBRARY_VERSION;

use super::{Command, Operands, Repeat};
use crate::ctx::Ctx;

pub(super) static COMMAND: Command =
    Command { name: "version", usage: &[""], operands: 0..=0, repeat: Repeat::Once, run };

pub(super) fn run(ctx: &mut Ctx<'_, '_>, _operands: &Operands) -> Result<(), Failure> {
    ctx.out.print(format!("Library version:   {LIBRARY_VERSION}\n"));
    ctx.session.open()?;
    let [major, minor, patch] = ctx.session.version()?;
    ctx.out.print(format!("Driver version:    {major}.{minor}.{patch}\n"));
    Ok(())
}
