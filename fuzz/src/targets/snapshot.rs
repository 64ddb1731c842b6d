//! The store of dm-snapshot: what is read of it lies on its devices, once.

use dm_core::snapshot::{Header, Walk};
use dm_core::units::{Bytes, Sectors};

/// How large the origin is.
const ORIGIN: Sectors = Sectors::new(1 << 20);

/// Reads `data` as a cow: its header, then its entries to their end, a few sectors at a time.
pub(super) fn target(data: &[u8]) {
    let Ok(Some(header)) = Header::parse(data) else { return };
    assert_eq!(Header::parse(&header.to_block(512)), Ok(Some(header)));
    let (chunk, cow) = (header.chunk, Bytes::new(data.len() as u64).whole_sectors());
    let mut walk = Walk::new(chunk, ORIGIN, cow);
    loop {
        let Ok(wanted) = walk.wanted() else { return };
        let Some((start, len)) = wanted else { break };
        let end = start.saturating_add(len.min(Sectors::new(3)));
        assert!(end <= cow);
        let at = |sectors: Sectors| usize::try_from(sectors.get() * 512).expect("within the data");
        let piece = &data[at(start)..at(end)];
        let Ok(used) = walk.take(piece) else { return };
        assert!(used <= piece.len());
    }
    let contents = walk.into_contents();
    let (mut from, mut count) = (0, 0);
    while let Some((old, new)) = contents.exceptions.next_from(from) {
        assert!(chunk.start(old).is_some_and(|start| start < ORIGIN));
        assert!(chunk.fits(new, cow) && !chunk.is_metadata(new) && new < contents.next_free);
        (from, count) = (old + 1, count + 1);
    }
    assert_eq!(count, contents.exceptions.len());
    assert_eq!(count, contents.area * chunk.entries() + contents.index);
    assert_eq!(chunk.data_from(contents.next_free), contents.next_free);
}
