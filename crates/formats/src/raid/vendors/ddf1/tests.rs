use alloc::string::String;
use alloc::vec::Vec;
use alloc::{format, vec};

use dm_core::read_at::ReadAt as _;
use dm_testkit::raid::{self as made, Image, mdadm};

use super::*;
use crate::raid::sets::RaidSet;
use crate::raid::sets::together::Together;
use crate::raid::{Disk, Level, Reading};

fn reading(image: &Image) -> Reading {
    crate::raid::read(&Disk { path: b"/dev/a", serial: None, source: image }, &[&TYPE])
}

/// The first disk of the case of this name.
fn first(case: &str) -> Image {
    made::named(case).unwrap().disks[0].image.clone()
}

/// The sets of a case: name, kind, status, and the members' numbers.
fn sets_of(case: &str) -> Vec<String> {
    sets_on(made::named(case).unwrap())
}

fn sets_on(case: &made::Case) -> Vec<String> {
    shown_on(case).0
}

/// Likewise, and what is said of disks that are passed over.
fn shown_on(case: &made::Case) -> (Vec<String>, Vec<String>) {
    let together = Together::of(["a", "b", "c", "d", "e", "f"].into_iter().zip(&case.disks), &TYPE);
    let mut out = vec![];
    for set in &together.sets {
        lines(set, &mut out);
    }
    (out, together.passed_over)
}

fn lines(set: &RaidSet, out: &mut Vec<String>) {
    let name = String::from_utf8_lossy(&set.name);
    let members: Vec<usize> = set.members.iter().map(|member| member.disk).collect();
    out.push(format!("{name} {} {} {members:?}", set.kind_name(), set.status));
    for subset in &set.subsets {
        lines(subset, out);
    }
}

/// What became of the structures that are not used or copies, each with its reason.
fn damage(image: &Image) -> Vec<String> {
    let seen = reading(image).sightings.into_iter();
    let seen = seen.filter(|seen| !matches!(seen.fate, Fate::Used | Fate::Copy));
    seen.map(|seen| format!("{}, {}", seen.what, seen.fate)).collect()
}

#[test]
fn the_checksum_is_that_of_the_specifications_example() {
    // A stripe of two disks: the anchor depends on nothing but the disk's size.
    let found = reading(&first("ddf1-stripe")).found.unwrap();
    let container = Container::of(&found.areas).unwrap();
    assert_eq!(container.get(Which::Anchor).u32(4), 0xd7b1_7c7e);
    assert_eq!(container.get(Which::DiskData).u32(4), 0xf9a7_1e2e);
    for which in STRUCTURES.into_iter().filter(|which| *which != Which::Config) {
        let structure = container.get(which);
        let is_right = structure.checksum() == Checksum::Right;
        assert_eq!(is_right, !structure.bytes.is_empty(), "{which:?}");
    }
}

#[test]
fn both_byte_orders_say_the_same() {
    let [little, big] = ["ddf1-stripe", "ddf1-stripe-big"].map(|case| {
        let found = reading(&first(case)).found.unwrap();
        (found.record, found.members)
    });
    assert_eq!(little, big);
    let part = &little.1[1];
    assert_eq!(part.set, b"ddf1_myvd");
    assert_eq!((part.len.get(), part.stride.get(), part.wanted), (49_920, 128, 2));
}

#[test]
fn a_part_is_in_the_set_that_names_it() {
    let expected =
        [".ddf1_disks GROUP ok [0, 1, 2, 3]", "ddf1_A stripe ok [0, 1]", "ddf1_B mirror ok [2, 3]"];
    for case in ["ddf1-two-on-four", "ddf1-two-on-four-own", "ddf1-records-unused"] {
        assert_eq!(sets_of(case), expected, "{case}");
    }
}

#[test]
fn records_make_sets_of_sets() {
    let ten = sets_of("ddf1-ten");
    assert_eq!(ten[1], "ddf1_ten raid01 ok []");
    assert_eq!(ten[2..], ["ddf1_ten-0 mirror ok [0, 1]", "ddf1_ten-1 mirror ok [2, 3]"]);
    assert_eq!(sets_of("ddf1-ten-of-6")[1], "ddf1_ten raid01 ok []");
    assert_eq!(sets_of("ddf1-ten-half")[1], "ddf1_ten raid01 broken []");
    assert_eq!(sets_of("ddf1-mirror-of-stripes")[1], "ddf1_ten raid10 ok []");
}

#[test]
fn what_would_be_misread_is_not_activated() {
    let guard = |case| reading(&first(case)).found.unwrap().guard;
    assert!(guard("ddf1-fifty").is_some());
    assert_eq!(guard("ddf1-ten"), None);
}

#[test]
fn the_member_with_the_parity_of_raid4_comes_first() {
    assert_eq!(sets_of("ddf1-four")[1], "ddf1_r4 raid4 ok [0, 1, 2]");
    assert_eq!(sets_of("ddf1-four-n")[1], "ddf1_r4 raid4 ok [2, 0, 1]");
}

#[test]
fn a_container_of_linux_is_read() {
    let expected =
        [".ddf1_disks GROUP ok [0, 1]", "ddf1_A stripe ok [0, 1]", "ddf1_B mirror ok [0, 1]"];
    assert_eq!(sets_of("ddf1-linux"), expected);
    let seen = reading(&first("ddf1-linux")).sightings;
    assert!(seen.iter().all(|seen| seen.checksum == Checksum::Right), "{seen:?}");
}

#[test]
fn what_linux_makes_is_read() {
    let sets = sets_on(&mdadm::ddf_ten());
    assert_eq!(sets[0], ".ddf1_disks GROUP ok [0, 1, 2, 3]");
    assert_eq!(sets[1], "ddf1_ten raid01 ok []");
    assert_eq!(sets[2..], ["ddf1_ten-0 mirror ok [1, 3]", "ddf1_ten-1 mirror ok [0, 2]"]);
    assert_eq!(sets_on(&mdadm::ddf_four())[1], "ddf1_four raid4 ok [2, 1, 0]");
    for disk in mdadm::ddf_ten().disks {
        let Reading { found, sightings, .. } = reading(&disk.image);
        assert_eq!(found.unwrap().guard, None);
        assert!(sightings.iter().all(|seen| seen.checksum == Checksum::Right), "{sightings:?}");
    }
}

#[test]
fn names_are_kept_but_for_what_no_device_can_have() {
    // Before the kind, the status and the one member.
    let name = |case| sets_of(case)[1].rsplitn(4, ' ').last().map(String::from).unwrap();
    assert_eq!(name("ddf1-name-of-16"), "ddf1_ABCDEFGHIJKLMNOP");
    assert_eq!(name("ddf1-name-with-blank-and-slash"), "ddf1_my vd_1");
    let guid = "ddf1_564447554944303041414141424242424343434301020304";
    assert_eq!(name("ddf1-no-name"), guid);
    assert_eq!(name("ddf1-name-of-ones"), guid);
    let lsi = "ddf1_4c534920202020201011121314151617471147111c1d1e1f";
    assert_eq!(name("ddf1-no-name-lsi"), lsi);
}

#[test]
fn damage_says_where_it_is() {
    assert!(damage(&first("ddf1-anchor-none")).is_empty());
    let anchor = "anchor, passed over: not all of its tables are sound";
    let disk_data =
        "disk data, damaged: signature at byte 66606080: is 0x333333cc, should be 0x33333333";
    assert_eq!(damage(&first("ddf1-disk-data-bad")), [disk_data, anchor]);
    let config = "config records, damaged: offset at byte 66597080: ends at sector 2147548194, the disk at 131072";
    assert_eq!(damage(&first("ddf1-config-nowhere")), [config, anchor]);
}

#[test]
fn the_secondary_headers_tables_stand_in_for_the_primarys() {
    let image = first("ddf1-physical-bad-secondary");
    assert_eq!(damage(&image).len(), 1);
    assert_eq!(reading(&image).found.unwrap().members.len(), 2);
    let errors = reading(&image).log;
    let errors: Vec<_> = errors.messages().iter().filter(|one| one.level == Level::Error).collect();
    assert_eq!(errors[0].text, b"ddf1: cannot find physical drive record on /dev/a");
}

#[test]
fn an_erased_disk_has_nothing() {
    let mut image = first("ddf1-secondary");
    let found = reading(&image).found.unwrap();
    let patches = (TYPE.erase)(&found);
    assert_eq!(patches.len(), 3);
    for patch in &patches {
        image.put(patch.at.get(), &patch.bytes);
    }
    assert!(reading(&image).found.is_none());
    assert!(reading(&image).sightings.is_empty());
    // What was cleared can be put back.
    for dump in (TYPE.dump)(&found) {
        image.put(dump.area.at.get(), &dump.area.bytes);
    }
    let mut sector = [0; 512];
    image.read_at(found.areas[0].at, &mut sector).unwrap();
    assert_eq!(sector[..], found.areas[0].bytes[..]);
    assert!(reading(&image).found.is_some());
}

#[test]
fn a_disk_that_the_newest_tables_call_failed_is_no_member() {
    let of = |case| shown_on(made::named(case).unwrap());
    let words = |disk, by| {
        format!("ddf1: {disk} is passed over: the newest metadata, on {by}, call it failed")
    };
    let group = |disk| format!(".ddf1_disks GROUP ok [{disk}]");
    let set = |disk| format!("ddf1_m mirror inconsistent [{disk}]");
    let (sets, said) = of("ddf1-stale-mirror");
    assert_eq!((sets, said), (vec![group(0), set(0)], vec![words("b", "a")]));
    let (sets, said) = of("ddf1-stale-mirror-first");
    assert_eq!((sets, said), (vec![group(1), set(1)], vec![words("a", "b")]));
    let (sets, _) = of("ddf1-linux-stale");
    assert_eq!(sets, [group(0), set(0)]);
}

#[test]
fn a_disk_that_failed_on_linux_is_no_member() {
    let (sets, said) = shown_on(&mdadm::ddf_stale());
    assert_eq!(sets, [".ddf1_disks GROUP ok [1]", "ddf1_mirror mirror inconsistent [1]"]);
    assert_eq!(said, ["ddf1: a is passed over: the newest metadata, on b, call it failed"]);
}

#[test]
fn a_disk_that_newer_tables_or_records_do_not_list_is_no_member() {
    let of = |case| shown_on(made::named(case).unwrap());
    let (sets, said) = of("ddf1-stale-not-listed");
    assert_eq!(sets[1], "ddf1_r5 raid5_ls inconsistent [1, 2]");
    assert_eq!(said, ["ddf1: a is passed over: the newest metadata, on c, do not list it"]);
    let (sets, said) = of("ddf1-stale-replaced");
    assert_eq!(sets, [".ddf1_disks GROUP ok [0, 2]", "ddf1_m mirror ok [0, 2]"]);
    assert_eq!(said, ["ddf1: b is passed over: the newest metadata, on a, do not list it"]);
}

#[test]
fn a_disk_that_was_written_to_a_moment_later_is_a_member() {
    let (sets, said) = shown_on(made::named("ddf1-older-healthy").unwrap());
    assert_eq!(sets, [".ddf1_disks GROUP ok [0, 1]", "ddf1_m mirror ok [0, 1]"]);
    assert!(said.is_empty(), "{said:?}");
}

#[test]
fn a_disk_that_failed_and_is_written_to_as_the_others_are_is_no_member() {
    let (sets, said) = shown_on(made::named("ddf1-member-failed").unwrap());
    assert_eq!(sets[1], "ddf1_m mirror inconsistent [1]");
    assert_eq!(said, ["ddf1: a is passed over: the newest metadata, on b, call it failed"]);
    let (sets, said) = shown_on(made::named("ddf1-member-rebuilding").unwrap());
    assert_eq!(sets[1], "ddf1_m mirror inconsistent [1]");
    assert_eq!(
        said,
        ["ddf1: a is passed over: the newest metadata, on b, say that it lacks its data"]
    );
}
