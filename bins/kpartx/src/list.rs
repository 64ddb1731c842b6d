//! `-l`: a line for each slice.
//!
//! Slices of the disk come first, then those that lie in others, relative to these. A container is called by a
//! number that is not its own: the place of its line, from 0, or 0 where its line is still to come. A slash in a
//! delimiter stays one here, though the map's name has `!` for it.
//!
//! # Source
//!
//! kpartx 0.9.4 and 0.14.3, by running them.

use std::collections::BTreeMap;

use dm_formats::partitions::Slice;

use crate::operand::{Whole, plain_name};

/// The lines, each with its end.
pub fn lines(slices: &[Slice], whole: &Whole, delimiter: Option<&[u8]>) -> Vec<u8> {
    let live = || slices.iter().filter(|slice| !slice.len.is_zero());
    let name = |slice: &Slice| plain_name(&whole.base, delimiter, slice.number);
    let (mut text, mut places) = (Vec::new(), BTreeMap::new());
    for slice in live().filter(|slice| slice.container.is_none()) {
        places.insert(slice.number, places.len());
        text.extend(line(&name(slice), slice.len.get(), &whole.shown, slice.start.get()));
    }
    for slice in live() {
        let Some(container) = slice.container else { continue };
        places.insert(slice.number, places.len());
        let place = places.get(&container).copied().unwrap_or(0);
        let start = slices.iter().find(|other| other.number == container);
        let start = start.map_or(0, |container| container.start.get());
        // The original's arithmetic wraps too.
        let within = slice.start.get().wrapping_sub(start);
        let device = format!("/dev/dm-{place}").into_bytes();
        text.extend(line(&name(slice), slice.len.get(), &device, within));
    }
    text
}

fn line(name: &[u8], len: u64, device: &[u8], start: u64) -> Vec<u8> {
    let (len, start) = (format!(" : 0 {len} "), format!(" {start}\n"));
    [name, len.as_bytes(), device, start.as_bytes()].concat()
}
