use super::*;
use dm_core::dm::DeviceInfo;
use dm_core::flags::Flags;

/// The system of dmsetup(8)'s pictures: name, number, what it stands on; in the order of the list.
type Number = (u32, u32);
const SYSTEM: &[(&str, Number, &[Number])] = &[
    ("base", (254, 0), &[(7, 0)]),
    ("lone", (254, 4), &[]),
    ("top", (254, 1), &[(254, 0)]),
    ("top2", (254, 2), &[(7, 1), (254, 0)]),
    ("toptop", (254, 3), &[(254, 1)]),
];

fn graph() -> Graph {
    let number = |(major, minor)| DevNo::new(major, minor);
    let mut look = |dev: DevNo| {
        let row = SYSTEM.iter().find(|row| number(row.1) == dev);
        row.map_or_else(Found::default, |(name, _, deps)| Found {
            device: Some(DeviceInfo {
                dev,
                name: name.as_bytes().to_vec(),
                uuid: Vec::new(),
                flags: Flags::empty(),
                open_count: 0,
                event_nr: 0,
                target_count: 1,
            }),
            deps: deps.iter().copied().map(number).collect(),
        })
    };
    let mut graph = Graph::default();
    for row in SYSTEM {
        graph.add(number(row.1), &mut look);
    }
    graph
}

fn drawn(options: &str) -> String {
    let shape = Shape::parse(options.as_bytes()).unwrap();
    let label = |dev: DevNo, found: &Found| {
        let name = found.device.as_ref().map(|device| device.name.clone()).unwrap_or_default();
        Some([&name[..], format!(" ({dev})").as_bytes()].concat())
    };
    String::from_utf8(text(&graph(), &shape, shape.symbols.unwrap_or(&ASCII), label)).unwrap()
}

#[test]
fn a_device_is_drawn_below_what_stands_on_it() {
    assert_eq!(
        drawn("device"),
        "lone (254:4)\ntop2 (254:2)\n |- (7:1)\n `-base (254:0)\n    `- (7:0)\n\
         toptop (254:3)\n `-top (254:1)\n    `-base (254:0)\n       `- (7:0)\n"
    );
}

#[test]
fn compact_goes_on_on_the_parents_line() {
    assert_eq!(
        drawn("compact"),
        "lone (254:4)\ntop2 (254:2)-+- (7:1)\n             `-base (254:0)--- (7:0)\n\
         toptop (254:3)---top (254:1)---base (254:0)--- (7:0)\n"
    );
}

#[test]
fn inverted_begins_with_what_stands_on_nothing() {
    assert_eq!(
        drawn("inverted"),
        " (7:0)\n `-base (254:0)\n    |-top (254:1)\n    |  `-toptop (254:3)\n    `-top2 (254:2)\n\
         lone (254:4)\n (7:1)\n `-top2 (254:2)\n"
    );
}

#[test]
fn unicode_is_as_wide_as_ascii() {
    assert!(drawn("utf").contains(" \u{251c}\u{2500} (7:1)\n \u{2514}\u{2500}base (254:0)\n"));
}

#[test]
fn a_line_of_eighty_cells_fits_and_one_more_does_not() {
    let line = |cells: usize| [vec![b'x'; cells], b"\n".to_vec()].concat();
    assert_eq!(cut(&line(80)), line(80));
    assert_eq!(cut(&line(81)), [vec![b'x'; 79], b"...\n".to_vec()].concat());
}

#[test]
fn words_may_be_cut_short_and_what_is_none_is_named_with_the_rest() {
    assert_eq!(Shape::parse(b"inv,act"), Shape::parse(b"inverted,active"));
    let bad = Shape::parse(b"compact,foo,x").unwrap_err();
    assert_eq!(bad.text, b"Tree options not recognised: foo,x.\n");
}
