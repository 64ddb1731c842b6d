//! `create <dev_name>`, and `create --concise` for several devices in one text.

use dm_cli::exit::Failure;
use dm_cli::number;
use dm_cli::session::making::Access;
use dm_core::concise::{self, ConciseError, Entry};
use dm_core::devno::DevNo;

use super::{Command, Operands, Repeat};
use crate::ctx::Ctx;
use crate::making::Plan;
use crate::options::Id;
use crate::table_text;

pub(super) static COMMAND: Command = Command {
    name: "create",
    usage: &[
        "<dev_name>
\t    [-j|--major <major> -m|--minor <minor>]
\t    [-U|--uid <uid>] [-G|--gid <gid>] [-M|--mode <octal_mode>]
\t    [-u|--uuid <uuid>] [--addnodeonresume|--addnodeoncreate]
\t    [--readahead {[+]<sectors>|auto|none}]
\t    [-n|--notable|--table {<table>|<table_file>}]",
        "--concise [<concise_device_spec_list>]",
    ],
    operands: 0..=2,
    repeat: Repeat::Once,
    run,
};

fn run(ctx: &mut Ctx<'_, '_>, operands: &Operands) -> Result<(), Failure> {
    if ctx.options.has(Id::Concise) {
        return create_concise(ctx, operands);
    }
    let [name, file @ ..] = operands else {
        return Err(Failure::line("Please provide a name for the new device."));
    };
    ctx.session.open()?;
    let plan = Plan::new(ctx, name, ctx.options.value(Id::Uuid), ctx.options.dev)?;
    let plan = if ctx.options.has(Id::NoTable) {
        plan
    } else {
        let table = table_text::read(ctx, file.first())?;
        plan.with_table(table, access(ctx.options.has(Id::ReadOnly)))
    };
    plan.apply(ctx)
}

fn access(read_only: bool) -> Access {
    if read_only { Access::ReadOnly } else { Access::ReadWrite }
}

fn create_concise(ctx: &mut Ctx<'_, '_>, operands: &Operands) -> Result<(), Failure> {
    if operands.len() > 1 {
        return Err(Failure::line("dmsetup create --concise takes at most one argument"));
    }
    let conflicts = [Id::Table, Id::NoTable, Id::Minor, Id::Uuid, Id::Inactive];
    if conflicts.into_iter().any(|id| ctx.options.has(id)) {
        return Err(Failure::line(
            "--concise is incompatible with --[no]table, --minor, --uuid and --inactive.",
        ));
    }
    let text = match operands.first() {
        Some(text) => text.clone(),
        None => table_text::read_input(ctx)?,
    };
    // quirk: `-r` counts for the first device alone.
    let mut read_only = ctx.options.has(Id::ReadOnly);
    for entry in concise::entries(&text) {
        let entry = entry.map_err(|error| incomplete(&error))?;
        create_entry(ctx, &entry, read_only)?;
        read_only = false;
    }
    Ok(())
}

/// Makes the device of one entry, which has all its fields.
fn create_entry(ctx: &mut Ctx<'_, '_>, entry: &Entry, read_only: bool) -> Result<(), Failure> {
    let field = |index| entry.field(index).unwrap_or_default();
    let read_only = match field(3) {
        b"" => read_only,
        b"ro" => true,
        b"rw" => false,
        flags => {
            let after = b"' must be 'ro' or 'rw' or empty.";
            return Err(Failure::line([b"Invalid flags parameter '", flags, after].concat()));
        }
    };
    let uuid = Some(field(1)).filter(|uuid| !uuid.is_empty());
    let minor = Some(field(2)).filter(|minor| !minor.is_empty()).map(number::atoi);
    ctx.session.open()?;
    let own_major = || ctx.session.own_major().unwrap_or(0);
    let dev = minor.and_then(|minor| u32::try_from(minor).ok());
    let dev = dev.map(|minor| DevNo::new(own_major(), minor));
    let plan = Plan::new(ctx, field(0), uuid, dev)?.with_any_major();
    let table = table_text::parse(ctx, field(4), b"")?;
    plan.with_table(table, access(read_only)).apply(ctx)
}

/// The two lines about an entry that is none: what is wrong, and what was understood.
fn incomplete(error: &ConciseError) -> Failure {
    let mut dump = format!("Parsed {} fields:", error.entry.fields.len()).into_bytes();
    for (index, label) in ["name", "uuid", "minor", "flags", "table"].into_iter().enumerate() {
        let field = error.entry.field(index).unwrap_or(b"(null)");
        dump.extend([b" ", label.as_bytes(), b": ", field].concat());
    }
    Failure::line(error.why.to_string()).and(dump)
}
