use super::*;
use crate::errno::Errno;
use crate::name::TargetName;
use crate::table::Line;
use crate::units::Sectors;
use alloc::vec;

fn line(start: u64, args: &[u8]) -> Line {
    let target = TargetName::new(b"linear").unwrap();
    Line { start: Sectors::new(start), len: Sectors::new(8), target, args: args.to_vec() }
}

#[test]
fn the_fields_stand_where_the_kernel_has_them() {
    let mut packet = Packet::new(16_384);
    packet.header_mut().set_name(b"abc");
    packet.header_mut().set_uuid(b"def");
    packet.header_mut().set_dev(DevNo::new(254, 3));
    let bytes = packet.to_bytes();
    assert_eq!(bytes.len(), 16_384);
    assert_eq!(bytes[12..20], [0x00, 0x40, 0, 0, 0x38, 1, 0, 0]);
    assert_eq!(bytes[40..48], [3, 254, 0, 0, 0, 0, 0, 0]);
    assert_eq!(&bytes[48..52], b"abc\0");
    assert_eq!(&bytes[176..180], b"def\0");
}

#[test]
fn a_name_without_a_nul_ends_before_the_fields_last_byte() {
    let mut bytes = Packet::new(HEADER_SIZE).to_bytes();
    bytes[48..305].fill(b'x');
    let packet = Packet::from_bytes(&bytes).unwrap();
    assert_eq!(packet.header().name().len(), 127);
    assert_eq!(packet.header().uuid().len(), 128);
}

#[test]
fn a_table_comes_back_from_a_loads_payload() {
    let table = vec![line(0, b"7:0 0"), line(8, b""), line(16, br"a\\b 1")];
    assert_eq!(specs::decode_load(&specs::encode_load(&table), 3), Ok(table));
}

#[test]
fn a_load_with_specs_that_overlap_leave_the_payload_or_end_early_is_refused() {
    let table = vec![line(0, b"7:0 0"), line(8, b"7:0 8")];
    let good = specs::encode_load(&table);
    for next in [0_u32, 8, 40, 44, 52, 4096, u32::MAX] {
        let mut bad = good.clone();
        bad[20..24].copy_from_slice(&next.to_ne_bytes());
        assert_eq!(specs::decode_load(&bad, 2), Err(Errno::EINVAL), "{next}");
    }
    assert_eq!(specs::decode_load(&good, 3), Err(Errno::EINVAL));
    assert_eq!(specs::decode_load(&good, 0), Err(Errno::EINVAL));
    assert_eq!(specs::decode_load(&good, u32::MAX), Err(Errno::EOVERFLOW));
    assert_eq!(specs::decode_load(&good[..good.len() - 8], 2), Err(Errno::EINVAL));
}

#[test]
fn a_status_reply_counts_next_from_its_first_spec() {
    let table = vec![line(0, b"1 AA"), line(8, b""), line(16, b"x")];
    let payload = specs::encode_status(&table);
    assert_eq!(payload[20..24], 48_u32.to_ne_bytes());
    assert_eq!(payload[48 + 20..48 + 24], 96_u32.to_ne_bytes());
    assert_eq!(specs::decode_status(&payload, 3), Ok(table));
}

#[test]
fn a_list_keeps_names_numbers_and_uuids() {
    let entry = |name: &[u8], uuid: Option<&[u8]>| names::Entry {
        dev: DevNo::new(254, 7),
        name: name.to_vec(),
        event_nr: 5,
        uuid: uuid.map(<[u8]>::to_vec),
    };
    let list = vec![entry(b"a", Some(b"UUID-1")), entry(b"bcdefgh", Some(b"")), entry(b"c", None)];
    assert_eq!(names::decode(&names::encode(&list)), Ok(list));
    assert_eq!(names::decode(&[0; 64]), Ok(vec![]));
    assert_eq!(names::decode(&[]), Ok(vec![]));
}

#[test]
fn a_list_whose_entries_never_end_is_refused() {
    let list =
        vec![names::Entry { dev: DevNo::new(254, 7), name: vec![b'a'], event_nr: 0, uuid: None }];
    let mut payload = names::encode(&list);
    payload[8..12].copy_from_slice(&1000_u32.to_ne_bytes());
    assert_eq!(names::decode(&payload), Err(Errno::EINVAL));
}

#[test]
fn deps_and_versions_come_back() {
    let deps = vec![DevNo::new(8, 0), DevNo::new(259, 70_000)];
    assert_eq!(deps::decode(&deps::encode(&deps)), Ok(deps));
    assert_eq!(deps::decode(&[9, 0, 0, 0, 0, 0, 0, 0]), Err(Errno::EINVAL));
    let kind = |name: &[u8]| versions::TypeVersion { name: name.to_vec(), version: [1, 2, 3] };
    let types = vec![kind(b"linear"), kind(b"snapshot-origin")];
    assert_eq!(versions::decode(&versions::encode(&types)), Ok(types));
}

#[test]
fn a_reply_that_does_not_fit_says_so_and_writes_nothing() {
    let mut packet = Packet::new(HEADER_SIZE + 4);
    packet.header_mut().data_size.set(305);
    packet.reply_with(b"12345");
    assert!(packet.header().flags().contains(Flags::BUFFER_FULL));
    assert_eq!(packet.header().data_size.get(), 305);
    assert_eq!(packet.area(), [0; 4]);
}

#[test]
fn a_payload_outside_the_buffer_is_empty() {
    let mut packet = Packet::new(HEADER_SIZE + 4);
    packet.header_mut().data_start.set(u32::MAX);
    assert_eq!(packet.payload(), b"");
    packet.header_mut().data_start.set(312);
    packet.header_mut().data_size.set(u32::MAX);
    assert_eq!(packet.payload(), [0; 4]);
}

#[test]
fn a_message_needs_its_nul() {
    let payload = message::encode(Sectors::new(9), b"mark a");
    assert_eq!(message::decode(&payload), Ok((Sectors::new(9), &b"mark a"[..])));
    assert_eq!(message::decode(&payload[..payload.len() - 1]), Err(Errno::EINVAL));
    assert_eq!(message::decode(&payload[..7]), Err(Errno::EINVAL));
}

#[test]
fn every_command_has_its_own_number() {
    for (index, cmd) in Cmd::ALL.iter().enumerate().take(18) {
        assert_eq!(cmd.number() as usize, index);
        assert_eq!(Cmd::from_number(cmd.number()), Some(*cmd));
    }
    assert_eq!(Cmd::from_number(18), None);
}
