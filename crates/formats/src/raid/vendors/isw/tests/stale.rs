//! Disks whose MPB is not the newest of their family.

use alloc::string::String;
use alloc::vec::Vec;

use dm_core::units::Sectors;
use dm_testkit::raid::Disk as Fixture;
use dm_testkit::raid::isw::{Entry, Isw as Family, Volume};

use super::*;
use crate::raid::manage::Candidate;
use crate::raid::sets::RaidSet;
use crate::raid::sets::together::Together;

/// What these disks are together: each set with its members, then what is said at error level, then what became of the
/// MPB of each disk.
fn together(disks: &[(&str, Fixture)]) -> (Vec<String>, Vec<String>, Vec<String>) {
    let together = Together::of(disks.iter().map(|(path, disk)| (*path, disk)), &TYPE);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let shown = |set: &RaidSet| {
        let members: Vec<String> = set.members.iter().map(|member| text(&member.path)).collect();
        let (kind, status) = (set.kind_name(), set.status);
        alloc::format!("{} {kind} {status} {}", text(&set.name), members.join(","))
    };
    let sets = together.sets.iter().flat_map(|group| group.subsets.iter().map(shown)).collect();
    let fates = together.readings.iter().map(|one| alloc::format!("{}", one.sightings[0].fate));
    (sets, [together.passed_over, together.of_sets].concat(), fates.collect())
}

/// Likewise, which is the same in any order of the disks.
fn in_any_order(disks: &[(&str, Fixture)]) -> (Vec<String>, Vec<String>) {
    let (sets, errors, _) = together(disks);
    let mut turned = disks.to_vec();
    for _ in disks {
        turned.rotate_left(1);
        let (other, said, _) = together(&turned);
        assert_eq!((&other, said.len()), (&sets, errors.len()));
    }
    turned.reverse();
    assert_eq!(together(&turned).0, sets);
    (sets, errors)
}

fn pair() -> Family {
    Family::of(2, [Volume { domains: 2, ..Volume::default() }])
}

fn entry(number: u32) -> Entry {
    Family::of(number, []).disks.pop().unwrap()
}

#[test]
fn a_disk_that_the_newest_call_failed_is_no_member() {
    let newer = pair().after_failure_of(2);
    let disks = [("a", newer.disk(1)), ("b", pair().disk(2))];
    let (sets, errors) = in_any_order(&disks);
    assert_eq!(sets, ["isw_dafebjijg_Vol0 mirror inconsistent a"]);
    assert_eq!(errors[0], "isw: b is passed over: the newest metadata, on a, call it failed");
    let (.., fates) = together(&disks);
    let failed = "passed over: the newest metadata of its family call it failed";
    assert_eq!(fates, ["used", failed]);
}

#[test]
fn a_stripe_keeps_the_disk_that_failed_and_a_mirror_on_the_same_disks_does_not() {
    let mirror = Volume { name: "Vol1".into(), start: 4096, domains: 2, ..Volume::default() };
    let both = Family::of(2, [Volume { level: 0, domains: 1, ..Volume::default() }, mirror]);
    let mut newer = Family { generation: both.generation + 1, ..both.clone() };
    newer.disks[1].status |= 4;
    newer.disks[1].status &= !8;
    let (sets, errors) = in_any_order(&[("a", newer.disk(1)), ("b", both.disk(2))]);
    assert_eq!(
        sets,
        ["isw_dafebjijg_Vol0 stripe ok a,b", "isw_dafebjijg_Vol1 mirror inconsistent a"]
    );
    let said = [
        "isw: b: the newest metadata, on a, call it failed, but RAID set \"isw_dafebjijg_Vol0\" has no other copy: it stays",
        "isw: b is passed over for RAID set \"isw_dafebjijg_Vol1\": the newest metadata, on a, call it failed",
    ];
    assert_eq!(errors[..2], said);
}

#[test]
fn a_disk_that_the_newest_do_not_list_is_no_member() {
    let mut newer = pair().after_failure_of(2);
    newer.disks[1].serial = "SERIALDISK0003".into();
    let (sets, errors) = in_any_order(&[("a", newer.disk(1)), ("b", pair().disk(2))]);
    assert_eq!(sets, ["isw_dafebjijg_Vol0 mirror inconsistent a"]);
    assert_eq!(errors[0], "isw: b is passed over: the newest metadata, on a, do not list it");
}

#[test]
fn linux_names_a_failed_disk_by_the_end_of_its_number() {
    let mut newer = pair().after_failure_of(2);
    newer.disks[1].serial = "ERIALDISK0002:0".into();
    let (_, errors) = in_any_order(&[("a", newer.disk(1)), ("b", pair().disk(2))]);
    assert_eq!(errors[0], "isw: b is passed over: the newest metadata, on a, call it failed");
}

#[test]
fn a_disk_that_failed_on_linux_is_no_member() {
    let disks = dm_testkit::raid::mdadm::imsm_stale().disks;
    let disks: Vec<(&str, Fixture)> = ["a", "b"].into_iter().zip(disks).collect();
    let (sets, errors) = in_any_order(&disks);
    assert!(sets[0].ends_with("_mirror mirror inconsistent a"), "{sets:?}");
    assert_eq!(errors[0], "isw: b is passed over: the newest metadata, on a, call it failed");
}

#[test]
fn a_disk_that_is_to_be_rebuilt_some_day_is_no_member() {
    let places = Some([0, 0x0100_0001].into());
    let volume = Volume { domains: 2, state: 2, places, ..Volume::default() };
    let newer = Family { generation: 3, ..Family::of(2, [volume.clone()]) };
    let (sets, errors) = in_any_order(&[("a", newer.disk(1)), ("b", pair().disk(2))]);
    assert_eq!(sets, ["isw_dafebjijg_Vol0 mirror inconsistent a"]);
    assert_eq!(
        errors[0],
        "isw: b is passed over: the newest metadata, on a, say that it lacks its data"
    );
    // Where that is under way, it has its place, and the set waits for it.
    let volume = Volume { migration: (1, 1), ..volume };
    let newer = Family { generation: 3, ..Family::of(2, [volume]) };
    let (sets, errors) = in_any_order(&[("a", newer.disk(1)), ("b", pair().disk(2))]);
    assert_eq!(sets, ["isw_dafebjijg_Vol0 mirror nosync a,b"]);
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn a_disk_that_was_written_to_a_moment_later_is_a_member() {
    let newer = Family { generation: 2, ..pair() };
    let (sets, errors) = in_any_order(&[("a", pair().disk(1)), ("b", newer.disk(2))]);
    assert_eq!(sets, ["isw_dafebjijg_Vol0 mirror ok a,b"]);
    assert!(errors.is_empty(), "{errors:?}");
    // And of what the newest have.
    let stripe = Volume { level: 0, ..Volume::default() };
    let newer = Family { generation: 2, ..Family::of(2, [stripe]) };
    let (sets, _) = in_any_order(&[("a", pair().disk(1)), ("b", newer.disk(2))]);
    assert_eq!(sets, ["isw_dafebjijg_Vol0 stripe ok a,b"]);
}

#[test]
fn metadata_of_the_same_age_are_taken_as_they_are() {
    let other = Family { generation: 1, ..pair().after_failure_of(2) };
    let (sets, errors, _) = together(&[("a", other.disk(1)), ("b", pair().disk(2))]);
    assert_eq!(sets, ["isw_dafebjijg_Vol0 mirror inconsistent a,b"]);
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn a_family_of_another_origin_has_no_say() {
    let newer = Family { original: Some(5), ..pair().after_failure_of(2) };
    let (sets, errors, _) = together(&[("a", newer.disk(1)), ("b", pair().disk(2))]);
    assert_eq!(sets[0].split(' ').next_back(), Some("a,b"));
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn a_family_that_has_another_number_since_is_the_same() {
    let before = pair();
    let mut after = Family { family: 7, original: Some(before.family), generation: 9, ..pair() };
    after.disks[1] = entry(3);
    let disks = [("a", after.disk(1)), ("b", before.disk(2)), ("c", after.disk(3))];
    let (sets, errors) = in_any_order(&disks);
    assert_eq!(sets, ["isw_h_Vol0 mirror ok a,c"]);
    assert_eq!(errors, ["isw: b is passed over: the newest metadata, on a, do not list it"]);
}

#[test]
fn two_halves_that_went_apart_and_are_whole_are_two_families() {
    let of = |family, generation, lost: usize, new: u32| {
        let original = Some(pair().family);
        let mut half = Family { family, original, generation, ..pair() };
        half.disks[lost] = entry(new);
        half
    };
    let (one, other) = (of(7, 9, 1, 3), of(8, 20, 0, 4));
    let disks =
        [("a", one.disk(1)), ("b", other.disk(2)), ("c", one.disk(3)), ("d", other.disk(4))];
    let (sets, errors) = in_any_order(&disks);
    assert_eq!(sets, ["isw_h_Vol0 mirror ok a,c", "isw_i_Vol0 mirror ok d,b"]);
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn a_spare_of_no_family_has_no_say_and_keeps_its_place() {
    let spare = |number: u32, generation| {
        let disks = [Entry { status: 0x139, ..entry(number) }].into();
        let spare = Family { family: 0, generation, disks, ..Family::of(1, []) };
        spare.disk(number)
    };
    let (_, errors, fates) = together(&[("a", spare(1, 1)), ("b", spare(2, 5))]);
    assert_eq!(fates, ["used", "used"]);
    assert!(!errors.iter().any(|error| error.contains("passed over")), "{errors:?}");
}

#[test]
fn a_disk_that_is_out_can_be_rebuilt_and_a_member_cannot() {
    let newer = pair().after_failure_of(2);
    let set = b"isw_dafebjijg_Vol0";
    for (one, other, is_free) in [
        (newer.disk(1), pair().disk(2), true),
        (pair().disk(1), Family { generation: 3, ..pair() }.disk(2), false),
    ] {
        let disks = [("a", one), ("b", other)];
        let found: Vec<_> = disks.iter().map(|(_, disk)| look(disk).found).collect();
        let candidates: Vec<_> = disks
            .iter()
            .zip(&found)
            .map(|((path, disk), found)| Candidate {
                path: path.as_bytes(),
                serial: disk.serial.as_deref().map(str::as_bytes),
                len: Sectors::new(disk.image.size / 512),
                scsi: None,
                found: found.as_ref(),
            })
            .collect();
        let rebuilt = Isw.rebuild(&candidates, set, Some(1));
        assert_eq!(rebuilt.is_ok(), is_free, "{rebuilt:?}");
        let Ok(rebuilt) = rebuilt else { continue };
        assert_eq!((rebuilt.disk, rebuilt.order), (1, 1));
        assert_eq!(rebuilt.parts[0].from, [0]);
    }
}
