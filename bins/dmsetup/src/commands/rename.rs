//! `rename <device> [--setuuid] <new_name_or_uuid>`

use dm_cli::exit::Failure;
use dm_cli::session::Session;
use dm_cli::session::names::{self, Kind, quoted};
use dm_core::flags::Flags;
use dm_core::name::{NAME_MAX, UUID_MAX};
use dm_core::packet::{Cmd, message};

use super::{Command, Operands, Repeat};
use crate::ctx::Ctx;
use crate::options::Id;

pub(super) static COMMAND: Command = Command {
    name: "rename",
    usage: &["<device> [--setuuid] <new_name_or_uuid>"],
    operands: 1..=2,
    repeat: Repeat::Once,
    run,
};

fn run(ctx: &mut Ctx<'_, '_>, operands: &Operands) -> Result<(), Failure> {
    ctx.session.open()?;
    let (device, wanted) = match operands {
        [device, wanted, ..] => (Some(device), wanted.as_slice()),
        [wanted] => (None, wanted.as_slice()),
        [] => (None, &[][..]),
    };
    let subject = ctx.subject(device)?;
    let sets_uuid = ctx.options.has(Id::SetUuid);
    let (new, flags) = if sets_uuid {
        (new_uuid(ctx.session, wanted)?, Flags::UUID)
    } else {
        (new_name(ctx.session, wanted)?, Flags::empty())
    };
    let request = subject.request(Cmd::DevRename).with_flags(ctx.options.flags() | flags);
    let request = request.with_payload(message::encode_text(&new));
    let transaction = ctx.session.begin()?;
    let answer = transaction.call(request, &subject);
    let keeper = transaction.finish();
    answer?;
    if !sets_uuid {
        ctx.session.rename_node(keeper?, &subject.name, &new);
    }
    Ok(())
}

fn new_name(session: &Session<'_>, wanted: &[u8]) -> Result<Vec<u8>, Failure> {
    if wanted.contains(&b'/') {
        return Err(Failure::line(quoted("Name ", wanted, " invalid. It contains \"/\".")));
    }
    if wanted.len() > NAME_MAX {
        return Err(Failure::line(quoted("Name ", wanted, " too long")));
    }
    if wanted.is_empty() {
        return Err(Failure::line("Non empty new name is required."));
    }
    names::outbound(session.settings().mangling, Kind::NewName, wanted)
}

fn new_uuid(session: &Session<'_>, wanted: &[u8]) -> Result<Vec<u8>, Failure> {
    if wanted.len() > UUID_MAX {
        return Err(Failure::line(quoted("Uuid ", wanted, " too long")));
    }
    names::outbound(session.settings().mangling, Kind::NewUuid, wanted)
}
