//! What is mapped: every mapped device, with what of it tells whose partition it is.

use dm_cli::exit::Failure;
use dm_cli::session::names::{self, Kind};
use dm_cli::session::subject::Subject;
use dm_cli::session::{Session, malformed};
use dm_core::devno::DevNo;
use dm_core::dm::Reply;
use dm_core::flags::Flags;
use dm_core::packet::Cmd;
use dm_core::table::Line;
use dm_core::units::Sectors;
use dm_core::words;

use crate::operand::Leg;

/// A mapped device.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Map {
    /// Its name, as it is shown.
    pub name: Vec<u8>,
    /// Its uuid, or empty.
    pub uuid: Vec<u8>,
    /// Its number.
    pub dev: DevNo,
    /// What its live table is.
    pub content: Content,
    /// Whether anybody has it open.
    pub open: bool,
    /// Whether nothing can be written to it.
    pub read_only: bool,
    /// Whether it is as its live table says: not suspended, and no other table waits.
    pub settled: bool,
}

/// A live table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Content {
    /// There is none: it is half made.
    #[default]
    Nothing,
    /// One line, of the target `linear`.
    Linear {
        /// What it names, unescaped.
        leg: Vec<u8>,
        /// Where it begins there.
        start: Sectors,
        /// How long it is.
        len: Sectors,
    },
    /// One line of another target: its arguments, unescaped.
    Other(Vec<Vec<u8>>),
    /// Several lines.
    Several,
}

impl Map {
    /// Whether its uuid is one that a partition of `parent` has: `part<digits>-<parent>`.
    pub fn is_part_of(&self, parent: &[u8]) -> bool {
        let digits = self.uuid.strip_prefix(b"part").and_then(|rest| {
            let dash = rest.iter().position(|&byte| byte == b'-')?;
            (rest.get(dash + 1..)? == parent).then(|| rest.get(..dash)).flatten()
        });
        digits.is_some_and(|digits| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit))
    }

    /// Whether it is one linear target on `leg`.
    pub fn is_linear_on(&self, leg: &Leg) -> bool {
        matches!(&self.content, Content::Linear { leg: word, .. } if leg.is(word))
    }
}

/// Every mapped device, in device-mapper's order. One that goes meanwhile is left out, and so is one whose name
/// this mode cannot show. Whether they are open is asked where it is `counted`.
///
/// # Errors
///
/// They cannot be listed, or one cannot be asked about.
pub fn all(session: &Session<'_>, counted: bool) -> Result<Vec<Map>, Failure> {
    let list = Subject::default();
    let reply = session.call(&list.request(Cmd::ListDevices), &list)?;
    let entries = reply.names().map_err(malformed)?;
    let mut maps = Vec::new();
    for entry in entries {
        let subject = Subject::named(&entry.name);
        let uncounted = if counted { Flags::empty() } else { Flags::SKIP_BDGET };
        let request = subject.request(Cmd::TableStatus);
        let request = request.with_flags(Flags::STATUS_TABLE | uncounted);
        let Ok(reply) = session.call(&request, &subject) else { continue };
        maps.extend(map(session, &reply)?);
    }
    Ok(maps)
}

fn map(session: &Session<'_>, reply: &Reply) -> Result<Option<Map>, Failure> {
    let mode = session.settings().mangling;
    let device = reply.device();
    let shown = |kind, text: &[u8]| names::inbound(mode, kind, text);
    let (Ok(name), Ok(uuid)) = (shown(Kind::Name, &device.name), shown(Kind::Uuid, &device.uuid))
    else {
        return Ok(None);
    };
    let lines = reply.lines().map_err(malformed)?;
    let unsettled = Flags::SUSPEND | Flags::INACTIVE_PRESENT;
    Ok(Some(Map {
        name,
        uuid,
        dev: device.dev,
        content: content(&lines),
        open: device.open_count != 0,
        read_only: device.flags.contains(Flags::READONLY),
        settled: !device.flags.intersects(unsettled),
    }))
}

fn content(lines: &[Line]) -> Content {
    let line = match lines {
        [] => return Content::Nothing,
        [line] => line,
        _ => return Content::Several,
    };
    let args = words::split(&line.args);
    let number = |word: &Vec<u8>| std::str::from_utf8(word).ok()?.parse().ok();
    match args.as_slice() {
        [leg, start] if line.target.as_bytes() == b"linear" => match number(start) {
            Some(start) => {
                Content::Linear { leg: leg.clone(), start: Sectors::new(start), len: line.len }
            }
            None => Content::Other(args),
        },
        _ => Content::Other(args),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partitions_uuid_has_digits_and_its_parents_whole() {
        let is = |uuid: &[u8]| Map { uuid: uuid.into(), ..Map::default() }.is_part_of(b"mpath-1");
        assert!(is(b"part12-mpath-1"));
        for other in
            [&b"part-mpath-1"[..], b"partx-mpath-1", b"part1-mpath-11", b"part1-part1-mpath-1", b""]
        {
            assert!(!is(other), "{}", other.escape_ascii());
        }
    }
}
