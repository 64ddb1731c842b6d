//! Reports: some fields of some objects, selected, sorted and laid out as libdevmapper does it.
//!
//! ```text
//! -o, -O ─► list ───┐
//!                   ├─► columns ─► Report::add, an object at a time ─► Report::take
//! -S ─────► select ─┘               values ─► selected? ─► a row         sort ─► render
//! ```
//!
//! A field that is sorted or selected by and not shown is a hidden column. A report knows nothing of its objects:
//! the fields' table says how a value is got, and whoever adds an object gets it.
//!
//! # Source
//!
//! lvm2's `libdm/libdm-report.c`, by running `dmsetup` 1.02.185.

mod field;
pub mod help;
mod list;
mod regex;
mod render;
mod select;

use std::cmp::Ordering;

use crate::exit::Failure;
pub use field::{Field, Kind, Section, Value};
use field::{SELECTED, What};
use list::{Item, SortItem};
pub use render::Layout;
use select::{Node, Parsed};

/// What a report is asked for.
#[derive(Debug)]
pub struct Spec<'a, G: 'static> {
    /// The fields there are.
    pub table: &'static [Field<G>],
    /// `-o`: the fields to show.
    pub fields: &'a [u8],
    /// `-O`: the fields to sort by.
    pub keys: &'a [u8],
    /// `-S`: which objects to show.
    pub selection: &'a [u8],
    /// The section that the report is of, whatever its fields are of.
    pub own: Option<&'static Section>,
    /// How it is laid out.
    pub layout: Layout,
}

/// A column, seen or not.
#[derive(Clone, Copy, Debug)]
struct Column {
    what: What,
    shown: bool,
    width: usize,
}

/// The values of an object, a column each.
type Row = Vec<Value>;

/// The columns of a report.
#[derive(Debug, Default)]
struct Columns(Vec<Column>);

impl Columns {
    /// The number of the first column of `what`; one that is not there is added, hidden.
    fn number(&mut self, what: What) -> usize {
        let known = self.0.iter().position(|column| column.what == what);
        known.unwrap_or_else(|| {
            self.0.push(Column { what, shown: false, width: 0 });
            self.0.len() - 1
        })
    }
}

/// A column to sort by.
#[derive(Clone, Copy, Debug)]
struct Key {
    column: usize,
    descending: bool,
}

/// A report in the making.
#[derive(Debug)]
pub struct Report<G: 'static> {
    table: &'static [Field<G>],
    layout: Layout,
    columns: Vec<Column>,
    keys: Vec<Key>,
    /// Without one, everything is selected.
    selection: Option<Node>,
    /// Help was asked for, and given in place of a report.
    is_help: bool,
    rows: Vec<Row>,
}

impl<G> Report<G> {
    /// A report with no rows yet, and what is to be said first: help, or remarks.
    ///
    /// # Errors
    ///
    /// A field that is none, or a selection that cannot be understood.
    pub fn new(spec: Spec<'_, G>) -> Result<(Self, Vec<u8>), Failure> {
        let Spec { table, fields, keys, selection, own, layout } = spec;
        let fields = list::fields(table, fields)?;
        let sort = list::keys(table, keys)?;
        let mut items = fields.iter().copied().chain(sort.iter().map(|key| key.item));
        let mut is_help = items.any(|item| item == Item::Help);
        let mut said = Vec::new();
        if is_help {
            said = help::fields(table, help::For::Showing);
        }
        let shown = list::columns(table, &fields, &sort, own.map(|section| section.prefix));
        let shown = shown.into_iter().map(|what| Column { what, shown: true, width: 0 });
        let mut columns = Columns(shown.collect());
        let keys = keys_of(table, &sort, &mut columns, &mut said);
        let selection = match select::parse(table, selection, &mut columns) {
            Ok(Parsed::Everything) => None,
            Ok(Parsed::Some(node, more)) => {
                said.extend(more);
                Some(node)
            }
            Ok(Parsed::Help(text)) => {
                said.extend(text);
                is_help = true;
                None
            }
            Err(failure) => return Err(failure.after(Failure::lines(said))),
        };
        let mut columns = columns.0;
        for column in &mut columns {
            column.width = render::least_width(table, column.what);
        }
        Ok((Self { table, layout, columns, keys, selection, is_help, rows: Vec::new() }, said))
    }

    /// Whether a field of this section has to be known of every object.
    pub fn uses(&self, section: &Section) -> bool {
        self.columns.iter().any(|column| match column.what {
            What::Field(at) => self.table.get(at).is_some_and(|field| field.section == section),
            What::Selected => false,
        })
    }

    /// Whether all that has to be known of an object are these fields.
    pub fn needs_only(&self, ids: &[&str]) -> bool {
        self.columns.iter().all(|column| match column.what {
            What::Field(at) => self.table.get(at).is_some_and(|field| ids.contains(&field.id)),
            What::Selected => true,
        })
    }

    /// Adds an object, if it is selected; `look` gets its value of a field, `None` for one that it has not.
    ///
    /// # Errors
    ///
    /// What `look` says, or that a value is missing.
    pub fn add(
        &mut self,
        look: impl FnMut(&G) -> Result<Option<Value>, Failure>,
    ) -> Result<(), Failure> {
        if self.is_help {
            return Ok(());
        }
        let mut row = self.row(look)?;
        let selected = self.is_selected(&row);
        let is_status = |column: &Column| column.what == What::Selected;
        if !selected && !self.columns.iter().any(|column| column.shown && is_status(column)) {
            return Ok(());
        }
        for (column, value) in self.columns.iter_mut().zip(&mut row) {
            if is_status(column) {
                *value = Value::Number(selected.into());
            }
            column.width = column.width.max(value.text().len());
        }
        self.rows.push(row);
        Ok(())
    }

    /// Whether an object is selected, which is not added.
    ///
    /// # Errors
    ///
    /// As [`Report::add`].
    pub fn selects(
        &self,
        look: impl FnMut(&G) -> Result<Option<Value>, Failure>,
    ) -> Result<bool, Failure> {
        if self.is_help {
            return Ok(true);
        }
        self.row(look).map(|row| self.is_selected(&row))
    }

    /// The text of all that was added, which is forgotten.
    pub fn take(&mut self) -> Vec<u8> {
        let mut rows = std::mem::take(&mut self.rows);
        rows.sort_by(|a, b| self.order(a, b));
        let (table, layout, columns) = (self.table, &self.layout, &self.columns);
        render::Sheet { table, layout, columns, rows: &rows }.text()
    }

    fn row(
        &self,
        mut look: impl FnMut(&G) -> Result<Option<Value>, Failure>,
    ) -> Result<Row, Failure> {
        let mut value = |column: &Column| -> Result<Value, Failure> {
            let What::Field(at) = column.what else { return Ok(Value::Number(1)) };
            let Some(field) = self.table.get(at) else { return Ok(Value::Number(0)) };
            match look(&field.get) {
                Ok(Some(value)) => Ok(value),
                Ok(None) => Err(Failure::line(format!(
                    "_do_report_object: no data assigned to field {}",
                    field.id
                ))),
                Err(failure) => Err(failure.and(format!(
                    "_do_report_object: report function failed for field {}",
                    field.id
                ))),
            }
        };
        // Hidden columns come first, the last of them before the others.
        let numbered = || self.columns.iter().enumerate();
        let hidden = numbered().filter(|(_, column)| !column.shown).rev();
        let order = hidden.chain(numbered().filter(|(_, column)| column.shown));
        let row = order.map(|(at, column)| Ok((at, value(column)?)));
        let mut row = row.collect::<Result<Vec<_>, Failure>>()?;
        row.sort_by_key(|(at, _)| *at);
        Ok(row.into_iter().map(|(_, value)| value).collect())
    }

    fn is_selected(&self, row: &Row) -> bool {
        self.selection.as_ref().is_none_or(|node| node.matches(row))
    }

    fn order(&self, a: &Row, b: &Row) -> Ordering {
        let by_key = |key: &Key| {
            let order = match (a.get(key.column), b.get(key.column)) {
                (Some(a), Some(b)) => compare(a, b),
                _ => Ordering::Equal,
            };
            if key.descending { order.reverse() } else { order }
        };
        self.keys.iter().map(by_key).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

/// The keys with their columns; a field that comes again counts once.
fn keys_of<G>(
    table: &[Field<G>],
    sort: &[SortItem],
    columns: &mut Columns,
    said: &mut Vec<u8>,
) -> Vec<Key> {
    let mut keys: Vec<Key> = Vec::new();
    for SortItem { item, descending } in sort {
        let Item::Column(what) = item else { continue };
        let column = columns.number(*what);
        if keys.iter().any(|key| key.column == column) {
            let id = match what {
                What::Field(at) => table.get(*at).map_or("", |field| field.id),
                What::Selected => SELECTED.id,
            };
            said.extend(format!("dm_report: Ignoring duplicate sort field: {id}.\n").bytes());
            continue;
        }
        keys.push(Key { column, descending: *descending });
    }
    keys
}

/// Numbers sort as if they had no sign, text by its bytes.
fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Number(a), Value::Number(b)) => a.cast_unsigned().cmp(&b.cast_unsigned()),
        (Value::Size { sectors: a, .. }, Value::Size { sectors: b, .. }) => a.total_cmp(b),
        _ => Ordering::Equal,
    }
}

#[cfg(test)]
mod tests;
