//! Differences on purpose: why ours answers otherwise than an original, from `tests/divergences.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

/// A reason, which tests refer to by its id.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    /// What it is called: the tool, then the matter.
    pub id: String,
    /// The tool that differs.
    pub tool: String,
    /// The reason, for people.
    pub why: String,
}

#[derive(Deserialize)]
struct File {
    purpose: Vec<Purpose>,
}

/// Every purpose, in the file's order.
pub fn all() -> &'static [Purpose] {
    static ALL: LazyLock<Vec<Purpose>> = LazyLock::new(|| {
        let file = toml::from_str::<File>(include_str!("../../../tests/divergences.toml"));
        file.map(|file| file.purpose).unwrap_or_default()
    });
    &ALL
}

/// The reason that has this id.
///
/// # Panics
///
/// There is none: a difference is to be in the file before it is let through.
pub fn why(id: &str) -> &'static str {
    let found = all().iter().find(|purpose| purpose.id == id);
    assert!(found.is_some(), "no purpose \"{id}\" in tests/divergences.toml");
    found.map_or("", |purpose| &purpose.why)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_has_an_id_of_its_own_and_a_reason() {
        assert!(!all().is_empty());
        let ids: BTreeSet<&str> = all().iter().map(|purpose| &*purpose.id).collect();
        assert_eq!(ids.len(), all().len());
        for Purpose { id, tool, why } in all() {
            assert!(id.starts_with(&format!("{tool}-")), "{id} is of {tool}");
            assert!(!why.trim().is_empty(), "{id} has no reason");
        }
    }

    #[test]
    #[should_panic(expected = "no purpose \"dmraid-whim\"")]
    fn what_is_not_listed_is_not_let_through() {
        why("dmraid-whim");
    }
}
