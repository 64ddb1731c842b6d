//! `remove [--deferred] [-f|--force] [--retry] <device>...`

use std::thread;
use std::time::Duration;

use dm_cli::exit::Failure;
use dm_cli::session::Refusal;
use dm_cli::session::subject::Subject;
use dm_cli::session::transaction::Transaction;
use dm_core::dm::Reply;
use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::packet::Cmd;

use super::{ANY, Command, Operands, Repeat};
use crate::ctx::Ctx;
use crate::options::Id;
use crate::{erasing, holders};

pub(super) static COMMAND: Command = Command {
    name: "remove",
    usage: &["[--deferred] [-f|--force] [--retry] <device>..."],
    operands: 0..=ANY,
    repeat: Repeat::EachSelectable,
    run,
};

/// How often a busy device is tried with `--retry`, and how long is waited in between.
///
/// # Source
///
/// `DM_IOCTL_RETRIES` and `DM_RETRY_USLEEP_DELAY` in lvm2's `libdm/ioctl/libdm-iface.c`, 2.03.16.
const ATTEMPTS: u32 = 25;
const PAUSE: Duration = Duration::from_millis(200);

fn run(ctx: &mut Ctx<'_, '_>, operands: &Operands) -> Result<(), Failure> {
    ctx.session.open()?;
    let named = operands.first();
    if let Some(name) = named
        && ctx.options.has(Id::Force)
    {
        force(ctx, name);
    }
    let subject = ctx.subject(named)?;
    let transaction = ctx.session.begin()?;
    let answer = remove(ctx, &subject, &transaction);
    let keeper = transaction.finish();
    let reply = match answer {
        Ok(reply) => reply,
        Err(refusal) => {
            if refusal.errno == Some(Errno::EBUSY) {
                ctx.hints.extend(holders::of(ctx.session, &subject));
            }
            return Err(refusal.into());
        }
    };
    // Also where it is to go later: nobody will see to its node then.
    // By uuid or number the name is known from the reply alone.
    let known = if subject.name.is_empty() { &reply.device().name } else { &subject.name };
    ctx.session.remove_node(keeper?, known);
    Ok(())
}

/// Makes the device useless first. That it cannot be is told, and no reason not to go on.
fn force(ctx: &Ctx<'_, '_>, name: &[u8]) {
    if ctx.session.settings().udev.cookie.is_some() {
        ctx.session.say("WARNING: Use of cookie and --force is not compatible.");
    }
    let subject = ctx.session.subject_named(name);
    if let Err(failure) = subject.and_then(|subject| erasing::replace_table(ctx, &subject)) {
        ctx.session.report(&failure);
    }
}

fn remove(
    ctx: &Ctx<'_, '_>,
    subject: &Subject,
    transaction: &Transaction<'_, '_>,
) -> Result<Reply, Refusal> {
    let deferred =
        if ctx.options.has(Id::Deferred) { Flags::DEFERRED_REMOVE } else { Flags::empty() };
    let request = subject.request(Cmd::DevRemove).with_flags(ctx.options.flags() | deferred);
    let attempts = if ctx.options.has(Id::Retry) { ATTEMPTS } else { 1 };
    for _ in 1..attempts {
        match transaction.call(request.clone(), subject) {
            Err(refusal) if refusal.errno == Some(Errno::EBUSY) => {
                // Each attempt is told of, as in the original.
                ctx.session.report(&refusal.failure);
                thread::sleep(PAUSE);
            }
            other => return other,
        }
    }
    transaction.call(request, subject)
}
