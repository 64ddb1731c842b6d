//! `setgeometry <device> <cyl> <head> <sect> <start>`: what `HDIO_GETGEO` says.

use dm_cli::exit::Failure;
use dm_core::packet::{Cmd, message};

use super::{Command, Operands, Repeat};
use crate::ctx::Ctx;

pub(super) static COMMAND: Command = Command {
    name: "setgeometry",
    usage: &["<device> <cyl> <head> <sect> <start>"],
    operands: 5..=5,
    repeat: Repeat::Once,
    run,
};

fn run(ctx: &mut Ctx<'_, '_>, operands: &Operands) -> Result<(), Failure> {
    ctx.session.open()?;
    // quirk: five arguments are wanted even where none of them is the device.
    let (device, numbers) = match operands {
        [device, numbers @ ..] if !ctx.options.names_device() => (Some(device), numbers),
        all => (None, all),
    };
    let subject = ctx.subject(device)?;
    let numbers: Vec<_> = numbers.iter().take(4).map(Vec::as_slice).collect();
    let payload = message::encode_text(&numbers.join(&b' '));
    let request = subject.request(Cmd::DevSetGeometry).with_payload(payload);
    ctx.session.call(&request.with_flags(ctx.options.flags()), &subject)?;
    Ok(())
}
