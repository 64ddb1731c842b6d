mod changes;
mod stale;

use alloc::vec::Vec;

use dm_testkit::raid::isw::{Isw, Volume};
use dm_testkit::raid::{Disk as Fixture, flipped};

use super::mpb::as_stored;
use super::*;
use crate::raid::{self, Disk, Fate, Kind, Reading, Status};

/// The family of the worked example: a mirror of two.
fn mirror() -> Isw {
    let mut family = Isw::of(2, [Volume { domains: 2, ..Volume::default() }]);
    for (scsi, disk) in [0, 0x1_0000].into_iter().zip(&mut family.disks) {
        disk.scsi = scsi;
    }
    family
}

fn look(fixture: &Fixture) -> Reading {
    let serial = fixture.serial.as_deref().map(str::as_bytes);
    raid::read(&Disk { path: b"disk", serial, source: &fixture.image }, &[&TYPE])
}

/// What the only sighting is said to be.
fn fate(fixture: &Fixture) -> alloc::string::String {
    let reading = look(fixture);
    assert!(reading.found.is_none());
    let [seen] = &reading.sightings[..] else { panic!("{:?}", reading.sightings) };
    alloc::format!("{}; checksum {}", seen.fate, seen.checksum)
}

#[test]
fn the_worked_checksum_is_right() {
    let bytes = mirror().bytes();
    assert_eq!(bytes[0x20..0x24], 0x51f7_42db_u32.to_le_bytes());
    assert_eq!(mpb::sum(&bytes[..480]), 0x51f7_42db);
}

#[test]
fn a_disk_is_a_part_of_its_group_and_of_each_volume() {
    let reading = look(&mirror().disk(2));
    let found = reading.found.unwrap();
    assert_eq!(found.record.name, b"isw_dafebjijg");
    assert_eq!((found.record.kind, found.record.len.get()), (Kind::Group, 262_142));
    let [group, volume] = &found.members[..] else { panic!("{:?}", found.members) };
    assert_eq!((&group.set, group.order), (&found.record.name, 1));
    assert_eq!(volume.set, b"isw_dafebjijg_Vol0");
    assert_eq!((volume.kind, volume.wanted, volume.len.get()), (Kind::Raid1, 2, 100_000));
    assert_eq!((volume.status, volume.volume_len.unwrap().get()), (Status::Ok, 200_000));
    assert_eq!(reading.sightings[0].fate, Fate::Used);
    assert_eq!(reading.sightings[0].generation, Some(1));
}

#[test]
fn what_is_there_and_of_no_use_says_why() {
    let anchor = 262_142 * 512;
    let mut wrong = mirror().disk(1);
    wrong.image = flipped(wrong.image, anchor + 0x20);
    assert_eq!(
        fate(&wrong),
        "damaged: check_sum at byte 134216736: is 0x51f74224, should be 0x51f742db; \
         checksum is 0x51f74224, should be 0x51f742db"
    );
    let claims = |claims| Isw { claims, ..mirror() };
    assert_eq!(
        fate(&claims((Some(0), None, None)).disk(1)),
        "damaged: mpb_size at byte 134216740: is 0, should be 1 to 1048576; checksum none"
    );
    assert_eq!(
        fate(&claims((None, Some(200), None)).disk(1)),
        "damaged: num_disks at byte 134216760: is 200, should be 0 to 6; checksum right"
    );
    assert_eq!(
        fate(&claims((None, None, Some(5))).disk(1)),
        "damaged: num_raid_devs at byte 134216761: is 5, should be 0 to 1; checksum right"
    );
}

#[test]
fn a_disk_that_the_table_lacks_is_passed_over() {
    let text = fate(&mirror().disk(9));
    assert_eq!(
        text,
        "passed over: no disk of its table has this disk's serial number; checksum right"
    );
    let text = fate(&mirror().known_as(None));
    assert_eq!(text, "passed over: the disk's serial number is not known; checksum right");
}

#[test]
fn members_are_in_the_order_of_their_places() {
    let stripe = |places| Volume { level: 0, members: 3, places, ..Volume::default() };
    let order = |places: &[u32], number| {
        let family = Isw::of(3, [stripe(Some(places.into()))]);
        look(&family.disk(number)).found.unwrap().members[1].order
    };
    assert_eq!([1, 2, 3].map(|number| order(&[2, 0, 1], number)), [1, 2, 0]);
    // The bits above the number say how the disk is.
    assert_eq!([1, 2, 3].map(|number| order(&[0x0100_0002, 0, 1], number)), [1, 2, 0]);
    // No order at all: that of the disk table.
    assert_eq!([1, 2, 3].map(|number| order(&[1, 1, 0], number)), [0, 1, 2]);
}

#[test]
fn what_linux_makes_is_read_in_the_order_of_each_volume() {
    let case = dm_testkit::raid::mdadm::imsm_two();
    let orders = |volume: usize| -> Vec<u64> {
        case.disks.iter().map(|disk| look(disk).found.unwrap().members[volume].order).collect()
    };
    assert_eq!(look(&case.disks[0]).found.unwrap().members[2].kind, Kind::Raid5La);
    assert_eq!([orders(1), orders(2)], [[0, 1, 2], [1, 2, 0]]);
}

#[test]
fn no_mark_nothing_seen() {
    let mut disk = mirror().disk(1);
    disk.image = flipped(disk.image, 262_142 * 512);
    let reading = look(&disk);
    assert!(reading.found.is_none() && reading.sightings.is_empty());
}

#[test]
fn serial_numbers_are_stored_without_white_space() {
    assert_eq!(as_stored(b"  WD-123 45:6 "), b"WD-12345;6");
    assert_eq!(as_stored(b"xyz0123456789ABCDEF"), b"0123456789ABCDEF");
}

#[test]
fn an_image_names_the_disks_of_its_family() {
    let fixture = mirror().known_as(None);
    let disk = Disk { path: b"image", serial: None, source: &fixture.image };
    let named = raid::named_on(&disk);
    let serials: Vec<&[u8]> = named.iter().map(|named| &named.serial[..]).collect();
    assert_eq!(serials, [b"SERIALDISK0001", b"SERIALDISK0002"]);
    assert_eq!(named[0].len.get(), 262_144);
    for named in named {
        let disk = Disk { serial: Some(&named.serial), ..disk };
        assert!(raid::read(&disk, &[&TYPE]).found.is_some());
    }
}
