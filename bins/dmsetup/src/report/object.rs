//! What a row of a report is about, and how each field is got of it.

use dm_cli::exit::Failure;
use dm_cli::report::Value;
use dm_cli::session::Session;
use dm_cli::session::names::{self, Kind};
use dm_core::devno::DevNo;
use dm_core::dm::DeviceInfo;
use dm_core::flags::Flags;
use dm_core::mangle::{self, Mangling};

use super::name_parts::NameParts;
use crate::tree::graph::{Graph, Node};

/// A mapped device, or a name that may be none's. What no field was asked for is not known.
#[derive(Debug, Default)]
pub struct Object<'s, 'a> {
    /// The device.
    pub device: Option<Device<'s, 'a>>,
    /// What it stands on.
    pub deps: Option<Vec<DevNo>>,
    /// Its place among all devices.
    pub place: Option<(&'s Graph, &'s Node)>,
    /// What its name is made of.
    pub parts: Option<NameParts>,
}

/// A mapped device.
#[derive(Debug)]
pub struct Device<'s, 'a> {
    /// Who is to be asked for more.
    pub session: &'s Session<'a>,
    /// What device-mapper says of it, name and uuid as the user is shown them.
    pub shown: DeviceInfo,
    /// Its name, as device-mapper has it.
    pub name: Vec<u8>,
}

type Answer = Result<Option<Value>, Failure>;

fn text(text: impl Into<Vec<u8>>) -> Value {
    Value::Text(text.into())
}

fn list(items: impl Iterator<Item = Vec<u8>>) -> Value {
    text(items.collect::<Vec<_>>().join(&b','))
}

fn count(items: usize) -> Value {
    Value::Number(i64::try_from(items).unwrap_or(i64::MAX))
}

#[expect(clippy::unnecessary_wraps, reason = "as the fields that can fail")]
impl Object<'_, '_> {
    fn of_device(&self, get: impl FnOnce(&Device<'_, '_>) -> Value) -> Answer {
        Ok(self.device.as_ref().map(get))
    }

    fn of_deps(&self, get: impl FnOnce(&[DevNo]) -> Value) -> Answer {
        Ok(self.deps.as_deref().map(get))
    }

    fn of_parts(&self, get: impl FnOnce(&NameParts) -> &Vec<u8>) -> Answer {
        Ok(self.parts.as_ref().map(|parts| text(get(parts).clone())))
    }

    /// Of those around it, by their numbers in the graph.
    fn of_place(
        &self,
        around: impl FnOnce(&Node) -> &[usize],
        get: impl FnOnce(Vec<&Node>) -> Value,
    ) -> Answer {
        let nodes = self.place.map(|(graph, node)| {
            around(node).iter().filter_map(|&index| graph.node(index)).collect()
        });
        Ok(nodes.map(get))
    }

    // What device-mapper calls it.

    pub(super) fn name(&self) -> Answer {
        self.of_device(|device| text(device.shown.name.clone()))
    }

    pub(super) fn mangled_name(&self) -> Answer {
        let mangled = |device: &Device<'_, '_>| device.mangled(Kind::Name, &device.shown.name);
        self.device.as_ref().map(mangled).transpose()
    }

    pub(super) fn unmangled_name(&self) -> Answer {
        self.of_device(|device| device.unmangled(&device.shown.name))
    }

    pub(super) fn uuid(&self) -> Answer {
        self.of_device(|device| text(device.shown.uuid.clone()))
    }

    pub(super) fn mangled_uuid(&self) -> Answer {
        let mangled = |device: &Device<'_, '_>| device.mangled(Kind::Uuid, &device.shown.uuid);
        self.device.as_ref().map(mangled).transpose()
    }

    pub(super) fn unmangled_uuid(&self) -> Answer {
        self.of_device(|device| device.unmangled(&device.shown.uuid))
    }

    pub(super) fn read_ahead(&self) -> Answer {
        self.of_device(|device| {
            let sectors = device.session.read_ahead(device.shown.dev, &device.name);
            Value::Number(sectors.and_then(|sectors| i64::try_from(sectors).ok()).unwrap_or(0))
        })
    }

    // How it is.

    pub(super) fn kernel_name(&self) -> Answer {
        let name = |device: &Device<'_, '_>| device.kernel_name(device.shown.dev).map(Value::Text);
        self.device.as_ref().map(name).transpose()
    }

    pub(super) fn attributes(&self) -> Answer {
        self.of_device(|device| {
            let letter = |flag, yes, no| if device.shown.flags.contains(flag) { yes } else { no };
            text([
                letter(Flags::ACTIVE_PRESENT, b'L', b'-'),
                letter(Flags::INACTIVE_PRESENT, b'I', b'-'),
                letter(Flags::SUSPEND, b's', b'-'),
                letter(Flags::READONLY, b'r', b'w'),
            ])
        })
    }

    pub(super) fn tables(&self) -> Answer {
        self.of_device(|device| {
            let live = device.shown.flags.contains(Flags::ACTIVE_PRESENT);
            text(match (live, device.shown.flags.contains(Flags::INACTIVE_PRESENT)) {
                (true, true) => "Both",
                (true, false) => "Live",
                (false, true) => "Inactive",
                (false, false) => "None",
            })
        })
    }

    pub(super) fn suspended(&self) -> Answer {
        self.of_device(|device| device.word(Flags::SUSPEND, "Suspended", "Active"))
    }

    pub(super) fn read_only(&self) -> Answer {
        self.of_device(|device| device.word(Flags::READONLY, "Read-only", "Writeable"))
    }

    pub(super) fn number(&self) -> Answer {
        self.of_device(|device| text(device.shown.dev.to_string()))
    }

    pub(super) fn major(&self) -> Answer {
        self.of_device(|device| Value::Number(device.shown.dev.major.into()))
    }

    pub(super) fn minor(&self) -> Answer {
        self.of_device(|device| Value::Number(device.shown.dev.minor.into()))
    }

    pub(super) fn open_count(&self) -> Answer {
        self.of_device(|device| Value::Number(device.shown.open_count.into()))
    }

    pub(super) fn targets(&self) -> Answer {
        self.of_device(|device| Value::Number(device.shown.target_count.into()))
    }

    pub(super) fn events(&self) -> Answer {
        self.of_device(|device| Value::Number(device.shown.event_nr.into()))
    }

    // What it stands on, and what stands on it.

    pub(super) fn deps_count(&self) -> Answer {
        self.of_deps(|deps| count(deps.len()))
    }

    pub(super) fn deps_numbers(&self) -> Answer {
        self.of_deps(|deps| list(deps.iter().map(|dev| dev.to_string().into_bytes())))
    }

    pub(super) fn deps_kernel_names(&self) -> Answer {
        let (Some(deps), Some(device)) = (&self.deps, &self.device) else { return Ok(None) };
        let names = deps.iter().map(|&dev| device.kernel_name(dev)).collect::<Result<Vec<_>, _>>();
        names.map(|names| Some(list(names.into_iter())))
    }

    pub(super) fn used_names(&self) -> Answer {
        self.of_place(|node| &node.uses, names_of)
    }

    pub(super) fn users_count(&self) -> Answer {
        self.of_place(|node| &node.used_by, |nodes| count(nodes.len()))
    }

    pub(super) fn users_names(&self) -> Answer {
        self.of_place(|node| &node.used_by, names_of)
    }

    pub(super) fn users_numbers(&self) -> Answer {
        let numbers =
            |nodes: Vec<&Node>| list(nodes.iter().map(|node| node.dev.to_string().into_bytes()));
        self.of_place(|node| &node.used_by, numbers)
    }

    // What its name is made of.

    pub(super) fn subsystem(&self) -> Answer {
        self.of_parts(|parts| &parts.subsystem)
    }

    pub(super) fn group(&self) -> Answer {
        self.of_parts(|parts| &parts.group)
    }

    pub(super) fn volume(&self) -> Answer {
        self.of_parts(|parts| &parts.volume)
    }

    pub(super) fn layer(&self) -> Answer {
        self.of_parts(|parts| &parts.layer)
    }

    /// Statistics are not known of any object so far.
    #[expect(clippy::unused_self, reason = "as every field")]
    pub(super) fn statistics(&self) -> Answer {
        Ok(None)
    }
}

/// The names of those that have one: other disks have none here.
fn names_of(nodes: Vec<&Node>) -> Value {
    let names = nodes.into_iter().filter_map(|node| Some(node.found.device.as_ref()?.name.clone()));
    list(names.filter(|name| !name.is_empty()))
}

impl Device<'_, '_> {
    fn mangling(&self) -> Mangling {
        self.session.settings().mangling
    }

    fn mangled(&self, kind: Kind, shown: &[u8]) -> Result<Value, Failure> {
        let mode = match self.mangling() {
            // What `auto` would refuse stands as it is.
            Mangling::None if mangle::is_mangled_twice(shown) => Mangling::None,
            Mangling::None => Mangling::Auto,
            mode => mode,
        };
        names::outbound(mode, kind, shown).map(Value::Text)
    }

    fn unmangled(&self, shown: &[u8]) -> Value {
        text(match self.mangling() {
            Mangling::None => mangle::decode(shown),
            Mangling::Auto | Mangling::Hex => shown.to_vec(),
        })
    }

    fn kernel_name(&self, dev: DevNo) -> Result<Vec<u8>, Failure> {
        self.session
            .kernel_name(dev)
            .ok_or_else(|| Failure::line(format!("Could not resolve block device name for {dev}.")))
    }

    fn word(&self, flag: Flags, yes: &str, no: &str) -> Value {
        text(if self.shown.flags.contains(flag) { yes } else { no })
    }
}
