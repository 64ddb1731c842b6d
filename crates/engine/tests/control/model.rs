//! A device's states, tables and suspension, as a few lines of plain data, and the engine held to it.

use std::collections::BTreeMap;

use super::bench::{Bench, Node};
use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::packet::Cmd;
use proptest::prelude::*;

/// What a table of the test is.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) text: &'static str,
    pub(crate) read_only: bool,
    /// The minor of the device under it.
    pub(crate) lower: Option<u32>,
    /// Whether it fits its disk.
    pub(crate) fits: bool,
    pub(crate) size: u64,
}

const fn choice(text: &'static str, size: u64) -> Choice {
    Choice { text, read_only: false, lower: None, fits: true, size }
}

pub(crate) static TABLES: &[Choice] = &[
    choice("0 8 zero ", 8),
    choice("0 16 linear 1:0 0", 16),
    Choice { read_only: true, ..choice("0 8 linear 1:0 8", 8) },
    Choice { fits: false, ..choice("0 5000 linear 1:1 0", 5000) },
    Choice { lower: Some(0), ..choice("0 8 linear 254:0 0", 8) },
    Choice { lower: Some(1), ..choice("0 8 linear 254:1 0", 8) },
    Choice { lower: Some(2), ..choice("0 8 linear 254:2 0", 8) },
];

static NAMES: &[&str] = &["a", "b", "c", "d"];

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Create(&'static str),
    Remove(&'static str),
    RemoveLater(&'static str),
    KeepAfterAll(&'static str),
    Rename(&'static str, &'static str),
    Load(&'static str, usize),
    Clear(&'static str),
    Suspend(&'static str),
    Resume(&'static str),
}

pub(crate) fn action() -> impl Strategy<Value = Action> {
    let name = || proptest::sample::select(NAMES);
    prop_oneof![
        3 => name().prop_map(Action::Create),
        2 => name().prop_map(Action::Remove),
        1 => name().prop_map(Action::RemoveLater),
        1 => name().prop_map(Action::KeepAfterAll),
        2 => (name(), name()).prop_map(|(from, to)| Action::Rename(from, to)),
        6 => (name(), 0..TABLES.len()).prop_map(|(name, table)| Action::Load(name, table)),
        1 => name().prop_map(Action::Clear),
        3 => name().prop_map(Action::Suspend),
        6 => name().prop_map(Action::Resume),
    ]
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Modelled {
    pub(crate) name: &'static str,
    pub(crate) live: Option<usize>,
    pub(crate) inactive: Option<usize>,
    pub(crate) suspended: bool,
    pub(crate) deferred: bool,
    pub(crate) established: bool,
    pub(crate) event_nr: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Model {
    pub(crate) devices: BTreeMap<u32, Modelled>,
}

/// What can be seen of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    minor: u32,
    flags: Flags,
    live: String,
    inactive: String,
    event_nr: u32,
    open_count: i32,
}

impl Modelled {
    fn lowers(&self) -> impl Iterator<Item = u32> {
        [self.live, self.inactive].into_iter().flatten().filter_map(|table| TABLES[table].lower)
    }
}

impl Model {
    fn find(&mut self, name: &str) -> Result<(u32, &mut Modelled), Errno> {
        let mut devices = self.devices.iter_mut();
        let found = devices.find(|(_, device)| device.name == name).ok_or(Errno::ENXIO)?;
        Ok((*found.0, found.1))
    }

    fn open_count(&self, minor: u32) -> usize {
        let lowers = self.devices.values().flat_map(Modelled::lowers);
        lowers.filter(|lower| *lower == minor).count()
    }

    fn reaches(&self, from: u32, to: u32) -> bool {
        from == to || self.devices[&from].lowers().any(|lower| self.reaches(lower, to))
    }

    fn reap(&mut self) {
        let due = |model: &Self| {
            let mut all = model.devices.iter();
            all.find(|(minor, device)| device.deferred && model.open_count(**minor) == 0)
                .map(|(minor, _)| *minor)
        };
        while let Some(minor) = due(self) {
            self.devices.remove(&minor);
        }
    }

    /// Does to the model what is done to the engine.
    pub(crate) fn apply(&mut self, action: &Action) -> Result<(), Errno> {
        let answer = self.change(action);
        self.reap();
        answer
    }

    fn change(&mut self, action: &Action) -> Result<(), Errno> {
        match *action {
            Action::Create(name) => {
                if self.find(name).is_ok() {
                    return Err(Errno::EBUSY);
                }
                let minor = (0..99).find(|minor| !self.devices.contains_key(minor)).unwrap();
                self.devices.insert(minor, Modelled { name, ..Modelled::default() });
            }
            Action::Remove(name) | Action::RemoveLater(name) => {
                let (minor, _) = self.find(name)?;
                if self.open_count(minor) == 0 {
                    self.devices.remove(&minor);
                } else if *action == Action::Remove(name) {
                    return Err(Errno::EBUSY);
                } else {
                    self.find(name)?.1.deferred = true;
                }
            }
            Action::KeepAfterAll(name) => self.find(name)?.1.deferred = false,
            Action::Rename(from, to) => {
                if self.find(to).is_ok() {
                    return Err(Errno::EBUSY);
                }
                let (_, device) = self.find(from)?;
                device.name = to;
                device.event_nr += u32::from(device.live.is_some());
            }
            Action::Load(name, table) => self.load(name, table)?,
            Action::Clear(name) => self.find(name)?.1.inactive = None,
            Action::Suspend(name) => self.find(name)?.1.suspended = true,
            Action::Resume(name) => resume(self.find(name)?.1)?,
        }
        Ok(())
    }

    fn load(&mut self, name: &str, table: usize) -> Result<(), Errno> {
        let (minor, _) = self.find(name)?;
        if let Some(lower) = TABLES[table].lower {
            if !self.devices.contains_key(&lower) {
                return Err(Errno::ENXIO);
            }
            if lower == minor {
                return Err(Errno::EINVAL);
            }
            if self.reaches(lower, minor) {
                return Err(Errno::ELOOP);
            }
        }
        let (_, device) = self.find(name)?;
        if !device.established && !TABLES[table].fits {
            return Err(Errno::EINVAL);
        }
        device.established = true;
        device.inactive = Some(table);
        Ok(())
    }

    /// What there is to see.
    pub(crate) fn seen(&self) -> BTreeMap<String, Seen> {
        let see = |(minor, device): (&u32, &Modelled)| {
            let mut flags = Flags::EXISTS;
            flags.set(Flags::SUSPEND, device.suspended);
            flags.set(Flags::ACTIVE_PRESENT, device.live.is_some());
            flags.set(Flags::INACTIVE_PRESENT, device.inactive.is_some());
            flags.set(Flags::DEFERRED_REMOVE, device.deferred);
            flags.set(Flags::READONLY, device.live.is_some_and(|table| TABLES[table].read_only));
            let text = |table: Option<usize>| table.map_or("", |table| TABLES[table].text);
            let seen = Seen {
                minor: *minor,
                flags,
                live: text(device.live).to_owned(),
                inactive: text(device.inactive).to_owned(),
                event_nr: device.event_nr,
                open_count: i32::try_from(self.open_count(*minor)).unwrap(),
            };
            (device.name.to_owned(), seen)
        };
        self.devices.iter().map(see).collect()
    }

    /// What the front end serves.
    pub(crate) fn nodes(&self) -> BTreeMap<u32, Node> {
        let live = |(minor, device): (&u32, &Modelled)| {
            let table = &TABLES[device.live?];
            let (name, read_only) = (device.name.to_owned(), table.read_only);
            Some((*minor, Node { name, size: table.size, read_only }))
        };
        self.devices.iter().filter_map(live).collect()
    }
}

fn resume(device: &mut Modelled) -> Result<(), Errno> {
    if let Some(new) = device.inactive.take() {
        if !TABLES[new].fits {
            device.suspended = true;
            return Err(Errno::EINVAL);
        }
        device.live = Some(new);
    } else if device.suspended && device.live.is_none() {
        return Err(Errno::EINVAL);
    }
    device.suspended = false;
    Ok(())
}

/// Does `action` to the engine.
pub(crate) fn run(bench: &Bench, action: &Action) -> Result<(), Errno> {
    let answer = match *action {
        Action::Create(name) => bench.create(name),
        Action::Remove(name) => bench.remove(name),
        Action::RemoveLater(name) => bench.remove_later(name),
        Action::KeepAfterAll(name) => bench.message(name, 0, "@cancel_deferred_remove"),
        Action::Rename(from, to) => bench.rename(from, to),
        Action::Load(name, table) => {
            let Choice { text, read_only, .. } = TABLES[table];
            let flags = if read_only { Flags::READONLY } else { Flags::empty() };
            bench.load_with(name, text, flags)
        }
        Action::Clear(name) => bench.on(Cmd::TableClear, name),
        Action::Suspend(name) => bench.suspend(name),
        Action::Resume(name) => bench.resume(name),
    };
    answer.map(|_| ())
}

/// What there is to see of the engine.
pub(crate) fn seen(bench: &Bench) -> BTreeMap<String, Seen> {
    let see = |name: String| {
        let info = bench.info(&name).unwrap();
        let inactive = Flags::STATUS_TABLE | Flags::QUERY_INACTIVE_TABLE;
        let seen = Seen {
            minor: info.dev.minor,
            flags: info.flags,
            live: bench.table(&name).unwrap(),
            inactive: bench.status_with(&name, inactive).unwrap(),
            event_nr: info.event_nr,
            open_count: info.open_count,
        };
        (name, seen)
    };
    bench.names().into_iter().map(see).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_engine_is_what_the_model_is(actions in proptest::collection::vec(action(), 1..40)) {
        let bench = Bench::new();
        let mut model = Model::default();
        for action in &actions {
            prop_assert_eq!(run(&bench, action), model.apply(action), "{:?}", action);
            prop_assert_eq!(seen(&bench), model.seen(), "after {:?}", action);
            prop_assert_eq!(bench.front.nodes(), model.nodes());
        }
    }
}
