//! `load <device> [<table_file>]`, also called `reload`: a table into the inactive slot.

use dm_cli::exit::Failure;
use dm_core::flags::Flags;
use dm_core::packet::Cmd;

use super::{Command, Operands, Repeat};
use crate::ctx::Ctx;
use crate::options::Id;
use crate::table_text;

pub(super) static LOAD: Command = Command {
    name: "load",
    usage: &["<device> [<table>|<table_file>]"],
    operands: 0..=2,
    repeat: Repeat::Once,
    run,
};

pub(super) static RELOAD: Command =
    Command { name: "reload", usage: LOAD.usage, operands: 0..=2, repeat: Repeat::Once, run };

fn run(ctx: &mut Ctx<'_, '_>, operands: &Operands) -> Result<(), Failure> {
    if ctx.options.has(Id::NoTable) {
        return Err(Failure::line("--notable only available when creating new device."));
    }
    let (device, file) = match (ctx.options.names_device(), operands) {
        (false, []) => return Err(Failure::line("Please specify device.")),
        (false, [device, file @ ..]) => (Some(device), file.first()),
        (true, [] | [_]) => (None, operands.first()),
        (true, _) => return Err(Failure::line("Too many command line arguments.")),
    };
    ctx.session.open()?;
    let subject = ctx.subject(device)?;
    let table = table_text::read(ctx, file)?;
    let readonly = if ctx.options.has(Id::ReadOnly) { Flags::READONLY } else { Flags::empty() };
    let request = subject.request(Cmd::TableLoad).with_table(&table);
    let request = request.with_flags(ctx.options.flags() | readonly);
    let reply = ctx.session.call(&request, &subject)?;
    if ctx.options.is_verbose() { ctx.print_info(&reply) } else { Ok(()) }
}
