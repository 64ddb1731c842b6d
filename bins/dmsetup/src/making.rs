//! Making a device as the options say: with a table or without, its node made when it is created or when it is resumed.

use dm_cli::exit::Failure;
use dm_cli::session::making::{Access, Making};
use dm_core::devno::DevNo;
use dm_core::dm::Reply;
use dm_core::table::Table;

use crate::ctx::Ctx;
use crate::options::AddNode;

/// A device to be made.
#[derive(Clone, Debug)]
pub struct Plan {
    making: Making,
    table: Table,
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
        let mut making = ctx.session.making(name, uuid.unwrap_or_default())?;
        making.subject.dev = dev;
        // quirk: by number if one was asked for, so that a wrong major is found out.
        making.resumed_as.dev = dev;
        making.resume_flags = ctx.options.flags_without_openers();
        making.owner = ctx.options.owner;
        Ok(Self { making, table: Table::new() })
    }

    /// The same for a number of which only the minor was asked for.
    #[must_use]
    pub fn with_any_major(mut self) -> Self {
        self.making.resumed_as.dev = None;
        self
    }

    /// The same with a table; an empty one is none.
    #[must_use]
    pub fn with_table(mut self, table: Table, access: Access) -> Self {
        self.table = table;
        self.making.access = access;
        self
    }

    /// Makes it.
    ///
    /// # Errors
    ///
    /// Why device-mapper refused; then there is no device, or what is left of it is told of.
    pub fn apply(&self, ctx: &mut Ctx<'_, '_>) -> Result<(), Failure> {
        if self.making.resumed_as.dev.is_some_and(|dev| dev.major == 0) {
            let missing = Failure::line("Missing major number for persistent device.");
            return Err(missing.and("Couldn't create ioctl argument."));
        }
        let reply =
            if self.table.is_empty() { self.apply_bare(ctx) } else { self.apply_whole(ctx) }?;
        if ctx.options.is_verbose() { ctx.print_info(&reply) } else { Ok(()) }
    }

    fn apply_bare(&self, ctx: &Ctx<'_, '_>) -> Result<Reply, Failure> {
        let Making { subject, owner, .. } = &self.making;
        let reply = ctx.session.create(subject)?;
        if ctx.options.add_node == AddNode::OnCreate {
            let keeper = ctx.session.keeper();
            ctx.session.add_node(keeper, &subject.name, reply.device().dev, *owner);
        }
        Ok(reply)
    }

    fn apply_whole(&self, ctx: &Ctx<'_, '_>) -> Result<Reply, Failure> {
        let reply = ctx.session.make(&self.making, &self.table)?;
        let (name, dev) = (&self.making.subject.name, reply.device().dev);
        ctx.session.set_read_ahead(dev, name, ctx.options.read_ahead);
        Ok(reply)
    }
}
