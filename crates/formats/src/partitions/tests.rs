use alloc::string::{String, ToString};

use dm_testkit::partitions::{self as images, Fault, Faulty, Image};

use super::*;
use dm_core::read_at::ReadAt;
use dm_core::units::Bytes;

/// What is read of an image as its own settings say.
pub(super) fn outcome(image: &Image) -> Outcome {
    look(image, image)
}

fn look(image: &Image, source: &dyn ReadAt) -> Outcome {
    let block = LogicalBlock::new(Bytes::new(image.block.into())).unwrap();
    let pmbr = if image.force_gpt { Pmbr::Ignored } else { Pmbr::Needed };
    let options = Options { only: image.only, pmbr, ..Options::default() };
    read(&mut Disk::new(source, block), &options)
}

/// The image of this name.
pub(super) fn image(name: &str) -> Image {
    images::named(name).unwrap().clone()
}

/// The table of the image of this name.
pub(super) fn table(name: &str) -> Table {
    outcome(&image(name)).table.unwrap()
}

/// What is said to be damaged in the image of this name.
pub(super) fn damage(name: &str) -> Vec<String> {
    outcome(&image(name)).damage.iter().map(ToString::to_string).collect()
}

#[test]
fn the_order_is_the_originals() {
    let names: Vec<&str> = TABLES.iter().map(|row| row.name).collect();
    let order = ["gpt", "dos", "bsd", "solaris", "unixware", "dasd", "mac", "sun", "ps3"];
    assert_eq!(names, order);
}

#[test]
fn the_first_table_with_a_slot_wins() {
    assert_eq!(table("mixed-sun-bsd-unixware").kind, "bsd");
    assert_eq!(table("mixed-only-sun").kind, "sun");
    assert_eq!(table("mixed-dos-bsd").kind, "dos");
}

#[test]
fn a_table_of_empty_slots_is_a_table() {
    let table = table("mixed-empty-dos");
    assert_eq!((table.kind, table.slices.len()), ("dos", 0));
}

#[test]
fn a_table_without_slots_is_none_but_known() {
    let outcome = outcome(&image("gpt-empty"));
    assert_eq!((outcome.table, outcome.empty), (None, Some("gpt")));
}

#[test]
fn a_name_that_no_kind_has_finds_nothing() {
    assert_eq!(outcome(&image("dos-only-nothing")), Outcome::default());
}

#[test]
fn nothing_is_said_of_a_disk_that_is_too_small() {
    for name in ["zero-bytes", "one-sector", "two-sectors", "small-20k", "one-block-4k"] {
        assert_eq!(outcome(&image(name)), Outcome::default(), "{name}");
    }
}

#[test]
fn a_disk_that_fails_is_complained_of_as_the_original_does() {
    let image = image("zeros");
    let outcome = look(&image, &Faulty::new(&image, Fault::Fails, 0));
    let said: Vec<u64> = outcome
        .messages
        .iter()
        .map(|message| match message {
            Message::Read { block } => *block,
            other => panic!("{other}"),
        })
        .collect();
    // dos, bsd, solaris, unixware, mac, sun, ps3; the others say nothing.
    assert_eq!(said, [0, 1, 1, 29, 0, 0, 0]);
    assert_eq!(outcome.table, None);
    let first = outcome.damage.first().unwrap().to_string();
    assert_eq!(first, "dos label, sector at byte 0: cannot be read: Input/output error");
}

#[test]
fn a_disk_may_fail_or_shrink_at_any_read() {
    for image in images::fixed() {
        let full = outcome(image).table;
        for nth in [0, 1, 2, 3, 4, 5, 7, 20, 130] {
            for fault in [Fault::Fails, Fault::Shrinks(Bytes::new(image.size / 2))] {
                let found = look(image, &Faulty::new(image, fault, nth)).table;
                let slots = found.map_or(0, |table| table.slices.len());
                assert!(slots <= usize::from(SLOTS_MAX), "{}", image.name);
            }
        }
        let never = look(image, &Faulty::new(image, Fault::Fails, u32::MAX)).table;
        assert_eq!(never, full, "{}", image.name);
    }
}

#[test]
fn no_table_costs_more_than_it_may() {
    for image in images::fixed().iter().chain(&images::dasd::endless()) {
        for block in LogicalBlock::ALL {
            let mut disk = Disk::new(image, block);
            for row in TABLES {
                let options = Options { only: Some(row.name), ..Options::default() };
                read(&mut disk, &options);
                let cost = disk.spent();
                assert!(cost.reads <= READS_MAX && cost.bytes <= BYTES_MAX, "{}", image.name);
            }
        }
    }
}

#[test]
fn a_sound_image_has_no_damage() {
    let sound = [
        "gpt-ok",
        "gpt-4k",
        "gpt-300",
        "dos-prim",
        "dos-logical",
        "dos-60log",
        "bsd-s1",
        "solaris-real",
        "unixware",
        "dasd-lnx1",
        "dasd-vol1",
        "mac-2048",
        "sun-hand",
        "zeros",
    ];
    for name in sound {
        assert_eq!(damage(name), [""; 0], "{name}");
    }
}
