//! A packet from whoever is at the other end: its header, and its payload as each of the payloads.

use dm_core::devno::DevNo;
use dm_core::packet::{Packet, deps, message, names, specs, versions};

/// Reads `data` as a packet. What was read comes back from what is written of it.
pub(super) fn target(data: &[u8]) {
    let Ok(packet) = Packet::from_bytes(data) else { return };
    assert_eq!(packet.to_bytes(), data);
    header(&packet);
    let count = packet.header().target_count.get();
    for payload in [packet.payload(), packet.area()] {
        tables(payload, count);
        lists(payload);
    }
}

fn header(packet: &Packet) {
    let header = packet.header();
    assert!(header.name().len() <= 127 && header.uuid().len() <= 128);
    let mut again = Packet::new(packet.size());
    let copy = again.header_mut();
    copy.set_name(header.name());
    copy.set_uuid(header.uuid());
    copy.set_dev(header.dev());
    copy.set_flags(header.flags());
    assert_eq!(copy.name(), header.name());
    assert_eq!(copy.uuid(), header.uuid());
    assert_eq!(copy.dev(), header.dev());
    assert_eq!(copy.flags(), header.flags());
    assert!(packet.payload().len() <= packet.area().len());
}

fn tables(payload: &[u8], count: u32) {
    if let Ok(table) = specs::decode_load(payload, count) {
        assert_eq!(specs::decode_load(&specs::encode_load(&table), count), Ok(table));
    }
    if let Ok(table) = specs::decode_status(payload, count) {
        assert_eq!(specs::decode_status(&specs::encode_status(&table), count), Ok(table));
    }
}

fn lists(payload: &[u8]) {
    // A number beyond what a device can have may be read as 0:0, which ends a list.
    let whole = |entries: &Vec<names::Entry>| entries.iter().all(|e| e.dev != DevNo::default());
    if let Some(entries) = names::decode(payload).ok().filter(whole) {
        assert_eq!(names::decode(&names::encode(&entries)), Ok(entries));
    }
    if let Ok(devs) = deps::decode(payload) {
        assert_eq!(deps::decode(&deps::encode(&devs)), Ok(devs));
    }
    if let Ok(types) = versions::decode(payload) {
        assert_eq!(versions::decode(&versions::encode(&types)), Ok(types));
    }
    if let Ok((sector, text)) = message::decode(payload) {
        assert_eq!(message::decode(&message::encode(sector, text)), Ok((sector, text)));
    }
    if let Ok(text) = message::decode_text(payload) {
        assert_eq!(message::decode_text(&message::encode_text(text)), Ok(text));
    }
}
