//! Devices on devices: how they are named, counted, and kept from going round in circles.

use super::bench::{Bench, MAJOR, NODE_MAJOR};
use dm_core::errno::Errno;
use dm_core::packet::Cmd;

fn on(minor: u32) -> String {
    format!("0 8 linear {MAJOR}:{minor} 0")
}

#[test]
fn a_device_is_a_leg_by_number_by_node_and_by_name() {
    let bench = Bench::new();
    bench.host.disks.disks()[0].fill(dm_core::units::Sectors::ZERO, &[7; 512]);
    bench.make("low er", "0 8 linear 1:0 0");
    for (name, leg) in [
        ("number", format!("{MAJOR}:0")),
        ("node", "/nodes/0".to_owned()),
        ("node-number", format!("{NODE_MAJOR}:0")),
        ("node-path", "/dev/loop0".to_owned()),
        ("mapper", r"/dev/mapper/low\\x20er".to_owned()),
    ] {
        bench.make(name, &format!("0 8 linear {leg} 0"));
        let minor = bench.info(name).unwrap().dev.minor;
        assert_eq!(bench.table(name).unwrap(), on(0), "{name}");
        assert_eq!(bench.deps(name), [format!("{MAJOR}:0")]);
        assert_eq!(bench.front.read(minor, 0), Ok(7), "{name}");
    }
    assert_eq!(bench.info("low er").unwrap().open_count, 5);
}

#[test]
fn a_table_in_either_slot_keeps_its_devices_open() {
    let bench = Bench::new();
    bench.make("a", "0 8 zero");
    bench.make("b", "0 8 zero");
    let open = || bench.info("a").unwrap().open_count;
    bench.load("b", &on(0)).unwrap();
    assert_eq!(open(), 1);
    assert_eq!(bench.remove("a"), Err(Errno::EBUSY));
    bench.on(Cmd::TableClear, "b").unwrap();
    assert_eq!(open(), 0);
    bench.load("b", "0 8 linear 254:0 0\n8 8 striped 2 8 254:0 0 1:0 0").unwrap_err();
    assert_eq!(open(), 0, "a table that is refused holds nothing");
    bench.load("b", &on(0)).unwrap();
    bench.resume("b").unwrap();
    bench.load("b", &on(0)).unwrap();
    assert_eq!(open(), 2);
    bench.remove("b").unwrap();
    assert_eq!(open(), 0);
    bench.remove("a").unwrap();
}

#[test]
fn a_removal_that_is_put_off_follows_that_of_the_device_above() {
    let bench = Bench::new();
    bench.make("a", "0 8 zero");
    bench.make("b", &on(0));
    bench.remove_later("a").unwrap();
    assert_eq!(bench.names(), ["a", "b"]);
    assert_eq!(bench.create("a"), Err(Errno::EBUSY));
    bench.remove("b").unwrap();
    assert_eq!(bench.names(), [""; 0]);
}

#[test]
fn no_device_stands_on_itself() {
    let bench = Bench::new();
    bench.make("a", "0 8 zero");
    assert_eq!(bench.load("a", &on(0)), Err(Errno::EINVAL));
    assert_eq!(bench.load("a", "0 8 linear /dev/loop0 0"), Err(Errno::EINVAL));
    bench.make("b", &on(0));
    bench.make("c", &on(1));
    assert_eq!(bench.load("a", &on(1)), Err(Errno::ELOOP));
    assert_eq!(bench.load("a", &on(2)), Err(Errno::ELOOP));
    bench.load("c", "0 8 zero").unwrap();
    assert_eq!(bench.load("a", &on(2)), Err(Errno::ELOOP), "c's live table still uses b");
    bench.resume("c").unwrap();
    bench.load("a", &on(2)).unwrap();
    assert_eq!(bench.load("c", &on(0)), Err(Errno::ELOOP), "an inactive table counts");
}

#[test]
fn two_loads_that_would_close_a_circle_never_both_succeed() {
    for _ in 0..50 {
        let bench = Bench::new();
        bench.make("a", "0 8 zero");
        bench.make("b", "0 8 zero");
        let (one, two) = std::thread::scope(|scope| {
            let one = scope.spawn(|| bench.load("a", &on(1)));
            let two = scope.spawn(|| bench.load("b", &on(0)));
            (one.join().unwrap(), two.join().unwrap())
        });
        assert!(one.is_err() || two.is_err());
    }
}

#[test]
fn a_stack_has_at_most_64_storeys() {
    let bench = Bench::new();
    bench.make("d0", "0 8 linear 1:0 0");
    for minor in 1..64 {
        bench.make(&format!("d{minor}"), &on(minor - 1));
    }
    assert_eq!(bench.front.read(63, 0), Ok(0));
    bench.create("top").unwrap();
    assert_eq!(bench.load("top", &on(63)), Err(Errno::ELOOP));
}

#[test]
fn a_suspended_device_below_lets_the_one_above_be_suspended() {
    let bench = Bench::new();
    bench.make("a", "0 8 linear 1:0 0");
    bench.make("b", &on(0));
    bench.suspend("a").unwrap();
    bench.suspend("b").unwrap();
    bench.resume("a").unwrap();
    bench.resume("b").unwrap();
    assert_eq!(bench.front.read(1, 0), Ok(0));
}

#[test]
fn many_threads_at_once_leave_a_whole_engine() {
    let bench = Bench::new();
    bench.make("base", "0 8 linear 1:0 0");
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let bench = &bench;
            scope.spawn(move || {
                for round in 0..50 {
                    let name = format!("t{}", (thread + round) % 3);
                    let _ = bench.create(&name);
                    let _ = bench.load(&name, "0 8 linear 254:0 0");
                    let _ = bench.resume(&name);
                    let _ = bench.suspend(&name);
                    let _ = bench.rename(&name, &format!("t{}", round % 3));
                    let _ = bench.remove(&name);
                }
            });
        }
    });
    bench.on(Cmd::RemoveAll, "").unwrap();
    assert_eq!(bench.names(), [""; 0]);
    assert!(bench.front.nodes().is_empty());
}
