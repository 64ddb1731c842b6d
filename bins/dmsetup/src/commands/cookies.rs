//! `udevcookies` and `udevcomplete_all`: the cookies that somebody may still wait for, and how to end all that.

use std::time::SystemTime;

use dm_cli::exit::{Failure, chain};
use dm_cli::number;
use dm_sys::os;
use dm_sys::udev::{self, CookieInfo, MAGIC};

use super::{Command, Operands, Repeat};
use crate::ctx::Ctx;
use crate::options::Id;

pub(super) static COMPLETE_ALL: Command = Command {
    name: "udevcomplete_all",
    usage: &["[<age_in_minutes>]"],
    operands: 0..=1,
    repeat: Repeat::Once,
    run: complete_all,
};

pub(super) static LIST: Command =
    Command { name: "udevcookies", usage: &[""], operands: 0..=0, repeat: Repeat::Once, run: list };

const QUESTION: &str = "Do you really want to continue? [y/n]: ";

fn all() -> Result<Vec<CookieInfo>, Failure> {
    udev::cookies().map_err(|error| Failure::of(&error))
}

fn list(ctx: &mut Ctx<'_, '_>, _operands: &Operands) -> Result<(), Failure> {
    ctx.out
        .print("Cookie       Semid      Value      Last semop time           Last change time\n");
    for cookie in all()? {
        ctx.out.print(row(&cookie));
    }
    Ok(())
}

fn row(info: &CookieInfo) -> String {
    let CookieInfo { cookie, semid, value, changed, made } = *info;
    let (changed, made) = (os::local_time(changed), os::local_time(made));
    format!("0x{cookie:<10x} {semid:<10} {value:<10} {changed}  {made}\n")
}

fn complete_all(ctx: &mut Ctx<'_, '_>, operands: &Operands) -> Result<(), Failure> {
    let minutes = operands.first().map_or(Ok(0), |text| age(text))?;
    let keys = format!("{MAGIC} (0x{MAGIC:x})");
    if !ctx.options.has(Id::Yes) {
        let older = match minutes {
            0 => String::new(),
            _ => format!("older than {minutes} minutes "),
        };
        ctx.session.say(format!(
            "WARNING: This operation will destroy all semaphores {older}with keys that have a prefix \
             {keys}."
        ));
        if !is_agreed(ctx) {
            ctx.out.print(format!("Semaphores with keys prefixed by {keys} NOT destroyed.\n"));
            return Ok(());
        }
    }
    let (mut destroyed, mut skipped) = (0, 0);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    for info in all()? {
        if !is_older(&info, minutes, now.as_secs()) {
            skipped += 1;
        } else if let Err(error) = udev::destroy(&info) {
            ctx.session.say(chain(&error));
        } else {
            destroyed += 1;
        }
    }
    ctx.out.print(format!(
        "{destroyed} semaphores with keys prefixed by {keys} destroyed. {skipped} skipped.\n"
    ));
    Ok(())
}

/// The age that `text` begins with, as `%u` reads it.
fn age(text: &[u8]) -> Result<u32, Failure> {
    let number = number::scan(text, 10)
        .ok_or_else(|| Failure::line("Failed to read age_in_minutes parameter."))?;
    let whole = if number.negative { number.magnitude.wrapping_neg() } else { number.magnitude };
    // quirk: what does not fit 32 bits loses those above.
    Ok(u32::try_from(whole & u64::from(u32::MAX)).unwrap_or(u32::MAX))
}

/// Whether nothing was done to it within so many minutes.
fn is_older(info: &CookieInfo, minutes: u32, now: u64) -> bool {
    let since = now.checked_sub(u64::from(minutes) * 60);
    since.is_some_and(|since| info.changed <= since && info.made <= since)
}

/// Asks until a line has a `y` or an `n`, the last of which counts; the end of the input is an `n`.
fn is_agreed(ctx: &mut Ctx<'_, '_>) -> bool {
    let mut answer = None;
    ctx.out.print(QUESTION);
    ctx.out.flush();
    loop {
        let mut byte = [0];
        if !matches!(ctx.input.read(&mut byte), Ok(1)) {
            ctx.out.print("\n");
            return false;
        }
        match (byte[0].to_ascii_lowercase(), answer) {
            (letter @ (b'y' | b'n'), _) => answer = Some(letter),
            (b'\n', Some(letter)) => return letter == b'y',
            (b'\n', None) => {
                ctx.out.print(QUESTION);
                ctx.out.flush();
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INFO: CookieInfo =
        CookieInfo { cookie: 0x0d4d_4e9d, semid: 5, value: 1, changed: 0, made: 1000 };

    #[test]
    fn a_row_has_its_columns_below_the_headings() {
        let row = row(&INFO);
        assert!(row.starts_with("0xd4d4e9d    5          1          "), "{row}");
        assert_eq!(row.len(), 37 + 24 + 2 + 24 + 1 - 2);
    }

    #[test]
    fn an_age_is_what_the_text_begins_with() {
        assert_eq!(age(b" 5x"), Ok(5));
        assert_eq!(age(b"-1"), Ok(u32::MAX));
        for bad in [&b""[..], b"x"] {
            let failure = age(bad).unwrap_err();
            assert_eq!(failure.text, b"Failed to read age_in_minutes parameter.\n");
        }
    }

    #[test]
    fn what_was_touched_of_late_is_not_older() {
        assert!(is_older(&INFO, 0, 1000));
        assert!(is_older(&INFO, 1, 1060));
        assert!(!is_older(&INFO, 1, 1059));
        assert!(!is_older(&CookieInfo { changed: 1030, ..INFO }, 1, 1060));
        assert!(!is_older(&INFO, u32::MAX, 2_000_000_000));
    }
}
