//! `help`: the usage text, and the fields of reports, on standard error.

use dm_cli::exit::Failure;
use dm_cli::report::help;

use super::{Command, Operands, Repeat};
use crate::ctx::Ctx;
use crate::options::Id;
use crate::report::fields;
use crate::usage;

pub(super) static COMMAND: Command = Command {
    name: "help",
    usage: &["[-c|-C|--columns]"],
    operands: 0..=0,
    repeat: Repeat::Once,
    run,
};

#[expect(clippy::unnecessary_wraps, reason = "as every command")]
fn run(ctx: &mut Ctx<'_, '_>, _operands: &Operands) -> Result<(), Failure> {
    ctx.session.report(&Failure { text: usage::dmsetup().into_bytes(), code: 0 });
    if ctx.options.has(Id::Columns) {
        let text = help::fields(fields::TABLE, help::For::Showing);
        ctx.session.report(&Failure { text, code: 0 });
    }
    Ok(())
}
