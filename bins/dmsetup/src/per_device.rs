//! `--target` and `--exec`: which targets count, and what is run for a device that has one.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::process::Command;

use dm_cli::exit::Failure;
use dm_cli::session::subject::Subject;
use dm_core::table::Line;
use dm_core::words::is_space;

use crate::ctx::Ctx;
use crate::node_upkeep;
use crate::options::Id;

/// The most words that `--exec` takes.
///
/// # Source
///
/// `ARGS_MAX` in lvm2's `libdm/dm-tools/dmsetup.c`.
const WORDS_MAX: usize = 255;

/// The lines whose type `--target` asks for; without it, all.
pub fn matching<'l>(ctx: &Ctx<'_, '_>, lines: &'l [Line]) -> Vec<&'l Line> {
    let wanted = ctx.options.value(Id::Target);
    let counts = |line: &&Line| wanted.is_none_or(|wanted| line.target.as_bytes() == wanted);
    lines.iter().filter(counts).collect()
}

/// Whether devices are printed: with `--exec`, only if one asks for more.
pub fn prints(ctx: &Ctx<'_, '_>) -> bool {
    !ctx.options.has(Id::Exec) || ctx.options.is_verbose()
}

/// Runs what `--exec` says, with the device's node as its last argument. How it ends does not matter.
///
/// # Errors
///
/// There are no words, or too many.
pub fn execute(ctx: &Ctx<'_, '_>, subject: &Subject, name: &[u8]) -> Result<(), Failure> {
    let Some(text) = ctx.options.value(Id::Exec) else { return Ok(()) };
    let words = text.split(|&byte| is_space(byte)).filter(|word| !word.is_empty());
    let words: Vec<&OsStr> = words.map(OsStr::from_bytes).collect();
    if words.len() > WORDS_MAX {
        return Err(Failure::line("Too many args to --exec."));
    }
    let (program, args) = words.split_first().ok_or_else(Failure::silent)?;
    node_upkeep::refresh(ctx, subject)?;
    let node = ctx.session.settings().places.path(name);
    // A program that cannot be run is passed over in silence, as one that fails is.
    drop(Command::new(program).args(args).arg(node).status());
    Ok(())
}
