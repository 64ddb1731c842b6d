//! A table: what serves each range of a mapped device.
//!
//! ```text
//! <start> <length> <type> [<argument> ...] [# comment]
//! ```
//!
//! Start and length are decimal counts of sectors. One line a target; lines that are empty or begin with
//! `#` do not count. What the arguments mean is the target's affair: they are kept as they stand.

use alloc::vec::Vec;

use crate::name::{NameError, TargetName};
use crate::units::Sectors;
use crate::words::is_space;

/// One line of a table: a range of the mapped device, and what serves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where the range begins on the mapped device.
    pub start: Sectors,
    /// How long it is.
    pub len: Sectors,
    /// The target's type.
    pub target: TargetName,
    /// The target's arguments, unsplit, backslashes and inner white space as written.
    pub args: Vec<u8>,
}

/// A table's lines, in the order written. It may have gaps: whoever loads it checks.
pub type Table = Vec<Line>;

/// A line that is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct TableError {
    /// The line's number, from 1, counting empty lines and comments.
    pub line: usize,
    /// What is wrong with it.
    pub why: LineError,
}

/// What can be wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// There are not a start, a length and a type.
    #[error("not of the form <start> <length> <type> <arguments>")]
    Format,
    /// The type's name does not fit the packet.
    #[error("target type name is too long")]
    TypeTooLong,
}

/// Reads a table from text, lines parted by newlines.
///
/// # Errors
///
/// [`TableError`] for the first line that is neither empty, a comment, nor of the form above.
///
/// # Source
///
/// `_parse_line` in lvm2's `libdm/dm-tools/dmsetup.c`: numbers are what `sscanf("%llu")` takes, so a sign
/// is allowed and an overflow saturates; `#` starts a comment anywhere in the arguments.
pub fn parse(text: &[u8]) -> Result<Table, TableError> {
    let mut table = Table::new();
    for (number, line) in (1..).zip(text.split(|&byte| byte == b'\n')) {
        let parsed = parse_line(line).map_err(|why| TableError { line: number, why })?;
        table.extend(parsed);
    }
    Ok(table)
}

/// Reads one line; `None` when it is empty or a comment.
///
/// # Errors
///
/// [`LineError`], as [`parse`] has it.
pub fn parse_line(line: &[u8]) -> Result<Option<Line>, LineError> {
    let line = trim(line);
    if line.first().is_none_or(|&byte| byte == b'#') {
        return Ok(None);
    }
    let (start, rest) = scan_number(line).ok_or(LineError::Format)?;
    let (len, rest) = scan_number(rest).ok_or(LineError::Format)?;
    let rest = trim(rest);
    let end = rest.iter().position(|&byte| is_space(byte)).unwrap_or(rest.len());
    let (target, args) = rest.split_at_checked(end).ok_or(LineError::Format)?;
    let target = TargetName::new(target).map_err(|error| match error {
        NameError::TooLong => LineError::TypeTooLong,
        NameError::Empty | NameError::Nul => LineError::Format,
    })?;
    let args = trim(args);
    let args = args.split(|&byte| byte == b'#').next().unwrap_or_default();
    Ok(Some(Line { start: Sectors::new(start), len: Sectors::new(len), target, args: args.into() }))
}

/// The number at the front of `text`, after white space, and what follows it.
fn scan_number(text: &[u8]) -> Option<(u64, &[u8])> {
    let text = trim_start(text);
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let end = digits.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(digits.len());
    let (digits, rest) = digits.split_at_checked(end).filter(|(digits, _)| !digits.is_empty())?;
    let magnitude = digits.iter().try_fold(0_u64, |n, &digit| {
        n.checked_mul(10)?.checked_add(u64::from(digit.wrapping_sub(b'0')))
    });
    let number = match magnitude {
        None => u64::MAX,
        Some(n) if negative => n.wrapping_neg(),
        Some(n) => n,
    };
    Some((number, rest))
}

fn trim(text: &[u8]) -> &[u8] {
    let end =
        text.iter().rposition(|&byte| !is_space(byte)).map_or(0, |last| last.saturating_add(1));
    trim_start(text.get(..end).unwrap_or_default())
}

fn trim_start(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|&byte| !is_space(byte)).unwrap_or(text.len());
    text.get(start..).unwrap_or_default()
}

#[cfg(test)]
mod tests;
