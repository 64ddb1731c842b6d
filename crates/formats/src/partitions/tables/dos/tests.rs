use super::*;
use crate::partitions::SLOTS_MAX;
use crate::partitions::tests::{damage, image, outcome, table};

/// Number, start and length of each slice of the image of this name.
fn extents(name: &str) -> Vec<(u16, u64, u64)> {
    let slices = table(name).slices;
    slices.iter().map(|slice| (slice.number, slice.start.get(), slice.len.get())).collect()
}

#[test]
fn an_entry_says_all_of_its_slice() {
    let table = table("dos-active");
    let slice = &table.slices[0];
    assert_eq!(table.id, Some(Id::Number(0xDEAD_BEEF)));
    assert_eq!((slice.bootable, slice.kind_name), (true, Some("Linux")));
    assert_eq!((slice.kind.clone(), slice.at), (Some(Id::Number(0x83)), Bytes::new(446)));
}

#[test]
fn logical_partitions_lie_in_their_extended_one() {
    let slices = table("dos-logical").slices;
    assert_eq!(
        extents("dos-logical")[3..],
        [(4, 16384, 2), (5, 18432, 2048), (6, 22528, 4096), (7, 28672, 8192)]
    );
    assert!(slices[4..].iter().all(|slice| slice.container == Some(4)));
    assert_eq!(slices[5].at, Bytes::new(20480 * 512 + 446));
}

#[test]
fn an_extended_partition_is_as_long_as_a_boot_loader() {
    assert_eq!(extents("dos-4k")[1], (2, 8192, 8));
    assert_eq!(extents("dos-1k")[1], (2, 2048, 2));
    assert_eq!(extents("dos-ext-no-length"), [(1, 64, 2), (5, 65, 1)]);
}

#[test]
fn an_entry_of_no_type_takes_a_number() {
    assert_eq!(extents("dos-log-hole"), [(1, 2048, 2), (6, 3135, 500), (7, 4159, 600)]);
    assert_eq!(extents("dos-2ext")[3..], [(5, 2111, 500), (7, 16447, 700)]);
}

#[test]
fn a_chain_may_have_99_records_in_a_row_without_a_slice() {
    assert_eq!(extents("dos-linkchain99").len(), 2);
    assert_eq!(extents("dos-linkchain100").len(), 1);
    let text = "dos chain of slice 1, records without a slice at byte 102400: goes on when there are no slots left";
    assert_eq!(damage("dos-linkchain100"), [text]);
}

#[test]
fn a_chain_in_a_circle_ends_with_the_slots() {
    let found = outcome(&image("dos-selfloop2"));
    assert_eq!(found.table.unwrap().slices.last().unwrap().number, SLOTS_MAX);
    assert_eq!(found.messages, [Message::DosTooManySlices]);
    assert_eq!(found.damage[0].why, Why::Circle);
    assert_eq!(found.damage[0].at, Bytes::new(3072 * 512));
}

#[test]
fn a_circle_without_slices_ends_too() {
    assert_eq!(extents("dos-barren-loop").len(), 1);
    assert_eq!(outcome(&image("dos-barren-loop")).damage.len(), 2);
}

#[test]
fn a_link_past_the_end_is_said_and_the_rest_kept() {
    let found = outcome(&image("dos-ebr-beyond"));
    assert_eq!(found.table.unwrap().slices.len(), 3);
    assert_eq!(found.messages, [Message::Seek]);
    let text = "dos chain of slice 2, sector at byte 2148532224: past the end of the disk";
    assert_eq!(damage("dos-ebr-beyond")[0], text);
}

#[test]
fn a_record_that_is_none_is_named() {
    let text = "dos chain of slice 2, signature at byte 1049086: is not there";
    assert_eq!(damage("dos-ebr-nosig"), [text]);
}

#[test]
fn numbers_of_more_than_32_bits_stay_whole() {
    assert_eq!(extents("dos-far-4k")[2], (5, 0x1_0000_0208, 0x1_0000_0038));
}

#[test]
fn an_entry_that_protects_a_gpt_makes_it_none() {
    assert_eq!(outcome(&image("dos-ee-second")).table, None);
    assert_eq!(outcome(&image("dos-ee-last")).table, None);
}
