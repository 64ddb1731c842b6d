//! `ls [--target <target_type>] [--exec <command>] [-o <options>] [--tree]`: the devices there are.

use dm_cli::exit::Failure;
use dm_cli::session::malformed;
use dm_cli::session::subject::Subject;
use dm_core::packet::Cmd;

use super::{Command, Operands, Repeat};
use crate::ctx::Ctx;
use crate::options::Id;
use crate::{per_device, tree};

pub(super) static COMMAND: Command = Command {
    name: "ls",
    usage: &["[--target <target_type>] [--exec <command>] [-o <options>] [--tree]"],
    operands: 0..=0,
    repeat: Repeat::Once,
    run,
};

fn run(ctx: &mut Ctx<'_, '_>, _operands: &Operands) -> Result<(), Failure> {
    if ctx.options.has(Id::Target) || ctx.options.has(Id::Exec) {
        return ctx.for_each_device(print_if_matching);
    }
    if ctx.options.has(Id::Tree) {
        return tree::print(ctx);
    }
    for entry in ctx.devices()? {
        let shown = ctx.form.show(ctx.session, entry.dev, ":");
        ctx.out.line(&[&entry.name, b"\t(", &shown, b")"]);
    }
    Ok(())
}

/// One line for a device that has a target of the type asked for.
fn print_if_matching(ctx: &mut Ctx<'_, '_>, subject: &Subject, name: &[u8]) -> Result<(), Failure> {
    let request = subject.request(Cmd::TableStatus);
    let request = request.with_flags(ctx.options.flags_without_openers());
    let reply = ctx.session.call(&request, subject)?;
    let lines = reply.lines().map_err(malformed)?;
    if ctx.options.has(Id::Target) && per_device::matching(ctx, &lines).is_empty() {
        return Ok(());
    }
    if per_device::prints(ctx) {
        let dev = reply.device().dev;
        let number = format!("\t({}, {})", dev.major, dev.minor);
        ctx.out.line(&[name, number.as_bytes()]);
    }
    per_device::execute(ctx, subject, name)
}
