//! How a cell's sessions went.
use std::collections::BTreeMap;
use std::path::PathBuf;

use dm_testkit::transcript::run::Played;

/// How the sessions went in a cell, by name; or why none was played.
pub(crate) type Outcome = Result<BTreeMap<PathBuf, Result<Played, Absent>>, Absent>;

/// Why a session was not played.
#[derive(Debug, Clone)]
pub(crate) enum Absent {
    /// The cell lacks what the session needs.
    Skipped(String),
    /// It should have been.
    Failed(String),
}
