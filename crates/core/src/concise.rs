//! The concise form of tables: whole devices on one line.
//!
//! ```text
//! <name>,<uuid>,<minor>,<flags>,<line>[,<line>...][;<device>...]
//! ```
//!
//! `flags` is `ro`, `rw` or empty; uuid and minor may be empty. `\c` stands for `c`, whatever it is.
//!
//! # Source
//!
//! `_create_concise` in lvm2's `libdm/dm-tools/dmsetup.c`, whose single pass this follows: white space after
//! a comma or semicolon is skipped, and the last character ends the entry and belongs to it.

use alloc::vec::Vec;

use crate::words::is_space;

/// One device, its fields as written, escapes resolved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Name, uuid, minor, flags and table, as far as there are; the table's lines are parted by newlines.
    pub fields: Vec<Vec<u8>>,
}

impl Entry {
    /// Field `index`, where it was given.
    pub fn field(&self, index: usize) -> Option<&[u8]> {
        self.fields.get(index).map(Vec::as_slice)
    }
}

/// Why an entry is not one, and how far it came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct ConciseError {
    /// What is wrong.
    pub why: ConciseWhy,
    /// The fields read until then.
    pub entry: Entry,
}

/// What can be wrong with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConciseWhy {
    /// A backslash ends the text.
    #[error("Backslash must be followed by another character at end of string.")]
    Backslash,
    /// An entry ended before its table.
    #[error("Five comma-separated fields are required for each device")]
    Fields,
    /// The text ended within an entry.
    #[error("Incomplete entry: five comma-separated fields are required for each device")]
    Incomplete,
}

/// How many fields an entry has.
const FIELDS: usize = 5;

/// Reads the entries one after another: each is to be acted on before the next is asked for.
#[derive(Clone, Debug)]
pub struct Entries<'a> {
    rest: &'a [u8],
}

/// The entries of `text`.
pub fn entries(text: &[u8]) -> Entries<'_> {
    Entries { rest: text }
}

impl Iterator for Entries<'_> {
    type Item = Result<Entry, ConciseError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let entry = self.read_entry();
        if entry.is_err() {
            self.rest = &[];
        }
        Some(entry)
    }
}

impl Entries<'_> {
    fn read_entry(&mut self) -> Result<Entry, ConciseError> {
        let mut entry = Entry::default();
        let mut field = Vec::new();
        while let [byte, tail @ ..] = self.rest {
            self.rest = tail;
            match (*byte, tail) {
                (b'\\', []) => return Err(fail(ConciseWhy::Backslash, entry, field)),
                (b'\\', [next, after @ ..]) => {
                    field.push(*next);
                    self.rest = after;
                }
                (b',', _) if entry.fields.len().saturating_add(1) < FIELDS => {
                    entry.fields.push(core::mem::take(&mut field));
                    self.skip_space();
                }
                (b',', _) => field.push(b'\n'),
                (b';', _) | (_, []) => {
                    if *byte != b';' {
                        field.push(*byte);
                    }
                    self.skip_space();
                    entry.fields.push(field);
                    let whole = entry.fields.len() == FIELDS;
                    let short = ConciseError { why: ConciseWhy::Fields, entry: entry.clone() };
                    return if whole { Ok(entry) } else { Err(short) };
                }
                _ => field.push(*byte),
            }
        }
        Err(fail(ConciseWhy::Incomplete, entry, field))
    }

    fn skip_space(&mut self) {
        while let [byte, tail @ ..] = self.rest
            && is_space(*byte)
        {
            self.rest = tail;
        }
    }
}

/// An error with the fields so far; the one that had begun counts, be it empty.
fn fail(why: ConciseWhy, mut entry: Entry, field: Vec<u8>) -> ConciseError {
    entry.fields.push(field);
    ConciseError { why, entry }
}

/// `text` with what the concise form would take for its own escaped.
///
/// # Source
///
/// `_escape_string` in lvm2's `libdm/dm-tools/dmsetup.c`.
pub fn escape(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &byte in text {
        if matches!(byte, b',' | b';' | b'\\') {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn fields(text: &str) -> Vec<Result<Vec<Vec<u8>>, ConciseWhy>> {
        let entries = entries(text.as_bytes());
        entries.map(|e| e.map(|e| e.fields).map_err(|e| e.why)).collect()
    }

    fn entry(fields: [&str; 5]) -> Vec<Vec<u8>> {
        fields.iter().map(|field| field.as_bytes().to_vec()).collect()
    }

    #[test]
    fn devices_are_parted_by_semicolons_and_lines_by_commas() {
        assert_eq!(
            fields("a,,,,0 8 zero,8 1 error; b,U,3,ro,0 1 zero"),
            vec![
                Ok(entry(["a", "", "", "", "0 8 zero\n8 1 error"])),
                Ok(entry(["b", "U", "3", "ro", "0 1 zero"]))
            ]
        );
    }

    #[test]
    fn a_semicolon_or_a_newline_may_end_the_text() {
        assert_eq!(fields("a,,,,0 8 zero;"), vec![Ok(entry(["a", "", "", "", "0 8 zero"]))]);
        assert_eq!(fields("a,,,,0 8 zero\n"), vec![Ok(entry(["a", "", "", "", "0 8 zero\n"]))]);
        assert_eq!(fields(""), vec![]);
    }

    #[test]
    fn an_escape_makes_any_character_literal() {
        assert_eq!(fields(r"a\,b,,,,0 8 x \;y"), vec![Ok(entry(["a,b", "", "", "", "0 8 x ;y"]))]);
    }

    #[test]
    fn entries_that_end_early_are_told_apart() {
        assert_eq!(fields("dev7"), vec![Err(ConciseWhy::Fields)]);
        assert_eq!(fields("dev7,,,"), vec![Err(ConciseWhy::Incomplete)]);
        assert_eq!(fields("dev7,,,,"), vec![Err(ConciseWhy::Incomplete)]);
        assert_eq!(fields(r"dev9,,,,0 1 zero\;"), vec![Err(ConciseWhy::Incomplete)]);
        assert_eq!(fields(r"dev9,,,,0 1 zero\"), vec![Err(ConciseWhy::Backslash)]);
    }

    #[test]
    fn what_is_escaped_is_read_back() {
        assert_eq!(escape(br"a,b;c\d"), br"a\,b\;c\\d".to_vec());
    }
}
