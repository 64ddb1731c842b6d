//! What is on disks, as files: when `-D` asks for it, and before it is erased or replaced.
//!
//! They lie in a folder of the current one: `DISK.dat` has the bytes, `DISK.offset` where they were, `DISK.size` how
//! many sectors the disk has. Where there is more than one area, each has something that begins with `_` behind the
//! disk's name. `--restore` reads them.
//!
//! What `-D` writes takes the place of what it wrote before, as in the original. What is saved because it is about to
//! go takes the place of nothing: where the usual folder has something else of a disk of that name, the next one is
//! taken, whose name ends in `.1`, and so on.
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

use dm_cli::exit::Failure;
use dm_core::units::Bytes;
use dm_formats::raid::{Found, Level, Patch};

use crate::dispatch::Ctx;
use crate::host::{Disk, base_name};
use crate::options::error;
use crate::survey::Survey;

/// What becomes of files that are there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Older {
    /// They may go.
    Goes,
    /// They stay.
    Stays,
}

/// What is saved of a disk: an area, and what stands behind the disk's name.
struct Piece {
    suffix: String,
    at: Bytes,
    bytes: Vec<u8>,
}

/// Writes the metadata of all disks to files, those of formats that are not used among them; says in which folders.
pub(super) fn dump(
    ctx: &mut Ctx<'_, '_>,
    survey: &Survey,
    older: Older,
) -> Result<Vec<PathBuf>, Failure> {
    let mut folders = Vec::new();
    for (disk, readings) in survey.disks.iter().zip(&survey.readings) {
        for reading in readings {
            for found in reading.found.iter().chain(&reading.passed) {
                folders.push(put(ctx, disk, found.format.name, &pieces(found), older)?);
            }
        }
    }
    Ok(folders)
}

fn pieces(found: &Found) -> Vec<Piece> {
    let dumps = (found.format.dump)(found).into_iter();
    dumps
        .map(|dump| Piece {
            suffix: dump.suffix.to_owned(),
            at: dump.area.at,
            bytes: dump.area.bytes,
        })
        .collect()
}

/// Saves what lies where patches are to be written, and says where that is; none where there is nothing, or what is to
/// be written is there already.
pub(super) fn beneath(
    ctx: &mut Ctx<'_, '_>,
    disk: &Disk,
    patches: &[Patch],
) -> Result<Option<PathBuf>, Failure> {
    let mut pieces = Vec::new();
    let mut is_needed = false;
    for (nth, Patch { at, bytes: new }) in patches.iter().enumerate() {
        let mut bytes = vec![0; new.len()];
        disk.source.read_at(*at, &mut bytes).map_err(|why| {
            let why = format!(": {why}");
            error(&[b"reading what is to be replaced on ", &disk.path[..], why.as_bytes()].concat())
        })?;
        is_needed |= bytes != *new && bytes.iter().any(|byte| *byte != 0);
        let suffix = if patches.len() == 1 { String::new() } else { format!("_{nth}") };
        pieces.push(Piece { suffix, at: *at, bytes });
    }
    if !is_needed {
        return Ok(None);
    }
    let folder = put(ctx, disk, "saved", &pieces, Older::Stays)?;
    let shown = folder.as_os_str().as_bytes();
    ctx.voice.say(Level::Plain, &[b"Old metadata of ", &disk.path, b" saved in ", shown]);
    Ok(Some(folder))
}

/// What stands behind a disk's name in the names of its areas' files, in their order.
pub(super) fn suffixes(folder: &Path, base: &[u8]) -> io::Result<Vec<Vec<u8>>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let stem = name.as_bytes().strip_suffix(b".dat");
        let Some(suffix) = stem.and_then(|stem| stem.strip_prefix(base)) else { continue };
        // It may be the file of a disk whose name begins like this one's.
        let size = [base, suffix, b".size"].concat();
        let is_own = suffix.is_empty() || !folder.join(OsStr::from_bytes(&size)).exists();
        if is_own && (suffix.is_empty() || suffix.starts_with(b"_")) {
            all.push(suffix.to_vec());
        }
    }
    all.sort();
    Ok(all)
}

/// Writes pieces of a disk to files, and says in which folder.
fn put(
    ctx: &mut Ctx<'_, '_>,
    disk: &Disk,
    kind: &str,
    pieces: &[Piece],
    older: Older,
) -> Result<PathBuf, Failure> {
    let files = files(disk, pieces);
    let folder = folder(ctx, base_name(&disk.path), kind, &files, older);
    let place = ctx.host.folder().join(&folder);
    if !place.is_dir() {
        let shown = folder.as_os_str().as_bytes();
        ctx.voice.say(Level::Notice, &[b"creating directory ", shown]);
        let made = DirBuilder::new().mode(0o777).create(&place);
        made.map_err(|_| error(&[b"mkdir ", shown].concat()))?;
    }
    for File { name, what, bytes } in &files {
        let shown = folder.join(OsStr::from_bytes(name));
        let shown = shown.as_os_str().as_bytes();
        let what = what.as_bytes();
        ctx.voice.say(Level::Notice, &[b"writing ", what, b" to file \"", shown, b"\""]);
        write(&place.join(OsStr::from_bytes(name)), bytes).map_err(|why| {
            let why = format!("[{why}]");
            error(&[b"writing ", shown, why.as_bytes()].concat())
        })?;
    }
    Ok(folder)
}

/// A file: its name, what the original calls it, and what is to be in it.
struct File {
    name: Vec<u8>,
    what: &'static str,
    bytes: Vec<u8>,
}

fn files(disk: &Disk, pieces: &[Piece]) -> Vec<File> {
    let file = |suffix: &str, what, bytes| File {
        name: [base_name(&disk.path), suffix.as_bytes()].concat(),
        what,
        bytes,
    };
    let of_piece = |Piece { suffix, at, bytes }: &Piece| {
        let (data, offset) = (format!("{suffix}.dat"), format!("{suffix}.offset"));
        let at = format!("{at}\n").into_bytes();
        [file(&data, "metadata file", bytes.clone()), file(&offset, "offset", at)]
    };
    let size = format!("{}\n", disk.sectors()).into_bytes();
    pieces.iter().flat_map(of_piece).chain([file(".size", "size", size)]).collect()
}

/// The folder for files of the disk that is called `base`.
fn folder(ctx: &Ctx<'_, '_>, base: &[u8], kind: &str, files: &[File], older: Older) -> PathBuf {
    let usual = [base_name(ctx.program), b".", kind.as_bytes()].concat();
    let nth = |nth: u32| {
        let end = if nth == 0 { String::new() } else { format!(".{nth}") };
        PathBuf::from(OsStr::from_bytes(&[&usual[..], end.as_bytes()].concat()))
    };
    let is_free = |folder: &PathBuf| {
        older == Older::Goes || has_nothing_else(&ctx.host.folder().join(folder), base, files)
    };
    // There are not as many folders as there are numbers.
    (0..u32::MAX).map(nth).find(is_free).unwrap_or_else(|| nth(u32::MAX))
}

/// Whether the folder has nothing of the disk but these files, as they are to be.
fn has_nothing_else(folder: &Path, base: &[u8], files: &[File]) -> bool {
    let is_same = |file: &File| {
        fs::read(folder.join(OsStr::from_bytes(&file.name)))
            .map_or_else(|error| error.kind() == io::ErrorKind::NotFound, |old| old == file.bytes)
    };
    let is_one = |suffix: &Vec<u8>| {
        let name = [base, suffix, b".dat"].concat();
        files.iter().any(|file| file.name == name)
    };
    let others = match suffixes(folder, base) {
        Ok(suffixes) => suffixes.iter().any(|suffix| !is_one(suffix)),
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    };
    !others && files.iter().all(is_same)
}

/// A file that was written is there to stay: what it saves may be erased next.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, bytes: &str) -> File {
        File { name: name.into(), what: "", bytes: bytes.into() }
    }

    fn folder_of(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        folder
    }

    #[test]
    fn areas_are_known_by_what_stands_behind_the_disks_name() {
        let folder = folder_of(&[
            ("sda_anchor.dat", ""),
            ("sda.dat", ""),
            ("sda1.dat", ""),
            ("sda_b.dat", ""),
            ("sda_b.size", ""),
            ("sda.offset", ""),
        ]);
        assert_eq!(suffixes(folder.path(), b"sda").unwrap(), [&b""[..], b"_anchor"]);
    }

    #[test]
    fn a_folder_with_something_else_of_the_disk_is_not_taken() {
        let files = [file("sda.dat", "new"), file("sda.size", "8\n")];
        let is_free =
            |old: &[(&str, &str)]| has_nothing_else(folder_of(old).path(), b"sda", &files);
        assert!(is_free(&[]));
        assert!(is_free(&[("sdb.dat", "other")]));
        assert!(is_free(&[("sda.dat", "new"), ("sda.size", "8\n")]));
        assert!(!is_free(&[("sda.dat", "old")]));
        assert!(!is_free(&[("sda_1.dat", "old")]));
        assert!(has_nothing_else(Path::new("/nonexistent"), b"sda", &files));
    }
}
