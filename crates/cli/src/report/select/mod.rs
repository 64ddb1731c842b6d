//! Selections: which objects a report shows.
//!
//! ```text
//! selection  '' | 'all' | 'help' | '?' | any
//! any        every { ('||' | '#') every }
//! every      one { ('&&' | ',') one }
//! one        '(' any ')' | '!' '(' any ')' | field operator value
//! operator   '=~' '!~' | '=' '!=' | '>=' '>' '<=' '<' | 'since' 'after' 'until' 'before'
//! value      of text: '...' | "..." | bare, up to a blank or what may follow it
//!            of =~ and !~: likewise, and (...) | {...} | [...]
//!            of a number: digits, of which those after a point do not count
//!            of a size: digits, a unit (m, if there is none)
//! ```
//!
//! # Source
//!
//! `_parse_or_ex` and kin in lvm2's `libdm/libdm-report.c`, by running `dmsetup` 1.02.185.

mod parse;
mod value;

use std::cmp::Ordering;

use super::Columns;
use super::field::{Field, Value};
use super::help::{self, For};
use super::regex::Regex;
use crate::exit::Failure;

/// What `-S` asks for.
#[derive(Debug)]
pub(super) enum Parsed {
    Everything,
    /// What matches; and what is to be said of it.
    Some(Node, Vec<u8>),
    /// What is to be said instead.
    Help(Vec<u8>),
}

/// A condition.
#[derive(Debug)]
pub(super) enum Node {
    Test { column: usize, test: Test },
    Every(Vec<Node>),
    Any(Vec<Node>),
    Not(Box<Node>),
}

/// What a value is held to.
#[derive(Debug)]
pub(super) enum Test {
    Text { value: Vec<u8>, wanted: bool },
    Pattern { regex: Regex, wanted: bool },
    Number { relation: Relation, value: u64 },
    Size { relation: Relation, sectors: f64 },
}

/// How a value stands to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Equal,
    Different,
    AtLeast,
    Above,
    AtMost,
    Below,
}

impl Relation {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Different => order.is_ne(),
            Self::AtLeast => order.is_ge(),
            Self::Above => order.is_gt(),
            Self::AtMost => order.is_le(),
            Self::Below => order.is_lt(),
        }
    }
}

impl Node {
    /// Whether a row, with a value for each column, is selected.
    pub(super) fn matches(&self, row: &[Value]) -> bool {
        match self {
            Self::Test { column, test } => row.get(*column).is_some_and(|value| test.holds(value)),
            Self::Every(nodes) => nodes.iter().all(|node| node.matches(row)),
            Self::Any(nodes) => nodes.iter().any(|node| node.matches(row)),
            Self::Not(node) => !node.matches(row),
        }
    }

    /// The opposite. quirk: the opposite of that is no other.
    fn negated(self) -> Self {
        if matches!(self, Self::Not(_)) { self } else { Self::Not(Box::new(self)) }
    }
}

impl Test {
    fn holds(&self, found: &Value) -> bool {
        match (self, found) {
            (Self::Text { value, wanted }, Value::Text(text)) => (text == value) == *wanted,
            (Self::Pattern { regex, wanted }, Value::Text(text)) => regex.matches(text) == *wanted,
            (Self::Number { relation, value }, Value::Number(number)) => {
                relation.holds(number.cast_unsigned().cmp(value))
            }
            (Self::Size { relation, sectors }, Value::Size { sectors: found, .. }) => {
                relation.holds(size_order(*found, *sectors))
            }
            _ => false,
        }
    }
}

/// Sizes are the same when nothing but rounding is between them.
fn size_order(a: f64, b: f64) -> Ordering {
    if (a - b).abs() < f64::EPSILON { Ordering::Equal } else { a.total_cmp(&b) }
}

/// Reads a selection; its fields become columns.
///
/// # Errors
///
/// Where it cannot be understood, and why.
pub(super) fn parse<G>(
    table: &[Field<G>],
    text: &[u8],
    columns: &mut Columns,
) -> Result<Parsed, Failure> {
    if text.is_empty() || text.eq_ignore_ascii_case(b"all") {
        return Ok(Parsed::Everything);
    }
    if text.eq_ignore_ascii_case(b"help") || text == b"?" {
        let fields = help::fields(table, For::Selecting);
        return Ok(Parsed::Help([&fields[..], help::SELECTION.as_bytes()].concat()));
    }
    parse::Parser::new(table, text, columns).whole()
}

#[cfg(test)]
mod tests;
