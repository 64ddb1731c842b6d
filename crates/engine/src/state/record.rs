//! One device's record: what the next daemon needs to bring it back.

use std::collections::BTreeMap;

use dm_core::mangle;
use dm_core::name::{DmName, DmUuid, TargetName};
use dm_core::table::{Line, Table};
use dm_core::units::Sectors;
use serde::{Deserialize, Serialize};

use crate::build::{LiveTable, Mode, Placed};
use crate::frontend::Served;

/// The form of the records that this program writes, and the only one that it reads.
const SCHEMA: u32 = 1;

/// What `HDIO_GETGEO` would report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Geometry {
    /// At most 65535.
    pub cylinders: u32,
    /// At most 255.
    pub heads: u32,
    /// On a track; at most 255.
    pub sectors: u32,
    /// The first sector, on the disk that the device is a part of.
    pub start: u64,
}

/// One line of a saved table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedLine {
    /// In sectors.
    pub start: u64,
    /// In sectors.
    pub len: u64,
    /// The target's type, encoded.
    pub target: String,
    /// The target's arguments as `dmsetup table` prints them, encoded.
    pub args: String,
    /// What the target needs beyond them: see [`Target::memory`](crate::target::Target::memory).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<String>,
}

/// A saved table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedTable {
    /// Whether it was loaded read-only.
    pub read_only: bool,
    /// The minor numbers of the engine's own devices under it.
    pub uses: Vec<u32>,
    /// What tells the host's devices under it from others that may have their names later.
    #[serde(default)]
    pub marks: Marks,
    /// Its lines, in order.
    pub lines: Vec<SavedLine>,
}

/// By a device's name, as a table shows it: what no other device has. See
/// [`HostOpener::mark`](crate::engine::host::HostOpener::mark).
pub type Marks = BTreeMap<String, String>;

/// What is known of a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Which form this is.
    schema: u32,
    /// Its minor number.
    pub minor: u32,
    /// Its name, encoded.
    name: String,
    /// Its uuid, encoded.
    uuid: Option<String>,
    /// The highest event number that anybody was told.
    pub event_nr: u32,
    /// Whether it is suspended.
    pub suspended: bool,
    /// Whether it goes when nobody has it open.
    pub deferred_remove: bool,
    /// Whether it ever had a table.
    pub established: bool,
    /// Its geometry, where one was set.
    pub geometry: Option<Geometry>,
    /// The live table.
    pub live: Option<SavedTable>,
    /// The inactive table.
    pub inactive: Option<SavedTable>,
    /// Where it is served.
    pub served: Option<Served>,
}

/// Why a file is no record.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// It is not JSON of the form.
    #[error("not a record")]
    Form(#[from] serde_json::Error),
    /// It was written by another program's version.
    #[error("schema {0} is not ours")]
    Schema(u32),
    /// The name or uuid could not be one.
    #[error("not a name or uuid")]
    Name(#[from] dm_core::name::NameError),
}

impl Record {
    /// The record of a new device.
    pub fn new(minor: u32, name: &DmName, uuid: Option<&DmUuid>) -> Self {
        Self {
            schema: SCHEMA,
            minor,
            name: encode(name.as_bytes()),
            uuid: uuid.map(|uuid| encode(uuid.as_bytes())),
            event_nr: 0,
            suspended: false,
            deferred_remove: false,
            established: false,
            geometry: None,
            live: None,
            inactive: None,
            served: None,
        }
    }

    /// The device's name.
    ///
    /// # Errors
    ///
    /// When the record holds no name.
    pub fn name(&self) -> Result<DmName, RecordError> {
        Ok(DmName::new(&mangle::decode(self.name.as_bytes()))?)
    }

    /// The device's uuid, if it has one.
    ///
    /// # Errors
    ///
    /// When the record's uuid could not be one.
    pub fn uuid(&self) -> Result<Option<DmUuid>, RecordError> {
        let decode = |uuid: &String| DmUuid::new(&mangle::decode(uuid.as_bytes()));
        Ok(self.uuid.as_ref().map(decode).transpose()?)
    }

    /// The device is called `name`.
    pub fn set_name(&mut self, name: &DmName) {
        self.name = encode(name.as_bytes());
    }

    /// The device has the uuid `uuid`.
    pub fn set_uuid(&mut self, uuid: &DmUuid) {
        self.uuid = Some(encode(uuid.as_bytes()));
    }

    /// Takes in what the targets of the live table, `live`, remember now.
    pub(crate) fn take_memories(&mut self, live: Option<&LiveTable>) {
        for (line, placed) in self.live_lines(live) {
            line.memory = placed.target.memory();
        }
    }

    /// Tells the targets of the live table, `live`, that what they remember is saved.
    pub(crate) fn tell_remembered(&mut self, live: Option<&LiveTable>) {
        for (line, placed) in self.live_lines(live) {
            if let Some(memory) = &line.memory {
                placed.target.remembered(memory);
            }
        }
    }

    /// The lines of the live table, with their targets; not those of a table that stands in for a lost one.
    fn live_lines<'a>(
        &'a mut self,
        live: Option<&'a LiveTable>,
    ) -> impl Iterator<Item = (&'a mut SavedLine, &'a Placed)> {
        let lines = self.live.iter_mut().flat_map(|saved| &mut saved.lines);
        let placed = live.map_or(&[][..], LiveTable::placed);
        lines.zip(placed).filter(|(line, placed)| line.describes(placed))
    }

    /// As JSON text.
    pub(super) fn to_json(&self) -> Vec<u8> {
        // A record holds nothing that JSON cannot: maps with other keys than text, or failing parts.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// From JSON text, white space allowed around it.
    pub(super) fn from_json(bytes: &[u8]) -> Result<Self, RecordError> {
        let record: Self = serde_json::from_slice(bytes)?;
        if record.schema != SCHEMA {
            return Err(RecordError::Schema(record.schema));
        }
        record.name()?;
        record.uuid()?;
        Ok(record)
    }
}

impl SavedLine {
    fn describes(&self, placed: &Placed) -> bool {
        (self.start, self.len) == (placed.start.get(), placed.len.get())
            && self.target == encode(placed.kind.name.as_bytes())
    }
}

impl SavedTable {
    /// The lines in `lines`, over the engine's devices `uses`.
    pub fn new(lines: &[Line], read_only: bool, uses: Vec<u32>) -> Self {
        let save = |line: &Line| SavedLine {
            start: line.start.get(),
            len: line.len.get(),
            target: encode(line.target.as_bytes()),
            args: encode(&line.args),
            memory: None,
        };
        let lines = lines.iter().map(save).collect();
        Self { read_only, uses, marks: Marks::new(), lines }
    }

    /// How it opens its devices.
    pub fn mode(&self) -> Mode {
        if self.read_only { Mode::ReadOnly } else { Mode::ReadWrite }
    }

    /// Its lines; one whose target type could not be one is left out.
    pub fn lines(&self) -> Table {
        let read = |line: &SavedLine| {
            let target = TargetName::new(&mangle::decode(line.target.as_bytes())).ok()?;
            let args = mangle::decode(line.args.as_bytes());
            let (start, len) = (Sectors::new(line.start), Sectors::new(line.len));
            Some(Line { start, len, target, args })
        };
        self.lines.iter().filter_map(read).collect()
    }
}

fn encode(bytes: &[u8]) -> String {
    mangle::encode(bytes).into_iter().map(char::from).collect()
}
