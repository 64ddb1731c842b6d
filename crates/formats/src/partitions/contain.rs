//! Slices within slices: the rule that BSD and Sun labels share, where one slot is often the whole disk.

use dm_core::units::Sectors;

use super::damage::{Part, Why};
use super::message::Message;
use super::probe::Probe;
use super::slice::Slice;

/// Finds the container of each slice, and drops a slice that runs into the one after it.
///
/// A slice that lies within another has that one as its container, the last such in the table's order. One that
/// begins before another and ends within it is dropped: it keeps its slot, without a length. It is still compared
/// with the rest, and may be named again or get a container.
///
/// Ends are not cut to 32 bits as the original's are: a slice that ends past sector 2^32 lies where it says.
///
/// # Source
///
/// kpartx 0.14.3 and 0.9.4, by what they print for labels of all arrangements.
pub(super) fn contain(probe: &mut Probe<'_, '_>, label: &'static str, slices: &mut [Slice]) {
    for nth in 0..slices.len() {
        let Some(this) = slices.get(nth).cloned() else { return };
        if this.len.is_zero() {
            continue;
        }
        let end = this.end();
        let (mut container, mut dropped) = (None, None);
        for (other_nth, other) in slices.iter().enumerate() {
            if other_nth == nth || other.len.is_zero() {
                continue;
            }
            if this.start >= other.start {
                if end <= other.end() {
                    container = Some(other.number);
                }
            } else if end > Some(other.start) && end < other.end() {
                dropped = dropped.or(Some(other.number));
                probe.say(Message::Overlap { label, slice: nth, with: other_nth });
            }
        }
        if let Some(with) = dropped {
            probe.note(Part::Slice(this.number), "slice", this.at, Why::Overlaps(with));
        }
        if let Some(slot) = slices.get_mut(nth) {
            slot.container = container;
            if dropped.is_some() {
                slot.len = Sectors::ZERO;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec::Vec;

    use crate::partitions::tests::{image, outcome};

    /// Number, container and length of each slice of the image of this name.
    fn contained(name: &str) -> Vec<(u16, Option<u16>, u64)> {
        let slices = outcome(&image(name)).table.unwrap().slices;
        slices.iter().map(|slice| (slice.number, slice.container, slice.len.get())).collect()
    }

    #[test]
    fn the_last_that_contains_a_slice_is_its_container() {
        let up = [(1, Some(3), 1000), (2, Some(3), 5000), (3, None, 32768)];
        assert_eq!(contained("bsd-nested3"), up);
        let down = [(1, None, 32768), (2, Some(1), 5000), (3, Some(2), 1000)];
        assert_eq!(contained("bsd-nested-down"), down);
    }

    #[test]
    fn equal_slices_contain_each_other() {
        assert_eq!(contained("bsd-only-same"), [(1, Some(2), 4096), (2, Some(1), 4096)]);
    }

    #[test]
    fn a_container_may_be_dropped_later() {
        let dropped = [(1, Some(2), 2), (2, None, 0), (3, None, 10)];
        assert_eq!(contained("bsd-dropped-container"), dropped);
    }

    #[test]
    fn a_dropped_slice_is_still_compared() {
        let texts: Vec<_> =
            outcome(&image("bsd-overlaps")).messages.iter().map(ToString::to_string).collect();
        let label = "bsd_disklabel: slice";
        let wanted =
            [(0, 1), (0, 2), (1, 2)].map(|(a, b)| alloc::format!("{label} {a} overlaps with {b}"));
        assert_eq!(texts, wanted);
    }
}
