use dm_formats::raid::sets::{self, OnDisk};
use dm_formats::raid::{self, FORMATS, Log};
use dm_testkit::raid::{self as cases, named};

use super::*;

fn disks(case: &str) -> Vec<Disk> {
    let disk = |(nth, disk): (usize, &cases::Disk)| Disk {
        path: format!("images/disk{nth}.img").into_bytes(),
        serial: disk.serial.clone().map(String::into_bytes),
        scsi: None,
        dev: None,
        source: Box::new(disk.image.clone()),
    };
    named(case).unwrap().disks.iter().enumerate().map(disk).collect()
}

/// The first set that these disks make, found in this order.
fn set_of_disks(disks: &[Disk], order: &[usize]) -> RaidSet {
    let read = |nth: &usize| raid::read(&disks[*nth].as_format_disk(), FORMATS).found;
    let found: Vec<_> = order.iter().map(|nth| (*nth, read(nth).unwrap())).collect();
    let all =
        found.iter().map(|(disk, found)| OnDisk { disk: *disk, path: &disks[*disk].path, found });
    let mut log = Log::default();
    let mut sets = sets::group(all, &mut log);
    sets::check(&mut sets, &mut log);
    sets.remove(0)
}

/// Which file each disk has, by the disks' numbers.
fn files(set: &RaidSet, disks: &[Disk]) -> Vec<(usize, String)> {
    let all = plan(set, disks, Path::new("cow")).unwrap();
    let mut all: Vec<_> =
        all.iter().map(|one| (one.disk, one.cow.to_str().unwrap().to_owned())).collect();
    all.sort();
    all
}

#[test]
fn an_overlay_stands_before_all_of_its_disk() {
    let disks = disks("sil-stripe");
    let all = plan(&set_of_disks(&disks, &[0, 1]), &disks, Path::new("a b")).unwrap();
    let names: Vec<&[u8]> = all.iter().map(|one| &one.name[..]).collect();
    assert_eq!(names, [&b"sil_caagbhajaiah_overlay0"[..], b"sil_caagbhajaiah_overlay1"]);
    assert_eq!(all[1].uuid, b"DMRAIDI-overlay-sil_caagbhajaiah-1");
    let table = all[1].table(b"/dev/sdb", all[1].cow.as_os_str().as_bytes());
    assert_eq!((table.len(), table[0].start, table[0].len), (1, Sectors::ZERO, disks[1].sectors()));
    assert_eq!(table[0].target.as_bytes(), b"snapshot");
    assert_eq!(table[0].args, br"/dev/sdb a\ b/sil_caagbhajaiah-1.cow P 8");
}

#[test]
fn a_disk_has_its_file_whatever_the_order_in_which_it_is_found() {
    for case in ["sil-stripe", "sil-mirror", "isw-mirror", "sil-five"] {
        let disks = disks(case);
        let order: Vec<usize> = (0..disks.len()).collect();
        let first = files(&set_of_disks(&disks, &order), &disks);
        let back: Vec<usize> = order.into_iter().rev().collect();
        assert_eq!(files(&set_of_disks(&disks, &back), &disks), first, "{case}");
    }
}

#[test]
fn a_mirrors_files_are_known_by_their_disks_too() {
    let disks = disks("sil-mirror");
    let files = files(&set_of_disks(&disks, &[0, 1]), &disks);
    assert!(files[0].1.ends_with("-disk0.img.cow"), "{files:?}");
    assert!(files[1].1.ends_with("-disk1.img.cow"), "{files:?}");
}

#[test]
fn two_members_do_not_share_a_file() {
    let mut disks = disks("sil-mirror");
    let mut set = set_of_disks(&disks, &[0, 1]);
    disks[1].path = b"elsewhere/disk0.img".to_vec();
    for member in &mut set.members {
        member.member.order = 0;
    }
    let text = String::from_utf8(plan(&set, &disks, Path::new("cow")).unwrap_err()).unwrap();
    assert!(text.ends_with("--serial tells them apart: elsewhere/disk0.img"), "{text}");
    disks[1].serial = Some(b"S/1 x".to_vec());
    let all = plan(&set, &disks, Path::new("cow")).unwrap();
    assert!(all[1].cow.to_str().unwrap().ends_with("-0-S_1_x.cow"), "{all:?}");
}

#[test]
fn a_uuid_tells_the_set_and_no_others_does() {
    assert_eq!(set_of(b"DMRAIDI-overlay-sil_a-0-12"), Some(&b"sil_a-0"[..]));
    for other in
        ["DMRAIDI-sil_a-0", "DMRAID-overlay-sil_a-0", "DMRAIDI-overlay-sil", "DMRAIDI-overlay-a-"]
    {
        assert_eq!(set_of(other.as_bytes()), None, "{other}");
    }
}
