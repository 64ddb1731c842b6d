//! `mangle [<device>...]`: gives devices the names that the mode asks for.

use dm_cli::exit::Failure;
use dm_cli::session::subject::Subject;
use dm_core::flags::Flags;
use dm_core::mangle::{self, Mangling};
use dm_core::packet::{Cmd, message};

use super::{ANY, Command, Operands, Repeat};
use crate::ctx::Ctx;

pub(super) static COMMAND: Command = Command {
    name: "mangle",
    usage: &["[<device>...]"],
    operands: 0..=ANY,
    repeat: Repeat::Each,
    run,
};

fn run(ctx: &mut Ctx<'_, '_>, operands: &Operands) -> Result<(), Failure> {
    if operands.is_empty() && !ctx.options.names_device() {
        return ctx.for_each_device(|ctx, subject, _name| mangle(ctx, subject));
    }
    ctx.session.open()?;
    let subject = ctx.subject(operands.first())?;
    mangle(ctx, &subject)
}

/// The session runs without mangling here: names are as device-mapper has them.
fn mangle(ctx: &mut Ctx<'_, '_>, subject: &Subject) -> Result<(), Failure> {
    let request = subject.request(Cmd::TableStatus).with_flags(Flags::NOFLUSH);
    let reply = ctx.session.call(&request, subject).map_err(|refusal| {
        if refusal.errno == Some(dm_core::errno::Errno::ENXIO) {
            Failure::silent()
        } else {
            refusal.into()
        }
    })?;
    let device = reply.device();
    let (name, uuid) = (&device.name, &device.uuid);
    let mode = ctx.options.mangling.unwrap_or_default();
    if mode == Mangling::Auto {
        refuse_twice("name", name, "rename the device")?;
        refuse_twice("UUID", uuid, "correct the device UUID")?;
    }
    let (wanted, wanted_uuid) = (target(mode, name), target(mode, uuid));
    if *uuid != wanted_uuid {
        let text = [&name[..], b": ", uuid, b": UUID in incorrect form. "].concat();
        let why = "Unable to change device UUID. The device must be deactivated first.";
        return Err(Failure::line(text).and(why));
    }
    if *name != wanted {
        ctx.out.line(&[name, b": renaming to ", &wanted]);
        return rename(ctx, name, &wanted);
    }
    if uuid.is_empty() {
        ctx.out.line(&[name, b": [no UUID]: name already in correct form"]);
    } else {
        ctx.out.line(&[name, b": ", uuid, b": name and UUID already in correct form"]);
    }
    Ok(())
}

fn refuse_twice(label: &str, text: &[u8], cure: &str) -> Result<(), Failure> {
    if !mangle::is_mangled_twice(text) {
        return Ok(());
    }
    let before = format!("The {label} \"");
    let after =
        format!("\" seems to be mangled more than once. Manual intervention required to {cure}.");
    Err(Failure::line([before.as_bytes(), text, after.as_bytes()].concat()))
}

/// The form that `mode` asks for.
fn target(mode: Mangling, text: &[u8]) -> Vec<u8> {
    match mode {
        Mangling::None => mangle::decode(text),
        // What is encoded already stays so in either mode, as the library itself mangles nothing here.
        Mangling::Auto | Mangling::Hex => {
            Mangling::Auto.mangle(text).unwrap_or_else(|_| text.to_vec())
        }
    }
}

fn rename(ctx: &Ctx<'_, '_>, old: &[u8], new: &[u8]) -> Result<(), Failure> {
    let subject = Subject::named(old);
    let request = subject.request(Cmd::DevRename).with_payload(message::encode_text(new));
    let transaction = ctx.session.begin()?;
    let answer = transaction.call(request, &subject);
    let keeper = transaction.finish();
    answer?;
    ctx.session.rename_node(keeper?, old, new);
    Ok(())
}
