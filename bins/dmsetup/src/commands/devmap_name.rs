//! `devmap_name <major> <minor>`: the name of the mapped device with this number. No word of `dmsetup`'s own.

use dm_cli::exit::Failure;
use dm_core::errno::Errno;
use dm_core::packet::Cmd;

use super::{Command, Operands, Repeat};
use crate::ctx::Ctx;

/// What the program does when it is called `devmap_name`.
pub static COMMAND: Command =
    Command { name: "devmap_name", usage: &[], operands: 0..=0, repeat: Repeat::Once, run };

fn run(ctx: &mut Ctx<'_, '_>, _operands: &Operands) -> Result<(), Failure> {
    ctx.session.open()?;
    let subject = ctx.subject(None)?;
    let reply =
        ctx.session.call(&subject.request(Cmd::DevStatus), &subject).map_err(|refusal| {
            if refusal.errno == Some(Errno::ENXIO) {
                Failure::line("Device does not exist.")
            } else {
                refusal.into()
            }
        })?;
    let device = ctx.session.shown(&reply)?;
    ctx.out.line(&[&device.name]);
    Ok(())
}
