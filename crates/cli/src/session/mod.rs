//! What libdevmapper does around every command: it encodes names, words the failures, waits for udev, and
//! sees to nodes.
//!
//! ```text
//! a tool's command ─► Session ─► Dm ─► Link ─► the kernel or dm-engined
//!                        │  └──── names, subject: what is sent, and the line when it fails
//!                        ├─────── making: a device made, or taken away
//!                        ├─────── transaction: udev's cookies
//!                        └─────── nodes, devices: what stands in /dev/mapper and sysfs
//! ```
//!
//! # Source
//!
//! lvm2's `libdm/ioctl/libdm-iface.c` and `libdm/libdm-common.c`, by running `dmsetup` 1.02.185.

pub mod devices;
pub mod empty;
pub mod engine;
pub mod link;
pub mod making;
pub mod names;
pub mod nodes;
pub mod patience;
pub mod subject;
pub mod transaction;

use std::cell::RefCell;
use std::io::Write;

use dm_core::dm::{DeviceInfo, Dm, Reply, Request};
use dm_core::errno::Errno;
use dm_core::mangle::Mangling;
use dm_core::packet::Cmd;
use dm_core::packet::names::Entry;

use crate::exit::Failure;
use link::{Link, NobodyAnswers, Who};
use names::Kind;
use nodes::Places;
use subject::Subject;

/// The version of libdevmapper that this stands in for.
///
/// # Source
///
/// `dmsetup version` of Debian's 2:1.02.185-2.
pub const LIBRARY_VERSION: &str = "1.02.185 (2022-05-18)";

/// How a session deals with udev.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option or a variable of its own")]
pub struct Udev {
    /// It runs here, and can be waited for.
    pub answers: bool,
    /// It runs here, whether or not it is waited for.
    pub runs: bool,
    /// `DM_DISABLE_UDEV` is set.
    pub disabled: bool,
    /// `--noudevsync`: do not wait for it.
    pub no_sync: bool,
    /// `--noudevrules`: its rules are to leave the device alone.
    pub no_rules: bool,
    /// `--verifyudev`: see to nodes ourselves, and tell what it missed.
    pub verify: bool,
    /// The cookie of a transaction that the caller waits for.
    pub cookie: Option<u32>,
}

/// What of the command line and the environment a session hangs on.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How names are encoded.
    pub mangling: Mangling,
    /// How to deal with udev.
    pub udev: Udev,
    /// Where nodes are.
    pub places: Places,
}

/// A command that device-mapper did not carry out.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// What it said; `None` when it was not asked at all, or its answer cannot be shown.
    pub errno: Option<Errno>,
    /// The text.
    pub failure: Failure,
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self { errno: None, failure }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        refusal.failure
    }
}

/// Device-mapper, as the tools see it.
pub struct Session<'a> {
    link: &'a Link<'a>,
    dm: Dm<'a>,
    settings: Settings,
    err: RefCell<&'a mut dyn Write>,
}

impl std::fmt::Debug for Session<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl<'a> Session<'a> {
    /// A session over `link` that tells its warnings to `err`.
    pub fn new(link: &'a Link<'a>, settings: Settings, err: &'a mut dyn Write) -> Self {
        Self { link, dm: Dm::new(link), settings, err: RefCell::new(err) }
    }

    /// What it hangs on.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Who answers.
    pub fn who(&self) -> Who {
        self.link.who()
    }

    /// Says a line that ends nothing.
    pub fn say(&self, line: impl AsRef<[u8]>) {
        let mut err = self.err.borrow_mut();
        // There is nowhere left to tell that stderr cannot be written.
        err.write_all(&[line.as_ref(), b"\n"].concat()).ok();
    }

    /// Says what a failure has to say, where work goes on nevertheless.
    pub fn report(&self, failure: &Failure) {
        self.err.borrow_mut().write_all(&failure.text).ok();
    }

    /// Makes sure that somebody answers, as libdevmapper does when a task is made: before names are looked at.
    ///
    /// # Errors
    ///
    /// The original's lines for a kernel without device-mapper, or what our engine lacks.
    pub fn open(&self) -> Result<(), Failure> {
        self.link.open().map_err(|nobody| nobody_answers(&nobody))
    }

    /// Carries out `request` about `subject`.
    ///
    /// # Errors
    ///
    /// [`Refusal`] with the line that scripts look for.
    pub fn call(&self, request: &Request, subject: &Subject) -> Result<Reply, Refusal> {
        // A device to be made gets device-mapper's own major, whatever is asked for.
        if request.cmd != Cmd::DevCreate && subject.dev.is_some_and(|dev| dev.major == 0) {
            let missing = Failure::line("Missing major number for persistent device.");
            return Err(missing.and("Couldn't create ioctl argument.").into());
        }
        self.dm.call(request).map_err(|error| {
            let failure = match self.link.take_trouble() {
                Some(nobody) => nobody_answers(&nobody),
                // The user has interrupted it, and knows.
                None if error.errno == Errno::EINTR => Failure::silent(),
                None => Failure::line(subject::failure_line(request, subject, error.errno)),
            };
            Refusal { errno: Some(error.errno), failure }
        })
    }

    /// The implementation's version.
    ///
    /// # Errors
    ///
    /// As [`Session::call`].
    pub fn version(&self) -> Result<[u32; 3], Refusal> {
        Ok(self.call(&Request::new(Cmd::Version), &Subject::default())?.version())
    }

    /// The devices, in the implementation's order, names as the user is shown them.
    ///
    /// # Errors
    ///
    /// As [`Session::call`]; the lines about every name that this mode cannot show.
    pub fn list(&self) -> Result<Vec<Entry>, Refusal> {
        let request = Request::new(Cmd::ListDevices);
        let reply = self.call(&request, &Subject::default())?;
        let mut entries = reply.names().map_err(malformed)?;
        let mut failed = None::<Failure>;
        for entry in &mut entries {
            match names::inbound(self.settings.mangling, Kind::Name, &entry.name) {
                Ok(name) => entry.name = name,
                Err(failure) => {
                    failed = Some(match failed {
                        Some(before) => failure.after(before),
                        None => failure,
                    });
                }
            }
        }
        match failed {
            Some(failure) => Err(failure.into()),
            None => Ok(entries),
        }
    }

    /// What a reply says of its device, name and uuid as the user is shown them.
    ///
    /// # Errors
    ///
    /// They are not as this mode would have encoded them.
    pub fn shown(&self, reply: &Reply) -> Result<DeviceInfo, Failure> {
        let mut device = reply.device();
        device.name = names::inbound(self.settings.mangling, Kind::Name, &device.name)?;
        device.uuid = names::inbound(self.settings.mangling, Kind::Uuid, &device.uuid)?;
        Ok(device)
    }

    /// The device called `text`, which may be the path of a node.
    ///
    /// # Errors
    ///
    /// The path leads to no mapped device, or the name cannot be.
    pub fn subject_named(&self, text: &[u8]) -> Result<Subject, Failure> {
        let name = if text.contains(&b'/') {
            self.settings.places.name_from_path(text)?
        } else {
            names::plain(self.settings.mangling, text)?
        };
        Ok(Subject { name, ..Subject::default() })
    }

    /// The device called `text`, whatever is in it: a name that device-mapper gave is never a path.
    ///
    /// # Errors
    ///
    /// The name cannot be.
    pub fn subject_plainly_named(&self, text: &[u8]) -> Result<Subject, Failure> {
        names::plain(self.settings.mangling, text).map(|name| Subject::named(&name))
    }

    /// The device with this uuid.
    ///
    /// # Errors
    ///
    /// The uuid cannot be.
    pub fn subject_with_uuid(&self, text: &[u8]) -> Result<Subject, Failure> {
        let uuid = names::outbound(self.settings.mangling, Kind::Uuid, text)?;
        Ok(Subject { uuid, ..Subject::default() })
    }
}

/// A reply that is not well formed, which no implementation should give.
pub fn malformed(errno: Errno) -> Failure {
    Failure::line(format!("device-mapper: malformed reply: {errno}"))
}

/// The lines when nobody answers.
///
/// # Source
///
/// `dm_check_version` and `_open_control` in lvm2's `libdm/ioctl/libdm-iface.c`.
fn nobody_answers(nobody: &NobodyAnswers) -> Failure {
    let failure = Failure::line(&nobody.line);
    if nobody.who == Who::Engine {
        return failure;
    }
    let mut failure = failure.and("Failure to communicate with kernel device-mapper driver.");
    if nobody.is_root {
        failure = failure.and("Check that device-mapper is available in the kernel.");
    }
    failure.and(format!(
        "Incompatible libdevmapper {LIBRARY_VERSION} and kernel driver (unknown version)."
    ))
}
