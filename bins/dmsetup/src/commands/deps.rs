//! `deps [-o <options>] [<device>...]`: the devices under a table.

use dm_cli::exit::Failure;
use dm_cli::session::malformed;
use dm_cli::session::subject::Subject;
use dm_core::packet::Cmd;

use super::{ANY, Command, Operands, Repeat};
use crate::ctx::Ctx;

pub(super) static COMMAND: Command = Command {
    name: "deps",
    usage: &["[-o <options>] [<device>...]"],
    operands: 0..=ANY,
    repeat: Repeat::EachSelectable,
    run,
};

fn run(ctx: &mut Ctx<'_, '_>, operands: &Operands) -> Result<(), Failure> {
    if operands.is_empty() && !ctx.options.names_device() {
        return ctx.for_each_device(print_deps);
    }
    ctx.session.open()?;
    let subject = ctx.subject(operands.first())?;
    let name = operands.first().cloned().unwrap_or_default();
    print_deps(ctx, &subject, &name)
}

fn print_deps(ctx: &mut Ctx<'_, '_>, subject: &Subject, name: &[u8]) -> Result<(), Failure> {
    let request = subject.request(Cmd::TableDeps).with_flags(ctx.options.flags());
    let reply = ctx.session.call(&request, subject)?;
    let verbose = ctx.options.is_verbose();
    if verbose {
        ctx.print_info(&reply)?;
    } else if ctx.multiple {
        ctx.out.print([name, b": "].concat());
    }
    let deps = reply.deps().map_err(malformed)?;
    let mut line = format!("{} dependencies\t:", deps.len()).into_bytes();
    for dev in deps {
        let shown = ctx.form.show(ctx.session, dev, ", ");
        line.extend([b" (", &shown[..], b")"].concat());
    }
    ctx.out.line(&[&line]);
    if verbose && ctx.multiple {
        ctx.out.print("\n");
    }
    Ok(())
}
