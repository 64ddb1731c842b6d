//! From the command line to what is done, in the original's order of checks.
//!
//! # Source
//!
//! kpartx 0.9.4, by running it.

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use dm_cli::exit::{self, Failure};
use dm_cli::machine::{Asked, Environment, Machine};
use dm_cli::output::{self, Printer};
use dm_cli::session::Session;
use dm_cli::session::link::{Link, Who};
use dm_cli::session::malformed;
use dm_cli::session::subject::Subject;
use dm_core::packet::Cmd;

use crate::operand::{self, Kind};
use crate::options::{Action, Misuse, Options, USAGE};
use crate::work::Work;

/// The standard streams.
pub struct Streams<'a> {
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

/// What is said where device-mapper cannot do what is needed.
const NO_DM: &str = "device mapper prerequisites not met";

/// Carries out the command line `argv`, its first word included, and says how it went.
pub fn run(argv: &[Vec<u8>], streams: Streams<'_>) -> u8 {
    let Streams { out, err } = streams;
    let program = argv.first().cloned().unwrap_or_default();
    let mut out = Printer::new(out);
    let code = prepare(&program, argv.get(1..).unwrap_or_default(), &mut out, err);
    output::code_after(out.finish(), code, &program, err)
}

fn prepare(program: &[u8], args: &[Vec<u8>], out: &mut Printer<'_>, err: &mut dyn Write) -> u8 {
    if args.is_empty() {
        return usage(out);
    }
    let environment = match Environment::read() {
        Ok(environment) => environment,
        Err(failure) => return fail(err, &failure),
    };
    match Options::parse(program, args, environment.order) {
        Ok((options, operands)) => begin(&environment, &options, &operands, out, err),
        Err(Misuse { err: text, usage: shown }) => {
            let code = fail(err, &Failure { text, code: exit::FAILURE });
            if shown { usage(out) } else { code }
        }
    }
}

fn usage(out: &mut Printer<'_>) -> u8 {
    out.print(USAGE);
    exit::FAILURE
}

/// Nobody is left to tell when stderr is gone.
fn fail(err: &mut dyn Write, failure: &Failure) -> u8 {
    err.write_all(&failure.text).ok();
    failure.code
}

fn begin(
    environment: &Environment,
    options: &Options,
    operands: &[Vec<u8>],
    out: &mut Printer<'_>,
    err: &mut dyn Write,
) -> u8 {
    // As the original: udev's nodes are looked after, unless it is not waited for.
    let asked = Asked { no_sync: options.no_sync, verify: !options.no_sync, ..Asked::default() };
    let (settings, remarks) = environment.settings(&asked);
    let machine = Machine { env: environment.env.clone(), forced: options.engine.clone() };
    let link = Link::new(&machine);
    let session = Session::new(&link, settings, err);
    for line in remarks {
        session.say(line);
    }
    let has_dm = match look(&link, &session, options.action) {
        Ok(has_dm) => has_dm,
        Err(failure) => {
            session.report(&failure);
            return failure.code;
        }
    };
    let ([operand] | [operand, _]) = operands else { return usage(out) };
    let path = Path::new(OsStr::from_bytes(operand));
    let kind = match operand::kind(path) {
        Some(Kind::Other) => {
            session.say([b"invalid device: ", operand.as_slice()].concat());
            return exit::FAILURE;
        }
        Some(kind) => kind,
        None => {
            out.line(&[b"failed to stat() ", operand]);
            return exit::FAILURE;
        }
    };
    let mut work = Work::new(&session, options, environment, has_dm);
    match work.run(path, &kind, out) {
        Ok(code) => code,
        Err(failure) => {
            session.report(&failure);
            failure.code
        }
    }
}

/// Whether device-mapper can map partitions. To list, nobody needs it; the original is heard to miss the kernel's
/// all the same.
fn look(link: &Link<'_>, session: &Session<'_>, action: Action) -> Result<bool, Failure> {
    if let Err(nobody) = link.open() {
        let lines = session.open().err().unwrap_or_else(Failure::silent);
        if action != Action::List {
            return Err(lines.and(NO_DM));
        }
        if nobody.who == Who::Kernel {
            session.report(&lines);
        }
        return Ok(false);
    }
    if session.who() == Who::Engine {
        return Ok(true);
    }
    let all = Subject::default();
    let reply = session.call(&all.request(Cmd::ListVersions), &all)?;
    let linear = reply.versions().map_err(malformed)?;
    let found = linear.iter().any(|row| row.name.starts_with(b"linear"));
    if found || action == Action::List { Ok(found) } else { Err(Failure::line(NO_DM)) }
}
