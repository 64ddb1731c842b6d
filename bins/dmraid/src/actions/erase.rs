//! `-r -D` and `-r -E`: metadata written to files, and erased.
//!
//! For each disk and format a folder `DISK.FORMAT` or, in the original's manner, `dmraid.FORMAT` in the current one:
//! `DISK.dat` has the bytes, `DISK.offset` where they were, `DISK.size` how many sectors the disk has.
//!
//! # Source
//!
//! dmraid 1.0.0.rc16-12, by running it.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use dm_cli::exit::{self, Failure};
use dm_formats::raid::{Found, Level};

use super::finds;
use crate::dispatch::Ctx;
use crate::host::Disk;
use crate::options::error;
use crate::survey::Survey;

/// Writes the metadata of all disks to files, those of formats that are not used among them.
pub(super) fn dump(ctx: &mut Ctx<'_, '_>, survey: &Survey) -> Result<(), Failure> {
    (0..survey.disks.len()).try_for_each(|nth| dump_disk(ctx, survey, nth).map(drop))
}

/// Likewise those of one disk; says the folders that have them.
pub(super) fn dump_disk(
    ctx: &mut Ctx<'_, '_>,
    survey: &Survey,
    nth: usize,
) -> Result<Vec<PathBuf>, Failure> {
    let mut folders = Vec::new();
    let (Some(disk), Some(readings)) = (survey.disks.get(nth), survey.readings.get(nth)) else {
        return Ok(folders);
    };
    for reading in readings {
        for found in reading.found.iter().chain(&reading.passed) {
            folders.push(dump_one(ctx, disk, found)?);
        }
    }
    Ok(folders)
}

pub(super) fn base(path: &[u8]) -> &[u8] {
    path.rsplit(|byte| *byte == b'/').next().unwrap_or_default()
}

fn dump_one(ctx: &mut Ctx<'_, '_>, disk: &Disk, found: &Found) -> Result<PathBuf, Failure> {
    let folder = [base(ctx.program), b".", found.format.name.as_bytes()].concat();
    let folder = PathBuf::from(OsStr::from_bytes(&folder));
    let place = ctx.host.folder().join(&folder);
    if !place.is_dir() {
        let shown = folder.as_os_str().as_bytes();
        ctx.voice.say(Level::Notice, &[b"creating directory ", shown]);
        DirBuilder::new()
            .mode(0o777)
            .create(&place)
            .map_err(|_| error(&[b"mkdir ", shown].concat()))?;
    }
    let mut put = |suffix: &str, end: &str, what: &[u8], bytes: &[u8]| {
        let name = [base(&disk.path), suffix.as_bytes(), end.as_bytes()].concat();
        let name = OsStr::from_bytes(&name);
        let (path, shown) = (place.join(name), folder.join(name));
        let shown = shown.as_os_str().as_bytes();
        ctx.voice.say(Level::Notice, &[b"writing ", what, b" to file \"", shown, b"\""]);
        write(&path, bytes).map_err(|why| {
            let why = format!("[{why}]");
            error(&[b"writing ", shown, why.as_bytes()].concat())
        })
    };
    for dump in (found.format.dump)(found) {
        let offset = format!("{}\n", dump.area.at);
        put(dump.suffix, ".dat", b"metadata file", &dump.area.bytes)?;
        put(dump.suffix, ".offset", b"offset", offset.as_bytes())?;
    }
    put("", ".size", b"size", format!("{}\n", disk.sectors()).as_bytes())?;
    Ok(folder)
}

/// A file that was written is there to stay: what it saves may be erased next.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
}

/// `-E`.
pub(super) fn run(ctx: &mut Ctx<'_, '_>) -> Result<u8, Failure> {
    let survey = Survey::take(ctx)?;
    let finds = finds(ctx, &survey)?;
    dump(ctx, &survey)?;
    let mut code = exit::SUCCESS;
    for find in finds {
        let format = find.found.format.name.as_bytes();
        let path = &find.disk.path[..];
        let question: [&[u8]; 5] = [
            b"Do you really want to erase \"",
            format,
            b"\" ondisk metadata on ",
            path,
            b" ? [y/n] :",
        ];
        if !ask(ctx, &question.concat()) {
            continue;
        }
        ctx.voice.say(Level::Notice, &[b"Erasing metadata on ", path]);
        let patches = (find.found.format.erase)(find.found);
        if let Err(why) = ctx.host.write(find.disk, &patches) {
            let why = format!(": {why}");
            ctx.voice.say(Level::Error, &[b"writing metadata to ", path, why.as_bytes()]);
            ctx.voice.say(Level::Error, &[b"erasing ondisk metadata on ", path]);
            code = exit::FAILURE;
        }
    }
    Ok(code)
}

/// Asks until the answer begins with y or n; nobody's answer is no.
pub(super) fn ask(ctx: &mut Ctx<'_, '_>, question: &[u8]) -> bool {
    loop {
        ctx.voice.out.print(question);
        ctx.voice.flush();
        let mut line = Vec::new();
        match ctx.input.0.read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return false,
            Ok(_) => {}
        }
        match line.iter().find(|byte| matches!(byte, b'y' | b'Y' | b'n' | b'N')) {
            Some(b'y' | b'Y') => return true,
            Some(_) => return false,
            None => {}
        }
    }
}
