//! The command line as typed, and what its values mean.

mod table;

use std::time::Duration;

use dm_cli::argv::{Argv, Order};
use dm_cli::exit::Failure;
use dm_cli::number;
use dm_cli::session::devices::ReadAhead;
use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::mangle::Mangling;
use dm_sys::nodes::Owner;

pub use table::{Id, OPTIONS};

/// When the node of a device is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AddNode {
    /// When it is first resumed.
    #[default]
    OnResume,
    /// When it is created.
    OnCreate,
}

/// How often a command is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cycles {
    /// So often.
    Times(u32),
    /// Until it fails or is stopped.
    Endless,
}

impl Default for Cycles {
    fn default() -> Self {
        Self::Times(1)
    }
}

/// What the options say.
#[derive(Clone, Debug, Default)]
pub struct Options {
    given: Vec<(Id, Option<Vec<u8>>)>,
    /// `-j` and `-m`: the device's number; none for a negative minor.
    pub dev: Option<DevNo>,
    /// `-U`, `-G`, `-M`: owner and permissions of the node.
    pub owner: Owner,
    /// `--readahead`.
    pub read_ahead: ReadAhead,
    /// `--addnodeoncreate`, `--addnodeonresume`.
    pub add_node: AddNode,
    /// `--manglename`.
    pub mangling: Option<Mangling>,
    /// `--udevcookie`, if it is one.
    pub cookie: Option<u32>,
    /// `--count` and `--interval`: how often.
    pub cycles: Cycles,
}

impl Options {
    /// Whether an option was given.
    pub fn has(&self, id: Id) -> bool {
        self.given.iter().any(|(given, _)| *given == id)
    }

    /// How often an option was given.
    pub fn times(&self, id: Id) -> usize {
        self.given.iter().filter(|(given, _)| *given == id).count()
    }

    /// The argument of an option; of several, the last.
    pub fn value(&self, id: Id) -> Option<&[u8]> {
        let given = self.given.iter().rev().find(|(given, _)| *given == id);
        given.and_then(|(_, value)| value.as_deref())
    }

    /// The options that are flags of every request about a device.
    pub fn flags(&self) -> Flags {
        let rows = [
            (Id::NoFlush, Flags::NOFLUSH),
            (Id::NoLockFs, Flags::SKIP_LOCKFS),
            (Id::NoOpenCount, Flags::SKIP_BDGET),
            (Id::Inactive, Flags::QUERY_INACTIVE_TABLE),
        ];
        rows.into_iter().filter(|(id, _)| self.has(*id)).map(|(_, flag)| flag).collect()
    }

    /// `--interval`: how long to wait between two cycles that have no end.
    pub fn interval(&self) -> Duration {
        let seconds = self.value(Id::Interval).map_or(1, number::atoi);
        Duration::from_secs(u64::try_from(seconds).unwrap_or(1))
    }

    /// Whether long information is wanted.
    pub fn is_verbose(&self) -> bool {
        self.has(Id::Verbose)
    }

    /// [`Options::flags`] for a command that shows who has the device open only when it is verbose: otherwise
    /// nobody need count them.
    pub fn flags_without_openers(&self) -> Flags {
        let unseen = if self.is_verbose() { Flags::empty() } else { Flags::SKIP_BDGET };
        self.flags() | unseen
    }

    /// Whether the device is named by an option rather than an argument.
    pub fn names_device(&self) -> bool {
        self.has(Id::Uuid) || self.has(Id::Major)
    }

    /// `program`'s arguments as options and operands. What is to be said though nothing failed goes to
    /// `remarks`.
    ///
    /// # Errors
    ///
    /// getopt's text, or the original's for a value that is none.
    pub fn parse(
        program: &[u8],
        args: &[Vec<u8>],
        order: Order,
        remarks: &mut Vec<String>,
    ) -> Result<(Self, Vec<Vec<u8>>), Failure> {
        let mut options = Self::default();
        let mut found = Argv::new(OPTIONS, order, args);
        for option in found.by_ref() {
            let option = option.map_err(|error| Failure::line(error.text(program)))?;
            if let Some(value) = option.value {
                options.take(option.id, value, remarks)?;
            }
            options.given.push((option.id, option.value.map(<[u8]>::to_vec)));
        }
        options.conclude()?;
        let operands = found.operands().into_iter().map(<[u8]>::to_vec).collect();
        Ok((options, operands))
    }

    /// Takes in the value of an option, in the order typed: the first that is none ends all.
    fn take(&mut self, id: Id, value: &[u8], remarks: &mut Vec<String>) -> Result<(), Failure> {
        match id {
            Id::Count if number::atoi(value) < 0 => {
                return Err(Failure::line("Count must be zero or greater."));
            }
            Id::Interval if number::atoi(value) <= 0 => {
                return Err(Failure::line("Interval must be a positive integer."));
            }
            Id::MangleName => {
                let mode = Mangling::from_word(value);
                self.mangling =
                    Some(mode.ok_or_else(|| Failure::line("Unknown name mangling mode."))?);
            }
            Id::Mode => self.owner.mode = mode(value)?,
            Id::Uid => self.owner.uid = number::atoi(value).cast_unsigned(),
            Id::Gid => self.owner.gid = number::atoi(value).cast_unsigned(),
            Id::ReadAhead => self.read_ahead = read_ahead(value)?,
            Id::UdevCookie => {
                self.cookie = number::cookie(value);
                if self.cookie.is_none() {
                    remarks.push("Incorrect cookie value.".to_owned());
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// What the options mean together.
    fn conclude(&mut self) -> Result<(), Failure> {
        let both = |a, b| self.has(a) && self.has(b);
        if self.has(Id::Major) != self.has(Id::Minor) {
            let text = "Please specify both major number and minor number.";
            return Err(Failure::line(text));
        }
        if both(Id::Table, Id::NoTable) {
            return Err(Failure::line("--table and --notable are incompatible."));
        }
        if both(Id::AddNodeOnResume, Id::AddNodeOnCreate) {
            let text = "--addnodeonresume and --addnodeoncreate are incompatible.";
            return Err(Failure::line(text));
        }
        if self.has(Id::AddNodeOnCreate) {
            self.add_node = AddNode::OnCreate;
        }
        self.dev = self.number();
        self.cycles = match self.value(Id::Count).map(number::atoi).map(u32::try_from) {
            Some(Ok(count @ 1..)) => Cycles::Times(count),
            Some(_) => Cycles::Endless,
            None if self.has(Id::Interval) => Cycles::Endless,
            None => Cycles::default(),
        };
        Ok(())
    }

    fn number(&self) -> Option<DevNo> {
        let major = number::atoi(self.value(Id::Major)?);
        let minor = number::atoi(self.value(Id::Minor)?);
        // A negative major is no more one than 0 is.
        let major = u32::try_from(major).unwrap_or(0);
        u32::try_from(minor).ok().map(|minor| DevNo::new(major, minor))
    }

    /// The same as if the device with this number had been asked for in columns, its name alone.
    ///
    /// # Source
    ///
    /// `devmap_name`, in `_process_switches` of lvm2's `libdm/dm-tools/dmsetup.c`.
    pub fn of_number(dev: DevNo) -> Self {
        Self {
            given: vec![(Id::Major, None), (Id::Minor, None)],
            dev: Some(dev),
            ..Self::default()
        }
    }

    /// The same with a table, as if it had been given.
    pub fn set_table(&mut self, table: Vec<u8>) {
        self.given.push((Id::Table, Some(table)));
    }

    /// The same with a switch, as if it had been given.
    pub fn set(&mut self, id: Id) {
        self.given.push((id, None));
    }
}

/// An octal mode that is not 0.
fn mode(value: &[u8]) -> Result<u32, Failure> {
    let whole = number::whole(value, 8).and_then(|mode| u32::try_from(mode).ok());
    whole.filter(|&mode| mode != 0).ok_or_else(|| {
        let overflow = number::scan(value, 8).is_some_and(|number| number.overflow);
        let why = if overflow { Errno::ERANGE.to_string() } else { String::new() };
        let text = [b"Invalid argument for --mode: ", value, b". ", why.as_bytes()].concat();
        Failure::line(text)
    })
}

/// `auto`, `none`, or sectors, of which a `+` makes the least.
fn read_ahead(value: &[u8]) -> Result<ReadAhead, Failure> {
    if value.eq_ignore_ascii_case(b"auto") {
        return Ok(ReadAhead::Auto);
    }
    if value.eq_ignore_ascii_case(b"none") {
        return Ok(ReadAhead::Sectors(0));
    }
    let text = value.trim_ascii_start();
    let sectors = number::atoi(text);
    match u64::try_from(sectors) {
        Ok(sectors) if text.starts_with(b"+") => Ok(ReadAhead::AtLeast(sectors)),
        Ok(sectors) => Ok(ReadAhead::Sectors(sectors)),
        Err(_) if sectors == -1 => Ok(ReadAhead::Auto),
        Err(_) => {
            Err(Failure::line(format!("Negative read ahead value ({sectors}) is not understood.")))
        }
    }
}

#[cfg(test)]
mod tests;
