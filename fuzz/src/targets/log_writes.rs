//! The log of dm-log-writes: what is read of it comes back from what is written of it.

use dm_core::log_writes::{Entry, LogError, Reader, Super};
use dm_core::read_at::ReadAt as _;

/// Reads `data` as a log to its end, and its first bytes as an entry.
pub(super) fn target(data: &[u8]) {
    if let Ok(entry) = Entry::parse(data) {
        assert!(entry.text.len() <= data.len());
    }
    let Ok(reader) = Reader::open(data) else { return };
    let head = reader.head();
    assert_eq!(Super::parse(&head.to_block()), Ok(Some(head)));
    let (mut end, mut number) = (head.block.bytes(), 0);
    for read in reader {
        if let Err(LogError::Entry { number: which, at, .. }) = &read {
            assert_eq!((*which, *at), (number, end));
            return;
        }
        let logged = read.expect("nothing but an entry is damaged");
        assert_eq!((logged.number, logged.at), (number, end));
        assert_eq!(Entry::parse(&logged.entry.to_block(head.block)), Ok(logged.entry.clone()));
        end = logged.data.checked_add(logged.data_len).expect("within the log");
        assert!(end <= data.size());
        number += 1;
    }
    assert_eq!(number, head.entries);
}
