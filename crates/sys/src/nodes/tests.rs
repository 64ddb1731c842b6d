use super::*;
use crate::requires_root;
use std::os::unix::fs::PermissionsExt as _;
use tempfile::TempDir;

/// A folder that is not there yet, in one that is.
fn folder() -> (TempDir, Folder) {
    let top = tempfile::tempdir().unwrap();
    let folder = Folder::new(&top.path().join("mapper"));
    (top, folder)
}

fn device(minor: u32) -> Target {
    Target::Device(DevNo::new(7, minor), Owner { uid: 0, gid: 0, mode: 0o640 })
}

#[test]
fn root_a_node_is_made_with_its_owner_and_mode_whatever_the_umask() {
    if !requires_root() {
        return;
    }
    let (_top, folder) = folder();
    let owner = Owner { uid: 12, gid: 34, mode: 0o666 };
    folder.add(b"a", &Target::Device(DevNo::new(7, 300), owner)).unwrap();
    let meta = fs::metadata(folder.path().join("a")).unwrap();
    assert_eq!(DevNo::from_libc(meta.rdev()), DevNo::new(7, 300));
    assert_eq!((meta.uid(), meta.gid(), meta.mode() & 0o777), (12, 34, 0o666));
}

#[test]
fn root_a_right_node_stays_and_a_stale_one_is_replaced() {
    if !requires_root() {
        return;
    }
    let (_top, folder) = folder();
    let path = folder.path().join("a");
    folder.add(b"a", &device(1)).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    folder.add(b"a", &device(1)).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
    folder.add(b"a", &device(2)).unwrap();
    assert_eq!(sysfs::device_of(&path), Some(DevNo::new(7, 2)));
}

#[test]
fn what_is_no_node_is_left_alone() {
    let (top, folder) = folder();
    let path = folder.path().join("a");
    fs::create_dir(folder.path()).unwrap();
    fs::write(&path, b"precious").unwrap();
    for target in [device(1), Target::Link(top.path().join("x"))] {
        let error = folder.add(b"a", &target).unwrap_err();
        let text = format!("A non-block device file at '{}' is already present", path.display());
        assert_eq!(error.to_string(), text);
    }
    assert!(matches!(folder.rename(b"b", b"a"), Err(NodeError::NonBlock(_))));
    assert_eq!(fs::read(&path).unwrap(), b"precious");
}

#[test]
fn a_link_to_somewhere_else_is_not_followed() {
    let (top, folder) = folder();
    let victim = top.path().join("victim");
    fs::create_dir(folder.path()).unwrap();
    fs::write(&victim, b"precious").unwrap();
    symlink(&victim, folder.path().join("a")).unwrap();
    assert!(matches!(folder.add(b"a", &device(1)), Err(NodeError::NonBlock(_))));
    let image = top.path().join("image");
    folder.add(b"a", &Target::Link(image.clone())).unwrap();
    assert_eq!(fs::read_link(folder.path().join("a")).unwrap(), image);
    folder.remove(b"a").unwrap();
    assert_eq!(fs::read(&victim).unwrap(), b"precious");
}

#[test]
fn a_link_is_replaced_and_nothing_else_is_left_in_the_folder() {
    let (top, folder) = folder();
    for to in ["one", "two", "two"] {
        folder.add(b"a", &Target::Link(top.path().join(to))).unwrap();
    }
    assert_eq!(folder.names().unwrap(), ["a"]);
    assert_eq!(fs::read_link(folder.path().join("a")).unwrap(), top.path().join("two"));
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    let (_top, folder) = folder();
    for name in [&b""[..], b".", b"..", b"a/b", b"../x", b"control", b"a\0b"] {
        assert!(matches!(folder.remove(name), Err(NodeError::Name(_))), "{name:?}");
    }
}

#[test]
fn removing_or_renaming_what_is_not_there_is_fine() {
    let (_top, folder) = folder();
    folder.remove(b"a").unwrap();
    folder.rename(b"a", b"b").unwrap();
}

#[test]
fn a_rename_takes_the_place_of_a_stale_node() {
    let (top, folder) = folder();
    folder.add(b"old", &Target::Link(top.path().join("disk"))).unwrap();
    folder.add(b"new", &Target::Link(top.path().join("gone"))).unwrap();
    folder.rename(b"old", b"new").unwrap();
    assert_eq!(folder.names().unwrap(), ["new"]);
    assert_eq!(fs::read_link(folder.path().join("new")).unwrap(), top.path().join("disk"));
}

#[test]
fn a_path_is_named_by_the_node_that_leads_to_the_same_thing() {
    let (top, folder) = folder();
    let disk = top.path().join("disk");
    fs::write(&disk, b"").unwrap();
    folder.add(b"first", &Target::Link(disk.clone())).unwrap();
    assert_eq!(folder.name_from_path(&disk), Ok("first".into()));
    folder.add(b"disk", &Target::Link(disk.clone())).unwrap();
    assert_eq!(folder.name_from_path(&disk), Ok("disk".into()));
    let entry = folder.path().join("first");
    assert_eq!(folder.name_from_path(&entry), Ok("first".into()));
}

#[test]
fn a_relative_path_with_one_slash_is_looked_for_beside_the_folder() {
    let (top, folder) = folder();
    let disk = top.path().join("disk");
    fs::write(&disk, b"").unwrap();
    folder.add(b"a", &Target::Link(disk)).unwrap();
    assert_eq!(folder.name_from_path(Path::new("mapper/a")), Ok("a".into()));
    let two = Path::new("x/mapper/a");
    assert_eq!(folder.name_from_path(two), Err(NotFound(two.to_owned())));
}

#[test]
fn a_path_that_leads_to_no_device_is_named_as_the_original_names_it() {
    let (top, folder) = folder();
    let disk = top.path().join("disk");
    let missing = folder.name_from_path(&disk).unwrap_err();
    assert_eq!(missing.to_string(), format!("Device {} not found", disk.display()));
    fs::write(&disk, b"").unwrap();
    let unknown = folder.name_from_path(&disk).unwrap_err();
    assert_eq!(unknown.to_string(), "Device disk not found");
}

#[test]
fn the_wait_ends_when_the_node_opens() {
    let (top, folder) = folder();
    let disk = top.path().join("disk");
    folder.add(b"a", &Target::Link(disk.clone())).unwrap();
    let maker = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(20));
        fs::write(disk, b"").unwrap();
    });
    folder.wait_open(b"a", Duration::from_secs(10)).unwrap();
    maker.join().unwrap();
}

#[test]
fn a_node_that_never_opens_is_reported_in_time() {
    let (_top, folder) = folder();
    let error = folder.wait_open(b"a", Duration::from_millis(10)).unwrap_err();
    let NodeError::System { call, errno, .. } = error else { panic!("{error}") };
    assert_eq!((call, errno), ("open", Errno::ENOENT));
}
