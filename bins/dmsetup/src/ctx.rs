//! What a command may touch, and what several commands do with it.

use std::io;

use dm_cli::exit::Failure;
use dm_cli::output::Printer;
use dm_cli::session::Session;
use dm_cli::session::subject::Subject;
use dm_core::packet::names::Entry;

use crate::options::Options;
use crate::report::DeviceReport;
use crate::shown::DeviceForm;

/// What a command may touch.
pub struct Ctx<'s, 'a> {
    /// Device-mapper; warnings too go through it.
    pub session: &'s Session<'a>,
    /// The command line.
    pub options: &'s Options,
    /// How a device is shown, from `-o`.
    pub form: DeviceForm,
    /// What devices are added to, with `-c` and its kin.
    pub report: Option<DeviceReport>,
    /// Standard output.
    pub out: Printer<'a>,
    /// Standard input, for tables.
    pub input: &'a mut dyn io::Read,
    /// Whether each device's output says whose it is.
    pub multiple: bool,
    /// Whether a device's concise form has been printed, so that the next is parted from it.
    pub concise_begun: bool,
    /// What to tell a person at a terminal once all has been said.
    pub hints: Vec<String>,
}

impl std::fmt::Debug for Ctx<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ctx").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Ctx<'_, '_> {
    /// The device that an argument names, or else the options.
    ///
    /// # Errors
    ///
    /// `No device specified.`, or why it cannot be one.
    pub fn subject(&self, operand: Option<&Vec<u8>>) -> Result<Subject, Failure> {
        use crate::options::Id;
        if let Some(name) = operand {
            return self.session.subject_named(name);
        }
        if let Some(uuid) = self.options.value(Id::Uuid) {
            return self.session.subject_with_uuid(uuid);
        }
        if self.options.has(Id::Major) {
            return Ok(Subject { dev: self.options.dev, ..Subject::default() });
        }
        Err(Failure::line("No device specified."))
    }

    /// All devices there are; that there are none is printed.
    ///
    /// # Errors
    ///
    /// They cannot be listed.
    pub fn devices(&mut self) -> Result<Vec<Entry>, Failure> {
        self.session.open()?;
        let entries = self.session.list()?;
        if entries.is_empty() {
            self.out.print("No devices found\n");
        }
        Ok(entries)
    }

    /// Does `act` for each device, as it is listed. One that fails is told of and does not stop the rest.
    ///
    /// # Errors
    ///
    /// The devices cannot be listed, or `act` failed for one of them.
    pub fn for_each_entry(
        &mut self,
        mut act: impl FnMut(&mut Self, Entry) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut all = Ok(());
        for entry in self.devices()? {
            if let Err(failure) = act(self, entry) {
                self.session.report(&failure);
                all = Err(Failure::silent());
            }
        }
        all
    }

    /// Likewise for each device as the subject of a request; each one's output says whose it is.
    ///
    /// # Errors
    ///
    /// The same.
    pub fn for_each_device(
        &mut self,
        mut act: impl FnMut(&mut Self, &Subject, &[u8]) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.multiple = true;
        self.for_each_entry(|ctx, entry| {
            let subject = ctx.session.subject_plainly_named(&entry.name)?;
            act(ctx, &subject, &entry.name)
        })
    }
}
