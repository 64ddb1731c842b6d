//! Device-mapper, as this tool needs it: which sets are mapped, mapping one, and taking it away.

use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use dm_cli::exit::Failure;
use dm_cli::session::link::{Link, Who};
use dm_cli::session::names::{self, Kind};
use dm_cli::session::subject::Subject;
use dm_cli::session::transaction::Transaction;
use dm_cli::session::{Refusal, Session, malformed};
use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::packet::Cmd;
use dm_core::table::Table;
use dm_sys::nodes::Owner;

use crate::dispatch::Ctx;
use crate::host::Access;
use crate::layout::Parity;
use crate::overlay;

/// How long a node may take to open once its device is there.
const NODE_LIMIT: Duration = Duration::from_secs(5);

/// How long a device may be in use by somebody who only looks, and how often that is tried.
const BUSY_LIMIT: Duration = Duration::from_secs(1);
const BUSY_PAUSE: Duration = Duration::from_millis(50);

/// A device to be made.
#[derive(Clone, Debug)]
pub struct Making<'m> {
    /// Its name.
    pub name: &'m [u8],
    /// Its uuid.
    pub uuid: Vec<u8>,
    /// Its table.
    pub table: &'m Table,
    /// Whether it can be written to.
    pub access: Access,
}

/// Device-mapper.
#[derive(Debug)]
pub struct Mapper<'m, 'a> {
    session: &'m Session<'a>,
}

impl Mapper<'_, '_> {
    /// Does `work` with whoever answers for device-mapper here. Nobody is started for it that is not needed.
    ///
    /// # Errors
    ///
    /// The environment says something that cannot be.
    pub fn with<T>(
        ctx: &mut Ctx<'_, '_>,
        work: impl FnOnce(&mut Ctx<'_, '_>, &Mapper<'_, '_>) -> T,
    ) -> Result<T, Failure> {
        let opener = ctx.host.opener(ctx.options.engine.as_deref())?;
        let link = Link::new(&*opener);
        let mut err = ctx.voice.err.clone();
        let session = Session::new(&link, ctx.host.settings()?, &mut err);
        Ok(work(ctx, &Mapper { session: &session }))
    }

    /// The names of all mapped devices; none where nobody answers.
    pub fn names(&self) -> Vec<Vec<u8>> {
        let entries = self.session.list().unwrap_or_default();
        entries.into_iter().map(|entry| entry.name).collect()
    }

    /// The mapped devices that are overlays, known by their uuids: their names, and the sets that they are of.
    pub fn overlays(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let of_set = |name: Vec<u8>| {
            let uuid = self.uuid(&name)?;
            Some((name, overlay::set_of(&uuid)?.to_vec()))
        };
        self.names().into_iter().filter_map(of_set).collect()
    }

    fn uuid(&self, name: &[u8]) -> Option<Vec<u8>> {
        let subject = self.session.subject_plainly_named(name).ok()?;
        let request = subject.request(Cmd::DevStatus).with_flags(Flags::SKIP_BDGET);
        let reply = self.session.call(&request, &subject).ok()?;
        Some(self.session.shown(&reply).ok()?.uuid)
    }

    /// The version of whoever answers.
    pub fn version(&self) -> Option<String> {
        let [major, minor, patch] = self.session.version().ok()?;
        Some(format!("{major}.{minor}.{patch}"))
    }

    /// Whether somebody answers.
    ///
    /// # Errors
    ///
    /// Nobody does: why.
    pub fn open(&self) -> Result<(), Failure> {
        self.session.open()
    }

    /// Whether the engine answers, and not the kernel.
    pub fn is_engine(&self) -> bool {
        self.session.who() == Who::Engine
    }

    /// Which target makes RAID 4 and 5 here: the engine's own; the kernel's, where it has one, or its `raid`.
    pub fn parity(&self) -> Parity {
        if self.session.open().is_err() {
            return Parity::Raid;
        }
        if self.is_engine() || self.has_target(b"raid45") { Parity::Raid45 } else { Parity::Raid }
    }

    /// Whether there is a target type of this name.
    pub fn has_target(&self, name: &[u8]) -> bool {
        let all = Subject::default();
        let reply = self.session.call(&all.request(Cmd::ListVersions), &all);
        let rows = reply.ok().and_then(|reply| reply.versions().ok()).unwrap_or_default();
        rows.iter().any(|row| row.name == name)
    }

    /// Where the device of this name is opened.
    pub fn node(&self, name: &[u8]) -> PathBuf {
        let name = names::plain(self.session.settings().mangling, name);
        self.session.settings().places.path(&name.unwrap_or_default())
    }

    /// Makes a device, and returns when it opens; half a device is none.
    ///
    /// # Errors
    ///
    /// Why it cannot be.
    pub fn create(&self, making: &Making<'_>) -> Result<(), Failure> {
        let mangling = self.session.settings().mangling;
        let name = names::to_create(mangling, making.name)?;
        let uuid = names::outbound(mangling, Kind::Uuid, &making.uuid)?;
        let whole = Subject { name: name.clone(), uuid, dev: None };
        let by_name = Subject::named(&name);
        self.session.open()?;
        let transaction = self.session.begin()?;
        let mut request = whole.request(Cmd::DevCreate);
        request.name.clone_from(&name);
        self.session.call(&request, &whole)?;
        let made = self.load_and_resume(&by_name, making, &transaction);
        if made.is_err() {
            self.revert(&by_name, &transaction);
        }
        let keeper = transaction.finish();
        let dev = made?;
        self.session.add_node(keeper?, &name, dev, Owner::default());
        let folder = self.session.settings().places.folder();
        folder.wait_open(&name, NODE_LIMIT).map_err(|error| {
            self.remove(making.name).ok();
            Failure::line(error.to_string())
        })
    }

    fn load_and_resume(
        &self,
        by_name: &Subject,
        making: &Making<'_>,
        transaction: &Transaction<'_, '_>,
    ) -> Result<dm_core::devno::DevNo, Refusal> {
        let flags = match making.access {
            Access::ReadOnly => Flags::READONLY,
            Access::ReadWrite => Flags::empty(),
        };
        let load = by_name.request(Cmd::TableLoad).with_table(making.table).with_flags(flags);
        self.session.call(&load, by_name)?;
        let resume = by_name.request(Cmd::DevSuspend).with_flags(flags | Flags::SKIP_BDGET);
        Ok(transaction.call(resume, by_name)?.device().dev)
    }

    fn revert(&self, by_name: &Subject, transaction: &Transaction<'_, '_>) {
        if let Err(refused) = transaction.call(by_name.request(Cmd::DevRemove), by_name) {
            self.session.report(&refused.failure);
        }
    }

    /// Takes a device away. Who looks at all devices, as udev does, may have it open for a moment.
    ///
    /// # Errors
    ///
    /// Why it stays.
    pub fn remove(&self, name: &[u8]) -> Result<(), Failure> {
        let subject = self.session.subject_plainly_named(name)?;
        let deadline = Instant::now() + BUSY_LIMIT;
        loop {
            match self.remove_once(&subject) {
                Err(refused)
                    if refused.errno == Some(Errno::EBUSY) && Instant::now() < deadline =>
                {
                    thread::sleep(BUSY_PAUSE);
                }
                done => return Ok(done?),
            }
        }
    }

    fn remove_once(&self, subject: &Subject) -> Result<(), Refusal> {
        let transaction = self.session.begin()?;
        let answer = transaction.call(subject.request(Cmd::DevRemove), subject);
        let keeper = transaction.finish();
        answer?;
        self.session.remove_node(keeper?, &subject.name);
        Ok(())
    }

    /// The tables of a device, for what is mapped already: none where there is no such device.
    ///
    /// # Errors
    ///
    /// It cannot be shown.
    pub fn table(&self, name: &[u8]) -> Result<Table, Failure> {
        let subject = self.session.subject_plainly_named(name)?;
        let request =
            subject.request(Cmd::TableStatus).with_flags(Flags::STATUS_TABLE | Flags::SKIP_BDGET);
        self.session.call(&request, &subject)?.lines().map_err(malformed)
    }
}
