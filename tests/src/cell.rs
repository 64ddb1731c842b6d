//! The cells that a session is played in.
use std::fmt;

/// A tool and what answers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Whose tool it is.
    pub tool: Tool,
    /// Whose device-mapper answers it.
    pub answers: Answers,
}

/// Whose tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// The one built here.
    Ours,
    /// The distribution's.
    Original,
}

/// Whose device-mapper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    /// The userspace engine, with disks in memory.
    Engine,
    /// A real kernel, in the virtual machine.
    Kernel,
    /// The userspace engine over ublk, in the virtual machine.
    Ublk,
}

/// All of them.
pub const CELLS: [Cell; 5] = [
    Cell { tool: Tool::Ours, answers: Answers::Engine },
    Cell { tool: Tool::Original, answers: Answers::Engine },
    Cell { tool: Tool::Ours, answers: Answers::Kernel },
    Cell { tool: Tool::Original, answers: Answers::Kernel },
    Cell { tool: Tool::Ours, answers: Answers::Ublk },
];

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tool = match self.tool {
            Tool::Ours => "ours",
            Tool::Original => "original",
        };
        let answers = match self.answers {
            Answers::Engine => "engine",
            Answers::Kernel => "kernel",
            Answers::Ublk => "ublk",
        };
        write!(f, "{tool}-{answers}")
    }
}
