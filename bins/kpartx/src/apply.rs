//! Steps carried out, each told of as the original tells of it.
//!
//! A step that fails is reported and counted, and the rest go on; only removing ends with the first failure, as in
//! the original. Whatever was done stands: the next run finds it and goes on from there.
//!
//! # Source
//!
//! kpartx 0.9.4 and 0.14.3, by running them; the flags are in multipath-tools' `kpartx/devmapper.c`.

use dm_cli::exit::Failure;
use dm_cli::output::Printer;
use dm_cli::session::making::Access;
use dm_cli::session::names::{self, Kind};
use dm_cli::session::patience::Patience;
use dm_cli::session::{Refusal as Refused, Session};
use dm_core::devno::DevNo;
use dm_core::flags::Flags;
use dm_core::name::TargetName;
use dm_core::packet::{Cmd, message};
use dm_core::table::{Line, Table};
use dm_core::units::Sectors;
use dm_sys::nodes::Owner;

use crate::operand::Leg;
use crate::plan::{How, Mapping, Refusal, Removal, Step, Why};

/// What udev's rules are told of a new table, and of a new name.
///
/// # Source
///
/// `MPATH_UDEV_RELOAD_FLAG` in multipath-tools, which is `DM_SUBSYSTEM_UDEV_FLAG0`, and
/// `DM_UDEV_DISABLE_LIBRARY_FALLBACK`, in lvm2's `libdm/libdevmapper.h`.
const RELOADED: u32 = 0x100;
const RENAMED: u32 = 0x20;

/// How steps are carried out.
#[derive(Clone, Copy, Debug)]
pub struct Manner<'a> {
    /// What table lines name.
    pub leg: &'a Leg,
    /// Whether maps are read-only.
    pub read_only: bool,
    /// Whether what is done is told.
    pub verbose: bool,
    /// Whether to return only when nodes open.
    pub wait: bool,
    /// Whose a new node is.
    pub owner: Owner,
}

/// How a step went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is done; a map has this number.
    Done(Option<DevNo>),
    /// It failed, or was refused: why.
    Failed(String),
    /// What came before it failed.
    NotTried,
}

/// Carries out steps.
#[derive(Debug)]
pub struct Worker<'w, 'a> {
    session: &'w Session<'a>,
    manner: Manner<'w>,
    patience: Patience,
}

impl<'w, 'a> Worker<'w, 'a> {
    /// One that goes about it in this manner.
    pub fn new(session: &'w Session<'a>, manner: Manner<'w>) -> Self {
        Self { session, manner, patience: Patience::default() }
    }

    /// Carries out all, in order, and says how each went.
    pub fn all(&self, steps: &[Step], out: &mut Printer<'_>) -> Vec<Fate> {
        let mut fates: Vec<Fate> = Vec::new();
        for step in steps {
            let stopped = fates.last().is_some_and(|fate| *fate == Fate::NotTried);
            let fate = if stopped { Fate::NotTried } else { self.one(step, out) };
            // A removal that failed is the last that is tried.
            let ends = matches!(step, Step::Remove(Removal { why: Why::Delete, .. }))
                && matches!(fate, Fate::Failed(_));
            fates.push(fate);
            if ends {
                fates.resize(steps.len(), Fate::NotTried);
                break;
            }
        }
        fates
    }

    fn one(&self, step: &Step, out: &mut Printer<'_>) -> Fate {
        match step {
            Step::Map(mapping) => self.map(mapping, out),
            Step::Remove(removal) => self.remove(removal, out),
            Step::Refuse { name, refusal } => self.refuse(name, *refusal, out),
            Step::NoContainer(number) => {
                self.session.say(format!("Invalid slice {}", number.saturating_sub(1)));
                Fate::Done(None)
            }
        }
    }

    fn map(&self, mapping: &Mapping, out: &mut Printer<'_>) -> Fate {
        let Mapping { name, how, .. } = mapping;
        if let How::Reload { from: Some(old) } = how
            && let Err(failure) = self.rename(old, name, &mapping.uuid)
        {
            return self.failed(&failure, &[b"renaming ", old, b"->", name, b" failed"]);
        }
        let made = match how {
            How::Create => self.create(mapping),
            How::Reload { .. } => self.reload(mapping),
            How::Keep => self.number(name),
        };
        let dev = match made {
            Ok(dev) => dev,
            Err(Trouble { failure, resume: true }) => {
                return self.failed(&failure, &[b"resume failed on ", name]);
            }
            Err(Trouble { failure, resume: false }) => {
                return self.failed(&failure, &[b"create/reload failed on ", name]);
            }
        };
        if self.manner.verbose {
            let number = format!(" ({dev}): 0 {} linear ", mapping.len);
            let start = format!(" {}", mapping.start);
            let leg = self.manner.leg.shown();
            out.line(&[b"add map ", name, number.as_bytes(), &leg, start.as_bytes()]);
        }
        if self.manner.wait { self.wait(name, dev) } else { Fate::Done(Some(dev)) }
    }

    /// Until the node opens.
    fn wait(&self, name: &[u8], dev: DevNo) -> Fate {
        let session = self.session;
        let Ok(name) = names::to_create(session.settings().mangling, name) else {
            return Fate::Done(Some(dev));
        };
        match session.wait_node(&name, dev) {
            Ok(()) => Fate::Done(Some(dev)),
            Err(failure) => {
                session.report(&failure);
                Fate::Failed(failure.to_string())
            }
        }
    }

    fn failed(&self, failure: &Failure, line: &[&[u8]]) -> Fate {
        self.session.report(failure);
        let line = line.concat();
        self.session.say(&line);
        let why = failure.to_string();
        Fate::Failed(if why.is_empty() { String::from_utf8_lossy(&line).into_owned() } else { why })
    }

    fn refuse(&self, name: &[u8], refusal: Refusal, out: &mut Printer<'_>) -> Fate {
        let text = refusal_text(name, refusal);
        match refusal {
            Refusal::InUse | Refusal::NotLinear | Refusal::NotPartition => {
                if self.manner.verbose {
                    out.line(&[&text]);
                }
            }
            _ => self.session.say(&text),
        }
        Fate::Failed(String::from_utf8_lossy(&text).into_owned())
    }

    fn remove(&self, removal: &Removal, out: &mut Printer<'_>) -> Fate {
        let Removal { name, uuid, from, why } = removal;
        let renamed = from.as_ref().map_or(Ok(()), |old| self.rename(old, name, uuid));
        if let Err(failure) = renamed.and_then(|()| self.take_away(name, *why)) {
            self.session.report(&failure);
            match why {
                Why::Stale => self.session.say([b"failed to remove ".as_slice(), name].concat()),
                Why::Delete if self.manner.verbose => out.line(&[name, b": failed to remove"]),
                Why::Delete => {}
            }
            return Fate::Failed(failure.to_string());
        }
        if self.manner.verbose {
            out.line(&[b"del devmap : ", name]);
        }
        Fate::Done(None)
    }

    fn take_away(&self, name: &[u8], why: Why) -> Result<(), Failure> {
        let subject = self.session.subject_plainly_named(name)?;
        let noflush = if why == Why::Stale { Flags::NOFLUSH } else { Flags::empty() };
        Ok(self.session.remove(&subject, Flags::SKIP_LOCKFS | noflush, &self.patience)?)
    }

    fn rename(&self, old: &[u8], new: &[u8], uuid: &[u8]) -> Result<(), Failure> {
        if self.manner.verbose {
            self.session
                .say([b"found map ", old, b" for uuid ", uuid, b", renaming to ", new].concat());
        }
        let subject = self.session.subject_plainly_named(old)?;
        let new = names::outbound(self.session.settings().mangling, Kind::NewName, new)?;
        let request = subject.request(Cmd::DevRename).with_payload(message::encode_text(&new));
        let transaction = self.session.begin()?.telling(RENAMED);
        let answer = transaction.call(request, &subject);
        let keeper = transaction.finish();
        answer?;
        self.session.rename_node(keeper?, &subject.name, &new);
        Ok(())
    }

    fn number(&self, name: &[u8]) -> Result<DevNo, Trouble> {
        let subject = self.session.subject_plainly_named(name)?;
        let request = subject.request(Cmd::DevStatus).with_flags(Flags::SKIP_BDGET);
        Ok(self.session.call(&request, &subject)?.device().dev)
    }

    fn access(&self) -> Access {
        if self.manner.read_only { Access::ReadOnly } else { Access::ReadWrite }
    }

    fn table(&self, mapping: &Mapping) -> Result<Table, Failure> {
        let target = TargetName::new(b"linear");
        let target = target.map_err(|error| Failure::line(error.to_string()))?;
        let start = format!(" {}", mapping.start);
        let args = [&self.manner.leg.word()[..], start.as_bytes()].concat();
        Ok(vec![Line { start: Sectors::ZERO, len: mapping.len, target, args }])
    }

    fn create(&self, mapping: &Mapping) -> Result<DevNo, Trouble> {
        let mut making = self.session.making(&mapping.name, &mapping.uuid)?;
        making.access = self.access();
        making.owner = self.manner.owner;
        let reply = self.session.make(&making, &self.table(mapping)?)?;
        Ok(reply.device().dev)
    }

    fn reload(&self, mapping: &Mapping) -> Result<DevNo, Trouble> {
        let subject = self.session.subject_plainly_named(&mapping.name)?;
        let access = self.access().flags();
        let load = subject.request(Cmd::TableLoad).with_table(&self.table(mapping)?);
        self.session.call(&load.with_flags(access), &subject)?;
        let flags = Flags::SKIP_LOCKFS | Flags::NOFLUSH | Flags::SKIP_BDGET | access;
        let request = subject.request(Cmd::DevSuspend).with_flags(flags);
        let transaction = self.session.begin()?.telling(RELOADED);
        let answer = transaction.call(request, &subject);
        let keeper = transaction.finish();
        let reply = answer.map_err(|refused| Trouble { failure: refused.failure, resume: true })?;
        let dev = reply.device().dev;
        self.session.add_node(keeper?, &subject.name, dev, Owner::default());
        Ok(dev)
    }
}

/// Why a map is not as it should be, and whether its table was loaded.
struct Trouble {
    failure: Failure,
    resume: bool,
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self { failure, resume: false }
    }
}

impl From<Refused> for Trouble {
    fn from(refused: Refused) -> Self {
        Self { failure: refused.failure, resume: false }
    }
}

/// The original's words for what is left as it is.
pub fn refusal_text(name: &[u8], refusal: Refusal) -> Vec<u8> {
    let why = match refusal {
        Refusal::Foreign => " is already in use, and not a kpartx partition",
        Refusal::OtherDisk => " is already in use, and a partition of a different device",
        Refusal::StaleForeign => " is not a kpartx partition. Not removing",
        Refusal::StaleOtherDisk => " is a partition of a different device. Not removing",
        Refusal::TooLong => return b"partname too small".to_vec(),
        Refusal::InUse => " is in use. Not removing",
        Refusal::NotLinear => ": is not a linear target. Not removing",
        Refusal::NotPartition => ": is not a kpartx partition. Not removing",
    };
    [name, why.as_bytes()].concat()
}

/// The line of a dry run for a step.
pub fn would(step: &Step, leg: &Leg) -> Vec<u8> {
    match step {
        Step::Map(Mapping { name, start, len, how, .. }) => {
            let verb = match how {
                How::Create => "add".to_owned(),
                How::Reload { from: None } => "reload".to_owned(),
                How::Reload { from: Some(old) } => {
                    format!("rename {} and reload", String::from_utf8_lossy(old))
                }
                How::Keep => "keep".to_owned(),
            };
            let (len, start) = (format!(": 0 {len} linear "), format!(" {start}"));
            let verb = format!("would {verb} map ");
            [verb.as_bytes(), name, len.as_bytes(), &leg.shown(), start.as_bytes()].concat()
        }
        Step::Remove(Removal { name, from, .. }) => {
            [b"would remove map ", from.as_deref().unwrap_or(name)].concat()
        }
        Step::Refuse { name, refusal } => refusal_text(name, *refusal),
        Step::NoContainer(number) => format!("Invalid slice {}", number.saturating_sub(1)).into(),
    }
}
