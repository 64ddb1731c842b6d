//! A table's text: from an option, a file or standard input, and in the form that is sent.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use dm_cli::exit::Failure;
use dm_cli::number;
use dm_cli::session::link::Who;
use dm_core::table::{self, Line, LineError, Table, TableError};
use dm_core::words;

use crate::ctx::Ctx;
use crate::options::Id;

/// The most that is read of a table, in bytes: what the largest packet holds.
const TEXT_MAX: u64 = 1 << 30;

/// The table that the command line gives: `--table`, else `file`, else standard input.
///
/// # Errors
///
/// It cannot be read, or is none; the text names the line and the source.
pub fn read(ctx: &mut Ctx<'_, '_>, file: Option<&Vec<u8>>) -> Result<Table, Failure> {
    if let Some(text) = ctx.options.value(Id::Table) {
        return parse(ctx, text, b"");
    }
    let (text, source) = match file {
        Some(path) => (read_file(path)?, path.as_slice()),
        None => (
            read_all(&mut ctx.input).map_err(|error| cannot_read(b"stdin", &error))?,
            &b"on stdin"[..],
        ),
    };
    parse(ctx, &text, source)
}

/// The table that `text` is.
///
/// # Errors
///
/// It is none; the text names the line and the `source`.
pub fn parse(ctx: &Ctx<'_, '_>, text: &[u8], source: &[u8]) -> Result<Table, Failure> {
    let table = table::parse(text).map_err(|error| refuse(text, source, error))?;
    let folder = match ctx.session.who() {
        Who::Kernel => None,
        Who::Engine => std::env::current_dir().ok(),
    };
    Ok(table.into_iter().map(|line| as_sent(line, folder.as_deref())).collect())
}

fn refuse(text: &[u8], source: &[u8], error: TableError) -> Failure {
    match error.why {
        LineError::Format => {
            let number = format!("Invalid format on line {} of table ", error.line);
            Failure::line([number.as_bytes(), source, b"."].concat())
        }
        LineError::TypeTooLong => {
            let line = text.split(|&byte| byte == b'\n').nth(error.line.saturating_sub(1));
            let name = line.and_then(type_of).unwrap_or_default();
            Failure::line([b"Target type name ", name, b" is too long."].concat())
        }
    }
}

/// The type on a line that has one.
fn type_of(line: &[u8]) -> Option<&[u8]> {
    let start = number::scan(line, 10)?;
    let rest = number::scan(start.rest, 10)?.rest.trim_ascii();
    rest.split(|&byte| words::is_space(byte)).next()
}

fn read_file(path: &[u8]) -> Result<Vec<u8>, Failure> {
    let file = fs::File::open(OsStr::from_bytes(path));
    let mut file =
        file.map_err(|_| Failure::line([b"Couldn't open '", path, b"' for reading."].concat()))?;
    match read_all(&mut file) {
        // quirk: a folder has no lines, which makes it an empty table.
        Err(error) if error.kind() == io::ErrorKind::IsADirectory => Ok(Vec::new()),
        other => other.map_err(|error| cannot_read(path, &error)),
    }
}

/// The whole of standard input, where it holds the concise form.
///
/// # Errors
///
/// What reading says.
pub fn read_input(ctx: &mut Ctx<'_, '_>) -> Result<Vec<u8>, Failure> {
    read_all(&mut ctx.input).map_err(|error| cannot_read(b"stdin", &error))
}

fn read_all(input: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    input.take(TEXT_MAX).read_to_end(&mut text)?;
    Ok(text)
}

/// Half a table is worse than none: the original takes what it got for all there is.
fn cannot_read(source: &[u8], error: &io::Error) -> Failure {
    let why = dm_sys::os::errno(error);
    Failure::line([b"Couldn't read ", source, format!(": {why}").as_bytes()].concat())
}

/// A line as it is sent: backslashes doubled, for device-mapper takes one away; for the engine, which has
/// another working folder, relative paths are made absolute by `folder`.
fn as_sent(mut line: Line, folder: Option<&Path>) -> Line {
    let mut args = Vec::with_capacity(line.args.len());
    let mut index = 0;
    let mut rest = line.args.as_slice();
    while !rest.is_empty() {
        let blanks = rest.iter().take_while(|&&byte| words::is_space(byte)).count();
        args.extend(&rest[..blanks]);
        rest = &rest[blanks..];
        let end = rest.iter().position(|&byte| words::is_space(byte)).unwrap_or(rest.len());
        let word = &rest[..end];
        let absolute = folder
            .filter(|_| may_be_path(line.target.as_bytes(), index))
            .and_then(|folder| absolute(word, folder));
        match absolute {
            Some(path) => args.extend(words::one_word(path.as_os_str().as_bytes())),
            None => args.extend(words::double_backslashes(word)),
        }
        rest = &rest[end..];
        index += 1;
    }
    line.args = args;
    line
}

/// Whether a word of a target's arguments may name a device or a file.
fn may_be_path(target: &[u8], index: usize) -> bool {
    match target {
        b"linear" => index == 0,
        b"striped" => index >= 2 && index.is_multiple_of(2),
        _ => true,
    }
}

/// `word` below `folder`, if there is such a file.
fn absolute(word: &[u8], folder: &Path) -> Option<PathBuf> {
    let path = Path::new(OsStr::from_bytes(word));
    let below = folder.join(path);
    (!word.is_empty() && path.is_relative() && below.is_file()).then_some(below)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(text: &str, folder: Option<&Path>) -> String {
        let line = table::parse_line(text.as_bytes()).unwrap().unwrap();
        String::from_utf8(as_sent(line, folder).args).unwrap()
    }

    #[test]
    fn backslashes_are_doubled_and_blanks_kept() {
        assert_eq!(sent(r"0 8 linear  a\b   0", None), r"a\\b   0");
    }

    #[test]
    fn a_relative_path_is_made_absolute_for_the_engine() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("a b");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("disk"), b"").unwrap();
        fs::write(folder.join("0"), b"").unwrap();
        let path = folder.to_str().unwrap().replace(' ', r"\ ");
        assert_eq!(sent("0 8 linear disk 0", Some(&folder)), format!("{path}/disk 0"));
        assert_eq!(
            sent("0 8 striped 2 8 disk 0 /dev/x 0", Some(&folder)),
            format!("2 8 {path}/disk 0 /dev/x 0")
        );
        assert_eq!(sent("0 8 linear nosuch 0", Some(&folder)), "nosuch 0");
        assert_eq!(words::split(sent("0 8 linear disk 0", Some(&folder)).as_bytes()).len(), 2);
    }

    #[test]
    fn a_type_that_is_too_long_is_named() {
        let text = b"0 8 zero\n0 8 linearlinearlinear 1:0 0";
        let error = table::parse(text).unwrap_err();
        assert_eq!(
            refuse(text, b"", error).text,
            b"Target type name linearlinearlinear is too long.\n"
        );
    }

    #[test]
    fn the_source_is_named_where_it_has_a_name() {
        let text = b"0 8 zero\nx";
        let error = table::parse(text).unwrap_err();
        assert_eq!(
            refuse(text, b"on stdin", error).text,
            b"Invalid format on line 2 of table on stdin.\n"
        );
        assert_eq!(refuse(text, b"", error).text, b"Invalid format on line 2 of table .\n");
    }
}
