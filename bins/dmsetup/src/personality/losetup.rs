//! `dmlosetup`: losetup's arguments as a `create` or `remove` of a device with a `loop` target.
//!
//! No kernel has that target, so in practice its messages are what counts.
//!
//! # Source
//!
//! `_process_losetup_switches` in lvm2's `libdm/dm-tools/dmsetup.c`, by running 1.02.185 as `dmlosetup`.

use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use dm_cli::argv::{Argv, Opt, Order};
use dm_cli::exit::Failure;
use dm_cli::number;
use dm_core::units::Bytes;

use crate::options::{Id, Options};
use crate::personality::{Invocation, base_name};

/// losetup's letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Letter {
    All,
    Delete,
    Encryption,
    Find,
    Offset,
    Verbose,
}

static LETTERS: &[Opt<Letter>] = &[
    Opt::switch(Letter::All, "a", "", "Show all."),
    Opt::switch(Letter::Delete, "d", "", "Remove the device."),
    Opt::switch(Letter::Encryption, "e", "", "Encrypt.").takes("encryption"),
    Opt::switch(Letter::Find, "f", "", "Find a free device."),
    Opt::switch(Letter::Offset, "o", "", "Where in the file to begin, in bytes.").takes("offset"),
    Opt::switch(Letter::Verbose, "v", "", "Say more."),
];

/// The arguments as `dmsetup` would have had them. What is to be said though nothing failed goes to `remarks`.
///
/// # Errors
///
/// They are none; the text is the original's.
pub(super) fn parse(
    program: &[u8],
    args: &[Vec<u8>],
    order: Order,
    remarks: &mut Vec<String>,
) -> Result<Invocation, Failure> {
    let mut line = Line {
        name: String::from_utf8_lossy(base_name(program)).into_owned(),
        letters: Vec::new(),
        offset: 0,
        options: Options::default(),
    };
    let mut found = Argv::new(LETTERS, order, args);
    for option in found.by_ref() {
        let option = option.map_err(|error| Failure::line(error.text(program)))?;
        if let (Letter::Offset, Some(value)) = (option.id, option.value) {
            line.offset = u64::try_from(number::atoi(value)).unwrap_or(0);
        }
        line.letters.push(option.id);
    }
    let operands = line.operands(&found.operands(), remarks)?;
    Ok(Invocation { options: line.options, operands })
}

/// A line of losetup's, its letters read.
struct Line {
    name: String,
    letters: Vec<Letter>,
    offset: u64,
    options: Options,
}

impl Line {
    fn has(&self, letter: Letter) -> bool {
        self.letters.contains(&letter)
    }

    /// The command and its arguments.
    fn operands(
        &mut self,
        operands: &[&[u8]],
        remarks: &mut Vec<String>,
    ) -> Result<Vec<Vec<u8>>, Failure> {
        let sorry = |line: &Self, what| {
            format!("{}: Sorry, {what} is not yet implemented in this version.", line.name)
        };
        if self.has(Letter::Encryption) {
            return Err(Failure::line(sorry(self, "cryptoloop")));
        }
        if self.has(Letter::All) {
            return Err(Failure::line(sorry(self, "show all")));
        }
        if self.has(Letter::Find) {
            let find = sorry(self, "find");
            if operands.is_empty() {
                return Err(Failure::line(find));
            }
            remarks.push(find);
        }
        if self.has(Letter::Verbose) {
            self.options.set(Id::Verbose);
        }
        self.plan(operands, remarks)
    }

    fn plan(
        &mut self,
        operands: &[&[u8]],
        remarks: &mut Vec<String>,
    ) -> Result<Vec<Vec<u8>>, Failure> {
        let Some(device) = operands.first() else {
            return Err(self.usage("Please specify loop_device.", b""));
        };
        let device = parse_device(device)
            .ok_or_else(|| self.usage("Could not parse loop_device ", device))?;
        if self.has(Letter::Delete) {
            return Ok(vec![b"remove".to_vec(), device]);
        }
        let [_, file] = operands else {
            return Err(self.usage("Too few arguments.", b""));
        };
        let path = fs::canonicalize(OsStr::from_bytes(file))
            .map_err(|_| self.usage("Could not parse loop file name ", &[*file, b"."].concat()))?;
        let table = self.table(&path, remarks).ok_or_else(|| {
            let before = b"Could not build device-mapper table for ";
            Failure::line([&before[..], operands[0]].concat())
        })?;
        self.options.set_table(table);
        Ok(vec![b"create".to_vec(), device])
    }

    /// One line of `loop` for the file; read-only where it cannot be written.
    fn table(&mut self, path: &Path, remarks: &mut Vec<String>) -> Option<Vec<u8>> {
        let file = OpenOptions::new().read(true).write(true).open(path).or_else(|_| {
            self.options.set(Id::ReadOnly);
            fs::File::open(path)
        });
        let mut size = file.and_then(|file| file.metadata()).ok()?.len();
        if self.offset > 0 {
            size = size.checked_sub(self.offset)?;
        }
        let sectors = Bytes::new(size).whole_sectors();
        if self.has(Letter::Verbose) {
            let kib = sectors.get() / 2;
            let said = format!("losetup: set loop size to {kib}kB ({sectors} sectors).");
            remarks.push(said);
        }
        let (start, end) = (format!("0 {sectors} loop "), format!(" {}", self.offset));
        let path = path.as_os_str().as_bytes();
        Some([start.as_bytes(), path, end.as_bytes()].concat())
    }

    fn usage(&self, why: &str, what: &[u8]) -> Failure {
        let name = &self.name;
        Failure::line([name.as_bytes(), b": ", why.as_bytes(), what].concat())
            .and("Usage:")
            .and("")
            .and(format!("{name} [-d|-a] [-e encryption] [-o offset] [-f|loop_device] [file]"))
            .and("")
    }
}

/// A device's name: the last part of a path into the device folder, or a word that begins with `loop`.
fn parse_device(text: &[u8]) -> Option<Vec<u8>> {
    if text.starts_with(b"loop") {
        return Some(text.to_vec());
    }
    let path = Path::new(OsStr::from_bytes(text));
    if path.is_relative() {
        return None;
    }
    let dev = std::env::var_os("DM_DEV_DIR").filter(|dev| !dev.is_empty());
    let dev = dev.unwrap_or_else(|| "/dev".into());
    let real = fs::canonicalize(path).ok()?;
    real.starts_with(dev).then(|| real.file_name().map(|name| name.as_bytes().to_vec()))?
}
