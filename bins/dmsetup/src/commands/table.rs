//! `table`, `status` and `measure`: the lines of a table, their targets' state, their measurement.

mod keys;

use dm_cli::exit::Failure;
use dm_cli::session::malformed;
use dm_cli::session::subject::Subject;
use dm_core::concise;
use dm_core::dm::{Reply, Request};
use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::packet::Cmd;
use dm_core::table::Line;

use super::{ANY, Command, Operands, Repeat};
use crate::ctx::Ctx;
use crate::options::Id;
use crate::per_device;

pub(super) static STATUS: Command = Command {
    name: "status",
    usage: &["[<device>...] [--noflush] [--target <target_type>]"],
    operands: 0..=ANY,
    repeat: Repeat::EachSelectable,
    run: |ctx, operands| run(ctx, operands, View::Status),
};

pub(super) static TABLE: Command = Command {
    name: "table",
    usage: &["[<device>...] [--concise] [--target <target_type>] [--showkeys]"],
    operands: 0..=ANY,
    repeat: Repeat::EachSelectable,
    run: |ctx, operands| run(ctx, operands, View::Table),
};

pub(super) static MEASURE: Command = Command {
    name: "measure",
    usage: &["[<device>...]"],
    operands: 0..=ANY,
    repeat: Repeat::EachSelectable,
    run: |ctx, operands| run(ctx, operands, View::Measure),
};

/// What is shown of each target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum View {
    Status,
    Table,
    Measure,
}

/// The first version that measures.
///
/// # Source
///
/// `DM_IMA_MEASUREMENT_FLAG` came with 4.45 of `include/uapi/linux/dm-ioctl.h`.
const MEASURES_FROM: [u32; 3] = [4, 45, 0];

fn run(ctx: &mut Ctx<'_, '_>, operands: &Operands, view: View) -> Result<(), Failure> {
    if operands.is_empty() && !ctx.options.names_device() {
        return ctx.for_each_device(|ctx, subject, name| show(ctx, subject, Some(name), view));
    }
    ctx.session.open()?;
    let subject = ctx.subject(operands.first())?;
    show(ctx, &subject, operands.first().map(Vec::as_slice), view)
}

fn show(
    ctx: &mut Ctx<'_, '_>,
    subject: &Subject,
    name: Option<&[u8]>,
    view: View,
) -> Result<(), Failure> {
    let request = request(ctx, subject, view)?;
    let reply = ctx.session.call(&request, subject).map_err(|refusal| {
        if refusal.errno == Some(Errno::ENXIO) && view != View::Table {
            Failure::line("Device does not exist.")
        } else {
            refusal.into()
        }
    })?;
    let lines = reply.lines().map_err(malformed)?;
    let device = ctx.session.shown(&reply)?;
    let name = name.unwrap_or(&device.name);
    let wanted = per_device::matching(ctx, &lines);
    let prints = per_device::prints(ctx);
    if prints && view == View::Table && ctx.options.has(Id::Concise) {
        print_concise(ctx, &reply, &lines)?;
    } else if prints {
        print_lines(ctx, &reply, name, &wanted, view)?;
    }
    if !wanted.is_empty() || (lines.is_empty() && !ctx.options.has(Id::Target)) {
        per_device::execute(ctx, subject, name)?;
    }
    Ok(())
}

fn request(ctx: &Ctx<'_, '_>, subject: &Subject, view: View) -> Result<Request, Failure> {
    let flags = match view {
        View::Status => Flags::empty(),
        View::Table => Flags::STATUS_TABLE,
        View::Measure if ctx.session.version()? < MEASURES_FROM => {
            let text = "IMA measurement unsupported by kernel. Aborting operation.";
            return Err(Failure::line(text).and("Couldn't create ioctl argument."));
        }
        View::Measure => Flags::IMA_MEASUREMENT,
    };
    let flags = ctx.options.flags_without_openers() | flags;
    Ok(subject.request(Cmd::TableStatus).with_flags(flags))
}

fn print_lines(
    ctx: &mut Ctx<'_, '_>,
    reply: &Reply,
    name: &[u8],
    wanted: &[&Line],
    view: View,
) -> Result<(), Failure> {
    // A device without a table has a line nevertheless, but it is of no type.
    let is_bare = reply.device().target_count == 0 && !ctx.options.has(Id::Target);
    if wanted.is_empty() && !is_bare {
        return Ok(());
    }
    let verbose = ctx.options.is_verbose();
    if verbose {
        ctx.print_info(reply)?;
    }
    let prefix = if ctx.multiple && !verbose { [name, b": "].concat() } else { Vec::new() };
    if is_bare {
        ctx.out.line(&[&prefix]);
    }
    for line in wanted {
        ctx.out.line(&[&prefix, &text(ctx, line, view)]);
    }
    if verbose && ctx.multiple {
        ctx.out.print("\n");
    }
    Ok(())
}

fn text(ctx: &Ctx<'_, '_>, line: &Line, view: View) -> Vec<u8> {
    let mut args = line.args.clone();
    if view == View::Table && !ctx.options.has(Id::ShowKeys) {
        keys::hide(line.target.as_bytes(), &mut args);
    }
    let range = format!("{} {} ", line.start, line.len);
    [range.as_bytes(), line.target.as_bytes(), b" ", &args].concat()
}

/// A device as `create --concise` takes it; the next is parted from it by a semicolon.
fn print_concise(ctx: &mut Ctx<'_, '_>, reply: &Reply, lines: &[Line]) -> Result<(), Failure> {
    let wanted = per_device::matching(ctx, lines);
    if wanted.is_empty() && (!lines.is_empty() || ctx.options.has(Id::Target)) {
        return Ok(());
    }
    let device = ctx.session.shown(reply)?;
    let access = if device.flags.contains(Flags::READONLY) { "ro" } else { "rw" };
    let mut out = if ctx.concise_begun { b";".to_vec() } else { Vec::new() };
    out.extend(concise::escape(&device.name));
    out.push(b',');
    out.extend(concise::escape(&device.uuid));
    out.extend(format!(",{},{access}", device.dev.minor).into_bytes());
    for line in wanted {
        let mut line = line.clone();
        if !ctx.options.has(Id::ShowKeys) {
            keys::hide(line.target.as_bytes(), &mut line.args);
        }
        out.extend(format!(",{} {} ", line.start, line.len).into_bytes());
        out.extend([line.target.as_bytes(), b" ", &concise::escape(&line.args)].concat());
    }
    ctx.out.print(out);
    ctx.concise_begun = true;
    Ok(())
}
