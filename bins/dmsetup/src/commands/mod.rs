//! The subcommands: a file for each, or for each family, and a row here, in the order of the usage text.

mod clear;
mod cookies;
mod create;
mod deps;
pub mod devmap_name;
mod help;
pub mod info;
mod load;
mod ls;
mod mangle;
mod message;
mod mknodes;
mod remove;
mod remove_all;
mod rename;
mod resume;
mod setgeometry;
mod splitname;
pub mod stats;
mod suspend;
mod table;
mod targets;
mod udev;
mod version;
mod wait;
mod wipe_table;

use std::ops::RangeInclusive;

use dm_cli::exit::Failure;

use crate::ctx::Ctx;

/// The arguments after the command's word.
pub type Operands = [Vec<u8>];

/// How a command deals with several arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// It is run once, with all.
    Once,
    /// It is run for each; the first failure ends it.
    Each,
    /// Likewise, and `-S` chooses devices for it.
    EachSelectable,
}

/// A row of the table of commands.
#[derive(Clone, Debug)]
pub struct Command {
    /// The word.
    pub name: &'static str,
    /// What follows it in the usage text, a line for each form.
    pub usage: &'static [&'static str],
    /// How many arguments it takes.
    pub operands: RangeInclusive<usize>,
    /// How it deals with several.
    pub repeat: Repeat,
    /// Does it.
    pub run: fn(&mut Ctx<'_, '_>, &Operands) -> Result<(), Failure>,
}

/// As many arguments as one likes.
const ANY: usize = usize::MAX;

/// Every command, in the order of the usage text.
pub static COMMANDS: &[&Command] = &[
    &help::COMMAND,
    &create::COMMAND,
    &remove::COMMAND,
    &remove_all::COMMAND,
    &suspend::COMMAND,
    &resume::COMMAND,
    &load::LOAD,
    &clear::COMMAND,
    &load::RELOAD,
    &wipe_table::COMMAND,
    &rename::COMMAND,
    &table::MEASURE,
    &message::COMMAND,
    &ls::COMMAND,
    &info::COMMAND,
    &deps::COMMAND,
    &stats::COMMAND,
    &table::STATUS,
    &table::TABLE,
    &wait::COMMAND,
    &mknodes::COMMAND,
    &mangle::COMMAND,
    &udev::CREATE_COOKIE,
    &udev::RELEASE_COOKIE,
    &udev::FLAGS,
    &udev::COMPLETE,
    &cookies::COMPLETE_ALL,
    &cookies::LIST,
    &targets::TARGET_VERSION,
    &targets::TARGETS,
    &version::COMMAND,
    &setgeometry::COMMAND,
    &splitname::COMMAND,
];

/// The command of this name.
pub fn find(name: &[u8]) -> Option<&'static Command> {
    COMMANDS.iter().copied().find(|command| command.name.as_bytes() == name)
}

/// What is not built yet says so, rather than answer wrongly.
pub(crate) fn not_built(what: &str) -> Failure {
    Failure::line(format!("dmsetup: {what} is not part of this version yet."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_found_by_its_own_name_and_no_other() {
        for command in COMMANDS {
            assert_eq!(find(command.name.as_bytes()).unwrap().name, command.name);
        }
        assert!(find(b"INFO").is_none());
        assert!(find(b"inf").is_none());
    }
}
