//! An engine over disks in memory, and a front end that notes what it is told.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use dm_core::devno::DevNo;
use dm_core::dm::{DeviceInfo, Dm, Reply, Request};
use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::name::DmName;
use dm_core::packet::{Cmd, message};
use dm_core::table;
use dm_core::units::Sectors;
use dm_engine::build::Mode;
use dm_engine::engine::host::{Found, HostOpener};
use dm_engine::engine::{Engine, EngineOptions};
use dm_engine::frontend::{Frontend, Identity, Served};
use dm_engine::io::request::{BufMut, Device, Done, Io, IoFlags, Op};
use dm_engine::limits::Limits;
use dm_engine::mapped::MappedDevice;
use dm_engine::state::StateFolder;
use dm_engine::target::Opener as _;
use dm_testkit::sim::{SimCx, SimOpener};

/// The major number of the devices.
pub(crate) const MAJOR: u32 = 254;
/// The major number of the nodes that serve them.
pub(crate) const NODE_MAJOR: u32 = 7;

/// Disks `/dev/ram0` to `/dev/ram7`, 1:0 to 1:7, of 4096 sectors; any may be pulled out.
#[derive(Debug)]
pub(crate) struct Host {
    pub(crate) disks: SimOpener,
    pub(crate) pulled: Mutex<BTreeSet<DevNo>>,
    /// Those that another disk was put in the place of.
    pub(crate) changed: Mutex<BTreeSet<DevNo>>,
    /// What each was last opened for.
    pub(crate) modes: Mutex<BTreeMap<DevNo, Mode>>,
}

impl Host {
    pub(crate) fn new() -> Arc<Self> {
        Self::with_size(Sectors::new(4096))
    }

    /// The same with disks of another size.
    pub(crate) fn with_size(size: Sectors) -> Arc<Self> {
        Arc::new(Self {
            disks: SimOpener::new(8, size),
            pulled: Mutex::default(),
            changed: Mutex::default(),
            modes: Mutex::default(),
        })
    }

    fn look(&self, word: &[u8]) -> Result<Arc<dyn Device>, Errno> {
        let device = self.disks.clone().open(word)?;
        let pulled = self.pulled.lock().unwrap().contains(&device.dev());
        if pulled { Err(Errno::ENXIO) } else { Ok(device) }
    }
}

#[derive(Debug)]
struct SharedHost(Arc<Host>);

impl HostOpener for SharedHost {
    fn find(&self, path: &[u8]) -> Result<Found, Errno> {
        if let Some(minor) = path.strip_prefix(b"/dev/loop") {
            let minor = str::from_utf8(minor).unwrap().parse().map_err(|_| Errno::ENOENT)?;
            return Ok(Found::Block(DevNo::new(NODE_MAJOR, minor)));
        }
        Ok(Found::Block(self.0.look(path)?.dev()))
    }

    fn open(&self, word: &[u8], mode: Mode) -> Result<Arc<dyn Device>, Errno> {
        let device = self.0.look(word)?;
        self.0.modes.lock().unwrap().insert(device.dev(), mode);
        Ok(device)
    }

    fn mark(&self, word: &[u8]) -> Option<String> {
        let dev = self.0.look(word).ok()?.dev();
        Some(format!("{}", self.0.changed.lock().unwrap().contains(&dev)))
    }
}

/// What the front end was told of one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) size: u64,
    pub(crate) read_only: bool,
}

/// A front end in memory.
#[derive(Debug, Default)]
pub(crate) struct Front {
    nodes: Mutex<BTreeMap<u32, (Node, Arc<MappedDevice>)>>,
    openers: Mutex<BTreeMap<u32, i32>>,
    /// The call that fails next, and how.
    pub(crate) fails: Mutex<Option<(&'static str, Errno)>>,
    /// Minors that were taken over from an earlier process.
    pub(crate) taken_over: Mutex<Vec<u32>>,
}

impl Front {
    /// What is served, by minor.
    pub(crate) fn nodes(&self) -> BTreeMap<u32, Node> {
        let nodes = self.nodes.lock().unwrap();
        nodes.iter().map(|(minor, (node, _))| (*minor, node.clone())).collect()
    }

    /// Opens or closes a device's node `by` times.
    pub(crate) fn open(&self, minor: u32, by: i32) {
        *self.openers.lock().unwrap().entry(minor).or_default() += by;
    }

    /// The device behind a node.
    pub(crate) fn device(&self, minor: u32) -> Arc<MappedDevice> {
        Arc::clone(&self.nodes.lock().unwrap()[&minor].1)
    }

    /// Carries out a request to a node.
    pub(crate) fn submit(&self, minor: u32, sector: u64, op: Op) -> Done {
        let device = self.device(minor);
        let cx = SimCx::new(0);
        let io = Io { sector: Sectors::new(sector), op, flags: IoFlags::empty() };
        cx.block_on(device.submit(io, &cx))
    }

    /// Reads a sector of a node.
    pub(crate) fn read(&self, minor: u32, sector: u64) -> Result<u8, Errno> {
        let done = self.submit(minor, sector, Op::Read(BufMut::zeroed(512)));
        done.result.map(|()| done.buf.unwrap()[0])
    }

    fn may(&self, call: &'static str) -> Result<(), Errno> {
        let mut fails = self.fails.lock().unwrap();
        match *fails {
            Some((which, errno)) if which == call => {
                *fails = None;
                Err(errno)
            }
            _ => Ok(()),
        }
    }

    fn node(id: &Identity, device: &MappedDevice) -> Node {
        Node {
            name: id.name.to_string(),
            size: device.size().get(),
            read_only: device.is_read_only(),
        }
    }
}

#[derive(Debug)]
struct SharedFront(Arc<Front>);

impl Frontend for SharedFront {
    fn kind(&self) -> &'static str {
        "test"
    }

    fn add(
        &self,
        id: &Identity,
        device: &Arc<MappedDevice>,
        before: Option<&Served>,
    ) -> Result<Served, Errno> {
        self.0.may("add")?;
        if before.is_some() {
            self.0.taken_over.lock().unwrap().push(id.minor);
        }
        let node = Front::node(id, device);
        let old = self.0.nodes.lock().unwrap().insert(id.minor, (node, Arc::clone(device)));
        assert!(old.is_none(), "added twice");
        let node = Some(PathBuf::from(format!("/nodes/{}", id.minor)));
        Ok(Served { node, real: Some((NODE_MAJOR, id.minor)), index: Some(id.minor) })
    }

    fn accepts(&self, _: &Identity, _: &Served, _: Sectors, _: &Limits) -> Result<(), Errno> {
        self.0.may("accepts")
    }

    fn changed(
        &self,
        id: &Identity,
        _: &Served,
        device: &Arc<MappedDevice>,
        _: &Limits,
    ) -> Result<Option<Served>, Errno> {
        self.0.may("changed")?;
        self.0.nodes.lock().unwrap().get_mut(&id.minor).unwrap().0 = Front::node(id, device);
        Ok(None)
    }

    fn rename(&self, id: &Identity, _: &Served, to: &DmName) -> Result<(), Errno> {
        self.0.may("rename")?;
        self.0.nodes.lock().unwrap().get_mut(&id.minor).unwrap().0.name = to.to_string();
        Ok(())
    }

    fn remove(&self, id: &Identity, served: &Served) -> Result<(), Errno> {
        self.0.may("remove")?;
        if self.open_count(id, served) > 0 {
            return Err(Errno::EBUSY);
        }
        self.0.nodes.lock().unwrap().remove(&id.minor).expect("removed without being served");
        Ok(())
    }

    fn open_count(&self, id: &Identity, _: &Served) -> i32 {
        self.0.openers.lock().unwrap().get(&id.minor).copied().unwrap_or(0)
    }
}

/// An engine, and what stands around it.
#[derive(Debug)]
pub(crate) struct Bench {
    pub(crate) engine: Arc<Engine>,
    pub(crate) front: Arc<Front>,
    pub(crate) host: Arc<Host>,
}

pub(crate) type Answer = Result<DeviceInfo, Errno>;

impl Bench {
    /// An engine that remembers nothing.
    pub(crate) fn new() -> Self {
        Self::over(Host::new(), None)
    }

    /// An engine over `host` that remembers what it does in `state`.
    pub(crate) fn over(host: Arc<Host>, state: Option<StateFolder>) -> Self {
        let front = Arc::new(Front::default());
        let engine = Engine::new(EngineOptions {
            major: MAJOR,
            frontend: Arc::new(SharedFront(Arc::clone(&front))),
            opener: Box::new(SharedHost(Arc::clone(&host))),
            runner: None,
            state,
        });
        Self { engine: Arc::new(engine), front, host }
    }

    /// The reply to `request`.
    pub(crate) fn call(&self, request: &Request) -> Result<Reply, Errno> {
        Dm::new(&*self.engine).call(request).map_err(|error| error.errno)
    }

    /// The device in the reply to `request`.
    pub(crate) fn ask(&self, request: &Request) -> Answer {
        self.call(request).map(|reply| reply.device())
    }

    pub(crate) fn on(&self, cmd: Cmd, name: &str) -> Answer {
        self.ask(&Request::new(cmd).named(name.as_bytes()))
    }

    pub(crate) fn create(&self, name: &str) -> Answer {
        self.on(Cmd::DevCreate, name)
    }

    pub(crate) fn remove(&self, name: &str) -> Answer {
        self.on(Cmd::DevRemove, name)
    }

    pub(crate) fn remove_later(&self, name: &str) -> Answer {
        let request = Request::new(Cmd::DevRemove).named(name.as_bytes());
        self.ask(&request.with_flags(Flags::DEFERRED_REMOVE))
    }

    pub(crate) fn info(&self, name: &str) -> Answer {
        self.on(Cmd::DevStatus, name)
    }

    pub(crate) fn suspend(&self, name: &str) -> Answer {
        let request = Request::new(Cmd::DevSuspend).named(name.as_bytes());
        self.ask(&request.with_flags(Flags::SUSPEND))
    }

    pub(crate) fn resume(&self, name: &str) -> Answer {
        self.on(Cmd::DevSuspend, name)
    }

    pub(crate) fn load(&self, name: &str, text: &str) -> Answer {
        self.load_with(name, text, Flags::empty())
    }

    pub(crate) fn load_with(&self, name: &str, text: &str, flags: Flags) -> Answer {
        let table = table::parse(text.as_bytes()).unwrap();
        let request = Request::new(Cmd::TableLoad).named(name.as_bytes()).with_flags(flags);
        self.ask(&request.with_table(&table))
    }

    /// Makes a device with a live table.
    pub(crate) fn make(&self, name: &str, text: &str) {
        self.create(name).unwrap();
        self.load(name, text).unwrap();
        self.resume(name).unwrap();
    }

    pub(crate) fn rename(&self, name: &str, to: &str) -> Answer {
        let request = Request::new(Cmd::DevRename).named(name.as_bytes());
        self.ask(&request.with_payload(message::encode_text(to.as_bytes())))
    }

    pub(crate) fn set_uuid(&self, name: &str, uuid: &str) -> Answer {
        let request = Request::new(Cmd::DevRename).named(name.as_bytes()).with_flags(Flags::UUID);
        self.ask(&request.with_payload(message::encode_text(uuid.as_bytes())))
    }

    pub(crate) fn message(&self, name: &str, sector: u64, text: &str) -> Answer {
        let payload = message::encode(Sectors::new(sector), text.as_bytes());
        self.ask(&Request::new(Cmd::TargetMsg).named(name.as_bytes()).with_payload(payload))
    }

    /// The table as text, a line a target: `dmsetup table`.
    pub(crate) fn table(&self, name: &str) -> Result<String, Errno> {
        self.status_with(name, Flags::STATUS_TABLE)
    }

    pub(crate) fn status_with(&self, name: &str, flags: Flags) -> Result<String, Errno> {
        let request = Request::new(Cmd::TableStatus).named(name.as_bytes()).with_flags(flags);
        let lines = self.call(&request)?.lines()?;
        let print = |line: &table::Line| {
            let args = String::from_utf8_lossy(&line.args);
            format!("{} {} {} {args}", line.start, line.len, line.target)
        };
        Ok(lines.iter().map(print).collect::<Vec<_>>().join("\n"))
    }

    pub(crate) fn deps(&self, name: &str) -> Vec<String> {
        let reply = self.call(&Request::new(Cmd::TableDeps).named(name.as_bytes())).unwrap();
        reply.deps().unwrap().iter().map(ToString::to_string).collect()
    }

    /// The devices' names, as they are listed.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = Dm::new(&*self.engine).list().unwrap();
        entries.iter().map(|entry| String::from_utf8_lossy(&entry.name).into_owned()).collect()
    }
}
