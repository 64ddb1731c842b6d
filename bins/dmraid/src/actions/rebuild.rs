//! `-R SET [DISK]`: a disk, or a spare, takes the place of a member that is lost.
//!
//! The metadata say so afterwards, on all disks of the set. Nothing is copied yet: whoever rebuilds by these metadata
//! (the BIOS, mdadm) does that. Until it is done the set stays inactive here, for what its new member has would be taken
//! for data.
//!
//! Where images are named, they are the set's disks and the last is the new member.
//!
//! Other than the original: 0 is success and 1 failure, where it has them the other way round; and it maps the set at
//! once, for the kernel to rebuild.
//!
//! # Source
//!
//! dmraid 1.0.0.rc16-12, by running it.

use dm_cli::exit::{self, Failure};
use dm_formats::raid::manage::{self, Candidate, Rebuilt};
use dm_formats::raid::{Level, Message};

use super::carry_out::{candidates, carry_out, failed, place, refused};
use crate::dispatch::Ctx;
use crate::survey::Survey;

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
    let Some(disk) = rebuilt.disk.and_then(|nth| survey.disks.get(nth)) else {
        ctx.voice.say(Level::Plain, &[b"RAID set \"", set, b"\" is being rebuilt already"]);
        return Ok(exit::SUCCESS);
    };
    carry_out(ctx, &survey, &rebuilt.plan)?;
    let order = format!(" is member {} of RAID set \"", rebuilt.order);
    ctx.voice.say(Level::Plain, &[&disk.path, order.as_bytes(), set, b"\" now"]);
    let text: [&[u8]; 3] =
        [b"RAID set \"", set, b"\" stays inactive: nothing was copied to its new member yet"];
    ctx.voice.say(Level::Plain, &text);
    Ok(exit::SUCCESS)
}

/// Of the format that has the set.
fn rebuild(disks: &[Candidate<'_>], set: &[u8], with: Option<usize>) -> Result<Rebuilt, Message> {
    let found = disks.iter().filter_map(|disk| disk.found);
    let has = |name: &[u8]| name == set || set.starts_with(name);
    let mut of_set = found.filter(|found| has(&found.record.name));
    let manage = of_set.find_map(|found| manage::of(found.format));
    let not_found = || [b"raid volume \"", set, b"\" not found\n"].concat();
    match manage {
        Some(manage) => manage.rebuild(disks, set, with),
        None => Err(Message { level: Level::Plain, text: not_found() }),
    }
}
