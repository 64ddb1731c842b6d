//! From the command line to a command and its exit code, in the original's order of checks.
//!
//! # Source
//!
//! `main` in lvm2's `libdm/dm-tools/dmsetup.c`, by running `dmsetup` 1.02.185.

use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt as _;
use std::thread;

use dm_cli::exit::{self, Failure};
use dm_cli::machine::{Asked, Environment, Machine};
use dm_cli::number;
use dm_cli::output::{self, Printer};
use dm_cli::session::Session;
use dm_cli::session::link::Link;
use dm_core::mangle::Mangling;

use crate::commands::{self, Command, Repeat};
use crate::ctx::Ctx;
use crate::options::{Cycles, Id, Options};
use crate::personality::{self, Invocation, Personality};
use crate::report::{self, DeviceReport, fields};
use crate::shown::DeviceForm;
use crate::{tree, usage};

/// The standard streams.
pub struct Streams<'a> {
    /// Where tables come from.
    pub input: &'a mut dyn Read,
    /// Where results go.
    pub out: &'a mut dyn Write,
    /// Where everything else goes.
    pub err: &'a mut dyn Write,
    /// Whether a person reads `err`.
    pub err_is_terminal: bool,
}

impl std::fmt::Debug for Streams<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Streams").finish_non_exhaustive()
    }
}

/// Carries out the command line `argv`, its first word included, and says how it went.
pub fn run(argv: &[Vec<u8>], streams: Streams<'_>) -> u8 {
    let program = argv.first().cloned().unwrap_or_default();
    let mut remarks = Vec::new();
    let prepared = prepare(&program, argv.get(1..).unwrap_or_default(), &mut remarks);
    for line in remarks {
        // Nobody is left to tell when stderr is gone.
        writeln!(streams.err, "{line}").ok();
    }
    match prepared {
        Ok(work) => work.run(&program, streams),
        Err(failure) => {
            streams.err.write_all(&failure.text).ok();
            failure.code
        }
    }
}

/// What is to be done, found out without asking anybody.
struct Work {
    environment: Environment,
    options: Options,
    command: &'static Command,
    operands: Vec<Vec<u8>>,
    form: DeviceForm,
    /// The code, where it is not the command's own.
    code: Option<u8>,
}

const BAD_LINE: &str = "Couldn't process command line.";

fn prepare(program: &[u8], args: &[Vec<u8>], remarks: &mut Vec<String>) -> Result<Work, Failure> {
    let environment = Environment::read()?;
    let bad_line = |failure: Failure| failure.and(BAD_LINE);
    let personality = Personality::of(program);
    let Invocation { options, mut operands } =
        personality::parse(personality, program, args, environment.order, remarks)
            .map_err(bad_line)?;
    let work = |command, operands, options: Options, code| Work {
        environment: environment.clone(),
        options,
        command,
        operands,
        form: DeviceForm::default(),
        code,
    };
    let shown = usage_of(personality, &operands);
    if options.has(Id::Help) && !options.has(Id::Columns) {
        return Err(Failure { text: shown.into_bytes(), code: exit::SUCCESS });
    }
    if options.has(Id::Help) {
        let help = command(b"help", &shown)?;
        return Ok(work(help, Vec::new(), options, Some(exit::SUCCESS)));
    }
    if options.has(Id::Version) {
        let version = command(b"version", &shown)?;
        return Ok(work(version, Vec::new(), options, Some(exit::SUCCESS)));
    }
    let found = if personality == Personality::DevmapName {
        &commands::devmap_name::COMMAND
    } else if operands.is_empty() {
        return Err(Failure { text: shown.into_bytes(), code: exit::FAILURE });
    } else if personality == Personality::Stats {
        if operands.first().is_some_and(|first| first == b"stats") {
            operands.remove(0);
        }
        command(b"stats", &shown)?
    } else {
        command(&operands.remove(0), &shown)?
    };
    if !found.operands.contains(&operands.len()) {
        return Err(incorrect("Incorrect number of arguments.", &shown));
    }
    let form = device_form(found, &options).map_err(bad_line)?;
    let mut work = work(found, operands, options, None);
    work.form = form;
    Ok(work)
}

fn usage_of(personality: Personality, operands: &[Vec<u8>]) -> String {
    match personality {
        _ if operands.first().is_some_and(|first| first == b"stats") => {
            usage::dmstats("dmsetup stats")
        }
        Personality::Stats => usage::dmstats("dmstats"),
        _ => usage::dmsetup(),
    }
}

fn incorrect(why: &str, usage: &str) -> Failure {
    Failure { text: format!("{why}\n{usage}").into_bytes(), code: exit::FAILURE }
}

fn command(name: &[u8], usage: &str) -> Result<&'static Command, Failure> {
    commands::find(name).ok_or_else(|| incorrect("Unknown command.", usage))
}

/// What `-o` says, which is looked at whatever the command; reports have another use for it.
fn device_form(command: &Command, options: &Options) -> Result<DeviceForm, Failure> {
    let reports = options.has(Id::Columns) || matches!(command.name, "splitname" | "stats");
    let Some(text) = options.value(Id::Options).filter(|_| !reports) else {
        return Ok(DeviceForm::default());
    };
    if options.has(Id::Tree) {
        tree::Shape::parse(text)?;
        return Ok(DeviceForm::default());
    }
    DeviceForm::parse(text)
}

impl Work {
    fn run(&self, program: &[u8], streams: Streams<'_>) -> u8 {
        let Streams { input, out, err, err_is_terminal } = streams;
        let (asked, mut remarks) = self.asked();
        let (mut settings, more) = self.environment.settings(&asked);
        remarks.extend(more);
        if self.command.name == "mangle" {
            settings.mangling = Mangling::None;
        }
        let forced = self.options.value(Id::Engine).map(String::from_utf8_lossy);
        let forced = forced.map(std::borrow::Cow::into_owned);
        let machine = Machine { env: self.environment.env.clone(), forced };
        let link = Link::new(&machine);
        let (code, written) = {
            let session = Session::new(&link, settings, &mut *err);
            for line in remarks {
                session.say(line);
            }
            let mut ctx = Ctx {
                session: &session,
                options: &self.options,
                form: self.form,
                report: None,
                out: Printer::new(out),
                input,
                multiple: self.is_multiple(),
                concise_begun: false,
                hints: Vec::new(),
            };
            let code = match self.begin_report(&mut ctx) {
                Ok(()) => self.cycles(&mut ctx),
                Err(failure) => {
                    ctx.session.report(&failure);
                    failure.code
                }
            };
            if ctx.concise_begun {
                ctx.out.print("\n");
            }
            if err_is_terminal {
                ctx.hints.iter().for_each(|hint| session.say(hint));
            }
            (code, ctx.out.finish())
        };
        output::code_after(written, self.code.unwrap_or(code), program, err)
    }

    /// What the options, and the cookie of the environment, say of udev.
    fn asked(&self) -> (Asked, Vec<String>) {
        let mut remarks = Vec::new();
        let mut cookie = self.options.cookie;
        if cookie.is_none()
            && let Some(text) = &self.environment.cookie
        {
            cookie = number::cookie(text.as_bytes());
            if cookie.is_none() {
                remarks.push("Incorrect cookie value.".to_owned());
            }
        }
        let asked = Asked {
            mangling: self.options.mangling,
            cookie,
            no_sync: self.options.has(Id::NoUdevSync),
            no_rules: self.options.has(Id::NoUdevRules),
            verify: self.options.has(Id::VerifyUdev),
        };
        (asked, remarks)
    }

    /// Whether each device's output says whose it is.
    fn is_multiple(&self) -> bool {
        let count = self.operands.len();
        self.command.repeat != Repeat::Once
            && count != 1
            && (count > 0 || !self.options.names_device())
    }

    /// Whether the command is for the devices that `-S` selects.
    fn is_for_selected(&self) -> bool {
        self.command.repeat == Repeat::EachSelectable && self.options.has(Id::Select)
    }

    /// Makes the report that the options ask for, if any.
    fn begin_report(&self, ctx: &mut Ctx<'_, '_>) -> Result<(), Failure> {
        // `--help` and `--version` look at nothing else.
        let aside = self.code.is_some() || self.command.name == "stats";
        let reports = self.options.has(Id::Columns) || self.command.name == "splitname";
        if aside || !(reports || self.is_for_selected()) {
            return Ok(());
        }
        let chosen = self.is_for_selected().then_some(self.command);
        if chosen.is_none()
            && matches!(self.command.name, "status" | "table")
            && self.options.has(Id::Sort)
        {
            return Err(Failure::line("--sort is not yet supported with status and table."));
        }
        let section = (self.command.name == "splitname").then_some(&fields::NAME_PARTS);
        let (report, said) = DeviceReport::new(&self.options, section, chosen)?;
        ctx.session.report(&Failure { text: said, code: exit::SUCCESS });
        ctx.report = Some(report.survey(ctx)?);
        Ok(())
    }

    /// The command as often as `--count` and `--interval` say; a failure ends it.
    fn cycles(&self, ctx: &mut Ctx<'_, '_>) -> u8 {
        let cycles = if ctx.report.is_some() && report::asks_for_help(&self.options) {
            Cycles::Times(1)
        } else {
            self.options.cycles
        };
        let mut done = 0;
        while cycles != Cycles::Times(done) && !ctx.out.is_broken() {
            let ended = self.each(ctx);
            if let Err(failure) = &ended {
                ctx.session.report(failure);
                ctx.session.say("Command failed.");
            }
            if let Some(report) = &mut ctx.report {
                ctx.out.print(report.take());
            }
            if ended.is_err() {
                return exit::FAILURE;
            }
            done = done.saturating_add(1);
            if cycles != Cycles::Times(done) {
                self.pause(ctx, cycles);
            }
        }
        exit::SUCCESS
    }

    /// What is between two cycles: with a report an empty line and some time.
    fn pause(&self, ctx: &mut Ctx<'_, '_>, cycles: Cycles) {
        if ctx.report.is_some() {
            ctx.out.print("\n");
            ctx.out.flush();
        } else if cycles != Cycles::Endless {
            return;
        }
        thread::sleep(self.options.interval());
    }

    /// The command for each argument, or once for all.
    fn each(&self, ctx: &mut Ctx<'_, '_>) -> Result<(), Failure> {
        let command = if self.is_for_selected() { &commands::info::COMMAND } else { self.command };
        let run = command.run;
        if command.repeat == Repeat::Once || self.operands.is_empty() {
            return run(ctx, &self.operands);
        }
        self.operands.chunks(1).try_for_each(|one| run(ctx, one))
    }
}
