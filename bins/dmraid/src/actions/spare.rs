//! `-f FORMAT -S -M DISK`: a disk becomes a spare, when asked and answered y.
//!
//! Without `-f` the disk is to be added to a set, of which the original says, set by set, that it cannot do that; so
//! does ours. Other than the original's, an exit code says what was not done.
//!
//! # Source
//!
//! dmraid 1.0.0.rc16-12, by running it.

use std::slice;

use dm_cli::exit::{self, Failure};
use dm_formats::raid::manage::{self, NewSet};
use dm_formats::raid::{FormatType, Level};

use super::carry_out::{candidates, carry_out, failed, format, place, refused};
use super::erase;
use crate::dispatch::Ctx;
use crate::survey::Survey;

pub(super) fn run(ctx: &mut Ctx<'_, '_>) -> Result<u8, Failure> {
    let options = ctx.options;
    let (path, name) = (&options.media, options.operands.first());
    let format = match format(ctx) {
        Err(failure) if options.formats.is_none() && path.is_some() => {
            not_added(ctx, name.map(Vec::as_slice))?;
            return Err(failure);
        }
        format => format?,
    };
    let Some(path) = path else { return Err(failed(ctx, &[b"no hard drives specified"])) };
    let survey = Survey::of(ctx, slice::from_ref(path))?;
    let Some(disk) = place(&survey, path) else {
        return Err(failed(ctx, &[b"failed to find disk ", path]));
    };
    let now = ctx.host.now();
    let new = NewSet {
        name: b"spare",
        level: manage::SPARE_LEVEL,
        size: None,
        stride: None,
        members: &[disk],
        now,
    };
    let created = manage::create(format, &candidates(&survey), &new);
    let created = created.map_err(|message| refused(ctx, &message))?;
    if ask(ctx, format, path, name.map(Vec::as_slice)) {
        carry_out(ctx, &survey, &created.plan)?;
    }
    Ok(exit::SUCCESS)
}

/// Says of every set that no spare is added to it.
fn not_added(ctx: &mut Ctx<'_, '_>, name: Option<&[u8]>) -> Result<(), Failure> {
    // quirk: the set that is named is no other than the rest, and one that is named as `-SSET` is not known.
    let name = name.unwrap_or(b"(null)");
    for set in Survey::of(ctx, &[])?.sets(ctx.voice) {
        let format = set.format.name.as_bytes();
        let before = b"hot-spare cannot be added to existing raid set \"";
        ctx.voice.say(Level::Error, &[b"4 not yet supported"]);
        ctx.voice.say(Level::Error, &[before, name, b"\" in \"", format, b"\" format"]);
    }
    Ok(())
}

/// Whether a spare is meant; it has no name, whatever was given.
pub(super) fn ask(
    ctx: &mut Ctx<'_, '_>,
    format: &FormatType,
    path: &[u8],
    name: Option<&[u8]>,
) -> bool {
    let head = format!(
        "\n\n     Create a SPARE DISK with {} metadata format     \n\nDISK:     ",
        format.name.to_ascii_uppercase()
    );
    ctx.voice.say(Level::Plain, &[head.as_bytes(), path, b" \n\n"]);
    let lost = name.map(|name| [b" Name <", name, b"> will lost."].concat()).unwrap_or_default();
    let about = b"About to create a RAID set with the above settings.";
    erase::ask(ctx, &[&about[..], &lost, b" Continue ? [y/n] :"].concat())
}
