//! Differences on purpose, from `divergences.toml`.
use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::Path;

use dm_testkit::transcript::compare::Difference;
use serde::Deserialize;

use crate::cell::{Answers, Cell, Tool};

/// The file's rows, and which of them were seen to differ.
#[derive(Debug)]
pub(crate) struct Divergences {
    rows: Vec<Row>,
}

/// A command that answers otherwise on purpose.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
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
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    divergence: Vec<Row>,
}

impl Divergences {
    pub(crate) fn read(file: &Path) -> Result<Self, Box<dyn Error>> {
        let rows = toml::from_str::<File>(&fs::read_to_string(file)?)?.divergence;
        match rows.iter().find(|row| row.why.trim().is_empty()) {
            Some(row) => Err(format!("{}: a divergence without a reason", row.transcript).into()),
            None => Ok(Self { rows }),
        }
    }

    /// Splits a session's differences into those that are not listed, and rows that no longer differ.
    pub(crate) fn sort<'a>(
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
    pub(crate) fn describe(&self) -> String {
        format!("listed in divergences.toml, but differs no more: $ {}", self.command)
    }

    fn applies(&self, cell: Cell) -> bool {
        match self.of {
            Of::Tool => cell.tool == Tool::Ours,
            Of::Engine => cell.answers == Answers::Engine,
            Of::Both => cell.tool == Tool::Ours && cell.answers == Answers::Engine,
        }
    }

    fn allows(&self, difference: &Difference) -> bool {
        let text = |output: &Option<dm_testkit::transcript::Output>| {
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
