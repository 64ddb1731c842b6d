use super::*;
use crate::loopdev::tests::Guard;
use crate::requires_root;
use std::io::Write as _;

const DIRECT: Open = Open { access: Access::Read, claim: Claim::Shared, caching: Caching::Direct };

/// A file of sectors, each full of its own number.
fn image(sectors: u8) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    for number in 0..sectors {
        file.write_all(&[number; 512]).unwrap();
    }
    file
}

#[test]
fn an_image_is_a_disk_of_whole_sectors() {
    let mut image = image(3);
    image.write_all(b"rest").unwrap();
    let disk = BlockFile::open(image.path(), Open::default()).unwrap();
    assert_eq!(disk.disk().size, Sectors::new(3));
    assert_eq!(disk.disk().dev, None);
    assert_eq!(disk.size(), Bytes::new(1536));
}

#[test]
fn reads_are_the_same_with_and_without_the_page_cache() {
    let image = image(20);
    for how in [Open::default(), DIRECT] {
        let disk = BlockFile::open(image.path(), how).unwrap();
        let mut buf = [0; 1000];
        disk.read_at(Bytes::new(500), &mut buf).unwrap();
        assert_eq!((buf[11], buf[12], buf[999]), (0, 1, 2));
        disk.read_at(Bytes::new(20 * 512 - 1), &mut buf[..1]).unwrap();
        assert_eq!(buf[0], 19);
    }
}

#[test]
fn a_read_past_the_end_is_refused() {
    let image = image(1);
    let disk = BlockFile::open(image.path(), Open::default()).unwrap();
    for at in [512, 1, u64::MAX] {
        let (at, len) = (Bytes::new(at), Bytes::new(512));
        assert_eq!(disk.read_at(at, &mut [0; 512]), Err(ReadError::PastEnd { at, len }));
    }
}

#[test]
fn what_is_no_disk_is_refused_without_being_opened() {
    let top = tempfile::tempdir().unwrap();
    let fifo = top.path().join("fifo");
    nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::S_IRUSR).unwrap();
    for path in [fifo.as_path(), top.path(), Path::new("/dev/null")] {
        let error = BlockFile::open(path, Open::default()).unwrap_err();
        assert_eq!(os::errno(&error), Errno::ENOTBLK, "{}", path.display());
    }
}

#[test]
fn root_a_block_device_tells_its_number_size_and_limits() {
    if !requires_root() {
        return;
    }
    let device = Guard::attach(1 << 20);
    let disk = BlockFile::open(device.path(), DIRECT).unwrap();
    let facts = disk.disk();
    assert_eq!(facts.dev, Some(device.dev()));
    assert_eq!(facts.size, Sectors::new(2048));
    assert!(facts.direct && !facts.read_only);
    assert_eq!(facts.queue.logical_block, 512);
    assert!(!facts.queue.discard_max.is_zero());
}

#[test]
fn root_a_device_is_opened_by_its_number() {
    if !requires_root() {
        return;
    }
    let device = Guard::attach(1 << 20);
    let disk = BlockFile::open_number(device.dev(), Open::default()).unwrap();
    assert_eq!(disk.disk().dev, Some(device.dev()));
    let missing = BlockFile::open_number(DevNo::new(7, 1_000_000), Open::default()).unwrap_err();
    assert_eq!(os::errno(&missing), Errno::ENXIO);
}

#[test]
fn root_a_device_without_a_node_is_opened_through_one_of_our_own() {
    if !requires_root() {
        return;
    }
    let device = Guard::attach(1 << 20);
    let disk = BlockFile::open_by_own_node(device.dev(), Open::default()).unwrap();
    assert_eq!(disk.disk().dev, Some(device.dev()));
    assert!(!disk.path().exists());
}

#[test]
fn root_a_claimed_device_cannot_be_claimed_again() {
    if !requires_root() {
        return;
    }
    let device = Guard::attach(1 << 20);
    let claim = Open { claim: Claim::Exclusive, ..Open::default() };
    let first = BlockFile::open(device.path(), claim).unwrap();
    let second = BlockFile::open(device.path(), claim).unwrap_err();
    assert_eq!(os::errno(&second), Errno::EBUSY);
    drop(first);
    BlockFile::open(device.path(), claim).unwrap();
}

#[test]
fn root_discards_and_zeroes_reach_the_device() {
    if !requires_root() {
        return;
    }
    let image = image(64);
    let device = Guard::over(image.as_file());
    let how = Open { access: Access::Write, ..Open::default() };
    let disk = BlockFile::open(device.path(), how).unwrap();
    disk.zero_out(Sectors::new(1), Sectors::new(2)).unwrap();
    disk.drop_cache().unwrap();
    let mut buf = [9; 4];
    for (sector, byte) in [(1, 0), (2, 0), (3, 3)] {
        disk.read_at(Bytes::new(sector * 512), &mut buf).unwrap();
        assert_eq!(buf, [byte; 4]);
    }
    disk.discard(Sectors::ZERO, Sectors::new(64)).unwrap();
    let endless = disk.discard(Sectors::new(u64::MAX), Sectors::new(1));
    assert_eq!(endless, Err(Errno::EINVAL));
}

#[test]
fn root_a_device_that_grew_has_its_new_size() {
    if !requires_root() {
        return;
    }
    let image = image(8);
    let device = Guard::over(image.as_file());
    let mut disk = BlockFile::open(device.path(), Open::default()).unwrap();
    image.as_file().set_len(16 * 512).unwrap();
    device.set_capacity().unwrap();
    assert_eq!(disk.refresh_size().unwrap(), Sectors::new(16));
}
