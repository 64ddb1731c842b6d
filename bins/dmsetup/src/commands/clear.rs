//! `clear <device>...`: drops the inactive table.

use dm_cli::exit::Failure;
use dm_core::packet::Cmd;

use super::{ANY, Command, Operands, Repeat};
use crate::ctx::Ctx;

pub(super) static COMMAND: Command = Command {
    name: "clear",
    usage: &["<device>"],
    operands: 0..=ANY,
    repeat: Repeat::EachSelectable,
    run,
};

fn run(ctx: &mut Ctx<'_, '_>, operands: &Operands) -> Result<(), Failure> {
    ctx.session.open()?;
    let subject = ctx.subject(operands.first())?;
    let request = subject.request(Cmd::TableClear).with_flags(ctx.options.flags());
    let reply = ctx.session.call(&request, &subject)?;
    if ctx.options.is_verbose() { ctx.print_info(&reply) } else { Ok(()) }
}
