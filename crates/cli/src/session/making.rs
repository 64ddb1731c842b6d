//! A device made: created, its table loaded, resumed, and taken back when any of that fails. And taken away.
//!
//! # Source
//!
//! `_create_and_load_v4` in lvm2's `libdm/ioctl/libdm-iface.c`, by running `dmsetup` 1.02.185.

use dm_core::devno::DevNo;
use dm_core::dm::Reply;
use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::packet::Cmd;
use dm_core::table::Table;
use dm_sys::nodes::Owner;

use super::names::{self, Kind};
use super::patience::Patience;
use super::subject::Subject;
use super::transaction::Transaction;
use super::{Refusal, Session};
use crate::exit::Failure;

/// Whether something can be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It can, where what it stands on can.
    ReadWrite,
    /// Nothing can.
    ReadOnly,
}

impl Access {
    /// What a request says of it.
    pub const fn flags(self) -> Flags {
        match self {
            Self::ReadWrite => Flags::empty(),
            Self::ReadOnly => Flags::READONLY,
        }
    }
}

/// A device to be made, as it is sent.
#[derive(Clone, Debug)]
pub struct Making {
    /// Its name; its uuid and its number, where it is to have them.
    pub subject: Subject,
    /// How it is asked for once it has its table.
    pub resumed_as: Subject,
    /// Whether it can be written to.
    pub access: Access,
    /// What else is said when it is resumed.
    pub resume_flags: Flags,
    /// Whose its node is.
    pub owner: Owner,
}

impl Session<'_> {
    /// The device called `name`, with this uuid if it is not empty.
    ///
    /// # Errors
    ///
    /// It cannot have that name or uuid.
    pub fn making(&self, name: &[u8], uuid: &[u8]) -> Result<Making, Failure> {
        let mangling = self.settings().mangling;
        let by_name = Subject::named(&names::to_create(mangling, name)?);
        let uuid = names::outbound(mangling, Kind::Uuid, uuid)?;
        Ok(Making {
            subject: Subject { uuid, ..by_name.clone() },
            resumed_as: by_name,
            access: Access::ReadWrite,
            resume_flags: Flags::SKIP_BDGET,
            owner: Owner::default(),
        })
    }

    /// Creates a device, which has no table and no node yet.
    ///
    /// # Errors
    ///
    /// As [`Session::call`].
    pub fn create(&self, subject: &Subject) -> Result<Reply, Refusal> {
        let mut request = subject.request(Cmd::DevCreate);
        request.name.clone_from(&subject.name);
        self.call(&request, subject)
    }

    /// Makes a device with a table, and its node, where that is for us to do.
    ///
    /// # Errors
    ///
    /// Why device-mapper refused; then there is no device, or what is left of it is told of.
    pub fn make(&self, making: &Making, table: &Table) -> Result<Reply, Failure> {
        // Somebody must answer before it is known whether udev has a part in it.
        self.open()?;
        let transaction = self.begin()?;
        let created = self.create(&making.subject)?;
        let resume = making.resumed_as.request(Cmd::DevSuspend);
        let resume = resume.with_flags(making.access.flags() | making.resume_flags);
        let made = self
            .load(making, created.device().dev, table)
            .and_then(|()| transaction.call(resume, &making.resumed_as));
        if made.is_err() {
            self.revert(&making.subject.name, &transaction);
        }
        let keeper = transaction.finish();
        let (reply, keeper) = (made?, keeper?);
        self.add_node(keeper, &making.subject.name, reply.device().dev, making.owner);
        Ok(reply)
    }

    /// By number, for the message has it.
    fn load(&self, making: &Making, dev: DevNo, table: &Table) -> Result<(), Refusal> {
        let request = Subject::numbered(dev).request(Cmd::TableLoad).with_table(table);
        let shown = Subject { dev: Some(dev), ..Subject::named(&making.subject.name) };
        self.call(&request.with_flags(making.access.flags()), &shown).map(drop)
    }

    /// Half a device is none.
    fn revert(&self, name: &[u8], transaction: &Transaction<'_, '_>) {
        let by_name = Subject::named(name);
        if let Err(refusal) = transaction.call(by_name.request(Cmd::DevRemove), &by_name) {
            self.report(&refusal.failure);
            self.say("Failed to revert device creation.");
        }
    }

    /// Takes a device away, and its node. Whoever looks at each block device that there is may have it open for a
    /// moment.
    ///
    /// # Errors
    ///
    /// Why it stays.
    pub fn remove(
        &self,
        subject: &Subject,
        flags: Flags,
        patience: &Patience,
    ) -> Result<(), Refusal> {
        loop {
            match self.remove_once(subject, flags) {
                Err(refused) if refused.errno == Some(Errno::EBUSY) && patience.wait() => {}
                done => return done,
            }
        }
    }

    fn remove_once(&self, subject: &Subject, flags: Flags) -> Result<(), Refusal> {
        let transaction = self.begin()?;
        let answer = transaction.call(subject.request(Cmd::DevRemove).with_flags(flags), subject);
        let keeper = transaction.finish();
        answer?;
        self.remove_node(keeper?, &subject.name);
        Ok(())
    }
}
