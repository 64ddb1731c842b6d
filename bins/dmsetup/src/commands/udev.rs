//! `udevcreatecookie` and kin: what udev's rules and scripts call to answer for uevents.

use dm_cli::exit::Failure;
use dm_cli::number;
use dm_sys::udev::{self, DEADLINE, Transaction};

use super::{Command, Operands, Repeat};
use crate::ctx::Ctx;

pub(super) static CREATE_COOKIE: Command = Command {
    name: "udevcreatecookie",
    usage: &[""],
    operands: 0..=0,
    repeat: Repeat::Once,
    run: create_cookie,
};

pub(super) static RELEASE_COOKIE: Command = Command {
    name: "udevreleasecookie",
    usage: &["[<cookie>]"],
    operands: 0..=1,
    repeat: Repeat::Once,
    run: release_cookie,
};

pub(super) static FLAGS: Command = Command {
    name: "udevflags",
    usage: &["<cookie>"],
    operands: 1..=1,
    repeat: Repeat::Once,
    run: flags,
};

pub(super) static COMPLETE: Command = Command {
    name: "udevcomplete",
    usage: &["<cookie>"],
    operands: 1..=1,
    repeat: Repeat::Once,
    run: complete,
};

/// The flags that have names, from the lowest bit on.
///
/// # Source
///
/// `_udevflags` in lvm2's `libdm/dm-tools/dmsetup.c`; `DM_UDEV_*_FLAG` in `libdm/libdevmapper.h`.
const FLAG_NAMES: [&str; 8] = [
    "DISABLE_DM_RULES_FLAG",
    "DISABLE_SUBSYSTEM_RULES_FLAG",
    "DISABLE_DISK_RULES_FLAG",
    "DISABLE_OTHER_RULES_FLAG",
    "LOW_PRIORITY_FLAG",
    "DISABLE_LIBRARY_FALLBACK_FLAG",
    "PRIMARY_SOURCE_FLAG",
    "FLAG7",
];

/// Whether there is a udev to wait for; without, the commands here do nothing, and that is no failure.
fn syncs(ctx: &Ctx<'_, '_>) -> bool {
    if let Err(failure) = ctx.session.open() {
        ctx.session.report(&failure);
        return false;
    }
    let udev = ctx.session.settings().udev;
    udev.answers && !udev.no_sync
}

fn parse(text: &[u8]) -> Result<u32, Failure> {
    number::cookie(text).ok_or_else(|| Failure::line("Incorrect cookie value."))
}

fn create_cookie(ctx: &mut Ctx<'_, '_>, _operands: &Operands) -> Result<(), Failure> {
    if syncs(ctx) {
        let made = Transaction::create().map_err(|error| Failure::of(&error))?;
        ctx.out.print(format!("0x{:08X}\n", made.leave()));
    }
    Ok(())
}

fn release_cookie(ctx: &mut Ctx<'_, '_>, operands: &Operands) -> Result<(), Failure> {
    let given = operands.first().map(|text| parse(text)).transpose()?;
    let given = given.or(ctx.session.settings().udev.cookie);
    let cookie = given.ok_or_else(|| Failure::line("No udev transaction cookie given."))?;
    if !syncs(ctx) {
        return Ok(());
    }
    let released = Transaction::join(cookie).and_then(|held| held.release(DEADLINE));
    released.map_err(|error| Failure::of(&error))
}

fn flags(ctx: &mut Ctx<'_, '_>, operands: &Operands) -> Result<(), Failure> {
    let cookie = parse(operands.first().map(Vec::as_slice).unwrap_or_default())?;
    ctx.out.print(flag_lines(cookie));
    Ok(())
}

/// A line for each flag in the upper half of `cookie`, as a shell would set it.
fn flag_lines(cookie: u32) -> String {
    let flags = cookie >> 16;
    let set = (0..16_usize).filter(|bit| flags >> bit & 1 == 1);
    let line = |bit: usize| match FLAG_NAMES.get(bit) {
        Some(name) => format!("DM_UDEV_{name}='1'\n"),
        None => format!("DM_SUBSYSTEM_UDEV_FLAG{}='1'\n", bit - FLAG_NAMES.len()),
    };
    set.map(line).collect()
}

fn complete(ctx: &mut Ctx<'_, '_>, operands: &Operands) -> Result<(), Failure> {
    let cookie = parse(operands.first().map(Vec::as_slice).unwrap_or_default())?;
    let hexadecimal = format!("0x{cookie:x}");
    ctx.out.print(format!("DM_COOKIE_COMPLETED={hexadecimal:<12}\n"));
    // Without a number in its lower half nobody waits for it.
    if cookie.trailing_zeros() >= 16 || !syncs(ctx) {
        return Ok(());
    }
    udev::complete(cookie).map_err(|error| Failure::of(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_flag_has_its_line() {
        assert_eq!(
            flag_lines(0x0d4d_0001),
            "DM_UDEV_DISABLE_DM_RULES_FLAG='1'\nDM_UDEV_DISABLE_DISK_RULES_FLAG='1'\n\
             DM_UDEV_DISABLE_OTHER_RULES_FLAG='1'\nDM_UDEV_PRIMARY_SOURCE_FLAG='1'\n\
             DM_SUBSYSTEM_UDEV_FLAG0='1'\nDM_SUBSYSTEM_UDEV_FLAG2='1'\n\
             DM_SUBSYSTEM_UDEV_FLAG3='1'\n"
        );
        assert_eq!(flag_lines(0x0080_0000), "DM_UDEV_FLAG7='1'\n");
        assert_eq!(flag_lines(0x1234), "");
    }
}
