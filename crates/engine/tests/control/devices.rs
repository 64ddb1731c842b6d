//! Making, naming and removing devices.

use super::bench::{Bench, MAJOR};
use dm_core::devno::DevNo;
use dm_core::dm::Request;
use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::packet::Cmd;

#[test]
fn a_new_device_has_the_lowest_free_number_no_table_and_runs() {
    let bench = Bench::new();
    for (name, minor) in [("a", 0), ("b", 1), ("c", 2)] {
        assert_eq!(bench.create(name).unwrap().dev, DevNo::new(MAJOR, minor));
    }
    bench.remove("b").unwrap();
    let info = bench.create("d").unwrap();
    assert_eq!((info.dev.minor, info.open_count, info.event_nr, info.target_count), (1, 0, 0, 0));
    assert_eq!(info.flags, Flags::EXISTS);
    assert!(bench.front.nodes().is_empty(), "served before it has a table");
}

#[test]
fn a_number_may_be_asked_for_and_is_had_once() {
    let bench = Bench::new();
    let create = |name: &str, minor| {
        let request = Request::new(Cmd::DevCreate).named(name.as_bytes());
        bench.ask(&request.numbered(DevNo::new(99, minor))).map(|info| info.dev)
    };
    assert_eq!(create("a", 5), Ok(DevNo::new(MAJOR, 5)));
    assert_eq!(create("b", 5), Err(Errno::ENXIO));
    assert_eq!(create("a", 5), Err(Errno::ENXIO), "the number is looked at before the name");
    assert_eq!(create("c", 0xf_ffff), Ok(DevNo::new(MAJOR, 0xf_ffff)));
    assert_eq!(bench.create("d").unwrap().dev.minor, 0);
}

#[test]
fn names_and_uuids_are_had_once() {
    let bench = Bench::new();
    let create = |name: &str, uuid: &[u8]| {
        let mut request = Request::new(Cmd::DevCreate).named(name.as_bytes());
        request.uuid = uuid.to_vec();
        bench.ask(&request).map(|_| ())
    };
    assert_eq!(create("a", b"U"), Ok(()));
    assert_eq!(create("a", b""), Err(Errno::EBUSY));
    assert_eq!(create("b", b"U"), Err(Errno::EBUSY));
    assert_eq!(create("b", b"V"), Ok(()));
    bench.remove("a").unwrap();
    assert_eq!(create("a", b"U"), Ok(()));
    assert_eq!(bench.names(), ["a", "b"]);
}

#[test]
fn some_names_are_no_devices() {
    let bench = Bench::new();
    for name in ["", "a/b", "/", "control", ".", ".."] {
        assert_eq!(bench.create(name), Err(Errno::EINVAL), "{name}");
    }
}

#[test]
fn renaming_keeps_the_old_name_in_the_reply_and_is_an_event_of_a_live_table() {
    let bench = Bench::new();
    bench.make("a", "0 8 zero");
    let info = bench.rename("a", "b").unwrap();
    assert_eq!((info.name.as_slice(), info.event_nr), (&b"a"[..], 1));
    assert_eq!(bench.info("a"), Err(Errno::ENXIO));
    assert_eq!(bench.info("b").unwrap().name, b"b");
    assert_eq!(bench.front.nodes()[&0].name, "b");
    bench.create("n").unwrap();
    assert_eq!(bench.rename("n", "m").unwrap().event_nr, 0);
    assert_eq!(bench.names(), ["b", "m"]);
}

#[test]
fn a_name_is_free_again_after_a_rename() {
    let bench = Bench::new();
    bench.create("a").unwrap();
    bench.rename("a", "b").unwrap();
    bench.create("a").unwrap();
    assert_eq!(bench.rename("b", "a"), Err(Errno::EBUSY));
    bench.remove("a").unwrap();
    bench.rename("b", "a").unwrap();
    assert_eq!(bench.names(), ["a"]);
}

#[test]
fn renaming_is_refused_in_the_kernels_order() {
    let bench = Bench::new();
    bench.create("a").unwrap();
    bench.create("b").unwrap();
    let long = "x".repeat(128);
    assert_eq!(bench.rename("nope", "a"), Err(Errno::EBUSY));
    assert_eq!(bench.rename("nope", "x"), Err(Errno::ENXIO));
    assert_eq!(bench.rename("a", "a"), Err(Errno::EBUSY));
    for bad in ["", "x/y", "control", ".", "..", long.as_str()] {
        assert_eq!(bench.rename("a", bad), Err(Errno::EINVAL), "{bad}");
        assert_eq!(bench.rename("nope", bad), Err(Errno::EINVAL), "{bad}");
    }
    assert!(bench.rename("a", &long[..127]).is_ok());
}

#[test]
fn a_device_is_renamed_by_its_name_alone() {
    let bench = Bench::new();
    let mut request = Request::new(Cmd::DevRename).numbered(DevNo::new(MAJOR, 0));
    request.payload = b"b\0".to_vec();
    bench.create("a").unwrap();
    assert_eq!(bench.ask(&request), Err(Errno::ENXIO));
}

#[test]
fn a_uuid_is_set_once() {
    let bench = Bench::new();
    bench.make("a", "0 8 zero");
    bench.create("b").unwrap();
    let long = "x".repeat(129);
    assert_eq!(bench.set_uuid("a", ""), Err(Errno::EINVAL));
    assert_eq!(bench.set_uuid("a", &long), Err(Errno::EINVAL));
    assert_eq!(bench.set_uuid("nope", "U"), Err(Errno::ENXIO));
    let info = bench.set_uuid("a", "U/1").unwrap();
    assert_eq!((info.uuid.as_slice(), info.event_nr), (&b""[..], 1));
    assert_eq!(bench.info("a").unwrap().uuid, b"U/1");
    assert_eq!(bench.set_uuid("b", "U/1"), Err(Errno::EBUSY));
    assert_eq!(bench.set_uuid("nope", "U/1"), Err(Errno::EBUSY));
    assert_eq!(bench.set_uuid("a", "V"), Err(Errno::EINVAL));
    assert_eq!(bench.set_uuid("b", "V").map(|_| ()), Ok(()), "what was refused claims nothing");
}

#[test]
fn an_open_device_is_not_removed() {
    let bench = Bench::new();
    bench.make("a", "0 8 zero");
    bench.front.open(0, 2);
    assert_eq!(bench.info("a").unwrap().open_count, 2);
    assert_eq!(bench.remove("a"), Err(Errno::EBUSY));
    bench.on(Cmd::RemoveAll, "").unwrap();
    assert_eq!(bench.names(), ["a"]);
    bench.front.open(0, -2);
    bench.remove("a").unwrap();
    assert_eq!(bench.remove("a"), Err(Errno::ENXIO));
    assert!(bench.front.nodes().is_empty());
}

#[test]
fn a_removed_devices_reply_is_the_header_as_it_was_found() {
    let bench = Bench::new();
    let mut request = Request::new(Cmd::DevCreate).named(b"a");
    request.uuid = b"U".to_vec();
    bench.ask(&request).unwrap();
    let info = bench.remove_later("a").unwrap();
    assert_eq!((info.name, info.uuid), (b"a".to_vec(), b"U".to_vec()));
    assert_eq!(info.flags, Flags::EXISTS);
}

#[test]
fn a_removal_that_is_put_off_happens_when_the_last_opener_goes() {
    let bench = Bench::new();
    bench.make("a", "0 8 zero");
    bench.front.open(0, 1);
    assert!(bench.remove_later("a").is_ok());
    assert!(bench.info("a").unwrap().flags.contains(Flags::DEFERRED_REMOVE));
    bench.engine.tick();
    assert_eq!(bench.engine.device_count(), 1);
    assert!(bench.engine.needs_watching(), "nobody tells when it is closed");
    bench.front.open(0, -1);
    bench.engine.tick();
    assert_eq!(bench.engine.device_count(), 0);
    assert!(!bench.engine.needs_watching());
    assert!(bench.front.nodes().is_empty());
}

#[test]
fn a_removal_that_is_put_off_can_be_taken_back() {
    let bench = Bench::new();
    bench.make("a", "0 8 zero");
    bench.front.open(0, 1);
    bench.remove_later("a").unwrap();
    assert_eq!(bench.message("a", 0, "@cancel_deferred_remove x"), Err(Errno::EINVAL));
    let info = bench.message("a", 99, "@Cancel_Deferred_REMOVE").unwrap();
    assert!(!info.flags.contains(Flags::DEFERRED_REMOVE));
    bench.front.open(0, -1);
    bench.engine.tick();
    assert_eq!(bench.names(), ["a"]);
}

#[test]
fn removing_all_takes_stacks_apart_and_marks_what_is_open_if_asked() {
    let bench = Bench::new();
    bench.make("a", "0 8 zero");
    bench.make("b", &format!("0 8 linear {MAJOR}:0 0"));
    bench.make("c", &format!("0 8 linear {MAJOR}:1 0"));
    bench.make("open", "0 8 zero");
    bench.front.open(3, 1);
    bench.on(Cmd::RemoveAll, "").unwrap();
    assert_eq!(bench.names(), ["open"]);
    bench.ask(&Request::new(Cmd::RemoveAll).with_flags(Flags::DEFERRED_REMOVE)).unwrap();
    bench.front.open(3, -1);
    assert_eq!(bench.names(), [""; 0]);
}

#[test]
fn a_suspended_device_can_be_removed() {
    let bench = Bench::new();
    bench.make("a", "0 8 zero");
    bench.suspend("a").unwrap();
    bench.load("a", "0 16 zero").unwrap();
    bench.remove("a").unwrap();
    assert_eq!(bench.names(), [""; 0]);
}

#[test]
fn a_front_end_that_fails_leaves_everything_as_it_was() {
    let bench = Bench::new();
    bench.create("a").unwrap();
    bench.load("a", "0 8 zero").unwrap();
    let fail = |call| *bench.front.fails.lock().unwrap() = Some((call, Errno::ENOSPC));
    fail("add");
    assert_eq!(bench.resume("a"), Err(Errno::ENOSPC));
    let flags = bench.info("a").unwrap().flags;
    assert_eq!(flags, Flags::EXISTS | Flags::INACTIVE_PRESENT);
    bench.resume("a").unwrap();
    fail("rename");
    assert_eq!(bench.rename("a", "b"), Err(Errno::ENOSPC));
    assert_eq!(bench.names(), ["a"]);
    bench.rename("a", "b").unwrap();
    fail("remove");
    assert_eq!(bench.remove("b"), Err(Errno::ENOSPC));
    assert_eq!(bench.table("b").unwrap(), "0 8 zero ");
    fail("changed");
    bench.load("b", "0 16 zero").unwrap();
    assert_eq!(bench.resume("b"), Err(Errno::ENOSPC));
    assert_eq!(bench.front.nodes()[&0].size, 8);
    bench.resume("b").unwrap();
    assert_eq!(bench.front.nodes()[&0].size, 16, "told again at the next resume");
    fail("accepts");
    bench.load("b", "0 24 zero").unwrap();
    assert_eq!(bench.resume("b"), Err(Errno::ENOSPC));
    assert_eq!(bench.table("b").unwrap(), "0 16 zero ", "refused before the swap");
    bench.resume("b").unwrap();
    assert_eq!(bench.front.nodes()[&0].size, 24, "the table was still there");
}
