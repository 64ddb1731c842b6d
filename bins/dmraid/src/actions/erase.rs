//! `-r -E`: metadata are erased, when asked and answered y, after they have been written to files.
//!
//! # Source
//!
//! dmraid 1.0.0.rc16-12, by running it.

use dm_cli::exit::{self, Failure};
use dm_formats::raid::Level;

use super::save::{self, Older};
use super::{carry_out, finds};
use crate::dispatch::Ctx;
use crate::survey::Survey;

pub(super) fn run(ctx: &mut Ctx<'_, '_>) -> Result<u8, Failure> {
    let survey = Survey::take(ctx)?;
    let finds = finds(ctx, &survey)?;
    let saved = save::dump(ctx, &survey, Older::Stays)?;
    let mut code = exit::SUCCESS;
    for find in finds {
        let format = find.found.format.name.as_bytes();
        let path = &find.disk.path[..];
        let question: [&[u8]; 5] = [
            b"Do you really want to erase \"",
            format,
            b"\" ondisk metadata on ",
            path,
            b" ? [y/n] :",
        ];
        if !ask(ctx, &question.concat()) {
            continue;
        }
        ctx.voice.say(Level::Notice, &[b"Erasing metadata on ", path]);
        let patches = (find.found.format.erase)(find.found);
        if carry_out::write(ctx, find.disk, &patches).is_err() {
            ctx.voice.say(Level::Error, &[b"erasing ondisk metadata on ", path]);
            carry_out::tell_saved(ctx, &saved);
            code = exit::FAILURE;
        }
    }
    Ok(code)
}

/// Asks until the answer begins with y or n; nobody's answer is no.
pub(super) fn ask(ctx: &mut Ctx<'_, '_>, question: &[u8]) -> bool {
    loop {
        ctx.voice.out.print(question);
        ctx.voice.flush();
        let mut line = Vec::new();
        match ctx.input.0.read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return false,
            Ok(_) => {}
        }
        match line.iter().find(|byte| matches!(byte, b'y' | b'Y' | b'n' | b'N')) {
            Some(b'y' | b'Y') => return true,
            Some(_) => return false,
            None => {}
        }
    }
}
