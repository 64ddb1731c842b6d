//! `splitname <device> [<subsystem>]`: a report of the parts of a logical volume's name.

use dm_cli::exit::Failure;

use super::{Command, Operands, Repeat, not_built};
use crate::ctx::Ctx;

pub(super) static COMMAND: Command = Command {
    name: "splitname",
    usage: &["<device> [<subsystem>]"],
    operands: 1..=2,
    repeat: Repeat::Once,
    run,
};

fn run(_ctx: &mut Ctx<'_, '_>, _operands: &Operands) -> Result<(), Failure> {
    Err(not_built("splitname"))
}
