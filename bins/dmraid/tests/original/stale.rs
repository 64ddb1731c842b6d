//! Disks that dropped out of their sets, and came back with old metadata and old data.

use dm_testkit::raid::{self, Case};
use serde_json::{Value, json};

use crate::ours::{self, Machine};

/// The cases, which of the disks is stale, and what shows the table of the set without it.
const STALE: &[(&str, usize, &str)] = &[
    ("isw-stale-mirror", 1, "-tay"),
    ("isw-stale-mirror-first", 0, "-tay"),
    ("isw-stale-not-listed", 1, "-tay"),
    ("isw-stale-replaced", 1, "-tay"),
    ("isw-stale-five", 2, "-tay"),
    ("ddf1-stale-mirror", 1, "-tay"),
    ("ddf1-stale-mirror-first", 0, "-tay"),
    ("ddf1-stale-replaced", 1, "-tay"),
    ("ddf1-stale-not-listed", 0, "-tay --degraded"),
    ("ddf1-linux-stale", 1, "-tay"),
    ("pdc-stale-mirror", 1, "-tay"),
    ("pdc-stale-mirror-first", 0, "-tay"),
    ("pdc-stale-wrapped", 1, "-tay"),
];

fn case(name: &str) -> &'static Case {
    raid::named(name).unwrap()
}

#[test]
fn no_table_has_a_stale_disk() {
    for (name, stale, command) in STALE {
        let path = format!("/dev/dm-{stale}");
        let answer = ours::answer(case(name), command);
        assert!(!answer.out.is_empty(), "{name}:\n{answer}");
        assert!(!answer.out.iter().any(|line| line.contains(&path)), "{name}:\n{answer}");
        let told = format!("{path} is passed over: the newest metadata, on /dev/dm-");
        assert!(answer.err.iter().any(|line| line.contains(&told)), "{name}:\n{answer}");
        let sets = ours::answer(case(name), "-s -c -c -c");
        assert!(sets.out.len() > 1, "{name}:\n{sets}");
        assert!(!sets.out.iter().any(|line| line.starts_with(&path)), "{name}:\n{sets}");
        assert!(sets.err.iter().any(|line| line.contains(&told)), "{name}:\n{sets}");
    }
}

#[test]
fn a_stale_disk_is_listed_and_explained() {
    for (name, stale, _) in STALE {
        let listed = ours::answer(case(name), "-r -c");
        assert!(listed.out.contains(&format!("/dev/dm-{stale}")), "{name}:\n{listed}");
        assert!(listed.err.is_empty(), "{name}:\n{listed}");
        let (out, _, _) = Machine::new(case(name), false).run("--explain --json", &[]);
        let all: Value = serde_json::from_slice(&out).unwrap();
        for (nth, disk) in all["disks"].as_array().unwrap().iter().enumerate() {
            let fates = disk["structures"].as_array().unwrap().iter();
            let passed = fates.filter(|seen| {
                let fate = seen["fate"].as_str().unwrap();
                fate.starts_with("passed over: the newest metadata of its family ")
            });
            assert_eq!(passed.count() > 0, nth == *stale, "{name}: {disk}");
        }
    }
}

#[test]
fn a_disk_that_was_written_to_a_moment_later_is_a_member() {
    for name in ["isw-older-healthy", "ddf1-older-healthy", "pdc-older-healthy"] {
        let answer = ours::answer(case(name), "-tay");
        let has = |path: &str| answer.out.iter().any(|line| line.contains(path));
        assert!(has("/dev/dm-0") && has("/dev/dm-1"), "{name}:\n{answer}");
        assert!(!answer.err.iter().any(|line| line.contains("passed over")), "{name}:\n{answer}");
    }
}

#[test]
fn an_array_is_without_a_disk_that_has_its_part_in_another() {
    let answer = ours::answer(case("pdc-stale-of-2-arrays"), "-tay");
    let table = |set: &str| answer.out.iter().find(|line| line.starts_with(set)).unwrap();
    assert!(table("pdc_eajg:").contains("/dev/dm-1"), "{answer}");
    assert!(!table("pdc_ibjc:").contains("/dev/dm-1"), "{answer}");
}

#[test]
fn a_stale_disk_is_rebuilt() {
    for (name, stale) in [("isw-stale-mirror", 1), ("isw-stale-not-listed", 1)] {
        let machine = Machine::new(case(name), true);
        let sets = machine.answer("-s -c", &[]);
        let set = sets.out.last().unwrap();
        let done = machine.answer(&format!("-R {set} /dev/dm-{stale}"), &[]);
        assert_eq!(done.code, "0", "{name}:\n{done}");
        let sets = machine.answer("-s --json", &[]);
        let all: Value = serde_json::from_str(&sets.out[0]).unwrap();
        let set = &all["sets"][0]["subsets"][0];
        assert_eq!((&set["status"], &all["messages"]), (&json!("ok"), &json!([])), "{name}: {all}");
        let members = set["members"].as_array().unwrap().iter();
        let paths: Vec<&str> = members.map(|member| member["disk"].as_str().unwrap()).collect();
        assert_eq!(paths.len(), case(name).disks.len(), "{name}: {paths:?}");
    }
}
