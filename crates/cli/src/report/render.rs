//! Rows as text: aligned columns, or values with something between them; a row a line, or a field a line.

use std::borrow::Cow;

use super::field::{Field, Kind, SELECTED, Value, What};
use super::{Column, Row};

/// How rows are laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct Layout {
    /// Values stand below each other.
    pub aligned: bool,
    /// Headings stand above them.
    pub headings: bool,
    /// What stands between values.
    pub separator: Vec<u8>,
    /// What stands before a field's name, in capitals, and its value.
    pub prefix: Option<&'static str>,
    /// With a prefix, values stand in quotes.
    pub quoted: bool,
    /// A line for each field instead of each row.
    pub rows: bool,
}

/// What stands above the whole column of [`SELECTED`].
const SELECTED_HEADING: &str = "Selected";

/// The least width of a column.
pub(super) fn least_width<G>(table: &[Field<G>], what: What) -> usize {
    match what {
        What::Field(at) => table.get(at).map_or(0, |field| field.width),
        What::Selected => SELECTED_HEADING.len(),
    }
}

/// What is to be laid out.
pub(super) struct Sheet<'a, G: 'static> {
    pub(super) table: &'static [Field<G>],
    pub(super) layout: &'a Layout,
    pub(super) columns: &'a [Column],
    pub(super) rows: &'a [Row],
}

impl<G> Sheet<'_, G> {
    /// The text, which is none where there are no rows.
    pub(super) fn text(&self) -> Vec<u8> {
        if self.rows.is_empty() {
            return Vec::new();
        }
        let lines = if self.layout.rows { self.by_field() } else { self.by_row() };
        let joined = lines.into_iter().map(|cells| cells.join(&self.layout.separator[..]));
        joined.flat_map(|line| [line, b"\n".to_vec()].concat()).collect()
    }

    /// The columns that are seen, by number.
    fn seen(&self) -> impl Iterator<Item = (usize, &Column)> {
        self.columns.iter().enumerate().filter(|(_, column)| column.shown)
    }

    fn by_row(&self) -> Vec<Vec<Vec<u8>>> {
        let headings =
            self.layout.headings.then(|| self.seen().map(|(_, column)| self.heading(column)));
        let line = |row: &Row| -> Vec<Vec<u8>> {
            self.seen().map(|(at, column)| self.cell(column, row.get(at))).collect()
        };
        headings.into_iter().map(Iterator::collect).chain(self.rows.iter().map(line)).collect()
    }

    fn by_field(&self) -> Vec<Vec<Vec<u8>>> {
        let line = |(at, column): (usize, &Column)| {
            let heading = self.layout.headings.then(|| self.heading(column));
            let cells = self.rows.iter().map(|row| self.cell(column, row.get(at)));
            heading.into_iter().chain(cells).collect()
        };
        self.seen().map(line).collect()
    }

    fn field(&self, column: &Column) -> Option<&Field<G>> {
        match column.what {
            What::Field(at) => self.table.get(at),
            What::Selected => None,
        }
    }

    /// Headings too long for their column are cut, values never.
    fn heading(&self, column: &Column) -> Vec<u8> {
        let heading = self.field(column).map_or(SELECTED_HEADING, |field| field.heading);
        if !self.is_aligned() {
            return heading.as_bytes().to_vec();
        }
        let cut = heading.len().min(column.width);
        pad_right(&heading.as_bytes()[..cut], column.width)
    }

    fn cell(&self, column: &Column, value: Option<&Value>) -> Vec<u8> {
        let text = value.map(Value::text).unwrap_or_default();
        if let Some(prefix) = self.layout.prefix {
            let id = self.field(column).map_or(SELECTED.id, |field| field.id).to_uppercase();
            let quote: &[u8] = if self.layout.quoted { b"'" } else { b"" };
            return [prefix.as_bytes(), id.as_bytes(), b"=", quote, &text, quote].concat();
        }
        match self.field(column).map_or(Kind::Number, |field| field.kind) {
            _ if !self.is_aligned() => text,
            Kind::Text => pad_right(&text, column.width),
            Kind::Number | Kind::Size => {
                [Cow::from(vec![b' '; column.width.saturating_sub(text.len())]), text.into()]
                    .concat()
            }
        }
    }

    const fn is_aligned(&self) -> bool {
        self.layout.aligned && !self.layout.rows
    }
}

fn pad_right(text: &[u8], width: usize) -> Vec<u8> {
    let mut padded = text.to_vec();
    padded.resize(width.max(text.len()), b' ');
    padded
}
