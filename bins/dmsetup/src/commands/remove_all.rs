//! `remove_all [-f|--force]`: every device that nobody uses.

use dm_cli::exit::Failure;
use dm_cli::session::subject::Subject;
use dm_core::dm::Request;
use dm_core::flags::Flags;
use dm_core::packet::Cmd;

use super::{Command, Operands, Repeat};
use crate::ctx::Ctx;
use crate::options::Id;
use crate::{erasing, node_upkeep};

pub(super) static COMMAND: Command = Command {
    name: "remove_all",
    usage: &["[-f|--force]"],
    operands: 0..=0,
    repeat: Repeat::Once,
    run,
};

fn run(ctx: &mut Ctx<'_, '_>, _operands: &Operands) -> Result<(), Failure> {
    ctx.session.open()?;
    let first = remove_unused(ctx);
    if !ctx.options.has(Id::Force) {
        return first;
    }
    // quirk: one of the two passes suffices, and what remains is told of but no failure.
    let first = first.inspect_err(|failure| ctx.session.report(failure)).is_ok();
    let left = ctx.session.list()?;
    for entry in &left {
        let subject = ctx.session.subject_plainly_named(&entry.name);
        if let Err(failure) = subject.and_then(|subject| erasing::replace_table(ctx, &subject)) {
            ctx.session.report(&failure);
        }
    }
    let second = if left.is_empty() { Ok(()) } else { remove_unused(ctx) };
    let left = ctx.session.list()?.len();
    if left > 0 {
        ctx.session.say(format!("Unable to remove {left} device(s)."));
    }
    if first { Ok(()) } else { second }
}

fn remove_unused(ctx: &Ctx<'_, '_>) -> Result<(), Failure> {
    let deferred =
        if ctx.options.has(Id::Deferred) { Flags::DEFERRED_REMOVE } else { Flags::empty() };
    let request = Request::new(Cmd::RemoveAll).with_flags(deferred);
    ctx.session.call(&request, &Subject::default())?;
    node_upkeep::refresh_all(ctx)
}
