use dm_formats::raid::sets::{self, OnDisk};
use dm_formats::raid::{self, FORMATS, Log};
use dm_testkit::raid::{Case, fixed, mdadm, named, odd};

use super::*;

#[derive(Debug)]
struct ByPath;

impl Words for ByPath {
    fn disk(&self, _: usize, path: &[u8]) -> Vec<u8> {
        path.to_vec()
    }

    fn set(&self, name: &[u8]) -> Vec<u8> {
        [b"/dev/mapper/", name].concat()
    }
}

fn manner(parity: Parity, degraded: bool) -> Manner<'static> {
    Manner { disk: &ByPath, parity, is_taken: false, degraded }
}

/// The sets of a case whose disks are found in this order, without those of `missing`.
fn sets_of(case: &Case, order: &[usize], missing: Option<usize>) -> Vec<RaidSet> {
    let mut log = Log::default();
    let read = |nth: &usize| {
        let disk = &case.disks[*nth];
        let path = format!("disk{nth}").into_bytes();
        let serial = disk.serial.as_deref().map(str::as_bytes);
        let source = raid::Disk { path: &path, serial, source: &disk.image };
        let found = raid::read(&source, FORMATS).found;
        (*nth, path.clone(), found)
    };
    let all: Vec<_> = order.iter().filter(|nth| Some(**nth) != missing).map(read).collect();
    let all = all.iter().filter_map(|(disk, path, found)| {
        Some(OnDisk { disk: *disk, path, found: found.as_ref()? })
    });
    let mut sets = sets::group(all, &mut log);
    sets::check(&mut sets, &mut log);
    sets
}

/// The tables of all sets, subsets first; what has none says why.
fn tables(sets: &[RaidSet], manner: &Manner<'_>) -> Vec<String> {
    let mut all = Vec::new();
    for set in sets {
        all.extend(tables(&set.subsets, manner));
        if set.is_group() {
            continue;
        }
        let name = String::from_utf8_lossy(&set.name).into_owned();
        match layout(set, manner) {
            Ok(layout) => all.extend(layout.table.iter().map(|line| {
                let (target, args) = (line.target.as_bytes(), &line.args);
                let text = [target, b" ", args].concat();
                format!("{name}: {} {} {}", line.start, line.len, String::from_utf8_lossy(&text))
            })),
            Err(refused) => all.push(format!("{name}: {}", String::from_utf8_lossy(&refused.text))),
        }
    }
    all
}

fn tables_of(case: &str, missing: Option<usize>, manner: &Manner<'_>) -> Vec<String> {
    let case = named(case).unwrap();
    let order: Vec<usize> = (0..case.disks.len()).collect();
    tables(&sets_of(case, &order, missing), manner)
}

#[test]
fn raid5_is_raid45_where_that_is_and_raid_elsewhere() {
    assert_eq!(
        tables_of("sil-five", None, &manner(Parity::Raid45, false)),
        [
            "sil_caagbhajaiah: 0 127744 raid45 core 2 256 nosync raid5_ls 1 128 3 -1 disk0 0 disk1 0 disk2 0"
        ]
    );
    assert_eq!(
        tables_of("sil-five", None, &manner(Parity::Raid, false)),
        [
            "sil_caagbhajaiah: 0 127744 raid raid5_ls 4 128 nosync region_size 64 3 - disk0 - disk1 - disk2"
        ]
    );
}

#[test]
fn a_part_far_into_its_disk_has_a_device_of_its_own() {
    let sets = sets_of(&mdadm::imsm_two(), &[0, 1, 2], None);
    let five = &sets[0].subsets[0];
    for parity in [Parity::Raid45, Parity::Raid] {
        let layout = layout(five, &manner(parity, false)).unwrap();
        let parts = layout.below.iter().map(|(nth, table)| {
            let [line] = &table[..] else { panic!("{table:?}") };
            format!("{nth}: {} {}", line.len, String::from_utf8_lossy(&line.args))
        });
        let parts: Vec<String> = parts.collect();
        assert_eq!(parts, ["0: 10240 disk2 16384", "1: 10240 disk0 16384", "2: 10240 disk1 16384"]);
        let args = String::from_utf8_lossy(&layout.table[0].args).into_owned();
        assert!(args.contains("_five_leg0") && args.contains("_five_leg2"), "{args}");
    }
}

#[test]
fn a_missing_member_is_named_as_missing_and_only_when_that_is_asked_for() {
    let refused = tables_of("sil-five", Some(1), &manner(Parity::Raid45, false));
    assert_eq!(refused, ["sil_caagbhajaiah: RAID set \"sil_caagbhajaiah\" lacks members"]);
    let mapped = tables_of("sil-five", Some(1), &manner(Parity::Raid45, true));
    assert!(mapped[0].ends_with("raid5_ls 1 128 3 -1 disk0 0 - 0 disk2 0"), "{mapped:?}");
    let mapped = tables_of("sil-five", Some(1), &manner(Parity::Raid, true));
    assert!(mapped[0].ends_with("region_size 64 3 - disk0 - - - disk2"), "{mapped:?}");
}

#[test]
fn half_a_raid10_is_mapped_only_when_that_is_asked_for() {
    let half = |degraded| tables_of("sil-ten", Some(2), &manner(Parity::Raid, degraded));
    assert_eq!(half(false)[2], "sil_caagbhajaiah: RAID set \"sil_caagbhajaiah\" lacks members");
    assert_eq!(half(true)[2], "sil_caagbhajaiah: 0 119808 linear /dev/mapper/sil_caagbhajaiah-0 0");
}

#[test]
fn nothing_is_ever_mapped_in_the_place_of_data() {
    for case in fixed().iter().flat_map(|(_, cases)| cases) {
        let order: Vec<usize> = (0..case.disks.len()).collect();
        for missing in (0..order.len()).map(Some).chain([None]) {
            for degraded in [false, true] {
                let sets = sets_of(case, &order, missing);
                for line in tables(&sets, &manner(Parity::Raid, degraded)) {
                    assert!(!line.contains("/dev/zero"), "{}: {line}", case.name);
                }
            }
        }
    }
}

#[test]
fn no_line_is_of_no_length() {
    let odd: Vec<Case> = (0..2000).map(odd).collect();
    for case in fixed().iter().flat_map(|(_, cases)| cases).chain(&odd) {
        let order: Vec<usize> = (0..case.disks.len()).collect();
        for line in tables(&sets_of(case, &order, None), &manner(Parity::Raid, true)) {
            // `SET: START LEN TARGET ARGS`, or why there is no table.
            let len = line.rsplit(": ").next().and_then(|line| line.split(' ').nth(1));
            assert_ne!(len, Some("0"), "{}: {line}", case.name);
        }
    }
}

/// Tables in any order; which leg of a mirror comes first makes no difference.
fn plain(tables: Vec<String>) -> Vec<String> {
    let plain = |line: String| {
        let mut words: Vec<&str> = line.split(' ').collect();
        if words.contains(&"mirror") {
            words.sort_unstable();
        }
        words.join(" ")
    };
    let mut tables: Vec<String> = tables.into_iter().map(plain).collect();
    tables.sort();
    tables
}

#[test]
fn the_order_in_which_disks_are_found_makes_no_difference_to_a_healthy_set() {
    let manner = manner(Parity::Raid45, false);
    let is_healthy = |set: &RaidSet| {
        let status =
            |set: &RaidSet| set.guard.is_none() && matches!(set.status, Status::Ok | Status::Setup);
        status(set) && set.subsets.iter().all(status)
    };
    let mut looked = 0;
    for case in fixed().iter().flat_map(|(_, cases)| cases).filter(|case| case.disks.len() > 1) {
        let order: Vec<usize> = (0..case.disks.len()).collect();
        let sets = sets_of(case, &order, None);
        if sets.is_empty() || !sets.iter().all(is_healthy) {
            continue;
        }
        let first = plain(tables(&sets, &manner));
        for turn in 1..order.len() {
            let mut turned = order.clone();
            turned.rotate_left(turn);
            for order in [turned.clone(), turned.into_iter().rev().collect()] {
                let tables = plain(tables(&sets_of(case, &order, None), &manner));
                assert_eq!(tables, first, "{} found as {order:?}", case.name);
                looked += 1;
            }
        }
    }
    assert!(looked > 20, "{looked}");
}

#[test]
fn regions_are_as_the_original_has_them() {
    let regions = [(60_001, 64), (196_615, 128), (1_039_368, 512), (312_500_000, 131_072), (0, 64)];
    for (len, wanted) in regions {
        assert_eq!(region(len), wanted, "{len}");
    }
}
