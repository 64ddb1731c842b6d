//! `help`: the usage text, on standard error.

use dm_cli::exit::Failure;

use super::{Command, Operands, Repeat, not_built};
use crate::ctx::Ctx;
use crate::options::Id;
use crate::usage;

pub(super) static COMMAND: Command = Command {
    name: "help",
    usage: &["[-c|-C|--columns]"],
    operands: 0..=0,
    repeat: Repeat::Once,
    run,
};

fn run(ctx: &mut Ctx<'_, '_>, _operands: &Operands) -> Result<(), Failure> {
    ctx.session.report(&Failure { text: usage::dmsetup().into_bytes(), code: 0 });
    if ctx.options.has(Id::Columns) {
        return Err(not_built("the list of fields"));
    }
    Ok(())
}
