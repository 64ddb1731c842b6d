//! `-r --restore FOLDER DISK`: metadata that `-D` or `-E` has written to files are written back.
//!
//! The files are those of the disk's name, as [`super::save`] writes them; `DISK.size` must be the disk's. What is there
//! is saved before it goes.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use dm_cli::exit::{self, Failure};
use dm_core::units::Bytes;
use dm_formats::raid::{Level, Patch};

use super::{carry_out, save};
use crate::dispatch::Ctx;
use crate::host::{Disk, base_name};
use crate::options::{Id, error};

pub(super) fn run(ctx: &mut Ctx<'_, '_>) -> Result<u8, Failure> {
    let folder = ctx.options.restore.clone().unwrap_or_default();
    if !ctx.options.has(Id::RaidDevices) {
        return Err(error(b"--restore goes with -r"));
    }
    let [path] = ctx.options.operands.as_slice() else {
        return Err(error(b"--restore takes one disk or image"));
    };
    let Some(disk) = ctx.host.disk_at(path) else {
        return Err(error(&[b"opening \"", &path[..], b"\""].concat()));
    };
    let patches = saved(Path::new(OsStr::from_bytes(&folder)), &disk)?;
    let replaced = save::beneath(ctx, &disk, &patches)?;
    carry_out::write(ctx, &disk, &patches)
        .inspect_err(|_| carry_out::tell_saved(ctx, replaced.as_slice()))?;
    let text = format!("Restored {} metadata areas on ", patches.len());
    ctx.voice.say(Level::Info, &[text.as_bytes(), &disk.path]);
    Ok(exit::SUCCESS)
}

/// What was saved of a disk.
fn saved(folder: &Path, disk: &Disk) -> Result<Vec<Patch>, Failure> {
    let base = base_name(&disk.path);
    let at = |end: &[u8]| folder.join(OsStr::from_bytes(&[base, end].concat()));
    let wrong = |what: &[u8], path: &Path| {
        error(&[what, b" \"", path.as_os_str().as_bytes(), b"\""].concat())
    };
    let size = at(b".size");
    let number = |path: &Path| fs::read_to_string(path).ok()?.trim().parse::<u64>().ok();
    if number(&size) != Some(disk.sectors().get()) {
        return Err(wrong(b"the disk has not as many sectors as is said in", &size));
    }
    let suffixes = save::suffixes(folder, base).map_err(|_| wrong(b"reading", folder))?;
    let mut patches = Vec::new();
    for suffix in suffixes {
        let file = |end: &[u8]| at(&[&suffix[..], end].concat());
        let (data, offset) = (file(b".dat"), file(b".offset"));
        let bytes = fs::read(&data).map_err(|_| wrong(b"reading", &data))?;
        let offset = number(&offset).ok_or_else(|| wrong(b"no number in", &offset))?;
        let end = offset.checked_add(bytes.len() as u64);
        if end.is_none_or(|end| end > disk.source.size().get()) {
            return Err(wrong(b"past the end of the disk:", &data));
        }
        patches.push(Patch { at: Bytes::new(offset), bytes });
    }
    if patches.is_empty() { Err(wrong(b"nothing of this disk is in", folder)) } else { Ok(patches) }
}
