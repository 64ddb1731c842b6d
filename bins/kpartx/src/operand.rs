//! What the command line names: a disk, what its maps are called, and what their tables call it.
//!
//! | named | base of the names | parent of the uuids | in table lines |
//! |---|---|---|---|
//! | a mapped device, by any path | its name | its uuid, else as below | its number |
//! | any other block device | the last part of the path | `devnode_<major>:<minor>_Wh5pYvM` | its number |
//! | a file that a loop device has | `loop<N>` | as of that device | its number |
//! | any other file, on the engine | `loop<N>`, or the file's name for an ordinary user | `file_<major>:<minor>_<inode>_Wh5pYvM` | its path |
//!
//! A file's maps on the engine are found by where its data is, whatever it is called meanwhile. `<N>` is the lowest
//! number that neither a loop device with a file nor any map's name has: what the original would be given.

use std::fs::{self, Metadata};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use dm_core::devno::DevNo;
use dm_core::mangle;
use dm_core::words;

use crate::maps::Map;

/// What ends every uuid that was made up. It is the original's, and must never change.
///
/// # Source
///
/// `UUID_PREFIX` and `create_uuid` in multipath-tools' `kpartx/devmapper.c`.
const SUFFIX: &str = "_Wh5pYvM";

/// What table lines name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leg {
    /// A block device.
    Number(DevNo),
    /// A file, by its whole path.
    File(PathBuf),
}

impl Leg {
    /// It as the kernel sees it, once a table's arguments are split.
    pub fn plain(&self) -> Vec<u8> {
        match self {
            Self::Number(dev) => dev.to_string().into_bytes(),
            Self::File(path) => path.as_os_str().as_bytes().to_vec(),
        }
    }

    /// It as the first word of a table's arguments.
    pub fn word(&self) -> Vec<u8> {
        words::one_word(&self.plain())
    }

    /// It as one word for scripts, which split at blanks: a path's blanks are in octal, as in `/proc/mounts`.
    pub fn shown(&self) -> Vec<u8> {
        let mut shown = Vec::new();
        for byte in self.plain() {
            match byte {
                b'\\' | b' ' | b'\t'..=b'\r' => shown.extend(format!("\\{byte:03o}").bytes()),
                _ => shown.push(byte),
            }
        }
        shown
    }

    /// Whether a table's argument, unescaped, names it.
    pub fn is(&self, word: &[u8]) -> bool {
        self.plain() == word
    }
}

/// A disk whose partitions are mapped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whole {
    /// Where it is opened.
    pub path: PathBuf,
    /// What a listing calls it.
    pub shown: Vec<u8>,
    /// What maps' names begin with.
    pub base: Vec<u8>,
    /// What maps' uuids end with; none where they do not count.
    pub parent: Option<Vec<u8>>,
    /// What table lines name.
    pub leg: Leg,
    /// Its own number, where it is a mapped device.
    pub mapped: Option<DevNo>,
}

/// What lies at a path.
#[derive(Debug)]
pub enum Kind {
    /// A block device.
    Block(DevNo),
    /// A regular file.
    File(Metadata),
    /// Anything else.
    Other,
}

/// What lies at `path`, links followed; none where `stat(2)` fails.
pub fn kind(path: &Path) -> Option<Kind> {
    let meta = fs::metadata(path).ok()?;
    Some(if meta.file_type().is_block_device() {
        Kind::Block(DevNo::from_libc(meta.rdev()))
    } else if meta.is_file() {
        Kind::File(meta)
    } else {
        Kind::Other
    })
}

/// The uuid of a disk that has none.
pub fn made_up(dev: DevNo) -> Vec<u8> {
    format!("devnode_{dev}{SUFFIX}").into_bytes()
}

/// The same of a file.
pub fn made_up_for_file(meta: &Metadata) -> Vec<u8> {
    let dev = DevNo::from_libc(meta.dev());
    format!("file_{dev}_{}{SUFFIX}", meta.ino()).into_bytes()
}

/// Whether the disk has no uuid of its own.
pub fn is_made_up(whole: &Whole) -> bool {
    let made_up = |parent: &Vec<u8>| {
        (parent.starts_with(b"devnode_") || parent.starts_with(b"file_"))
            && parent.ends_with(SUFFIX.as_bytes())
    };
    whole.parent.as_ref().is_some_and(made_up)
}

/// The block device at `path`, which is no mapped device.
pub fn block(path: &Path, dev: DevNo) -> Whole {
    Whole {
        path: path.to_owned(),
        shown: path.as_os_str().as_bytes().to_vec(),
        base: last_part(path),
        parent: Some(made_up(dev)),
        leg: Leg::Number(dev),
        mapped: None,
    }
}

/// The mapped device at `path`, by its name and uuid as they are shown.
pub fn mapped(path: &Path, map: (Vec<u8>, Vec<u8>), dev: DevNo) -> Whole {
    let (name, uuid) = map;
    let parent = if uuid.is_empty() { made_up(dev) } else { uuid };
    Whole { base: name, parent: Some(parent), mapped: Some(dev), ..block(path, dev) }
}

/// The file at `path`, by the names of what is mapped. Root's is called as if it had a loop device, one that is none of
/// the `attached`; there are none of them for anybody else's.
pub fn file(
    path: &Path,
    meta: &Metadata,
    maps: &[Map],
    attached: Option<&[(u32, PathBuf)]>,
) -> Whole {
    let parent = made_up_for_file(meta);
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let (base, shown) = if let Some(attached) = attached {
        let attached: Vec<u32> = attached.iter().map(|(number, _)| *number).collect();
        let base = format!("loop{}", loop_number(&parent, maps, &attached));
        let shown = format!("/dev/{base}");
        (base.into_bytes(), shown.into_bytes())
    } else {
        (plain(&last_part(path)), path.as_os_str().as_bytes().to_vec())
    };
    Whole {
        path: path.to_owned(),
        shown,
        base,
        parent: Some(parent),
        leg: Leg::File(real),
        mapped: None,
    }
}

/// The number that a file's maps are called by: the one that they have, else the lowest that is free.
fn loop_number(parent: &[u8], maps: &[Map], attached: &[u32]) -> u32 {
    let mut own = maps.iter().filter(|map| map.is_part_of(parent));
    if let Some(number) = own.find_map(|map| number_in(&map.name)) {
        return number;
    }
    let taken = |number| {
        attached.contains(&number) || maps.iter().any(|map| number_in(&map.name) == Some(number))
    };
    (0..u32::MAX).find(|number| !taken(*number)).unwrap_or(u32::MAX)
}

/// The `N` of a name that begins with `loopN`.
fn number_in(name: &[u8]) -> Option<u32> {
    let rest = name.strip_prefix(b"loop")?;
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(rest.get(..digits)?).ok()?.parse().ok()
}

fn last_part(path: &Path) -> Vec<u8> {
    let bytes = path.as_os_str().as_bytes();
    bytes.rsplit(|&byte| byte == b'/').next().unwrap_or(bytes).to_vec()
}

/// A name that is one word, and is the same wherever it is shown.
fn plain(name: &[u8]) -> Vec<u8> {
    name.iter().map(|&byte| if mangle::is_plain(byte) { byte } else { b'_' }).collect()
}

/// What slice `number` is called.
///
/// # Source
///
/// kpartx 0.9.4: `set_delimiter`.
pub fn plain_name(base: &[u8], delimiter: Option<&[u8]>, number: u16) -> Vec<u8> {
    let ends_in_digit = base.last().is_some_and(u8::is_ascii_digit);
    let delimiter = delimiter.unwrap_or(if ends_in_digit { b"p" } else { b"" });
    [base, delimiter, number.to_string().as_bytes()].concat()
}

/// The name of its map.
///
/// # Source
///
/// kpartx 0.9.4: `format_partname` with `strchop`'s slashes.
pub fn map_name(base: &[u8], delimiter: Option<&[u8]>, number: u16) -> Vec<u8> {
    let mut name = plain_name(base, delimiter, number);
    // A leading one stays.
    name.iter_mut().skip(1).filter(|byte| **byte == b'/').for_each(|byte| *byte = b'!');
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_ends_in_a_digit_gets_a_p() {
        assert_eq!(map_name(b"loop0", None, 1), b"loop0p1");
        assert_eq!(map_name(b"sda", None, 12), b"sda12");
        assert_eq!(map_name(b"loop0", Some(b""), 1), b"loop01");
        assert_eq!(map_name(b"loop0", Some(b"/"), 1), b"loop0!1");
        assert_eq!(plain_name(b"loop0", Some(b"/"), 1), b"loop0/1");
    }

    #[test]
    fn a_file_keeps_its_number_and_a_new_one_gets_the_lowest() {
        let map = |name: &[u8], uuid: &[u8]| Map {
            name: name.into(),
            uuid: uuid.into(),
            ..Map::default()
        };
        let maps = [map(b"loop3-x1", b"part1-mine"), map(b"loop1p1", b""), map(b"loop", b"")];
        assert_eq!(loop_number(b"mine", &maps, &[0]), 3);
        assert_eq!(loop_number(b"other", &maps, &[0]), 2);
        assert_eq!(loop_number(b"other", &[], &[]), 0);
    }

    #[test]
    fn a_path_is_one_word_for_scripts_and_for_the_table() {
        let leg = Leg::File("/a b\\c".into());
        assert_eq!(leg.shown(), br"/a\040b\134c");
        assert_eq!(words::split(&leg.word()), [br"/a b\c".to_vec()]);
        assert_eq!(plain("my disk\u{e9}.img".as_bytes()), b"my_disk__.img");
    }
}
