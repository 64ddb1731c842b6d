//! Packets from anybody: any bytes, any sizes. There is an answer, and it is no longer than the packet.

use super::bench::Bench;
use dm_core::backend::Backend as _;
use dm_core::packet::{Cmd, Packet, specs};
use dm_core::table;
use proptest::prelude::*;
use std::sync::atomic::AtomicU64;

/// A packet that gets past the first checks: of some size, named after a device that may be there, with a
/// payload that may be one.
fn likely() -> impl Strategy<Value = Vec<u8>> {
    let payload = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..200),
        Just(specs::encode_load(&table::parse(b"0 8 linear 1:0 0\n8 8 zero").unwrap())),
        Just(b"renamed\0".to_vec()),
        Just(b"\0\0\0\0\0\0\0\0@cancel_deferred_remove\0".to_vec()),
    ];
    let near = prop_oneof![Just(312_u32), 300..330_u32, any::<u32>()];
    let head = (0..3_usize, any::<u32>(), 0..4_u32, near, any::<u64>());
    (head, payload, proptest::collection::vec((0..520_usize, any::<u8>()), 0..4)).prop_map(
        |((name, flags, count, start, dev), payload, pokes)| {
            let mut packet = Packet::new(312);
            packet.set_payload(&payload);
            let header = packet.header_mut();
            header.version[0].set(4);
            header.set_name([&b"a"[..], b"b", b""][name]);
            header.target_count.set(count);
            header.data_start.set(start);
            let mut bytes = packet.to_bytes();
            bytes[28..32].copy_from_slice(&flags.to_ne_bytes());
            if name == 2 {
                bytes[40..48].copy_from_slice(&dev.to_ne_bytes());
            }
            for (at, byte) in pokes {
                if let Some(to) = bytes.get_mut(at) {
                    *to = byte;
                }
            }
            bytes
        },
    )
}

fn any_packet() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![4 => likely(), 1 => proptest::collection::vec(any::<u8>(), 312..600)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn every_packet_has_an_answer(
        packets in proptest::collection::vec((0..20_u32, any_packet()), 1..12),
    ) {
        let bench = Bench::new();
        bench.make("a", "0 8 zero");
        let armed = AtomicU64::new(0);
        // Nobody is there to wait.
        let client = dm_engine::engine::Client { interrupted: &|| true, armed: &armed };
        for (cmd, bytes) in packets {
            let cmd = if cmd == 19 { 256 } else { cmd };
            let mut packet = Packet::from_bytes(&bytes).unwrap();
            let answer = bench.engine.exchange_from(cmd, &mut packet, &client);
            prop_assert_eq!(packet.size(), bytes.len());
            let wiped = packet.to_bytes().iter().all(|&byte| byte == 0);
            if answer.is_err() && !wiped {
                let after = packet.to_bytes();
                let unread = after[305..] == bytes[305..];
                prop_assert!(unread || after[12..305].iter().all(|&byte| byte == 0));
            }
        }
        let mut list = Packet::new(1 << 16);
        list.header_mut().version[0].set(4);
        prop_assert_eq!(bench.engine.exchange(Cmd::ListDevices, &mut list), Ok(()));
    }
}

#[test]
fn a_table_of_very_many_lines_in_a_small_packet_takes_no_room() {
    let bench = Bench::new();
    bench.create("a").unwrap();
    let mut packet = Packet::new(512);
    packet.header_mut().version[0].set(4);
    packet.header_mut().set_name(b"a");
    packet.header_mut().target_count.set(1 << 20);
    let answer = bench.engine.exchange(Cmd::TableLoad, &mut packet);
    assert_eq!(answer, Err(dm_core::errno::Errno::EINVAL));
}
