use dm_testkit::partitions::{Image, dasd};

use super::*;
use crate::partitions::tests::{damage, image, outcome, table};
use crate::partitions::{Disk, LogicalBlock, Options, Outcome, read};

/// Start and length of each slice.
fn extents(outcome: Outcome) -> Vec<(u64, u64)> {
    let slices = outcome.table.map(|table| table.slices).unwrap_or_default();
    slices.iter().map(|slice| (slice.start.get(), slice.len.get())).collect()
}

fn with(image: &Image, dasd: Dasd) -> Outcome {
    let block = LogicalBlock::new(Bytes::new(image.block.into())).unwrap();
    read(&mut Disk::new(image, block), &Options { dasd, ..Options::default() })
}

#[test]
fn a_track_has_what_a_3390s_has() {
    let sizes = [512, 1024, 2048, 4096].map(in_track);
    assert_eq!(sizes, [49, 33, 21, 12]);
}

#[test]
fn the_linux_layout_is_one_slice_behind_the_label() {
    assert_eq!(extents(outcome(&image("dasd-lnx1-real"))), [(3, 32337)]);
    assert_eq!(extents(outcome(&image("dasd-lnx1-f2"))), [(3, 19997)]);
    assert_eq!(extents(outcome(&image("dasd-lnx1-f2-large"))), [(3, 32765)]);
    assert_eq!(table("dasd-lnx1-f2").id, Some(Id::Text(String::from("TEST01"))));
}

#[test]
fn a_size_that_ends_before_the_slice_begins_is_none() {
    assert_eq!(extents(outcome(&image("dasd-lnx1-f2-none"))), []);
    let text = "dasd label, formatted blocks at byte 1104: is 1, should be 3 to 32768";
    assert_eq!(damage("dasd-lnx1-f2-none"), [text]);
}

#[test]
fn cms_counts_in_its_own_blocks() {
    assert_eq!(extents(outcome(&image("dasd-cms1"))), [(3, 19997)]);
    assert_eq!(extents(outcome(&image("dasd-cms1-res"))), [(100, 19899)]);
    assert_eq!(extents(outcome(&image("dasd-cms1-4k-in-512"))), [(24, 15976)]);
    assert_eq!(
        damage("dasd-cms1-no-size"),
        ["dasd label, block size at byte 1036: is 0, should be 512 to 4096"]
    );
}

#[test]
fn data_sets_are_slices_in_their_order() {
    let found = table("dasd-vol1");
    let extent = |slice: &Slice| (slice.number, slice.start.get(), slice.len.get());
    assert!(found.slices.iter().map(extent).eq([(1, 98, 7987), (2, 8085, 7350)]));
    assert_eq!(found.slices[0].label.as_deref(), Some("TEST"));
}

#[test]
fn a_data_set_that_ends_before_it_begins_has_no_length() {
    assert_eq!(extents(outcome(&image("dasd-vol1-backwards")))[0].1, 0);
    let texts = damage("dasd-vol1-backwards");
    assert!(texts[0].ends_with("ends before it begins"), "{texts:?}");
}

#[test]
fn lists_end_at_the_disks_end_and_at_the_last_slot() {
    let [skipped, slots] = &dasd::endless()[..] else { panic!() };
    assert_eq!(outcome(skipped).empty, Some("dasd"));
    let found = outcome(slots);
    assert_eq!(found.table.unwrap().slices.len(), 256);
    assert!(found.damage.iter().any(|damage| damage.why == Why::TooMany));
}

#[test]
fn a_dasd_needs_no_label() {
    let image = Image::new("plain", 1 << 20).with_block(4096);
    let always = Dasd { site: DasdSite::Always, ..Dasd::default() };
    assert_eq!(extents(with(&image, always)), [(24, 2024)]);
    assert_eq!(extents(with(&image, Dasd::default())), []);
}

#[test]
fn a_map_over_another_disk_is_none() {
    let never = Dasd { site: DasdSite::Never, ..Dasd::default() };
    assert_eq!(extents(with(&image("dasd-lnx1"), never)), []);
}

#[test]
fn what_the_driver_says_counts() {
    let mut image = image("dasd-lnx1-real");
    // The label is moved to block 1, where an FBA disk has it.
    image.put(512, &[0xD3, 0xD5, 0xE7, 0xF1]);
    image.put(1024, &[0; 512]);
    let info = DasdInfo { label_block: 1, fba_layout: true, kind: *b"FBA " };
    let fba = Dasd { site: DasdSite::Always, info: Some(info), geometry: None };
    assert_eq!(extents(with(&image, fba)), [(2, 32766)]);
}

#[test]
fn a_geometry_of_any_size_is_no_harm() {
    let most = Geometry { cylinders: u32::MAX, heads: u32::MAX, sectors: u32::MAX };
    let asked = Dasd { geometry: Some(most), ..Dasd::default() };
    for name in ["dasd-vol1", "dasd-vol1-far", "dasd-lnx1-real"] {
        assert!(extents(with(&image(name), asked)).len() <= 1);
    }
}

#[test]
fn blocks_that_no_dasd_has_are_not_looked_at() {
    let image = image("dasd-lnx1-4k").with_block(8192);
    assert_eq!(extents(outcome(&image)), []);
}
