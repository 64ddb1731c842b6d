//! `-r --restore FOLDER DISK`: metadata that `-D` or `-E` has written to files are written back.
//!
//! The files are those of the disk's name: `DISK.dat` or `DISK_0.dat` and so on, each with its `.offset`, and one
//! `DISK.size`, which must be the disk's.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use dm_cli::exit::{self, Failure};
use dm_core::units::Bytes;
use dm_formats::raid::{Level, Patch};

use crate::dispatch::Ctx;
use crate::host::Disk;
use crate::options::error;

pub(super) fn run(ctx: &mut Ctx<'_, '_>) -> Result<u8, Failure> {
    let folder = ctx.options.restore.clone().unwrap_or_default();
    let [path] = ctx.options.operands.as_slice() else {
        return Err(error(b"--restore takes one disk or image"));
    };
    let Some(disk) = ctx.host.disk_at(path) else {
        return Err(error(&[b"opening \"", &path[..], b"\""].concat()));
    };
    let patches = saved(Path::new(OsStr::from_bytes(&folder)), &disk)?;
    ctx.host.write(&disk, &patches).map_err(|why| {
        let why = format!(": {why}");
        error(&[b"writing metadata to ", &disk.path[..], why.as_bytes()].concat())
    })?;
    let text = format!("Restored {} metadata areas on ", patches.len());
    ctx.voice.say(Level::Info, &[text.as_bytes(), &disk.path]);
    Ok(exit::SUCCESS)
}

/// What was saved of a disk.
fn saved(folder: &Path, disk: &Disk) -> Result<Vec<Patch>, Failure> {
    let base = super::erase::base(&disk.path);
    let at = |end: &[u8]| folder.join(OsStr::from_bytes(&[base, end].concat()));
    let wrong = |what: &[u8], path: &Path| {
        error(&[what, b" \"", path.as_os_str().as_bytes(), b"\""].concat())
    };
    let size = at(b".size");
    let number = |path: &Path| fs::read_to_string(path).ok()?.trim().parse::<u64>().ok();
    if number(&size) != Some(disk.sectors().get()) {
        return Err(wrong(b"the disk has not as many sectors as is said in", &size));
    }
    let suffixes: [&[u8]; 5] = [b"", b"_0", b"_1", b"_2", b"_3"];
    let mut patches = Vec::new();
    for suffix in suffixes {
        let (data, offset) = (at(&[suffix, b".dat"].concat()), at(&[suffix, b".offset"].concat()));
        let Ok(bytes) = fs::read(&data) else { continue };
        let offset = number(&offset).ok_or_else(|| wrong(b"no number in", &offset))?;
        let end = offset.checked_add(bytes.len() as u64);
        if end.is_none_or(|end| end > disk.source.size().get()) {
            return Err(wrong(b"past the end of the disk:", &data));
        }
        patches.push(Patch { at: Bytes::new(offset), bytes });
    }
    if patches.is_empty() { Err(wrong(b"nothing of this disk is in", folder)) } else { Ok(patches) }
}
