//! The command line as typed: options from left to right, the first that is wrong ends it.
//!
//! # Source
//!
//! dmraid 1.0.0.rc16-12, by running it.

use dm_cli::argv::{Argv, Opt, Order};
use dm_cli::exit::Failure;

macro_rules! options {
    ($($id:ident $short:literal $long:literal $(<$value:literal>)? $([$optional:literal])? $($exact:ident)? : $help:literal,)*) => {
        /// An option.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the rows below say what each is for")]
        pub enum Id {
            $($id,)*
        }

        /// Every option: the parser, completions and the manual read it.
        pub static OPTIONS: &[Opt<Id>] = &[
            $(Opt::switch(Id::$id, $short, $long, $help)
                $(.takes($value))? $(.may_take($optional))? $(.$exact())?,)*
        ];
    };
}

options! {
    Activate "a" "activate" <"y|n">: "Activate sets, or deactivate them.",
    BlockDevices "b" "block_devices": "List the disks that are looked at.",
    Columns "c" "display_columns" ["field,..."]: "Show these columns; without a field: names, twice: all.",
    Create "C" "create" <"set">: "Create a set.",
    Debug "d" "debug": "Say what is looked for.",
    Dump "D" "dump_metadata": "With -r: write metadata to files in folders of the current one.",
    Erase "E" "erase_metadata": "With -r: erase metadata, after they have been written to files, when asked and answered y.",
    Format "f" "format" <"format,...">: "Look for these formats alone.",
    Group "g" "display_group": "With -s: show groups of sets as sets.",
    Help "h" "help": "Show how it is used.",
    IgnoreLocking "i" "ignorelocking": "Take no lock.",
    Formats "l" "list_formats": "List the formats that are known.",
    Media "M" "media" <"disk">: "The disk for -S.",
    Native "n" "native_log": "Show metadata in their own terms.",
    NoPartitions "p" "no_partitions": "With -ay: do not map partitions of sets.",
    PartChar "P" "partchar" <"text">: "With -a: what stands between a set's name that ends in a digit and a partition's number.",
    RaidDevices "r" "raid_devices": "List the disks with RAID metadata.",
    Rebuild "R" "rebuild" <"set">: "Rebuild a set, on this disk if one is named.",
    Sets "s" "sets" ["active|inactive"]: "List sets.",
    Spare "S" "spare" ["set"]: "Make the disk of -M a spare.",
    Test "t" "test": "With -a: show tables, or states, and change nothing.",
    Verbose "v" "verbose": "Say what is done; up to three times.",
    Version "V" "version": "Show versions.",
    Remove "x" "remove": "Delete the metadata of sets, when asked and answered y.",
    RmPartitions "Z" "rm_partitions": "With -ay: remove the kernel's partitions of the members.",
    Separator "" "separator" <"character">: "What stands between columns, and between formats.",
    Engine "" "engine" <"name"> exact: "Which device-mapper is to answer: kernel, ublk, fuse or file.",
    Json "" "json" exact: "With -b, -l, -r, -s or --explain: print JSON.",
    Explain "" "explain" exact: "Show all that looks like metadata on each disk, and what was made of it.",
    ReadOnly "" "read-only" exact: "With -ay: nothing can be written to the sets.",
    Degraded "" "degraded" exact: "With -ay: activate sets that lack members, as far as their level allows.",
    Overlay "" "overlay" <"folder"> exact: "With -ay: write to files in this folder, and only read the disks; -an leaves the files for the next time.",
    Serial "" "serial" <"disk=serial"> exact: "The serial number that a disk, or the disk of an image, has.",
    Restore "" "restore" <"folder"> exact: "With -r and disks: write back what -D or -E has written to this folder.",
}

/// What `-s` is to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The sets that are mapped.
    Active,
    /// The sets that are not.
    Inactive,
}

/// What the options say.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Those that were given, each as often as it was.
    pub given: Vec<Id>,
    /// `-a`: whether sets are activated rather than deactivated.
    pub activate: Option<bool>,
    /// The fields of `-c`.
    pub fields: Option<Vec<u8>>,
    /// The formats of `-f`.
    pub formats: Option<Vec<u8>>,
    /// `-P`.
    pub part_char: Option<Vec<u8>>,
    /// What `-s` was restricted to; both is nothing at all.
    pub shown: Vec<Shown>,
    /// The set of `-C`, and all that follows it.
    pub create: Option<(Vec<u8>, Vec<Vec<u8>>)>,
    /// The set of `-R`.
    pub rebuild: Option<Vec<u8>>,
    /// `-M`.
    pub media: Option<Vec<u8>>,
    /// `--separator`.
    pub separator: Option<u8>,
    /// `--engine`.
    pub engine: Option<String>,
    /// `--serial`, each as it was given.
    pub serials: Vec<Vec<u8>>,
    /// `--overlay`.
    pub overlay: Option<Vec<u8>>,
    /// `--restore`.
    pub restore: Option<Vec<u8>>,
    /// Whether the rest was not read, and how options go together is not looked at: as soon as it is known which
    /// disk is to be a spare, or which set is to be made.
    pub is_settled: bool,
    /// What is no option.
    pub operands: Vec<Vec<u8>>,
}

/// How the command line ends it.
#[derive(Debug)]
pub enum Ending {
    /// The help text was asked for.
    Help,
    /// Something is wrong.
    Failed(Failure),
}

impl Options {
    /// `program`'s arguments.
    ///
    /// # Errors
    ///
    /// [`Ending`].
    pub fn parse(program: &[u8], args: &[Vec<u8>], order: Order) -> Result<Self, Ending> {
        if args.is_empty() {
            return Err(failed(b"no arguments/options given (-h for help)\n"));
        }
        let mut options = Self::default();
        let mut found = Argv::new(OPTIONS, order, args);
        for option in found.by_ref() {
            let option =
                option.map_err(|error| Ending::Failed(Failure::line(error.text(program))))?;
            options.given.push(option.id);
            options.take(option.id, option.value)?;
            let is_spare = options.media.is_some() && options.has(Id::Spare);
            if option.id == Id::Create || (option.id == Id::Media && is_spare) {
                options.is_settled = true;
                break;
            }
        }
        let owned = |words: &[&[u8]]| words.iter().map(|word| word.to_vec()).collect();
        match &mut options.create {
            Some((_, after)) => *after = owned(&found.operands()),
            None if options.is_settled => options.operands = owned(found.operands_before()),
            None => options.operands = owned(&found.operands()),
        }
        Ok(options)
    }

    fn take(&mut self, id: Id, value: Option<&[u8]>) -> Result<(), Ending> {
        let text = value.unwrap_or_default();
        let lossy = || String::from_utf8_lossy(text).into_owned();
        match id {
            Id::Help => return Err(Ending::Help),
            Id::Activate => self.activate = Some(yes_or_no(text)?),
            Id::Sets => self.shown.extend(value.map(shown).transpose()?),
            Id::Columns => self.columns(value),
            Id::Format => self.formats = Some(self.joined(self.formats.as_deref(), text)),
            Id::PartChar => self.part_char = Some(text.to_vec()),
            Id::Separator => self.separator = Some(one_character(text)?),
            Id::Create => self.create = Some((name_of_new(text)?, Vec::new())),
            Id::Rebuild => self.rebuild = Some(text.to_vec()),
            Id::Media => self.media = Some(text.to_vec()),
            Id::Engine => self.engine = Some(lossy()),
            Id::Serial => self.serials.push(text.to_vec()),
            Id::Overlay => self.overlay = Some(folder(text)?),
            Id::Restore => self.restore = Some(text.to_vec()),
            _ => {}
        }
        Ok(())
    }

    /// Each `c` of `-cc` counts as a `-c` of its own; the fields of several lists are one list.
    fn columns(&mut self, value: Option<&[u8]>) {
        let Some(mut value) = value else { return };
        while let Some(rest) = value.strip_prefix(b"c") {
            self.given.push(Id::Columns);
            value = rest;
        }
        if !value.is_empty() {
            self.fields = Some(self.joined(self.fields.as_deref(), value));
        }
    }

    /// A list without white space and without empty elements, after one that was given before.
    fn joined(&self, before: Option<&[u8]>, list: &[u8]) -> Vec<u8> {
        let separator = self.separator();
        let all = [before.unwrap_or_default(), &[separator], list].concat();
        let mut kept: Vec<u8> = Vec::with_capacity(all.len());
        for byte in all.into_iter().filter(|byte| !byte.is_ascii_whitespace()) {
            let is_needless =
                byte == separator && kept.last().is_none_or(|last| *last == separator);
            if !is_needless {
                kept.push(byte);
            }
        }
        if kept.last() == Some(&separator) {
            kept.pop();
        }
        kept
    }

    /// What stands between the elements of a list.
    pub fn separator(&self) -> u8 {
        self.separator.unwrap_or(b',')
    }

    /// How often an option was given.
    pub fn count(&self, id: Id) -> usize {
        self.given.iter().filter(|given| **given == id).count()
    }

    /// Whether an option was given.
    pub fn has(&self, id: Id) -> bool {
        self.given.contains(&id)
    }

    /// The elements of `-c`.
    pub fn field_list(&self) -> Option<Vec<&[u8]>> {
        let separator = self.separator();
        self.fields.as_ref().map(|list| list.split(|byte| *byte == separator).collect())
    }

    /// The elements of `-f`.
    pub fn format_list(&self) -> Option<Vec<&[u8]>> {
        let separator = self.separator();
        let list = self.formats.as_ref().filter(|list| !list.is_empty());
        list.map(|list| list.split(|byte| *byte == separator).collect())
    }
}

/// An error of the original's, with its prefix.
pub fn error(text: &[u8]) -> Failure {
    Failure::line([b"ERROR: ", text].concat())
}

fn failed(text: &[u8]) -> Ending {
    Ending::Failed(error(text))
}

/// The beginning of a word, whatever its case.
fn begins(word: &str, typed: &[u8]) -> bool {
    word.as_bytes().starts_with(&typed.to_ascii_lowercase())
}

fn yes_or_no(text: &[u8]) -> Result<bool, Ending> {
    if begins("yes", text) {
        return Ok(true);
    }
    if begins("no", text) { Ok(false) } else { Err(failed(b"invalid option argument for -a")) }
}

fn shown(text: &[u8]) -> Result<Shown, Ending> {
    if begins("active", text) {
        return Ok(Shown::Active);
    }
    let inactive = begins("inactive", text).then_some(Shown::Inactive);
    inactive.ok_or_else(|| failed(b"invalid option argument for -s"))
}

fn one_character(text: &[u8]) -> Result<u8, Ending> {
    match text {
        [one] => Ok(*one),
        _ => Err(failed(&[b"invalid separator \"", text, b"\""].concat())),
    }
}

fn folder(text: &[u8]) -> Result<Vec<u8>, Ending> {
    let given = (!text.is_empty()).then(|| text.to_vec());
    given.ok_or_else(|| failed(b"invalid option argument for --overlay"))
}

fn name_of_new(text: &[u8]) -> Result<Vec<u8>, Ending> {
    match text.first() {
        None => Err(failed(b"arguments missing")),
        Some(b'-') => Err(failed(b"the raid set name is missing")),
        Some(_) => Ok(text.to_vec()),
    }
}

/// The tool, for completions and the manual.
#[cfg(feature = "clap")]
pub fn tool() -> dm_cli::clap::Tool<Id> {
    dm_cli::clap::Tool {
        name: "dmraid",
        about: "Discovers and activates the RAID sets of vendors' BIOSes",
        options: OPTIONS,
        commands: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
