//! `--json`: what programs read.

use dm_testkit::raid::{self, Case, Disk, Image};
use serde_json::{Value, json};

use crate::ours::{self, Machine};

/// The object that is all that ours prints to a command about a case, on a line.
fn object(case: &Case, command: &str) -> Value {
    let (out, _, _) = Machine::new(case, false).run(&format!("{command} --json"), &[]);
    let text = String::from_utf8(out).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    serde_json::from_str(&text).unwrap()
}

fn asked(case: &str, command: &str) -> Value {
    object(raid::named(case).unwrap(), command)
}

/// The sets that are listed, or their subsets: a field of each.
fn each(sets: &Value, field: &str) -> Vec<Value> {
    sets.as_array().unwrap().iter().map(|set| set[field].clone()).collect()
}

#[test]
fn disks_are_shown() {
    let disk = json!({
        "disk": "/dev/dm-0", "sectors": 65_536, "bytes": 33_554_432, "serial": null, "device_number": "7:0",
    });
    let all = json!({"schema": 1, "action": "block_devices", "disks": [disk], "messages": []});
    assert_eq!(asked("sil-stripe", "-b /dev/dm-0"), all);
}

#[test]
fn metadata_are_shown_by_their_disks() {
    let all = asked("sil-stripe", "-r");
    assert_eq!(
        (&all["action"], all["disks"].as_array().unwrap().len()),
        (&json!("raid_devices"), 2)
    );
    let metadata = &all["disks"][0]["metadata"][0];
    for (field, value) in [
        ("format", json!("sil")),
        ("name", json!("sil_caagbhajaiah")),
        ("kind", json!("stripe")),
        ("level", json!(0)),
        ("status", json!("ok")),
        ("start", json!(0)),
        ("start_bytes", json!(0)),
        ("refused", Value::Null),
    ] {
        assert_eq!(metadata[field], value, "{field}");
    }
    let sectors = metadata["sectors"].as_u64().unwrap();
    assert_eq!(metadata["bytes"], json!(sectors * 512));
    let part = &metadata["parts"][0];
    assert_eq!((&part["order"], &part["devices_wanted"]), (&json!(0), &json!(2)));
    assert_eq!(metadata["areas"][0], json!({"at": 65_535 * 512, "bytes": 512}));
}

#[test]
fn a_set_is_shown_with_its_members() {
    let all = asked("sil-stripe", "-s");
    let set = &all["sets"][0];
    for (field, value) in [
        ("name", json!("sil_caagbhajaiah")),
        ("format", json!("sil")),
        ("kind", json!("stripe")),
        ("level", json!(0)),
        ("status", json!("ok")),
        ("active", json!(false)),
        ("listed", json!(true)),
        ("refused", Value::Null),
        ("devices", json!(2)),
        ("devices_wanted", json!(2)),
        ("spares", json!(0)),
        ("subsets", json!([])),
    ] {
        assert_eq!(set[field], value, "{field}");
    }
    let stride = set["stride_sectors"].as_u64().unwrap();
    assert_eq!(set["stride_bytes"], json!(stride * 512));
    assert_eq!(each(&set["members"], "disk"), ["/dev/dm-0", "/dev/dm-1"]);
    assert_eq!(each(&set["members"], "order"), [0, 1]);
}

#[test]
fn what_is_not_activated_says_why() {
    let half = asked("sil-stripe-1-of-2", "-s");
    let set = &half["sets"][0];
    assert_eq!((&set["listed"], &set["status"]), (&json!(false), &json!("broken")));
    assert_eq!(set["refused"], json!("RAID set \"sil_caagbhajaiah\" lacks members"));
    let said = half["messages"].as_array().unwrap();
    assert!(
        said.contains(&json!("removing inconsistent RAID set \"sil_caagbhajaiah\"")),
        "{said:?}"
    );
}

#[test]
fn active_and_inactive_sets_are_told_apart() {
    assert_eq!(asked("sil-stripe", "-sa")["sets"], json!([]));
    assert_eq!(asked("sil-stripe", "-si")["sets"].as_array().unwrap().len(), 1);
    let named = asked("sil-stripe", "-s sil_caagbhajaiah");
    assert_eq!(each(&named["sets"], "name"), ["sil_caagbhajaiah"]);
}

#[test]
fn every_set_and_disk_that_is_listed_is_there() {
    for (_, cases) in raid::fixed() {
        for case in cases.iter().step_by(3) {
            let listed = ours::answer(case, "-s -g -c").out;
            let all = object(case, "-s");
            let shown = all["sets"].as_array().unwrap().iter().filter(|set| set["listed"] == true);
            let names: Vec<String> = shown.flat_map(names).collect();
            let is_there = |line: &String| names.contains(line) || line.starts_with("no raid ");
            let is_plain = |line: &&String| line.is_ascii() && !line.contains('\\');
            let lost: Vec<&String> =
                listed.iter().filter(is_plain).filter(|line| !is_there(line)).collect();
            assert!(lost.len() <= said(case, &lost), "{}: {lost:?} of {names:?}", case.name);
            let disks = ours::answer(case, "-r -c").out;
            let all = object(case, "-r");
            let paths = each(&all["disks"], "disk");
            // What is said of a disk begins with its path, and goes on.
            let is_path = |line: &&String| line.starts_with("/dev/") && !line.contains(' ');
            let mut disks = disks.iter().filter(is_path);
            assert!(disks.all(|line| paths.contains(&json!(line))), "{}: {paths:?}", case.name);
        }
    }
}

/// How many of the lines are messages, which stand before a listing.
fn said(case: &Case, lines: &[&String]) -> usize {
    let messages = ours::answer(case, "-s --json").err;
    lines.iter().filter(|line| messages.contains(line)).count()
}

fn names(set: &Value) -> Vec<String> {
    let below = set["subsets"].as_array().unwrap().iter().flat_map(names);
    [set["name"].as_str().unwrap().to_owned()].into_iter().chain(below).collect()
}

#[test]
fn formats_are_shown() {
    let all = asked("sil-stripe", "-l");
    let isw = &all["formats"][4];
    let expected = json!({
        "format": "isw", "description": "Intel Software RAID", "levels": ["0", "1", "5", "01"],
        "sets_can_be_made": true,
    });
    assert_eq!((isw, all["formats"].as_array().unwrap().len()), (&expected, 12));
}

#[test]
fn what_looks_like_metadata_is_shown() {
    let all = asked("sil-stripe", "--explain");
    let structures = &all["disks"][1]["structures"];
    assert_eq!((&structures[0]["format"], &structures[0]["fate"]), (&json!("sil"), &json!("used")));
    assert_eq!(structures[0]["at"], json!(65_535 * 512));
}

#[test]
fn where_nothing_is_there_is_an_object_and_a_code() {
    let blank = Case {
        disks: vec![Disk { image: Image::new("blank", 1 << 20), serial: None }],
        ..Case::new("blank", [])
    };
    for (command, list) in [("-r", "disks"), ("-s", "sets")] {
        let answer = ours::answer(&blank, &format!("{command} --json"));
        let all = object(&blank, command);
        assert_eq!((&all[list], &all["messages"]), (&json!([]), &json!(["no raid disks"])));
        assert_eq!((answer.err, answer.code.as_str()), (vec!["no raid disks".to_owned()], "1"));
    }
}

#[test]
fn nothing_but_the_object_is_printed_however_much_is_said() {
    for command in ["-b -vvv", "-r -vvv -d", "-s -vvv -d", "-l -v", "-s -c", "-r -cc"] {
        asked("sil-stripe", command);
    }
}

#[test]
fn what_has_no_json_says_so() {
    for command in ["-n", "-tay", "-an", "-V", "-x", "-r -E", "-R x"] {
        let answer = ours::answer(raid::named("sil-stripe").unwrap(), &format!("{command} --json"));
        let text = "ERROR: --json goes with -b, -l, -r, -s or --explain".to_owned();
        assert_eq!((answer.out, answer.err, answer.code.as_str()), (vec![], vec![text], "1"));
    }
}
