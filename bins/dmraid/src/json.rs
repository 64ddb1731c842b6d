//! `--json`: one object, on one line, for what was found.
//!
//! ```json
//! {"schema":1,"action":"block_devices","disks":[{"disk":"/dev/sda","sectors":1048576,...}],"messages":[]}
//! {"schema":1,"action":"raid_devices","disks":[{"disk":"/dev/sda",...,"metadata":[{"format":"sil",...}]}],...}
//! {"schema":1,"action":"sets","sets":[{"name":"sil_x","kind":"stripe","level":0,"members":[...],...}],...}
//! {"schema":1,"action":"formats","formats":[{"format":"sil","description":"...","levels":["0","1","10"],...}],...}
//! {"schema":1,"action":"explain","disks":[{"disk":"/dev/sda",...,"structures":[{"at":536870400,...}]}],...}
//! ```
//!
//! A position is a `start` in sectors of 512 bytes, or an `at` in bytes; a length is in what its name ends in. What
//! cannot be said in bytes, for it is too large, is null there, as is what is not known. Kinds and status have the
//! original's words. What is not UTF-8 is replaced.

use dm_core::units::{Bytes, Sectors};
use dm_formats::raid::sets::{RaidSet, SetMember};
use dm_formats::raid::{Area, FormatType, Found, Member, Sighting, manage};
use serde_json::{Map as Object, Value, json};

use crate::host::Disk;

/// What the object's form is called. It changes when a field does.
const SCHEMA: u32 = 1;

/// The object: what was asked for, all of it under one name, and what was said.
pub fn object(action: &str, list: &str, values: &[Value], messages: &[String]) -> String {
    let object = json!({"schema": SCHEMA, "action": action, (list): values, "messages": messages});
    object.to_string()
}

/// A disk.
pub fn disk(disk: &Disk) -> Value {
    json!({
        "disk": text(&disk.path),
        "sectors": disk.sectors().get(),
        "bytes": disk.source.size().get(),
        "serial": disk.serial.as_deref().map(text),
        "device_number": disk.dev.map(|dev| dev.to_string()),
    })
}

/// A disk, and what `--explain` says of it.
pub fn explained(of: &Disk, seen: &[&Sighting]) -> Value {
    with(disk(of), "structures", seen.iter().map(|sighting| structure(sighting)).collect())
}

/// A disk, and the metadata on it.
pub fn raid_device(of: &Disk, all: &[&Found]) -> Value {
    with(disk(of), "metadata", all.iter().map(|found| metadata(found)).collect())
}

/// A format.
pub fn format(format: &FormatType) -> Value {
    let levels: Vec<&str> = format.levels.split(',').collect();
    kind_of_metadata(format.name, format.description, &levels, manage::of(format).is_some())
}

/// What is listed as a format, and is a kind of partition table.
pub fn partitions(name: &str, description: &str) -> Value {
    kind_of_metadata(name, description, &[], false)
}

fn kind_of_metadata(name: &str, description: &str, levels: &[&str], is_managed: bool) -> Value {
    json!({
        "format": name,
        "description": description,
        "levels": levels,
        "sets_can_be_made": is_managed,
    })
}

/// How a set is on this machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Whether it is mapped.
    pub active: bool,
    /// Whether it is listed without `--json`: what is of no use is not.
    pub listed: bool,
    /// Why it would not be activated, if so.
    pub refused: Option<Vec<u8>>,
}

/// A set, and those under it, of which `state` says how they are.
pub fn set(set: &RaidSet, state: &dyn Fn(&RaidSet) -> State) -> Value {
    let State { active, listed, refused } = state(set);
    let members: Vec<Value> = set.members.iter().map(member).collect();
    let below: Vec<Value> = set.subsets.iter().map(|subset| self::set(subset, state)).collect();
    let wanted = set.active().map(|member| member.member.wanted).max().and_then(known);
    let volume = set.members.iter().find_map(|member| member.member.volume_len);
    let object = json!({
        "name": text(&set.name),
        "format": set.format.name,
        "kind": set.kind_name(),
        "level": set.kind.level(),
        "status": set.status.name(),
        "active": active,
        "listed": listed,
        "refused": refused.as_deref().map(text),
        "devices": set.devices(),
        "devices_wanted": wanted,
        "spares": set.spares(),
        "volume_sectors": volume.map(Sectors::get),
        "members": members,
        "subsets_wanted": set.subsets_wanted,
        "subsets": below,
    });
    sized(object, None, set.size(), set.stride)
}

/// A disk's part in a set that was made.
fn member(SetMember { path, member, .. }: &SetMember) -> Value {
    let object = json!({
        "disk": text(path),
        "order": member.order,
        "kind": member.kind.name(),
        "status": member.status.name(),
    });
    sized(object, Some(member.start), member.len, member.stride)
}

fn metadata(found: &Found) -> Value {
    let record = &found.record;
    let parts: Vec<Value> = found.members.iter().map(part).collect();
    let areas: Vec<Value> = found.areas.iter().map(area).collect();
    let object = json!({
        "format": found.format.name,
        "name": text(&record.name),
        "kind": record.kind.name(),
        "level": record.kind.level(),
        "status": record.status.name(),
        "refused": found.guard,
        "parts": parts,
        "areas": areas,
    });
    extent(object, Some(record.start), record.len)
}

/// A disk's part in a set, as its own metadata have it, or newer ones on another disk.
fn part(member: &Member) -> Value {
    let object = json!({
        "set": text(&member.set),
        "superset": member.superset.as_ref().map(|superset| text(&superset.name)),
        "group": member.group.as_deref().map(text),
        "kind": member.kind.name(),
        "level": member.kind.level(),
        "status": member.status.name(),
        "order": member.order,
        "devices_wanted": known(member.wanted),
        "subsets_wanted": member.subsets_wanted,
        "volume_sectors": member.volume_len.map(Sectors::get),
        "refused": member.refused.as_deref().map(text),
    });
    sized(object, Some(member.start), member.len, member.stride)
}

fn area(area: &Area) -> Value {
    json!({"at": area.at.get(), "bytes": area.bytes.len()})
}

fn structure(sighting: &Sighting) -> Value {
    json!({
        "format": sighting.format,
        "structure": sighting.what,
        "at": sighting.at.get(),
        "checksum": sighting.checksum.to_string(),
        "generation": sighting.generation,
        "fate": sighting.fate.to_string(),
    })
}

/// Where something lies, how large it is, and how much of it is a stripe; a stride of nothing is none.
fn sized(object: Value, start: Option<Sectors>, len: Sectors, stride: Sectors) -> Value {
    let stride = Some(stride).filter(|stride| !stride.is_zero());
    let object = with(object, "stride_sectors", json!(stride.map(Sectors::get)));
    let object = with(object, "stride_bytes", json!(stride.and_then(in_bytes)));
    extent(object, start, len)
}

/// Where something lies, and how large it is.
fn extent(object: Value, start: Option<Sectors>, len: Sectors) -> Value {
    let object = with(object, "sectors", json!(len.get()));
    let object = with(object, "bytes", json!(in_bytes(len)));
    let Some(start) = start else { return object };
    let object = with(object, "start", json!(start.get()));
    with(object, "start_bytes", json!(in_bytes(start)))
}

/// A count of members; a group has none, and a spare's set neither.
fn known(count: u64) -> Option<u64> {
    Some(count).filter(|count| *count > 0)
}

fn in_bytes(sectors: Sectors) -> Option<u64> {
    sectors.to_bytes().map(Bytes::get)
}

/// The same object with one more field.
fn with(object: Value, name: &str, value: Value) -> Value {
    let mut fields: Object<String, Value> = match object {
        Value::Object(fields) => fields,
        _ => Object::new(),
    };
    fields.insert(name.to_owned(), value);
    Value::Object(fields)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
