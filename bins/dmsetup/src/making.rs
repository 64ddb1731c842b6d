//! Making a device: created, its table loaded, resumed; and taken back when any of that fails.

use dm_cli::exit::Failure;
use dm_cli::session::names::Kind;
use dm_cli::session::subject::Subject;
use dm_cli::session::transaction::Transaction;
use dm_cli::session::{Refusal, names};
use dm_core::devno::DevNo;
use dm_core::dm::Reply;
use dm_core::flags::Flags;
use dm_core::packet::Cmd;
use dm_core::table::Table;

use crate::ctx::Ctx;
use crate::options::AddNode;

/// Whether a table is loaded read-only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// As its devices allow.
    ReadWrite,
    /// Nothing can be written.
    ReadOnly,
}

/// A device to be made, as it is sent.
#[derive(Clone, Debug)]
pub struct Plan {
    subject: Subject,
    /// How it is asked for once it is there.
    resumed_as: Subject,
    table: Table,
    access: Access,
}

impl Plan {
    /// The device called `name`, with this uuid and number if any; it has no table yet.
    ///
    /// # Errors
    ///
    /// It cannot have that name or uuid.
    pub fn new(
        ctx: &Ctx<'_, '_>,
        name: &[u8],
        uuid: Option<&[u8]>,
        dev: Option<DevNo>,
    ) -> Result<Self, Failure> {
        let mode = ctx.session.settings().mangling;
        let name = names::to_create(mode, name)?;
        let uuid = uuid.map(|uuid| names::outbound(mode, Kind::Uuid, uuid)).transpose()?;
        // quirk: by number if one was asked for, so that a wrong major is found out.
        let resumed_as = Subject { name: name.clone(), uuid: Vec::new(), dev };
        let subject = Subject { name, uuid: uuid.unwrap_or_default(), dev };
        Ok(Self { subject, resumed_as, table: Table::new(), access: Access::ReadWrite })
    }

    /// The same for a number of which only the minor was asked for.
    #[must_use]
    pub fn with_any_major(mut self) -> Self {
        self.resumed_as.dev = None;
        self
    }

    /// The same with a table; an empty one is none.
    #[must_use]
    pub fn with_table(mut self, table: Table, access: Access) -> Self {
        self.table = table;
        self.access = access;
        self
    }

    /// Makes it.
    ///
    /// # Errors
    ///
    /// Why device-mapper refused; then there is no device, or what is left of it is told of.
    pub fn apply(&self, ctx: &mut Ctx<'_, '_>) -> Result<(), Failure> {
        if self.resumed_as.dev.is_some_and(|dev| dev.major == 0) {
            let missing = Failure::line("Missing major number for persistent device.");
            return Err(missing.and("Couldn't create ioctl argument."));
        }
        let reply =
            if self.table.is_empty() { self.apply_bare(ctx) } else { self.apply_whole(ctx) }?;
        if ctx.options.is_verbose() { ctx.print_info(&reply) } else { Ok(()) }
    }

    fn create(&self, ctx: &Ctx<'_, '_>) -> Result<Reply, Refusal> {
        let mut request = self.subject.request(Cmd::DevCreate);
        request.name.clone_from(&self.subject.name);
        ctx.session.call(&request, &self.subject)
    }

    fn apply_bare(&self, ctx: &Ctx<'_, '_>) -> Result<Reply, Failure> {
        let reply = self.create(ctx)?;
        if ctx.options.add_node == AddNode::OnCreate {
            let keeper = ctx.session.keeper();
            ctx.session.add_node(keeper, &self.subject.name, reply.device().dev, ctx.options.owner);
        }
        Ok(reply)
    }

    fn apply_whole(&self, ctx: &Ctx<'_, '_>) -> Result<Reply, Failure> {
        // Somebody must answer before it is known whether udev has a part in it.
        ctx.session.open()?;
        let transaction = ctx.session.begin()?;
        let created = self.create(ctx)?;
        let made =
            self.load(ctx, created.device().dev).and_then(|()| self.resume(ctx, &transaction));
        if made.is_err() {
            self.revert(ctx, &transaction);
        }
        let keeper = transaction.finish();
        let (reply, keeper) = (made?, keeper?);
        let (name, dev) = (&self.subject.name, reply.device().dev);
        ctx.session.add_node(keeper, name, dev, ctx.options.owner);
        ctx.session.set_read_ahead(dev, name, ctx.options.read_ahead);
        Ok(reply)
    }

    /// By number, for the message has it.
    fn load(&self, ctx: &Ctx<'_, '_>, dev: DevNo) -> Result<(), Refusal> {
        let readonly = match self.access {
            Access::ReadOnly => Flags::READONLY,
            Access::ReadWrite => Flags::empty(),
        };
        let request = Subject::numbered(dev).request(Cmd::TableLoad).with_table(&self.table);
        let shown = Subject { name: self.subject.name.clone(), uuid: Vec::new(), dev: Some(dev) };
        ctx.session.call(&request.with_flags(readonly), &shown).map(drop)
    }

    fn resume(
        &self,
        ctx: &Ctx<'_, '_>,
        transaction: &Transaction<'_, '_>,
    ) -> Result<Reply, Refusal> {
        let request = self.resumed_as.request(Cmd::DevSuspend);
        let request = request.with_flags(ctx.options.flags_without_openers());
        transaction.call(request, &self.resumed_as)
    }

    fn revert(&self, ctx: &Ctx<'_, '_>, transaction: &Transaction<'_, '_>) {
        let by_name = Subject::named(&self.subject.name);
        let request = by_name.request(Cmd::DevRemove);
        if let Err(refusal) = transaction.call(request, &by_name) {
            ctx.session.report(&refusal.failure);
            ctx.session.say("Failed to revert device creation.");
        }
    }
}
