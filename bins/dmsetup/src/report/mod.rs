//! Reports about devices: what `-c` and its kin ask for, and the devices that they are about.

pub mod fields;
pub mod name_parts;
pub mod object;
mod table;

use dm_cli::exit::Failure;
use dm_cli::report::{Layout, Report, Section, Spec};
use dm_cli::session::subject::Subject;
use dm_cli::session::{Session, malformed};
use dm_core::dm::{DeviceInfo, Reply};
use dm_core::flags::Flags;
use dm_core::packet::names::Entry;
use dm_core::packet::{Cmd, message};
use dm_core::units::Sectors;

use crate::commands::{Command, not_built};
use crate::ctx::Ctx;
use crate::options::{Id, Options};
use crate::tree;
use crate::tree::graph::Graph;
use fields::Get;
use name_parts::NameParts;
use object::{Device, Object};

/// The fields shown of devices where `-o` does not say.
const DEVICE_FIELDS: &str = "name,major,minor,attr,open,segments,events,uuid";

/// The fields shown of a name.
const NAME_FIELDS: &str = "vg_name,lv_name,lv_layer";

/// The fields that the list of devices answers.
const LISTED: [&str; 6] = ["name", "mangled_name", "unmangled_name", "devno", "major", "minor"];

/// A report about devices.
#[derive(Debug)]
pub struct DeviceReport {
    report: Report<Get>,
    /// All devices, where a field is about what stands on what.
    graph: Option<Graph>,
    /// What is done to selected devices, in place of showing them.
    chosen: Option<&'static Command>,
}

/// Whether `-o` asks for help, which is not given more than once.
pub fn asks_for_help(options: &Options) -> bool {
    // quirk: any word that has it in it does.
    options.value(Id::Options).is_some_and(|text| text.windows(4).any(|part| part == b"help"))
}

fn layout(options: &Options) -> Layout {
    let bare = options.has(Id::NoHeadings);
    let separator = options.value(Id::Separator);
    let usual: &[u8] = if bare { b":" } else { b" " };
    Layout {
        aligned: !bare && separator.is_none() && !options.has(Id::NamePrefixes),
        headings: !bare && !asks_for_help(options),
        separator: separator.unwrap_or(usual).to_vec(),
        prefix: options.has(Id::NamePrefixes).then_some("DM_"),
        quoted: !options.has(Id::Unquoted),
        rows: options.has(Id::Rows),
    }
}

/// The fields that `-o` asks for: in place of the usual ones or, after a `+`, with them.
fn fields(options: &Options, usual: &str) -> Vec<u8> {
    match options.value(Id::Options) {
        None => usual.into(),
        Some([b'+', more @ ..]) => [usual.as_bytes(), b",", more].concat(),
        Some(fields) => fields.to_vec(),
    }
}

impl DeviceReport {
    /// The report that `options` ask for, and what is to be said first. One of a name is of its `section`;
    /// `chosen` is done to the devices selected.
    ///
    /// # Errors
    ///
    /// The options name fields that are none, or cannot be understood.
    pub fn new(
        options: &Options,
        section: Option<&'static Section>,
        chosen: Option<&'static Command>,
    ) -> Result<(Self, Vec<u8>), Failure> {
        let usual = if section.is_some() { NAME_FIELDS } else { DEVICE_FIELDS };
        let (report, said) = Report::new(Spec {
            table: fields::TABLE,
            fields: &fields(options, usual),
            keys: options.value(Id::Sort).unwrap_or_default(),
            selection: options.value(Id::Select).unwrap_or_default(),
            own: section,
            layout: layout(options),
        })?;
        Ok((Self { report, graph: None, chosen }, said))
    }

    /// The same, once all devices have been looked at, if a field is about what stands on what.
    ///
    /// # Errors
    ///
    /// They cannot be listed.
    pub fn survey(mut self, ctx: &mut Ctx<'_, '_>) -> Result<Self, Failure> {
        if self.report.uses(&fields::TREE) {
            // quirk: where there are none, it is said once more than where no field asks for all devices.
            let entries = ctx.devices()?;
            self.graph = Some(tree::graph_of(ctx.session, &entries).0);
        }
        Ok(self)
    }

    /// The text of what was added, which is forgotten.
    pub fn take(&mut self) -> Vec<u8> {
        self.report.take()
    }

    /// Adds a name that need not be a device's.
    ///
    /// # Errors
    ///
    /// A field is about more than the name.
    pub fn add_name(&mut self, parts: NameParts) -> Result<(), Failure> {
        let object = Object { parts: Some(parts), ..Object::default() };
        self.report.add(|get| get(&object))
    }

    /// Whether no device has to be asked about.
    fn is_of_list(&self) -> bool {
        self.chosen.is_none() && self.report.needs_only(&LISTED)
    }

    fn add_listed(&mut self, session: &Session<'_>, entry: Entry) -> Result<(), Failure> {
        let shown = DeviceInfo {
            dev: entry.dev,
            name: entry.name,
            uuid: Vec::new(),
            flags: Flags::empty(),
            open_count: 0,
            event_nr: 0,
            target_count: 0,
        };
        let device = Device { session, shown, name: Vec::new() };
        let object = Object { device: Some(device), ..Object::default() };
        self.report.add(|get| get(&object))
    }

    fn add(&mut self, ctx: &mut Ctx<'_, '_>, reply: &Reply) -> Result<(), Failure> {
        let raw = reply.device();
        let shown = ctx.session.shown(reply)?;
        let subject = Subject::numbered(raw.dev);
        let uses = |section| self.report.uses(section);
        if (uses(&fields::STATS) || uses(&fields::REGION)) && !has_statistics(ctx, &subject)? {
            return Ok(());
        }
        let deps = uses(&fields::DEPS).then(|| {
            let request = subject.request(Cmd::TableDeps).with_flags(ctx.options.flags());
            let reply = ctx.session.call(&request, &subject)?;
            reply.deps().map_err(malformed)
        });
        let graph = self.graph.as_ref();
        let object = Object {
            deps: deps.transpose()?,
            place: graph.and_then(|graph| Some((graph, graph.find(raw.dev)?))),
            parts: uses(&fields::NAME_PARTS)
                .then(|| NameParts::of_device(&shown.uuid, &shown.name)),
            device: Some(Device { session: ctx.session, shown, name: raw.name }),
        };
        let Some(command) = self.chosen else { return self.report.add(|get| get(&object)) };
        if !self.report.selects(|get| get(&object))? {
            return Ok(());
        }
        let name = object.device.map(|device| device.shown.name);
        ctx.multiple = true;
        name.map_or(Ok(()), |name| (command.run)(ctx, &[name]))
    }
}

/// Whether something counts what a device does; whoever does not know statistics has none.
fn has_statistics(ctx: &Ctx<'_, '_>, subject: &Subject) -> Result<bool, Failure> {
    let payload = message::encode(Sectors::new(0), b"@stats_list dmstats");
    let request = subject.request(Cmd::TargetMsg).with_payload(payload);
    let Ok(reply) = ctx.session.call(&request, subject) else { return Ok(false) };
    if reply.answer().map_err(malformed)?.is_none_or(<[u8]>::is_empty) {
        return Ok(false);
    }
    Err(not_built("a report of statistics"))
}

/// Adds all devices to a report of which the list of devices is enough; false for any other.
///
/// # Errors
///
/// They cannot be listed, or a field cannot be got.
pub fn add_list(ctx: &mut Ctx<'_, '_>) -> Result<bool, Failure> {
    let Some(mut report) = ctx.report.take_if(|report| report.is_of_list()) else {
        return Ok(false);
    };
    let added = ctx.for_each_entry(|ctx, entry| report.add_listed(ctx.session, entry));
    ctx.report = Some(report);
    added.map(|()| true)
}

/// Adds a device to the report, or does to it what is to be done to those selected.
///
/// # Errors
///
/// A field cannot be got, or what was to be done failed.
pub fn add(ctx: &mut Ctx<'_, '_>, reply: &Reply) -> Result<(), Failure> {
    let Some(mut report) = ctx.report.take() else { return Ok(()) };
    let added = report.add(ctx, reply);
    ctx.report = Some(report);
    added
}

#[cfg(test)]
mod tests {
    use dm_cli::argv::Order;

    use super::*;

    fn options(args: &[&str]) -> Options {
        let args: Vec<Vec<u8>> = args.iter().map(|arg| arg.as_bytes().to_vec()).collect();
        Options::parse(b"dmsetup", &args, Order::Permute, &mut Vec::new()).unwrap().0
    }

    #[test]
    fn fields_come_in_place_of_the_usual_or_with_them() {
        assert_eq!(fields(&options(&[]), "a,b"), b"a,b");
        assert_eq!(fields(&options(&["-oc"]), "a,b"), b"c");
        assert_eq!(fields(&options(&["-o+c"]), "a,b"), b"a,b,c");
        assert_eq!(fields(&options(&["-o", "+"]), "a"), b"a,", "which is an error");
    }

    #[test]
    fn without_headings_columns_are_not_aligned() {
        let usual = layout(&options(&[]));
        assert!(usual.aligned && usual.headings && usual.quoted && usual.separator == b" ");
        let bare = layout(&options(&["--noheadings"]));
        assert!(!bare.aligned && !bare.headings && bare.separator == b":");
        let empty = layout(&options(&["--noheadings", "--separator", ""]));
        assert!(!empty.aligned && empty.separator.is_empty());
        let named = layout(&options(&["--nameprefixes", "--unquoted"]));
        assert!(!named.aligned && named.headings && !named.quoted && named.separator == b" ");
    }

    #[test]
    fn the_fields_listed_are_the_originals() {
        let count = |section: &Section| {
            fields::TABLE.iter().filter(|field| field.section == section).count()
        };
        let sections = [&fields::NAME, &fields::INFO, &fields::DEPS, &fields::TREE];
        assert_eq!(sections.map(count), [7, 11, 3, 4]);
        let sections = [&fields::NAME_PARTS, &fields::STATS, &fields::REGION];
        assert_eq!(sections.map(count), [4, 35, 17]);
    }
}
