//! The kernel's device-mapper as a [`Backend`]: `<dev>/mapper/control`.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::fd::AsFd as _;
use std::os::unix::fs::{DirBuilderExt as _, FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use dm_core::backend::Backend;
use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::packet::{Cmd, HEADER_SIZE, Packet};
use nix::sys::stat::{Mode, SFlag, mknod};

use crate::{os, raw};

/// The control node's number.
///
/// # Source
///
/// `MISC_MAJOR` in the kernel's `include/uapi/linux/major.h`, `MAPPER_CTRL_MINOR` in `include/linux/miscdevice.h`.
pub const CONTROL_DEV: DevNo = DevNo::new(10, 236);

/// The oldest version of the interface: what a request must say to be taken by every kernel.
const VERSION: [u32; 3] = [4, 0, 0];

/// A system call on the way to the kernel's device-mapper that failed.
///
/// The text is the original's line without its last part, the errno's text, which is in `source()`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {call} failed", object.display())]
pub struct ControlError {
    /// What it was made on: a path, as a rule.
    pub object: PathBuf,
    /// The call, as the original names it: `stat`, `mkdir`, `unlink`, `mknod`, `open`.
    pub call: &'static str,
    /// What the system said.
    #[source]
    pub errno: Errno,
}

impl ControlError {
    fn new(object: &Path, call: &'static str, errno: Errno) -> Self {
        Self { object: object.to_owned(), call, errno }
    }

    /// The whole line that the original prints.
    pub fn line(&self) -> String {
        format!("{self}: {}", self.errno)
    }
}

/// The open control node of a kernel that answers.
#[derive(Debug)]
pub struct Control {
    node: File,
}

impl Control {
    /// Opens `mapper/control` under `dev_dir`, made first where it is missing, and asks the version.
    ///
    /// # Errors
    ///
    /// [`ControlError`] for the first call that fails; `ENODEV` of `open` is a kernel without the driver.
    pub fn open(dev_dir: &Path) -> Result<Self, ControlError> {
        let folder = dev_dir.join("mapper");
        let path = folder.join("control");
        if !is_control_node(&path)? {
            make_control_node(&folder, &path)?;
        }
        let fail = |error: io::Error| ControlError::new(&path, "open", os::errno(&error));
        let control =
            Self { node: OpenOptions::new().read(true).write(true).open(&path).map_err(fail)? };
        control.ask_version()?;
        Ok(control)
    }

    /// The node proves nothing; an answer does.
    fn ask_version(&self) -> Result<(), ControlError> {
        let mut packet = Packet::new(HEADER_SIZE);
        for (to, from) in packet.header_mut().version.iter_mut().zip(VERSION) {
            to.set(from);
        }
        self.exchange(Cmd::Version, &mut packet).map_err(|errno| {
            // The original's line for a failed ioctl, with neither name nor uuid.
            ControlError::new(Path::new("device-mapper"), "version ioctl on  ", errno)
        })
    }
}

impl Backend for Control {
    fn exchange(&self, cmd: Cmd, packet: &mut Packet) -> Result<(), Errno> {
        let mut bytes = packet.to_bytes();
        let result = raw::dm(self.node.as_fd(), cmd.number(), &mut bytes);
        // After an error the kernel has stored its version and nothing else.
        packet.set_reply(&bytes).map_err(|_| Errno::EIO)?;
        result
    }
}

/// Whether the node is there; one of another type or number is removed.
///
/// # Source
///
/// `_control_exists` in lvm2's `libdm/ioctl/libdm-iface.c`.
fn is_control_node(path: &Path) -> Result<bool, ControlError> {
    match fs::metadata(path) {
        Ok(meta)
            if meta.file_type().is_char_device()
                && DevNo::from_libc(meta.rdev()) == CONTROL_DEV =>
        {
            Ok(true)
        }
        Ok(_) => {
            let fail = |error| ControlError::new(path, "unlink", os::errno(&error));
            fs::remove_file(path).map_err(fail)?;
            Ok(false)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(ControlError::new(path, "stat", os::errno(&error))),
    }
}

/// Makes the folder with mode 0755 and the node with mode 0600.
fn make_control_node(folder: &Path, path: &Path) -> Result<(), ControlError> {
    let mut missing: Vec<_> = folder.ancestors().take_while(|path| !path.exists()).collect();
    // From the outermost on, so that an error names the folder that could not be made.
    while let Some(path) = missing.pop().filter(|path| !path.as_os_str().is_empty()) {
        match DirBuilder::new().mode(0o755).create(path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(ControlError::new(path, "mkdir", os::errno(&error)));
            }
            _ => {}
        }
    }
    let owners = Mode::S_IRUSR | Mode::S_IWUSR;
    match mknod(path, SFlag::S_IFCHR, owners, CONTROL_DEV.to_libc()) {
        // Another tool was faster.
        Ok(()) | Err(nix::errno::Errno::EEXIST) => Ok(()),
        Err(errno) => Err(ControlError::new(path, "mknod", os::from_nix(errno))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requires_root;
    use dm_core::dm::{Dm, Request};

    #[test]
    fn root_missing_folder_and_node_are_made_and_the_kernels_answer_is_told() {
        if !requires_root() {
            return;
        }
        let dev = tempfile::tempdir().unwrap();
        let answer = Control::open(dev.path());
        let node = dev.path().join("mapper/control");
        assert!(is_control_node(&node).unwrap());
        if let Err(error) = answer {
            let line = format!("{}: open failed: {}", node.display(), error.errno);
            assert_eq!(error.line(), line);
        }
    }

    #[test]
    fn root_the_kernel_makes_a_device_and_says_what_is_wrong() {
        if !requires_root() {
            return;
        }
        let Ok(control) = Control::open(Path::new("/dev")) else {
            eprintln!("skipped: needs the kernel's device-mapper");
            return;
        };
        let dm = Dm::new(&control);
        assert_eq!(dm.version().unwrap().first(), Some(&4));
        let name = format!("dmkit-test-{}", std::process::id());
        let request = |cmd| Request::new(cmd).named(name.as_bytes());
        let missing = dm.call(&request(Cmd::DevStatus)).unwrap_err();
        assert_eq!(missing.errno, Errno::ENXIO);
        dm.call(&request(Cmd::DevCreate)).unwrap();
        let twice = dm.call(&request(Cmd::DevCreate)).unwrap_err();
        let info = dm.call(&request(Cmd::DevStatus)).unwrap().device();
        dm.call(&request(Cmd::DevRemove)).unwrap();
        assert_eq!(twice.errno, Errno::EBUSY);
        assert_eq!((info.name, info.open_count), (name.into_bytes(), 0));
    }

    #[test]
    fn root_a_node_of_another_type_is_replaced() {
        if !requires_root() {
            return;
        }
        let dev = tempfile::tempdir().unwrap();
        let node = dev.path().join("mapper/control");
        fs::create_dir(dev.path().join("mapper")).unwrap();
        fs::write(&node, b"").unwrap();
        drop(Control::open(dev.path()));
        assert!(is_control_node(&node).unwrap());
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let dev = tempfile::NamedTempFile::new().unwrap();
        let error = Control::open(dev.path()).unwrap_err();
        assert_eq!(error.errno, Errno::ENOTDIR);
        assert_eq!(error.call, "stat");
    }

    #[test]
    fn a_number_beyond_the_request_codes_never_reaches_the_kernel() {
        let control = Control { node: File::open("/dev/null").unwrap() };
        let mut packet = Packet::new(HEADER_SIZE);
        assert_eq!(control.exchange(Cmd::EngineStatus, &mut packet), Err(Errno::ENOTTY));
    }

    #[test]
    fn a_packet_that_claims_more_than_it_has_never_reaches_the_kernel() {
        let control = Control { node: File::open("/dev/null").unwrap() };
        let mut packet = Packet::new(HEADER_SIZE);
        packet.header_mut().data_size.set(4096);
        assert_eq!(control.exchange(Cmd::Version, &mut packet), Err(Errno::EFAULT));
    }
}
