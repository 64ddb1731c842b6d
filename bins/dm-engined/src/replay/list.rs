//! A log's entries, for people and for programs.

use std::io::{self, Write as _};

use comfy_table::Table;
use dm_core::log_writes::{Block, Entry, EntryFlags, Logged};
use dm_core::units::Bytes;
use serde::Serialize;

use super::Source;
use super::select::Selection;
use crate::Failure;

/// An entry as JSON.
#[derive(Debug, Serialize)]
struct Row {
    number: u64,
    at_bytes: u64,
    start_sector: u64,
    sectors: u64,
    data_bytes: u64,
    /// What it is: `write`, `discard`, `mark`, with `flush`, `fua`, `metadata` behind it.
    what: String,
    /// Its text, where it is a mark; what is no UTF-8 in it is replaced.
    mark: Option<String>,
}

impl Row {
    fn of(logged: &Logged, block: Block) -> Self {
        let entry = &logged.entry;
        let range = entry.range(block).map(|(start, len)| [start, len].map(Bytes::whole_sectors));
        let [start, len] = range.unwrap_or_default();
        let text = String::from_utf8_lossy(&entry.text).into_owned();
        Self {
            number: logged.number,
            at_bytes: logged.at.get(),
            start_sector: start.get(),
            sectors: len.get(),
            data_bytes: logged.data_len.get(),
            what: what(entry),
            mark: entry.flags.contains(EntryFlags::MARK).then_some(text),
        }
    }
}

fn what(entry: &Entry) -> String {
    let is = |flag| entry.flags.contains(flag);
    let kinds = EntryFlags::DISCARD | EntryFlags::MARK;
    let words = [
        ("write", entry.len > 0 && !entry.flags.intersects(kinds)),
        ("discard", is(EntryFlags::DISCARD)),
        ("mark", is(EntryFlags::MARK)),
        ("flush", is(EntryFlags::FLUSH)),
        ("fua", is(EntryFlags::FUA)),
        ("metadata", is(EntryFlags::METADATA)),
    ];
    let words: Vec<&str> = words.iter().filter(|word| word.1).map(|word| word.0).collect();
    words.join(" ")
}

/// Prints the entries.
///
/// # Errors
///
/// [`Failure`] when the log cannot be read to the end of what is wanted; what was read is printed before.
pub(super) fn print(log: &Source<'_>, wanted: &Selection<'_>, json: bool) -> Result<(), Failure> {
    if json { print_json(log, wanted) } else { print_table(log, wanted) }
}

fn print_table(log: &Source<'_>, wanted: &Selection<'_>) -> Result<(), Failure> {
    let head = log.reader()?.head();
    super::print(&format!("{} entries, blocks of {} bytes", head.entries, head.block.bytes()))?;
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_header(["entry", "at byte", "what", "sector", "sectors", "text"]);
    let mut failed = None;
    for logged in wanted.entries(log)? {
        let row = match logged {
            Ok(logged) => Row::of(&logged, head.block),
            Err(failure) => {
                failed = Some(failure);
                break;
            }
        };
        let has_blocks = row.sectors > 0;
        let place = |n: u64| if has_blocks { n.to_string() } else { String::new() };
        table.add_row([
            row.number.to_string(),
            row.at_bytes.to_string(),
            row.what.clone(),
            place(row.start_sector),
            place(row.sectors),
            row.mark.as_deref().unwrap_or_default().escape_debug().to_string(),
        ]);
    }
    super::print(&table.to_string())?;
    failed.map_or(Ok(()), Err)
}

/// One object; its entries are printed as they are read.
fn print_json(log: &Source<'_>, wanted: &Selection<'_>) -> Result<(), Failure> {
    let head = log.reader()?.head();
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut put = |text: &str| write!(out, "{text}").map_err(|error| Failure::of(&error));
    let bytes = head.block.bytes();
    put(&format!(
        "{{\"schema\":1,\"counted\":{},\"block_bytes\":{bytes},\"entries\":[",
        head.entries
    ))?;
    let mut parting = "\n";
    for logged in wanted.entries(log)? {
        let row = Row::of(&logged?, head.block);
        let row = serde_json::to_string(&row).map_err(|error| Failure::of(&error))?;
        put(&format!("{parting}{row}"))?;
        parting = ",\n";
    }
    put("\n]}\n")?;
    out.flush().map_err(|error| Failure::of(&error))
}
