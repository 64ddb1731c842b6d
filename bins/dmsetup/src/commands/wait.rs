//! `wait <device> [<event_nr>]`: until the device's event number is another.

use dm_cli::exit::Failure;
use dm_cli::number;
use dm_core::packet::Cmd;

use super::{Command, Operands, Repeat};
use crate::ctx::Ctx;

pub(super) static COMMAND: Command = Command {
    name: "wait",
    usage: &["<device> [<event_nr>] [--noflush]"],
    operands: 0..=2,
    repeat: Repeat::Once,
    run,
};

fn run(ctx: &mut Ctx<'_, '_>, operands: &Operands) -> Result<(), Failure> {
    let (device, event) = match (ctx.options.names_device(), operands) {
        (false, []) => return Err(Failure::line("No device specified.")),
        (false, [device, event @ ..]) => (Some(device), event.first()),
        (true, _) => (None, operands.last()),
    };
    ctx.session.open()?;
    let subject = ctx.subject(device)?;
    let mut request = subject.request(Cmd::DevWait).with_flags(ctx.options.flags());
    request.event_nr = event.map_or(0, |event| number::atoi(event).cast_unsigned());
    let reply = ctx.session.call(&request, &subject)?;
    if ctx.options.is_verbose() { ctx.print_info(&reply) } else { Ok(()) }
}
