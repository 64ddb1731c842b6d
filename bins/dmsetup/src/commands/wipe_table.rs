//! `wipe_table <device>...`: the table becomes one line of `error`.

use dm_cli::exit::Failure;

use super::{ANY, Command, Operands, Repeat};
use crate::ctx::Ctx;
use crate::erasing;

pub(super) static COMMAND: Command = Command {
    name: "wipe_table",
    usage: &["[-f|--force] [--noflush] [--nolockfs] <device>..."],
    operands: 0..=ANY,
    repeat: Repeat::EachSelectable,
    run,
};

fn run(ctx: &mut Ctx<'_, '_>, operands: &Operands) -> Result<(), Failure> {
    // quirk: only a name will do.
    let name = operands.first().ok_or_else(|| Failure::line("No device specified."))?;
    ctx.session.open()?;
    erasing::replace_table(ctx, &ctx.session.subject_named(name)?)
}
