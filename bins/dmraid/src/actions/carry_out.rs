//! What `-C`, `-x`, `-S` and `-R` have in common: a plan is made of what was found, and written.
//!
//! ```text
//! survey ─► candidates ─► dm_formats::raid::manage ─► Plan ─► all that is replaced to files ─► disk by disk, patch by patch
//! ```
//!
//! All bytes that a plan replaces, metadata or not, are in files, to stay, before the first disk is written; each patch
//! is on its disk before the next is written. The first disk that cannot be written ends it, and what was written is
//! said, what was not, and where the rest is.

use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;
use std::slice;

use dm_cli::exit::Failure;
use dm_formats::raid::manage::{Candidate, Plan};
use dm_formats::raid::{FORMATS, FormatType, Level, Message, Patch};

use super::save;
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
    let all: Vec<(&Disk, &[Patch])> = plan
        .iter()
        .filter_map(|(nth, patches)| Some((survey.disks.get(*nth)?, &patches[..])))
        .collect();
    let mut saved = Vec::new();
    for (disk, patches) in &all {
        saved.extend(save::beneath(ctx, disk, patches)?);
    }
    for (nth, (disk, patches)) in all.iter().enumerate() {
        ctx.voice.say(Level::Notice, &[b"Writing metadata to ", &disk.path]);
        if write(ctx, disk, patches).is_err() {
            let (before, rest) = all.split_at(nth);
            list(ctx, b"written before: ", before);
            list(ctx, b"not written: ", rest.get(1..).unwrap_or_default());
            tell_saved(ctx, &saved);
            return Err(Failure::silent());
        }
    }
    Ok(())
}

/// Writes patches to a disk, each of which is there to stay before the next is written.
///
/// # Errors
///
/// One cannot be written, which is said, and how far it got.
pub(super) fn write(ctx: &mut Ctx<'_, '_>, disk: &Disk, patches: &[Patch]) -> Result<(), Failure> {
    for (nth, patch) in patches.iter().enumerate() {
        if let Err(why) = ctx.host.write(disk, slice::from_ref(patch)) {
            let why = format!(": {why}");
            let text: [&[u8]; 3] = [b"writing metadata to ", &disk.path, why.as_bytes()];
            ctx.voice.say(Level::Error, &text);
            let text = format!(
                ": {nth} of {} areas are written, and of the next there may be a part",
                patches.len()
            );
            return Err(failed(ctx, &[&disk.path, text.as_bytes()]));
        }
    }
    Ok(())
}

/// Says where what was replaced is, after something went wrong.
pub(super) fn tell_saved(ctx: &mut Ctx<'_, '_>, folders: &[PathBuf]) {
    let mut folders = folders.to_vec();
    folders.sort();
    folders.dedup();
    for folder in folders {
        let folder = folder.as_os_str().as_bytes();
        ctx.voice.say(
            Level::Error,
            &[b"dmraid -r --restore ", folder, b" DISK writes back what was there"],
        );
    }
}

fn list(ctx: &mut Ctx<'_, '_>, what: &[u8], disks: &[(&Disk, &[Patch])]) {
    let paths: Vec<&[u8]> = disks.iter().map(|(disk, _)| &disk.path[..]).collect();
    let paths = if paths.is_empty() { b"no disk".to_vec() } else { paths.join(&b", "[..]) };
    ctx.voice.say(Level::Error, &[what, &paths]);
}
