//! Tables, on the terminal and in the document.
use std::fmt::{self, Write as _};
use std::fs;

use anyhow::{Context, Result};

/// The document that holds the tables of the last runs that were kept.
const DOCUMENT: &str = "docs/performance.md";

/// What a part found.
#[derive(Debug, Clone)]
pub(super) struct Report {
    /// The word between whose marks the document has the tables.
    pub(super) mark: &'static str,
    /// The tables, one below the other.
    pub(super) tables: Vec<Table>,
    /// What the reader must know of this run.
    pub(super) notes: Vec<String>,
    /// Something is not as it must be.
    pub(super) failed: bool,
}

impl Report {
    /// One without tables.
    pub(super) fn new(mark: &'static str) -> Self {
        Self { mark, tables: Vec::new(), notes: Vec::new(), failed: false }
    }

    /// One that says why there is no table.
    pub(super) fn skipped(mark: &'static str, why: &str) -> Self {
        let mut report = Self::new(mark);
        report.notes.push(format!("SKIP {mark}: {why}"));
        report
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for table in &self.tables {
            writeln!(f, "{table}")?;
        }
        self.notes.iter().try_for_each(|note| writeln!(f, "- {note}"))
    }
}

/// A table: the first column is text, the others are figures.
#[derive(Debug, Clone)]
pub(super) struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// One without rows.
    pub(super) fn new(header: &[&str]) -> Self {
        Self { header: header.iter().map(ToString::to_string).collect(), rows: Vec::new() }
    }

    /// Adds a row; cells that are missing are empty.
    pub(super) fn row(&mut self, mut cells: Vec<String>) {
        cells.resize(self.header.len(), String::new());
        self.rows.push(cells);
    }

    fn widths(&self) -> Vec<usize> {
        let all = || self.rows.iter().chain([&self.header]);
        let width = |column: usize| all().map(|row| row[column].chars().count()).max();
        (0..self.header.len()).map(|column| width(column).unwrap_or(0).max(3)).collect()
    }
}

/// As Markdown has tables, which people can read too.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        let line = |row: &[String]| {
            let cells = row.iter().zip(&widths).enumerate();
            let padded = cells.map(|(column, (cell, width))| match column {
                0 => format!(" {cell:<width$} |"),
                _ => format!(" {cell:>width$} |"),
            });
            format!("|{}", padded.collect::<String>())
        };
        writeln!(f, "{}", line(&self.header))?;
        let rule = widths.iter().enumerate().map(|(column, width)| match column {
            0 => format!("{}|", "-".repeat(width + 2)),
            _ => format!("{}:|", "-".repeat(width + 1)),
        });
        writeln!(f, "|{}", rule.collect::<String>())?;
        self.rows.iter().try_for_each(|row| writeln!(f, "{}", line(row)))
    }
}

/// Puts the reports, runs of one part, into the document.
pub(super) fn write(runs: &[Report]) -> Result<()> {
    let Some(mark) = runs.first().map(|run| run.mark) else { return Ok(()) };
    let mut text = String::new();
    for (number, run) in (1..).zip(runs) {
        match runs.len() {
            1 => writeln!(text, "\n{run}")?,
            _ => writeln!(text, "\nRun {number}:\n\n{run}")?,
        }
    }
    let document = fs::read_to_string(DOCUMENT).context(DOCUMENT)?;
    let new = replaced(&document, mark, text.trim_end())
        .with_context(|| format!("{DOCUMENT} has no marks for {mark}"))?;
    fs::write(DOCUMENT, new).context(DOCUMENT)
}

/// `document` with `text` between the marks.
fn replaced(document: &str, mark: &str, text: &str) -> Option<String> {
    let (begin, end) = (format!("<!-- bench {mark} -->"), format!("<!-- end of {mark} -->"));
    let (before, rest) = document.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{begin}\n{text}\n\n{end}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_on_the_right() {
        let mut table = Table::new(&["what", "ratio"]);
        table.row(vec!["a read".into(), "1.5".into()]);
        table.row(vec!["a".into()]);
        let text =
            "| what   | ratio |\n|--------|------:|\n| a read |   1.5 |\n| a      |       |\n";
        assert_eq!(table.to_string(), text);
    }

    #[test]
    fn only_what_is_between_the_marks_is_replaced() {
        let document = "a\n<!-- bench x -->\nold\n<!-- end of x -->\nb\n";
        let new = replaced(document, "x", "\nnew").unwrap();
        assert_eq!(new, "a\n<!-- bench x -->\n\nnew\n\n<!-- end of x -->\nb\n");
        assert_eq!(replaced(&new, "x", "\nnew").unwrap(), new);
        assert_eq!(replaced(document, "y", "new"), None);
    }
}
