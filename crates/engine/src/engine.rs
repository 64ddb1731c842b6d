//! The control interface: devices by name, uuid and number; packet in, packet out.
//!
//! Replies are the kernel's to the byte: which bytes come back, where the payload begins, when a buffer is too
//! small, what an error leaves alone. A command is a function over a `Call`; one file a family.
//!
//! What differs from the kernel on purpose: no uevent is ever sent, so `UEVENT_GENERATED` is never set and
//! libdevmapper completes its own cookies; a table that would stand on itself through other devices gets
//! `ELOOP`; a device that was taken over from an earlier process and lost a leg answers `EIO` there.
//!
//! # Source
//!
//! The kernel's `drivers/md/dm-ioctl.c`, interface 4.48.0.

pub mod host;

mod call;
mod create;
mod gone;
mod list;
mod message;
mod open;
mod persist;
mod registry;
mod remove;
mod rename;
mod report;
mod restore;
mod status;
mod suspend;
mod table;
mod upkeep;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use dm_core::backend::Backend;
use dm_core::errno::Errno;
use dm_core::packet::{Cmd, Packet};

use crate::device::{News, Stack};
use crate::frontend::Frontend;
use crate::io::claims::Claims;
use crate::state::StateFolder;
use crate::target::Runner;
use call::Call;
use host::HostOpener;
use registry::Registry;
use upkeep::Counting;
pub(crate) use upkeep::Upkeep;
pub use upkeep::UpkeepHook;

/// What an engine is made of.
#[derive(Debug)]
pub struct EngineOptions {
    /// The major number of its devices.
    pub major: u32,
    /// What serves them.
    pub frontend: Arc<dyn Frontend>,
    /// Opens the devices under them that are not its own.
    pub opener: Box<dyn HostOpener>,
    /// Who works for targets beside their requests; nobody in some tests.
    pub runner: Option<Arc<dyn Runner>>,
    /// Where they are remembered; nowhere in a test.
    pub state: Option<StateFolder>,
}

/// Whoever sends a command.
pub struct Client<'a> {
    /// Whether it is no longer there: what waits for long asks this, and gives up with `EINTR`.
    pub interrupted: &'a (dyn Fn() -> bool + 'a),
    /// Its mark in the count of events, as the kernel keeps one for every opener of the control node: set by
    /// [`Cmd::DevArmPoll`], asked for by [`Engine::has_news`].
    pub armed: &'a AtomicU64,
}

impl std::fmt::Debug for Client<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("armed", &self.armed).finish_non_exhaustive()
    }
}

/// Every device of a process, and the commands on them.
#[derive(Debug)]
pub struct Engine {
    major: u32,
    frontend: Arc<dyn Frontend>,
    opener: Box<dyn HostOpener>,
    runner: Option<Arc<dyn Runner>>,
    state: Option<StateFolder>,
    registry: Mutex<Registry>,
    stack: Arc<Stack>,
    news: Arc<News>,
    upkeep: Arc<Upkeep>,
    claims: Arc<Claims>,
    /// The mark of the client in this process.
    armed: AtomicU64,
}

impl Engine {
    /// An engine without devices. [`Engine::restore`] brings back those of an earlier process.
    pub fn new(options: EngineOptions) -> Self {
        let upkeep = Arc::<Upkeep>::default();
        Self {
            major: options.major,
            frontend: options.frontend,
            opener: options.opener,
            runner: options.runner.map(|inner| {
                Arc::new(Counting { inner, upkeep: Arc::clone(&upkeep) }) as Arc<dyn Runner>
            }),
            state: options.state,
            registry: Mutex::default(),
            stack: Arc::default(),
            news: Arc::default(),
            upkeep,
            claims: Arc::default(),
            armed: AtomicU64::new(0),
        }
    }

    /// Carries out the command numbered `cmd` for `client`. On success `packet` holds the reply; with an
    /// error it holds what was sent, but for the version (and but for what `SECURE_DATA` wiped).
    ///
    /// # Errors
    ///
    /// What the kernel gives for the same packet; `EINTR` when the client went away meanwhile; `ENOSPC` and
    /// the like when the change cannot be remembered, and was not made.
    pub fn exchange_from(
        &self,
        cmd: u32,
        packet: &mut Packet,
        client: &Client<'_>,
    ) -> Result<(), Errno> {
        call::check_version(packet)?;
        if cmd == Cmd::Version.number() {
            return Ok(());
        }
        let cmd = Cmd::from_number(cmd).ok_or(Errno::ENOTTY)?;
        let mut call = Call::read(cmd, packet, client)?;
        self.remove_deferred();
        let answered = self.dispatch(cmd, &mut call);
        self.remove_deferred();
        self.upkeep.call();
        answered?;
        if tells_news(cmd) {
            self.news.tell();
        }
        call.write_back(packet);
        Ok(())
    }

    fn dispatch(&self, cmd: Cmd, call: &mut Call<'_>) -> Result<(), Errno> {
        match cmd {
            Cmd::Version => {}
            Cmd::RemoveAll => self.remove_all(call)?,
            Cmd::ListDevices => self.list_devices(call),
            Cmd::DevCreate => self.create(call)?,
            Cmd::DevRemove => self.remove(call)?,
            Cmd::DevRename => self.rename(call)?,
            Cmd::DevSuspend => self.suspend_or_resume(call)?,
            Cmd::DevStatus => self.device_status(call)?,
            Cmd::DevWait => self.wait(call)?,
            Cmd::TableLoad => self.load(call)?,
            Cmd::TableClear => self.clear(call)?,
            Cmd::TableDeps => self.table_deps(call)?,
            Cmd::TableStatus => self.table_status(call)?,
            Cmd::ListVersions => list::versions(call),
            Cmd::TargetMsg => self.message(call)?,
            Cmd::DevSetGeometry => self.set_geometry(call)?,
            Cmd::DevArmPoll => self.arm_poll(call),
            Cmd::GetTargetVersion => list::target_version(call)?,
            Cmd::EngineStatus => self.engine_status(call),
        }
        Ok(())
    }

    /// Whether anything happened to any device since the mark in `armed` was set: what `poll(2)` on the
    /// kernel's control node answers.
    pub fn has_news(&self, armed: &AtomicU64) -> bool {
        self.news.count() != armed.load(Ordering::Relaxed)
    }

    /// How many devices there are.
    pub fn device_count(&self) -> usize {
        self.devices().len()
    }

    /// Has `hook` called when there is something for [`Self::tick`] to do, once until it is done.
    pub fn on_upkeep(&self, hook: UpkeepHook) {
        self.upkeep.on_call(hook);
    }

    /// Calls for [`Self::tick`].
    pub fn call_for_upkeep(&self) {
        self.upkeep.call();
    }

    /// Whether to [`tick`](Self::tick) now and then, though nobody calls for it: nothing tells when a device whose
    /// removal was put off is closed, nor what targets learn that work beside their requests.
    pub fn needs_watching(&self) -> bool {
        self.upkeep.has_jobs() || self.devices().iter().any(|device| device.state().deferred)
    }

    /// What is to be done beside commands: devices whose removal was put off go when nobody has them open, and
    /// what the data path has done is remembered, be it event numbers or what a target learnt.
    pub fn tick(&self) {
        self.upkeep.begin();
        self.remove_deferred();
        for device in self.devices() {
            self.remember_events(&device);
            self.remember_targets(&device);
        }
    }
}

impl Backend for Engine {
    fn exchange(&self, cmd: Cmd, packet: &mut Packet) -> Result<(), Errno> {
        let client = Client { interrupted: &|| false, armed: &self.armed };
        self.exchange_from(cmd.number(), packet, &client)
    }
}

/// Whether a command that worked counts as an event for whoever polls.
///
/// # Source
///
/// `IOCTL_FLAGS_ISSUE_GLOBAL_EVENT` in the kernel's `drivers/md/dm-ioctl.c`.
fn tells_news(cmd: Cmd) -> bool {
    matches!(cmd, Cmd::RemoveAll | Cmd::DevCreate | Cmd::DevRemove | Cmd::DevRename)
}
