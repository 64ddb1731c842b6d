//! `--json`: one object, on one line, for what was found and what was done.
//!
//! ```json
//! {"schema":1,"action":"list","device":"/dev/loop0","sector_size":512,"table":"gpt","id":"...",
//!  "slices":[{"number":1,"name":"loop0p1","start":2048,"sectors":4096,...}],"messages":[],"damage":[]}
//! {"schema":1,"action":"add","device":"/dev/loop0",...,"steps":[{"step":"create","name":"loop0p1",...}]}
//! ```
//!
//! Positions and lengths are in sectors of 512 bytes, wherever the disk's blocks are of another size. What is not
//! UTF-8 is replaced.

use dm_core::units::Bytes;
use dm_formats::partitions::{Damage, Slice};
use serde_json::{Map as Object, Value, json};

use crate::apply::{Fate, refusal_text};
use crate::operand::{Whole, map_name};
use crate::options::Action;
use crate::plan::{How, Mapping, Removal, Step, Why};
use crate::reading::Reading;

/// What the object's form is called. It changes when a field does.
const SCHEMA: u32 = 1;

/// The object's beginning: what was to be done with which disk.
pub fn begin(action: Action, whole: Option<&Whole>) -> Object<String, Value> {
    let word = match action {
        Action::List => "list",
        Action::Add => "add",
        Action::Delete => "delete",
        Action::Update => "update",
    };
    let device = whole.map(|whole| text(&whole.shown));
    let object = json!({"schema": SCHEMA, "action": word, "device": device});
    object.as_object().cloned().unwrap_or_default()
}

/// What was read of the disk.
pub fn add_reading(
    object: &mut Object<String, Value>,
    reading: &Reading,
    whole: &Whole,
    delimiter: Option<&[u8]>,
) {
    let outcome = &reading.outcome;
    let table = outcome.table.as_ref();
    let slices = table.map(|table| table.slices.as_slice()).unwrap_or_default();
    let slice = |slice: &Slice| slice_value(slice, &map_name(&whole.base, delimiter, slice.number));
    let messages: Vec<String> = outcome.messages.iter().map(ToString::to_string).collect();
    let damage: Vec<Value> = outcome.damage.iter().map(damage_value).collect();
    object.insert("sector_size".into(), json!(reading.block.bytes().get()));
    object.insert("table".into(), json!(table.map(|table| table.kind).or(outcome.empty)));
    let id = table.and_then(|table| table.id.as_ref()).map(ToString::to_string);
    object.insert("id".into(), json!(id));
    let live = slices.iter().filter(|slice| !slice.len.is_zero());
    object.insert("slices".into(), live.map(slice).collect());
    object.insert("messages".into(), json!(messages));
    object.insert("damage".into(), json!(damage));
}

fn slice_value(slice: &Slice, name: &[u8]) -> Value {
    json!({
        "number": slice.number,
        "name": text(name),
        "start": slice.start.get(),
        "sectors": slice.len.get(),
        "container": slice.container,
        "type": slice.kind.as_ref().map(ToString::to_string),
        "type_name": slice.kind_name,
        "guid": slice.unique.map(|guid| guid.to_string()),
        "label": slice.label,
        "attributes": slice.attributes,
        "bootable": slice.bootable,
    })
}

fn damage_value(damage: &Damage) -> Value {
    json!({
        "table": damage.table,
        "part": damage.part.to_string(),
        "field": damage.field,
        "at": Bytes::get(damage.at),
        "why": damage.why.to_string(),
    })
}

/// A step, and how it went; no fate where nothing was tried, for nothing was to be done.
pub fn step(step: &Step, fate: Option<&Fate>) -> Value {
    let mut object = match step {
        Step::Map(mapping) => mapping_value(mapping),
        Step::Remove(Removal { name, from, why, .. }) => json!({
            "step": "remove",
            "name": text(name),
            "from": from.as_deref().map(text),
            "why": if *why == Why::Stale { "stale" } else { "asked" },
        }),
        Step::Refuse { name, refusal } => json!({
            "step": "refuse",
            "name": text(name),
            "why": text(&refusal_text(name, *refusal)),
        }),
        Step::NoContainer(number) => json!({"step": "no container", "container": number}),
    };
    if let (Some(fields), Some(fate)) = (object.as_object_mut(), fate) {
        let (word, dev, error) = match fate {
            Fate::Done(dev) => ("done", dev.map(|dev| dev.to_string()), None),
            Fate::Failed(why) => ("failed", None, Some(why.as_str())),
            Fate::NotTried => ("not tried", None, None),
        };
        fields.insert("result".into(), json!(word));
        fields.insert("error".into(), json!(error));
        if matches!(step, Step::Map(_)) {
            fields.insert("device_number".into(), json!(dev));
        }
    }
    object
}

fn mapping_value(mapping: &Mapping) -> Value {
    let (word, from) = match &mapping.how {
        How::Create => ("create", None),
        How::Reload { from } => ("reload", from.as_deref()),
        How::Keep => ("keep", None),
    };
    json!({
        "step": word,
        "name": text(&mapping.name),
        "from": from.map(text),
        "uuid": text(&mapping.uuid),
        "number": mapping.number,
        "start": mapping.start.get(),
        "sectors": mapping.len.get(),
    })
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
