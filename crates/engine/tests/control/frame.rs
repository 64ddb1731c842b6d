//! What comes before any command: versions, sizes, flags; and which bytes come back.

use super::bench::{Bench, MAJOR};
use dm_core::backend::Backend as _;
use dm_core::devno::DevNo;
use dm_core::errno::Errno;
use dm_core::flags::Flags;
use dm_core::packet::{Cmd, Packet, message, specs};
use dm_core::table;

/// A packet of `size` bytes whose every byte behind the header is `filler`, for interface 4.0.0.
fn packet(size: usize, filler: u8) -> Packet {
    let mut bytes = Packet::new(size).to_bytes();
    bytes[0] = 4;
    bytes[305..].fill(filler);
    Packet::from_bytes(&bytes).unwrap()
}

fn named(size: usize, filler: u8, name: &[u8]) -> Packet {
    let mut packet = packet(size, filler);
    packet.header_mut().set_name(name);
    packet
}

fn exchange(bench: &Bench, cmd: u32, packet: &mut Packet) -> Result<(), Errno> {
    use dm_engine::engine::Client;
    let armed = std::sync::atomic::AtomicU64::new(0);
    let client = Client { interrupted: &|| false, armed: &armed };
    bench.engine.exchange_from(cmd, packet, &client)
}

fn data_size(packet: &Packet) -> u32 {
    packet.header().data_size.get()
}

#[test]
fn the_version_comes_back_from_whatever_is_asked() {
    let bench = Bench::new();
    for (cmd, sent, answer) in [
        (0, [4, 0, 0], Ok(())),
        (0, [4, 48, 99], Ok(())),
        (0, [4, 49, 0], Err(Errno::EINVAL)),
        (0, [3, 0, 0], Err(Errno::EINVAL)),
        (99, [5, 0, 0], Err(Errno::EINVAL)),
        (18, [4, 0, 0], Err(Errno::ENOTTY)),
        (255, [4, 0, 0], Err(Errno::ENOTTY)),
        (u32::MAX, [4, 0, 0], Err(Errno::ENOTTY)),
    ] {
        let mut packet = packet(312, 0);
        for (to, from) in packet.header_mut().version.iter_mut().zip(sent) {
            to.set(from);
        }
        let before = packet.to_bytes();
        assert_eq!(exchange(&bench, cmd, &mut packet), answer, "{cmd} {sent:?}");
        let after = packet.to_bytes();
        assert_eq!(after[..12], [4, 0, 0, 0, 48, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(after[12..], before[12..]);
    }
}

#[test]
fn a_size_that_no_packet_has_is_refused_after_the_command() {
    let bench = Bench::new();
    for size in [0, 304, (1 << 30) + 1, u32::MAX] {
        let mut packet = packet(312, 0);
        packet.header_mut().data_size.set(size);
        let list = Cmd::ListDevices.number();
        assert_eq!(exchange(&bench, list, &mut packet), Err(Errno::EINVAL), "{size}");
        assert_eq!(exchange(&bench, 18, &mut packet), Err(Errno::ENOTTY));
        assert_eq!(data_size(&packet), size);
    }
    let mut packet = packet(312, 0);
    packet.header_mut().data_size.set(313);
    assert_eq!(bench.engine.exchange(Cmd::ListDevices, &mut packet), Err(Errno::EFAULT));
}

#[test]
fn a_command_of_the_header_alone_answers_305_bytes() {
    let bench = Bench::new();
    let mut packet = named(1000, 0xaa, b"a");
    bench.engine.exchange(Cmd::DevCreate, &mut packet).unwrap();
    assert_eq!(data_size(&packet), 305);
    assert_eq!(packet.header().dev(), DevNo::new(MAJOR, 0));
    assert!(packet.to_bytes()[305..].iter().all(|&byte| byte == 0xaa));
}

#[test]
fn removing_all_answers_the_version_alone() {
    let bench = Bench::new();
    bench.create("a").unwrap();
    let mut packet = named(400, 0xaa, b"x");
    let before = packet.to_bytes();
    bench.engine.exchange(Cmd::RemoveAll, &mut packet).unwrap();
    assert_eq!(packet.to_bytes()[12..], before[12..]);
    assert_eq!(bench.names(), [""; 0]);
}

#[test]
fn an_error_leaves_the_packet_as_it_was_but_for_the_version() {
    let bench = Bench::new();
    let mut packet = named(400, 0xaa, b"nope");
    packet.header_mut().set_flags(Flags::BUFFER_FULL | Flags::DATA_OUT | Flags::READONLY);
    let before = packet.to_bytes();
    assert_eq!(bench.engine.exchange(Cmd::TableStatus, &mut packet), Err(Errno::ENXIO));
    assert_eq!(packet.to_bytes()[12..], before[12..]);
    assert_eq!(packet.to_bytes()[..12], [4, 0, 0, 0, 48, 0, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn flags_that_are_only_told_are_cleared_first() {
    let bench = Bench::new();
    bench.create("a").unwrap();
    let mut packet = named(400, 0, b"a");
    let told = Flags::BUFFER_FULL | Flags::UEVENT_GENERATED | Flags::SECURE_DATA | Flags::DATA_OUT;
    packet.header_mut().set_flags(told | Flags::READONLY | Flags::ACTIVE_PRESENT | Flags::SUSPEND);
    bench.engine.exchange(Cmd::DevStatus, &mut packet).unwrap();
    assert_eq!(packet.header().flags(), Flags::empty());
}

#[test]
fn secret_data_is_wiped_even_when_the_command_fails() {
    let bench = Bench::new();
    let mut packet = named(400, 0xaa, b"nope");
    packet.header_mut().set_flags(Flags::SECURE_DATA);
    assert_eq!(bench.engine.exchange(Cmd::TableLoad, &mut packet), Err(Errno::ENXIO));
    assert!(packet.to_bytes().iter().all(|&byte| byte == 0));
    bench.create("a").unwrap();
    let mut packet = named(400, 0xaa, b"a");
    packet.header_mut().set_flags(Flags::SECURE_DATA);
    bench.engine.exchange(Cmd::DevStatus, &mut packet).unwrap();
    assert_eq!(packet.header().name(), b"a");
    assert!(packet.area().iter().all(|&byte| byte == 0xaa));
}

#[test]
fn a_name_and_a_uuid_together_name_nothing() {
    let bench = Bench::new();
    bench.create("a").unwrap();
    for cmd in Cmd::ALL.iter().copied() {
        let free = [Cmd::Version, Cmd::RemoveAll, Cmd::ListDevices, Cmd::ListVersions];
        if free.contains(&cmd) || matches!(cmd, Cmd::DevCreate | Cmd::EngineStatus) {
            continue;
        }
        let mut packet = named(400, 0, b"a");
        packet.header_mut().set_uuid(b"u");
        assert_eq!(bench.engine.exchange(cmd, &mut packet), Err(Errno::EINVAL), "{cmd:?}");
    }
    let mut packet = packet(400, 0);
    packet.header_mut().set_uuid(b"u");
    assert_eq!(bench.engine.exchange(Cmd::DevCreate, &mut packet), Err(Errno::EINVAL));
}

#[test]
fn a_device_is_named_in_one_way_only() {
    let bench = Bench::new();
    let mut create = named(312, 0, b"a");
    create.header_mut().set_uuid(b"U");
    bench.engine.exchange(Cmd::DevCreate, &mut create).unwrap();
    let ask = |name: &[u8], uuid: &[u8], dev: DevNo| {
        let mut packet = named(312, 0, name);
        packet.header_mut().set_uuid(uuid);
        packet.header_mut().set_dev(dev);
        bench.engine.exchange(Cmd::DevStatus, &mut packet)?;
        let header = packet.header();
        Ok((header.name().to_vec(), header.uuid().to_vec(), header.dev()))
    };
    let (none, dev) = (DevNo::default(), DevNo::new(MAJOR, 0));
    let found = Ok((b"a".to_vec(), b"U".to_vec(), dev));
    assert_eq!(ask(b"a", b"", none), found);
    assert_eq!(ask(b"", b"U", none), found);
    assert_eq!(ask(b"", b"", dev), found);
    assert_eq!(ask(b"a", b"", dev), Err(Errno::ENXIO));
    assert_eq!(ask(b"", b"U", dev), Err(Errno::ENXIO));
    assert_eq!(ask(b"", b"", none), Err(Errno::ENXIO));
    assert_eq!(ask(b"", b"u", none), Err(Errno::ENXIO));
    assert_eq!(ask(b"", b"", DevNo::new(MAJOR, 1)), Err(Errno::ENXIO));
}

#[test]
fn a_name_that_never_ends_has_127_bytes() {
    let bench = Bench::new();
    let mut bytes = packet(312, 0).to_bytes();
    bytes[48..176].fill(b'n');
    let mut create = Packet::from_bytes(&bytes).unwrap();
    bench.engine.exchange(Cmd::DevCreate, &mut create).unwrap();
    assert_eq!(create.to_bytes()[174..176], [b'n', 0]);
    assert_eq!(bench.names(), ["n".repeat(127)]);
}

#[test]
fn a_list_is_sorted_padded_and_as_long_as_it_needs() {
    let bench = Bench::new();
    for name in ["bb", "a", "dddd"] {
        bench.create(name).unwrap();
    }
    let mut list = packet(312 + 80, 0xaa);
    bench.engine.exchange(Cmd::ListDevices, &mut list).unwrap();
    assert_eq!((data_size(&list), list.header().data_start.get()), (312 + 80, 312));
    let area = list.area();
    assert_eq!(area[0..8], DevNo::new(MAJOR, 1).to_packed().to_ne_bytes());
    assert_eq!(area[8..12], 24_u32.to_ne_bytes());
    assert_eq!(area[12..16], *b"a\0\0\0");
    assert_eq!(area[16..24], [0; 8]);
    assert_eq!(area[24 + 8..24 + 12], 24_u32.to_ne_bytes());
    assert_eq!(area[48 + 8..48 + 12], 0_u32.to_ne_bytes());
    assert_eq!(area[48 + 12..48 + 17], *b"dddd\0");

    let mut list = packet(312 + 79, 0xaa);
    bench.engine.exchange(Cmd::ListDevices, &mut list).unwrap();
    assert!(list.header().flags().contains(Flags::BUFFER_FULL));
    assert_eq!((data_size(&list), list.header().data_start.get()), (305, 312));
    assert!(list.area().iter().all(|&byte| byte == 0xaa));
}

#[test]
fn an_empty_list_needs_room_for_a_number_and_writes_none() {
    let bench = Bench::new();
    let mut list = packet(312 + 8, 0xaa);
    bench.engine.exchange(Cmd::ListDevices, &mut list).unwrap();
    assert_eq!(data_size(&list), 312);
    assert_eq!(list.area(), [0xaa; 8]);
    let mut list = packet(312 + 7, 0xaa);
    bench.engine.exchange(Cmd::ListDevices, &mut list).unwrap();
    assert!(list.header().flags().contains(Flags::BUFFER_FULL));
}

#[test]
fn a_list_is_filtered_by_prefixes_and_has_uuids_when_asked() {
    let bench = Bench::new();
    for (name, uuid) in [("lv-a", "LVM-1"), ("lv-b", "CRYPT-2"), ("x", ""), ("lv-c", "")] {
        let mut create = named(312, 0, name.as_bytes());
        create.header_mut().set_uuid(uuid.as_bytes());
        bench.engine.exchange(Cmd::DevCreate, &mut create).unwrap();
    }
    let list = |name: &[u8], uuid: &[u8], flags: Flags| {
        let mut list = named(4096, 0, name);
        list.header_mut().set_uuid(uuid);
        list.header_mut().set_flags(flags);
        bench.engine.exchange(Cmd::ListDevices, &mut list).unwrap();
        let entries = dm_core::packet::names::decode(list.payload()).unwrap();
        entries
            .into_iter()
            .map(|entry| (String::from_utf8(entry.name).unwrap(), entry.uuid))
            .collect::<Vec<_>>()
    };
    let has = |name: &str, uuid: Option<&[u8]>| (name.to_owned(), uuid.map(<[u8]>::to_vec));
    let none = Flags::empty();
    assert_eq!(list(b"lv-", b"", none), ["lv-a", "lv-b", "lv-c"].map(|name| has(name, None)));
    assert_eq!(list(b"", b"LVM-", none), [has("lv-a", None)]);
    assert_eq!(list(b"x", b"LVM-", none), []);
    let with = list(b"", b"", Flags::UUID);
    assert_eq!(with[1], has("lv-b", Some(b"CRYPT-2")));
    assert_eq!(with[3], has("x", Some(b"")));
}

#[test]
fn a_status_that_does_not_fit_says_so_and_gives_what_fits() {
    let bench = Bench::new();
    bench.make("a", "0 8 linear 1:0 0\n8 8 linear 1:1 0");
    let status = |room: usize| {
        let mut packet = named(312 + room, 0xaa, b"a");
        packet.header_mut().set_flags(Flags::STATUS_TABLE);
        bench.engine.exchange(Cmd::TableStatus, &mut packet).unwrap();
        let full = packet.header().flags().contains(Flags::BUFFER_FULL);
        (full, data_size(&packet), packet.header().target_count.get())
    };
    // A line is 40 bytes and "1:0 0" with its NUL: 46, padded to 48.
    assert_eq!(status(200), (false, 312 + 48 + 46, 2));
    assert_eq!(status(48 + 47), (false, 312 + 48 + 46, 2));
    assert_eq!(status(48 + 46), (true, 312 + 46, 2));
    assert_eq!(status(48 + 40), (true, 312 + 46, 2));
    assert_eq!(status(47), (true, 312 + 46, 2));
    assert_eq!(status(46), (true, 305, 2));
    assert_eq!(status(40), (true, 305, 2));
    assert_eq!(status(0), (true, 305, 2));
}

#[test]
fn a_statuss_bytes_stand_where_the_kernel_puts_them() {
    let bench = Bench::new();
    bench.make("a", "0 8 linear 1:0 0\n8 8 linear 1:1 0");
    let mut packet = named(312 + 96, 0xaa, b"a");
    packet.header_mut().set_flags(Flags::STATUS_TABLE);
    bench.engine.exchange(Cmd::TableStatus, &mut packet).unwrap();
    let area = packet.area();
    assert_eq!(
        area[0..24],
        [0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 48, 0, 0, 0]
    );
    assert_eq!(area[24..40], *b"linear\0\0\0\0\0\0\0\0\0\0");
    assert_eq!(area[40..46], *b"1:0 0\0");
    assert_eq!(area[48 + 20..48 + 24], 96_u32.to_ne_bytes());
    assert_eq!(area[48 + 40..48 + 46], *b"1:1 0\0");
    assert_eq!(area[94..96], [0xaa; 2]);
}

#[test]
fn deps_and_versions_that_do_not_fit_say_so() {
    let bench = Bench::new();
    bench.make("a", "0 8 linear 1:0 0\n8 8 linear 1:1 0");
    for (cmd, name, needed) in [
        (Cmd::TableDeps, &b"a"[..], 8 + 16),
        (Cmd::GetTargetVersion, b"linear", 24),
        (Cmd::ListVersions, b"", versions_len(&bench)),
    ] {
        let mut fits = named(312 + needed, 0, name);
        bench.engine.exchange(cmd, &mut fits).unwrap();
        assert_eq!(data_size(&fits) as usize, 312 + needed, "{cmd:?}");
        let mut small = named(312 + needed - 1, 0, name);
        bench.engine.exchange(cmd, &mut small).unwrap();
        assert!(small.header().flags().contains(Flags::BUFFER_FULL), "{cmd:?}");
        assert_eq!(data_size(&small), 305, "{cmd:?}");
    }
}

fn versions_len(bench: &Bench) -> usize {
    let mut list = packet(4096, 0);
    bench.engine.exchange(Cmd::ListVersions, &mut list).unwrap();
    data_size(&list) as usize - 312
}

#[test]
fn a_device_without_a_table_has_no_deps_and_no_lines() {
    let bench = Bench::new();
    bench.create("a").unwrap();
    for cmd in [Cmd::TableDeps, Cmd::TableStatus] {
        let mut packet = named(400, 0, b"a");
        bench.engine.exchange(cmd, &mut packet).unwrap();
        assert_eq!((data_size(&packet), packet.header().target_count.get()), (305, 0));
    }
}

#[test]
fn the_text_may_begin_in_the_headers_last_bytes_and_no_earlier() {
    let bench = Bench::new();
    bench.create("a").unwrap();
    let rename = |start: u32, bytes: &[u8]| {
        let mut raw = named(400, 0xff, b"a").to_bytes();
        raw[16..20].copy_from_slice(&start.to_ne_bytes());
        raw[305..305 + bytes.len()].copy_from_slice(bytes);
        bench.engine.exchange(Cmd::DevRename, &mut Packet::from_bytes(&raw).unwrap())
    };
    assert_eq!(rename(304, b"zz\0"), Err(Errno::EINVAL));
    assert_eq!(rename(400, b"zz\0"), Err(Errno::EINVAL));
    assert_eq!(rename(u32::MAX, b"zz\0"), Err(Errno::EINVAL));
    assert_eq!(rename(320, b"zz\0"), Err(Errno::EINVAL), "no NUL behind it");
    assert_eq!(rename(305, b"\0"), Err(Errno::EINVAL));
    assert_eq!(rename(306, b"xlonger than seven bytes\0"), Ok(()));
    assert_eq!(bench.names(), ["longer than seven bytes"]);
}

#[test]
fn a_table_begins_behind_the_header() {
    let bench = Bench::new();
    bench.create("a").unwrap();
    let payload = specs::encode_load(&table::parse(b"0 8 zero").unwrap());
    let load = |start: u32, count: u32| {
        let mut packet = named(512, 0, b"a");
        packet.set_payload(&payload);
        packet.header_mut().data_start.set(start);
        packet.header_mut().target_count.set(count);
        bench.engine.exchange(Cmd::TableLoad, &mut packet)
    };
    assert_eq!(load(305, 1), Err(Errno::EINVAL));
    assert_eq!(load(312, 0), Err(Errno::EINVAL));
    assert_eq!(load(312, 2), Err(Errno::EINVAL));
    assert_eq!(load(312, 1_048_577), Err(Errno::EOVERFLOW));
    assert_eq!(load(u32::MAX, 1), Err(Errno::EINVAL));
    assert_eq!(load(312, 1), Ok(()));
}

#[test]
fn the_engines_own_command_answers_json() {
    let bench = Bench::new();
    bench.make("a b", "0 8 zero");
    bench.set_uuid("a b", "U").unwrap();
    let mut small = packet(320, 0);
    bench.engine.exchange(Cmd::EngineStatus, &mut small).unwrap();
    assert!(small.header().flags().contains(Flags::BUFFER_FULL));
    let mut packet = packet(4096, 0);
    bench.engine.exchange(Cmd::EngineStatus, &mut packet).unwrap();
    let status: serde_json::Value = serde_json::from_slice(packet.payload()).unwrap();
    assert_eq!(status["schema"], 1);
    assert_eq!(status["major"], MAJOR);
    let device = &status["devices"][0];
    assert_eq!(device["name"], r"a\x20b");
    assert_eq!(device["uuid"], "U");
    assert_eq!(device["node"], "/nodes/0");
    assert_eq!(device["live_targets"], 1);
    assert_eq!(device["size_sectors"], 8);
    assert_eq!(device["event_nr"], 1);
}

#[test]
fn the_engines_own_command_is_about_one_device_where_its_number_is_sent() {
    let bench = Bench::new();
    for name in ["a", "b", "c"] {
        bench.make(name, "0 8 zero");
    }
    bench.front.open(1, 1);
    let ask = |minor: Option<u32>, flags| {
        let mut packet = packet(8192, 0);
        if let Some(minor) = minor {
            packet.header_mut().set_dev(DevNo::new(MAJOR, minor));
        }
        packet.header_mut().set_flags(flags);
        bench.engine.exchange(Cmd::EngineStatus, &mut packet).unwrap();
        let status: serde_json::Value = serde_json::from_slice(packet.payload()).unwrap();
        status["devices"].as_array().unwrap().clone()
    };
    assert_eq!(ask(None, Flags::empty()).len(), 3);
    let one = ask(Some(1), Flags::empty());
    assert_eq!((one.len(), &one[0]["name"], &one[0]["open_count"]), (1, &"b".into(), &1.into()));
    assert!(ask(Some(1), Flags::SKIP_BDGET)[0]["open_count"].is_null());
    assert_eq!(ask(Some(7), Flags::empty()).len(), 0);
}

#[test]
fn a_message_without_its_nul_is_refused() {
    let bench = Bench::new();
    bench.make("a", "0 8 zero");
    let mut payload = message::encode(dm_core::units::Sectors::ZERO, b"x");
    payload.pop();
    let mut packet = named(312 + payload.len(), 0, b"a");
    packet.set_payload(&payload);
    assert_eq!(bench.engine.exchange(Cmd::TargetMsg, &mut packet), Err(Errno::EINVAL));
}
