//! What `-C`, `-x`, `-S` and `-R` have in common: a plan is made of what was found, and written.
//!
//! ```text
//! survey ─► candidates ─► dm_formats::raid::manage ─► Plan ─► all old metadata to files ─► disk by disk, patch by patch
//! ```
//!
//! All that a plan replaces is in files, to stay, before the first disk is written; each patch is on its disk before the
//! next is written. The first disk that cannot be written ends it, and what was written is said.

use std::os::unix::ffi::OsStrExt as _;
use std::slice;

use dm_cli::exit::Failure;
use dm_formats::raid::manage::{Candidate, Plan};
use dm_formats::raid::{FORMATS, FormatType, Level, Message};

use super::erase;
use crate::dispatch::Ctx;
use crate::host::Disk;
use crate::survey::Survey;

/// The disks as those see them who make plans.
pub(super) fn candidates(survey: &Survey) -> Vec<Candidate<'_>> {
    let all = survey.disks.iter().zip(&survey.readings);
    all.map(|(disk, readings)| Candidate {
        path: &disk.path,
        serial: disk.serial.as_deref(),
        len: disk.sectors(),
        scsi: disk.scsi,
        found: readings.iter().find_map(|reading| reading.found.as_ref()),
    })
    .collect()
}

/// Which of the disks is called so.
pub(super) fn place(survey: &Survey, path: &[u8]) -> Option<usize> {
    survey.disks.iter().position(|disk| disk.path == path)
}

/// The one format of `-f`, by its whole name.
///
/// # Errors
///
/// There is none, which is said.
pub(super) fn format(ctx: &mut Ctx<'_, '_>) -> Result<&'static FormatType, Failure> {
    let options = ctx.options;
    let Some(name) = &options.formats else {
        ctx.voice.say(Level::Error, &[b"format handler string is NULL"]);
        return Err(failed(ctx, &[b"unknown format type: (null)"]));
    };
    let format = FORMATS.iter().find(|format| format.name.as_bytes() == name);
    format.copied().ok_or_else(|| failed(ctx, &[b"unknown format type: ", name]))
}

/// Says an error, which ends the action.
pub(super) fn failed(ctx: &mut Ctx<'_, '_>, pieces: &[&[u8]]) -> Failure {
    ctx.voice.say(Level::Error, pieces);
    Failure::silent()
}

/// Says why there is no plan, which ends the action.
pub(super) fn refused(ctx: &mut Ctx<'_, '_>, message: &Message) -> Failure {
    ctx.voice.say(message.level, &[&message.text]);
    Failure::silent()
}

/// Saves what is replaced, and writes a plan.
///
/// # Errors
///
/// A disk cannot be written, or what is on it not be saved, which is said.
pub(super) fn carry_out(
    ctx: &mut Ctx<'_, '_>,
    survey: &Survey,
    plan: &Plan,
) -> Result<(), Failure> {
    for (nth, _) in plan {
        save(ctx, survey, *nth)?;
    }
    let mut written: Vec<&[u8]> = Vec::new();
    for (nth, patches) in plan {
        let Some(disk) = survey.disks.get(*nth) else { continue };
        ctx.voice.say(Level::Notice, &[b"Writing metadata to ", &disk.path]);
        for patch in patches {
            if let Err(why) = ctx.host.write(disk, slice::from_ref(patch)) {
                let why = format!(": {why}");
                let text: [&[u8]; 3] = [b"writing metadata to ", &disk.path, why.as_bytes()];
                ctx.voice.say(Level::Error, &text);
                return Err(stopped(ctx, &written));
            }
        }
        written.push(&disk.path);
    }
    Ok(())
}

fn save(ctx: &mut Ctx<'_, '_>, survey: &Survey, nth: usize) -> Result<(), Failure> {
    let folders = erase::dump_disk(ctx, survey, nth)?;
    let path = survey.disks.get(nth).map_or(&b""[..], |Disk { path, .. }| path);
    for folder in folders {
        let folder = folder.as_os_str().as_bytes();
        ctx.voice.say(Level::Plain, &[b"Old metadata of ", path, b" saved in ", folder]);
    }
    Ok(())
}

/// Says how far it got.
fn stopped(ctx: &mut Ctx<'_, '_>, written: &[&[u8]]) -> Failure {
    if written.is_empty() {
        return failed(ctx, &[b"no disk was written before"]);
    }
    failed(ctx, &[b"written before: ", &written.join(&b", "[..])])
}
