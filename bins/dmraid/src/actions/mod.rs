//! What the tool does, one file each.

use std::os::unix::ffi::OsStrExt as _;

use dm_cli::exit::{self, Failure};
use dm_formats::raid::Level;
use dm_formats::raid::sets::RaidSet;
use serde_json::Value;

use crate::dispatch::Ctx;
use crate::json;
use crate::options::{Id, error};
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
mod save;
pub mod sets;
pub mod spare;
pub mod version;

/// An action: what asks for it, and what it does.
struct Action {
    id: Id,
    /// Whether other instances are kept away meanwhile.
    locks: bool,
    /// Whether there is JSON of it.
    has_json: bool,
    /// Whether it writes to disks.
    writes: bool,
    run: fn(&mut Ctx<'_, '_>) -> Result<u8, Failure>,
}

/// Every action; the first that is asked for is done.
static ACTIONS: &[Action] = &[
    Action { id: Id::Explain, locks: false, has_json: true, writes: false, run: explain::run },
    Action { id: Id::Restore, locks: true, has_json: false, writes: true, run: restore::run },
    Action { id: Id::Activate, locks: true, has_json: false, writes: false, run: activate::run },
    Action {
        id: Id::BlockDevices,
        locks: false,
        has_json: true,
        writes: false,
        run: block_devices::run,
    },
    Action { id: Id::Erase, locks: true, has_json: false, writes: true, run: erase::run },
    Action { id: Id::Formats, locks: false, has_json: true, writes: false, run: formats::run },
    Action { id: Id::Native, locks: true, has_json: false, writes: false, run: native::run },
    Action {
        id: Id::RaidDevices,
        locks: true,
        has_json: true,
        writes: false,
        run: raid_devices::run,
    },
    Action { id: Id::Remove, locks: true, has_json: false, writes: true, run: delete::run },
    Action { id: Id::Sets, locks: true, has_json: true, writes: false, run: sets::run },
    Action { id: Id::Version, locks: false, has_json: false, writes: false, run: version::run },
    Action { id: Id::Create, locks: true, has_json: false, writes: true, run: create::run },
    Action { id: Id::Spare, locks: true, has_json: false, writes: true, run: spare::run },
    Action { id: Id::Rebuild, locks: true, has_json: false, writes: true, run: rebuild::run },
];

/// Does what is asked for.
///
/// # Errors
///
/// What ends it.
pub fn perform(ctx: &mut Ctx<'_, '_>) -> Result<u8, Failure> {
    let action = ACTIONS.iter().find(|action| ctx.options.has(action.id));
    if ctx.options.has(Id::Json) && !action.is_some_and(|action| action.has_json) {
        return Err(error(b"--json goes with -b, -l, -r, -s or --explain"));
    }
    let Some(action) = action else { return Ok(exit::FAILURE) };
    if action.writes && (ctx.options.has(Id::Test) || ctx.options.has(Id::ReadOnly)) {
        return Err(error(b"with -t or --read-only nothing is written to disks"));
    }
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
    keep_named(&mut sets, ctx, survey);
    if !sets.is_empty() {
        return Ok(sets);
    }
    let text: &[u8] = match names(ctx, survey).len() {
        0 => b"no RAID set found",
        1 => b"either the required RAID set not found or more options required",
        _ => b"only one argument allowed for this option",
    };
    ctx.voice.say(Level::Error, &[text]);
    Err(nothing(ctx, b"no raid sets"))
}

/// The names of sets that were given.
fn names<'o>(ctx: &Ctx<'o, '_>, survey: &Survey) -> Vec<&'o [u8]> {
    let names = ctx.options.operands.iter().map(Vec::as_slice);
    names.filter(|name| !survey.has_disk(name)).collect()
}

/// Drops the sets that are not named, if any are.
fn keep_named(sets: &mut Vec<RaidSet>, ctx: &Ctx<'_, '_>, survey: &Survey) {
    let names = names(ctx, survey);
    if names.is_empty() {
        return;
    }
    sets.retain_mut(|set| {
        if set.is_group() {
            set.subsets.retain(|subset| names.contains(&&subset.name[..]));
            return !set.subsets.is_empty();
        }
        names.contains(&&set.name[..])
    });
}

/// Prints the object that is all of an action's standard output; what it lists, and under which name.
fn print_json(ctx: &mut Ctx<'_, '_>, action: &str, list: &str, values: &[Value]) {
    let object = json::object(action, list, values, ctx.voice.said());
    ctx.voice.out.line(&[object.as_bytes()]);
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
