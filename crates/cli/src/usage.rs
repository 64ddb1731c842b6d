//! The originals' usage text, made of a tool's rows.

use std::fmt;

/// A usage text: the options first, then a line for each command, then notes.
#[derive(Clone, Debug)]
pub struct Usage<'a> {
    /// What the tool is called here.
    pub program: &'a str,
    /// The block of options, lines ending in newlines.
    pub options: &'a str,
    /// The commands' names and what follows them, in the order printed.
    pub commands: Vec<(&'a str, &'a str)>,
    /// What follows the commands, lines ending in newlines.
    pub notes: &'a str,
}

impl fmt::Display for Usage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Usage:\n\n{}\n{}\n", self.program, self.options)?;
        for (name, after) in &self.commands {
            writeln!(f, "\t{name} {after}")?;
        }
        writeln!(f, "\n{}", self.notes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_without_arguments_keeps_the_blank() {
        let usage = Usage {
            program: "tool",
            options: "        [-h]\n",
            commands: vec![("ls", "[-o]"), ("version", "")],
            notes: "Notes.\n",
        };
        assert_eq!(
            usage.to_string(),
            "Usage:\n\ntool\n        [-h]\n\n\tls [-o]\n\tversion \n\nNotes.\n\n"
        );
    }
}
