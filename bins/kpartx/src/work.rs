//! The work on one disk: found, locked, read, planned, and carried out or shown.

use std::fs::{self, Metadata};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::time::Duration;

use dm_cli::exit::{self, Failure};
use dm_cli::machine::Environment;
use dm_cli::output::Printer;
use dm_cli::session::Session;
use dm_cli::session::link::Who;
use dm_cli::session::patience::Patience;
use dm_cli::session::subject::Subject;
use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::packet::Cmd;
use dm_formats::partitions::{DasdSite, LogicalBlock, Slice};
use dm_sys::block::{Access, BlockFile, Caching, Claim, Open};
use dm_sys::lock::Lock;
use dm_sys::loopdev::{self, Attach, LoopDevice};
use dm_sys::nodes::Owner;
use dm_sys::{os, paths};
use serde_json::Value;

use crate::apply::{Fate, Manner, Worker, would};
use crate::maps::{self, Map};
use crate::operand::{self, Kind, Leg, Whole};
use crate::options::{Action, Options};
use crate::plan::{self, Refusal, Step, Wanted};
use crate::reading::{self, DASD_MAJOR, Reading};
use crate::{json, list, loops};

/// How long another may hold the lock on the disk.
const LOCK_LIMIT: Duration = Duration::from_secs(30);

/// The disk, and what else hangs on how it was named.
#[derive(Debug)]
struct Target {
    whole: Whole,
    /// The loop device that this run has attached.
    attached: Option<LoopDevice>,
    read_only: bool,
}

/// All that the work needs.
#[derive(Debug)]
pub struct Work<'w, 'a> {
    session: &'w Session<'a>,
    options: &'w Options,
    environment: &'w Environment,
    has_dm: bool,
    locks: Vec<Lock>,
}

impl<'w, 'a> Work<'w, 'a> {
    /// The work that the command line asks for.
    pub fn new(
        session: &'w Session<'a>,
        options: &'w Options,
        environment: &'w Environment,
        has_dm: bool,
    ) -> Self {
        Self { session, options, environment, has_dm, locks: Vec::new() }
    }

    /// Does it for the disk at `path`, and says the exit code.
    ///
    /// # Errors
    ///
    /// What ends it all.
    pub fn run(&mut self, path: &Path, kind: &Kind, out: &mut Printer<'_>) -> Result<u8, Failure> {
        if self.options.action == Action::Delete {
            return self.delete(path, kind, out);
        }
        self.lock(path)?;
        let target = self.target(path, kind)?;
        let done = match self.options.action {
            Action::List => self.list(&target, out),
            _ => self.add(&target, out),
        };
        self.locks.clear();
        self.let_go(&target, done)
    }

    /// Whether nothing is to be changed.
    fn only_looks(&self) -> bool {
        self.options.dry_run || self.options.action == Action::List
    }

    /// Keeps others who do as udev asks away from the disk. What cannot be opened cannot be locked, which is no
    /// reason not to remove its maps.
    fn lock(&mut self, path: &Path) -> Result<(), Failure> {
        if self.only_looks() {
            return Ok(());
        }
        match Lock::exclusive(path, LOCK_LIMIT) {
            Ok(lock) => self.locks.push(lock),
            Err(error) if os::errno(&error) == Errno::EAGAIN => {
                let line = loops::at(path, &error);
                return Err(Failure::line(
                    [&line[..], b" (another program has it locked)"].concat(),
                ));
            }
            Err(_) => {}
        }
        Ok(())
    }

    fn maps(&self, counted: bool) -> Result<Vec<Map>, Failure> {
        if self.has_dm { maps::all(self.session, counted) } else { Ok(Vec::new()) }
    }

    fn target(&mut self, path: &Path, kind: &Kind) -> Result<Target, Failure> {
        let read_only = self.options.read_only;
        let plain = |whole| Target { whole, attached: None, read_only };
        if let Some(whole) = self.mapped(path, kind)? {
            return Ok(plain(whole));
        }
        match kind {
            Kind::Block(dev) => Ok(plain(operand::block(path, *dev))),
            Kind::File(meta) => self.file(path, meta),
            Kind::Other => Err(Failure::silent()),
        }
    }

    /// The mapped device at `path`, if it is one.
    fn mapped(&self, path: &Path, kind: &Kind) -> Result<Option<Whole>, Failure> {
        if !self.has_dm {
            return Ok(None);
        }
        let subject = match (self.session.who(), kind) {
            (Who::Kernel, Kind::Block(dev)) => Subject::numbered(*dev),
            (Who::Kernel, _) => return Ok(None),
            (Who::Engine, _) => {
                // A bare name is the name of a file here.
                let here =
                    if path.is_absolute() { path.to_owned() } else { Path::new(".").join(path) };
                match self.session.settings().places.folder().name_from_path(&here) {
                    Ok(name) => {
                        Subject::named(std::os::unix::ffi::OsStrExt::as_bytes(name.as_os_str()))
                    }
                    Err(_) => return Ok(None),
                }
            }
        };
        let request = subject.request(Cmd::DevStatus).with_flags(Flags::SKIP_BDGET);
        let Ok(reply) = self.session.call(&request, &subject) else { return Ok(None) };
        let device = self.session.shown(&reply)?;
        Ok(Some(operand::mapped(path, (device.name, device.uuid), device.dev)))
    }

    /// A file: by the loop device that it has; on the kernel by a new one; else by itself.
    fn file(&mut self, path: &Path, meta: &Metadata) -> Result<Target, Failure> {
        let direct = !self.has_dm || self.session.who() == Who::Engine;
        let maps = if direct { self.maps(false)? } else { Vec::new() };
        let own = operand::made_up_for_file(meta);
        let has_maps = maps.iter().any(|map| map.is_part_of(&own));
        let mut read_only = self.options.read_only;
        let attached = loopdev::attached();
        let device = loopdev::of_these(&attached, meta).into_iter().next();
        if let Some(device) = device.filter(|_| !has_maps) {
            let whole = operand::block(device.path(), device.dev());
            self.lock(device.path())?;
            return Ok(Target { whole, attached: None, read_only });
        }
        if direct || self.options.dry_run {
            let is_root = self.environment.env.is_root();
            if direct && is_root && !self.only_looks() {
                return self.numbered_file(path, meta);
            }
            read_only |= loops::is_read_only(path);
            let whole = operand::file(path, meta, &maps, is_root.then_some(&attached[..]));
            return Ok(Target { whole, attached: None, read_only });
        }
        let block = self.options.sector_size.unwrap_or_else(|| block_of(path));
        let attached = loops::attach(path, read_only, block)?;
        let device = attached.device;
        let whole = operand::block(device.path(), device.dev());
        self.lock(device.path()).inspect_err(|_| device.detach_if_unused().unwrap_or_default())?;
        Ok(Target { whole, attached: Some(device), read_only: attached.read_only })
    }

    /// A file on root's engine: nobody else may choose a number until its maps are there.
    fn numbered_file(&mut self, path: &Path, meta: &Metadata) -> Result<Target, Failure> {
        let run = paths::Places::new(&self.environment.env).run;
        paths::make_private(&run, self.environment.env.uid)
            .map_err(|error| Failure::line(error.to_string()))?;
        self.lock(&run)?;
        let maps = self.maps(false)?;
        let whole = operand::file(path, meta, &maps, Some(&loopdev::attached()));
        let read_only = self.options.read_only || loops::is_read_only(path);
        let attached = reserve(&whole, path);
        Ok(Target { whole, attached, read_only })
    }

    fn site(&self, whole: &Whole) -> DasdSite {
        let Some(dev) = whole.mapped else {
            return match whole.leg {
                Leg::Number(dev) if dev.major == DASD_MAJOR => DasdSite::Always,
                _ => DasdSite::Labelled,
            };
        };
        let subject = Subject::numbered(dev);
        let reply = self.session.call(&subject.request(Cmd::TableDeps), &subject);
        let below = reply.ok().and_then(|reply| reply.deps().ok()?.first().copied());
        match below {
            Some(DevNo { major: DASD_MAJOR, .. }) => DasdSite::Always,
            _ => DasdSite::Never,
        }
    }

    fn read(&self, target: &Target) -> Result<Reading, Failure> {
        let path = &target.whole.path;
        let reading = reading::read(path, self.options, self.site(&target.whole))
            .map_err(|error| Failure::line(loops::at(path, &error)))?;
        for message in &reading.outcome.messages {
            self.session.say(message.to_string());
        }
        Ok(reading)
    }

    fn list(&self, target: &Target, out: &mut Printer<'_>) -> Result<u8, Failure> {
        let reading = self.read(target)?;
        let delimiter = self.options.delimiter.as_deref();
        if self.options.json {
            let mut object = json::begin(Action::List, Some(&target.whole));
            json::add_reading(&mut object, &reading, &target.whole, delimiter);
            out.line(&[Value::Object(object).to_string().as_bytes()]);
            return Ok(exit::SUCCESS);
        }
        out.print(list::lines(slices(&reading), &target.whole, delimiter));
        if self.options.verbose {
            for damage in &reading.outcome.damage {
                self.session.say(damage.to_string());
            }
        }
        Ok(exit::SUCCESS)
    }

    fn add(&self, target: &Target, out: &mut Printer<'_>) -> Result<u8, Failure> {
        let reading = self.read(target)?;
        let delimiter = self.options.delimiter.as_deref();
        let wanted = Wanted { whole: &target.whole, delimiter, read_only: target.read_only };
        // Where there is no table, nothing is known to be stale.
        let has_table = reading.outcome.table.is_some();
        let update = self.options.action == Action::Update && has_table;
        let steps = plan::add(slices(&reading), &self.maps(false)?, wanted, update);
        let fates = self.carry_out(&steps, target, out);
        if self.options.json {
            let mut object = json::begin(self.options.action, Some(&target.whole));
            json::add_reading(&mut object, &reading, &target.whole, delimiter);
            object.insert("steps".into(), step_values(&steps, &fates));
            out.line(&[Value::Object(object).to_string().as_bytes()]);
        }
        let failures = failures(&steps, &fates);
        Ok(u8::try_from(failures).unwrap_or(u8::MAX))
    }

    fn carry_out(&self, steps: &[Step], target: &Target, out: &mut Printer<'_>) -> Vec<Fate> {
        let leg = &target.whole.leg;
        if self.options.dry_run {
            if !self.options.json {
                for step in steps {
                    out.line(&[&would(step, leg)]);
                }
            }
            return Vec::new();
        }
        let manner = Manner {
            leg,
            read_only: target.read_only,
            verbose: self.options.verbose && !self.options.json,
            wait: !self.options.no_sync,
            owner: owner(&target.whole.path),
        };
        Worker::new(self.session, manner).all(steps, out)
    }

    /// What this run has attached stays only where maps lie on it.
    fn let_go(&self, target: &Target, done: Result<u8, Failure>) -> Result<u8, Failure> {
        let Some(device) = &target.attached else { return done };
        let on_it = |map: &Map| map.is_linear_on(&Leg::Number(device.dev()));
        let action = self.options.action;
        let is_used = action != Action::List && self.maps(false).is_ok_and(|m| m.iter().any(on_it));
        if is_used {
            return done;
        }
        let detached = loops::detach(device);
        match (action, detached) {
            (Action::List, Ok(())) if self.options.verbose => {
                self.session.say(loop_line("loop deleted", device));
            }
            (Action::List, Err(failure)) => {
                self.session.report(&failure);
                if self.options.verbose {
                    self.session.say(loop_line("can't del loop", device));
                }
                return Ok(exit::FAILURE);
            }
            _ => {}
        }
        done
    }

    fn delete(&mut self, path: &Path, kind: &Kind, out: &mut Printer<'_>) -> Result<u8, Failure> {
        self.lock(path)?;
        let mut devices = Vec::new();
        let mut wholes = Vec::new();
        match (self.mapped(path, kind)?, kind) {
            (Some(whole), _) => wholes.push(whole),
            (None, Kind::Block(dev)) => wholes.push(operand::block(path, *dev)),
            (None, Kind::File(meta)) => {
                devices = loopdev::of(meta);
                if self.session.who() == Who::Engine {
                    let maps = self.maps(false)?;
                    let is_root = self.environment.env.is_root();
                    let attached = is_root.then(loopdev::attached);
                    wholes.push(operand::file(path, meta, &maps, attached.as_deref()));
                }
                wholes.extend(
                    devices.iter().map(|device| operand::block(device.path(), device.dev())),
                );
            }
            (None, Kind::Other) => {}
        }
        let mut code = exit::SUCCESS;
        let mut values = Vec::new();
        for whole in &mut wholes {
            if self.options.force && operand::is_made_up(whole) {
                whole.parent = None;
            }
            let steps = self.removal(whole)?;
            let target = Target { whole: whole.clone(), attached: None, read_only: false };
            let fates = self.carry_out(&steps, &target, out);
            if failures(&steps, &fates) > 0 {
                code = exit::FAILURE;
            }
            if let Value::Array(steps) = step_values(&steps, &fates) {
                values.extend(steps);
            }
        }
        self.locks.clear();
        code = code.max(self.detach_all(&devices, out, &mut values));
        if self.options.json {
            let mut object = json::begin(Action::Delete, wholes.first());
            object.insert("steps".into(), Value::Array(values));
            out.line(&[Value::Object(object).to_string().as_bytes()]);
        }
        Ok(code)
    }

    /// The steps that remove the maps on a disk. A map that is open now may be so for a moment.
    fn removal(&self, whole: &Whole) -> Result<Vec<Step>, Failure> {
        let patience = Patience::default();
        let is_open = |step: &Step| matches!(step, Step::Refuse { refusal: Refusal::InUse, .. });
        loop {
            let steps = plan::delete(&self.maps(true)?, whole);
            let is_final = self.options.dry_run || !steps.iter().any(is_open);
            if is_final || !patience.wait() {
                return Ok(steps);
            }
        }
    }

    fn detach_all(
        &self,
        devices: &[LoopDevice],
        out: &mut Printer<'_>,
        values: &mut Vec<Value>,
    ) -> u8 {
        let mut code = exit::SUCCESS;
        for device in devices {
            let name = device.path().display().to_string();
            let mut value = serde_json::json!({"step": "detach", "name": name});
            if !self.options.dry_run {
                let done = self.detach(device);
                code = if done { code } else { exit::FAILURE };
                value["result"] = if done { "done" } else { "failed" }.into();
            } else if !self.options.json {
                out.line(&[b"would detach loop ", name.as_bytes()]);
            }
            values.push(value);
        }
        code
    }

    fn detach(&self, device: &LoopDevice) -> bool {
        let detached = loops::detach(device);
        if let Err(failure) = &detached {
            self.session.report(failure);
        }
        if self.options.verbose {
            let what = if detached.is_ok() { "loop deleted" } else { "can't del loop" };
            self.session.say(loop_line(what, device));
        }
        detached.is_ok()
    }
}

/// Holds the loop device that the maps are called by while they are made, so that none of them gets it for a
/// node: who takes `/dev/loop0` for the whole disk must not meet its first partition there.
fn reserve(whole: &Whole, path: &Path) -> Option<LoopDevice> {
    let number = std::str::from_utf8(whole.base.strip_prefix(b"loop")?).ok()?.parse().ok()?;
    let file = fs::File::open(path).ok()?;
    let how = Attach { read_only: true, ..Attach::default() };
    LoopDevice::attach_number(number, std::os::fd::AsFd::as_fd(&file), how).ok()
}

fn loop_line(what: &str, device: &LoopDevice) -> String {
    format!("{what} : {}", device.path().display())
}

fn slices(reading: &Reading) -> &[Slice] {
    reading.outcome.table.as_ref().map(|table| table.slices.as_slice()).unwrap_or_default()
}

/// How many steps count as failed.
fn failures(steps: &[Step], fates: &[Fate]) -> usize {
    let failed = |(step, fate): &(&Step, &Fate)| match step {
        Step::Refuse { refusal, .. } => refusal.is_failure(),
        _ => matches!(fate, Fate::Failed(_)),
    };
    steps.iter().zip(fates).filter(failed).count()
}

fn step_values(steps: &[Step], fates: &[Fate]) -> Value {
    steps.iter().enumerate().map(|(nth, step)| json::step(step, fates.get(nth))).collect()
}

/// Nodes that we make are as the disk's own.
fn owner(path: &Path) -> Owner {
    match fs::metadata(path) {
        Ok(meta) => {
            Owner { uid: meta.uid(), gid: meta.gid(), mode: meta.permissions().mode() & 0o777 }
        }
        Err(_) => Owner::default(),
    }
}

fn block_of(path: &Path) -> LogicalBlock {
    let how = Open { access: Access::Read, claim: Claim::Shared, caching: Caching::Buffered };
    BlockFile::open_to_look(path, how)
        .map_or(LogicalBlock::B512, |file| reading::by_signature(&file))
}
