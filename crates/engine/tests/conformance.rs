//! What every target type must do, shown from the examples in its row.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

use std::collections::BTreeMap;

use dm_core::name::TargetName;
use dm_core::table::Line;
use dm_core::units::Sectors;
use dm_core::words;
use dm_engine::build::{LiveTable, Mode, Placed, TableError, build};
use dm_engine::io::request::{IoFlags, Kind, Now};
use dm_engine::target::{Map, Shape, StatusKind, TargetType};
use dm_engine::targets::TARGETS;
use dm_testkit::sim::SimOpener;
use proptest::prelude::*;

/// What examples are written for.
const LEN: Sectors = Sectors::new(1024);

fn opener() -> SimOpener {
    SimOpener::new(8, Sectors::new(4096))
}

/// The table of one line: `args` for `kind`, over the length that examples are written for.
fn try_build(kind: &TargetType, args: &[u8]) -> Result<LiveTable, TableError> {
    let target = TargetName::new(kind.name.as_bytes()).unwrap();
    let line = Line { start: Sectors::ZERO, len: LEN, target, args: args.to_vec() };
    build(&[line], Mode::ReadWrite, &mut opener())
}

fn built(kind: &TargetType, args: &str) -> LiveTable {
    try_build(kind, args.as_bytes()).unwrap_or_else(|error| panic!("{} {args}: {error}", kind.name))
}

fn status(placed: &Placed, kind: StatusKind) -> String {
    let mut text = String::new();
    placed.target.status(kind, &mut text).unwrap();
    text
}

/// Every example of every target type.
fn examples() -> impl Iterator<Item = (&'static TargetType, &'static str)> {
    TARGETS.iter().flat_map(|kind| kind.examples.iter().map(move |args| (*kind, *args)))
}

/// As [`examples`], with the live target.
fn live_examples() -> impl Iterator<Item = (String, LiveTable)> {
    examples().map(|(kind, args)| (format!("{} {args}", kind.name), built(kind, args)))
}

#[test]
fn every_row_has_a_name_of_its_own_and_an_example() {
    let names: BTreeMap<_, _> = TARGETS.iter().map(|kind| (kind.name, kind)).collect();
    assert_eq!(names.len(), TARGETS.len());
    for kind in TARGETS {
        assert!(TargetName::new(kind.name.as_bytes()).is_ok(), "{}", kind.name);
        assert!(!kind.examples.is_empty(), "{}", kind.name);
    }
}

#[test]
fn the_table_it_prints_builds_it_again() {
    for (kind, args) in examples() {
        let first = built(kind, args);
        let printed = status(&first.placed()[0], StatusKind::Table);
        let second = built(kind, &printed);
        assert_eq!(status(&second.placed()[0], StatusKind::Table), printed, "{} {args}", kind.name);
        assert_eq!(
            status(&second.placed()[0], StatusKind::Info),
            status(&first.placed()[0], StatusKind::Info)
        );
    }
}

#[test]
fn a_status_is_one_line() {
    for (name, table) in live_examples() {
        for kind in [StatusKind::Info, StatusKind::Table] {
            let text = status(&table.placed()[0], kind);
            assert!(!text.contains(['\n', '\0']), "{name}: {text:?}");
        }
    }
}

#[test]
fn its_areas_lie_on_its_devices() {
    for (name, table) in live_examples() {
        let limits = table.checked_limits().unwrap_or_else(|errno| panic!("{name}: {errno}"));
        assert_eq!(table.limits(), limits);
        for leg in table.placed()[0].target.legs() {
            assert!(
                table.devices().iter().any(|device| device.dev() == leg.device.dev()),
                "{name}"
            );
        }
    }
}

#[test]
fn one_word_less_more_or_other_is_built_or_refused_with_words() {
    let junk: [&[u8]; 9] = [
        b"",
        b"-1",
        b"4294967296",
        b"18446744073709551615",
        b"/dev/nosuch",
        b"0:",
        b"\xff",
        b"\\",
        b"9:9",
    ];
    for (kind, args) in examples() {
        let good: Vec<Vec<u8>> = words::split(args.as_bytes());
        for at in 0..good.len() {
            let mut dropped = good.clone();
            dropped.remove(at);
            refused_or_printable(kind, &dropped);
            let mut doubled = good.clone();
            doubled.insert(at, good[at].clone());
            refused_or_printable(kind, &doubled);
            for junk in junk {
                let mut replaced = good.clone();
                replaced[at] = junk.to_vec();
                refused_or_printable(kind, &replaced);
            }
        }
    }
}

/// Builds it; what is let through must print a table that builds again, what is refused must say why.
fn refused_or_printable(kind: &TargetType, words: &[Vec<u8>]) {
    match try_build(kind, &words.join(&b' ')) {
        Ok(table) => {
            let printed = status(&table.placed()[0], StatusKind::Table);
            assert!(try_build(kind, printed.as_bytes()).is_ok(), "{} {printed}", kind.name);
        }
        Err(TableError { line, why }) => {
            assert_eq!(line, 0);
            assert!(why.errno.get() > 0 && !why.text.is_empty(), "{}: {why:?}", kind.name);
        }
    }
}

/// The shapes in which `at` and `len` reach a target: a read or write within its unit, a range operation
/// in every copy.
fn shapes(placed: &Placed, at: u64, len: u64) -> Vec<Shape> {
    let knobs = placed.target.knobs();
    let unit = knobs.split_at.map_or(u64::MAX, Sectors::get);
    let cut = len.min(unit - at % unit);
    let shape = |kind, len, copy| Shape {
        kind,
        at: Sectors::new(at),
        len: Sectors::new(len),
        flags: IoFlags::empty(),
        copy,
    };
    let mut shapes = vec![shape(Kind::Read, cut, 0), shape(Kind::Write, cut, 0)];
    shapes.extend(
        (0..knobs.flushes).map(|copy| Shape { at: Sectors::ZERO, ..shape(Kind::Flush, 0, copy) }),
    );
    shapes.extend((0..knobs.discards).map(|copy| shape(Kind::Discard, len, copy)));
    shapes.extend((0..knobs.write_zeroes).map(|copy| shape(Kind::WriteZeroes, len, copy)));
    shapes
}

proptest! {
    #[test]
    fn it_maps_into_its_legs(at in 0..LEN.get(), len in 1..=LEN.get(), seconds in 0_u64..1000) {
        let len = len.min(LEN.get() - at);
        for (name, table) in live_examples() {
            let placed = &table.placed()[0];
            for shape in shapes(placed, at, len) {
                let map = placed.target.map(&shape, Now::from_secs(seconds));
                let Map::To { leg, sector, len } = map else { continue };
                let leg = &placed.target.legs()[leg];
                let end = sector.checked_add(len).unwrap();
                prop_assert!(leg.start <= sector, "{} {:?} {:?}", name, shape, map);
                prop_assert!(end <= leg.start.checked_add(leg.len).unwrap(), "{} {:?} {:?}", name, shape, map);
                if matches!(shape.kind, Kind::Read | Kind::Write) {
                    prop_assert_eq!(len, shape.len, "{} {:?}", name, shape);
                }
            }
        }
    }

    #[test]
    fn a_range_operation_changes_what_writes_of_that_range_would(
        at in 0..LEN.get(), len in 1..=LEN.get()
    ) {
        let len = len.min(LEN.get() - at);
        for (name, table) in live_examples() {
            let placed = &table.placed()[0];
            for kind in [Kind::Discard, Kind::WriteZeroes] {
                let copies: Vec<_> =
                    shapes(placed, at, len).into_iter().filter(|shape| shape.kind == kind).collect();
                // What a target does itself, its own tests show.
                let is_run = |shape: &Shape| placed.target.map(shape, Now::ZERO) == Map::Run;
                if copies.is_empty() || copies.iter().any(is_run) {
                    continue;
                }
                let ranged = sectors_under(placed, &copies);
                let single: Vec<_> = (at..at + len)
                    .map(|at| Shape { at: Sectors::new(at), len: Sectors::new(1), kind: Kind::Write, ..copies[0] })
                    .collect();
                prop_assert_eq!(&ranged, &sectors_under(placed, &single), "{} {:?}", name, kind);
                prop_assert!(ranged.values().all(|&times| times == 1), "{} {:?}", name, kind);
            }
        }
    }

    #[test]
    fn any_words_are_built_or_refused(
        kind in 0..TARGETS.len(),
        args in proptest::collection::vec(any::<u8>(), 0..64),
    ) {
        let _ = try_build(TARGETS[kind], &args);
    }
}

/// Which sectors of which legs the requests go to, and how often; a request that fails goes nowhere.
fn sectors_under(placed: &Placed, shapes: &[Shape]) -> BTreeMap<(usize, u64), u32> {
    let mut sectors = BTreeMap::new();
    for shape in shapes {
        if let Map::To { leg, sector, len } = placed.target.map(shape, Now::ZERO) {
            for sector in sector.get()..sector.get() + len.get() {
                *sectors.entry((leg, sector)).or_default() += 1;
            }
        }
    }
    sectors
}
