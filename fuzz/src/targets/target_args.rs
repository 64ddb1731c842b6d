//! Arguments of a target, for every target type in turn.

use dm_core::name::TargetName;
use dm_core::table::Line;
use dm_core::units::Sectors;
use dm_core::words;
use dm_engine::build::{LiveTable, Mode, TableError, build};
use dm_engine::io::request::{IoFlags, Kind, Now};
use dm_engine::target::{Map, Shape, StatusKind, TargetType};
use dm_engine::targets::TARGETS;
use dm_testkit::sim::SimOpener;

/// What the rows' examples are written for, and the most that there is.
const LENGTHS: [Sectors; 2] = [Sectors::new(1024), Sectors::new((1 << 54) - 1)];

/// Builds each target type of `data`, looks at it, sends it `data` as a message.
pub(super) fn target(data: &[u8]) {
    for kind in TARGETS {
        for len in LENGTHS {
            match built(kind, len, data) {
                Ok(table) => look_at(kind, &table, len, data),
                Err(error) => assert!(!error.why.text.is_empty() && error.why.errno.get() > 0),
            }
        }
    }
}

fn built(kind: &TargetType, len: Sectors, args: &[u8]) -> Result<LiveTable, TableError> {
    let target = TargetName::new(kind.name.as_bytes()).expect("a row's name");
    let line = Line { start: Sectors::ZERO, len, target, args: args.to_vec() };
    build(&[line], Mode::ReadWrite, &mut SimOpener::new(8, Sectors::new(4096)))
}

fn status(table: &LiveTable, kind: StatusKind) -> String {
    let mut text = String::new();
    table.placed()[0].target.status(kind, &mut text).expect("memory takes all");
    assert!(!text.contains(['\n', '\0']));
    text
}

fn look_at(kind: &TargetType, table: &LiveTable, len: Sectors, data: &[u8]) {
    status(table, StatusKind::Info);
    let printed = status(table, StatusKind::Table);
    let again = built(kind, len, printed.as_bytes()).expect("what it prints builds it again");
    assert_eq!(status(&again, StatusKind::Table), printed);
    if table.checked_limits().is_ok() {
        for at in [0, len.get() / 3, len.get() - 1] {
            maps(table, at, len.get() - at);
        }
    }
    let words = words::split(data);
    let words: Vec<&[u8]> = words.iter().map(Vec::as_slice).collect();
    // What a message does is each target's own affair.
    let _ = table.placed()[0].target.message(&words);
}

/// Where a request goes lies on its leg.
fn maps(table: &LiveTable, at: u64, len: u64) {
    let target = &table.placed()[0].target;
    let unit = target.knobs().split_at.map_or(u64::MAX, Sectors::get);
    let len = len.min(unit - at % unit);
    for kind in [Kind::Read, Kind::Write] {
        let (at, len) = (Sectors::new(at), Sectors::new(len));
        let shape = Shape { kind, at, len, flags: IoFlags::empty(), copy: 0 };
        if let Map::To { leg, sector, len: mapped } = target.map(&shape, Now::ZERO) {
            let leg = &target.legs()[leg];
            assert_eq!(mapped, len);
            assert!(leg.start <= sector);
            assert!(sector.checked_add(len) <= leg.start.checked_add(leg.len));
        }
    }
}
