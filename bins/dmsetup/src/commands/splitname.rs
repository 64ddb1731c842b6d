//! `splitname <device> [<subsystem>]`: a report of the parts of a logical volume's name.

use dm_cli::exit::Failure;

use super::{Command, Operands, Repeat};
use crate::ctx::Ctx;
use crate::report::name_parts::NameParts;

pub(super) static COMMAND: Command = Command {
    name: "splitname",
    usage: &["<device> [<subsystem>]"],
    operands: 1..=2,
    repeat: Repeat::Once,
    run,
};

fn run(ctx: &mut Ctx<'_, '_>, operands: &Operands) -> Result<(), Failure> {
    let (Some(report), [name, rest @ ..]) = (&mut ctx.report, operands) else { return Ok(()) };
    let subsystem = rest.first().map_or(&b"LVM"[..], Vec::as_slice);
    report.add_name(NameParts::new(subsystem, name))
}
