use super::*;

fn image(len: u64) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    file.as_file().set_len(len).unwrap();
    file
}

#[test]
fn an_image_has_whole_sectors_and_its_absolute_path() {
    let image = image(4096 + 511);
    let device = FileDevice::open(image.path(), Mode::ReadWrite).unwrap();
    assert_eq!(device.size(), Sectors::new(8));
    assert_eq!(device.name(), image.path().to_str().unwrap());
    assert!(!device.is_read_only());
    image.as_file().set_len(512).unwrap();
    assert_eq!(device.size(), Sectors::new(1));
}

#[test]
fn what_is_no_disk_is_refused_without_being_opened() {
    let folder = tempfile::tempdir().unwrap();
    let open = |path: &Path| FileDevice::open(path, Mode::ReadOnly).map(|_| ()).unwrap_err();
    assert_eq!(open(&folder.path().join("missing")), Errno::ENOENT);
    assert_eq!(open(folder.path()), Errno::ENOTBLK);
    assert_eq!(open(Path::new("/dev/null")), Errno::ENOTBLK);
    assert_eq!(open(&folder.path().join("no/folder")), Errno::ENOENT);
}

#[test]
fn a_device_opened_for_reading_takes_no_writes() {
    let image = image(4096);
    let device = FileDevice::open(image.path(), Mode::ReadOnly).unwrap();
    assert!(device.is_read_only());
}
