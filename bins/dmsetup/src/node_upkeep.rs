//! Nodes in step with devices, whoever should have seen to them.

use std::os::unix::ffi::OsStringExt as _;

use dm_cli::exit::Failure;
use dm_cli::session::link::Who;
use dm_cli::session::subject::Subject;
use dm_cli::session::transaction::NodeKeeper;
use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::packet::Cmd;

use crate::ctx::Ctx;

/// Makes the node of a device that is there, and removes one of a device that is not.
///
/// # Errors
///
/// device-mapper does not say whether it is there.
pub fn refresh(ctx: &Ctx<'_, '_>, subject: &Subject) -> Result<(), Failure> {
    let request = subject.request(Cmd::DevStatus).with_flags(Flags::SKIP_BDGET);
    match ctx.session.call(&request, subject) {
        Ok(reply) => {
            let device = reply.device();
            ctx.session.add_node(NodeKeeper::Us, &device.name, device.dev, ctx.options.owner);
            Ok(())
        }
        Err(refusal) if refusal.errno == Some(Errno::ENXIO) => {
            if !subject.name.is_empty() && !are_others_here(ctx) {
                ctx.session.remove_node(NodeKeeper::Us, &subject.name);
            }
            Ok(())
        }
        Err(refusal) => Err(refusal.into()),
    }
}

/// Whether nodes that this engine does not know may be those of another, or of the kernel.
fn are_others_here(ctx: &Ctx<'_, '_>) -> bool {
    ctx.session.who() == Who::Engine && ctx.session.settings().places.is_usual()
}

/// The same for every node and every device.
///
/// # Errors
///
/// The devices cannot be listed, or one of them not be looked at.
pub fn refresh_all(ctx: &Ctx<'_, '_>) -> Result<(), Failure> {
    let mut all = Ok(());
    let mut note = |done: Result<(), Failure>| {
        if let Err(failure) = done {
            ctx.session.report(&failure);
            all = Err(Failure::silent());
        }
    };
    let places = &ctx.session.settings().places;
    // A folder that is not there has no stale nodes.
    for name in places.folder().names().unwrap_or_default() {
        let subject = ctx.session.subject_plainly_named(&name.into_vec());
        note(subject.and_then(|subject| refresh(ctx, &subject)));
    }
    for entry in ctx.session.list()? {
        let subject = ctx.session.subject_plainly_named(&entry.name);
        note(subject.and_then(|subject| refresh(ctx, &subject)));
    }
    all
}
