//! `targets` and `target-version <target>...`: the target types and their versions.

use dm_cli::exit::Failure;
use dm_cli::session::malformed;
use dm_cli::session::subject::Subject;
use dm_core::dm::Request;
use dm_core::packet::Cmd;

use super::{ANY, Command, Operands, Repeat};
use crate::ctx::Ctx;

pub(super) static TARGETS: Command =
    Command { name: "targets", usage: &[""], operands: 0..=0, repeat: Repeat::Once, run: targets };

pub(super) static TARGET_VERSION: Command = Command {
    name: "target-version",
    usage: &["[<target>...]"],
    operands: 1..=ANY,
    repeat: Repeat::Each,
    run: target_version,
};

fn targets(ctx: &mut Ctx<'_, '_>, _operands: &Operands) -> Result<(), Failure> {
    print_versions(ctx, &Subject::default(), Cmd::ListVersions)
}

fn target_version(ctx: &mut Ctx<'_, '_>, operands: &Operands) -> Result<(), Failure> {
    let name = operands.first().map(Vec::as_slice).unwrap_or_default();
    print_versions(ctx, &Subject::named(name), Cmd::GetTargetVersion)
}

fn print_versions(ctx: &mut Ctx<'_, '_>, of: &Subject, cmd: Cmd) -> Result<(), Failure> {
    ctx.session.open()?;
    let reply = ctx.session.call(&Request::new(cmd).named(&of.name), of)?;
    for row in reply.versions().map_err(malformed)? {
        let [major, minor, patch] = row.version;
        let pad = 16_usize.saturating_sub(row.name.len());
        let version = format!("{:pad$} v{major}.{minor}.{patch}", "");
        ctx.out.line(&[&row.name, version.as_bytes()]);
    }
    Ok(())
}
