//! Which options go together: the original's checks, in its order and its words.
//!
//! # Source
//!
//! dmraid 1.0.0.rc16-12, by running it with every pair of options.

use dm_cli::exit::Failure;
use dm_formats::raid::{FORMATS, FormatType};

use crate::options::{Id, OPTIONS, Options, Shown, error};

/// What an option needs and bears beside it.
struct Rule {
    id: Id,
    /// One of these must be there.
    needs: &'static [Id],
    /// What else may be there, beside what it needs and [`ALWAYS`].
    bears: &'static [Id],
    /// What of [`ALWAYS`] it does not bear.
    bars: &'static [Id],
    /// Which words of `-s` may be there.
    shown: &'static [Shown],
    /// Whether there may be operands.
    operands: bool,
}

/// What any option bears: those that change only what is said, and those that the original does not have.
const ALWAYS: &[Id] = &[
    Id::Debug,
    Id::Help,
    Id::IgnoreLocking,
    Id::Verbose,
    Id::Engine,
    Id::Json,
    Id::Explain,
    Id::ReadOnly,
    Id::Degraded,
    Id::Overlay,
    Id::Serial,
    Id::Restore,
];

const EITHER: &[Shown] = &[Shown::Active, Shown::Inactive];

const fn rule(id: Id, needs: &'static [Id], bears: &'static [Id]) -> Rule {
    Rule { id, needs, bears, bars: &[], shown: &[], operands: true }
}

impl Rule {
    const fn shown(self, shown: &'static [Shown]) -> Self {
        Self { shown, ..self }
    }

    const fn bars(self, bars: &'static [Id]) -> Self {
        Self { bars, ..self }
    }

    const fn alone(self) -> Self {
        Self { operands: false, ..self }
    }
}

/// In the order in which they are looked at. `-a` and `-C` leave it to the others.
static RULES: &[Rule] = &[
    rule(
        Id::Format,
        &[Id::Activate, Id::Native, Id::RaidDevices, Id::Sets],
        &[
            Id::Columns,
            Id::Dump,
            Id::Erase,
            Id::Group,
            Id::NoPartitions,
            Id::Test,
            Id::RmPartitions,
            Id::Separator,
            Id::Media,
        ],
    )
    .shown(EITHER),
    rule(Id::PartChar, &[Id::Activate], &[Id::Format, Id::Test, Id::RmPartitions, Id::Separator]),
    rule(
        Id::NoPartitions,
        &[Id::Activate],
        &[Id::Format, Id::Test, Id::RmPartitions, Id::Separator],
    ),
    rule(Id::BlockDevices, &[], &[Id::Columns, Id::Separator]),
    rule(
        Id::Columns,
        &[Id::BlockDevices, Id::RaidDevices, Id::Sets],
        &[Id::Dump, Id::Format, Id::Group, Id::Separator],
    )
    .shown(EITHER),
    rule(Id::Dump, &[Id::RaidDevices], &[Id::Columns, Id::Format, Id::Separator]),
    rule(Id::Erase, &[Id::RaidDevices], &[Id::Columns, Id::Format, Id::Separator]),
    rule(Id::Group, &[Id::Sets], &[Id::Columns, Id::Format, Id::Separator]).shown(EITHER),
    rule(Id::Formats, &[], &[]).alone(),
    rule(Id::Media, &[], &[Id::Rebuild]),
    rule(Id::Native, &[], &[Id::Format, Id::Separator]),
    rule(Id::RaidDevices, &[], &[Id::Columns, Id::Dump, Id::Erase, Id::Format, Id::Separator]),
    rule(Id::Rebuild, &[], &[]),
    rule(Id::Sets, &[], &[Id::Columns, Id::Format, Id::Group, Id::Remove, Id::Separator])
        .shown(EITHER),
    rule(
        Id::Separator,
        &[Id::Columns, Id::Format],
        &[
            Id::Activate,
            Id::BlockDevices,
            Id::Create,
            Id::Dump,
            Id::Erase,
            Id::Group,
            Id::Formats,
            Id::Media,
            Id::Native,
            Id::NoPartitions,
            Id::PartChar,
            Id::RaidDevices,
            Id::Rebuild,
            Id::Sets,
            Id::Spare,
            Id::Test,
            Id::Version,
            Id::Remove,
            Id::RmPartitions,
        ],
    )
    .shown(EITHER),
    rule(Id::Test, &[Id::Activate], &[Id::Format, Id::NoPartitions]),
    rule(Id::Spare, &[], &[]).alone(),
    rule(Id::Version, &[], &[]).alone(),
    rule(Id::Remove, &[], &[Id::Sets, Id::Columns, Id::Format, Id::Group, Id::Separator])
        .shown(&[Shown::Inactive]),
    rule(Id::RmPartitions, &[Id::Activate], &[Id::Format, Id::NoPartitions, Id::Separator]),
    rule(
        Id::Overlay,
        &[Id::Activate],
        &[Id::Format, Id::NoPartitions, Id::PartChar, Id::RmPartitions, Id::Separator, Id::Test],
    )
    .bars(&[Id::ReadOnly, Id::Json, Id::Explain, Id::Restore]),
];

/// What stands for something to do.
const ACTIONS: &[Id] = &[
    Id::Activate,
    Id::BlockDevices,
    Id::Erase,
    Id::Formats,
    Id::Native,
    Id::RaidDevices,
    Id::Remove,
    Id::Sets,
    Id::Version,
    Id::Create,
    Id::Spare,
    Id::Rebuild,
    Id::Explain,
    Id::Restore,
];

impl Options {
    /// Whether the options go together. `-p` beside `-an` is forgotten.
    ///
    /// # Errors
    ///
    /// The first complaint that the original has.
    pub fn check(&mut self) -> Result<(), Failure> {
        if self.is_settled {
            return Ok(());
        }
        if self.activate == Some(false) {
            self.given.retain(|id| *id != Id::NoPartitions);
        }
        for rule in RULES.iter().filter(|rule| self.has(rule.id)) {
            self.check_rule(rule)?;
        }
        let says_only = |id: &Id| matches!(id, Id::Debug | Id::Verbose);
        if self.given.iter().all(says_only) {
            let text: &[u8] = if self.given.is_empty() {
                b"options missing\n"
            } else {
                b"more options needed with -d/-v"
            };
            return Err(error(text));
        }
        self.formats_wanted().map(drop)
    }

    fn check_rule(&self, rule: &Rule) -> Result<(), Failure> {
        let needed = |id: &Id| match (rule.id, id) {
            // Only an activation has partitions to remove, or disks to be written to.
            (Id::RmPartitions | Id::Overlay, Id::Activate) => self.activate == Some(true),
            _ => self.has(*id),
        };
        if !rule.needs.is_empty() && !rule.needs.iter().any(needed) {
            let letter = letter(rule.id);
            let text = b"option missing/invalid option combination with -";
            return Err(error(&[&text[..], letter.as_bytes()].concat()));
        }
        let borne = |id: &Id| {
            let ids = [rule.needs, rule.bears, ALWAYS];
            *id == rule.id || (ids.iter().any(|ids| ids.contains(id)) && !rule.bars.contains(id))
        };
        let has_word = |shown: &Shown| rule.shown.contains(shown) || rule.id == Id::Sets;
        let shown_is_borne = self.shown.iter().all(has_word);
        if !self.given.iter().all(borne) || !shown_is_borne {
            return Err(error(b"invalid option combination (-h for help)"));
        }
        if !rule.operands && !self.operands.is_empty() {
            let text = [b"no arguments allowed with -", letter(rule.id).as_bytes(), b"\n"].concat();
            return Err(error(&text));
        }
        Ok(())
    }

    /// Whether there is anything to do at all.
    pub fn has_action(&self) -> bool {
        self.given.iter().any(|id| ACTIONS.contains(id))
    }

    /// For each element of `-f`, the formats that begin so; without `-f`, all formats.
    ///
    /// # Errors
    ///
    /// No format begins so.
    pub fn formats_wanted(&self) -> Result<Vec<Vec<&'static FormatType>>, Failure> {
        let Some(list) = self.format_list() else { return Ok(vec![FORMATS.to_vec()]) };
        let mut wanted = Vec::new();
        for begin in list {
            let begins = |format: &&&FormatType| format.name.as_bytes().starts_with(begin);
            let found: Vec<_> = FORMATS.iter().filter(begins).copied().collect();
            if found.is_empty() && !b"dos".starts_with(begin) {
                return Err(error(b"invalid format for -f at (see -l)"));
            }
            wanted.push(found);
        }
        Ok(wanted)
    }
}

/// How an option is called in a complaint.
fn letter(id: Id) -> String {
    let row = OPTIONS.iter().find(|row| row.id == id);
    row.map_or_else(String::new, |row| match row.short {
        "" => format!("-{}", row.long),
        short => short.to_owned(),
    })
}
