//! Differences on purpose, from `divergences.toml`.
use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::Path;

use dm_testkit::transcript::Output;
use dm_testkit::transcript::compare::Difference;
use serde::Deserialize;

use crate::cell::{Answers, Cell, Tool};

/// The file's rows, and which of them were seen to differ.
#[derive(Debug)]
pub struct Divergences {
    rows: Vec<Row>,
}

/// A command that answers otherwise on purpose.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The session, as a path below `transcripts/` without `.txt`.
    transcript: String,
    command: String,
    /// What is recorded, as it stands in the session.
    theirs: String,
    /// What ours prints instead, in the same form.
    ours: String,
    /// The reason, for people; it must be there.
    why: String,
    /// Whose doing it is.
    #[serde(default)]
    of: Of,
}

/// What is different.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Of {
    /// The tool, on either device-mapper.
    #[default]
    Tool,
    /// The engine, under either tool.
    Engine,
    /// Our tool on our engine only.
    Both,
    /// The engine on real disks and nodes, over ublk.
    Ublk,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    divergence: Vec<Row>,
}

impl Divergences {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// It cannot be read, is no such file, or has a row without a reason.
    pub fn read(file: &Path) -> Result<Self, Box<dyn Error>> {
        Self::parse(&fs::read_to_string(file)?)
    }

    fn parse(text: &str) -> Result<Self, Box<dyn Error>> {
        let rows = toml::from_str::<File>(text)?.divergence;
        match rows.iter().find(|row| row.why.trim().is_empty()) {
            Some(row) => Err(format!("{}: a divergence without a reason", row.transcript).into()),
            None => Ok(Self { rows }),
        }
    }

    /// Splits a session's differences into those that are not listed, and rows that no longer differ.
    pub fn sort<'a>(
        &'a self,
        cell: Cell,
        session: &Path,
        differences: Vec<Difference>,
    ) -> (Vec<Difference>, Vec<&'a Row>) {
        let name = session.with_extension("");
        let rows = self.rows.iter().filter(|row| Path::new(&row.transcript) == name);
        let rows: Vec<&Row> = rows.filter(|row| row.applies(cell)).collect();
        let mut used = BTreeSet::new();
        let unlisted = differences.into_iter().filter(|difference| {
            let listed = rows.iter().position(|row| row.allows(difference));
            used.extend(listed);
            listed.is_none()
        });
        let unlisted = unlisted.collect();
        let unused = rows.iter().enumerate().filter(|(index, _)| !used.contains(index));
        (unlisted, unused.map(|(_, row)| *row).collect())
    }
}

impl Row {
    /// The line that a row which no longer differs is reported with.
    pub fn describe(&self) -> String {
        format!("listed in divergences.toml, but differs no more: $ {}", self.command)
    }

    fn applies(&self, cell: Cell) -> bool {
        match self.of {
            Of::Tool => cell.tool == Tool::Ours,
            Of::Engine => cell.answers != Answers::Kernel,
            Of::Both => cell.tool == Tool::Ours && cell.answers != Answers::Kernel,
            Of::Ublk => cell.answers == Answers::Ublk,
        }
    }

    fn allows(&self, difference: &Difference) -> bool {
        let text = |output: &Option<Output>| {
            let mut bytes = Vec::new();
            if let Some(output) = output {
                output.print(&mut bytes);
            }
            String::from_utf8_lossy(&bytes).trim_end().to_owned()
        };
        self.command == difference.command
            && self.theirs.trim_end() == text(&difference.recorded)
            && self.ours.trim_end() == text(&difference.played)
    }
}

#[cfg(test)]
mod tests {
    use dm_testkit::purpose;
    use dm_testkit::transcript::Transcript;
    use dm_testkit::transcript::compare::differences;

    use super::*;

    const OURS: Cell = Cell { tool: Tool::Ours, answers: Answers::Kernel };
    const ORIGINAL: Cell = Cell { tool: Tool::Original, answers: Answers::Kernel };

    fn listed(of: &str) -> Divergences {
        let row = format!(
            "[[divergence]]\ntranscript = 'dmsetup/ls'\ncommand = 'dmsetup ls'\n\
             theirs = \"\"\"\n! old\n? 1\n\"\"\"\nours = \"\"\"\n? 0\n\"\"\"\nwhy = 'it hangs'\nof = '{of}'\n"
        );
        Divergences::parse(&row).unwrap()
    }

    /// How many differences are left, and how many rows were of no use, where the original said `! old`.
    fn sorted(listed: &Divergences, cell: Cell, played: &str) -> (usize, usize) {
        let session =
            |output: &str| Transcript::parse(format!("$ dmsetup ls\n{output}").as_bytes()).unwrap();
        let found = differences(&session("! old\n? 1\n"), &session(played));
        let (unlisted, unused) = listed.sort(cell, Path::new("dmsetup/ls.txt"), found);
        (unlisted.len(), unused.len())
    }

    #[test]
    fn a_listed_difference_is_let_through_and_must_be_there() {
        assert_eq!(sorted(&listed("tool"), OURS, "? 0\n"), (0, 0));
        assert_eq!(sorted(&listed("tool"), OURS, "! old\n? 1\n"), (0, 1));
    }

    #[test]
    fn another_difference_at_a_listed_command_is_not_let_through() {
        assert_eq!(sorted(&listed("tool"), OURS, "! new\n? 1\n"), (1, 1));
    }

    #[test]
    fn a_row_counts_only_where_its_cause_is() {
        assert_eq!(sorted(&listed("tool"), ORIGINAL, "? 0\n"), (1, 0));
        assert_eq!(sorted(&listed("engine"), OURS, "? 0\n"), (1, 0));
        let engine = Cell { tool: Tool::Original, answers: Answers::Engine };
        assert_eq!(sorted(&listed("engine"), engine, "? 0\n"), (0, 0));
        assert_eq!(sorted(&listed("both"), engine, "? 0\n"), (1, 0));
        let ublk = Cell { tool: Tool::Ours, answers: Answers::Ublk };
        assert_eq!(sorted(&listed("ublk"), engine, "? 0\n"), (1, 0));
        for of in ["tool", "engine", "both", "ublk"] {
            assert_eq!(sorted(&listed(of), ublk, "? 0\n"), (0, 0), "{of}");
        }
    }

    #[test]
    fn a_row_wants_a_reason() {
        let row = "[[divergence]]\ntranscript='a'\ncommand='b'\ntheirs=''\nours=''\nwhy=' '\n";
        assert!(Divergences::parse(row).is_err());
    }

    /// The Rust files below a folder of the repository that speak of purposes.
    fn speaking(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                speaking(&path, found);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.extend(Some(text).filter(|text| {
                    text.contains("that_differs(") || text.contains("purpose::why(")
                }));
            }
        }
    }

    #[test]
    fn every_purpose_is_referred_to_and_is_there() {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut files = Vec::new();
        for folder in ["bins", "crates", "tests/lives", "tests/src/lives"] {
            speaking(&repository.join(folder), &mut files);
        }
        let is_id = |word: &&str| {
            let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            ["dmraid-", "kpartx-"].iter().any(|tool| word.starts_with(tool))
                && word.chars().all(is_plain)
        };
        let words = files.iter().flat_map(|text| text.split('"').skip(1).step_by(2));
        let used: BTreeSet<&str> = words.filter(is_id).filter(|id| *id != "dmraid-whim").collect();
        let listed: BTreeSet<&str> = purpose::all().iter().map(|purpose| &*purpose.id).collect();
        assert_eq!(used, listed);
    }
}
