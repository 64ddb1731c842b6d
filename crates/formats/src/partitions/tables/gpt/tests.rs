use alloc::format;
use alloc::string::ToString;

use dm_testkit::partitions::{Image, MIB, gpt};

use super::*;
use crate::partitions::tests::{damage, image, outcome, table};

/// What is said of the image of this name.
fn said(name: &str) -> Vec<String> {
    outcome(&image(name)).messages.iter().map(ToString::to_string).collect()
}

/// The numbers of the slices of the image of this name.
fn numbers(name: &str) -> Vec<u16> {
    let table = outcome(&image(name)).table;
    table.map(|table| table.slices.iter().map(|slice| slice.number).collect()).unwrap_or_default()
}

#[test]
fn an_entry_says_all_of_its_slice() {
    let table = table("gpt-ok");
    let slice = &table.slices[1];
    assert_eq!((slice.number, slice.start.get(), slice.len.get()), (3, 4096, 4096));
    assert_eq!(slice.at, Bytes::new(1024 + 2 * 128));
    assert_eq!(slice.kind_name, Some("Linux filesystem"));
    assert_eq!(slice.unique, Some(Guid::from_bytes([3; 16])));
    assert_eq!(slice.label.as_deref(), Some("part 2"));
    assert_eq!(table.id, Some(Id::Guid(Guid::from_bytes([0x42; 16]))));
    assert!(!slice.bootable);
}

#[test]
fn an_attribute_marks_what_a_bios_boots() {
    let mut made = Image::new("boot", MIB);
    let [mut primary, backup] = gpt::pair(MIB, 512, 128, &[(0, 100, 200)]);
    primary.entries[48] = 4;
    gpt::pmbr(&mut made);
    primary.write(&mut made);
    backup.write(&mut made);
    let slice = outcome(&made).table.unwrap().slices.remove(0);
    assert!(slice.bootable);
    assert_eq!(slice.attributes, 4);
}

#[test]
fn addresses_count_logical_blocks() {
    let table = table("gpt-4k");
    assert_eq!((table.slices[0].start.get(), table.slices[0].len.get()), (2048, 2048));
    assert_eq!(table.slices[0].at, Bytes::new(8192));
}

#[test]
fn a_name_that_is_no_text_is_read_as_far_as_it_is() {
    let mut name = [0; 72];
    name[..6].copy_from_slice(&[b'a', 0, 0, 0xD8, b'b', 0]);
    assert_eq!(label(&name).as_deref(), Some("a\u{fffd}b"));
    assert_eq!(label(&[0; 72]), None);
}

#[test]
fn a_damaged_primary_is_named_and_the_backup_taken() {
    assert_eq!(numbers("gpt-pri-bad"), [1, 3, 128]);
    assert_eq!(said("gpt-pri-bad"), ["Primary GPT is invalid, using alternate GPT."]);
    assert_eq!(damage("gpt-pri-bad"), ["gpt primary, signature at byte 512: is not there"]);
    let [crc] = &damage("gpt-pri-bad-guid")[..] else { panic!() };
    assert!(crc.starts_with("gpt primary, header checksum at byte 528: is 0x"), "{crc}");
    let [entries] = &damage("gpt-pri-entries-bad")[..] else { panic!() };
    assert!(entries.starts_with("gpt primary, entries' checksum at byte 600: is 0x"), "{entries}");
    assert_eq!(table("gpt-pri-bad").slices[0].at, Bytes::new(16 * MIB - 512 - 16384));
}

#[test]
fn a_damaged_backup_is_named() {
    assert_eq!(numbers("gpt-sec-bad"), [1, 3, 128]);
    assert_eq!(said("gpt-sec-bad"), ["Alternate GPT is invalid, using primary GPT."]);
    assert_eq!(damage("gpt-sec-bad"), ["gpt backup, signature at byte 16776704: is not there"]);
}

#[test]
fn two_damaged_copies_are_named_though_there_is_no_table() {
    assert_eq!(numbers("gpt-both-bad"), [0; 0]);
    assert_eq!(said("gpt-both-bad"), [""; 0]);
    assert_eq!(damage("gpt-both-bad").len(), 2);
}

#[test]
fn a_disk_that_is_no_gpt_has_no_damaged_one() {
    assert_eq!(damage("dos-prim"), [""; 0]);
}

#[test]
fn a_missing_protective_mbr_is_named_with_and_without_force() {
    let text = "gpt label, protective MBR at byte 0: is not there";
    assert_eq!(damage("gpt-nopmbr"), [text]);
    assert_eq!(numbers("gpt-nopmbr"), [0; 0]);
    assert_eq!(damage("gpt-nopmbr-forced"), [text]);
    assert_eq!(numbers("gpt-nopmbr-forced"), [1, 3, 128]);
}

#[test]
fn a_disk_that_has_grown_is_said_to_have() {
    let at = 512 + 32;
    let last = 20 * MIB / 512 - 1;
    let text = format!("gpt primary, alternate block at byte {at}: is 0x7fff, should be {last:#x}");
    assert_eq!(damage("gpt-grown")[0], text);
    assert_eq!(said("gpt-grown").len(), 3);
}

#[test]
fn a_header_of_a_length_that_cannot_be_is_damaged() {
    let text = "gpt primary, header length at byte 524: is 0, should be 92 to 512";
    assert_eq!(damage("gpt-hdr0")[0], text);
    assert_eq!(numbers("gpt-hdr512"), [1, 3, 128]);
}

#[test]
fn entries_of_another_size_are_damage() {
    let text = "gpt primary, entry size at byte 596: is 0x100, should be 0x80";
    assert_eq!(damage("gpt-esz256")[0], text);
    assert_eq!(numbers("gpt-esz256"), [0; 0]);
}

#[test]
fn a_slice_that_ends_before_it_begins_is_named() {
    assert_eq!(table("gpt-endltstart").slices[0].len.get(), 18_446_744_073_709_550_617);
    assert!(
        damage("gpt-endltstart")
            .contains(&String::from("gpt slice 1, extent at byte 1024: ends before it begins"))
    );
}

#[test]
fn a_slice_past_the_end_is_named() {
    let text = "gpt slice 1, end at byte 1024: ends at sector 1099511627776, the disk at 32768";
    assert!(damage("gpt-beyond").contains(&String::from(text)));
}

#[test]
fn slices_that_overlap_are_named() {
    assert!(
        damage("gpt-overlap")
            .contains(&String::from("gpt slice 2, slice at byte 1152: overlaps slice 1"))
    );
}

#[test]
fn any_number_of_entries_is_bounded() {
    let mut made = Image::new("many", MIB);
    let [mut primary, _] = gpt::pair(MIB, 512, 128, &[(0, 100, 200)]);
    primary.count = u32::MAX;
    gpt::pmbr(&mut made);
    primary.write(&mut made);
    let outcome = outcome(&made);
    assert_eq!(outcome.table, None);
    let text = "gpt primary, number of entries at byte 592: is 4294967295, should be 1 to 32768";
    assert_eq!(outcome.damage[0].to_string(), text);
    assert_eq!(numbers("gpt-32768-entries"), [4]);
}

#[test]
fn the_block_that_a_table_was_written_for_is_found() {
    for (name, size) in [("gpt-ok", 512), ("gpt-2k", 2048), ("gpt-4k-as-512", 4096)] {
        let found = block_size(&image(name)).map(LogicalBlock::bytes);
        assert_eq!(found, Some(Bytes::new(size)), "{name}");
    }
    assert_eq!(block_size(&image("dos-prim")), None);
    assert_eq!(block_size(&image("gpt-pri-bad-guid")), None);
}

#[test]
fn a_disk_may_have_blocks_of_any_size() {
    for block in LogicalBlock::ALL {
        let size = u32::try_from(block.bytes().get()).unwrap();
        let mut made = Image::new("any", 16 * MIB).with_block(size);
        let copies = gpt::pair(made.size, size, 128, &[(4, 40, 49)]);
        gpt::pmbr(&mut made);
        for copy in copies {
            copy.write(&mut made);
        }
        let found = outcome(&made);
        assert_eq!((&found.messages[..], &found.damage[..]), (&[][..], &[][..]), "{size}");
        let slice = &found.table.unwrap().slices[0];
        let (start, len) = (40 * size / 512, 10 * size / 512);
        assert_eq!((slice.start.get(), slice.len.get()), (start.into(), len.into()));
        assert_eq!(block_size(&made), Some(block));
    }
}
