//! `-R SET [DISK]`: a disk, or a spare, takes the place of a member that is lost, and gets its data.
//!
//! ```text
//! metadata: it is a member, and lacks its data ─► the data, from the other members ─► metadata: it has them
//! ```
//!
//! Until the last step the set is not activated, for what its new member has would be taken for data. Whatever ends this
//! in between, the next `-R` of the set copies all of it again. Nothing of the family may be mapped meanwhile: a write
//! that goes past this would be lost.
//!
//! Where images are named, they are the set's disks and the last is the new member.
//!
//! Other than the original: 0 is success and 1 failure, where it has them the other way round; and it maps the set at
//! once, for the kernel to rebuild.
//!
//! # Source
//!
//! dmraid 1.0.0.rc16-12, by running it.

mod fill;

use dm_cli::exit::{self, Failure};
use dm_formats::raid::manage::{self, Candidate, Manage, Plan, Rebuilt};
use dm_formats::raid::{Level, Message};

use super::carry_out::{candidates, carry_out, failed, place, refused};
use crate::dispatch::Ctx;
use crate::mapper::Mapper;
use crate::survey::Survey;
use fill::fill;

pub(super) fn run(ctx: &mut Ctx<'_, '_>) -> Result<u8, Failure> {
    let options = ctx.options;
    let set = options.rebuild.as_deref().unwrap_or_default();
    let survey = Survey::take(ctx)?;
    let path = options.operands.last();
    let with = path.map(|path| place(&survey, path).ok_or(path));
    let with = match with.transpose() {
        Ok(with) => with,
        Err(path) => return Err(failed(ctx, &[b"failed to find disk ", path])),
    };
    let rebuilt = rebuild(&candidates(&survey), set, with);
    let rebuilt = rebuilt.map_err(|message| refused(ctx, &message))?;
    idle(ctx, &survey, set)?;
    let disk = survey.disks.get(rebuilt.disk).map_or(&b""[..], |disk| &disk.path);
    carry_out(ctx, &survey, &rebuilt.plan)?;
    let order = format!(" is member {} of RAID set \"", rebuilt.order);
    let again: &[u8] =
        if rebuilt.plan.is_empty() { b"\" already, and gets its data" } else { b"\" now" };
    ctx.voice.say(Level::Plain, &[disk, order.as_bytes(), set, again]);
    if let Err(failure) = fill(ctx, &survey, &rebuilt).and_then(|()| settle(ctx, set)) {
        let until = b"\" stays inactive until it is rebuilt: do this again";
        ctx.voice.say(Level::Error, &[b"RAID set \"", set, until]);
        return Err(failure);
    }
    ctx.voice.say(Level::Plain, &[b"RAID set \"", set, b"\" is rebuilt"]);
    Ok(exit::SUCCESS)
}

/// Whether nothing of the set's family is mapped.
fn idle(ctx: &mut Ctx<'_, '_>, survey: &Survey, set: &[u8]) -> Result<(), Failure> {
    let mapped = Mapper::with(ctx, |_, mapper| mapper.names())?;
    let names = survey.finds().map(|find| &find.found.record.name);
    let family = names.filter(|name| set.starts_with(name)).max_by_key(|name| name.len());
    let Some(family) = family else { return Ok(()) };
    match mapped.iter().find(|name| name.starts_with(family)) {
        Some(name) => Err(failed(ctx, &[name, b" is active, and its members cannot be rebuilt"])),
        None => Ok(()),
    }
}

/// Notes that the new member has its data.
fn settle(ctx: &mut Ctx<'_, '_>, set: &[u8]) -> Result<(), Failure> {
    let survey = Survey::take(ctx)?;
    let disks = candidates(&survey);
    let plan = manager(&disks, set).map_or_else(|| Ok(Plan::new()), |m| m.settle(&disks, set));
    let plan = plan.map_err(|message| refused(ctx, &message))?;
    carry_out(ctx, &survey, &plan)
}

/// Starts it.
fn rebuild(disks: &[Candidate<'_>], set: &[u8], with: Option<usize>) -> Result<Rebuilt, Message> {
    let not_found = || [b"raid volume \"", set, b"\" not found\n"].concat();
    match manager(disks, set) {
        Some(manager) => manager.rebuild(disks, set, with),
        None => Err(Message { level: Level::Plain, text: not_found() }),
    }
}

/// The format that has the set.
fn manager(disks: &[Candidate<'_>], set: &[u8]) -> Option<&'static dyn Manage> {
    let found = disks.iter().filter_map(|disk| disk.found);
    let mut of_set = found.filter(|found| set.starts_with(&found.record.name));
    of_set.find_map(|found| manage::of(found.format))
}
