//! What arrives at the daemon's socket: requests, one after another, until one is none.

use dm_core::packet::HEADER_SIZE;
use dm_sys::socket::{HEAD, decode_head, read_request, write_reply};

/// Reads `data` as the stream of a connection.
pub(super) fn target(data: &[u8]) {
    let mut stream = data;
    while let Ok(Some((number, packet))) = read_request(&mut stream) {
        assert!((HEADER_SIZE..=data.len()).contains(&packet.size()));
        let mut head = [0; HEAD];
        head[..4].copy_from_slice(&number.to_le_bytes());
        head[4..].copy_from_slice(&packet.to_bytes()[..HEADER_SIZE]);
        let read = decode_head(&head).expect("it was read");
        assert_eq!((read.number, read.size), (number, packet.size()));

        let mut reply = Vec::new();
        write_reply(&mut reply, None, &packet).expect("memory takes all");
        assert_eq!(reply.len(), 4 + packet.size());
    }
}
