//! Tables in their slots: load, resume, suspend, clear; what they say, and what is said to them.

use super::bench::{Bench, NODE_MAJOR};
use dm_core::dm::Request;
use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::packet::{Cmd, message};
use dm_engine::io::request::{Buf, BufMut, Op};

fn geometry(bench: &Bench, name: &str, text: &str) -> Result<(), Errno> {
    let request = Request::new(Cmd::DevSetGeometry).named(name.as_bytes());
    bench.call(&request.with_payload(message::encode_text(text.as_bytes()))).map(|_| ())
}

fn write(byte: u8) -> Op {
    let mut buf = BufMut::zeroed(512);
    buf.fill(byte);
    Op::Write(buf.freeze() as Buf)
}

#[test]
fn a_table_becomes_live_at_the_resume() {
    let bench = Bench::new();
    bench.create("a").unwrap();
    let info = bench.load("a", "0 8 linear /dev/ram0 0\n8 8 error").unwrap();
    assert_eq!(info.flags, Flags::EXISTS | Flags::INACTIVE_PRESENT);
    assert_eq!(info.target_count, 0);
    assert_eq!(bench.table("a").unwrap(), "");
    assert!(bench.front.nodes().is_empty());
    let info = bench.resume("a").unwrap();
    assert_eq!(info.flags, Flags::EXISTS | Flags::ACTIVE_PRESENT);
    assert_eq!(info.target_count, 2);
    assert_eq!(bench.table("a").unwrap(), "0 8 linear 1:0 0\n8 8 error ");
    assert_eq!(bench.front.nodes()[&0].size, 16);
}

#[test]
fn the_inactive_table_is_told_of_when_it_is_asked_for() {
    let bench = Bench::new();
    bench.make("a", "0 8 linear 1:0 0");
    let read_only = Flags::READONLY;
    bench.load_with("a", "0 8 linear 1:1 0\n8 8 linear 1:2 0", read_only).unwrap();
    let query = Flags::QUERY_INACTIVE_TABLE;
    let ask = |cmd| Request::new(cmd).named(b"a").with_flags(query);
    let info = bench.ask(&ask(Cmd::DevStatus)).unwrap();
    assert_eq!(info.target_count, 2);
    assert!(info.flags.contains(read_only | Flags::ACTIVE_PRESENT | Flags::INACTIVE_PRESENT));
    assert!(!bench.info("a").unwrap().flags.contains(read_only));
    let deps = bench.call(&ask(Cmd::TableDeps)).unwrap().deps().unwrap();
    assert_eq!(deps.iter().map(|dev| dev.minor).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(bench.deps("a"), ["1:0"]);
    let text = bench.status_with("a", query | Flags::STATUS_TABLE).unwrap();
    assert_eq!(text, "0 8 linear 1:1 0\n8 8 linear 1:2 0");
}

#[test]
fn a_load_replaces_the_inactive_table_and_a_clear_empties_the_slot() {
    let bench = Bench::new();
    bench.make("a", "0 8 zero");
    bench.load("a", "0 8 error").unwrap();
    bench.load("a", "0 16 error").unwrap();
    let info = bench.on(Cmd::TableClear, "a").unwrap();
    assert!(!info.flags.contains(Flags::INACTIVE_PRESENT));
    bench.on(Cmd::TableClear, "a").unwrap();
    bench.resume("a").unwrap();
    assert_eq!(bench.table("a").unwrap(), "0 8 zero ");
    assert_eq!(bench.on(Cmd::TableClear, "nope"), Err(Errno::ENXIO));
}

#[test]
fn a_table_that_is_refused_changes_nothing() {
    let bench = Bench::new();
    bench.make("a", "0 8 zero");
    bench.load("a", "0 16 error").unwrap();
    for (table, errno) in [
        ("0 8 nosuch", Errno::EINVAL),
        ("8 8 zero", Errno::EINVAL),
        ("0 8 zero\n16 8 zero", Errno::EINVAL),
        ("0 0 zero", Errno::EINVAL),
        ("0 8 zero x", Errno::EINVAL),
        ("0 8 linear /dev/nosuch 0", Errno::ENOENT),
        ("0 8 linear 250:250 0", Errno::ENXIO),
        ("0 8 linear 4096:0 0", Errno::EOVERFLOW),
        ("0 8 linear 254:9 0", Errno::ENXIO),
    ] {
        assert_eq!(bench.load("a", table), Err(errno), "{table}");
    }
    assert_eq!(bench.load("nope", "0 8 zero"), Err(Errno::ENXIO));
    let query = Flags::STATUS_TABLE | Flags::QUERY_INACTIVE_TABLE;
    assert_eq!(bench.status_with("a", query).unwrap(), "0 16 error ");
    assert_eq!(bench.table("a").unwrap(), "0 8 zero ");
}

#[test]
fn areas_are_checked_at_the_first_load_and_at_every_swap() {
    let bench = Bench::new();
    bench.create("a").unwrap();
    assert_eq!(bench.load("a", "0 4097 linear 1:0 0"), Err(Errno::EINVAL));
    bench.load("a", "0 8 linear 1:0 0").unwrap();
    bench.resume("a").unwrap();
    bench.load("a", "0 4097 linear 1:0 0").unwrap();
    assert_eq!(bench.resume("a"), Err(Errno::EINVAL));
    let flags = bench.info("a").unwrap().flags;
    assert_eq!(
        flags,
        Flags::EXISTS | Flags::SUSPEND | Flags::ACTIVE_PRESENT,
        "the new table is gone"
    );
    assert_eq!(bench.table("a").unwrap(), "0 8 linear 1:0 0");
    bench.resume("a").unwrap();
    assert_eq!(bench.front.read(0, 0), Ok(0));
}

#[test]
fn suspending_and_resuming_twice_is_as_once() {
    let bench = Bench::new();
    bench.make("a", "0 8 zero");
    let suspended = Flags::EXISTS | Flags::SUSPEND | Flags::ACTIVE_PRESENT;
    assert_eq!(bench.suspend("a").unwrap().flags, suspended);
    assert_eq!(bench.suspend("a").unwrap().flags, suspended);
    assert_eq!(bench.resume("a").unwrap().flags, Flags::EXISTS | Flags::ACTIVE_PRESENT);
    assert_eq!(bench.resume("a").unwrap().flags, Flags::EXISTS | Flags::ACTIVE_PRESENT);
    assert_eq!(bench.suspend("nope"), Err(Errno::ENXIO));
    assert_eq!(bench.resume("nope"), Err(Errno::ENXIO));
}

#[test]
fn a_device_without_a_table_can_be_suspended_but_not_resumed() {
    let bench = Bench::new();
    bench.create("a").unwrap();
    bench.resume("a").unwrap();
    bench.suspend("a").unwrap();
    assert_eq!(bench.resume("a"), Err(Errno::EINVAL));
    assert!(bench.info("a").unwrap().flags.contains(Flags::SUSPEND));
    bench.load("a", "0 8 zero").unwrap();
    assert!(!bench.resume("a").unwrap().flags.contains(Flags::SUSPEND));
}

#[test]
fn read_only_comes_and_goes_with_the_table() {
    let bench = Bench::new();
    bench.make("a", "0 8 linear 1:0 0");
    bench.load_with("a", "0 8 linear 1:0 0", Flags::READONLY).unwrap();
    assert!(!bench.info("a").unwrap().flags.contains(Flags::READONLY));
    assert!(bench.resume("a").unwrap().flags.contains(Flags::READONLY));
    assert!(bench.front.nodes()[&0].read_only);
    assert_eq!(bench.front.submit(0, 0, write(1)).result, Err(Errno::EPERM));
    bench.load("a", "0 8 linear 1:0 0").unwrap();
    assert!(!bench.resume("a").unwrap().flags.contains(Flags::READONLY));
    assert_eq!(bench.front.submit(0, 0, write(1)).result, Ok(()));
}

#[test]
fn both_tables_use_a_disk_at_once_and_no_write_is_lost_between_them() {
    let bench = Bench::new();
    bench.make("a", "0 8 linear 1:0 0");
    bench.load("a", "0 8 linear 1:0 0\n8 8 linear 1:1 0").unwrap();
    bench.front.submit(0, 3, write(7)).result.unwrap();
    bench.resume("a").unwrap();
    assert_eq!(bench.front.read(0, 3), Ok(7));
    assert_eq!(bench.front.read(0, 15), Ok(0));
    assert_eq!(bench.front.nodes()[&0].size, 16);
}

#[test]
fn one_disk_named_in_several_ways_is_one_dependency() {
    let bench = Bench::new();
    bench.make("a", "0 8 linear /dev/ram1 0\n8 8 linear 1:0 0\n16 8 linear 1:1 8");
    assert_eq!(bench.deps("a"), ["1:0", "1:1"]);
    assert_eq!(bench.table("a").unwrap().lines().next(), Some("0 8 linear 1:1 0"));
}

#[test]
fn a_geometry_is_checked() {
    let bench = Bench::new();
    bench.make("a", "0 32768 zero");
    for good in ["16 32 63 0", "0 0 0 0", "65535 255 255 1"] {
        assert_eq!(geometry(&bench, "a", good), Ok(()), "{good}");
    }
    for bad in
        ["65536 255 255 0", "16 256 63 0", "16 32 256 0", "1 1 1 2", "a b c d", "16 32 63", ""]
    {
        assert_eq!(geometry(&bench, "a", bad), Err(Errno::EINVAL), "{bad}");
    }
    assert_eq!(geometry(&bench, "nope", "16 32 63 0"), Err(Errno::ENXIO));
    bench.create("n").unwrap();
    assert_eq!(geometry(&bench, "n", "16 32 63 0"), Ok(()));
}

#[test]
fn messages_are_refused_as_the_kernel_refuses_them() {
    let bench = Bench::new();
    bench.make("a", "0 8 zero\n8 8 linear 1:0 0");
    for (sector, text) in [
        (0, ""),
        (0, " \t"),
        (0, "@nosuch"),
        (0, "@stats_list"),
        (0, "hello"),
        (8, "hello world"),
        (16, "hello"),
        (99_999, "hello"),
    ] {
        assert_eq!(bench.message("a", sector, text), Err(Errno::EINVAL), "{sector} {text}");
    }
    assert_eq!(bench.message("nope", 0, "hello"), Err(Errno::ENXIO));
}

#[test]
fn a_message_to_no_table_at_all_is_no_error() {
    let bench = Bench::new();
    bench.create("n").unwrap();
    assert_eq!(bench.message("n", 0, "hello").map(|_| ()), Ok(()));
    assert_eq!(bench.message("n", 0, ""), Err(Errno::EINVAL));
}

#[test]
fn the_target_types_are_told() {
    let bench = Bench::new();
    let types = bench.call(&Request::new(Cmd::ListVersions)).unwrap().versions().unwrap();
    let linear = types.iter().find(|kind| kind.name == b"linear").unwrap();
    assert_eq!(linear.version, [1, 4, 0]);
    let ask = |name: &[u8]| bench.call(&Request::new(Cmd::GetTargetVersion).named(name));
    assert_eq!(ask(b"linear").unwrap().versions().unwrap(), std::slice::from_ref(linear));
    assert_eq!(ask(b"nosuch").unwrap_err(), Errno::EINVAL);
    assert_eq!(ask(b"").unwrap_err(), Errno::EINVAL);
}

#[test]
fn a_device_is_found_by_the_number_of_the_node_that_serves_it() {
    let bench = Bench::new();
    bench.make("a", "0 8 zero");
    let dev = dm_core::devno::DevNo::new(NODE_MAJOR, 0);
    assert_eq!(bench.ask(&Request::new(Cmd::DevStatus).numbered(dev)).unwrap().name, b"a");
}
