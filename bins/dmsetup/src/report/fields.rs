//! The fields of reports about mapped devices: `info -c`, `splitname`, and `-S` of any command.

use dm_cli::exit::Failure;
use dm_cli::report::{Section, Value};

use super::object::Object;
pub use super::table::TABLE;

/// How a field's value is got; `None` where the object has nothing of the kind.
pub type Get = fn(&Object<'_, '_>) -> Result<Option<Value>, Failure>;

/// What device-mapper calls it.
pub static NAME: Section = Section { prefix: "name_", title: "Mapped Device Name" };

/// How it is.
pub static INFO: Section = Section { prefix: "info_", title: "Mapped Device Information" };

/// What it stands on, by itself.
pub static DEPS: Section = Section { prefix: "deps_", title: RELATIONS };

/// What it stands on and what stands on it, among all.
pub static TREE: Section = Section { prefix: "tree_", title: RELATIONS };

const RELATIONS: &str = "Mapped Device Relationship Information";

/// What its name is made of.
pub static NAME_PARTS: Section =
    Section { prefix: "splitname_", title: "Mapped Device Name Components" };

/// What its statistics count.
pub static STATS: Section = Section { prefix: "stats_", title: "Mapped Device Statistics" };

/// What its statistics are of.
pub static REGION: Section =
    Section { prefix: "region_", title: "Mapped Device Statistics Region Information" };
