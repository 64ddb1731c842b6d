use super::*;
use crate::requires_root;
use std::io::{Read as _, Write as _};
use std::ops::Deref;

/// A loop device over a file of its own, both gone at the end of the test.
pub(crate) struct Guard {
    device: LoopDevice,
    /// A loop device needs no descriptor of its file; some tests do.
    file: Option<File>,
}

impl Guard {
    /// Over a file of `len` zeroes.
    pub(crate) fn attach(len: u64) -> Self {
        let file = tempfile::tempfile().unwrap();
        file.set_len(len).unwrap();
        Self::with(file, Attach::default())
    }

    /// Over a file that is there.
    pub(crate) fn over(file: &File) -> Self {
        let device = LoopDevice::attach(file.as_fd(), Attach::default()).unwrap();
        Self { device, file: None }
    }

    fn with(file: File, how: Attach) -> Self {
        let device = LoopDevice::attach(file.as_fd(), how).unwrap();
        Self { device, file: Some(file) }
    }

    fn setting(&self, name: &str) -> Option<String> {
        let text = fs::read_to_string(sysfs::folder(self.dev).join(name)).ok()?;
        Some(text.trim().to_owned())
    }
}

impl Guard {
    /// Detaches it; another process that looks for a free device may have it open for a moment.
    fn detach_at_last(&mut self) -> Result<(), Errno> {
        let deadline = Instant::now() + Duration::from_secs(2);
        loop {
            match self.device.detach_if_unused() {
                Err(Errno::EBUSY) if Instant::now() < deadline => {}
                other => return other,
            }
        }
    }
}

impl Deref for Guard {
    type Target = LoopDevice;

    fn deref(&self) -> &LoopDevice {
        &self.device
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // One that is detached already may be another test's by now: its file is looked at.
        if self.device.node().is_ok() {
            detach(&self.device.path);
        }
    }
}

#[test]
fn root_what_is_written_to_the_device_is_in_the_file() {
    if !requires_root() {
        return;
    }
    let device = Guard::attach(1 << 20);
    let mut node = OpenOptions::new().write(true).open(device.path()).unwrap();
    node.write_all(&[0x5a; 4096]).unwrap();
    node.sync_all().unwrap();
    let mut bytes = [0; 4096];
    std::os::unix::fs::FileExt::read_exact_at(device.file.as_ref().unwrap(), &mut bytes, 0)
        .unwrap();
    assert_eq!(bytes, [0x5a; 4096]);
}

#[test]
fn root_a_device_that_is_open_elsewhere_is_not_detached_nor_marked() {
    if !requires_root() {
        return;
    }
    let mut device = Guard::attach(1 << 20);
    let backing_file = device.setting("loop/backing_file");
    assert!(backing_file.is_some());
    let other = File::open(device.path()).unwrap();
    assert_eq!(device.device.detach_if_unused(), Err(Errno::EBUSY));
    assert_eq!(device.setting("loop/autoclear").as_deref(), Some("0"));
    drop(other);
    // The last close of the other did not take the file away.
    assert!(device.node().is_ok());
    assert_eq!(device.detach_at_last(), Ok(()));
    assert_ne!(device.setting("loop/backing_file"), backing_file);
    assert_eq!(device.device.detach_if_unused(), Err(Errno::ENXIO));
}

#[test]
fn root_while_it_is_detached_nobody_gets_in() {
    if !requires_root() {
        return;
    }
    let mut device = Guard::attach(1 << 20);
    let path = device.path().to_owned();
    let opener = thread::spawn(move || {
        // Whoever gets it open must be able to read it for as long as it is open.
        for _ in 0..2000 {
            let Ok(mut node) = File::open(&path) else { continue };
            let mut byte = [0];
            let before = raw::LOOP_GET_STATUS64.call(node.as_fd());
            let read = node.read(&mut byte);
            if before.is_ok() {
                assert_eq!(read.unwrap(), 1);
            }
        }
    });
    let answer = device.detach_at_last();
    opener.join().unwrap();
    assert_eq!(answer, Ok(()));
}

#[test]
fn root_more_devices_than_there_were_are_attached_at_once() {
    if !requires_root() {
        return;
    }
    let attach = || (0..5).map(|_| Guard::attach(1 << 16)).collect::<Vec<_>>();
    let threads: Vec<_> = (0..4).map(|_| thread::spawn(attach)).collect();
    let devices: Vec<_> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    let mut numbers: Vec<_> = devices.iter().map(|device| device.number()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 20);
}

#[test]
fn root_options_are_the_devices() {
    if !requires_root() {
        return;
    }
    let file = tempfile::tempfile().unwrap();
    file.set_len(1 << 20).unwrap();
    let how = Attach {
        direct_io: false,
        read_only: true,
        block_size: 4096,
        offset: Bytes::new(4096),
        size_limit: Bytes::new(8192),
        queue: &[],
        by_path: false,
    };
    let device = Guard::with(file, how);
    assert_eq!(device.setting("size").as_deref(), Some("16"));
    assert_eq!(device.setting("ro").as_deref(), Some("1"));
    assert_eq!(device.setting("queue/logical_block_size").as_deref(), Some("4096"));
}

#[test]
fn root_direct_io_is_what_was_asked_for() {
    if !requires_root() {
        return;
    }
    let file = tempfile::tempfile().unwrap();
    file.set_len(1 << 20).unwrap();
    let device = Guard::with(file, Attach { direct_io: true, ..Attach::default() });
    assert_eq!(device.setting("loop/dio").as_deref(), Some("1"));
}

/// Attaches as on a kernel without `LOOP_CONFIGURE`; other tests take free devices at the same time.
fn attach_stepwise(file: &File, how: Attach) -> LoopDevice {
    let control = File::open("/dev/loop-control").unwrap();
    let config = LoopConfig::new(file.as_fd(), how.block_size, status(file.as_fd(), how));
    loop {
        let number = raw::LOOP_CTL_GET_FREE.call(control.as_fd(), 0).unwrap().cast_unsigned();
        let path = make_node(number).unwrap();
        let node = OpenOptions::new().read(true).write(true).open(path).unwrap();
        match configure_stepwise(node.as_fd(), &config, how) {
            Err(Errno::EBUSY) => {}
            other => {
                other.unwrap();
                return LoopDevice::open(number).unwrap();
            }
        }
    }
}

#[test]
fn root_older_kernels_requests_do_the_same() {
    if !requires_root() {
        return;
    }
    let file = tempfile::tempfile().unwrap();
    file.set_len(1 << 20).unwrap();
    let how =
        Attach { direct_io: true, block_size: 4096, offset: Bytes::new(8192), ..Attach::default() };
    let device = Guard { device: attach_stepwise(&file, how), file: None };
    assert_eq!(device.setting("queue/logical_block_size").as_deref(), Some("4096"));
    assert_eq!(device.setting("loop/dio").as_deref(), Some("1"));
    assert_eq!(device.setting("loop/offset").as_deref(), Some("8192"));
}

#[test]
fn root_the_device_grows_with_its_file() {
    if !requires_root() {
        return;
    }
    let device = Guard::attach(1 << 20);
    device.file.as_ref().unwrap().set_len(1 << 21).unwrap();
    device.set_capacity().unwrap();
    assert_eq!(device.setting("size").as_deref(), Some("4096"));
}

#[test]
fn root_the_queue_takes_its_settings() {
    if !requires_root() {
        return;
    }
    let device = Guard::attach(1 << 20);
    device.set_queue(QueueSetting::MaxRequestKib(508)).unwrap();
    device.set_queue(QueueSetting::NoMerges(2)).unwrap();
    device.set_queue(QueueSetting::ReadAheadKib(64)).unwrap();
    assert_eq!(device.setting("queue/max_sectors_kb").as_deref(), Some("508"));
    assert_eq!(device.setting("queue/nomerges").as_deref(), Some("2"));
    assert_eq!(device.setting("queue/read_ahead_kb").as_deref(), Some("64"));
}

#[test]
fn root_a_number_that_is_taken_is_busy() {
    if !requires_root() {
        return;
    }
    let device = Guard::attach(1 << 20);
    let file = tempfile::tempfile().unwrap();
    let taken = LoopDevice::attach_number(device.number(), file.as_fd(), Attach::default());
    assert_eq!(os::errno(&taken.unwrap_err()), Errno::EBUSY);
    assert!(attached().iter().any(|(number, _)| *number == device.number()));
}

#[test]
fn root_a_queue_is_set_before_there_is_anything_to_wait_for() {
    const QUEUE: &[QueueSetting] = &[QueueSetting::MaxRequestKib(64), QueueSetting::NoMerges(2)];
    if !requires_root() {
        return;
    }
    let file = tempfile::tempfile().unwrap();
    file.set_len(1 << 20).unwrap();
    let device = Guard::with(file, Attach { queue: QUEUE, ..Attach::default() });
    let queue = sysfs::queue(device.dev()).unwrap();
    assert_eq!(queue.max_request, Bytes::new(64 << 10));
    assert!(device.max_request_before() >= queue.max_request);
    let kib = u32::try_from(device.max_request_before().get() / 1024).unwrap();
    device.set_queue(QueueSetting::MaxRequestKib(kib)).unwrap();
    device.set_queue(QueueSetting::NoMerges(0)).unwrap();
}

#[test]
fn root_a_device_that_lasts_while_open_goes_with_its_last_opener() {
    if !requires_root() {
        return;
    }
    let file = tempfile::tempfile().unwrap();
    file.set_len(1 << 20).unwrap();
    let meta = file.metadata().unwrap();
    let attached = || LoopDevice::attach_while_open(file.as_fd(), Attach::default()).unwrap();
    let (device, held) = attached();
    let other = File::open(device.path()).unwrap();
    drop(held);
    assert!(device.node().is_ok(), "somebody has it open");
    drop(other);
    let deadline = Instant::now() + Duration::from_secs(5);
    // Who looks for a free device may have it open for a moment.
    while !of(&meta).is_empty() {
        assert!(Instant::now() < deadline, "it stays");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn root_a_device_that_is_known_by_its_files_path_is_detached_only_when_it_has_that() {
    if !requires_root() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = fs::canonicalize(folder.path()).unwrap().join("file");
    let file = OpenOptions::new().read(true).write(true).create_new(true).open(&path).unwrap();
    file.set_len(1 << 20).unwrap();
    let mut device = Guard::with(file, Attach { by_path: true, ..Attach::default() });
    let number = device.number();
    let other = LoopDevice::open_on(number, &path.with_file_name("other"));
    assert_eq!(os::errno(&other.unwrap_err()), Errno::ENXIO);
    let open = File::open(device.path()).unwrap();
    assert_eq!(device.device.detach_if_unused(), Err(Errno::EBUSY));
    assert_eq!(device.setting("loop/autoclear").as_deref(), Some("0"));
    drop(open);
    // The kernel marks the path of a file that is gone.
    fs::remove_file(&path).unwrap();
    assert!(LoopDevice::open_on(number, &path).is_ok());
    device.set_capacity().unwrap();
    assert_eq!(device.detach_at_last(), Ok(()));
    assert_eq!(device.device.detach_if_unused(), Err(Errno::ENXIO));
}
