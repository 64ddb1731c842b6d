//! A selection's grammar, and what is said where a text does not follow it.

use dm_core::words::is_space;

use super::super::Columns;
use super::super::field::{Field, Found, Kind, SELECTED, What, find, too_long};
use super::super::help::{self, For};
use super::super::regex::Regex;
use super::value::{self, Amount};
use super::{Node, Parsed, Relation, Test};
use crate::exit::Failure;

/// How deep parentheses may stand in each other.
const DEPTH_MAX: usize = 200;

/// What stands between a field and a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Relation(Relation),
    Matches {
        wanted: bool,
    },
    /// No field is a time so far.
    Time,
}

/// The operators, those before others that they begin with.
const OPERATORS: [(&str, Operator); 12] = [
    ("=~", Operator::Matches { wanted: true }),
    ("!~", Operator::Matches { wanted: false }),
    ("=", Operator::Relation(Relation::Equal)),
    ("!=", Operator::Relation(Relation::Different)),
    (">=", Operator::Relation(Relation::AtLeast)),
    (">", Operator::Relation(Relation::Above)),
    ("<=", Operator::Relation(Relation::AtMost)),
    ("<", Operator::Relation(Relation::Below)),
    ("since", Operator::Time),
    ("after", Operator::Time),
    ("until", Operator::Time),
    ("before", Operator::Time),
];

/// Reads a selection from its beginning.
pub(super) struct Parser<'t, 'c, G: 'static> {
    table: &'t [Field<G>],
    columns: &'c mut Columns,
    rest: &'t [u8],
    depth: usize,
    said: Vec<u8>,
}

impl<'t, 'c, G> Parser<'t, 'c, G> {
    pub(super) fn new(table: &'t [Field<G>], text: &'t [u8], columns: &'c mut Columns) -> Self {
        Self { table, columns, rest: text, depth: 0, said: Vec::new() }
    }

    /// All of it.
    pub(super) fn whole(mut self) -> Result<Parsed, Failure> {
        let node = self.any().and_then(|node| {
            self.skip_blanks();
            if self.rest.is_empty() {
                return Ok(node);
            }
            Err(syntax(Failure::line("Expecting logical operator"), self.rest))
        });
        match node {
            Ok(node) => Ok(Parsed::Some(node, self.said)),
            Err(failure) => Err(failure.after(Failure::lines(self.said))),
        }
    }

    fn any(&mut self) -> Result<Node, Failure> {
        let mut nodes = vec![self.every()?];
        while self.takes(&["||", "#"]) {
            nodes.push(self.every()?);
        }
        Ok(alone(nodes).unwrap_or_else(Node::Any))
    }

    fn every(&mut self) -> Result<Node, Failure> {
        let mut nodes = vec![self.one()?];
        while self.takes(&["&&", ","]) {
            nodes.push(self.one()?);
        }
        Ok(alone(nodes).unwrap_or_else(Node::Every))
    }

    fn one(&mut self) -> Result<Node, Failure> {
        if self.takes(&["("]) {
            return self.parenthesis();
        }
        if !self.takes(&["!"]) {
            return self.test();
        }
        let after = self.rest;
        if self.takes(&["("]) {
            return self.parenthesis().map(Node::negated);
        }
        Err(expected("left parenthesis", after))
    }

    /// What stands after a `(`, and the `)`.
    fn parenthesis(&mut self) -> Result<Node, Failure> {
        if self.depth == DEPTH_MAX {
            return Err(syntax(Failure::line("Too many parentheses"), self.rest));
        }
        self.depth += 1;
        let node = self.any()?;
        self.depth -= 1;
        if self.takes(&[")"]) { Ok(node) } else { Err(expected("right parenthesis", self.rest)) }
    }

    fn test(&mut self) -> Result<Node, Failure> {
        let item = self.rest;
        let (what, id, kind) = self.field(item)?;
        let operator = self.operator(item)?;
        misfit(operator, kind, item)?;
        self.skip_blanks();
        let test = self.value(operator, kind, &Place { id, item })?;
        Ok(Node::Test { column: self.columns.number(what), test })
    }

    fn field(&mut self, item: &'t [u8]) -> Result<(What, &'static str, Kind), Failure> {
        let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        let end = item.iter().position(|byte| !is_name(byte)).unwrap_or(item.len());
        let (name, rest) = item.split_at(end);
        if name.is_empty() {
            return Err(syntax(Failure::line("Expecting field name"), item));
        }
        self.rest = rest;
        let list = || {
            let list = Failure::lines(help::fields(self.table, For::Selecting));
            match too_long(item, name.len()) {
                Some(long) => list.after(Failure::line(long)),
                None => list,
            }
        };
        match find(self.table, name) {
            Some(Found::Column(what @ What::Field(at))) => {
                Ok((what, self.table[at].id, self.table[at].kind))
            }
            Some(Found::Column(What::Selected)) => Ok((What::Selected, SELECTED.id, Kind::Number)),
            Some(Found::Help) => {
                let text = [b"Selection field is uncomparable: ", name, b"."].concat();
                Err(syntax(list().and(text), item))
            }
            None => {
                let text = [b"Unrecognised selection field: ", name].concat();
                Err(syntax(list().and(text), item))
            }
        }
    }

    fn operator(&mut self, item: &[u8]) -> Result<Operator, Failure> {
        let before = self.rest;
        let found = OPERATORS.iter().find(|(word, _)| self.takes(&[*word]));
        found.map(|(_, operator)| *operator).ok_or_else(|| {
            let text = [b"Unrecognised comparison operator: ", before].concat();
            syntax(language().and(text), item)
        })
    }

    fn value(
        &mut self,
        operator: Operator,
        kind: Kind,
        place: &Place<'_>,
    ) -> Result<Test, Failure> {
        match operator {
            Operator::Matches { wanted } => self.pattern(kind, wanted, place),
            Operator::Relation(relation) if kind == Kind::Text => {
                let taken = value::text(self.rest, &[(b'\'', b'\''), (b'"', b'"')]);
                let (value, _, rest) = taken
                    .ok_or_else(|| place.cannot_parse("string", Some("Missing end quote.")))?;
                self.rest = rest;
                Ok(Test::Text { value: value.to_vec(), wanted: relation == Relation::Equal })
            }
            Operator::Relation(relation) => self.amount(kind, relation, place),
            // Refused before.
            Operator::Time => Err(Failure::silent()),
        }
    }

    fn pattern(&mut self, kind: Kind, wanted: bool, place: &Place<'_>) -> Result<Test, Failure> {
        let marks = [(b'\'', b'\''), (b'"', b'"'), (b'(', b')'), (b'{', b'}'), (b'[', b']')];
        let taken = value::text(self.rest, &marks);
        let (pattern, is_quoted, rest) =
            taken.ok_or_else(|| place.cannot_parse("regex", Some("Missing end quote.")))?;
        let id = place.id;
        if pattern.is_empty() && !is_quoted {
            let text = format!("Regular expression expected for selection field {id}");
            return Err(syntax(Failure::line(text), place.item));
        }
        if kind != Kind::Text {
            let text = format!("dm_report: incompatible comparison type for selection field {id}");
            return Err(Failure::line(text));
        }
        self.rest = rest;
        let (regex, said) = Regex::new(pattern).map_err(|failure| {
            failure
                .and("Couldn't parse regex")
                .and(format!("dm_report: failed to create regex matcher for selection field {id}"))
        })?;
        self.said.extend(said);
        Ok(Test::Pattern { regex, wanted })
    }

    fn amount(
        &mut self,
        kind: Kind,
        relation: Relation,
        place: &Place<'_>,
    ) -> Result<Test, Failure> {
        let Amount { digits, rest } =
            value::amount(self.rest).ok_or_else(|| place.cannot_parse("numeric", None))?;
        let expected = if kind == Kind::Size { "size" } else { "numeric" };
        let refused = |what: &str| {
            let text = format!(
                "Found {what} but {expected} value expected for selection field {}.",
                place.id
            );
            Err(syntax(Failure::line(text), place.item))
        };
        if rest.starts_with(b"%") {
            return refused("percent value");
        }
        let unit = rest.first().and_then(|&letter| value::unit(letter));
        if kind == Kind::Size {
            self.rest = if unit.is_some() { &rest[1..] } else { rest };
            return Ok(Test::Size { relation, sectors: value::sectors(digits, unit) });
        }
        if unit.is_some() {
            return refused("size unit specifier");
        }
        self.rest = rest;
        let value = value::whole(digits).ok_or_else(|| {
            let before = b"Field selection value ";
            let after = format!(" out of supported range for field {}.", place.id);
            Failure::line([before, digits, after.as_bytes()].concat())
        })?;
        Ok(Test::Number { relation, value })
    }

    /// Takes one of `words`, after any blanks.
    fn takes(&mut self, words: &[&str]) -> bool {
        self.skip_blanks();
        let rest = words.iter().find_map(|word| self.rest.strip_prefix(word.as_bytes()));
        rest.map(|rest| self.rest = rest).is_some()
    }

    fn skip_blanks(&mut self) {
        let end = self.rest.iter().position(|&byte| !is_space(byte)).unwrap_or(self.rest.len());
        self.rest = &self.rest[end..];
    }
}

/// What a value is read for.
struct Place<'t> {
    /// The field.
    id: &'static str,
    /// The test and all that follows it.
    item: &'t [u8],
}

impl Place<'_> {
    fn cannot_parse(&self, kind: &str, why: Option<&str>) -> Failure {
        let text = format!("Failed to parse {kind} value for selection field {}.", self.id);
        let failure = why.map_or_else(Failure::silent, Failure::line);
        syntax(failure.and(text), self.item)
    }
}

/// The only one, or all.
fn alone(mut nodes: Vec<Node>) -> Result<Node, Vec<Node>> {
    match nodes.pop() {
        Some(node) if nodes.is_empty() => Ok(node),
        last => {
            nodes.extend(last);
            Err(nodes)
        }
    }
}

/// An operator that its field's values have no use for.
fn misfit(operator: Operator, kind: Kind, item: &[u8]) -> Result<(), Failure> {
    let fields = match operator {
        Operator::Time => "time",
        Operator::Relation(
            Relation::AtLeast | Relation::Above | Relation::AtMost | Relation::Below,
        ) if kind == Kind::Text => "number, size, time or percent",
        _ => return Ok(()),
    };
    let text = format!("Operator can be used only with {fields} fields: ");
    Err(syntax(language().and([text.as_bytes(), item].concat()), item))
}

/// A failure that begins with the language of selections.
fn language() -> Failure {
    Failure::lines(help::SELECTION)
}

/// The same with where it is.
fn syntax(failure: Failure, at: &[u8]) -> Failure {
    let place = [b"Selection syntax error at '", at, b"'."].concat();
    failure.and(place).and("Use 'help' for selection to get more help.")
}

fn expected(what: &str, at: &[u8]) -> Failure {
    let text = format!("Syntax error: {what} expected at '");
    Failure::line([text.as_bytes(), at, b"'"].concat())
}
