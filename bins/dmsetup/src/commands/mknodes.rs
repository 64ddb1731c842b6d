//! `mknodes [<device>...]`: nodes of devices that are there, none of others.

use dm_cli::exit::Failure;

use super::{ANY, Command, Operands, Repeat};
use crate::ctx::Ctx;
use crate::node_upkeep;

pub(super) static COMMAND: Command = Command {
    name: "mknodes",
    usage: &["[<device>...]"],
    operands: 0..=ANY,
    repeat: Repeat::Each,
    run,
};

fn run(ctx: &mut Ctx<'_, '_>, operands: &Operands) -> Result<(), Failure> {
    ctx.session.open()?;
    match operands.first() {
        Some(name) => node_upkeep::refresh(ctx, &ctx.session.subject_named(name)?),
        None => node_upkeep::refresh_all(ctx),
    }
}
