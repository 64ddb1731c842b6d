//! `--overlay`: the overlays of a set, made before it, shown, and found again to be taken away after it.
//!
//! ```text
//! all files, then ─► an overlay a member ─► the set ─► its partitions
//! ```
//!
//! Whatever ends this in between, the next `-an` takes away what is left: it knows overlays by their uuids, whether their
//! set is there or not, and a file's loop device goes with its overlay.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use dm_cli::exit::Failure;
use dm_formats::raid::Level;
use dm_formats::raid::sets::RaidSet;
use dm_sys::os;

use super::activate::{Made, Work, show_table};
use crate::dispatch::Ctx;
use crate::host::{Access, Held};
use crate::mapper::Making;
use crate::options::error;
use crate::overlay::cow::{self, Taken};
use crate::overlay::{self, Overlay};

/// The folder of `--overlay`, in which files can be made.
///
/// # Errors
///
/// They cannot.
pub(super) fn folder(ctx: &Ctx<'_, '_>) -> Result<Option<PathBuf>, Failure> {
    let Some(given) = &ctx.options.overlay else { return Ok(None) };
    let folder = Path::new(OsStr::from_bytes(given));
    match os::takes_files(folder) {
        Ok(()) => Ok(Some(folder.to_owned())),
        Err(why) => {
            let why = format!("\": {}", os::errno(&why));
            Err(error(&[b"--overlay: \"", &given[..], why.as_bytes()].concat()))
        }
    }
}

/// The overlays that a set is to stand on: none without `--overlay`. That there can be none is said.
pub(super) fn plan(
    work: &Work<'_, '_, '_>,
    ctx: &mut Ctx<'_, '_>,
    set: &RaidSet,
) -> Option<Vec<Overlay>> {
    let Some(folder) = &work.folder else { return Some(Vec::new()) };
    let planned = overlay::plan(set, &work.survey.disks, folder);
    planned.map_err(|text| ctx.voice.say(Level::Error, &[&text])).ok()
}

/// Whether what is written to a set that is mapped goes to overlays, as it must with `--overlay`. Else that is said.
pub(super) fn are_there(work: &Work<'_, '_, '_>, ctx: &mut Ctx<'_, '_>, set: &RaidSet) -> bool {
    fn stands_on_any(work: &Work<'_, '_, '_>, set: &RaidSet) -> bool {
        !of(work, set).is_empty() || set.subsets.iter().any(|subset| stands_on_any(work, subset))
    }
    if work.folder.is_none() || stands_on_any(work, set) {
        return true;
    }
    let text: [&[u8]; 3] = [b"RAID set \"", &set.name, b"\" is active without overlays"];
    ctx.voice.say(Level::Error, &text);
    false
}

/// The names of the overlays of a set that are mapped.
pub(super) fn of(work: &Work<'_, '_, '_>, set: &RaidSet) -> Vec<Vec<u8>> {
    let is_of = |(_, of): &&(Vec<u8>, Vec<u8>)| *of == set.name;
    work.overlaid.iter().filter(is_of).map(|(name, _)| name.clone()).collect()
}

/// Shows what would be made.
pub(super) fn show(work: &Work<'_, '_, '_>, ctx: &mut Ctx<'_, '_>, all: &[Overlay]) {
    for one in all {
        let Some(disk) = work.survey.disks.get(one.disk) else { continue };
        show_table(ctx, &one.name, &one.table(&disk.path, one.cow.as_os_str().as_bytes()));
    }
}

/// Makes a set's overlays, after what was left of an earlier time is gone. What was made is in [`Work::made`].
///
/// # Errors
///
/// Why one cannot be made.
pub(super) fn make(
    work: &mut Work<'_, '_, '_>,
    ctx: &mut Ctx<'_, '_>,
    set: &RaidSet,
    all: &[Overlay],
) -> Result<(), Failure> {
    if all.is_empty() {
        return Ok(());
    }
    for left in of(work, set) {
        work.mapper.remove(&left)?;
        work.overlaid.retain(|(name, _)| *name != left);
    }
    let mut taken = Vec::new();
    for one in all {
        let how = cow::take(&one.cow, one.len).map_err(|why| unusable(one, &why.to_string()))?;
        if how == Taken::New {
            work.made.push(Made::File(one.cow.clone()));
        }
        taken.push(how);
    }
    for one in all {
        map(work, ctx, one)?;
    }
    for (one, how) in all.iter().zip(taken) {
        let how: &[u8] = if how == Taken::New { b" (new)" } else { b"" };
        let disk = work.survey.disks.get(one.disk).map_or(&b""[..], |disk| &disk.path);
        let cow = one.cow.as_os_str().as_bytes();
        ctx.voice.say(Level::Plain, &[b"writes to ", disk, b" go to ", cow, how]);
    }
    Ok(())
}

fn unusable(one: &Overlay, why: &str) -> Failure {
    let why = format!("\": {why}");
    error(&[b"overlay \"", one.cow.as_os_str().as_bytes(), why.as_bytes()].concat())
}

fn map(work: &mut Work<'_, '_, '_>, ctx: &mut Ctx<'_, '_>, one: &Overlay) -> Result<(), Failure> {
    let Some(disk) = work.survey.disks.get(one.disk) else { return Ok(()) };
    let disk = work.called(ctx, disk, Access::ReadOnly).map_err(|text| error(&text))?;
    // The file's loop device is held until the overlay has it.
    let (cow, held): (PathBuf, Held) = if work.mapper.is_engine() {
        let path = std::path::absolute(&one.cow);
        (path.map_err(|why| unusable(one, &why.to_string()))?, Box::new(()))
    } else {
        ctx.host.attach_cow(&one.cow).map_err(|why| unusable(one, &why.to_string()))?
    };
    let table = one.table(&disk, cow.as_os_str().as_bytes());
    let (uuid, access) = (one.uuid.clone(), Access::ReadWrite);
    let made = work.mapper.create(&Making { name: &one.name, uuid, table: &table, access });
    drop(held);
    made.map_err(|failure| work.explained(&table, failure))?;
    work.has_made(&one.name);
    Ok(())
}
