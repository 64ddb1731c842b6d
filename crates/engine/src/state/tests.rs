use super::*;
use dm_core::name::{DmName, DmUuid};
use dm_core::table;

fn record(minor: u32) -> Record {
    let name = DmName::new(b"a \xff\\x20").unwrap();
    let uuid = DmUuid::new(b"DM-\x01").unwrap();
    let mut record = Record::new(minor, &name, Some(&uuid));
    let lines = table::parse(b"0 8 linear /tmp/a\\ b 0\n8 8 error").unwrap();
    record.live = Some(SavedTable::new(&lines, true, vec![3, 1]));
    record
}

fn names(path: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_record_comes_back_with_every_byte() {
    let folder = tempfile::tempdir().unwrap();
    let state = StateFolder::open(folder.path()).unwrap();
    let record = record(7);
    state.stage(&record).unwrap().commit(&record).unwrap();
    let loaded = state.load().unwrap();
    assert_eq!(loaded, [record]);
    assert_eq!(loaded[0].name().unwrap().as_bytes(), b"a \xff\\x20");
    assert_eq!(loaded[0].live.as_ref().unwrap().lines()[0].args, b"/tmp/a\\ b 0");
    assert_eq!(names(folder.path()), ["7.json"]);
}

#[test]
fn a_staged_record_that_is_dropped_leaves_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let state = StateFolder::open(folder.path()).unwrap();
    let old = record(7);
    state.save(&old).unwrap();
    let mut new = old.clone();
    new.suspended = true;
    drop(state.stage(&new).unwrap());
    assert_eq!(state.load().unwrap(), [old]);
    assert_eq!(names(folder.path()), ["7.json"]);
}

#[test]
fn a_commit_may_hold_more_than_was_staged() {
    let folder = tempfile::tempdir().unwrap();
    let state = StateFolder::open(folder.path()).unwrap();
    let mut record = record(7);
    let staged = state.stage(&record).unwrap();
    record.event_nr = 4_000_000_000;
    staged.commit(&record).unwrap();
    assert_eq!(state.load().unwrap(), [record]);
}

#[test]
fn what_an_interrupted_change_left_is_dropped_and_damage_is_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let state = StateFolder::open(folder.path()).unwrap();
    state.save(&record(7)).unwrap();
    fs::write(folder.path().join("7.next"), b"{\"schema").unwrap();
    fs::write(folder.path().join("8.json"), b"{\"schema").unwrap();
    fs::copy(folder.path().join("7.json"), folder.path().join("9.json")).unwrap();
    assert_eq!(state.load().unwrap(), [record(7)]);
    assert_eq!(names(folder.path()), ["7.json", "8.json.damaged", "9.json.damaged"]);
}

#[test]
fn an_erased_device_is_gone_and_erasing_again_is_no_error() {
    let folder = tempfile::tempdir().unwrap();
    let state = StateFolder::open(folder.path()).unwrap();
    state.save(&record(7)).unwrap();
    state.erase(7).unwrap();
    state.erase(7).unwrap();
    assert_eq!(state.load().unwrap(), []);
}

#[test]
fn the_folder_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run/state");
    let state = StateFolder::open(&path).unwrap();
    state.save(&record(7)).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(fs::metadata(path.join("7.json")).unwrap().permissions().mode() & 0o777, 0o600);
}
