//! From the command line to what is done, in the original's order of checks.
//!
//! # Source
//!
//! dmraid 1.0.0.rc16-12, by running it.

use std::io::{BufRead, Write};

use dm_cli::exit::{self, Failure};
use dm_cli::output::{self, Printer};

use crate::actions;
use crate::host::Host;
use crate::options::{Ending, Id, Options};
use crate::voice::{Shared, Voice, Volume};

/// The standard streams.
pub struct Streams<'a> {
    /// Where answers come from.
    pub input: &'a mut dyn BufRead,
    /// Where results go.
    pub out: &'a mut dyn Write,
    /// Where everything else goes.
    pub err: &'a mut dyn Write,
}

impl std::fmt::Debug for Streams<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Streams").finish_non_exhaustive()
    }
}

/// What an action may touch.
#[derive(Debug)]
pub struct Ctx<'c, 'a> {
    /// What was asked for.
    pub options: &'c Options,
    /// The machine.
    pub host: &'c dyn Host,
    /// Where answers come from.
    pub input: Input<'c>,
    /// Where everything is said.
    pub voice: &'c mut Voice<'a>,
    /// How the tool was called.
    pub program: &'c [u8],
}

/// Standard input.
pub struct Input<'c>(pub &'c mut dyn BufRead);

impl std::fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Input")
    }
}

/// Carries out the command line `argv`, its first word included, and says how it went.
pub fn run(argv: &[Vec<u8>], host: &dyn Host, streams: Streams<'_>) -> u8 {
    let Streams { input, out, err } = streams;
    let program = argv.first().cloned().unwrap_or_default();
    let words = argv.get(1..).unwrap_or_default();
    let read = Options::parse(&program, words, host.order());
    let volume = read.as_ref().map_or(Volume::default(), |options| Volume {
        verbose: options.count(Id::Verbose),
        debug: options.has(Id::Debug),
        aside: options.has(Id::Json),
    });
    let mut err = Shared::new(err);
    let mut voice = Voice::new(Printer::new(out), err.clone(), volume);
    let done = match read {
        Err(Ending::Failed(failure)) => Err(failure),
        Err(Ending::Help) => {
            actions::help::print(&program, &mut voice);
            Ok(exit::SUCCESS)
        }
        Ok(mut options) => options.check().and_then(|()| {
            let input = Input(input);
            let (options, voice, program) = (&options, &mut voice, &program[..]);
            actions::perform(&mut Ctx { options, host, input, voice, program })
        }),
    };
    let code = done.unwrap_or_else(|failure| fail(&mut voice, &failure));
    output::code_after(voice.finish(), code, &program, &mut err)
}

fn fail(voice: &mut Voice<'_>, failure: &Failure) -> u8 {
    voice.report(failure);
    failure.code
}
