//! What the tool does, one file each.

use std::os::unix::ffi::OsStrExt as _;

use dm_cli::exit::{self, Failure};
use dm_formats::raid::Level;
use dm_formats::raid::sets::RaidSet;

use crate::dispatch::Ctx;
use crate::options::Id;
use crate::survey::{Find, Survey};

pub mod activate;
pub mod block_devices;
mod carry_out;
pub mod create;
pub mod delete;
pub mod erase;
pub mod explain;
pub mod formats;
pub mod help;
pub mod native;
mod overlays;
mod partitions;
pub mod raid_devices;
pub mod rebuild;
pub mod restore;
pub mod sets;
pub mod spare;
pub mod version;

/// An action: what asks for it, and what it does.
struct Action {
    id: Id,
    /// Whether other instances are kept away meanwhile.
    locks: bool,
    run: fn(&mut Ctx<'_, '_>) -> Result<u8, Failure>,
}

/// Every action; the first that is asked for is done.
static ACTIONS: &[Action] = &[
    Action { id: Id::Explain, locks: false, run: explain::run },
    Action { id: Id::Restore, locks: true, run: restore::run },
    Action { id: Id::Activate, locks: true, run: activate::run },
    Action { id: Id::BlockDevices, locks: false, run: block_devices::run },
    Action { id: Id::Erase, locks: true, run: erase::run },
    Action { id: Id::Formats, locks: false, run: formats::run },
    Action { id: Id::Native, locks: true, run: native::run },
    Action { id: Id::RaidDevices, locks: true, run: raid_devices::run },
    Action { id: Id::Remove, locks: true, run: delete::run },
    Action { id: Id::Sets, locks: true, run: sets::run },
    Action { id: Id::Version, locks: false, run: version::run },
    Action { id: Id::Create, locks: true, run: create::run },
    Action { id: Id::Spare, locks: true, run: spare::run },
    Action { id: Id::Rebuild, locks: true, run: rebuild::run },
];

/// Does what is asked for.
///
/// # Errors
///
/// What ends it.
pub fn perform(ctx: &mut Ctx<'_, '_>) -> Result<u8, Failure> {
    let Some(action) = ACTIONS.iter().find(|action| ctx.options.has(action.id)) else {
        return Ok(exit::FAILURE);
    };
    let locks = action.locks && !ctx.options.has(Id::IgnoreLocking);
    if !locks {
        return (action.run)(ctx);
    }
    let path = ctx.host.lock_path();
    let path = path.as_os_str().as_bytes();
    ctx.voice.say(Level::Warn, &[b"locking ", path]);
    let held = ctx.host.lock()?;
    let done = (action.run)(ctx);
    ctx.voice.say(Level::Warn, &[b"unlocking ", path]);
    drop(held);
    done
}

/// The finds of a survey, those of the disks that are named if any are.
///
/// # Errors
///
/// There are none, which is said.
fn finds<'s>(ctx: &mut Ctx<'_, '_>, survey: &'s Survey) -> Result<Vec<Find<'s>>, Failure> {
    let names = &ctx.options.operands;
    let is_meant = |find: &Find<'_>| names.is_empty() || names.contains(&find.disk.path);
    let finds: Vec<Find<'_>> = survey.finds().filter(is_meant).collect();
    if finds.is_empty() { Err(nothing(ctx, b"no raid disks")) } else { Ok(finds) }
}

/// The sets of a survey; those that are named, if any are.
///
/// # Errors
///
/// There are none, which is said.
fn chosen_sets(ctx: &mut Ctx<'_, '_>, survey: &Survey) -> Result<Vec<RaidSet>, Failure> {
    if survey.finds().next().is_none() {
        return Err(nothing(ctx, b"no raid disks"));
    }
    let mut sets = survey.sets(ctx.voice);
    let is_name = |name: &&Vec<u8>| !survey.has_disk(name);
    let names: Vec<&Vec<u8>> = ctx.options.operands.iter().filter(is_name).collect();
    if !names.is_empty() {
        sets.retain_mut(|set| {
            if set.is_group() {
                set.subsets.retain(|subset| names.contains(&&subset.name));
                return !set.subsets.is_empty();
            }
            names.contains(&&set.name)
        });
    }
    if !sets.is_empty() {
        return Ok(sets);
    }
    let text: &[u8] = match names.len() {
        0 => b"no RAID set found",
        1 => b"either the required RAID set not found or more options required",
        _ => b"only one argument allowed for this option",
    };
    ctx.voice.say(Level::Error, &[text]);
    Err(nothing(ctx, b"no raid sets"))
}

/// Says that there is nothing of what was asked for.
fn nothing(ctx: &mut Ctx<'_, '_>, what: &[u8]) -> Failure {
    let mut text = what.to_vec();
    if let Some(list) = &ctx.options.formats {
        text.extend([b" with format: \"", &list[..], b"\""].concat());
    }
    if !ctx.options.operands.is_empty() {
        let names = ctx.options.operands.join(&ctx.options.separator());
        text.extend([b" and with names: \"", &names[..], b"\""].concat());
    }
    ctx.voice.say(Level::Plain, &[&text]);
    Failure::silent()
}
