//! Replacing a table by one line of `error`, so that nothing reaches the devices under it any more.

use dm_cli::exit::Failure;
use dm_cli::session::malformed;
use dm_cli::session::subject::Subject;
use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::name::TargetName;
use dm_core::packet::Cmd;
use dm_core::table::Line;
use dm_core::units::Sectors;

use crate::ctx::Ctx;
use crate::options::Id;

/// Replaces the table of `subject`. With `--force` neither queued requests nor a filesystem hold it up.
///
/// # Errors
///
/// The new table is refused. A size that cannot be found out is told of, and taken for 0.
pub fn replace_table(ctx: &Ctx<'_, '_>, subject: &Subject) -> Result<(), Failure> {
    let len = size(ctx, subject).unwrap_or_else(|failure| {
        ctx.session.report(&failure);
        Sectors::ZERO
    });
    let target = TargetName::new(b"error").map_err(|_| malformed(Errno::EINVAL))?;
    let line = Line { start: Sectors::ZERO, len, target, args: Vec::new() };
    let load = subject.request(Cmd::TableLoad).with_table(&[line]);
    let readonly = if ctx.options.has(Id::ReadOnly) { Flags::READONLY } else { Flags::empty() };
    ctx.session.call(&load.with_flags(readonly), subject)?;
    resume(ctx, subject).inspect_err(|_| {
        let clear = subject.request(Cmd::TableClear);
        if let Err(refusal) = ctx.session.call(&clear, subject) {
            ctx.session.report(&refusal.failure);
        }
    })
}

fn size(ctx: &Ctx<'_, '_>, subject: &Subject) -> Result<Sectors, Failure> {
    let table = subject.request(Cmd::TableStatus).with_flags(Flags::STATUS_TABLE);
    let reply = ctx.session.call(&table.with_flags(Flags::NOFLUSH), subject)?;
    let lines = reply.lines().map_err(malformed)?;
    Ok(lines.iter().fold(Sectors::ZERO, |sum, line| sum.saturating_add(line.len)))
}

fn resume(ctx: &Ctx<'_, '_>, subject: &Subject) -> Result<(), Failure> {
    let forced = if ctx.options.has(Id::Force) {
        Flags::NOFLUSH | Flags::SKIP_LOCKFS
    } else {
        Flags::empty()
    };
    let request = subject.request(Cmd::DevSuspend);
    let transaction = ctx.session.begin()?;
    let answer = transaction.call(request.with_flags(ctx.options.flags() | forced), subject);
    let keeper = transaction.finish();
    let device = answer?.device();
    ctx.session.add_node(keeper?, &device.name, device.dev, ctx.options.owner);
    Ok(())
}
