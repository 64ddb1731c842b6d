//! The text of a table, in both its forms, and how a line's arguments are split.

use dm_core::packet::specs;
use dm_core::{concise, table, words};

/// Reads `data` as a table and as whole devices on one line.
pub(super) fn target(data: &[u8]) {
    lines(data);
    for entry in concise::entries(data).flatten() {
        assert_eq!(entry.fields.len(), 5);
        let name = entry.field(0).unwrap_or_default();
        unescaped(name);
        lines(entry.field(4).unwrap_or_default());
    }
    split(data);
}

/// What is read as a table is the same table on the other side of an ioctl.
fn lines(text: &[u8]) {
    let Ok(table) = table::parse(text) else { return };
    let sendable = table.iter().all(|line| !line.args.contains(&0));
    let count = u32::try_from(table.len()).unwrap_or(u32::MAX);
    if sendable && count > 0 {
        assert_eq!(specs::decode_load(&specs::encode_load(&table), count), Ok(table));
    }
}

/// A name survives the concise form.
fn unescaped(name: &[u8]) {
    let mut text = concise::escape(name);
    text.extend_from_slice(b",,,,0 1 zero");
    let white = name.first().is_some_and(|&byte| words::is_space(byte));
    if let (false, Some(Ok(entry))) = (white, concise::entries(&text).next()) {
        assert_eq!(entry.field(0), Some(name));
    }
}

/// Words are never empty of meaning: put together again with their backslashes doubled, and white space
/// escaped, they are the same words.
fn split(text: &[u8]) {
    let found = words::split(text);
    let mut again = Vec::new();
    for word in found.iter().filter(|word| !word.is_empty()) {
        for &byte in word {
            if byte == b'\\' || words::is_space(byte) {
                again.push(b'\\');
            }
            again.push(byte);
        }
        again.push(b' ');
    }
    let full: Vec<_> = found.into_iter().filter(|word| !word.is_empty()).collect();
    assert_eq!(words::split(&again), full);
    for word in words::split(&words::double_backslashes(text)) {
        assert!(!word.is_empty());
    }
}
