//! `resume [--noflush] [--nolockfs] <device>...`: the inactive table, if there is one, becomes live.

use dm_cli::exit::Failure;
use dm_core::packet::Cmd;

use super::{ANY, Command, Operands, Repeat};
use crate::ctx::Ctx;
use crate::options::AddNode;

pub(super) static COMMAND: Command = Command {
    name: "resume",
    usage: &["[--noflush] [--nolockfs] <device>...
\t       [--addnodeonresume|--addnodeoncreate]
\t       [--readahead {[+]<sectors>|auto|none}]"],
    operands: 0..=ANY,
    repeat: Repeat::EachSelectable,
    run,
};

fn run(ctx: &mut Ctx<'_, '_>, operands: &Operands) -> Result<(), Failure> {
    ctx.session.open()?;
    let subject = ctx.subject(operands.first())?;
    let request = subject.request(Cmd::DevSuspend).with_flags(ctx.options.flags());
    let transaction = ctx.session.begin()?;
    let answer = transaction.call(request, &subject);
    let keeper = transaction.finish();
    let (reply, keeper) = (answer?, keeper?);
    let device = reply.device();
    if ctx.options.add_node == AddNode::OnResume {
        ctx.session.add_node(keeper, &device.name, device.dev, ctx.options.owner);
    }
    ctx.session.set_read_ahead(device.dev, &device.name, ctx.options.read_ahead);
    if ctx.options.is_verbose() { ctx.print_info(&reply) } else { Ok(()) }
}
