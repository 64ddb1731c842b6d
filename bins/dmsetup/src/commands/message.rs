//! `message <device> <sector> <message>`: to the target that serves the sector.

use dm_cli::exit::Failure;
use dm_cli::number;
use dm_cli::session::malformed;
use dm_core::packet::{Cmd, message};
use dm_core::units::Sectors;

use super::{ANY, Command, Operands, Repeat};
use crate::ctx::Ctx;

pub(super) static COMMAND: Command = Command {
    name: "message",
    usage: &["<device> <sector> <message>"],
    operands: 2..=ANY,
    repeat: Repeat::Once,
    run,
};

fn run(ctx: &mut Ctx<'_, '_>, operands: &Operands) -> Result<(), Failure> {
    ctx.session.open()?;
    let (device, rest) = match operands {
        [device, rest @ ..] if !ctx.options.names_device() => (Some(device), rest),
        all => (None, all),
    };
    let subject = ctx.subject(device)?;
    let (sector, words) = match rest {
        [sector, words @ ..] => (number::whole(sector, 10), words),
        [] => (None, rest),
    };
    let sector = sector.ok_or_else(|| Failure::line("Invalid sector."))?;
    if words.is_empty() {
        // quirk: it is sent all the same.
        ctx.session.say("No message supplied.");
    }
    let payload = message::encode(Sectors::new(sector), &words.join(&b' '));
    let request = subject.request(Cmd::TargetMsg).with_payload(payload);
    let request = request.with_flags(ctx.options.flags());
    let reply = ctx.session.call(&request, &subject)?;
    if let Some(answer @ [.., last]) = reply.answer().map_err(malformed)? {
        ctx.out.print(answer);
        if *last != b'\n' {
            ctx.out.print("\n");
        }
    }
    Ok(())
}
