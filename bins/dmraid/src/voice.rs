//! What is said, to whom, and when: messages have a level, and a prefix for it.
//!
//! # Source
//!
//! dmraid 1.0.0.rc16-12, by running it.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use dm_cli::exit::Failure;
use dm_cli::output::Printer;
use dm_formats::raid::{Level, Log};

/// How much is to be said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Volume {
    /// How often `-v` was given.
    pub verbose: usize,
    /// Whether `-d` was.
    pub debug: bool,
    /// Whether standard output is for `--json` alone: what is said goes to standard error, and is kept.
    pub aside: bool,
}

/// Standard error, for several to write to.
#[derive(Clone)]
pub struct Shared<'a>(Rc<RefCell<&'a mut dyn Write>>);

impl<'a> Shared<'a> {
    /// One that writes to `err`.
    pub fn new(err: &'a mut dyn Write) -> Self {
        Self(Rc::new(RefCell::new(err)))
    }
}

impl std::fmt::Debug for Shared<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shared")
    }
}

impl Write for Shared<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.borrow_mut().flush()
    }
}

/// Standard output and standard error.
pub struct Voice<'a> {
    /// Where results go.
    pub out: Printer<'a>,
    /// Where everything else goes.
    pub err: Shared<'a>,
    volume: Volume,
    said: Vec<String>,
}

impl std::fmt::Debug for Voice<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Voice").field("volume", &self.volume).finish_non_exhaustive()
    }
}

impl<'a> Voice<'a> {
    /// One that says this much.
    pub fn new(out: Printer<'a>, err: Shared<'a>, volume: Volume) -> Self {
        Self { out, err, volume, said: Vec::new() }
    }

    /// Says a line at its level.
    pub fn say(&mut self, level: Level, pieces: &[&[u8]]) {
        let text = pieces.concat();
        if self.volume.aside && matches!(level, Level::Plain | Level::Error) {
            self.said.push(String::from_utf8_lossy(text.trim_ascii_end()).into_owned());
        }
        let (prefix, is_said): (&[u8], bool) = match level {
            Level::Plain => (b"", true),
            Level::Info => (b"INFO: ", self.volume.verbose >= 1),
            Level::Notice => (b"NOTICE: ", self.volume.verbose >= 2),
            Level::Warn => (b"WARN: ", self.volume.verbose >= 3),
            Level::Debug => (b"DEBUG: ", self.volume.debug),
            Level::Error => return self.report(&Failure::line([b"ERROR: ", &text[..]].concat())),
        };
        if is_said && self.volume.aside {
            self.report(&Failure::line([prefix, &text[..]].concat()));
        } else if is_said {
            self.out.line(&[prefix, &text]);
        }
    }

    /// Says on standard error what the original has no words for.
    pub fn note(&mut self, pieces: &[&[u8]]) {
        self.report(&Failure::line(pieces.concat()));
    }

    /// Says all of a log.
    pub fn tell(&mut self, log: &Log) {
        for message in log.messages() {
            self.say(message.level, &[&message.text]);
        }
    }

    /// Says what a failure has to say, where work goes on nevertheless.
    pub fn report(&mut self, failure: &Failure) {
        // There is nowhere left to tell that stderr cannot be written.
        self.err.write_all(&failure.text).ok();
    }

    /// What was said to everybody so far, where it is kept.
    pub fn said(&self) -> &[String] {
        &self.said
    }

    /// Passes on what was printed so far: a question is to be read before it is answered.
    pub fn flush(&mut self) {
        self.out.flush();
    }

    /// Ends it, and says how the printing went.
    ///
    /// # Errors
    ///
    /// The first that there was.
    pub fn finish(self) -> io::Result<()> {
        self.out.finish()
    }
}
