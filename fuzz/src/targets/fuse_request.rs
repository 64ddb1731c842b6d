//! What the kernel asks of a FUSE mount: requests that say how long they are, and need not be.

use dm_engine::frontend::fuse::wire::{HEADER, Header, Request, WRITE_HEADER};

/// Reads `data` as a request, as a queue does: what is short, from its first bytes alone.
pub(super) fn target(data: &[u8]) {
    let Ok(header) = Header::decode(data, data.len()) else { return };
    assert_eq!(header.len, data.len());
    assert!(Header::decode(data, data.len() + 1).is_err(), "it says another length than came");
    let whole = Request::decode(&header, &data[HEADER..]);
    if header.is_short() {
        let first = &data[HEADER..data.len().min(WRITE_HEADER)];
        assert_eq!(Request::decode(&header, first), whole);
    }
    match whole {
        Ok(Request::Write(write)) => {
            assert_eq!(usize::try_from(write.len).ok(), data.len().checked_sub(WRITE_HEADER));
        }
        Ok(Request::Lookup(name)) => {
            let name = name.as_encoded_bytes();
            assert!(!name.contains(&0) && HEADER + name.len() < data.len());
        }
        Ok(Request::Unanswered) => assert!(!header.is_answered()),
        Ok(Request::SetAttributes { .. } | Request::Init { .. }) | Err(_) => {}
        Ok(_) => assert!(header.is_answered()),
    }
}
