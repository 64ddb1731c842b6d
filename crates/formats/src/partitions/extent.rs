//! Whether slices lie on the disk, and apart from each other.

use alloc::vec::Vec;

use dm_core::units::Sectors;

use super::damage::{Damage, Part, Why};
use super::slice::Slice;
use super::{Nested, TableType};

/// Notes each slice that ends past the disk's end, and each that overlaps one before it in the same container.
/// The slices stay as they are: what the table says is listed, and the kernel refuses what does not fit.
pub(super) fn check(row: &TableType, disk: Sectors, slices: &[Slice], damage: &mut Vec<Damage>) {
    let live = || slices.iter().filter(|slice| !slice.len.is_zero());
    let mut note = |slice: &Slice, field, why| {
        let (part, at) = (Part::Slice(slice.number), slice.at);
        damage.push(Damage { table: row.name, part, field, at, why });
    };
    for slice in live() {
        let end = slice.end();
        if end.is_none_or(|end| end > disk) {
            note(slice, "end", Why::PastEnd { end, disk });
        }
    }
    let mut sorted: Vec<&Slice> = live().filter(|slice| slice.end().is_some()).collect();
    sorted.sort_by_key(|slice| (slice.container, slice.start));
    let mut furthest: Option<&Slice> = None;
    for slice in sorted {
        let before = furthest.filter(|before| before.container == slice.container);
        let longer = before.is_none_or(|before| slice.end() > before.end());
        if let Some(before) = before
            && Some(slice.start) < before.end()
            && (row.nested == Nested::Never || (longer && slice.start > before.start))
        {
            note(slice, "slice", Why::Overlaps(before.number));
        }
        if longer {
            furthest = Some(slice);
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use dm_core::units::Bytes;

    use super::*;
    use crate::partitions::TABLES;

    fn checked(nested: Nested, extents: &[(u64, u64)]) -> Vec<(Part, Why)> {
        let slice = |(nth, (start, len)): (usize, &(u64, u64))| {
            Slice::new(u16::try_from(nth + 1).unwrap(), *start, *len, Bytes::ZERO)
        };
        let slices: Vec<Slice> = extents.iter().enumerate().map(slice).collect();
        let mut damage = Vec::new();
        check(&TableType { nested, ..TABLES[0] }, Sectors::new(100), &slices, &mut damage);
        damage.into_iter().map(|damage| (damage.part, damage.why)).collect()
    }

    #[test]
    fn a_slice_past_the_end_is_noted() {
        let (end, disk) = (Some(Sectors::new(101)), Sectors::new(100));
        let past = (Part::Slice(2), Why::PastEnd { end, disk });
        assert_eq!(checked(Nested::Never, &[(0, 50), (90, 11)]), [past]);
    }

    #[test]
    fn a_slice_without_an_end_is_noted() {
        let past = (Part::Slice(1), Why::PastEnd { end: None, disk: Sectors::new(100) });
        assert_eq!(checked(Nested::Never, &[(50, u64::MAX)]), [past]);
    }

    #[test]
    fn slices_that_share_a_sector_are_noted() {
        let overlap = vec![(Part::Slice(1), Why::Overlaps(2))];
        assert_eq!(checked(Nested::Never, &[(19, 10), (10, 10)]), overlap);
        assert_eq!(checked(Nested::May, &[(19, 10), (10, 10)]), overlap);
        assert_eq!(checked(Nested::Never, &[(20, 10), (10, 10)]), []);
    }

    #[test]
    fn a_slice_within_another_is_wrong_only_where_none_may_be() {
        let extents = [(0, 100), (10, 10), (20, 10)];
        assert_eq!(checked(Nested::May, &extents), []);
        assert_eq!(checked(Nested::Never, &extents).len(), 2);
    }
}
