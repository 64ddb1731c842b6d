//! The four cells.
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use dm_testkit::transcript::run::Played;

/// A tool and what answers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) tool: Tool,
    pub(crate) answers: Answers,
}

/// Whose tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tool {
    Ours,
    Original,
}

/// Whose device-mapper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answers {
    Engine,
    Kernel,
}

/// All of them.
pub(crate) const CELLS: [Cell; 4] = [
    Cell { tool: Tool::Ours, answers: Answers::Engine },
    Cell { tool: Tool::Original, answers: Answers::Engine },
    Cell { tool: Tool::Ours, answers: Answers::Kernel },
    Cell { tool: Tool::Original, answers: Answers::Kernel },
];

/// How the sessions went in a cell, by name; or why the cell is not here.
pub(crate) type Outcome = Result<BTreeMap<PathBuf, Result<Played, Absent>>, String>;

/// Why a session was not played.
#[derive(Debug)]
pub(crate) enum Absent {
    /// The cell lacks what the session needs.
    Skipped(String),
    /// It should have been.
    Failed(String),
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tool = match self.tool {
            Tool::Ours => "ours",
            Tool::Original => "original",
        };
        let answers = match self.answers {
            Answers::Engine => "engine",
            Answers::Kernel => "kernel",
        };
        write!(f, "{tool}-{answers}")
    }
}
