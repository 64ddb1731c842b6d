//! What is written, and when: nothing by what only shows, and nothing that cannot be put back.
//!
//! Every command that writes is run with each of its writes failing in turn. Then the disks are as the writes before have
//! left them, all of that is said, and what was saved makes them what they were.

use std::collections::BTreeSet;
use std::fs;

use dm_core::read_at::ReadAt as _;
use dm_core::units::Bytes;
use dm_testkit::raid::{self, Case, Disk, Image};

use crate::answer::{Answer, COMMANDS};
use crate::manage;
use crate::ours::Machine;

/// What writes: the case, what comes before on its disks, and the command.
fn writers() -> Vec<(Case, &'static str, &'static str)> {
    let blank = |count: u32| {
        let disk = |nth| Disk {
            // Something else's, where the metadata go: it is to be saved too.
            image: Image::new("blank", 1 << 29).with((1 << 29) - 1024, b"EFI PART"),
            serial: Some(format!("SERIALDISK{nth:04}")),
        };
        Case { disks: (1..=count).map(disk).collect(), ..Case::new("blank", []) }
    };
    let mirror = "-f isw -C Mirror --type 1 --disk /dev/dm-0,/dev/dm-1";
    let five = "-f isw -C Five --type 5 --disk /dev/dm-0,/dev/dm-1,/dev/dm-2,/dev/dm-3,/dev/dm-4";
    let fixed = |name: &str| raid::named(name).unwrap().clone();
    vec![
        (blank(2), "-l", mirror),
        (blank(5), "-l", five),
        (blank(2), mirror, "-x"),
        (blank(5), five, "-x"),
        (blank(1), "-l", "-f isw -S -M /dev/dm-0"),
        (fixed("sil-stripe"), "-l", "-r -E"),
    ]
}

/// Sets that are rebuilt, and the command. Each member begins with its own bytes.
fn rebuilds() -> Vec<(Case, &'static str)> {
    let mut all: Vec<_> = manage::rebuilt().into_iter().take(3).collect();
    for (case, _) in &mut all {
        for (nth, disk) in (1..).zip(&mut case.disks) {
            disk.image.put(DATA, &[nth * 3; 1000]);
        }
    }
    all
}

/// Where a member has data.
const DATA: u64 = 8192;

fn data(disk: &Disk) -> Vec<u8> {
    let mut bytes = vec![0; 1000];
    disk.image.read_at(Bytes::new(DATA), &mut bytes).unwrap();
    bytes
}

const YES: &[u8] = b"y\ny\ny\ny\ny\ny\ny\ny\n";

/// What is on the disks.
fn bytes(disks: &[Disk]) -> Vec<Vec<(u64, Vec<u8>)>> {
    let is_used = |(_, page): &(u64, &[u8])| page.iter().any(|byte| *byte != 0);
    let of = |disk: &Disk| {
        let used = disk.image.written().filter(is_used);
        used.map(|(at, page)| (at, page.to_vec())).collect()
    };
    disks.iter().map(of).collect()
}

/// A machine on which the command is to be run next.
fn prepared(case: &Case, before: &str) -> Machine {
    let machine = Machine::new(case, true);
    let done = machine.answer(before, YES);
    assert_eq!(done.code, "0", "{before}:\n{done}");
    machine
}

/// The folders that metadata are saved in.
fn folders(machine: &Machine) -> BTreeSet<String> {
    let names = fs::read_dir(machine.place()).unwrap().map(|entry| entry.unwrap().file_name());
    names.map(|name| machine.place().join(name).to_str().unwrap().to_owned()).collect()
}

/// Puts back what new folders have of each disk.
fn restore(machine: &Machine, disks: usize, old: &BTreeSet<String>) {
    for folder in folders(machine).difference(old) {
        for disk in 0..disks {
            if fs::exists(format!("{folder}/dm-{disk}.size")).unwrap() {
                let command = format!("-r --restore {folder} /dev/dm-{disk}");
                let done = machine.answer(&command, &[]);
                assert_eq!(done.code, "0", "{command}:\n{done}");
            }
        }
    }
}

/// Whether the disks that the answer names are those that were written, and those that were not.
fn says_what_was_done(answer: &Answer, was: &[Disk], is: &[Disk]) {
    let changed: Vec<bool> = bytes(was).iter().zip(&bytes(is)).map(|(was, is)| was != is).collect();
    let named = |what: &str| {
        let line = answer.err.iter().find_map(|line| line.strip_prefix(what));
        line.map(|line| line.split(", ").map(str::to_owned).collect::<Vec<_>>())
    };
    let written = named("ERROR: written before: ").unwrap_or_default();
    let not_written = named("ERROR: not written: ").unwrap_or_default();
    for (nth, is_changed) in changed.iter().enumerate() {
        let path = format!("/dev/dm-{nth}");
        assert!(!written.contains(&path) || *is_changed, "{path} is not written:\n{answer}");
        assert!(!not_written.contains(&path) || !is_changed, "{path} is written:\n{answer}");
        let begins = |line: &String| line.starts_with(&format!("ERROR: {path}: "));
        let is_named = written.contains(&path) || answer.err.iter().any(begins);
        assert!(!is_changed || is_named, "{path} is written and not named:\n{answer}");
    }
}

#[test]
fn a_write_that_fails_is_told_and_all_can_be_put_back() {
    for (case, before, command) in writers() {
        let whole = prepared(&case, before);
        let earlier = whole.tried();
        let done = whole.answer(command, YES);
        assert_eq!(done.code, "0", "{command}:\n{done}");
        let writes = whole.tried() - earlier;
        assert!(writes > 0, "{command}");
        for failing in 0..writes {
            let machine = prepared(&case, before);
            let (was, old) = (machine.disks_now(), folders(&machine));
            machine.fail_after(failing);
            let answer = machine.answer(command, YES);
            assert_eq!(answer.code, "1", "{command}: write {failing}:\n{answer}");
            assert!(
                answer.err.iter().any(|line| line.contains("writing metadata to ")),
                "{answer}"
            );
            if !command.contains("-E") {
                says_what_was_done(&answer, &was, &machine.disks_now());
            }
            let is_changed = bytes(&machine.disks_now()) != bytes(&was);
            let has_hint = answer.err.iter().any(|line| line.contains("--restore"));
            assert!(has_hint || !is_changed || bytes(&was).iter().all(Vec::is_empty), "{answer}");
            machine.fail_after(usize::MAX);
            restore(&machine, was.len(), &old);
            let same = bytes(&machine.disks_now()) == bytes(&was);
            assert!(same || before == "-l" && has_blank(&was), "{command}: write {failing}");
        }
    }
}

/// Whether nothing was on a disk where it was written to: then nothing was saved of it, and nothing can be put back.
fn has_blank(disks: &[Disk]) -> bool {
    bytes(disks).iter().any(Vec::is_empty)
}

#[test]
fn a_rebuild_that_was_stopped_is_done_again_from_the_start() {
    for (case, command) in rebuilds() {
        let whole = Machine::new(&case, true);
        assert_eq!(whole.answer(command, &[]).code, "0");
        let expected: Vec<Vec<u8>> = whole.disks_now().iter().map(data).collect();
        assert_ne!(expected, case.disks.iter().map(data).collect::<Vec<_>>(), "{}", case.name);
        let all = whole.tried();
        // Of the many pieces of data one in the middle.
        let some = (0..6).chain([all / 2]).chain(all - 6..all);
        for failing in some {
            let machine = Machine::new(&case, true);
            machine.fail_after(failing);
            let stopped = machine.answer(command, &[]);
            assert_eq!(stopped.code, "1");
            assert!(stopped.err.iter().any(|line| line.contains("ERROR: writing ")), "{stopped}");
            machine.fail_after(usize::MAX);
            let has_given_place = stopped.out.iter().any(|line| line.ends_with(" now"));
            let until =
                |line: &String| line.ends_with("stays inactive until it is rebuilt: do this again");
            assert_eq!(stopped.err.iter().any(until), has_given_place, "{stopped}");
            let shown = machine.answer("-tay", &[]);
            let is_inactive = |line: &String| line.contains("a disk is being rebuilt");
            let is_settled = failing + 2 >= all;
            assert!(
                !has_given_place || is_settled || shown.err.iter().any(is_inactive),
                "{}: {failing}:\n{shown}",
                case.name
            );
            let again = machine.answer(command, &[]);
            let is_done = again.out.iter().any(|line| line.contains("is not in rebuild state"));
            assert!(
                again.code == "0" || is_done && is_settled,
                "{}: {failing}:\n{again}",
                case.name
            );
            let now: Vec<Vec<u8>> = machine.disks_now().iter().map(data).collect();
            assert_eq!(now, expected, "{}: {failing}", case.name);
            let sets = machine.answer("-s -c -c -c", &[]);
            assert!(sets.out.iter().all(|line| !line.contains(":nosync:")), "{sets}");
        }
    }
}

#[test]
fn a_rebuild_says_what_it_does() {
    let (case, command) = rebuilds().into_iter().next().unwrap();
    let machine = Machine::new(&case, true);
    let answer = machine.answer(command, &[]);
    let set = "RAID set \"isw_dafebjijg_Vol0\"";
    let saved = |disk, nth| format!("Old metadata of /dev/dm-{disk} saved in dmraid.saved{nth}");
    let expected = [
        saved(0, ""),
        format!("/dev/dm-1 is member 1 of {set} now"),
        saved(0, ".1"),
        saved(1, ""),
        format!("{set} is rebuilt"),
    ];
    assert_eq!((answer.out, answer.code.as_str()), (expected.into(), "0"));
    let disks = machine.disks_now();
    assert_eq!(data(&disks[1]), data(&case.disks[0]));
    let listed = machine.answer("-s -c -c -c", &[]).out;
    assert!(listed.iter().any(|line| line.contains(":mirror:ok:0:2:0")), "{listed:?}");
}

#[test]
fn a_stripe_gets_no_empty_member() {
    let (case, command) = manage::rebuilt().into_iter().last().unwrap();
    let machine = Machine::new(&case, true);
    let answer = machine.answer(command, &[]);
    let why = "ERROR: isw: raid0 volume Vol1 is lost with the disk, and is to be deleted first";
    assert!(answer.err.iter().any(|line| line == why), "{answer}");
    assert_eq!((answer.code.as_str(), machine.tried()), ("1", 0));
}

#[test]
fn what_only_shows_writes_nothing() {
    let options = ["", " -v", " --read-only", " --degraded", " --json", " -D"];
    for (_, cases) in raid::fixed() {
        let Some(case) = cases.first() else { continue };
        let machine = Machine::new(case, true);
        for command in
            COMMANDS.iter().chain(&["-l", "-V", "-h", "--explain", "-an", "-ay --read-only"])
        {
            for option in options {
                machine.answer(&format!("{command}{option}"), YES);
            }
        }
        assert_eq!(machine.tried(), 0, "{}", case.name);
    }
}

#[test]
fn a_dry_or_read_only_run_writes_nothing_whatever_is_asked_for() {
    let rebuilds = rebuilds().into_iter().map(|(case, command)| (case, "-l", command));
    for (case, before, command) in writers().into_iter().chain(rebuilds) {
        for option in ["-t", "--read-only"] {
            let machine = prepared(&case, before);
            let earlier = machine.tried();
            let answer = machine.answer(&format!("{option} {command}"), YES);
            assert_eq!((answer.code.as_str(), machine.tried() - earlier), ("1", 0), "{answer}");
        }
    }
    let machine = prepared(&raid::named("sil-stripe").unwrap().clone(), "-r -D");
    let folder = machine.place().join("dmraid.sil");
    for option in ["-tay", "-r --read-only", "-s", ""] {
        let command = format!("{option} --restore {} /dev/dm-0", folder.display());
        let answer = machine.answer(&command, YES);
        assert_eq!((answer.code.as_str(), machine.tried()), ("1", 0), "{command}\n{answer}");
    }
}

#[test]
fn an_erasure_touches_only_what_is_named() {
    let case = raid::named("sil-stripe").unwrap();
    let machine = Machine::new(case, true);
    assert_eq!(machine.answer("-r -E /dev/dm-1", YES).code, "0");
    let (was, is) = (bytes(&case.disks), bytes(&machine.disks_now()));
    assert_eq!(was[0], is[0]);
    assert_ne!(was[1], is[1]);
    assert_eq!(machine.answer("-r", &[]).out.len(), 1);
    restore(&machine, 2, &BTreeSet::new());
    assert_eq!(was, bytes(&machine.disks_now()));
}

#[test]
fn what_was_saved_before_is_not_overwritten() {
    let case = raid::named("sil-stripe").unwrap();
    let machine = Machine::new(case, true);
    let saved = machine.place().join("dmraid.sil");
    fs::create_dir(&saved).unwrap();
    fs::write(saved.join("dm-0_0.dat"), "another disk's of the same name").unwrap();
    assert_eq!(machine.answer("-r -E /dev/dm-0", YES).code, "0");
    let kept = fs::read_to_string(saved.join("dm-0_0.dat")).unwrap();
    assert_eq!(kept, "another disk's of the same name");
    assert!(machine.place().join("dmraid.sil.1/dm-0_0.dat").exists());
}

#[test]
fn some_of_a_familys_sets_are_not_taken_for_all() {
    use dm_testkit::raid::isw::{Isw, Volume};
    let volume = |name: &[u8], start| Volume {
        name: name.to_vec(),
        domains: 2,
        start,
        per_member: 30_000,
        ..Volume::default()
    };
    let family = Isw::of(2, [volume(b"A", 0), volume(b"B", 40_000), volume(b"C", 80_000)]);
    let case = Case { disks: [1, 2].map(|nth| family.disk(nth)).into(), ..Case::new("three", []) };
    let machine = Machine::new(&case, true);
    let answer = machine.answer("-x isw_dafebjijg_A isw_dafebjijg_B", YES);
    assert_eq!((answer.code.as_str(), machine.tried()), ("1", 0), "{answer}");
    assert_eq!(machine.answer("-x isw_dafebjijg_B", YES).code, "0");
    assert_eq!(machine.answer("-s -c", &[]).out, ["isw_dafebjijg_A", "isw_dafebjijg_C"]);
}
