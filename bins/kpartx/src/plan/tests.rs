//! Plans, and what holds for every plan.

use dm_core::devno::DevNo;
use dm_core::units::Bytes;
use proptest::prelude::*;

use super::*;

const DISK: DevNo = DevNo::new(7, 0);
const PARENT: &str = "devnode_7:0_Wh5pYvM";

fn whole() -> Whole {
    crate::operand::block("/dev/loop0".as_ref(), DISK)
}

fn slice(number: u16, start: u64, len: u64, container: Option<u16>) -> Slice {
    Slice {
        number,
        start: Sectors::new(start),
        len: Sectors::new(len),
        container,
        at: Bytes::ZERO,
        kind: None,
        kind_name: None,
        unique: None,
        label: None,
        attributes: 0,
        bootable: false,
    }
}

fn linear(name: &str, uuid: &str, leg: &str, start: u64, len: u64) -> Map {
    let (start, len) = (Sectors::new(start), Sectors::new(len));
    Map {
        name: name.into(),
        uuid: uuid.into(),
        content: Content::Linear { leg: leg.into(), start, len },
        settled: true,
        ..Map::default()
    }
}

fn part(number: u16, name: &str) -> Map {
    linear(name, &format!("part{number}-{PARENT}"), "7:0", 100 * u64::from(number), 10)
}

fn planned(slices: &[Slice], maps: &[Map], update: bool) -> Vec<Step> {
    let whole = whole();
    add(slices, maps, Wanted { whole: &whole, delimiter: None, read_only: false }, update)
}

fn words(steps: &[Step]) -> Vec<String> {
    let leg = Leg::Number(DISK);
    steps.iter().map(|step| String::from_utf8(crate::apply::would(step, &leg)).unwrap()).collect()
}

#[test]
fn slices_of_the_disk_come_before_those_in_others() {
    let slices = [slice(1, 100, 50, None), slice(2, 110, 5, Some(1)), slice(3, 200, 9, None)];
    let expected = [
        "would add map loop0p1: 0 50 linear 7:0 100",
        "would add map loop0p3: 0 9 linear 7:0 200",
        "would add map loop0p2: 0 5 linear 7:0 110",
    ];
    assert_eq!(words(&planned(&slices, &[], false)), expected);
}

#[test]
fn an_update_keeps_what_is_right_and_removes_what_is_left_from_the_last_slot_on() {
    let maps = [part(1, "loop0p1"), part(2, "loop0p2"), part(9, "old9"), part(3, "loop0p3")];
    let slices = [slice(1, 100, 10, None), slice(2, 777, 10, None)];
    let expected = [
        "would keep map loop0p1: 0 10 linear 7:0 100",
        "would reload map loop0p2: 0 10 linear 7:0 777",
        "would remove map old9",
        "would remove map loop0p3",
    ];
    assert_eq!(words(&planned(&slices, &maps, true)), expected);
}

#[test]
fn all_is_removed_where_a_table_has_no_slices() {
    let steps = planned(&[], &[part(1, "loop0p1"), part(2, "old2")], true);
    assert_eq!(words(&steps), ["would remove map old2", "would remove map loop0p1"]);
}

#[test]
fn a_map_that_is_called_otherwise_is_renamed() {
    let steps = planned(&[slice(1, 100, 10, None)], &[part(1, "loop0-x1")], true);
    assert_eq!(
        words(&steps),
        ["would rename loop0-x1 and reload map loop0p1: 0 10 linear 7:0 100"]
    );
}

#[test]
fn strangers_of_the_same_name_are_left_alone() {
    let slices = [slice(1, 1, 1, None), slice(2, 2, 1, None), slice(3, 3, 1, None)];
    let maps = [
        linear("loop0p1", "LVM-x", "7:0", 1, 1),
        linear("loop0p2", "part2-devnode_7:9_Wh5pYvM", "7:9", 2, 1),
        linear("loop0p3", "", "7:1", 3, 1),
    ];
    let expected = [
        "loop0p1 is already in use, and not a kpartx partition",
        "loop0p2 is already in use, and a partition of a different device",
        "loop0p3 is already in use, and not a kpartx partition",
    ];
    assert_eq!(words(&planned(&slices, &maps, false)), expected);
}

#[test]
fn another_disk_whose_number_begins_alike_keeps_its_maps() {
    let maps = [
        linear("loop1p1", "part1-devnode_7:1_Wh5pYvM", "7:1", 1, 1),
        linear("loop10p1", "part1-devnode_7:10_Wh5pYvM", "7:10", 1, 1),
    ];
    let mut disk = crate::operand::block("/dev/loop1".as_ref(), DevNo::new(7, 1));
    assert_eq!(words(&delete(&maps, &disk)), ["would remove map loop1p1"]);
    disk.parent = None;
    assert_eq!(words(&delete(&maps, &disk)), ["would remove map loop1p1"]);
}

#[test]
fn what_is_half_made_goes_too_and_the_first_that_is_open_ends_it() {
    let half = Map { content: Content::Nothing, ..part(1, "loop0p1") };
    let open = Map { open: true, ..part(2, "loop0p2") };
    let steps = delete(&[half, open, part(3, "loop0p3")], &whole());
    assert_eq!(words(&steps), ["would remove map loop0p1", "loop0p2 is in use. Not removing"]);
}

/// The maps after all steps went well.
fn after(maps: &[Map], steps: &[Step]) -> Vec<Map> {
    let mut maps = maps.to_vec();
    let place = |maps: &[Map], name: &[u8]| maps.iter().position(|map| map.name == name).unwrap();
    for step in steps {
        match step {
            Step::Map(Mapping { name, uuid, start, len, how, .. }) => {
                let content = Content::Linear { leg: b"7:0".into(), start: *start, len: *len };
                match how {
                    How::Create => {
                        assert!(maps.iter().all(|map| map.name != *name));
                        let (name, uuid) = (name.clone(), uuid.clone());
                        maps.push(Map { name, uuid, content, settled: true, ..Map::default() });
                    }
                    How::Reload { from } => {
                        let at = place(&maps, from.as_ref().unwrap_or(name));
                        maps[at].name.clone_from(name);
                        maps[at].content = content;
                    }
                    How::Keep => assert_eq!(maps[place(&maps, name)].content, content),
                }
            }
            Step::Remove(Removal { name, from, .. }) => {
                let at = place(&maps, from.as_ref().unwrap_or(name));
                maps.remove(at);
            }
            Step::Refuse { .. } | Step::NoContainer(_) => {}
        }
    }
    maps
}

fn any_slices() -> impl Strategy<Value = Vec<Slice>> {
    let one = (1_u16..8, 0_u64..1000, 0_u64..4, prop::option::of(1_u16..8));
    prop::collection::btree_map(1_u16..8, one, 0..8).prop_map(|slots| {
        let slice = |(number, (_, start, len, container))| slice(number, start, len, container);
        slots.into_iter().map(slice).collect()
    })
}

fn any_maps() -> impl Strategy<Value = Vec<Map>> {
    let one = (1_u16..10, 0_u8..6, 0_u64..1000);
    prop::collection::btree_map("loop0p[1-9]|other[1-3]", one, 0..8).prop_map(|named| {
        let map = |(name, (number, kind, start)): (String, (u16, u8, u64))| match kind {
            0 => linear(&name, "LVM-x", "7:0", start, 1),
            1 => linear(&name, "", "7:0", start, 1),
            2 => linear(&name, &format!("part{number}-devnode_7:9_Wh5pYvM"), "7:9", start, 1),
            _ => Map { name: name.into(), ..part(number, "") },
        };
        let mut seen = std::collections::BTreeSet::new();
        let unique = |map: &Map| map.uuid.is_empty() || seen.insert(map.uuid.clone());
        named.into_iter().map(map).filter(unique).collect()
    })
}

proptest! {
    #[test]
    fn an_update_that_was_carried_out_has_nothing_more_to_change(
        slices in any_slices(),
        maps in any_maps(),
    ) {
        let steps = planned(&slices, &maps, true);
        let then = after(&maps, &steps);
        let again = planned(&slices, &then, true);
        let changes = |step: &Step| match step {
            Step::Map(mapping) => mapping.how != How::Keep,
            Step::Remove(_) => true,
            Step::Refuse { .. } | Step::NoContainer(_) => false,
        };
        prop_assert!(!again.iter().any(changes), "{again:?}");
    }

    #[test]
    fn what_is_nobodys_here_is_never_touched(slices in any_slices(), maps in any_maps()) {
        let foreign = |map: &&Map| map.uuid == b"LVM-x" || map.is_part_of(b"devnode_7:9_Wh5pYvM");
        let added = after(&maps, &planned(&slices, &maps, true));
        let deleted = after(&maps, &delete(&maps, &whole()));
        for map in maps.iter().filter(foreign) {
            prop_assert!(added.contains(map) && deleted.contains(map));
        }
        let ours = |map: &Map| map.is_part_of(PARENT.as_bytes());
        prop_assert!(!deleted.iter().any(ours));
    }
}
