//! All that a client and the system can see of a daemon's devices: what a command changes, and what must be as
//! it was when it did not.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use dm_core::dm::Request;
use dm_core::flags::Flags;
use dm_core::packet::Cmd;
use dm_core::table::Table;

use crate::bench::{Bench, Client};

/// A device as it is seen. Event numbers and openers are not part of it: looking changes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    name: String,
    uuid: String,
    flags: Flags,
    tables: [Table; 3],
    /// The sectors that its node has; none without a node.
    node: Option<u64>,
}

/// The devices by their minor numbers.
pub(crate) type Snapshot = BTreeMap<u32, Seen>;

/// Looks at all devices.
pub(crate) fn take(bench: &Bench) -> Snapshot {
    let client = bench.client();
    let entries = client.call(&Request::new(Cmd::ListDevices)).unwrap().names().unwrap();
    entries.iter().map(|entry| (entry.dev.minor, see(bench, &client, &entry.name))).collect()
}

fn see(bench: &Bench, client: &Client, name: &[u8]) -> Seen {
    let info = client.info(&String::from_utf8_lossy(name));
    let table = |flags| {
        let request = Request::new(Cmd::TableStatus).named(name).with_flags(flags);
        client.call(&request).unwrap().lines().unwrap()
    };
    let name = String::from_utf8_lossy(name).into_owned();
    let node = (!table(Flags::STATUS_TABLE).is_empty()).then(|| sectors(&node_of(bench, &name)));
    Seen {
        tables: [
            table(Flags::STATUS_TABLE),
            table(Flags::STATUS_TABLE | Flags::QUERY_INACTIVE_TABLE),
            table(Flags::empty()),
        ],
        uuid: String::from_utf8_lossy(&info.uuid).into_owned(),
        flags: info.flags - Flags::STATUS_TABLE,
        node,
        name,
    }
}

/// Where a device is opened.
pub(crate) fn node_of(bench: &Bench, name: &str) -> PathBuf {
    let file = bench.folder.path().join("run/mapper").join(name);
    if file.parent().is_some_and(Path::exists) { file } else { Path::new("/dev/mapper").join(name) }
}

fn sectors(node: &Path) -> u64 {
    let opened = File::open(node);
    assert!(opened.is_ok(), "{}: {opened:?}", node.display());
    let mut file = opened.unwrap();
    file.seek(SeekFrom::End(0)).unwrap() / 512
}

/// Whether every device is as in one or the other: none is half.
pub(crate) fn is_old_or_new(now: &Snapshot, old: &Snapshot, new: &Snapshot) -> bool {
    let mut minors: Vec<_> = now.keys().chain(old.keys()).chain(new.keys()).collect();
    minors.sort_unstable();
    minors.dedup();
    minors.into_iter().all(|minor| {
        let now = now.get(minor);
        now == old.get(minor) || now == new.get(minor)
    })
}

/// What is there though no device is: links to nodes of this bench's devices, and files in the state folder.
pub(crate) fn strays(bench: &Bench, prefix: &str) -> Vec<String> {
    let names = |folder: &Path| -> Vec<String> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    };
    let run = bench.folder.path().join("run");
    let mut strays: Vec<String> = names(Path::new("/dev/mapper"));
    strays.retain(|name| name.starts_with(prefix));
    strays.extend(names(&run.join("mapper")));
    let kept = |name: &String| ["major", "io.lock"].contains(&name.as_str());
    strays.extend(names(&bench.state()).into_iter().filter(|name| !kept(name)));
    strays.extend(bench.loops().iter().map(|number| format!("loop{number}")));
    strays
}
