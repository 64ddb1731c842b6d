//! `info [<device>...]`: what device-mapper says of a device, at length or as a row of a report.

use dm_cli::exit::Failure;
use dm_cli::session::subject::Subject;
use dm_core::errno::Errno;
use dm_core::packet::Cmd;

use super::{ANY, Command, Operands, Repeat};
use crate::ctx::Ctx;
use crate::report;

/// The command, which is also how the devices that `-S` selects are found.
pub static COMMAND: Command = Command {
    name: "info",
    usage: &["[<device>...]"],
    operands: 0..=ANY,
    repeat: Repeat::Each,
    run,
};

fn run(ctx: &mut Ctx<'_, '_>, operands: &Operands) -> Result<(), Failure> {
    if operands.is_empty() && !ctx.options.names_device() {
        if report::add_list(ctx)? {
            return Ok(());
        }
        return ctx.for_each_device(|ctx, subject, _name| print(ctx, subject));
    }
    ctx.session.open()?;
    let subject = ctx.subject(operands.first())?;
    print(ctx, &subject)
}

fn print(ctx: &mut Ctx<'_, '_>, subject: &Subject) -> Result<(), Failure> {
    let request = subject.request(Cmd::DevStatus).with_flags(ctx.options.flags());
    match ctx.session.call(&request, subject) {
        Ok(reply) if ctx.report.is_some() => report::add(ctx, &reply),
        Ok(reply) => ctx.print_info(&reply),
        Err(refusal) if refusal.errno == Some(Errno::ENXIO) => {
            Err(Failure::line("Device does not exist."))
        }
        Err(refusal) => Err(refusal.into()),
    }
}
