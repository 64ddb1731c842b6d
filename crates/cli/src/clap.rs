//! A [`clap::Command`] of a tool's own tables, for completions and man pages.
//!
//! No tool parses its arguments with it: the originals' getopt is [`crate::argv`].

use clap::{Arg, ArgAction, Command};

use crate::argv::Opt;

/// A tool as completions and the manual see it.
#[derive(Debug)]
pub struct Tool<I: 'static> {
    /// Its name.
    pub name: &'static str,
    /// What it is, in a few words.
    pub about: &'static str,
    /// Its options.
    pub options: &'static [Opt<I>],
    /// Its commands: name, and what follows it in the usage text.
    pub commands: Vec<(&'static str, &'static str)>,
}

impl<I> Tool<I> {
    /// The tool as a [`clap::Command`].
    pub fn command(&self) -> Command {
        let mut command = Command::new(self.name)
            .about(self.about)
            .disable_help_flag(true)
            .disable_help_subcommand(true)
            .disable_version_flag(true)
            .args(self.options.iter().map(argument));
        for &(name, after) in &self.commands {
            // The usage text has a command twice where it has two forms.
            if command.find_subcommand(name).is_none() {
                let usage = unwrapped(name, after);
                let operands = Arg::new("operands").num_args(0..).value_name("OPERAND");
                command = command.subcommand(
                    Command::new(name).about(usage).disable_help_flag(true).arg(operands),
                );
            }
        }
        command
    }
}

fn argument<I>(row: &'static Opt<I>) -> Arg {
    let action = if row.value.is_some() { ArgAction::Append } else { ArgAction::Count };
    let id = if row.long.is_empty() { row.short } else { row.long };
    let mut arg = Arg::new(id).action(action).help(row.help).global(true);
    if !row.long.is_empty() {
        arg = arg.long(row.long);
    }
    let mut letters = row.short.chars();
    if let Some(letter) = letters.next() {
        arg = arg.short(letter);
    }
    arg = arg.visible_short_aliases(letters.collect::<Vec<_>>());
    match row.value {
        Some(value) => arg.value_name(value),
        None => arg,
    }
}

/// A usage line without its breaks.
fn unwrapped(name: &str, after: &str) -> String {
    let words = after.split_whitespace();
    [name].into_iter().chain(words).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    static OPTIONS: &[Opt<u8>] = &[
        Opt::switch(0, "cC", "columns", "Show columns."),
        Opt::switch(1, "o", "options", "Which.").takes("fields"),
    ];

    #[test]
    fn every_row_is_in_the_command() {
        let commands = vec![("ls", "[-o <x>]\n\t    [--tree]"), ("ls", "again"), ("targets", "")];
        let tool = Tool { name: "tool", about: "A tool.", options: OPTIONS, commands };
        let command = tool.command();
        command.clone().debug_assert();
        let names: Vec<_> = command.get_subcommands().map(Command::get_name).collect();
        assert_eq!(names, ["ls", "targets"]);
        let about = command.find_subcommand("ls").unwrap().get_about().unwrap().to_string();
        assert_eq!(about, "ls [-o <x>] [--tree]");
    }
}
